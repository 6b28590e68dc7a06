//! What an agreement is.

use kernel::{Header, Timestamp, Tlp};
use serde::{Deserialize, Serialize};

use crate::model::{Institution, PartnerId};

kernel::id_kind!(
    /// One version of an agreement.
    AgreementKind, AgreementId, "agr"
);

/// On what terms an institution takes part. Days are written `2026-11-30`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// Number of the paper.
    pub number: String,
    /// Day on which it was signed.
    pub signed: String,
    /// First day of its term; empty: from the day it was signed.
    pub from: String,
    /// Last day of its term; empty: no end is agreed.
    pub until: String,
    /// Regions in which the institution works, by the profile's codes; none: the whole country.
    pub regions: Vec<String>,
    /// Whom to reach at any hour.
    pub contacts: Vec<ContactPoint>,
    /// Who may see what is exchanged.
    pub marking: Tlp,
    /// Signed requests that it may send in a minute; left out: as many as the profile says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests_per_minute: Option<u32>,
    /// Whether its signed requests must come by mutual TLS, too.
    pub mutual_tls: bool,
}

/// A contact point that answers at any hour.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactPoint {
    /// Person or office to ask for.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Mail.
    pub email: String,
    /// When it answers; empty: at any hour.
    pub hours: String,
}

impl ContactPoint {
    /// Whether nothing of it is filled in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.name, &self.phone, &self.email, &self.hours].into_iter().all(String::is_empty)
    }
}

/// What has become of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgreementStatus {
    /// Waits for a second person; nothing rests on it.
    Waits,
    /// Was taken in. The one with the highest number holds.
    Kept,
    /// A second person turned it down, or its author took it back.
    Refused,
}

impl AgreementStatus {
    /// As written in columns.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::Kept => "kept",
            Self::Refused => "refused",
        }
    }
    /// Reads [`AgreementStatus::as_str`]; an unknown word is refused, on which nothing rests.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "waits" => Self::Waits,
            "kept" => Self::Kept,
            _ => Self::Refused,
        }
    }
}

/// Who decided on a version, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// When, office time.
    pub at: Timestamp,
    /// By whom, as [`kernel::Actor::label`].
    pub by: String,
    /// Their name then.
    pub name: String,
    /// Why it was refused; empty for one that was confirmed, or where the words are no longer to be read.
    pub reason: String,
}

/// One version of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Which.
    pub id: AgreementId,
    /// The common header; its author wrote the version.
    pub header: Header,
    /// The author's name then.
    pub author_name: String,
    /// The institution, or what it will be once this is confirmed.
    pub partner: PartnerId,
    /// Its code.
    pub code: String,
    /// The version over which it was written, 0 where there was none.
    pub base: i64,
    /// What it says. `None` once the institution's key was destroyed.
    pub entry: Option<Institution>,
    /// What has become of it.
    pub status: AgreementStatus,
    /// Its number, once it was taken in.
    pub version: Option<i64>,
    /// Who decided; `None` while it waits and for what the command line took in.
    pub decision: Option<Decision>,
}
