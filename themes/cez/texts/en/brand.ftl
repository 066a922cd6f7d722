# The voice of the office: public service without the queue.
home-lead = Every counter in one place, and none of them taken.
hall-heading = An office without the queue
home-errands = Counters
home-help = Information and help
home-continue = Enter the office
login-heading = Customer entrance
login-lead = Enter your user name and password. The office is open day and night.
dashboard-greeting = Good day
dashboard-needs = To be settled
dashboard-calm = You have nothing to settle.
dashboard-bills = Latest documents
hall-hours = 0–24
hall-hours-more = Open every day, holidays included
hall-window = Counter
hall-inside = You are in the office
hall-inside-more = The counters are in the main menu.
