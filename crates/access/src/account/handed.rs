//! Who may hold what somebody signs in with. Whoever makes or renews an account is handed its password and the secret of its
//! one-time codes, and may have kept both; whoever was handed what that one signs in with holds both as well, and so on. Two
//! accounts that one person may hold are no two persons.

use std::collections::BTreeSet;

use db::{DbError, Stmt, Tx, params};
use kernel::Actor;
use uuid::Uuid;

pub(crate) const HANDED: Stmt = Stmt::both(
    "staff_account.handed",
    "SELECT handed_by, partner_id IS NULL, active FROM staff_account WHERE id = ?1",
);

/// An account whose person may hold what another one signs in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The account.
    pub account: Uuid,
    /// Whether it is one of the staff; else of somebody at the console of partners.
    pub staff: bool,
    /// Whether it may sign in now.
    pub active: bool,
}

/// Who is written into an account as handed what it signs in with: a person, by label. What the command line prints is
/// handed on by whoever has the machine.
pub(crate) fn handed_to(actor: &Actor) -> Option<String> {
    match actor {
        Actor::Staff { .. } | Actor::Partner { person: Some(_), .. } => Some(actor.label()),
        _ => None,
    }
}

/// The account behind a label: `staff:UUID`, `partner:CODE:UUID`.
fn account_of(label: &str) -> Option<Uuid> {
    let (who, id) = label.rsplit_once(':')?;
    (who == "staff" || who.starts_with("partner:")).then(|| id.parse().ok()).flatten()
}

/// Everybody who may hold what the person behind a label signs in with: that person first, then whoever was handed it last,
/// whoever was handed what that one signs in with, and so on. Empty for a label behind which there is no account.
///
/// # Errors
/// The database's.
pub fn holders(tx: &mut Tx<'_>, label: &str) -> Result<Vec<Holder>, DbError> {
    let (mut all, mut next) = (Vec::<Holder>::new(), account_of(label));
    while let Some(account) = next.filter(|id| all.iter().all(|h| h.account != *id)) {
        let found: Option<(Option<String>, bool, bool)> =
            tx.query_opt(&HANDED, params![account], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let Some((handed, staff, active)) = found else { break };
        all.push(Holder { account, staff, active });
        next = handed.as_deref().and_then(account_of);
    }
    Ok(all)
}

/// Whether the people behind two labels are two: nobody may hold what both sign in with.
///
/// # Errors
/// The database's.
pub fn two_persons(tx: &mut Tx<'_>, one: &str, other: &str) -> Result<bool, DbError> {
    if one == other {
        return Ok(false);
    }
    let mut of = |label| -> Result<BTreeSet<Uuid>, DbError> {
        Ok(holders(tx, label)?.into_iter().map(|h| h.account).collect())
    };
    Ok(of(one)?.is_disjoint(&of(other)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_behind_a_label() {
        let id = Uuid::from_u128(7);
        for label in [format!("staff:{id}"), format!("partner:ZALT:{id}")] {
            assert_eq!(account_of(&label), Some(id), "{label}");
        }
        for label in
            ["system:setup".to_owned(), "partner:ZALT".to_owned(), format!("system:{id}"), id.to_string()]
        {
            assert_eq!(account_of(&label), None, "{label}");
        }
    }
}
