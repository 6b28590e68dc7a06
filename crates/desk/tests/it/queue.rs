//! What the reporter tells later reaches an officer, and brings back what was closed or put off.

use kernel::{Money, Timestamp};
use order::{Object, Order, OrderError};
use report::model::{Fact, Target};
use report::{NewPayment, NewReport, ReportId};
use uuid::Uuid;

use crate::place::{Place, deliver, new_report, on_each};

/// Whether the row of the report stands under this filter.
async fn listed(place: &Place, q: &str) -> bool {
    place.page(&format!("/desk/rows?q={q}")).await.contains(&place.number)
}

async fn says(place: &Place, text: &str) {
    report::service::message(&place.app, &place.citizen(), place.report, text, "").await.unwrap();
    deliver(&place.app).await;
}

#[test]
fn a_message_stays_until_somebody_answers_it() {
    on_each("aliya", async |place| {
        let path = format!("/desk/reports/{}", place.number);
        place.advance_secs(60);
        says(&place, "I remember more").await;
        // Drafts are more urgent: the message is told beside them.
        let rows = place.page("/desk/rows?q=").await;
        assert!(rows.contains("orders to send") || rows.contains("message from the reporter"));
        assert!(rows.contains("message from the reporter") && listed(&place, "why:drafts").await);
        let order = place.order().await;
        place.post("/desk/orders/send", &format!("id={}", order.id)).await;
        deliver(&place.app).await;
        assert!(listed(&place, "why:message").await && listed(&place, "is:person").await);
        place.advance_secs(60);
        let page = place.page(&path).await;
        assert!(page.contains("I remember more"));
        assert!(listed(&place, "why:message").await, "opened is not answered");
        place.advance_secs(60);
        place.post(&format!("{path}/message"), "text=thank+you").await;
        deliver(&place.app).await;
        assert!(!listed(&place, "why:message").await && listed(&place, "why:waiting").await, "answered");
        place.advance_secs(60);
        says(&place, "And more").await;
        assert!(listed(&place, "why:message").await);
    });
}

#[test]
fn news_bring_back_what_was_closed_or_put_off() {
    on_each("aliya", async |place| {
        let path = format!("/desk/reports/{}", place.number);
        let close = async || place.post(&format!("{path}/close"), "reason=done").await;
        let snooze = async || place.post(&format!("{path}/snooze"), "reason=waits&secs=900").await;
        let away = async |q: &str| !listed(&place, "").await && listed(&place, q).await;
        close().await;
        assert!(away("is:closed").await);
        // What the desk itself writes leaves it closed.
        place.post(&format!("{path}/message"), "text=done").await;
        deliver(&place.app).await;
        assert!(away("is:closed").await);
        says(&place, "not done").await;
        assert!(listed(&place, "").await && !listed(&place, "is:closed").await);
        snooze().await;
        assert!(away("is:snoozed").await);
        let more = new_report(&place.app).payments.remove(0);
        report::service::add_payment(&place.app, &place.citizen(), place.report, more, "k").await.unwrap();
        deliver(&place.app).await;
        assert!(listed(&place, "").await, "an added payment wakes it");
        close().await;
        report::service::tell_story(&place.app, &place.citizen(), place.report, "anew").await.unwrap();
        deliver(&place.app).await;
        assert!(listed(&place, "").await);
        let page = place.page(&path).await;
        assert!(page.contains("Back in the queue: there is news"), "and the log says why");
    });
}

#[test]
fn partners_news_wake_and_the_office_s_own_doing_does_not() {
    on_each("aliya", async |place| {
        let path = format!("/desk/reports/{}", place.number);
        let (order, report) = (place.order().await.id, place.report);
        let tell = async |name: &'static str| {
            let app = place.app.clone();
            let told = place.app.db.write(move |tx| {
                let body = serde_json::json!({"report": report});
                app.tell(tx, name, order.uuid(), body)
            });
            told.await.unwrap();
            deliver(&place.app).await;
        };
        for (name, back) in [
            (order::LATE, true),
            (order::ANSWERED, true),
            (order::LAPSED, true),
            (order::SENT, false),
            (order::ACKNOWLEDGED, false),
            (order::RELEASED, false),
        ] {
            place.post(&format!("{path}/snooze"), "reason=waits&secs=900").await;
            tell(name).await;
            assert_eq!(listed(&place, "").await, back, "{name} and a row put off");
            place.post(&format!("{path}/close"), "reason=done").await;
            tell(name).await;
            assert_eq!(listed(&place, "is:closed").await, !back, "{name} and a closed row");
            place.post(&format!("{path}/reopen"), "").await;
        }
    });
}

/// A payment of which only the sum is known.
fn bare(app: &app::App) -> NewPayment {
    let payment = new_report(app).payments.remove(0);
    NewPayment { to: None, to_institution: String::new(), ..payment }
}

#[test]
fn the_receiver_told_later_leads_to_the_order_that_was_impossible() {
    on_each("aliya", async |place| {
        let id = ReportId::from_uuid(Uuid::from_u128(78));
        let new = NewReport { id, payments: vec![bare(&place.app)], ..new_report(&place.app) };
        let known = new_report(&place.app).payments.remove(0);
        let filing = report::service::Filing { with_code: true, ..Default::default() };
        report::service::file(&place.app, &kernel::Actor::Public, new, filing).await.unwrap();
        deliver(&place.app).await;
        let orders = async || {
            let all: Result<Vec<Order>, OrderError> =
                place.app.db.read(move |tx| order::service::of_report_in(tx, id)).await;
            all.unwrap()
        };
        assert_eq!(orders().await.len(), 0);
        let citizen = kernel::Actor::Citizen { report: id.uuid() };
        let full = report::service::open(&place.app, &citizen, id, kernel::Purpose::OwnData).await.unwrap();
        let Target { kind, value, masked } = known.to.unwrap();
        let to = Fact::To(Target { kind, value, masked }, "ZALT".to_owned());
        let amount = Fact::Amount(Money::from_minor(30_000_000, full.report.loss.asset()));
        let p = full.payments[0].id;
        report::service::complete_payment(&place.app, &citizen, id, p, vec![to, amount]).await.unwrap();
        deliver(&place.app).await;
        let drafted = orders().await;
        assert_eq!(drafted.len(), 1);
        assert_eq!((drafted[0].executor.as_str(), drafted[0].cap.minor()), ("ZALT", 30_000_000));
        let path = format!("/desk/reports/{}", full.report.number);
        let page = place.page(&path).await;
        assert!(
            page.contains("Told after filing: 2")
                && page.contains("Before:")
                && page.contains("250,000")
                && page.contains("300,000"),
            "{page}"
        );
    });
}

#[test]
fn sums_of_old_reports_do_not_stop_the_queue() {
    on_each("aliya", async |place| {
        let report = place.report;
        let read = place.app.db.read(move |tx| {
            let orders: Vec<Order> = order::service::of_report_in(tx, report)?;
            Ok::<_, OrderError>((orders, order::service::objects_of_report_in(tx, report)?))
        });
        let (orders, objects): (Vec<Order>, Vec<Object>) = read.await.unwrap();
        let huge = |o: &Object| Object {
            cap: Money::from_minor(i64::MAX - 1, o.cap.asset()),
            held: Money::from_minor(i64::MAX - 1, o.cap.asset()),
            ..o.clone()
        };
        let many: Vec<Object> = std::iter::repeat_with(|| huge(&objects[0])).take(3).collect();
        let standing =
            desk::rules::stand(Timestamp::from_secs(0), false, (false, false, false), &orders, &many);
        assert_eq!((standing.held_minor, standing.reachable_minor), (i64::MAX, i64::MAX));
    });
}
