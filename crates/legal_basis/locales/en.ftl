# Legal bases and standing approvals.
error-legal-basis-not-found = There is no such legal basis.
error-legal-basis-not-yet-in-force = The legal basis is not in force yet.
error-legal-basis-ended = The legal basis is no longer in force.
error-legal-basis-measure = This legal basis does not allow such a measure.
error-legal-basis-addressee = This legal basis does not reach such an institution.
error-legal-basis-too-wide = This legal basis does not allow so wide a measure. Narrow it.
error-legal-basis-unreasoned = Say why a measure up to the sum is not enough.
error-legal-basis-no-amount = Enter the sum to hold: it must be above zero.
error-legal-basis-exempt-receipts = Pensions, benefits, scholarships and wages are not held.

error-standing-basis-not-in-force = The legal basis named in the approval is not in force now.
error-standing-per-case = Under this basis each case is approved on its own; there is no standing approval.
error-standing-measure = The legal basis does not allow such a measure.
error-standing-too-wide = A standing approval goes no further than the disputed sum.
error-standing-cap = A cap must be above zero.
error-standing-mixed-assets = Enter both caps in one currency.
error-standing-day-below-order = The cap per day must not be below the cap per order.
error-standing-no-hop = The hop limit must be at least 1.
error-standing-dates = Check the end: it must lie after the beginning and in the future.
error-standing-too-long = It lasts longer than the legal basis allows. Shorten it.
error-standing-reason = Enter the reason (up to 1,000 characters).
error-standing-not-draft = This is no draft any more and cannot be signed.
error-standing-ended = The term of the approval has passed.
error-standing-author = Whoever prepared it cannot sign it.
error-standing-again = You have signed this already. Another approver must sign.
error-standing-office = Your office does not let you sign.
error-standing-already-ended = This approval has ended already.
error-standing-not-covered = No standing approval in force covers this order. An officer must send it.

standing-title = Standing approvals
standing-status-draft = draft
standing-status-in-force = in force
standing-status-superseded = superseded
standing-status-revoked = revoked
standing-status-short = too few of its signers hold the office: covers nothing
standing-why-not-in-force = not in force
standing-why-too-early = its term has not begun
standing-why-too-late = its term has passed
standing-why-basis = another legal basis
standing-why-measure = another measure
standing-why-scope = the measure is too wide
standing-why-asset = another currency
standing-why-amount = no sum is named
standing-why-order-cap = above the cap per order
standing-why-day-cap = above the cap per day
standing-why-hop = beyond the hop limit

legal-basis-title = Legal bases
legal-basis-mark-confirmed = confirmed by a source
legal-basis-mark-to-be-confirmed = a lawyer must confirm it
legal-basis-scope-amount-only = disputed sum only
legal-basis-scope-incoming = sum and incoming payments
legal-basis-scope-full = whole account
legal-basis-measure-hold = hold of money
legal-basis-measure-incoming-stop = stop of incoming payments
legal-basis-measure-release = release of a restriction
legal-basis-measure-return = return to the victim
legal-basis-measure-number-block = block of a number
legal-basis-measure-sim-block = block of a SIM
legal-basis-measure-imei-block = block of a device
legal-basis-measure-sender-block = block of a sender name
legal-basis-measure-resource-restriction = restriction of access to a resource
legal-basis-measure-disclosure = disclosure of data
legal-basis-measure-preservation = preservation of data
legal-basis-measure-listing = listing as a dropper
legal-basis-measure-delisting = removal from the list of droppers
legal-basis-measure-extension = extension of a term

## The law at the desk: list

legal-basis-lead = Orders rest on these provisions. Where several fit, the one higher in the list is used.
legal-basis-empty =
    .title = No legal bases yet
    .text = They come from the country's profile when the program starts.
legal-basis-col-key = Code
legal-basis-col-title = Legal basis
legal-basis-col-act = Act and article
legal-basis-col-in-force = In force
legal-basis-col-state = State
legal-basis-col-field = Item
legal-basis-since = from { $day }
legal-basis-until = to { $day }
legal-basis-span = From { $from } to { $to }
legal-basis-span-open = From { $from }, no last day is set
legal-basis-span-ended = Ended: { $from }
legal-basis-span-never = Never in force: replaced before it began
legal-basis-act-article = { $act }, Article { $article }
legal-basis-act = { $act }, { $article }
legal-basis-drafts-count = drafts: { $n }
legal-basis-chip-to-be-confirmed = A lawyer must confirm
legal-basis-chip-draft = With a draft change
legal-basis-chip-out = Not in force now
legal-basis-state-in-force = in force
legal-basis-state-planned = not yet in force
legal-basis-state-ended = no longer in force
legal-basis-state-withdrawn = no longer in the profile

## One basis

legal-basis-not-now-planned = This basis is not yet in force. No order goes out on it before its first day.
legal-basis-not-now-ended = This basis is no longer in force. No new order goes out on it.
legal-basis-not-now-withdrawn = The country's profile no longer has this basis. It is shown for the sake of past orders and cannot be changed here.
legal-basis-not-confirmed = It is not confirmed that this matches the law. A lawyer must compare it with the text in force.
legal-basis-changes-then = Another version takes over: { $day }.
legal-basis-ends-then = It ends: { $day }.
legal-basis-held-back = The profile's files hold another text under the same number ({ $n }). It is not applied: what was enacted here stands. To apply the profile's text, raise its version number there.
legal-basis-allows = What it allows
legal-basis-versions = Versions
legal-basis-versions-lead = The one that begins last stands first. No version is ever changed or removed.
legal-basis-version = Version { $n }
legal-basis-version-in-force = in force
legal-basis-version-planned = still to come
legal-basis-version-past = past
legal-basis-version-end = end
legal-basis-from-profile = From the country's profile.
legal-basis-from-desk = Drafted by { $author }, enacted by { $second }.
legal-basis-from-desk-unknown = Enacted here.
legal-basis-recorded = Recorded: { $time }.
legal-basis-what-changed = Changes: { $n }
legal-basis-what-changed-in = Changes in version { $n }
legal-basis-removed = removed:
legal-basis-added = added:
legal-basis-reason = Reason

## Fields of a basis

legal-basis-field-from = First day in force
legal-basis-field-to = Last day in force
legal-basis-field-act = Number of the act in its register
legal-basis-field-act-name = Name of the act
legal-basis-field-article = Article, paragraph
legal-basis-field-title = Short title
legal-basis-field-text = The provision in short
legal-basis-field-measures = Measures
legal-basis-field-addressees = Addressees
legal-basis-field-scope = Scope
legal-basis-field-approvers = Who approves
legal-basis-field-prosecutor-sanction = Prosecutor's sanction
legal-basis-field-standing = Standing approval
legal-basis-field-clocks = The law's clocks
legal-basis-field-ack = Time to acknowledge
legal-basis-field-action = Time to act
legal-basis-field-max-term = Longest term of the measure
legal-basis-field-extension = Extension
legal-basis-field-exempt-receipts = Receipts that stay usable
legal-basis-field-notify = Who is told
legal-basis-field-appeal = Objection
legal-basis-field-appeal-body = Who decides on an objection
legal-basis-field-file-within = Time to object
legal-basis-field-decide-within = Time to decide on an objection
legal-basis-field-mark = How well checked
legal-basis-field-note = Note on the source
legal-basis-field-unverified = Not confirmed by a source
legal-basis-lang-kk = Kazakh
legal-basis-lang-ru = Russian
legal-basis-lang-en = English

## What the fields say

legal-basis-open = not set
legal-basis-needed = needed
legal-basis-not-needed = not needed
legal-basis-law-silent = the law sets none
legal-basis-no-term = no term
legal-basis-no-extension = none
legal-basis-extension = One extension: { $term }. How many times: { $n }
legal-basis-while-it-lasts = while the measure lasts
legal-basis-none = none
legal-basis-signers = Signatures: { $n }. Who may sign: { $roles }
legal-basis-standing-no = not given: each case is approved on its own
legal-basis-standing-yes = Given. Scope: { $scope }
legal-basis-standing-days = Longest time, days: { $n }
legal-basis-reason-above = Reasons are needed beyond: { $scope }
legal-basis-term-minutes =
    { $n ->
        [one] { $n } minute
       *[other] { $n } minutes
    }
legal-basis-term-hours =
    { $n ->
        [one] { $n } hour
       *[other] { $n } hours
    }
legal-basis-term-calendar-days =
    { $n ->
        [one] { $n } calendar day
       *[other] { $n } calendar days
    }
legal-basis-term-working-days =
    { $n ->
        [one] { $n } working day
       *[other] { $n } working days
    }
legal-basis-notify-holder = the holder: { $term }
legal-basis-notify-victim = the victim: { $term }
legal-basis-notify-prosecutor = the prosecutor: { $term }
legal-basis-exempt-pension = pensions
legal-basis-exempt-benefit = benefits
legal-basis-exempt-scholarship = scholarships
legal-basis-exempt-wage = wages
legal-basis-exempt-alimony = alimony
legal-basis-addressee-bank = bank
legal-basis-addressee-payment-organisation = payment organisation
legal-basis-addressee-exchange = crypto exchange
legal-basis-addressee-operator = telecom operator
legal-basis-addressee-provider = provider
legal-basis-addressee-hoster = hoster
legal-basis-addressee-registrar = registrar
legal-basis-addressee-platform = online platform
legal-basis-addressee-antifraud-centre = Antifraud Centre
legal-basis-addressee-media-authority = body authorised for mass media
legal-basis-addressee-prosecutor = prosecutor’s office
legal-basis-addressee-state-body = state body
legal-basis-addressee-ministry-unit = unit of the Ministry
legal-basis-addressee-agency = law-enforcement agency
legal-basis-addressee-public-association = public association
legal-basis-addressee-foreign-police = foreign police
legal-basis-addressee-international-police = international police organisation

## Drafting a change

legal-basis-change = Draft a change
legal-basis-change-lead = The change takes effect only when somebody else enacts it. The earlier version is kept.
legal-basis-change-over = Version it changes
legal-basis-change-from = Draft a change of this version
legal-basis-change-later = Another version takes over later: { $day }. From that day on your change no longer holds. It may begin on that day or later.
legal-basis-change-draft = Submit the draft
legal-basis-drafted = The draft waits for a decision.
legal-basis-form-dates =
    .title = When it holds
    .lead = If the draft is enacted after that day, the change holds from the moment it is enacted.
legal-basis-form-from =
    .label = First day
    .hint = Today or later. For example: 30.11.2026
legal-basis-form-to =
    .label = Last day
    .hint = After this day nothing may be done on this basis until a new version is enacted
legal-basis-form-text =
    .title = Title and text
    .lead = In every language of the profile, in your own words, not as a quotation.
    .label = Text in another language
legal-basis-form-title-kk =
    .label = Title in Kazakh
legal-basis-form-title-ru =
    .label = Title in Russian
legal-basis-form-title-en =
    .label = Title in English
legal-basis-form-title =
    .label = Title in another language
legal-basis-form-text-kk =
    .label = Text in Kazakh
legal-basis-form-text-ru =
    .label = Text in Russian
legal-basis-form-text-en =
    .label = Text in English
legal-basis-form-allows =
    .title = What it allows
    .lead = Measures and addressees come from these lists only.
legal-basis-form-measures =
    .label = Measures
legal-basis-form-addressees =
    .label = Addressees
legal-basis-form-widest =
    .label = Widest scope
legal-basis-form-reason-above =
    .label = Widest scope that needs no reasons
legal-basis-form-signing =
    .title = Approval
    .lead = Who signs each order. Whoever prepared it does not count.
legal-basis-form-approvers-count =
    .label = How many signatures
    .hint = A number from 1 to 9
legal-basis-form-approvers-roles =
    .label = Who may sign
legal-basis-form-sanction =
    .label = Is the prosecutor's sanction needed
legal-basis-form-standing =
    .title = Standing approval
    .lead = Under it orders go out by themselves, within the disputed sum only.
    .label = Is a standing approval given
legal-basis-form-standing-count =
    .label = How many signatures under it
    .hint = Leave empty if none is given
legal-basis-form-standing-roles =
    .label = Who may sign it
legal-basis-form-standing-days =
    .label = Longest time it is given for, days
    .hint = A number from 1 to 366
legal-basis-form-terms =
    .title = Terms
    .lead = Leave the number empty where the law sets no term.
legal-basis-form-ack =
    .label = To acknowledge
legal-basis-form-action =
    .label = To act
legal-basis-form-max-term =
    .label = Longest term of the measure
legal-basis-form-extension =
    .label = One extension
legal-basis-form-extension-times =
    .label = How many extensions
    .hint = Leave empty if there is none
legal-basis-form-holder =
    .title = The holder and notices
    .lead = What stays usable and who is told. An empty term: not told.
legal-basis-form-exempt =
    .label = Stays usable
legal-basis-form-notify-holder =
    .label = Tell the holder within
legal-basis-form-notify-victim =
    .label = Tell the victim within
legal-basis-form-notify-prosecutor =
    .label = Tell the prosecutor within
legal-basis-form-objection =
    .title = Objection
    .lead = Who decides on an objection, and within what time.
legal-basis-form-appeal-kk =
    .label = Who decides, in Kazakh
legal-basis-form-appeal-ru =
    .label = Who decides, in Russian
legal-basis-form-appeal-en =
    .label = Who decides, in English
legal-basis-form-appeal =
    .label = Who decides, in another language
legal-basis-form-file-within =
    .label = Time to object
    .hint = Empty: while the measure lasts
legal-basis-form-decide-within =
    .label = Time to decide on an objection
legal-basis-form-source =
    .title = Source
    .lead = Only what a published source says is confirmed.
legal-basis-form-mark =
    .label = Is it confirmed by a source
legal-basis-form-note-kk =
    .label = Note in Kazakh
legal-basis-form-note-ru =
    .label = Note in Russian
legal-basis-form-note-en =
    .label = Note in English
legal-basis-form-note =
    .label = Note in another language
legal-basis-form-unverified =
    .label = What no source confirms
legal-basis-form-why =
    .title = Reason
    .lead = Whoever decides reads it, and the record keeps it.
legal-basis-form-reason =
    .label = Why the change is needed
    .hint = Up to 1,000 characters. Name no persons
legal-basis-form-number = Number
legal-basis-form-unit = Unit
legal-basis-unit-minutes = minutes
legal-basis-unit-hours = hours
legal-basis-unit-calendar-days = calendar days
legal-basis-unit-working-days = working days
legal-basis-yes-no-yes = yes
legal-basis-yes-no-no = no
legal-basis-form-no-day = Write the day like this: 30.11.2026
legal-basis-form-no-term = Enter a number above zero and its unit
legal-basis-form-term-missing = Enter the time to decide on an objection
legal-basis-form-no-number = Enter a number above zero
legal-basis-form-no-choice = Choose one answer

## Drafts and their decision

legal-basis-drafts-waiting = Drafts that wait for a decision
legal-basis-drafts-decided = Decided drafts: { $n }
legal-basis-draft-drafted = waits for a decision
legal-basis-draft-enacted = enacted
legal-basis-draft-refused = refused
legal-basis-draft-by = Drafted by { $author }, { $time }
legal-basis-draft-enacted-by = Enacted by { $name }, { $time }
legal-basis-draft-refused-by = Refused by { $name }, { $time }. Reason: { $reason }
legal-basis-draft-title = Draft change
legal-basis-draft-changes = What it changes
legal-basis-draft-text = Draft
legal-basis-draft-prepared = Prepared by
legal-basis-draft-decision = Decision
legal-basis-draft-not-before = Not before the draft is enacted.
legal-basis-draft-whole = The whole text after the change
legal-basis-draft-standing = Standing approvals under the earlier version will cover nothing and must be signed anew. How many: { $n }.
legal-basis-enact = Enact
legal-basis-enact-text = The new version then holds. This cannot be undone; only a further change can be drafted.
legal-basis-enacted = Enacted. In force from: { $day }.
legal-basis-enacted-later = Decided. It takes effect: { $day }.
legal-basis-refuse = Refuse the draft
legal-basis-take-back = Take the draft back
legal-basis-refuse-reason =
    .label = Reason
    .hint = The record keeps the reason.
legal-basis-refused = The draft is closed; the basis stays as it was.

## A past act explained

legal-basis-explain = The legal basis then and now
legal-basis-explain-then = Then
legal-basis-explain-at = Time of the order: { $time }
legal-basis-explain-allowed = allowed
legal-basis-explain-not-allowed = not allowed
legal-basis-explain-allowed-today = allowed
legal-basis-explain-not-allowed-today = not allowed
legal-basis-explain-other-then = The version named was not in force then. Version { $n } was.
legal-basis-explain-none-then = The basis was not in force then.
legal-basis-explain-cited = Basis named
legal-basis-explain-today = Today
legal-basis-explain-by-another = By another basis:
legal-basis-explain-none-today = The basis is no longer in force and no other fits.
legal-basis-explain-by-same = By the same version.
legal-basis-explain-by-later = By version { $n }.
legal-basis-explain-ended = The basis is no longer in force.
legal-basis-explain-unchanged = Unchanged since.
legal-basis-explain-changes = What has changed since
legal-basis-explain-same-text = A new version with the same text.
legal-basis-explain-changed = Changes: { $n }

## Why a change is not drafted or not enacted

error-legal-basis-change-withdrawn = The profile no longer has this basis. It cannot be changed.
error-legal-basis-change-moved = Somebody changed this basis while you were writing. Open it anew and draft the change over the new text.
error-legal-basis-change-fixed = Code, act and article cannot be changed: that would be another basis.
error-legal-basis-change-past = A change cannot begin before today. Enter today or a later day.
error-legal-basis-change-too-far = A change begins within ten years. Check the year.
error-legal-basis-change-unchanged = Nothing in the text is changed. Change something, or close without changes.
error-legal-basis-change-too-long = Shorten the text: title and body up to 300 characters, text and note up to 4,000.
error-legal-basis-change-reason = Say why the change is needed (up to 1,000 characters).
error-legal-basis-change-no-text = Enter the text in this language.
error-legal-basis-change-ends-before = The last day cannot lie before the first.
error-legal-basis-change-no-measure = Choose at least one measure.
error-legal-basis-change-no-addressee = Choose at least one addressee.
error-legal-basis-change-approver-count = Enter 1 to 9 signatures: no order goes out without one.
error-legal-basis-change-no-office = Choose who may sign.
error-legal-basis-change-term = The term must be above zero and at most 10 years.
error-legal-basis-change-reason-above = What needs no reasons cannot be wider than the widest scope.
error-legal-basis-change-standing-wider = A standing approval cannot be wider than the basis.
error-legal-basis-change-standing-scope = A standing approval goes no further than the disputed sum.
error-legal-basis-change-standing-days = Enter 1 to 366 days for the approval.
error-legal-basis-change-standing-sanctioned = Where the prosecutor sanctions each case, no standing approval is given.
error-legal-basis-change-unverified = Choose what is not confirmed from the list.
error-legal-basis-draft-not-open = This draft has been decided already.
error-legal-basis-draft-author = Whoever prepared the draft cannot enact it. Another approver must decide.
error-legal-basis-draft-author-out = The author of the draft holds no office any more. Somebody else must draft the change anew.
error-legal-basis-draft-moved = Somebody changed the basis after this draft was written. It can no longer be enacted: it must be drafted anew over the new text.
error-legal-basis-draft-over = The last day that the draft names has passed.
error-legal-basis-draft-faulty = The draft no longer fits the rules. Draft it anew.
error-legal-basis-draft-reason = Enter the reason (up to 1,000 characters).
