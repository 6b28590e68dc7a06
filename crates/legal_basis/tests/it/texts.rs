//! Every code of this slice has its sentence in every language.

use std::collections::BTreeSet;

use kernel::Coded;
use legal_basis::LOCALES;
use legal_basis::standing::{DraftError, NotCovered, RevokeError, SignError, Status};
use legal_basis::{BasisRefusal, LegalBasisError};
use profile::{AddresseeKind, Measure, Scope, SourceMark};

use crate::support::at;

fn key(code: &str) -> String {
    format!("error-{}", code.replace(['.', '_'], "-"))
}

#[test]
fn catalogues_are_sound() {
    assert_eq!(web::check_catalogues(LOCALES), []);
}

#[test]
fn every_code_and_word_has_a_text() {
    let now = at("2026-11-23T09:05:00Z");
    let errors: Vec<Box<dyn Coded>> = vec![
        Box::new(LegalBasisError::NotFound),
        Box::new(BasisRefusal::NotYetInForce(now)),
        Box::new(BasisRefusal::Ended(now)),
        Box::new(BasisRefusal::Measure(Measure::Hold)),
        Box::new(BasisRefusal::Addressee(AddresseeKind::Bank)),
        Box::new(BasisRefusal::TooWide { asked: Scope::Full, allowed: Scope::AmountOnly }),
        Box::new(BasisRefusal::Unreasoned(Scope::AmountOnly)),
        Box::new(BasisRefusal::NoAmount),
        Box::new(BasisRefusal::ExemptReceipts),
        Box::new(DraftError::BasisNotInForce),
        Box::new(DraftError::PerCase),
        Box::new(DraftError::Measure),
        Box::new(DraftError::TooWide(Scope::AmountOnly)),
        Box::new(DraftError::Cap),
        Box::new(DraftError::MixedAssets),
        Box::new(DraftError::DayBelowOrder),
        Box::new(DraftError::NoHop),
        Box::new(DraftError::Dates),
        Box::new(DraftError::TooLong(90)),
        Box::new(DraftError::Reason),
        Box::new(SignError::NotDraft),
        Box::new(SignError::Ended),
        Box::new(SignError::BasisNotInForce),
        Box::new(SignError::PerCase),
        Box::new(SignError::Author),
        Box::new(SignError::Again),
        Box::new(SignError::Office),
        Box::new(RevokeError::Ended),
        Box::new(RevokeError::Reason),
        Box::new(NotCovered(Vec::new())),
    ];
    let mut wanted: BTreeSet<String> = errors.iter().map(|e| key(e.code())).collect();
    let word = |prefix: &str, w: &str| format!("{prefix}-{}", w.replace('_', "-"));
    wanted.extend(Status::ALL.iter().map(|s| word("standing-status", s.as_str())));
    wanted.extend(Measure::ALL.iter().map(|m| word("legal-basis-measure", m.as_str())));
    wanted.extend(Scope::ALL.iter().map(|s| word("legal-basis-scope", s.as_str())));
    wanted.extend(SourceMark::ALL.iter().map(|s| word("legal-basis-mark", s.as_str())));
    for locale in LOCALES {
        for key in &wanted {
            assert!(locale.source.contains(&format!("\n{key} = ")), "{}: {key}", locale.lang);
        }
    }
}
