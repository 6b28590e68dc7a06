//! What a case takes along and what it leaves: exhibits that are parted off, the number of the report it was opened from, the register that
//! stands in the way of a merge; a page that offers nothing that would be refused, its paper, and a form whose session has ended.

use case::service::{self, NewCase, NewNote};
use case::{Case, CaseError};
use kernel::{Actor, Role};
use qorgan::slices::subscribers;
use registration::model::Receipt;
use registration::{RegistrationError, service as registers};
use testkit::World;

use crate::browser::browser;
use crate::country::{file, iban, report, staff};
use crate::imports::Place;
use crate::talk::each;

async fn opened(world: &World, who: &Actor, title: &str) -> Case {
    let new = NewCase { title: title.to_owned(), priority: 1, ..NewCase::default() };
    service::open(&world.app, who, new).await.unwrap()
}

fn receipt(world: &World, number: &str) -> Receipt {
    let at = world.app.office.now();
    Receipt { number: number.to_owned(), registered_at: at, registrar: String::new() }
}

/// What stands between the first `<main` and its end.
fn main_of(page: &str) -> &str {
    page.split("<main").nth(1).unwrap().split("</main>").next().unwrap()
}

/// Addresses in `attribute` of a page's main part.
fn addresses(page: &str, attribute: &str) -> Vec<String> {
    let mark = format!("{attribute}=\"");
    let all = main_of(page).split(&mark).skip(1);
    all.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&")).collect()
}

fn plain(page: &str) -> String {
    page.replace("<span class=\"no\">", "").replace("</span>", "").replace('\u{a0}', " ")
}

#[tokio::test(flavor = "multi_thread")]
async fn exhibits_are_parted_off_with_the_rows_and_come_back_with_them() {
    each("kz", async |world| {
        let p = Place::new(world, "parted").await;
        let app = &p.world.app;
        let (first, other) = (
            opened(&p.world, &p.officer, "Бірінші (үлгі)").await,
            opened(&p.world, &p.officer, "Екінші (үлгі)").await,
        );
        let number = &first.number;
        let (a, b) = (p.take("a.csv", b"a;b\n1;2\n", None).await, p.take("b.csv", b"c;d\n3;4\n", None).await);
        service::put_exhibit(app, &p.officer, &other.number, &b.number).await.unwrap();
        service::put_exhibit(app, &p.officer, number, &a.number).await.unwrap();
        let note = NewNote { text: "Жазба (үлгі)".into(), ..NewNote::default() };
        service::add_note(app, &p.officer, number, note).await.unwrap();
        // What belonged to a case that was merged in is parted off, too, and comes back as what it was.
        service::merge(app, &p.officer, &other.number, (number, "бір іс")).await.unwrap();
        let shown = async |number: &str| {
            let page = service::look(app, &p.officer, number).await.unwrap();
            let mut all: Vec<String> = page.exhibits.into_iter().map(|e| e.exhibit.number).collect();
            all.sort();
            all
        };
        let mut both = vec![a.number.clone(), b.number.clone()];
        both.sort();
        assert_eq!(shown(number).await, both);
        let rows = [a.id.uuid(), b.id.uuid()];
        let split = async |rows: &[uuid::Uuid], title: &str| {
            service::split(app, &p.officer, number, (rows, title, "басқа адамдар")).await
        };
        let stranger = p.take("x.csv", b"x;y\n5;6\n", None).await;
        let odd = split(&[a.id.uuid(), stranger.id.uuid()], "Бөлек").await;
        assert!(matches!(odd, Err(CaseError::Field("rows"))), "not of this case: {odd:?}");
        assert_eq!(shown(number).await, both, "and nothing was moved");
        let made = split(&rows, "Бөлек (үлгі)").await.unwrap();
        assert_eq!((shown(&made.number).await, shown(number).await), (both.clone(), Vec::new()));
        let custody = evidence::service::open(app, &p.officer, &a.number).await.unwrap().custody;
        assert_eq!(custody.last().unwrap().counterpart, made.number, "the chain of custody tells it");
        let step = service::look(app, &p.officer, number).await.unwrap().moves;
        let step = step.iter().find(|(m, ..)| m.into == made.id).unwrap().0.id;
        // What was put elsewhere since stands in the way.
        service::take_out_exhibit(app, &p.officer, &made.number, &a.number).await.unwrap();
        let late = service::undo_move(app, &p.officer, number, step).await;
        assert!(matches!(late, Err(CaseError::Depends("moved"))), "{late:?}");
        service::put_exhibit(app, &p.officer, &made.number, &a.number).await.unwrap();
        service::undo_move(app, &p.officer, number, step).await.unwrap();
        assert_eq!(shown(number).await, both);
        let home = evidence::service::open(app, &p.officer, &b.number).await.unwrap().exhibit.matter;
        assert_eq!(home.unwrap().number, other.number);
        // The merge before it goes back whole as well.
        let steps = service::look(app, &p.officer, number).await.unwrap().moves;
        let merge = steps.iter().find(|(m, ..)| m.from == other.id).unwrap().0.id;
        service::undo_move(app, &p.officer, number, merge).await.unwrap();
        assert_eq!((shown(number).await, shown(&other.number).await), (vec![a.number], vec![b.number]));
    })
    .await;
}

/// Bug: a case that was merged away offered to read its exhibits as rows and to make a package of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_was_merged_away_offers_nothing_that_would_be_refused() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let p = Place::new(world, "merged").await;
        let app = &p.world.app;
        let filed = file(&p.world, report(app, 611, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let new = NewCase {
            title: "Кетті (үлгі)".into(),
            from: Some(("report".into(), filed.number)),
            priority: 1,
            ..NewCase::default()
        };
        let gone = service::open(app, &p.officer, new).await.unwrap();
        let stays = opened(&p.world, &p.officer, "Қалды (үлгі)").await;
        let exhibit = p.take("a.csv", b"a;b\n1;2\n", None).await;
        service::put_exhibit(app, &p.officer, &gone.number, &exhibit.number).await.unwrap();
        let aliya = browser(&p.world, "ru", Some("aliya")).await;
        for number in [&gone.number, &stays.number] {
            let seats = access::accounts(app, &Actor::system("setup")).await.unwrap();
            let aliya = seats.iter().find(|a| a.login == "aliya").unwrap().actor().label();
            service::hand_over(app, &p.officer, number, (&aliya, "демо")).await.unwrap();
        }
        let page = format!("/desk/cases/{}", gone.number);
        let before = p.ask(&aliya, ("GET", &page), "").await.2;
        assert!(addresses(&before, "href").iter().any(|h| h.contains("/rows?report=")), "{before}");
        let (status, _, body) = p
            .ask(&aliya, ("POST", &format!("{page}/do/merge")), &format!("into={}&reason=x1", stays.number))
            .await;
        assert_eq!(status, 303, "{body}");
        let after = p.ask(&aliya, ("GET", &page), "").await.2;
        assert!(
            plain(&after).contains(&stays.number)
                && !after.contains("/rows?")
                && !after.contains("/package?")
        );
        for href in addresses(&after, "href").iter().filter(|h| h.starts_with('/')) {
            let (status, _, body) = p.ask(&aliya, ("GET", href), "").await;
            assert_eq!(status, 200, "{href}: {body}");
        }
        assert_eq!(addresses(&after, "action"), Vec::<String>::new(), "no button at all");
        // Where it went everything is offered.
        let there = p.ask(&aliya, ("GET", &format!("/desk/cases/{}", stays.number)), "").await.2;
        assert!(there.contains("/rows?") && there.contains("/package?"), "{there}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_register_that_stands_in_the_way_of_a_merge_is_named_with_the_number() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = &world.app;
        let seats = access::accounts(app, &Actor::system("setup")).await.unwrap();
        let me = seats.iter().find(|a| a.login == "aliya").unwrap().actor();
        let (one, two) = (opened(&world, &me, "Бірінші").await, opened(&world, &me, "Екінші").await);
        let of = service::registers::KIND.of(&one.number);
        registers::enter_now(app, &me, &of).await.unwrap();
        world.deliver(&subscribers(app)).await;
        let waits = service::merge(app, &me, &one.number, (&two.number, "бір іс")).await;
        let Err(CaseError::InRegister { register, number }) = waits else { unreachable!("{waits:?}") };
        assert_eq!((register.as_str(), number.1.as_str()), ("kui", ""));
        registers::hand_over(app, &me, &of, "kui").await.unwrap();
        registers::record_receipt(app, &me, &of, "kui", receipt(&world, "K-41")).await.unwrap();
        world.deliver(&subscribers(app)).await;
        let form = format!("into={}&reason=бір+іс", two.number);
        for (lang, name) in [("kk", "СДТБТ"), ("ru", "ЕРДР"), ("en", "ERDR")] {
            let desk = browser(&world, lang, Some("aliya")).await;
            let path = format!("/desk/cases/{}/do/merge", one.number);
            let (status, _, body) = desk.send("POST", &path, &form).await;
            let told = main_of(&body).to_owned();
            assert!(status == 409 && told.contains("K-41"), "{told}");
            assert!(told.contains(name), "{lang}: {told}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_takes_over_the_numbers_of_the_report_it_was_opened_from() {
    each("kz", async |world| {
        let app = &world.app;
        let me = staff(app, 11, Role::DutyOfficer).await;
        let filed = file(&world, report(app, 612, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let other = file(&world, report(app, 613, &iban("ZBEK", 2), 10_000, app.office.now())).await;
        registers::record_receipt(app, &me, &filed.number, "kui", receipt(&world, "N-1")).await.unwrap();
        let new = |title: &str, number: &str| NewCase {
            title: title.into(),
            from: Some(("report".into(), number.to_owned())),
            priority: 1,
            ..NewCase::default()
        };
        let case = service::open(app, &me, new("Бірінші", &filed.number)).await.unwrap();
        let stranger = service::open(app, &me, new("Басқа", &other.number)).await.unwrap();
        let numbers = async |of: &Case| {
            let page = service::look(app, &me, &of.number).await.unwrap();
            let of = |r: &case::model::CaseRef| (r.number.clone(), r.wrong_at.is_none());
            page.refs.iter().map(|(r, _)| of(r)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(&case).await, [("N-1".to_owned(), true)]);
        assert_eq!(numbers(&stranger).await, []);
        // The register may hold the case under the same number, as long as the report belongs to it.
        let of = |case: &Case| service::registers::KIND.of(&case.number);
        let taken = registers::record_receipt(app, &me, of(&stranger), "kui", receipt(&world, "N-1")).await;
        assert!(matches!(taken, Err(RegistrationError::NumberTaken)), "{taken:?}");
        registers::record_receipt(app, &me, of(&case), "kui", receipt(&world, "N-1")).await.unwrap();
        world.deliver(&subscribers(app)).await;
        assert_eq!(numbers(&case).await.len(), 1, "it stands there once");
        // A report does not come to a number that is a case's.
        registers::record_receipt(app, &me, of(&stranger), "kui", receipt(&world, "N-2")).await.unwrap();
        let late = registers::record_receipt(app, &me, &other.number, "kui", receipt(&world, "N-2")).await;
        assert!(matches!(late, Err(RegistrationError::NumberTaken)), "{late:?}");
        // What is given later comes as well, and what was wrong there is wrong here.
        registers::record_receipt(app, &me, &other.number, "kui", receipt(&world, "N-3")).await.unwrap();
        world.deliver(&subscribers(app)).await;
        let known = numbers(&stranger).await;
        assert!(
            known.contains(&("N-3".to_owned(), true)) && known.contains(&("N-2".to_owned(), true)),
            "{known:?}"
        );
        registers::correct(app, &me, &other.number, "kui", receipt(&world, "N-4"), "қате").await.unwrap();
        world.deliver(&subscribers(app)).await;
        let known = numbers(&stranger).await;
        assert!(
            known.contains(&("N-3".to_owned(), false)) && known.contains(&("N-4".to_owned(), true)),
            "{known:?}"
        );
        // A report that is taken out takes its number along.
        let link = service::look(app, &me, &stranger.number).await.unwrap().reports[0].link.id;
        service::unlink(app, &me, &stranger.number, link).await.unwrap();
        let known = numbers(&stranger).await;
        assert!(
            known.contains(&("N-4".to_owned(), false)) && known.contains(&("N-2".to_owned(), true)),
            "{known:?}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_paper_is_exact_offers_nothing_and_says_who_made_it() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let first = browser(&world, "ru", Some("aliya")).await;
        let app = &world.app;
        let filed = file(&world, report(app, 614, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let form = format!(
            "title=Үлгі+іс&template=payment-fraud&priority=2&from=report:{}&idempotency_key=k1",
            filed.number
        );
        let (_, headers, _) = first.send("POST", "/desk/cases/new", &form).await;
        let page = headers.get("location").unwrap().to_str().unwrap().to_owned();
        for n in 0..10 {
            let note = format!("note=Жазба+{n}&idempotency_key=n{n}");
            assert_eq!(first.send("POST", &format!("{page}/do/note"), &note).await.0, 303);
        }
        world.advance_secs(120);
        for (lang, times, none, who) in [
            ("kk", "10 рет", "Жоқ.", "Жасаған: "),
            ("ru", "10 раз, первый", "Нет.", "Кем: "),
            ("en", "10 times, first", "None.", " by "),
        ] {
            let desk = browser(&world, lang, Some("aliya")).await;
            // Ten notes one after another are one line of the page, and ten on paper.
            for path in [&page, &format!("{page}/time")] {
                let show = plain(&desk.send("GET", path, "").await.2);
                assert!(show.contains("class=\"fold\"") && show.contains(times), "{show}");
            }
            let paper = plain(&desk.send("GET", &format!("{page}/paper"), "").await.2);
            let paper = main_of(&paper);
            assert!(!paper.contains("class=\"fold\"") && !paper.contains("timeline-gap"), "{paper}");
            for odd in ["data-phase", "data-clock", "class=\"clock", "<form", "<button", "button"] {
                assert!(!paper.contains(odd), "{odd}: {paper}");
            }
            assert_eq!(paper.matches("<a ").count(), 1, "the way back alone: {paper}");
            assert!(paper.contains(none) && paper.contains(who) && paper.contains("UTC+05:00"), "{paper}");
            assert!(paper.contains(&filed.number), "{paper}");
            let day = app.profile.rfc3339(app.office.now());
            let (year, hour) = (&day[..4], &day[11..13]);
            assert!(paper.contains(year) && paper.contains(&format!("{hour}:")), "{paper}");
            let empty = ["Добавьте", "Add one", "қосыңыз", "Примите", "Take in"];
            assert!(empty.iter().all(|call| !paper.contains(call)), "{paper}");
        }
    })
    .await;
}

/// Bug: who wrote for half an hour and had been signed out meanwhile was told to sign in, and what was typed was gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_whose_session_has_ended_keeps_what_was_typed() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let desk = browser(&world, "ru", Some("aliya")).await;
        let (_, headers, _) =
            desk.send("POST", "/desk/cases/new", "title=Үлгі&priority=1&idempotency_key=k1").await;
        let page = headers.get("location").unwrap().to_str().unwrap().to_owned();
        let path = format!("{page}/do/note");
        for (lang, words) in
            [("kk", "Сеанс аяқталды"), ("ru", "Сеанс закончился"), ("en", "The session has ended")]
        {
            let nobody = browser(&world, lang, None).await;
            let (status, _, body) =
                nobody.send("POST", &path, "note=Ұзақ+%3Cb%3E+жазба&idempotency_key=k7").await;
            assert!(status == 401 && body.contains(words), "{body}");
            assert!(
                body.contains("value=\"Ұзақ &#60;b&#62; жазба\"")
                    || body.contains("value=\"Ұзақ &lt;b&gt; жазба\""),
                "{body}"
            );
            assert!(
                body.contains(&format!("action=\"{path}\""))
                    && body.contains("name=\"idempotency_key\" value=\"k7\""),
                "{body}"
            );
            assert!(body.contains("/sign-in?next="), "{body}");
            // Secrets are written into no page.
            let (status, _, body) = nobody.send("POST", "/me/password", "current=тау-1&new=тау-2").await;
            assert!(status == 401 && !body.contains("тау-1") && body.contains("/sign-in?next="), "{body}");
        }
        // What is sent again by somebody who has signed in is done.
        assert_eq!(desk.send("POST", &path, "note=Ұзақ+жазба&idempotency_key=k7").await.0, 303);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_shut_out_of_what_lies_in_their_hands() {
    each("kz", async |world| {
        let p = Place::new(world, "keeper").await;
        let app = &p.world.app;
        let keeper = staff(app, 12, Role::DutyOfficer).await;
        let case = opened(&p.world, &p.officer, "Сақтаушы (үлгі)").await;
        let exhibit = p.take("a.csv", b"a;b\n1;2\n", None).await;
        service::put_exhibit(app, &p.officer, &case.number, &exhibit.number).await.unwrap();
        let account = keeper.label().strip_prefix("staff:").unwrap().parse().unwrap();
        evidence::service::offer(app, &p.officer, exhibit.id, account).await.unwrap();
        evidence::service::receive(app, &keeper, exhibit.id).await.unwrap();
        for door in [service::Door::Red, service::Door::Closed] {
            let shut = service::set_door(app, &p.officer, &case.number, (door, "тек топқа")).await;
            let Err(CaseError::Keeper { exhibit: which, who }) = shut else { unreachable!("{shut:?}") };
            assert_eq!((which, who.contains("Сынақ")), (exhibit.number.clone(), true));
        }
        // Nor is what they keep put to a case that they do not see.
        let other = opened(&p.world, &p.officer, "Жабық (үлгі)").await;
        service::set_door(app, &p.officer, &other.number, (service::Door::Red, "тек топқа")).await.unwrap();
        service::take_out_exhibit(app, &p.officer, &case.number, &exhibit.number).await.unwrap();
        let put = service::put_exhibit(app, &p.officer, &other.number, &exhibit.number).await;
        assert!(matches!(put, Err(CaseError::Keeper { .. })), "{put:?}");
        service::put_exhibit(app, &p.officer, &case.number, &exhibit.number).await.unwrap();
        service::add_member(app, &p.officer, &case.number, (&keeper.label(), "")).await.unwrap();
        service::set_door(app, &p.officer, &case.number, (service::Door::Red, "тек топқа")).await.unwrap();
        let gone = service::remove_member(app, &p.officer, &case.number, &keeper.label()).await;
        assert!(matches!(gone, Err(CaseError::Keeper { .. })), "{gone:?}");
        let mine = p.officer.label().strip_prefix("staff:").unwrap().parse().unwrap();
        evidence::service::offer(app, &keeper, exhibit.id, mine).await.unwrap();
        evidence::service::receive(app, &p.officer, exhibit.id).await.unwrap();
        service::remove_member(app, &p.officer, &case.number, &keeper.label()).await.unwrap();
        // Whom the team lost or got stands in the time line by name.
        let told = service::time_line(app, &p.officer, &case.number, (None, None)).await.unwrap();
        let of = |act: &str| told.moments.iter().find(|(m, _)| m.act == act).unwrap().0.about.clone();
        assert_eq!((of("case.member_added"), of("case.member_removed")), (keeper.label(), keeper.label()));
        assert!(told.people.contains_key(&keeper.label()));
    })
    .await;
}
