### Schemes: which reports belong together, and why.
scheme-nav = Schemes
scheme-title = Schemes
scheme-empty =
    .title = No two reports belong together yet
    .text = As soon as two reports name the same number, account or site, or tell nearly the same, they stand here as one scheme.
scheme-left-out = { $n } more are not shown. Narrow the filter.
scheme-chip-alarm = Out of the ordinary
scheme-chip-large = More than ten reports
scheme-col-number = Scheme
scheme-col-kind = How the fraud is done
scheme-col-reports = Reports
scheme-col-loss = Lost
scheme-col-first = First report
scheme-col-last = Last report
scheme-col-thing = Named by several
scheme-col-named = In reports
scheme-col-how = How it comes up
scheme-col-registry = In the registry
scheme-col-acts = What may be said
scheme-col-day = Day
scheme-col-report = Report
scheme-col-came = Came in
scheme-col-region = Region
scheme-col-why = Why it is here
scheme-col-orders = Open orders
scheme-new-today = { $n } since yesterday
scheme-reports = { $n ->
    [one] { $n } report
   *[other] { $n } reports
    }
scheme-not-said = Not said
scheme-age-minor = under 18
scheme-age-old = 65 and older
scheme-kind-unknown = Not known yet
scheme-kind-by-words = By the words in the stories
scheme-kind-by-learnt = By what officers decided of other schemes
scheme-kind-by-officer = Said by an officer
scheme-kind-by-stories = Leave it to the stories
scheme-alarms = Out of the ordinary
scheme-alarm-growing = { $seen } reports in one day where { $expected } were to be expected. By chance this happens less than once in { $chance }.
scheme-alarm-bank = Clients of { $bank }: { $seen } reports in one hour where { $expected } were to be expected. By chance this happens less than once in { $chance }.
scheme-alarm-region = New in this region: { $region }, { $seen } reports in one day, none before.
scheme-alarm-age = New for this age: { $age }, { $seen } reports in one day, none before.
scheme-alarm-seen = Seen
scheme-tag-alarm = Out of the ordinary
scheme-tag-paying = Paid on after reporting
scheme-why = Why these reports belong together
scheme-why-no-things = No two of the latest reports name the same thing. They belong together by how they are told.
scheme-why-stories = Some reports share nothing but how they are told: so many of their words stand in the same order that chance does not explain it.
scheme-why-thing = { $kind } { $what }: named in { $n } reports
scheme-why-told = Told like { $number }: { $alike } % of the word sequences are the same
scheme-why-person = Put in by an officer, or by way of a report in between
scheme-like = Other schemes are told alike
scheme-like-text = They share no account and no number with this one. Whether they are one gang is for you to say.
scheme-like-told = { $alike } % of the word sequences are the same
scheme-like-join = They are one
scheme-money = Money of all victims
scheme-money-hint = The paths of their money as one: where they meet, it pays to look first.
scheme-money-left-out = { $n ->
    [one] One report is not in it: it tells of no payment, or another currency was paid.
   *[other] { $n } reports are not in it: they tell of no payment, or another currency was paid.
 }
scheme-money-older = { $n ->
    [one] One older report is not in it.
   *[other] { $n } older reports are not in it.
 }
scheme-next = Suggested
scheme-next-paying = { $n ->
    [one] Call the victim who paid on after reporting.
   *[other] Call the { $n } victims who paid on after reporting.
 }
scheme-next-suppress = { $n ->
    [one] Suppress it: one thing that several reports name is in no registry yet.
   *[other] Suppress it: { $n } things that several reports name are in no registry yet.
 }
scheme-next-warn = { $n ->
    [one] Warn the public: one report since yesterday.
   *[other] Warn the public: { $n } reports since yesterday.
 }
scheme-next-case = Open a case. Reports: { $n }. Regions: { $regions }. Lost: { $sum }.
scheme-next-case-anywhere = Open a case. Reports: { $n }. Lost: { $sum }.
scheme-galaxy = In MISP:
scheme-signs = What the stories say of how it is done
scheme-sign = { $sign } · { $n }
scheme-how-paid = Money was paid to it
scheme-how-money = The money went on to it, a bank says
scheme-how-clue = An officer found it out
scheme-how-told = The story names it
scheme-note-hub = Named so often that it joins nobody
scheme-note-everybody = Used by everybody: joins nobody
scheme-note-own = This fraud's own
scheme-rule-everybody = Everybody uses it
scheme-rule-own = It is this fraud's own
scheme-ruling-nothing = nothing is said of it
scheme-ruling-everybody = everybody uses it
scheme-ruling-own = it is this fraud's own
scheme-days = Reports a day, last 30 days
scheme-as-table = The same as a table
scheme-where = Where and who
scheme-regions = Regions
scheme-ages = Age
scheme-banks = Bank of the payer
scheme-langs = Language
scheme-reports-title = Reports of this scheme
scheme-reports-hidden = You may see none of its reports.
scheme-page-later = Later reports
scheme-page-earlier = Earlier reports
scheme-act-suppress = Suppress
scheme-act-in = Add a report or a scheme
scheme-act-kind = Say how it is done
scheme-act-out = Take out
scheme-act-part = Make a scheme of their own
scheme-field-number =
    .label = Number of the report or of the other scheme
    .hint = For example S-118.
scheme-field-kind =
    .label = How the fraud is done
scheme-field-reason =
    .label = Why
    .hint = What you write is kept with your name and shown on the page of the scheme.
scheme-decide-out =
    .title = Take out of { $number }: { $n }
    .effect = These reports will belong to no scheme until somebody adds them to one. No later report joins them by itself. You can undo it at any time.
    .button = Take out
scheme-decide-part =
    .title = Part from { $number }: { $n }
    .effect = These reports become a scheme of their own. Nothing joins the two again but a person; new reports go to the one with which they share more. You can undo it at any time.
    .button = Part
scheme-decide-in =
    .title = Add to { $number }
    .effect = A report will belong to this scheme; another scheme becomes one with it, and the larger keeps its number. You can undo it at any time.
    .button = Add
scheme-decide-kind =
    .title = How is the fraud of { $number } done?
    .effect = What you say stands against what the stories say. You can undo it at any time.
    .button = Say so
scheme-decide-everybody =
    .title = Everybody uses it
    .effect = It will join no reports any more, in any scheme. Reports that nothing else joins come apart within seconds. You can undo it at any time.
    .button = Everybody uses it
scheme-decide-own =
    .title = It is this fraud's own
    .effect = All reports that name it will belong together, however many they are. You can undo it at any time.
    .button = It is this fraud's own
scheme-decisions = What officers decided
scheme-decisions-none = Nothing yet. To part reports or take some out, tick them above.
scheme-did-out = Taken out: { $n }
scheme-did-parted = { $n } reports of { $from } are { $other }
scheme-did-in = A report was added
scheme-did-joined = { $one } and { $other } are one
scheme-did-ruled = { $thing }: { $ruling }
scheme-did-kind = How it is done: { $kind }
scheme-reason-gone = The reason was erased with the report.
scheme-undo = Undo
scheme-undone = Undone
scheme-history = What was done
scheme-act-taken-out = took reports out
scheme-act-parted = parted the scheme
scheme-act-put-in = added a report
scheme-act-joined = made two schemes one
scheme-act-ruled = said something of a thing
scheme-act-kind-said = said how the fraud is done
scheme-act-undone = undid a decision
scheme-act-alarm-raised = something out of the ordinary
scheme-act-alarm-seen = saw what is out of the ordinary
scheme-toast-out = Taken out of { $number }
scheme-toast-parted = Now { $number }
scheme-toast-in = Added to { $number }
scheme-toast-kind = Said of { $number }
scheme-toast-ruled = Said. { $number } is being sorted anew
scheme-toast-undone = Undone
scheme-toast-seen = Seen
scheme-toast-tick = Tick the reports first
scheme-panel = Scheme
scheme-panel-why = Why it belongs there
scheme-panel-none = No other report names the same things or tells the same.
scheme-panel-alone = An officer said that it belongs to no scheme.
error-scheme-not-found = There is no such scheme.
error-scheme-no-reason = Say why, in 1 to 500 characters.
error-scheme-not-ticked = Tick 1 to 500 reports of this scheme.
error-scheme-all-ticked = Leave at least one report in the scheme.
error-scheme-no-such-number = There is no report and no other scheme with this number.
error-scheme-in-already = It belongs to this scheme already.
error-scheme-no-such-kind = Choose one of the list.
error-scheme-undone-before = This was undone before.
scheme-chart = Link chart
