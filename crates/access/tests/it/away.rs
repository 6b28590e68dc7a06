//! Absence and delegation through the services, on both engines.

use access::{
    AbsenceFault, AbsenceId, AccessError, AwayError, DelegationFault, DelegationId, DelegationStage, EndWhy,
    GiveError, Matter, NewAbsence, NewDelegation, NotCovered, StepFault, Terms, Why, accept_delegation,
    accounts, confirm_delegation, end_absence, end_delegation, give_delegation, say_absence,
};
use app::App;
use kernel::{Actor, Role, Timestamp};
use profile::Measure;
use uuid::Uuid;

use crate::support::{on_each, records, setup};

const DAY: i64 = 86_400;

/// Somebody of a unit, as an actor.
pub async fn member(app: &App, login: &str, roles: &[Role], unit: &str) -> Actor {
    let new = access::NewAccount { unit: unit.to_owned(), ..crate::support::new(login, roles) };
    access::create_account(app, &setup(), new).await.unwrap();
    let all = accounts(app, &setup()).await.unwrap();
    all.into_iter().find(|a| a.login == login).unwrap().actor()
}

fn id(actor: &Actor) -> Uuid {
    actor.user().unwrap()
}

fn absence(app: &App, who: &Actor, from: i64, till: i64) -> NewAbsence {
    let now = app.office.now();
    NewAbsence {
        id: AbsenceId::from_uuid(app.uuid()),
        account: id(who),
        from: now.plus_secs(from),
        till: now.plus_secs(till),
        why: Why::Sick,
    }
}

/// What is in the record about somebody or something, sorted.
async fn acts(app: &App, subject: Uuid) -> Vec<String> {
    let mut all: Vec<String> = records(app, subject).await.into_iter().map(|(act, _)| act).collect();
    all.sort_unstable();
    all
}

async fn till(app: &App, who: &Actor) -> Option<Timestamp> {
    let (account, now) = (id(who), app.office.now());
    app.db
        .read(move |tx| access::away_till(tx, account, now))
        .await
        .unwrap_or_else(|e: db::DbError| panic!("{e}"))
}

fn delegation(app: &App, giver: &Actor, deputy: &Actor, days: i64) -> NewDelegation {
    let now = app.office.now();
    let terms = Terms {
        delegator: id(giver),
        deputy: id(deputy),
        role: Role::Approver,
        unit: String::new(),
        measures: vec![],
        most: None,
        from: now,
        till: now.plus_secs(days * DAY),
        number: "45-қ".into(),
    };
    NewDelegation {
        id: DelegationId::from_uuid(app.uuid()),
        terms,
        ground: "Демалыс кезеңіне (ойдан)".into(),
    }
}

fn matter(app: &App) -> Matter {
    Matter {
        organisation: app.node.code.clone(),
        unit: "duty".into(),
        author: "system:orders".into(),
        measures: vec![Measure::Hold],
        amount: None,
    }
}

/// In whose stead somebody may sign now.
async fn steads(app: &App, deputy: &Actor) -> Vec<String> {
    let (deputy, matter, now) = (id(deputy), matter(app), app.office.now());
    let all = app.db.read(move |tx| access::steads(tx, deputy, &matter, now)).await;
    all.unwrap_or_else(|e: db::DbError| panic!("{e}")).into_iter().map(|s| s.of).collect()
}

#[test]
fn somebody_is_away_and_comes_back() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = member(app, "aliya", &[Role::DutyOfficer], "duty").await;
        let new = absence(app, &aliya, 100, 10 * DAY);
        let said = say_absence(app, &aliya, new.clone()).await.unwrap();
        let again = say_absence(app, &aliya, new).await.unwrap();
        assert_eq!(said.id, again.id, "the same form sent twice");
        assert_eq!(till(app, &aliya).await, None, "not yet");
        place.clock.advance_secs(100);
        assert_eq!(till(app, &aliya).await, Some(said.till));
        let over = say_absence(app, &aliya, absence(app, &aliya, DAY, 2 * DAY)).await.unwrap_err();
        assert!(matches!(over, AwayError::Absence(AbsenceFault::Overlaps)), "{over:?}");
        let own = access::own_absences(app, &aliya).await.unwrap();
        let why = own[0].why.as_ref().map(|w| w.open(kernel::Purpose::Operate).clone());
        assert_eq!((own.len(), why.as_deref()), (1, Some("sick")));

        assert_eq!(access::come_back(app, &aliya).await.unwrap(), 1);
        assert_eq!(till(app, &aliya).await, None);
        assert_eq!(access::come_back(app, &aliya).await.unwrap(), 0, "and only once");
        end_absence(app, &aliya, said.id).await.unwrap();
        assert_eq!(acts(app, id(&aliya)).await, ["absence.ended", "absence.said", "account.created"]);
        // The time that was called back is free again.
        say_absence(app, &aliya, absence(app, &aliya, 0, DAY)).await.unwrap();
        place.clock.advance_secs(DAY);
        assert_eq!(till(app, &aliya).await, None, "it ends by itself");
    });
}

#[test]
fn absences_are_kept_by_oneself_the_head_and_the_administrator() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = member(app, "aliya", &[Role::DutyOfficer], "duty").await;
        let marat = member(app, "marat", &[Role::DutyOfficer], "duty").await;
        let head = member(app, "daur", &[Role::Approver], "duty").await;
        let other = member(app, "saule", &[Role::Approver], "second").await;
        let boss = member(app, "erzhan", &[Role::Administrator], "office").await;
        let bank = Actor::institution(Uuid::from_u128(1), "B");
        for stranger in [&marat, &other, &bank, &Actor::Public, &Actor::system("orders")] {
            let refused = say_absence(app, stranger, absence(app, &aliya, 0, DAY)).await.unwrap_err();
            assert!(matches!(refused, AwayError::Access(AccessError::Hidden)), "{stranger:?}: {refused:?}");
        }
        let said = say_absence(app, &head, absence(app, &aliya, 0, DAY)).await.unwrap();
        for stranger in [&marat, &other] {
            let refused = end_absence(app, stranger, said.id).await.unwrap_err();
            assert!(matches!(refused, AwayError::Access(AccessError::Hidden)));
        }
        end_absence(app, &boss, said.id).await.unwrap();
        say_absence(app, &boss, absence(app, &other, 0, DAY)).await.unwrap();
        let seen = async |actor: &Actor| {
            let all = access::people(app, actor).await;
            all.map(|all| (all.len(), all.iter().filter(|p| !p.absences.is_empty()).count()))
        };
        assert_eq!(seen(&head).await.unwrap(), (3, 0), "the own unit");
        assert_eq!(seen(&other).await.unwrap(), (1, 1));
        assert_eq!(seen(&boss).await.unwrap(), (5, 1), "the whole organisation");
        assert!(matches!(seen(&marat).await, Err(AwayError::Access(AccessError::Hidden))));
        let nobody = absence(
            app,
            &Actor::Staff {
                user: Uuid::from_u128(9),
                name: String::new(),
                roles: vec![],
                unit: "x/y".into(),
            },
            0,
            DAY,
        );
        assert!(matches!(say_absence(app, &boss, nobody).await, Err(AwayError::NotFound)));
    });
}

#[test]
fn power_is_lent_by_three_and_ends_at_once() {
    on_each(|place| async move {
        let app = &place.app;
        let giver = member(app, "daur", &[Role::Approver], "duty").await;
        let deputy = member(app, "aliya", &[Role::DutyOfficer], "duty").await;
        let head = member(app, "saule", &[Role::Approver], "duty").await;
        let stranger = member(app, "marat", &[Role::DutyOfficer], "duty").await;
        let far = member(app, "zhanar", &[Role::Approver], "second").await;
        let boss = member(app, "erzhan", &[Role::Administrator], "office").await;
        // Only an approver lends, and only the own power.
        let refused = give_delegation(app, &stranger, delegation(app, &stranger, &deputy, 5)).await;
        assert!(
            matches!(refused, Err(GiveError::Other(AwayError::Access(AccessError::Hidden)))),
            "{refused:?}"
        );
        let refused = give_delegation(app, &giver, delegation(app, &head, &deputy, 5)).await;
        assert!(
            matches!(refused, Err(GiveError::Other(AwayError::Access(AccessError::Hidden)))),
            "{refused:?}"
        );
        let long = i64::from(app.profile.delegation_max_days());
        let refused = give_delegation(app, &giver, delegation(app, &giver, &boss, long + 1)).await;
        let Err(GiveError::Faults(faults)) = refused else { panic!("{refused:?}") };
        assert_eq!(faults, [DelegationFault::Deputy, DelegationFault::TooLong]);

        let new = delegation(app, &giver, &deputy, 5);
        let d = give_delegation(app, &giver, new.clone()).await.unwrap();
        assert_eq!(give_delegation(app, &giver, new).await.unwrap().id, d.id, "the same form sent twice");
        assert_eq!(steads(app, &deputy).await, Vec::<String>::new());
        for early in [&giver, &head, &boss] {
            let refused = confirm_delegation(app, early, d.id).await.unwrap_err();
            assert!(matches!(refused, AwayError::Step(StepFault::NotAccepted | StepFault::OneOfTheTwo)));
        }
        for no_deputy in [&giver, &head, &boss] {
            let refused = accept_delegation(app, no_deputy, d.id).await.unwrap_err();
            assert!(matches!(refused, AwayError::Access(AccessError::Forbidden(_))), "{refused:?}");
        }
        for nobody in [&stranger, &far] {
            assert!(matches!(
                accept_delegation(app, nobody, d.id).await,
                Err(AwayError::Access(AccessError::Hidden))
            ));
        }
        accept_delegation(app, &deputy, d.id).await.unwrap();
        for one in [&giver, &deputy] {
            let refused = confirm_delegation(app, one, d.id).await.unwrap_err();
            assert!(matches!(refused, AwayError::Step(StepFault::OneOfTheTwo)), "{refused:?}");
        }
        assert!(matches!(
            confirm_delegation(app, &far, d.id).await,
            Err(AwayError::Access(AccessError::Hidden))
        ));
        assert_eq!(steads(app, &deputy).await, Vec::<String>::new(), "two are not enough");
        let d = confirm_delegation(app, &boss, d.id).await.unwrap();
        assert_eq!(d.stage(app.office.now()), DelegationStage::InForce);
        assert_eq!(steads(app, &deputy).await, [giver.label()]);
        let again = confirm_delegation(app, &head, d.id).await.unwrap_err();
        assert!(matches!(again, AwayError::Step(StepFault::Already)));

        let ended = end_delegation(app, &deputy, d.id).await.unwrap();
        assert_eq!(ended.ending.map(|e| e.why), Some(EndWhy::Declined));
        assert_eq!(steads(app, &deputy).await, Vec::<String>::new());
        assert!(matches!(end_delegation(app, &giver, d.id).await, Err(AwayError::Step(StepFault::Over))));
        let all = acts(app, d.id.uuid()).await;
        assert_eq!(
            all,
            ["delegation.accepted", "delegation.confirmed", "delegation.ended", "delegation.given"]
        );
        let shown = access::delegation(app, &head, d.id).await.unwrap();
        assert!(shown.ground.is_some_and(|g| g.open(kernel::Purpose::Operate).contains("ойдан")));
    });
}

/// A delegation of the two that is in force.
pub async fn lend(app: &App, giver: &Actor, deputy: &Actor, third: &Actor, days: i64) -> DelegationId {
    let d = give_delegation(app, giver, delegation(app, giver, deputy, days)).await.unwrap();
    accept_delegation(app, deputy, d.id).await.unwrap();
    confirm_delegation(app, third, d.id).await.unwrap();
    d.id
}

#[test]
fn a_delegation_ends_with_its_term_and_with_either_account() {
    on_each(|place| async move {
        let app = &place.app;
        let giver = member(app, "daur", &[Role::Approver], "duty").await;
        let deputy = member(app, "aliya", &[Role::DutyOfficer], "duty").await;
        let boss = member(app, "erzhan", &[Role::Administrator], "office").await;
        for closed in ["daur", "aliya"] {
            let id = lend(app, &giver, &deputy, &boss, 5).await;
            assert_eq!(steads(app, &deputy).await.len(), 1);
            access::set_active(app, &setup(), closed, false, "left").await.unwrap();
            assert_eq!(steads(app, &deputy).await.len(), 0);
            access::set_active(app, &setup(), closed, true, "is back").await.unwrap();
            assert_eq!(steads(app, &deputy).await.len(), 0, "for good");
            let d = access::delegation(app, &boss, id).await.unwrap();
            assert_eq!(d.ending.map(|e| e.why), Some(EndWhy::AccountClosed));
        }
        let id = lend(app, &giver, &deputy, &boss, 5).await;
        place.clock.advance_secs(5 * DAY);
        assert_eq!(steads(app, &deputy).await.len(), 0, "the term is over");
        // What was in force stays provable: its row says who, what, till when and who confirmed it.
        let d = access::delegation(app, &giver, id).await.unwrap();
        assert_eq!(d.stage(app.office.now()), DelegationStage::Expired);
        assert_eq!(d.confirmed.map(|(_, by)| by), Some(boss.label()));
        // Whoever has left meanwhile accepts and confirms nothing that a closed account gave.
        let d = give_delegation(app, &giver, delegation(app, &giver, &deputy, 5)).await.unwrap();
        let unheld = app.db.clone();
        let label = deputy.label();
        let (m, now) = (matter(app), app.office.now());
        let stands = unheld.read(move |tx| access::stands(tx, d.id, &label, &m, now)).await;
        let (_, holds) = stands.unwrap_or_else(|e: db::DbError| panic!("{e}"));
        assert_eq!(holds, Err(NotCovered::NotInForce));
        access::set_active(app, &setup(), "daur", false, "left").await.unwrap();
        let refused = accept_delegation(app, &deputy, d.id).await.unwrap_err();
        assert!(matches!(refused, AwayError::Step(StepFault::Over)), "{refused:?}");
    });
}
