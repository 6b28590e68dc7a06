### The path of the money: the officer's panel and the citizen's.

## The officer's panel

trail-title = Money trail
trail-empty = No payment has been reported, so there is no trail yet.
trail-summary = Disputed: { $sum }. Held: { $held }.
trail-payer = Victim
trail-institution-unknown = institution not known
trail-again = This account stands further up already.
trail-method = Older money on an account counts as leaving first (first in, first out). Dashed: not known or not confirmed.
trail-table = The same as a table
trail-col-hop = Hop
trail-col-from = From
trail-col-to = To
trail-col-amount = Sum
trail-col-time = Time
trail-col-state = State
trail-check-ok = Check: { $parts } = { $sum }. It adds up.
trail-check-off = Check: { $parts }, paid { $sum }. It does not add up by { $gap }.
trail-findings = Look closer
trail-finding-older-money = A transfer moved only money that had been on the account before.
trail-finding-beyond = More is held or returned than the disputed money on the account, by { $sum }.
trail-finding-unlisted = Money left the account, and nobody told us: { $sum } ({ $place }).
trail-finding-went-elsewhere = The victim's bank names another receiving account than the report.
trail-finding-ignored = An answer line was left out: it fits nothing here or its sum is impossible.

trail-end-held = held
trail-end-held-elsewhere = held under another order
trail-end-asked = asked
trail-end-moved = moved on, cannot be followed
trail-end-cash = cash
trail-end-spent = spent
trail-end-abroad = abroad
trail-end-crypto = crypto asset
trail-end-unknown = not known
trail-end-not-found = not found by the bank
trail-end-refused = refused
trail-end-silent = no answer
trail-end-released = hold ended
trail-end-returned = returned
trail-edge-told = told by the reporter
trail-edge-reported = told by the sending bank
trail-edge-exhibit = told by an exhibit
trail-edge-confirmed = confirmed
trail-edge-not-found = not found by the bank

## What is worth a second look, and other ways to apportion money

trail-too-wide = The trail has too many accounts for a picture. The table has them, the largest sums first.
trail-more = { $n ->
    [one] { $n } smaller sum is left out of the table.
   *[other] { $n } smaller sums are left out of the table.
 }
trail-meetings = Where the money meets
trail-meeting = payers: { $n }, { $sum } in all
trail-signs = Worth a second look
trail-signs-hint = Accounts on this trail only. It proves nothing about a person, and nothing is decided by it.
trail-findings-more = { $n ->
    [one] And { $n } more.
   *[other] And { $n } more.
 }
trail-sign-meeting = Money of different payers meets here. Payers: { $n }. Together: { $sum }.
trail-sign-loop = The money went round and came here again. Its way: { $way }.
trail-sign-below-out = Outgoing payments just below { $threshold }: { $n }. Together: { $sum }. From { $first } to { $last }.
trail-sign-below-in = Incoming payments just below { $threshold }: { $n }. Together: { $sum }. From { $first } to { $last }.
trail-sign-unconfirmed = A lawyer has yet to confirm this threshold.
trail-sign-passed = Looks like a pass-through account: { $reasons }.
trail-reason-quick = { $percent }% of what came left again, after { $time } at most
trail-reason-empty = balance before it came: { $sum }
trail-reason-payers = different payers: { $n }
trail-reason-parts = cut into parts: { $n }
trail-reason-converted = left as cash or as a crypto asset
trail-methods = Other ways to apportion the money
trail-methods-hint = Orders go by first in, first out. A court may choose another way. Below is what each comes to.
trail-methods-same = All 3 ways come to the same here.
trail-methods-nothing = There is nothing to apportion yet: no bank has said what stood on an account before, and no payers' money meets.
trail-methods-many = There are too many movements to compare the 3 ways on one page.
trail-method-fifo = First in, first out
trail-method-pro-rata = In proportion
trail-method-lowest-balance = Lowest balance
trail-col-account = Account
trail-col-came = Disputed money that came
trail-col-there = Not known to have left

## The citizen's page

trail-citizen-title = What happened to your money
trail-citizen-path = The path of your money
trail-citizen-of = stopped, of { $sum } you sent
trail-citizen-you = You, { $bank }
trail-citizen-receiver = The receiver you named: { $mask }
trail-citizen-account = An account at { $bank }
trail-citizen-held-all = We stopped all the money you sent: { $held } (you sent: { $sent }). Its return needs a decision that the law asks for. Without it the hold ends: { $until }.
trail-citizen-held-part = We stopped part of your money: { $held } (you sent: { $sent }). Its return needs a decision that the law asks for. Without it the hold ends: { $until }.
trail-citizen-returned = { $sum } was returned.
trail-citizen-held-elsewhere = { $sum } is held already under another order. It cannot leave for now.
trail-citizen-asked = { $sum } can still be stopped: the bank has our order, and we await its answer.
trail-citizen-moved = { $sum } moved on to a place where we cannot follow it. The details are in your report.
trail-citizen-cash = { $sum } was taken out in cash. We can no longer stop it. The details are in your report.
trail-citizen-spent = { $sum } was spent. We can no longer stop it. The details are in your report.
trail-citizen-abroad = { $sum } went abroad. We cannot stop it there by ourselves. The details are in your report.
trail-citizen-crypto = { $sum } was turned into a crypto asset. The details are in your report.
trail-citizen-refused = The bank did not stop { $sum } and gave its reason. An officer is looking at it.
trail-citizen-silent = The bank has not answered in time about { $sum }. We have reminded it.
trail-citizen-released = The hold of { $sum } has ended.
trail-citizen-unknown = Where this sum is now is not known yet: { $sum }.
trail-citizen-not-found = The bank does not find this transfer: { $sum }. Check the sum, the day and the receiver’s number, and put right what is wrong below, under “What you told us”.
trail-citizen-next = Next:
trail-citizen-next-answer = the bank must answer by { $time }.
trail-citizen-next-late = the bank's answer was due: { $time }. We have reminded it.
trail-citizen-next-drafted = an officer is checking the next order and will send it.
trail-citizen-next-sanction = its return needs a decision that the law asks for. It must be made by: { $until }.

trail-plain-held = stopped
trail-plain-held-elsewhere = stopped under another order
trail-plain-asked = asked, no answer yet
trail-plain-moved = moved on
trail-plain-cash = taken out in cash
trail-plain-spent = spent
trail-plain-abroad = went abroad
trail-plain-crypto = turned into a crypto asset
trail-plain-unknown = not known yet
trail-plain-not-found = not found by the bank
trail-plain-refused = the bank did not stop it
trail-plain-silent = the bank has not answered
trail-plain-released = the hold has ended
trail-plain-returned = returned
trail-exhibits = Movements told by exhibits:
trail-exhibit-lines = movements: { $n }
trail-undated = Rows without a readable date: { $n }. They are kept and are not on the path:
trail-undated-row = row { $no } (line { $line })
