//! An institution that agreed to ISO 20022: asked, answering, giving back, and what is no answer; on each engine.

use httpsig::{Params, Request};
use iso20022::{
    CancellationRejection, CancellationRequest, CancellationStatus, Message, Notes, Original, Outcome,
    PaymentOutcome, PaymentReturn, Reason, Resolution, ReturnReason, ReturnedPayment, SettlementMethod,
    native, tag,
};
use order::gateway::Outgoing;
use order::jobs::{self, Breakers};
use order::service::{self, OrderView};
use order::{ObjectState, Status};
use qorgan::slices::subscribers;
use testkit::World;

use crate::country::{CENTRE, Wire, file, iban, institution, key_of, report};
use crate::talk::{each, orders};

/// The Antifraud Centre asks and answers in ISO 20022.
async fn agreed(world: &World) {
    let entry = institution(CENTRE, "antifraud_centre", partner::PartnerRole::AntifraudCentre, None);
    let entry = partner::Institution { delivery: "iso20022".into(), ..entry };
    let setup = kernel::Actor::system("setup");
    partner::service::import(&world.app, &setup, partner::Country { institutions: vec![entry] })
        .await
        .unwrap();
}

/// A hold of 620,000 and the message that asks for it.
async fn asked(world: &World, key: u128, account: u32) -> (OrderView, Outgoing, CancellationRequest) {
    let app = &world.app;
    let filed = file(world, report(app, key, &iban("ZBEK", account), 62_000_000, app.office.now())).await;
    let view = orders(world, filed.id).await.remove(0);
    let (wire, breakers) = (Wire::default(), Breakers::new(app.profile.breaker()));
    let code = view.order.gateway.clone();
    let wall = app.wall.now();
    let due = app.db.read(move |tx| order::store::delivery::due(tx, &code, wall, 50)).await.unwrap();
    let message = due.iter().find(|d| d.order == view.order.id).unwrap();
    jobs::deliver(app, &wire, &breakers, message).await.unwrap();
    let out = wire.posted.lock().unwrap().remove(0);
    let recall = match Message::read(&out.body).unwrap() {
        Message::CancellationRequest(recall) => Some(*recall),
        _ => None,
    };
    (view, out, recall.unwrap())
}

/// Posts a message as an institution would, signed; gives status and body.
async fn say(world: &World, code: &str, no: u32, body: &[u8]) -> (u16, String) {
    use axum::body::Body;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;
    let app = &world.app;
    let target = format!("{}/api/v1/iso20022", app.node.public_url);
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("content-type", axum::http::HeaderValue::from_static("application/xml"));
    let created = app.wall.now().as_secs();
    let (keyid, nonce) = (format!("{code}/1"), format!("iso-{code}-{no}"));
    let params = Params { keyid: &keyid, nonce: &nonce, created, expires: created + 60 };
    let request = Request { method: "POST", target_uri: &target, headers: &headers, body };
    headers.extend(httpsig::sign_request(&key_of(code), &request, &params).unwrap());
    let silent = partner::web::Silent(std::sync::Arc::new(Vec::new));
    let router = qorgan::http::router(app, silent).unwrap();
    let mut request = axum::http::Request::post("/api/v1/iso20022").body(Body::from(body.to_vec())).unwrap();
    request.headers_mut().extend(headers);
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    world.deliver(&subscribers(app)).await;
    (status, String::from_utf8_lossy(&body).into_owned())
}

fn resolution(recall: &CancellationRequest, id: &str, payments: Vec<PaymentOutcome>) -> Vec<u8> {
    let statuses: Vec<CancellationStatus> = payments.iter().filter_map(|p| p.status.clone()).collect();
    let mut assignment = recall.assignment.clone();
    std::mem::swap(&mut assignment.assigner, &mut assignment.assignee);
    assignment.id = id.to_owned();
    let outcome = Outcome::Confirmed(native::case_status(&statuses));
    let whole = Resolution { assignment, case: recall.case.clone(), outcome, payments };
    whole.to_xml().unwrap().into_bytes()
}

/// A part with our code and what the standard says beside it.
fn part(recall: &CancellationRequest, code: &str, amount: Option<&str>, notes: Notes) -> PaymentOutcome {
    let proposal = native::proposal(code).unwrap();
    PaymentOutcome {
        original: recall.payments[0].original.clone(),
        status: Some(proposal.status),
        reasons: proposal
            .reason
            .map(Reason::new)
            .into_iter()
            .chain([Reason::own(code).saying(notes)])
            .collect(),
        part: amount.map(|a| iso20022::Amount::new(a, "KZT")),
        ..PaymentOutcome::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_is_asked_and_answered_as_iso_20022() {
    each("kz", async |world| {
        agreed(&world).await;
        let (view, out, recall) = asked(&world, 101, 1).await;
        assert!(out.url.ends_with("/ZAFC/iso20022"), "{}", out.url);
        assert!(out.headers.iter().any(|(n, v)| n == "content-type" && v == "application/xml"));
        assert!(out.headers.iter().any(|(n, _)| n == "signature"));
        let payment = &recall.payments[0];
        let notes = &payment.reasons[0].notes;
        assert_eq!(notes.get(tag::ORDER), Some(view.order.id.to_string().as_str()));
        assert_eq!(notes.get(tag::OBJECT), Some(view.objects[0].id.to_string().as_str()));
        assert_eq!(notes.get(tag::CAP), Some("620000.00 KZT"));
        assert_eq!(payment.amount.as_ref().unwrap().value, "620000.00");
        let xml = String::from_utf8(out.body).unwrap();
        assert!(xml.contains(&iban("ZBEK", 1)) && !xml.contains("ord_ord"), "{xml}");

        // Held in part, the rest moved on: one message, both said; the hop behind opens by itself.
        let time = world.app.office.now().rfc3339();
        let moved =
            Notes::new().with(tag::AT, time).with(tag::TO, "ZCAR").with(tag::ACCOUNT, iban("ZCAR", 5));
        let parts = vec![
            part(&recall, "H11", Some("240000.00"), Notes::new()),
            part(&recall, "M21", Some("380000.00"), moved),
        ];
        let body = resolution(&recall, "ZBEK-A-1", parts);
        for no in 0..2 {
            let (status, said) = say(&world, CENTRE, no, &body).await;
            assert!(status == 200 && said.contains(&view.order.id.to_string()), "{status} {said}");
        }
        let all = orders(&world, view.order.report).await;
        assert_eq!((all[0].order.status, all[0].objects[0].held.minor()), (Status::Answered, 24_000_000));
        let hop = all.iter().find(|v| v.order.hop == 2).expect("the hop behind is asked");
        assert_eq!((hop.order.executor.as_str(), hop.order.cap.minor()), ("ZCAR", 38_000_000));
        // The centre's own word about it is no word of the bank.
        let mut own = recall.clone();
        own.assignment.assignee = iso20022::Participant::member(CENTRE);
        let word = resolution(&own, "ZAFC-1", vec![part(&recall, "N31", None, Notes::new())]);
        let (status, said) = say(&world, CENTRE, 5, &word).await;
        assert!(status == 422 && said.contains("answer.wrong_executor"), "{status} {said}");
        // The same number with another content is no repetition.
        let other = resolution(&recall, "ZBEK-A-1", vec![part(&recall, "N33", None, Notes::new())]);
        assert_eq!(say(&world, CENTRE, 2, &other).await.0, 409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_knows_only_the_standard_is_understood_too() {
    each("kz", async |world| {
        agreed(&world).await;
        // What a law refuses is refused, with the standard's words where the bank says no more.
        let (legal, law) = (CancellationStatus::Rejected, Some(CancellationRejection::Legal));
        let cases = [
            (legal, law, ObjectState::Refused, Status::Answered),
            (
                CancellationStatus::Rejected,
                Some(CancellationRejection::ClosedAccount),
                ObjectState::Asked,
                Status::Sent,
            ),
            (CancellationStatus::Pending, None, ObjectState::Asked, Status::Acknowledged),
            (
                CancellationStatus::Rejected,
                Some(CancellationRejection::NeverReceived),
                ObjectState::NotFound,
                Status::Answered,
            ),
            (
                CancellationStatus::Rejected,
                Some(CancellationRejection::InsufficientFunds),
                ObjectState::Spent,
                Status::Answered,
            ),
            // Accepted without a sum says nothing that could be counted on: a person looks.
            (CancellationStatus::Accepted, None, ObjectState::Asked, Status::Sent),
        ];
        for (n, (status, reason, state, order)) in (1..).zip(cases) {
            let (view, _, recall) = asked(&world, 110 + n, u32::try_from(n).unwrap()).await;
            let payment = PaymentOutcome {
                original: Original { transaction_id: Some("X-1".into()), ..Original::default() },
                status: Some(status.clone()),
                reasons: reason.map(Reason::new).into_iter().collect(),
                ..PaymentOutcome::default()
            };
            let body = resolution(&recall, &format!("PLAIN-{n}"), vec![payment]);
            let (code, said) = say(&world, CENTRE, 100 + u32::try_from(n).unwrap(), &body).await;
            assert_eq!(code, 200, "{status:?}: {said}");
            let all = orders(&world, view.order.report).await;
            let now = all.into_iter().find(|v| v.order.id == view.order.id).unwrap();
            assert_eq!((now.objects[0].state, now.order.status), (state, order), "{status:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_comes_back_by_itself_is_counted() {
    each("kz", async |world| {
        agreed(&world).await;
        let (view, _, recall) = asked(&world, 121, 1).await;
        let held = resolution(&recall, "H-1", vec![part(&recall, "H10", Some("620000.00"), Notes::new())]);
        assert_eq!(say(&world, CENTRE, 1, &held).await.0, 200);
        let notes = Notes::new().with(tag::ORDER, view.order.id.to_string());
        let back = PaymentReturn {
            returns: vec![ReturnedPayment {
                return_id: Some("RTR-1".into()),
                original: Original { end_to_end_id: Some("NOTPROVIDED".into()), ..Original::default() },
                returned: iso20022::Amount::new("620000.00", "KZT"),
                reasons: vec![Reason::new(ReturnReason::FollowingRecall).saying(notes)],
                ..ReturnedPayment::default()
            }],
            instructing: Some(iso20022::Agent {
                member_id: Some("ZBEK".into()),
                ..iso20022::Agent::default()
            }),
            ..PaymentReturn::new("RTR-1", world.app.office.now().rfc3339(), SettlementMethod::Clearing)
        };
        let (status, said) = say(&world, CENTRE, 2, back.to_xml().unwrap().as_bytes()).await;
        assert_eq!(status, 200, "{said}");
        let now = orders(&world, view.order.report).await.remove(0);
        assert_eq!((now.objects[0].state, now.objects[0].held.minor()), (ObjectState::Returned, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_answer_is_refused_with_its_place_and_changes_nothing() {
    each("kz", async |world| {
        agreed(&world).await;
        let (view, out, recall) = asked(&world, 131, 1).await;
        let good = resolution(&recall, "G-1", vec![part(&recall, "H11", Some("5.00"), Notes::new())]);
        let text = String::from_utf8(good.clone()).unwrap();
        let bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><Document/>";
        let two = part(&recall, "H11", Some("700000.00"), Notes::new());
        let foreign = text.replace(&view.order.id.uuid().simple().to_string(), "0199c2a07b3c7d10a1b2c3d4e5f60718");
        let strange = foreign.replace(&view.order.id.to_string(), "ord_0199c2a07b3c7d10a1b2c3d4e5f60718");
        let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
            ("nothing", Vec::new(), 422, "answer.iso20022"),
            ("no xml", b"{}".to_vec(), 422, "answer.iso20022"),
            ("a bomb", bomb.as_bytes().to_vec(), 422, "answer.iso20022"),
            ("what we wrote", out.body.clone(), 422, "answer.no_answer"),
            ("negative", text.replace(">5.00<", ">-5.00<").into_bytes(), 422, "answer.iso20022"),
            ("another currency", text.replace("KZT", "USD").into_bytes(), 422, "answer.field_unreadable"),
            ("more than asked", resolution(&recall, "G-2", vec![two]), 422, "answer.too_much_held"),
            ("an unknown order", strange.into_bytes(), 404, "web.not_found"),
            ("no order", text.replace(&view.order.id.uuid().simple().to_string(), "X-17").into_bytes(), 422, "answer.no_order"),
            ("too large", vec![b' '; (1 << 20) + 1], 413, "web.too_large"),
        ];
        for (no, (name, body, status, code)) in (0..).zip(cases) {
            let (got, said) = say(&world, CENTRE, 200 + no, &body).await;
            assert!(got == status && said.contains(code), "{name}: {got} {said}");
            assert!(!said.contains(&iban("ZBEK", 1)), "{name}: errors repeat nothing of the message");
        }
        // Whoever is not on the route does not learn that it exists.
        assert_eq!(say(&world, "ZCAR", 300, &good).await.0, 404);
        let now = orders(&world, view.order.report).await.remove(0);
        assert_eq!((now.order.status, now.objects[0].held.minor()), (Status::Sent, 0));
        assert_eq!(say(&world, CENTRE, 301, &good).await.0, 200, "the honest one is taken");
        let officer = crate::country::staff(&world.app, 1, kernel::Role::DutyOfficer).await;
        let now = service::open(&world.app, &officer, view.order.id).await.unwrap();
        assert_eq!(now.objects[0].held.minor(), 500);
    })
    .await;
}
