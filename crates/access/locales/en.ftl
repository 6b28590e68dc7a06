### Signing in, sessions, roles, refusals.

## Signing in

access-sign-in-title = Staff sign-in
access-sign-in-lead = You need your login, password and one-time code.
access-sign-in-button = Sign in
access-login =
    .label = Login
    .wrong = The login, password or code is wrong. Check all three and enter them again
    .too-many = Too many tries. Time to wait: { $minutes }
access-password =
    .label = Password
access-code =
    .label = One-time code
    .hint = 6 digits from your authenticator app
    .wrong = The code is wrong or already used. Wait for the next one and enter it
access-lost = Forgot your password? Lost the device with your codes? Contact the administrator.
access-signed-out = You have signed out.

## Roles

access-role-duty-officer = duty officer
access-role-approver = approver
access-role-administrator = administrator
access-role-prosecutor = prosecutor

## A code anew

access-step-up-title = Enter a one-time code again
access-step-up-lead = The next step needs a fresh code. After that such steps stay open for 5 minutes.

## Sessions

access-sessions-title = Open sessions
access-sessions-lead = These are the sessions in which you are signed in. If you see one that you did not open, end it and tell the administrator.
access-session-begun = Began
access-session-seen = Last used
access-session-ends = Ends
access-session-here = this browser
access-session-end = End session
access-session-end-others = End all other sessions
access-session-ended = Session ended.
access-own-nav = Sessions and password
access-password-title = Change the password
access-password-lead = Whoever made your account has seen the first password: choose one of your own. Your other sessions end.
access-password-current =
    .label = Present password
access-password-new =
    .label = New password
    .hint = At least 12 characters: several random words, for example
access-password-changed = The password is changed, your other sessions are ended.

## The people of a demonstration

access-demo-title = People of the demonstration
access-demo-lead = These people are invented. Sign in as any of them.
access-demo-code = Code now
access-demo-password = All have one password:
access-demo-enter-as = Sign in: { $name }

## The administrator's accounts

access-nav-accounts = Accounts
access-accounts-title = Accounts of staff
access-accounts-lead = Who may sign in. An account is never deleted, only closed: the record goes on naming it.
access-account-title = Account
access-account-add = Add an account
access-account-own = your own
access-account-own-text = This is your own account. Another administrator changes it. You end your own sessions here:
access-account-never = never
access-account-is-open = open
access-account-is-closed = closed
access-account-made = Added
access-account-opened-at = Opened again
access-account-closed-at = Closed
access-account-no-sessions = Nobody is signed in with this account.
access-account-opened = The account is open again.
access-account-closed = The account is closed, its sessions are ended.
access-col-name = Name
access-col-login = Login
access-col-role = Role
access-col-last = Last sign-in
access-col-state = State
access-col-acts = Actions
access-chip-open = Open
access-chip-closed = Closed
access-chip-never = Never signed in
access-chip-officers = Duty officers
access-chip-approvers = Approvers
access-chip-administrators = Administrators
access-role-duty-officer-hint = Works reports, prepares and sends orders.
access-role-approver-hint = Signs orders and standing approvals.
access-role-administrator-hint = Keeps accounts and institutions, sees no reports. Goes with no other role.
access-role-prosecutor-hint = Decides on what the law wants sanctioned. Does not go with preparing or signing orders.
access-new-lead = The program makes the first password and the secret of the one-time codes. You will see them once.
access-new-name =
    .label = Name of the person
access-new-login =
    .label = Login
    .hint = Small Latin letters, digits, full stop, hyphen; begins with a letter
access-new-roles =
    .label = Roles
access-new-unit =
    .label = Unit
access-reason =
    .label = Reason
    .hint = At most 500 characters. It is kept sealed with the account
access-close =
    .title = Close the account
    .text = The person is signed out everywhere at once and cannot sign in any more. The account can be opened again.
    .button = Close the account
access-open =
    .title = Open the account again
    .text = The person can sign in with the old password and one-time codes. If these are lost, make new ones afterwards.
    .button = Open the account again
access-reset =
    .title = New password and codes
    .text = The old password and one-time codes stop working at once, and all sessions of the account end. Make sure by another way that the person who asks is the owner.
    .button = Make new ones
    .link = New password and codes
access-handed-new = The account is added
access-handed-reset = The account has new secrets
access-handed-once = They are shown only now.
access-handed-lead = Hand them to the person yourself, not by mail or messenger.
access-handed-secret = Secret of the one-time codes
access-handed-otpauth = Address for the authenticator
access-handed-how = The person adds the secret to an authenticator app, then signs in with login, password and code. If something is lost, make new secrets on the account's page.
access-handed-done = I have handed them over

## Refusals

error-access-not-found = This page does not exist or is not open to you. Check the link.
error-access-no-session = This page does not exist or is not open to you. Check the link.
error-access-forbidden = You have no right to do this. If your work needs it, ask your head of unit.
error-access-step-up = Enter a fresh one-time code first, then do it again.
error-access-sign-in-first = The session has ended. Sign in in a new tab, come back here and send again.
error-access-wrong = The login, password or code is wrong. Check all three and enter them again.
error-access-too-many = Too many tries. Wait a little and try again.
error-access-busy = Too many people are signing in right now. Try again in a few seconds.
error-access-login = A login has 2 to 40 characters: small Latin letters, digits, full stop, hyphen. The first is a letter.
error-access-login-taken = This login is taken. Choose another.
error-access-name = Enter the person's name (at most 200 characters).
error-access-password-short = The password is too short. Enter at least 12 characters.
error-access-password-long = The password is too long. Enter at most 200 characters.
error-access-password-common = This password is easy to guess. Make one of several random words.
error-access-password-like-login = The password is like the login. Choose another.
error-access-roles = Choose at least one role. The roles of administrator and prosecutor do not go with others.
error-access-unit = Enter the unit (up to 80 characters, no slash).
error-access-not-demo = People of the demonstration exist in a demonstration database only.
error-access-rules = The access rules could not be checked. Nothing was done; the fault is recorded.
error-access-hash = The password could not be processed. The fault is recorded.
error-access-reason = Write the reason (at most 500 characters).
error-access-last-administrator = This is the last open administrator. Add another one first.
error-access-current-password = The present password is wrong. Enter it again.

# People of institutions at the console
access-people-title = People of the institution
access-people-lead = Who signs in at this console for the institution. An account is not deleted but closed: the record goes on referring to it.
access-seat-answers = answers requests
access-seat-manages = also keeps keys, addresses of notifications and people
access-seat-manages-hint = At least two people should be able to do this.
access-person-add = Add a person
access-person-lead = The first password and the secret of the one-time codes are made by the program. You will see them once.
access-person-manages =
    .label = What else may the person do?
