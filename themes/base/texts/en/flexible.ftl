# The advance by real use and the monthly prompt for a reading.
errand-flexible = Work out the next advance
flexible-title = How much next month
flexible-lead = An advance by what you really used, with the whole sum.
flexible-none = You have no supply point of electricity for which we would work an advance out.
flexible-read = Enter the meter's state
flexible-is-estimate = estimate
flexible-measured = By your reading of { $day }. The use of { $days } days was made one month's.
flexible-estimate = An estimate by the last settlement: for this month and the last we have no reading of yours.
flexible-no-prices = We work the advance out after the first settlement.
flexible-steps = How the advance comes about
flexible-what = Item
flexible-amount = Amount
flexible-step = { $register }: { $kwh } × { $price } Kč/MWh
flexible-fixed = Standing charges of a month
flexible-vat = VAT
flexible-total = The advance in all
flexible-prescribed = To be paid { $day }: { $amount }.
flexible-set = The advance due { $day } follows what was really used: { $amount }.
notice-reading-prompt-subject = Please read the meter
notice-reading-prompt-sentence = it is time to enter the state of the meter. By it we work out the next advance; without it we estimate.
notice-reading-prompt-open = Enter the state
notice-reading-reminder-subject = We still miss the meter's state
notice-reading-reminder-sentence = we do not have this month's state of the meter yet. Without it the next advance is an estimate.
notice-reading-reminder-open = Enter the state
operator-nav-prompts = Prompts to read
prompts-title = Prompts to read the meter
prompts-rhythm = Prompts go out from day { $day } of the month, a reminder { $days ->
    [0] is not sent
    [one] { $days } day after the prompt
   *[other] { $days } days after the prompt
}. Who entered the state already gets nothing.
prompts-customers = Customers with a contract now and an e-mail address
prompts-asked = Asked
prompts-sent = The e-mail has left
prompts-failed = The e-mail could not be delivered
prompts-filled = State entered
prompts-reminded = Reminded
