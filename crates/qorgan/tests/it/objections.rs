//! Whoever something is restricted for is told, objects, is heard by somebody else, and is put right everywhere; on
//! each engine.

use appeal::model::{Decision, NewAppeal, Told};
use appeal::{AppealError, Ground, Status as Appealed};
use kernel::{Actor, Class, Coded as _, Money, Purpose, Role};
use order::jobs::{self, Breakers};
use order::message::{Line, Message};
use order::service::OrderView;
use order::store::delivery;
use order::{ObjectState, Status};
use qorgan::slices::subscribers;
use testkit::World;

use crate::country::{Wire, file, iban, report, staff};
use crate::talk::{answer, each, line, orders};

fn bare(world: &World, code: &str) -> Line {
    Line { code: code.into(), at: Some(world.app.office.now().rfc3339()), ..Line::default() }
}

/// What falls due now, as it was posted.
async fn messages(world: &World) -> Vec<Message> {
    let app = &world.app;
    let wire = Wire::default();
    *wire.status.lock().unwrap() = 202;
    let breakers = Breakers::new(app.profile.breaker());
    let wall = app.wall.now();
    let waiting = app.db.read(move |tx| delivery::waiting(tx, wall)).await.unwrap();
    for (partner, _) in waiting {
        let due = app.db.read(move |tx| delivery::due(tx, &partner, wall, 50)).await.unwrap();
        for message in due {
            jobs::deliver(app, &wire, &breakers, &message).await.unwrap();
        }
    }
    let posted = wire.posted.lock().unwrap();
    posted.iter().map(|out| serde_json::from_slice(&out.body).unwrap()).collect()
}

/// A report about an account that the bank holds money on.
async fn held(world: &World, key: u128) -> OrderView {
    let filed = file(world, report(&world.app, key, &iban("ZBEK", 1), 10_000, world.app.office.now())).await;
    let view = orders(world, filed.id).await.remove(0);
    answer(world, &view, &format!("h-{key}"), vec![line("H10", 10_000)]).await.unwrap();
    orders(world, filed.id).await.remove(0)
}

/// The digits of the code in a notice.
fn code_in(text: &str) -> String {
    let groups: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|g| g.len() == 4).collect();
    let run = groups.windows(4).find(|w| text.contains(&w.join("\u{a0}")) || text.contains(&w.join(" ")));
    run.map(|w| w.concat()).unwrap()
}

/// The code that the holder is given about what an order restricts.
pub async fn notice_code(world: &World, order: order::OrderId) -> String {
    let all = messages(world).await;
    let mine = all.iter().find_map(|m| match m {
        Message::Notice(n) if n.order_id == order.to_string() => Some(code_in(&n.text["kk"])),
        _ => None,
    });
    mine.unwrap()
}

fn told(text: &str) -> NewAppeal {
    let told =
        Told { name: "Үлгі Сатушы".into(), contact: "+7 700 000 00 02".into(), text: text.into() };
    NewAppeal { channel: "portal", ground: Ground::Seller, told }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_is_told_objects_and_is_put_right_everywhere() {
    each("kz", async |world| {
        let app = &world.app;
        let (first, second) = (held(&world, 60).await, held(&world, 61).await);
        let notices: Vec<_> = messages(&world)
            .await
            .into_iter()
            .filter_map(|m| match m {
                Message::Notice(n) => Some(n),
                _ => None,
            })
            .collect();
        assert_eq!(notices.len(), 2);
        let mine = notices.iter().find(|n| n.order_id == first.order.id.to_string()).unwrap();
        // Who, how much, why, until when, how to object and by which code: in each language of the profile.
        for lang in ["kk", "ru", "en"] {
            let text = &mine.text[lang];
            assert!(
                text.contains("100") && text.contains(&format!("{}/object", app.node.public_url)),
                "{text}"
            );
            assert!(!text.contains('{'), "a place is not filled: {text}");
        }
        let code = code_in(&mine.text["kk"]);
        assert_eq!(code.len(), 16);

        let opened = appeal::service::by_code(app, &code).await.unwrap();
        assert_eq!((opened.order.id, opened.appeals.len()), (first.order.id, 0));
        let wrong = appeal::service::by_code(app, "0000000000000000").await.unwrap_err();
        assert_eq!(wrong.class(), Class::NotFound);
        // The bank says that the holder has the notice; until then it counts as not told.
        let told_at = async || {
            let object = first.objects[0].id;
            let all = app.db.read(move |tx| order::service::notices_of(tx, &[object])).await.unwrap();
            all[0].told_at
        };
        assert!(told_at().await.is_none());
        answer(&world, &first, "s", vec![bare(&world, "S10")]).await.unwrap();
        assert!(told_at().await.is_some());

        let empty = appeal::service::file(app, &Actor::Public, &code, told(" ")).await.unwrap_err();
        assert_eq!(empty.code(), "appeal.text");
        let filed =
            appeal::service::file(app, &Actor::Public, &code, told("Мен телефон саттым")).await.unwrap();
        let twice = appeal::service::file(app, &Actor::Public, &code, told("Тағы")).await.unwrap_err();
        assert!(matches!(twice, AppealError::Waits(ref n) if *n == filed.number), "{twice}");
        let pressed =
            appeal::service::file(app, &Actor::Public, &code, told("Мен телефон саттым")).await.unwrap();
        assert_eq!(pressed.number, filed.number, "pressed twice");
        let unseen = appeal::service::file(app, &Actor::Public, &code, told("\u{200b}")).await.unwrap_err();
        assert_eq!(unseen.code(), "appeal.text", "nobody would see what it says");

        // Whoever had a hand in it does not decide; an officer reads it, an approver who signed nothing decides.
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let other = staff(app, 9, Role::Approver).await;
        let read = appeal::service::open(app, &officer, &filed.number).await.unwrap();
        assert!(!read.may_decide);
        let words = read.opened.told.unwrap();
        assert_eq!(words.open(Purpose::HandleReport).text, "Мен телефон саттым");
        let barred =
            appeal::service::decide(app, &officer, &filed.number, Decision::Uphold, "x").await.unwrap_err();
        assert_eq!(barred.class(), Class::Forbidden);
        let blank =
            appeal::service::decide(app, &other, &filed.number, Decision::Uphold, "  ").await.unwrap_err();
        assert_eq!(blank.code(), "appeal.reasons");
        let done =
            appeal::service::decide(app, &other, &filed.number, Decision::Uphold, "Сатылғаны расталды")
                .await
                .unwrap();
        world.deliver(&subscribers(app)).await;
        assert_eq!(
            (done.status, done.restored),
            (Appealed::Upheld, 2),
            "both orders restrict the same account"
        );
        assert!(
            appeal::service::decide(app, &other, &filed.number, Decision::Reject, "x").await.is_err(),
            "once"
        );
        let over = appeal::service::file(app, &Actor::Public, &code, told("Қайтадан")).await.unwrap_err();
        assert!(matches!(over, AppealError::NothingToObject), "{over}");
        for view in [&first, &second] {
            let now = orders(&world, view.order.report).await.remove(0);
            assert_eq!((now.order.status, now.objects[0].state), (Status::Released, ObjectState::Released));
        }
        // Bug: the next report of the same account was held by itself within the minute.
        let third = file(&world, report(app, 63, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let again = orders(&world, third.id).await.remove(0).order;
        assert_eq!((again.status, again.why_waiting.as_str()), (Status::Drafted, "cleared"));
        // The same code shows what came of it.
        let opened = appeal::service::by_code(app, &code).await.unwrap();
        assert_eq!(opened.appeals[0].1.as_deref(), Some("Сатылғаны расталды"));

        let sent = messages(&world).await;
        let corrections: Vec<_> = sent
            .iter()
            .filter_map(|m| match m {
                Message::Correction(c) => Some(c.order_id.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(corrections.len(), 2, "{sent:?}");
        assert!(sent.iter().any(|m| matches!(m, Message::Release(r) if r.code == "L62")));
        let object = first.objects[0].id;
        let count = async || app.db.read(move |tx| order::service::corrections(tx, object)).await.unwrap();
        assert_eq!(count().await, (2, 0));
        for (view, id) in [(&first, "c-1"), (&second, "c-2")] {
            answer(&world, view, id, vec![bare(&world, "S20")]).await.unwrap();
        }
        assert_eq!(count().await, (2, 2));
        // Said twice, it is not counted twice.
        answer(&world, &first, "c-3", vec![bare(&world, "S20")]).await.unwrap();
        assert_eq!(count().await, (2, 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_repeated_until_it_is_confirmed() {
    each("kz", async |world| {
        let app = &world.app;
        let view = held(&world, 62).await;
        messages(&world).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let new = NewAppeal { channel: "paper", ..told("Қағазбен келді") };
        let filed = appeal::service::file_on_paper(app, &officer, view.objects[0].id, new).await.unwrap();
        let other = staff(app, 9, Role::Approver).await;
        appeal::service::decide(app, &other, &filed.number, Decision::Uphold, "иә").await.unwrap();
        let is_correction = |m: &&Message| matches!(m, Message::Correction(_));
        assert_eq!(messages(&world).await.iter().filter(is_correction).count(), 1);
        assert_eq!(messages(&world).await.iter().filter(is_correction).count(), 0, "not at once");
        world.advance_secs(3 * 3_600);
        assert_eq!(
            messages(&world).await.iter().filter(is_correction).count(),
            1,
            "said nothing: told again"
        );
        answer(&world, &view, "c", vec![bare(&world, "S20")]).await.unwrap();
        world.advance_secs(3 * 3_600);
        assert_eq!(messages(&world).await.iter().filter(is_correction).count(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_may_be_upheld_in_part_or_rejected() {
    each("kz", async |world| {
        let app = &world.app;
        let view = held(&world, 63).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let other = staff(app, 9, Role::Approver).await;
        let money = |minor| Money::from_minor(minor, app.profile.currency());
        let paper = |text: &str| NewAppeal { channel: "paper", ..told(text) };
        let object = view.objects[0].id;
        let filed =
            appeal::service::file_on_paper(app, &officer, object, paper("Жартысы менікі")).await.unwrap();
        for keep in [0, 10_000, 10_001] {
            let wrong =
                appeal::service::decide(app, &other, &filed.number, Decision::Lower(money(keep)), "x").await;
            assert_eq!(wrong.unwrap_err().code(), "appeal.keep", "{keep}");
        }
        let done =
            appeal::service::decide(app, &other, &filed.number, Decision::Lower(money(4_000)), "жартысы")
                .await
                .unwrap();
        assert_eq!(done.status, Appealed::Partly);
        let now = orders(&world, view.order.report).await.remove(0);
        assert_eq!((now.order.status, now.objects[0].held.minor()), (Status::Answered, 4_000));

        // A second objection to what stayed is heard, and rejected with reasons; the hold stays.
        let again =
            appeal::service::file_on_paper(app, &officer, object, paper("Бәрі менікі")).await.unwrap();
        let done =
            appeal::service::decide(app, &other, &again.number, Decision::Reject, "дәлел жоқ").await.unwrap();
        assert_eq!((done.status, done.restored), (Appealed::Rejected, 0));
        assert_eq!(orders(&world, view.order.report).await.remove(0).objects[0].held.minor(), 4_000);
        let all = appeal::service::list(app, &officer, "").await.unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(appeal::service::list(app, &officer, "rejected").await.unwrap().len(), 1);

        // What was never sent restricts nobody.
        let drafted = file(&world, report(app, 64, &iban("ZCAR", 9), 99_000_000_000, app.office.now())).await;
        let drafted = orders(&world, drafted.id).await.remove(0);
        assert_eq!(drafted.order.status, Status::Drafted);
        let wrong = appeal::service::file_on_paper(app, &officer, drafted.objects[0].id, paper("x")).await;
        assert_eq!(wrong.unwrap_err().code(), "appeal.nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_holder_told_goes_with_the_report() {
    each("kz", async |world| {
        let app = &world.app;
        let view = held(&world, 65).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let new = NewAppeal { channel: "paper", ..told("Менің сөзім") };
        let filed = appeal::service::file_on_paper(app, &officer, view.objects[0].id, new).await.unwrap();
        report::service::expunge(app, &Actor::system("retention"), view.order.report).await.unwrap();
        world.deliver(&subscribers(app)).await;
        let read = appeal::service::open(app, &officer, &filed.number).await.unwrap();
        assert!(read.opened.told.is_none());
    })
    .await;
}
