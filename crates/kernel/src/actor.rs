//! Who acts. Every service function takes an actor, and every record names one.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a member of staff is entitled to, by office held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works the queue, drafts and sends orders.
    DutyOfficer,
    /// Signs what the basis says must be approved.
    Approver,
    /// Users, partners, keys, configuration; no case data.
    Administrator,
    /// Sanctions what the law wants sanctioned; belongs to another body and prepares nothing.
    Prosecutor,
    /// Controls who looked at what and why; holds no other office and opens no case.
    Auditor,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] =
        [Self::DutyOfficer, Self::Approver, Self::Administrator, Self::Prosecutor, Self::Auditor];
    /// As written in policies, columns and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DutyOfficer => "duty_officer",
            Self::Approver => "approver",
            Self::Administrator => "administrator",
            Self::Prosecutor => "prosecutor",
            Self::Auditor => "auditor",
        }
    }
    /// Reads [`Role::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == text)
    }
}

/// Somebody of a partner institution, signed in at the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clerk {
    /// Account id.
    pub user: Uuid,
    /// Name for people, as in the account.
    pub name: String,
    /// Whether the person also keeps the institution's keys, addresses and people.
    pub manages: bool,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "actor", rename_all = "snake_case")]
pub enum Actor {
    /// A signed-in member of staff.
    Staff {
        /// Account id.
        user: Uuid,
        /// Name for people, as in the account.
        name: String,
        /// Offices held.
        roles: Vec<Role>,
        /// Unit the person belongs to.
        unit: String,
    },
    /// A partner institution, known by the key that signed its message or by its console account.
    Partner {
        /// Partner id.
        partner: Uuid,
        /// Its short code.
        code: String,
        /// Who of its people acts, at the console; nobody where a key signed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Clerk>,
    },
    /// A citizen who showed the code of this report.
    Citizen {
        /// The one report the code opens.
        report: Uuid,
    },
    /// A citizen who has not (yet) filed anything.
    Public,
    /// The platform itself: a subscriber, a clock, a worker. What it sends outside goes under a standing
    /// approval, never under this name alone.
    System {
        /// Which part of the platform.
        part: String,
    },
}

impl Actor {
    /// The platform itself, by part.
    #[must_use]
    pub fn system(part: &str) -> Self {
        Self::System { part: part.to_owned() }
    }
    /// A partner institution that a key speaks for.
    #[must_use]
    pub fn institution(partner: Uuid, code: &str) -> Self {
        Self::Partner { partner, code: code.to_owned(), person: None }
    }
    /// Who of an institution's people acts, if it is one of them.
    #[must_use]
    pub const fn clerk(&self) -> Option<&Clerk> {
        match self {
            Self::Partner { person, .. } => person.as_ref(),
            _ => None,
        }
    }
    /// The account of the person who acts, if it is one.
    #[must_use]
    pub fn user(&self) -> Option<Uuid> {
        match self {
            Self::Staff { user, .. } => Some(*user),
            _ => self.clerk().map(|c| c.user),
        }
    }
    /// Whether this is staff that holds `role`.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        matches!(self, Self::Staff { roles, .. } if roles.contains(&role))
    }
    /// Short text for the record: `staff:UUID`, `partner:CODE`, `partner:CODE:UUID` of somebody at its console,
    /// `citizen`, `public`, `system:PART`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Staff { user, .. } => format!("staff:{user}"),
            Self::Partner { code, person: Some(clerk), .. } => format!("partner:{code}:{}", clerk.user),
            Self::Partner { code, .. } => format!("partner:{code}"),
            Self::Citizen { .. } => "citizen".to_owned(),
            Self::Public => "public".to_owned(),
            Self::System { part } => format!("system:{part}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn only_staff_hold_roles(part in "[a-z]{1,9}", i in 0..3_usize) {
            prop_assert!(!Actor::system(&part).has(Role::ALL[i]));
        }
    }

    #[test]
    fn roles_round_trip() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
    }
}
