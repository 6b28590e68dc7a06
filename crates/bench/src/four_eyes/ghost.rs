//! What has truly happened, kept beside the program: who stands how, who signed what, what the law asks. It is written
//! from the acts that were taken, never from what the program concludes from them.

use std::collections::BTreeMap;

/// A member of staff, by place; the last place is the prosecutor's.
pub(super) type Who = usize;

/// How somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Stands {
    /// The account is open.
    pub(super) open: bool,
    /// The office of an approver is held (a prosecutor's, of the prosecutor).
    pub(super) office: bool,
}

impl Stands {
    /// May sign in and sign.
    pub(super) const fn live(self) -> bool {
        self.open && self.office
    }
}

/// Which of the two bases of the profile `kz`: both are about holds in a bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Ground {
    /// `payments-25-1-hold`: up to the disputed amount.
    Amount,
    /// `payments-25-1-full`: the whole account.
    Full,
}

impl Ground {
    /// Its key in the profile.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Amount => "payments-25-1-hold",
            Self::Full => "payments-25-1-full",
        }
    }
    /// What the profile's text of the law asks, copied by hand from `profiles/kz/legal_basis.toml`.
    const fn of_profile(self) -> Asks {
        match self {
            Self::Amount => Asks { hands: 1, officer: true, sanction: false, standing: Some(2) },
            Self::Full => Asks { hands: 2, officer: false, sanction: false, standing: None },
        }
    }
}

/// What a version of a basis asks of whoever acts under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Asks {
    /// Distinct persons for each act.
    pub(super) hands: usize,
    /// Whether an officer on duty may be one of them; else approvers only.
    pub(super) officer: bool,
    /// Whether the prosecutor must sanction it.
    pub(super) sanction: bool,
    /// Approvers for a standing approval; `None` where each case is decided on its own.
    pub(super) standing: Option<usize>,
}

/// A change of the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Edit {
    /// So many persons sign each act.
    Hands(u8),
    /// The prosecutor must sanction each act, too.
    Sanction,
}

impl Edit {
    pub(super) fn of(self, mut asks: Asks) -> Asks {
        match self {
            Self::Hands(n) => asks.hands = usize::from(n),
            Self::Sanction => asks.sanction = true,
        }
        asks
    }
}

/// Exactly what an order asks: what is signed and sanctioned is this and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Content {
    pub(super) measure: String,
    pub(super) scope: String,
    pub(super) executor: String,
    pub(super) ground: (Vec<u8>, i64),
    pub(super) cap: i64,
    pub(super) objects: Vec<(Vec<u8>, i64)>,
}

impl Content {
    /// Whether a signature under `signed` covers this: the same act for no more than was signed.
    pub(super) fn within(&self, signed: &Self) -> bool {
        let less = |a: &[(Vec<u8>, i64)], b: &[(Vec<u8>, i64)]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && a.1 <= b.1)
        };
        (&self.measure, &self.scope, &self.executor, &self.ground)
            == (&signed.measure, &signed.scope, &signed.executor, &signed.ground)
            && self.cap <= signed.cap
            && less(&self.objects, &signed.objects)
    }
}

/// An order from its first draft.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct OrderSo {
    /// Who drafted it; `None` for the platform.
    pub(super) author: Option<Who>,
    /// What each signer signed last.
    pub(super) signed: BTreeMap<Who, Content>,
    /// Who signed by which place of what was lent; whoever is not here signed in the own right.
    pub(super) stead: BTreeMap<Who, usize>,
    /// What was put before the prosecutor last.
    pub(super) asked: Option<Content>,
    /// What the prosecutor decided about what: given or refused, and whether the office was held then.
    pub(super) sanction: Option<(bool, Content, bool)>,
    /// It has left; everything about it is judged.
    pub(super) left: bool,
}

/// An approver's power, lent to a deputy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct LentSo {
    pub(super) giver: Who,
    pub(super) deputy: Who,
    /// When it is over, in seconds after the beginning.
    pub(super) until: i64,
    /// The deputy has accepted it, and then a third person has confirmed it.
    pub(super) accepted: bool,
    pub(super) confirmed: bool,
    /// Ended before.
    pub(super) ended: bool,
}

impl LentSo {
    /// Neither ended nor over, however far it has come.
    pub(super) const fn is_open(&self, now: i64) -> bool {
        !self.ended && now < self.until
    }
    /// By it the deputy may sign.
    pub(super) const fn holds(&self, now: i64) -> bool {
        self.accepted && self.confirmed && self.is_open(now)
    }
}

/// A standing approval.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct StandingSo {
    pub(super) author: Who,
    pub(super) version: i64,
    pub(super) signed: Vec<Who>,
    /// Enough who stood had signed at one moment.
    pub(super) in_force: bool,
    /// Revoked or superseded.
    pub(super) ended: bool,
    /// Version of the basis that it was given under.
    pub(super) under: i64,
}

/// A draft of a change of the law.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct LawSo {
    pub(super) author: Who,
    pub(super) edit: Edit,
    /// How many versions had been enacted when it was written.
    pub(super) over: usize,
    pub(super) decided: bool,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Ghost {
    /// Which of the plan's moments it is.
    pub(super) clock: usize,
    pub(super) people: Vec<Stands>,
    /// Whether somebody is marked as away.
    pub(super) away: Vec<bool>,
    pub(super) lent: Vec<LentSo>,
    pub(super) orders: Vec<Option<OrderSo>>,
    pub(super) standing: Vec<StandingSo>,
    pub(super) drafts: Vec<LawSo>,
    /// What each basis asked, the last one is in force.
    pub(super) law: BTreeMap<Ground, Vec<Asks>>,
}

impl Ghost {
    /// So many members of staff, of whom the last `officers` are no approvers, and a prosecutor.
    pub(super) fn new((staff, officers): (usize, usize), slots: usize) -> Self {
        let approves = |w: Who| w < staff.saturating_sub(officers) || w == staff;
        Self {
            clock: 0,
            people: (0..=staff).map(|w| Stands { open: true, office: approves(w) }).collect(),
            away: vec![false; staff + 1],
            lent: Vec::new(),
            orders: vec![None; slots],
            standing: Vec::new(),
            drafts: Vec::new(),
            law: [Ground::Amount, Ground::Full].map(|g| (g, vec![g.of_profile()])).into(),
        }
    }
    /// What the basis asks now.
    pub(super) fn asks(&self, ground: Ground) -> Asks {
        self.law.get(&ground).and_then(|all| all.last()).copied().unwrap_or(ground.of_profile())
    }
    /// Changes of a basis that are in force.
    pub(super) fn changes(&self, ground: Ground) -> usize {
        self.law.get(&ground).map_or(0, |all| all.len().saturating_sub(1))
    }
    /// How somebody stands; nobody stands at a place that is not.
    pub(super) fn stands(&self, who: Who) -> Stands {
        self.people.get(who).copied().unwrap_or(Stands { open: false, office: false })
    }
    pub(super) fn is_live(&self, who: Who) -> bool {
        self.stands(who).live()
    }
    pub(super) fn is_away(&self, who: Who) -> bool {
        self.away.get(who).copied().unwrap_or(false)
    }
    /// What is lent to a deputy at `now`, by its place.
    pub(super) fn lent_to(&self, deputy: Who, now: i64) -> Option<usize> {
        self.lent.iter().position(|l| l.deputy == deputy && l.holds(now))
    }
    /// Distinct live approvers under a standing approval, its author not among them.
    pub(super) fn live_signers(&self, of: &StandingSo) -> usize {
        let mut all: Vec<Who> =
            of.signed.iter().copied().filter(|w| *w != of.author && self.is_live(*w)).collect();
        all.sort_unstable();
        all.dedup();
        all.len()
    }
    /// An order of a slot.
    pub(super) fn order(&self, slot: usize) -> Option<&OrderSo> {
        self.orders.get(slot)?.as_ref()
    }
    pub(super) fn order_mut(&mut self, slot: usize) -> Option<&mut OrderSo> {
        self.orders.get_mut(slot)?.as_mut()
    }
}
