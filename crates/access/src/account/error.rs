//! What can go wrong with accounts and signing in.

use db::DbError;
use kernel::{Class, Coded};
use vault::VaultError;

use crate::error::AccessError;

/// Why a password cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer than 12 characters.
    #[error("the password is shorter than 12 characters")]
    TooShort,
    /// More than 200 characters.
    #[error("the password is longer than 200 characters")]
    TooLong,
    /// One of those that are tried first, or nearly.
    #[error("the password is a common one")]
    Common,
    /// Made of the login.
    #[error("the password is made of the login")]
    LikeLogin,
}

/// Why an account cannot be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Not 2 to 40 lower-case Latin letters, digits, `.`, `-`, `_`.
    #[error("login `{0}` must be 2 to 40 of a-z, 0-9, `.`, `-`, `_`, beginning with a letter")]
    Login(String),
    /// Somebody has it.
    #[error("login `{0}` is taken")]
    LoginTaken(String),
    /// Empty or longer than 200 characters.
    #[error("a name of 1 to 200 characters is needed")]
    Name,
    /// The password cannot be taken.
    #[error(transparent)]
    Password(#[from] PasswordFault),
    /// No role, or the administrator's together with another: whoever gives rights works no cases.
    #[error("an account holds case roles or the administrator's alone, and at least one role")]
    Roles,
    /// The unit is empty, too long, or has a slash.
    #[error("a unit has 1 to 80 characters and no slash")]
    Unit,
    /// Closing and opening take a reason.
    #[error("a reason of 1 to 500 characters is needed")]
    Reason,
    /// The present password, asked for before a change, is another.
    #[error("the present password is wrong")]
    CurrentPassword,
    /// Too many tries, or too many people at once.
    #[error(transparent)]
    SignIn(Box<SignInError>),
    /// Nobody could give rights any more.
    #[error("the last open administrator cannot be closed")]
    LastAdministrator,
    /// There is no such account, or no such session of it.
    #[error("no such account")]
    NotFound,
    /// This database was not created as a demonstration.
    #[error("demonstration accounts exist in a demonstration database only")]
    NotDemo,
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The password could not be hashed.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
    /// The vault's.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for AccountError {
    fn class(&self) -> Class {
        match self {
            Self::Login(_)
            | Self::Name
            | Self::Password(_)
            | Self::Roles
            | Self::Unit
            | Self::Reason
            | Self::CurrentPassword => Class::Invalid,
            Self::LoginTaken(_) | Self::LastAdministrator => Class::Conflict,
            Self::SignIn(e) => e.class(),
            Self::NotFound => Class::NotFound,
            Self::NotDemo => Class::Forbidden,
            Self::Access(e) => e.class(),
            Self::Hash(_) => Class::Bug,
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Login(_) => "access.login",
            Self::LoginTaken(_) => "access.login_taken",
            Self::Name => "access.name",
            Self::Password(PasswordFault::TooShort) => "access.password_short",
            Self::Password(PasswordFault::TooLong) => "access.password_long",
            Self::Password(PasswordFault::Common) => "access.password_common",
            Self::Password(PasswordFault::LikeLogin) => "access.password_like_login",
            Self::Roles => "access.roles",
            Self::Unit => "access.unit",
            Self::Reason => "access.reason",
            Self::CurrentPassword => "access.current_password",
            Self::SignIn(e) => e.code(),
            Self::LastAdministrator => "access.last_administrator",
            Self::NotFound => "access.not_found",
            Self::NotDemo => "access.not_demo",
            Self::Access(e) => e.code(),
            Self::Hash(_) => "access.hash",
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Login, password or code is wrong, or the account is closed: which of them is not told.
    #[error("login, password or one-time code is wrong")]
    Wrong,
    /// Too many failed tries.
    #[error("too many failed tries, wait {wait_secs} s")]
    TooMany {
        /// How long to wait, seconds.
        wait_secs: u32,
    },
    /// Too many people sign in at this moment.
    #[error("too many sign-ins at once")]
    Busy,
    /// The session is not there (any more), or is somebody else's.
    #[error("no such session")]
    NoSession,
    /// The password could not be checked.
    #[error("the password could not be checked: {0}")]
    Hash(String),
    /// The vault's.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for SignInError {
    fn class(&self) -> Class {
        match self {
            Self::Wrong => Class::Unauthenticated,
            Self::TooMany { .. } => Class::TooMany,
            Self::Busy => Class::Unavailable,
            Self::NoSession => Class::NotFound,
            Self::Hash(_) => Class::Bug,
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Wrong => "access.wrong",
            Self::TooMany { .. } => "access.too_many",
            Self::Busy => "access.busy",
            Self::NoSession => "access.no_session",
            Self::Hash(_) => "access.hash",
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
