//! Row S16 for identifiers: many reports name telephones, accounts, links and handles, each of its own; institutions ask about them,
//! some are listed, what became of payments is told, filters are made, lists taken out. Then the reports are erased and the
//! decisions end by their term, and no byte of any of it may be left: not the thing, not its mask, not a hash that anybody
//! could work out, not in the other writing.

use std::collections::BTreeSet;
use std::path::Path;

use aho_corasick::AhoCorasick;
use filter::OpenHash;
use identifier::Kind;
use kernel::{Actor, Money, Role};
use qorgan::slices::subscribers;
use registry::model::Outcome;
use registry::service::{self, Became, Question, entry_id};
use report::ReportId;
use testkit::World;

use crate::country::{file, iban, partner_actor, report, staff};
use crate::gone::{node_in, place_in_log, sha256};
use crate::nodes::{files, fresh_folder};

/// How many reports; `QORGAN_ERASED` says how many are to be measured.
fn count() -> u32 {
    std::env::var("QORGAN_ERASED").ok().and_then(|n| n.parse().ok()).unwrap_or(30)
}

/// The things of a report.
fn things(no: u32) -> Vec<(Kind, String)> {
    vec![
        (Kind::Iban, iban("ZBEK", 20_000 + no)),
        (Kind::Phone, format!("+7771{:07}", 3_100_000 + no)),
        (Kind::Url, format!("https://qupiya-{no}.example/login")),
        (Kind::Domain, format!("qupiya-{no}.example")),
        (Kind::Handle, format!("qupiya_adam_{no}")),
    ]
}

/// Whatever must not be found of them: as told, as shown, in other writings, hashed as anybody can.
fn needles(all: &[(Kind, String)]) -> Vec<(String, Vec<u8>)> {
    let mut needles = Vec::new();
    for (kind, value) in all {
        let mut add = |what: &str, bytes: Vec<u8>| needles.push((format!("{what} of {value}"), bytes));
        add("text", value.clone().into_bytes());
        add("upper case", value.to_uppercase().into_bytes());
        add("UTF-16", value.encode_utf16().flat_map(u16::to_le_bytes).collect());
        add("mask", identifier::mask(*kind, value).into_bytes());
        if let Some(digits) = value.strip_prefix('+') {
            add("digits", digits.as_bytes().to_vec());
        }
        add("hash", sha256(value));
        add("hash as text", hex::encode(sha256(value)).into_bytes());
        let open = OpenHash::of(kind.as_str(), value);
        add("open hash", open.as_bytes().to_vec());
        add("open hash as text", hex::encode(open.as_bytes()).into_bytes());
    }
    needles
}

/// What is found where; each sort of needle once.
fn found(folder: &Path, needles: &[(String, Vec<u8>)]) -> BTreeSet<String> {
    let search = AhoCorasick::new(needles.iter().map(|(_, bytes)| bytes)).unwrap();
    let mut all = BTreeSet::new();
    for file in files(folder) {
        let bytes = std::fs::read(&file).unwrap();
        for hit in search.find_overlapping_iter(&bytes) {
            let name = file.file_name().unwrap().to_string_lossy();
            all.insert(format!("{} in {name}", needles[hit.pattern().as_usize()].0));
        }
    }
    all
}

/// Files the reports; gives their ids.
async fn told(world: &World, count: u32) -> Vec<ReportId> {
    let app = &world.app;
    let mut all = Vec::new();
    for no in 0..count {
        let things = things(no);
        let key = 40_000 + u128::from(no);
        let mut new = report(app, key, &things[0].1, 10_000, app.office.now());
        new.reporter.phone = format!("+7700{:07}", 4_200_000 + no);
        new.payments[0].own_account = iban("ZALT", 30_000 + no);
        new.story =
            format!("Звонили с {}, просили войти на {} и писать @{}", things[1].1, things[2].1, things[4].1);
        all.push(file(world, new).await.id);
    }
    all
}

/// Officers list one in three of the accounts; a bank asks about everything and tells what became of payments.
async fn worked_on(world: &World, count: u32) {
    let app = &world.app;
    let officer = staff(app, 1, Role::DutyOfficer).await;
    let approvers = [staff(app, 11, Role::Approver).await, staff(app, 12, Role::Approver).await];
    for no in (0..count).step_by(3) {
        let id = entry_id(app, Kind::Iban, &iban("ZBEK", 20_000 + no));
        service::confirm(app, &officer, id, "оған төленген").await.unwrap();
        for approver in &approvers {
            service::list(app, approver, id).await.unwrap();
        }
    }
    let bank = partner_actor(app, "ZALT").await;
    let ask = |(kind, value): (Kind, String)| Question { kind: Some(kind), value };
    for no in 0..count {
        let all = things(no).into_iter().map(ask).collect();
        service::check(app, &bank, all, "payment").await.unwrap();
        let became = Became {
            payment: format!("p-{no}"),
            payer: format!("client-{no}"),
            to: ask(things(no).remove(0)),
            amount: Money::from_minor(10_000, app.profile.currency()),
            outcome: Outcome::Declined,
            at: app.office.now(),
        };
        assert!(service::became(app, &bank, vec![became]).await.unwrap()[0].is_ok());
    }
    assert!(service::filters::make(app).await.unwrap());
    assert!(!service::export::export(app, &officer, "csv").await.unwrap().is_empty());
    service::export::addresses(app, &bank, None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_byte_of_an_identifier_is_left() {
    let (folder, count) = (fresh_folder(), count());
    let world = node_in(&folder).await;
    let app = &world.app;
    let reports = told(&world, count).await;
    worked_on(&world, count).await;
    let clue = (Kind::Phone, "+77713999999".to_owned());
    let officer = staff(app, 1, Role::DutyOfficer).await;
    let number = report::service::receipt_facts(app, reports[0]).await.unwrap().number;
    desk::service::take(app, &officer, &number).await.unwrap();
    report::service::add_clue(app, &officer, reports[0], (clue.0, &clue.1), "хабарласты").await.unwrap();
    world.deliver(&subscribers(app)).await;
    place_in_log(&world, &folder).await;
    let needles = needles(&(0..count).flat_map(things).chain([clue]).collect::<Vec<_>>());
    // The search finds what lies open before: the masks that officers see, addresses of the network among them.
    let before = found(&folder, &needles);
    assert!(before.iter().any(|hit| hit.starts_with("mask of KZ")), "{before:?}");
    assert!(!before.iter().any(|hit| hit.contains("hash") || hit.starts_with("text of KZ")), "{before:?}");

    for id in reports {
        report::service::expunge(app, &Actor::system("retention"), id).await.unwrap();
    }
    let all = subscribers(app);
    world.deliver(&all).await;
    // What people decided stands until its term; then it goes with what it was about.
    world.advance_secs(800 * 86_400);
    for _ in 0..2 {
        qorgan::serve::tidy(app, &all).await.unwrap();
        world.deliver(&all).await;
    }
    qorgan::serve::tidy(app, &all).await.unwrap();
    place_in_log(&world, &folder).await;
    assert_eq!(found(&folder, &needles), BTreeSet::new(), "of {} things", count * 5 + 1);
    // Sealed hashes, which the node could open, go with their entries.
    assert_eq!(app.db.read(registry::store::entries).await.unwrap(), 0);
    for (kind, value) in (0..count).flat_map(things) {
        let id = entry_id(app, kind, &value);
        let kept = app.db.read(move |tx| registry::store::private::find(tx, id)).await.unwrap();
        assert_eq!(kept, None, "{value}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}
