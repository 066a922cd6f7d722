# The customer's pages: overview, supply points, readings, consumption, invoices, settlements, advances, payments, account, links, help.

## Menu
nav-dashboard = Overview
nav-supply-points = Supply points
nav-readings = Readings
nav-consumption = Consumption
nav-invoices = Invoices
nav-settlements = Settlements
nav-advances = Advances
nav-payments = Payments
nav-account = My account
nav-links = Links

## Days and months
on-day = { $weekday ->
    [1] on Monday
    [2] on Tuesday
    [3] on Wednesday
    [4] on Thursday
    [5] on Friday
    [6] on Saturday
   *[7] on Sunday
} { $date }
days-ahead = { $days ->
    [0] today
    [1] tomorrow
   *[other] in { $days } days
}
days-ago = { $days ->
    [1] yesterday
   *[other] { $days } days ago
}
days-overdue = { $days ->
    [one] { $days } day overdue
   *[other] { $days } days overdue
}
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec

## Terms
commodity-electricity = Electricity
commodity-gas = Gas
identifier-ean = EAN
identifier-eic = EIC
register-high = High tariff (VT)
register-low = Low tariff (NT)
register-volume = volume
reading-kind-distributor = read by the distributor
reading-kind-customer = your own reading
reading-kind-estimate = distributor’s estimate
reading-kind-correction = correction
reading-kind-installed = meter installed
reading-kind-removed = meter removed
reading-source-distributor = distributor
reading-source-customer = you
reading-source-supplier = supplier
invoice-kind-settlement = Settlement
invoice-kind-extraordinary = Extraordinary settlement
invoice-kind-corrective = Corrective settlement
line-energy = Electricity
line-gas = Gas
line-standing-charge = Standing charge
line-distribution = Distribution
line-breaker = Capacity by circuit breaker
line-capacity = Standing charge for distribution
line-system-services = System services
line-infrastructure = Non-grid infrastructure
line-electricity-tax = Electricity tax
line-gas-tax = Natural gas tax
unit-megawatt-hour = MWh
unit-month = mo.
method-transfer = bank transfer
method-direct-debit = direct debit
method-sipo = SIPO
method-postal-order = postal order
filter-all = All
filter-all-years = All years
filter-unpaid = Unpaid only
filter-commodity = Commodity
filter-year = Year
filter-state = Payment
contract-since = contract in force since { $date }
contract-starts = contract starts { $date }
contract-ends = contract ends { $date }
contract-ended = contract ended { $date }
result-underpayment = To pay
result-overpayment = Overpayment
result-even = Even
bill-paid = paid
bill-owed = to be paid
bill-overdue = overdue
bill-to-return = to be returned
bill-returned = returned
bill-even = even
not-given = not given

## Paying
pay-message-bill = Settlement { $number }
pay-message-advance = Advance { $month }
pay-qr-label = QR payment code: scan it in your banking app
pay-title = Pay by QR code
pay-close = Close
dashboard-pay = Pay by QR code
pay-scan = Scan the code in your banking app. It fills in the amount, the account and the symbol.
pay-account = Account number
pay-symbol = Variable symbol
pay-method = Payment method
pay-no-code = The amount is higher than a QR payment can carry. Use the details beside.
pay-by-direct-debit = We collect the amount by direct debit. You need not send anything.
pay-by-sipo = You pay through SIPO. You need not send anything.

## Overview
dashboard-title = Overview
dashboard-greeting = Good day
dashboard-needs = What needs you now
dashboard-calm = We need nothing from you now.
dashboard-calm-more = When something is due or waits for you, it will be shown here first.
dashboard-money = Money
dashboard-balance = Balance
dashboard-account-more = Show customer account
dashboard-next = Next advance
dashboard-next-overdue = Unpaid advance
dashboard-next-none = No advance is due in the next two months.
dashboard-next-more = All advances
dashboard-unpaid = Unpaid settlements
dashboard-unpaid-none = All settlements are paid.
dashboard-unpaid-more = Show what is left to pay
dashboard-usage = Consumption
dashboard-usage-more = Consumption in detail
dashboard-usage-none = Your consumption will be here after the first reading, at the latest after the first settlement.
dashboard-bills = Newest documents
dashboard-bills-none = The first document comes with the first settlement, usually once a year.
dashboard-bills-more = All documents
dashboard-readings = Latest readings
dashboard-readings-none = Meter states will be here after the first reading.
dashboard-readings-more = All readings
dashboard-points = Supply points
dashboard-read = Report a reading
dashboard-points-none = A supply point will be here once the contract is in force.
dashboard-errands = What you can settle here
need-bill-overdue = Settlement no. { $number } is { $distance }. { $amount } is left to pay.
need-bill-due = { $amount } for settlement no. { $number } is due { $day } ({ $distance }).
need-refund = We will return the overpayment of { $amount } from settlement no. { $number } by { $date }.
need-advance-overdue = An advance of { $amount } is { $distance }.
need-advance-due = An advance of { $amount } is due { $day } ({ $distance }).
need-pay = Pay
need-show-settlement = Show the settlement
need-show-advance = Show advances

## Supply points
points-title = Supply points
points-lead = The places we supply energy to.
points-none = There is no supply point yet. It will be here once your contract is in force.
points-show = Show details
point-title = Supply point
point-contract-number = Contract number
point-contract = Contract
point-distributor = Distributor
point-place = Addresses
point-address = Address of the supply point
point-mailing = Mailing address
point-mailing-hint = This is where we send mail. It may differ from the address of the supply point.
point-technical = Technical data
point-terms-caption = Product and technical data by the day they are valid from
point-since = Valid since
point-current = valid now
point-product = Product
point-rate = Distribution rate
point-breaker = Circuit breaker
point-phases = Phases
point-expected = Expected yearly consumption
point-meters = Meters
point-meters-caption = Meters at this supply point
point-terms-none = The distributor has not sent technical data yet.
point-meters-none = The distributor has not sent a meter yet.
meter-serial = Meter number
meter-registers = Registers
meter-digits = Digits
meter-multiplier = Multiplier
meter-installed = Installed
meter-removed = Removed
meter-in-use = in use
point-onward = More about this supply point

## Readings
readings-title = Readings
readings-lead = The states your consumption is counted from.
readings-none = There is no reading in this year.
readings-none-ever = There is no reading yet. The first state comes from the distributor when the meter is installed.
readings-caption = Readings, newest first
reading-day = Date
reading-meter = Meter
reading-register = Register
reading-state = State
reading-kind = Kind
reading-source = Source
reading-used = Used since the previous
readings-exchange-hint = A meter exchange has two rows: the last state of the old meter and the first state of the new one.

## Consumption
usage-title = Consumption
usage-lead = How much energy you used, month by month.
usage-none = We know of no consumption yet. It will be here after the first reading.
usage-none-point = We know of no consumption at this place yet. It will be here after the first reading.
usage-chart-title = { $commodity }: consumption by month in { $year }, kWh
usage-chart-title-12 = { $commodity }: consumption in the last 12 months, kWh
usage-only-now = { $now } used. The year before is not known.
usage-more = { $now } used, { $before } the year before. In comparable months { $percent }% more.
usage-less = { $now } used, { $before } the year before. In comparable months { $percent }% less.
usage-same = { $now } used, { $before } the year before. In comparable months the same.
usage-key-now = last 12 months
usage-key-before = a year earlier
usage-gap = not known
usage-show = In the chart
usage-show-energy = kWh against the year before
usage-show-registers = VT and NT
usage-show-volume = m³ against the year before
usage-show-cost = CZK by settlement
usage-cost-sentence = What the settled periods cost, in CZK with VAT.
usage-by-month = By month
usage-by-period = By settlement
usage-by-period-hint = The sums equal the invoiced quantities.
usage-month = Month
usage-high = High tariff (kWh)
usage-low = Low tariff (kWh)
usage-volume = Volume (m³)
usage-energy = Used (kWh)
usage-before = A year earlier (kWh)
usage-total = Total
usage-period = Period
usage-invoice = Settlement
usage-gas-hint = A gas meter counts m³. The settlement converts them to kWh by the volume coefficient and the calorific value.

## Invoices
invoices-title = Invoices
invoices-lead = Documents for the energy supplied.
invoices-none = There is no invoice yet. The first comes with the settlement, usually once a year.
invoices-none-filtered = No invoice matches this choice.
invoices-clear = Clear the choice
invoices-unpaid = Left to pay
invoices-unpaid-count = { $count ->
    [one] { $count } unpaid invoice
   *[other] { $count } unpaid invoices
}
invoices-overdue-count = { $count ->
    [one] { $count } of them overdue
   *[other] { $count } of them overdue
}
invoices-all-paid = All invoices are paid.
invoices-caption = Invoices, newest first
invoice-number = Number
invoice-period = Period
invoice-issued = Issued
invoice-due = Due
invoice-total = Total with VAT
invoice-result = Result
invoice-state = State
invoice-actions = Document
invoice-detail = Calculation
invoice-pdf = Download PDF
invoice-pay = Pay by QR code
file-settlement = settlement-{ $number }

## Settlements
settlements-title = Settlements
settlements-lead = What you used, what it cost and what you paid in advances.
settlements-none = There is no settlement yet. The first comes at the latest 15 days after we learn your consumption for the whole period.
settlement-number = Settlement no.
settlement-show = Show the calculation
settlement-document = Download the settlement
settlement-owed = { $amount } to pay, due { $day } ({ $distance }).
settlement-overdue = { $amount } was due on { $date }; it is { $distance }.
settlement-to-return = We will return the overpayment of { $amount } by { $date }.
settlement-paid = We have received { $amount }. Thank you.
settlement-returned = We have returned the overpayment of { $amount }.
settlement-even = The advances covered the consumption exactly. Nothing to pay, nothing to return.
settlement-about = About this settlement
settlement-tax-point = Date of taxable supply
settlement-point = Supply point
settlement-readings = The states it is counted from
settlement-readings-caption = Readings used in the settlement
settlement-meter = Meter
settlement-register = Register
settlement-from = First state
settlement-to = Last state
settlement-quantity = Difference
settlement-conversion = Conversion to energy
settlement-energy = Used
settlement-gas-hint = Volume in m³ × volume coefficient × calorific value (kWh/m³) = energy in kWh, rounded to whole kWh.
settlement-lines = How it is calculated
settlement-lines-caption = Lines of the settlement without VAT
settlement-line = Line
settlement-line-quantity = Quantity
settlement-line-price = Price per unit (CZK)
settlement-line-amount = Without VAT
settlement-base = Tax base
settlement-vat-label = VAT
settlement-total = Total with VAT
settlement-advances = Advances paid
settlement-payments = Paid or returned so far
settlement-left = Left

## Advances
advances-title = Advances
advances-lead = What you pay along the way, until the settlement comes.
advances-none = No advances are prescribed yet. The schedule comes with the contract or with a settlement.
advances-schedules = Schedule of advances
advances-next = Next advance
advances-coming = Unpaid and coming
advances-coming-none = All prescribed advances are paid.
advances-coming-caption = Advances not paid yet
advances-past = Paid
advances-past-caption = Advances paid in the last year
advances-account = Account for payments
advance-amount = Amount
advance-interval-label = How often
advance-interval = { $months ->
    [1] every month
    [3] every quarter
    [6] every half-year
    [12] once a year
   *[other] every { $months } months
}
advance-since = Valid since
advance-due = Due
advance-point = Supply point
advance-symbol = Variable symbol
advance-method = Payment method
advance-state = State
advance-next-tag = next
advance-paid-on = paid { $date }
advance-for-electricity = Electricity, { $address }
advance-for-gas = Gas, { $address }

## Payments
payments-title = Payments
payments-lead = What we have received from you and what we used it for.
payments-none = We have received no payment yet. It will be here the day after it reaches our account.
payments-caption = Payments, newest first
payments-unmatched = { $count ->
    [one] We could not match { $count } payment. Check its variable symbol and call us.
   *[other] We could not match { $count } payments. Check their variable symbols and call us.
}
payment-day = Received
payment-amount = Amount
payment-symbol = Variable symbol
payment-method = Payment method
payment-matched = Used for
payment-for-bill = settlement no. { $number }
payment-for-advance = advance due { $date }
payment-unmatched = not matched yet
payment-returned = returned to you

## Account
account-title = Customer account
account-lead = What we keep about you.
account-about = Who you are
account-number = Customer number
account-name = Name
account-company = Company number
account-contacts = Contacts
account-mailing = Mailing address
account-email = E-mail
account-phone = Telephone
account-paying = How you pay
account-method = Payment method
account-bank = Account for refunds and direct debit
account-balance = Balance
account-wrong = Is something wrong? Call us or write; the contacts are at the foot of the page.
balance-owed = Left to pay
balance-credit = You are in credit
balance-even = You owe nothing
balance-as-of = as of { $date }

## Links
links-title = Useful links
links-lead = Where to turn outside this portal.
links-none = The links are not ready yet.
link-leads-to = leads to

## Help
help-title = Help
help-lead = Find an answer, or call us.
help-search = What are you looking for
help-search-hint = For example advance, reading or invoice.
help-search-button = Search
help-topics = Topics
help-found = { $count ->
    [one] We found { $count } article.
   *[other] We found { $count } articles.
}
help-found-none = We found nothing. Try another word, or call us.
help-none = Help is being prepared. Call us meanwhile.
help-clear = Back to all topics
help-back = Back to help
help-open-page = Open the page it speaks of
help-others = Other topics
help-contact = No answer here?
help-phone = Telephone
help-email = E-mail
help-hours = When we are here

## Accessibility statement
accessibility-title = Accessibility statement
accessibility-lead = The portal is meant for everybody. We keep to WCAG 2.2 at level AA and to Act 424/2023 Coll.
accessibility-kept = What the portal can do
accessibility-kept-keyboard = Everything can be done with a keyboard alone, and you always see where you are.
accessibility-kept-script = Everything works without JavaScript.
accessibility-kept-zoom = Pages fit a screen 320 pixels wide and bear a zoom of 200 %.
accessibility-kept-contrast = Colours have enough contrast in the light and the dark scheme and never carry meaning alone.
accessibility-kept-charts = Each chart is summed up in words, its values can be walked through by keyboard, and a table stands below it.
accessibility-gaps = What we know of
accessibility-gaps-words = Pages are checked automatically at every change. A test with people who use screen readers is being prepared.
accessibility-tell = Did you meet an obstacle?
accessibility-tell-words = Write or call. We answer within 30 days, and meanwhile settle your errand with you in another way.

# Signing in
security-link = Password and sign-ins
security-title = Password and sign-ins
security-lead = Who signs in to your account, and how.
security-password = Change the password
security-present-hint = So that we know it is really you.
security-new = New password
security-new-hint = At least { $least } characters; best several words that do not belong together. Spaces and accents are fine.
security-password-ends = After the change every other device is signed out, and we send you an e-mail about it.
security-password-send = Change the password
security-password-done = The password is changed. We signed out your other devices.
security-others-done = We signed out your other devices.
security-sessions = Where you are signed in
security-since = Since
security-until = at most until
security-this = this device
security-end-others = Sign out all others
password-short = A password has at least { $least } characters; you typed { $count }. Add another word.
password-long = A password has at most { $most } bytes.
password-known = The password rests on the word “{ $word }”, which anybody would try. Add words that only you know.
password-monotonous = The password repeats the same characters. Choose several different words.

# A forgotten password
login-forgotten = Forgot your password?
forgotten-title = Forgotten password
forgotten-lead = Type your username. We send a link to the e-mail we have for the account.
forgotten-send = Send the link
forgotten-sent = If there is an account of that name and we have an e-mail for it, a link is on its way there.
forgotten-sent-more = The link works for 60 minutes, once. It did not come? Look into your spam folder, or call us.
new-password-title = New password
new-password-lead = Choose a new password. All devices are signed out by it.
new-password-done = The password is changed. You can sign in with it now.
new-password-gone = The link does not work any more: it was used, ran out, or you asked for a newer one.
new-password-again = Ask for a new link
