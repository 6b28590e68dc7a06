//! Who may see a thing and what may be done with it: TLP 2.0, PAP and a national restriction.

use serde::{Deserialize, Serialize};

/// Traffic Light Protocol 2.0 (FIRST). Ordered from open to closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tlp {
    /// May be published.
    Clear,
    /// May go to the community.
    Green,
    /// May go to the organisation and its clients who need it.
    #[default]
    Amber,
    /// May go to the organisation only.
    AmberStrict,
    /// Named recipients only.
    Red,
}

/// Permissible Actions Protocol: what may be done that the suspect could notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pap {
    /// Everything.
    Clear,
    /// Active measures such as blocking.
    Green,
    /// Passive checks only, nothing that touches the suspect's systems.
    #[default]
    Amber,
    /// Nothing outside.
    Red,
}

/// The marking of one record. The default is amber, amber, no national mark.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Marking {
    /// Who may see it.
    pub tlp: Tlp,
    /// What may be done with it.
    pub pap: Pap,
    /// The profile's own restriction mark, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub national: Option<String>,
}

impl Tlp {
    /// As written in columns and messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::AmberStrict => "amber_strict",
            Self::Red => "red",
        }
    }
}

impl Pap {
    /// As written in columns and messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

impl Marking {
    /// Short text for a database column: `amber/amber` or `red/amber/X`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let base = format!("{}/{}", self.tlp.as_str(), self.pap.as_str());
        self.national.as_ref().map_or_else(|| base.clone(), |mark| format!("{base}/{mark}"))
    }
    /// Reads what [`Marking::to_text`] wrote. Unknown words read as the strictest mark, never as an open one.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let mut parts = text.splitn(3, '/');
        let tlp = match parts.next() {
            Some("clear") => Tlp::Clear,
            Some("green") => Tlp::Green,
            Some("amber") => Tlp::Amber,
            Some("amber_strict") => Tlp::AmberStrict,
            _ => Tlp::Red,
        };
        let pap = match parts.next() {
            Some("clear") => Pap::Clear,
            Some("green") => Pap::Green,
            Some("amber") => Pap::Amber,
            _ => Pap::Red,
        };
        Self { tlp, pap, national: parts.next().map(str::to_owned) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_round_trip(t in 0..5_usize, p in 0..4_usize, national in proptest::option::of("[A-Z/]{1,6}")) {
            let tlp = [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red][t];
            let pap = [Pap::Clear, Pap::Green, Pap::Amber, Pap::Red][p];
            let marking = Marking { tlp, pap, national };
            prop_assert_eq!(Marking::from_text(&marking.to_text()), marking);
        }
        #[test]
        fn junk_is_never_open(text in "[a-z]{0,12}") {
            prop_assume!(!["clear", "green", "amber", "amber_strict"].contains(&text.as_str()));
            prop_assert_eq!(Marking::from_text(&text).tlp, Tlp::Red);
        }
    }
}
