//! The small worlds that are searched: who is there, what may be done, which numbers and moments occur.

use profile::Scope;

use super::ghost::{Edit, Ghost, Ground, Who};
use super::ops::Op;

const DAY: i64 = 86_400;

/// What an order of a slot asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) scope: Scope,
    pub(super) cap: i64,
}

impl Slot {
    /// Up to the disputed amount: an officer on duty is enough.
    pub(super) fn is_narrow(&self) -> bool {
        self.scope == Scope::AmountOnly
    }
}

/// A world.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) name: &'static str,
    /// What it is about, in words.
    pub(super) about: &'static str,
    /// Members of staff, each officer and approver; the prosecutor comes on top.
    pub(super) staff: usize,
    /// How many of them, the last ones, are officers only.
    pub(super) officers: usize,
    /// How often power is lent at most, and for how long.
    pub(super) lent_most: usize,
    pub(super) lent_secs: i64,
    pub(super) slots: Vec<Slot>,
    /// Moments that occur, in seconds after the beginning.
    pub(super) moments: Vec<i64>,
    /// Changes of the law before the search begins.
    pub(super) law: Vec<(Ground, Edit)>,
    /// The basis that changes in the search are about, and how many drafts of them there are at most.
    pub(super) law_about: Ground,
    pub(super) law_drafts: usize,
    /// Caps of the standing approval, for an order and for a day, and how long it lasts.
    pub(super) standing_cap: i64,
    pub(super) standing_day: i64,
    pub(super) standing_secs: i64,
    pub(super) ops: Vec<Op>,
}

impl Plan {
    /// The moment, in seconds after the beginning.
    pub(super) fn now(&self, ghost: &Ghost) -> i64 {
        self.moments.get(ghost.clock).copied().unwrap_or(0)
    }
    /// The day of a moment, in the country's zone; the moment in microseconds after the beginning, which is at nine in
    /// the morning.
    pub(super) const fn day(&self, micros: i64) -> i64 {
        micros.saturating_add(9 * 3_600 * 1_000_000).div_euclid(DAY * 1_000_000)
    }
    /// Whether neither the law nor a standing approval can change.
    pub(super) fn is_about_orders_only(&self) -> bool {
        self.law_drafts == 0 && !self.ops.iter().any(|op| matches!(op, Op::DraftStanding(..)))
    }
}

fn each(people: impl IntoIterator<Item = Who> + Clone, op: impl Fn(Who) -> Vec<Op>) -> Vec<Op> {
    people.into_iter().flat_map(op).collect()
}

fn accounts(people: std::ops::Range<Who>, offices: bool) -> Vec<Op> {
    each(people, |w| {
        let mut all = vec![Op::Close(w), Op::Open(w)];
        if offices {
            all.extend([Op::TakeOffice(w), Op::GiveOffice(w)]);
        }
        all
    })
}

fn plan(name: &'static str, about: &'static str, staff: usize) -> Plan {
    Plan {
        name,
        about,
        staff,
        officers: 0,
        lent_most: 0,
        lent_secs: 1_800,
        slots: vec![Slot { scope: Scope::Full, cap: 100 }],
        moments: vec![0, 30 * DAY],
        law: Vec::new(),
        law_about: Ground::Full,
        law_drafts: 0,
        standing_cap: 100,
        standing_day: 150,
        standing_secs: 10 * DAY,
        ops: Vec::new(),
    }
}

/// Two must sign, nobody's sanction is asked: whose hands count?
fn hands(staff: usize, offices: bool) -> Plan {
    let mut ops = vec![Op::Draft(0, Some(0)), Op::Draft(0, None)];
    ops.extend(each(0..staff, |w| vec![Op::Sign(0, w)]));
    ops.extend(accounts(0..staff, offices));
    ops.extend([Op::Lower(0), Op::Cancel(0, 0), Op::Release(0, 0), Op::Answer(0), Op::Pass, Op::Tick]);
    Plan { ops, ..plan("hands", "one order, two must sign", staff) }
}

/// One must sign: an officer on duty is enough, and may be the author.
fn one_hand() -> Plan {
    let slots = vec![Slot { scope: Scope::AmountOnly, cap: 100 }];
    Plan { slots, name: "one hand", about: "one order, one must sign", ..hands(2, true) }
}

/// Two must sign and the prosecutor sanctions: is it exactly this that was sanctioned?
fn sanction(staff: usize, offices: bool) -> Plan {
    let prosecutor = staff;
    let mut ops = vec![Op::Draft(0, Some(0)), Op::Draft(0, None)];
    ops.extend(each(0..staff, |w| vec![Op::Sign(0, w)]));
    ops.extend([
        Op::Sanction(0, prosecutor, true),
        Op::Sanction(0, prosecutor, false),
        Op::Sanction(0, 1, true),
        Op::Sign(0, prosecutor),
    ]);
    ops.extend(accounts(1..staff + 1, offices));
    ops.extend([Op::Lower(0), Op::Cancel(0, 0), Op::Answer(0), Op::Pass, Op::Tick]);
    let law = vec![(Ground::Full, Edit::Sanction)];
    Plan { ops, law, ..plan("sanction", "one order, two must sign and the prosecutor sanction", staff) }
}

/// The law is changed while an order waits.
fn law(staff: usize) -> Plan {
    let mut ops = vec![Op::Draft(0, None)];
    ops.extend(each(0..staff, |w| vec![Op::Sign(0, w)]));
    ops.extend([
        Op::DraftLaw(0, Ground::Full, Edit::Hands(3)),
        Op::DraftLaw(1, Ground::Full, Edit::Hands(1)),
        Op::DraftLaw(0, Ground::Full, Edit::Sanction),
    ]);
    ops.extend(each(0..staff, |w| vec![Op::Enact(0, w), Op::Enact(1, w)]));
    ops.extend([Op::Refuse(0, 0), Op::Refuse(0, 1), Op::Import]);
    ops.extend([Op::Sanction(0, staff, true)]);
    ops.extend(accounts(0..staff, false));
    Plan {
        ops,
        law_drafts: 2,
        moments: vec![0],
        ..plan("law", "two change the law while an order waits", staff)
    }
}

/// The platform sends by itself under a standing approval.
fn standing(staff: usize, offices: bool) -> Plan {
    let slots = vec![Slot { scope: Scope::AmountOnly, cap: 100 }, Slot { scope: Scope::AmountOnly, cap: 60 }];
    let mut ops = vec![Op::Draft(0, None), Op::Draft(1, None)];
    ops.extend([Op::DraftStanding(0, false), Op::DraftStanding(1, true)]);
    ops.extend(each(0..staff, |w| vec![Op::SignStanding(0, w), Op::SignStanding(1, w)]));
    ops.extend([Op::Revoke(0, 0), Op::Sign(0, 1), Op::Pass, Op::Tick]);
    ops.extend(accounts(0..staff, offices));
    Plan { ops, slots, ..plan("standing", "two orders that the platform sends by itself", staff) }
}

/// An approver lends the power to sign, is away, comes back, takes it back: whose hands count?
fn deputies() -> Plan {
    // 0 and 1 are approvers, 2 is an officer on duty.
    let mut ops = vec![Op::Draft(0, Some(0)), Op::Draft(0, Some(2)), Op::Draft(0, None)];
    ops.extend(each(0..3, |w| vec![Op::Sign(0, w)]));
    ops.extend([Op::Lend(1, 2), Op::Lend(0, 2), Op::EndLent(0, 1), Op::EndLent(0, 2), Op::EndLent(1, 2)]);
    ops.extend([Op::Accept(0, 2), Op::Accept(1, 2), Op::Accept(0, 1)]);
    ops.extend([
        Op::Confirm(0, None),
        Op::Confirm(1, None),
        Op::Confirm(0, Some(0)),
        Op::Confirm(0, Some(1)),
    ]);
    ops.extend([Op::Away(1), Op::Back(1), Op::Away(2), Op::Back(2), Op::Pass]);
    ops.extend(accounts(1..3, false));
    ops.extend([Op::TakeOffice(1), Op::GiveOffice(1)]);
    Plan {
        ops,
        officers: 1,
        lent_most: 2,
        moments: vec![0, 3_600],
        ..plan("deputies", "one order, two must sign, an approver is away and lends the power to sign", 3)
    }
}

/// A standing approval and a change of the law under it.
fn standing_law() -> Plan {
    let slots = vec![Slot { scope: Scope::AmountOnly, cap: 100 }];
    let mut ops = vec![Op::Draft(0, None), Op::DraftStanding(0, false), Op::DraftStanding(1, true)];
    ops.extend(each(0..3, |w| vec![Op::SignStanding(0, w), Op::SignStanding(1, w), Op::Enact(0, w)]));
    ops.extend([
        Op::DraftLaw(0, Ground::Amount, Edit::Hands(2)),
        Op::Sign(0, 1),
        Op::Sign(0, 2),
        Op::Revoke(0, 0),
    ]);
    ops.extend(accounts(1..3, false));
    Plan {
        ops,
        slots,
        law_about: Ground::Amount,
        law_drafts: 1,
        moments: vec![0],
        ..plan("standing and law", "the law changes under a standing approval", 3)
    }
}

/// Three could sign where two must: one who has left is followed by another, or comes back. Of one version and with
/// offices lost, too, or of two versions.
fn more_standing(offices: bool) -> Plan {
    let slots = vec![Slot { scope: Scope::AmountOnly, cap: 100 }];
    let mut ops = vec![Op::Draft(0, None), Op::DraftStanding(0, false)];
    ops.extend(each(0..4, |w| vec![Op::SignStanding(0, w)]));
    if !offices {
        ops.push(Op::DraftStanding(1, true));
        ops.extend(each(0..4, |w| vec![Op::SignStanding(1, w)]));
    }
    ops.extend([Op::Revoke(0, 0), Op::Sign(0, 1), Op::Pass, Op::Tick]);
    ops.extend(accounts(0..4, offices));
    let (name, about) = if offices {
        (
            "standing offices",
            "one order that the platform sends by itself, one version, offices are lost, too",
        )
    } else {
        ("more standing", "one order that the platform sends by itself, two versions")
    };
    Plan { ops, slots, ..plan(name, about, 4) }
}

/// The day's sum of a standing approval, over the hours of a day and past midnight, whatever became of what has left.
fn standing_day() -> Plan {
    let slots = vec![Slot { scope: Scope::AmountOnly, cap: 100 }, Slot { scope: Scope::AmountOnly, cap: 60 }];
    let mut ops = vec![Op::Draft(0, None), Op::Draft(1, None), Op::DraftStanding(0, false)];
    ops.extend([Op::SignStanding(0, 1), Op::SignStanding(0, 2)]);
    ops.extend([Op::Sign(0, 1), Op::Lower(0), Op::Release(0, 0), Op::Answer(0)]);
    ops.extend([Op::Sign(1, 1), Op::Lower(1), Op::Release(1, 0), Op::Answer(1)]);
    ops.extend([Op::Revoke(0, 0), Op::Pass, Op::Tick]);
    // Nine in the morning, seven in the evening, one in the night.
    let moments = vec![0, 36_000, 57_600];
    Plan { ops, slots, moments, ..plan("standing day", "two orders and the day's sum, over midnight", 3) }
}

/// A standing approval whose signers are away, lend what they may and leave; an order that waits where it does not cover.
fn standing_deputies() -> Plan {
    // 0, 1 and 2 are approvers, 3 is an officer on duty and the deputy.
    let slots = vec![Slot { scope: Scope::AmountOnly, cap: 100 }];
    let mut ops = vec![Op::Draft(0, None), Op::DraftStanding(0, false)];
    ops.extend(each(0..4, |w| vec![Op::SignStanding(0, w)]));
    ops.extend([Op::Sign(0, 2), Op::Sign(0, 3), Op::Revoke(0, 1)]);
    ops.extend([Op::Lend(1, 3), Op::Lend(2, 3), Op::Accept(0, 3), Op::Confirm(0, None), Op::EndLent(0, 3)]);
    ops.extend([Op::Away(1), Op::Back(1), Op::Away(3), Op::Back(3), Op::Pass]);
    ops.extend(accounts(1..4, false));
    ops.extend([Op::TakeOffice(1), Op::GiveOffice(1)]);
    Plan {
        ops,
        slots,
        officers: 1,
        lent_most: 1,
        moments: vec![0, 3_600],
        ..plan("standing and deputies", "a standing approval whose signers are away and lend their power", 4)
    }
}

/// Small enough for every run of the tests.
pub(super) fn short() -> Vec<Plan> {
    vec![
        hands(3, false),
        one_hand(),
        sanction(3, false),
        law(2),
        standing(3, false),
        standing_law(),
        deputies(),
        standing_day(),
        standing_deputies(),
    ]
}

/// All of it: as large as ends within minutes.
pub(super) fn whole() -> Vec<Plan> {
    vec![
        hands(3, true),
        Plan { name: "more hands", ..hands(4, false) },
        one_hand(),
        sanction(3, false),
        law(2),
        standing(3, false),
        more_standing(false),
        more_standing(true),
        standing_day(),
        standing_law(),
        deputies(),
        standing_deputies(),
    ]
}
