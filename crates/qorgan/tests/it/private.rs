//! Asking without naming: by the beginning of a hash, obliviously, and at home with a signed filter.

use std::sync::Arc;

use filter::{Filter, OpenHash, Refused, Seen};
use identifier::Kind;
use kernel::{Coded as _, Role};
use oprf::Blind;
use partner::bearer::Roster;
use registry::live::{self, Live};
use registry::model::Class;
use registry::service::private::open_hashes;
use registry::service::{self, filters, private};
use registry::store::filter::Which;
use report::Target;
use testkit::World;
use uuid::Uuid;

use crate::country::{file, iban, partner_actor, staff};
use crate::registry::{listed, mule, told};
use crate::talk::each;

const PHONE: &str = "+77000000599";

async fn process(world: &World) -> (Live, i64) {
    let roster = Arc::new(Roster::default());
    roster.refresh(&world.app).await.unwrap();
    let live = Live::new(Uuid::from_u128(1), roster);
    let cursor = live::load(&world.app, &live).await.unwrap();
    (live, cursor)
}

/// Two reports: money went to an account, and to somebody by their telephone.
async fn reported(world: &World) {
    file(world, told(&world.app, 951, "portal")).await;
    let mut new = told(&world.app, 952, "portal");
    new.payments[0].to = Some(Target {
        kind: "phone".to_owned(),
        value: PHONE.to_owned(),
        masked: report::rules::mask("phone", PHONE),
    });
    file(world, new).await;
}

fn beginning(open: &OpenHash) -> [u8; 2] {
    [open.as_bytes()[0], open.as_bytes()[1]]
}

#[tokio::test(flavor = "multi_thread")]
async fn by_the_beginning_of_a_hash() {
    each("kz", async |world| {
        let app = &world.app;
        let (bank, account) = (partner_actor(app, "ZALT").await, iban("ZBEK", 7));
        let (live, mut cursor) = process(&world).await;
        let asked = async |live: &Live, kind: Kind, value: &str| {
            let open = open_hashes(kind, value)[0];
            let (heaps, number) =
                private::by_prefix(app, live, &bank, &[beginning(&open)], "payment").await.unwrap();
            let mine = heaps[0].iter().find(|(found, _)| *found == open);
            (mine.map(|(_, answer)| answer.verdict.class), number)
        };
        assert_eq!(asked(&live, Kind::Phone, PHONE).await.0, None);
        reported(&world).await;
        while live::catch_up(app, &live, &mut cursor).await.unwrap() > 0 {}
        let (class, number) = asked(&live, Kind::Phone, PHONE).await;
        assert_eq!(class, Some(Class::Reported));
        // An account's beginning would hide it among too few; a reporter's own number is nobody's business.
        assert_eq!(asked(&live, Kind::Iban, &account).await.0, None);
        assert_eq!(asked(&live, Kind::Phone, "+77000000951").await.0, None);
        // Whoever begins now knows the same.
        let (other, _) = process(&world).await;
        assert_eq!(asked(&other, Kind::Phone, PHONE).await.0, Some(Class::Reported));

        // The record says that something was asked, and not what.
        live::write_down(app, &live).await.unwrap();
        let no = i64::try_from(number.no).unwrap();
        let row = app.db.read(move |tx| registry::store::holding(tx, number.process, no)).await.unwrap();
        let line = live::prove(&row.unwrap(), number.no).unwrap().line;
        assert!(line.contains(r#""way":"prefix""#) && line.contains(r#""known":[]"#), "{line}");

        for wrong in [Vec::new(), vec![[0, 0]; 101]] {
            let error = private::by_prefix(app, &live, &bank, &wrong, "payment").await.unwrap_err();
            assert_eq!(error.code(), "registry.private_items");
        }
        world.advance_secs(3);
        let error = private::by_prefix(app, &live, &bank, &[[0, 0]], "payment").await.unwrap_err();
        assert_eq!(error.code(), "registry.busy", "a copy that is behind says nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn obliviously() {
    each("kz", async |world| {
        let app = &world.app;
        reported(&world).await;
        let (live, mut cursor) = process(&world).await;
        let bank = partner_actor(app, "ZALT").await;
        let (known, unknown) = (iban("ZBEK", 7), iban("ZCAR", 9));
        let asked = async |live: &Live, value: &str| {
            let open = open_hashes(Kind::Iban, value)[0];
            let blinds = [Blind::of(open.as_bytes(), app.entropy.bytes()).unwrap()];
            let (answered, _) =
                private::evaluate(app, live, &bank, vec![blinds[0].point], "payment").await.unwrap();
            let public = private::office(app).unwrap().public_key();
            let mark = Blind::finish(&blinds, &answered, &public).unwrap()[0];
            let (heaps, _) = private::by_mark(app, live, &bank, &[mark.heap()], "payment").await.unwrap();
            let mine = heaps[0].iter().find(|(found, _)| *found == mark);
            mine.map(|(_, answer)| answer.clone())
        };
        assert_eq!(asked(&live, &known).await.unwrap().verdict.class, Class::Reported);
        assert_eq!(asked(&live, &unknown).await, None);
        listed(&world, mule(app)).await;
        while live::catch_up(app, &live, &mut cursor).await.unwrap() > 0 {}
        let answer = asked(&live, &known).await.unwrap();
        assert_eq!(answer.verdict.class, Class::Listed);
        assert!(!answer.spared.is_empty(), "wages are spared here, too");
        let error = private::evaluate(app, &live, &bank, vec![[0xff; 32]], "payment").await.unwrap_err();
        assert_eq!(error.code(), "registry.point");
        let approver = staff(app, 12, Role::Approver).await;
        service::clear(app, &approver, mule(app), "it was the seller of a phone").await.unwrap();
        while live::catch_up(app, &live, &mut cursor).await.unwrap() > 0 {}
        assert_eq!(asked(&live, &known).await, None, "cleared everywhere");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_for_it_tells_nothing_and_goes_with_the_entry() {
    each("kz", async |world| {
        let (app, id) = (&world.app, mule(&world.app));
        let filed = file(&world, told(app, 961, "portal")).await.id;
        let open = open_hashes(Kind::Iban, &iban("ZBEK", 7))[0];
        let kept = async || app.db.read(move |tx| registry::store::private::find(tx, id)).await.unwrap();
        let row = kept().await.unwrap();
        let holds = |bytes: &[u8]| bytes.windows(16).any(|part| part == open.as_bytes());
        assert!(!holds(&row.open_sealed) && !holds(&row.mark), "whoever guesses the account finds it");
        let citizen = kernel::Actor::Citizen { report: filed.uuid() };
        report::service::withdraw(app, &citizen, filed).await.unwrap();
        world.deliver(&qorgan::slices::subscribers(app)).await;
        assert_eq!(kept().await, None);
    })
    .await;
}

/// What an institution has fetched, opened at home.
async fn at_home(world: &World, seen: &mut Seen) -> Result<Filter, Refused> {
    let (app, bank) = (&world.app, partner_actor(&world.app, "ZALT").await);
    let whole = filters::fetch(app, &bank, Which::Whole).await.unwrap();
    let changes = filters::fetch(app, &bank, Which::Changes).await.unwrap();
    let key = httpsig::SigningKey::from_bytes(app.node.message_key.expose()).verifying_key();
    Filter::open(&whole, &changes, &key, seen, app.wall.now().as_secs())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_at_home_knows_what_people_have_decided() {
    each("kz", async |world| {
        let (app, id, mut seen) = (&world.app, mule(&world.app), Seen::default());
        let bank = partner_actor(app, "ZALT").await;
        let none = filters::fetch(app, &bank, Which::Whole).await.unwrap_err();
        assert_eq!(none.code(), "registry.not_found");
        reported(&world).await;
        let open = open_hashes(Kind::Iban, &iban("ZBEK", 7))[0];
        let now = || app.wall.now().as_secs();
        assert!(filters::make(app).await.unwrap() && !filters::make(app).await.unwrap(), "once is enough");
        let first = at_home(&world, &mut seen).await.unwrap();
        assert!(!first.may_hold(&open, now()).unwrap(), "what was merely reported is in no filter");

        listed(&world, id).await;
        assert!(!filters::make(app).await.unwrap(), "not yet due");
        world.advance_secs(5 * 60);
        assert!(filters::make(app).await.unwrap());
        let then = at_home(&world, &mut seen).await.unwrap();
        assert!(then.may_hold(&open, now()).unwrap());
        assert_eq!((then.head().base, then.head().things), (first.head().base, 1));

        // A day later it stands in the whole one; cleared, it goes with the next change.
        world.advance_secs(86_400);
        assert!(matches!(at_home(&world, &mut seen).await, Err(Refused::Over { .. })));
        assert!(filters::make(app).await.unwrap());
        let whole = at_home(&world, &mut seen).await.unwrap();
        assert!(whole.may_hold(&open, now()).unwrap());
        assert!(whole.head().base > then.head().number && whole.head().things == 0);
        let approver = staff(app, 12, Role::Approver).await;
        service::clear(app, &approver, id, "it was the seller of a phone").await.unwrap();
        world.advance_secs(5 * 60);
        assert!(filters::make(app).await.unwrap());
        assert!(!at_home(&world, &mut seen).await.unwrap().may_hold(&open, now()).unwrap());
        // Who fetched what is in the record.
        let subject = app.db.read(partner::store::all).await.unwrap();
        let subject = subject.iter().find(|p| p.code == "ZALT").unwrap().id.uuid();
        let records = app.db.read(move |tx| audit::records_for(tx, subject)).await.unwrap();
        assert!(records.iter().any(|r| r.record.act == "registry.filter_fetched"));
    })
    .await;
}

/// Bug: what was decided before open hashes were kept was in no filter, which then said "certainly not".
#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_before_is_looked_up_or_no_filter_is_made() {
    each("kz", async |world| {
        let (app, id, mut seen) = (&world.app, mule(&world.app), Seen::default());
        file(&world, told(app, 971, "portal")).await;
        listed(&world, id).await;
        let forget = db::Stmt::both("test.forget", "DELETE FROM registry_private");
        app.db.write(move |tx| tx.execute(&forget, &[])).await.unwrap();
        assert!(filters::make(app).await.unwrap());
        let open = open_hashes(Kind::Iban, &iban("ZBEK", 7))[0];
        let now = app.wall.now().as_secs();
        assert!(at_home(&world, &mut seen).await.unwrap().may_hold(&open, now).unwrap());

        // Nobody knows the number any more, and it is listed.
        app.db
            .write(move |tx| {
                tx.execute(&forget, &[])?;
                tx.execute(&db::Stmt::both("test.unheard", "DELETE FROM registry_mention"), &[])
            })
            .await
            .unwrap();
        world.advance_secs(86_400);
        assert_eq!(filters::make(app).await.unwrap_err().code(), "registry.busy");
    })
    .await;
}

/// Bug: a maker that came late put an older filter in the place of a newer one.
#[tokio::test(flavor = "multi_thread")]
async fn an_older_filter_takes_no_newer_ones_place() {
    each("kz", async |world| {
        let app = &world.app;
        filters::make(app).await.unwrap();
        let (whole, _) = filters::heads(app).await.unwrap();
        let (whole, put) = (whole.unwrap(), registry::store::filter::put);
        let same = app.db.write(move |tx| put(tx, Which::Whole, whole, b"x")).await.unwrap();
        assert!(!same);
        assert_eq!(filters::heads(app).await.unwrap().0, Some(whole));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_institution_on_trial_gets_no_filter() {
    each("kz", async |world| {
        let app = &world.app;
        filters::make(app).await.unwrap();
        let boss = staff(app, 50, Role::Administrator).await;
        partner::mode::back_to_test(app, &boss, "ZALT", "сынақ").await.unwrap();
        let bank = partner_actor(app, "ZALT").await;
        let error = filters::fetch(app, &bank, Which::Changes).await.unwrap_err();
        assert_eq!(error.code(), "registry.on_trial");
    })
    .await;
}
