//! The registry in memory: two processes over one database hear of each other's decisions, answers are those of the
//! database, and every question is written down and provable.

use std::sync::Arc;

use identifier::Kind;
use kernel::Role;
use ledger::{Hash, leaf_hash};
use partner::bearer::Roster;
use registry::live::{self, Live, Number};
use registry::model::{Advice, Class};
use registry::rules::Verdict;
use registry::service::{self, Question};
use testkit::World;
use uuid::Uuid;

use crate::country::{file, iban, partner_actor, staff};
use crate::registry::{listed, mule, told};
use crate::talk::each;

/// A process with its copy, and how far it has followed.
struct Process {
    live: Live,
    cursor: i64,
}

impl Process {
    /// One that has just been started.
    async fn start(world: &World, no: u128) -> Self {
        let roster = Arc::new(Roster::default());
        roster.refresh(&world.app).await.unwrap();
        let live = Live::new(Uuid::from_u128(no), roster);
        let cursor = live::load(&world.app, &live).await.unwrap();
        Self { live, cursor }
    }

    async fn catch_up(&mut self, world: &World) {
        while live::catch_up(&world.app, &self.live, &mut self.cursor).await.unwrap() > 0 {}
    }

    async fn asked(&self, world: &World, value: &str) -> (service::Answer, Number) {
        let bank = partner_actor(&world.app, "ZALT").await;
        let all = vec![Question { kind: Some(Kind::Iban), value: value.to_owned() }];
        let (mut told, number) =
            service::check_live(&world.app, &self.live, &bank, all, "payment").await.unwrap();
        (told.remove(0).unwrap(), number)
    }
}

/// The same question to the database.
async fn by_database(world: &World, value: &str) -> service::Answer {
    let bank = partner_actor(&world.app, "ZALT").await;
    let all = vec![Question { kind: Some(Kind::Iban), value: value.to_owned() }];
    service::check(&world.app, &bank, all, "payment").await.unwrap().remove(0).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_hear_of_each_others_decisions() {
    each("kz", async |world| {
        let (app, id, value) = (&world.app, mule(&world.app), iban("ZBEK", 7));
        let (mut one, mut other) = (Process::start(&world, 1).await, Process::start(&world, 2).await);
        assert_eq!(one.asked(&world, &value).await.0.verdict, Verdict::NOTHING);
        file(&world, told(app, 801, "portal")).await;
        for process in [&mut one, &mut other] {
            process.catch_up(&world).await;
            assert_eq!(process.asked(&world, &value).await.0, by_database(&world, &value).await);
        }
        assert_eq!(other.asked(&world, &value).await.0.verdict.class, Class::Reported);

        assert_eq!(listed(&world, id).await, 2);
        assert_eq!(one.asked(&world, &value).await.0.verdict.advice, Advice::AskPayer, "not heard yet");
        for process in [&mut one, &mut other] {
            process.catch_up(&world).await;
            let (answer, _) = process.asked(&world, &value).await;
            assert_eq!(answer, by_database(&world, &value).await);
            assert_eq!(answer.verdict.advice, Advice::Decline);
            assert!(!answer.spared.is_empty(), "wages are spared by the law of the listing");
        }
        // One that begins now knows it from the first.
        let third = Process::start(&world, 3).await;
        assert_eq!(third.asked(&world, &value).await.0, by_database(&world, &value).await);

        let approver = staff(app, 12, Role::Approver).await;
        service::clear(app, &approver, id, "it was the seller of a phone").await.unwrap();
        other.catch_up(&world).await;
        assert_eq!(other.asked(&world, &value).await.0.verdict, Verdict::NOTHING, "cleared everywhere");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_is_forgotten_in_memory_too() {
    each("kz", async |world| {
        let (app, value) = (&world.app, iban("ZBEK", 7));
        let filed = file(&world, told(app, 811, "portal")).await;
        let mut process = Process::start(&world, 1).await;
        assert_eq!(process.live.size().0, 3, "the mule's account, the reporter's own, their telephone");
        assert_eq!(process.asked(&world, &value).await.0.verdict.class, Class::Reported);
        let citizen = kernel::Actor::Citizen { report: filed.id.uuid() };
        report::service::withdraw(app, &citizen, filed.id).await.unwrap();
        world.deliver(&qorgan::slices::subscribers(app)).await;
        process.catch_up(&world).await;
        assert_eq!(process.live.size().0, 0);
        assert_eq!(process.asked(&world, &value).await.0.verdict, Verdict::NOTHING);
        // Bug: what was removed while a process was away stayed in its memory for ever.
        let away = Process::start(&world, 2).await;
        let filed = file(&world, told(app, 813, "portal")).await.id;
        live::load(app, &away.live).await.unwrap();
        assert_eq!(away.live.size().0, 3);
        report::service::withdraw(app, &kernel::Actor::Citizen { report: filed.uuid() }, filed)
            .await
            .unwrap();
        world.deliver(&qorgan::slices::subscribers(app)).await;
        live::load(app, &away.live).await.unwrap();
        assert_eq!(away.live.size().0, 0);
        process.catch_up(&world).await;
        // And comes back with the next report, whatever numbers its changes had before.
        file(&world, told(app, 812, "portal")).await;
        process.catch_up(&world).await;
        assert_eq!(process.asked(&world, &value).await.0.verdict.class, Class::Reported);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_question_is_written_down_and_proved() {
    each("kz", async |world| {
        let (app, id, value) = (&world.app, mule(&world.app), iban("ZBEK", 7));
        file(&world, told(app, 821, "portal")).await;
        let process = Process::start(&world, 9).await;
        for no in 0..3 {
            process.asked(&world, &iban("ZCAR", no)).await;
        }
        let (_, number) = process.asked(&world, &value).await;
        assert_eq!(number, Number { process: Uuid::from_u128(9), no: 3 });
        live::write_down(app, &process.live).await.unwrap();
        live::write_down(app, &process.live).await.unwrap();
        // Bug: a commit whose outcome was not heard was written again.
        let segment = live::Segment { start: 0, queries: Vec::new() };
        let again = segment.row("n", number.process, app.office.now());
        let twice = app.db.write(move |tx| registry::store::insert_segment(tx, &again)).await;
        assert!(matches!(twice, Err(db::DbError::Unique { .. })), "{twice:?}");

        let row = app
            .db
            .read(move |tx| registry::store::holding(tx, number.process, 3))
            .await
            .unwrap()
            .expect("the segment of the question");
        assert_eq!((row.start, row.questions), (0, 4));
        // Anybody with the line, the path and the root can check it.
        let proof = live::prove(&row, 3).unwrap();
        assert!(proof.line.contains("\"asked\":1") && proof.line.contains(&id.to_string()));
        let root = Hash::new(row.root);
        ledger::verify_inclusion(&leaf_hash(proof.line.as_bytes()), 3, 4, &proof.path, &root).unwrap();
        let changed = proof.line.replace("\"asked\":1", "\"asked\":0");
        assert!(ledger::verify_inclusion(&leaf_hash(changed.as_bytes()), 3, 4, &proof.path, &root).is_err());
        assert!(live::prove(&row, 4).is_none());

        // The record has the root, and what was told of what is known.
        let records = app.db.read(move |tx| audit::records_for(tx, row.id)).await.unwrap();
        let root: String = row.root.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(records.len(), 1);
        assert_eq!(records[0].facts["root"], root.as_str());
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let opened = service::entry(app, &officer, id).await.unwrap();
        assert_eq!(opened.told.iter().map(|t| t.partner.as_str()).collect::<Vec<_>>(), ["ZALT"]);
        let figures = service::figures(app, &officer).await.unwrap();
        assert_eq!((figures.asked, figures.known), (4, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_hears_nothing_is_not_believed() {
    each("kz", async |world| {
        let process = Process::start(&world, 1).await;
        assert!(process.live.is_current(&world.app.wall));
        assert!(
            !Live::new(Uuid::nil(), Arc::default()).is_current(&world.app.wall),
            "it has read nothing yet"
        );
        world.advance_secs(3);
        assert!(!process.live.is_current(&world.app.wall));
    })
    .await;
}
