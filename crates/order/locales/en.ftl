### Orders: states, answer codes, errors.

## States of an order and of what it names

order-status-drafted = draft
order-status-sent = sent
order-status-acknowledged = received
order-status-answered = answered
order-status-released = released
order-status-lapsed = lapsed
order-status-cancelled = cancelled
order-late = late
order-state-asked = asked
order-state-held = held
order-state-partly-held = partly held
order-state-held-elsewhere = held elsewhere
order-state-moved = moved on
order-state-cash = cash
order-state-spent = spent
order-state-abroad = abroad
order-state-not-found = not found
order-state-refused = refused
order-state-question = question
order-state-released = released
order-state-lapsed = lapsed
order-state-returned = returned
order-state-done = carried out
order-state-partly-done = carried out in part
order-state-done-elsewhere = in force already under another order
order-state-removed = removed
order-state-ported = number moved to another operator
order-state-served-abroad = served abroad
order-state-not-confirmed = not confirmed by the check
order-state-kept = kept
order-state-disclosed = data handed over
order-state-partly-disclosed = data handed over in part
order-state-nothing-kept = nothing kept any more

## Answer codes of form F3

order-code-A00 = order received
order-code-H10 = all held
order-code-H11 = part held
order-code-H12 = held already under another order
order-code-M20 = moved to another account here
order-code-M21 = moved to another institution
order-code-M22 = taken out in cash
order-code-M23 = spent on a purchase
order-code-M24 = moved to a crypto address
order-code-M25 = went abroad
order-code-N30 = no such account
order-code-N31 = no such transaction
order-code-N32 = no such client
order-code-N33 = spent, nothing left
order-code-N34 = the number has moved to another operator
order-code-N35 = served abroad
order-code-N36 = no such data are kept any more
order-code-R40 = refused: the basis is not enough
order-code-R41 = refused: the data is not enough
order-code-R42 = refused: cannot be carried out
order-code-R43 = the check did not confirm it
order-code-Q50 = question
order-code-B10 = carried out in full
order-code-B11 = carried out in part
order-code-B12 = in force already under another order
order-code-B13 = removed by whoever keeps it
order-code-D10 = data handed over in full
order-code-D11 = data handed over in part
order-code-K10 = data are kept
order-code-L60 = released by its term
order-code-L61 = released by order
order-code-L62 = released: the hold was wrong or too wide
order-code-S10 = holder told
order-code-S20 = records put right
order-code-P70 = returned to the victim
order-code-P71 = paid to the state
order-code-E90 = technical fault
order-code-Native = the institution's own code

## Why something waits for a person, or led to no order

order-why-no-standing-approval = no standing approval in force
order-why-not-in-force = the standing approval is not in force
order-why-too-early = the term of the standing approval has not begun
order-why-too-late = the term of the standing approval has passed
order-why-basis = the standing approval has another legal basis
order-why-measure = the standing approval is for another measure
order-why-scope = the measure is wider than the standing approval
order-why-asset = the standing approval is in another currency
order-why-amount = no sum is named
order-why-order-cap = above the cap per order
order-why-own-account = another reporter has told of this account as their own: somebody must look first
order-why-day-cap = above the cap per day
order-why-hop = beyond the hop limit of the standing approval
order-why-second-signature = a second signature is needed
order-why-per-case = the legal basis wants a signature in each case
order-why-sanction = the prosecutor must sanction it
order-why-by-hand = prepared by an officer
order-why-hop-limit = the money trail is too long: beyond the hop limit
order-why-too-old = the transfer was too long ago
order-why-hub = money left this account to too many receivers
order-why-camera = a request to keep camera pictures is sent by an officer
order-why-no-limits = the profile sets no limits for following by itself
order-why-order-no-addressee = the receiver's institution is not known or takes no part
order-why-trail-no-addressee = the next institution takes no part
order-why-order-no-basis = no legal basis in force allows this measure
order-why-order-no-route = no lawful route leads to this institution
order-why-order-in-test = the institution is still in test mode
order-why-order-not-yet = the order is not drafted yet: reload the page

## Kinds of identifiers

order-kind-iban = account
order-kind-account = account
order-kind-card = card
order-kind-wallet = electronic wallet
order-kind-wallet-btc = Bitcoin wallet
order-kind-wallet-eth = Ethereum wallet
order-kind-wallet-tron = TRON wallet
order-kind-phone = phone number
order-kind-sim = SIM
order-kind-imei = IMEI
order-kind-sender = sender name
order-kind-url = link
order-kind-domain = domain
order-kind-ip = IP address
order-kind-app = app
order-kind-advertisement = advertisement
order-kind-handle = handle
order-kind-email = e-mail
order-kind-iin = IIN
order-kind-bin = BIN
order-kind-material = cash machine, camera
order-kind-person = person
order-class-phishing = phishing
order-class-fake-shop = fake shop
order-class-fake-investment = fake investment
order-class-impersonation = impersonation
order-class-malware = malicious software
order-class-recruiting = recruiting of droppers
order-class-other = other
order-way-full = all of it
order-way-outgoing = outgoing calls
order-way-sms = text messages
order-way-sim-swap-lock = no replacement of the SIM card
order-way-imei-list = list of forbidden devices
order-way-route = route of spoofed calls
order-way-sender-ban = sender name
order-ground-complaint = a report that was checked
order-ground-centre-signal = a signal of the centre
order-ground-spoof = spoofed number
order-ground-sim-box = SIM box
order-act-warn = warning page
order-act-deindex = removal from search
order-act-stop-advertisement = stopping the advertisement
order-act-disable-account = disabling the account
order-act-remove = removal of the content
order-act-remove-app = removal of the application
order-act-block = blocking of access
order-act-suspend-domain = suspension of the domain name
order-data-owner = whose it is
order-data-statement = movements of the account
order-data-device-log = devices and addresses it was used from
order-data-call-records = connections, without what was said
order-data-recording = camera recordings
order-detail-ways = What is blocked: { $text }
order-detail-ground = Ground: { $text }
order-detail-act = What is asked: { $text }
order-detail-class = Kind of information: { $text }
order-detail-harm = Harm: { $text }
order-detail-narrower = Why nothing narrower does: { $text }
order-detail-data = Data asked for: { $text }
order-detail-period = Period: { $text }
order-detail-keep = Data to be kept: { $text }
order-detail-to = Goes back to: { $text }

## Route and clocks

order-role-submitter = submitter
order-role-authority = authority
order-role-executor = executor
order-gateway-partner-api = signed message
order-gateway-relayed = passed on by the authority
order-gateway-iso20022 = ISO 20022 message
order-gateway-file-drop = file exchange
order-gateway-letter = letter
order-gateway-email-export = e-mail
order-gateway-internal = inside the platform
order-gateway-pension = pension fund
order-step-reached = received
order-step-late = late
order-step-waiting = waiting
order-step-not-sent = not sent
order-clock-send = To be sent
order-clock-ack = Receipt
order-clock-answer = Answer
order-clock-target = target
order-clock-law = by law
order-clock-lapse = Lapses
order-hop = hop { $n }
order-up-to = up to { $sum }
order-held = held: { $sum }
order-via = through { $who }
order-by-letter = by letter
order-by-letter-text = This order goes by letter. The platform does not deliver it: print and post the paper.
order-by-standing = under a standing approval
order-camera-until = pictures kept until { $time }

## Errors of orders

error-order-unknown = There is no such order, or it is not open to you.
error-order-no-basis = No legal basis in force allows this measure.
error-order-no-route = No lawful route leads to this institution.
error-order-in-test = The institution is still in test mode: no orders are sent to it.
error-order-not-on-trial = Trial orders go to institutions in test mode only.
error-order-objects = This measure cannot be applied to such objects, or there are too many of them.
error-order-unsanctioned = It cannot be sent without the prosecutor’s sanction.
error-order-nothing-to-sanction = Nothing about this order waits for the prosecutor.
error-order-sanction-outdated = The order has changed since it was put before you. It must be put anew.
error-order-nothing-to-return = Nothing is held that could be returned.
error-order-own-of-victim = This is another reporter’s own number. Nobody acts against victims.
error-order-details-measure = What this measure needs to say is missing.
error-order-details-nothing = Tick what is asked for.
error-order-details-narrower = Say why restricting one page is not enough.
error-order-details-harm = Say what harm it does.
error-order-details-period = The period must begin before it ends.
error-order-details-too-long = The text is too long: shorten it to 1,000 characters.
error-order-ended = The order has ended.
error-order-not-sent = The order has not been sent yet.
error-order-already-sent = The order was sent before.
error-order-lapsed = The order's term has passed.
error-order-own-draft = Whoever prepared it cannot sign.
error-order-unapproved = More approvals are needed.
error-order-nothing-held = This order holds nothing, or the sum given is not below what is held.
error-order-erased = The personal data of this report was erased by law.
error-order-sealed = The data does not open. The fault is recorded.

## Errors of answers

error-answer-type = The field type must be answer.v1.
error-answer-id = answer_id has 1 to 64 characters: Latin letters, digits, hyphen, underscore, full stop.
error-answer-lines = An answer has 1 to 200 lines.
error-answer-object-missing = object_id may be left out only where every line is A00.
error-answer-field-missing = A line lacks a field that its code needs. See the table of codes.
error-answer-field-unreadable = A field of a line cannot be read. Check its format.
error-answer-in-future = A time lies in the future. Check your clock.
error-answer-too-much-held = No more may be held than was asked.
error-answer-not-all = H10 says that all is held: send H11 for a part.
error-answer-unfit = This code does not answer such a measure. See the table of codes.
error-answer-conflicting = This answer_id was used for another answer.
error-answer-no-object = The order has no such object.
error-answer-wrong-executor = The order is addressed to another executor.
error-answer-wrong-order = The answer names another order than the one it was sent for.
error-answer-iso20022 = This message of ISO 20022 cannot be read. The detail names the first place that is wrong.
error-answer-no-answer = This message answers no order. Answers are camt.029, camt.111 and pacs.004.
error-answer-no-order = Neither the case nor a line /ORDER/ names an order.

## Errors of partners and of signatures

error-partner-entry = An entry of the agreement file was refused. Check its fields.
error-signature-missing = The message has no signature with the tag qorgan-v1.
error-signature-malformed = A signature field is not in the format of RFC 8941.
error-signature-ambiguous = The message has several signatures with the tag qorgan-v1. Leave one.
error-signature-parameter = A signature parameter is missing or wrong.
error-signature-not-covered = The signature does not cover every part that it must.
error-signature-component = A part that the signature covers is not in the message.
error-signature-expired = The signature has expired. Sign the message again.
error-signature-from-the-future = The signature's time lies in the future. Check your clock.
error-signature-lifetime = A signature must be valid for 1 to 300 seconds.
error-signature-unknown-key = The key is unknown or revoked.
error-signature-invalid = The signature does not match the message.
error-signature-replayed = This signature was used before.
error-digest-missing = The message has no Content-Digest with sha-256.
error-digest-mismatch = The Content-Digest does not match the body.

## The law an order stands on

order-basis-article = { $act }, Article { $article }
order-basis = { $act }, { $article }
order-basis-none = no legal basis is named
