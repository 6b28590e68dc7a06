//! The texts: whole in three languages, and every key that code asks for is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kernel::{Coded as _, Lang};
use registration::model::{Standing, State};
use registration::{LOCALES, RegistrationError};
use web::Texts;

const LANGS: [Lang; 3] = [Lang::KK, Lang::RU, Lang::EN];

fn texts() -> Texts {
    Texts::load(&[&web::LOCALES[..], &LOCALES[..]].concat()).unwrap()
}

#[test]
fn catalogues_are_whole() {
    let faults: Vec<String> = web::check_catalogues(&LOCALES).iter().map(ToString::to_string).collect();
    assert_eq!(faults, Vec::<String>::new());
    let kk = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/kk.ftl")).unwrap();
    assert!(kk.lines().take(3).any(|l| l.starts_with("### Native reader:")));
}

#[test]
fn every_key_in_the_sources_has_its_text() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut keys = BTreeSet::new();
    for folder in ["src/web", "templates"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let source = fs::read_to_string(entry.unwrap().path()).unwrap();
            let literals = source
                .split('"')
                .filter(|l| l.starts_with("registration-") || l.starts_with("error-registration-"));
            let whole = literals.filter(|l| !l.contains(['{', ' ', '/']) && !l.ends_with('-'));
            keys.extend(whole.map(str::to_owned));
        }
    }
    assert!(keys.len() > 60, "the search for keys finds too little: {keys:?}");
    let texts = texts();
    for lang in LANGS {
        let has = |key: &str| ["", ".label", ".title"].iter().any(|a| texts.has(&lang, &format!("{key}{a}")));
        let missing: Vec<&String> = keys.iter().filter(|k| !has(k)).collect();
        assert!(missing.is_empty(), "{lang}: {missing:?}");
    }
}

#[test]
fn every_word_and_error_has_its_text() {
    let mut keys: Vec<String> =
        State::ALL.iter().map(|s| format!("registration-state-{}", s.as_str())).collect();
    keys.extend(Standing::ALL.iter().map(|s| format!("registration-standing-{}", s.as_str())));
    for outcome in profile::Outcome::ALL {
        keys.extend(["title", "lead", "button"].map(|p| format!("registration-decide-{outcome}.{p}")));
    }
    for form in ["receipt", "correct", "confirm", "turned-away", "mistaken"] {
        keys.extend(["title", "lead", "button"].map(|p| format!("registration-{form}.{p}")));
    }
    for code in registration::export::RefusalCode::ALL {
        keys.push(format!("registration-refusal-{}", code.as_str()));
    }
    keys.extend(["officer", "message"].map(|c| format!("registration-channel-{c}")));
    keys.extend(["desk", "register"].map(|c| format!("registration-came-{c}")));
    keys.extend(["agree", "send-back"].map(|c| format!("registration-answer-{c}")));
    let errors = [
        RegistrationError::NumberForm(String::new()),
        RegistrationError::NumberTaken,
        RegistrationError::Settled,
        RegistrationError::Waits,
        RegistrationError::NothingToConfirm,
        RegistrationError::LeftOffice,
        RegistrationError::OtherWay,
        RegistrationError::NothingToCarry,
        RegistrationError::RegistersOwn,
        RegistrationError::RestedOn,
        RegistrationError::NotEntered,
        RegistrationError::NothingToCorrect,
    ];
    keys.extend(errors.iter().map(|e| web::Problem::key(e.code())));
    for (field, code) in registration::FIELDS {
        assert_eq!(RegistrationError::Field(field).code(), *code);
        keys.push(web::Problem::key(code));
        // The form puts the sentence beside the field by this key.
        keys.push(format!("error-registration-{field}"));
    }
    let texts = texts();
    for lang in LANGS {
        let missing: Vec<String> =
            keys.iter().map(|k| k.replace('_', "-")).filter(|k| !texts.has(&lang, k)).collect();
        assert!(missing.is_empty(), "{lang}: {missing:?}");
    }
}
