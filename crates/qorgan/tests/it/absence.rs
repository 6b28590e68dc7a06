//! Orders that wait while somebody is away: signed in the stead of another, and never by fewer persons than the basis asks
//! for; on each engine.

use access::{
    AbsenceId, DelegationId, NewAbsence, NewDelegation, Terms, Why, accept_delegation, confirm_delegation,
    end_delegation, give_delegation, say_absence, set_active,
};
use app::App;
use kernel::{Actor, Class, Coded as _, Money, Personal, Role};
use order::approval::Void;
use order::model::{Direction, Trigger};
use order::service::{self, Hand};
use order::{NewObject, NewOrder, OrderError, OrderId, Status};
use profile::{Measure, Scope};
use testkit::World;

use crate::browser::browser;
use crate::country::{file, iban, report, staff};
use crate::talk::each;

const DAY: i64 = 86_400;

/// A hold of a whole account: two approvers sign it.
async fn full_hold(world: &World, key: u128, author: &Actor, minor: i64) -> OrderId {
    let app = &world.app;
    let account = iban("ZBEK", 7);
    let filed = file(world, report(app, key, &account, 10_000, app.office.now())).await;
    let cap = Money::from_minor(minor, app.profile.currency());
    let object = NewObject {
        payment: None,
        parent: None,
        kind: "iban".to_owned(),
        masked: report::rules::mask("iban", &account),
        value: Personal::new(account),
        cap,
        trigger: Some(Trigger {
            amount_minor: minor,
            asset: cap.asset(),
            at: app.office.now(),
            reference: None,
            from_institution: None,
            from_account: None,
            from_client: None,
            direction: Direction::In,
            because: String::new(),
        }),
        details: None,
    };
    let id = order::rules::order_id("absence", &key.to_string());
    let new = NewOrder {
        id,
        measure: Measure::Hold,
        scope: Scope::Full,
        reason: Some(Personal::new("more is coming in".to_owned())),
        report: filed.id,
        report_number: filed.number,
        hop: 1,
        executor: "ZBEK".to_owned(),
        objects: vec![object],
        hold_back: None,
    };
    let (me, author) = (app.clone(), author.clone());
    app.db.write(move |tx| service::draft_in(tx, &me, &author, new.clone())).await.unwrap();
    id
}

fn away(app: &App, who: &Actor, days: i64) -> NewAbsence {
    let now = app.office.now();
    NewAbsence {
        id: AbsenceId::from_uuid(app.uuid()),
        account: who.user().unwrap(),
        from: now,
        till: now.plus_secs(days * DAY),
        why: Why::Leave,
    }
}

fn terms(app: &App, giver: &Actor, deputy: &Actor) -> Terms {
    let now = app.office.now();
    Terms {
        delegator: giver.user().unwrap(),
        deputy: deputy.user().unwrap(),
        role: Role::Approver,
        unit: String::new(),
        measures: vec![],
        most: None,
        from: now,
        till: now.plus_secs(10 * DAY),
        number: "45-қ".to_owned(),
    }
}

async fn lend(app: &App, giver: &Actor, deputy: &Actor, terms: Terms) -> DelegationId {
    let boss = staff(app, 90, Role::Administrator).await;
    let new =
        NewDelegation { id: DelegationId::from_uuid(app.uuid()), terms, ground: "ойдан".to_owned() };
    let d = give_delegation(app, giver, new).await.unwrap();
    accept_delegation(app, deputy, d.id).await.unwrap();
    confirm_delegation(app, &boss, d.id).await.unwrap().id
}

async fn sign(app: &App, who: &Actor, id: OrderId) -> Result<bool, OrderError> {
    service::approve_and_send(app, who, id).await.map(|(_, sent)| sent)
}

async fn hands(app: &App, reader: &Actor, id: OrderId) -> Vec<Hand> {
    let view = service::open(app, reader, id).await.unwrap();
    service::hands(app, &view.order).await.unwrap()
}

struct Office {
    author: Actor,
    giver: Actor,
    deputy: Actor,
    other: Actor,
}

async fn office(app: &App) -> Office {
    Office {
        author: staff(app, 80, Role::DutyOfficer).await,
        giver: staff(app, 81, Role::Approver).await,
        deputy: staff(app, 82, Role::DutyOfficer).await,
        other: staff(app, 83, Role::Approver).await,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deputy_signs_in_the_stead_of_whoever_is_away() {
    each("kz", async |world| {
        let app = &world.app;
        let Office { author, giver, deputy, other } = office(app).await;
        let id = full_hold(&world, 101, &author, 100_000).await;
        let view = service::open(app, &deputy, id).await.unwrap();
        assert_eq!((view.order.status, view.approvals.len()), (Status::Drafted, 0));
        let refused = sign(app, &deputy, id).await.unwrap_err();
        assert_eq!(refused.class(), Class::Forbidden, "no power of the own: {refused:?}");
        say_absence(app, &giver, away(app, &giver, 7)).await.unwrap();
        let refused = sign(app, &giver, id).await.unwrap_err();
        assert_eq!(refused.code(), "access.away", "whoever is away signs nothing");

        let delegation = lend(app, &giver, &deputy, terms(app, &giver, &deputy)).await;
        let seen = service::capacities(app, &deputy, &[id]).await.unwrap();
        assert_eq!(
            seen[&id].stead.as_ref().map(|s| (s.delegation, s.number.as_str())),
            Some((delegation, "45-қ"))
        );
        assert!(!sign(app, &deputy, id).await.unwrap(), "one of two");
        let again = sign(app, &deputy, id).await.unwrap_err();
        assert_eq!(again.code(), "order.signed_already", "never twice: {again:?}");
        assert!(sign(app, &other, id).await.unwrap(), "two persons: it leaves");
        let all = hands(app, &other, id).await;
        let stead = all.iter().find_map(|h| h.stead.clone()).unwrap();
        assert_eq!((all.len(), stead.delegation, stead.number.as_str()), (2, delegation, "45-қ"));
        // What was in force at signing stays provable after it has ended, by the order and by the record.
        end_delegation(app, &giver, delegation).await.unwrap();
        assert_eq!(hands(app, &other, id).await, all);
        let records = app.db.read(move |tx| audit::records_for(tx, id.uuid())).await;
        let records = records.unwrap_or_else(|e: db::DbError| unreachable!("{e}"));
        let said = records
            .iter()
            .filter(|r| r.record.act == "order.approved")
            .find_map(|r| r.facts.get("stead").cloned().filter(|s| !s.is_null()))
            .unwrap();
        assert_eq!(said["of"], giver.label());
        assert_eq!(said["delegation"], delegation.to_string());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn giver_and_deputy_are_one() {
    each("kz", async |world| {
        let app = &world.app;
        let Office { author, giver, deputy, other } = office(app).await;
        lend(app, &giver, &deputy, terms(app, &giver, &deputy)).await;
        let id = full_hold(&world, 102, &author, 100_000).await;
        assert!(!sign(app, &giver, id).await.unwrap());
        assert!(!sign(app, &deputy, id).await.unwrap(), "the same power twice is one");
        let voids: Vec<Option<Void>> = hands(app, &other, id).await.into_iter().map(|h| h.void).collect();
        assert_eq!(voids.iter().filter(|v| **v == Some(Void::Together)).count(), 1, "{voids:?}");
        // Another deputy of the same giver changes nothing.
        let second = staff(app, 84, Role::DutyOfficer).await;
        lend(app, &giver, &second, terms(app, &giver, &second)).await;
        assert!(!sign(app, &second, id).await.unwrap());
        assert!(sign(app, &other, id).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_the_own_draft_by_being_lent_a_name() {
    each("kz", async |world| {
        let app = &world.app;
        let Office { author, giver, deputy, other } = office(app).await;
        // The author is a deputy; and a deputy of the author.
        lend(app, &giver, &author, terms(app, &giver, &author)).await;
        let id = full_hold(&world, 103, &author, 100_000).await;
        let refused = sign(app, &author, id).await.unwrap_err();
        assert_eq!((refused.class(), refused.code()), (Class::Forbidden, "order.own_draft"), "{refused:?}");
        let both = staff(app, 85, Role::Approver).await;
        lend(app, &both, &deputy, terms(app, &both, &deputy)).await;
        // An approver whose power was lent is the author of this one, as the record has it.
        let label = both.label();
        let own = full_hold(&world, 104, &author, 100_000).await;
        app.db
            .write(move |tx| {
                let set = db::Stmt::both("test.author", "UPDATE orders SET author = ?2 WHERE id = ?1");
                let set: &'static db::Stmt = Box::leak(Box::new(set));
                tx.execute(set, &[own.uuid().into(), label.as_str().into()]).map(drop)
            })
            .await
            .unwrap_or_else(|e: db::DbError| unreachable!("{e}"));
        let refused = sign(app, &deputy, own).await.unwrap_err();
        assert_eq!(refused.class(), Class::Forbidden, "{refused:?}");
        assert!(!sign(app, &other, own).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_between_two_signatures_counts_no_more() {
    each("kz", async |world| {
        let app = &world.app;
        let Office { author, giver, deputy, other } = office(app).await;
        let setup = Actor::system("setup");
        for (no, end) in ["revoked", "giver out", "deputy out", "expired"].into_iter().enumerate() {
            let terms = Terms { till: app.office.now().plus_secs(2 * 3_600), ..terms(app, &giver, &deputy) };
            let delegation = lend(app, &giver, &deputy, terms).await;
            let key = 110 + u128::try_from(no).unwrap();
            let id = full_hold(&world, key, &author, 100_000).await;
            assert!(!sign(app, &deputy, id).await.unwrap(), "{end}");
            match end {
                "revoked" => drop(end_delegation(app, &giver, delegation).await.unwrap()),
                "giver out" => set_active(app, &setup, "test-81", false, "left").await.unwrap(),
                "deputy out" => set_active(app, &setup, "test-82", false, "left").await.unwrap(),
                _ => world.advance_secs(2 * 3_600),
            }
            assert!(!sign(app, &other, id).await.unwrap(), "{end}: one is left");
            for login in ["test-81", "test-82"] {
                set_active(app, &setup, login, true, "is back").await.unwrap();
            }
            let voids: Vec<Option<Void>> = hands(app, &other, id).await.into_iter().map(|h| h.void).collect();
            assert_eq!(voids.iter().filter(|v| v.is_some()).count(), 1, "{end}: {voids:?}");
            // The deputy whose signature counts no more may sign anew, when the power is lent anew.
            let again = Terms {
                till: app.office.now().plus_secs(DAY),
                from: app.office.now(),
                ..self::terms(app, &giver, &deputy)
            };
            lend(app, &giver, &deputy, again).await;
            assert!(sign(app, &deputy, id).await.unwrap(), "{end}: signed anew");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lent_is_lent_as_far_as_it_says() {
    each("kz", async |world| {
        let app = &world.app;
        let Office { author, giver, deputy, .. } = office(app).await;
        let most = Some(Money::from_minor(50_000, app.profile.currency()));
        for (key, narrowed, fits) in [
            (120, Terms { most, ..terms(app, &giver, &deputy) }, false),
            (121, Terms { measures: vec![Measure::NumberBlock], ..terms(app, &giver, &deputy) }, false),
            (122, Terms { unit: "elsewhere".to_owned(), ..terms(app, &giver, &deputy) }, false),
            (
                123,
                Terms {
                    unit: app.node.unit.clone(),
                    measures: vec![Measure::Hold],
                    ..terms(app, &giver, &deputy)
                },
                true,
            ),
        ] {
            let delegation = lend(app, &giver, &deputy, narrowed).await;
            let id = full_hold(&world, key, &author, 100_000).await;
            assert_eq!(sign(app, &deputy, id).await.is_ok(), fits, "{key}");
            end_delegation(app, &deputy, delegation).await.unwrap();
        }
    })
    .await;
}

/// What outlasts a delegation is not lent: standing approvals and the law are signed in one's own right only.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_away_signs_no_standing_approval_and_a_deputy_none_at_all() {
    each("kz", async |world| {
        let app = &world.app;
        let Office { author, giver, deputy, .. } = office(app).await;
        let now = app.office.now();
        let known = legal_basis::standing::list(app, &giver).await.unwrap();
        let old = known.iter().find(|a| a.is_in_force(now)).unwrap();
        let new = legal_basis::standing::NewStanding { amends: Some(old.id), ..old.terms.clone() };
        let draft = legal_basis::standing::draft(app, &author, new).await.unwrap();
        lend(app, &giver, &deputy, terms(app, &giver, &deputy)).await;
        let refused = legal_basis::standing::sign(app, &deputy, draft.id, draft.version).await;
        assert!(refused.is_err(), "{refused:?}");
        say_absence(app, &giver, away(app, &giver, 7)).await.unwrap();
        let refused = legal_basis::standing::sign(app, &giver, draft.id, draft.version).await.unwrap_err();
        assert_eq!(refused.code(), "access.away");
        access::come_back(app, &giver).await.unwrap();
        legal_basis::standing::sign(app, &giver, draft.id, draft.version).await.unwrap();
    })
    .await;
}

/// Two deputies of one giver, or giver and deputy, who sign at the same moment are counted one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn two_who_sign_at_once_are_still_one() {
    each("kz", async |world| {
        let app = &world.app;
        let Office { author, giver, deputy, .. } = office(app).await;
        lend(app, &giver, &deputy, terms(app, &giver, &deputy)).await;
        for key in 130..134 {
            let id = full_hold(&world, key, &author, 100_000).await;
            let (a, b) = tokio::join!(sign(app, &giver, id), sign(app, &deputy, id));
            assert!(!a.unwrap() && !b.unwrap(), "{key}");
            let view = service::open(app, &giver, id).await.unwrap();
            assert_eq!((view.order.status, view.approvals.len()), (Status::Drafted, 2));
        }
    })
    .await;
}

/// The desk says in whose stead the reader signs, who is away, and afterwards in whose stead it was signed.
#[tokio::test(flavor = "multi_thread")]
async fn the_pages_say_in_whose_stead() {
    each("kz", async |mut world| {
        world.app.demo = true;
        let app = world.app.clone();
        let people = access::demo_accounts(&app).await.unwrap();
        let of = |login: &str| people.iter().find(|p| p.login == login).unwrap().actor(&app);
        let (deputy, giver, author) = (of("aliya"), of("daur"), of("marat"));
        lend(&app, &giver, &deputy, terms(&app, &giver, &deputy)).await;
        let id = full_hold(&world, 140, &author, 100_000).await;
        say_absence(&app, &giver, away(&app, &giver, 7)).await.unwrap();
        for (lang, stead, gone) in [
            ("kk", "қол қою құқығын беру № 45-қ", "Орнында жоқ бекітушілер"),
            ("ru", "передача права подписи № 45-қ", "Отсутствующие утверждающие"),
            ("en", "by delegation No 45-қ", "Approvers who are away"),
        ] {
            let desk = browser(&world, lang, Some("aliya")).await;
            let (status, _, body) = desk.send("GET", "/desk/orders", "").await;
            assert_eq!(status, 200, "{body}");
            assert!(body.contains(stead) && body.contains(gone) && body.contains("Дәурен Жүнісов"), "{body}");
            assert!(body.contains(&format!("name=\"id\" value=\"{id}\"")), "she may sign: {body}");
            let other = browser(&world, lang, Some("marat")).await;
            let (_, _, body) = other.send("GET", "/desk/orders", "").await;
            assert!(
                !body.contains(stead) && !body.contains(&format!("name=\"id\" value=\"{id}\"")),
                "{body}"
            );
        }
        let desk = browser(&world, "ru", Some("aliya")).await;
        let (status, _, body) =
            desk.send("POST", "/desk/orders/send", &format!("id={id}&back=/desk/orders")).await;
        assert_eq!(status, 303, "{body}");
        let (_, _, body) = desk.send("GET", &format!("/desk/orders/{id}"), "").await;
        assert!(body.contains("Әлия Сейітова") && body.contains("за кого – Дәурен Жүнісов"), "{body}");
        assert!(body.contains("Требование утверждено за другого"), "the timeline, too: {body}");
        // Whoever is away is told so, and finds nothing to sign.
        let away = browser(&world, "ru", Some("daur")).await;
        let (_, _, body) = away.send("GET", "/desk/orders", "").await;
        assert!(body.contains("Стоит отметка о вашем отсутствии"), "{body}");
        assert!(!body.contains(&format!("name=\"id\" value=\"{id}\"")), "{body}");
    })
    .await;
}
