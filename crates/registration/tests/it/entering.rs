//! A report is handed over, numbered, and its number put right; on both engines.

use kernel::{Actor, Class, Coded as _, Purpose, Role};
use registration::State;
use registration::export::RegistrationFile;
use registration::service;

use crate::support::{
    ERDR, KUI, STORY, acts, approver, each, filed, hear, in_country, matter, officer, receipt, staff, told,
};

#[tokio::test]
async fn every_report_waits_for_the_first_register_and_nothing_else() {
    each(async |world| {
        let app = &world.app;
        let filed = filed(&world, 1).await;
        let officer = officer(app).await;
        let view = service::of_report(app, &officer, &filed.number).await.unwrap();
        let codes: Vec<&str> = view.matters.iter().map(|m| m.register.code.as_str()).collect();
        assert_eq!(codes, [KUI], "nothing is decided about before it is registered");
        let m = &view.matters[0];
        assert_eq!(m.registration.state, State::Waiting);
        assert_eq!(m.registration.due_at.micros_since(m.registration.since), 30 * 60 * 1_000_000);
        assert!(m.may.hand_over && m.may.receive && !m.may.decide && !m.may.correct);
        // The same news again opens nothing again.
        let id = filed.id;
        let before = acts(app, id).await;
        let event = db::outbox::Event {
            id: app.uuid(),
            name: report::RECEIVED.into(),
            subject: id.uuid(),
            body: serde_json::Value::Null,
            at: app.office.now(),
        };
        let me = app.clone();
        app.db.write(move |tx| service::on_received(tx, &me, &event)).await.unwrap();
        assert_eq!(acts(app, id).await, before);
        assert_eq!(before, ["registration.opened"]);
    })
    .await;
}

#[tokio::test]
async fn the_file_is_made_once_and_holds_what_was_told() {
    each(async |world| {
        let app = &world.app;
        let filed = filed(&world, 2).await;
        let officer = officer(app).await;
        let made = service::hand_over(app, &officer, &filed.number, KUI).await.unwrap();
        world.advance_secs(60);
        let again = service::hand_over(app, &officer, &filed.number, KUI).await.unwrap();
        assert_eq!(made, again, "pressed twice");
        // Bug: a file that lay in the house was called handed over, to the reporter as well.
        let m = matter(app, &officer, &filed.number, KUI).await;
        assert_eq!(m.registration.state, State::Waiting);
        assert!(m.may.carry && m.may.take && !m.may.hand_over && !m.may.turn_away);

        let taken = service::take_file(app, &officer, &filed.number, KUI).await.unwrap();
        assert_eq!(taken.name, format!("{}-kui.json", filed.number));
        let text = taken.content.open(Purpose::HandleReport).clone();
        let file: RegistrationFile = serde_json::from_str(&text).unwrap();
        assert_eq!((file.kind_of_message.as_str(), file.register.as_str()), ("registration.v1", KUI));
        assert_eq!((file.story.as_str(), file.subject_number.as_str()), (STORY, filed.number.as_str()));
        assert_eq!(file.reporter.name, "Үлгі Азамат");
        assert_eq!((file.salt.len(), file.hand_over_id), (32, made.id.to_string()));
        let digest = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(text.as_bytes()));
        assert_eq!(digest, made.sha256, "what is recorded is the hash of what was taken");
        assert_eq!(i64::try_from(text.len()).unwrap(), made.size_bytes);
        assert_eq!(
            acts(app, filed.id).await,
            ["registration.file_taken", "registration.opened", "registration.prepared"]
        );
        for _ in 0..2 {
            let handed = service::carried(app, &officer, &filed.number, KUI).await.unwrap();
            assert_eq!(handed.state, State::HandedOver);
        }
        assert_eq!(
            acts(app, filed.id).await,
            [
                "registration.file_taken",
                "registration.handed_over",
                "registration.opened",
                "registration.prepared"
            ]
        );
        // Approvers read, and hand nothing over; nobody else learns that it exists.
        let approver = approver(app).await;
        let refused = service::hand_over(app, &approver, &filed.number, KUI).await.unwrap_err();
        assert_eq!(refused.class(), Class::Forbidden);
        for other in [staff(app, 5, Role::Administrator).await, Actor::Public] {
            let hidden = service::take_file(app, &other, &filed.number, KUI).await.unwrap_err();
            assert_eq!(hidden.class(), Class::NotFound, "{hidden}");
        }
        let nowhere = service::hand_over(app, &officer, &filed.number, ERDR).await.unwrap_err();
        assert_eq!(nowhere.class(), Class::NotFound);
    })
    .await;
}

/// Bug: a file that an officer had carried could not be turned away.
#[tokio::test]
async fn a_carried_file_that_is_not_taken_waits_and_is_made_anew() {
    each(async |world| {
        let app = &world.app;
        let filed = filed(&world, 13).await;
        let officer = officer(app).await;
        let early = service::carried(app, &officer, &filed.number, KUI).await.unwrap_err();
        assert_eq!(early.code(), "registration.nothing_to_carry");
        let first = service::hand_over(app, &officer, &filed.number, KUI).await.unwrap();
        let ready = service::turned_away(app, &officer, &filed.number, KUI, "мекенжайы жоқ").await;
        assert_eq!(ready.unwrap_err().code(), "registration.settled", "it was not handed over yet");
        service::carried(app, &officer, &filed.number, KUI).await.unwrap();
        let blank = service::turned_away(app, &officer, &filed.number, KUI, " ").await.unwrap_err();
        assert_eq!(blank.code(), "registration.reason");
        let due = matter(app, &officer, &filed.number, KUI).await.registration.due_at;
        service::turned_away(app, &officer, &filed.number, KUI, "мекенжайы жоқ").await.unwrap();
        let open = service::open(app, &officer, &filed.number).await.unwrap();
        let m = &open.view.matters[0];
        assert_eq!((m.registration.state, m.registration.due_at), (State::Waiting, due));
        assert!(m.may.hand_over && !m.may.carry && !m.may.turn_away);
        assert_eq!(open.refusals[0].1.open(Purpose::HandleReport), "мекенжайы жоқ");
        world.advance_secs(60);
        let second = service::hand_over(app, &officer, &filed.number, KUI).await.unwrap();
        assert_ne!(first.id, second.id);
        report::service::expunge(app, &Actor::system("retention"), filed.id).await.unwrap();
        hear(&world).await;
        let open = service::open(app, &officer, &filed.number).await.unwrap();
        assert!(open.refusals.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_register_answers_and_the_clock_of_the_law_begins() {
    each(async |world| {
        let app = &world.app;
        let filed = filed(&world, 3).await;
        let officer = officer(app).await;
        let at = app.office.now().plus_secs(-120);
        let told = receipt("  26 7500 0031\u{a0}00001 ", at);
        let taken = service::record_receipt(app, &officer, &filed.number, KUI, told.clone()).await.unwrap();
        assert_eq!((taken.state, taken.settled_at), (State::Registered, Some(at)));
        // The same answer again is one answer.
        service::record_receipt(app, &officer, &filed.number, KUI, told).await.unwrap();
        let m = matter(app, &officer, &filed.number, KUI).await;
        assert_eq!(m.references.len(), 1);
        assert_eq!(m.reference().unwrap().number, "26 7500 0031 00001");
        assert_eq!(m.reference().unwrap().came_by, "desk");
        let other = service::record_receipt(app, &officer, &filed.number, KUI, receipt("9", at)).await;
        assert_eq!(other.unwrap_err().code(), "registration.settled", "another number is a correction");

        let erdr = matter(app, &officer, &filed.number, ERDR).await;
        assert_eq!((erdr.registration.since, erdr.registration.state), (at, State::Waiting));
        assert_eq!(erdr.registration.due_at, at.plus_secs(24 * 3600));
        assert!(erdr.may.decide && !erdr.may.confirm);
        // It stands on the board, with the hours that are left, and turns late.
        let board = service::board(app, &officer).await.unwrap();
        assert_eq!((board.count.open, board.count.late), (1, 0));
        assert_eq!(board.rows[0].0.subject_number, filed.number);
        world.advance_secs(24 * 3600 - 120);
        assert_eq!(service::board(app, &officer).await.unwrap().count.late, 0, "late only after its moment");
        world.advance_secs(1);
        assert_eq!(service::board(app, &officer).await.unwrap().count.late, 1);
    })
    .await;
}

#[tokio::test]
async fn a_number_belongs_to_one_report() {
    each(async |world| {
        let app = &world.app;
        let (one, two) = (filed(&world, 4).await, filed(&world, 5).await);
        let officer = officer(app).await;
        let at = app.office.now();
        service::record_receipt(app, &officer, &one.number, KUI, receipt("N-1", at)).await.unwrap();
        let taken = service::record_receipt(app, &officer, &two.number, KUI, receipt("N-1", at)).await;
        assert_eq!(taken.unwrap_err().code(), "registration.number_taken");
        for (wrong, code) in [
            (receipt(" ", at), "registration.number"),
            (receipt("N-2", at.plus_secs(3600)), "registration.at"),
        ] {
            let error = service::record_receipt(app, &officer, &two.number, KUI, wrong).await.unwrap_err();
            assert_eq!(error.code(), code);
        }
        let m = matter(app, &officer, &two.number, KUI).await;
        assert!(m.references.is_empty() && m.registration.state == State::Waiting, "nothing of it is kept");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_number_is_marked_and_kept_and_the_clock_moves() {
    each(async |world| {
        let app = &world.app;
        let (one, two) = (filed(&world, 6).await, filed(&world, 7).await);
        let officer = officer(app).await;
        let at = app.office.now();
        service::record_receipt(app, &officer, &one.number, KUI, receipt("N-7", at)).await.unwrap();
        let blank = service::correct(app, &officer, &one.number, KUI, receipt("N-8", at), " ").await;
        assert_eq!(blank.unwrap_err().code(), "registration.reason");
        let earlier = at.plus_secs(-600);
        service::correct(app, &officer, &one.number, KUI, receipt("N-8", earlier), "қате терілген")
            .await
            .unwrap();
        let m = matter(app, &officer, &one.number, KUI).await;
        let known: Vec<(&str, bool)> =
            m.references.iter().map(|r| (r.number.as_str(), r.wrong_at.is_some())).collect();
        assert_eq!(known, [("N-7", true), ("N-8", false)]);
        assert_eq!(m.references[0].wrong_by.as_deref(), Some(officer.label().as_str()));
        assert_eq!((m.registration.state, m.registration.settled_at), (State::Registered, Some(earlier)));
        let erdr = matter(app, &officer, &one.number, ERDR).await;
        assert_eq!(erdr.registration.due_at, earlier.plus_secs(24 * 3600), "from the right time");
        let open = service::open(app, &officer, &one.number).await.unwrap();
        let why: Vec<String> = open
            .noted
            .iter()
            .filter_map(|n| n.wrong.as_ref())
            .map(|w| w.open(Purpose::HandleReport).clone())
            .collect();
        assert_eq!(why, ["қате терілген"]);
        // The number that was wrong here may be right elsewhere.
        service::record_receipt(app, &officer, &two.number, KUI, receipt("N-7", at)).await.unwrap();
        let taken = service::correct(app, &officer, &two.number, KUI, receipt("N-8", at), "x").await;
        assert_eq!(taken.unwrap_err().code(), "registration.number_taken");
        assert_eq!(
            matter(app, &officer, &two.number, KUI).await.reference().unwrap().number,
            "N-7",
            "what could not be put right stays as it was"
        );
        let none = service::correct(app, &officer, &one.number, ERDR, receipt("1", at), "x").await;
        assert_eq!(none.unwrap_err().code(), "registration.nothing_to_correct");
    })
    .await;
}

#[tokio::test]
async fn the_same_correction_again_is_none_and_a_decision_is_not_older_than_its_matter() {
    each(async |world| {
        let app = &world.app;
        let filed = filed(&world, 14).await;
        let officer = officer(app).await;
        let at = app.office.now();
        service::record_receipt(app, &officer, &filed.number, KUI, receipt("N-1", at)).await.unwrap();
        let number = filed.number.as_str();
        let id = registration::model::ReferenceId::from_uuid(app.uuid());
        for _ in 0..2 {
            let right = receipt("N-2", at);
            let done = service::correct_once(app, &officer, (number, KUI), id, right, "қате").await.unwrap();
            assert_eq!(done.id, id, "the form sent twice is one correction");
        }
        service::correct(app, &officer, number, KUI, receipt("N-2", at), "қате").await.unwrap();
        let corrections = acts(app, filed.id).await;
        assert_eq!(corrections.iter().filter(|a| *a == "registration.corrected").count(), 1);
        assert_eq!(matter(app, &officer, number, KUI).await.references.len(), 2);

        let entered = registration::model::NewDecision {
            outcome: profile::Outcome::Registered,
            receipt: Some(receipt("E-1", at)),
            paper: registration::model::Paper::default(),
            addressee: String::new(),
            reasons: String::new(),
            words: String::new(),
        };
        service::decide(app, &officer, number, ERDR, entered).await.unwrap();
        let early = receipt("E-2", at.plus_secs(-61));
        let refused = service::correct(app, &officer, number, ERDR, early, "қате").await.unwrap_err();
        assert_eq!(refused.code(), "registration.at");
    })
    .await;
}

/// Bug: a number written on the wrong report could only be replaced by another one.
#[tokio::test]
async fn what_was_entered_by_mistake_waits_again() {
    each(async |world| {
        let app = &world.app;
        let (wrong, right) = (filed(&world, 15).await, filed(&world, 16).await);
        let officer = officer(app).await;
        let at = app.office.now();
        let none = service::mistaken(app, &officer, &wrong.number, KUI, "x").await.unwrap_err();
        assert_eq!(none.code(), "registration.nothing_to_correct");
        service::record_receipt(app, &officer, &wrong.number, KUI, receipt("N-1", at)).await.unwrap();
        let blank = service::mistaken(app, &officer, &wrong.number, KUI, " ").await.unwrap_err();
        assert_eq!(blank.code(), "registration.reason");
        let due = matter(app, &officer, &wrong.number, KUI).await.registration.due_at;
        let back =
            service::mistaken(app, &officer, &wrong.number, KUI, "басқа арыздың нөмірі").await.unwrap();
        assert_eq!((back.state, back.settled_at, back.due_at), (State::Waiting, None, due));
        let m = matter(app, &officer, &wrong.number, KUI).await;
        assert!(m.reference().is_none() && m.references[0].wrong_at.is_some() && m.may.hand_over);
        // The number is free for the report that it belongs to.
        service::record_receipt(app, &officer, &right.number, KUI, receipt("N-1", at)).await.unwrap();
        // Nothing is decided about a report that no register holds.
        let erdr = matter(app, &officer, &wrong.number, ERDR).await;
        assert!(!erdr.may.decide);
        let decision = |number: &str| registration::model::NewDecision {
            outcome: profile::Outcome::Registered,
            receipt: Some(receipt(number, app.office.now())),
            paper: registration::model::Paper::default(),
            addressee: String::new(),
            reasons: String::new(),
            words: String::new(),
        };
        let refused = service::decide(app, &officer, &wrong.number, ERDR, decision("E-1")).await.unwrap_err();
        assert_eq!(refused.code(), "registration.not_entered");
        // Its own number moves the clock, and what is decided rests on it.
        world.advance_secs(60);
        let own = receipt("N-3", app.office.now());
        service::record_receipt(app, &officer, &wrong.number, KUI, own).await.unwrap();
        let erdr = matter(app, &officer, &wrong.number, ERDR).await;
        assert_eq!(erdr.registration.since, app.office.now());
        service::decide(app, &officer, &wrong.number, ERDR, decision("E-1")).await.unwrap();
        let rests = service::mistaken(app, &officer, &wrong.number, KUI, "x").await.unwrap_err();
        assert_eq!(rests.code(), "registration.rested_on");
    })
    .await;
}

#[tokio::test]
async fn erasure_empties_everything_that_was_sealed() {
    each(async |world| {
        let app = &world.app;
        let (one, two) = (filed(&world, 8).await, filed(&world, 9).await);
        let officer = officer(app).await;
        service::hand_over(app, &officer, &one.number, KUI).await.unwrap();
        service::record_receipt(app, &officer, &one.number, KUI, receipt("N-9", app.office.now()))
            .await
            .unwrap();
        for filed in [&one, &two] {
            report::service::expunge(app, &Actor::system("retention"), filed.id).await.unwrap();
        }
        hear(&world).await;
        let gone = service::take_file(app, &officer, &one.number, KUI).await.unwrap_err();
        assert_eq!(gone.class(), Class::Gone, "{gone}");
        let open = service::open(app, &officer, &one.number).await.unwrap();
        assert!(open.noted.iter().all(|n| n.registrar.is_none()));
        let states =
            |view: &service::View| view.matters.iter().map(|m| m.registration.state).collect::<Vec<_>>();
        // What the register holds stays there and here; what was open is left to nobody.
        assert_eq!(states(&open.view), [State::Registered, State::Erased]);
        let two = service::of_report(app, &officer, &two.number).await.unwrap();
        assert_eq!(states(&two), [State::Erased]);
        assert_eq!(service::board(app, &officer).await.unwrap().count.open, 0);
    })
    .await;
}

#[tokio::test]
async fn news_that_comes_after_the_erasure_opens_nothing() {
    each(async |world| {
        let app = &world.app;
        let filed = told(&world, 10).await;
        report::service::expunge(app, &Actor::system("retention"), filed.id).await.unwrap();
        hear(&world).await;
        let officer = officer(app).await;
        let view = service::of_report(app, &officer, &filed.number).await.unwrap();
        assert!(view.matters.is_empty());
    })
    .await;
}

#[tokio::test]
async fn looking_at_a_report_opens_nothing_and_somebody_enters_it() {
    each(async |world| {
        let app = &world.app;
        let filed = told(&world, 11).await;
        let (officer, approver) = (officer(app).await, approver(app).await);
        let open = service::open(app, &officer, &filed.number).await.unwrap();
        let missing: Vec<&str> = open.view.missing.iter().map(|r| r.code.as_str()).collect();
        assert_eq!((missing, open.view.matters.len(), open.view.may_enter), (vec![KUI], 0, true));
        // Bug: looking at it opened a matter, which was late at once.
        assert_eq!(acts(app, filed.id).await, ["registration.read"]);
        assert!(!service::of_report(app, &approver, &filed.number).await.unwrap().may_enter);
        let barred = service::enter_now(app, &approver, &filed.number).await.unwrap_err();
        assert_eq!(barred.class(), Class::Forbidden);
        service::enter_now(app, &officer, &filed.number).await.unwrap();
        assert_eq!(matter(app, &officer, &filed.number, KUI).await.registration.state, State::Waiting);
        hear(&world).await;
        assert_eq!(acts(app, filed.id).await, ["registration.opened", "registration.read"], "once");
        assert!(service::of_report(app, &officer, &filed.number).await.unwrap().missing.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_country_without_registers_shows_nothing() {
    in_country("direct", async |world| {
        let app = &world.app;
        let filed = filed(&world, 12).await;
        let officer = officer(app).await;
        let view = service::of_report(app, &officer, &filed.number).await.unwrap();
        assert!(view.matters.is_empty());
        let none = service::open(app, &officer, &filed.number).await.unwrap_err();
        assert_eq!(none.class(), Class::NotFound);
        assert_eq!(service::board(app, &officer).await.unwrap().count.open, 0);
        let owner = Actor::Citizen { report: filed.id.uuid() };
        assert!(service::own(app, &owner, filed.id).await.unwrap().is_empty());
    })
    .await;
}
