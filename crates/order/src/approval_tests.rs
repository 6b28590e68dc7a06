//! Who counts, by tables; and by properties whose judge counts by hand.

use access::DelegationId;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const APPROVER: [Role; 1] = [Role::Approver];

fn office(active: bool, roles: &[Role]) -> Option<OfficeHeld> {
    Some(OfficeHeld { roles: roles.to_vec(), active })
}

fn signature(label: &str, active: bool, roles: &[Role]) -> Signature {
    Signature { label: label.into(), office: office(active, roles), stead: None }
}

/// `label` for `of`, as an officer on duty who was lent an approver's power.
fn lent(label: &str, of: &str, holds: Result<(), NotCovered>) -> Signature {
    let stead = Stead {
        delegation: DelegationId::from_uuid(Uuid::nil()),
        of: of.into(),
        role: Role::Approver,
        number: "45-қ".into(),
    };
    let stead = Some(InStead { stead: Some(stead), holds });
    Signature { label: label.into(), office: office(true, &[Role::DutyOfficer]), stead }
}

fn backing<'a>(needed: usize, signatures: &'a [Signature]) -> Backing<'a> {
    Backing { author: "staff:a", needed, roles: &APPROVER, signatures }
}

fn counted(needed: usize, all: &[Signature]) -> usize {
    backing(needed, all).counted()
}

#[test]
fn whose_signature_counts() {
    let good = signature("staff:b", true, &APPROVER);
    assert_eq!(counted(2, std::slice::from_ref(&good)), 1);
    assert_eq!(counted(2, &[good.clone(), good.clone()]), 1, "one person, one signature");
    assert_eq!(counted(2, &[signature("staff:b", false, &APPROVER)]), 0, "the account is closed");
    assert_eq!(counted(2, &[signature("staff:b", true, &[Role::DutyOfficer])]), 0, "the office is lost");
    assert_eq!(counted(2, &[Signature { label: "staff:b".into(), office: None, stead: None }]), 0);
    assert_eq!(counted(2, &[signature("staff:a", true, &APPROVER)]), 0, "the author is no second pair");
    assert_eq!(counted(1, &[signature("staff:a", true, &APPROVER)]), 1);
    assert!(!backing(0, &[]).is_enough(), "nothing leaves with nobody behind it");
}

#[test]
fn whose_signature_counts_in_the_stead_of_somebody() {
    let own = |label: &str| signature(label, true, &APPROVER);
    let d_for_x = lent("staff:d", "staff:x", Ok(()));
    let over = Err(NotCovered::NotInForce);
    let closed = Signature { office: office(false, &[Role::DutyOfficer]), ..d_for_x.clone() };
    let gone = Signature { stead: Some(InStead { stead: None, holds: Ok(()) }), ..d_for_x.clone() };
    for (all, n, why) in [
        (vec![d_for_x.clone()], 1, "the deputy counts"),
        (vec![d_for_x.clone(), own("staff:y")], 2, "beside somebody else"),
        (vec![d_for_x.clone(), own("staff:x")], 1, "deputy and giver are one"),
        (vec![own("staff:x"), d_for_x.clone()], 1, "in whatever order"),
        (vec![d_for_x.clone(), lent("staff:e", "staff:x", Ok(()))], 1, "two deputies of one are one"),
        (vec![d_for_x.clone(), own("staff:d")], 1, "one person in two offices is one"),
        (vec![d_for_x.clone(), lent("staff:d", "staff:y", Ok(()))], 1, "one deputy of two is one"),
        (vec![d_for_x.clone(), lent("staff:x", "staff:y", Ok(()))], 1, "a chain is one"),
        (
            vec![d_for_x.clone(), own("staff:y"), lent("staff:y", "staff:x", Ok(()))],
            1,
            "ties that come later",
        ),
        (vec![own("staff:x"), own("staff:y"), lent("staff:x", "staff:y", Ok(()))], 1, "also between two"),
        (
            vec![own("staff:x"), own("staff:y"), own("staff:z"), lent("staff:x", "staff:y", Ok(()))],
            2,
            "and no third",
        ),
        (vec![lent("staff:d", "staff:x", over)], 0, "the delegation is over"),
        (vec![lent("staff:d", "staff:x", over), own("staff:x")], 1, "and ties nobody"),
        (vec![lent("staff:a", "staff:x", Ok(()))], 0, "the author is nobody's deputy"),
        (vec![lent("staff:d", "staff:a", Ok(()))], 0, "nobody is the author's deputy"),
        (vec![lent("staff:x", "staff:x", Ok(()))], 0, "nobody is their own deputy"),
        (vec![closed], 0, "the deputy's account is closed"),
        (vec![gone], 0, "the delegation is gone"),
    ] {
        assert_eq!(counted(2, &all), n, "{why}");
    }
    // Where one signature is enough the author may be the one, but not by being lent a name.
    assert_eq!(counted(1, &[lent("staff:a", "staff:x", Ok(()))]), 0);
    assert_eq!(counted(1, &[lent("staff:d", "staff:a", Ok(()))]), 0);
    let prosecutors = Backing { roles: &[Role::Prosecutor], ..backing(1, std::slice::from_ref(&d_for_x)) };
    assert_eq!(prosecutors.counted(), 0, "another office than the one that was lent");
}

#[test]
fn what_comes_next() {
    let two = [signature("staff:b", true, &APPROVER), signature("staff:c", true, &APPROVER)];
    let enough = backing(2, &two);
    let short = backing(2, &two[..1]);
    for (sanctioned, with, without) in [
        (Sanctioned::NotNeeded, Next::Send, Next::Signatures),
        (Sanctioned::Missing, Next::AskProsecutor, Next::Signatures),
        (Sanctioned::Pending, Next::Prosecutor, Next::Signatures),
        (Sanctioned::Given, Next::Send, Next::Signatures),
        (Sanctioned::Refused, Next::Nothing, Next::Nothing),
    ] {
        assert_eq!((next(&enough, sanctioned), next(&short, sanctioned)), (with, without), "{sanctioned:?}");
    }
}

fn name(n: u8) -> String {
    format!("staff:{}", char::from(b'a' + n))
}

/// Persons of a small office by number; the author is the first. A signature: who, open account, holds the office,
/// account gone, in whose stead, the delegation holds.
type Drawn = (u8, bool, bool, bool, Option<u8>, bool);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let one = (
        0_u8..5,
        any::<bool>(),
        any::<bool>(),
        prop::bool::weighted(0.1),
        prop::option::of(0_u8..5),
        any::<bool>(),
    );
    prop::collection::vec(one, 0..7)
}

fn signatures(who: &[Drawn]) -> Vec<Signature> {
    who.iter()
        .map(|(n, active, holds, gone, of, in_force)| {
            let roles = if *holds { vec![Role::Approver] } else { vec![Role::DutyOfficer] };
            let office = (!gone).then_some(OfficeHeld { roles, active: *active });
            let holds = if *in_force { Ok(()) } else { Err(NotCovered::NotInForce) };
            let stead = of.map(|of| lent(&name(*n), &name(of), holds)).and_then(|s| s.stead);
            Signature { label: name(*n), office, stead }
        })
        .collect()
}

/// Whether a signature is good for itself, said by hand.
fn good((n, active, holds, gone, of, in_force): &Drawn, needed: usize) -> bool {
    let stands = *active && !gone;
    match of {
        None => stands && *holds && (needed <= 1 || *n != 0),
        Some(of) => stands && *in_force && of != n && *n != 0 && *of != 0,
    }
}

/// How many persons the good signatures are worth, by hand: as many groups as are left when whoever signed is put
/// together with the one in whose stead it was done, until nothing changes.
fn worth(who: &[Drawn], needed: usize) -> usize {
    let good: Vec<&Drawn> = who.iter().filter(|d| good(d, needed)).collect();
    let mut group: Vec<u8> = (0..5).collect();
    for _ in 0..5 {
        for (n, .., of, _) in &good {
            let (a, b) = (usize::from(*n), usize::from(of.unwrap_or(*n)));
            let least = group[a].min(group[b]);
            (group[a], group[b]) = (least, least);
            // Everybody follows the head of the group.
            for at in 0..group.len() {
                group[at] = group[usize::from(group[at])];
            }
        }
    }
    let mut heads: Vec<u8> = good.iter().map(|(n, ..)| group[usize::from(*n)]).collect();
    heads.sort_unstable();
    heads.dedup();
    heads.len()
}

proptest! {
    #[test]
    fn never_without_enough_live_persons(needed in 0_usize..4, who in drawn()) {
        let signatures = signatures(&who);
        let backing = backing(needed, &signatures);
        prop_assert_eq!(backing.counted(), worth(&who, needed));
        prop_assert_eq!(backing.is_enough(), worth(&who, needed) >= needed.max(1));
        if next(&backing, Sanctioned::Given) == Next::Send {
            prop_assert!(backing.is_enough());
        }
    }

    /// No set of delegations lets fewer distinct living persons sign than the basis asks for, and the author is none.
    #[test]
    fn nobody_becomes_two_by_delegations(needed in 2_usize..4, who in drawn()) {
        let signatures = signatures(&who);
        let backing = backing(needed, &signatures);
        if backing.is_enough() {
            let mut living: Vec<u8> = who
                .iter()
                .filter(|(n, active, _, gone, ..)| *active && !gone && *n != 0)
                .map(|(n, ..)| *n)
                .collect();
            living.sort_unstable();
            living.dedup();
            prop_assert!(living.len() >= needed, "{living:?}");
        }
    }

    /// What is expired, revoked or of somebody who is out changes nothing by being there.
    #[test]
    fn what_does_not_hold_neither_counts_nor_ties(needed in 0_usize..4, who in drawn()) {
        let all = signatures(&who);
        let only: Vec<Drawn> = who.iter().filter(|d| good(d, needed)).copied().collect();
        let only = signatures(&only);
        prop_assert_eq!(backing(needed, &all).counted(), backing(needed, &only).counted());
    }

    /// A delegation never makes more of the same hands: with each signature in one's own right instead, as many or more count.
    #[test]
    fn lending_a_name_adds_no_person(who in drawn()) {
        let own: Vec<Drawn> = who.iter().map(|d| (d.0, d.1, true, d.3, None, false)).collect();
        prop_assert!(counted(2, &signatures(&who)) <= counted(2, &signatures(&own)));
    }
}
