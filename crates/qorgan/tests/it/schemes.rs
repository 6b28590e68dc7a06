//! Schemes over both engines: reports join as they arrive, in whatever order; what people decide stands; what is taken back joins nobody.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use kernel::{Actor, Role};
use qorgan::slices::subscribers;
use report::{NewReport, ReportId};
use scheme::SchemeError;
use scheme::model::{AlarmWhat, Ruling};
use scheme::service::{self, Asked, Opened, Page};
use scheme::store::Wanted;
use testkit::World;

use crate::browser::browser;
use crate::country::{file, iban, staff};
use crate::registry::told;
use crate::talk::{answer, each, moved, orders};

/// Numbers of people who do not exist, one for each report.
pub fn phone(n: u128) -> String {
    format!("+7 700 1{:06}", n)
}

/// A report that pays to an account of its own, and tells a story.
pub fn tells(app: &App, key: u128, story: &str) -> NewReport {
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

/// Of some reports nobody knows where the money went: how they are told is all that there is.
fn blank(mut new: NewReport, n: u128) -> NewReport {
    if (5..=7).contains(&n) {
        new.payments.iter_mut().for_each(|p| p.to = None);
    }
    new
}

pub fn id(key: u128) -> ReportId {
    report::rules::id_from_key(uuid::Uuid::from_u128(key))
}

async fn officer(world: &World) -> Actor {
    staff(&world.app, 1, Role::DutyOfficer).await
}

/// The scheme of a report, by its number.
pub async fn scheme_of(world: &World, key: u128) -> Option<String> {
    let why = service::why(&world.app, &officer(world).await, id(key)).await.unwrap()?;
    why.tag.map(|t| t.number)
}

pub async fn sorted(world: &World) {
    while service::sort(&world.app).await.unwrap() > 0 {}
}

/// Which reports are together: those of each scheme, and those by themselves.
async fn groups(world: &World, keys: impl IntoIterator<Item = u128>) -> BTreeSet<BTreeSet<u128>> {
    let mut by: BTreeMap<String, BTreeSet<u128>> = BTreeMap::new();
    for key in keys {
        let own = scheme_of(world, key).await.unwrap_or_else(|| format!("alone {key}"));
        by.entry(own).or_default().insert(key);
    }
    by.into_values().collect()
}

fn sets(all: &[&[u128]]) -> BTreeSet<BTreeSet<u128>> {
    all.iter().map(|set| set.iter().copied().collect()).collect()
}

async fn opened(world: &World, number: &str) -> Opened {
    let asked = Asked { no: service::no(number).unwrap(), page: 0 };
    let page = service::open(&world.app, &officer(world).await, asked).await.unwrap();
    let Page::Here(opened) = page else { unreachable!("{number} is a scheme by itself") };
    *opened
}

const SCRIPT: &str = "Мне позвонил мужчина, представился сотрудником банка и сказал, что по моей карте подозрительная операция и все деньги \
    надо срочно перевести на безопасный счёт";

#[tokio::test(flavor = "multi_thread")]
async fn reports_join_in_whatever_order_they_are_heard() {
    let stories = |n: u128| match n {
        1 | 2 => format!("Звонили с {}", phone(1)),
        3 => format!("Звонили с {} и ещё с {}", phone(1), phone(2)),
        4 => format!("Номер {}", phone(2)),
        5 => SCRIPT.to_owned(),
        6 => format!("{SCRIPT}, и побыстрее"),
        7 => format!("Вчера днём. {SCRIPT}"),
        11 | 12 => SCRIPT.to_owned(),
        8 => "Ссылка https://a.kaspi-bonus.example/1 пришла утром".to_owned(),
        9 => "Открыла https://b.kaspi-bonus.example/другая".to_owned(),
        _ => "Купила кроссовки в магазине, а товар так и не пришёл, продавец не отвечает".to_owned(),
    };
    let mut seen = Vec::new();
    for order in [
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12_u128],
        [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
        [4, 1, 6, 12, 9, 3, 11, 10, 7, 2, 8, 5],
    ] {
        for world in World::on_each_engine(11, "kz") {
            let world = crate::country::settle(world).await;
            let app = &world.app;
            let filing = report::service::Filing { draft: None, with_code: true };
            for n in 1..=12 {
                world.advance_secs(60);
                report::service::file(app, &Actor::Public, blank(tells(app, n, &stories(n)), n), filing)
                    .await
                    .unwrap();
            }
            let ear = scheme::Ear::new(app);
            for n in order {
                let (me, ear) = (app.clone(), ear.clone());
                app.db.write(move |tx| service::hear(tx, &me, &ear, id(n))).await.unwrap();
            }
            sorted(&world).await;
            seen.push(groups(&world, 1..=12).await);
        }
    }
    // Two that name accounts of their own are two frauds, however alike they are told; whoever names nothing goes to one of them.
    let of = |n: u128| seen[0].iter().find(|g| g.contains(&n)).unwrap().clone();
    assert_ne!(of(11), of(12));
    assert_eq!(of(5), of(7));
    let mut told = of(5);
    told.extend([11, 12]);
    assert_eq!(told, BTreeSet::from([5, 6, 7, 11, 12]));
    let expected = seen[0].clone();
    assert!(expected.is_superset(&sets(&[&[1, 2, 3, 4], &[8, 9], &[10]])), "{expected:?}");
    assert!(seen.iter().all(|groups| *groups == expected), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_why_and_what_people_decide_stands() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = officer(&world).await;
        for n in 101..=105 {
            file(&world, tells(app, n, &format!("Звонили с {}. {SCRIPT}", phone(100)))).await;
        }
        let number = scheme_of(&world, 101).await.unwrap();
        let page = opened(&world, &number).await;
        assert_eq!((page.scheme.reports, page.seen, page.scheme.kind.as_str()), (5, 5, "fake_bank_security"));
        let shared: Vec<i64> =
            page.shared.iter().filter(|s| s.joins && s.reports > 1).map(|s| s.reports).collect();
        assert_eq!(shared, [5], "one telephone that all name");
        assert!(page.signs.iter().any(|(sign, n)| sign == "безопасный счет" && *n == 5), "{:?}", page.signs);
        assert!(page.reports.iter().all(|r| r.things.len() == 1));

        // Taken out: later reports that name the same do not bring it back, and its scheme goes on.
        let numbers: BTreeMap<u128, String> = {
            let mut all = BTreeMap::new();
            for n in 101..=105 {
                let found = app.db.read(move |tx| report::store::find(tx, id(n))).await.unwrap().unwrap();
                all.insert(n, found.number);
            }
            all
        };
        let no = page.scheme.no;
        let blank = service::take_out(app, &officer, no, &[numbers[&101].clone()], "  ").await;
        assert!(matches!(blank, Err(SchemeError::NoReason)));
        let none = service::take_out(app, &officer, no, &[], "other fraud").await;
        assert!(matches!(none, Err(SchemeError::NotTicked)));
        let out =
            service::take_out(app, &officer, no, &[numbers[&101].clone()], "another fraud").await.unwrap();
        file(&world, tells(app, 106, &format!("Опять {}", phone(100)))).await;
        sorted(&world).await;
        assert_eq!(groups(&world, 101..=106).await, sets(&[&[101], &[102, 103, 104, 105, 106]]));

        // Parted: what names things of both goes to one, and the two stay two.
        let two = [numbers[&102].clone(), numbers[&103].clone()];
        let parted = service::part_off(app, &officer, no, &two, "a gang of their own").await.unwrap();
        file(&world, tells(app, 107, &format!("Снова {}. {SCRIPT}", phone(100)))).await;
        sorted(&world).await;
        let after = groups(&world, 101..=107).await;
        assert!(after.contains(&BTreeSet::from([101])) && after.len() == 3, "{after:?}");
        let of = |n: u128| after.iter().find(|g| g.contains(&n)).unwrap().clone();
        assert_eq!((of(102), of(104)), (of(103), of(105)));
        assert_ne!(of(102), of(104));
        let all: Vec<String> = [104, 105].iter().map(|n| numbers[n].clone()).collect();
        let six = app.db.read(move |tx| report::store::find(tx, id(106))).await.unwrap().unwrap().number;
        let seven = app.db.read(move |tx| report::store::find(tx, id(107))).await.unwrap().unwrap().number;
        let whole: Vec<String> = all.into_iter().chain([six, seven]).collect();
        let rest = service::part_off(app, &officer, no, &whole, "all of them").await;
        assert!(matches!(rest, Err(SchemeError::AllTicked | SchemeError::NotTicked)), "{rest:?}");

        // A part of a part is kept apart from the first whole, too.
        let part = service::no(&parted.number).unwrap();
        let twice =
            service::part_off(app, &officer, part, &[numbers[&103].clone()], "one more gang").await.unwrap();
        let citizen = Actor::Citizen { report: id(103).uuid() };
        report::service::tell_story(app, &citizen, id(103), &format!("Ещё раз: {}", phone(100)))
            .await
            .unwrap();
        world.deliver(&subscribers(app)).await;
        sorted(&world).await;
        let now = groups(&world, [102, 103, 104, 105]).await;
        assert_eq!(now, sets(&[&[102], &[103], &[104, 105]]));
        service::undo(app, &officer, twice.decision).await.unwrap();
        sorted(&world).await;
        // Undone: the facts speak again. Undone twice is told.
        service::undo(app, &officer, parted.decision).await.unwrap();
        service::undo(app, &officer, out.decision).await.unwrap();
        sorted(&world).await;
        assert_eq!(groups(&world, 101..=107).await.len(), 1);
        assert!(matches!(service::undo(app, &officer, out.decision).await, Err(SchemeError::UndoneBefore)));

        // Put in by hand: nothing is shared, and it stays until it is undone.
        file(&world, tells(app, 108, "Продавец велосипеда пропал, ничего больше не знаю о нём")).await;
        let lone = app.db.read(move |tx| report::store::find(tx, id(108))).await.unwrap().unwrap().number;
        let number = scheme_of(&world, 101).await.unwrap();
        let no = service::no(&number).unwrap();
        let put = service::join_in(app, &officer, no, &lone, "the same voice").await.unwrap();
        let again = service::join_in(app, &officer, no, &lone, "the same voice").await;
        assert!(matches!(again, Err(SchemeError::InAlready)));
        let unknown = service::join_in(app, &officer, no, "S-999999", "x").await;
        assert!(matches!(unknown, Err(SchemeError::NoSuchNumber)));
        sorted(&world).await;
        assert_eq!(scheme_of(&world, 108).await, Some(number.clone()));
        service::undo(app, &officer, put.decision).await.unwrap();
        sorted(&world).await;
        assert_eq!(scheme_of(&world, 108).await, None);

        // Approvers see, and do not sort; strangers see nothing.
        let approver = staff(app, 12, Role::Approver).await;
        assert!(service::list(app, &approver, Wanted::default()).await.unwrap().count >= 1);
        let refused = service::say_kind(app, &approver, no, "romance", "x").await;
        assert!(matches!(refused, Err(SchemeError::Access(_))));
        let prosecutor = staff(app, 13, Role::Prosecutor).await;
        assert!(service::list(app, &prosecutor, Wanted::default()).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_schemes_become_one_and_two_again_with_their_numbers() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = officer(&world).await;
        for (n, p) in [(201, 1), (202, 1), (203, 1), (204, 2), (205, 2)] {
            file(&world, tells(app, n, &format!("Звонили с {}", phone(200 + p)))).await;
        }
        let (one, two) = (scheme_of(&world, 201).await.unwrap(), scheme_of(&world, 204).await.unwrap());
        let no = service::no(&one).unwrap();
        let joined = service::join_in(app, &officer, no, &two.replace('S', "С"), "one gang").await.unwrap();
        sorted(&world).await;
        assert_eq!(groups(&world, 201..=205).await.len(), 1);
        assert_eq!(joined.number, one, "the larger keeps its number");
        // The old number leads to the new one.
        let asked = Asked { no: service::no(&two).unwrap(), page: 0 };
        assert!(matches!(service::open(app, &officer, asked).await.unwrap(), Page::Moved(to) if to == one));
        // A report that names a thing of the absorbed one comes to the whole.
        file(&world, tells(app, 206, &format!("И мне с {}", phone(202)))).await;
        assert_eq!(scheme_of(&world, 206).await, Some(one.clone()));
        service::undo(app, &officer, joined.decision).await.unwrap();
        sorted(&world).await;
        assert_eq!(groups(&world, 201..=206).await, sets(&[&[201, 202, 203], &[204, 205, 206]]));
        assert_eq!(scheme_of(&world, 204).await.as_ref(), Some(&two), "with its old number");
        let two_again = two.clone();
        // What somebody decided does not go with the report by which it was held: both firsts are withdrawn.
        let again = service::join_in(app, &officer, no, &two_again, "one gang").await.unwrap();
        for n in [201, 204] {
            let citizen = Actor::Citizen { report: id(n).uuid() };
            report::service::withdraw(app, &citizen, id(n)).await.unwrap();
        }
        world.deliver(&subscribers(app)).await;
        sorted(&world).await;
        assert_eq!(groups(&world, [202, 203, 205, 206]).await.len(), 1, "the decision stands");
        service::undo(app, &officer, again.decision).await.unwrap();
        sorted(&world).await;
        assert_eq!(groups(&world, [202, 203, 205, 206]).await, sets(&[&[202, 203], &[205, 206]]));
        // A report that names both makes them one by itself.
        file(&world, tells(app, 207, &format!("Сначала {}, потом {}", phone(201), phone(202)))).await;
        assert_eq!(groups(&world, [202, 203, 205, 206, 207]).await.len(), 1);
        // Taken back, it joins them no more.
        let citizen = Actor::Citizen { report: id(207).uuid() };
        report::service::withdraw(app, &citizen, id(207)).await.unwrap();
        world.deliver(&subscribers(app)).await;
        sorted(&world).await;
        assert_eq!(groups(&world, [202, 203, 205, 206]).await, sets(&[&[202, 203], &[205, 206]]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_parted_stays_apart_when_its_whole_goes_into_another_within_one_joining() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = officer(&world).await;
        // The first of the large one, of the whole, of the part, in the order in which a report that names all comes to them.
        let mut firsts: Vec<u128> = (701..=703).collect();
        firsts.sort_by_key(|n| id(*n));
        let (large, whole, apart) = (firsts[0], firsts[1], firsts[2]);
        let own = |p: u128| phone(700 + p);
        for (n, first, said) in [
            (large, true, own(1)),
            (whole, true, format!("{} и {}", own(2), own(4))),
            (apart, true, format!("{} и {}", own(3), own(4))),
            (711, false, own(1)),
            (712, false, own(1)),
            (713, false, own(1)),
            (714, false, own(1)),
            (715, false, own(2)),
        ] {
            let asked = if first { "Звонили с" } else { "Номер" };
            file(&world, tells(app, n, &format!("{asked} {said}"))).await;
        }
        sorted(&world).await;
        assert_eq!(scheme_of(&world, whole).await, scheme_of(&world, apart).await);
        let no = service::no(&scheme_of(&world, whole).await.unwrap()).unwrap();
        let number = app.db.read(move |tx| report::store::find(tx, id(apart))).await.unwrap().unwrap().number;
        service::part_off(app, &officer, no, &[number], "another gang").await.unwrap();
        sorted(&world).await;
        let (a, b) = (scheme_of(&world, whole).await.unwrap(), scheme_of(&world, apart).await.unwrap());
        assert_ne!(a, b);
        file(&world, tells(app, 720, &format!("{}, {}, {}", own(1), own(2), own(3)))).await;
        assert_eq!(scheme_of(&world, large).await, scheme_of(&world, whole).await);
        assert_ne!(scheme_of(&world, large).await, scheme_of(&world, apart).await, "people parted them");
        sorted(&world).await;
        assert_ne!(scheme_of(&world, whole).await, scheme_of(&world, apart).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_everybody_names_joins_nobody_until_somebody_says_that_it_is_the_frauds_own() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = officer(&world).await;
        for n in 301..=340 {
            file(&world, tells(app, n, &format!("Открыл https://s{n}.market-place.example/{n}"))).await;
        }
        sorted(&world).await;
        assert_eq!(groups(&world, 301..=340).await.len(), 1, "forty are one scheme");
        let number = scheme_of(&world, 301).await.unwrap();
        let page = opened(&world, &number).await;
        let site = page.shared.iter().find(|s| s.joins && s.reports == 40).unwrap().thing.id;
        file(&world, tells(app, 341, "И я заходил на https://x.market-place.example/77")).await;
        sorted(&world).await;
        assert_eq!(groups(&world, 301..=341).await.len(), 41, "forty-one are everybody");
        // One of them is taken back: forty again.
        let citizen = Actor::Citizen { report: id(341).uuid() };
        report::service::withdraw(app, &citizen, id(341)).await.unwrap();
        world.deliver(&subscribers(app)).await;
        sorted(&world).await;
        assert_eq!(groups(&world, 301..=340).await.len(), 1);
        // It is this fraud's own, however many.
        let number = scheme_of(&world, 301).await.unwrap();
        let no = service::no(&number).unwrap();
        let said = service::rule(app, &officer, no, site, Ruling::Own, "made for this fraud").await.unwrap();
        for n in 342..=344 {
            file(&world, tells(app, n, &format!("https://s{n}.market-place.example/"))).await;
        }
        sorted(&world).await;
        assert_eq!(groups(&world, (301..=340).chain(342..=344)).await.len(), 1);
        // Everybody's, says somebody else; and undone.
        service::undo(app, &officer, said.decision).await.unwrap();
        sorted(&world).await;
        assert_eq!(groups(&world, (301..=340).chain(342..=344)).await.len(), 43);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_meets_in_one_account_joins() {
    each("kz", async |world| {
        let app = &world.app;
        for n in [401, 402] {
            file(&world, tells(app, n, "")).await;
        }
        assert_eq!(groups(&world, [401, 402]).await.len(), 2);
        for n in [401, 402] {
            let view = orders(&world, id(n)).await.remove(0);
            answer(&world, &view, &format!("a-{n}"), vec![moved(&world, 10_000, "ZCAR", &iban("ZCAR", 88))])
                .await
                .unwrap();
        }
        assert_eq!(groups(&world, [401, 402]).await.len(), 1);
        let page = opened(&world, &scheme_of(&world, 401).await.unwrap()).await;
        let met = page.shared.iter().find(|s| s.reports == 2).unwrap();
        assert_eq!(met.how, scheme::model::How::Money);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_grows_faster_than_chance_is_told_once_and_seen_once() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = officer(&world).await;
        for n in 501..=512 {
            file(&world, tells(app, n, &format!("Звонили с {}", phone(500)))).await;
        }
        let bank = |all: &[(scheme::model::Alarm, Option<String>)]| {
            all.iter().filter(|(a, _)| a.what == AlarmWhat::Bank).count()
        };
        service::look(app).await.unwrap();
        let all = service::watch(app, &officer).await.unwrap();
        assert_eq!(bank(&all), 1, "{all:?}");
        let number = scheme_of(&world, 501).await.unwrap();
        let (growing, of) = all.iter().find(|(a, _)| a.what == AlarmWhat::Growing).unwrap();
        assert_eq!((growing.seen, of.as_ref()), (12, Some(&number)));
        assert!(growing.chance_e <= -6);
        // The same again is the same alarm; seen, it is gone, and stays so.
        file(&world, tells(app, 513, &format!("Звонили с {}", phone(500)))).await;
        assert_eq!(service::look(app).await.unwrap(), 0);
        service::seen(app, &officer, growing.id).await.unwrap();
        file(&world, tells(app, 514, &format!("Звонили с {}", phone(500)))).await;
        service::look(app).await.unwrap();
        assert!(
            service::watch(app, &officer).await.unwrap().iter().all(|(a, _)| a.what != AlarmWhat::Growing)
        );
    })
    .await;
}

/// Takes a report out of the sight of all units but one.
async fn redden(app: &App, n: u128) {
    const RED: db::Stmt = db::Stmt::both(
        "test.red_member_of_unit",
        "UPDATE scheme_member SET marking = 'red/red', unit_id = 'other' WHERE report_id = ?1",
    );
    app.db.write(move |tx| tx.execute(&RED, db::params![id(n).uuid()])).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn likeness_tells_nothing_of_hidden_reports() {
    each("kz", async |world| {
        let app = &world.app;
        // Two gangs, a telephone each; one report of each tells the same.
        for (n, p, story) in
            [(601, 61, SCRIPT), (602, 61, "Номер"), (603, 62, SCRIPT), (604, 62, "Телефон")]
        {
            file(&world, tells(app, n, &format!("{story} {}", phone(p)))).await;
        }
        sorted(&world).await;
        let (one, two) = (scheme_of(&world, 602).await.unwrap(), scheme_of(&world, 604).await.unwrap());
        assert_ne!(one, two);
        let like = async |number: &str| {
            opened(&world, number).await.like.into_iter().map(|(no, _)| no).collect::<Vec<_>>()
        };
        assert_eq!((like(&one).await, like(&two).await), (vec![two.clone()], vec![one.clone()]));
        // As many hidden ones as are looked at, earlier in every band, stand in nobody's way.
        const BANDS: db::Stmt = db::Stmt::both(
            "test.crowd_bands",
            "INSERT INTO scheme_band (band, at, report_id) SELECT band, at - 1, ?2 FROM scheme_band WHERE report_id = ?1",
        );
        let of = |n: u128| async move {
            let found = move |tx: &mut db::Tx<'_>| scheme::store::member::find(tx, id(n));
            app.db.read(found).await.unwrap().unwrap()
        };
        let model = of(601).await;
        app.db
            .write(move |tx| {
                for n in 0..64_u128 {
                    let mut m = model.clone();
                    let at = uuid::Uuid::from_u128(0xe000_0000 + n);
                    (m.report, m.scheme, m.number) = (ReportId::from_uuid(at), None, format!("R-2026-8{n:07}"));
                    m.marking = kernel::Marking { tlp: kernel::Tlp::Red, ..kernel::Marking::default() };
                    m.unit = "third".to_owned();
                    scheme::store::member::put(tx, &m)?;
                    tx.execute(&BANDS, db::params![id(601).uuid(), at])?;
                }
                Ok::<_, db::DbError>(())
            })
            .await
            .unwrap();
        assert_eq!((like(&one).await, like(&two).await), (vec![two.clone()], vec![one.clone()]));
        redden(app, 601).await;
        assert_eq!((like(&one).await, like(&two).await), (vec![], vec![]), "neither from it nor to it");
        // Whoever may see it reads it as before.
        let theirs = access::staff(uuid::Uuid::from_u128(78), "N", &[Role::DutyOfficer], &app.node.code, "other");
        let asked = Asked { no: service::no(&two).unwrap(), page: 0 };
        let Page::Here(page) = service::open(app, &theirs, asked).await.unwrap() else {
            unreachable!("a scheme by itself")
        };
        assert_eq!(page.like.first().map(|(no, _)| no.as_str()), Some(one.as_str()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_three_languages() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = &world.app;
        for n in 601..=603 {
            file(&world, tells(app, n, &format!("Звонили с {}. {SCRIPT}", phone(600)))).await;
        }
        service::look(app).await.unwrap();
        let number = scheme_of(&world, 601).await.unwrap();
        let report = app.db.read(move |tx| report::store::find(tx, id(601))).await.unwrap().unwrap().number;
        for lang in ["kk", "ru", "en"] {
            let b = browser(&world, lang, Some("aliya")).await;
            for path in [
                "/desk/schemes".to_owned(),
                "/desk/schemes?q=is%3Aalarm&sort=-loss".to_owned(),
                format!("/desk/schemes/{number}"),
                format!("/desk/schemes/{number}/decide?act=out&id={report}"),
                format!("/desk/schemes/{number}/decide?act=in"),
                format!("/desk/schemes/{number}/decide?act=kind"),
                format!("/desk/schemes/{number}/money"),
                format!("/desk/schemes/{number}/suppress"),
                format!("/desk/reports/{report}"),
            ] {
                let (status, _, body) = b.send("GET", &path, "").await;
                assert_eq!(status, 200, "{path}: {body}");
                assert!(
                    !body.contains("[scheme-") && !body.contains("[desk-"),
                    "{path}: a key instead of words"
                );
                assert!(body.contains(&number) || path.contains("alarm"), "{path}");
            }
        }
        let b = browser(&world, "en", Some("aliya")).await;
        let (status, headers, _) = b.send("GET", "/desk/schemes?q=S-1", "").await;
        assert_eq!((status, headers["location"].to_str().unwrap()), (303, "/desk/schemes/S-1"));
        let path = format!("/desk/schemes/{number}/decide");
        let (status, _, body) = b.send("POST", &path, &format!("act=out&id={report}&reason=")).await;
        assert!(status == 422 && body.contains("Say why"), "{body}");
        let (status, headers, _) =
            b.send("POST", &path, &format!("act=out&id={report}&reason=other+fraud")).await;
        assert_eq!(
            (status, headers["location"].to_str().unwrap().split('?').next().unwrap()),
            (303, format!("/desk/schemes/{number}").as_str())
        );
        let (_, _, body) = b.send("GET", &format!("/desk/reports/{report}"), "").await;
        assert!(body.contains("belongs to no scheme"), "{body}");
        for (path, expected) in [
            ("/desk/schemes/S-99999", 404),
            ("/desk/schemes/x", 404),
            ("/desk/schemes/S-1/decide?act=none", 404),
        ] {
            assert_eq!(b.send("GET", path, "").await.0, expected, "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_leaves_no_trace_in_schemes() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = officer(&world).await;
        for n in 701..=703 {
            file(&world, tells(app, n, &format!("Звонили с {}. {SCRIPT}", phone(700)))).await;
        }
        let number = scheme_of(&world, 701).await.unwrap();
        let report = app.db.read(move |tx| report::store::find(tx, id(702))).await.unwrap().unwrap().number;
        let no = service::no(&number).unwrap();
        service::take_out(app, &officer, no, &[report], "told by the victim herself").await.unwrap();
        let approver = staff(app, 12, Role::Approver).await;
        report::service::expunge(app, &approver, id(702)).await.unwrap();
        world.deliver(&subscribers(app)).await;
        sorted(&world).await;
        let page = opened(&world, &number).await;
        assert_eq!(page.scheme.reports, 2);
        assert!(
            page.decisions.iter().all(|(_, reason)| reason.is_none()),
            "the reason is forgotten with the report"
        );
        let left = app.db.read(move |tx| scheme::store::member::find(tx, id(702))).await.unwrap();
        assert_eq!(left, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_officers_say_of_kinds_is_learnt() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = officer(&world).await;
        let ear = scheme::Ear::new(app);
        // Words that the profile does not know, of two frauds.
        let stories = |n: u128| match n % 2 {
            0 => format!(
                "Звонили с {}, шаманка обещала снять порчу и просила свечи за каждую ночь обряда",
                phone(800)
            ),
            _ => format!(
                "Писали с {}, гадали на картах таро и требовали кристаллы для очищения ауры",
                phone(801)
            ),
        };
        for n in 801..=812 {
            file(&world, tells(app, n, &stories(n))).await;
        }
        assert!(!service::learn(app, &ear).await.unwrap(), "nobody has said anything");
        for (key, kind) in [(802, "romance"), (801, "tickets")] {
            let number = scheme_of(&world, key).await.unwrap();
            let no = service::no(&number).unwrap();
            assert!(matches!(
                service::say_kind(app, &officer, no, "no_kind", "x").await,
                Err(SchemeError::NoSuchKind)
            ));
            service::say_kind(app, &officer, no, kind, "as the reporters tell").await.unwrap();
        }
        assert!(service::learn(app, &ear).await.unwrap());
        assert!(!service::learn(app, &ear).await.unwrap(), "nothing new was said");
        // The next one by another gang is known by what was learnt; what nobody has decided stays unknown.
        for (n, p) in [(821, 821), (822, 821)] {
            let story = format!("Звонили с {}, шаманка просила свечи, обещала снять порчу обрядом", phone(p));
            file(&world, tells(app, n, &story)).await;
        }
        let why = service::why(app, &officer, id(821)).await.unwrap().unwrap();
        assert_eq!(why.kind, "romance");
        let page = opened(&world, &why.tag.unwrap().number).await;
        assert_eq!(page.scheme.kind_by, scheme::model::KindBy::Learnt);
        file(&world, tells(app, 823, "Погода была хорошая, ничего не понимаю")).await;
        let why = service::why(app, &officer, id(823)).await.unwrap().unwrap();
        assert_eq!(why.kind, "");
    })
    .await;
}
