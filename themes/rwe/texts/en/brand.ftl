# The voice of RWE: factual and sure, safety first and comfort second.
home-lead = One opens reading, the other changes. You see everything, and nobody changes anything in your name.
home-errands = What the first key opens
login-heading = Name and password
login-lead = You chose the user name yourself; the password came by registered letter.
dashboard-greeting = Your energy at a glance
dashboard-needs = Needs your attention
dashboard-calm = Everything is paid and in order.
dashboard-money = Finance
account-lead = The details we keep about you.
rwe-heading = Two keys to one contract
rwe-read = The key for reading
rwe-read-more = User name and password. They are enough for everything below.
rwe-change = The key for changes
rwe-change-more = The activation code. It belongs to changes of the contract only and comes by registered letter.
rwe-change-password = A password alone changes no contract.
rwe-change-address = The letter goes to the address in the contract and nowhere else.
rwe-change-none = You need no code for reading.
