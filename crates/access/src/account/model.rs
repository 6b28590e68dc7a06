//! Accounts of staff and their sessions.

use std::fmt;

use kernel::{Actor, Personal, Purpose, Role, Secret, Timestamp};
use uuid::Uuid;

use crate::actor;

kernel::id_kind!(
    /// An account of a member of staff.
    AccountKind,
    AccountId,
    "acc"
);
kernel::id_kind!(
    /// A session of somebody who has signed in.
    SessionKind,
    SessionId,
    "ses"
);

/// Whose person somebody is who signs in at the console of partners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The institution.
    pub partner: Uuid,
    /// Its short code.
    pub code: String,
    /// Whether the person keeps its keys, addresses and people.
    pub manages: bool,
}

/// An account as the desk shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id; the actor's `user`.
    pub id: AccountId,
    /// The name it signs in with: lower-case Latin letters, digits, `.`, `-`, `_`.
    pub login: String,
    /// The person's name.
    pub name: Personal<String>,
    /// Offices held; none for somebody at the console of partners.
    pub roles: Vec<Role>,
    /// The institution whose person it is; `None` for staff.
    pub seat: Option<Seat>,
    /// The organisation it belongs to.
    pub organisation: String,
    /// The unit within the organisation.
    pub unit: String,
    /// Whether it may sign in.
    pub active: bool,
    /// Whether it belongs to a demonstration; it works nowhere else.
    pub demo: bool,
    /// When it was made, office time.
    pub created_at: Timestamp,
    /// When somebody last signed in with it, office time.
    pub last_sign_in: Option<Timestamp>,
    /// When it was last closed or opened, office time; `None` if never since it was made.
    pub state_at: Option<Timestamp>,
    /// Why, as somebody wrote.
    pub state_reason: Option<Personal<String>>,
}

impl Account {
    /// The person as an actor.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let (user, name) = (self.id.uuid(), self.name.open(Purpose::Operate));
        actor::of_account(user, name, self.seat.as_ref(), &self.roles, (&self.organisation, &self.unit))
    }
}

/// What is needed to sign in, beside the account.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    /// Argon2id in the PHC string format.
    pub password_hash: String,
    /// The shared secret of the one-time codes, 20 bytes.
    pub totp_secret: Secret<Vec<u8>>,
    /// The last step whose code was taken (RFC 6238 5.2: each code once).
    pub last_step: i64,
}

/// An account to be, of this node's own organisation.
#[derive(Clone)]
pub struct NewAccount {
    /// The name to sign in with.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The first password.
    pub password: Secret<String>,
    /// Offices held.
    pub roles: Vec<Role>,
    /// The institution whose person it is, who then holds no office.
    pub seat: Option<Seat>,
    /// The unit within the organisation.
    pub unit: String,
}

impl fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewAccount({}, {:?})", self.login, self.roles)
    }
}

/// What must be handed to the person once: it cannot be shown again.
#[derive(Clone)]
pub struct Created {
    /// The account.
    pub id: AccountId,
    /// The shared secret of the one-time codes in base 32, to type into an authenticator.
    pub totp_secret: String,
    /// The same as `otpauth://` address, to show as a QR code.
    pub otpauth: String,
}

/// What the person of an account made or renewed by another is handed, once: all that is needed to sign in.
#[derive(Debug, Clone)]
pub struct Handed {
    /// The name to sign in with.
    pub login: String,
    /// A random first password.
    pub password: Secret<String>,
    /// The account and the secret of its one-time codes.
    pub created: Created,
}

/// A session of somebody else as an administrator sees it. Times are wall time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLine {
    /// Its id.
    pub id: SessionId,
    /// When it began.
    pub begun: Timestamp,
    /// When it was last used.
    pub seen: Timestamp,
    /// When it ends in any case.
    pub ends: Timestamp,
}

impl fmt::Debug for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Created({})", self.id)
    }
}

/// Somebody who has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, which is no secret; the cookie holds a random token.
    pub id: SessionId,
    /// The account.
    pub account: AccountId,
    /// The name signed in with.
    pub login: String,
    /// The person as an actor.
    pub actor: Actor,
    /// When it began, wall time.
    pub created: Timestamp,
    /// When it was last used, wall time, to the minute.
    pub last_seen: Timestamp,
    /// When it ends in any case, wall time.
    pub expires: Timestamp,
    /// When a one-time code was last entered, wall time.
    pub stepped_up: Timestamp,
}
