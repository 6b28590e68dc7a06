//! How tests speak as a partner.

use kernel::Role;
use order::OrderError;
use order::message::{Account, Amount, Answer, Line};
use order::service::{self, OrderView};
use qorgan::slices::subscribers;
use testkit::World;

use crate::country::{self, partner_actor, staff};

/// Orders of a report, in the order of their hops.
pub async fn orders(world: &World, report: report::ReportId) -> Vec<OrderView> {
    service::of_report(&world.app, &staff(&world.app, 1, Role::DutyOfficer).await, report).await.unwrap()
}

/// Tiyn as an amount of a message.
pub fn amount(minor: i64) -> Option<Amount> {
    Some(Amount { amount: format!("{}.{:02}", minor / 100, minor % 100), currency: "KZT".into() })
}

/// A line with a code and an amount.
pub fn line(code: &str, minor: i64) -> Line {
    Line { code: code.into(), amount: amount(minor), ..Line::default() }
}

/// An answer to the first object of an order.
pub fn said(world: &World, view: &OrderView, id: &str, lines: Vec<Line>) -> Answer {
    Answer {
        kind: "answer.v1".into(),
        answer_id: id.into(),
        order_id: view.order.id.to_string(),
        executor: view.order.executor.clone(),
        object_id: Some(view.objects[0].id.to_string()),
        at: world.app.office.now().rfc3339(),
        lines,
        text: None,
    }
}

/// Answers as whoever the order was handed to, and lets the news reach everybody.
pub async fn answer(
    world: &World,
    view: &OrderView,
    id: &str,
    lines: Vec<Line>,
) -> Result<service::Outcome, OrderError> {
    let actor = partner_actor(&world.app, &view.order.gateway).await;
    let said = said(world, view, id, lines);
    let body = serde_json::to_vec(&said).unwrap();
    let outcome = service::answer(&world.app, &actor, view.order.id, said, &body).await;
    world.deliver(&subscribers(&world.app)).await;
    outcome
}

/// "Moved to another institution", just now.
pub fn moved(world: &World, minor: i64, bank: &str, account: &str) -> Line {
    Line {
        at: Some(world.app.office.now().rfc3339()),
        institution: Some(bank.into()),
        account: Some(Account { kind: "iban".into(), value: account.into() }),
        reference: Some("ref-1".into()),
        ..line("M21", minor)
    }
}

/// Runs a test in a settled country on each engine.
pub async fn each(profile: &str, test: impl AsyncFn(World)) {
    for world in World::on_each_engine(11, profile) {
        test(country::settle(world).await).await;
    }
}
