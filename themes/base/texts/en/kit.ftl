# Sentences the program puts together: signing in, errors, roles, menus.
login-wrong = The name or the password does not match. Check them, or ask us for new access.
login-expired = This password is void: it was for the first sign-in only and its time is over. Ask for a new one.
staff-login-wrong = The name, the password or the code does not match. Each code works once; wait for the next one and try again.
login-too-many = Too many attempts. Wait a few minutes and try again.
login-busy = Many people are signing in right now. Try again in a moment.

error-400-title = We do not understand the request
error-400-sentence = The page received data it cannot read.
error-400-remedy = Go one step back and try again.
error-403-title = The form is no longer valid
error-403-sentence = The page was open for too long, or came from elsewhere. We changed nothing.
error-403-remedy = Reload the page with the form: go back to it, load it again, then fill in and send the form once more.
error-404-title = There is nothing here
error-404-sentence = The page does not exist, or your supplier does not offer this service.
error-404-remedy = Continue from the home page.
error-off-title = We did not take the form
error-off-sentence = The service was switched off meanwhile, is not offered, or this page does not exist. We stored nothing.
error-off-remedy = Continue from the home page. If you need the service at once, call us.
error-405-title = Not this way
error-405-sentence = This page cannot be opened in this way.
error-405-remedy = Continue from the home page.
error-413-title = Too much data
error-413-sentence = The form with its files has more than { $limit } MB, which is more than we take at once. We stored nothing and cannot show the text here.
error-413-remedy = Go back with the Back button of your browser, where the form stays filled in. Make the attachment or the text smaller and send it again: a question or message takes at most { $longest } characters.
typed-title = What you typed
typed-lead = Copy it before you leave the page. Passwords, codes and files are not here.
typed-cut = Such a long text did not fit here as a whole.
error-429-title = Too many attempts
error-429-sentence = Many requests came from your connection in a short time.
error-429-remedy = Wait a few minutes and try again.
error-500-title = Something broke on our side
error-500-sentence = The mistake is ours. Your data have not changed.
error-500-remedy = Try again in a while. If it goes on, call us and tell us the number below.
error-late-title = It is taking longer than usual
error-late-sentence = We waited too long for the result. What you sent may still be being worked on.
error-late-remedy = Before you try again, look in a while whether it is done.
error-503-title = The service is unavailable for a moment
error-503-sentence = A part of the portal is not answering.
error-503-remedy = Try again in a few seconds.

errand-supply-points = See your supply points
errand-readings = Check your readings
errand-consumption = Follow your consumption
errand-invoices = Find your invoices
errand-settlements = Understand a settlement
errand-advances = See your advances
errand-payments = Check payments received
errand-pdf = Download an invoice as PDF
errand-links = Find useful links
errand-account = Check your customer account

role-customer = Customer
role-lead = Lead
role-clerk = Clerk
role-branch = Branch
role-dealer = Dealer
role-representative = Sales representative
role-read-only = Read only
role-platform = Platform staff

area-portal = Portal and commodities
area-access = Access
area-information = Information
area-requests = Requests
area-readings = Readings
area-alerts = Outages and bonus

operator-nav-home = Overview
operator-nav-features = Features
operator-flip-loses = { $customers ->
    [one] { $customers } customer will no longer see it. What is stored stays.
   *[other] { $customers } customers will no longer see it. What is stored stays.
}
operator-flip-gains = { $customers ->
    [one] { $customers } customer will see it.
   *[other] { $customers } customers will see it.
}
operator-flip-reason-missing = Write a reason, at most 300 characters on one line. Your colleagues will see it in the history.
operator-flip-conflict = Somebody changed the settings meanwhile. The new state is below; decide again.

platform-nav-tenants = Suppliers
platform-nav-onboard = New supplier
platform-nav-messages = Messages sent
tenant-state-active = live
tenant-state-suspended = suspended
tenant-state-retiring = retiring
tenant-state-draft = draft
channel-mail = e-mail
channel-sms = SMS
channel-letter = letter
message-state-ready = waiting
message-state-sending = being sent
message-state-sent = sent
message-state-failed = not delivered
onboard-nothing-given = Fill in at least the short name and the portal's host, or paste a whole TOML document.
onboard-slug-taken = Another supplier already has this short name. Choose another.
onboard-step-checked = Document, contract and theme are in order.
onboard-step-kept = The supplier is kept as its first revision.
onboard-step-live = Its address leads to the new portal.
form-mistakes = Something needs mending:
form-check = Check this entry.
