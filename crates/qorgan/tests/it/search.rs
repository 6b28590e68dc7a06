//! Searching over both engines: every kind, who may see what to the count, what is forgotten, what is made anew, and the page.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::{App, Node};
use axum::body::Body;
use http_body_util::BodyExt as _;
use kernel::{Actor, Personal, Role, Secret};
use qorgan::searching::sources;
use qorgan::slices::subscribers;
use report::ReportId;
use search::model::{How, Period};
use search::service::{follow, go_through, search, sweep};
use search::{Answer, Shelf, Wanted};
use testkit::World;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::browser::browser;
use crate::country::{file, iban, partner_actor, report, staff};
use crate::gone::{node_in, place_in_log};
use crate::nodes::{files, fresh_folder};
use crate::talk::each;

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

#[tokio::test(flavor = "multi_thread")]
async fn news_are_followed_and_everything_is_gone_through() {
    each("kz", async |world| {
        let app = &world.app;
        let shelf = everything(&world).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        file(&world, tells(app, 921, "бірінші сөз")).await;
        assert_eq!(found(app, &shelf, &officer, "бірінші").await.total, 0);
        assert!(follow(app, &shelf).await.unwrap() > 0);
        assert_eq!(kinds(app, &shelf, &officer, "бірінші").await, BTreeMap::from([("report", 1)]));
        // Told anew: found by the new words alone.
        let citizen = Actor::Citizen { report: id(921).uuid() };
        report::service::tell_story(app, &citizen, id(921), "екінші әңгіме").await.unwrap();
        world.deliver(&subscribers(app)).await;
        follow(app, &shelf).await.unwrap();
        assert_eq!(found(app, &shelf, &officer, "бірінші").await.how, How::Typed);
        assert_eq!(found(app, &shelf, &officer, "бірінші").await.total, 0);
        assert_eq!(found(app, &shelf, &officer, "әңгіме").await.total, 1);
        // The registry and persons tell nobody; they are found by going through everything.
        let number = iban("ZBEK", 921);
        go_through(app, &shelf, |_, _| ()).await.unwrap();
        assert!(kinds(app, &shelf, &officer, &number).await.contains_key("thing"));
        assert!(kinds(app, &shelf, &officer, "Жәнібек").await.contains_key("person"));
        assert_eq!(go_through(app, &shelf, |_, _| ()).await.unwrap().written, 0, "nothing has changed");
        // Withdrawn: another state, still found.
        report::service::withdraw(app, &citizen, id(921)).await.unwrap();
        world.deliver(&subscribers(app)).await;
        follow(app, &shelf).await.unwrap();
        let narrowed = Wanted { state: Some("report.withdrawn".to_owned()), ..wanted("әңгіме") };
        assert_eq!(search(app, &shelf, &officer, &narrowed).await.unwrap().total, 1);
        // What the registry has forgotten since is found by nobody once everything was gone through.
        go_through(app, &shelf, |_, _| ()).await.unwrap();
        // Made anew, the same is found.
        let anew = everything(&world).await;
        for typed in ["әңгіме", number.as_str(), "Жәнібек", "ZALT", "ZBEK"] {
            let (a, b) =
                (found(app, &shelf, &officer, typed).await, found(app, &anew, &officer, typed).await);
            let ids =
                |a: &Answer| a.rows.iter().map(|r| (r.kind, r.id)).collect::<std::collections::BTreeSet<_>>();
            assert_eq!((a.total, ids(&a), a.facets.clone()), (b.total, ids(&b), b.facets.clone()), "{typed}");
        }
    })
    .await;
}

/// Rows S16 and S17 for the index.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_is_in_the_files_and_what_is_erased_is_in_none() {
    let folder = fresh_folder();
    let world = node_in(&folder).await;
    let app = &world.app;
    let mut new = tells(app, 931, "Оқиға: өзгеше-сөз туралы, +7 771 314 15 92 хабарласты, @qupiya_adam_931");
    new.reporter.iin = "910101397223".to_owned();
    file(&world, new).await;
    file(&world, tells(app, 932, "Басқа оқиға, тағы бірсөз")).await;
    let shelf = qorgan::searching::shelf(app, Some(&folder)).unwrap();
    go_through(app, &shelf, |_, _| ()).await.unwrap();
    let officer = staff(app, 1, Role::DutyOfficer).await;
    assert!(found(app, &shelf, &officer, "өзгеше").await.total > 0);
    assert!(found(app, &shelf, &officer, "910101397223").await.total > 0);
    place_in_log(&world, &folder).await;
    let index = qorgan::searching::folder(&folder);
    assert!(!files(&index).is_empty());
    let personal: Vec<String> = [
        "өзгеше",
        "ozgeSe",
        "Жәнібек",
        "janibek",
        "77713141592",
        "3141592",
        "910101397223",
        "qupiya_adam_931",
    ]
    .iter()
    .map(|s| (*s).to_owned())
    .chain([iban("ZBEK", 931), iban("ZALT", 4_000_001)])
    .collect();
    for file in files(&index) {
        let bytes = std::fs::read(&file).unwrap();
        for text in &personal {
            let there = bytes.windows(text.len()).any(|w| w == text.as_bytes());
            assert!(!there, "{text} in {}", file.display());
        }
    }
    let token = |word: &str| {
        let sound = search::rules::words::words(word).remove(0).sound;
        shelf.key.token(search::token::Form::Word(&sound))
    };
    assert!(shelf.index.remembers(token("өзгеше")).unwrap());
    assert!(shelf.index.remembers(token("бірсөз")).unwrap());

    report::service::expunge(app, &Actor::system("retention"), id(931)).await.unwrap();
    world.deliver(&subscribers(app)).await;
    follow(app, &shelf).await.unwrap();
    go_through(app, &shelf, |_, _| ()).await.unwrap();
    assert_eq!(found(app, &shelf, &officer, "өзгеше").await.total, 0);
    assert!(shelf.index.remembers(token("өзгеше")).unwrap(), "not before the files are swept");
    assert!(sweep(&shelf).await.unwrap() && !sweep(&shelf).await.unwrap());
    assert!(!shelf.index.remembers(token("өзгеше")).unwrap(), "no file has its hash any more");
    assert!(!shelf.index.remembers(token("931")).unwrap());
    assert!(shelf.index.remembers(token("бірсөз")).unwrap(), "others stay");
    drop(shelf);
    // Another start of the program reads the same.
    let shelf = qorgan::searching::shelf(app, Some(&folder)).unwrap();
    assert!(!shelf.is_ready());
    let held = shelf.index.len();
    go_through(app, &shelf, |_, _| ()).await.unwrap();
    assert!(shelf.index.len() == held && held > 0, "it was all there");
    assert!(!shelf.index.remembers(token_of(&shelf, "өзгеше")).unwrap());
    assert!(found(app, &shelf, &officer, "бірсөз").await.total > 0);
    drop(shelf);
    std::fs::remove_dir_all(folder).unwrap();
}

fn token_of(shelf: &Shelf, word: &str) -> u64 {
    let sound = search::rules::words::words(word).remove(0).sound;
    shelf.key.token(search::token::Form::Word(&sound))
}

/// Asks the whole router, with an index beside it.
async fn send(
    app: &App,
    shelf: &Arc<Shelf>,
    (lang, cookie): (&str, &str),
    (method, path, form): (&str, &str, &str),
) -> (u16, String, String) {
    let silent = partner::web::Silent(Arc::new(Vec::new));
    let router = qorgan::http::router(app, silent).unwrap().layer(axum::Extension(Arc::clone(shelf)));
    let request = axum::http::Request::builder()
        .method(method)
        .uri(path)
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("user-agent", "test")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", format!("{cookie}; lang={lang}"))
        .body(Body::from(form.to_owned()))
        .unwrap();
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let to = answer.headers().get("location").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    let body = String::from_utf8_lossy(&body).into_owned();
    assert!(!body.contains("[search-") && !body.contains("[nav-search"), "{path}: a key instead of words");
    (status, to, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_in_three_languages() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = &world.app;
        for n in 941..=965 {
            world.advance_secs(3_600);
            file(&world, tells(app, n, &format!("{STORY}. <b>{n}</b>"))).await;
        }
        let shelf = everything(&world).await;
        let typed = web::encode("безопасный счёт");
        for lang in ["kk", "ru", "en"] {
            let b = browser(&world, lang, Some("aliya")).await;
            let who = (lang, b.cookie.as_str());
            let (status, _, start) = send(app, &shelf, who, ("GET", "/desk/search", "")).await;
            assert_eq!(status, 200);
            assert!(start.contains("data-search") && start.contains("data-filter"));
            let (status, to, _) =
                send(app, &shelf, who, ("POST", "/desk/search", &format!("q={typed}"))).await;
            assert_eq!(status, 303);
            assert!(to.starts_with("/desk/search?s=") && !to.contains('%'), "{to}");
            let (status, _, page) = send(app, &shelf, who, ("GET", &to, "")).await;
            assert_eq!(status, 200);
            assert!(page.contains("<mark>безопасный</mark>") && page.contains("<mark>счёт</mark>"), "{page}");
            assert!(page.contains("rel=\"next\"") && !page.contains("<b>9"), "told text is escaped");
            assert_eq!(page.matches("<tr data-row>").count(), 20);
            // What was typed stands in the box alone, in no address.
            assert!(!page.contains("href=\"/desk/search?q="));
            let (_, _, second) =
                send(app, &shelf, who, ("GET", &format!("{to}&page=2&sort=newest"), "")).await;
            assert_eq!(second.matches("<tr data-row>").count(), 5, "25 reports");
            let (_, _, none) = send(app, &shelf, who, ("GET", &format!("{to}&kind=order"), "")).await;
            assert!(none.contains("class=\"empty\"") && none.contains("aria-current=\"true\""));
            // Whatever stands in the address, it is no fault of ours.
            for odd in [
                "kind=x",
                "state=x.y",
                "region=%00",
                "period=ever",
                "page=-1",
                "page=99999999999999999999",
                "sort=x",
            ] {
                let (status, _, _) = send(app, &shelf, who, ("GET", &format!("{to}&{odd}"), "")).await;
                assert_eq!(status, 200, "{odd}");
            }
            for odd in ["x", "AAAA", "%2F..", &"A".repeat(3_000)] {
                let (status, _, page) =
                    send(app, &shelf, who, ("GET", &format!("/desk/search?s={odd}"), "")).await;
                assert_eq!((status, page.matches("<tr data-row>").count()), (200, 0), "{odd}");
            }
            let (status, to, _) =
                send(app, &shelf, who, ("GET", &format!("/desk/search?q={typed}"), "")).await;
            assert!(status == 303 && to.starts_with("/desk/search?s="), "moved out of the address");
            // Another officer's link opens nothing.
            let colleague = browser(&world, lang, Some("marat")).await;
            let (status, _, page) = send(app, &shelf, (lang, &colleague.cookie), ("GET", &to, "")).await;
            assert!(
                status == 200 && page.contains("class=\"search-note\"") && !page.contains("<mark>"),
                "{page}"
            );
            let (_, to, _) = send(app, &shelf, who, ("POST", "/desk/search", "q=%20%20")).await;
            assert_eq!(to, "/desk/search");
        }
        // Who searched is a record, with what they were shown, and without what they typed.
        let aliya = access::accounts(app, &Actor::system("setup")).await.unwrap();
        let aliya = aliya.into_iter().find(|a| a.login == "aliya").unwrap().actor();
        let Actor::Staff { user, .. } = aliya else { unreachable!("an account of the staff") };
        let acts = app.db.read(move |tx| audit::records_for(tx, user)).await.unwrap();
        let acts: Vec<_> = acts.into_iter().filter(|a| a.record.act == "search.made").collect();
        assert!(acts.len() >= 6, "{}", acts.len());
        for act in acts {
            assert_eq!(act.record.purpose.as_deref(), Some("handle_report"));
            let facts = act.facts.to_string();
            assert!(facts.contains(&id(950).uuid().to_string()) || facts.contains("\"shown\""), "{facts}");
            assert!(!facts.contains("безопасный") && !facts.contains("счёт"), "{facts}");
        }
        let nobody = ("en", "");
        let (status, to, _) = send(app, &shelf, nobody, ("GET", "/desk/search", "")).await;
        assert!(status == 303 && to.starts_with("/sign-in"));
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
    let printed = format!("{document:?} {piece:?} {:?}", Personal::new("құпия"));
    assert!(!printed.contains("құпия") && !printed.contains("Жәнібек"), "{printed}");
}
