//! What a stored legal basis is.

use kernel::{Localised, Timestamp};
use profile::{AddresseeKind, BasisRecord, Measure, Profile, Scope, SourceMark};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// One stored version of a legal basis. Never changed once written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The same for all versions: derived from profile and key, see [`basis_id`].
    pub id: Uuid,
    /// Version in the database, from 1. It counts every stored text, so it can run ahead of the profile's.
    pub version: i64,
    /// Place among the profile's bases: where several fit, the lowest is preferred.
    pub ordinal: i64,
    /// First moment of this version.
    pub effective_from: Timestamp,
    /// First moment at which it no longer holds; `None` while it does.
    pub effective_to: Option<Timestamp>,
    /// When it was stored. What was stored later cannot have allowed anything before.
    pub recorded_at: Timestamp,
    /// Whether this version says that the profile no longer knows the basis.
    pub withdrawn: bool,
    /// The draft of the desk that was enacted as this version; `None` for what the profile brought.
    pub draft: Option<Uuid>,
    /// The full record.
    pub record: BasisRecord,
}

impl Basis {
    /// Id and version, as acts keep them.
    #[must_use]
    pub const fn pair(&self) -> (Uuid, i64) {
        (self.id, self.version)
    }
    /// Key that all versions share.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.record.key
    }
    /// The act's id in its state register.
    #[must_use]
    pub fn act(&self) -> &str {
        &self.record.act
    }
    /// Article, paragraph, item.
    #[must_use]
    pub fn article(&self) -> &str {
        &self.record.article
    }
    /// A few words for lists.
    #[must_use]
    pub const fn title(&self) -> &Localised {
        &self.record.title
    }
    /// Short text of the provision.
    #[must_use]
    pub const fn text(&self) -> &Localised {
        &self.record.text
    }
    /// Whether some receipts of the holder must stay usable.
    #[must_use]
    pub fn exempt_receipts(&self) -> bool {
        !self.record.exempt_receipts.is_empty()
    }
    /// How well it has been checked.
    #[must_use]
    pub const fn mark(&self) -> SourceMark {
        self.record.source.mark
    }
    /// Whether it speaks of this measure and kind of addressee.
    #[must_use]
    pub fn speaks_of(&self, measure: Measure, addressee: AddresseeKind) -> bool {
        self.record.measures.contains(&measure) && self.record.addressees.contains(&addressee)
    }
    /// Whether its own dates cover `at`. A later version may hold instead, see [`crate::rules::pick`].
    #[must_use]
    pub fn covers(&self, at: Timestamp) -> bool {
        self.effective_from <= at && self.effective_to.is_none_or(|to| at < to)
    }
    /// Whether it holds at no moment: it only says from when on the basis is in force no longer.
    #[must_use]
    pub fn is_end(&self) -> bool {
        self.effective_to.is_some_and(|to| to <= self.effective_from)
    }
    /// Widest scope that it allows.
    #[must_use]
    pub const fn widest(&self) -> Scope {
        self.record.scope.widest
    }
}

/// The id that all versions of a basis share: a version 8 UUID (RFC 9562) over the profile's id and the
/// key, so that every node of one country gives a basis the same id.
#[must_use]
pub fn basis_id(profile: &str, key: &str) -> Uuid {
    let mut hasher = Sha256::new();
    for part in ["qorgan legal basis", profile, key] {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(hasher.finalize()) {
        *to = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// First moment of `record` and the first moment at which it no longer holds, by the profile's zone.
#[must_use]
pub fn effective(profile: &Profile, record: &BasisRecord) -> (Timestamp, Option<Timestamp>) {
    let calendar = profile.calendar();
    let to = record.to.and_then(|to| to.tomorrow().ok()).map(|next| calendar.start_of(next));
    (calendar.start_of(record.from), to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_and_apart() {
        let id = basis_id("kz", "payments-25-1-hold");
        // A change of this value would cut every stored act off from its basis.
        assert_eq!(id.to_string(), "fe2f9d68-dcfb-8277-b5a1-c4051718dcfb");
        assert_eq!(id.get_version_num(), 8);
        assert_ne!(id, basis_id("kz", "payments-25-1-full"));
        assert_ne!(id, basis_id("direct", "payments-25-1-hold"));
        assert_ne!(basis_id("ab", "c"), basis_id("a", "bc"));
    }
}
