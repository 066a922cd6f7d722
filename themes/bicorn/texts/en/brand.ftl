# The voice of Bicorn: an office where things are written down properly.
home-lead = Open it whenever you need: supply points, details and documents lie side by side, in good order.
home-errands = Behind the door
home-help = Common questions are answered in the help.
home-continue = Open the file
login-heading = Come in
login-send = Open
login-lead = Enter your name and password and the door opens.
dashboard-greeting = Welcome to the office
dashboard-needs = On the desk
dashboard-calm = The desk is clear.
dashboard-bills = Latest documents
door-heading = One door to your contract
door-open = The door is open
paper-heading = Rather with a person?
paper-lead = Call the customer line or write. No computer is needed. The number and the address are at the foot of the page.
