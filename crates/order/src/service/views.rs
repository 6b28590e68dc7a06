//! What pages and the slices above read about orders.

use std::collections::BTreeSet;

use access::{Action, Resource, Stage};
use app::App;
use db::{DbError, Tx};
use kernel::{Actor, Purpose, Timestamp};
use profile::{AddresseeKind, Measure};
use report::ReportId;

use crate::answer::{Code, Fact, Said, Stands, wants_a_person};
use crate::details::Details;
use crate::model::{Object, Opened, Order, OrderId, Sanction, Status, Step};
use crate::store::{self, answers, objects};
use crate::{OrderError, measure};

/// Most rows of a list on one page.
const LIMIT: i64 = 500;

/// An order with what it names, its route and its approvers.
#[derive(Debug, Clone)]
pub struct OrderView {
    /// The order.
    pub order: Order,
    /// What it names.
    pub objects: Vec<Object>,
    /// Its route.
    pub steps: Vec<Step>,
    /// Who approved it.
    pub approvals: Vec<String>,
    /// What was put before the prosecutor.
    pub sanction: Option<Sanction>,
}

/// The clock board.
#[derive(Debug, Clone)]
pub struct Board {
    /// Drafts that wait for a person.
    pub drafts: Vec<OrderView>,
    /// Orders that bind a partner, the next due first, at most [`LIMIT`].
    pub open: Vec<OrderView>,
    /// How many orders wait for a partner's word, however many are listed.
    pub waiting: i64,
    /// Ends of holds that no partner has confirmed yet, and by when they should be; the oldest first.
    pub releasing: Vec<(OrderView, Timestamp)>,
    /// Orders whose holders should have been told by now, and since when; the oldest first.
    pub untold: Vec<(OrderView, Timestamp)>,
    /// Partners by code, for names and duty phones.
    pub partners: Vec<partner::Partner>,
}

pub(super) fn view(tx: &mut Tx<'_>, order: Order) -> Result<OrderView, OrderError> {
    let (objects, steps) = (objects::of_order(tx, order.id)?, store::steps(tx, order.id)?);
    let approvals =
        store::signature::of_order(tx, order.id)?.into_iter().map(|given| given.approver).collect();
    let sanction = store::sanction::find(tx, order.id)?;
    Ok(OrderView { order, objects, steps, approvals, sanction })
}

/// On what ground an order stands: what the law said when it left (or, of a draft, when it was asked for), and whether
/// it could leave today. `None` where the executor is no institution that the law names.
///
/// # Errors
/// The database's.
pub fn explain(
    tx: &mut Tx<'_>,
    order: &Order,
    now: Timestamp,
) -> Result<Option<legal_basis::Explanation>, OrderError> {
    let Some(pair) = order.header.basis else { return Ok(None) };
    let executor = partner::store::by_code(tx, &order.executor)?;
    let Some(addressee) = executor.and_then(|p| AddresseeKind::parse(&p.kind)) else { return Ok(None) };
    let original = super::extending::original(tx, order)?;
    let measure = match &original {
        Some(original) => super::extending::measure_under(tx, pair, original.measure)?,
        None => order.measure,
    };
    let amount = original.as_ref().map_or(order.cap, |o| o.cap);
    let proposal = legal_basis::Proposal {
        measure,
        addressee,
        scope: order.scope,
        amount: measure::is_about_money(original.as_ref().map_or(order.measure, |o| o.measure))
            .then_some(amount),
        reasoned: store::reason(tx, order.id)?.is_some(),
        spares_exempt: true,
    };
    let at = order.sent_at.unwrap_or(order.requested_at);
    Ok(Some(legal_basis::explain(tx, pair, &proposal, at, now)?))
}

/// One order.
///
/// # Errors
/// Absent or hidden.
pub async fn open(app: &App, actor: &Actor, id: OrderId) -> Result<OrderView, OrderError> {
    let actor = actor.clone();
    app.db
        .read(move |tx| {
            let order = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
            let stage = if order.status.is_open() { Stage::Sent } else { Stage::Draft };
            let asked = store::sanction::find(tx, id)?.is_some();
            let mut resource =
                Resource::new("order", id.uuid(), &order.header).at(stage).put_to_prosecutor(asked);
            if matches!(actor, Actor::Partner { .. }) {
                resource = super::addressed::resource(&actor, &order);
            }
            access::require(&actor, Action::ViewOrder, &resource)?;
            view(tx, order)
        })
        .await
}

/// Orders that serve a report.
///
/// # Errors
/// The database's.
pub async fn of_report(app: &App, actor: &Actor, report: ReportId) -> Result<Vec<OrderView>, OrderError> {
    let actor = actor.clone();
    app.db
        .read(move |tx| {
            let mut all = Vec::new();
            for order in of_report_in(tx, report)? {
                let resource = Resource::new("order", order.id.uuid(), &order.header);
                if access::allowed(&actor, Action::ViewOrder, &resource) {
                    all.push(view(tx, order)?);
                }
            }
            Ok(all)
        })
        .await
}

/// The same in a running transaction, bare, for the slices above.
///
/// # Errors
/// The database's.
pub fn of_report_in(tx: &mut Tx<'_>, report: ReportId) -> Result<Vec<Order>, OrderError> {
    Ok(store::of_report(tx, report)?)
}

/// Objects of all orders that serve a report, for the slices above.
///
/// # Errors
/// The database's.
pub fn objects_of_report_in(tx: &mut Tx<'_>, report: ReportId) -> Result<Vec<Object>, OrderError> {
    Ok(objects::of_report(tx, report)?)
}

/// Orders that serve any of these reports, for the slices above, and the objects of all orders of these reports.
///
/// # Errors
/// The database's.
pub fn of_reports_in(tx: &mut Tx<'_>, reports: &[ReportId]) -> Result<(Vec<Order>, Vec<Object>), OrderError> {
    let ids = || reports.iter().map(|id| id.uuid());
    Ok((store::of_reports(tx, ids())?, objects::of_reports(tx, ids())?))
}

/// An object with account and trigger, for the slices above.
///
/// # Errors
/// Erased; the database's.
pub fn open_object_in(
    tx: &mut Tx<'_>,
    app: &App,
    object: &Object,
    _purpose: Purpose,
) -> Result<Opened, OrderError> {
    let key = app.vault.subject(tx, object.report.uuid())?.ok_or(OrderError::Erased)?;
    objects::open(tx, object, &key)
}

/// What an order says of an object beside its name, for the slices above. Whom it names stays closed.
///
/// # Errors
/// Erased; the database's.
pub fn details_in(tx: &mut Tx<'_>, app: &App, object: &Object) -> Result<Option<Details>, OrderError> {
    let key = app.vault.subject(tx, object.report.uuid())?.ok_or(OrderError::Erased)?;
    Ok(objects::open(tx, object, &key)?.details)
}

/// All facts stated about an object, for the slices above.
///
/// # Errors
/// Erased; the database's.
pub fn facts_in(tx: &mut Tx<'_>, app: &App, object: &Object) -> Result<Vec<Fact>, OrderError> {
    let key = app.vault.subject(tx, object.report.uuid())?.ok_or(OrderError::Erased)?;
    answers::facts(tx, object.id, &key)
}

/// Drafts that wait for a person.
///
/// # Errors
/// Forbidden.
pub async fn drafts(app: &App, actor: &Actor) -> Result<Vec<OrderView>, OrderError> {
    access::require(actor, Action::ViewQueue, &Resource::any("desk"))?;
    let code = app.node.code.clone();
    app.db
        .read(move |tx| {
            let orders = store::drafts(tx, &code, LIMIT)?;
            orders.into_iter().map(|o| view(tx, o)).collect()
        })
        .await
}

/// The clock board.
///
/// # Errors
/// Forbidden.
pub async fn board(app: &App, actor: &Actor) -> Result<Board, OrderError> {
    access::require(actor, Action::ViewQueue, &Resource::any("desk"))?;
    let (code, profile, now) = (app.node.code.clone(), app.profile.clone(), app.office.now());
    let minutes = profile.clocks(profile::Measure::Release, now).map_or(0, |c| i64::from(c.action_minutes));
    app.db
        .read(move |tx| {
            let drafts = store::drafts(tx, &code, LIMIT)?;
            let open = store::open(tx, &code, LIMIT)?;
            let mut releasing = Vec::new();
            for (id, since) in store::delivery::releasing(tx, LIMIT)? {
                if let Some(order) = store::find(tx, id)?.filter(|o| o.header.organisation_id == code) {
                    releasing.push((view(tx, order)?, since.plus_secs(minutes * 60)));
                }
            }
            let mut untold = Vec::new();
            for notice in store::notice::overdue(tx, now, LIMIT)? {
                if let Some(order) =
                    store::find(tx, notice.order)?.filter(|o| o.header.organisation_id == code)
                {
                    untold.push((view(tx, order)?, notice.due_at));
                }
            }
            let waiting = store::counts(tx, &code)?
                .iter()
                .filter(|(status, _)| ["sent", "acknowledged"].contains(&status.as_str()))
                .map(|(_, n)| *n)
                .sum();
            Ok(Board {
                releasing,
                untold,
                waiting,
                drafts: drafts.into_iter().map(|o| view(tx, o)).collect::<Result<_, _>>()?,
                open: open.into_iter().map(|o| view(tx, o)).collect::<Result<_, _>>()?,
                partners: partner::store::all(tx)?,
            })
        })
        .await
}

/// All codes that institutions answered in about a report's objects, for the slices above. Codes are not sealed:
/// asking for them opens nothing.
///
/// # Errors
/// The database's.
pub fn codes_of_report_in(tx: &mut Tx<'_>, report: ReportId) -> Result<BTreeSet<Code>, DbError> {
    Ok(answers::said(tx, report)?.into_iter().flat_map(|(_, said)| said.codes).collect())
}

/// Whether an answer about these objects of a report wants a person to look at it.
///
/// # Errors
/// The database's.
pub fn to_look_at_in(
    tx: &mut Tx<'_>,
    report: ReportId,
    orders: &[Order],
    objects: &[Object],
) -> Result<bool, DbError> {
    let said = answers::said(tx, report)?;
    Ok(objects.iter().any(|object| {
        let of: Vec<Said> = said.iter().filter(|(id, _)| *id == object.id).map(|(_, s)| s.clone()).collect();
        let order = orders.iter().find(|o| o.id == object.order && o.status != Status::Cancelled);
        order.is_some_and(|order| {
            let stands = Stands {
                let_go: object.keep.is_some(),
                in_force: object.state.is_in_force(),
                gives_back: order.measure == Measure::Return,
            };
            wants_a_person(&of, stands, order.ends_at())
        })
    }))
}
