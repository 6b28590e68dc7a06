//! Whoever has left the office is no second person: under standing approvals and changes of the law, on each engine.

use access::AccessError;
use app::App;
use kernel::{Actor, Role};
use legal_basis::change::{self, DecideError, LawDraftId, NewChange};
use legal_basis::standing::{self, SignError, StandingApproval, Status};
use legal_basis::{LegalBasisError, basis_id, import, store};
use profile::{Measure, Term};
use testkit::World;
use uuid::Uuid;

use crate::support::{DAY, enrol, person, set_open, terms};

const BOTH: &[Role] = &[Role::DutyOfficer, Role::Approver];
const KEY: &str = "payments-25-1-hold";

async fn app_on(world: &World, db: &db::Db) -> App {
    db.migrate(&[&vault::SLICE, &audit::SLICE]).unwrap();
    enrol(db, "duty_officer,approver").await;
    let app = App { db: db.clone(), ..world.app.clone() };
    let me = app.clone();
    app.db.write(move |tx| import(tx, &me)).await.unwrap();
    app
}

async fn sign(app: &App, no: u128, of: &StandingApproval) -> Result<StandingApproval, LegalBasisError> {
    standing::sign(app, &person(no, BOTH), of.id, of.version).await
}

async fn in_force(app: &App) -> usize {
    let now = app.office.now();
    app.db.read(move |tx| standing::in_force(tx, Measure::Hold, now)).await.unwrap().len()
}

#[test]
fn a_standing_approval_stands_on_people_who_stand() {
    testkit::on_each_engine_async(&[&legal_basis::SLICE], |db| async move {
        let world = World::new(31);
        let app = app_on(&world, &db).await;
        let now = app.office.now();
        let terms = standing::NewStanding {
            basis: (basis_id("kz", KEY), 2),
            valid_from: now,
            valid_to: now.plus_secs(30 * DAY),
            ..terms()
        };
        let drafted = standing::draft(&app, &person(1, BOTH), terms).await.unwrap();
        sign(&app, 2, &drafted).await.unwrap();
        set_open(&db, 2, false).await;
        // A request that came in before the account was closed signs nothing.
        set_open(&db, 5, false).await;
        let out = sign(&app, 5, &drafted).await;
        assert!(matches!(out, Err(LegalBasisError::Sign(SignError::Office))), "{out:?}");
        let one = sign(&app, 3, &drafted).await.unwrap();
        assert_eq!((one.status, one.signers()), (Status::Draft, 2), "one who stands is not two");
        let two = sign(&app, 4, &drafted).await.unwrap();
        assert_eq!((two.status, in_force(&app).await), (Status::InForce, 1));
        // It covers nothing while too few of them stand.
        set_open(&db, 3, false).await;
        assert_eq!(in_force(&app).await, 0);
        set_open(&db, 2, true).await;
        assert_eq!(in_force(&app).await, 1);
    });
}

async fn change(app: &App, by: &Actor, no: u128) -> LawDraftId {
    let id = basis_id("kz", KEY);
    let all = app.db.read(move |tx| store::versions(tx, id)).await.unwrap();
    let base = all.last().unwrap();
    let mut record = base.record.clone();
    record.from = app.profile.civil_date(app.office.now());
    record.max_term = Some(Term::WorkingDays(10));
    let new = NewChange {
        id: LawDraftId::from_uuid(Uuid::from_u128(no)),
        basis: base.id,
        base: base.version,
        newest: base.version,
        record,
        reason: "the law was amended".into(),
    };
    change::draft(app, by, new).await.unwrap().id
}

#[test]
fn the_law_is_changed_by_two_who_stand() {
    testkit::on_each_engine_async(&[&legal_basis::SLICE], |db| async move {
        let world = World::new(32);
        let app = app_on(&world, &db).await;
        let (author, second) = (person(1, BOTH), person(2, BOTH));
        let id = change(&app, &author, 1).await;
        set_open(&db, 2, false).await;
        let out = change::enact(&app, &second, id).await;
        assert!(matches!(out, Err(LegalBasisError::Access(AccessError::Forbidden(_)))), "{out:?}");
        set_open(&db, 2, true).await;
        set_open(&db, 1, false).await;
        let alone = change::enact(&app, &second, id).await;
        assert!(matches!(alone, Err(LegalBasisError::Decide(DecideError::AuthorOut))), "{alone:?}");
        set_open(&db, 1, true).await;
        change::enact(&app, &second, id).await.unwrap();
    });
}
