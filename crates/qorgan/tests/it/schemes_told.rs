//! What schemes do by themselves is told in their history, and what they are known by does not flip; a bank's alarm leads to its reports.

use kernel::{Actor, Role};
use qorgan::slices::subscribers;
use scheme::model::KindBy;
use scheme::service::{self, Asked, Deed, Opened, Page, Tie};
use testkit::World;

use crate::browser::browser;
use crate::country::{file, staff};
use crate::schemes::{id, phone, scheme_of, sorted, tells};
use crate::talk::each;

const BANK: &str = "Позвонил сотрудник банка, сказал перевести деньги на безопасный счёт";
const SHOP: &str = "Заказала кроссовки в магазине Instagram, оплатила, товар не пришёл";

async fn opened(world: &World, number: &str) -> Opened {
    let officer = staff(&world.app, 1, Role::DutyOfficer).await;
    let asked = Asked { no: service::no(number).unwrap(), page: 0 };
    let page = service::open(&world.app, &officer, asked).await.unwrap();
    let Page::Here(opened) = page else { unreachable!("{number} is a scheme by itself") };
    *opened
}

/// What a scheme did by itself, the first first.
async fn deeds(world: &World, number: &str) -> Vec<Deed> {
    let mut all: Vec<Deed> =
        opened(world, number).await.history.into_iter().filter_map(|(_, deed)| deed).collect();
    all.reverse();
    all
}

async fn hear(world: &World, key: u128) {
    let (me, ear) = (world.app.clone(), scheme::Ear::new(&world.app));
    world.app.db.write(move |tx| service::hear(tx, &me, &ear, id(key))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_joins_and_comes_apart_by_itself_is_told_once() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = &world.app;
        for (n, p) in [(5001, 5001), (5002, 5001), (5003, 5001), (5004, 5002), (5005, 5002)] {
            file(&world, tells(app, n, &format!("Звонили с {}", phone(p)))).await;
        }
        let (one, two) = (scheme_of(&world, 5001).await.unwrap(), scheme_of(&world, 5004).await.unwrap());
        assert!(deeds(&world, &one).await.is_empty());
        let b = browser(&world, "en", Some("aliya")).await;
        let (_, _, body) = b.send("GET", &format!("/desk/schemes/{one}"), "").await;
        assert!(body.contains("Nothing yet. Whatever officers"), "a scheme without acts says so: {body}");

        // One report names both: by what the two became one is told, and told once however often it is heard.
        let bridge = format!("Звонили с {} и ещё с {}", phone(5001), phone(5002));
        file(&world, tells(app, 5006, &bridge)).await;
        for _ in 0..2 {
            hear(&world, 5006).await;
            sorted(&world).await;
        }
        let told = deeds(&world, &one).await;
        let [Deed::TookIn { number, tie: Tie::Thing(thing) }] = told.as_slice() else {
            unreachable!("one deed: {told:?}")
        };
        assert_eq!((number, thing.kind), (&two, identifier::Kind::Phone));
        for (lang, words) in [
            ("kk", format!("осы схемаға қосылғаны: {two}; ортақ дерек: телефон нөмірі {}", thing.masked)),
            ("ru", format!("в эту схему вошла {two}; общее: номер телефона {}", thing.masked)),
            ("en", format!("{two} became part of this scheme; both name: phone number {}", thing.masked)),
        ] {
            let b = browser(&world, lang, Some("aliya")).await;
            let (_, _, body) = b.send("GET", &format!("/desk/schemes/{one}"), "").await;
            assert!(body.contains(&words) && body.contains("timeline-machine"), "{lang}: {words}: {body}");
        }

        // It is taken back: they come apart, and that is told on both sides, once.
        let citizen = Actor::Citizen { report: id(5006).uuid() };
        report::service::withdraw(app, &citizen, id(5006)).await.unwrap();
        world.deliver(&subscribers(app)).await;
        sorted(&world).await;
        hear(&world, 5006).await;
        sorted(&world).await;
        assert_eq!(scheme_of(&world, 5004).await, Some(two.clone()), "its number again");
        let told = deeds(&world, &one).await;
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told[1], Deed::CameApart { reports: 2, number: Some(two.clone()) });
        let told = deeds(&world, &two).await;
        assert!(matches!(&told[0], Deed::WentInto { number, .. } if *number == one), "{told:?}");
        assert_eq!(told[1..], [Deed::CameFrom { reports: 2, number: one.clone() }]);
        for lang in ["kk", "ru", "en"] {
            let b = browser(&world, lang, Some("aliya")).await;
            for number in [&one, &two] {
                let (status, _, body) = b.send("GET", &format!("/desk/schemes/{number}"), "").await;
                assert!(status == 200 && !body.contains("[scheme-"), "{lang}: {body}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheme_is_known_by_the_same_in_whatever_order_it_is_heard_and_changes_are_told() {
    let stories = |n: u128| match n {
        1..=3 | 5 => format!("{BANK}. Номер {}", phone(5100)),
        _ => format!("{SHOP}. Номер {}", phone(5100)),
    };
    let filing = report::service::Filing { draft: None, with_code: true };
    let mut known = Vec::new();
    for order in [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1_u128]] {
        for world in World::on_each_engine(51, "kz") {
            let world = crate::country::settle(world).await;
            let app = &world.app;
            for n in 1..=12 {
                world.advance_secs(60);
                report::service::file(app, &Actor::Public, tells(app, n, &stories(n)), filing).await.unwrap();
            }
            for n in order {
                hear(&world, n).await;
                if (order[0], n) == (1, 6) {
                    let number = scheme_of(&world, 1).await.unwrap();
                    let page = opened(&world, &number).await;
                    assert_eq!(
                        (page.scheme.kind.as_str(), page.telling, page.seen),
                        ("fake_bank_security", 4, 6)
                    );
                    assert!(deeds(&world, &number).await.is_empty());
                }
            }
            let number = scheme_of(&world, 1).await.unwrap();
            let page = opened(&world, &number).await;
            assert_eq!((page.scheme.kind_by, page.telling, page.seen), (KindBy::Words, 8, 12));
            let told = deeds(&world, &number).await;
            if order[0] == 1 {
                let [Deed::OtherKind { from, to, told, of }] = told.as_slice() else {
                    unreachable!("one change: {told:?}")
                };
                assert_eq!((from.as_str(), to.as_str()), ("fake_bank_security", "online_shop"));
                assert!(*told > 4 && *of < 12, "when it was so: {told} of {of}");
            }
            // Heard again: nothing is told twice.
            let before = told.len();
            for n in order {
                hear(&world, n).await;
            }
            assert_eq!(deeds(&world, &number).await.len(), before);
            known.push(page.scheme.kind);
        }
    }
    assert!(known.iter().all(|kind| kind == "online_shop"), "{known:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_about_a_bank_leads_to_its_reports_and_is_told_as_people_talk() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = &world.app;
        file(&world, tells(app, 5200, "Давно это было, продавец велосипеда пропал")).await;
        world.advance_secs(4 * 3_600);
        for n in 5201..=5212 {
            file(&world, tells(app, n, &format!("Звонили с {}", phone(5200)))).await;
        }
        service::look(app).await.unwrap();
        let number = |n: u128| app.db.read(move |tx| report::store::find(tx, id(n)));
        let (early, late) =
            (number(5200).await.unwrap().unwrap().number, number(5201).await.unwrap().unwrap().number);
        for (lang, words) in [
            ("kk", "миллион реттің бірінен де сирек"),
            ("ru", "реже, чем в одном случае из миллиона"),
            ("en", "rarer than once in a million"),
        ] {
            let b = browser(&world, lang, Some("aliya")).await;
            let (_, _, body) = b.send("GET", "/desk/schemes", "").await;
            assert!(body.contains(words), "{lang}: {body}");
            assert!(!body.contains("««") && !body.contains("»»") && !body.contains("000\u{a0}000"), "{body}");
            let (_, rest) = body.split_once("/desk?q=bank").unwrap();
            let link = format!("/desk?q=bank{}", rest.split_once('"').unwrap().0).replace("&amp;", "&");
            let (status, _, body) = b.send("GET", &link, "").await;
            assert!(status == 200 && body.contains(&late), "{link}: {body}");
            assert!(!body.contains(&early), "what came before the hour is not in it");
            let other = link.replacen("bank%3A", "bank%3Ano", 1);
            assert!(!b.send("GET", &other, "").await.2.contains(&late), "{other}: no client of that bank");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plan_of_a_scheme_begins_with_what_most_name_and_ticks_what_its_rules_advise() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = &world.app;
        for n in 5301..=5305 {
            let site = if n > 5302 { "Открыла https://qorgan-bonus-test.kz/pay" } else { "" };
            file(&world, tells(app, n, &format!("Звонили с {}. {site}", phone(5300)))).await;
        }
        let number = scheme_of(&world, 5301).await.unwrap();
        let b = browser(&world, "en", Some("aliya")).await;
        let (status, _, body) = b.send("GET", &format!("/desk/schemes/{number}/suppress"), "").await;
        assert_eq!(status, 200, "{body}");
        let told: Vec<i64> = body
            .split("<legend>")
            .skip(1)
            .map(|thing| {
                let head = thing.split("</legend>").next().unwrap();
                let meta = head.split("class=\"meta\">").nth(1).unwrap_or("1");
                let count: String = meta.chars().filter(char::is_ascii_digit).collect();
                count.parse().unwrap_or(1)
            })
            .collect();
        assert!(told.windows(2).all(|w| w[0] >= w[1]) && told.first() == Some(&5), "{told:?}");
        let ticked: Vec<&str> = body
            .split("<input type=\"checkbox\"")
            .skip(1)
            .map(|input| input.split('>').next().unwrap())
            .filter(|input| input.contains(" checked"))
            .collect();
        assert!(!ticked.is_empty(), "what the rules advise is ticked: {body}");
        assert!(ticked.iter().all(|input| input.contains("name=\"pick\"")), "no data of persons: {ticked:?}");
        let once: std::collections::BTreeSet<&str> =
            ticked.iter().filter_map(|input| input.rsplit('.').next()).collect();
        assert_eq!(once.len(), ticked.len(), "one limit for each thing: {ticked:?}");
        // What everybody uses is marked by an act, and says so.
        let (_, _, body) = b.send("GET", &format!("/desk/schemes/{number}"), "").await;
        assert!(body.contains("Mark as used by everybody"), "{body}");
        let (rows, _) = body.split_once("id=\"reports\"").unwrap();
        assert!(!rows.contains("data-row"), "the keyboard begins with the reports");
    })
    .await;
}
