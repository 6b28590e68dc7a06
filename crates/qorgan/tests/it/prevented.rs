//! What institutions say became of payments about which they had asked: what was prevented, and whom it harmed.

use identifier::Kind;
use kernel::{Class as ErrorClass, Coded as _, Money, Role};
use registry::model::{Advice, Class, Outcome};
use registry::service::{self, Became, Question, entry_id};
use testkit::World;

use crate::country::{file, iban, partner_actor, staff};
use crate::registry::{asked, mule, told};
use crate::talk::each;

/// Whole tenge.
fn kzt(tenge: i64) -> Money {
    Money::from_minor(tenge * 100, kernel::Asset::new("KZT", 2).unwrap())
}

fn became(world: &World, payment: &str, payer: &str, outcome: Outcome, tenge: i64) -> Became {
    Became {
        payment: payment.to_owned(),
        payer: payer.to_owned(),
        to: Question { kind: Some(Kind::Iban), value: iban("ZBEK", 7) },
        amount: kzt(tenge),
        outcome,
        at: world.app.office.now(),
    }
}

/// What a bank tells, and the code of what is not taken.
async fn tell(world: &World, bank: &str, all: Vec<Became>) -> Vec<Option<&'static str>> {
    let actor = partner_actor(&world.app, bank).await;
    let taken = service::became(&world.app, &actor, all).await.unwrap();
    taken.into_iter().map(|t| t.err().map(|e| e.code())).collect()
}

/// The least that was prevented, and of how many payers.
async fn prevented(world: &World) -> (Option<Money>, i64) {
    let officer = staff(&world.app, 1, Role::DutyOfficer).await;
    let all = service::figures(&world.app, &officer).await.unwrap().prevented;
    assert!(all.len() < 2, "one currency");
    all.first().map_or((None, 0), |p| (Some(p.sum), p.payers))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_asking_prevented_is_a_floor() {
    each("kz", async |world| {
        use Outcome::{CarriedOut, Declined, GivenUp};
        file(&world, told(&world.app, 701, "portal")).await;
        // Nobody was told anything yet, so no answer can have prevented anything.
        let early = tell(&world, "ZALT", vec![became(&world, "p1", "anna", GivenUp, 500)]).await;
        assert_eq!(early, [Some("registry.not_told")]);
        assert_eq!(prevented(&world).await, (None, 0));

        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await.advice, Advice::AskPayer);
        let all = vec![
            became(&world, "p1", "anna", GivenUp, 500),
            // She tries again with less, and somebody else tries too.
            became(&world, "p2", "anna", Declined, 300),
            became(&world, "p3", "berik", GivenUp, 200),
            became(&world, "p4", "gulnar", CarriedOut, 900),
        ];
        assert_eq!(tell(&world, "ZALT", all).await, [None; 4]);
        assert_eq!(prevented(&world).await, (Some(kzt(700)), 2));
        // Another bank was told nothing of this account.
        let other = tell(&world, "ZCAR", vec![became(&world, "p1", "dana", Declined, 100)]).await;
        assert_eq!(other, [Some("registry.not_told")]);

        // Told again, a payment is the same payment; what is paid after all is taken off.
        assert_eq!(tell(&world, "ZALT", vec![became(&world, "p1", "anna", GivenUp, 500)]).await, [None]);
        assert_eq!(prevented(&world).await, (Some(kzt(700)), 2));
        assert_eq!(tell(&world, "ZALT", vec![became(&world, "p5", "anna", CarriedOut, 450)]).await, [None]);
        assert_eq!(prevented(&world).await, (Some(kzt(250)), 2));
        assert_eq!(tell(&world, "ZALT", vec![became(&world, "p3", "berik", CarriedOut, 200)]).await, [None]);
        assert_eq!(prevented(&world).await, (Some(kzt(50)), 1));

        let officer = staff(&world.app, 1, Role::DutyOfficer).await;
        let figures = service::figures(&world.app, &officer).await.unwrap();
        assert_eq!((figures.asked, figures.known), (1, 1));
        assert_eq!((figures.stopped(), figures.count(CarriedOut)), (2, 3));
        // Last month's are last month's.
        world.advance_secs(32 * 86_400);
        let figures = service::figures(&world.app, &officer).await.unwrap();
        assert_eq!((figures.asked, figures.stopped(), prevented(&world).await), (0, 0, (None, 0)));
    })
    .await;
}

/// What the database sums up is what the rule says, whatever was told in whatever order.
#[tokio::test(flavor = "multi_thread")]
async fn the_database_counts_as_the_rule_does() {
    each("kz", async |world| {
        file(&world, told(&world.app, 705, "portal")).await;
        asked(&world, None, &iban("ZBEK", 7)).await;
        let mut state = 41_u64;
        let mut draw = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut all = std::collections::BTreeMap::new();
        for no in 0..120 {
            let payer = format!("payer {}", draw(25));
            // A mistake is rare, or nothing would be left to compare.
            let outcome = match (draw(12), draw(3)) {
                (0, _) => Outcome::Mistaken,
                (_, 0) => Outcome::CarriedOut,
                (_, 1) => Outcome::Declined,
                _ => Outcome::GivenUp,
            };
            let tenge = i64::try_from(1 + draw(900)).unwrap();
            let one = became(&world, &format!("p{no}"), &payer, outcome, tenge);
            assert_eq!(tell(&world, "ZALT", vec![one]).await, [None]);
            all.entry(payer).or_insert_with(Vec::new).push((outcome, tenge * 100));
        }
        let kept: Vec<i64> =
            all.into_values().map(registry::rules::prevented).filter(|kept| *kept > 0).collect();
        assert!(kept.len() > 5, "{kept:?}");
        let (sum, payers) = prevented(&world).await;
        assert_eq!(
            (sum, payers),
            (Some(kzt(kept.iter().sum::<i64>() / 100)), i64::try_from(kept.len()).unwrap())
        );
        // What was cleared since has prevented nothing.
        let approver = staff(&world.app, 11, Role::Approver).await;
        service::clear(&world.app, &approver, mule(&world.app), "it was the seller of a phone")
            .await
            .unwrap();
        assert_eq!(prevented(&world).await, (None, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_payment_that_was_stopped_comes_before_a_person() {
    each("kz", async |world| {
        let (app, id) = (&world.app, mule(&world.app));
        file(&world, told(app, 711, "portal")).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        service::confirm(app, &officer, id, "a victim paid here").await.unwrap();
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await.advice, Advice::AskAndWait);
        let mistaken = became(&world, "p1", "anna", Outcome::Mistaken, 500);
        assert_eq!(tell(&world, "ZALT", vec![mistaken]).await, [None]);
        assert_eq!(prevented(&world).await, (None, 0), "nothing was prevented by it");

        // Nothing of what is told changes by it, or a clerk could open the way for a mule.
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await.advice, Advice::AskAndWait);
        let waiting = service::to_look_at(app, &officer).await.unwrap();
        assert_eq!(waiting.iter().map(|(e, _)| e.id).collect::<Vec<_>>(), [id]);
        let opened = service::entry(app, &officer, id).await.unwrap();
        assert!(opened.entry.doubted_at.is_some());
        assert_eq!(opened.became, [(Outcome::Mistaken, 1)]);
        assert!(opened.history.iter().any(|r| r.record.act == "registry.doubted"));
        // Told again, it is the same doubt, and one record.
        let again = became(&world, "p2", "anna", Outcome::Mistaken, 500);
        tell(&world, "ZALT", vec![again]).await;
        let opened = service::entry(app, &officer, id).await.unwrap();
        assert_eq!(opened.history.iter().filter(|r| r.record.act == "registry.doubted").count(), 1);
        // A person finds it without ground, or clears the entry.
        let approver = staff(app, 11, Role::Approver).await;
        service::stand(app, &approver, id, "the payer was the victim's son").await.unwrap();
        assert_eq!(service::entry(app, &officer, id).await.unwrap().entry.doubted_at, None);
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await.advice, Advice::AskAndWait);
        service::clear(app, &approver, id, "it was rent").await.unwrap();
        assert!(service::to_look_at(app, &officer).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_have_become_of_a_payment_is_not_taken() {
    each("kz", async |world| {
        file(&world, told(&world.app, 721, "portal")).await;
        asked(&world, None, &iban("ZBEK", 7)).await;
        let right = || became(&world, "p1", "anna", Outcome::Declined, 500);
        let long = "x".repeat(65);
        let all = vec![
            Became { payment: String::new(), ..right() },
            Became { payer: long, ..right() },
            Became { amount: kzt(0), ..right() },
            Became { amount: kzt(1_000_000_000_000), ..right() },
            Became { at: world.app.office.now().plus_secs(3_600), ..right() },
            Became { at: world.app.office.now().plus_secs(-31 * 86_400), ..right() },
            Became { to: Question { kind: Some(Kind::Iban), value: "KZ00 1".to_owned() }, ..right() },
            right(),
        ];
        let expected = [
            Some("registry.key"),
            Some("registry.key"),
            Some("registry.amount"),
            Some("registry.amount"),
            Some("registry.time"),
            Some("registry.time"),
            Some("registry.value"),
            None,
        ];
        assert_eq!(tell(&world, "ZALT", all).await, expected);
        assert_eq!(prevented(&world).await, (Some(kzt(500)), 1));
        let bank = partner_actor(&world.app, "ZALT").await;
        let none = service::became(&world.app, &bank, Vec::new()).await.unwrap_err();
        assert_eq!(none.code(), "registry.items");
        let officer = staff(&world.app, 1, Role::DutyOfficer).await;
        let not_theirs = service::became(&world.app, &officer, vec![right()]).await.unwrap_err();
        assert_eq!(not_theirs.class(), ErrorClass::Forbidden);
    })
    .await;
}

/// A country's payments are too many to be counted for each page: they are counted every few minutes, and the page says when.
#[tokio::test(flavor = "multi_thread")]
async fn many_payments_are_counted_before_a_page_is_asked_for() {
    each("kz", async |world| {
        let app = &world.app;
        let put = async |from: u32, to: u32| {
            let me = app.clone();
            let done = app.db.write(move |tx| {
                let now = me.office.now();
                for no in from..to {
                    let payment = registry::store::Payment {
                        id: me.uuid(),
                        entry: entry_id(&me, Kind::Iban, "KZ00"),
                        partner: "ZALT".to_owned(),
                        payer: me.vault.blind("payer", &no.to_string()),
                        class: Class::Listed,
                        outcome: Outcome::Declined,
                        amount: Money::from_minor(100, me.profile.currency()),
                        at: now,
                    };
                    registry::store::put(tx, &payment, now)?;
                }
                Ok::<_, db::DbError>(())
            });
            done.await.unwrap();
        };
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let shown = async || {
            let figures = service::figures(app, &officer).await.unwrap();
            (figures.counted.is_some(), figures.prevented[0].payers, figures.count(Outcome::Declined))
        };
        put(0, 2_000).await;
        assert!(!service::count_payments(app).await.unwrap(), "few are counted for the page itself");
        assert_eq!(shown().await, (false, 2_000, 2_000));
        put(2_000, 2_001).await;
        assert_eq!(shown().await, (false, 2_001, 2_001), "nobody has counted them yet");
        assert!(service::count_payments(app).await.unwrap());
        put(2_001, 2_010).await;
        assert!(!service::count_payments(app).await.unwrap(), "that was a moment ago");
        assert_eq!(shown().await, (true, 2_001, 2_001));
        world.advance_secs(301);
        assert!(service::count_payments(app).await.unwrap());
        assert_eq!(shown().await, (true, 2_010, 2_010));
    })
    .await;
}
