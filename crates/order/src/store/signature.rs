//! The SQL of signatures under drafts.

use access::DelegationId;
use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::OrderId;

/// One row for each person. A signature that counts is never given twice; one that counts no more, because the
/// delegation behind it has ended, gives place to a new one of the same person.
pub(crate) const SIGN: Stmt = Stmt::both(
    "order.approval_insert",
    "INSERT INTO order_approval (id, order_id, approver, at, stead, delegation_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
     ON CONFLICT (order_id, approver) DO UPDATE SET at = excluded.at, stead = excluded.stead, \
     delegation_id = excluded.delegation_id",
);
pub(crate) const OF_ORDER: Stmt = Stmt::both(
    "order.approvals",
    "SELECT approver, at, stead, delegation_id FROM order_approval WHERE order_id = ?1 ORDER BY at, approver",
);

/// A signature as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// By whom, as [`kernel::Actor::label`].
    pub approver: String,
    /// When.
    pub at: Timestamp,
    /// In whose stead, and by which delegation; `None` in one's own right.
    pub stead: Option<(String, DelegationId)>,
}

/// Keeps a signature.
pub(crate) fn sign(tx: &mut Tx<'_>, id: Uuid, order: OrderId, given: &Given) -> Result<(), DbError> {
    let (stead, delegation) = given.stead.clone().unzip();
    let own = params![
        id,
        order,
        given.approver.as_str(),
        given.at,
        stead.unwrap_or_default(),
        delegation.map(DelegationId::uuid)
    ];
    tx.execute(&SIGN, own).map(drop)
}

/// Signatures under a draft, in the order in which they were given.
pub(crate) fn of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Given>, DbError> {
    tx.query(&OF_ORDER, params![order], |row| {
        let (stead, delegation): (String, Option<Uuid>) = (row.get(2)?, row.get(3)?);
        Ok(Given {
            approver: row.get(0)?,
            at: row.get(1)?,
            stead: delegation.map(|id| (stead, DelegationId::from_uuid(id))),
        })
    })
}
