//! How long somebody stays signed in, and what needs a fresh one-time code.

use app::App;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use kernel::{Entropy, Secret, Timestamp};
use sha2::{Digest as _, Sha256};

use super::model::Session;
use crate::error::AccessError;

/// A session that is not used ends after this, seconds.
pub const IDLE_SECS: i64 = 30 * 60;
/// A session ends after this in any case, seconds.
pub const ABSOLUTE_SECS: i64 = 12 * 60 * 60;
/// Grave acts want a one-time code no older than this, seconds.
pub const STEP_UP_SECS: i64 = 5 * 60;
/// The time of last use is written no more often than this, seconds.
pub(crate) const SEEN_EVERY_SECS: i64 = 60;
const TOKEN_BYTES: usize = 32;

/// Whether a session is still good at `now`. A clock set back does not make it live longer than it would.
pub(crate) fn alive(created: Timestamp, last_seen: Timestamp, expires: Timestamp, now: Timestamp) -> bool {
    now < expires && now < last_seen.plus_secs(IDLE_SECS) && now >= created.plus_secs(-SEEN_EVERY_SECS)
}

/// Permits a grave act if a one-time code was entered within the last five minutes.
///
/// # Errors
/// [`AccessError::StepUp`].
pub fn require_step_up(app: &App, session: &Session) -> Result<(), AccessError> {
    let age = app.wall.now().micros_since(session.stepped_up);
    let limit = STEP_UP_SECS.saturating_mul(1_000_000);
    if (0..=limit).contains(&age) { Ok(()) } else { Err(AccessError::StepUp) }
}

/// A new token for the cookie: 256 random bits.
pub(crate) fn new_token(entropy: &Entropy) -> Secret<String> {
    Secret::new(BASE64_URL_SAFE_NO_PAD.encode(entropy.bytes::<TOKEN_BYTES>()))
}

/// What is stored of a token: a thief of the database cannot use it. A plain hash is enough for a random token.
/// `None` if it is no token at all.
pub(crate) fn token_hash(token: &str) -> Option<[u8; 32]> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok().filter(|b| b.len() == TOKEN_BYTES)?;
    Some(Sha256::digest(bytes).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_and_absolute_limits() {
        let at = Timestamp::from_secs;
        let (created, expires) = (at(100_000), at(100_000 + ABSOLUTE_SECS));
        for (last_seen, now, good) in [
            (100_000, 100_000, true),
            (100_000, 100_000 + IDLE_SECS - 1, true),
            (100_000, 100_000 + IDLE_SECS, false),
            (100_000 + ABSOLUTE_SECS - 5, 100_000 + ABSOLUTE_SECS - 1, true),
            (100_000 + ABSOLUTE_SECS - 5, 100_000 + ABSOLUTE_SECS, false),
            // The clock was set back: a little does no harm, a lot ends the session.
            (100_000, 99_950, true),
            (100_000, 99_000, false),
        ] {
            assert_eq!(alive(created, at(last_seen), expires, at(now)), good, "{last_seen} {now}");
        }
    }

    #[test]
    fn tokens() {
        let (a, b) = (new_token(&Entropy::seeded(1)), new_token(&Entropy::seeded(2)));
        assert_eq!(a.expose().len(), 43);
        assert_ne!(token_hash(a.expose()), token_hash(b.expose()));
        assert!(token_hash(a.expose()).is_some());
        for junk in ["", "x", "====", &"A".repeat(42), &"A".repeat(44), "токен", &"A".repeat(100_000)] {
            assert_eq!(token_hash(junk), None);
        }
    }
}
