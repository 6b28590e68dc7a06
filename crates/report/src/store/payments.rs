//! SQL of payments as they were filed; what is told of them later lies in `later`.

use db::{DbError, Stmt, Tx, params};
use kernel::{Money, When};
use uuid::Uuid;
use vault::SubjectKey;

use super::{asset_text, read_asset};
use crate::ReportError;
use crate::model::{Payment, ReportId};

pub(super) const PAYMENT_INSERT: Stmt = Stmt::both(
    "report.payment_insert",
    "INSERT INTO report_payment (id, report_id, no, amount_minor, asset, earliest, latest, told_sealed, own_institution, \
     own_account_sealed, to_kind, to_sealed, to_masked, to_institution, reference_sealed) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
);
pub(super) const PAYMENTS: Stmt = Stmt::both(
    "report.payments",
    "SELECT id, report_id, no, amount_minor, asset, earliest, latest, told_sealed, own_institution, own_account_sealed, \
     to_kind, to_sealed, to_masked, to_institution, reference_sealed FROM report_payment WHERE report_id = ?1 ORDER BY no",
);
pub(super) const PAYMENTS_ERASE: Stmt = Stmt::both(
    "report.payments_erase",
    "UPDATE report_payment SET told_sealed = NULL, own_account_sealed = NULL, to_sealed = NULL, to_masked = '', \
     reference_sealed = NULL WHERE report_id = ?1",
);

/// A payment with its personal fields sealed.
#[derive(Debug, Clone)]
pub struct SealedPayment {
    /// Database key.
    pub id: Uuid,
    /// How much.
    pub amount: Money,
    /// When.
    pub when: When,
    /// Words of the time, sealed.
    pub told: Option<Vec<u8>>,
    /// Institution it was sent from.
    pub own_institution: String,
    /// Account it was sent from, sealed.
    pub own_account: Option<Vec<u8>>,
    /// Kind of the receiving identifier.
    pub to_kind: String,
    /// Receiving identifier, sealed.
    pub to: Option<Vec<u8>>,
    /// What may be shown of it.
    pub to_masked: String,
    /// Institution that keeps it.
    pub to_institution: String,
    /// Reference, sealed.
    pub reference: Option<Vec<u8>>,
}

/// Writes one payment.
///
/// # Errors
/// The database's.
pub fn insert_payment(tx: &mut Tx<'_>, report: ReportId, no: i64, p: &SealedPayment) -> Result<(), DbError> {
    let own = params![
        p.id,
        report,
        no,
        p.amount.minor(),
        asset_text(p.amount.asset()),
        p.when.earliest,
        p.when.latest,
        p.told.clone(),
        p.own_institution.as_str(),
        p.own_account.clone(),
        p.to_kind.as_str(),
        p.to.clone(),
        p.to_masked.as_str(),
        p.to_institution.as_str(),
        p.reference.clone()
    ];
    tx.execute(&PAYMENT_INSERT, own).map(drop)
}

/// All payments as they were filed, opened with the report's key.
pub(super) fn payments_as_filed(
    tx: &mut Tx<'_>,
    id: ReportId,
    key: &SubjectKey,
) -> Result<Vec<Payment>, ReportError> {
    let rows = tx.query(&PAYMENTS, params![id], |row| {
        let sealed: [Option<Vec<u8>>; 4] = [row.get(7)?, row.get(9)?, row.get(11)?, row.get(14)?];
        let payment = Payment {
            id: row.get(0)?,
            report: row.get(1)?,
            no: row.get(2)?,
            amount: Money::from_minor(row.get(3)?, read_asset(&row.get::<String>(4)?)?),
            when: When { earliest: row.get(5)?, latest: row.get(6)?, told: String::new() },
            own_institution: row.get(8)?,
            own_account: None,
            to_kind: row.get(10)?,
            to: None,
            to_masked: row.get(12)?,
            to_institution: row.get(13)?,
            reference: None,
        };
        Ok((payment, sealed))
    })?;
    rows.into_iter()
        .map(|(mut p, [told, own, to, reference])| {
            let open = |field: &str, cipher: Option<Vec<u8>>| cipher.map(|c| key.open(field, &c)).transpose();
            p.when.told =
                open("told", told)?.map(|t| t.into_inner(kernel::Purpose::HandleReport)).unwrap_or_default();
            p.own_account = open("own_account", own)?;
            p.to = open("to", to)?;
            p.reference = open("reference", reference)?;
            Ok(p)
        })
        .collect()
}
