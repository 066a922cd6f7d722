# Office visits: booking, moving, cancelling, the branch's day list.
errand-visit = Book an office visit
visits-title = Office visits
visits-lead = Visits you booked and when we expect you.
visits-none = You have no visit booked yet.
visit-new = Book a visit
visit-new-title = Book a visit
visit-choose-office = Choose the office, what it is about and the time.
visit-choose-topic = What is it about?
visit-topic-missing = Choose what it is about.
visit-no-office = There is no office that takes bookings at the moment.
visit-free-days = Next free days
visit-free-slots = Free times
visit-hours = Opening hours
visit-nearest = Nearest free times
visit-more-slots = More times
visit-no-slot = No time is free in the next weeks. Try another office, or call us.
visit-earlier = Earlier day
visit-later = Later day
visit-held = Booked now
visit-taken = This time is already taken. Please choose another free one.
visit-too-soon = This time is too near to be booked. Please choose a later one.
visit-too-far = We do not book so far ahead. Please choose a nearer time.
visit-not-offered = We do not offer this time. Please choose one of the free ones.
visit-other-slot = Choose another time
visit-review-title = Check the time and confirm it
visit-move-title = Move the visit
visit-move-review-title = Check the new time and confirm it
visit-at-once = The time is yours as soon as you send it. We confirm it by e-mail.
visit-send = Book this time
visit-move-send = Move to this time
visit-title = Office visit
visit-column-when = When
visit-column-state = State
visit-office = Office
visit-number = Request number
visit-topic = What it is about
visit-when = { $day } from { $from } to { $to }
visit-weekday = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
visit-booked = booked
visit-cancelled = cancelled
visit-past = past
visit-receipt = Your visit is booked
visit-receipt-next = We sent a confirmation with a link by e-mail. If you cannot come, move the visit or cancel it.
visit-calendar = Add to calendar
visit-calendar-summary = Office visit: { $office }
visit-move = Move the visit
visit-cancel = Cancel the visit
visit-cancel-sure = Really cancel the visit? Somebody else may then get your time.
visit-cancel-yes = Yes, cancel
visit-cancel-no = No, I will come
visit-stale = The visit changed meanwhile, or has begun. See how it is booked now.
request-event-visit-moved = Visit moved
request-event-visit-cancelled = Visit cancelled

notice-visit-open = Show the visit
notice-visit-calendar = Add to calendar
notice-visit-booked-subject = Your visit is confirmed
notice-visit-booked-sentence = your time at our office is confirmed. If you cannot come, move or cancel it in the portal.
notice-visit-moved-subject = Your visit is moved
notice-visit-moved-sentence = we moved your visit to a new time.
notice-visit-cancelled-subject = Your visit is cancelled
notice-visit-cancelled-sentence = we cancelled your office visit. You can book a new time in the portal.

operator-nav-visits = Visits
desk-visits-title = Office visits
desk-visits-day = Day
desk-visits-show = Show day
desk-visits-today = Today
desk-visits-before = Day before
desk-visits-after = Day after
desk-visits-none = Nobody is booked on this day.
desk-visits-closed = The office is closed on this day.
desk-visit-time = Time
desk-visit-topic = What it is about
