# The voice of Energie24: brisk and warm.
home-lead = Electricity and gas side by side. Consumption, advances and settlements in a few taps.
home-errands = What you can do here
home-help = Not sure? The help is right here.
home-continue = Continue to my energy
login-lead = One name and password for electricity and gas.
dashboard-greeting = Nice to see you
dashboard-needs = Worth a look today
dashboard-calm = Everything is running.
dashboard-money = Your money
dashboard-usage = Your energy
day-heading = Your energy, 24 hours a day
pair-electricity = How much you use month by month and what you pay for it, in kilowatt-hours and in crowns.
pair-gas = From the state of the gas meter to the kilowatt-hours on your settlement, step by step.
ribbon = A bonus with your account
ribbon-more = Every Energie24 account comes with it. No form, no paperwork.
