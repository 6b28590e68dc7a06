//! All SQL about standing approvals.

use access::OfficeHeld;
use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, params};
use kernel::{Asset, Header, Money, Role, Timestamp};
use profile::{Measure, Scope};
use uuid::Uuid;

use crate::error::LegalBasisError;
use crate::standing::model::{Ending, NewStanding, Signature, StandingApproval, StandingId, Status};
use crate::standing::rules::{self, NotCovered, Proposal, Reason};

const OWN_COLUMNS: usize = 15;

macro_rules! own_columns {
    () => {
        "version, measure, scope, asset, cap_order_minor, cap_day_minor, hop_limit, valid_from, valid_to, reason, status, \
         in_force_at, ended_at, ended_by, ended_reason"
    };
}
macro_rules! select {
    () => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM standing_approval")
    };
}

pub(crate) const INSERT: Stmt = Stmt::both(
    "standing.insert",
    concat!(
        "INSERT INTO standing_approval (",
        header_columns!(),
        ", ",
        own_columns!(),
        ") VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31) ON CONFLICT DO NOTHING"
    ),
);
pub(crate) const SAVE: Stmt = Stmt::both(
    "standing.save",
    "UPDATE standing_approval SET status = ?4, in_force_at = ?5, ended_at = ?6, ended_by = ?7, ended_reason = ?8 \
     WHERE id = ?1 AND version = ?2 AND status = ?3",
);
pub(crate) const VERSIONS: Stmt =
    Stmt::both("standing.versions", concat!(select!(), " WHERE id = ?1 ORDER BY version"));
pub(crate) const ALL: Stmt =
    Stmt::both("standing.all", concat!(select!(), " ORDER BY created_at DESC, id, version DESC LIMIT ?1"));
pub(crate) const IN_FORCE: Stmt = Stmt::both(
    "standing.in_force",
    concat!(
        select!(),
        " WHERE status = 'in_force' AND measure = ?1 AND valid_from <= ?2 AND valid_to > ?2 ORDER BY valid_to, id"
    ),
);
pub(crate) const SIGN: Stmt = Stmt::both(
    "standing.sign",
    "INSERT INTO standing_signature (approval_id, version, approver, name, signed_at) VALUES (?1, ?2, ?3, ?4, ?5) \
     ON CONFLICT DO NOTHING",
);
pub(crate) const SIGNATURES: Stmt = Stmt::both(
    "standing.signatures",
    "SELECT approver, name, signed_at FROM standing_signature WHERE approval_id = ?1 AND version = ?2 \
     ORDER BY signed_at, approver",
);

fn read(row: &Row) -> Result<StandingApproval, DbError> {
    let (id, header) = app::header::read(row)?;
    let own = app::header::WIDTH;
    let text = |no: usize| row.get::<String>(own.saturating_add(no));
    let int = |no: usize| row.get::<i64>(own.saturating_add(no));
    let time = |no: usize| row.get::<Option<Timestamp>>(own.saturating_add(no));
    let broken = |what: &str| DbError::Bug(format!("a standing approval has a broken {what}"));
    let asset: Asset = serde_json::from_value(text(3)?.into()).map_err(|_| broken("asset"))?;
    let terms = NewStanding {
        amends: None,
        basis: header.basis.ok_or_else(|| broken("basis"))?,
        measure: Measure::parse(&text(1)?).ok_or_else(|| broken("measure"))?,
        scope: Scope::parse(&text(2)?).ok_or_else(|| broken("scope"))?,
        cap_per_order: Money::from_minor(int(4)?, asset),
        cap_per_day: Money::from_minor(int(5)?, asset),
        hop_limit: u8::try_from(int(6)?).map_err(|_| broken("hop limit"))?,
        valid_from: row.get(own.saturating_add(7))?,
        valid_to: row.get(own.saturating_add(8))?,
        reason: text(9)?,
    };
    let ended: Option<Timestamp> = time(12)?;
    let ending = match ended {
        None => None,
        Some(at) => Some(Ending { at, by: text(13)?, reason: text(14)? }),
    };
    Ok(StandingApproval {
        id: StandingId::from_uuid(id),
        version: int(0)?,
        header,
        terms,
        status: Status::parse(&text(10)?),
        signatures: Vec::new(),
        in_force_at: time(11)?,
        ending,
    })
}

fn with_signatures(tx: &mut Tx<'_>, mut approval: StandingApproval) -> Result<StandingApproval, DbError> {
    approval.signatures = tx.query(&SIGNATURES, params![approval.id, approval.version], |row| {
        let (approver, name, signed_at) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Signature { approver, name, signed_at, offices: Vec::new() })
    })?;
    for signature in &mut approval.signatures {
        signature.offices = offices(access::office_now(tx, signature.approver)?);
    }
    Ok(approval)
}

fn offices(held: Option<OfficeHeld>) -> Vec<Role> {
    held.filter(|office| office.active).map(|office| office.roles).unwrap_or_default()
}

/// Asks anew how the signers stand, and holds their accounts until the transaction ends: whoever is put out meanwhile is
/// put out before or after, never between.
///
/// # Errors
/// The database's.
pub fn hold_signers(tx: &mut Tx<'_>, approval: &mut StandingApproval) -> Result<(), DbError> {
    for signature in &mut approval.signatures {
        signature.offices = offices(access::office_of(tx, &format!("staff:{}", signature.approver))?);
    }
    Ok(())
}

/// Stores a new version; somebody else who stored the same one first makes the transaction run again.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, approval: &StandingApproval) -> Result<(), DbError> {
    let t = &approval.terms;
    let asset =
        serde_json::to_value(t.cap_per_order.asset()).ok().and_then(|v| v.as_str().map(str::to_owned));
    let own: &[db::Value; OWN_COLUMNS] = params![
        approval.version,
        t.measure.as_str(),
        t.scope.as_str(),
        asset,
        t.cap_per_order.minor(),
        t.cap_per_day.minor(),
        i64::from(t.hop_limit),
        t.valid_from,
        t.valid_to,
        t.reason.as_str(),
        approval.status.as_str(),
        approval.in_force_at,
        None::<Timestamp>,
        None::<String>,
        None::<String>
    ];
    let header: &Header = &approval.header;
    // The terms are fixed; status and ending change.
    tx.guarded(&INSERT, &app::header::values(approval.id.uuid(), header, own, 10))
}

/// Saves how far it has come; somebody who was faster makes the transaction run again.
///
/// # Errors
/// The database's.
pub fn save(tx: &mut Tx<'_>, approval: &StandingApproval, before: Status) -> Result<(), DbError> {
    let ending = approval.ending.as_ref();
    let own = params![
        approval.id,
        approval.version,
        before.as_str(),
        approval.status.as_str(),
        approval.in_force_at,
        ending.map(|e| e.at),
        ending.map(|e| e.by.clone()),
        ending.map(|e| e.reason.clone())
    ];
    tx.guarded(&SAVE, own)
}

/// Stores a signature; the same person's second one makes the transaction run again.
///
/// # Errors
/// The database's.
pub fn insert_signature(
    tx: &mut Tx<'_>,
    approval: &StandingApproval,
    signature: &Signature,
) -> Result<(), DbError> {
    let own = params![
        approval.id,
        approval.version,
        signature.approver,
        signature.name.as_str(),
        signature.signed_at
    ];
    tx.guarded(&SIGN, own)
}

/// All versions of one approval, oldest first, with their signatures.
///
/// # Errors
/// The database's.
pub fn versions(tx: &mut Tx<'_>, id: StandingId) -> Result<Vec<StandingApproval>, DbError> {
    let rows = tx.query(&VERSIONS, params![id], read)?;
    rows.into_iter().map(|row| with_signatures(tx, row)).collect()
}

/// One version, as an order keeps it.
///
/// # Errors
/// The database's.
pub fn get(tx: &mut Tx<'_>, id: Uuid, version: i64) -> Result<Option<StandingApproval>, DbError> {
    Ok(versions(tx, StandingId::from_uuid(id))?.into_iter().find(|a| a.version == version))
}

/// The latest `limit` versions of all approvals, newest first.
///
/// # Errors
/// The database's.
pub fn all(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<StandingApproval>, DbError> {
    let rows = tx.query(&ALL, params![limit], read)?;
    rows.into_iter().map(|row| with_signatures(tx, row)).collect()
}

/// Every approval in force at `at` for a measure whose basis is in force at `at`, the soonest to end first.
/// It is read anew each time: a revocation works at once.
///
/// # Errors
/// The database's.
pub fn in_force(tx: &mut Tx<'_>, measure: Measure, at: Timestamp) -> Result<Vec<StandingApproval>, DbError> {
    let rows = tx.query(&IN_FORCE, params![measure.as_str(), at], read)?;
    let mut found = Vec::new();
    for row in rows {
        let approval = with_signatures(tx, row)?;
        if is_backed(tx, &approval, at)? {
            found.push(approval);
        }
    }
    Ok(found)
}

/// Counted again at every use: whatever wrote the row, and whoever has left the office since, too few signatures of
/// people who stand cover nothing.
fn is_backed(tx: &mut Tx<'_>, approval: &StandingApproval, at: Timestamp) -> Result<bool, DbError> {
    let basis = crate::store::version_in_force(tx, approval.terms.basis.0, at)?;
    let needed = basis.as_ref().filter(|b| b.pair() == approval.terms.basis);
    let needed = needed.and_then(|b| crate::rules::approvers_needed(b, true));
    Ok(needed.is_some_and(|n| approval.live_signers(&n.roles) >= usize::from(n.count)))
}

/// The approval under which the order may go out at `at`. `sent_today` locks the candidate's row, so that no
/// two orders fit under the last of a day's cap and none slips out beside a revocation, and says how much has
/// gone out under it today, in smallest units.
///
/// # Errors
/// [`LegalBasisError::NotCovered`] with the reasons of the nearest candidate (the one with the fewest), or
/// the database's.
pub fn covering(
    tx: &mut Tx<'_>,
    order: &Proposal,
    at: Timestamp,
    mut sent_today: impl FnMut(&mut Tx<'_>, &StandingApproval) -> Result<i64, DbError>,
) -> Result<StandingApproval, LegalBasisError> {
    let mut nearest: Option<NotCovered> = None;
    for approval in in_force(tx, order.measure, at)? {
        let sent_today_minor = sent_today(tx, &approval)?;
        // The caller took the approval's row meanwhile: whatever was revoked before that is seen now.
        let now = in_force(tx, order.measure, at)?.into_iter().find(|now| now.pair() == approval.pair());
        let Some(mut approval) = now else { continue };
        hold_signers(tx, &mut approval)?;
        if !is_backed(tx, &approval, at)? {
            continue;
        }
        match rules::covers(&approval, &Proposal { sent_today_minor, ..order.clone() }, at) {
            Ok(()) => return Ok(approval),
            Err(reasons) if nearest.as_ref().is_none_or(|n| reasons.0.len() < n.0.len()) => {
                nearest = Some(reasons)
            }
            Err(_) => {}
        }
    }
    Err(nearest.unwrap_or_else(|| NotCovered(vec![Reason::NotInForce(Status::Draft)])).into())
}
