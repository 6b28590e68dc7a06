//! The people of an organisation with their names, for lists and choices.

use std::collections::BTreeMap;

use db::{DbError, Row, Stmt, Tx, params};
use kernel::{Personal, Purpose, Role};
use uuid::Uuid;
use vault::{Vault, VaultError};

use super::store::{NAME_FIELD, Office, roles_of};

macro_rules! select {
    () => {
        "SELECT id, name_sealed, roles, organisation_id, unit_id, active FROM staff_account "
    };
}
pub(crate) const COLLEAGUES: Stmt = Stmt::both(
    "staff_account.colleagues",
    concat!(
        select!(),
        "WHERE organisation_id = ?1 AND partner_id IS NULL AND active ORDER BY login LIMIT 1000"
    ),
);
pub(crate) const PERSON: Stmt =
    Stmt::both("staff_account.person", concat!(select!(), "WHERE id = ?1 AND partner_id IS NULL"));

pub(crate) const PERSONS: Stmt =
    app::among!("staff_account.persons", concat!(select!(), "WHERE partner_id IS NULL AND "), "id", "");

/// A member of staff as colleagues see one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The account.
    pub account: Uuid,
    /// The person's name.
    pub name: Personal<String>,
    /// The organisation.
    pub organisation: String,
    /// The unit within it.
    pub unit: String,
    /// Offices held now, and whether the account is open.
    pub office: Office,
}

fn read(row: &Row) -> Result<(Colleague, Vec<u8>), DbError> {
    let roles: Vec<Role> = roles_of(&row.get::<String>(2)?);
    let colleague = Colleague {
        account: row.get(0)?,
        name: Personal::new(String::new()),
        organisation: row.get(3)?,
        unit: row.get(4)?,
        office: Office { roles, active: row.get(5)? },
    };
    Ok((colleague, row.get(1)?))
}

fn named(
    tx: &mut Tx<'_>,
    vault: &Vault,
    (colleague, name): (Colleague, Vec<u8>),
) -> Result<Option<Colleague>, VaultError> {
    let Some(key) = vault.subject(tx, colleague.account)? else { return Ok(None) };
    Ok(Some(Colleague { name: key.open(NAME_FIELD, &name)?, ..colleague }))
}

/// Everybody of an organisation whose account is open, by login, at most 1,000.
///
/// # Errors
/// The vault's, the database's.
pub fn colleagues(tx: &mut Tx<'_>, vault: &Vault, organisation: &str) -> Result<Vec<Colleague>, VaultError> {
    let mut all = Vec::new();
    for row in tx.query(&COLLEAGUES, params![organisation], read)? {
        all.extend(named(tx, vault, row)?);
    }
    Ok(all)
}

/// One member of staff, also of a closed account; `None` for anybody else.
///
/// # Errors
/// The vault's, the database's.
pub fn colleague(tx: &mut Tx<'_>, vault: &Vault, account: Uuid) -> Result<Option<Colleague>, VaultError> {
    match tx.query_opt(&PERSON, params![account], read)? {
        Some(row) => named(tx, vault, row),
        None => Ok(None),
    }
}

/// The names behind labels (`staff:UUID`), each once; who is nobody of the staff has none.
///
/// # Errors
/// The vault's, the database's.
pub fn names_of(
    tx: &mut Tx<'_>,
    vault: &Vault,
    labels: impl IntoIterator<Item = String>,
) -> Result<BTreeMap<String, String>, VaultError> {
    let mut by_id = BTreeMap::new();
    for label in labels {
        if let Some(id) = label.strip_prefix("staff:").and_then(|id| id.parse::<Uuid>().ok()) {
            by_id.insert(id, label);
        }
    }
    if by_id.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = tx.query(&PERSONS, &[vault::ids(by_id.keys().copied())], read)?;
    let keys = vault.subjects(tx, found.iter().map(|(colleague, _)| colleague.account))?;
    let mut all = BTreeMap::new();
    for (colleague, sealed) in found {
        if let (Some(key), Some(label)) = (keys.get(&colleague.account), by_id.remove(&colleague.account)) {
            all.insert(label, key.open(NAME_FIELD, &sealed)?.into_inner(Purpose::Operate));
        }
    }
    Ok(all)
}
