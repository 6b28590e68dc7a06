### Words that all pages share: navigation, buttons, clocks, problems.

## Product and navigation

product-name = Qorgan
nav-skip = Skip to main content
nav-language = Language
nav-portal = Sections
nav-desk = Desk sections
nav-search = Search everything
nav-search-go = Find
nav-settings = Settings
nav-sign-out = Sign out
nav-back = Back
nav-more = Show more
help-line = Need help? Call { $phone }.
demo-bar = Demonstration: people, banks and sums are invented.
theme-label = Page colours
theme-light = Light
theme-dark = Dark
theme-auto = As on the device
density-comfortable = Show rows with more room
density-compact = Show rows closer together

## Buttons

button-continue = Continue
button-send = Send
button-save = Save
button-save-leave = Save and leave
button-print = Print
button-copy = Copy
button-add = Add
button-remove = Remove
button-change = Change
button-busy = Working…
copy-done = Copied
dialog-close = Close
dialog-close-unchanged = Close without changes

## Keys of the desk

keys-on = Turn shortcuts on
keys-off = Turn shortcuts off
keys-show = List of keys
keys-title = Keyboard shortcuts
key-down = Next row
key-up = Previous row
key-tick = Tick the row
key-range = Tick down to this row
key-peek = Peek
key-open = Open
key-clear = Clear the ticks
key-take = Take it
key-orders = Orders to send
key-snooze = Snooze with a reason
key-note = Write a message to the reporter
key-new = File a report at the desk
key-filter = Filter
key-search = Search everything (in an empty filter / too)
key-undo = Undo the last act
key-help = This list
key-send = Send (on this page only)
key-day = Day before or after

## Fields and errors

error-prefix = Error:
error-summary = Correct these answers
field-optional = (optional)
field-select = Choose
password-show = Show
password-hide = Hide
amount-readback = Read as: { $sum }
when-today = Today
when-yesterday = Yesterday
when-other = Another day
when-day = Day
when-month = Month
when-year = Year
when-time = Time
when-time-hint = For example: 14:05. Leave it empty if you do not remember.
when-about = At about this time
when-missing = Choose which day it was
when-no-date = Enter the day, month and year in full
when-no-time = Enter the time like this: 14:05
when-future = This time is still to come. Check the day and hour

## Clocks and times

unit-day = { $n } d
unit-hour = { $n } h
unit-minute = { $n } min
unit-second = { $n } s
clock-left = { $time } left
clock-late = { $time } late
clock-done = done in { $time }
clock-done-late = done late, in { $time }
clock-paused = paused: { $cause }
time-now = now
time-ago-minutes = { $n } min ago
time-ago-hours = { $n } h ago
time-in-minutes = in { $n } min
time-in-hours = in { $n } h

## Lists

filter-label = Filter
filter-apply = Show
filter-clear = Clear the filter
filter-count = Found: { $n }
bulk-label = Acts on the ticked rows
bulk-count = Ticked: { $n }
bulk-clear = Clear the ticks
table-tick = Tick the row: { $name }
live-new = New: { $n }
live-late = Late: { $n }
live-as-of = As of { $time }. Reconnecting.
toast-undo = Undo
toast-close = Close
toast-recent = Recent acts
toast-saved = Saved.
toast-undone = Undone.

print-as-of = Printed: { $time }

## Timeline

timeline-gap = gap: { $time }
timeline-times = { $n ->
    [one] { $n } time, first { $first }, last { $last }
   *[other] { $n } times, first { $first }, last { $last }
 }
timeline-machine = automatic
timeline-basis = basis:
timeline-proof = proof of the record

## Drafts

upload-waits = Waiting
upload-sending = Sending: { $n }%
upload-cut = The connection dropped. Trying again…
upload-done = With us
upload-not-sent = It did not get through. Check the connection and add it again
draft-saved = Saved: { $time }
draft-cut = The connection dropped. What you wrote is still on this page. Keep it open: it will be saved by itself when you are back online.
draft-not-saved = The last change is not saved. Press Continue.
wizard-step = Step { $at } of { $of }
wizard-step-open = Step { $at }
wizard-kept = Answers are kept

## Empty states

empty-first =
    .title = Nothing here yet
    .text = The first entry will appear here.
empty-filter =
    .title = Nothing matches the filter
    .text = Change the filter or clear it.
empty-nothing-due =
    .title = Nothing is due
    .text = New work will appear here by itself.

## Problems: the title by class, then what is so and what to do

page-not-found = This page does not exist or is not open to you. Check the link.
service-down = The service is not working now. Do not wait: call your bank and { $phone }.
service-down-saved = The service is not working now. What you wrote is saved. Do not wait: call your bank and { $phone }.
problem-invalid = The data was not accepted
    .detail = Check what you entered and send it again.
problem-unauthenticated = Sign in first
    .detail = This page opens after you sign in.
problem-forbidden = You may not do this
    .detail = If your work needs it, ask your head of unit or the duty officer.
problem-not-found = Page not found
    .detail = { page-not-found }
problem-conflict = It has changed meanwhile
    .detail = Somebody changed this meanwhile. Reload the page and look again.
problem-gone = This no longer opens
    .detail = It has expired or was closed.
problem-too-many = Too many tries
    .detail = Wait a little and try again.
problem-unavailable = The service is not working now
    .detail = Do not wait: call your bank and { $phone }.
problem-bug = Something failed on our side
    .detail = The failure is recorded and we will mend it. If it is urgent, call { $phone }.
problem-request = Failure number: { $id }
error-web-not-found = { page-not-found }
error-web-cross-site = This request came from another site. Open our page and send it again.
error-web-method = This address does not take that kind of request.
error-web-too-large = Too much was sent at once. Send it in parts.
error-web-media-type = Data in this format is not accepted.
error-web-too-many = { problem-too-many.detail }
error-web-unreadable = The request could not be read. Check the fields you filled in.
error-web-control-character = A text holds a control character. Only tab and line end are taken.
error-web-unavailable = { problem-unavailable.detail }
error-web-fault = { problem-bug.detail }
error-web-template = { problem-bug.detail }
error-web-not-wrapped = { problem-bug.detail }

## The page of components: samples only

kit-title = Components
kit-lead = Every component in every state. Switch the language and colours on the page.
kit-portal = Pages for citizens
kit-desk = Pages for officers
kit-buttons = Buttons
kit-report = Report it now
kit-fields = Questions
kit-clocks = Deadlines
kit-tags = States
kit-notices = Notices
kit-money = Money trail
kit-history = What was done
kit-table = Queue
kit-colours = Colours and sizes
kit-waiting = Waiting
kit-receipt = Receipt
kit-amount =
    .label = How much did you send?
    .hint = Spaces and commas are fine.
    .missing = Enter how much you sent
kit-phone =
    .label = Your phone number
    .hint = We send messages to this number.
    .length = The number has too few or too many digits. Digits entered: { $n }
kit-bank =
    .label = Which bank did you send it from?
kit-what =
    .label = What happened?
    .hint = If several fit, choose the most important.
    .money = My money is gone
    .money-hint = A transfer, a card charge or a terminal
    .loan = A loan was taken in my name
    .nothing = Nothing lost yet
kit-whom =
    .label = Whom have you told already?
    .bank = My bank
    .police = The police
kit-words =
    .label = What did they say?
kit-files =
    .label = Screenshots and payment slips
kit-when =
    .label = When did you send the money?
kit-password =
    .label = Password
kit-late = late
kit-sent = Sent
kit-held = Held
kit-new = New
kit-due = Due soon
kit-overdue = Late
kit-waits = waiting for the reporter
kit-second-fraud = Beware: whoever asks a fee to get your money back is a fraudster. We never charge for it.
kit-receipt-done = Your report is received
kit-receipt-number = Number: { $number }
kit-receipt-code = This code opens your report. Save it: it will not be shown again. Tell it to nobody, not even the police.
kit-next-sent = The order has gone to the bank
kit-next-answer = The bank must have answered
kit-next-message = Next message to you
kit-stopped = Stopped (you sent: { $sent })
kit-trail-bank = Sample Bank
kit-trail-held = held
kit-trail-cash = cash machine
kit-trail-unknown = not known yet
kit-trail-asked = asked
kit-trail-caption = Check: 1,850,000 + 400,000 + 150,000 = 2,400,000. It adds up.
kit-trail-table = The same as a table
kit-col-place = Where
kit-col-sum = Sum, ₸
kit-col-state = State
kit-col-time = Due
kit-col-number = Number
kit-col-loss = Loss, ₸
kit-col-what = What
kit-col-owner = Owner
kit-why = First action missed: no order on hop 2
kit-story = Call, “safe account”
kit-nobody = nobody
kit-take = Take
kit-snooze = Snooze
kit-chip-late = Late
kit-chip-mine = Mine
kit-done = { $number } is assigned to you.
kit-entry-received = The report was received
kit-entry-sent = The order to hold the money was sent to the bank
kit-entry-answer = The bank answered: 1,850,000 ₸ is held
kit-basis = Article 25-1
kit-actor = A. Seitov
kit-send-three = Send 3 orders
