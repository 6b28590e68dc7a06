//! What no machine carries: letters an officer sends, mail, and files in a folder; on each engine.

use kernel::{Coded as _, Role};
use order::answer::Code;
use order::message::Line;
use order::service::{self, OrderView, Told};
use order::store::delivery::Channel;
use order::{ObjectState, Status};
use partner::{Country, PartnerRole, envelope};
use profile::Measure;
use qorgan::slices::subscribers;
use testkit::World;

use crate::country::{CENTRE, file, iban, institution, key_of, report, staff};
use crate::talk::{answer, each, line, orders, said};

async fn find(world: &World, report: report::ReportId, measure: Measure) -> OrderView {
    orders(world, report).await.into_iter().find(|v| v.order.measure == measure).unwrap()
}

fn at(world: &World, line: Line) -> Line {
    Line { at: Some(world.app.office.now().rfc3339()), ..line }
}

/// An order to keep the pictures of a cash machine: a letter, by the route.
async fn letter(world: &World, key: u128) -> OrderView {
    let app = &world.app;
    let filed = file(world, report(app, key, &iban("ZBEK", 1), 10_000, app.office.now())).await;
    let hold = find(world, filed.id, Measure::Hold).await;
    let cash = Line {
        terminal: Some("ATM-17".into()),
        place: Some("Алматы".into()),
        camera_until: Some(app.office.now().plus_secs(5 * 86_400).rfc3339()),
        ..line("M22", 10_000)
    };
    answer(world, &hold, &format!("c-{key}"), vec![at(world, cash)]).await.unwrap();
    let camera = find(world, filed.id, Measure::Preservation).await;
    for n in [1, 2] {
        let who = staff(app, n, if n == 1 { Role::DutyOfficer } else { Role::Approver }).await;
        if service::approve_and_send(app, &who, camera.order.id).await.is_ok_and(|(_, sent)| sent) {
            break;
        }
    }
    world.deliver(&subscribers(app)).await;
    find(world, filed.id, Measure::Preservation).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_waits_for_hands_and_its_answer_is_written_down() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let view = letter(&world, 140).await;
        assert_eq!(view.order.status, Status::Sent);
        let waiting = service::to_carry(app, &officer).await.unwrap();
        assert_eq!((waiting.len(), waiting[0].channel), (1, Channel::Letter));
        let id = waiting[0].message.id;
        let gateway = view.order.gateway.clone();
        let inbox =
            app.db.read(move |tx| order::store::delivery::due(tx, &gateway, app_far(), 9)).await.unwrap();
        assert!(inbox.iter().all(|d| d.id != id), "no machine takes it");
        let outsider = staff(app, 9, Role::Prosecutor).await;
        assert_eq!(service::paper(app, &outsider, id).await.unwrap_err().class(), kernel::Class::NotFound);

        let paper = service::paper(app, &officer, id).await.unwrap();
        let text = serde_json::to_string(&paper.said).unwrap();
        assert!(text.contains("ATM-17"), "the paper says what is to be kept: {text}");
        assert_eq!(
            service::hand_over(app, &officer, id, " ").await.unwrap_err().code(),
            "order.not_said_how"
        );
        service::hand_over(app, &officer, id, "courier, 28 Nov, No 17").await.unwrap();
        let again = service::hand_over(app, &officer, id, "once more").await.unwrap_err();
        assert_eq!(again.code(), "order.handed_over");
        assert!(service::to_carry(app, &officer).await.unwrap().is_empty());

        let kept = Told {
            key: "k-1".into(),
            object: view.objects[0].id,
            code: Code::K10,
            by: "letter",
            who: "No 17-2, 28 November (invented)".into(),
            at: None,
            amount: None,
            until: Some(app.office.now().plus_secs(30 * 86_400)),
            institution: String::new(),
            reference: "R-17".into(),
            text: String::new(),
            holder: None,
        };
        service::record_answer(app, &officer, view.order.id, kept).await.unwrap();
        let view = service::open(app, &officer, view.order.id).await.unwrap();
        assert_eq!((view.order.status, view.objects[0].state), (Status::Answered, ObjectState::Kept));

        // Its end is a letter, too.
        service::release(app, &officer, view.order.id, Code::L61, "not needed any more").await.unwrap();
        let waiting = service::to_carry(app, &officer).await.unwrap();
        assert_eq!((waiting.len(), waiting[0].message.kind.as_str()), (1, "release"));
        let records = app.db.read(move |tx| audit::records_for(tx, view.order.id.uuid())).await.unwrap();
        let of = |act: &str| records.iter().filter(|r| r.record.act == act).count();
        assert_eq!((of("order.handed_over"), of("order.paper_read")), (1, 1));
        // Who took it is a person, and stands nowhere in the clear.
        assert!(records.iter().all(|r| !r.record.facts.contains("courier")));
        assert_eq!(
            service::paper(app, &officer, id).await.unwrap().how.as_deref(),
            Some("courier, 28 Nov, No 17")
        );
    })
    .await;
}

/// Later than anything is due.
fn app_far() -> kernel::Timestamp {
    kernel::Timestamp::from_secs(4_000_000_000)
}

/// A folder that is gone when the test is over.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(app: &app::App) -> Self {
        let random: u64 = u64::from_le_bytes(kernel::Entropy::from_os().unwrap().bytes());
        let name = format!("qorgan_files_{:?}_{random:x}", app.db.engine());
        let dir = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_out_signed_and_only_signed_ones_come_in() {
    each("kz", async |world| {
        let app = &world.app;
        let setup = kernel::Actor::system("setup");
        let centre = partner::Institution {
            delivery: "file_drop".to_owned(),
            gateway: String::new(),
            ..institution(CENTRE, "antifraud_centre", PartnerRole::AntifraudCentre, None)
        };
        partner::service::import(app, &setup, Country { institutions: vec![centre] }).await.unwrap();
        let dir = Folder::new(app);
        let filed = file(&world, report(app, 141, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let view = find(&world, filed.id, Measure::Hold).await;
        let sent = orders(&world, filed.id).await.len();
        assert_eq!(order::folder::round(app, &dir.0).await.unwrap(), (sent, 0));
        assert_eq!(order::folder::round(app, &dir.0).await.unwrap(), (0, 0), "each once");
        let out = dir.0.join(CENTRE).join("out");
        let files: Vec<_> = std::fs::read_dir(&out).unwrap().map(|f| f.unwrap().path()).collect();
        assert_eq!(files.len(), sent);
        let text = std::fs::read_to_string(&files[0]).unwrap();
        assert!(text.contains("\"payloadType\":\"application/vnd.qorgan.message.v1+json\""), "{text}");

        let said = said(&world, &view, "f-1", vec![line("H10", 10_000)]);
        let body = serde_json::to_vec(&said).unwrap();
        let good = envelope::seal_with(&key_of(CENTRE), &format!("{CENTRE}/1"), &body);
        let inn = dir.0.join(CENTRE).join("in");
        std::fs::create_dir_all(&inn).unwrap();
        let held = async || {
            service::open(app, &staff(app, 1, Role::DutyOfficer).await, view.order.id).await.unwrap().objects
                [0]
            .held
            .minor()
        };
        // Another's key, a changed body, no envelope, a link, another ending: none has an effect, each is kept.
        let stranger = envelope::seal_with(&key_of("ZBEK"), "ZBEK/1", &body);
        let changed = good.replace("\"payload\":\"ey", "\"payload\":\"eX");
        for (name, text) in [("a.json", stranger), ("b.json", changed), ("c.json", "{}".to_owned())] {
            std::fs::write(inn.join(name), text).unwrap();
        }
        std::fs::write(dir.0.join("elsewhere"), &good).unwrap();
        std::os::unix::fs::symlink(dir.0.join("elsewhere"), inn.join("d.json")).unwrap();
        std::fs::write(inn.join("e.json.part"), &good).unwrap();
        assert_eq!(order::folder::round(app, &dir.0).await.unwrap(), (0, 3));
        assert_eq!(held().await, 0);
        let refused: Vec<String> = std::fs::read_dir(inn.join("refused"))
            .unwrap()
            .map(|f| f.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        assert_eq!(refused.iter().filter(|n| n.ends_with(".txt")).count(), 3, "{refused:?}");

        std::fs::write(inn.join("f.json"), &good).unwrap();
        assert_eq!(order::folder::round(app, &dir.0).await.unwrap(), (0, 1));
        assert_eq!(held().await, 10_000);
        // The same file again is the same answer; meanwhile the notice for the holder goes out.
        std::fs::write(inn.join("g.json"), &good).unwrap();
        assert_eq!(order::folder::round(app, &dir.0).await.unwrap(), (1, 1));
        assert_eq!((held().await, std::fs::read_dir(inn.join("taken")).unwrap().count()), (10_000, 2));
    })
    .await;
}

/// Bug: a letter of an order that had ended meanwhile could be marked as handed over without a word.
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_of_an_ended_order_is_not_sent() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let view = letter(&world, 150).await;
        let id = service::to_carry(app, &officer).await.unwrap()[0].message.id;
        service::release(app, &officer, view.order.id, Code::L61, "not needed any more").await.unwrap();
        let late = service::hand_over(app, &officer, id, "courier").await.unwrap_err();
        assert_eq!(late.code(), "order.nothing_to_carry");
        assert!(!service::paper(app, &officer, id).await.unwrap().carried.waits);
    })
    .await;
}

async fn agree(world: &World, code: &str, delivery: &str) {
    let entry = partner::Institution {
        delivery: delivery.to_owned(),
        gateway: String::new(),
        ..institution(code, "antifraud_centre", PartnerRole::AntifraudCentre, None)
    };
    let setup = kernel::Actor::system("setup");
    partner::service::import(&world.app, &setup, Country { institutions: vec![entry] }).await.unwrap();
}

/// Takes nothing: whatever is put on its way stays there.
struct Dead;

impl order::gateway::Post for Dead {
    fn post(&self, _: order::gateway::Outgoing) -> order::gateway::Posted<'_> {
        Box::pin(async { Err(order::gateway::PostError("dead".into())) })
    }
}

/// Bug: what waited for the wire when an institution agreed on letters was tried for ever, and no officer saw it.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_follows_the_channel_that_is_agreed_on() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let filed = file(&world, report(app, 151, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let view = find(&world, filed.id, Measure::Hold).await;
        agree(&world, CENTRE, "letter").await;
        let gateway = view.order.gateway.clone();
        let due =
            app.db.read(move |tx| order::store::delivery::due(tx, &gateway, app_far(), 9)).await.unwrap();
        let breakers = order::jobs::Breakers::new(app.profile.breaker());
        for message in &due {
            order::jobs::deliver(app, &Dead, &breakers, message).await.unwrap();
        }
        assert!(breakers.silent().is_empty());
        let waiting = service::to_carry(app, &officer).await.unwrap();
        assert_eq!(waiting.len(), due.len());
        assert!(waiting.iter().any(|w| w.view.order.id == view.order.id && w.channel == Channel::Letter));
    })
    .await;
}

/// Bug: one folder that could not be written stopped all files of everybody, in both directions; and a link in place of a
/// folder led into another's.
#[tokio::test(flavor = "multi_thread")]
async fn one_broken_folder_holds_up_nobody() {
    each("kz", async |world| {
        let app = &world.app;
        agree(&world, CENTRE, "file_drop").await;
        let dir = Folder::new(app);
        // The centre's own folder is a file; another's `in` is a link to where its answers would lie.
        std::fs::write(dir.0.join(CENTRE), "not a folder").unwrap();
        let filed = file(&world, report(app, 152, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let view = find(&world, filed.id, Measure::Hold).await;
        let body = serde_json::to_vec(&said(&world, &view, "f-1", vec![line("H10", 10_000)])).unwrap();
        let own = dir.0.join("ZCAR").join("in");
        std::fs::create_dir_all(&own).unwrap();
        std::fs::write(own.join("x.json"), "{}").unwrap();
        std::fs::create_dir_all(dir.0.join("ZTEL")).unwrap();
        std::os::unix::fs::symlink(&own, dir.0.join("ZTEL").join("in")).unwrap();
        let (out, read) = order::folder::round(app, &dir.0).await.unwrap();
        assert_eq!((out, read), (0, 1), "its own file was read, once, and by its own name");
        assert!(own.join("refused").is_dir());
        // The folder is put right: everything goes on.
        std::fs::remove_file(dir.0.join(CENTRE)).unwrap();
        let inn = dir.0.join(CENTRE).join("in");
        std::fs::create_dir_all(&inn).unwrap();
        std::fs::write(
            inn.join("a.json"),
            envelope::seal_with(&key_of(CENTRE), &format!("{CENTRE}/1"), &body),
        )
        .unwrap();
        let (out, read) = order::folder::round(app, &dir.0).await.unwrap();
        assert!(out > 0 && read == 1, "{out} {read}");
        assert_eq!(find(&world, filed.id, Measure::Hold).await.objects[0].held.minor(), 10_000);
    })
    .await;
}
