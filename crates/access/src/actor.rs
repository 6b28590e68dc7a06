//! Staff as actors. `kernel::Actor` has one field for where a person works; it holds the unit qualified by its
//! organisation, `ORGANISATION/UNIT`. This module is the only place that writes and reads that form.

use app::App;
use kernel::{Actor, Clerk, Role};
use uuid::Uuid;

use crate::account::Seat;

const SEPARATOR: char = '/';

/// A member of staff of `organisation` and its `unit`.
#[must_use]
pub fn staff(user: Uuid, name: &str, roles: &[Role], organisation: &str, unit: &str) -> Actor {
    let unit = format!("{organisation}{SEPARATOR}{unit}");
    Actor::Staff { user, name: name.to_owned(), roles: roles.to_vec(), unit }
}

/// A member of staff of this node's own organisation and unit.
#[must_use]
pub fn member(app: &App, user: Uuid, name: &str, roles: &[Role]) -> Actor {
    staff(user, name, roles, &app.node.code, &app.node.unit)
}

/// The person of an account: of a partner institution where it has a seat there, else a member of staff.
pub(crate) fn of_account(
    user: Uuid,
    name: &str,
    seat: Option<&Seat>,
    roles: &[Role],
    (organisation, unit): (&str, &str),
) -> Actor {
    match seat {
        Some(seat) => Actor::Partner {
            partner: seat.partner,
            code: seat.code.clone(),
            person: Some(Clerk { user, name: name.to_owned(), manages: seat.manages }),
        },
        None => staff(user, name, roles, organisation, unit),
    }
}

/// The organisation a member of staff belongs to. `None` for all others, and for staff of no organisation.
#[must_use]
pub fn organisation_of(actor: &Actor) -> Option<&str> {
    qualified(actor).map(|(organisation, _)| organisation)
}

/// The unit a member of staff belongs to, without its organisation.
#[must_use]
pub fn unit_of(actor: &Actor) -> Option<&str> {
    qualified(actor).map(|(_, unit)| unit)
}

fn qualified(actor: &Actor) -> Option<(&str, &str)> {
    match actor {
        Actor::Staff { unit, .. } => {
            unit.split_once(SEPARATOR).filter(|(organisation, _)| !organisation.is_empty())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_is_qualified_by_its_organisation() {
        let actor = staff(Uuid::nil(), "A", &[Role::DutyOfficer], "dep", "duty/night");
        assert_eq!((organisation_of(&actor), unit_of(&actor)), (Some("dep"), Some("duty/night")));
    }

    #[test]
    fn without_an_organisation_there_is_none() {
        let of = |unit: &str| Actor::Staff {
            user: Uuid::nil(),
            name: String::new(),
            roles: vec![],
            unit: unit.into(),
        };
        for unit in ["", "duty", "/duty", "/"] {
            assert_eq!(organisation_of(&of(unit)), None, "{unit}");
        }
        assert_eq!(organisation_of(&Actor::Public), None);
        assert_eq!(organisation_of(&Actor::system("dep/x")), None);
    }
}
