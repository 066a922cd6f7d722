# Money and technical data: bank details, way of paying, personal data, rate and breaker.

## Mistakes in fields
mistake-account-form = Enter the account as prefix-number/bank code, for example 19-2000145399/0800, or as an IBAN.
mistake-account-prefix = The account's prefix is not right. Check the digits before the dash.
mistake-account-number = The account number is not right, a digit was mistyped. Check them.
mistake-account-bank = A bank code has four digits. You find it after the slash.
mistake-account-iban = The IBAN is not right, a character is missing or mistyped. Check it.
mistake-account-foreign = So far only Czech accounts are possible. Enter an IBAN that starts with CZ.
mistake-account-missing = A direct debit needs the number of the account. Enter it.
mistake-sipo-missing = SIPO needs your connecting number. You find it on the SIPO document.
mistake-sipo-length = A connecting number has 10 digits; you entered { $count }.
mistake-sipo-charset = A connecting number is digits only. Copy it from the SIPO document.
mistake-company-id = A company number has eight digits, the last one checks the others. Check it.

## Proof by password
proof-password = Your present password
proof-hint = This is about money, so we ask once more.
proof-missing = Enter the password you log in with.
proof-wrong = The password is not right. Try again.

## What can be done
errand-bank = Change bank details
errand-payment-method = Change the way of paying
errand-details = Change name or company number
errand-rate = Ask for another rate
errand-breaker = Ask for another breaker

## Bank details
change-bank-title = Change bank details
change-bank-lead = Overpayments go back to this account.
change-bank-send = Change the account
change-bank-account = New account
change-bank-hint = A Czech account number with its bank code, or an IBAN.
bank-unknown = We do not know a bank with the code { $code }. Is the code right?

## Way of paying
change-payment-title = Change the way of paying
change-payment-lead = Choose how you want to pay your advances.
change-payment-send = Change the way of paying
change-payment-choose = Choose one of the ways.
change-payment-note-transfer = You pay yourself, best by a standing order.
change-payment-note-direct-debit = We collect the amount from your account.
change-payment-note-sipo = You pay together with other household charges through the Czech Post.
change-payment-note-postal-order = You pay by a postal order at the post office.
change-payment-account = Account for direct debit
change-payment-account-hint = For direct debit only: account number with its bank code, or an IBAN.
change-payment-sipo = SIPO connecting number
change-payment-sipo-hint = For SIPO only: 10 digits from the SIPO document.
change-payment-consent = At your bank, allow direct debit in favour of the account { $account }. Without it the payment fails.
change-payment-from = Holds from
change-payment-instalment = Advance due { $day }

## Personal data
change-details-title = Change name or company number
change-details-lead = After a wedding, for example, or when the company's name has changed.
change-details-send = Save
change-details-name-hint = First name and surname, or the company's name.
change-details-company-hint = Businesses only: eight digits.
change-details-technical = Technical data of the supply point are not changed here.

## Rate and breaker
change-rate-title = Ask for another distribution rate
change-rate-lead = Only rates the distributor can grant are offered.
change-rate-send = Send the request
change-rate-new = New rate
change-rate-meter = This rate needs another meter. The distributor comes to exchange it.
change-breaker-title = Ask for another breaker
change-breaker-lead = The breaker's size says how much can run at once and what you pay for capacity.
change-breaker-send = Send the request
change-breaker-new = New breaker
change-breaker-fee = An electrician exchanges the breaker at your cost. For more capacity the distributor charges a fee for each ampere added.
change-breaker-month = The present breaker costs you { $amount } a month without VAT. The distributor's price list sets the price of the new one; you learn it before you confirm the change.
change-breaker-list = Prices come from the distribution price list of rate { $rate }, valid from { $day }, without VAT.
change-breaker-costs = { $amount } a month
change-breaker-more = { $amount } more
change-breaker-less = { $amount } less
change-breaker-price = Monthly payment for the input, without VAT
change-terms-choose = Choose one of these.
change-terms-open = You have asked for this change already; we work on it under number { $reference }. No other request is needed now.
change-terms-from = Not before
change-terms-papers = Papers
change-terms-papers-later = Have the papers ready. We will write how to hand them over.
rate-low-never = no low tariff
rate-low-hours = low tariff { $hours } hours a day
rate-low-weekends = low tariff at weekends
paper-revision-report = inspection report
paper-storage-heating-declaration = declaration of storage heating or hot water
paper-direct-heating-declaration = declaration of direct heating
paper-heat-pump-declaration = declaration of a heat pump
paper-electric-car-declaration = proof of an electric car
paper-weekend-use-declaration = declaration of weekend use
paper-public-lighting-declaration = declaration of public lighting

## Notices
notice-bank-changed-subject = Bank details changed
notice-bank-changed-sentence = In the portal somebody entered a new account for your payments. If it was not you, call us at once.
notice-bank-changed-open = Show requests

## Documents
settlement-isdoc = Download ISDOC
settlement-isdocx = Download ISDOC with PDF
isdoc-agreement = Consent to electronic settlements in the customer portal, contract { $contract }
isdoc-note = { $commodity }, period { $period }, supply point { $code }
request-pdf = Download a confirmation (PDF)
confirmation-title = Confirmation
confirmation-lead = We confirm that we have received the request below. By its number we find it at any time.
confirmation-done = We confirm that we have settled the request below.
confirmation-footer = { $supplier }, { $portal }
confirmation-file = confirmation

## The next settlement and why it is more
errand-forecast = Estimate of the next settlement
forecast-title = Estimate of the next settlement
forecast-lead = Reckoned from your readings and the prices of the last settlement. It is an estimate, not an invoice.
forecast-nothing = You have no supply point with a running contract.
forecast-none = We can estimate once you have had your first settlement.
forecast-owed = By the estimate you will pay { $amount } more.
forecast-returned = By the estimate we will return { $amount } to you.
forecast-even = By the estimate the advances come out even.
forecast-period = Period
forecast-used = Used up to the last reading
forecast-read-on = read on { $day }
forecast-unread = no reading in this period yet
forecast-rest = Expected to the end of the period
forecast-rest-note = by your use in the last period
forecast-total = Whole price with VAT
forecast-advances = Advances
forecast-advances-note = { $count ->
    [0] all advances are paid
    [one] { $count } advance is still to be paid, { $amount }
   *[other] { $count } advances are still to be paid, { $amount } each
}
forecast-how = How it was reckoned
forecast-step = { $register }: { $kwh } × { $price } CZK/MWh = { $amount } without VAT
forecast-sum = Standing charges { $fixed }, VAT { $vat }, in all { $total }
forecast-what-if = What if the advance were
forecast-what-if-hint = This only reckons, your advance does not change. The amount given would leave nothing to pay.
forecast-reckon = Reckon
forecast-answer = With an advance of { $amount }: { $outcome }
why-title = Why it differs from last time
why-more = The settlement is { $amount } higher than for the period { $period }.
why-less = The settlement is { $amount } lower than for the period { $period }.
why-same = The settlement is the same as for the period { $period }.
why-caption = What makes the difference
why-cause = Cause
why-amount = Difference
why-volume = Other use
why-price = Other prices
why-days = A period of other length
why-tax = Energy tax and VAT
why-total = Difference in all

# Overpayments
overpayments-link = Where are my overpayments
overpayments-title = Overpayments
overpayments-lead = How much we owe you, by when it leaves, and what was sent already.
overpayments-open = On its way to you
overpayments-none = You have not had an overpayment yet.
overpayment-to = It goes to the account { $account }.
overpayment-to-nowhere = We do not have your account number, so it goes by postal order.
overpayment-change = Change the account
overpayment-steps = The overpayment's way
overpayment-issued = Settlement issued on { $day }
overpayment-by = To be returned by { $day }
overpayment-sent-on = Sent on { $day }
overpayment-sent = Sent
overpayment-not-sent = Not sent yet
overpayment-late = The day for returning it has passed. Complain: we decide within 15 days and return the money within 30.
overpayment-claim = Complain
