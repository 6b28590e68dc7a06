//! What an administrator does to accounts of others: who may, who is left, what is recorded. On both engines.

use access::{
    AccessError, AccountError, AccountId, account, accounts, end_session_of, enrol_account, open_session,
    renew_account, set_active, staff,
};
use app::{App, SealedWords};
use kernel::{Actor, Purpose, Role};

use crate::support::{BROWSER, Person, Place, new, on_each, records, setup};

/// An administrator as an actor.
async fn administrator(app: &App, login: &str) -> Actor {
    let made = Person::new(app, login, &[Role::Administrator]).await;
    staff(made.created.id.uuid(), "X", &[Role::Administrator], "KZ-TEST", "duty")
}

fn refused(error: &AccountError) -> bool {
    matches!(error, AccountError::Access(AccessError::Hidden | AccessError::Forbidden(_)))
}

#[test]
fn the_last_open_administrator_stays() {
    on_each(|place| async move {
        let app = &place.app;
        administrator(app, "erzhan").await;
        let last = set_active(app, &setup(), "erzhan", false, "leaves").await.unwrap_err();
        assert!(matches!(last, AccountError::LastAdministrator), "{last}");
        // A closed one does not count, and neither does one of a demonstration in a database that is none.
        let saule = administrator(app, "saule").await;
        set_active(app, &saule, "erzhan", false, "leaves").await.unwrap();
        let last = set_active(app, &setup(), "saule", false, "leaves").await.unwrap_err();
        assert!(matches!(last, AccountError::LastAdministrator), "{last}");
        set_active(app, &saule, "erzhan", true, "is back").await.unwrap();
        set_active(app, &setup(), "saule", false, "leaves").await.unwrap();
        // Others may all be closed.
        Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        set_active(app, &setup(), "aliya", false, "leaves").await.unwrap();
        assert!(accounts(app, &setup()).await.unwrap().iter().filter(|a| a.active).count() == 1);
    });
}

#[test]
fn two_administrators_cannot_close_each_other_at_the_same_moment() {
    on_each(|place| async move {
        let app = &place.app;
        let (a, b) = (administrator(app, "erzhan").await, administrator(app, "saule").await);
        let (first, second) = tokio::join!(
            set_active(app, &a, "saule", false, "first"),
            set_active(app, &b, "erzhan", false, "second"),
        );
        assert_eq!(u8::from(first.is_ok()) + u8::from(second.is_ok()), 1, "{first:?} {second:?}");
        assert_eq!(accounts(app, &setup()).await.unwrap().iter().filter(|a| a.active).count(), 1);
    });
}

#[test]
fn a_reason_is_needed_kept_sealed_and_shown() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let id = aliya.created.id;
        for reason in ["", "  \n ", &"ә".repeat(501)] {
            let none = set_active(app, &setup(), "aliya", false, reason).await.unwrap_err();
            assert!(matches!(none, AccountError::Reason));
        }
        place.clock.advance_secs(60);
        set_active(app, &setup(), "aliya", false, " Әлия басқа бөлімге ауысты ").await.unwrap();
        let (shown, _) = account(app, &setup(), id).await.unwrap();
        assert!(!shown.active);
        assert_eq!(shown.state_at, Some(place.clock.now()));
        assert_eq!(shown.state_reason.unwrap().open(Purpose::Operate), "Әлия басқа бөлімге ауысты");
        // A second time nothing happens and nothing is recorded.
        set_active(app, &setup(), "aliya", false, "again").await.unwrap();
        let acts: Vec<String> = records(app, id.uuid()).await.into_iter().map(|(act, _)| act).collect();
        assert_eq!(acts, ["account.created", "account.closed"]);

        // The record holds the reason sealed: whoever reads the log alone learns nothing, the vault opens it.
        let facts = app.db.read(move |tx| audit::records_for(tx, id.uuid())).await;
        let facts = facts.unwrap_or_else(|e: db::DbError| panic!("{e}")).remove(0).facts;
        assert!(!facts.to_string().contains("ауысты"), "{facts}");
        let sealed = SealedWords::from_fact(facts["reason_sealed"].as_str().unwrap()).unwrap();
        let me = app.clone();
        let opened = app
            .db
            .read(move |tx| me.open_words(tx, id.uuid(), "state_reason", &sealed))
            .await
            .unwrap_or_else(|e: vault::VaultError| panic!("{e}"));
        assert_eq!(opened.unwrap().open(Purpose::Operate), "Әлия басқа бөлімге ауысты");
    });
}

#[test]
fn sessions_of_others_are_seen_and_ended() {
    on_each(|place| async move {
        let app = &place.app;
        let boss = administrator(app, "erzhan").await;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let id = aliya.created.id;
        assert_eq!(account(app, &boss, id).await.unwrap().0.last_sign_in, None);
        let first = aliya.sign_in(&place).await.unwrap();
        let second = aliya.sign_in(&place).await.unwrap();
        let (shown, sessions) = account(app, &boss, id).await.unwrap();
        assert_eq!((shown.last_sign_in, sessions.len()), (Some(place.clock.now()), 2));
        let inside = open_session(app, second.token.expose(), BROWSER).await.unwrap().unwrap();
        end_session_of(app, &boss, "aliya", inside.id).await.unwrap();
        assert!(open_session(app, second.token.expose(), BROWSER).await.unwrap().is_none());
        assert!(open_session(app, first.token.expose(), BROWSER).await.unwrap().is_some());
        let gone = end_session_of(app, &boss, "aliya", inside.id).await.unwrap_err();
        assert!(matches!(gone, AccountError::NotFound));
        let recorded = ("account.session_ended".to_owned(), boss.label());
        assert_eq!(records(app, id.uuid()).await.iter().filter(|r| **r == recorded).count(), 1);
        // A session that has ended by itself is not shown.
        place.clock.advance_secs(access::IDLE_SECS);
        assert!(account(app, &boss, id).await.unwrap().1.is_empty());

        // A session is ended through its own account only, and nobody's by somebody without the right.
        let other = Person::new(app, "marat", &[Role::DutyOfficer]).await;
        let inside = other.sign_in(&place).await.unwrap();
        let inside = open_session(app, inside.token.expose(), BROWSER).await.unwrap().unwrap();
        assert!(end_session_of(app, &boss, "aliya", inside.id).await.is_err());
        let officer = staff(id.uuid(), "X", &[Role::DutyOfficer], "KZ-TEST", "duty");
        assert!(refused(&end_session_of(app, &officer, "marat", inside.id).await.unwrap_err()));
        assert!(refused(&account(app, &officer, other.created.id).await.unwrap_err()));
        // One's own has another page.
        assert!(refused(&end_session_of(app, &boss, "erzhan", inside.id).await.unwrap_err()));
    });
}

async fn can_sign_in(place: &Place, handed: &access::Handed) -> bool {
    place.clock.advance_secs(30);
    let person = Person::with(&handed.login, handed.created.clone());
    let attempt = access::Attempt { password: handed.password.clone(), ..person.attempt(&place.clock) };
    access::sign_in(&place.app, attempt).await.is_ok()
}

#[test]
fn a_form_sent_twice_enrols_one_person_with_secrets_that_work() {
    on_each(|place| async move {
        let app = &place.app;
        let boss = administrator(app, "erzhan").await;
        let id = AccountId::from_uuid(app.uuid());
        let asked = || new("aliya", &[Role::DutyOfficer]);
        let first = enrol_account(app, &boss, id, asked()).await.unwrap();
        let again = enrol_account(app, &boss, id, asked()).await.unwrap();
        assert_eq!((first.created.id, again.created.id), (id, id));
        assert_eq!(accounts(app, &boss).await.unwrap().len(), 2);
        assert!(!can_sign_in(&place, &first).await, "what was shown first no longer works");
        assert!(can_sign_in(&place, &again).await);
        // Once somebody has signed in the form is spent, and another form never takes a known login over.
        for form in [id, AccountId::from_uuid(app.uuid())] {
            let taken = enrol_account(app, &boss, form, asked()).await.unwrap_err();
            assert!(matches!(taken, AccountError::LoginTaken(_)), "{taken}");
        }
        assert!(can_sign_in(&place, &again).await);
        let renewed = renew_account(app, &boss, "aliya").await.unwrap();
        assert!(!can_sign_in(&place, &again).await);
        assert!(can_sign_in(&place, &renewed).await);
        assert!(refused(&renew_account(app, &boss, "erzhan").await.unwrap_err()), "never one's own");
        assert_ne!(renewed.password.expose(), again.password.expose());
    });
}

/// Bug: one administrator made a second one, was handed its password and secret, and confirmed the own acts as that person.
#[test]
fn whoever_was_handed_what_another_signs_in_with_is_no_second_person() {
    on_each(|place| async move {
        let app = &place.app;
        let (erzhan, saule) = (administrator(app, "erzhan").await, administrator(app, "saule").await);
        let enrol = async |by: &Actor, login: &str| {
            let id = AccountId::from_uuid(app.uuid());
            enrol_account(app, by, id, new(login, &[Role::Administrator])).await.unwrap();
            account(app, &setup(), id).await.unwrap().0.actor()
        };
        let two = async |one: &Actor, other: &Actor| {
            let (one, other) = (one.label(), other.label());
            let found = app.db.read(move |tx| access::two_persons(tx, &one, &other)).await;
            found.unwrap_or_else(|e: db::DbError| panic!("{e}"))
        };
        assert!(two(&erzhan, &saule).await, "made at the command line");
        assert!(!two(&erzhan, &erzhan).await);
        let dana = enrol(&erzhan, "dana").await;
        assert!(!two(&erzhan, &dana).await && !two(&dana, &erzhan).await && two(&saule, &dana).await);
        // Whoever can sign in as somebody can do what that one does, also make a third account.
        let marat = enrol(&dana, "marat").await;
        assert!(!two(&erzhan, &marat).await && !two(&dana, &marat).await && two(&saule, &marat).await);
        let aset = enrol(&erzhan, "aset").await;
        assert!(!two(&aset, &dana).await, "one person may hold what both sign in with");
        // Who was handed it last holds what is good now.
        renew_account(app, &saule, "dana").await.unwrap();
        assert!(two(&erzhan, &dana).await && !two(&saule, &dana).await && two(&aset, &dana).await);
        assert!(!two(&saule, &marat).await && two(&erzhan, &marat).await);
        renew_account(app, &setup(), "dana").await.unwrap();
        assert!(two(&saule, &dana).await && two(&erzhan, &dana).await && !two(&dana, &marat).await);
    });
}
