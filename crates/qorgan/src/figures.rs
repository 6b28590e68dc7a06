//! What the platform says about a demonstration: the other side of the country's own ledger.

use std::io::Write as _;

use app::App;
use db::Tx;
use kernel::Timestamp;
use order::answer::{self, Code};
use order::{ObjectState, Order, Status};
use profile::Measure;
use report::ReportId;
use serde_json::{Value, json};

use crate::node::{self, NodeArgs};

/// Sums over all reports.
#[derive(Default)]
struct Sums {
    reports: i64,
    kazakh: i64,
    orders: i64,
    hops: i64,
    deepest: i64,
    holds: i64,
    lapsed: i64,
    released: i64,
    lost: i64,
    held_ever: i64,
    held_now: i64,
    to_hold: Vec<i64>,
    by_object: Vec<Value>,
    answers: Vec<Value>,
    measures: std::collections::BTreeMap<&'static str, i64>,
    measures_answered: std::collections::BTreeMap<&'static str, i64>,
    /// Reports in registers by `REGISTER.STATE`.
    registers: std::collections::BTreeMap<String, i64>,
    /// Numbers that stand: the report's, the register, the number there.
    references: Vec<Value>,
}

/// Prints the figures.
///
/// # Errors
/// The database's.
pub fn print(args: &NodeArgs) -> anyhow::Result<()> {
    let app = node::open(args)?;
    let me = app.clone();
    let sums = app.db.read_blocking(move |tx| collect(tx, &me))?;
    let (profile, currency) = (app.profile.clone(), app.profile.currency());
    let ever = Timestamp::from_secs(0);
    let prevented =
        app.db.read_blocking(move |tx| registry::store::prevented(tx, ever, |code| profile.asset(code)))?;
    let prevented = prevented.into_iter().find(|p| p.sum.asset() == currency);
    let schemes: std::collections::BTreeMap<String, String> =
        app.db.read_blocking(scheme::store::member::all_numbers)?.into_iter().collect();
    let mut to_hold = sums.to_hold.clone();
    to_hold.sort_unstable();
    let now = app.office.now();
    // What can be asked for by an order; the end of a restriction is a message of its own.
    let measures = Measure::ALL.iter().filter(|m| **m != Measure::Release);
    let measures = measures.filter(|m| app.profile.clocks(**m, now).is_some()).map(|m| m.as_str());
    let rank = |percent: usize| to_hold.get(to_hold.len().saturating_sub(1) * percent / 100).copied();
    let figures = json!({
        "reports": sums.reports, "reports_kk": sums.kazakh, "orders": sums.orders, "hops_opened": sums.hops,
        "deepest_hop": sums.deepest, "holds": sums.holds, "lapsed": sums.lapsed, "released": sums.released,
        "lost": sums.lost, "held_ever": sums.held_ever, "held_now": sums.held_now,
        "median_secs_to_hold": rank(50), "p90_secs_to_hold": rank(90), "holds_by_object": sums.by_object,
        "answers_by_object": sums.answers, "measures": sums.measures, "measures_answered": sums.measures_answered,
        "prevented": prevented.as_ref().map_or(0, |p| p.sum.minor()),
        "prevented_payers": prevented.as_ref().map_or(0, |p| p.payers),
        "schemes": schemes,
        "registers": sums.registers, "references": sums.references,
        "country_registers": app.profile.registers("report", now).map(|r| r.code.as_str()).collect::<Vec<_>>(),
        "country_measures": measures.collect::<Vec<_>>(),
    });
    writeln!(std::io::stdout(), "{figures}")?;
    Ok(())
}

fn collect(tx: &mut Tx<'_>, app: &App) -> Result<Sums, order::OrderError> {
    let mut sums = Sums::default();
    for id in report::store::all_ids(tx)? {
        one(tx, app, id, &mut sums)?;
    }
    Ok(sums)
}

fn one(tx: &mut Tx<'_>, app: &App, id: ReportId, sums: &mut Sums) -> Result<(), order::OrderError> {
    let Some(report) = report::store::find(tx, id)? else { return Ok(()) };
    sums.reports += 1;
    sums.kazakh += i64::from(report.header.lang == kernel::Lang::KK);
    sums.lost += report.loss.minor();
    registers(tx, &report, sums)?;
    let orders = order::service::of_report_in(tx, id)?;
    for order in &orders {
        sums.orders += 1;
        *sums.measures.entry(order.measure.as_str()).or_default() += 1;
        *sums.measures_answered.entry(order.measure.as_str()).or_default() +=
            i64::from(order.answered_at.is_some());
        sums.hops += i64::from(order.hop > 1 && order.approval.is_some());
        sums.deepest = sums.deepest.max(order.hop);
        sums.released += i64::from(order.status == Status::Released);
    }
    for object in order::service::objects_of_report_in(tx, id)? {
        let Some(order) = orders.iter().find(|o| o.id == object.order) else { continue };
        sums.held_now += object.held.minor();
        let facts = order::service::facts_in(tx, app, &object)?;
        let codes: Vec<String> = facts.iter().map(|f| f.code.as_string()).collect();
        sums.answers.push(json!({"object_id": object.id, "codes": codes}));
        let held = facts.iter().filter(|f| matches!(f.code, Code::H10 | Code::H11));
        let Some(first) = held.clone().min_by_key(|f| f.at) else { continue };
        // What was held before anything ended it: the folded state of the holds alone.
        let holds: Vec<answer::Fact> = held.cloned().collect();
        let ever = answer::fold(object.cap, &holds).held.minor();
        sums.holds += 1;
        sums.held_ever += ever;
        sums.lapsed += i64::from(object.state == ObjectState::Lapsed);
        sums.to_hold.push(secs(report.header.created_at, first.at));
        sums.by_object.push(entry(order, object.id.to_string(), ever, object.held.minor()));
    }
    Ok(())
}

/// Where the report stands in the country's registers, and its numbers there.
fn registers(tx: &mut Tx<'_>, report: &report::Report, sums: &mut Sums) -> Result<(), db::DbError> {
    for matter in registration::store::of_subject(tx, "report", report.id.uuid())? {
        let key = format!("{}.{}", matter.system, matter.state.as_str());
        *sums.registers.entry(key).or_default() += 1;
    }
    for one in registration::store::reference::of_subject(tx, "report", report.id.uuid())? {
        if one.wrong_at.is_none() {
            sums.references
                .push(json!({"report": report.number, "register": one.system, "number": one.number}));
        }
    }
    Ok(())
}

fn entry(order: &Order, object: String, ever: i64, now: i64) -> Value {
    json!({"order_id": order.id, "object_id": object, "executor": order.executor, "held": ever, "held_now": now})
}

fn secs(from: Timestamp, to: Timestamp) -> i64 {
    to.micros_since(from) / 1_000_000
}
