//! The secrets of an endpoint, sealed under the key of the partner whose it is.
//!
//! Each is sealed for its one endpoint: the field's name, which is authenticated with the text, holds the endpoint's
//! id, so that a row cannot be given another row's secret. Secrets that were replaced lie in one field, one a line:
//! the end in microseconds of wall time, a blank, the secret.

use app::App;
use db::Tx;
use kernel::{Secret, Timestamp};
use vault::SubjectKey;
use zeroize::Zeroize as _;

use super::error::NotifyError;
use super::model::EndpointId;
use super::signing::SigningSecret;
use super::store::Sealed;
use crate::model::PartnerId;

/// Secrets of one endpoint that are replaced and still sign, at most.
pub const MOST_PREVIOUS: usize = 3;

/// The secrets of an endpoint, opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The one in force.
    pub secret: SigningSecret,
    /// Those that were replaced, the newest first, each with its end, wall time.
    pub previous: Vec<(Timestamp, SigningSecret)>,
}

impl Opened {
    /// What signs at `wall`, the newest first.
    pub fn signing(&self, wall: Timestamp) -> impl Iterator<Item = &SigningSecret> {
        let still = self.previous.iter().filter(move |(until, _)| wall < *until).map(|(_, secret)| secret);
        std::iter::once(&self.secret).chain(still)
    }

    /// With a new secret in force; the one before it signs until `until`, and what has ended by `wall` is left out.
    ///
    /// # Errors
    /// [`NotifyError::Rotations`] if more than three would still sign.
    pub fn rotated(
        &self,
        secret: SigningSecret,
        until: Timestamp,
        wall: Timestamp,
    ) -> Result<Self, NotifyError> {
        let mut previous = vec![(until, self.secret.clone())];
        previous.extend(self.previous.iter().filter(|(until, _)| wall < *until).cloned());
        if previous.len() > MOST_PREVIOUS {
            return Err(NotifyError::Rotations);
        }
        Ok(Self { secret, previous })
    }
}

fn field(endpoint: EndpointId, what: &str) -> String {
    format!("notify.{what}.{endpoint}")
}

/// The key under which a partner's secrets are sealed; made if there is none.
///
/// # Errors
/// [`NotifyError::NoKey`] if it was destroyed; the vault's, the database's.
pub fn key(tx: &mut Tx<'_>, app: &App, partner: PartnerId) -> Result<SubjectKey, NotifyError> {
    if let Some(key) = app.vault.subject(tx, partner.uuid())? {
        return Ok(key);
    }
    let key = app.vault.new_subject(&app.entropy, partner.uuid());
    match tx.attempt(|tx| app.vault.store(tx, &key)) {
        Ok(()) => Ok(key),
        // A forgotten subject has a tombstone, which refuses the new key.
        Err(vault::VaultError::Db(db::DbError::Unique { .. })) => Err(NotifyError::NoKey),
        Err(e) => Err(e.into()),
    }
}

/// Seals the secrets of one endpoint.
#[must_use]
pub fn seal(app: &App, key: &SubjectKey, endpoint: EndpointId, opened: &Opened) -> Sealed {
    let secret = key.seal(&app.entropy, &field(endpoint, "secret"), opened.secret.text().expose());
    let mut lines = String::new();
    for (until, secret) in &opened.previous {
        lines.push_str(&format!("{} {}\n", until.as_micros(), secret.text().expose()));
    }
    let previous = (!lines.is_empty()).then(|| key.seal(&app.entropy, &field(endpoint, "previous"), &lines));
    lines.zeroize();
    Sealed { secret, previous }
}

/// Opens the secrets of one endpoint. `None` if what was sealed is no secret.
///
/// # Errors
/// The vault's.
pub fn open(
    key: &SubjectKey,
    endpoint: EndpointId,
    sealed: &Sealed,
) -> Result<Option<Opened>, vault::VaultError> {
    let text = |what: &str, bytes: &[u8]| -> Result<Secret<String>, vault::VaultError> {
        let plain = Secret::new(key.open_bytes(&field(endpoint, what), bytes)?);
        Ok(Secret::new(String::from_utf8_lossy(plain.expose()).into_owned()))
    };
    let Some(secret) = SigningSecret::parse(text("secret", &sealed.secret)?.expose()) else {
        return Ok(None);
    };
    let lines = match &sealed.previous {
        Some(bytes) => text("previous", bytes)?,
        None => Secret::new(String::new()),
    };
    let previous = lines.expose().lines().filter_map(|line| {
        let (until, secret) = line.split_once(' ')?;
        Some((Timestamp::from_micros(until.parse().ok()?), SigningSecret::parse(secret)?))
    });
    Ok(Some(Opened { secret, previous: previous.collect() }))
}

#[cfg(test)]
mod tests {
    use kernel::Entropy;

    use super::*;

    fn opened(seed: u64) -> Opened {
        Opened { secret: SigningSecret::draw(&Entropy::seeded(seed)), previous: Vec::new() }
    }

    fn texts<'a>(all: impl Iterator<Item = &'a SigningSecret>) -> Vec<String> {
        all.map(|s| s.text().expose().clone()).collect()
    }

    #[test]
    fn every_replaced_secret_signs_to_its_own_end() {
        let t = Timestamp::from_secs(1_000);
        let [a, b, c] = [1, 2, 3].map(|n| opened(n).secret);
        let start = Opened { secret: a.clone(), previous: Vec::new() };
        let once = start.rotated(b.clone(), t.plus_secs(100), t).unwrap();
        let twice = once.rotated(c.clone(), t.plus_secs(150), t.plus_secs(50)).unwrap();
        assert_eq!(texts(twice.signing(t.plus_secs(99))), texts([&c, &b, &a].into_iter()));
        assert_eq!(texts(twice.signing(t.plus_secs(100))), texts([&c, &b].into_iter()));
        assert_eq!(texts(twice.signing(t.plus_secs(150))), texts([&c].into_iter()));
    }

    #[test]
    fn no_more_than_three_at_once() {
        let t = Timestamp::from_secs(1_000);
        let mut now = opened(0);
        for n in 1..=3 {
            now = now.rotated(opened(n).secret, t.plus_secs(100), t).unwrap();
        }
        assert!(matches!(now.rotated(opened(9).secret, t.plus_secs(100), t), Err(NotifyError::Rotations)));
        assert!(now.rotated(opened(9).secret, t.plus_secs(300), t.plus_secs(100)).is_ok());
    }
}
