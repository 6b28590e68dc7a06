//! What a basis allows, and which version of it holds.

use kernel::{Coded as _, Timestamp};
use legal_basis::rules::pick;
use legal_basis::{BasisRefusal, Proposal, allows, approvers_needed, refusals};
use profile::{AddresseeKind, Measure, Scope};
use proptest::prelude::*;

use crate::support::{NOW, at, bases, basis, kz, kzt};

fn hold() -> Proposal {
    Proposal::of_amount(Measure::Hold, AddresseeKind::Bank, kzt(100))
}

#[test]
fn an_everyday_hold_is_allowed() {
    assert_eq!(allows(&basis("payments-25-1-hold"), &hold(), at(NOW)), Ok(()));
}

#[test]
fn what_is_refused_and_why() {
    use BasisRefusal as R;
    let day = basis("payments-25-1-hold");
    let full = basis("payments-25-1-full");
    let with = |change: fn(&mut Proposal)| {
        let mut p = hold();
        change(&mut p);
        p
    };
    for (basis, proposal, refusal) in [
        (&day, with(|p| p.measure = Measure::Return), R::Measure(Measure::Return)),
        (&day, with(|p| p.addressee = AddresseeKind::Exchange), R::Addressee(AddresseeKind::Exchange)),
        (&day, with(|p| p.amount = None), R::NoAmount),
        (&day, with(|p| p.amount = Some(kzt(0))), R::NoAmount),
        (&day, with(|p| p.amount = Some(kzt(-1))), R::NoAmount),
        (&day, with(|p| p.spares_exempt = false), R::ExemptReceipts),
        (&full, with(|p| p.scope = Scope::Full), R::Unreasoned(Scope::AmountOnly)),
        (&full, with(|p| p.scope = Scope::Incoming), R::Unreasoned(Scope::AmountOnly)),
    ] {
        assert_eq!(refusals(basis, &proposal, at(NOW)), [refusal], "{proposal:?}");
        assert!(refusal.code().starts_with("legal_basis."));
    }
    // A whole account under the everyday basis: too wide, and unreasoned besides.
    let wide = with(|p| p.scope = Scope::Full);
    let too_wide = R::TooWide { asked: Scope::Full, allowed: Scope::AmountOnly };
    assert_eq!(refusals(&day, &wide, at(NOW)), [too_wide, R::Unreasoned(Scope::AmountOnly)]);
    let reasoned = with(|p| {
        p.scope = Scope::Full;
        p.reasoned = true;
        p.amount = None;
    });
    assert_eq!(allows(&full, &reasoned, at(NOW)), Ok(()));
}

#[test]
fn a_basis_holds_from_its_first_to_its_last_moment() {
    let all = bases(kz());
    let v1 = &all[0];
    assert_eq!((v1.key(), v1.version), ("payments-25-1-hold", 1));
    let (from, to) = (v1.effective_from, v1.effective_to.unwrap());
    // Midnight in Astana, which in 2024 already was UTC+5.
    assert_eq!((from, to), (at("2024-07-21T19:00:00Z"), at("2025-08-30T19:00:00Z")));
    let before = from.plus_micros(-1);
    assert_eq!(allows(v1, &hold(), before), Err(BasisRefusal::NotYetInForce(from)));
    assert_eq!(allows(v1, &hold(), from), Ok(()));
    assert_eq!(allows(v1, &hold(), to.plus_micros(-1)), Ok(()));
    assert_eq!(allows(v1, &hold(), to), Err(BasisRefusal::Ended(to)));
    // The second version takes over at that very moment.
    assert_eq!(all[1].effective_from, to);
}

#[test]
fn approvers_by_case_and_by_standing_approval() {
    let day = basis("payments-25-1-hold");
    assert_eq!(approvers_needed(&day, false).unwrap().count, 1);
    assert_eq!(approvers_needed(&day, true).unwrap().count, 2);
    let full = basis("payments-25-1-full");
    assert_eq!(approvers_needed(&full, false).unwrap().count, 2);
    assert_eq!(approvers_needed(&full, true), None);
    assert_eq!(approvers_needed(&basis("payments-25-1-return"), true), None);
    assert!(basis("payments-25-1-return").record.prosecutor_sanction);
}

/// Versions with arbitrary dates, as a messy history might leave them.
fn history() -> impl Strategy<Value = Vec<(i64, Option<i64>, i64)>> {
    prop::collection::vec((0_i64..50, prop::option::of(1_i64..60), 0_i64..50), 1..6)
}

proptest! {
    #[test]
    fn at_most_one_version_holds_and_an_ended_one_never_comes_back(history in history(), t in 0_i64..70) {
        let template = basis("payments-25-1-hold");
        let at = Timestamp::from_secs(t);
        let versions: Vec<_> = (1_i64..).zip(&history).map(|(version, (from, length, recorded))| {
            let mut b = template.clone();
            b.version = version;
            b.effective_from = Timestamp::from_secs(*from);
            b.effective_to = length.map(|l| Timestamp::from_secs(from + l));
            b.recorded_at = Timestamp::from_secs(*recorded);
            b
        }).collect();
        if let Some(found) = pick(&versions, at, at) {
            prop_assert!(found.covers(at) && found.recorded_at <= at);
            let later = versions.iter().filter(|b| b.recorded_at <= at && b.effective_from <= at);
            prop_assert!(later.clone().all(|b| (b.effective_from, b.version) <= (found.effective_from, found.version)));
        } else {
            // Nothing holds: nothing has begun, or what began last has ended.
            let begun = versions.iter().filter(|b| b.recorded_at <= at && b.effective_from <= at);
            prop_assert!(begun.max_by_key(|b| (b.effective_from, b.version)).is_none_or(|b| !b.covers(at)));
        }
    }
}
