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
        let name = format!("qorgan_files_{:?}_{}", app.db.engine(), std::process::id());
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
