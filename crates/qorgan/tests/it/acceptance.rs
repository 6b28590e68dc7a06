//! The acceptance story of the country, from the call to the correction, with everybody's hands where they belong: the
//! machine under a standing approval, an officer, two approvers, the prosecutor, institutions, a holder; on each engine.

use kernel::{Money, Role, When};
use order::answer::Code;
use order::message::Line;
use order::service::{self, Drafted, OrderView};
use order::{ObjectState, Status};
use profile::Measure;
use qorgan::slices::subscribers;
use report::{NewPayment, NewReport, Target};
use testkit::World;
use trail::model::EndKind;

use crate::browser::{Browser, browser};
use crate::country::{CENTRE, file, iban, report, staff};
use crate::objections::notice_code;
use crate::talk::{answer, each, line, moved, orders};

const NUMBER: &str = "+7 700 000 03 21";
const SITE: &str = "bank-help.example";

/// Three payments to two banks, after a call "from the bank's security".
fn the_call(world: &World) -> NewReport {
    let app = &world.app;
    let mut new = report(app, 701, &iban("ZBEK", 71), 90_000_000, app.office.now());
    let own = iban("ZALT", 771);
    let pay = |to: &str, bank: &str, minor| NewPayment {
        amount: Money::from_minor(minor, app.profile.currency()),
        when: When::exactly(app.office.now()),
        own_institution: "ZALT".into(),
        own_account: own.clone(),
        to: Some(Target { kind: "iban".into(), value: to.into(), masked: report::rules::mask("iban", to) }),
        to_institution: bank.into(),
        reference: String::new(),
    };
    new.payments = vec![
        pay(&iban("ZBEK", 71), "ZBEK", 90_000_000),
        pay(&iban("ZBEK", 72), "ZBEK", 10_000_000),
        pay(&iban("ZCAR", 73), "ZCAR", 20_000_000),
    ];
    new.ongoing = true;
    new.story = format!(
        "Банк қауіпсіздігіненбіз деп {NUMBER} нөмірінен қоңырау шалды, https://{SITE}/login сілтемесін жіберді."
    );
    new
}

fn at(world: &World, code: &str) -> Line {
    Line { code: code.into(), at: Some(world.app.office.now().rfc3339()), ..Line::default() }
}

async fn find(world: &World, report: report::ReportId, which: impl Fn(&OrderView) -> bool) -> OrderView {
    orders(world, report).await.into_iter().find(|v| which(v)).unwrap()
}

/// 2, 3: what is named is recognised; both banks are asked at once; the money is followed to the cash machine.
async fn holds(world: &World, officer: &Browser, number: &str, id: report::ReportId) -> OrderView {
    // An earlier report named the same number: the officer sees that it is not the first.
    let (_, _, page) = officer.send("GET", &format!("/desk/reports/{number}"), "").await;
    assert!(page.contains("заявлений: 2"), "the number was named before: {page}");

    let all = orders(world, id).await;
    let banks: Vec<&str> = all.iter().map(|v| v.order.executor.as_str()).collect();
    assert_eq!(banks.iter().filter(|b| **b == "ZBEK").count(), 2, "{banks:?}");
    assert_eq!(banks.iter().filter(|b| **b == "ZCAR").count(), 1, "{banks:?}");
    for v in &all {
        assert_eq!(
            (v.order.status, v.order.gateway.as_str()),
            (Status::Sent, CENTRE),
            "nobody pressed anything"
        );
        assert_eq!(v.order.scope, profile::Scope::AmountOnly);
        assert!(v.order.approval.is_some() && v.order.header.basis.is_some());
    }
    let first = find(world, id, |v| v.order.cap.minor() == 90_000_000).await;
    let received = answer(world, &first, "s-1", vec![at(world, "A00")]).await.unwrap();
    assert_eq!(received.status, Status::Acknowledged);
    let lines = vec![line("H11", 62_000_000), moved(world, 28_000_000, "ZCAR", &iban("ZCAR", 74))];
    answer(world, &first, "s-2", lines).await.unwrap();
    let hop = find(world, id, |v| v.order.hop == 2).await;
    assert_eq!(
        (hop.order.status, hop.order.cap.minor()),
        (Status::Sent, 28_000_000),
        "the hop opened by itself"
    );
    let cash = Line {
        terminal: Some("ATM-17".into()),
        place: Some("Алматы".into()),
        camera_until: Some(world.app.office.now().plus_secs(5 * 86_400).rfc3339()),
        ..Line { amount: line("M22", 28_000_000).amount, ..at(world, "M22") }
    };
    answer(world, &hop, "s-3", vec![cash]).await.unwrap();
    let camera = find(world, id, |v| v.order.measure == Measure::Preservation).await;
    assert_eq!((camera.order.status, camera.order.why_waiting.as_str()), (Status::Drafted, "camera"));
    first
}

/// 4: one act proposes everything lawful against the number and the site, and sends what one signature sends.
async fn suppressed(world: &World, officer: &Browser, number: &str, id: report::ReportId) {
    let path = format!("/desk/reports/{number}/suppress");
    let (_, _, page) = officer.send("GET", &path, "").await;
    let picks: Vec<&str> = page
        .split("name=\"pick\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .filter(|k| k.starts_with("number_block") || k.starts_with("resource_restriction"))
        .collect();
    let form = picks.iter().map(|k| format!("pick={}&", web::encode(k))).collect::<String>();
    let form = format!(
        "{form}harm=алдап+деректер+алады&narrower=бүкіл+сайты+сондай&reason=келіп+жатыр&class=phishing"
    );
    let (status, _, page) = officer.send("POST", &path, &form).await;
    assert_eq!(status, 303, "{page}");
    world.deliver(&subscribers(&world.app)).await;

    let block = find(world, id, |v| v.order.measure == Measure::NumberBlock).await;
    assert_eq!((block.order.executor.as_str(), block.order.status), ("ZTEL", Status::Sent));
    answer(world, &block, "s-4", vec![at(world, "B10")]).await.unwrap();
    let registrar = find(world, id, |v| v.order.executor == "ZREG").await;
    assert_eq!(registrar.order.status, Status::Sent, "the registrar is told in parallel");
    // The lawful route of a site leads to the mass-media body: two hands and the prosecutor.
    let media = find(world, id, |v| v.order.executor == "ZMED").await;
    assert_eq!(media.order.status, Status::Drafted);
    let author = staff(&world.app, 2, Role::Approver).await;
    service::approve_and_send(&world.app, &author, media.order.id).await.unwrap();
    let second = staff(&world.app, 3, Role::Approver).await;
    let (_, out) = service::approve_and_send(&world.app, &second, media.order.id).await.unwrap();
    assert!(!out, "not without the prosecutor");
    sanctioned(world, &media).await;
    answer(world, &media, "s-5", vec![at(world, "B10")]).await.unwrap();
}

/// The prosecutor reads it on a page of that office alone, and gives the sanction.
async fn sanctioned(world: &World, order: &OrderView) {
    let prosecutor = browser(world, "ru", Some("aigul")).await;
    let (_, _, list) = prosecutor.send("GET", "/desk/sanctions", "").await;
    assert!(list.contains(&order.order.id.to_string()), "{list}");
    // The clock in words: so many working days are left.
    let days = ["2 рабочих дня", "1 рабочий день", "осталось"].iter().any(|words| list.contains(words));
    assert!(days, "{list}");
    let page = format!("/desk/sanctions/{}", order.order.id);
    let (status, _, page) = prosecutor.send("POST", &page, "decision=give&reason=материалдар+растайды").await;
    assert_eq!(status, 303, "{page}");
    world.deliver(&subscribers(&world.app)).await;
    let officer = staff(&world.app, 1, Role::DutyOfficer).await;
    let now = service::open(&world.app, &officer, order.order.id).await.unwrap();
    assert_eq!(now.order.status, Status::Sent);
    assert!(service::is_signed(&world.app, &now.sanction.unwrap()), "under the node's key");
}

/// The page of a report at the desk.
fn registers_of(number: &str) -> String {
    format!("/desk/reports/{number}/registers")
}

/// What the victim reads on the own page, in Kazakh.
async fn own_page(world: &World, number: &str, code: &str) -> String {
    let victim = browser(world, "kk", None).await;
    let form = format!("number={number}&code={code}");
    let (status, headers, page) = victim.send("POST", "/my-report", &form).await;
    assert_eq!(status, 303, "{page}");
    let cookies = headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap());
    let visit = cookies.map(|c| c.split(';').next().unwrap()).find(|c| c.contains("visit")).unwrap();
    let victim = Browser { cookie: visit.to_owned(), ..victim };
    victim.send("GET", "/my-report", "").await.2
}

/// 5: the report goes into the country's first register; the clock of the decision is on the board and the page; a
/// refusal wants a reasoned document and a second person; the victim reads what is so.
async fn registered(world: &World, officer: &Browser, number: &str, code: &str) {
    let page = registers_of(number);
    let at = world.app.office.now();
    let (_, _, shown) = officer.send("GET", &format!("/desk/reports/{number}"), "").await;
    assert!(shown.contains("КУИ") && shown.contains(&page), "{shown}");
    let (_, _, board) = officer.send("GET", "/desk/board", "").await;
    assert!(board.contains("Срок передачи") && board.contains(&page), "it waits to be handed over: {board}");
    // An officer hands it over: a file, once, and the same again.
    let (status, _, body) = officer.send("POST", &format!("{page}/kui/hand-over"), "").await;
    assert_eq!(status, 303, "{body}");
    let (status, headers, file) = officer.send("GET", &format!("{page}/kui/file"), "").await;
    assert_eq!(status, 200, "{file}");
    assert!(headers["content-disposition"].to_str().unwrap().contains(&format!("{number}-kui.json")));
    assert!(file.contains("\"registration.v1\"") && file.contains(NUMBER), "{file}");
    // The register answers with a number and its own time: from there 24 hours.
    let zone = world.app.profile.zone();
    let typed = web::encode(&web::day::written_moment(at, zone));
    let form = format!("number=2675-00031&at={typed}&registrar=Үлгі");
    let (status, _, body) = officer.send("POST", &format!("{page}/kui/receipt"), &form).await;
    assert_eq!(status, 303, "{body}");
    let seen = own_page(world, number, code).await;
    assert!(seen.contains("2675-00031"), "the victim reads the number: {seen}");
    world.advance_secs(80 * 60);
    // Sessions have ended meanwhile: the same officer signs in again.
    let officer = &browser(world, "ru", Some("aliya")).await;
    let (_, _, shown) = officer.send("GET", &format!("/desk/reports/{number}"), "").await;
    let shown = shown.replace('\u{a0}', " ");
    assert!(shown.contains("осталось 22 ч 40 мин") && shown.contains("2 сентября 2026 г., 09:00"), "{shown}");
    let (_, _, board) = officer.send("GET", "/desk/board", "").await;
    assert!(board.contains("ЕРДР") && board.contains("Срок решения"), "{board}");

    refused_first(world, officer, number).await;

    let form = "number=267500031000045&at=";
    let at = web::encode(&web::day::written_moment(world.app.office.now(), zone));
    let (status, _, body) = officer
        .send("POST", &format!("{page}/erdr/decide/registered"), &format!("{form}{at}&registrar="))
        .await;
    assert_eq!(status, 303, "{body}");
    let seen = own_page(world, number, code).await;
    assert!(seen.contains("267500031000045") && seen.contains("тергеп-тексеру басталды"), "{seen}");
    // A decision in one's favour needs no way to appeal.
    assert!(!seen.contains("шағым бере аласыз"), "{seen}");
}

/// Not without a document, not without reasons, not alone; the second person does not agree.
async fn refused_first(world: &World, officer: &Browser, number: &str) {
    let page = registers_of(number);
    let refuse = format!("{page}/erdr/decide/refused");
    let (status, _, body) = officer.send("POST", &refuse, "paper=&day=&articles=&reasons=+&words=").await;
    assert_eq!(status, 422);
    for field in ["paper", "day", "articles", "reasons", "words"] {
        assert!(body.contains(&format!("href=\"#f-{field}\"")), "{field}: {body}");
    }
    let today = world.app.profile.civil_date(world.app.office.now());
    let form = format!(
        "paper=17&day={}&articles=ст.+35+УПК&reasons=Гражданско-правовой+спор&words=Это+спор+с+продавцом",
        web::day::written(today)
    );
    let (status, _, body) = officer.send("POST", &refuse, &form).await;
    assert_eq!(status, 303, "{body}");
    let (status, _, _) = officer.send("GET", &format!("{page}/erdr/confirm"), "").await;
    assert_eq!(status, 404, "whoever proposed it does not agree to it");
    let approver = browser(world, "ru", Some("saule")).await;
    let (status, _, body) = approver.send("GET", &format!("{page}/erdr/confirm"), "").await;
    assert!(status == 200 && body.contains("Гражданско-правовой спор"), "{status} {body}");
    let (status, _, body) = approver
        .send("POST", &format!("{page}/erdr/confirm"), "answer=send-back&reason=Это+мошенничество")
        .await;
    assert_eq!(status, 303, "{body}");
}

/// 7: what is held goes back; the victim sees the path and the sum.
async fn returned(world: &World, hold: &OrderView, number: &str, code: &str) {
    let app = &world.app;
    let officer = staff(app, 1, Role::DutyOfficer).await;
    let (drafted, _) = service::draft_returns(app, &officer, hold.objects[0].id).await.unwrap();
    let id = drafted.iter().find_map(|d| match d {
        Drafted::Waiting(id) => Some(*id),
        _ => None,
    });
    let id = id.unwrap();
    service::approve_and_send(app, &staff(app, 2, Role::Approver).await, id).await.unwrap();
    let view = service::open(app, &officer, id).await.unwrap();
    if view.order.status == Status::Drafted {
        sanctioned(world, &view).await;
    }
    let view = service::open(app, &officer, id).await.unwrap();
    assert_eq!((view.order.status, view.order.cap.minor()), (Status::Sent, 62_000_000));
    let paid = Line { reference: Some("PAY-1".into()), ..line("P70", 62_000_000) };
    answer(world, &view, "s-6", vec![paid]).await.unwrap();

    let trail = trail::service::of_report(app, &officer, hold.order.report).await.unwrap();
    assert_eq!(trail.total(EndKind::Returned).minor(), 62_000_000, "{trail:?}");
    let page = own_page(world, number, code).await;
    assert!(page.contains("620\u{a0}000"), "the sum that came back: {page}");
    // Other people's accounts are nobody's business.
    assert!(!page.contains(&iban("ZBEK", 71)) && !page.contains(&iban("ZCAR", 74)), "{page}");
}

/// 9: a seller who was wrongly held is told, objects, is heard by somebody else, and put right everywhere.
async fn seller(world: &World) {
    let app = &world.app;
    let account = iban("ZBEK", 79);
    let mut views = Vec::new();
    for key in [702, 703] {
        let filed = file(world, report(app, key, &account, 5_000_000, app.office.now())).await;
        let view = orders(world, filed.id).await.remove(0);
        answer(world, &view, &format!("h-{key}"), vec![line("H10", 5_000_000)]).await.unwrap();
        views.push(view);
    }
    let code = notice_code(world, views[0].order.id).await;
    let holder = browser(world, "kk", None).await;
    let form = format!("code={code}&file=1&ground=seller&text=Телефон+саттым&name=Үлгі+Сатушы&contact=77");
    let (status, _, page) = holder.send("POST", "/object", &form).await;
    assert_eq!(status, 200, "{page}");
    let officer = staff(app, 1, Role::DutyOfficer).await;
    let number = appeal::service::list(app, &officer, "").await.unwrap()[0].0.number.clone();
    let (filed, ..) = &appeal::service::list(app, &officer, "").await.unwrap()[0];
    let hours = filed.due_at.micros_since(filed.filed_at) / 3_600_000_000;
    assert!(hours <= 24, "heard within a day: {hours}");
    let approver = browser(world, "ru", Some("saule")).await;
    let decide = "decision=uphold&keep=&reason=Продажа+подтверждена";
    let (status, _, page) = approver.send("POST", &format!("/desk/appeals/{number}"), decide).await;
    assert_eq!(status, 303, "{page}");
    world.deliver(&subscribers(app)).await;
    for view in &views {
        let now = service::open(app, &officer, view.order.id).await.unwrap();
        assert_eq!((now.order.status, now.objects[0].state), (Status::Released, ObjectState::Released));
        let object = view.objects[0].id;
        let count = async || {
            app.db
                .read(move |tx| order::store::delivery::count_about(tx, object, "correction"))
                .await
                .unwrap()
        };
        assert_eq!(count().await, (1, 0), "whoever ever received it is told");
        answer(world, view, &format!("l-{object}"), vec![at(world, "L62")]).await.unwrap();
        answer(world, view, &format!("c-{object}"), vec![at(world, "S20")]).await.unwrap();
        assert_eq!(count().await, (1, 1), "and its word is counted");
    }
    let (_, _, page) = holder.send("POST", "/object", &format!("code={code}")).await;
    assert!(page.contains("Продажа подтверждена") && page.contains(&number), "{page}");
}

/// 11: no ground, no order; an order that has ended says so; silence is escalated; the record holds.
async fn limits(world: &World) {
    let app = &world.app;
    let officer = staff(app, 1, Role::DutyOfficer).await;
    let filed = file(world, report(app, 704, &iban("ZCAR", 78), 700_000, app.office.now())).await;
    let view = orders(world, filed.id).await.remove(0);
    let late = view.order.ack_due.micros_since(app.office.now()) / 1_000_000 + 1;
    world.advance_secs(late);
    assert!(service::tick(app).await.unwrap().escalated >= 1);
    let board = browser(world, "ru", Some("aliya")).await;
    let (_, _, page) = board.send("GET", "/desk/board", "").await;
    // Whoever owes several words at once is one row, with the number to call.
    assert!(page.contains("Организации, которые молчат") && page.contains("tel:+77000000101"), "{page}");
    answer(world, &view, "x-1", vec![line("H10", 700_000)]).await.unwrap();
    world.advance_secs(view.order.expires_at.micros_since(app.office.now()) / 1_000_000 + 1);
    assert!(service::tick(app).await.unwrap().lapsed >= 1);
    let gateway = view.order.gateway.clone();
    let wall = app.wall.now();
    let due = app.db.read(move |tx| order::store::delivery::due(tx, &gateway, wall, 200)).await.unwrap();
    let told = due.iter().any(|d| d.order == view.order.id && d.kind == "release" && d.code == "L60");
    assert!(told, "the end is told by itself");

    // Before the law, no order.
    let (me, asked) = (app.clone(), view.order.clone());
    let before = kernel::Timestamp::parse_rfc3339("2001-01-01T00:00:00Z").unwrap();
    let then = app.db.read(move |tx| service::explain(tx, &asked, before)).await.unwrap().unwrap();
    assert_eq!(then.allowed_today_by, None);
    world.clock.set(before);
    let early = file(world, report(&me, 705, &iban("ZBEK", 78), 100, me.office.now())).await;
    assert!(orders(world, early.id).await.is_empty(), "no basis in force, no order");
    assert!(service::release(app, &officer, view.order.id, Code::L61, "x").await.is_err(), "ended is ended");

    let signer = qorgan::serve::log_signer(app).unwrap();
    audit::Sequencer::new(app.db.clone(), signer.clone(), app.wall.clone()).drain().await.unwrap();
    let verdict = audit::verify_database(&app.db, &audit::LogKeys::of(&signer)).unwrap();
    assert!(verdict.is_sound() && verdict.size > 60, "{verdict}");
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_call_to_the_correction() {
    each("kz", async |mut world| {
        world.app.demo = true;
        let app = world.app.clone();
        access::demo_accounts(&app).await.unwrap();
        let mut earlier = report(&app, 700, &iban("ZCAR", 70), 100, app.office.now());
        earlier.story = format!("{NUMBER} қоңырау шалды");
        earlier.reporter.phone = "+77000005555".into();
        file(&world, earlier).await;

        let filed = file(&world, the_call(&world)).await;
        let code = filed.code.unwrap().expose().clone();
        let officer = browser(&world, "ru", Some("aliya")).await;
        let hold = holds(&world, &officer, &filed.number, filed.id).await;
        suppressed(&world, &officer, &filed.number, filed.id).await;
        registered(&world, &officer, &filed.number, &code).await;
        returned(&world, &hold, &filed.number, &code).await;
        seller(&world).await;
        limits(&world).await;
    })
    .await;
}
