//! Nothing is held by itself for a payer nobody knows (decision 0024); on each engine.

use kernel::{Actor, Purpose, Role};
use order::message::Line;
use order::service::{self, OrderView};
use order::{OrderId, Status};
use qorgan::slices::subscribers;
use report::model::Fact;
use report::{NewReport, ReportId};
use testkit::World;

use crate::country::{file, iban, partner_actor, report, staff};
use crate::talk::{answer, each, line, moved, orders};

fn bare(code: &str) -> Line {
    Line { code: code.into(), ..Line::default() }
}

/// A report from ZALT to ZBEK whose reporter left this of who paid.
fn told(world: &World, key: u128, own: &str, phone: &str) -> NewReport {
    let mut new = report(&world.app, key, &iban("ZBEK", 7), 10_000, world.app.office.now());
    own.clone_into(&mut new.payments[0].own_account);
    new.reporter.phone = phone.to_owned();
    new
}

async fn filed(world: &World, new: NewReport) -> (ReportId, Vec<OrderView>) {
    let id = file(world, new).await.id;
    (id, orders(world, id).await)
}

/// What an order says of who paid, as its institution reads it.
async fn payer(world: &World, order: &OrderView) -> serde_json::Value {
    let partner = partner_actor(&world.app, &order.order.executor).await;
    let handed = service::handed(&world.app, &partner, order.order.id).await.unwrap();
    serde_json::to_value(&handed.objects[0].trigger).unwrap()
}

/// The account was not told: the payer's own bank is asked by what it knows of its client, and the hop behind opens by its
/// answer. The receiver's bank never hears who reported.
#[tokio::test(flavor = "multi_thread")]
async fn without_an_account_the_payers_bank_is_asked_first() {
    each("kz", async |world| {
        let (id, all) = filed(&world, told(&world, 11, "", "+77000001234")).await;
        let first = &all[0];
        assert_eq!((first.order.executor.as_str(), first.order.status), ("ZALT", Status::Sent));
        let said = payer(&world, first).await;
        assert_eq!(said["from_client"]["phone"], "+77000001234", "{said}");
        assert_eq!((said["direction"].as_str(), said["from_account"].is_null()), (Some("out"), true));
        let mut away = moved(&world, 10_000, "ZBEK", &iban("ZBEK", 7));
        away.reference = Some("ZP1".into());
        answer(&world, first, "p-1", vec![away]).await.unwrap();
        let all = orders(&world, id).await;
        let next = all.iter().find(|v| v.order.executor == "ZBEK").unwrap();
        assert_eq!(next.order.status, Status::Sent);
        let said = payer(&world, next).await;
        assert_eq!(
            (said["reference"].as_str(), said["from_institution"].as_str()),
            (Some("ZP1"), Some("ZALT"))
        );
        assert!(said["from_client"].is_null(), "{said}");
    })
    .await;
}

/// Bug to be feared: a liar says "I do not know my account", names somebody else's payment, and where the payer's bank says
/// that no client of that telephone made it, the receiver's bank is asked instead and holds.
#[tokio::test(flavor = "multi_thread")]
async fn where_the_payers_bank_knows_no_such_payer_a_person_looks_first() {
    each("kz", async |world| {
        let (id, all) = filed(&world, told(&world, 12, "", "+77000005678")).await;
        answer(&world, &all[0], "p-1", vec![bare("N31")]).await.unwrap();
        let all = orders(&world, id).await;
        let other = all.iter().find(|v| v.order.executor == "ZBEK").unwrap();
        assert_eq!(
            (other.order.status, other.order.why_waiting.as_str()),
            (Status::Drafted, "payer_unknown")
        );
        let officer = staff(&world.app, 1, Role::DutyOfficer).await;
        service::approve_and_send(&world.app, &officer, other.order.id).await.unwrap();
        assert_eq!(orders(&world, id).await.len(), 2);
    })
    .await;
}

async fn complete(world: &World, id: ReportId, own: &str) {
    let citizen = Actor::Citizen { report: id.uuid() };
    let full = report::service::open(&world.app, &citizen, id, Purpose::OwnData).await.unwrap();
    let facts = vec![Fact::OwnAccount(own.to_owned())];
    report::service::complete_payment(&world.app, &citizen, id, full.payments[0].id, facts).await.unwrap();
    world.deliver(&subscribers(&world.app)).await;
}

/// Nothing is known of who paid: the order waits. Once the account is told, the order that names it goes by itself and the
/// draft is taken back.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_its_payer_goes_when_the_payer_is_told() {
    each("kz", async |world| {
        let (id, all) = filed(&world, told(&world, 13, "", "")).await;
        let draft = all[0].order.clone();
        assert_eq!((draft.status, draft.why_waiting.as_str()), (Status::Drafted, "payer_unknown"));
        complete(&world, id, &iban("ZALT", 31)).await;
        let status = async |wanted: OrderId| {
            orders(&world, id).await.into_iter().find(|v| v.order.id == wanted).unwrap().order.status
        };
        assert_eq!(status(draft.id).await, Status::Cancelled);
        let all = orders(&world, id).await;
        let sent = all.iter().find(|v| v.order.status == Status::Sent).unwrap();
        assert_eq!((all.len(), sent.order.executor.as_str()), (2, "ZBEK"));
        assert_eq!(payer(&world, sent).await["from_account"], iban("ZALT", 31));
        // The other way round: an officer had sent it; what is told later asks nobody twice.
        let (id, all) = filed(&world, told(&world, 14, "", "")).await;
        let officer = staff(&world.app, 1, Role::DutyOfficer).await;
        service::approve_and_send(&world.app, &officer, all[0].order.id).await.unwrap();
        complete(&world, id, &iban("ZALT", 32)).await;
        assert_eq!(orders(&world, id).await.len(), 1);
        answer(&world, &all[0], "p-9", vec![line("H10", 10_000)]).await.unwrap();
        // Or had taken it back: no other telling brings it again.
        let (id, all) = filed(&world, told(&world, 18, "", "")).await;
        service::cancel(&world.app, &officer, all[0].order.id, "not a fraud").await.unwrap();
        world.deliver(&subscribers(&world.app)).await;
        complete(&world, id, &iban("ZALT", 33)).await;
        let all = orders(&world, id).await;
        assert_eq!((all.len(), all[0].order.status), (1, Status::Cancelled));
    })
    .await;
}

/// A card behind an account is nothing that the receiver's bank sees: the payer's bank is asked first. From card to card,
/// and within one bank, the receiver's is.
#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_asked_about_where_it_is_known() {
    each("kz", async |world| {
        let (_, all) = filed(&world, told(&world, 15, "1234", "+77000001234")).await;
        assert_eq!((all[0].order.executor.as_str(), all[0].order.status), ("ZALT", Status::Sent));
        assert_eq!(payer(&world, &all[0]).await["from_account"], "1234");
        let mut cards = told(&world, 16, "4400436789", "+77000001234");
        cards.payments[0].to = Some(report::Target {
            kind: "card".into(),
            value: "4400435670".into(),
            masked: "4400 43** **** 5670".into(),
        });
        let (_, all) = filed(&world, cards).await;
        assert_eq!((all[0].order.executor.as_str(), all[0].order.status), ("ZBEK", Status::Sent));
        let mut one = told(&world, 17, "1234", "+77000001234");
        one.payments[0].own_institution = "ZBEK".into();
        let (_, all) = filed(&world, one).await;
        assert_eq!((all[0].order.executor.as_str(), all[0].order.status), ("ZBEK", Status::Sent));
        let said = payer(&world, &all[0]).await;
        assert_eq!(said["from_client"]["phone"], "+77000001234", "one bank, which knows both: {said}");
    })
    .await;
}
