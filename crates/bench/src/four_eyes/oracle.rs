//! The judge: what the law demands of every state, said by hand. It knows the acts that were taken, the profile's text
//! and the rows; it calls nothing of what it judges.

use super::ghost::{Content, Ghost, Ground, LawSo, LentSo, OrderSo, StandingSo, Who};
use super::ops::Op;
use super::plan::{Plan, Slot};
use super::seen::{OrderSeen, Seen};

/// What is wrong with a state, in words.
pub(super) type Fault = String;

/// Takes note of an act that the office accepted, and judges the state after it. `readable` says whether an institution
/// may read the order of a slot.
pub(super) fn judge(
    ghost: &mut Ghost,
    plan: &Plan,
    (op, before, after): (Op, &Seen, &Seen),
    readable: impl Fn(usize) -> bool,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    note(ghost, plan, (op, before, after), &mut faults);
    asked(ghost, before, after);
    standing_rows(ghost, after, &mut faults);
    law_rows(ghost, after, &mut faults);
    for order in after.orders.iter() {
        let known = ghost.order(order.slot).is_some_and(|so| so.left);
        if known || !(order.has_left() || readable(order.slot)) {
            continue;
        }
        if let Some(so) = ghost.order(order.slot) {
            left(ghost, plan, so, (before.order(order.slot), order, after), &mut faults);
        }
        if let Some(so) = ghost.order_mut(order.slot) {
            so.left = true;
        }
    }
    forget(ghost, after);
    faults
}

/// What lies before the prosecutor now.
fn asked(ghost: &mut Ghost, before: &Seen, after: &Seen) {
    for order in after.orders.iter() {
        let hash = |o: &OrderSeen| o.sanction.as_ref().map(|(_, hash)| hash.clone());
        let was = before.order(order.slot).and_then(hash);
        if let Some(so) = ghost.order_mut(order.slot).filter(|_| hash(order) != was) {
            so.asked = Some(order.content.clone());
        }
    }
}

/// Keeps what happened.
fn note(ghost: &mut Ghost, plan: &Plan, (op, before, after): (Op, &Seen, &Seen), faults: &mut Vec<Fault>) {
    let stand = |ghost: &mut Ghost, w: Who, set: fn(&mut super::ghost::Stands)| {
        if let Some(stands) = ghost.people.get_mut(w) {
            set(stands);
        }
    };
    match op {
        Op::Draft(slot, author) => {
            if let Some(place) = ghost.orders.get_mut(slot) {
                *place = Some(OrderSo {
                    author,
                    signed: [].into(),
                    stead: [].into(),
                    asked: None,
                    sanction: None,
                    left: false,
                });
            }
        }
        Op::Sign(slot, w) => sign(ghost, plan, (slot, w), after, faults),
        Op::Sanction(slot, w, give) => {
            let prosecutor = w + 1 == ghost.people.len() && ghost.is_live(w);
            // What was decided about is what was asked for: the order as it stood before.
            let content = before.order(slot).map(|o| o.content.clone());
            if let (Some(so), Some(content)) = (ghost.order_mut(slot), content) {
                so.sanction = Some((give, content, prosecutor));
            }
        }
        Op::Close(w) => {
            stand(ghost, w, |s| s.open = false);
            // What was lent by or to somebody who is out is over for good.
            ghost.lent.iter_mut().filter(|l| l.giver == w || l.deputy == w).for_each(|l| l.ended = true);
        }
        Op::Open(w) => stand(ghost, w, |s| s.open = true),
        Op::TakeOffice(w) => stand(ghost, w, |s| s.office = false),
        Op::GiveOffice(w) => stand(ghost, w, |s| s.office = true),
        Op::Lend(..) | Op::Accept(..) | Op::Confirm(..) | Op::EndLent(..) | Op::Away(_) | Op::Back(_) => {
            duty(ghost, plan, op, faults);
        }
        Op::Pass => ghost.clock = (ghost.clock + 1).min(plan.moments.len().saturating_sub(1)),
        Op::DraftStanding(author, _) => {
            let version = i64::try_from(ghost.standing.len()).unwrap_or(0).saturating_add(1);
            let under = after.standing.last().map_or(0, |s| s.under);
            ghost.standing.push(StandingSo {
                author,
                version,
                signed: Vec::new(),
                in_force: false,
                ended: false,
                under,
            });
        }
        Op::SignStanding(no, w) => sign_standing(ghost, no, w, faults),
        Op::Revoke(..) => ghost.standing.iter_mut().for_each(|s| s.ended = true),
        Op::DraftLaw(author, ground, edit) => {
            let over = ghost.changes(ground);
            ghost.drafts.push(LawSo { author, edit, over, decided: false });
        }
        Op::Enact(no, w) => enact(ghost, plan, no, w, faults),
        Op::Refuse(no, _) => {
            if let Some(draft) = ghost.drafts.get_mut(no) {
                draft.decided = true;
            }
        }
        Op::Lower(_) | Op::Cancel(..) | Op::Release(..) | Op::Answer(_) | Op::Tick | Op::Import => {}
    }
}

/// Somebody signed an order: who is away does not, and whoever holds no office signs in the stead of somebody.
fn sign(ghost: &mut Ghost, plan: &Plan, (slot, w): (usize, Who), after: &Seen, faults: &mut Vec<Fault>) {
    if ghost.is_away(w) {
        faults.push(format!("person {w} signed while away"));
    }
    // Whoever holds no office signs in the stead of somebody, or not at all.
    let officer = ghost.asks(Ground::Amount).officer && plan.slots.get(slot).is_some_and(Slot::is_narrow);
    let lent = ghost.lent_to(w, plan.now(ghost)).filter(|_| !ghost.stands(w).office && !officer);
    let content = after.order(slot).map(|o| o.content.clone());
    if let (Some(so), Some(content)) = (ghost.order_mut(slot), content) {
        so.signed.insert(w, content);
        match lent {
            Some(no) => so.stead.insert(w, no),
            None => so.stead.remove(&w),
        };
    }
}

/// Who is away, and what was lent.
fn duty(ghost: &mut Ghost, plan: &Plan, op: Op, faults: &mut Vec<Fault>) {
    match op {
        Op::Lend(giver, deputy) => {
            let until = plan.now(ghost).saturating_add(plan.lent_secs);
            if !ghost.is_live(giver) {
                faults.push(format!("person {giver} lent what the office does not give"));
            }
            ghost.lent.push(LentSo { giver, deputy, until, accepted: false, confirmed: false, ended: false });
        }
        Op::Accept(no, w) => step_of(ghost, plan, (no, Some(w), false), faults),
        Op::Confirm(no, by) => step_of(ghost, plan, (no, by, true), faults),
        Op::EndLent(no, _) => {
            if let Some(lent) = ghost.lent.get_mut(no) {
                lent.ended = true;
            }
        }
        Op::Away(w) | Op::Back(w) => {
            if let Some(away) = ghost.away.get_mut(w) {
                *away = matches!(op, Op::Away(_));
            }
        }
        _ => {}
    }
}

/// The deputy accepts what was lent, and then a third person confirms it; by `None`, who stands and is there.
fn step_of(
    ghost: &mut Ghost,
    plan: &Plan,
    (no, by, confirms): (usize, Option<Who>, bool),
    faults: &mut Vec<Fault>,
) {
    let Some(lent) = ghost.lent.get(no).cloned() else { return };
    let step = if confirms { "confirmed" } else { "accepted" };
    let one_of_both = by == Some(lent.deputy) || by == Some(lent.giver);
    let checks = [
        (lent.is_open(plan.now(ghost)), "is over"),
        (ghost.is_live(lent.giver), "is of somebody who does not hold the office"),
        (ghost.stands(lent.deputy).open, "is lent to somebody who is out"),
        (by.is_none_or(|w| !ghost.is_away(w)), "was answered by somebody who is away"),
        (by.is_none_or(|w| ghost.stands(w).open), "was answered by somebody who is out"),
        (confirms || by == Some(lent.deputy), "is lent to somebody else"),
        (!confirms || lent.accepted, "the deputy has not accepted"),
        (!confirms || !one_of_both, "is confirmed by one of the two"),
        (!confirms || by.is_none_or(|w| ghost.is_live(w)), "is confirmed by somebody who holds no office"),
    ];
    for (_, why) in checks.into_iter().filter(|(fine, _)| !fine) {
        faults.push(format!("what was lent was {step}, and {why}"));
    }
    if let Some(lent) = ghost.lent.get_mut(no) {
        lent.accepted = true;
        lent.confirmed |= confirms;
    }
}

fn sign_standing(ghost: &mut Ghost, no: usize, w: Who, faults: &mut Vec<Fault>) {
    if ghost.is_away(w) {
        faults.push(format!("person {w} signed a standing approval while away"));
    }
    let needed = ghost.asks(Ground::Amount).standing;
    let Some(so) = ghost.standing.get_mut(no) else { return };
    if !so.signed.contains(&w) {
        so.signed.push(w);
        so.signed.sort_unstable();
    }
    let Some(so) = ghost.standing.get(no).cloned() else { return };
    let enough = needed.is_some_and(|n| ghost.live_signers(&so) >= n);
    if needed.is_none() {
        faults.push("a standing approval was signed where each case is decided on its own".to_owned());
    }
    if enough && !so.ended && !so.in_force {
        for (at, other) in ghost.standing.iter_mut().enumerate() {
            match at.cmp(&no) {
                std::cmp::Ordering::Less => other.ended = true,
                std::cmp::Ordering::Equal => other.in_force = true,
                std::cmp::Ordering::Greater => {}
            }
        }
    }
}

/// The law is changed by two persons who both stand.
fn enact(ghost: &mut Ghost, plan: &Plan, no: usize, w: Who, faults: &mut Vec<Fault>) {
    let Some(draft) = ghost.drafts.get(no).cloned() else { return };
    let ground = plan.law_about;
    if draft.decided {
        faults.push("a change of the law that was decided before was enacted".to_owned());
    }
    if draft.author == w {
        faults.push(format!("person {w} enacted a change of the law alone"));
    }
    if !ghost.is_live(w) {
        faults.push(format!("person {w} enacted a change of the law without holding the office"));
    }
    if !ghost.is_live(draft.author) {
        let author = draft.author;
        faults.push(format!("a change of the law by person {author}, who is out, was enacted by one person"));
    }
    if draft.over != ghost.changes(ground) {
        faults.push("a change of the law was enacted over a text that had changed".to_owned());
    }
    let asks = draft.edit.of(ghost.asks(ground));
    if let Some(all) = ghost.law.get_mut(&ground) {
        all.push(asks);
    }
    if let Some(draft) = ghost.drafts.get_mut(no) {
        draft.decided = true;
    }
}

/// No standing approval is in force that too few have signed.
fn standing_rows(ghost: &Ghost, after: &Seen, faults: &mut Vec<Fault>) {
    for (row, so) in after.standing.iter().zip(&ghost.standing) {
        if row.status == "in_force" && so.ended {
            faults.push("a standing approval that has ended is in force".to_owned());
        }
        if row.status == "in_force" && !so.in_force {
            let signed = &so.signed;
            faults.push(format!(
                "a standing approval is in force, signed by {signed:?}, not enough of whom stood"
            ));
        }
    }
    if after.standing.len() != ghost.standing.len() {
        faults.push("there is a standing approval that nobody drafted".to_owned());
    }
}

/// No version of the law that nobody enacted.
fn law_rows(ghost: &Ghost, after: &Seen, faults: &mut Vec<Fault>) {
    let written = after.law.iter().filter(|(_, _, desk)| *desk).count();
    let enacted: usize = [Ground::Amount, Ground::Full].into_iter().map(|g| ghost.changes(g)).sum();
    if written != enacted {
        faults.push(format!("the desk has {written} versions of the law, two persons enacted {enacted}"));
    }
}

/// An order has left: who stands behind it at this moment?
fn left(
    ghost: &Ghost,
    plan: &Plan,
    so: &OrderSo,
    (before, order, seen): (Option<&OrderSeen>, &OrderSeen, &Seen),
    faults: &mut Vec<Fault>,
) {
    let slot = order.slot;
    let now = plan.moments.get(ghost.clock).copied().unwrap_or(0).saturating_mul(1_000_000);
    if before.is_some_and(|b| b.status == "drafted" && b.expires <= now) {
        faults.push(format!("order {slot} left after the term that it was drafted for"));
    }
    if before.is_some_and(|b| b.status != "drafted") {
        faults.push(format!("order {slot} can be read or answered outside, and has never left"));
    }
    let ground = if order.content.scope == "amount_only" { Ground::Amount } else { Ground::Full };
    let asks = ghost.asks(ground);
    if let Some((place, version)) = order.under {
        if asks.sanction {
            faults.push(format!("order {slot} left without the sanction that its basis asks for"));
        }
        under_standing((ghost, plan), (slot, place, version), (order, seen), now, faults);
        return;
    }
    let counts = |w: Who| {
        let stands = ghost.stands(w);
        if let Some(lent) = so.stead.get(&w).and_then(|no| ghost.lent.get(*no)) {
            let own = so.author == Some(w) || so.author == Some(lent.giver);
            return stands.open && lent.holds(plan.now(ghost)) && ghost.is_live(lent.giver) && !own;
        }
        // Whoever is on duty keeps that office when an approver's is lost.
        let office = stands.office || asks.officer;
        stands.open && office && (asks.hands <= 1 || so.author != Some(w))
    };
    let hands: Vec<Who> = so
        .signed
        .iter()
        .filter(|(w, signed)| counts(**w) && order.content.within(signed))
        .map(|(w, _)| *w)
        .collect();
    // Whoever signs for another, and that other, are one.
    let tied = |w: Who| so.stead.get(&w).and_then(|no| ghost.lent.get(*no)).map_or(w, |lent| lent.giver);
    let mut persons: Vec<Who> = hands.iter().map(|w| tied(*w)).collect();
    persons.sort_unstable();
    persons.dedup();
    if persons.len() < asks.hands.max(1) {
        let asked = asks.hands;
        faults.push(format!("order {slot} left with {hands:?} behind it, its basis asks for {asked}"));
    }
    let given = |(give, content, held): &(bool, Content, bool)| *give && *held && *content == order.content;
    if asks.sanction && !so.sanction.as_ref().is_some_and(given) {
        faults.push(format!("order {slot} left without the sanction that its basis asks for"));
    }
}

fn under_standing(
    (ghost, plan): (&Ghost, &Plan),
    (slot, place, version): (usize, usize, i64),
    (order, seen): (&OrderSeen, &Seen),
    now: i64,
    faults: &mut Vec<Fault>,
) {
    let (Some(so), Some(row)) = (ghost.standing.get(place), seen.standing.get(place)) else {
        faults.push(format!("order {slot} left under a standing approval that is not there"));
        return;
    };
    // All versions of these worlds are versions of one approval, and share its day.
    let today = |o: &&OrderSeen| o.sent.is_some_and(|sent| plan.day(sent) == plan.day(now));
    let day: i64 =
        seen.orders.iter().filter(|o| o.under.is_some()).filter(today).map(|o| o.content.cap).sum();
    let needed = ghost.asks(Ground::Amount).standing;
    let checks = [
        (so.in_force && !so.ended, "is not in force"),
        (so.version == version, "is of another version"),
        (now < row.until, "has ended"),
        (order.content.ground.1 == so.under, "was given under another text of the law"),
        (order.content.scope == "amount_only" && order.content.measure == "hold", "is about other measures"),
        (order.content.cap <= row.cap, "covers less"),
        (day <= row.cap_day, "covers less in a day"),
        (needed.is_some_and(|n| ghost.live_signers(so) >= n), "has too few signers who stand"),
    ];
    for (_, why) in checks.into_iter().filter(|(fine, _)| !fine) {
        faults.push(format!("order {slot} left under a standing approval that {why}"));
    }
}

/// What can matter no more is forgotten, so that states that differ in it alone are one: signatures and decisions about
/// what has left or ended, and signatures under a text of the law that is no longer in force.
fn forget(ghost: &mut Ghost, after: &Seen) {
    for order in after.orders.iter() {
        let Some(so) = ghost.order_mut(order.slot) else { continue };
        if order.status != "drafted" {
            so.signed.clear();
            so.asked = None;
            so.sanction = None;
        }
        so.signed.retain(|_, signed| signed.ground == order.content.ground);
        let signed = so.signed.clone();
        so.stead.retain(|w, _| signed.contains_key(w));
    }
}
