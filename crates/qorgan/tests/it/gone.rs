//! A report goes the whole way through a running node: told, ordered, answered, corrected, talked about. Then it is
//! erased, and every byte of the data folder is searched for whatever anybody said of people.

use std::path::{Path, PathBuf};

use db::{Db, Options};
use kernel::{Actor, Money, Role};
use order::answer::Code;
use order::message::{Account, Line};
use order::service;
use qorgan::slices::subscribers;
use testkit::World;

use crate::country::{self, CENTRE, file, iban, partner_actor, report, staff};
use crate::nodes::{files, fresh_folder};
use crate::talk::{answer, line, moved, orders, said};

/// Accounts, phones and references as they were told; each is also looked for as a mask and as a bare hash.
struct Told {
    identifiers: Vec<(&'static str, String)>,
    words: Vec<&'static str>,
}

impl Told {
    fn new() -> Self {
        let identifiers = vec![
            ("iban", iban("ZBEK", 4711)),
            ("iban", iban("ZCAR", 4712)),
            ("iban", iban("ZALT", 4713)),
            ("phone", "+77015557788".to_owned()),
            ("iin", "910101300005".to_owned()),
            ("handle", "zhuldyz_kupiya".to_owned()),
        ];
        let words = vec![
            "Серікбаева Жұлдыз",
            "Ғабит деген кісі",
            "REF-ҚҰПИЯ-77",
            "Оралов Темір",
            "ref-жеке-9",
            "ATM-ЖЕКЕ-1",
            "Абай даңғылы 7",
            "Дүкен Жеке",
            "Нұрланов Қайрат",
            "Бақыт хабарласты",
            "Жұлдыз апай сұрады",
            "Несие алған банк",
        ];
        Self { identifiers, words }
    }

    /// Whatever must not be found, with a name for the message.
    fn needles(&self) -> Vec<(String, Vec<u8>)> {
        let mut all = Vec::new();
        for (kind, value) in &self.identifiers {
            all.push((value.clone(), value.clone().into_bytes()));
            let mask = report::rules::mask(kind, value);
            all.push((format!("mask {mask}"), mask.into_bytes()));
            all.push((format!("hash of {value}"), sha256(value)));
        }
        for word in &self.words {
            all.push(((*word).to_owned(), (*word).as_bytes().to_vec()));
            all.push((format!("hash of {word}"), sha256(word)));
        }
        all
    }
}

pub(crate) fn sha256(text: &str) -> Vec<u8> {
    // RFC 9530 writes it in base64 between colons.
    let digest = httpsig::content_digest(text.as_bytes());
    let encoded = digest.split(':').nth(1).unwrap();
    base64::Engine::decode(&base64::engine::general_purpose::STANDARD, encoded).unwrap()
}

/// Each needle with the files it is found in.
fn found(folder: &Path, told: &Told) -> Vec<(String, Vec<PathBuf>)> {
    let contents: Vec<(PathBuf, Vec<u8>)> =
        files(folder).into_iter().map(|f| (f.clone(), std::fs::read(&f).unwrap())).collect();
    let mut all = Vec::new();
    for (name, needle) in told.needles() {
        let holds = |bytes: &[u8]| bytes.windows(needle.len()).any(|w| w == needle);
        let hits: Vec<PathBuf> =
            contents.iter().filter(|(_, b)| holds(b)).map(|(f, _)| f.file_name().unwrap().into()).collect();
        if !hits.is_empty() {
            all.push((name, hits));
        }
    }
    all
}

/// Everything that a report gathers on its way.
async fn lives(world: &World, told: &Told) -> report::ReportId {
    let app = &world.app;
    let account = |n: usize| told.identifiers[n].1.clone();
    let mut new = report(app, 77, &account(0), 90_000_000, app.office.now());
    new.reporter = report::Reporter {
        name: "Серікбаева Жұлдыз".into(), phone: account(3), iin: account(4)
    };
    new.story = format!("Ғабит деген кісі @zhuldyz_kupiya жазды, {} шотына аудардым", account(0));
    new.payments[0].reference = "REF-ҚҰПИЯ-77".into();
    new.payments[0].own_account = account(2);
    let filed = file(world, new).await;
    let citizen = Actor::Citizen { report: filed.id.uuid() };
    let officer = staff(app, 1, Role::DutyOfficer).await;
    report::service::keep_details(app, &citizen, filed.id, r#"{"loans":{"lenders":["Несие алған банк"]}}"#)
        .await
        .unwrap();
    report::service::message(app, &citizen, filed.id, "Бақыт хабарласты", "").await.unwrap();
    report::service::message(app, &officer, filed.id, "Бақыт хабарласты дедіңіз", "").await.unwrap();
    world.deliver(&subscribers(app)).await;

    let first = orders(world, filed.id).await.remove(0);
    let spent = Line {
        terminal: Some("ATM-ЖЕКЕ-1".into()),
        place: Some("Абай даңғылы 7".into()),
        merchant: Some("Дүкен Жеке".into()),
        at: Some(app.office.now().rfc3339()),
        ..line("M23", 1_000_000)
    };
    let onward = Line {
        reference: Some("ref-жеке-9".into()),
        text: Some("Шот иесі Оралов Темір".into()),
        account: Some(Account { kind: "iban".into(), value: account(1) }),
        ..moved(world, 28_000_000, "ZCAR", &account(1))
    };
    let bank = partner_actor(app, CENTRE).await;
    let mut words = said(world, &first, "a-1", vec![line("H11", 61_000_000), onward, spent]);
    words.text = Some("иесі Нұрланов Қайрат".into());
    let body = serde_json::to_vec(&words).unwrap();
    service::answer(app, &bank, first.order.id, words, &body).await.unwrap();
    world.deliver(&subscribers(app)).await;

    let second = orders(world, filed.id).await.remove(1);
    assert_eq!(second.order.executor, "ZCAR", "the hop behind opened");
    answer(world, &second, "a-2", vec![line("H10", 28_000_000)]).await.unwrap();
    let number = report::service::receipt_facts(app, filed.id).await.unwrap().number;
    desk::service::take(app, &officer, &number).await.unwrap();
    world.deliver(&subscribers(app)).await;
    let keep = Money::from_minor(8_000_000, app.profile.currency());
    service::correct(app, &officer, second.objects[0].id, keep, "сома қате").await.unwrap();
    service::release(app, &officer, second.order.id, Code::L61, "шешім өзгерді").await.unwrap();
    world.deliver(&subscribers(app)).await;
    filed.id
}

/// A world over a database file in a folder of its own, with the engine's own threads, as in production.
pub(crate) async fn node_in(folder: &Path) -> World {
    std::fs::create_dir_all(folder).unwrap();
    let mut world = World::in_country(11, "kz");
    let url = format!("sqlite:{}", folder.join("qorgan.db").display());
    world.app.db = Db::open(&url, Options::default()).unwrap();
    country::settle(world).await
}

pub(crate) async fn place_in_log(world: &World, folder: &Path) {
    let signer = qorgan::serve::log_signer(&world.app).unwrap();
    audit::Sequencer::new(world.app.db.clone(), signer.clone(), world.app.wall.clone())
        .drain()
        .await
        .unwrap();
    audit::export(&world.app.db, &folder.join("exported-log")).unwrap();
    let verdict = audit::verify_database(&world.app.db, &audit::LogKeys::of(&signer)).unwrap();
    assert!(verdict.is_sound(), "{verdict}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_byte_of_a_person_is_left_in_the_data_folder() {
    let (folder, told) = (fresh_folder(), Told::new());
    let world = node_in(&folder).await;
    let id = lives(&world, &told).await;
    place_in_log(&world, &folder).await;
    // The search finds what lies open, or it would prove nothing: the masks that officers see.
    let before = found(&folder, &told);
    assert!(before.iter().any(|(name, _)| name.starts_with("mask ")), "{before:?}");
    let open: Vec<_> = before.iter().filter(|(name, _)| !name.starts_with("mask ")).collect();
    assert!(open.is_empty(), "only masks lie open before: {open:?}");

    report::service::expunge(&world.app, &Actor::system("retention"), id).await.unwrap();
    let all = subscribers(&world.app);
    // The other parts hear of it late: a sweep before they have must not be the last one.
    let ear: Vec<_> = all.iter().filter(|s| s.name == "node.erased").cloned().collect();
    assert_eq!(world.deliver(&ear).await, 1);
    qorgan::serve::tidy(&world.app, &all).await.unwrap();
    world.deliver(&all).await;
    qorgan::serve::tidy(&world.app, &all).await.unwrap();
    place_in_log(&world, &folder).await;
    assert_eq!(found(&folder, &told), [], "while the node runs");
    drop(world);
    assert_eq!(found(&folder, &told), [], "and when it has ended");
    std::fs::remove_dir_all(folder).unwrap();
}

/// What officers write as a reason is theirs to word; whatever they write must go with the report.
#[tokio::test(flavor = "multi_thread")]
async fn what_officers_wrote_about_a_person_is_gone_too() {
    let (folder, told) = (fresh_folder(), Told { identifiers: vec![], words: vec!["Жұлдыз апай сұрады"] });
    let world = node_in(&folder).await;
    let app = &world.app;
    let filed = file(&world, report(app, 78, &iban("ZBEK", 1), 10_000, app.office.now())).await;
    let officer = staff(app, 1, Role::DutyOfficer).await;
    let number = report::service::receipt_facts(app, filed.id).await.unwrap().number;
    desk::service::take(app, &officer, &number).await.unwrap();
    world.deliver(&subscribers(app)).await;
    desk::service::snooze(app, &officer, &number, 600, "Жұлдыз апай сұрады").await.unwrap();
    let view = orders(&world, filed.id).await.remove(0);
    answer(&world, &view, "a-1", vec![line("H10", 10_000)]).await.unwrap();
    let keep = Money::from_minor(4_000, app.profile.currency());
    service::correct(app, &officer, view.objects[0].id, keep, "Жұлдыз апай сұрады").await.unwrap();
    service::release(app, &officer, view.order.id, Code::L61, "Жұлдыз апай сұрады").await.unwrap();
    world.deliver(&subscribers(app)).await;
    report::service::expunge(app, &Actor::system("retention"), filed.id).await.unwrap();
    world.deliver(&subscribers(app)).await;
    qorgan::serve::tidy(app, &subscribers(app)).await.unwrap();
    place_in_log(&world, &folder).await;
    assert_eq!(found(&folder, &told), []);
    std::fs::remove_dir_all(folder).unwrap();
}
