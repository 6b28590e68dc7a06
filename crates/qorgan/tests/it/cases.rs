//! Cases: opened, worked on, decided by two, closed to others, merged and parted without losing anything; on each engine.

use access::AccessError;
use case::model::{Standing, State, TaskState};
use case::rules::next::Next;
use case::service::{self, Door, NewCase, NewDecision, NewNote, NewPerson, NewTask};
use case::{Case, CaseError};
use kernel::{Actor, Role};
use qorgan::slices::subscribers;
use testkit::World;

use crate::country::{file, iban, report, staff};
use crate::talk::{answer, each, line, orders};

async fn officer(world: &World, n: u32) -> Actor {
    staff(&world.app, n + 10, Role::DutyOfficer).await
}

async fn approver(world: &World, n: u32) -> Actor {
    staff(&world.app, n + 20, Role::Approver).await
}

/// A colleague of another unit.
async fn elsewhere(world: &World, login: &str, role: Role, unit: &str) -> Actor {
    let setup = Actor::system("setup");
    let new = access::NewAccount {
        login: login.to_owned(),
        name: "Басқа бөлім (ойдан шығарылған)".to_owned(),
        password: kernel::Secret::new(format!("korgan-test-tau-{login}")),
        roles: vec![role],
        seat: None,
        unit: unit.to_owned(),
    };
    access::create_account(&world.app, &setup, new).await.unwrap();
    let all = access::accounts(&world.app, &setup).await.unwrap();
    all.into_iter().find(|a| a.login == login).unwrap().actor()
}

async fn opened(world: &World, who: &Actor, title: &str) -> Case {
    let new = NewCase { title: title.to_owned(), priority: 1, ..NewCase::default() };
    service::open(&world.app, who, new).await.unwrap()
}

fn hidden<T: std::fmt::Debug>(result: Result<T, CaseError>) -> bool {
    matches!(result, Err(CaseError::NotFound | CaseError::Access(AccessError::Hidden)))
}

fn forbidden<T: std::fmt::Debug>(result: Result<T, CaseError>) -> bool {
    matches!(result, Err(CaseError::Access(AccessError::Forbidden(_))))
}

async fn listed(world: &World, who: &Actor, filter: &str) -> (Vec<String>, i64) {
    let app = &world.app;
    let list = service::list(app, who, (service::wanted(app, filter), Default::default(), 50)).await.unwrap();
    (list.rows.into_iter().map(|r| r.case.number).collect(), list.count)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_opened_from_a_report_and_hears_of_it() {
    each("kz", async |world| {
        let (app, me) = (&world.app, officer(&world, 1).await);
        let filed = file(&world, report(app, 901, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let new = NewCase {
            title: "Қауіпсіз шот (ойдан шығарылған)".into(),
            template: "payment-fraud".into(),
            from: Some(("report".into(), filed.number.clone())),
            priority: 2,
            key: "form-1".into(),
            ..NewCase::default()
        };
        let case = service::open(app, &me, new.clone()).await.unwrap();
        assert!(case.number.starts_with("C-2026-"), "{}", case.number);
        assert_eq!(service::open(app, &me, new).await.unwrap().number, case.number, "pressed twice");
        let page = service::look(app, &me, &case.number).await.unwrap();
        assert_eq!(page.title, "Қауіпсіз шот (ойдан шығарылған)");
        assert_eq!(page.reports.len(), 1);
        assert_eq!(page.lost[0].minor(), 10_000);
        assert_eq!(page.tasks.len(), 5, "the shape brings its tasks");
        assert_eq!(page.case.origin.as_ref().unwrap().number, filed.number);
        // The urgent task of two hours comes before the others.
        assert!(matches!(page.next[0].0, Next::Task(_)), "{:?}", page.next);
        let line = service::time_line(app, &me, &case.number, (None, None)).await.unwrap();
        let acts: Vec<&str> = line.moments.iter().map(|(m, _)| m.act.as_str()).collect();
        assert!(acts.contains(&"case.opened") && acts.contains(&"report.filed"), "{acts:?}");
        let before = line.moments.len();

        // What happens to its money later stands there, too, once, however often news come.
        let view = orders(&world, filed.id).await.remove(0);
        answer(&world, &view, "c-1", vec![line_held()]).await.unwrap();
        world.deliver(&subscribers(app)).await;
        let line = service::time_line(app, &me, &case.number, (None, None)).await.unwrap();
        let answered = line.moments.iter().filter(|(m, _)| m.act == "order.answered").count();
        assert_eq!(answered, 1);
        assert!(line.moments.len() > before);
        let page = service::look(app, &me, &case.number).await.unwrap();
        assert_eq!(page.held[0].minor(), 10_000);
        assert_eq!(page.papers.len(), 1);
        // Both are found from the report.
        let (about, may) =
            service::about(app, &me, (case::model::LinkKind::Report, filed.id.uuid())).await.unwrap();
        assert!(may && about.len() == 1 && about[0].number == case.number);
        // By words of the title in another writing.
        let found = service::find(app, &me, "кауипсиз").await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(service::find(app, &me, "басқа").await.unwrap().len(), 0);
    })
    .await;
}

fn line_held() -> order::message::Line {
    line("H10", 10_000)
}

/// Bug: of a hundred thousand cases some draw a number that is taken, and could not be opened.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_taken_is_drawn_again() {
    each("kz", async |world| {
        let me = officer(&world, 1).await;
        let mut numbers = Vec::new();
        for late in 0..3 {
            // The same dice, and another time, so that nothing but the number is the same.
            let wall = world.app.wall.now().plus_secs(late);
            let clock = kernel::time::ManualClock::at(wall);
            let app =
                app::App { entropy: kernel::Entropy::seeded(7), wall: clock.wall(), ..world.app.clone() };
            let new = NewCase { title: format!("Іс {late}"), ..NewCase::default() };
            numbers.push(service::open(&app, &me, new).await.unwrap().number);
        }
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), 3);
    })
    .await;
}

/// What every title says, what some say and what one says: each is found, the latest first, also what is over.
#[tokio::test(flavor = "multi_thread")]
async fn words_find_what_few_and_what_very_many_titles_say() {
    each("kz", async |world| {
        let (app, me) = (&world.app, officer(&world, 1).await);
        let mut numbers = Vec::new();
        for no in 0..60 {
            let new = NewCase {
                title: format!("Барлығы {} жеке{no}", if no % 2 == 0 { "жұп" } else { "тақ" }),
                closed: no == 4,
                ..NewCase::default()
            };
            numbers.push(service::open(app, &me, new).await.unwrap().number);
            world.clock.advance_secs(60);
        }
        service::pass(app, &me, &numbers[0], ("investigation", "why")).await.unwrap();
        let found = async |who: &Actor, words: &str| -> Vec<String> {
            service::find(app, who, words).await.unwrap().into_iter().map(|t| t.case.number).collect()
        };
        let all = found(&me, "барлығы").await;
        assert_eq!(all.len(), 50);
        assert_eq!(all[..2], [numbers[0].clone(), numbers[59].clone()], "the latest changed first");
        assert_eq!(found(&me, "жұп барлығы").await.len(), 30);
        assert_eq!(found(&me, "барлығы тақ жеке7").await, std::slice::from_ref(&numbers[7]));
        assert!(found(&me, "жұп жеке7").await.is_empty());
        assert!(found(&me, "барлығы жоқ").await.is_empty());
        let other = officer(&world, 2).await;
        assert_eq!(found(&other, "жұп").await.len(), 29, "what is closed is not found");
        // However it is looked for, the same is found.
        for who in [&me, &other] {
            let office = access::scope(who, access::Kind::Case).unwrap().office().unwrap();
            for typed in ["барлығы", "жұп барлығы", "барлығы тақ жеке7", "жұп жеке7", "жоқ"]
            {
                let words: Vec<Vec<u8>> = case::rules::words::of(typed)
                    .iter()
                    .map(|w| app.vault.blind("case.word", w)[..8].to_vec())
                    .collect();
                let mut ways = Vec::new();
                for few in [0, 5, 1_000] {
                    let (office, words) = (office.clone(), words.clone());
                    let all =
                        app.db.read(move |tx| case::store::list::by_words(tx, &office, &words, (few, 40)));
                    ways.push(all.await.unwrap());
                }
                assert_eq!(ways[0], ways[1], "{typed}");
                assert_eq!(ways[1], ways[2], "{typed}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_closed_is_not_there_nor_counted() {
    each("kz", async |world| {
        let app = &world.app;
        let (lead, other, head) =
            (officer(&world, 1).await, officer(&world, 2).await, approver(&world, 3).await);
        let far = elsewhere(&world, "far", Role::Approver, "second").await;
        let open = opened(&world, &lead, "Ашық").await;
        let shut = opened(&world, &lead, "Жабық").await;
        assert_eq!(listed(&world, &other, "").await.1, 2);
        assert!(forbidden(service::set_door(app, &other, &shut.number, (Door::Closed, "why")).await));
        service::set_door(app, &lead, &shut.number, (Door::Closed, "Ақпарат жария болмауы керек"))
            .await
            .unwrap();
        for (who, sees) in [(&lead, 2), (&other, 1), (&head, 2), (&far, 1)] {
            let (rows, count) = listed(&world, who, "").await;
            assert_eq!((rows.len(), count), (sees, i64::try_from(sees).unwrap()));
            assert_eq!(hidden(service::look(app, who, &shut.number).await), sees == 1);
            assert_eq!(hidden(service::time_line(app, who, &shut.number, (None, None)).await), sees == 1);
            assert_eq!(service::find(app, who, "жабық").await.unwrap().len(), sees - 1);
        }
        // Who is named red is seen by the team alone, the head of the unit not among them.
        service::set_door(app, &lead, &shut.number, (Door::Red, "Тек топқа")).await.unwrap();
        assert!(hidden(service::look(app, &head, &shut.number).await));
        assert_eq!(listed(&world, &head, "").await.1, 1);
        service::add_member(app, &lead, &shut.number, (&other.label(), "талдау")).await.unwrap();
        assert_eq!(listed(&world, &other, "is:mine").await.0, std::slice::from_ref(&shut.number));
        assert!(service::look(app, &other, &shut.number).await.is_ok());
        service::remove_member(app, &lead, &shut.number, &other.label()).await.unwrap();
        assert!(hidden(service::look(app, &other, &shut.number).await), "whoever leaves sees it no more");
        // Whoever leads stays.
        let stays = service::remove_member(app, &lead, &open.number, &lead.label()).await;
        assert!(matches!(stays, Err(CaseError::Lead)));
        // Administrators see none of it.
        let admin = staff(app, 39, Role::Administrator).await;
        assert!(hidden(service::look(app, &admin, &open.number).await));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_note_is_there_for_those_it_names() {
    each("kz", async |world| {
        let app = &world.app;
        let (lead, one, two) = (officer(&world, 1).await, officer(&world, 2).await, officer(&world, 3).await);
        let case = opened(&world, &lead, "Жазбалар").await;
        for who in [&one, &two] {
            service::add_member(app, &lead, &case.number, (&who.label(), "")).await.unwrap();
        }
        let changed = service::look(app, &two, &case.number).await.unwrap().case.changed_at;
        world.advance_secs(60);
        let note =
            NewNote { text: "Ақпарат көзі".into(), readers: vec![one.label()], restricted: true };
        service::add_note(app, &lead, &case.number, note).await.unwrap();
        for (who, sees) in [(&lead, 1), (&one, 1), (&two, 0)] {
            let page = service::look(app, who, &case.number).await.unwrap();
            assert_eq!(page.notes.len(), sees);
            let line = service::time_line(app, who, &case.number, (None, None)).await.unwrap();
            assert!(line.moments.iter().all(|(m, _)| m.act != "case.noted"), "the time line tells nothing");
            assert_eq!(page.case.changed_at, changed, "nor does the time of the last change");
        }
        // Nobody outside the team is named.
        let stranger = officer(&world, 4).await;
        let note = NewNote { text: "x1".into(), readers: vec![stranger.label()], restricted: true };
        let odd = service::add_note(app, &lead, &case.number, note).await;
        assert!(matches!(odd, Err(CaseError::Unknown("readers"))));
        assert!(forbidden(
            service::add_note(
                app,
                &stranger,
                &case.number,
                NewNote { text: "x".into(), ..NewNote::default() }
            )
            .await
        ));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_call_before_they_fall_due_and_after() {
    each("kz", async |world| {
        let app = &world.app;
        let (lead, one) = (officer(&world, 1).await, officer(&world, 2).await);
        let case = opened(&world, &lead, "Тапсырмалар").await;
        service::add_member(app, &lead, &case.number, (&one.label(), "")).await.unwrap();
        let due = app.office.now().plus_secs(10 * 3_600);
        let new =
            NewTask {
                title: "Жауап алу".into(), assignee: one.label(), due_at: Some(due), urgent: false
            };
        service::add_task(app, &one, &case.number, new).await.unwrap();
        let id = service::look(app, &one, &case.number).await.unwrap().tasks[0].0.place.id;
        assert_eq!(service::to_do(app, &one).await.unwrap().len(), 1);
        assert_eq!(service::call_due(app).await.unwrap(), 0);
        world.advance_secs(6 * 3_600 + 60);
        assert_eq!(service::call_due(app).await.unwrap(), 1, "four hours before");
        assert_eq!(service::call_due(app).await.unwrap(), 0, "once");
        assert_eq!(listed(&world, &one, "is:late").await.1, 0);
        world.advance_secs(5 * 3_600);
        assert_eq!(service::call_due(app).await.unwrap(), 1, "an hour after, whoever leads");
        assert_eq!(listed(&world, &one, "is:late").await.0, std::slice::from_ref(&case.number));
        // A term that is moved calls anew; what is done calls nobody.
        service::change_due(app, &one, &case.number, (id, Some(app.office.now().plus_secs(3_600))))
            .await
            .unwrap();
        assert_eq!(service::call_due(app).await.unwrap(), 1);
        service::finish(app, &one, &case.number, (id, TaskState::Done)).await.unwrap();
        world.advance_secs(10 * 3_600);
        assert_eq!(service::call_due(app).await.unwrap(), 0);
        assert_eq!(listed(&world, &one, "is:late").await.1, 0);
        let again = service::finish(app, &one, &case.number, (id, TaskState::Done)).await;
        assert!(matches!(again, Err(CaseError::Already)));
        service::finish(app, &one, &case.number, (id, TaskState::Open)).await.unwrap();
        // Whoever leaves leaves the task behind.
        service::remove_member(app, &lead, &case.number, &one.label()).await.unwrap();
        let page = service::look(app, &lead, &case.number).await.unwrap();
        assert_eq!(page.tasks[0].0.assignee, "");
        let stranger = service::assign(app, &lead, &case.number, (id, &one.label())).await;
        assert!(matches!(stranger, Err(CaseError::Unknown("assignee"))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_persons_end_a_case_and_no_way_leads_around_them() {
    each("kz", async |world| {
        let app = &world.app;
        let (lead, head) = (officer(&world, 1).await, approver(&world, 3).await);
        let case = opened(&world, &lead, "Шешімдер").await;
        let around = service::pass(app, &lead, &case.number, ("refused", "жай")).await;
        assert!(matches!(around, Err(CaseError::Decision)));
        let none = service::pass(app, &lead, &case.number, ("court", "жай")).await;
        assert!(matches!(none, Err(CaseError::Stage)));
        let refuse = NewDecision {
            kind: "refuse".into(),
            paper: "17".into(),
            day: "2026-09-01".into(),
            reasons: "Азаматтық дау".into(),
        };
        let no_paper = NewDecision { paper: String::new(), ..refuse.clone() };
        assert!(matches!(
            service::propose(app, &lead, &case.number, no_paper).await,
            Err(CaseError::Field("paper"))
        ));
        let proposed = service::propose(app, &lead, &case.number, refuse.clone()).await.unwrap();
        assert_eq!(proposed.stage, "check", "a proposal changes nothing");
        assert!(matches!(
            service::propose(app, &lead, &case.number, refuse.clone()).await,
            Err(CaseError::Waits)
        ));
        let id = service::look(app, &head, &case.number).await.unwrap().decisions[0].0.place.id;
        assert!(forbidden(service::confirm(app, &lead, &case.number, id).await), "not who proposed");
        service::send_back(app, &head, &case.number, (id, "Толықтырыңыз")).await.unwrap();
        assert!(matches!(service::confirm(app, &head, &case.number, id).await, Err(CaseError::Settled)));
        service::propose(app, &lead, &case.number, refuse).await.unwrap();
        let page = service::look(app, &head, &case.number).await.unwrap();
        assert!(page.may.confirm && matches!(page.next[0].0, Next::Confirm(_)), "{:?}", page.next);
        let (waits, ..) = page.decisions.iter().find(|(d, ..)| d.standing == Standing::Proposed).unwrap();
        let ended = service::confirm(app, &head, &case.number, waits.place.id).await.unwrap();
        assert_eq!((ended.stage.as_str(), ended.state), ("refused", State::Ended));
        assert_eq!(listed(&world, &lead, "").await.1, 0);
        assert_eq!(listed(&world, &lead, "is:over").await.0, std::slice::from_ref(&case.number));
        // Nothing is done to what is over, until it is open again.
        let late = service::add_article(app, &lead, &case.number, "cc-190").await;
        assert!(matches!(late, Err(CaseError::Over)));
        // What two decided one does not undo, and not by a decision of one either.
        let alone = service::pass(app, &lead, &case.number, ("check", "Жаңа мән-жай")).await;
        assert!(matches!(alone, Err(CaseError::Decision)));
        let lift = NewDecision {
            kind: "lift-refusal".into(),
            paper: "18".into(),
            day: "2026-09-01".into(),
            reasons: "Жаңа мән-жай".into(),
        };
        let proposed = service::propose(app, &lead, &case.number, lift).await.unwrap();
        assert_eq!(proposed.state, State::Ended, "a proposal opens nothing");
        let page = service::look(app, &head, &case.number).await.unwrap();
        let (waits, ..) = page.decisions.iter().find(|(d, ..)| d.standing == Standing::Proposed).unwrap();
        let again = service::confirm(app, &head, &case.number, waits.place.id).await.unwrap();
        assert_eq!((again.state, again.ended_at), (State::Open, None));
        service::add_article(app, &lead, &case.number, "cc-190").await.unwrap();
        let twice = service::add_article(app, &lead, &case.number, "cc-190").await;
        assert!(matches!(twice, Err(CaseError::Already)));
        // A decision of one stands at once.
        let start =
            NewDecision {
                kind: "start".into(), reasons: "Белгілері бар".into(), ..NewDecision::default()
            };
        assert_eq!(service::propose(app, &lead, &case.number, start).await.unwrap().stage, "investigation");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_run_by_the_clock_of_the_law() {
    each("kz", async |world| {
        let (app, me) = (&world.app, officer(&world, 1).await);
        let case = opened(&world, &me, "Тізілім").await;
        let at = app.office.now().plus_secs(-3_600);
        service::add_ref(app, &me, &case.number, ("kui", "К-1", at, "Ойдан шығарылған")).await.unwrap();
        let page = service::look(app, &me, &case.number).await.unwrap();
        let due = at.plus_secs(24 * 3_600);
        assert!(page.next.contains(&(Next::Register("kui".into()), Some(due))), "{:?}", page.next);
        assert_eq!(page.refs[0].1, "Ойдан шығарылған");
        let future =
            service::add_ref(app, &me, &case.number, ("erdr", "E-1", app.office.now().plus_secs(60), ""))
                .await;
        assert!(matches!(future, Err(CaseError::Field("at"))));
        service::add_ref(app, &me, &case.number, ("erdr", "E-1", app.office.now(), "")).await.unwrap();
        let page = service::look(app, &me, &case.number).await.unwrap();
        assert!(!page.next.iter().any(|(n, _)| matches!(n, Next::Register(_))), "the clock has stopped");
        let id = page.refs.iter().find(|(r, _)| r.system == "erdr").unwrap().0.place.id;
        service::wrong_ref(app, &me, &case.number, id).await.unwrap();
        let page = service::look(app, &me, &case.number).await.unwrap();
        assert!(page.next.iter().any(|(n, _)| matches!(n, Next::Register(_))), "and runs again");
        // Persons are told their rights.
        let words =
            case::model::PersonWords { name: "Ойдан шығарылған".into(), ..Default::default() };
        let new = NewPerson { words, duty: "victim".into(), number: String::new() };
        service::add_person(app, &me, &case.number, new.clone()).await.unwrap();
        let id = service::look(app, &me, &case.number).await.unwrap().persons[0].0.place.id;
        service::rights_told(app, &me, &case.number, id).await.unwrap();
        assert!(matches!(service::rights_told(app, &me, &case.number, id).await, Err(CaseError::Settled)));
        let odd = NewPerson { duty: "wizard".into(), ..new.clone() };
        assert!(matches!(
            service::add_person(app, &me, &case.number, odd).await,
            Err(CaseError::Field("duty"))
        ));
        let nobody = NewPerson { number: "P-2026-00000000".into(), ..new };
        assert!(matches!(
            service::add_person(app, &me, &case.number, nobody).await,
            Err(CaseError::Unknown("person"))
        ));
    })
    .await;
}

/// All that a case shows, as far as a merge could change it.
async fn content(world: &World, who: &Actor, number: &str) -> Vec<String> {
    let p = service::look(&world.app, who, number).await.unwrap();
    let mut all: Vec<String> = Vec::new();
    all.extend(p.reports.iter().map(|r| format!("report {} {:?}", r.link.number, r.link.written)));
    all.extend(p.persons.iter().map(|(r, w)| format!("person {} {} {:?}", r.place.id, w.name, r.written)));
    all.extend(p.tasks.iter().map(|(t, w)| format!("task {} {w} {:?} {:?}", t.place.id, t.written, t.state)));
    all.extend(p.notes.iter().map(|(n, w, _)| format!("note {} {w} {:?}", n.place.id, n.written)));
    all.extend(p.articles.iter().map(|a| format!("article {} {:?}", a.code, a.written)));
    all.extend(p.refs.iter().map(|(r, w)| format!("ref {} {w} {:?}", r.number, r.written)));
    all.extend(p.decisions.iter().map(|(d, w, _)| format!("decision {} {w} {:?}", d.kind, d.written)));
    all.extend(p.fields.iter().map(|(f, w)| format!("field {} {w} {:?}", f.code, f.written)));
    let now = p.team.iter().filter(|m| m.until.is_none());
    all.extend(now.map(|m| format!("member {}", m.label)));
    all.sort();
    all
}

/// A case with one of everything.
async fn full(world: &World, who: &Actor, no: u128) -> Case {
    let app = &world.app;
    let filed = file(world, report(app, 950 + no, &iban("ZBEK", 1), 10_000, app.office.now())).await;
    let new = NewCase {
        title: format!("Толық {no}"),
        template: "payment-fraud".into(),
        from: Some(("report".into(), filed.number)),
        priority: 1,
        ..NewCase::default()
    };
    let case = service::open(app, who, new).await.unwrap();
    let n = &case.number;
    let words = case::model::PersonWords { name: format!("Адам {no}"), ..Default::default() };
    service::add_person(app, who, n, NewPerson { words, duty: "victim".into(), number: String::new() })
        .await
        .unwrap();
    let note = |text: &str, restricted| NewNote { text: text.into(), readers: vec![], restricted };
    service::add_note(app, who, n, note("ашық", false)).await.unwrap();
    service::add_note(app, who, n, note("жабық", true)).await.unwrap();
    service::add_article(app, who, n, "cc-190").await.unwrap();
    service::set_field(app, who, n, ("contact", "call")).await.unwrap();
    service::add_ref(app, who, n, ("kui", &format!("К-{no}"), app.office.now(), "")).await.unwrap();
    let d =
        NewDecision { kind: "qualify".into(), reasons: format!("себеп {no}"), ..NewDecision::default() };
    service::propose(app, who, n, d).await.unwrap();
    service::add_event(app, who, n, (app.office.now(), "Тінту")).await.unwrap();
    case
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_keeps_authors_and_dates_and_goes_back_whole() {
    each("kz", async |world| {
        let app = &world.app;
        let (one, two) = (officer(&world, 1).await, officer(&world, 2).await);
        let a = full(&world, &one, 1).await;
        world.advance_secs(3_600);
        let b = full(&world, &two, 2).await;
        // Whoever leads one of them alone does not merge them.
        let alone = service::merge(app, &one, &a.number, (&b.number, "бір топ")).await;
        assert!(forbidden(alone), "the other case is led by somebody else");
        service::hand_over(app, &two, &b.number, (&one.label(), "біріктіру үшін")).await.unwrap();
        service::add_member(app, &one, &a.number, (&two.label(), "")).await.unwrap();
        let (was_a, was_b) = (content(&world, &one, &a.number).await, content(&world, &one, &b.number).await);
        let long = |l: &service::TimeLine| l.moments.len();
        let line_a = service::time_line(app, &one, &a.number, (None, None)).await.unwrap();
        let line_b = service::time_line(app, &one, &b.number, (None, None)).await.unwrap();

        let into = service::merge(app, &one, &a.number, (&b.number, "бір топ")).await.unwrap();
        assert_eq!(into.number, b.number);
        let whole = content(&world, &one, &b.number).await;
        for row in was_a
            .iter()
            .filter(|r| !r.starts_with("member") && !r.starts_with("article") && !r.starts_with("field"))
        {
            assert!(whole.contains(row), "lost or changed: {row}");
        }
        for row in &was_b {
            assert!(whole.contains(row), "lost or changed: {row}");
        }
        // What both had is there once.
        assert_eq!(whole.iter().filter(|r| r.starts_with("article")).count(), 1);
        let page = service::look(app, &one, &a.number).await.unwrap();
        assert_eq!((page.case.state, page.merged_into.as_deref()), (State::Merged, Some(b.number.as_str())));
        let line = service::time_line(app, &one, &b.number, (None, None)).await.unwrap();
        assert!(long(&line) >= long(&line_a) + long(&line_b), "both histories stand in one line");
        assert!(
            line.moments.iter().filter(|(_, said)| said == "Тінту").count() == 2,
            "what was written by hand opens"
        );
        // Nothing is done to the one that is gone, and it is in no list of open ones.
        let gone = service::add_article(app, &one, &a.number, "cc-210").await;
        assert!(matches!(gone, Err(CaseError::Merged(n)) if n == b.number));
        assert_eq!(listed(&world, &one, "").await.0, std::slice::from_ref(&b.number));
        assert_eq!(listed(&world, &one, "is:merged").await.0, std::slice::from_ref(&a.number));

        let step = service::look(app, &one, &b.number).await.unwrap().moves[0].0.id;
        service::undo_move(app, &one, &b.number, step).await.unwrap();
        assert_eq!(content(&world, &one, &a.number).await, was_a);
        assert_eq!(content(&world, &one, &b.number).await, was_b);
        assert_eq!(listed(&world, &one, "").await.1, 2);
        let twice = service::undo_move(app, &one, &b.number, step).await;
        assert!(matches!(twice, Err(CaseError::Settled)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_later_rests_on_a_merge_keeps_it() {
    each("kz", async |world| {
        let (app, me) = (&world.app, officer(&world, 1).await);
        let (a, b, c) = (full(&world, &me, 1).await, full(&world, &me, 2).await, full(&world, &me, 3).await);
        service::merge(app, &me, &a.number, (&b.number, "бірдей")).await.unwrap();
        let step = service::look(app, &me, &b.number).await.unwrap().moves[0].0.id;
        service::merge(app, &me, &b.number, (&c.number, "бірдей")).await.unwrap();
        let why = |r: Result<Case, CaseError>| match r {
            Err(CaseError::Depends(why)) => why,
            other => unreachable!("{other:?}"),
        };
        assert_eq!(why(service::undo_move(app, &me, &b.number, step).await), "merged");
        let outer = service::look(app, &me, &c.number).await.unwrap().moves[0].0.id;
        service::undo_move(app, &me, &c.number, outer).await.unwrap();
        // A decision on the whole.
        world.advance_secs(60);
        let d = NewDecision {
            kind: "qualify".into(), reasons: "бүтін іс".into(), ..NewDecision::default()
        };
        service::propose(app, &me, &b.number, d).await.unwrap();
        assert_eq!(why(service::undo_move(app, &me, &b.number, step).await), "decided");
        // Parting off, and back.
        let was = content(&world, &me, &c.number).await;
        let page = service::look(app, &me, &c.number).await.unwrap();
        let rows = [page.tasks[0].0.place.id, page.persons[0].0.place.id];
        let new = service::split(app, &me, &c.number, (&rows, "Бөлек іс", "басқа адам")).await.unwrap();
        let parted = service::look(app, &me, &new.number).await.unwrap();
        assert_eq!((parted.tasks.len(), parted.persons.len()), (1, 1));
        assert_eq!(parted.persons[0].1.name, "Адам 3", "words open under the key they were written with");
        let step = parted.moves[0].0.id;
        service::add_article(app, &me, &new.number, "cc-210").await.unwrap();
        assert_eq!(why(service::undo_move(app, &me, &new.number, step).await), "moved");
        let own = service::look(app, &me, &new.number).await.unwrap().articles[0].place.id;
        service::remove_article(app, &me, &new.number, own).await.unwrap();
        service::undo_move(app, &me, &new.number, step).await.unwrap();
        assert_eq!(content(&world, &me, &c.number).await, was);
        // What is closed is not opened by a merge.
        service::set_door(app, &me, &c.number, (Door::Closed, "жабық")).await.unwrap();
        let narrower = service::merge(app, &me, &c.number, (&b.number, "бірдей")).await;
        assert!(matches!(narrower, Err(CaseError::Narrower)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_referred_accepted_or_returned() {
    each("kz", async |world| {
        let (app, me) = (&world.app, officer(&world, 1).await);
        let there = elsewhere(&world, "there", Role::DutyOfficer, "investigation").await;
        let case = opened(&world, &me, "Жолдау").await;
        service::set_door(app, &me, &case.number, (Door::Closed, "жабық")).await.unwrap();
        assert!(hidden(service::look(app, &there, &case.number).await));
        service::refer(app, &me, &case.number, ("investigation", "Тергеу басқармасына тиесілі"))
            .await
            .unwrap();
        let twice = service::refer(app, &me, &case.number, ("knb", "тағы")).await;
        assert!(matches!(twice, Err(CaseError::Waits)));
        assert_eq!(service::coming(app, &there).await.unwrap().len(), 1);
        let page = service::look(app, &there, &case.number).await.unwrap();
        assert!(page.may.receive && !page.may.work && matches!(page.next[0].0, Next::Receive));
        assert!(forbidden(service::accept(app, &me, &case.number, &me.label()).await), "not one's own");
        service::returned(app, &there, &case.number, "Біздің құзыретке жатпайды").await.unwrap();
        assert!(hidden(service::look(app, &there, &case.number).await), "and it is gone again");
        service::refer(app, &me, &case.number, ("investigation", "Қайта")).await.unwrap();
        let wrong = service::accept(app, &there, &case.number, &me.label()).await;
        assert!(matches!(wrong, Err(CaseError::Unknown("member"))), "an officer of the unit leads it");
        let taken = service::accept(app, &there, &case.number, &there.label()).await.unwrap();
        assert_eq!((taken.header.unit_id.as_str(), &taken.lead), ("investigation", &there.label()));
        assert!(forbidden(service::refer(app, &me, &case.number, ("knb", "енді менікі емес")).await));
        // Another body answers on paper.
        service::refer(app, &there, &case.number, ("knb", "Аса маңызды нысан")).await.unwrap();
        assert_eq!(service::coming(app, &there).await.unwrap().len(), 0);
        service::answered(app, &there, &case.number, (true, "№ 5 хат, қабылданды")).await.unwrap();
        let page = service::look(app, &there, &case.number).await.unwrap();
        assert_eq!(page.referrals.len(), 3);
        let said: Vec<&str> = page.referrals.iter().map(|(_, _, answer)| answer.as_str()).collect();
        assert!(said.contains(&"№ 5 хат, қабылданды"), "{said:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_brought_whole_or_not_at_all() {
    each("kz", async |world| {
        let (app, me) = (&world.app, officer(&world, 1).await);
        let filed = file(&world, report(app, 980, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let good = format!(
            "title;template;report;system;number;registered_at\nБірінші;dropper;{};kui;К-7;2026-08-30T10:00:00+05:00\nЕкінші;;;;;\n",
            filed.number
        );
        let bad = format!("{good}Үшінші;moon;R-2026-00000000;;;\n");
        let tried = service::try_out(app, &me, bad.as_bytes()).await.unwrap();
        let faults: Vec<(usize, &str)> = tried.faults.iter().map(|f| (f.row, f.field)).collect();
        assert_eq!(faults, [(3, "template"), (3, "report")]);
        assert!(service::bring(app, &me, bad.as_bytes(), "k").await.unwrap().opened.is_empty());
        assert_eq!(listed(&world, &me, "").await.1, 0);
        let came = service::bring(app, &me, good.as_bytes(), "k").await.unwrap();
        assert_eq!(came.opened.len(), 2);
        let again = service::bring(app, &me, good.as_bytes(), "k").await.unwrap();
        assert_eq!(again.opened, came.opened, "the same list twice");
        let page = service::look(app, &me, &came.opened[0]).await.unwrap();
        assert_eq!((page.reports.len(), page.refs.len(), page.tasks.len()), (1, 1, 2));
        let other = approver(&world, 3).await;
        assert!(hidden(service::try_out(app, &other, good.as_bytes()).await) || forbidden(service::try_out(app, &other, good.as_bytes()).await));
        // Lists that people keep: one's own, and those of everybody.
        service::keep_view(app, &me, ("Кешіккендер", "is:late", "due", false)).await.unwrap();
        service::keep_view(app, &me, ("Ортақ", "is:mine", "", true)).await.unwrap();
        assert!(service::keep_view(app, &me, ("Есім", "Ахметов", "", false)).await.is_err(), "no name in an address");
        assert_eq!(service::offered(app, &me).await.unwrap().len(), 2);
        let seen = service::offered(app, &other).await.unwrap();
        assert_eq!(seen.iter().map(|(_, n)| n.as_str()).collect::<Vec<_>>(), ["Ортақ"]);
        assert!(hidden(service::throw_away(app, &other, seen[0].0.id).await));
    })
    .await;
}
