//! Searching over both engines: every kind, who may see what to the count, what is forgotten, what is made anew, and the page.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::{App, Node};
use kernel::{Actor, Personal, Role, Secret};
use qorgan::searching::sources;
use qorgan::slices::subscribers;
use report::ReportId;
use search::model::{How, Period};
use search::service::{go_through, search};
use search::{Answer, Shelf, Wanted};
use testkit::World;
use uuid::Uuid;

use crate::country::{file, iban, partner_actor, report, staff};
use crate::talk::each;

mod kept;
mod page;

const STORY: &str = "Маған белгісіз нөмірден қоңырау шалып, банк қызметкерімін деді. Звонили с 8 700 123 45 67, просили зайти на \
    https://qupiya-bonus.example/login и перевести деньги на безопасный счёт";

async fn everything(world: &World) -> Arc<Shelf> {
    let shelf = Shelf::open(&world.app, sources(), None).unwrap();
    go_through(&world.app, &shelf, |_, _| ()).await.unwrap();
    shelf
}

fn wanted(text: &str) -> Wanted {
    Wanted { text: text.to_owned(), ..Wanted::default() }
}

async fn found(app: &App, shelf: &Arc<Shelf>, actor: &Actor, text: &str) -> Answer {
    search(app, shelf, actor, &wanted(text)).await.unwrap()
}

/// How many of each kind are found, and that facets, rows and total say the same.
async fn kinds(app: &App, shelf: &Arc<Shelf>, actor: &Actor, text: &str) -> BTreeMap<&'static str, u64> {
    let answer = found(app, shelf, actor, text).await;
    let kinds: BTreeMap<&'static str, u64> = answer.facets.kinds.iter().map(|c| (c.value, c.n)).collect();
    assert_eq!(kinds.values().sum::<u64>(), answer.total, "{text}");
    assert_eq!(answer.facets.states.iter().map(|c| c.n).sum::<u64>(), answer.total, "{text}");
    assert_eq!(u64::try_from(answer.rows.len()).unwrap(), answer.total.min(20), "{text}");
    kinds
}

fn tells(app: &App, key: u128, story: &str) -> report::NewReport {
    let account = iban("ZBEK", u32::try_from(key).unwrap());
    let mut new = report(app, key, &account, 5_000_000, app.office.now());
    new.reporter.name = "Сәрсенов Жәнібек Үлгіұлы".to_owned();
    story.clone_into(&mut new.story);
    new
}

fn id(key: u128) -> ReportId {
    report::rules::id_from_key(Uuid::from_u128(key))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_is_found_as_people_write() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, tells(app, 901, STORY)).await;
        file(&world, tells(app, 902, "Қайта қоңырау шалды: 8 700 123 45 67")).await;
        while scheme::service::sort(app).await.unwrap() > 0 {}
        let shelf = everything(&world).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let number = report::service::receipt_facts(app, id(901)).await.unwrap().number;
        let order = crate::talk::orders(&world, id(901)).await[0].order.id;
        for (typed, expected) in [
            ("безопасный счёт", &["report"][..]),
            ("bezopasnyi", &["report"]),
            (",tpjgfcysq", &["report"]),
            ("безапасный", &["report"]),
            ("qonyrau", &["report"]),
            (&number, &["report", "order"]),
            (&order.to_string(), &["order"]),
            ("+7 700 123-45-67", &["report", "thing"]),
            ("4567", &["report", "thing"]),
            (&iban("ZBEK", 901), &["report", "thing", "order"]),
            ("qupiya-bonus.example", &["report", "thing"]),
            ("Zhanibek Sarsenov", &["report", "person"]),
            ("Жанибек", &["report", "person"]),
            ("S-1", &["scheme"]),
            ("ZBEK invented", &["report", "partner", "order"]),
            ("кроссовки", &[]),
        ] {
            let kinds = kinds(app, &shelf, &officer, typed).await;
            for kind in expected {
                assert!(kinds.contains_key(kind), "{typed} finds no {kind}: {kinds:?}");
            }
            if expected.len() < 2 {
                assert!(kinds.keys().all(|k| expected.contains(k)), "{typed}: {kinds:?}");
            }
        }
        let answer = found(app, &shelf, &officer, &number).await;
        assert_eq!(answer.rows[0].kind, "report", "the report itself before what serves it");
        let answer = found(app, &shelf, &officer, "безапасный").await;
        assert_eq!(answer.how, How::Near);
        let hits: Vec<&str> =
            answer.rows[0].snippet.iter().filter(|p| p.hit).map(|p| p.text.as_str()).collect();
        assert_eq!(hits, ["безопасный"]);
        assert_eq!(
            found(app, &shelf, &officer, ",tpjgfcysq").await.how,
            How::Layout("безопасный".to_owned())
        );
    })
    .await;
}

/// The same node as another organisation's: rows that it writes are that one's.
fn elsewhere(app: &App) -> App {
    let node = Node {
        name: "other".to_owned(),
        code: "KZ-OTHER".to_owned(),
        unit: "east".to_owned(),
        public_url: app.node.public_url.clone(),
        keyid: "KZ-OTHER/1".to_owned(),
        message_key: Secret::new([1; 32]),
        log_key: Secret::new([2; 32]),
    };
    App { node: Arc::new(node), ..app.clone() }
}

const RED: db::Stmt = db::Stmt::both(
    "test.red",
    "UPDATE report SET marking = replace(replace(marking, 'amber/', 'red/'), 'amber_strict/', 'red/') WHERE id = ?1",
);
const RED_PERSON: db::Stmt = db::Stmt::both(
    "test.red_person",
    "UPDATE person_record SET marking = replace(marking, 'amber/', 'red/') WHERE report_id = ?1",
);

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_from_a_count_what_is_hidden() {
    each("kz", async |world| {
        let app = &world.app;
        let other = elsewhere(app);
        let filing = report::service::Filing { draft: None, with_code: true };
        // Words that stand in one report each, and one that stands in all.
        for (node, key, word) in [(app, 911, "алмаагаш"), (app, 912, "караагаш"), (&other, 913, "терекагаш")]
        {
            let new = tells(node, key, &format!("барлыгында {word} туралы айтылды"));
            report::service::file(node, &Actor::Public, new, filing).await.unwrap();
        }
        world.deliver(&subscribers(app)).await;
        let red = id(912);
        app.db
            .write(move |tx| {
                tx.execute(&RED_PERSON, db::params![red])?;
                tx.execute(&RED, db::params![red]).map(drop)
            })
            .await
            .unwrap();
        let shelf = everything(&world).await;
        let of = |n: u128, roles: &[Role], unit: &str| Actor::Staff {
            user: Uuid::from_u128(n),
            name: "Сынақ".to_owned(),
            roles: roles.to_vec(),
            unit: unit.to_owned(),
        };
        let here = format!("{}/{}", app.node.code, app.node.unit);
        let beside = format!("{}/beside", app.node.code);
        // Who sees the open one, the red one of the unit, that of the other organisation.
        for (who, actor, sees) in [
            ("officer of the unit", of(1, &[Role::DutyOfficer], &here), [true, true, false]),
            ("officer of another unit", of(2, &[Role::DutyOfficer], &beside), [true, false, false]),
            ("approver of the unit", of(3, &[Role::Approver], &here), [true, false, false]),
            ("officer elsewhere", of(4, &[Role::DutyOfficer], "KZ-OTHER/east"), [false, false, true]),
            ("both offices", of(5, &[Role::DutyOfficer, Role::Approver], &here), [true, true, false]),
        ] {
            let reports = |answer: &Answer| answer.rows.iter().filter(|r| r.kind == "report").count();
            for (word, sees) in [("алмаагаш", sees[0]), ("караагаш", sees[1]), ("терекагаш", sees[2])]
            {
                for typed in [
                    word.to_owned(),
                    search::rules::layout::readings(word).remove(0),
                    word.replace("гаш", "гащь"),
                ] {
                    let answer = found(app, &shelf, &actor, &typed).await;
                    let n = u64::from(sees);
                    assert_eq!((answer.total, reports(&answer)), (n, usize::from(sees)), "{who} {typed}");
                    assert_eq!(answer.facets.kinds.len(), usize::from(sees), "{who} {typed}");
                }
            }
            let n = sees.iter().filter(|s| **s).count();
            let answer = found(app, &shelf, &actor, "барлыгында").await;
            assert_eq!((answer.all, reports(&answer)), (u64::try_from(n).unwrap(), n), "{who}");
            let day = answer.facets.periods.iter().find(|c| c.value == Period::Day).map(|c| c.n);
            assert_eq!(day, Some(u64::try_from(n).unwrap()), "{who}");
            // A filter that nothing hidden could answer to.
            let filtered = Wanted {
                kind: Some("report".into()),
                state: Some("report.open".into()),
                ..wanted("барлыгында")
            };
            assert_eq!(
                search(app, &shelf, &actor, &filtered).await.unwrap().total,
                u64::try_from(n).unwrap()
            );
        }
        for (who, actor) in [
            ("auditor", of(6, &[Role::Auditor], &here)),
            ("nobody", Actor::Public),
            ("citizen", Actor::Citizen { report: id(911).uuid() }),
            ("institution", partner_actor(app, "ZALT").await),
            ("part", Actor::system("clock")),
        ] {
            assert!(!search::service::may_search(&shelf, &actor), "{who}");
            assert!(search(app, &shelf, &actor, &wanted("алмаагаш")).await.is_err(), "{who}");
        }
        // The administrator and the prosecutor see institutions, and no case.
        for role in [Role::Administrator, Role::Prosecutor] {
            let actor = of(8, &[role], &here);
            assert_eq!(found(app, &shelf, &actor, "алмаагаш").await.all, 0);
            assert_eq!(kinds(app, &shelf, &actor, "ZALT").await, BTreeMap::from([("partner", 1)]));
        }
        // What became red since is not shown, and after the next round not counted.
        let now_red = id(911);
        app.db.write(move |tx| tx.execute(&RED, db::params![now_red]).map(drop)).await.unwrap();
        let approver = of(3, &[Role::Approver], &here);
        let answer = found(app, &shelf, &approver, "алмаагаш").await;
        assert!(answer.rows.iter().all(|r| r.kind != "report"));
        go_through(app, &shelf, |_, _| ()).await.unwrap();
        assert_eq!(found(app, &shelf, &approver, "алмаагаш").await.all, 0);
    })
    .await;
}

/// Bug: a person of whom one record is open and one red was counted twice for whoever may see both.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_with_an_open_and_a_red_record_is_one() {
    each("kz", async |world| {
        let app = &world.app;
        for key in [961, 962] {
            let mut new = tells(app, key, "екі арыз");
            new.reporter.iin = "910101300005".to_owned();
            file(&world, new).await;
        }
        let red = id(962);
        app.db.write(move |tx| tx.execute(&RED_PERSON, db::params![red]).map(drop)).await.unwrap();
        let shelf = everything(&world).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let answer = found(app, &shelf, &officer, "910101300005").await;
        let persons: Vec<Uuid> = answer.rows.iter().filter(|r| r.kind == "person").map(|r| r.id).collect();
        assert_eq!(persons.len(), 1);
        let (me, of, person) = (app.clone(), sources(), persons[0]);
        let source = of.iter().position(|s| s.kind() == "person").unwrap();
        let documents = app.db.read(move |tx| of[source].read(tx, &me, person)).await.unwrap();
        assert_eq!(documents.len(), 2, "one of each sort");
        assert_eq!(kinds(app, &shelf, &officer, "910101300005").await.get("person"), Some(&1));
    })
    .await;
}

#[test]
fn nothing_of_it_is_printed() {
    let document = search::Document {
        organisation: "o".into(),
        unit: "u".into(),
        red: false,
        region: String::new(),
        at: kernel::Timestamp::from_secs(0),
        state: "open",
        parts: vec![search::Part::Name("Жәнібек".into()), search::Part::Words("құпия".into())],
    };
    let piece = search::model::Piece { text: "құпия".into(), hit: true };
    let (how, typed) = (How::Layout("құпия".into()), wanted("құпия"));
    let about = search::model::About::Open("құпия".into());
    let (form, word) = (search::token::Form::Word("құпия"), search::rules::words::words("kupia").remove(0));
    let asked = search::service::Asked::Typed(Personal::new("құпия".into()));
    let printed = format!(
        "{document:?} {piece:?} {:?} {how:?} {typed:?} {about:?} {form:?} {word:?} {asked:?}",
        Personal::new("құпия")
    );
    assert!(!printed.contains("kupia"), "{printed}");
    assert!(!printed.contains("құпия") && !printed.contains("Жәнібек"), "{printed}");
}

/// Bug: persons of many records were searched by their oldest, and shown as of the oldest.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_many_records_is_found_by_the_latest() {
    const RED: db::Stmt = db::Stmt::both(
        "test.red_list",
        "UPDATE person_record SET marking = replace(marking, 'amber/', 'red/') WHERE source = 'list'",
    );
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let filed = crate::persons_rights::filed(&world, 971, "Сынақ Адам", "+77000006501").await;
        let (person, _) = crate::persons_rights::many(app, 260).await;
        world.advance_secs(60);
        let number = crate::persons_rights::iin("85041230033");
        let mut told = crate::persons_rights::told("Көп", "Жазба", &number);
        told.phone = "+77000006502".into();
        let role = person::model::Role::Dropper;
        let joined = person::service::by_hand(app, &officer, &filed.number, role, told).await.unwrap();
        assert_eq!(joined, person);
        let shelf = everything(&world).await;
        let answer = found(app, &shelf, &officer, "+77000006502").await;
        let row = answer.rows.iter().find(|r| r.kind == "person").unwrap();
        assert_eq!((row.id, row.shown.state), (person.uuid(), "dropper"));
        // Whoever may see the oldest alone, or the latest alone, finds as much as that.
        app.db.write(|tx| tx.execute(&RED, db::params![]).map(drop)).await.unwrap();
        go_through(app, &shelf, |_, _| ()).await.unwrap();
        let approver = staff(app, 11, Role::Approver).await;
        let answer = found(app, &shelf, &approver, "+77000006502").await;
        let row = answer.rows.iter().find(|r| r.kind == "person").unwrap();
        assert_eq!((row.id, row.shown.state), (person.uuid(), "dropper"));
    })
    .await;
}
