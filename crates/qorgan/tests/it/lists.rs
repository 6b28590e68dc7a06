//! Lists that others keep, over both engines: judged before anything is changed, taken in, taken back; one that protects
//! needs a second person, and silences what stood before.

use app::App;
use identifier::Kind;
use kernel::{Class as ErrorClass, Coded as _, Role};
use qorgan::slices::subscribers;
use registry::model::{Advice, Batch, BatchStatus, Class, Reason, What};
use registry::rules::{Guard, LifeError, PublicAnswer, Verdict};
use registry::service::batch::{self, NewBatch};
use registry::service::{self, entry_id};
use registry::{EntryId, RegistryError};
use testkit::World;

use crate::country::{file, partner_actor, staff};
use crate::registry::{asked, told};
use crate::talk::each;

fn new(what: What, text: &str) -> NewBatch {
    NewBatch { what, name: "Invented".to_owned(), partner: String::new(), bytes: text.as_bytes().to_vec() }
}

async fn brought(world: &World, new: NewBatch) -> Batch {
    let officer = staff(&world.app, 1, Role::DutyOfficer).await;
    batch::bring(&world.app, &officer, new).await.unwrap()
}

async fn done(world: &World, id: registry::model::BatchId) -> Batch {
    world.deliver(&subscribers(&world.app)).await;
    let officer = staff(&world.app, 1, Role::DutyOfficer).await;
    batch::open(&world.app, &officer, id).await.unwrap().batch
}

fn domain(app: &App, name: &str) -> EntryId {
    entry_id(app, Kind::Domain, name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_an_institution_is_one_more_source_and_goes_as_it_came() {
    each("kz", async |world| {
        let app = &world.app;
        partner_actor(app, "ZBEK").await;
        let text = "kind;value\nphone;8 700 000 05 77\nphone;+77000000577\ndomain;bad-invented.example\n;egov.kz\nphone;12\nx;1\niin;900101300017\ndomain;t.me\n";
        let new = NewBatch { partner: "ZBEK".to_owned(), ..new(What::Harmful, text) };
        let b = brought(&world, new).await;
        assert_eq!((b.good, b.twice, b.faulty), (2, 1, 5), "{:?}", b.faults);
        let codes: Vec<(u64, &str)> = b.faults.iter().map(|(no, code)| (*no, code.as_str())).collect();
        assert_eq!(codes[0], (5, "registry.verified"));
        assert_eq!((codes[2], codes[3], codes[4]), ((7, "registry.why"), (8, "registry.person"), (9, "registry.shared")));
        assert!(codes[1].0 == 6 && codes[1].1.starts_with("identifier."), "{codes:?}");
        // Nothing is changed by looking.
        assert_eq!(asked(&world, None, "+77000000577").await, Verdict::NOTHING);

        let officer = staff(app, 1, Role::DutyOfficer).await;
        batch::start(app, &officer, b.id).await.unwrap();
        let twice = batch::start(app, &officer, b.id).await.unwrap_err();
        assert_eq!((twice.class(), twice.code()), (ErrorClass::Conflict, "registry.batch_stands"));
        let b = done(&world, b.id).await;
        assert_eq!((b.status, b.done), (BatchStatus::Applied, 2));
        let heard = asked(&world, None, "+77000000577").await;
        assert_eq!((heard.class, heard.advice), (Class::Reported, Advice::AskPayer));
        assert_eq!(heard.reasons, [Reason::OnList]);
        assert_eq!(service::check_public(app, "+77000000577").await.unwrap()[0].answer, PublicAnswer::Nothing);

        batch::undo(app, &officer, b.id).await.unwrap();
        assert_eq!(done(&world, b.id).await.status, BatchStatus::Undone);
        assert_eq!(asked(&world, None, "+77000000577").await, Verdict::NOTHING);
        assert_eq!(asked(&world, None, "bad-invented.example").await, Verdict::NOTHING);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_protects_is_signed_by_somebody_else_and_silences_what_stood_there() {
    each("kz", async |world| {
        let app = &world.app;
        let b = brought(&world, new(What::Harmful, "shop-invented.example\nhttps://my.shop-invented.example/a\n")).await;
        let (officer, approver) =
            (staff(app, 1, Role::DutyOfficer).await, staff(app, 11, Role::Approver).await);
        batch::start(app, &officer, b.id).await.unwrap();
        done(&world, b.id).await;
        let id = domain(app, "shop-invented.example");
        assert_eq!(asked(&world, None, "shop-invented.example").await.class, Class::Reported);

        let misp = r#"{"name":"Genuine shops, invented","type":"hostname","list":[".shop-invented.example"],"version":1}"#;
        let protects = NewBatch { name: String::new(), ..new(What::Own, misp) };
        let mine = batch::bring(app, &approver, protects.clone()).await.unwrap();
        assert_eq!((mine.name.as_str(), mine.known), ("Genuine shops, invented", 1));
        // Whoever signs sees what is signed for.
        let (_, lines) = batch::lines(app, &approver, mine.id, 0).await.unwrap();
        assert_eq!(lines.iter().map(|l| l.read.as_str()).collect::<Vec<_>>(), ["shop-invented.example"]);
        assert!(batch::start(app, &officer, mine.id).await.is_err(), "an officer does not sign");
        assert!(batch::start(app, &approver, mine.id).await.is_err(), "nor does who brought it");
        let second = staff(app, 12, Role::Approver).await;
        batch::start(app, &second, mine.id).await.unwrap();
        assert_eq!(done(&world, mine.id).await.status, BatchStatus::Applied);
        for thing in ["shop-invented.example", "https://my.shop-invented.example/a", "my.shop-invented.example"] {
            assert_eq!(asked(&world, None, thing).await, Verdict::NOTHING, "{thing}");
        }
        let refused = service::confirm(app, &officer, id, "somebody has named it").await.unwrap_err();
        assert!(matches!(refused, RegistryError::Life(LifeError::Guarded(Guard::Spared))), "{refused:?}");
        // A list brought later says so of the line.
        let again = brought(&world, new(What::Harmful, "pay.shop-invented.example")).await;
        assert_eq!(again.faults, [(1, "registry.spared".to_owned())]);

        batch::undo(app, &approver, mine.id).await.unwrap();
        assert_eq!(done(&world, mine.id).await.status, BatchStatus::Undone);
        assert_eq!(asked(&world, None, "shop-invented.example").await.class, Class::Reported);
        service::confirm(app, &officer, id, "somebody has named it").await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_names_what_a_list_protects_and_harms_it_not() {
    each("kz", async |world| {
        let app = &world.app;
        let approver = staff(app, 11, Role::Approver).await;
        let lists = [
            (What::Own, r#"{"type":"cidr","list":["203.0.113.0/24"],"name":"Invented net"}"#),
            (What::Own, "+77000000577"),
        ];
        for (what, text) in lists {
            let b = brought(&world, new(what, text)).await;
            batch::start(app, &approver, b.id).await.unwrap();
            assert_eq!(done(&world, b.id).await.status, BatchStatus::Applied);
        }
        let mut new = told(app, 501, "desk:phone");
        new.story = "They called from +77000000577 and the site was 203.0.113.9".to_owned();
        file(&world, new).await;
        for thing in ["+77000000577", "203.0.113.9"] {
            assert_eq!(asked(&world, None, thing).await, Verdict::NOTHING, "{thing}");
        }
        // A name that looks like another, and is somebody's own.
        assert_eq!(asked(&world, None, "egov-kz.example").await.reasons, [Reason::LooksLike]);
        let b = brought(&world, self::new(What::Own, "egov-kz.example")).await;
        batch::start(app, &approver, b.id).await.unwrap();
        done(&world, b.id).await;
        assert_eq!(asked(&world, None, "egov-kz.example").await, Verdict::NOTHING);
        assert_eq!(
            service::check_public(app, "egov-kz.example").await.unwrap()[0].answer,
            PublicAnswer::Nothing
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_list_may_not_do() {
    each("kz", async |world| {
        let app = &world.app;
        let (officer, approver) =
            (staff(app, 1, Role::DutyOfficer).await, staff(app, 31, Role::Approver).await);
        let faults = async |what, text: &str| brought(&world, new(what, text)).await.faults;
        // Silence what people have confirmed, or all that is on a shared service, or everybody with such a card.
        let b = brought(&world, new(What::Harmful, "+77000000577\n+77000000578\n")).await;
        batch::start(app, &officer, b.id).await.unwrap();
        done(&world, b.id).await;
        let id = entry_id(app, Kind::Phone, "+77000000577");
        service::confirm(app, &officer, id, "a victim called").await.unwrap();
        let refused = faults(What::Own, "+77000000577\nt.me\n4000 00** **** 0002\n").await;
        let codes: Vec<&str> = refused.iter().map(|(_, code)| code.as_str()).collect();
        assert_eq!(codes, ["registry.decided_before", "registry.shared", "registry.crowd"]);
        // Bring back what was cleared, by the file or by the news that it makes.
        service::clear(app, &approver, id, "somebody else's number").await.unwrap();
        assert_eq!(faults(What::Harmful, "+77000000577").await, [(1, "registry.cleared_before".to_owned())]);
        assert!(service::confirm(app, &officer, id, "once more").await.is_err());
        // Take a victim's silence away.
        let mut victim = told(app, 501, "partner:ZALT");
        victim.payments.iter_mut().for_each(|p| p.own_account = crate::country::iban("ZALT", 501));
        file(&world, victim).await;
        let own = crate::country::iban("ZALT", 501);
        assert_eq!(faults(What::Harmful, &own).await, [(1, "registry.victim".to_owned())]);
        // Two lists make no second institution.
        for partner in ["ZBEK", "ZALT"] {
            let b = NewBatch { partner: partner.to_owned(), ..new(What::Harmful, "+77000000578") };
            let b = brought(&world, b).await;
            batch::start(app, &officer, b.id).await.unwrap();
            done(&world, b.id).await;
        }
        let heard = asked(&world, None, "+77000000578").await;
        assert_eq!(
            (heard.reasons, heard.confidence),
            (vec![Reason::OnList], Some(registry::model::Confidence::Low))
        );
    })
    .await;
}

/// What people have decided is cleared by people: a list of what is above it silences nothing, and a further step is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_the_whole_site_silences_no_decision_below_it() {
    each("kz", async |world| {
        let app = &world.app;
        let (officer, approver) =
            (staff(app, 1, Role::DutyOfficer).await, staff(app, 31, Role::Approver).await);
        let b = brought(
            &world,
            new(What::Harmful, "pay.bad-invented.example\n203.0.113.9\nso.bad-invented.example\n"),
        )
        .await;
        batch::start(app, &officer, b.id).await.unwrap();
        done(&world, b.id).await;
        let id = domain(app, "pay.bad-invented.example");
        service::confirm(app, &officer, id, "a victim called").await.unwrap();
        let b = brought(&world, new(What::Own, "bad-invented.example")).await;
        batch::start(app, &approver, b.id).await.unwrap();
        assert_eq!(done(&world, b.id).await.status, BatchStatus::Applied);
        assert_eq!(asked(&world, None, "pay.bad-invented.example").await.class, Class::Suspect);
        assert_eq!(asked(&world, None, "so.bad-invented.example").await, Verdict::NOTHING);
        let refused = service::list(app, &approver, id).await.unwrap_err();
        assert!(matches!(refused, RegistryError::Life(LifeError::Guarded(Guard::Spared))), "{refused:?}");
        // A shared service protects no name of somebody's own below it, and vouches for none that imitates.
        let b = brought(&world, new(What::Shared, "sites-invented.example")).await;
        batch::start(app, &approver, b.id).await.unwrap();
        done(&world, b.id).await;
        let heard = asked(&world, None, "https://egov-kz.sites-invented.example/login").await;
        assert_eq!(heard.reasons, [Reason::LooksLike]);
    })
    .await;
}

/// A decision that is over, of something that nobody names any more, stands in no list's way.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_goes_with_the_list() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let b = brought(&world, new(What::Harmful, "bad-invented.example")).await;
        batch::start(app, &officer, b.id).await.unwrap();
        done(&world, b.id).await;
        let id = domain(app, "bad-invented.example");
        service::confirm(app, &officer, id, "somebody has named it").await.unwrap();
        world.advance_secs(400 * 86_400);
        let officer = staff(app, 1, Role::DutyOfficer).await;
        batch::undo(app, &officer, b.id).await.unwrap();
        assert_eq!(done(&world, b.id).await.status, BatchStatus::Undone);
        assert!(matches!(service::entry(app, &officer, id).await, Err(RegistryError::NotFound)));
    })
    .await;
}
