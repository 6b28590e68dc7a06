//! Who stands behind an order. Pure: signatures and how their signers stand now, in; whether the order may leave, out.

use access::OfficeHeld;
use kernel::Role;

/// A signature under a draft, and how its signer stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Whose, as the actor's label.
    pub label: String,
    /// Offices held now; `None` if the account is gone.
    pub office: Option<OfficeHeld>,
}

impl Signature {
    /// Whether it counts now: the signer may still sign in and still holds one of the offices that may sign.
    #[must_use]
    pub fn is_live(&self, roles: &[Role]) -> bool {
        self.office.as_ref().is_some_and(|office| office.holds_any(roles))
    }
}

/// What stands behind a draft.
#[derive(Debug, Clone, Copy)]
pub struct Backing<'a> {
    /// Who prepared it.
    pub author: &'a str,
    /// Distinct persons that the basis asks for.
    pub needed: usize,
    /// Offices that may sign.
    pub roles: &'a [Role],
    /// Signatures given.
    pub signatures: &'a [Signature],
}

impl Backing<'_> {
    /// How many signatures count now: of distinct persons, alive in their office, and none of them the author
    /// where more than one person must look.
    #[must_use]
    pub fn counted(&self) -> usize {
        let mut labels: Vec<&str> = self
            .signatures
            .iter()
            .filter(|s| s.is_live(self.roles) && (self.needed <= 1 || s.label != self.author))
            .map(|s| s.label.as_str())
            .collect();
        labels.sort_unstable();
        labels.dedup();
        labels.len()
    }

    /// Whether enough persons stand behind it. Nothing leaves with none.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.counted() >= self.needed.max(1)
    }
}

/// What became of the prosecutor's part, where the basis wants one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sanctioned {
    /// The basis wants none.
    NotNeeded,
    /// It was not asked for, or what was asked has changed since.
    Missing,
    /// It is asked for and not decided.
    Pending,
    /// It was given for exactly this.
    Given,
    /// It was refused.
    Refused,
}

/// What an order waits for, in the order in which it must come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// More signatures.
    Signatures,
    /// To be put before the prosecutor.
    AskProsecutor,
    /// The prosecutor's decision.
    Prosecutor,
    /// It must not leave: the prosecutor refused.
    Nothing,
    /// It may leave.
    Send,
}

/// What comes next for a draft. The prosecutor is asked once those who answer for the order have signed it.
#[must_use]
pub fn next(backing: &Backing<'_>, sanctioned: Sanctioned) -> Next {
    match (backing.is_enough(), sanctioned) {
        (_, Sanctioned::Refused) => Next::Nothing,
        (false, _) => Next::Signatures,
        (true, Sanctioned::NotNeeded | Sanctioned::Given) => Next::Send,
        (true, Sanctioned::Missing) => Next::AskProsecutor,
        (true, Sanctioned::Pending) => Next::Prosecutor,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn signature(label: &str, active: bool, roles: &[Role]) -> Signature {
        Signature { label: label.into(), office: Some(OfficeHeld { roles: roles.to_vec(), active }) }
    }

    fn backing<'a>(needed: usize, signatures: &'a [Signature]) -> Backing<'a> {
        Backing { author: "staff:a", needed, roles: &[Role::Approver], signatures }
    }

    #[test]
    fn whose_signature_counts() {
        let approver = [Role::Approver];
        let good = signature("staff:b", true, &approver);
        let counted = |needed, all: &[Signature]| backing(needed, all).counted();
        assert_eq!(counted(2, std::slice::from_ref(&good)), 1);
        assert_eq!(counted(2, &[good.clone(), good.clone()]), 1, "one person, one signature");
        assert_eq!(counted(2, &[signature("staff:b", false, &approver)]), 0, "the account is closed");
        assert_eq!(counted(2, &[signature("staff:b", true, &[Role::DutyOfficer])]), 0, "the office is lost");
        assert_eq!(counted(2, &[Signature { label: "staff:b".into(), office: None }]), 0);
        assert_eq!(counted(2, &[signature("staff:a", true, &approver)]), 0, "the author is no second pair");
        assert_eq!(counted(1, &[signature("staff:a", true, &approver)]), 1);
        assert!(!backing(0, &[]).is_enough(), "nothing leaves with nobody behind it");
    }

    #[test]
    fn what_comes_next() {
        let two =
            [signature("staff:b", true, &[Role::Approver]), signature("staff:c", true, &[Role::Approver])];
        let enough = backing(2, &two);
        let short = backing(2, &two[..1]);
        for (sanctioned, with, without) in [
            (Sanctioned::NotNeeded, Next::Send, Next::Signatures),
            (Sanctioned::Missing, Next::AskProsecutor, Next::Signatures),
            (Sanctioned::Pending, Next::Prosecutor, Next::Signatures),
            (Sanctioned::Given, Next::Send, Next::Signatures),
            (Sanctioned::Refused, Next::Nothing, Next::Nothing),
        ] {
            assert_eq!(
                (next(&enough, sanctioned), next(&short, sanctioned)),
                (with, without),
                "{sanctioned:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn never_without_enough_live_persons(
            needed in 0_usize..4,
            who in prop::collection::vec((0_u8..5, any::<bool>(), any::<bool>(), any::<bool>()), 0..6),
        ) {
            let signatures: Vec<Signature> = who
                .iter()
                .map(|(n, active, holds, gone)| {
                    let label = format!("staff:{}", char::from(b'a' + n));
                    let roles = if *holds { vec![Role::Approver] } else { vec![Role::DutyOfficer] };
                    let office = (!gone).then_some(OfficeHeld { roles, active: *active });
                    Signature { label, office }
                })
                .collect();
            let backing = backing(needed, &signatures);
            // The judge counts by hand, person by person.
            let live = (0_u8..5).filter(|n| {
                who.iter().any(|(m, active, holds, gone)| m == n && *active && *holds && !gone)
                    && (needed <= 1 || *n != 0)
            });
            prop_assert_eq!(backing.is_enough(), live.count() >= needed.max(1));
            if next(&backing, Sanctioned::Given) == Next::Send {
                prop_assert!(backing.is_enough());
            }
        }
    }
}
