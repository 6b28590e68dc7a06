//! The link chart over both engines: what is hidden is not there; groups open; a path is found and its absence told; views are kept, shared,
//! thrown away and taken back; nothing goes out without its record.

use std::collections::BTreeSet;

use app::App;
use chart::model::{Key, Strength};
use chart::service::{self, Asked, Kept, Taken};
use chart::{ChartError, Sources};
use kernel::{Actor, Role, Tlp};
use report::{NewReport, ReportId};
use testkit::World;

use crate::browser::browser;
use crate::country::{file, iban, staff};
use crate::registry::told;
use crate::talk::{amount, answer, each, moved, orders};

fn phone(n: u128) -> String {
    format!("+7 700 2{:06}", n)
}

/// A report that pays to an account of its own, and tells a story.
fn tells(app: &App, key: u128, story: &str) -> NewReport {
    let mut new = told(app, key, "portal");
    for p in &mut new.payments {
        if let Some(to) = &mut p.to {
            to.value = iban("ZBEK", u32::try_from(key).unwrap());
            to.masked = report::rules::mask("iban", &to.value);
        }
    }
    new.story = story.to_owned();
    new
}

fn id(key: u128) -> ReportId {
    report::rules::id_from_key(uuid::Uuid::from_u128(key))
}

fn key(key: u128) -> Key {
    Key::of("report", id(key).uuid())
}

fn thing(app: &App, number: &str) -> Key {
    let value = number.replace(' ', "");
    let entry = registry::service::entry_id(app, identifier::Kind::Phone, &value);
    Key::of("thing", entry.uuid())
}

fn asked(pairs: &[(&str, String)]) -> Asked {
    Asked::read(pairs.iter().map(|(n, v)| (*n, v.as_str())))
}

async fn open(world: &World, actor: &Actor, pairs: &[(&str, String)]) -> service::Opened {
    service::open(&world.app, actor, &Sources::default(), asked(pairs)).await.unwrap()
}

fn keys(opened: &service::Opened) -> BTreeSet<Key> {
    opened.chosen.graph.nodes().iter().map(|n| n.key.clone()).collect()
}

async fn officer(world: &World) -> Actor {
    staff(&world.app, 1, Role::DutyOfficer).await
}

async fn number(world: &World, n: u128) -> String {
    world.app.db.read(move |tx| report::store::find(tx, id(n))).await.unwrap().unwrap().number
}

/// Three that name one telephone, a fourth that shares another with the third, and one that shares nothing.
async fn filed(world: &World) {
    for (n, story) in [
        (901, format!("Звонили с {}", phone(1))),
        (902, format!("Звонили с {}", phone(1))),
        (903, format!("Звонили с {} и с {}", phone(1), phone(2))),
        (904, format!("Звонили с {}", phone(2))),
        (905, "Купила кроссовки, товар не пришёл".to_owned()),
    ] {
        let mut new = tells(&world.app, n, &story);
        new.reporter.name =
            ["Аскар Бірінші", "Марина Вторая", "Ғалия Үшінші", "Пётр Четвёртый", "Шолпан Бесінші"]
                [usize::try_from(n - 901).unwrap()]
            .to_owned();
        file(world, new).await;
    }
    while scheme::service::sort(&world.app).await.unwrap() > 0 {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_shows_what_ties_and_why() {
    each("kz", async |world| {
        let app = &world.app;
        filed(&world).await;
        let officer = officer(&world).await;
        let opened =
            open(&world, &officer, &[("about", format!("report:{}", number(&world, 901).await))]).await;
        let shown = keys(&opened);
        // The report, its telephone, who else names it, their scheme, and the reporter.
        for expected in [key(901), thing(app, &phone(1)), key(902), key(903)] {
            assert!(shown.contains(&expected), "{expected} {shown:?}");
        }
        assert!(!shown.contains(&key(905)));
        let kinds: BTreeSet<&str> = shown.iter().map(Key::kind).collect();
        assert!(
            kinds.is_superset(&BTreeSet::from(["report", "thing", "scheme", "person", "order"])),
            "{kinds:?}"
        );
        let tie = |a: &Key, b: &Key| {
            let edges = opened.chosen.graph.edges().iter();
            edges.clone().find(|e| [&e.from, &e.to].contains(&a) && [&e.from, &e.to].contains(&b)).cloned()
        };
        let named = tie(&key(901), &thing(app, &phone(1))).unwrap();
        assert_eq!((named.strength, named.count, named.word), (Strength::Reported, 1, "chart-edge-named"));
        let home = shown.iter().find(|k| k.kind() == "scheme").unwrap();
        assert_eq!(tie(&key(901), home).unwrap().strength, Strength::Inferred, "nobody has decided it");
        // What an officer has decided is proved.
        let home_no =
            scheme::service::why(app, &officer, id(901)).await.unwrap().unwrap().tag.unwrap().number;
        let no = scheme::service::no(&home_no).unwrap();
        scheme::service::join_in(app, &officer, no, &number(&world, 905).await, "the same voice")
            .await
            .unwrap();
        let opened = open(&world, &officer, &[("about", format!("scheme:{home_no}"))]).await;
        let decided =
            opened.chosen.graph.edges().iter().find(|e| e.from == key(905) || e.to == key(905)).unwrap();
        assert_eq!(decided.strength, Strength::Proved);
        let start = asked(&[("about", format!("scheme:{home_no}"))]);
        let ends = (key(905), home.clone());
        let why = service::why(app, &officer, &Sources::default(), start, ends).await.unwrap();
        assert_eq!(why.edges[0].evidence[0].word, "chart-why-decided");
        assert_eq!(why.edges[0].evidence[0].href, format!("/desk/schemes/{home_no}"));
        // Everything that was opened is in the record.
        let read = app.db.read(|tx| audit::records_for(tx, id(901).uuid())).await.unwrap();
        assert!(read.iter().any(|r| r.record.act == "chart.read"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_is_neither_node_nor_tie_nor_count() {
    each("kz", async |world| {
        let app = &world.app;
        for n in 911..=913 {
            let mut new = tells(app, n, &format!("Звонили с {}", phone(9)));
            if n == 913 {
                new.reporter.name = "Hidden Person (invented)".to_owned();
            }
            file(&world, new).await;
        }
        let officer = officer(&world).await;
        let start = ("about", format!("report:{}", number(&world, 911).await));
        let all = open(&world, &officer, std::slice::from_ref(&start)).await;
        assert!(keys(&all).contains(&key(913)));
        // The same for another organisation, and for somebody of the house who sees no red report.
        let stranger = access::staff(uuid::Uuid::from_u128(77), "N", &[Role::DutyOfficer], "OTHER", "duty");
        let denied =
            service::open(app, &stranger, &Sources::default(), asked(std::slice::from_ref(&start))).await;
        assert!(matches!(denied, Err(ChartError::NotFound)), "{denied:?}");
        redden(app, 913).await;
        let approver = staff(app, 12, Role::Approver).await;
        let fewer = open(&world, &approver, std::slice::from_ref(&start)).await;
        assert!(!keys(&fewer).contains(&key(913)) && keys(&fewer).contains(&key(912)));
        assert_eq!(fewer.chosen.all, all.chosen.all - gone(&all, &fewer));
        let hidden =
            open(&world, &approver, &[start.clone(), ("open", thing(app, &phone(9)).to_string())]).await;
        assert!(!keys(&hidden).contains(&key(913)), "not by opening either");
        let red = number(&world, 913).await;
        let denied =
            service::open(app, &approver, &Sources::default(), asked(&[("about", format!("report:{red}"))]))
                .await;
        assert!(matches!(denied, Err(ChartError::NotFound)));
        let beside = open(&world, &approver, &[start, ("about", format!("report:{red}"))]).await;
        assert_eq!(beside.gone, 1, "it looks like one that never was");
    })
    .await;
}

fn gone(all: &service::Opened, fewer: &service::Opened) -> usize {
    keys(all).difference(&keys(fewer)).count()
}

/// Marks a report, and what the schemes and persons know of it, as for its unit alone.
async fn redden(app: &App, n: u128) {
    const REPORT: db::Stmt =
        db::Stmt::both("test.red_report", "UPDATE report SET marking = ?2, unit_id = 'other' WHERE id = ?1");
    const MEMBER: db::Stmt = db::Stmt::both(
        "test.red_member",
        "UPDATE scheme_member SET marking = ?2, unit_id = 'other' WHERE report_id = ?1",
    );
    const PERSON: db::Stmt = db::Stmt::both(
        "test.red_person",
        "UPDATE person_record SET marking = ?2, unit_id = 'other' WHERE report_id = ?1",
    );
    const ORDERS: db::Stmt = db::Stmt::both(
        "test.red_orders",
        "UPDATE orders SET marking = ?2, unit_id = 'other' WHERE report_id = ?1",
    );
    let red = kernel::Marking { tlp: Tlp::Red, ..kernel::Marking::default() }.to_text();
    app.db
        .write(move |tx| {
            for statement in [&REPORT, &MEMBER, &PERSON, &ORDERS] {
                tx.execute(statement, &[id(n).uuid().into(), red.as_str().into()])?;
            }
            Ok::<_, db::DbError>(())
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_is_found_through_what_two_share() {
    each("kz", async |world| {
        let app = &world.app;
        filed(&world).await;
        let officer = officer(&world).await;
        let start = |n: u128| (Key::of("report", id(n).uuid())).to_string();
        let pairs = |a: u128, b: u128| {
            vec![
                ("about", start(a)),
                ("between", start(a)),
                ("between", start(b)),
                ("no", "scheme".to_owned()),
            ]
        };
        let way = open(&world, &officer, &pairs(901, 904)).await.way.unwrap();
        let on: Vec<Key> = way.nodes.iter().map(|n| n.key.clone()).collect();
        assert_eq!(
            on,
            [key(901), thing(app, &phone(1)), key(903), thing(app, &phone(2)), key(904)],
            "no inferred tie where others lead"
        );
        let found = open(&world, &officer, &pairs(901, 904)).await;
        let starts = found.chosen.graph.nodes().iter().filter(|n| n.start).count();
        assert_eq!(starts, 1, "what is on the path is no start");
        // Whoever looks for a path is on record at both its ends.
        let read = app.db.read(|tx| audit::records_for(tx, id(904).uuid())).await.unwrap();
        assert!(read.iter().any(|r| r.record.act == "chart.read"));
        // What is hidden leads nowhere.
        let mut hidden = pairs(901, 904);
        hidden.push(("hide", key(903).to_string()));
        assert!(open(&world, &officer, &hidden).await.way.unwrap().nodes.is_empty());
        let none = open(&world, &officer, &pairs(901, 905)).await;
        let way: Vec<Key> = none.way.unwrap().nodes.iter().map(|n| n.key.clone()).collect();
        assert!(way.is_empty(), "{way:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_is_one_node_with_the_account_that_reports_name() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, tells(app, 921, "Перевела деньги")).await;
        let first = orders(&world, id(921)).await.into_iter().find(|v| v.order.hop == 1).unwrap();
        let next = iban("ZALT", 4242);
        let line = moved(&world, 10_000, "ZALT", &next);
        assert!(line.amount == amount(10_000) || line.amount.is_some());
        answer(&world, &first, "a1", vec![line]).await.unwrap();
        let officer = officer(&world).await;
        let opened = open(&world, &officer, &[("about", key(921).to_string())]).await;
        let named = registry::service::entry_id(app, identifier::Kind::Iban, &iban("ZBEK", 921));
        let beyond = identifier::identifier_id(&app.vault, identifier::Kind::Iban, &next);
        let (named, beyond) = (Key::of("thing", named.uuid()), Key::of("thing", beyond));
        let moved: Vec<_> = opened.chosen.graph.edges().iter().filter(|e| e.directed).collect();
        assert!(
            moved.iter().any(|e| e.to == named && e.strength == Strength::Proved),
            "the bank has answered: {moved:?}"
        );
        let on = moved.iter().find(|e| e.from == named && e.to == beyond).unwrap();
        assert_eq!(on.strength, Strength::Proved, "the bank says so");
        // The report names the same account: one node, not two.
        let paid = opened
            .chosen
            .graph
            .edges()
            .iter()
            .any(|e| e.word == "chart-edge-paid" && [&e.from, &e.to].contains(&&named));
        assert!(paid);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn views_are_kept_shared_thrown_away_and_taken_back() {
    each("kz", async |world| {
        let app = &world.app;
        filed(&world).await;
        let (mine, other) = (officer(&world).await, staff(app, 2, Role::DutyOfficer).await);
        let pairs = [("about", key(901).to_string()), ("show", "30".to_owned())];
        let opened = open(&world, &mine, &pairs).await;
        let kept = |name: &str, shared: bool| Kept {
            name: name.to_owned(),
            shared,
            asked: serde_json::to_string(&asked(&pairs).pairs(&opened.starts)).unwrap(),
            places: opened
                .chosen
                .graph
                .nodes()
                .iter()
                .map(|n| n.key.clone())
                .zip(opened.places.clone())
                .collect(),
            shown: 9,
            starts: opened.starts.clone(),
        };
        assert!(matches!(
            service::keep(app, &mine, kept(" \u{200b} ", false)).await,
            Err(ChartError::NoName)
        ));
        let own = service::keep(app, &mine, kept("Серик, +7 700 200 00 01", false)).await.unwrap();
        let ours = service::keep(app, &mine, kept("ours", true)).await.unwrap();
        let names = async |actor: &Actor| -> Vec<String> {
            service::views(app, actor).await.unwrap().into_iter().map(|v| v.name).collect()
        };
        assert_eq!(names(&mine).await.len(), 2);
        assert_eq!(names(&other).await, ["ours"]);
        assert!(matches!(service::saved(app, &other, own).await, Err(ChartError::NotFound)));
        assert!(service::remove(app, &other, ours).await.is_err(), "somebody else's");
        let stranger =
            access::staff(uuid::Uuid::from_u128(77), "N", &[Role::DutyOfficer], "OTHER", &app.node.unit);
        assert!(matches!(service::saved(app, &stranger, ours).await, Err(ChartError::NotFound)));
        service::remove(app, &mine, own).await.unwrap();
        assert!(matches!(service::saved(app, &mine, own).await, Err(ChartError::NotFound)));
        service::restore(app, &mine, own).await.unwrap();
        let back = service::saved(app, &mine, own).await.unwrap();
        assert_eq!((back.name.as_str(), back.places.len()), ("Серик, +7 700 200 00 01", opened.places.len()));
        // Neither a name nor a number lies in the table.
        const RAW: db::Stmt = db::Stmt::both("test.raw_views", "SELECT about, asked, places FROM chart_view");
        let raw: Vec<String> = app
            .db
            .read(|tx| {
                tx.query(&RAW, &[], |r| {
                    Ok(format!("{}{}{}", r.get::<String>(0)?, r.get::<String>(1)?, r.get::<String>(2)?))
                })
            })
            .await
            .unwrap();
        assert!(
            raw.iter().all(|text| !text.contains("Серик") && !text.contains("R-20") && !text.contains("+7")),
            "{raw:?}"
        );
        // Later one of the reports is erased: the view opens, and says that something is gone.
        let approver = staff(app, 12, Role::Approver).await;
        report::service::expunge(app, &approver, id(903)).await.unwrap();
        world.deliver(&qorgan::slices::subscribers(app)).await;
        while scheme::service::sort(app).await.unwrap() > 0 {}
        while service::sweep(app, &Sources::default()).await.unwrap() > 0 {}
        let raw: Vec<String> = app
            .db
            .read(|tx| {
                tx.query(&RAW, &[], |r| {
                    Ok(format!("{}{}{}", r.get::<String>(0)?, r.get::<String>(1)?, r.get::<String>(2)?))
                })
            })
            .await
            .unwrap();
        let erased = id(903).uuid().simple().to_string();
        assert!(raw.len() == 2 && raw.iter().all(|text| !text.contains(&erased)), "{raw:?}");
        let nameless = service::saved(app, &mine, own).await.unwrap();
        assert_eq!(nameless.name, "", "it may have named the report");
        const SEALED: db::Stmt = db::Stmt::both("test.raw_names", "SELECT name_sealed FROM chart_view");
        let sealed: Vec<Vec<u8>> = app.db.read(|tx| tx.query(&SEALED, &[], |r| r.get(0))).await.unwrap();
        assert!(sealed.iter().all(Vec::is_empty));
        let stood = Asked { places: back.places.iter().cloned().collect(), ..asked(&pairs) };
        let later = service::open(app, &mine, &Sources::default(), stood).await.unwrap();
        assert!(later.gone >= 1, "{}", later.gone);
        // Of somebody else's view no more is told than that something is gone, and by no id.
        let theirs = Asked {
            others: true,
            ..Asked { places: back.places.iter().cloned().collect(), ..asked(&pairs) }
        };
        let mut hiding = theirs.clone();
        hiding.wish.hidden.extend([key(903), key(902)]);
        let seen = service::open(app, &other, &Sources::default(), hiding).await.unwrap();
        assert_eq!((seen.gone, seen.asked.wish.hidden), (1, BTreeSet::from([key(902)])));
        // What still stands, stands where it stood.
        let place =
            |o: &service::Opened, k: &Key| o.chosen.graph.at(k).and_then(|i| o.places.get(i).copied());
        assert_eq!(place(&later, &key(901)), place(&opened, &key(901)));
        // Where the chart itself began is erased: nothing is left of the view, nor of where somebody put things.
        let spot = vec![
            (key(901), chart::model::Place { x: 1, y: 2 }),
            (key(902), chart::model::Place { x: 3, y: 4 }),
        ];
        service::place(app, &mine, &Sources::default(), &[key(901)], spot.clone()).await.unwrap();
        service::place(app, &mine, &Sources::default(), &[key(902)], spot.clone()).await.unwrap();
        let hidden = service::place(app, &mine, &Sources::default(), &[key(999)], spot).await;
        assert!(matches!(hidden, Err(ChartError::NotFound)), "{hidden:?}");
        mentions_are_right(app).await;
        report::service::expunge(app, &approver, id(901)).await.unwrap();
        world.deliver(&qorgan::slices::subscribers(app)).await;
        mentions_are_right(app).await;
        const STOOD: db::Stmt = db::Stmt::both("test.raw_places", "SELECT starts, places FROM chart_place");
        let row = |r: &db::Row| Ok(format!("{}|{}", r.get::<String>(0)?, r.get::<String>(1)?));
        let raw: Vec<String> = app.db.read(move |tx| tx.query(&STOOD, &[], row)).await.unwrap();
        assert_eq!(raw, [format!("{}|{} 3 4\n", key(902), key(902))]);
        let views = app.db.read(|tx| tx.query(&RAW, &[], |r| r.get::<String>(0))).await.unwrap();
        assert!(views.is_empty(), "{views:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_was_thrown_away_is_gone_after_some_days() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, tells(app, 941, "Звонили")).await;
        let officer = officer(&world).await;
        let keep = async |name: &str| {
            let kept = Kept {
                name: name.to_owned(),
                shared: false,
                starts: vec![key(941)],
                asked: format!("[[\"about\",\"{}\"]]", key(941)),
                places: Vec::new(),
                shown: 1,
            };
            service::keep(app, &officer, kept).await.unwrap()
        };
        let (away, stays) = (keep("away").await, keep("stays").await);
        service::remove(app, &officer, away).await.unwrap();
        assert_eq!(service::forget(app).await.unwrap(), 0, "it can be taken back");
        world.advance_secs(8 * 86_400);
        assert_eq!(service::forget(app).await.unwrap(), 1);
        mentions_are_right(app).await;
        let key = async |id: chart::ViewId| {
            let vault = app.vault.clone();
            app.db
                .read(move |tx| vault.subject(tx, id.uuid()).map_err(|e| db::DbError::Bug(e.to_string())))
                .await
                .unwrap()
        };
        assert!(key(away).await.is_none() && key(stays).await.is_some());
        assert!(app.db.read(move |tx| chart::store::find(tx, away)).await.unwrap().is_none());
    })
    .await;
}

/// A view of a few things, without a page.
fn view(name: &str, starts: &[Key], shows: &[Key]) -> Kept {
    let asked: Vec<(&str, String)> = starts.iter().map(|k| ("about", k.to_string())).collect();
    Kept {
        name: name.to_owned(),
        shared: false,
        starts: starts.to_vec(),
        asked: serde_json::to_string(&asked).unwrap(),
        places: shows.iter().map(|k| (k.clone(), chart::model::Place { x: 7, y: 8 })).collect(),
        shown: 1,
    }
}

async fn swept(app: &App) {
    for _ in 0..5 {
        service::sweep(app, &Sources::default()).await.unwrap();
    }
}

/// Places of all charts, as they lie in the table.
async fn raw_places(app: &App) -> Vec<String> {
    const STOOD: db::Stmt =
        db::Stmt::both("test.raw_all_places", "SELECT starts, places FROM chart_place ORDER BY starts");
    let row = |r: &db::Row| Ok(format!("{}|{}", r.get::<String>(0)?, r.get::<String>(1)?));
    app.db.read(move |tx| tx.query(&STOOD, &[], row)).await.unwrap()
}

/// What the table says of which row names which report is what the rows say.
async fn mentions_are_right(app: &App) {
    const SAID: db::Stmt = db::Stmt::both(
        "test.mentions",
        "SELECT kind, row_id, key FROM chart_mention ORDER BY kind, row_id, key",
    );
    const VIEWS: db::Stmt =
        db::Stmt::both("test.view_texts", "SELECT id, about, asked, places FROM chart_view");
    const PLACES: db::Stmt =
        db::Stmt::both("test.place_texts", "SELECT id, starts, places, '' FROM chart_place");
    let (said, kept) = app
        .db
        .read(|tx| {
            let row = |r: &db::Row| Ok((r.get::<String>(0)?, r.get::<uuid::Uuid>(1)?, r.get::<String>(2)?));
            let said: Vec<_> = tx.query(&SAID, &[], row)?;
            let mut kept = BTreeSet::new();
            for (kind, statement) in [("view", &VIEWS), ("place", &PLACES)] {
                let text = |r: &db::Row| {
                    let text = [r.get::<String>(1)?, r.get::<String>(2)?, r.get::<String>(3)?].join(" ");
                    Ok((r.get::<uuid::Uuid>(0)?, text))
                };
                for (row, text) in tx.query(statement, &[], text)? {
                    let found = text.split("report:").skip(1).filter_map(|rest| rest.get(..32));
                    kept.extend(found.map(|id| (kind.to_owned(), row, format!("report:{id}"))));
                }
            }
            Ok::<_, db::DbError>((said, kept))
        })
        .await
        .unwrap();
    assert_eq!(said.into_iter().collect::<BTreeSet<_>>(), kept);
}

#[test]
fn what_was_kept_before_is_looked_up_too() {
    static BEFORE: db::Slice = db::Slice {
        name: "chart",
        migrations: &[db::Migration {
            no: 1,
            name: "chart",
            sqlite: include_str!("../../../chart/migrations/0001_chart.sqlite.sql"),
            postgres: include_str!("../../../chart/migrations/0001_chart.postgres.sql"),
        }],
        statements: &[],
    };
    const VIEW: db::Stmt = db::Stmt::both(
        "test.old_view",
        "INSERT INTO chart_view (id, origin_node, organisation_id, unit_id, region, marking, lang, created_at, source_time, source_zone, \
         author, profile_version, retention_class, row_hash, shared, shown, about, asked, places, name_sealed) \
         VALUES (?1, '', '', '', '', '', '', 0, 0, '', '', '', '', ?2, ?3, 1, ?4, ?5, ?6, ?2)",
    );
    const PLACE: db::Stmt = db::Stmt::both(
        "test.old_place",
        "INSERT INTO chart_place (id, author, starts, places, changed_at) VALUES (?1, '', ?2, ?3, 0)",
    );
    const ALL: db::Stmt = db::Stmt::both("test.mentioned", "SELECT kind, row_id, key FROM chart_mention");
    testkit::on_each_engine(&[&BEFORE], |db| {
        let row = uuid::Uuid::from_u128;
        let on = |k: &Key| Key::named("group", &format!("on~x~{k}"));
        let asked =
            format!("[[\"about\",\"{}\"],[\"open\",\"{}\"],[\"no\",\"report\"]]", key(1), on(&key(2)));
        let places =
            format!("{} 1 2\n{} 3 4\nreport:0a 5 6\n{} 7 8\n", key(1), key(3), Key::of("thing", row(7)));
        let (about, start) = (key(1).to_string(), format!("{} {}", Key::of("thing", row(8)), key(4)));
        db.write_blocking(move |tx| {
            let none: &[u8] = &[];
            tx.execute(
                &VIEW,
                db::params![row(91), none, false, about.as_str(), asked.as_str(), places.as_str()],
            )?;
            tx.execute(&VIEW, db::params![row(92), none, true, "thing:1", "[]", ""])?;
            tx.execute(&PLACE, db::params![row(93), start.as_str(), "thing:1 1 2\n"])?;
            tx.execute(&PLACE, db::params![row(94), "thing:2", "thing:1 1 2\n"]).map(drop)
        })
        .unwrap();
        db.migrate(&[&chart::SLICE]).unwrap();
        let all = |r: &db::Row| Ok((r.get::<String>(0)?, r.get::<uuid::Uuid>(1)?, r.get::<String>(2)?));
        let all: BTreeSet<_> =
            db.read_blocking(move |tx| tx.query(&ALL, &[], all)).unwrap().into_iter().collect();
        let of = |kind: &str, n: u128, k: Key| (kind.to_owned(), row(n), k.to_string());
        let expected =
            [of("view", 91, key(1)), of("view", 91, key(2)), of("view", 91, key(3)), of("place", 93, key(4))];
        assert_eq!(all, BTreeSet::from(expected));
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn of_each_reader_the_latest_places_are_kept_and_none_for_ever() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, tells(app, 981, "Звонили")).await;
        let officer = officer(&world).await;
        for n in 0..202_u128 {
            world.advance_secs(1);
            let spot = vec![(key(n), chart::model::Place { x: 1, y: 2 })];
            let (who, starts) = (officer.label(), [key(981)]);
            let now = app.office.now();
            let row = uuid::Uuid::from_u128(n);
            app.db
                .write(move |tx| chart::store::put_places(tx, (row, &who, &starts), &spot, (now, 200)))
                .await
                .unwrap();
        }
        assert_eq!(raw_places(app).await.len(), 200);
        mentions_are_right(app).await;
        world.advance_secs(181 * 86_400);
        service::forget(app).await.unwrap();
        assert!(raw_places(app).await.is_empty());
        mentions_are_right(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_joined_stays_in_kept_views_under_todays_number() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = officer(&world).await;
        let filed = crate::persons_rights::filed(&world, 961, "Ашық Адам Үлгіұлы", "+77000006951").await;
        let kept_person = crate::persons_rights::of(&world, &filed).await;
        let same = person::model::Told {
            phone: "+77000006951".into(),
            middle: "Үлгіұлы".into(),
            ..crate::persons_rights::told("Ашық", "Адам", &crate::persons_rights::iin("85041230095"))
        };
        let role = person::model::Role::Suspect;
        let second = crate::persons_rights::filed(&world, 962, "Бөтен Біреу", "+77000006952").await;
        world.advance_secs(60);
        let by_hand = person::service::by_hand(app, &officer, &second.number, role, same).await.unwrap();
        assert_eq!(by_hand, kept_person, "the machine joins them");
        let mine = crate::persons_rights::opened(&world, &officer, kept_person, &filed).await;
        let pair = mine.joints[0].pair.id;
        // Two while they are apart; each begins a view, and stands in one.
        let apart = person::service::part_again(app, &officer, pair, "a namesake").await.unwrap();
        let record = mine.records.iter().map(|r| r.record.id).collect::<Vec<_>>();
        let mut both = BTreeSet::new();
        for one in record {
            let found = app.db.read(move |tx| person::store::record(tx, one)).await.unwrap().unwrap();
            both.insert(Key::of("person", found.person.uuid()));
        }
        assert_eq!(both.len(), 2);
        let mut views = Vec::new();
        for one in &both {
            let other: Vec<Key> = both.iter().filter(|k| *k != one).cloned().collect();
            let shows = [one.clone(), other[0].clone(), key(961)];
            views.push(
                service::keep(app, &officer, view("mine", std::slice::from_ref(one), &shows)).await.unwrap(),
            );
            let opens = Kept {
                asked: format!("[[\"about\",\"{}\"],[\"open\",\"{one}\"]]", key(961)),
                ..view("opened", &[key(961)], &shows)
            };
            views.push(service::keep(app, &officer, opens).await.unwrap());
            let spot = vec![(other[0].clone(), chart::model::Place { x: 1, y: 2 })];
            service::place(app, &officer, &Sources::default(), std::slice::from_ref(one), spot)
                .await
                .unwrap();
        }
        let before = (
            app.db.read(|tx| chart::store::behind(tx, uuid::Uuid::nil(), 50)).await.unwrap(),
            raw_places(app).await,
        );
        person::service::undo(app, &officer, apart.id).await.unwrap();
        let today = Key::of("person", kept_person.uuid());
        swept(app).await;
        let after = (
            app.db.read(|tx| chart::store::behind(tx, uuid::Uuid::nil(), 50)).await.unwrap(),
            raw_places(app).await,
        );
        assert_eq!(before, after, "nothing of it is gone");
        for id in &views {
            let kept = Asked::of_view(&service::saved(app, &officer, *id).await.unwrap(), &officer);
            let opened = service::open(app, &officer, &Sources::default(), kept).await.unwrap();
            assert!(opened.starts == [today.clone()] || opened.starts == [key(961)], "{:?}", opened.starts);
            assert_eq!((opened.gone, opened.opened.contains(&today)), (0, true));
            let at = opened.chosen.graph.at(&today).unwrap();
            assert_eq!(opened.places[at], chart::model::Place { x: 7, y: 8 }, "where it stood");
        }
        // An end of a path, and why, by the number that was.
        let old = both.iter().find(|k| **k != today).unwrap().to_string();
        let way = [("about", old.clone()), ("between", old.clone()), ("between", key(961).to_string())];
        let way = open(&world, &officer, &way).await.way.unwrap();
        assert_eq!(way.ends, (today.clone(), key(961)));
        assert_eq!(way.nodes.len(), 2);
        let ends = (Key::parse(&old).unwrap(), key(961));
        let why =
            service::why(app, &officer, &Sources::default(), asked(&[("about", old)]), ends).await.unwrap();
        assert_eq!(why.from.key, today);
        // Parted once more, everybody has their own again.
        person::service::part_again(app, &officer, pair, "a namesake").await.unwrap();
        for (id, one) in views.iter().step_by(2).zip(&both) {
            let kept = Asked::of_view(&service::saved(app, &officer, *id).await.unwrap(), &officer);
            let opened = service::open(app, &officer, &Sources::default(), kept).await.unwrap();
            assert_eq!(opened.starts, std::slice::from_ref(one));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheme_that_became_part_of_another_is_opened_as_that() {
    each("kz", async |world| {
        let app = &world.app;
        filed(&world).await;
        let officer = officer(&world).await;
        let home = async |n: u128| {
            let m = app.db.read(move |tx| scheme::store::member::find(tx, id(n))).await.unwrap();
            Key::of("scheme", m.unwrap().scheme.unwrap().uuid())
        };
        for (n, p) in [(906, 3), (907, 3)] {
            file(&world, tells(app, n, &format!("Звонили с {}", phone(p)))).await;
        }
        let (larger, smaller) = (home(901).await, home(906).await);
        let kept =
            service::keep(app, &officer, view("mine", std::slice::from_ref(&smaller), &[])).await.unwrap();
        let name = async |n: u128| {
            scheme::service::why(app, &officer, id(n)).await.unwrap().unwrap().tag.unwrap().number
        };
        let no = scheme::service::no(&name(901).await).unwrap();
        scheme::service::join_in(app, &officer, no, &name(906).await, "one gang").await.unwrap();
        swept(app).await;
        let kept = Asked::of_view(&service::saved(app, &officer, kept).await.unwrap(), &officer);
        let opened = service::open(app, &officer, &Sources::default(), kept).await.unwrap();
        assert_eq!(opened.starts, [larger]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_goes_with_whoever_it_may_name() {
    each("kz", async |world| {
        let app = &world.app;
        filed(&world).await;
        let officer = officer(&world).await;
        let records = app.db.read(|tx| person::store::of_report(tx, id(905))).await.unwrap();
        let reporter = Key::of("person", records[0].person.uuid());
        // The view does not mention the report by which alone its person is known.
        let kept = view("Бесінші, S-118", &[key(901)], &[key(901), reporter.clone()]);
        let kept = service::keep(app, &officer, kept).await.unwrap();
        let other = service::keep(app, &officer, view("stays", &[key(902)], &[key(902)])).await.unwrap();
        let approver = staff(app, 12, Role::Approver).await;
        report::service::expunge(app, &approver, id(905)).await.unwrap();
        world.deliver(&qorgan::slices::subscribers(app)).await;
        swept(app).await;
        let left = service::saved(app, &officer, kept).await.unwrap();
        assert!(!left.places.iter().any(|(k, _)| *k == reporter), "{:?}", left.places);
        assert_eq!(left.name, "");
        assert_eq!(service::saved(app, &officer, other).await.unwrap().name, "stays");
        let (_, sealed) = app.db.read(move |tx| chart::store::find(tx, kept)).await.unwrap().unwrap();
        let vault = app.vault.clone();
        let key = app
            .db
            .read(move |tx| vault.subject(tx, kept.uuid()).map_err(|e| db::DbError::Bug(e.to_string())))
            .await
            .unwrap();
        assert!(sealed.is_empty() && key.is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_swept_whatever_views_there_are() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, tells(app, 971, "Звонили")).await;
        let officer = officer(&world).await;
        for round in 0..2_u128 {
            let many = (0..1_100_u128).map(|n| Key::of("account", uuid::Uuid::from_u128(round * 10_000 + n)));
            let many: Vec<Key> = many.collect();
            service::keep(app, &officer, view("many", &[key(971)], &many)).await.unwrap();
        }
        let nobody = Key::of("thing", uuid::Uuid::from_u128(0xdead));
        let spot = |k: &Key| (k.clone(), chart::model::Place { x: 1, y: 2 });
        service::place(app, &officer, &Sources::default(), &[key(971)], vec![spot(&key(971)), spot(&nobody)])
            .await
            .unwrap();
        swept(app).await;
        assert_eq!(raw_places(app).await, [format!("{}|{} 1 2\n", key(971), key(971))]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_was_taken_back_is_drawn_no_more() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, tells(app, 951, "Звонили")).await;
        let officer = officer(&world).await;
        let told = person::model::Told {
            last: "Үлгіден".into(),
            first: "Ойдан".into(),
            ..person::model::Told::default()
        };
        let number = number(&world, 951).await;
        let who = person::service::by_hand(app, &officer, &number, person::model::Role::Suspect, told)
            .await
            .unwrap();
        let suspects = async || {
            let opened = open(&world, &officer, &[("about", key(951).to_string())]).await;
            opened.chosen.graph.edges().iter().filter(|e| e.word == "chart-edge-suspect").count()
        };
        assert_eq!(suspects().await, 1);
        let records = app.db.read(move |tx| person::store::of_person(tx, who, 10)).await.unwrap();
        person::service::take_record_back(app, &officer, records[0].id, "a slip").await.unwrap();
        assert_eq!(suspects().await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_out_without_its_record() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, tells(app, 931, "Звонили")).await;
        let officer = officer(&world).await;
        let opened = open(&world, &officer, &[("about", key(931).to_string())]).await;
        let refused = service::took(app, &officer, (Taken::Png, "fun"), &opened).await;
        assert!(matches!(refused, Err(ChartError::NoPurpose)));
        service::took(app, &officer, (Taken::Png, "investigate"), &opened).await.unwrap();
        let told = app.db.read(|tx| audit::records_for(tx, id(931).uuid())).await.unwrap();
        let export = told.iter().find(|r| r.record.act == "chart.exported").unwrap();
        let nodes = opened.chosen.graph.nodes().len();
        assert_eq!((&export.facts["format"], &export.facts["nodes"]), (&"png".into(), &nodes.into()));
        let empty = open(&world, &officer, &[]).await;
        let refused = service::took(app, &officer, (Taken::Svg, "investigate"), &empty).await;
        assert!(matches!(refused, Err(ChartError::Nothing)));
        let administrator = staff(app, 9, Role::Administrator).await;
        assert!(
            service::open(
                app,
                &administrator,
                &Sources::default(),
                asked(&[("about", key(931).to_string())])
            )
            .await
            .is_err()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_three_languages_and_files() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        filed(&world).await;
        let app = &world.app;
        let report = number(&world, 901).await;
        let tag = scheme::service::why(app, &officer(&world).await, id(901))
            .await
            .unwrap()
            .unwrap()
            .tag
            .unwrap()
            .number;
        let entry = registry::service::entry_id(app, identifier::Kind::Phone, &phone(1).replace(' ', ""));
        for lang in ["kk", "ru", "en"] {
            let b = browser(&world, lang, Some("aliya")).await;
            let (a, z) = (key(901), thing(app, &phone(1)));
            for path in [
                "/desk/chart".to_owned(),
                format!("/desk/chart?about=report:{report}"),
                format!("/desk/chart?about=scheme:{tag}&about=thing:{entry}"),
                format!("/desk/chart?about=scheme:{tag}&form=time"),
                format!("/desk/chart?about=scheme:{tag}&as=table&sort=-last&q=700"),
                format!("/desk/chart?about=report:{report}&filtered=1&kind=report&from=1&until=99999"),
                format!("/desk/chart?about=report:{report}&between={}&and={}", key(901), key(905)),
                format!("/desk/chart/why?about=report:{report}&a={a}&b={z}"),
                format!("/desk/reports/{report}"),
                format!("/desk/schemes/{tag}"),
                format!("/desk/registry/{entry}"),
            ] {
                let (status, _, body) = b.send("GET", &path, "").await;
                assert_eq!(status, 200, "{path}: {body}");
                for part in ["[chart-", "[desk-", "[scheme-", "[identifier-", "[registry-"] {
                    assert!(!body.contains(part), "{path}: a key instead of words: {part}");
                }
                if path.starts_with("/desk/reports")
                    || path.starts_with("/desk/schemes")
                    || path.starts_with("/desk/registry")
                {
                    assert!(body.contains("/desk/chart?about="), "{path}");
                }
            }
        }
        let b = browser(&world, "en", Some("aliya")).await;
        for path in [
            "/desk/chart?about=report:R-2000-00000000".to_owned(),
            "/desk/chart?saved=vew_00000000000000000000000000000000".to_owned(),
            "/desk/chart?saved=x".to_owned(),
            format!("/desk/chart/why?about=report:{report}&a={}&b={}", key(901), key(905)),
            "/desk/chart/why".to_owned(),
        ] {
            assert_eq!(b.send("GET", &path, "").await.0, 404, "{path}");
        }
        let said = web::encode(&format!("[[\"about\",\"{}\"]]", key(901)));
        let (status, headers, body) = b
            .send("POST", "/desk/chart/export", &format!("asked={said}&format=svg&purpose=investigate"))
            .await;
        assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "image/svg+xml"));
        assert!(body.contains("<svg") && body.contains(&report) && !body.contains("<script"), "{body}");
        let (_, _, body) = b
            .send("POST", "/desk/chart/export", &format!("asked={said}&format=graphml&purpose=investigate"))
            .await;
        assert!(body.contains("<graphml") && body.contains("attr.type=\"long\""), "{body}");
        for bad in [
            format!("asked={said}&format=svg&purpose="),
            format!("asked={said}&format=exe&purpose=investigate"),
            "asked=[]&format=svg&purpose=investigate".to_owned(),
        ] {
            assert_eq!(b.send("POST", "/desk/chart/export", &bad).await.0, 422, "{bad}");
        }
        // One record for each thing that the file begins with or that was opened for it.
        let two = web::encode(&format!("[[\"about\",\"{}\"],[\"open\",\"{}\"]]", key(901), key(902)));
        let form = format!("asked={two}&format=svg&purpose=investigate");
        assert_eq!(b.send("POST", "/desk/chart/export", &form).await.0, 200);
        for n in [901, 902] {
            let told = app.db.read(move |tx| audit::records_for(tx, id(n).uuid())).await.unwrap();
            assert!(told.iter().any(|r| r.record.act == "chart.exported"), "{n}");
        }
        // Apply at its ends asks for no time; what the form did not offer it does not leave out.
        let form = format!("about=report:{report}&filtered=1&offered=report&offered=person&kind=report&least=3&most=9&from=3&until=9");
        let (_, _, body) = b.send("GET", &format!("/desk/chart?{form}"), "").await;
        let says = |pair: &str| body.contains(&pair.replace('"', "&#34;"));
        assert!(says(r#"["no","person"]"#) && !says(r#"["no","scheme"]"#) && !says(r#"["from","#), "{body}");
        let (status, _, body) = b.send("POST", "/desk/chart/views", &format!("asked={said}&name=")).await;
        assert!(status == 422 && body.contains("Give the view a name"), "{status}");
        let (status, headers, _) =
            b.send("POST", "/desk/chart/views", &format!("asked={said}&name=Mine")).await;
        let path = headers["location"].to_str().unwrap().to_owned();
        assert!(status == 303 && path.starts_with("/desk/chart?saved=vew_"), "{path}");
        let (status, _, body) = b.send("GET", &path, "").await;
        assert!(status == 200 && body.contains("Mine"), "{body}");
        let view = path.split('=').nth(1).unwrap().to_owned();
        assert_eq!(b.send("POST", &format!("/desk/chart/views/{view}/remove"), "").await.0, 303);
        assert_eq!(b.send("GET", &path, "").await.0, 404);
        assert_eq!(b.send("POST", &format!("/desk/chart/views/{view}/restore"), "").await.0, 303);
        assert_eq!(b.send("GET", &path, "").await.0, 200);
        // Where things were put is kept for the reader, and only what is a place.
        let places = web::encode(&format!("{} 777 -333\n<b> 1 2\nx", key(901)));
        assert_eq!(
            b.send("POST", "/desk/chart/places", &format!("start={}&places={places}", key(901))).await.0,
            204
        );
        let (_, _, body) = b.send("GET", &format!("/desk/chart?about={}", key(901)), "").await;
        assert!(body.contains("translate(777 -333)"), "{body}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheme_of_ten_thousand_opens_as_groups_and_what_thousands_name_is_one_node() {
    each("kz", async |world| {
        let app = &world.app;
        filed(&world).await;
        let officer = officer(&world).await;
        let member = app.db.read(move |tx| scheme::store::member::find(tx, id(901))).await.unwrap().unwrap();
        let (home, telephone) = (member.scheme.unwrap(), thing(app, &phone(1)).uuid().unwrap());
        // As many as were never filed by a test: rows alone, every tenth of them for another unit's eyes.
        let red = kernel::Marking { tlp: Tlp::Red, ..kernel::Marking::default() };
        for part in 0..10_u128 {
            let one = member.clone();
            let (red, regions) = (red.clone(), ["KZ-75", "KZ-71", ""]);
            app.db
                .write(move |tx| {
                    for n in 0..1_000_u128 {
                        let mut m = one.clone();
                        m.report = ReportId::from_uuid(uuid::Uuid::from_u128(0xf000_0000 + part * 1_000 + n));
                        m.number = format!("R-2026-9{:07}", part * 1_000 + n);
                        m.region = regions[usize::try_from(n % 3).unwrap()].to_owned();
                        if n % 10 == 0 {
                            (m.marking, m.unit) = (red.clone(), "other".to_owned());
                        }
                        scheme::store::member::put(tx, &m)?;
                        scheme::store::thing::name(tx, telephone, m.report, m.at, scheme::model::How::Told)?;
                    }
                    Ok::<_, db::DbError>(())
                })
                .await
                .unwrap();
        }
        let start = Key::of("scheme", home.uuid()).to_string();
        let opened = open(&world, &officer, &[("about", start.clone())]).await;
        assert!(opened.chosen.grouped && opened.chosen.graph.nodes().len() <= 60);
        let counts = |o: &service::Opened| {
            let groups = o.chosen.graph.nodes().iter().filter(|n| n.group.is_some());
            groups.map(|n| n.count).sum::<u64>()
        };
        let known = opened.chosen.graph.nodes().iter().filter(|n| n.key.kind() == "report").count();
        assert_eq!(
            counts(&opened) + u64::try_from(known).unwrap(),
            9_000 + 4,
            "what is hidden is in no count"
        );
        // A group opens into smaller ones.
        let group = opened.chosen.graph.nodes().iter().find(|n| n.group.is_some()).unwrap().key.to_string();
        let parted = open(&world, &officer, &[("about", start), ("open", group.clone())]).await;
        assert!(parted.chosen.graph.nodes().iter().all(|n| n.key.as_str() != group));
        // What thousands name, without a scheme around it.
        let alone = open(&world, &officer, &[("about", thing(app, &phone(1)).to_string())]).await;
        let crowd = alone.chosen.graph.nodes().iter().find(|n| n.group.is_some()).unwrap();
        assert_eq!(crowd.count, 9_000 + 3);
        assert!(crowd.href.starts_with("/desk/registry/idn_") && alone.chosen.graph.nodes().len() == 2);
    })
    .await;
}
