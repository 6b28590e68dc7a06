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

error-upkeep-not-parked = This event waits no longer: it was handled or left out meanwhile.
error-upkeep-reason = Write the reason (at most 500 characters).
