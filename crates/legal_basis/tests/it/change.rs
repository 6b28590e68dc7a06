//! Drafting, enacting and refusing a change: rules as tables, the services on both engines.

use access::AccessError;
use app::App;
use audit::records_for;
use db::DbError;
use kernel::{Actor, Coded as _, Lang, Localised, Role};
use legal_basis::change::{self, ChangeError, DecideError, DraftStatus, LawDraft, LawDraftId, NewChange};
use legal_basis::change::{rules, store as drafts};
use legal_basis::model::Basis;
use legal_basis::{LegalBasisError, basis_id, import, store};
use profile::{BasisFault, Measure, NotifyWhom, Scope, StandingRule, Term};
use testkit::World;
use uuid::Uuid;

use crate::support::{DAY, NOW, at, bases, enrol, kz, person};

const KEY: &str = "payments-25-1-hold";

/// The versions of the hold, stored long ago.
fn versions() -> Vec<Basis> {
    bases(kz()).into_iter().filter(|b| b.key() == KEY).collect()
}

/// A change of the hold's term, from today on, with something more changed.
fn proposal(of: &Basis, newest: i64, today: &str, change: impl FnOnce(&mut NewChange)) -> NewChange {
    let mut record = of.record.clone();
    record.from = today.parse().unwrap();
    record.max_term = Some(Term::WorkingDays(10));
    let (basis, base) = of.pair();
    let id = LawDraftId::from_uuid(Uuid::from_u128(1));
    let mut new = NewChange { id, basis, base, newest, record, reason: "the law was amended".into() };
    change(&mut new);
    new
}

#[test]
fn what_can_be_drafted() {
    use BasisFault as F;
    use ChangeError as E;
    type Change = Box<dyn FnOnce(&mut NewChange)>;
    let versions = versions();
    let base = versions.last().unwrap();
    let check = |change: Change| {
        let new = proposal(base, base.version, "2026-11-23", change);
        let langs = kz().languages();
        rules::check_change(&new, base, &versions, langs, "2026-11-23".parse().unwrap())
    };
    assert_eq!(check(Box::new(|_| ())), []);
    let none = Localised::default();
    let rows: Vec<(Change, Vec<E>)> = vec![
        (Box::new(|n| n.record.from = "2026-11-22".parse().unwrap()), vec![E::Past]),
        (Box::new(|n| n.record.from = "2030-01-01".parse().unwrap()), vec![]),
        // Bug: a slip in the year was enacted, and stood for ever.
        (Box::new(|n| n.record.from = "9999-01-01".parse().unwrap()), vec![E::TooFar]),
        (Box::new(|n| n.record.to = Some("2026-11-23".parse().unwrap())), vec![]),
        (Box::new(|n| n.record.to = Some("2026-11-22".parse().unwrap())), vec![E::Fault(F::EndsBefore)]),
        (Box::new(|n| n.record.max_term = Some(Term::WorkingDays(5))), vec![E::Unchanged]),
        (Box::new(|n| n.newest -= 1), vec![E::Moved]),
        (Box::new(|n| n.record.act = "Z2".into()), vec![E::Fixed]),
        (Box::new(|n| n.record.key = "other".into()), vec![E::Fixed]),
        (Box::new(|n| n.record.article = "26".into()), vec![E::Fixed]),
        (Box::new(|n| n.reason = " \n".into()), vec![E::Reason]),
        (Box::new(|n| n.reason = "ә".repeat(1_000)), vec![]),
        (Box::new(|n| n.reason = "ә".repeat(1_001)), vec![E::Reason]),
        (Box::new(|n| n.record.measures.clear()), vec![E::Fault(F::NoMeasure)]),
        (Box::new(|n| n.record.measures.push(Measure::IncomingStop)), vec![]),
        (Box::new(|n| n.record.addressees.clear()), vec![E::Fault(F::NoAddressee)]),
        (Box::new(|n| n.record.approvers.count = 0), vec![E::Fault(F::ApproverCount { standing: false })]),
        (Box::new(|n| n.record.approvers.count = 10), vec![E::Fault(F::ApproverCount { standing: false })]),
        (Box::new(|n| n.record.approvers.roles.clear()), vec![E::Fault(F::NoOffice { standing: false })]),
        (Box::new(|n| n.record.prosecutor_sanction = true), vec![E::Fault(F::StandingSanctioned)]),
        (
            Box::new(|n| {
                n.record.prosecutor_sanction = true;
                n.record.standing = None;
            }),
            vec![],
        ),
        (Box::new(|n| standing(n).max_days = 367), vec![E::Fault(F::StandingDays)]),
        (
            Box::new(|n| standing(n).widest = Scope::Full),
            vec![E::Fault(F::StandingWider), E::Fault(F::StandingScope)],
        ),
        (Box::new(|n| n.record.scope.reason_above = Scope::Full), vec![E::Fault(F::ReasonAbove)]),
        (Box::new(|n| n.record.max_term = Some(Term::Minutes(0))), vec![E::Fault(F::Term("max_term"))]),
        (
            Box::new(|n| n.record.notify[0].within = Term::CalendarDays(3_661)),
            vec![E::Fault(F::Term("notify.holder"))],
        ),
        (
            Box::new(|n| n.record.source.unverified.push("colour".into())),
            vec![E::Fault(F::Unverified("colour".into()))],
        ),
        (
            Box::new(|n| n.record.title = Localised::from_pairs([(Lang::KK, "а"), (Lang::RU, " ")])),
            vec![
                E::Fault(F::NoText { field: "title", lang: Lang::RU }),
                E::Fault(F::NoText { field: "title", lang: Lang::EN }),
            ],
        ),
    ];
    for (no, (change, expected)) in rows.into_iter().enumerate() {
        assert_eq!(check(change), expected, "row {no}");
    }
    let long = Localised::from_pairs(kz().languages().iter().map(|l| (l.clone(), "ә".repeat(301))));
    let found = check(Box::new(move |n| n.record.title = long));
    assert!(found.len() == 3 && found.iter().all(|e| matches!(e, E::TooLong(..))), "{found:?}");
    assert!(found.iter().all(|e| e.code() == "legal_basis.change_too_long"));
    assert!(!none.has(&Lang::KK));
    let holder = NotifyWhom::Holder;
    assert!(base.record.notify.iter().any(|n| n.whom == holder));
}

fn standing(new: &mut NewChange) -> &mut StandingRule {
    new.record.standing.as_mut().unwrap()
}

async fn app_on(world: &World, db: &db::Db) -> App {
    db.migrate(&[&vault::SLICE, &audit::SLICE]).unwrap();
    enrol(db, "duty_officer,approver").await;
    let app = App { db: db.clone(), ..world.app.clone() };
    bring_in(&app).await;
    app
}

async fn bring_in(app: &App) -> usize {
    let me = app.clone();
    let done: Result<usize, LegalBasisError> = app.db.write(move |tx| import(tx, &me)).await;
    done.unwrap()
}

async fn stored(app: &App) -> Vec<Basis> {
    let id = basis_id("kz", KEY);
    app.db.read(move |tx| store::versions(tx, id)).await.unwrap()
}

/// A change of the newest version, drafted now.
async fn drafted(app: &App, by: &Actor, no: u128, days: u16) -> Result<LawDraft, LegalBasisError> {
    let all = stored(app).await;
    let today = app.profile.civil_date(app.office.now()).to_string();
    let new = proposal(all.last().unwrap(), all.last().unwrap().version, &today, |n| {
        n.id = LawDraftId::from_uuid(Uuid::from_u128(no));
        n.record.max_term = Some(Term::WorkingDays(days));
    });
    change::draft(app, by, new).await
}

const APPROVER: &[Role] = &[Role::Approver];

#[test]
fn from_draft_to_version_on_both_engines() {
    testkit::on_each_engine_async(&[&legal_basis::SLICE], |db| async move {
        let world = World::new(11);
        let app = app_on(&world, &db).await;
        let (author, second) = (person(1, &[Role::Administrator]), person(2, APPROVER));
        let before = stored(&app).await;
        let draft = drafted(&app, &author, 1, 10).await.unwrap();
        // The same form again is the same draft; nothing is in force yet.
        assert_eq!(drafted(&app, &author, 1, 10).await.unwrap(), draft);
        assert_eq!(stored(&app).await, before);
        let (read, versions) = change::view(&app, &second, draft.id).await.unwrap();
        assert_eq!((&read, &versions), (&draft, &before));
        world.advance_secs(60);
        let done = change::enact(&app, &second, draft.id).await.unwrap();
        let now = app.office.now();
        assert_eq!((done.version, done.effective_from), (3, now));
        let after = stored(&app).await;
        assert_eq!(&after[..2], &before[..]);
        let new = &after[2];
        assert_eq!((new.draft, new.recorded_at), (Some(draft.id.uuid()), now));
        assert_eq!(new.record.max_term, Some(Term::WorkingDays(10)));
        let id = new.id;
        let in_force = app.db.read(move |tx| store::version_in_force(tx, id, now)).await.unwrap();
        assert_eq!(in_force.as_ref(), Some(new));
        // A restart brings nothing, whatever time it is.
        world.advance_secs(40 * DAY);
        assert_eq!(bring_in(&app).await, 0);
        let decided = change::enact(&app, &person(3, APPROVER), draft.id).await;
        assert!(matches!(decided, Err(LegalBasisError::Decide(DecideError::NotOpen))), "{decided:?}");
        let read = change::view(&app, &author, draft.id).await.unwrap().0;
        let decision = read.decision.clone().unwrap();
        assert_eq!((read.status, decision.version), (DraftStatus::Enacted, Some(3)));
        assert_eq!((decision.by.as_str(), decision.name.as_str()), (second.label().as_str(), "P2"));
        let records = app.db.read(move |tx| records_for(tx, id)).await;
        let records = records.unwrap_or_else(|e: DbError| panic!("{e}"));
        let acts: Vec<&str> = records.iter().map(|r| r.record.act.as_str()).collect();
        let count = |act: &str| acts.iter().filter(|a| **a == act).count();
        assert_eq!(
            (count("legal_basis.change_drafted"), count("legal_basis.version_enacted")),
            (1, 1),
            "{acts:?}"
        );
        let enacted = records.iter().find(|r| r.record.act == "legal_basis.version_enacted").unwrap();
        assert!(enacted.record.facts.contains(&author.label()), "{}", enacted.record.facts);
        assert!(enacted.record.facts.contains("text_sha256"));
    });
}

#[test]
fn who_may_draft_enact_and_refuse() {
    testkit::on_each_engine_async(&[&legal_basis::SLICE], |db| async move {
        let world = World::new(12);
        let app = app_on(&world, &db).await;
        for roles in [&[Role::DutyOfficer][..], &[]] {
            let refused = drafted(&app, &person(5, roles), 90, 10).await;
            assert!(
                matches!(refused, Err(LegalBasisError::Access(AccessError::Forbidden(_)))),
                "{refused:?}"
            );
        }
        for actor in [Actor::Public, Actor::system("orders")] {
            assert!(matches!(drafted(&app, &actor, 91, 10).await, Err(LegalBasisError::Access(_))));
        }
        let author = person(1, APPROVER);
        let id = drafted(&app, &author, 1, 10).await.unwrap().id;
        // Its id is nobody else's.
        let taken = drafted(&app, &person(2, APPROVER), 1, 11).await;
        assert!(matches!(taken, Err(LegalBasisError::NotFound)), "{taken:?}");
        let own = change::enact(&app, &author, id).await;
        assert!(matches!(own, Err(LegalBasisError::Decide(DecideError::Author))), "{own:?}");
        for other in [person(5, &[Role::DutyOfficer]), person(9, &[Role::Administrator]), Actor::Public] {
            let enacted = change::enact(&app, &other, id).await;
            assert!(matches!(enacted, Err(LegalBasisError::Access(_))), "{enacted:?}");
            let refused = change::refuse(&app, &other, id, "no").await;
            assert!(matches!(refused, Err(LegalBasisError::Access(_))), "{refused:?}");
        }
        let elsewhere = access::staff(Uuid::from_u128(7), "P7", APPROVER, "OTHER", "central");
        assert!(matches!(change::enact(&app, &elsewhere, id).await, Err(LegalBasisError::Access(_))));
        let second = person(2, APPROVER);
        let silent = change::refuse(&app, &second, id, " ").await;
        assert!(matches!(silent, Err(LegalBasisError::Decide(DecideError::Reason))), "{silent:?}");
        let refused = change::refuse(&app, &second, id, " not this way ").await.unwrap();
        assert_eq!(
            (refused.status, refused.decision.unwrap().reason.as_str()),
            (DraftStatus::Refused, "not this way")
        );
        assert_eq!(stored(&app).await.len(), 2);
        // Whoever wrote a draft may take it back.
        let own = drafted(&app, &author, 2, 10).await.unwrap();
        assert_eq!(
            change::refuse(&app, &author, own.id, "a slip").await.unwrap().status,
            DraftStatus::Refused
        );
        let absent = LawDraftId::from_uuid(Uuid::nil());
        assert!(matches!(change::enact(&app, &second, absent).await, Err(LegalBasisError::NotFound)));
    });
}

#[test]
fn a_draft_over_a_text_that_moved_is_not_enacted() {
    testkit::on_each_engine_async(&[&legal_basis::SLICE], |db| async move {
        let world = World::new(13);
        let app = app_on(&world, &db).await;
        let (author, second) = (person(1, APPROVER), person(2, APPROVER));
        let one = drafted(&app, &author, 1, 10).await.unwrap();
        let two = drafted(&app, &author, 2, 20).await.unwrap();
        change::enact(&app, &second, one.id).await.unwrap();
        let late = change::enact(&app, &second, two.id).await;
        assert!(matches!(late, Err(LegalBasisError::Decide(DecideError::Moved))), "{late:?}");
        assert_eq!(stored(&app).await.len(), 3);
        // It can still be refused, and a form that was opened before is told so at once.
        change::refuse(&app, &second, two.id, "written anew").await.unwrap();
        let all = stored(&app).await;
        let stale = proposal(&all[1], 2, "2026-12-01", |n| n.id = LawDraftId::from_uuid(Uuid::from_u128(9)));
        let told = change::draft(&app, &author, stale).await;
        let Err(LegalBasisError::Change(errors)) = told else { panic!("{told:?}") };
        assert!(errors.0.contains(&ChangeError::Moved), "{errors:?}");
        // What the profile drops cannot be changed any more.
        let mut other = app.clone();
        other.profile = std::sync::Arc::new(profile::Profile::embedded("direct").unwrap());
        world.advance_secs(60);
        bring_in(&other).await;
        let gone = drafted(&app, &author, 3, 30).await;
        let Err(LegalBasisError::Change(errors)) = gone else { panic!("{gone:?}") };
        assert!(errors.0.contains(&ChangeError::Withdrawn), "{errors:?}");
    });
}

#[test]
fn two_who_decide_at_the_same_moment() {
    testkit::on_each_engine_async(&[&legal_basis::SLICE], |db| async move {
        let world = World::new(14);
        let app = app_on(&world, &db).await;
        let author = person(1, APPROVER);
        for round in 0..6_u16 {
            let no = u128::from(round) * 10 + 100;
            let one = drafted(&app, &author, no, round * 2 + 10).await.unwrap();
            let two = drafted(&app, &author, no + 1, round * 2 + 11).await.unwrap();
            let before = stored(&app).await.len();
            let enact = |by: u128, id: LawDraftId| {
                let app = app.clone();
                tokio::spawn(async move { change::enact(&app, &person(by, APPROVER), id).await.is_ok() })
            };
            let hands = [enact(2, one.id), enact(3, two.id), enact(4, one.id)];
            let mut done = 0;
            for hand in hands {
                done += usize::from(hand.await.unwrap());
            }
            // One of the two changes, once: the other was written over a text that moved.
            assert_eq!((done, stored(&app).await.len()), (1, before + 1), "round {round}");
            for id in [one.id, two.id] {
                let _ = change::refuse(&app, &person(2, APPROVER), id, "next round").await;
            }
        }
    });
}

#[test]
fn draft_store_on_both_engines() {
    testkit::on_each_engine_async(&[&legal_basis::SLICE], |db| async move {
        let world = World::new(15);
        let app = app_on(&world, &db).await;
        let draft = drafted(&app, &person(1, APPROVER), 1, 10).await.unwrap();
        let again = draft.clone();
        assert_eq!(db.write(move |tx| drafts::insert(tx, &again)).await, Err(DbError::Conflict));
        let (id, basis) = (draft.id, draft.basis);
        let only = std::slice::from_ref(&draft);
        assert_eq!(db.read(drafts::waiting).await.unwrap(), only);
        assert_eq!(db.read(move |tx| drafts::of_basis(tx, basis)).await.unwrap(), only);
        let done = draft.clone().enact(("staff:9", "P9"), 3, at(NOW));
        let save = done.clone();
        db.write(move |tx| drafts::decide(tx, &save)).await.unwrap();
        assert_eq!(db.read(move |tx| drafts::get(tx, id)).await.unwrap(), Some(done.clone()));
        assert_eq!(db.read(drafts::waiting).await.unwrap(), []);
        // What was decided stays so.
        let other = draft.refuse(("staff:8", "P8"), "no", at(NOW)).unwrap();
        assert_eq!(db.write(move |tx| drafts::decide(tx, &other)).await, Err(DbError::Conflict));
    });
}
