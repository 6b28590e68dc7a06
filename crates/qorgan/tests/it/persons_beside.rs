//! What is done with persons beside the writer: gathering anew, learning, lists; and what is kept of it.

use db::{Stmt, params};
use person::model::{Heard, ListStatus, PairState, Role as Is, Source, Told};
use person::resolve::Record;
use person::service::{self, Ground};
use person::{PersonId, RecordId};
use testkit::World;
use uuid::Uuid;

use crate::persons_again::{plan_of, whose, written};
use crate::persons_rights::{filed, iin, lent, many, officer, told};
use crate::talk::each;

const PAIR_STATE: Stmt =
    Stmt::both("test.pair_state", "UPDATE person_pair SET state = ?2 WHERE first_id = ?1 OR second_id = ?1");
const PAIR_GONE: Stmt =
    Stmt::both("test.pair_gone", "DELETE FROM person_pair WHERE first_id = ?1 OR second_id = ?1");
const STALE: Stmt = Stmt::both("test.stale", "SELECT stale FROM person WHERE id = ?1");

async fn set_state(world: &World, record: RecordId, state: &'static str) {
    let change = move |tx: &mut db::Tx<'_>| tx.execute(&PAIR_STATE, params![record, state]).map(drop);
    world.app.db.write(change).await.unwrap();
}

async fn mark(world: &World, person: PersonId) {
    world.app.db.write(move |tx| person::store::set_stale(tx, person, true)).await.unwrap();
}

async fn is_marked(world: &World, person: PersonId) -> bool {
    world.app.db.read(move |tx| tx.query_one(&STALE, params![person], |r| r.get::<i64>(0))).await.unwrap()
        == 1
}

async fn states(world: &World, record: RecordId) -> Vec<PairState> {
    let all = world.app.db.read(move |tx| person::store::pairs_of(tx, record)).await.unwrap();
    all.into_iter().map(|p| p.state).collect()
}

/// Two records of one person.
async fn two(world: &World, report: &report::Filed, body: &str) -> (PersonId, RecordId) {
    let mut last = None;
    for _ in 0..2 {
        last = Some(written(world, report, told("Қос", "Жазба", &iin(body))).await);
    }
    let record = last.unwrap();
    (whose(world, record).await, record)
}

/// Bug: whoever could not be gathered was tried first each time, and kept all others waiting.
#[tokio::test(flavor = "multi_thread")]
async fn one_who_cannot_be_gathered_keeps_nobody_waiting() {
    each("kz", async |world| {
        let app = &world.app;
        let report = filed(&world, 1201, "Сынақ Адам", "+77000006401").await;
        let mut both = [two(&world, &report, "85041230012").await, two(&world, &report, "90051730012").await];
        both.sort();
        let [(broken, its), (sound, other)] = both;
        set_state(&world, its, "unheard of").await;
        set_state(&world, other, "waiting").await;
        mark(&world, broken).await;
        mark(&world, sound).await;
        assert_eq!(service::sort_marked(app).await.unwrap(), 1);
        assert_eq!(states(&world, other).await, [PairState::Joined]);
        assert!(is_marked(&world, broken).await && !is_marked(&world, sound).await);
        set_state(&world, its, "waiting").await;
        assert_eq!(service::sort_marked(app).await.unwrap(), 1, "it is tried again");
        assert_eq!(states(&world, its).await, [PairState::Joined]);
        assert!(!is_marked(&world, broken).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_thought_over_is_written_only_as_long_as_it_holds() {
    each("kz", async |world| {
        let (app, one) = (&world.app, officer(&world).await);
        let report = filed(&world, 1211, "Сынақ Адам", "+77000006411").await;
        let (person, all) = many(app, 400).await;
        // What held both halves together is gone.
        let middle = all[200];
        app.db.write(move |tx| tx.execute(&PAIR_GONE, params![middle]).map(drop)).await.unwrap();
        mark(&world, person).await;

        let before = service::plan_sorting(app, person).await.unwrap();
        world.advance_secs(60);
        let more = told("Көп", "Жазба", &iin("85041230033"));
        let joined = service::by_hand(app, &one, &report.number, Is::Suspect, more).await.unwrap();
        assert_eq!(joined, person);
        assert!(!service::carry_out(app, before).await.unwrap(), "a record came");
        let before = service::plan_sorting(app, person).await.unwrap();
        service::signal(app, &one, person, &Ground(report.number.clone()), &lent()).await.unwrap();
        assert!(!service::carry_out(app, before).await.unwrap(), "a matter was begun");
        assert_eq!(whose(&world, all[0]).await, whose(&world, all[399]).await);
        assert!(is_marked(&world, person).await);

        assert_eq!(service::sort_marked(app).await.unwrap(), 1);
        let (first, alone, last) =
            (whose(&world, all[0]).await, whose(&world, middle).await, whose(&world, all[399]).await);
        assert!(first != last && alone != first && alone != last);
        assert!(!is_marked(&world, person).await);
        assert_eq!(service::sort_marked(app).await.unwrap(), 0);
    })
    .await;
}

/// Whoever was marked and has turned out to be somebody else since is gathered as that one.
#[tokio::test(flavor = "multi_thread")]
async fn a_mark_goes_along_with_the_records() {
    each("kz", async |world| {
        let app = &world.app;
        let report = filed(&world, 1221, "Сынақ Адам", "+77000006421").await;
        let (person, record) = two(&world, &report, "85041230012").await;
        let (gone, _) = two(&world, &report, "90051730012").await;
        let end = move |tx: &mut db::Tx<'_>| {
            person::store::move_all(tx, gone, person)?;
            person::store::end(tx, gone, person)
        };
        app.db.write(end).await.unwrap();
        mark(&world, gone).await;
        set_state(&world, record, "waiting").await;
        assert_eq!(service::sort_marked(app).await.unwrap(), 1);
        assert_eq!(states(&world, record).await, [PairState::Joined]);
        assert!(!is_marked(&world, gone).await);
    })
    .await;
}

const BODIES: Stmt = Stmt::both("test.bodies", "SELECT body FROM person_model ORDER BY version");
const OLD: Stmt = Stmt::both(
    "test.old_model",
    "INSERT INTO person_model (version, body, records, made_at, made_by) VALUES (1, ?1, 40, 1, 'system:test')",
);
const CHOSEN: Stmt = Stmt::both(
    "test.old_choice",
    "INSERT INTO person_model_choice (no, version, chosen_at, chosen_by) VALUES (1, 1, 1, 'system:test')",
);

async fn bodies(world: &World) -> Vec<String> {
    world.app.db.read(|tx| tx.query(&BODIES, params![], |r| r.get(0))).await.unwrap()
}

/// Bug: names that five records bear stood in the weights as they sound, for ever.
#[tokio::test(flavor = "multi_thread")]
async fn no_name_can_be_read_in_weights_that_were_learnt() {
    each("kz", async |world| {
        let app = &world.app;
        let heard = |n: u128, last: &str, first: &str, number: String| Heard {
            source: Source::List,
            source_id: Uuid::from_u128(n),
            report: None,
            role: Is::Suspect,
            told: told(last, first, &number),
        };
        // Six of one name, and one of another with as many records.
        let mut all: Vec<Heard> =
            (0..6).map(|n| heard(n, "Ахметов", "Болат", iin(&format!("8{n}041230012")))).collect();
        all.extend((0..6).map(|n| heard(100 + n, "Сирекфамилия", "Айгүл", iin("85041240044"))));
        for heard in all {
            let me = app.clone();
            app.db.write(move |tx| service::hear(tx, &me, &service::part(), &heard)).await.unwrap();
        }
        assert_eq!(service::learn(app, 4).await.unwrap(), Some(1));
        let body = bodies(&world).await.remove(0);
        for sound in ["ahmet", "bolat", "sirek", "aigul", "айгүл"] {
            assert!(!body.contains(sound), "{sound}: {body}");
        }
        let kept: serde_json::Value = serde_json::from_str(&body).unwrap();
        let names = |field: usize| kept["veiled"][field].as_object().unwrap().len();
        assert_eq!((names(1), names(2)), (1, 1), "of one person's records nothing is kept, however many");
        assert!(kept.get("rare").is_none());
    })
    .await;
}

/// Weights as they were kept before, in force: written anew without names, they weigh the same.
#[tokio::test(flavor = "multi_thread")]
async fn weights_in_force_lose_their_names_and_nothing_else() {
    each("kz", async |world| {
        let app = &world.app;
        // As the program before this one kept it.
        let old = {
            let records: Vec<Record> = (0..40)
                .map(|n| Record {
                    last: "Ахметов".into(), first: format!("Айгүл{n}"), ..Record::default()
                })
                .collect();
            let clear = person::resolve::learn::<u8>(&records, &[]).keep(&person::resolve::Veil::default());
            serde_json::to_string(&clear).unwrap().replace("\"veiled\"", "\"rare\"")
        };
        assert!(old.contains("ahmet"), "{old}");
        let text = old.clone();
        let put = move |tx: &mut db::Tx<'_>| {
            tx.execute(&OLD, params![text.as_str()])?;
            tx.execute(&CHOSEN, params![]).map(drop)
        };
        app.db.write(put).await.unwrap();
        let weight = async || {
            let me = app.clone();
            let (version, model) = app.db.read(move |tx| service::current(tx, &me)).await.unwrap();
            let one = |last: &str| Record { last: last.into(), ..Record::default() }.prepare();
            let of = |last: &str| format!("{:?}", model.weigh(&one(last), &one(last)).rarity);
            (version, of("Ахметов"), of("Сирекфамилия"))
        };
        let before = weight().await;
        assert_eq!(before.0, 1);
        assert_ne!(before.1, before.2, "a rare name says more");
        service::round(app).await.unwrap();
        assert!(bodies(&world).await.iter().all(|body| !body.contains("ahmet")));
        assert_eq!(weight().await, before);
        assert_eq!(weight().await, before, "kept ready, it is the same");
        service::round(app).await.unwrap();
        assert_eq!(weight().await, before);
    })
    .await;
}

/// Bug: a list was opened whole for each twenty lines, in the writer, and gone through from its beginning for each twenty records.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_opened_once_for_many_lines_and_goes_on_where_it_stopped() {
    each("kz", async |world| {
        let (app, one) = (&world.app, officer(&world).await);
        let mut table = "ФИО;ИИН;Телефон\n".to_owned();
        for n in 0..90 {
            table.push_str(&format!("Тізім Адамы{n};;+7700778{n:04}\n"));
        }
        let new = service::NewList {
            name: "Сынақ тізімі".into(),
            origin: "Ойдан шығарылған мекеме".into(),
            basis: "№ 7 хат".into(),
            role: Some(Is::Witness),
            bytes: table.into_bytes(),
        };
        let id = service::bring(app, &one, new).await.unwrap();
        let list = async || app.db.read(move |tx| person::store::list::find(tx, id)).await.unwrap().unwrap();
        service::start_list(app, &one, id).await.unwrap();
        assert!(service::work(app).await.unwrap());
        assert!(!service::work(app).await.unwrap());
        let now = list().await;
        assert_eq!((now.status, now.done), (ListStatus::Applied, 90));
        let counted = async || {
            let all = app
                .db
                .read(move |tx| person::store::of_list(tx, id.uuid(), RecordId::from_uuid(Uuid::nil()), 200));
            all.await.unwrap().iter().filter(|r| r.taken_back.is_none()).count()
        };
        assert_eq!(counted().await, 90);
        service::undo_list(app, &one, id).await.unwrap();
        while service::work(app).await.unwrap() {}
        let now = list().await;
        assert_eq!((now.status, now.done, counted().await), (ListStatus::Undone, 90, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_a_list_are_the_end_of_an_index() {
    let world = crate::country::settle(World::new(11)).await;
    let values = params![Uuid::nil(), Uuid::nil(), 20_i64].to_vec();
    let plan = plan_of(&world, "person.records_of_list", values).await;
    assert!(plan.contains("person_record_listed (list_id=? AND id>?)") && !plan.contains("B-TREE"), "{plan}");
}

/// Bug: pairs of before with a number that is not right were taken for two right ones, and parted.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_numbers_of_before_contradict_nobody() {
    const AS_BEFORE: Stmt = Stmt::both("test.clash", "UPDATE person_pair SET clash = 1");
    const AGAIN: Stmt = Stmt::both("test.again", "UPDATE person_gate SET keyed = ''");
    each("kz", async |world| {
        let app = &world.app;
        let report = filed(&world, 1231, "Сынақ Адам", "+77000006431").await;
        let named = |number: String| Told {
            middle: "Серікұлы".into(),
            phone: "+77000006432".into(),
            address: "Қостанай, Сынақ көшесі 5, 17".into(),
            ..told("Ахметов", "Болат", &number)
        };
        let wrong = |right: String| {
            let last = right.chars().last().and_then(|c| c.to_digit(10)).unwrap();
            format!("{}{}", &right[..11], (last + 5) % 10)
        };
        // A bank's answer may tell a number that is none.
        let mut records = Vec::new();
        for (n, number) in [iin("85041230012"), wrong(iin("90051730012"))].into_iter().enumerate() {
            world.advance_secs(60);
            let heard = Heard {
                source: Source::List,
                source_id: Uuid::from_u128(u128::try_from(n).unwrap()),
                report: None,
                role: Is::Suspect,
                told: named(number),
            };
            let me = app.clone();
            let heard = app.db.write(move |tx| service::hear(tx, &me, &service::part(), &heard));
            records.push(heard.await.unwrap().unwrap());
        }
        let one_person = async || whose(&world, records[0]).await == whose(&world, records[1]).await;
        assert!(one_person().await, "a wrong number is a slip");
        app.db.write(|tx| tx.execute(&AS_BEFORE, params![]).map(drop)).await.unwrap();
        mark(&world, whose(&world, records[0]).await).await;
        service::sort_marked(app).await.unwrap();
        assert!(!one_person().await, "as the migration of before left it");
        app.db.write(|tx| tx.execute(&AGAIN, params![]).map(drop)).await.unwrap();
        while service::round(app).await.unwrap() {}
        assert!(one_person().await);
        let first = records[0];
        let pairs = app.db.read(move |tx| person::store::pairs_of(tx, first)).await.unwrap();
        assert!(pairs.iter().all(|p| !p.clash && p.levels[0] == 4), "{:?}", pairs[0].levels);
        // Two right ones stay what they are.
        let (a, b) = (
            written(&world, &report, Told { phone: "+77000006433".into(), ..named(iin("85041230066")) })
                .await,
            written(&world, &report, Told { phone: "+77000006433".into(), ..named(iin("90051730066")) })
                .await,
        );
        app.db.write(|tx| tx.execute(&AGAIN, params![]).map(drop)).await.unwrap();
        while service::round(app).await.unwrap() {}
        assert_ne!(whose(&world, a).await, whose(&world, b).await);
    })
    .await;
}
