//! Tokens of programs: what they are, how long they live, how much they may ask.

use app::App;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use db::DbError;
use kernel::{Actor, Class, Coded, Entropy, Personal, Secret, Timestamp};
use vault::{Vault, VaultError};

use crate::error::AccessError;

kernel::id_kind!(
    /// A token of a program.
    TokenKind,
    TokenId,
    "tok"
);

/// A token lives no longer than this, days.
pub const MOST_DAYS: i64 = 90;
/// Tokens of one account that live at once.
pub const MOST_TOKENS: usize = 20;
/// Requests that one token bears in a minute.
pub const PER_MINUTE: i64 = 600;
/// Longest name, characters.
const MAX_NAME: usize = 60;
/// What every token begins with, so that one that was lost in a text is known for what it is.
const MARK: &str = "qtk_";
const BYTES: usize = 32;
/// A clock that was set back by less does no harm.
const SLACK_SECS: i64 = 60;

/// A token that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// From the form: the same form sent twice makes one token.
    pub id: TokenId,
    /// What it is for, in its owner's words.
    pub name: String,
    /// Whether it also changes things.
    pub writes: bool,
    /// For how many days it is good.
    pub days: i64,
}

/// A token as its owner sees it. Times are wall time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenLine {
    /// Its id, as the record names it.
    pub id: TokenId,
    /// What it is for; `None` for an administrator, who is told that it is there and not what it is.
    pub name: Option<Personal<String>>,
    /// Whether it also changes things; `None` for an administrator.
    pub writes: Option<bool>,
    /// When it was made.
    pub made: Timestamp,
    /// When it was last used, to the request; `None` if never.
    pub used: Option<Timestamp>,
    /// When it ends in any case.
    pub ends: Timestamp,
}

/// A program that bears a token.
#[derive(Debug, Clone)]
pub struct Program {
    /// Whose token it is, as of this moment.
    pub actor: Actor,
    /// Which one.
    pub token: TokenId,
    /// Whether it may change things.
    pub writes: bool,
}

/// Why a token is not made, or not believed.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// No name, or a longer one than 60 characters.
    #[error("a name of 1 to 60 characters is needed")]
    Name,
    /// Not 1 to 90 days.
    #[error("a token is good for 1 to 90 days")]
    Days,
    /// The account has as many as it may.
    #[error("the account has {MOST_TOKENS} tokens already")]
    Most,
    /// The same form made one before, which was shown.
    #[error("the token was made and shown before")]
    Made,
    /// There is no such token of this account, or it has ended.
    #[error("no such token")]
    NotFound,
    /// It is no token, or none any more, or its account is closed.
    #[error("the token is not good")]
    Wrong,
    /// The token reads only.
    #[error("the token reads only")]
    Reads,
    /// A browser's session changes nothing over the API.
    #[error("a session of a browser changes nothing here, a token does")]
    Session,
    /// Neither a token nor a session.
    #[error("a token is needed")]
    Missing,
    /// More than a token bears in a minute.
    #[error("more than {PER_MINUTE} requests in a minute, wait {wait_secs} s")]
    TooMany {
        /// How long to wait, seconds.
        wait_secs: u32,
    },
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The vault's.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for TokenError {
    fn class(&self) -> Class {
        match self {
            Self::Name | Self::Days => Class::Invalid,
            Self::Most | Self::Made => Class::Conflict,
            Self::NotFound => Class::NotFound,
            Self::Wrong | Self::Missing => Class::Unauthenticated,
            Self::Reads | Self::Session => Class::Forbidden,
            Self::TooMany { .. } => Class::TooMany,
            Self::Access(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Name => "access.token_name",
            Self::Days => "access.token_days",
            Self::Most => "access.token_most",
            Self::Made => "access.token_made",
            Self::NotFound => "access.token_not_found",
            Self::Wrong => "access.token",
            Self::Missing => "access.token_missing",
            Self::Reads => "access.token_reads",
            Self::Session => "access.token_session",
            Self::TooMany { .. } => "access.token_too_many",
            Self::Access(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Refuses what a program may not do: what takes a second person, or a fresh one-time code, takes a person.
///
/// # Errors
/// [`AccessError::Program`].
pub fn by_person(app: &App) -> Result<(), AccessError> {
    if app.came.token.is_none() { Ok(()) } else { Err(AccessError::Program) }
}

/// A new token: 256 random bits.
pub(crate) fn fresh(entropy: &Entropy) -> Secret<String> {
    Secret::new(format!("{MARK}{}", BASE64_URL_SAFE_NO_PAD.encode(entropy.bytes::<BYTES>())))
}

/// What is kept of a token; `None` of a text that is none.
pub(crate) fn mark(vault: &Vault, text: &str) -> Option<[u8; 32]> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.strip_prefix(MARK)?).ok()?;
    (bytes.len() == BYTES).then(|| vault.blind("access.token", &hex::encode(bytes)))
}

/// The name and the term of a new token.
pub(crate) fn check(new: &NewToken) -> Result<String, TokenError> {
    let name = new.name.trim();
    if !app::is_line(name, MAX_NAME) {
        return Err(TokenError::Name);
    }
    if !(1..=MOST_DAYS).contains(&new.days) {
        return Err(TokenError::Days);
    }
    Ok(name.to_owned())
}

/// Whether a token is good at a moment. A clock set back does not make it live longer than it would.
pub(crate) fn alive(made: Timestamp, ends: Timestamp, ended: Option<Timestamp>, now: Timestamp) -> bool {
    ended.is_none() && now < ends && now >= made.plus_secs(-SLACK_SECS)
}

/// Counts a request within its minute: the minute, and how many there are in it now.
///
/// # Errors
/// How long to wait, seconds.
pub(crate) fn admit((minute, count): (i64, i64), now: Timestamp) -> Result<(i64, i64), u32> {
    let this = now.as_secs().div_euclid(60);
    let after = if minute == this { count.saturating_add(1) } else { 1 };
    if after > PER_MINUTE {
        return Err(u32::try_from(60 - now.as_secs().rem_euclid(60)).unwrap_or(60));
    }
    Ok((this, after))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_is_known_by_its_keyed_hash_alone() {
        let (one, other) = (Vault::from_key_bytes([1; 32]), Vault::from_key_bytes([2; 32]));
        let token = fresh(&Entropy::seeded(1));
        let kept = mark(&one, token.expose()).unwrap();
        assert_eq!(mark(&one, token.expose()), Some(kept));
        assert_ne!(mark(&other, token.expose()), Some(kept), "another node's key");
        assert_ne!(mark(&one, fresh(&Entropy::seeded(2)).expose()), Some(kept));
        let bare = token.expose().trim_start_matches(MARK).to_owned();
        for junk in ["", "qtk_", "qtk_A", "токен", bare.as_str(), &format!("{}A", token.expose())] {
            assert_eq!(mark(&one, junk), None, "{junk}");
        }
    }

    #[test]
    fn how_long_it_lives() {
        let at = Timestamp::from_secs;
        for (ended, now, good) in [
            (None, 1_000, true),
            (None, 1_999, true),
            (None, 2_000, false),
            (Some(at(1_500)), 1_600, false),
            (None, 950, true),
            (None, 900, false),
        ] {
            assert_eq!(alive(at(1_000), at(2_000), ended, at(now)), good, "{ended:?} {now}");
        }
    }

    #[test]
    fn what_is_asked_of_a_new_one() {
        let new = |name: &str, days| NewToken {
            id: TokenId::from_uuid(uuid::Uuid::nil()),
            name: name.into(),
            writes: false,
            days,
        };
        let said = |name: &str, days| check(&new(name, days)).map_err(|e| e.code());
        assert_eq!(said(" Есеп ", 90), Ok("Есеп".to_owned()));
        assert_eq!(said(" ", 1), Err("access.token_name"));
        assert_eq!(said("a\nb", 1), Err("access.token_name"));
        assert_eq!(said(&"a".repeat(61), 1), Err("access.token_name"));
        for days in [0, -1, 91, i64::MAX] {
            assert_eq!(said("a", days), Err("access.token_days"), "{days}");
        }
    }

    proptest! {
        /// Never more than so many within one minute of the clock, however they fall.
        #[test]
        fn no_minute_has_more(times in prop::collection::vec(0_i64..180, 1..2_000)) {
            let mut times = times;
            times.sort_unstable();
            let mut used = (i64::MIN, 0);
            let mut taken = std::collections::BTreeMap::<i64, i64>::new();
            for at in times {
                match admit(used, Timestamp::from_secs(at)) {
                    Ok(after) => {
                        used = after;
                        *taken.entry(at / 60).or_default() += 1;
                    }
                    Err(wait) => {
                        prop_assert!((1..=60).contains(&wait));
                        prop_assert_eq!(taken.get(&(at / 60)).copied(), Some(PER_MINUTE));
                    }
                }
            }
            prop_assert!(taken.values().all(|n| *n <= PER_MINUTE));
        }
    }
}
