### What keeps a node going.

upkeep-nav = Parked events
upkeep-title = Events that could not be handled
upkeep-lead = One part of the platform tells the others by events. What a part could not handle waits here and holds up nobody. It is tried again by itself for about a day, then it waits for you. No case data is shown, ids only.
upkeep-empty =
    .title = Nothing is waiting
    .text = Every event has been handled.
upkeep-full = The first 200 are shown. Settle these, then the others come up.
upkeep-subscriber = Who could not handle it
upkeep-name = Event
upkeep-error = What went wrong
upkeep-since = Waiting since
upkeep-tries = Tries so far
upkeep-subject = What it is about
upkeep-asked = will be tried at once
upkeep-again = Try again
upkeep-again-done = It will be tried again at once. If it fails, it stays here.
upkeep-leave-out =
    .link = Leave out
    .title = Leave the event out
    .text = This part of the platform will never hear the event. What should have followed from it does not happen. This cannot be undone.
    .button = Leave out
upkeep-leave-out-done = The event is left out.
upkeep-reason =
    .label = Reason
    .hint = At most 500 characters. It is kept sealed in the record

upkeep-database-nav = Database
upkeep-database-title = State of the database
upkeep-database-lead = A disk can turn a bit, and nobody notices. Every row therefore has a sum, and once a week all rows are held against their sums. The files of exhibits are checked by themselves; what is wrong with one stands on its page.
upkeep-database-unseen = not checked yet
upkeep-database-sound = everything is as it was written
upkeep-database-damaged = some of it is not as it was written
upkeep-database-when = Checked:
upkeep-database-do = Do not go on working with these rows. Stop the node, copy the database away as it is, and restore the last backup in which they are sound. The record says what has happened since.
upkeep-database-places = Places that are not as they were written
upkeep-database-table = Table
upkeep-database-row = Row
upkeep-database-said = What the database says
upkeep-database-whole = the whole
upkeep-database-more = { $n ->
    [one] One more place is not shown.
   *[other] { $n } more places are not shown.
}
upkeep-database-check = Check now
upkeep-database-asked = The check begins within a minute. Load the page again later.
upkeep-database-command = With the node stopped, free pages are checked as well:

error-upkeep-not-parked = This event waits no longer: it was handled or left out meanwhile.
error-upkeep-reason = Write the reason (at most 500 characters).
