//! Every code of this slice has its sentence in every language.

use std::collections::BTreeSet;

use kernel::{Coded, Lang, Timestamp};
use legal_basis::LOCALES;
use legal_basis::change::{ChangeError, DecideError, DraftStatus};
use legal_basis::compare::Field;
use legal_basis::law::BasisState;
use legal_basis::standing::{DraftError, NotCovered, RevokeError, SignError, Status};
use legal_basis::{BasisRefusal, LegalBasisError};
use profile::{
    AddresseeKind, BasisFault, ExemptReceipt, Measure, NotifyWhom, Scope, SourceMark, basis_check,
};

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
        Box::new(DecideError::NotOpen),
        Box::new(DecideError::Author),
        Box::new(DecideError::AuthorOut),
        Box::new(DecideError::Moved),
        Box::new(DecideError::Over),
        Box::new(DecideError::Faulty),
        Box::new(DecideError::Reason),
        Box::new(ChangeError::Withdrawn),
        Box::new(ChangeError::Moved),
        Box::new(ChangeError::Fixed),
        Box::new(ChangeError::Past),
        Box::new(ChangeError::TooFar),
        Box::new(ChangeError::Unchanged),
        Box::new(ChangeError::TooLong(Field::Text, Lang::KK)),
        Box::new(ChangeError::Reason),
    ];
    let faults = [
        BasisFault::NoText { field: "text", lang: Lang::KK },
        BasisFault::EndsBefore,
        BasisFault::NoMeasure,
        BasisFault::NoAddressee,
        BasisFault::ApproverCount { standing: true },
        BasisFault::NoOffice { standing: false },
        BasisFault::Term("max_term"),
        BasisFault::ReasonAbove,
        BasisFault::StandingWider,
        BasisFault::StandingScope,
        BasisFault::StandingDays,
        BasisFault::StandingSanctioned,
        BasisFault::Unverified(String::new()),
    ];
    let mut wanted: BTreeSet<String> = errors.iter().map(|e| key(e.code())).collect();
    let word = |prefix: &str, w: &str| format!("{prefix}-{}", w.replace('_', "-"));
    wanted.extend(Status::ALL.iter().map(|s| word("standing-status", s.as_str())));
    wanted.extend(Measure::ALL.iter().map(|m| word("legal-basis-measure", m.as_str())));
    wanted.extend(faults.into_iter().map(|f| key(ChangeError::Fault(f).code())));
    wanted.extend(DraftStatus::ALL.iter().map(|s| word("legal-basis-draft", s.as_str())));
    wanted.extend(BasisState::ALL.iter().map(|s| word("legal-basis-state", s.as_str())));
    wanted.extend(AddresseeKind::ALL.iter().map(|a| word("legal-basis-addressee", a.as_str())));
    wanted.extend(ExemptReceipt::ALL.iter().map(|e| word("legal-basis-exempt", e.as_str())));
    wanted.extend(NotifyWhom::ALL.iter().map(|n| word("legal-basis-notify", n.as_str())));
    wanted.extend(basis_check::VERIFIABLE.iter().map(|f| word("legal-basis-field", f)));
    wanted.extend(Scope::ALL.iter().map(|s| word("legal-basis-scope", s.as_str())));
    wanted.extend(SourceMark::ALL.iter().map(|s| word("legal-basis-mark", s.as_str())));
    for locale in LOCALES {
        for key in &wanted {
            assert!(locale.source.contains(&format!("\n{key} = ")), "{}: {key}", locale.lang);
        }
    }
}

#[test]
fn templates_name_no_missing_text() {
    let all: Vec<web::Locale> = access::LOCALES.into_iter().chain(LOCALES.iter().cloned()).collect();
    let site = web::Site::for_tests(&all, Timestamp::from_secs(0)).unwrap();
    for template in [
        include_str!("../../templates/law_list.html"),
        include_str!("../../templates/law_show.html"),
        include_str!("../../templates/law_change.html"),
        include_str!("../../templates/law_draft.html"),
        include_str!("../../templates/_law_comparison.html"),
        include_str!("../../templates/_law_term.html"),
        include_str!("../../templates/_legal_basis_explanation.html"),
        include_str!("../../src/web/words.rs"),
        include_str!("../../src/web/show.rs"),
        include_str!("../../src/web/decide.rs"),
        include_str!("../../src/web/panel.rs"),
    ] {
        let keys = web::keys_in(template);
        assert!(!keys.is_empty());
        for lang in [Lang::KK, Lang::RU, Lang::EN] {
            let ctx = web::Ctx::of(&site, lang.clone());
            for key in &keys {
                assert!(ctx.has_text(key), "{key} in {lang}");
            }
        }
    }
}
