//! What is decided, with whose hands, and what the reporter learns; on both engines.

use app::App;
use jiff::civil::Date;
use kernel::{Actor, Class, Coded as _, Purpose, Role};
use profile::Outcome;
use registration::State;
use registration::model::{NewDecision, Paper, Standing};
use registration::service;
use testkit::World;

use crate::support::{ERDR, KUI, acts, approver, each, filed, hear, matter, officer, receipt, staff};

fn refusal(app: &App) -> NewDecision {
    NewDecision {
        outcome: Outcome::Refused,
        receipt: None,
        paper: Paper {
            number: "17".into(),
            day: Some(app.profile.civil_date(app.office.now())),
            articles: "ҚПК 35-бап 1-бөлік".into(),
        },
        addressee: String::new(),
        reasons: "Қылмыстық құқық бұзушылық құрамы жоқ: азаматтық-құқықтық дау.".into(),
        words: "Бұл сатушымен дау, оны сот қарайды.".into(),
    }
}

/// A report that the first register holds.
async fn registered(world: &World, key: u128) -> report::Filed {
    let filed = filed(world, key).await;
    let (app, number) = (&world.app, format!("N-{key}"));
    let officer = officer(app).await;
    service::record_receipt(app, &officer, &filed.number, KUI, receipt(&number, app.office.now()))
        .await
        .unwrap();
    filed
}

#[tokio::test]
async fn it_is_entered_under_its_number() {
    each(async |world| {
        let app = &world.app;
        let filed = registered(&world, 31).await;
        let officer = officer(app).await;
        world.advance_secs(3600);
        let new = |number: &str, ago: i64| NewDecision {
            outcome: Outcome::Registered,
            receipt: Some(receipt(number, app.office.now().plus_secs(-ago))),
            paper: Paper::default(),
            addressee: String::new(),
            reasons: String::new(),
            words: String::new(),
        };
        let early = service::decide(app, &officer, &filed.number, ERDR, new("2675", 3600 + 61)).await;
        assert_eq!(early.unwrap_err().code(), "registration.at", "before the report reached the register");
        let none =
            service::decide(app, &officer, &filed.number, ERDR, NewDecision { receipt: None, ..new("1", 0) });
        assert_eq!(none.await.unwrap_err().code(), "registration.number");
        let done =
            service::decide(app, &officer, &filed.number, ERDR, new("267500031000045", 0)).await.unwrap();
        assert_eq!(done.state, State::Registered);
        let m = matter(app, &officer, &filed.number, ERDR).await;
        assert_eq!(m.reference().unwrap().number, "267500031000045");
        assert!(m.may.correct && !m.may.decide);
        let twice = service::decide(app, &officer, &filed.number, ERDR, new("267500031000046", 0)).await;
        assert_eq!(twice.unwrap_err().code(), "registration.settled");
        let first = service::decide(app, &officer, &filed.number, KUI, new("1", 0)).await.unwrap_err();
        assert_eq!(first.code(), "registration.other_way", "the first register is not decided about");

        let owner = Actor::Citizen { report: filed.id.uuid() };
        let own = service::own(app, &owner, filed.id).await.unwrap();
        assert_eq!(own[1].reference.as_ref().unwrap().number, "267500031000045");
        let other = Actor::Citizen { report: uuid::Uuid::from_u128(99) };
        assert_eq!(service::own(app, &other, filed.id).await.unwrap_err().class(), Class::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_is_reasoned_and_waits_for_a_second_person() {
    each(async |world| {
        let app = &world.app;
        let filed = registered(&world, 32).await;
        let (officer, approver) = (officer(app).await, approver(app).await);
        let bare = NewDecision { reasons: "  -  ".into(), ..refusal(app) };
        let blank = service::decide(app, &officer, &filed.number, ERDR, bare).await.unwrap_err();
        assert_eq!((blank.class(), blank.code()), (Class::Invalid, "registration.reasons"));
        let barred = service::decide(app, &approver, &filed.number, ERDR, refusal(app)).await.unwrap_err();
        assert_eq!(barred.class(), Class::Forbidden);

        let waits = service::decide(app, &officer, &filed.number, ERDR, refusal(app)).await.unwrap();
        assert_eq!(waits.state, State::Proposed);
        let again = service::decide(app, &officer, &filed.number, ERDR, refusal(app)).await.unwrap_err();
        assert_eq!(again.code(), "registration.waits");
        // Nobody outside learns of a proposal.
        let owner = Actor::Citizen { report: filed.id.uuid() };
        assert!(service::own(app, &owner, filed.id).await.unwrap()[1].decision.is_none());
        let alone = service::confirm(app, &officer, &filed.number, ERDR, true, "").await.unwrap_err();
        assert_eq!(alone.class(), Class::Forbidden, "never whoever proposed it");
        let silent = service::confirm(app, &approver, &filed.number, ERDR, false, " ").await.unwrap_err();
        assert_eq!(silent.code(), "registration.reason");

        // Sent back: the clock has not stopped, and it can be proposed anew.
        let due = waits.due_at;
        let back = service::confirm(app, &approver, &filed.number, ERDR, false, "дәлел аз").await.unwrap();
        assert_eq!((back.state, back.due_at), (State::Waiting, due));
        let none = service::confirm(app, &approver, &filed.number, ERDR, true, "").await.unwrap_err();
        assert_eq!(none.code(), "registration.nothing_to_confirm");
        service::decide(app, &officer, &filed.number, ERDR, refusal(app)).await.unwrap();
        world.advance_secs(60);
        let done = service::confirm(app, &approver, &filed.number, ERDR, true, "").await.unwrap();
        assert_eq!((done.state, done.settled_at), (State::Refused, Some(app.office.now())));

        let open = service::open(app, &officer, &filed.number).await.unwrap();
        let standings: Vec<Standing> = open.decisions.iter().map(|d| d.decision.standing).collect();
        assert_eq!(standings, [Standing::SentBack, Standing::Stands], "nothing is overwritten");
        let why = open.decisions[0].sent_back.as_ref().unwrap();
        assert_eq!(why.open(Purpose::HandleReport), "дәлел аз");
        let own = service::own(app, &owner, filed.id).await.unwrap();
        let decision = own[1].decision.as_ref().unwrap();
        assert_eq!(decision.decision.paper.number, "17");
        let words = &decision.reasons.as_ref().unwrap().open(Purpose::OwnData).words;
        assert_eq!(words, "Бұл сатушымен дау, оны сот қарайды.");
        assert_eq!(
            acts(app, filed.id).await,
            [
                "registration.confirmed",
                "registration.opened",
                "registration.opened",
                "registration.proposed",
                "registration.proposed",
                "registration.read",
                "registration.registered",
                "registration.sent_back",
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_proposed_and_left_is_nobodys_word() {
    each(async |world| {
        let app = &world.app;
        let filed = registered(&world, 33).await;
        let approver = approver(app).await;
        let leaver = staff(app, 7, Role::DutyOfficer).await;
        service::decide(app, &leaver, &filed.number, ERDR, refusal(app)).await.unwrap();
        let setup = Actor::system("setup");
        access::set_active(app, &setup, "test-7", false, "жұмыстан кетті").await.unwrap();
        let gone = service::confirm(app, &approver, &filed.number, ERDR, true, "").await.unwrap_err();
        assert_eq!(gone.code(), "registration.left_office");
        let back =
            service::confirm(app, &approver, &filed.number, ERDR, false, "жаңасы керек").await.unwrap();
        assert_eq!(back.state, State::Waiting);
    })
    .await;
}

/// Bug: a slip in a proposal had to wait until somebody else sent it back.
#[tokio::test]
async fn whoever_proposed_takes_it_back() {
    each(async |world| {
        let app = &world.app;
        let filed = registered(&world, 37).await;
        let (officer, colleague) = (officer(app).await, staff(app, 8, Role::DutyOfficer).await);
        let none = service::take_back(app, &officer, &filed.number, ERDR).await.unwrap_err();
        assert_eq!(none.code(), "registration.nothing_to_confirm");
        let waits = service::decide(app, &officer, &filed.number, ERDR, refusal(app)).await.unwrap();
        for other in [&colleague, &approver(app).await] {
            assert!(!matter(app, other, &filed.number, ERDR).await.may.take_back);
            let barred = service::take_back(app, other, &filed.number, ERDR).await.unwrap_err();
            assert_eq!(barred.class(), Class::Forbidden);
        }
        assert!(matter(app, &officer, &filed.number, ERDR).await.may.take_back);
        let back = service::take_back(app, &officer, &filed.number, ERDR).await.unwrap();
        assert_eq!((back.state, back.due_at), (State::Waiting, waits.due_at));
        let m = matter(app, &officer, &filed.number, ERDR).await;
        assert!(m.decisions[0].standing == Standing::TakenBack && m.decision().is_none());
        let late = service::confirm(app, &approver(app).await, &filed.number, ERDR, true, "").await;
        assert_eq!(late.unwrap_err().code(), "registration.nothing_to_confirm");
        service::decide(app, &colleague, &filed.number, ERDR, refusal(app)).await.unwrap();
    })
    .await;
}

/// Bug: who had said to be away went on deciding and agreeing.
#[tokio::test]
async fn whoever_is_marked_as_away_signs_nothing() {
    each(async |world| {
        let app = &world.app;
        let filed = registered(&world, 36).await;
        let (officer, approver) = (officer(app).await, approver(app).await);
        let away = async |who: &Actor| {
            let new = access::NewAbsence {
                id: access::AbsenceId::from_uuid(app.uuid()),
                account: who.user().unwrap(),
                from: app.office.now().plus_secs(-60),
                till: app.office.now().plus_secs(3_600),
                why: access::Why::Leave,
            };
            access::say_absence(app, who, new).await.unwrap();
        };
        away(&officer).await;
        let refused = service::decide(app, &officer, &filed.number, ERDR, refusal(app)).await.unwrap_err();
        assert_eq!(refused.code(), "access.away");
        access::come_back(app, &officer).await.unwrap();
        service::decide(app, &officer, &filed.number, ERDR, refusal(app)).await.unwrap();
        away(&approver).await;
        let refused = service::confirm(app, &approver, &filed.number, ERDR, true, "").await.unwrap_err();
        assert_eq!(refused.code(), "access.away");
        access::come_back(app, &approver).await.unwrap();
        service::confirm(app, &approver, &filed.number, ERDR, true, "").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_referral_says_whom_it_goes_to() {
    each(async |world| {
        let app = &world.app;
        let filed = registered(&world, 34).await;
        let officer = officer(app).await;
        let new = NewDecision { outcome: Outcome::Referred, ..refusal(app) };
        let nobody = service::decide(app, &officer, &filed.number, ERDR, new.clone()).await.unwrap_err();
        assert_eq!(nobody.code(), "registration.addressee");
        let new = NewDecision { addressee: "Ойдан шығарылған қызмет".into(), ..new };
        let waits = service::decide(app, &officer, &filed.number, ERDR, new).await.unwrap();
        assert_eq!(waits.state, State::Proposed, "whoever reports loses the office by it");
        let done = service::confirm(app, &approver(app).await, &filed.number, ERDR, true, "").await.unwrap();
        assert_eq!(done.state, State::Referred);
        let m = matter(app, &officer, &filed.number, ERDR).await;
        let kept = m.decision().unwrap();
        assert_eq!(kept.addressee, "Ойдан шығарылған қызмет");
        // What belongs to a refusal is not kept with it.
        assert_eq!(kept.paper, Paper { number: String::new(), day: None::<Date>, articles: String::new() });
    })
    .await;
}

#[tokio::test]
async fn a_reason_goes_with_the_report() {
    each(async |world| {
        let app = &world.app;
        let filed = registered(&world, 35).await;
        let officer = officer(app).await;
        service::decide(app, &officer, &filed.number, ERDR, refusal(app)).await.unwrap();
        report::service::expunge(app, &Actor::system("retention"), filed.id).await.unwrap();
        hear(&world).await;
        let open = service::open(app, &officer, &filed.number).await.unwrap();
        assert!(open.decisions[0].reasons.is_none());
        let late = service::confirm(app, &approver(app).await, &filed.number, ERDR, true, "").await;
        assert!(late.is_err(), "nothing is left to agree to");
    })
    .await;
}
