//! Orders as pages show them: the report's page, the board, the page of one order.

use std::collections::BTreeMap;

use app::App;
use legal_basis::Basis;
use order::service::OrderView;
use order::words;
use order::{Object, Order, Status as Stands};
use trail::web::Names;
use uuid::Uuid;
use web::{ClockState, Ctx, Markup, Status, Tone};

/// Legal bases by id and version.
pub(crate) type Bases = BTreeMap<(Uuid, i64), Basis>;

/// The bases that these orders stand on.
pub(crate) async fn bases(app: &App, orders: &[OrderView]) -> Bases {
    let mut wanted: Vec<(Uuid, i64)> = orders.iter().filter_map(|v| v.order.header.basis).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let read = app.db.read(move |tx| {
        let mut found = Bases::new();
        for pair in &wanted {
            if let Some(basis) = legal_basis::store::get(tx, pair.0, pair.1)? {
                found.insert(*pair, basis);
            }
        }
        Ok::<_, db::DbError>(found)
    });
    read.await.unwrap_or_default()
}

/// An object of an order.
pub(crate) struct ObjectRow {
    pub(crate) what: String,
    pub(crate) state: Status,
    pub(crate) cap: Option<String>,
    pub(crate) held: Option<String>,
}

/// An order in a list.
pub(crate) struct OrderRow {
    pub(crate) id: String,
    pub(crate) href: String,
    pub(crate) report: String,
    pub(crate) measure: String,
    pub(crate) executor: String,
    pub(crate) via: Option<String>,
    pub(crate) letter: bool,
    pub(crate) hop: i64,
    pub(crate) cap: Option<String>,
    pub(crate) status: Status,
    pub(crate) target: Option<Markup>,
    pub(crate) target_words: String,
    pub(crate) law: Option<Markup>,
    pub(crate) lapse: Option<Markup>,
    pub(crate) objects: Vec<ObjectRow>,
    pub(crate) by: String,
    pub(crate) phone: Option<Markup>,
}

/// An object with its state.
pub(crate) fn object(ctx: &Ctx, order: &Order, o: &Object) -> ObjectRow {
    // A draft, or one that was taken back before it left.
    let not_sent = order.sent_at.is_none();
    ObjectRow {
        what: words::thing(ctx, &o.kind, &o.masked),
        state: if not_sent {
            Status::new(ctx, "order-step-not-sent", Tone::Grey)
        } else {
            words::state(ctx, o.state)
        },
        cap: words::cap(ctx, order.measure, o.cap),
        held: o.held.is_positive().then(|| ctx.money(o.held)),
    }
}

/// The clock of the law, where the law sets one that differs from the Department's target.
fn law(app: &App, ctx: &Ctx, order: &Order, bases: &Bases) -> Option<Markup> {
    let basis = order.header.basis.and_then(|pair| bases.get(&pair))?;
    let since = order.sent_at.unwrap_or(order.requested_at);
    let (term, target, done) = match order.status {
        Stands::Drafted | Stands::Sent => {
            (basis.record.clocks.ack.or(basis.record.clocks.action), order.ack_due, None)
        }
        Stands::Acknowledged => (basis.record.clocks.action, order.action_due, None),
        Stands::Answered => (basis.record.clocks.action, order.action_due, order.answered_at),
        Stands::Released | Stands::Lapsed | Stands::Cancelled => (None, order.action_due, None),
    };
    let due = app.profile.term_end(since, term?);
    let state = done.map_or(ClockState::Running { since }, |at| ClockState::Done { since, at });
    (due != target).then(|| ctx.clock(due, ctx.now(), &state))
}

/// An order as a row.
pub(crate) fn row(app: &App, ctx: &Ctx, names: &Names, bases: &Bases, v: &OrderView) -> OrderRow {
    let order = &v.order;
    let clock = words::running(order);
    let ends =
        matches!(order.status, Stands::Sent | Stands::Acknowledged | Stands::Answered | Stands::Drafted);
    let lapse = ClockState::Running { since: order.sent_at.unwrap_or(order.requested_at) };
    let owes = if order.status == Stands::Sent { &order.gateway } else { &order.executor };
    let phone = names.partner(owes).map(|p| p.duty_phone.clone()).filter(|p| !p.is_empty());
    OrderRow {
        id: order.id.to_string(),
        href: format!("/desk/orders/{}", order.id),
        report: order.report_number.clone(),
        measure: words::measure(ctx, order.measure),
        executor: names.name(ctx, &order.executor),
        via: (order.gateway != order.executor).then(|| names.name(ctx, &order.gateway)),
        letter: v.steps.iter().any(|s| s.gateway == "letter"),
        hop: order.hop,
        cap: words::cap(ctx, order.measure, order.cap),
        status: words::status(ctx, order),
        target: clock.as_ref().map(|(due, state, _)| ctx.clock(*due, ctx.now(), state)),
        target_words: clock.map_or_else(String::new, |(_, _, key)| ctx.t(key)),
        law: law(app, ctx, order, bases),
        lapse: ends.then(|| ctx.clock(order.ends_at(), ctx.now(), &lapse)),
        objects: v.objects.iter().map(|o| object(ctx, order, o)).collect(),
        by: if order.approval.is_some() { ctx.t("order-by-standing") } else { String::new() },
        phone: phone.map(|p| dial(&p)),
    }
}

/// A telephone number that dials.
pub(crate) fn dial(phone: &str) -> Markup {
    let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    Markup::link(&format!("tel:{digits}"), &web::phone(phone))
}
