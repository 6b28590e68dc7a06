//! The rules by tables: every state and verb, and every field of a decision.

use kernel::{Header, Lang, Localised, Marking};
use uuid::Uuid;

use super::*;
use crate::model::{Paper, RegistrationId};

fn at(secs: i64) -> Timestamp {
    Timestamp::from_secs(secs)
}

fn matter(state: State) -> Registration {
    let header = Header {
        origin_node: "n".into(),
        organisation_id: "o".into(),
        unit_id: "u".into(),
        region: String::new(),
        marking: Marking::default(),
        lang: Lang::KK,
        created_at: at(0),
        source_time: at(0),
        source_zone: "Asia/Almaty".into(),
        author: "system:registers".into(),
        basis: None,
        profile_version: "p".into(),
        retention_class: "report".into(),
    };
    Registration {
        id: RegistrationId::from_uuid(Uuid::nil()),
        header,
        subject_kind: "report".into(),
        subject: Uuid::nil(),
        subject_number: "R-2026-1".into(),
        system: "book".into(),
        since: at(100),
        due_at: at(200),
        state,
        settled_at: None,
    }
}

fn rule(kind: Outcome, second_person: bool) -> OutcomeRule {
    let text = || Localised::from_pairs([(Lang::EN, "x".to_owned())]);
    OutcomeRule { kind, name: text(), means: text(), second_person }
}

#[test]
fn every_state_and_verb() {
    use State as S;
    let code = |r: Result<Registration, RegistrationError>| match r {
        Ok(m) => m.state.as_str().to_owned(),
        Err(e) => kernel::Coded::code(&e).trim_start_matches("registration.").to_owned(),
    };
    // state, hand over, take, refuse alone, refuse with a second person, agree, send back, erase
    #[rustfmt::skip]
    let table = [
        (S::Waiting,    "handed_over", "registered", "refused", "proposed", "nothing_to_confirm", "nothing_to_confirm", "erased"),
        (S::HandedOver, "handed_over", "registered", "settled", "settled",  "nothing_to_confirm", "nothing_to_confirm", "erased"),
        (S::Proposed,   "settled",     "settled",    "waits",   "waits",    "refused",            "waiting",            "erased"),
        (S::Registered, "settled",     "settled",    "settled", "settled",  "nothing_to_confirm", "nothing_to_confirm", "registered"),
        (S::Refused,    "settled",     "settled",    "settled", "settled",  "nothing_to_confirm", "nothing_to_confirm", "refused"),
        (S::Referred,   "settled",     "settled",    "settled", "settled",  "nothing_to_confirm", "nothing_to_confirm", "referred"),
        (S::Erased,     "settled",     "settled",    "settled", "settled",  "nothing_to_confirm", "nothing_to_confirm", "erased"),
    ];
    assert_eq!(table.len(), S::ALL.len());
    for (state, hand, take, alone, second, agree, back, erase) in table {
        let m = || matter(state);
        assert_eq!(code(m().hand_over()), hand, "{state:?}");
        assert_eq!(code(m().take(at(150))), take, "{state:?}");
        assert_eq!(code(m().decide(&rule(Outcome::Refused, false), at(150))), alone, "{state:?}");
        assert_eq!(code(m().decide(&rule(Outcome::Refused, true), at(150))), second, "{state:?}");
        assert_eq!(code(m().agree(Outcome::Refused, at(150))), agree, "{state:?}");
        assert_eq!(code(m().send_back()), back, "{state:?}");
        assert_eq!(m().erase().state.as_str(), erase, "{state:?}");
        // What came to rest keeps its clock.
        let moved = m().from_entry(at(1), at(2));
        assert_eq!(moved.due_at, if state.is_open() { at(2) } else { at(200) }, "{state:?}");
        assert_eq!(m().is_late(at(201)), state.is_open());
        assert!(!m().is_late(at(200)), "late only after its moment");
    }
}

#[test]
fn a_number_is_taken_as_it_is_told() {
    assert_eq!(number(None, "  25 75\u{a0}0000 ").ok(), Some("25 75 0000".to_owned()));
    for wrong in ["", " \n ", "12\u{7}3"] {
        assert!(matches!(number(None, wrong), Err(RegistrationError::Field("number"))), "{wrong:?}");
    }
    assert!(number(None, &"9".repeat(MAX_NUMBER)).is_ok());
    assert!(number(None, &"9".repeat(MAX_NUMBER + 1)).is_err());
}

#[test]
fn a_receipt_is_not_from_the_future() {
    let told = |at| Receipt { number: "1".into(), registered_at: at, registrar: " А. Үлгі ".into() };
    let now = at(1_000_000);
    assert_eq!(receipt(None, &told(now), now).map(|r| r.registrar).ok(), Some("А. Үлгі".to_owned()));
    // Entered there before it was filed here.
    assert!(receipt(None, &told(at(5)), now).is_ok());
    assert!(receipt(None, &told(now.plus_secs(AHEAD_SECS)), now).is_ok());
    for wrong in [now.plus_secs(AHEAD_SECS + 1), at(-1)] {
        assert!(matches!(receipt(None, &told(wrong), now), Err(RegistrationError::Field("at"))));
    }
    let long = Receipt { registrar: "ә".repeat(MAX_LINE + 1), ..told(now) };
    assert!(matches!(receipt(None, &long, now), Err(RegistrationError::Field("registrar"))));
}

#[test]
fn a_refusal_is_a_reasoned_document() {
    let today = Date::constant(2026, 9, 1);
    let whole = NewDecision {
        outcome: Outcome::Refused,
        receipt: None,
        paper: Paper { number: "17".into(), day: Some(today), articles: "ҚПК 35-бап".into() },
        addressee: String::new(),
        reasons: "Қылмыстық құқық бұзушылық белгілері жоқ.".into(),
        words: "Сіз айтқан жайт қылмысқа жатпайды.".into(),
    };
    assert_eq!(faults(&whole, today, true), Vec::<&str>::new());
    let nothing = NewDecision {
        paper: Paper::default(),
        reasons: " . . . ----------- ".into(),
        words: "№ 1".into(),
        ..whole.clone()
    };
    assert_eq!(faults(&nothing, today, true), ["paper", "day", "articles", "reasons", "words"]);
    let tomorrow = Paper { day: today.tomorrow().ok(), ..whole.paper.clone() };
    assert_eq!(faults(&NewDecision { paper: tomorrow, ..whole.clone() }, today, true), ["day"]);
    let long = NewDecision { reasons: "ә".repeat(MAX_TEXT + 1), ..whole.clone() };
    assert_eq!(faults(&long, today, true), ["reasons"]);

    let referred = NewDecision { outcome: Outcome::Referred, ..whole.clone() };
    assert_eq!(faults(&referred, today, true), ["addressee"]);
    let addressed = NewDecision { addressee: "Салық қызметі".into(), ..referred };
    assert_eq!(faults(&addressed, today, true), Vec::<&str>::new());
    assert_eq!(faults(&NewDecision { outcome: Outcome::Registered, ..whole }, today, true), ["number"]);
}
