//! What every main record carries from its first migration, whatever it is about.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::lang::Lang;
use crate::marking::Marking;
use crate::time::Timestamp;

/// The common header. Columns of the same names stand in every main table:
/// `id, origin_node, organisation_id, unit_id, region, marking, lang, created_at, source_time, source_zone,
/// author, basis_id, basis_version, profile_version, retention_class, row_hash`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The node where the record was made (federated nodes keep their own).
    pub origin_node: String,
    /// The organisation it belongs to.
    pub organisation_id: String,
    /// The unit it belongs to.
    pub unit_id: String,
    /// The profile's region code, empty if not known.
    pub region: String,
    /// Who may see it.
    pub marking: Marking,
    /// The language it was made in.
    pub lang: Lang,
    /// When it was made, office time.
    pub created_at: Timestamp,
    /// When its source says it happened.
    pub source_time: Timestamp,
    /// The zone in which the source told its time (IANA name).
    pub source_zone: String,
    /// Who made it, as [`crate::Actor::label`].
    pub author: String,
    /// The legal basis and its version, where the record is an act.
    pub basis: Option<(Uuid, i64)>,
    /// Content hash of the profile in force.
    pub profile_version: String,
    /// How long it is kept, by the profile's classes.
    pub retention_class: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_round_trip() {
        let header = Header {
            origin_node: "n1".into(),
            organisation_id: "dep".into(),
            unit_id: "duty".into(),
            region: String::new(),
            marking: Marking::default(),
            lang: Lang::KK,
            created_at: Timestamp::from_secs(1),
            source_time: Timestamp::from_secs(1),
            source_zone: "Asia/Almaty".into(),
            author: "public".into(),
            basis: None,
            profile_version: "p".into(),
            retention_class: "report".into(),
        };
        let text = serde_json::to_string(&header).unwrap();
        assert_eq!(serde_json::from_str::<Header>(&text).unwrap(), header);
    }
}
