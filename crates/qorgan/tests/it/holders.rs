//! Institutions say whose an account is: on both engines, from the message to the person. Everybody here is invented.

use access::AccessError;
use axum::body::Body;
use http_body_util::BodyExt as _;
use httpsig::{Params, Request};
use kernel::{Actor, Class, Coded as _, Purpose, Role};
use order::OrderError;
use order::message::{Answer, HolderRef, Line};
use order::service::{self as orders_service, OrderView, Standing, Words};
use person::model::{PersonRecord, Source, Told};
use person::service::{self, Ground, Query};
use profile::Measure;
use qorgan::slices::subscribers;
use report::Filed;
use testkit::World;
use tower::ServiceExt as _;

use crate::browser::browser;
use crate::country::{file, iban, key_of, partner_actor, report, staff};
use crate::talk::{each, said};

/// The number with the last digit that fits.
fn number(body: &str, kind: identifier::Kind) -> String {
    let right = |n: &String| identifier::normalise(kind, n, identifier::Region::default()).is_ok();
    (0..10).map(|d| format!("{body}{d}")).find(right).unwrap()
}

fn iin(body: &str) -> String {
    number(body, identifier::Kind::Iin)
}

fn somebody(name: &str, number: &str) -> HolderRef {
    HolderRef {
        kind: "person".into(),
        name: Some(name.into()),
        iin: Some(number.to_owned()).filter(|n| !n.is_empty()),
        ..HolderRef::default()
    }
}

fn company(name: &str) -> HolderRef {
    HolderRef {
        kind: "organisation".into(),
        name: Some(name.into()),
        bin: Some(number("22014099001", identifier::Kind::Bin)),
        ..HolderRef::default()
    }
}

/// "Handed over", with whose it is.
fn handed(world: &World, code: &str, holders: Vec<HolderRef>) -> Line {
    Line {
        code: code.into(),
        at: Some(world.app.office.now().rfc3339()),
        reference: Some("K-17".into()),
        text: Some("in full".into()),
        holders: Some(holders),
        ..Line::default()
    }
}

/// A report of a payment into an account of a bank, with the reporter.
async fn filed(world: &World, key: u128, account: u32, (name, number): (&str, &str)) -> Filed {
    world.advance_secs(60);
    let mut new = report(&world.app, key, &iban("ZBEK", account), 10_000, world.app.office.now());
    // A telephone of an operator that takes no part: each reporter's is their own.
    let phone = format!("+7701{:07}", key % 10_000_000);
    new.reporter = report::Reporter { name: name.into(), phone, iin: number.into() };
    file(world, new).await
}

/// The bank is asked what it knows of the account: two sign, the prosecutor sanctions.
async fn asked(world: &World, filed: &Filed, data: Vec<order::details::DataClass>) -> OrderView {
    let app = &world.app;
    let officer = staff(app, 1, Role::DutyOfficer).await;
    let all = orders_service::offers(app, &officer, filed.id).await.unwrap();
    let mine = |o: &&orders_service::Offer| {
        o.measure == Measure::Disclosure && o.executor == "ZBEK" && matches!(o.standing, Standing::Lawful(_))
    };
    let picks: Vec<String> = all.offers.iter().filter(mine).map(|o| o.key.clone()).collect();
    assert_eq!(picks.len(), 1);
    let words = Words { data, ..Words::default() };
    let done = orders_service::suppress(app, &officer, filed.id, &picks, &words).await.unwrap();
    let id = done.waiting.into_iter().chain(done.sent).next().unwrap();
    for n in 2..4 {
        let approver = staff(app, n, Role::Approver).await;
        orders_service::approve_and_send(app, &approver, id).await.ok();
    }
    let prosecutor = staff(app, 9, Role::Prosecutor).await;
    orders_service::decide_sanction(app, &prosecutor, id, true, "the material bears it out").await.ok();
    world.deliver(&subscribers(app)).await;
    let view = orders_service::open(app, &officer, id).await.unwrap();
    assert!(view.order.status.is_open(), "{:?}", view.order.status);
    view
}

async fn tell(world: &World, view: &OrderView, id: &str, line: Line) -> Result<(), OrderError> {
    // A later word is later.
    world.advance_secs(60);
    let at = Some(world.app.office.now().rfc3339());
    let actor = partner_actor(&world.app, &view.order.gateway).await;
    let answer = said(world, view, id, vec![Line { at, ..line }]);
    let body = serde_json::to_vec(&answer).unwrap();
    let out = orders_service::answer(&world.app, &actor, view.order.id, answer, &body).await;
    world.deliver(&subscribers(&world.app)).await;
    out.map(drop)
}

/// What institutions told of persons for a report, the oldest first.
async fn holders(world: &World, filed: &Filed) -> Vec<(PersonRecord, Told)> {
    let (me, id) = (world.app.clone(), filed.id);
    world
        .app
        .db
        .read(move |tx| {
            let mut all = Vec::new();
            for record in
                person::store::of_report(tx, id)?.into_iter().filter(|r| r.source == Source::Account)
            {
                let open = service::open_record(tx, &me, record)?;
                all.push((open.record, open.told.unwrap().into_inner(Purpose::HandleReport)));
            }
            all.sort_by_key(|(_, told): &(PersonRecord, Told)| told.name());
            Ok::<_, person::PersonError>(all)
        })
        .await
        .unwrap()
}

async fn reporter(world: &World, filed: &Filed) -> person::PersonId {
    let id = filed.id;
    let all = world.app.db.read(move |tx| person::store::of_report(tx, id)).await.unwrap();
    all.iter().find(|r| r.source == Source::Reporter).unwrap().person
}

async fn versions(world: &World, filed: &Filed, record: &PersonRecord) -> Vec<String> {
    let one = staff(&world.app, 1, Role::DutyOfficer).await;
    let page =
        service::record_page(&world.app, &one, record.id, &Ground(filed.number.clone())).await.unwrap();
    page.versions.iter().map(|v| v.told.as_ref().unwrap().open(Purpose::HandleReport).name()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_an_account_is_becomes_persons() {
    each("kz", async |world| {
        let app = &world.app;
        let (hers, his) = (iin("90051749901"), iin("85041239902"));
        let victim = filed(&world, 2_001, 71, ("Серікова Айгүл Болатқызы", &hers)).await;
        let matter = filed(&world, 2_002, 72, ("Басқа Арыз Иесі", "")).await;
        let view = asked(&world, &matter, vec![]).await;
        let her = HolderRef {
            last_name: Some("Serikova".into()),
            first_name: Some("Aigul".into()),
            name: None,
            birth_date: Some("1990-05-17".into()),
            phones: Some(vec!["8 700 111 22 33".into()]),
            devices: Some(vec!["353490069873319".into()]),
            ..somebody("", &hers)
        };
        let him = HolderRef { role: Some("agent".into()), ..somebody("Ахметов Болат", &his) };
        let first = vec![her.clone(), him.clone(), company("ЖШС «Үлгі»")];
        tell(&world, &view, "h-1", handed(&world, "D10", first.clone())).await.unwrap();

        // Both are there, with where it comes from and where it lies on the path; the company is no person.
        let all = holders(&world, &matter).await;
        assert_eq!(all.len(), 2);
        let (record, told) = &all[0];
        let holding = told.holding.as_ref().unwrap();
        assert_eq!((told.name().as_str(), told.birth.as_str()), ("Serikova Aigul", "17.05.1990"));
        assert_eq!(
            (holding.institution.as_str(), holding.value.as_str()),
            ("ZBEK", iban("ZBEK", 72).as_str())
        );
        assert_eq!((holding.hop, holding.capacity.as_str()), (1, "holder"));
        assert_eq!(holding.order, view.order.id.to_string());
        assert_eq!((told.phone.as_str(), told.device.as_str()), ("+77001112233", "353490069873319"));
        assert_eq!(all[1].1.holding.as_ref().unwrap().capacity, "agent");
        // Whoever reported elsewhere under the same number is the same person.
        assert_eq!(record.person, reporter(&world, &victim).await);
        assert_ne!(all[1].0.person, record.person);
        // Nobody is accused by it.
        let person = all[1].0.person;
        let matters = app.db.read(move |tx| person::store::dropper::of_person(tx, person)).await.unwrap();
        assert!(matters.is_empty());

        // The same again is the same record, under whatever answer.
        tell(&world, &view, "h-2", handed(&world, "D10", first)).await.unwrap();
        let again = holders(&world, &matter).await;
        assert_eq!(
            again.iter().map(|(r, _)| r.id).collect::<Vec<_>>(),
            all.iter().map(|(r, _)| r.id).collect::<Vec<_>>()
        );
        assert!(versions(&world, &matter, record).await.is_empty());

        // Corrected, it is told anew, and what was told before stays beside it; whoever is told of no more counts no more.
        let corrected =
            HolderRef {
                last_name: Some("Серікова".into()), first_name: Some("Айгүл".into()), ..her
            };
        let third = somebody("Омарова Дина", "");
        tell(&world, &view, "h-3", handed(&world, "D10", vec![third, corrected])).await.unwrap();
        let now = holders(&world, &matter).await;
        let of = |name: &str| now.iter().find(|(_, t)| t.name() == name).unwrap().0.clone();
        assert_eq!(now.len(), 3);
        assert_eq!(of("Серікова Айгүл").id, record.id);
        assert_eq!(versions(&world, &matter, record).await, ["Serikova Aigul"]);
        assert!(of("Ахметов Болат").taken_back.is_some() && of("Омарова Дина").taken_back.is_none());

        // Told in part, somebody comes back beside the others.
        tell(&world, &view, "h-4", handed(&world, "D11", vec![him])).await.unwrap();
        let now = holders(&world, &matter).await;
        assert_eq!(now.len(), 3);
        assert!(now.iter().all(|(r, _)| r.taken_back.is_none()));

        // They are found by the account, for a report.
        let one = staff(app, 1, Role::DutyOfficer).await;
        let query = Query { account: web::grouped(&iban("ZBEK", 72), 4), ..Query::default() };
        let found = service::find(app, &one, &query, &Ground(matter.number.clone())).await.unwrap().found;
        assert_eq!(found.len(), 3, "{found:?}");
        let other = Query { account: iban("ZBEK", 73), ..Query::default() };
        let none = service::find(app, &one, &other, &Ground(matter.number.clone())).await.unwrap();
        assert!(none.found.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_holder_lies_open_and_it_goes_with_the_report() {
    each("kz", async |world| {
        let app = &world.app;
        let hers = iin("90051749911");
        let matter = filed(&world, 2_011, 81, ("Арыз Иесі", "")).await;
        let view = asked(&world, &matter, vec![]).await;
        let her = HolderRef {
            phones: Some(vec!["+77001112299".into()]),
            ..somebody("Құпияева Жасырын", &hers)
        };
        tell(&world, &view, "h-1", handed(&world, "D10", vec![her])).await.unwrap();
        let record = holders(&world, &matter).await.remove(0).0;

        let secrets = ["Құпияева", "Жасырын", hers.as_str(), "77001112299"];
        let told = app.db.read(|tx| db::outbox::after(tx, 0, 100_000)).await.unwrap();
        let open: Vec<String> = told.iter().map(|(_, e)| format!("{} {}", e.name, e.body)).collect();
        assert!(open.iter().any(|e| e.contains("D10")));
        let mut facts = Vec::new();
        for subject in [matter.id.uuid(), view.order.id.uuid(), record.person.uuid(), record.id.uuid()] {
            let all = app.db.read(move |tx| audit::records_for(tx, subject)).await.unwrap();
            facts.extend(all.into_iter().map(|r| r.record.facts));
        }
        assert!(facts.iter().any(|f| f.contains("D10")));
        for text in open.iter().chain(&facts) {
            assert!(secrets.iter().all(|s| !text.contains(s)), "{text}");
        }

        // Whoever may see the order sees them, and that is a record; whoever may not, does not.
        let one = staff(app, 1, Role::DutyOfficer).await;
        let seen = orders_service::holders_of(app, &one, view.order.id).await.unwrap();
        let told = seen[0].told.open(Purpose::HandleReport);
        assert_eq!((seen.len(), seen[0].hop, told[0].holders[0].iin.as_str()), (1, 1, hers.as_str()));
        let read = app.db.read({
            let id = view.order.id.uuid();
            move |tx| audit::records_for(tx, id)
        });
        let read = read.await.unwrap();
        assert_eq!(read.iter().filter(|r| r.record.act == "order.holders_read").count(), 1);
        let prosecutor = staff(app, 9, Role::Prosecutor).await;
        let none = orders_service::holders_of(app, &prosecutor, view.order.id).await.unwrap();
        assert!(none.is_empty(), "the prosecutor sees the order and no persons");
        for role in [Role::Auditor, Role::Administrator] {
            let other = staff(app, if role == Role::Auditor { 41 } else { 42 }, role).await;
            let refused = orders_service::holders_of(app, &other, view.order.id).await.unwrap_err();
            assert!(
                matches!(refused, OrderError::Access(AccessError::Hidden | AccessError::Forbidden(_)))
                    || refused.class() == Class::NotFound,
                "{refused:?}"
            );
        }

        report::service::expunge(app, &Actor::system("retention"), matter.id).await.unwrap();
        world.deliver(&subscribers(app)).await;
        let id = record.id;
        assert_eq!(app.db.read(move |tx| person::store::record(tx, id)).await.unwrap(), None);
        assert!(orders_service::holders_of(app, &one, view.order.id).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_report_takes_its_holders_and_leaves_what_was_decided() {
    each("kz", async |world| {
        let app = &world.app;
        let matter = filed(&world, 2_021, 91, ("Арыз Иесі", "")).await;
        let view = asked(&world, &matter, vec![]).await;
        let both =
            vec![somebody("Бірінші Иесі", &iin("90051749921")), somebody("Екінші Иесі", &iin("85041239921"))];
        tell(&world, &view, "h-1", handed(&world, "D10", both)).await.unwrap();
        let (first, second) = {
            let all = holders(&world, &matter).await;
            (all[0].0.clone(), all[1].0.clone())
        };
        // What an officer has begun on one of them rests on that record.
        let one = staff(app, 1, Role::DutyOfficer).await;
        let ground = Ground(matter.number.clone());
        let begun = service::droppers_of(app, &one, first.person, &ground).await.unwrap();
        let known = begun.known.unwrap().into_inner(Purpose::HandleReport);
        assert_eq!(
            (known.hop.as_str(), known.instruments[0].what.as_str()),
            ("1", iban("ZBEK", 91).as_str())
        );
        let told =
            person::model::DropperTold { evidence: "the bank's answer".into(), hop: "2".into(), ..known };
        service::signal(app, &one, first.person, &ground, &told).await.unwrap();

        report::service::withdraw(app, &Actor::Citizen { report: matter.id.uuid() }, matter.id)
            .await
            .unwrap();
        world.deliver(&subscribers(app)).await;
        let left = holders(&world, &matter).await;
        assert_eq!(left.iter().map(|(r, _)| r.id).collect::<Vec<_>>(), [first.id]);
        let id = second.id;
        assert_eq!(app.db.read(move |tx| person::store::record(tx, id)).await.unwrap(), None);
        let person = first.person;
        let matters = app.db.read(move |tx| person::store::dropper::of_person(tx, person)).await.unwrap();
        assert_eq!(matters[0].doubt, Some(person::model::Doubt::Withdrawn));
    })
    .await;
}

/// Posts an answer as the gateway would: signed, over the whole router.
async fn post(world: &World, view: &OrderView, answer: &Answer) -> (u16, serde_json::Value) {
    let app = &world.app;
    let path = format!("/api/v1/orders/{}/answers", view.order.id);
    let body = serde_json::to_vec(answer).unwrap();
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("content-type", "application/json".parse().unwrap());
    let target = format!("{}{path}", app.node.public_url);
    let (created, keyid) = (app.wall.now().as_secs(), format!("{}/1", view.order.gateway));
    let nonce = hex::encode(app.entropy.bytes::<8>());
    let params = Params { keyid: &keyid, nonce: &nonce, created, expires: created + 60 };
    let request = Request { method: "POST", target_uri: &target, headers: &headers, body: &body };
    let own = httpsig::sign_request(&key_of(&view.order.gateway), &request, &params).unwrap();
    headers.extend(own);
    let mut request = axum::http::Request::builder().method("POST").uri(&path);
    *request.headers_mut().unwrap() = headers;
    let silent = partner::web::Silent(std::sync::Arc::new(Vec::new));
    let router = qorgan::http::router(app, silent).unwrap();
    let came = router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let status = came.status().as_u16();
    let bytes = came.into_body().collect().await.unwrap().to_bytes();
    world.deliver(&subscribers(app)).await;
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_number_is_refused_with_its_place_and_nothing_is_kept() {
    each("kz", async |world| {
        use order::details::DataClass::{DeviceLog, Owner, Statement};
        let app = &world.app;
        let matter = filed(&world, 2_031, 101, ("Арыз Иесі", "")).await;
        let view = asked(&world, &matter, vec![Owner]).await;
        let wrong = iin("90051749931").replace(|c: char| c.is_ascii_digit(), "1");
        let right = somebody("Бірінші Иесі", &iin("90051749931"));
        let line =
            |holders| vec![Line { code: "A00".into(), ..Line::default() }, handed(&world, "D10", holders)];
        let device = HolderRef { devices: Some(vec!["353490069873319".into()]), ..right.clone() };
        for (holders, place, code) in [
            (
                vec![right.clone(), somebody("Екінші Иесі", &wrong)],
                "#/lines/1/holders/1/iin",
                "answer.field_unreadable",
            ),
            (
                vec![HolderRef { kind: String::new(), ..right.clone() }],
                "#/lines/1/holders/0/kind",
                "answer.field_unreadable",
            ),
            // What was not asked for is not taken.
            (vec![right.clone(), device], "#/lines/1/holders/1/devices", "answer.not_asked"),
        ] {
            let (status, body) = post(&world, &view, &said(&world, &view, "w", line(holders))).await;
            assert_eq!(
                (status, &body["errors"][0]["pointer"], &body["code"]),
                (422, &place.into(), &code.into()),
                "{body}"
            );
        }
        let of = |object| {
            let me = app.clone();
            app.db.read(move |tx| orders_service::facts_in(tx, &me, &object))
        };
        assert!(of(view.objects[0].clone()).await.unwrap().is_empty(), "nothing is kept");
        assert!(holders(&world, &matter).await.is_empty());
        let (status, body) = post(&world, &view, &said(&world, &view, "w", line(vec![right.clone()]))).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(holders(&world, &matter).await.len(), 1);

        let matter = filed(&world, 2_032, 102, ("Арыз Иесі", "")).await;
        let view = asked(&world, &matter, vec![Statement, DeviceLog]).await;
        let (status, body) = post(&world, &view, &said(&world, &view, "w-2", line(vec![right]))).await;
        assert_eq!(
            (status, body["errors"][0]["pointer"].as_str()),
            (422, Some("#/lines/1/holders")),
            "{body}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_show_whose_it_is() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let matter = filed(&world, 2_041, 111, ("Арыз Иесі", "")).await;
        let view = asked(&world, &matter, vec![]).await;
        let hers = iin("90051749941");
        let holders_told = vec![somebody("Серікова Айгүл", &hers), company("ЖШС «Үлгі»")];
        tell(&world, &view, "h-1", handed(&world, "D10", holders_told)).await.unwrap();
        let person = holders(&world, &matter).await[0].0.person;
        let link = format!("/desk/persons/{person}?report={}", matter.number);
        for lang in ["kk", "ru", "en"] {
            let desk = browser(&world, lang, Some("aliya")).await;
            let (status, _, body) = desk.send("GET", &format!("/desk/orders/{}", view.order.id), "").await;
            assert_eq!(status, 200, "{body}");
            for told in [hers.as_str(), "Серікова Айгүл", "ЖШС «Үлгі»", link.as_str()] {
                assert!(body.contains(told), "{told}: {body}");
            }
            assert!(!body.contains("[person-") && !body.contains("[desk-"), "{body}");
            let (_, _, body) = desk.send("GET", &link, "").await;
            assert!(body.contains(&format!("/desk/orders/{}", view.order.id)), "{body}");
            assert!(body.contains("ZBEK (invented)") && !body.contains("[person-"), "{body}");
            let record = holders(&world, &matter).await[0].0.id;
            let (status, _, body) = desk
                .send("GET", &format!("/desk/persons/records/{record}?report={}", matter.number), "")
                .await;
            assert!(status == 200 && body.contains(&view.order.id.to_string()), "{body}");
            let (_, _, body) = desk
                .send("GET", &format!("/desk/persons/{person}/dropper?report={}", matter.number), "")
                .await;
            assert!(body.contains("name=\"hop\"") && body.contains(&iban("ZBEK", 111)), "{body}");
            assert!(!body.contains("[person-"), "{body}");
        }
        // A prosecutor's page of the order names nobody.
        let other = browser(&world, "ru", Some("daur")).await;
        let (status, _, body) = other.send("GET", &format!("/desk/orders/{}", view.order.id), "").await;
        assert!(status == 200 && body.contains(&hers), "an approver may see persons: {body}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_writes_down_whose_it_is_and_a_clerk_says_so_at_the_console() {
    each("kz", async |mut world| {
        world.app.demo = true;
        let app = world.app.clone();
        access::demo_accounts(&app).await.unwrap();
        let Actor::Partner { partner, .. } = partner_actor(&app, "ZBEK").await else {
            unreachable!("an institution")
        };
        let seat = access::Seat { partner, code: "ZBEK".to_owned(), manages: false };
        access::demo_clerk(&app, "timur", "Үлгі Қызметкер", seat).await.unwrap();
        let (first, second) = (iin("90051749951"), iin("85041239951"));
        let name = |text: &str| web::encode(text);

        let matter = filed(&world, 2_051, 121, ("Арыз Иесі", "")).await;
        let view = asked(&world, &matter, vec![]).await;
        let desk = browser(&world, "ru", Some("aliya")).await;
        let form = format!("/desk/orders/{}/objects/{}/answer", view.order.id, view.objects[0].id);
        let (_, _, page) = desk.send("GET", &form, "").await;
        for field in ["holder_name", "holder_iin", "holder_birth", "holder_phone"] {
            assert!(page.contains(&format!("name=\"{field}\"")), "{field}: {page}");
        }
        let body = |number: &str, birth: &str| {
            let (who, told) = (name("Дежурный банка"), name("Серікова Айгүл"));
            format!(
                "idempotency_key=k1&code=D10&by=phone&reference=R-1&who={who}&holder_name={told}\
                 &holder_iin={number}&holder_birth={birth}&holder_phone=87000001234"
            )
        };
        for (number, birth, field) in [
            ("123", "17.05.1990", "holder_iin"),
            (first.as_str(), "32.05.1990", "holder_birth"),
            (first.as_str(), "17.05.2090", "holder_birth"),
        ] {
            let (status, _, page) = desk.send("POST", &form, &body(number, birth)).await;
            assert!(status == 422 && page.contains(&format!("href=\"#f-{field}\"")), "{field}: {page}");
            assert!(!page.contains("[desk-"), "{page}");
        }
        assert!(holders(&world, &matter).await.is_empty());
        assert_eq!(desk.send("POST", &form, &body(&first, "17.05.1990")).await.0, 303);
        world.deliver(&subscribers(&app)).await;
        let all = holders(&world, &matter).await;
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].1.birth.as_str(), all[0].1.phone.as_str()), ("17.05.1990", "+77000001234"));
        let (_, _, page) = desk.send("GET", &format!("/desk/orders/{}", view.order.id), "").await;
        assert!(page.contains("Дежурный банка") && page.contains(&first), "{page}");

        let matter = filed(&world, 2_052, 122, ("Арыз Иесі", "")).await;
        let view = asked(&world, &matter, vec![]).await;
        let clerk = browser(&world, "kk", Some("timur")).await;
        let form = format!("/console/orders/{}/objects/{}/answer", view.order.id, view.objects[0].id);
        let (_, _, page) = clerk.send("GET", &format!("{form}?code=D10"), "").await;
        assert!(page.contains("name=\"holder_iin\""), "{page}");
        let body = |number: &str| {
            let told = name("Ахметов Болат");
            format!("idempotency_key=c1&code=D10&reference=K-1&at=&holder_name={told}&holder_iin={number}")
        };
        let (status, _, page) = clerk.send("POST", &form, &body("123")).await;
        assert!(
            status == 422 && page.contains("holder_iin\"") && page.contains("href=\"#f-holder_iin\""),
            "{page}"
        );
        let (status, _, page) = clerk.send("POST", &form, &body(&second)).await;
        assert_eq!(status, 303, "{page}");
        world.deliver(&subscribers(&app)).await;
        let all = holders(&world, &matter).await;
        assert_eq!((all.len(), all[0].1.iin.as_str()), (1, second.as_str()));

        // Where nobody asked whose it is, nobody is asked at the console.
        let matter = filed(&world, 2_053, 123, ("Арыз Иесі", "")).await;
        let view = asked(&world, &matter, vec![order::details::DataClass::Statement]).await;
        let form = format!("/console/orders/{}/objects/{}/answer", view.order.id, view.objects[0].id);
        let (_, _, page) = clerk.send("GET", &format!("{form}?code=D10"), "").await;
        assert!(page.contains("name=\"reference\"") && !page.contains("holder_iin"), "{page}");
    })
    .await;
}
