//! The texts: whole in three languages, and every key that code asks for is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kernel::{Coded as _, Lang};
use report::rules::FilingError;
use report::{LOCALES, ReportError};
use web::Texts;

#[test]
fn catalogues_are_whole() {
    let faults: Vec<String> = web::check_catalogues(&LOCALES).iter().map(ToString::to_string).collect();
    assert_eq!(faults, Vec::<String>::new());
}

/// Every file of this crate that may name a key.
fn sources() -> Vec<String> {
    fn walk(dir: &Path, out: &mut Vec<String>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else {
                out.push(fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut out = Vec::new();
    walk(&root.join("src"), &mut out);
    walk(&root.join("templates"), &mut out);
    out
}

/// Literals in quotes that look like keys of this slice.
fn literal_keys(source: &str) -> BTreeSet<String> {
    let literals = source.split('"').filter(|l| l.starts_with("report-") || l.starts_with("error-report-"));
    literals.filter(|l| !l.contains(['{', ' ', '/']) && !l.ends_with('-')).map(str::to_owned).collect()
}

#[test]
fn every_key_in_the_sources_has_its_text() {
    let texts = Texts::load(&[&web::LOCALES[..], &LOCALES[..]].concat()).unwrap();
    let keys: BTreeSet<String> = sources().iter().flat_map(|s| literal_keys(s)).collect();
    assert!(keys.len() > 60, "the search for keys finds too little: {keys:?}");
    for lang in [Lang::KK, Lang::RU, Lang::EN] {
        // A literal may be the stem of a field or page, whose texts are attributes.
        let has = |key: &str| ["", ".label", ".title"].iter().any(|a| texts.has(&lang, &format!("{key}{a}")));
        let missing: Vec<&String> = keys.iter().filter(|k| !has(k)).collect();
        assert!(missing.is_empty(), "{lang}: {missing:?}");
    }
}

#[test]
fn every_error_has_its_sentence() {
    let texts = Texts::load(&LOCALES).unwrap();
    let filing = [
        FilingError::StoryTooLong,
        FilingError::TooManyPayments,
        FilingError::NameTooLong,
        FilingError::PaymentInFuture,
        FilingError::PaymentTooOld,
        FilingError::AmountNotPositive,
        FilingError::AmountTooLarge,
        FilingError::ReferenceTooLong,
        FilingError::MixedAssets,
        FilingError::ToItself,
    ];
    let own = [
        ReportError::NotFound,
        ReportError::OtherBody,
        ReportError::WrongCode,
        ReportError::TooManyTries,
        ReportError::Erased,
    ];
    let codes = filing.map(ReportError::Filing).into_iter().chain(own).map(|e| e.code());
    let of_messages = [
        "report.sealed",
        "report.field",
        "report.type",
        "report.external_id",
        "report.kind",
        "report.currency",
        "report.amount",
        "report.time",
        "report.target",
        "report.phone",
        "report.iin",
        "report.institution",
        "report.own_account",
    ];
    for field in ["amount", "when", "own-bank", "own-account", "to", "reference"] {
        for lang in [Lang::KK, Lang::RU, Lang::EN] {
            assert!(texts.has(&lang, &format!("report-fact-{field}")), "{lang}: {field}");
        }
    }
    for code in codes.chain(of_messages) {
        let key = web::Problem::key(code);
        for lang in [Lang::KK, Lang::RU, Lang::EN] {
            assert!(texts.has(&lang, &key), "{lang}: {key}");
        }
    }
}

#[test]
fn a_longer_twin_of_every_text_loads() {
    for locale in &LOCALES {
        let twin = web::pseudo(locale).unwrap();
        Texts::load(&[twin]).unwrap();
    }
}
