//! Who stands behind an order. Pure: signatures and how their signers stand now, in; whether the order may leave, out.

use access::{NotCovered, OfficeHeld, Stead};
use kernel::Role;

/// A signature under a draft, and how its signer stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Whose, as the actor's label.
    pub label: String,
    /// Offices held now; `None` if the account is gone.
    pub office: Option<OfficeHeld>,
    /// In whose stead it was given; `None` in the signer's own right.
    pub stead: Option<InStead>,
}

/// A signature given for somebody else by a delegation, and how that stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InStead {
    /// Whose power it is; `None` if the delegation is gone.
    pub stead: Option<Stead>,
    /// Whether the delegation lets the signer sign this order now; else what stands against it.
    pub holds: Result<(), NotCovered>,
}

/// Why a signature does not count now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Void {
    /// The signer may not sign in any more, or has lost the office.
    NotStanding,
    /// The signer prepared the order.
    Author,
    /// The delegation does not let the signer sign it now.
    Delegation(NotCovered),
    /// It counts together with another: of the same person, or of the one in whose stead it was given.
    Together,
}

impl Void {
    /// A stable word for texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotStanding => "not_standing",
            Self::Author => "author",
            Self::Delegation(NotCovered::NotInForce) => "delegation_over",
            Self::Delegation(_) => "delegation",
            Self::Together => "together",
        }
    }
}

impl Signature {
    /// Whether it counts now, as far as it is for itself to say: the signer may still sign in and still holds one of the
    /// offices that may sign, or signs in the stead of somebody who does, by a delegation in force.
    #[must_use]
    pub fn is_live(&self, roles: &[Role]) -> bool {
        self.void(roles).is_none()
    }

    fn void(&self, roles: &[Role]) -> Option<Void> {
        let Some(by) = &self.stead else {
            let stands = self.office.as_ref().is_some_and(|office| office.holds_any(roles));
            return (!stands).then_some(Void::NotStanding);
        };
        if !self.office.as_ref().is_some_and(|office| office.active) {
            return Some(Void::NotStanding);
        }
        match (&by.stead, by.holds) {
            (_, Err(why)) => Some(Void::Delegation(why)),
            (Some(stead), Ok(())) if stead.of != self.label && roles.contains(&stead.role) => None,
            _ => Some(Void::Delegation(NotCovered::NotInForce)),
        }
    }

    /// Whose power it uses: the own, or that of the one in whose stead it was given.
    fn of(&self) -> &str {
        self.stead.as_ref().and_then(|by| by.stead.as_ref()).map_or(&self.label, |stead| &stead.of)
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

impl<'a> Backing<'a> {
    /// How many signatures count now: of distinct persons, alive in their office, and none of them the author
    /// where more than one person must look. Whoever signs in somebody's stead and that person count once together,
    /// and so does whoever is tied to either of them by another such signature: nobody is two by being lent a name.
    #[must_use]
    pub fn counted(&self) -> usize {
        self.weighed().iter().filter(|(_, void)| void.is_none()).count()
    }

    /// Each signature with the reason why it does not count, in the order given.
    #[must_use]
    pub fn weighed(&self) -> Vec<(&'a Signature, Option<Void>)> {
        // Sets of labels, each of which stands for one person.
        let mut persons: Vec<Vec<&str>> = Vec::new();
        let mut all = Vec::with_capacity(self.signatures.len());
        for signature in self.signatures {
            let void = signature.void(self.roles).or_else(|| self.is_authors(signature));
            if void.is_some() {
                all.push((signature, void));
                continue;
            }
            let tied =
                |set: &Vec<&str>| set.contains(&signature.label.as_str()) || set.contains(&signature.of());
            let (own, others): (Vec<_>, Vec<_>) = persons.into_iter().partition(tied);
            let ties = own.len();
            let mut set: Vec<&str> = own.into_iter().flatten().collect();
            set.extend([signature.label.as_str(), signature.of()]);
            persons = others;
            persons.push(set);
            all.push((signature, (ties > 0).then_some(Void::Together)));
            // It ties two together that were counted apart: one of them counts no more.
            for _ in 1..ties {
                let apart = all.iter_mut().rev().find(|(s, void)| {
                    void.is_none() && persons.last().is_some_and(|set| set.contains(&s.label.as_str()))
                });
                if let Some((_, void)) = apart {
                    *void = Some(Void::Together);
                }
            }
        }
        all
    }

    fn is_authors(&self, signature: &Signature) -> Option<Void> {
        let own = signature.label == self.author;
        let of = signature.stead.is_some() && (own || signature.of() == self.author);
        (of || own && self.needed > 1).then_some(Void::Author)
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
#[path = "approval_tests.rs"]
mod tests;
