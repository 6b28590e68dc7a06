//! The same rules for lists: what a list may contain is part of its query, never filtered afterwards.

use db::Value;
use kernel::{Actor, Marking, Tlp};
use uuid::Uuid;

use crate::actor;
use crate::error::AccessError;
use crate::model::{Action, Kind, Resource};
use crate::rules::allowed;

/// What an actor's lists of one kind may contain. It is made by asking the policies, so that lists and single
/// things cannot drift apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Members of staff: rows of their organisation.
    Office(Office),
    /// A partner: rows addressed to it, filed by it, or about itself.
    Partner(Uuid),
    /// A citizen: the one report of the receipt.
    Own(Uuid),
    /// A part of the platform: all rows.
    Everything,
}

/// The scope of a member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// The organisation whose rows may be seen.
    pub organisation: String,
    /// The unit whose red rows may be seen, too.
    pub red_unit: Option<String>,
    /// The unit whose rows may be seen although nobody but their team is let in.
    pub closed_unit: Option<String>,
    /// Who asks, as teams name them.
    pub label: String,
}

impl Office {
    /// The parameters of [`crate::scope_where!`]: organisation, unit.
    #[must_use]
    pub fn params(&self) -> [Value; 2] {
        [Value::from(self.organisation.as_str()), Value::from(self.red_unit.as_deref())]
    }

    /// The parameters of [`crate::team_where!`]: organisation, unit, label.
    #[must_use]
    pub fn team_params(&self) -> [Value; 3] {
        [
            Value::from(self.organisation.as_str()),
            Value::from(self.closed_unit.as_deref()),
            Value::from(self.label.as_str()),
        ]
    }
}

impl Scope {
    /// The scope of a member of staff.
    ///
    /// # Errors
    /// [`AccessError::Hidden`] for everybody else: the desk's lists do not exist for them.
    pub fn office(self) -> Result<Office, AccessError> {
        match self {
            Self::Office(office) => Ok(office),
            Self::Partner(_) | Self::Own(_) | Self::Everything => Err(AccessError::Hidden),
        }
    }
}

/// What a list of `kind` may contain for this actor.
///
/// # Errors
/// [`AccessError::Hidden`] if the actor may see nothing of this kind.
pub fn scope(actor: &Actor, kind: impl Into<Kind>) -> Result<Scope, AccessError> {
    let kind = kind.into();
    match actor {
        Actor::Staff { .. } => office(actor, kind).map(Scope::Office),
        Actor::Partner { partner, .. }
            if matches!(kind, Kind::Report | Kind::Order | Kind::Inbox | Kind::Partner) =>
        {
            Ok(Scope::Partner(*partner))
        }
        Actor::Partner { partner, .. }
            if kind == Kind::Account
                && allowed(actor, Action::ViewUsers, &Resource::any(kind).owned_by(*partner)) =>
        {
            Ok(Scope::Partner(*partner))
        }
        Actor::Citizen { report } if kind == Kind::Report => Ok(Scope::Own(*report)),
        Actor::System { .. } if sees(actor, &Resource::bare(kind, Uuid::max(), "")) => Ok(Scope::Everything),
        Actor::Partner { .. } | Actor::Citizen { .. } | Actor::System { .. } | Actor::Public => {
            Err(AccessError::Hidden)
        }
    }
}

fn office(actor: &Actor, kind: Kind) -> Result<Office, AccessError> {
    let organisation = actor::organisation_of(actor).ok_or(AccessError::Hidden)?;
    // An example thing of the own organisation and unit, open or red, answers for all such things.
    let unit = actor::unit_of(actor).unwrap_or_default();
    let example = |tlp| {
        let marking = Marking { tlp, ..Marking::default() };
        Resource { marking, unit: unit.to_owned(), ..Resource::bare(kind, Uuid::max(), organisation) }
    };
    if !sees(actor, &example(Tlp::default())) {
        return Err(AccessError::Hidden);
    }
    let red_unit = sees(actor, &example(Tlp::Red)).then(|| unit.to_owned());
    let shut = Resource { closed: true, ..example(Tlp::default()) };
    let closed_unit = sees(actor, &shut).then(|| unit.to_owned());
    Ok(Office { organisation: organisation.to_owned(), red_unit, closed_unit, label: actor.label() })
}

fn sees(actor: &Actor, thing: &Resource) -> bool {
    thing.kind.seeing().iter().any(|action| allowed(actor, *action, thing))
}

/// The condition of a list at the desk, for `concat!` inside a statement: rows of the organisation (first
/// placeholder) that are not red or lie in the unit (second placeholder, may be null). It reads the columns
/// `organisation_id`, `marking` and `unit_id` of the common header, with a table's alias in front if a third
/// argument such as `"o."` is given.
///
/// A marking that does not begin with a known open word counts as red, as [`kernel::Marking::from_text`] reads
/// it. No `LIKE`: it would take `_` for any letter and, on SQLite, `CLEAR` for `clear`.
#[macro_export]
macro_rules! scope_where {
    ($organisation:literal, $unit:literal) => {
        $crate::scope_where!($organisation, $unit, "")
    };
    ($organisation:literal, $unit:literal, $alias:literal) => {
        concat!(
            "(",
            $alias,
            "organisation_id = ",
            $organisation,
            " AND (substr(",
            $alias,
            "marking, 1, 6) IN ('clear/', 'green/', 'amber/')",
            " OR substr(",
            $alias,
            "marking, 1, 13) = 'amber_strict/'",
            " OR ",
            $alias,
            "unit_id = ",
            $unit,
            "))"
        )
    };
}

/// The same for what a team keeps, cases and exhibits: rows of the organisation (first placeholder) that are neither red nor closed, or
/// closed and of the unit (second placeholder, may be null), or whose team names whoever asks (third placeholder). The team is a table with
/// the columns `label` and one that holds the row's id; both are named. It reads the column `closed` beside those of the common header.
#[macro_export]
macro_rules! team_where {
    ($organisation:literal, $unit:literal, $label:literal, $alias:literal, $team:literal, $key:literal) => {
        concat!(
            "(",
            $alias,
            "organisation_id = ",
            $organisation,
            " AND (((substr(",
            $alias,
            "marking, 1, 6) IN ('clear/', 'green/', 'amber/')",
            " OR substr(",
            $alias,
            "marking, 1, 13) = 'amber_strict/') AND (NOT ",
            $alias,
            "closed OR ",
            $alias,
            "unit_id = ",
            $unit,
            ")) OR EXISTS (SELECT 1 FROM ",
            $team,
            " m WHERE m.",
            $key,
            " = ",
            $alias,
            "id AND m.label = ",
            $label,
            ")))"
        )
    };
}

#[cfg(test)]
mod tests {
    use kernel::Role;

    use super::*;
    use crate::actor::staff;

    fn of(roles: &[Role], kind: Kind) -> Option<Option<String>> {
        let actor = staff(Uuid::nil(), "A", roles, "dep", "duty");
        scope(&actor, kind).and_then(Scope::office).ok().map(|o| o.red_unit)
    }

    #[test]
    fn lists_by_role_and_kind() {
        let red = || Some(Some("duty".to_owned()));
        let open = Some(None);
        for (roles, kind, expected) in [
            (&[Role::DutyOfficer][..], Kind::Report, red()),
            (&[Role::DutyOfficer], Kind::Order, red()),
            (&[Role::Approver], Kind::Report, open.clone()),
            (&[Role::Approver], Kind::Order, open),
            (&[Role::DutyOfficer, Role::Approver], Kind::Order, red()),
            (&[Role::Administrator], Kind::Report, None),
            (&[Role::Administrator], Kind::Order, None),
            (&[Role::Administrator, Role::DutyOfficer], Kind::Order, None),
            // No rule about accounts and partners asks for the marking.
            (&[Role::Administrator], Kind::Account, red()),
            (&[Role::DutyOfficer], Kind::Account, None),
            (&[Role::DutyOfficer], Kind::Partner, red()),
            (&[Role::DutyOfficer], Kind::Unknown, None),
            (&[], Kind::Report, None),
        ] {
            assert_eq!(of(roles, kind), expected, "{roles:?} {kind:?}");
        }
    }

    #[test]
    fn others_have_their_own_things_or_nothing() {
        let (partner, report) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let bank = Actor::institution(partner, "B");
        assert_eq!(scope(&bank, "order"), Ok(Scope::Partner(partner)));
        assert_eq!(scope(&bank, "record"), Err(AccessError::Hidden));
        assert_eq!(scope(&Actor::Citizen { report }, "report"), Ok(Scope::Own(report)));
        assert_eq!(scope(&Actor::Citizen { report }, "order"), Err(AccessError::Hidden));
        assert_eq!(scope(&Actor::Public, "report"), Err(AccessError::Hidden));
        assert_eq!(scope(&Actor::system("clock"), "order"), Ok(Scope::Everything));
        assert_eq!(scope(&Actor::system("clock"), "report"), Err(AccessError::Hidden));
        assert_eq!(scope(&bank, "order").and_then(Scope::office), Err(AccessError::Hidden));
        let nowhere = Actor::Staff {
            user: partner,
            name: String::new(),
            roles: vec![Role::DutyOfficer],
            unit: "x".into(),
        };
        assert_eq!(scope(&nowhere, "report"), Err(AccessError::Hidden));
    }

    #[test]
    fn condition_reads() {
        assert_eq!(
            scope_where!("?1", "?2", "o."),
            "(o.organisation_id = ?1 AND (substr(o.marking, 1, 6) IN ('clear/', 'green/', 'amber/') \
             OR substr(o.marking, 1, 13) = 'amber_strict/' OR o.unit_id = ?2))"
        );
    }
}
