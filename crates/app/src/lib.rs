//! What every service is handed: database, clocks, randomness, profile, keys. One value, cheap to clone.
//!
//! Nothing here decides anything. The point of the type is that no slice reaches for a global clock, a
//! global key or a global configuration: tests and simulations hand in their own.

mod among;
mod found;
pub mod header;
pub mod sheet;
mod words;

use std::sync::Arc;
use std::time::Duration;

use audit::{Act, Stamp};
use db::{Db, DbError, Tx, outbox};
use kernel::{Actor, Entropy, Header, Lang, Marking, OfficeClock, Secret, Timestamp, WallClock};
use profile::Profile;
use uuid::Uuid;
use vault::Vault;

pub use found::{neighbour, words_to_find};
pub use vault::ids;
pub use words::{MAX_REASON_CHARS, SealedWords, is_line, reason, says};

/// Which node this is and with what key it signs its messages.
#[derive(Debug)]
pub struct Node {
    /// Name among federated nodes, kept in every record's header.
    pub name: String,
    /// The organisation's short code in messages to partners.
    pub code: String,
    /// The unit that works at this node.
    pub unit: String,
    /// The address partners and citizens reach it under, without a trailing slash.
    pub public_url: String,
    /// `CODE/NAME` of the signing key, as partners know it.
    pub keyid: String,
    /// Ed25519 seed of the message key.
    pub message_key: Secret<[u8; 32]>,
    /// Ed25519 seed of the record's checkpoint key.
    pub log_key: Secret<[u8; 32]>,
}

/// Sleeping, as an argument.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timer;

impl Timer {
    /// Sleeps for `time` of the wall clock.
    #[expect(clippy::disallowed_methods, reason = "the one place where the program sleeps")]
    pub async fn sleep(self, time: Duration) {
        tokio::time::sleep(time).await;
    }
    /// `future`, unless `time` passes first.
    pub async fn limit<F: Future>(self, time: Duration, future: F) -> Option<F::Output> {
        tokio::time::timeout(time, future).await.ok()
    }
}

/// How what is being done came in, as far as the record and a second press of the same button ask. A person at a page leaves both empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Came {
    /// By which token of a program; the record of every act says so.
    pub token: Option<Uuid>,
    /// By what it is known again if it comes twice.
    pub once: Option<Once>,
}

/// By what an act is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once {
    /// Derived from who acts, on what, and the key of the form or the message.
    pub key: Uuid,
    /// A keyed hash of what was sent: another body under the same key is another act, and no second press.
    pub said: [u8; 32],
}

/// Everything a service needs besides its own slice.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// Deadlines, lapse, statistics.
    pub office: OfficeClock,
    /// Sessions, one-time codes, signature freshness.
    pub wall: WallClock,
    /// Randomness.
    pub entropy: Entropy,
    /// The country as data.
    pub profile: Arc<Profile>,
    /// Keys of personal data.
    pub vault: Vault,
    /// Which node this is.
    pub node: Arc<Node>,
    /// Sleeping.
    pub timer: Timer,
    /// How many times faster office time runs; 1 in production.
    pub factor: u32,
    /// Whether the database was created as a demonstration.
    pub demo: bool,
    /// How what is being done came in.
    pub came: Came,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("node", &self.node.name).field("demo", &self.demo).finish_non_exhaustive()
    }
}

/// The act with the token by which it was done.
fn by_token(act: &Act, token: Uuid) -> Act {
    let mut facts = if act.facts.is_null() { serde_json::json!({}) } else { act.facts.clone() };
    if let Some(members) = facts.as_object_mut() {
        members.insert("token".to_owned(), token.to_string().into());
    }
    Act { facts, ..act.clone() }
}

impl App {
    /// The common header of a new record.
    #[must_use]
    pub fn header(&self, author: &Actor, lang: Lang, retention_class: &str) -> Header {
        let now = self.office.now();
        Header {
            origin_node: self.node.name.clone(),
            organisation_id: self.node.code.clone(),
            unit_id: self.node.unit.clone(),
            region: String::new(),
            marking: Marking::default(),
            lang,
            created_at: now,
            source_time: now,
            source_zone: self.profile.zone_name().to_owned(),
            author: author.label(),
            basis: None,
            profile_version: self.profile.version().to_owned(),
            retention_class: retention_class.to_owned(),
        }
    }

    /// A new id's raw UUID, ordered by wall time.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        self.entropy.uuid(self.wall.now())
    }

    /// Writes the act into the tamper-evident record, in the same transaction: no record, no act.
    ///
    /// # Errors
    /// The database's.
    pub fn record(&self, tx: &mut Tx<'_>, actor: &Actor, act: &Act) -> Result<(), DbError> {
        let stamp = Stamp { id: self.uuid(), office: self.office.now(), wall: self.wall.now() };
        match self.came.token {
            None => audit::append(tx, &stamp, actor, act),
            Some(token) => audit::append(tx, &stamp, actor, &by_token(act, token)),
        }
    }

    /// The same for one thing that came in so.
    #[must_use]
    pub fn came(&self, came: Came) -> Self {
        Self { came, ..self.clone() }
    }

    /// Tells the slices above, in the same transaction (outbox). The body names ids, never personal data.
    ///
    /// # Errors
    /// The database's.
    pub fn tell(
        &self,
        tx: &mut Tx<'_>,
        name: &str,
        subject: Uuid,
        body: serde_json::Value,
    ) -> Result<(), DbError> {
        let event =
            outbox::Event { id: self.uuid(), name: name.to_owned(), subject, body, at: self.office.now() };
        outbox::put(tx, &event)
    }

    /// How long `office` microseconds of office time take on the wall.
    #[must_use]
    pub fn wall_duration(&self, office_micros: i64) -> Duration {
        let factor = i64::from(self.factor.max(1));
        Duration::from_micros(u64::try_from(office_micros.checked_div(factor).unwrap_or(0)).unwrap_or(0))
    }

    /// The office moment at which it is `wall` o'clock, counted from now.
    #[must_use]
    pub fn office_after(&self, wall_secs: i64) -> Timestamp {
        self.office.now().plus_secs(wall_secs.saturating_mul(i64::from(self.factor.max(1))))
    }
}
