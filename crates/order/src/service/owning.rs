//! Somebody has told of an account as their own, and a report asks to hold what came into it. Whose word is true
//! nobody knows, and either may be a lie: an innocent who is to be held, or a mule's helper who builds a shield by a
//! report. So a word counts only for what it can: while its report stands, for the institution that it names, for
//! minutes if no institution confirms anything of it, and until a person has looked if one does.

use app::App;
use audit::Act;
use db::Tx;
use kernel::{Purpose, Timestamp};
use profile::Measure;
use serde_json::json;

use super::drafting::{part, redraft, send_in};
use super::sanction;
use crate::model::{Direction, NewOrder, Object, ObjectState, Order, Status, Trigger};
use crate::store::{self, objects};
use crate::{OrderError, law};

/// Why a hold waits for some minutes: somebody has told of the account as their own.
pub(crate) const TOLD: &str = "own_account";
/// Why a hold waits for a person: the same, and an institution has found a payment that was made from it.
const CONFIRMED: &str = "own_account_confirmed";
/// So many of the latest reports that say so are looked at: enough that a true word is not hidden behind false ones, and not
/// so many that they hold up everybody else.
const MOST_WORDS: u32 = 1_000;
/// How many drafts one tick looks at.
const BATCH: i64 = 50;

/// How far somebody's word that an account is theirs is borne out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Word {
    /// Nobody says so, or nobody any more.
    None,
    /// It was told, and that is all.
    Told,
    /// An institution has found a payment that was made from it.
    Confirmed,
}

impl Word {
    /// Why a hold waits because of it.
    pub(crate) const fn why(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Told => Some(TOLD),
            Self::Confirmed => Some(CONFIRMED),
        }
    }
}

/// The strongest word against holding what a new order names. The payer's own account, which the payer's bank is asked
/// about, is another matter.
pub(crate) fn against(tx: &mut Tx<'_>, app: &App, new: &NewOrder) -> Result<Word, OrderError> {
    if new.measure != Measure::Hold {
        return Ok(Word::None);
    }
    let mut strongest = Word::None;
    for object in &new.objects {
        let value = object.value.open(Purpose::ExecuteOrder);
        let word = word(tx, app, (&object.kind, value, object.trigger.as_ref()), &new.executor)?;
        strongest = strongest.max(word);
    }
    Ok(strongest)
}

fn word(
    tx: &mut Tx<'_>,
    app: &App,
    (kind, value, trigger): (&str, &String, Option<&Trigger>),
    keeper: &str,
) -> Result<Word, OrderError> {
    let incoming = trigger.is_some_and(|t| t.direction == Direction::In);
    let Some(kind) = identifier::Kind::parse(kind).filter(|_| incoming) else { return Ok(Word::None) };
    let mut strongest = Word::None;
    for report in identifier::owners(tx, &app.vault, kind, value, MOST_WORDS)? {
        let id = report::ReportId::from_uuid(report);
        let Some(own) = report::service::own_payments(tx, app, id, value, keeper)? else { continue };
        strongest = strongest.max(Word::Told);
        let all = objects::of_report(tx, id)?;
        if all.iter().any(|o| o.payment.is_some_and(|p| own.contains(&p)) && has_found(o.state)) {
            return Ok(Word::Confirmed);
        }
    }
    Ok(strongest)
}

/// Whether the institution that was asked has found the payment.
const fn has_found(state: ObjectState) -> bool {
    use ObjectState as S;
    matches!(
        state,
        S::Held
            | S::PartlyHeld
            | S::HeldElsewhere
            | S::Moved
            | S::Cash
            | S::Spent
            | S::Abroad
            | S::Released
            | S::Lapsed
            | S::Returned
    )
}

/// Sends what waited only because of a word that nobody has confirmed meanwhile; what was confirmed waits for a person.
/// Gives how many went out.
pub(super) fn let_out(tx: &mut Tx<'_>, app: &App, now: Timestamp) -> Result<usize, OrderError> {
    let Some(limits) = app.profile.limits(now) else { return Ok(0) };
    let before = now.plus_secs(-i64::from(limits.own_account_minutes) * 60);
    let mut out = 0;
    for order in store::waiting(tx, TOLD, before, BATCH)? {
        tx.lock_row("orders", order.id.uuid())?;
        let Some(order) = store::find(tx, order.id)?.filter(|o| o.status == Status::Drafted) else {
            continue;
        };
        out += usize::from(decide(tx, app, order, now)?);
    }
    Ok(out)
}

/// Judges one such draft by what is known now. Says whether it went out.
fn decide(tx: &mut Tx<'_>, app: &App, order: Order, now: Timestamp) -> Result<bool, OrderError> {
    let all = objects::of_order(tx, order.id)?;
    if strongest(tx, app, &order, &all)? == Word::Confirmed {
        return wait(tx, app, order, CONFIRMED);
    }
    let (before, cap) = (order.clone(), order.cap);
    let (order, ruling) = match redraft(tx, app, &part(), order, cap, now) {
        Ok(redrafted) => redrafted,
        Err(e) if e.is_no_way() => return wait(tx, app, before, kernel::Coded::code(&e)),
        Err(e) => return Err(e),
    };
    let law::Ruling { standing, why_waiting, approvers, basis, .. } = ruling;
    let Some(approval) = standing else {
        return wait(tx, app, order, why_waiting.as_deref().unwrap_or("no_standing_approval"));
    };
    let order = Order { approval: Some(approval), ..order };
    let sanctioned = sanction::standing(tx, &order, basis.record.prosecutor_sanction)?;
    send_in(tx, app, &part(), order, (0, approvers), sanctioned, now)?;
    Ok(true)
}

fn strongest(tx: &mut Tx<'_>, app: &App, order: &Order, all: &[Object]) -> Result<Word, OrderError> {
    let Some(key) = app.vault.subject(tx, order.report.uuid())? else { return Ok(Word::None) };
    let mut strongest = Word::None;
    for object in all {
        let opened = objects::open(tx, object, &key)?;
        let value = opened.value.open(Purpose::ExecuteOrder);
        let found = word(tx, app, (&object.kind, value, opened.trigger.as_ref()), &order.executor)?;
        strongest = strongest.max(found);
    }
    Ok(strongest)
}

/// It waits for a person now, for another reason; the record says so.
fn wait(tx: &mut Tx<'_>, app: &App, order: Order, why: &str) -> Result<bool, OrderError> {
    let order = Order { why_waiting: why.to_owned(), ..order };
    store::save(tx, &order, Status::Drafted)?;
    let facts = json!({"why": why, "was": TOLD});
    app.record(tx, &part(), &Act { facts, ..Act::about("order.waits_on", "order", order.id.uuid()) })?;
    app.tell(tx, crate::DRAFTED, order.id.uuid(), json!({"report": order.report}))?;
    Ok(false)
}
