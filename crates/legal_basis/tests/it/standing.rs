//! Drafting, signing, revoking, covering: by tables and properties.

use kernel::{Asset, Money, Role, Timestamp};
use legal_basis::standing::{
    DraftError, NewStanding, Proposal, Reason, RevokeError, SignError, StandingApproval, Status, covers,
    rules::check_draft,
};
use profile::{Measure, Scope};
use proptest::prelude::*;

use crate::support::{DAY, NOW, at, basis, draft, in_force, kzt, signer, terms};

const APPROVER: &[Role] = &[Role::Approver];

#[test]
fn terms_that_do_not_fit() {
    use DraftError as E;
    let day = basis("payments-25-1-hold");
    let with = |change: &dyn Fn(&mut NewStanding)| {
        let mut t = terms();
        change(&mut t);
        check_draft(&t, Some(&day), at(NOW))
    };
    assert_eq!(with(&|_| ()), Ok(()));
    assert_eq!(with(&|t| t.measure = Measure::Release), Err(E::Measure));
    assert_eq!(with(&|t| t.scope = Scope::Full), Err(E::TooWide(Scope::AmountOnly)));
    assert_eq!(with(&|t| t.cap_per_order = kzt(0)), Err(E::Cap));
    assert_eq!(with(&|t| t.cap_per_day = kzt(-1)), Err(E::Cap));
    assert_eq!(
        with(&|t| t.cap_per_day = Money::from_minor(1, Asset::new("USD", 2).unwrap())),
        Err(E::MixedAssets)
    );
    assert_eq!(with(&|t| t.cap_per_day = kzt(499_999_999)), Err(E::DayBelowOrder));
    assert_eq!(with(&|t| t.hop_limit = 0), Err(E::NoHop));
    assert_eq!(with(&|t| t.valid_to = t.valid_from), Err(E::Dates));
    assert_eq!(
        with(&|t| {
            t.valid_from = at(NOW).plus_secs(-2 * DAY);
            t.valid_to = at(NOW);
        }),
        Err(E::Dates)
    );
    assert_eq!(with(&|t| t.valid_to = t.valid_from.plus_secs(90 * DAY)), Ok(()));
    assert_eq!(with(&|t| t.valid_to = t.valid_from.plus_secs(90 * DAY + 1)), Err(E::TooLong(90)));
    assert_eq!(with(&|t| t.reason = "  ".into()), Err(E::Reason));
    assert_eq!(with(&|t| t.reason = "ә".repeat(1_000)), Ok(()));
    assert_eq!(with(&|t| t.reason = "ә".repeat(1_001)), Err(E::Reason));
    // Another version of the basis than the one in force, one that wants approvers per case, or none.
    assert_eq!(with(&|t| t.basis.1 += 1), Err(E::BasisNotInForce));
    assert_eq!(check_draft(&terms(), None, at(NOW)), Err(E::BasisNotInForce));
    let full = basis("payments-25-1-full");
    let under_full = NewStanding { basis: full.pair(), ..terms() };
    assert_eq!(check_draft(&under_full, Some(&full), at(NOW)), Err(E::PerCase));
}

#[test]
fn two_distinct_approvers_and_never_the_author() {
    let basis = basis("payments-25-1-hold");
    let sign = |a: &StandingApproval, no: u128, roles: &[Role]| {
        a.clone().sign(&signer(no, roles), Some(&basis), at(NOW))
    };
    let fresh = draft();
    assert_eq!(sign(&fresh, 1, APPROVER), Err(SignError::Author));
    assert_eq!(sign(&fresh, 2, &[Role::DutyOfficer]), Err(SignError::Office));
    assert_eq!(sign(&fresh, 2, &[]), Err(SignError::Office));
    let one = sign(&fresh, 2, APPROVER).unwrap();
    assert_eq!((one.status, one.signers(), one.is_in_force(at(NOW))), (Status::Draft, 1, false));
    assert_eq!(sign(&one, 2, APPROVER), Err(SignError::Again));
    let two = sign(&one, 3, APPROVER).unwrap();
    assert_eq!((two.status, two.signers(), two.in_force_at), (Status::InForce, 2, Some(at(NOW))));
    assert_eq!(sign(&two, 4, APPROVER), Err(SignError::NotDraft));
    // Not after its end, and not once the law has changed.
    let late = one.clone().sign(&signer(3, APPROVER), Some(&basis), terms().valid_to);
    assert_eq!(late, Err(SignError::Ended));
    let mut newer = basis.clone();
    newer.version += 1;
    assert_eq!(
        one.clone().sign(&signer(3, APPROVER), Some(&newer), at(NOW)),
        Err(SignError::BasisNotInForce)
    );
    let mut per_case = basis.clone();
    per_case.record.standing = None;
    assert_eq!(one.sign(&signer(3, APPROVER), Some(&per_case), at(NOW)), Err(SignError::PerCase));
}

#[test]
fn revoked_at_once_and_for_good() {
    let basis = basis("payments-25-1-hold");
    for open in [draft(), in_force()] {
        assert_eq!(open.clone().revoke("staff:x", " ", at(NOW)), Err(RevokeError::Reason));
        let revoked = open.revoke("staff:x", " wrong cap ", at(NOW)).unwrap();
        assert!(!revoked.is_in_force(at(NOW)));
        assert_eq!(revoked.ending.as_ref().unwrap().reason, "wrong cap");
        assert_eq!(revoked.clone().revoke("staff:x", "again", at(NOW)), Err(RevokeError::Ended));
        assert_eq!(
            revoked.clone().sign(&signer(4, APPROVER), Some(&basis), at(NOW)),
            Err(SignError::NotDraft)
        );
        let order = Proposal { basis: basis.pair(), ..proposal() };
        assert_eq!(covers(&revoked, &order, at(NOW)).unwrap_err().0, [Reason::NotInForce(Status::Revoked)]);
        // What was revoked stays revoked when a later version comes into force.
        assert_eq!(revoked.clone().supersede("staff:y", at(NOW)), revoked);
    }
    assert_eq!(in_force().supersede("staff:y", at(NOW)).status, Status::Superseded);
}

fn proposal() -> Proposal {
    Proposal {
        basis: terms().basis,
        measure: Measure::Hold,
        scope: Scope::AmountOnly,
        amount: kzt(100_000),
        hop: 1,
        sent_today_minor: 0,
    }
}

#[test]
fn what_is_covered() {
    let approval = in_force();
    let now = at(NOW);
    let against = |change: &dyn Fn(&mut Proposal)| {
        let mut p = proposal();
        change(&mut p);
        covers(&approval, &p, now).map_err(|n| n.0)
    };
    assert_eq!(against(&|_| ()), Ok(()));
    assert_eq!(against(&|p| p.amount = kzt(500_000_000)), Ok(()));
    assert_eq!(against(&|p| p.amount = kzt(500_000_001)), Err(vec![Reason::OrderCap]));
    assert_eq!(against(&|p| p.sent_today_minor = 4_999_900_000), Ok(()));
    assert_eq!(against(&|p| p.sent_today_minor = 4_999_900_001), Err(vec![Reason::DayCap]));
    assert_eq!(against(&|p| p.sent_today_minor = i64::MAX), Err(vec![Reason::DayCap]));
    // A wrong total below zero must not make room.
    assert_eq!(against(&|p| p.sent_today_minor = i64::MIN), Ok(()));
    assert_eq!(against(&|p| p.amount = kzt(0)), Err(vec![Reason::Amount]));
    assert_eq!(against(&|p| p.amount = kzt(i64::MIN)), Err(vec![Reason::Amount]));
    assert_eq!(against(&|p| p.hop = 6), Ok(()));
    assert_eq!(against(&|p| p.hop = 7), Err(vec![Reason::Hop]));
    assert_eq!(against(&|p| p.hop = 0), Err(vec![Reason::Hop]));
    assert_eq!(against(&|p| p.scope = Scope::Incoming), Err(vec![Reason::Scope]));
    assert_eq!(against(&|p| p.measure = Measure::IncomingStop), Err(vec![Reason::Measure]));
    assert_eq!(against(&|p| p.basis.1 += 1), Err(vec![Reason::Basis]));
    assert_eq!(
        against(&|p| p.amount = Money::from_minor(1, Asset::new("KZT", 3).unwrap())),
        Err(vec![Reason::Asset])
    );
    let (from, to) = (terms().valid_from, terms().valid_to);
    let when = |t: Timestamp| covers(&approval, &proposal(), t).map_err(|n| n.0);
    assert_eq!(when(from.plus_micros(-1)), Err(vec![Reason::TooEarly]));
    assert_eq!((when(from), when(to.plus_micros(-1))), (Ok(()), Ok(())));
    assert_eq!(when(to), Err(vec![Reason::TooLate]));
    assert_eq!(covers(&draft(), &proposal(), now).unwrap_err().0, [Reason::NotInForce(Status::Draft)]);
    let many = Proposal { hop: 9, amount: kzt(600_000_000), ..proposal() };
    assert_eq!(
        covers(&approval, &many, now).unwrap_err().to_string(),
        "no standing approval covers it: order_cap, hop"
    );
}

proptest! {
    /// Orders sent one after another never pass the cap of the day nor that of one order.
    #[test]
    fn no_day_passes_its_cap(amounts in prop::collection::vec(1_i64..900_000_000, 1..40), hops in prop::collection::vec(0_u8..9, 40)) {
        let approval = in_force();
        let mut sent = 0_i64;
        for (amount, hop) in amounts.iter().zip(hops) {
            let order = Proposal { amount: kzt(*amount), hop, sent_today_minor: sent, ..proposal() };
            if covers(&approval, &order, at(NOW)).is_ok() {
                prop_assert!(*amount <= approval.terms.cap_per_order.minor() && (1..=6).contains(&hop));
                sent += amount;
            }
            prop_assert!(sent <= approval.terms.cap_per_day.minor());
        }
    }

    /// What is covered stays covered when it asks for less.
    #[test]
    fn less_is_covered_too(amount in 2_i64..900_000_000, less in 1_i64..900_000_000, hop in 1_u8..9, sent in 0_i64..6_000_000_000) {
        let approval = in_force();
        let order = |amount: i64, hop: u8| Proposal { amount: kzt(amount), hop, sent_today_minor: sent, ..proposal() };
        if covers(&approval, &order(amount, hop), at(NOW)).is_ok() {
            prop_assert!(covers(&approval, &order(less.min(amount), hop.min(2)), at(NOW)).is_ok());
        }
    }
}
