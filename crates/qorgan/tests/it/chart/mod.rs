//! The link chart over both engines: what is hidden is not there; groups open; a path is found and its absence told; views are kept, shared,
//! thrown away and taken back; nothing goes out without its record.

mod views;
mod weight;

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
