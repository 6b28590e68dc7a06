//! Bar S20, short form: an exhaustive search of the state machine of standing approvals. No state can be
//! reached in which an approval is in force without as many distinct signers as its basis asks, none of
//! them its author. A harness that cannot catch a broken machine proves nothing, so broken ones are tried.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use kernel::{Role, Timestamp};
use legal_basis::Basis;
use legal_basis::standing::{Signer, StandingApproval, Status};

use crate::support::{NOW, at, basis, draft, person, signer};

/// Persons 1 to 4; the last holds no office that may sign.
const PERSONS: u128 = 5;

/// One thing that can happen.
#[derive(Debug, Clone, Copy)]
enum Step {
    Sign(u128),
    Revoke,
    /// A new version by this author.
    Amend(u128),
    /// The law changes: another version of the basis is in force.
    LawChanges,
    /// The end of the approval's term passes.
    TimePasses,
}

/// Everything that the machine can be in.
#[derive(Debug, Clone)]
struct World {
    versions: Vec<StandingApproval>,
    law: Rc<Basis>,
    law_changed: bool,
    now: Timestamp,
}

impl World {
    fn new(needed: u8, author: u128) -> Self {
        let mut law = basis("payments-25-1-hold");
        law.record.standing.as_mut().unwrap().approvers.count = needed;
        let mut first = draft();
        first.header.author = person(author, &[]).label();
        Self { versions: vec![first], law: Rc::new(law), law_changed: false, now: at(NOW) }
    }
    /// What distinguishes states, for the search.
    fn key(&self) -> String {
        let one = |a: &StandingApproval| {
            let signed: BTreeSet<u128> = a.signatures.iter().map(|s| s.approver.as_u128()).collect();
            format!("{}{:?}{}{signed:?}", a.version, a.status, a.header.author)
        };
        let all: Vec<String> = self.versions.iter().map(one).collect();
        format!("{all:?}{}{}", self.law_changed, self.now)
    }
    /// Versions that would let an order out.
    fn effective(&self) -> impl Iterator<Item = &StandingApproval> {
        self.versions.iter().filter(|a| a.is_in_force(self.now) && a.terms.basis == self.law.pair())
    }
}

fn roles(no: u128) -> &'static [Role] {
    if no == PERSONS - 1 { &[Role::DutyOfficer] } else { &[Role::Approver, Role::DutyOfficer] }
}

type Machine = fn(StandingApproval, &Signer, Option<&Basis>, Timestamp) -> Option<StandingApproval>;

fn step(world: &World, step: Step, machine: Machine) -> Option<World> {
    let mut next = world.clone();
    let last = next.versions.pop()?;
    match step {
        Step::Sign(no) => {
            let signed = machine(last, &signer(no, roles(no)), Some(&world.law), world.now)?;
            if signed.status == Status::InForce {
                let ended = next.versions.drain(..).map(|a| a.supersede("staff", world.now)).collect();
                next.versions = ended;
            }
            next.versions.push(signed);
        }
        Step::Revoke => {
            next.versions.push(last);
            let end = |a: StandingApproval| a.clone().revoke("staff", "why", world.now).unwrap_or(a);
            next.versions = next.versions.into_iter().map(end).collect();
        }
        Step::Amend(author) if last.version < 3 => {
            let mut new = draft();
            new.version = last.version + 1;
            new.header.author = person(author, &[]).label();
            new.terms.basis = world.law.pair();

            next.versions.extend([last, new]);
        }
        Step::Amend(_) => return None,
        Step::LawChanges => {
            next.versions.push(last);
            if world.law_changed {
                return None;
            }
            next.law_changed = true;
            Rc::make_mut(&mut next.law).version += 1;
        }
        Step::TimePasses => {
            next.now = last.terms.valid_to;
            next.versions.push(last);
        }
    }
    Some(next)
}

/// Walks every state that can be reached; gives their number, and the first state that breaks the rule.
fn search(needed: u8, machine: Machine) -> (usize, Option<String>) {
    let mut steps = vec![Step::Revoke, Step::LawChanges, Step::TimePasses];
    steps.extend((1..PERSONS).map(Step::Sign));
    steps.extend([1, 2].map(Step::Amend));
    let mut seen = BTreeSet::new();
    let mut queue: VecDeque<World> = [1, 2].map(|author| World::new(needed, author)).into();
    while let Some(world) = queue.pop_front() {
        if !seen.insert(world.key()) {
            continue;
        }
        for approval in world.effective() {
            let author = &approval.header.author;
            let persons: BTreeSet<u128> = approval.signatures.iter().map(|s| s.approver.as_u128()).collect();
            let distinct = persons.len() == approval.signatures.len();
            let allowed = persons.iter().all(|p| person(*p, &[]).label() != *author && *p != PERSONS - 1);
            if !distinct || !allowed || persons.len() < usize::from(needed) {
                return (seen.len(), Some(format!("{approval:?}")));
            }
        }
        if world.effective().count() > 1 {
            return (seen.len(), Some("two versions in force at once".into()));
        }
        queue.extend(steps.iter().filter_map(|s| step(&world, *s, machine)));
    }
    (seen.len(), None)
}

fn real(a: StandingApproval, s: &Signer, b: Option<&Basis>, now: Timestamp) -> Option<StandingApproval> {
    a.sign(s, b, now).ok()
}

#[test]
fn no_state_without_enough_distinct_signers() {
    let mut states = 0;
    for needed in 1..=3 {
        let (seen, broken) = search(needed, real);
        assert_eq!(broken, None, "with {needed} approvers");
        states += seen;
    }
    // Three signers beside the author never come together among three approvers: still searched.
    assert!(states > 1_000, "only {states} states were reached");
    println!("S20 short form: {states} states");
}

#[test]
fn broken_machines_are_caught() {
    // One that lets the author sign.
    let by_author: Machine = |a, s, b, now| {
        let author = a.header.author.clone();
        let mut free = a;
        free.header.author = "nobody".into();
        let mut signed = free.sign(s, b, now).ok()?;
        signed.header.author = author;
        Some(signed)
    };
    assert!(search(2, by_author).1.is_some());
    // One that counts the same person twice.
    let twice: Machine = |a, s, b, now| {
        let mut signed = a.sign(s, b, now).ok()?;
        if signed.signatures.len() == 1 {
            signed.signatures.push(signed.signatures[0].clone());
            signed.status = Status::InForce;
        }
        Some(signed)
    };
    assert!(search(2, twice).1.is_some());
    // One that asks for a signature too few.
    let early: Machine = |a, s, b, now| {
        let mut less = b?.clone();
        let rule = less.record.standing.as_mut()?;
        rule.approvers.count = rule.approvers.count.saturating_sub(1);
        a.sign(s, Some(&less), now).ok()
    };
    assert!(search(2, early).1.is_some());
    // One that asks nobody for an office.
    let anybody: Machine =
        |a, s, b, now| a.sign(&Signer { roles: vec![Role::Approver], ..s.clone() }, b, now).ok();
    assert!(search(1, anybody).1.is_some());
}
