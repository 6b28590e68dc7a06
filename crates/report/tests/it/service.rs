//! The verbs of the office on both engines.

use kernel::{Actor, Entropy, Lang, Money, Personal, Purpose, When};
use report::draft::{self, Answers};
use report::model::{Harm, NewPayment, NewReport, Reporter, Target};
use report::rules::{self, FilingError};
use report::service::{self, Filing};
use report::{ReportError, ReportId};

use crate::support::{IBAN, Place, on_each};

type Change = Box<dyn Fn(&mut NewReport)>;

pub fn payment(place: &Place, minor: i64) -> NewPayment {
    NewPayment {
        amount: Money::from_minor(minor, place.app.profile.currency()),
        when: When {
            told: "кеше кешке".to_owned(), ..When::exactly(place.app.office.now().plus_secs(-600))
        },
        own_institution: "UBANK".to_owned(),
        own_account: "KZ599010000000000002".to_owned(),
        to_institution: "UBANK".to_owned(),
        to: Some(Target {
            kind: "iban".to_owned(),
            value: IBAN.to_owned(),
            masked: rules::mask("iban", IBAN),
        }),
        reference: "REF-77-ҮЛГІ".to_owned(),
    }
}

pub fn report(place: &Place, key: &str) -> NewReport {
    NewReport {
        id: rules::derived_id("report", "test", key),
        channel: "portal".to_owned(),
        lang: Lang::KK,
        ongoing: false,
        harm: Harm::Money,
        reporter: Reporter {
            name: "Серік Әбенов".to_owned(),
            phone: "+77012223344".to_owned(),
            iin: "910101300005".to_owned(),
        },
        story: "Олар @alayaq_bot арқылы жазды".to_owned(),
        payments: vec![payment(place, 100_000), payment(place, 50_000)],
    }
}

pub const WITH_CODE: Filing = Filing { draft: None, with_code: true };

#[test]
fn what_is_filed_is_read_back() {
    on_each(async |place: Place| {
        let new = report(&place, "a");
        let filed = service::file(&place.app, &Actor::Public, new.clone(), WITH_CODE).await.unwrap();
        assert!(!filed.already && rules::number_is_plausible(&filed.number));
        let actor = Actor::Citizen { report: filed.id.uuid() };
        let full = service::open(&place.app, &actor, filed.id, Purpose::OwnData).await.unwrap();
        assert_eq!(full.told.reporter.open(Purpose::OwnData).name, new.reporter.name);
        assert_eq!(full.told.story.open(Purpose::OwnData), &new.story);
        assert_eq!(full.report.loss.minor(), 150_000);
        let open = |p: &Option<Personal<String>>| p.as_ref().map(|p| p.open(Purpose::OwnData).clone());
        for (no, (kept, told)) in full.payments.iter().zip(&new.payments).enumerate() {
            assert_eq!(kept.no, i64::try_from(no).unwrap() + 1);
            assert_eq!((kept.amount, &kept.when), (told.amount, &told.when));
            assert_eq!(open(&kept.to).as_deref(), Some(IBAN));
            assert_eq!(open(&kept.own_account).as_deref(), Some(told.own_account.as_str()));
            assert_eq!(open(&kept.reference).as_deref(), Some(told.reference.as_str()));
            assert_eq!(kept.to_masked, "KZ95…0001");
        }
        // The same key, other words: the first report stands, and no second code is given.
        let twice = NewReport { story: "басқа".to_owned(), ..new };
        let again = service::file(&place.app, &Actor::Public, twice, WITH_CODE).await.unwrap();
        assert!(again.already && again.code.is_none());
        assert_eq!((again.id, again.number), (filed.id, filed.number));
    });
}

#[test]
fn the_same_report_filed_at_once_is_one_report() {
    on_each(async |place: Place| {
        let new = report(&place, "race");
        let press = || service::file(&place.app, &Actor::Public, new.clone(), WITH_CODE);
        let (a, b, c) = tokio::join!(press(), press(), press());
        let (a, b, c) = (a.unwrap(), b.unwrap(), c.unwrap());
        assert!(a.number == b.number && b.number == c.number);
        assert_eq!([&a, &b, &c].iter().filter(|f| f.code.is_some()).count(), 1);
        let full = service::open(&place.app, &Actor::Citizen { report: a.id.uuid() }, a.id, Purpose::OwnData)
            .await
            .unwrap();
        assert_eq!(full.payments.len(), 2);
    });
}

#[test]
fn what_is_refused_leaves_nothing() {
    on_each(async |place: Place| {
        let too_late = place.app.office.now().plus_secs(3_600);
        let other = kernel::Asset::new("USD", 2).unwrap();
        let wrong: [(&str, Change, FilingError); 9] = [
            (
                "story",
                Box::new(|r| r.story = "x".repeat(rules::MAX_STORY_BYTES + 1)),
                FilingError::StoryTooLong,
            ),
            ("name", Box::new(|r| r.reporter.name = "ә".repeat(201)), FilingError::NameTooLong),
            (
                "many",
                Box::new(|r| r.payments = vec![r.payments[0].clone(); 51]),
                FilingError::TooManyPayments,
            ),
            (
                "zero",
                Box::new(|r| r.payments[1].amount = Money::from_minor(0, r.payments[0].amount.asset())),
                FilingError::AmountNotPositive,
            ),
            (
                "minus",
                Box::new(|r| r.payments[1].amount = Money::from_minor(-5, r.payments[0].amount.asset())),
                FilingError::AmountNotPositive,
            ),
            (
                "huge",
                Box::new(|r| {
                    r.payments[1].amount =
                        Money::from_minor(rules::MAX_AMOUNT_MINOR + 1, r.payments[0].amount.asset());
                }),
                FilingError::AmountTooLarge,
            ),
            (
                "reference",
                Box::new(|r| r.payments[0].reference = "ә".repeat(141)),
                FilingError::ReferenceTooLong,
            ),
            (
                "mixed",
                Box::new(move |r| r.payments[1].amount = Money::from_minor(5, other)),
                FilingError::MixedAssets,
            ),
            (
                "future",
                Box::new(move |r| r.payments[0].when = When::exactly(too_late)),
                FilingError::PaymentInFuture,
            ),
        ];
        for (key, change, want) in wrong {
            let mut new = report(&place, key);
            change(&mut new);
            let got = service::file(&place.app, &Actor::Public, new, WITH_CODE).await;
            assert!(matches!(&got, Err(ReportError::Filing(e)) if *e == want), "{key}: {got:?}");
        }
        assert!(place.app.db.read(report::store::all_ids).await.unwrap().is_empty());
    });
}

#[test]
fn only_the_one_who_showed_the_code_sees_it() {
    on_each(async |place: Place| {
        let one = service::file(&place.app, &Actor::Public, report(&place, "1"), WITH_CODE).await.unwrap();
        let two = service::file(&place.app, &Actor::Public, report(&place, "2"), WITH_CODE).await.unwrap();
        let other = Actor::Citizen { report: two.id.uuid() };
        for actor in [other, Actor::Public, Actor::system("clock")] {
            assert!(service::open(&place.app, &actor, one.id, Purpose::OwnData).await.is_err(), "{actor:?}");
            assert!(service::tell_story(&place.app, &actor, one.id, "x").await.is_err(), "{actor:?}");
            assert!(service::withdraw(&place.app, &actor, one.id).await.is_err(), "{actor:?}");
        }
        let code = one.code.unwrap().expose().clone();
        let foreign = service::open_with_code(&place.app, &two.number, &code).await;
        assert!(matches!(foreign, Err(ReportError::WrongCode)));
        let (token, id) = service::open_with_code(&place.app, &one.number, &code).await.unwrap();
        assert_eq!(id, one.id);
        let visitor = service::visitor(&place.app, &token).await.unwrap();
        assert_eq!(visitor, Some(Actor::Citizen { report: one.id.uuid() }));
        assert_eq!(service::visitor(&place.app, "").await.unwrap(), None);
    });
}

#[test]
fn drafts_are_kept_emptied_and_swept_away() {
    on_each(async |place: Place| {
        let app = &place.app;
        let (token, begun) =
            draft::begin(app, Answers { name: "Серік".to_owned(), ..Answers::default() }).await.unwrap();
        assert_eq!(draft::find(app, &token).await.unwrap().unwrap().answers, begun.answers);
        assert!(
            draft::find(app, "").await.unwrap().is_none()
                && draft::find(app, &token[1..]).await.unwrap().is_none()
        );
        let mut changed = begun.clone();
        "8701".clone_into(&mut changed.answers.phone);
        draft::save(app, &changed).await.unwrap();
        assert_eq!(draft::find(app, &token).await.unwrap().unwrap().answers.phone, "8701");
        let filing = Filing { draft: Some(begun.id), with_code: true };
        let filed = service::file(app, &Actor::Public, report(&place, "d"), filing).await.unwrap();
        let found = draft::find(app, &token).await.unwrap().unwrap();
        assert_eq!((found.filed, found.answers.name.as_str()), (Some(filed.id), ""));
        assert_eq!(found.code.as_deref(), filed.code.as_ref().map(|c| c.expose().as_str()));
        // A page that was still open cannot fill it again.
        draft::save(app, &changed).await.unwrap();
        assert_eq!(draft::find(app, &token).await.unwrap().unwrap().answers.phone, "");
        place.clock.advance_secs(25 * 3_600);
        let (now, vault) = (app.wall.now(), app.vault.clone());
        let swept = app.db.write(move |tx| draft::purge(tx, &vault, now)).await.unwrap();
        assert_eq!(swept, 1);
        assert!(draft::find(app, &token).await.unwrap().is_none());
    });
}

#[test]
fn a_withdrawn_report_is_withdrawn_once() {
    on_each(async |place: Place| {
        let filed = service::file(&place.app, &Actor::Public, report(&place, "w"), WITH_CODE).await.unwrap();
        let actor = Actor::Citizen { report: filed.id.uuid() };
        service::withdraw(&place.app, &actor, filed.id).await.unwrap();
        let first = service::receipt_facts(&place.app, filed.id).await.unwrap().withdrawn_at;
        place.clock.advance_secs(60);
        service::withdraw(&place.app, &actor, filed.id).await.unwrap();
        assert_eq!(service::receipt_facts(&place.app, filed.id).await.unwrap().withdrawn_at, first);
        let nobody = ReportId::from_uuid(Entropy::seeded(9).uuid(place.app.wall.now()));
        assert!(matches!(service::receipt_facts(&place.app, nobody).await, Err(ReportError::NotFound)));
    });
}
