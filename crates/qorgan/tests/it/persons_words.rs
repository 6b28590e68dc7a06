//! Words that people said of pairs and matters: what goes with its record, what waits for a second, what guards a listing.

use std::collections::BTreeSet;

use kernel::{Actor, Coded as _, Role};
use order::details::Knowledge;
use person::model::{Doubt, Heard, PairState, Role as Is, Source, Told, Verdict};
use person::service::{self, DropperNarrow, Ground, Query, Step};
use person::{PersonId, RecordId};
use qorgan::slices::subscribers;
use report::Filed;
use testkit::World;
use uuid::Uuid;

use crate::country::{file, iban, staff};
use crate::persons_rights::{
    acts, filed, hand_record, heard, iin, lent, listed, many, of, officer, opened, redden, told,
};
use crate::talk::each;

async fn whose(world: &World, id: RecordId) -> PersonId {
    world.app.db.read(move |tx| person::store::record(tx, id)).await.unwrap().unwrap().person
}

/// The pair of two records, as it stands.
async fn pair_of(world: &World, a: RecordId, b: RecordId) -> person::model::Pair {
    let all = world.app.db.read(move |tx| person::store::pairs_of(tx, a)).await.unwrap();
    all.into_iter().find(|p| p.other(a) == b).unwrap()
}

/// The record of whoever filed a report.
async fn reporters(world: &World, filed: &Filed) -> RecordId {
    let id = filed.id;
    let all = world.app.db.read(move |tx| person::store::of_report(tx, id)).await.unwrap();
    all.iter().find(|r| r.source == Source::Reporter).unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_matter_hangs_on_is_not_told_anew_and_what_was_judged_is_asked_anew() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let report = filed(&world, 1001, "Ахметов Болат Серікұлы", "+77000006101").await;
        let ground = Ground(report.number.clone());
        let mine = reporters(&world, &report).await;
        let alone = hand_record(&world, &report, told("Жалғыз", "Үлгі", &iin("85041230055"))).await;
        let lonely = whose(&world, alone).await;
        let id = service::signal(app, &one, lonely, &ground, &lent()).await.unwrap();
        let other = (Is::Suspect, told("Басқа", "Біреу", &iin("85041230066")));
        let refused = service::correct(app, &one, alone, other.clone(), "a slip").await.unwrap_err();
        assert_eq!(
            refused.code(),
            "person.carries",
            "a matter is not moved to another person by a correction"
        );
        let approver = staff(app, 11, Role::Approver).await;
        service::take(app, &approver, id, Step::Clear("nothing in it".into())).await.unwrap();
        service::correct(app, &one, alone, other, "a slip").await.unwrap();

        // People kept two apart. Told anew one of them is surely the other, as the machine sees it: it asks.
        world.advance_secs(60);
        let far =
            Told {
                middle: "Серікұлы".into(), phone: "+77470006102".into(), ..told("Ахметов", "Болат", "")
            };
        let record = hand_record(&world, &report, far.clone()).await;
        let pair = pair_of(&world, mine, record).await;
        service::judge(app, &one, pair.id, Verdict::Different, "two documents").await.unwrap();
        assert_eq!(service::waiting(app, &one).await.unwrap(), 0);
        let near = Told { phone: "+77000006101".into(), ..far };
        service::correct(app, &one, record, (Is::Suspect, near), "the telephone was read wrongly")
            .await
            .unwrap();
        let now = pair_of(&world, mine, record).await;
        assert!(now.bits > pair.bits && now.bits > 10_000, "{} {}", pair.bits, now.bits);
        assert_eq!((now.state, service::waiting(app, &one).await.unwrap()), (PairState::Waiting, 1));
        assert_ne!(whose(&world, mine).await, whose(&world, record).await);
        let all = opened(&world, &one, whose(&world, mine).await, &report).await;
        assert!(all.judgements.iter().all(|(j, _)| j.undone_at.is_some()), "taken back by name, and shown");
        service::judge(app, &one, pair.id, Verdict::Same, "").await.unwrap();
        assert_eq!(whose(&world, mine).await, whose(&world, record).await);
        // Told anew once more it is somebody else: what is kept of the pair says so, however little it weighs.
        let stranger = Told { phone: "+77470006103".into(), ..told("Сейітова", "Әлия", "") };
        service::correct(app, &one, record, (Is::Suspect, stranger), "another sheet").await.unwrap();
        let now = pair_of(&world, mine, record).await;
        assert!(now.bits < 0, "{}", now.bits);
        assert_ne!(whose(&world, mine).await, whose(&world, record).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_back_into_a_listing_is_asked_about() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let report = filed(&world, 1011, "Сынақ Адам", "+77000006111").await;
        let number = iin("85041230077");
        let (person, _) = listed(&world, &report, told("Ересек", "Үлгі", &number)).await;
        let (x, y) = {
            let mut ids = Vec::new();
            for _ in 0..2 {
                let (_, other) = (world.advance_secs(60), told("Ересек", "Үлгі", &number));
                let of = service::by_hand(app, &one, &report.number, Is::Suspect, other).await.unwrap();
                assert_ne!(of, person);
                ids.push(app.db.read(move |tx| person::store::of_person(tx, of, 10)).await.unwrap());
            }
            assert_eq!(ids[1].len(), 2, "of each other the machine is sure");
            (ids[1][0].id, ids[1][1].id)
        };
        // Two say that it is theirs, and take it back: the machine does not hold it.
        let two = staff(app, 5, Role::DutyOfficer).await;
        let look = service::next(app, &one).await.unwrap().unwrap();
        let first = service::judge(app, &one, look.pair.id, Verdict::Same, "").await.unwrap();
        let second = service::judge(app, &two, look.pair.id, Verdict::Same, "").await.unwrap();
        assert!(!first.stands && second.stands);
        let (a, b) = (look.pair.first, look.pair.second);
        assert_eq!(whose(&world, a).await, whose(&world, b).await);
        service::undo(app, &two, second.id).await.unwrap();
        service::undo(app, &one, first.id).await.unwrap();
        assert_ne!(whose(&world, a).await, whose(&world, b).await);
        assert_eq!(whose(&world, x).await, whose(&world, y).await, "those who came along go along");
        assert_eq!(pair_of(&world, a, b).await.state, PairState::Waiting);

        // What the machine joined before the listing, taken back and put back, is asked about, too.
        let before = told("Бірге", "Жазылған", &iin("85041230088"));
        world.advance_secs(60);
        let kept = hand_record(&world, &report, before.clone()).await;
        world.advance_secs(60);
        service::by_hand(app, &one, &report.number, Is::Dropper, before).await.unwrap();
        let theirs = whose(&world, kept).await;
        let all = app.db.read(move |tx| person::store::of_person(tx, theirs, 10)).await.unwrap();
        assert_eq!(all.len(), 2);
        let ground = Ground(report.number.clone());
        let id = service::signal(app, &one, theirs, &ground, &lent()).await.unwrap();
        let row = app.db.read(move |tx| person::store::dropper::find(tx, id)).await.unwrap().unwrap();
        let free = all.iter().map(|r| r.id).find(|r| *r != row.record).unwrap();
        service::take_record_back(app, &one, free, "a slip").await.unwrap();
        service::put_record_back(app, &one, free).await.unwrap();
        assert_ne!(whose(&world, free).await, whose(&world, row.record).await);
        assert_eq!(pair_of(&world, free, row.record).await.state, PairState::Waiting);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_case_and_no_keeping_past_what_guards_a_listing() {
    each("kz", async |world| {
        let app = &world.app;
        let (one, two) = (officer(&world).await, staff(app, 5, Role::DutyOfficer).await);
        let report = filed(&world, 1021, "Сынақ Адам", "+77000006121").await;
        let ground = Ground(report.number.clone());
        let grown = told("Ересек", "Үлгі", &iin("85041230077"));
        let person = service::by_hand(app, &one, &report.number, Is::Dropper, grown).await.unwrap();
        let id = service::signal(app, &one, person, &ground, &lent()).await.unwrap();
        let step =
            async |who: &Actor, step: Step| service::take(app, who, id, step).await.map_err(|e| e.code());
        let case = || Step::Case("2026-7".into());
        step(&one, Step::Verify).await.unwrap();
        step(&one, Step::Interview(heard(Knowledge::Witting), lent())).await.unwrap();
        assert_eq!(
            step(&one, case()).await,
            Err("person.dropper_stands"),
            "one officer alone reaches no case"
        );
        step(&one, Step::Propose).await.unwrap();
        assert_eq!(step(&one, case()).await, Err("person.dropper_stands"));
        let approver = staff(app, 11, Role::Approver).await;
        step(&approver, Step::List).await.unwrap();

        // Then somebody who was robbed turns out to be them.
        world.advance_secs(60);
        let mut new = crate::country::report(app, 1022, &iban("ZBEK", 7), 10_000, app.office.now());
        new.reporter = report::Reporter {
            name: "Ересек Үлгі".into(),
            phone: "+77000006122".into(),
            iin: iin("85041230077"),
        };
        file(&world, new).await;
        let look = service::next(app, &one).await.unwrap().unwrap();
        service::judge(app, &one, look.pair.id, Verdict::Same, "").await.unwrap();
        assert!(service::judge(app, &two, look.pair.id, Verdict::Same, "").await.unwrap().stands);
        let due = DropperNarrow { due: true, ..Default::default() };
        let rows = service::droppers(app, &one, due).await.unwrap().rows;
        assert_eq!(rows.iter().map(|r| r.dropper.doubt).collect::<Vec<_>>(), [Some(Doubt::Victim)]);
        assert!(acts(&world, rows[0].person).await.contains(&"person.doubted".to_owned()));
        assert_eq!(step(&one, case()).await, Err("person.dropper_victim"));
        let third = staff(app, 12, Role::Approver).await;
        assert_eq!(step(&third, Step::Keep("all the same".into())).await, Err("person.dropper_victim"));
        step(&third, Step::Clear("robbed themselves".into())).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_parts_does_not_override_a_word_that_waits() {
    each("kz", async |world| {
        let app = &world.app;
        let (one, two) = (officer(&world).await, staff(app, 5, Role::DutyOfficer).await);
        let report = filed(&world, 1031, "Сынақ Адам", "+77000006131").await;
        let number = iin("85041230077");
        listed(&world, &report, told("Ересек", "Үлгі", &number)).await;
        let again = told("Ересек", "Үлгі", &number);
        service::by_hand(app, &one, &report.number, Is::Suspect, again).await.unwrap();
        let look = service::next(app, &one).await.unwrap().unwrap();
        service::judge(app, &one, look.pair.id, Verdict::Same, "").await.unwrap();
        let refused = service::part_again(app, &two, look.pair.id, "another day").await.unwrap_err();
        assert_eq!(refused.code(), "person.decided", "they are two persons' now: it is judged, and weighed");
        let (a, b) = (look.pair.first, look.pair.second);
        let said = app.db.read(move |tx| person::store::between(tx, a, b)).await.unwrap();
        assert_eq!(said.len(), 1, "the first word waits as before");
        // Together by two, parted by one: whoever said so alone is not told, and what stands is taken back by name.
        assert!(service::judge(app, &two, look.pair.id, Verdict::Same, "").await.unwrap().stands);
        assert_eq!(whose(&world, a).await, whose(&world, b).await);
        let parted = service::part_again(app, &two, look.pair.id, "another day").await.unwrap();
        assert!(!parted.stands, "the first officer's word says otherwise, so a third decides");
        let three = staff(app, 6, Role::DutyOfficer).await;
        assert!(service::judge(app, &three, look.pair.id, Verdict::Different, "").await.unwrap().stands);
        assert_ne!(whose(&world, a).await, whose(&world, b).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_kept_apart_is_asked_when_the_word_goes_with_its_record() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let phone = "+77000006141";
        let (a, b) = (
            filed(&world, 1041, "Омарова Дина Маратқызы", phone).await,
            filed(&world, 1042, "Омарова Дина Маратовна", phone).await,
        );
        let c = filed(&world, 1043, "Омарова Дина Маратқызы", phone).await;
        let (ra, rb, rc) =
            (reporters(&world, &a).await, reporters(&world, &b).await, reporters(&world, &c).await);
        let pair = pair_of(&world, ra, rb).await;
        service::part_again(app, &one, pair.id, "a mother and her daughter").await.unwrap();
        assert_ne!(whose(&world, ra).await, whose(&world, rb).await);
        // The third goes with one of them. Whoever stood apart from it goes: the other is not joined by the machine.
        let beside = if whose(&world, rc).await == whose(&world, ra).await { (&a, rb) } else { (&b, ra) };
        let citizen = Actor::Citizen { report: beside.0.id.uuid() };
        report::service::withdraw(app, &citizen, beside.0.id).await.unwrap();
        world.deliver(&subscribers(app)).await;
        assert_ne!(whose(&world, rc).await, whose(&world, beside.1).await);
        let left = pair_of(&world, rc, beside.1).await;
        assert!(left.bits >= 10_000, "the machine would");
        assert_eq!((left.state, service::waiting(app, &one).await.unwrap()), (PairState::Waiting, 1));
        service::judge(app, &one, left.id, Verdict::Same, "").await.unwrap();
        assert_eq!(whose(&world, rc).await, whose(&world, beside.1).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_right_numbers_are_two_persons_until_people_say_otherwise() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let report = filed(&world, 1051, "Сынақ Адам", "+77000006151").await;
        let phone = "+77000006152";
        let somebody = |number: String| Told {
            phone: phone.into(),
            middle: "Серікұлы".into(),
            ..told("Ахметов", "Болат", &number)
        };
        let first = hand_record(&world, &report, somebody(iin("85041230012"))).await;
        world.advance_secs(60);
        let second = hand_record(&world, &report, somebody(iin("90051730012"))).await;
        let pair = pair_of(&world, first, second).await;
        assert!(pair.bits >= 10_000 && pair.clash, "{}", pair.bits);
        assert_eq!(pair.state, PairState::Waiting);
        world.advance_secs(60);
        let third = hand_record(&world, &report, somebody(String::new())).await;
        assert_ne!(whose(&world, first).await, whose(&world, second).await, "a third is no bridge");
        let with = whose(&world, third).await;
        assert!(with == whose(&world, first).await || with == whose(&world, second).await);
        service::judge(app, &one, pair.id, Verdict::Same, "the number was given anew").await.unwrap();
        assert_eq!(whose(&world, first).await, whose(&world, second).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_minor_is_known_behind_hundreds_of_records() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let report = filed(&world, 1061, "Сынақ Адам", "+77000006161").await;
        let (person, _) = many(app, 260).await;
        world.advance_secs(60);
        let child = Told { birth: "2015-04-12".into(), ..told("Көп", "Жазба", &iin("85041230033")) };
        let joined = service::by_hand(app, &one, &report.number, Is::Dropper, child).await.unwrap();
        assert_eq!(joined, person);
        let ground = Ground(report.number.clone());
        let id = service::signal(app, &one, person, &ground, &lent()).await.unwrap();
        let m = service::droppers_of(app, &one, person, &ground).await.unwrap();
        assert!(m.minor && m.all[0].dropper.minor);
        for step in [Step::Verify, Step::Interview(heard(Knowledge::Witting), lent())] {
            service::take(app, &one, id, step).await.unwrap();
        }
        let refused = service::take(app, &one, id, Step::Propose).await.unwrap_err();
        assert_eq!(refused.code(), "person.dropper_guardian");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_done_without_a_record_and_an_index_learns_of_it() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let report = filed(&world, 1071, "Сынақ Адам", "+77000006171").await;
        let ground = Ground(report.number.clone());
        let reporter = of(&world, &report).await;
        assert!(acts(&world, reporter).await.contains(&"person.heard".to_owned()));
        let about_report = async || {
            let id = report.id.uuid();
            let all = app.db.read(move |tx| audit::records_for(tx, id)).await.unwrap();
            all.iter().filter(|r| r.record.act == "person.looked_up").count()
        };
        let nobody = told("Ешкімгеұқсамас", "Адам", "");
        assert!(service::near(app, &one, &ground, nobody).await.unwrap().all.is_empty());
        assert_eq!(about_report().await, 1, "that nobody was found, too");

        let record = hand_record(&world, &report, told("Қателі", "Есім", &iin("85041230012"))).await;
        let person = whose(&world, record).await;
        let sign = async || {
            let all = app.db.read(|tx| person::store::page(tx, Uuid::nil(), 100)).await.unwrap();
            all.into_iter().find(|(id, _)| *id == person.uuid()).unwrap().1
        };
        let mut before = sign().await;
        let right = (Is::Suspect, told("Дұрыс", "Есім", &iin("85041230012")));
        world.advance_secs(60);
        service::correct(app, &one, record, right, "a slip").await.unwrap();
        assert_ne!(sign().await, before, "a name that was corrected is not found any more");
        before = sign().await;
        service::take_record_back(app, &one, record, "nobody said so").await.unwrap();
        assert_ne!(sign().await, before);
        before = sign().await;
        service::put_record_back(app, &one, record).await.unwrap();
        assert_ne!(sign().await, before);

        // A word that could not tell, replaced by another officer's, is taken back by name.
        world.advance_secs(60);
        let (far, near) = (told("Ахметов", "Болат", ""), told("Akhmetov", "Bolat", ""));
        let middle = |t: Told| Told { middle: "Серікұлы".into(), ..t };
        let first = hand_record(&world, &report, middle(far)).await;
        hand_record(&world, &report, middle(near)).await;
        let look = service::next(app, &one).await.unwrap().unwrap();
        service::judge(app, &one, look.pair.id, Verdict::Unsure, "").await.unwrap();
        let two = staff(app, 5, Role::DutyOfficer).await;
        service::judge(app, &two, look.pair.id, Verdict::Different, "").await.unwrap();
        let all = acts(&world, whose(&world, first).await).await;
        assert!(all.contains(&"person.judgement_undone".to_owned()), "{all:?}");

        // A list that is taken in and back says so of each.
        let new = service::NewList {
            name: "Сынақ тізімі".into(),
            origin: "Ойдан шығарылған мекеме".into(),
            basis: "№ 7 хат".into(),
            role: Some(Is::Witness),
            bytes: "ФИО;ИИН;Телефон\nТізім Адамы;;+77007770001\n".as_bytes().to_vec(),
        };
        let id = service::bring(app, &one, new).await.unwrap();
        service::start_list(app, &one, id).await.unwrap();
        while service::work(app).await.unwrap() {}
        let query = Query { name: "Тізім".into(), ..Query::default() };
        let listed = service::find(app, &one, &query, &ground).await.unwrap().found[0].person;
        service::undo_list(app, &one, id).await.unwrap();
        while service::work(app).await.unwrap() {}
        let all = acts(&world, listed).await;
        for act in ["person.heard", "person.taken_back"] {
            assert!(all.contains(&act.to_owned()), "{act}: {all:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_hidden_stays_hidden_when_it_has_gone() {
    each("kz", async |world| {
        let app = &world.app;
        let (one, approver) = (officer(&world).await, staff(app, 11, Role::Approver).await);
        let (open, red) = (
            filed(&world, 1081, "Ашық Адам Үлгіұлы", "+77000006181").await,
            filed(&world, 1082, "Бөтен Біреу", "+77000006182").await,
        );
        let person = of(&world, &open).await;
        redden(app, &red).await;
        world.advance_secs(60);
        let account = |report: &Filed| Heard {
            source: Source::Account,
            source_id: Uuid::from_u128(8),
            report: Some(report.id),
            role: Is::AccountHolder,
            told: Told {
                phone: "+77000006181".into(), middle: "Үлгіұлы".into(), ..told("Ашық", "Адам", "")
            },
        };
        let (me, heard) = (app.clone(), account(&red));
        app.db.write(move |tx| service::hear(tx, &me, &service::part(), &heard)).await.unwrap();
        assert_eq!(opened(&world, &one, person, &open).await.person.records, 2);
        report::service::expunge(app, &Actor::system("retention"), red.id).await.unwrap();
        world.deliver(&subscribers(app)).await;
        let named = |page: &service::Opened| {
            page.history.iter().map(|r| r.record.act.clone()).collect::<BTreeSet<String>>()
        };
        let mine = named(&opened(&world, &one, person, &open).await);
        assert!(mine.contains("person.record_gone"), "{mine:?}");
        let theirs = named(&opened(&world, &approver, person, &open).await);
        for act in ["person.record_gone", "person.joined"] {
            assert!(!theirs.contains(act), "{theirs:?}");
        }
    })
    .await;
}

/// The statement of a migration that says who may see a pair.
fn seen_anew() -> db::Stmt {
    let of = |text: &'static str| text.split("UPDATE person_pair SET closed").nth(1).unwrap();
    let last = person::store::MIGRATIONS.iter().find(|m| m.name == "bar").unwrap();
    assert!(of(last.sqlite) == of(last.postgres));
    let text = format!("UPDATE person_pair SET closed{}", of(last.sqlite).trim_end().trim_end_matches(';'));
    db::Stmt::both("test.seen_anew", text.leak())
}

#[tokio::test(flavor = "multi_thread")]
async fn red_pairs_of_before_are_seen_by_their_own_unit() {
    const HIDE: db::Stmt = db::Stmt::both("test.hide", "UPDATE person_pair SET closed = '-'");
    const MOVE: db::Stmt =
        db::Stmt::both("test.move", "UPDATE person_record SET unit_id = 'another' WHERE id = ?1");
    each("kz", async |world| {
        let app = &world.app;
        let (one, approver) = (officer(&world).await, staff(app, 11, Role::Approver).await);
        let red = filed(&world, 1091, "Бөтен Біреу", "+77000006191").await;
        redden(app, &red).await;
        let middle = |t: Told| Told { middle: "Серікұлы".into(), ..t };
        hand_record(&world, &red, middle(told("Ахметов", "Болат", ""))).await;
        let second = hand_record(&world, &red, middle(told("Akhmetov", "Bolat", ""))).await;
        let both = async || {
            (service::waiting(app, &one).await.unwrap(), service::waiting(app, &approver).await.unwrap())
        };
        assert_eq!(both().await, (1, 0));
        app.db.write(|tx| tx.execute(&HIDE, db::params![])).await.unwrap();
        assert_eq!(both().await, (0, 0));
        let anew: &'static db::Stmt = Box::leak(Box::new(seen_anew()));
        app.db.write(move |tx| tx.execute(anew, db::params![])).await.unwrap();
        assert_eq!(both().await, (1, 0), "its own unit sees it again, and nobody else");
        app.db.write(move |tx| tx.execute(&MOVE, db::params![second])).await.unwrap();
        app.db.write(move |tx| tx.execute(anew, db::params![])).await.unwrap();
        assert_eq!(both().await, (0, 0), "of two units nobody sees it");
    })
    .await;
}
