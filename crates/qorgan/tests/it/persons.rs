//! Persons over both engines: heard from reports in several writings, joined, asked about, judged, parted, forgotten with their
//! report. Everybody here is invented.

use app::App;
use kernel::{Actor, Class, Coded as _, Role};
use person::model::{PairState, Told, Verdict};
use person::service::{self, Ground, Query};
use person::{PersonError, PersonId};
use qorgan::slices::subscribers;
use report::{Filed, NewReport};
use testkit::World;

use crate::browser::browser;
use crate::country::{file, iban, report, staff};
use crate::talk::each;

/// The number with the last digit that fits.
fn iin(body: &str) -> String {
    (0..10)
        .map(|d| format!("{body}{d}"))
        .find(|n| identifier::normalise(identifier::Kind::Iin, n, identifier::Region::default()).is_ok())
        .unwrap()
}

fn told(app: &App, key: u128, name: &str, phone: &str, iin: &str) -> NewReport {
    let mut new = report(app, key, &iban("ZBEK", 7), 10_000, app.office.now());
    new.reporter = report::Reporter { name: name.into(), phone: phone.into(), iin: iin.into() };
    new
}

/// Files a report of somebody; gives it and whose record it is.
async fn heard(world: &World, key: u128, name: &str, phone: &str, iin: &str) -> (Filed, PersonId) {
    // The older number stays: so one comes after another.
    world.advance_secs(60);
    let filed = file(world, told(&world.app, key, name, phone, iin)).await;
    let person = of(world, &filed).await.unwrap();
    (filed, person)
}

/// Whose the reporter of a report is.
async fn of(world: &World, filed: &Filed) -> Option<PersonId> {
    let id = filed.id;
    let found = world.app.db.read(move |tx| person::store::of_report(tx, id)).await.unwrap();
    found.first().map(|r| r.person)
}

async fn officer(world: &World) -> Actor {
    staff(&world.app, 1, Role::DutyOfficer).await
}

async fn opened(world: &World, id: PersonId, filed: &Filed) -> service::Opened {
    service::open(&world.app, &officer(world).await, id, (&Ground(filed.number.clone()), None)).await.unwrap()
}

async fn withdraw(world: &World, filed: &Filed) {
    let citizen = Actor::Citizen { report: filed.id.uuid() };
    report::service::withdraw(&world.app, &citizen, filed.id).await.unwrap();
    world.deliver(&subscribers(&world.app)).await;
}

async fn waiting(world: &World) -> i64 {
    service::waiting(&world.app, &officer(world).await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_in_three_writings_and_her_sister() {
    each("kz", async |world| {
        let phone = "+77000005501";
        let (first, person) = heard(&world, 801, "Серікова Айгүл Болатқызы", phone, "").await;
        let (second, other) = heard(&world, 802, "Serikova Aigul", phone, "").await;
        assert_eq!(person, other, "the older number stays");
        let (third, other) =
            heard(&world, 803, "Серикова Айгуль Болатовна", phone, &iin("90051740012")).await;
        assert_eq!(person, other);
        let (sister, hers) = heard(&world, 804, "Серікова Айнұр Болатқызы", phone, "").await;
        assert_ne!(hers, person, "a household is not one person");

        let all = opened(&world, person, &first).await;
        assert_eq!((all.records.len(), all.person.records), (3, 3));
        assert!(!all.minor && all.joints.len() >= 2 && all.judgements.is_empty());
        assert!(all.history.iter().any(|r| r.record.act == "person.joined"), "a merge is a record");

        // What was told goes with its report, and parts what it held together.
        withdraw(&world, &second).await;
        assert_eq!(of(&world, &second).await, None);
        assert_eq!(opened(&world, person, &first).await.records.len(), 2);
        withdraw(&world, &first).await;
        withdraw(&world, &third).await;
        let gone =
            service::open(&world.app, &officer(&world).await, person, (&Ground(sister.number.clone()), None))
                .await;
        assert_eq!(gone.unwrap_err().class(), Class::NotFound);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_middle_waits_and_a_judgement_goes_before_the_machine() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let (a, first) = heard(&world, 811, "Ахметов Болат Серікұлы", "+77000005511", "").await;
        let (_, second) = heard(&world, 812, "Akhmetov Bolat Serikuly", "+77470812364", "").await;
        assert_ne!(first, second);
        assert_eq!(waiting(&world).await, 1, "the whole name alone is neither enough nor nothing");
        let look = service::next(app, &one).await.unwrap().unwrap();
        assert!(look.may_judge && look.standing.is_none() && (0..10_000).contains(&look.pair.bits));
        let sum = look.pair.fields.iter().sum::<i64>() + look.pair.prior + look.pair.household();
        assert_eq!(sum, look.pair.bits, "what is shown adds up");

        // Whoever could not tell is not asked again; somebody else is, without being told.
        service::judge(app, &one, look.pair.id, Verdict::Unsure, "").await.unwrap();
        assert_eq!(waiting(&world).await, 0);
        assert!(service::next(app, &one).await.unwrap().is_none());
        let two = staff(app, 5, Role::DutyOfficer).await;
        let again = service::next(app, &two).await.unwrap().unwrap();
        assert!(
            again.pair.id == look.pair.id
                && again.standing.is_none()
                && again.pair.state == PairState::Unsure
        );
        let apart =
            service::judge(app, &two, look.pair.id, Verdict::Different, "two documents").await.unwrap();
        let twice = service::judge(app, &one, look.pair.id, Verdict::Same, "").await.unwrap_err();
        assert_eq!(twice.code(), "person.decided");

        // Somebody who is both of them by the machine joins one, and never both.
        let number = iin("85041230012");
        for (key, phone) in [(813, "+77000005511"), (814, "+77470812364")] {
            heard(&world, key, "Ахметов Болат Серікұлы", phone, &number).await;
        }
        assert_ne!(of(&world, &a).await.unwrap(), second, "people's word holds");
        let third = heard(&world, 815, "Ахметов Болат", "+77000005511", &number).await.1;
        assert_ne!(of(&world, &a).await.unwrap(), second);
        assert!(third == of(&world, &a).await.unwrap() || third == second);

        // Taken back, the machine's word counts.
        service::undo(app, &two, apart.id).await.unwrap();
        assert_eq!(service::undo(app, &two, apart.id).await.unwrap_err().code(), "person.undone");
        let all = opened(&world, of(&world, &a).await.unwrap(), &a).await;
        assert_eq!(all.records.len(), 5, "the number is one");
        assert_eq!(all.judgements.len(), 2, "what was said and taken back is shown");
        assert_eq!(all.judgements[1].1.as_deref(), Some("two documents"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_joined_parts_again_and_nobody_is_let_contradict() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let phone = "+77000005521";
        let (a, person) = heard(&world, 821, "Омарова Дина Маратқызы", phone, "").await;
        let (b, _) = heard(&world, 822, "Омарова Дина Маратовна", phone, "").await;
        let pair = opened(&world, person, &a).await.joints[0].pair.clone();
        assert_eq!(service::part_again(app, &one, pair.id, " ").await.unwrap_err().code(), "person.reasons");
        let parted = service::part_again(app, &one, pair.id, "a mother and her daughter").await.unwrap();
        assert_ne!(of(&world, &a).await, of(&world, &b).await);
        let all = opened(&world, of(&world, &a).await.unwrap(), &a).await;
        assert!(
            all.history.iter().any(|r| r.record.act == "person.parted" || r.record.act == "person.judged")
        );
        // A report told anew changes nothing of it.
        world.deliver(&subscribers(app)).await;
        assert_ne!(of(&world, &a).await, of(&world, &b).await);

        // Of three records, two pairs the same leave nothing different between the ends.
        let (c, _) = heard(&world, 823, "Омарова Дина Маратқызы", "+77470999123", "").await;
        let all = app.db.read(move |tx| person::store::of_report(tx, c.id)).await.unwrap();
        let (c, pairs) = (
            all[0].id,
            app.db
                .read({
                    let id = all[0].id;
                    move |tx| person::store::pairs_of(tx, id)
                })
                .await
                .unwrap(),
        );
        assert_eq!(pairs.len(), 2, "of {c} and each of both");
        service::judge(app, &one, pairs[0].id, Verdict::Same, "").await.unwrap();
        let wrong = service::judge(app, &one, pairs[1].id, Verdict::Same, "").await.unwrap_err();
        assert!(matches!(wrong, PersonError::Contradicts), "{wrong:?}");
        service::undo(app, &one, parted.id).await.unwrap();
        service::judge(app, &one, pairs[1].id, Verdict::Same, "").await.unwrap();
        assert_eq!(of(&world, &a).await, of(&world, &b).await);

        let approver = staff(app, 11, Role::Approver).await;
        let denied = service::undo(app, &approver, parted.id).await.unwrap_err();
        assert_eq!(denied.class(), Class::Forbidden);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_found_in_any_writing_and_written_down_by_hand() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let number = iin("12041250013");
        let (filed, person) = heard(&world, 831, "Жұмабаев Әлихан Қуатұлы", "+77000005531", &number).await;
        let ground = Ground(filed.number.clone());
        let by = |name: &str, iin: &str, phone: &str| Query {
            name: name.into(),
            iin: iin.into(),
            phone: phone.into(),
            ..Query::default()
        };
        for query in [
            by("Zhumabayev Alikhan", "", ""),
            by("Жумабаев", "", ""),
            by("алихан жумабаев", "", ""),
            by("", &number, ""),
            by("", "", "8 700 000 55 31"),
        ] {
            let found = service::find(app, &one, &query, &ground).await.unwrap().found;
            assert_eq!(found.iter().map(|f| f.person).collect::<Vec<_>>(), [person], "{query:?}");
            assert!(found[0].minor && !found[0].mask.contains("умабаев"), "{}", found[0].mask);
        }
        assert!(service::find(app, &one, &by("Петров", "", ""), &ground).await.unwrap().found.is_empty());
        let nothing = service::find(app, &one, &by("", "", ""), &ground).await.unwrap_err();
        assert_eq!(nothing.code(), "person.nothing");
        let no_report = service::find(app, &one, &by("Жумабаев", "", ""), &Ground("R-1".into())).await;
        assert_eq!(no_report.unwrap_err().code(), "person.report");

        let account =
            Told {
                last: "Жұмабаев".into(), first: "Әлихан".into(), iin: number, ..Told::default()
            };
        let role = person::model::Role::AccountHolder;
        world.advance_secs(60);
        let same = service::by_hand(app, &one, &filed.number, role, account.clone()).await.unwrap();
        assert_eq!(same, person, "the number is the same");
        let wrong = Told { iin: "123".into(), ..account };
        let wrong = service::by_hand(app, &one, &filed.number, role, wrong).await.unwrap_err();
        assert_eq!(wrong.code(), "person.number");
        let all = opened(&world, person, &filed).await;
        assert!(all.minor && all.records.len() == 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_of_persons_is_erased_with_the_report() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let (a, _) = heard(&world, 841, "Бейсенов Самат Ерланұлы", "+77000005541", "").await;
        let (b, _) = heard(&world, 842, "Бейсенов Самат Ерланұлы", "+77470812942", "").await;
        let look = service::next(app, &one).await.unwrap().unwrap();
        let judged =
            service::judge(app, &one, look.pair.id, Verdict::Same, "Бейсенов said so").await.unwrap();
        let number = opened(&world, judged.person, &a).await.person.number;
        assert_eq!(of(&world, &a).await, of(&world, &b).await);

        report::service::expunge(app, &Actor::system("retention"), a.id).await.unwrap();
        world.deliver(&subscribers(app)).await;
        assert_eq!(of(&world, &a).await, None);
        let left = of(&world, &b).await.unwrap();
        let all = opened(&world, left, &b).await;
        assert_eq!((all.records.len(), all.judgements.len(), all.joints.len()), (1, 0, 0));
        let gone = app.db.read(move |tx| person::store::pair(tx, look.pair.id)).await.unwrap();
        assert!(gone.is_none());
        let vault = app.vault.clone();
        let key = app.db.read(move |tx| vault.subject(tx, judged.id.uuid())).await.unwrap();
        assert!(key.is_none(), "the reason cannot be read any more");
        report::service::expunge(app, &Actor::system("retention"), b.id).await.unwrap();
        world.deliver(&subscribers(app)).await;
        let person = app.db.read(move |tx| person::store::by_number(tx, &number)).await.unwrap();
        assert!(person.is_none(), "nothing is left of them");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_each_language() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        for lang in ["kk", "ru", "en"] {
            let desk = browser(&world, lang, Some("aliya")).await;
            for path in
                ["/desk/persons", "/desk/persons?several=1", "/desk/persons/review", "/desk/persons/new"]
            {
                let (status, _, body) = desk.send("GET", path, "").await;
                assert!(status == 200 && !body.contains("[person-"), "{path}: {body}");
            }
        }
        let (a, first) = heard(&world, 851, "Тест Үлгі Адамұлы", "+77000005551", "").await;
        let (_, second) = heard(&world, 852, "Test Ulgi Adamuly", "+77470812952", "").await;
        let desk = browser(&world, "kk", Some("aliya")).await;
        let (_, _, body) = desk.send("GET", "/desk/persons", "").await;
        assert!(body.contains(&format!("/desk/persons/{first}")) && !body.contains("Ulgi"), "{body}");
        for lang in ["kk", "ru", "en"] {
            let desk = browser(&world, lang, Some("aliya")).await;
            // A person is opened for a report, and says so first.
            let (status, _, body) = desk.send("GET", &format!("/desk/persons/{first}"), "").await;
            assert!(status == 200 && body.contains(&a.number) && !body.contains("Үлгі"), "{body}");
            let (status, _, body) = desk.send("GET", &format!("/desk/persons/{first}?report=R-1"), "").await;
            assert_eq!(status, 422, "{body}");
            let whole = format!("/desk/persons/{first}?report={}", a.number);
            let (status, _, body) = desk.send("GET", &whole, "").await;
            assert!(status == 200 && body.contains("Үлгі") && !body.contains("<b>"), "{body}");
            assert!(!body.contains("[person-"), "{body}");
            let (status, _, body) = desk
                .send("POST", "/desk/persons", &format!("name=Ulgi&iin=&phone=&report={}", a.number))
                .await;
            assert!(status == 200 && body.contains(&format!("/desk/persons/{second}?report=")), "{body}");
            let (status, _, body) = desk.send("POST", "/desk/persons", "name=&iin=&phone=&report=").await;
            assert!(status == 422 && body.contains("#f-name"), "{body}");

            let (_, _, body) = desk.send("GET", "/desk/persons/review", "").await;
            assert!(
                body.contains("data-verb=\"s\"") && !body.contains("button-primary"),
                "no default: {body}"
            );
            let pair = body.split("pair=").nth(1).unwrap().split('&').next().unwrap().to_owned();
            let (_, _, body) =
                desk.send("GET", &format!("/desk/persons/review?pair={pair}&answer=same"), "").await;
            assert!(body.contains("autofocus") && body.contains("name=\"verdict\" value=\"same\""), "{body}");
            assert!(!body.contains("[person-"), "{body}");
            let form = format!("pair={pair}&verdict=same&reason=");
            let (status, _, _) = desk.send("POST", "/desk/persons/review", &form).await;
            assert_eq!(status, 303);
            let (status, _, body) = desk.send("GET", &format!("/desk/persons/review?pair={pair}"), "").await;
            assert!(status == 200 && body.contains("/undo"), "{body}");
            let form = "part_reason=".to_owned();
            let (status, _, _) = desk.send("POST", &format!("/desk/persons/review/{pair}/part"), &form).await;
            assert_eq!(status, 422);
            let undo = body.split("/desk/persons/judgements/").nth(1).unwrap().split('"').next().unwrap();
            let (status, _, _) = desk.send("POST", &format!("/desk/persons/judgements/{undo}"), "").await;
            assert_eq!(status, 303);
        }
        let number = iin("90051740099");
        let form = format!(
            "report={}&role=account_holder&iin={number}&last=Тест&first=Үлгі&middle=Адамұлы&phone=%2B77000005551&address=%3Cb%3Eүй",
            a.number
        );
        // Who is near is shown before anything is saved; sent again it saves.
        let (status, _, body) = desk.send("POST", "/desk/persons/new", &form).await;
        let seen = body.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(status == 200 && !seen.is_empty() && body.contains(&format!("/desk/persons/{first}")), "{body}");
        let form = format!("{form}&seen={seen}");
        let (status, headers, body) = desk.send("POST", "/desk/persons/new", &form).await;
        assert!(
            status == 303 && headers["location"].to_str().unwrap().contains("?report="),
            "{status} {body}"
        );
        let (status, _, body) = desk.send("GET", headers["location"].to_str().unwrap(), "").await;
        assert!(status == 200 && body.contains("b&#62;үй") && !body.contains("<b>"), "{body}");
        let (status, _, body) =
            desk.send("POST", "/desk/persons/new", &format!("report={}&role=victim", a.number)).await;
        assert!(status == 422 && body.contains("#f-last"), "{body}");
        // An approver reads and writes nothing down; to the auditor it does not exist.
        let approver = browser(&world, "ru", Some("daur")).await;
        assert_eq!(approver.send("GET", "/desk/persons", "").await.0, 200);
        assert_ne!(approver.send("GET", "/desk/persons/new", "").await.0, 200);
        let stranger = browser(&world, "en", None).await;
        assert_ne!(stranger.send("GET", "/desk/persons", "").await.0, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn weights_are_learnt_once_there_are_twice_as_many_records() {
    each("kz", async |world| {
        let app = &world.app;
        let version = async || {
            let me = app.clone();
            app.db.read(move |tx| service::current(tx, &me)).await.unwrap().0
        };
        for (key, name) in ["Ахметов Болат", "Серікова Айгүл", "Омарова Дина", "Ким Олег"].iter().enumerate()
        {
            let key = u128::try_from(key).unwrap();
            heard(&world, 881 + key, name, &format!("+7700000{}", 5_581 + key), "").await;
        }
        assert_eq!(service::learn(app, 5).await.unwrap(), None, "too few");
        assert_eq!(version().await, 0);
        assert_eq!(service::learn(app, 4).await.unwrap(), Some(1));
        assert_eq!(service::learn(app, 4).await.unwrap(), None, "nothing new");
        assert_eq!(version().await, 0, "proposed, not in force");
        let one = officer(&world).await;
        assert_eq!(service::choose(app, &one, 1).await.unwrap_err().class(), Class::Forbidden);
        let approver = staff(app, 11, Role::Approver).await;
        let all = service::weights(app, &approver).await.unwrap();
        assert!(all.may_choose && all.in_force == 0 && all.all.len() == 2);
        assert_eq!(all.all[0].effect.unwrap().total, 4);
        assert_eq!(service::choose(app, &approver, 7).await.unwrap_err().class(), Class::NotFound);
        service::choose(app, &approver, 1).await.unwrap();
        assert_eq!(service::choose(app, &approver, 1).await.unwrap_err().code(), "person.chosen");
        service::choose(app, &approver, 0).await.unwrap();
        assert_eq!(version().await, 0, "put back");
        service::choose(app, &approver, 1).await.unwrap();
        assert_eq!(version().await, 1);
        // What comes now is weighed by them, and says so.
        let (filed, _) = heard(&world, 889, "Ахметов Болат", "+77000005581", "").await;
        let id = filed.id;
        let pairs = app.db.read(move |tx| {
            let record = person::store::of_report(tx, id)?.remove(0);
            person::store::pairs_of(tx, record.id)
        });
        assert!(pairs.await.unwrap().iter().all(|p| p.model == 1));
    })
    .await;
}

/// What is told of a dropper.
fn lent() -> person::model::DropperTold {
    person::model::DropperTold {
        instruments: vec![person::model::Instrument { what: "KZ…4417".into(), ..Default::default() }],
        recruitment: "an advertisement".into(),
        evidence: "the bank's answer".into(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropper_is_listed_by_a_second_person_and_taken_off() {
    each("kz", async |world| {
        use order::details::Knowledge;
        use person::model::{Doubt, DropperStatus, Role as Is};
        use person::rules::dropper::Interview;
        use service::Step;
        let app = &world.app;
        let one = officer(&world).await;
        let (filed, victim) = heard(&world, 861, "Сынақ Адам", "+77000005561", "").await;
        let ground = Ground(filed.number.clone());
        let minor =
            Told {
                last: "Бала".into(), first: "Үлгі".into(), iin: iin("12041250077"), ..Told::default()
            };
        let minor = service::by_hand(app, &one, &filed.number, Is::Dropper, minor).await.unwrap();
        let grown =
            Told {
                last: "Ересек".into(), first: "Үлгі".into(), iin: iin("85041230077"), ..Told::default()
            };
        let grown = service::by_hand(app, &one, &filed.number, Is::Dropper, grown).await.unwrap();

        // Who reports was robbed: nobody is signalled on the record of a victim.
        let robbed = service::signal(app, &one, victim, &ground, &lent()).await.unwrap_err();
        assert_eq!(robbed.code(), "person.dropper_victim");

        // The machine lists nobody, nor begins.
        let machine = service::signal(app, &service::part(), grown, &ground, &lent()).await;
        assert!(machine.is_err());
        let id = service::signal(app, &one, grown, &ground, &lent()).await.unwrap();
        let twice = service::signal(app, &one, grown, &ground, &lent()).await.unwrap_err();
        assert_eq!(twice.code(), "person.open");
        let step =
            async |who: &Actor, step: Step| service::take(app, who, id, step).await.map_err(|e| e.code());
        let heard = |knowledge, talked| {
            Step::Interview(Interview { knowledge, voluntary: true, talked, guardian_told: false }, lent())
        };
        assert_eq!(step(&one, Step::Propose).await, Err("person.dropper_stands"));
        step(&one, Step::Verify).await.unwrap();
        step(&one, heard(Knowledge::Coerced, true)).await.unwrap();
        assert_eq!(step(&one, Step::Propose).await, Err("person.dropper_innocent"));
        step(&one, heard(Knowledge::Witting, false)).await.unwrap();
        assert_eq!(step(&one, Step::Propose).await, Err("person.dropper_untalked"));
        step(&one, heard(Knowledge::Witting, true)).await.unwrap();
        step(&one, Step::Propose).await.unwrap();
        // Neither the officer nor the machine lists.
        assert!(step(&one, Step::List).await.is_err());
        assert!(step(&service::part(), Step::List).await.is_err());
        let approver = staff(app, 11, Role::Approver).await;
        step(&approver, Step::List).await.unwrap();
        let listed = service::DropperNarrow { status: Some(DropperStatus::Listed), ..Default::default() };
        let rows = service::droppers(app, &one, listed).await.unwrap().rows;
        assert_eq!(rows.iter().map(|r| r.person).collect::<Vec<_>>(), [grown]);
        assert!(rows[0].dropper.review_at > app.office.now().plus_secs(80 * 86_400), "the profile's term");

        // Two marks in the review of pairs would be of these; here the way off.
        step(&one, Step::AskOff("I was deceived, too".into())).await.unwrap();
        let m = service::droppers_of(app, &approver, grown, &ground).await.unwrap();
        assert_eq!(m.all[0].asked.as_deref(), Some("I was deceived, too"));
        assert!(m.all[0].may_clear && !m.all[0].may_list, "whoever listed does not look again");
        assert_eq!(step(&approver, Step::Clear(" ".into())).await, Err("person.reasons"));
        step(&approver, Step::Clear("a robbed name".into())).await.unwrap();
        assert!(service::droppers(app, &one, Default::default()).await.unwrap().rows.is_empty());

        // Of whom nobody knows the age is not proposed: they may be a minor.
        let ageless = Told { last: "Жассыз".into(), first: "Үлгі".into(), ..Told::default() };
        let ageless = service::by_hand(app, &one, &filed.number, Is::Dropper, ageless).await.unwrap();
        let id = service::signal(app, &one, ageless, &ground, &lent()).await.unwrap();
        let step =
            async |who: &Actor, step: Step| service::take(app, who, id, step).await.map_err(|e| e.code());
        step(&one, Step::Verify).await.unwrap();
        step(&one, heard(Knowledge::Witting, true)).await.unwrap();
        assert_eq!(step(&one, Step::Propose).await, Err("person.dropper_age"));
        step(&approver, Step::Clear("nobody knows them".into())).await.unwrap();

        // The youth lane: a guardian is told first.
        let id = service::signal(app, &one, minor, &ground, &lent()).await.unwrap();
        let step =
            async |who: &Actor, step: Step| service::take(app, who, id, step).await.map_err(|e| e.code());
        step(&one, Step::Verify).await.unwrap();
        step(&one, heard(Knowledge::Witting, true)).await.unwrap();
        assert_eq!(step(&one, Step::Propose).await, Err("person.dropper_guardian"));
        let told =
            Interview { knowledge: Knowledge::Witting, voluntary: true, talked: true, guardian_told: true };
        step(&one, Step::Interview(told, lent())).await.unwrap();
        step(&one, Step::Propose).await.unwrap();

        report::service::expunge(app, &Actor::system("retention"), filed.id).await.unwrap();
        world.deliver(&subscribers(app)).await;
        // What officers found out of others is not the reporter's to take back; somebody must look.
        let rows = service::droppers(app, &one, Default::default()).await.unwrap().rows;
        assert_eq!(rows.iter().map(|r| r.dropper.doubt).collect::<Vec<_>>(), [Some(Doubt::Erased)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_dropper_in_each_language() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let (filed, _) = heard(&world, 871, "Сынақ Үлгі", "+77000005571", "").await;
        let lender =
            Told {
                last: "Бөтен".into(), first: "Үлгі".into(), iin: iin("85041230078"), ..Told::default()
            };
        let one = officer(&world).await;
        let role = person::model::Role::Dropper;
        let person = service::by_hand(&world.app, &one, &filed.number, role, lender).await.unwrap();
        let here = format!("/desk/persons/{person}/dropper");
        for lang in ["kk", "ru", "en"] {
            let desk = browser(&world, lang, Some("aliya")).await;
            let (status, _, body) = desk.send("GET", "/desk/persons/droppers", "").await;
            assert!(status == 200 && !body.contains("[person-"), "{body}");
            let (status, _, _) = desk.send("GET", &here, "").await;
            assert_eq!(status, 303, "for which report is asked first");
            let (status, _, body) = desk.send("GET", &format!("{here}?report={}", filed.number), "").await;
            assert!(
                status == 200 && body.contains("name=\"evidence\"") && !body.contains("[person-"),
                "{body}"
            );
            let (status, _, body) =
                desk.send("POST", &here, &format!("report={}&instruments=a&evidence=", filed.number)).await;
            assert!(status == 422 && body.contains("#f-evidence"), "{body}");
        }
        let desk = browser(&world, "kk", Some("aliya")).await;
        let form =
            format!("report={}&instruments=KZ1;ZBEK;кеше;Б;5000&recruitment=x&evidence=банк", filed.number);
        assert_eq!(desk.send("POST", &here, &form).await.0, 303);
        let step = async |act: &str, more: &str| {
            let (_, _, body) = desk.send("GET", &format!("{here}?report={}", filed.number), "").await;
            let found = body
                .split("action=\"")
                .find(|a| a.split('"').next().unwrap().ends_with(&format!("/step/{act}")));
            let path =
                found.unwrap_or_else(|| panic!("{act} is not offered: {body}")).split('"').next().unwrap();
            desk.send("POST", path, &format!("report={}{more}", filed.number)).await
        };
        assert_eq!(step("verify", "").await.0, 303);
        assert_eq!(step("interview", "&evidence=x").await.0, 422);
        let heard = "&knowledge=witting&flags=talked&instruments=KZ1&evidence=x";
        assert_eq!(step("interview", heard).await.0, 303);
        assert_eq!(step("propose", "").await.0, 303);
        for lang in ["kk", "ru", "en"] {
            let approver = browser(&world, lang, Some("daur")).await;
            let (status, _, body) =
                approver.send("GET", &format!("{here}?report={}", filed.number), "").await;
            assert!(status == 200 && body.contains("/sign/list") && !body.contains("[person-"), "{body}");
            let path =
                body.split("action=\"").find(|a| a.split('"').next().unwrap().ends_with("/sign/clear"));
            let path = path.unwrap().split('"').next().unwrap();
            let (status, _, body) =
                approver.send("POST", path, &format!("report={}&clear_reason=", filed.number)).await;
            assert!(status == 422 && body.contains("#f-clear_reason"), "{status} {body}");
        }
    })
    .await;
}
