//! The queue of money in one account.

use std::collections::BTreeMap;

use super::Method;

/// A part of an entry that an event touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// Which entry.
    pub entry: usize,
    /// How much of it was free.
    pub free: i64,
    /// How much of it had been released from a hold.
    pub released: i64,
}

impl Part {
    /// All of it.
    pub(super) const fn amount(self) -> i64 {
        self.free.saturating_add(self.released)
    }
}

/// Money that came in together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Slot {
    entry: Option<usize>,
    /// May flow, never was stopped.
    pub free: i64,
    /// Stopped.
    pub held: i64,
    /// Was stopped, may flow again.
    pub released: i64,
}

impl Slot {
    const fn flowing(&self) -> i64 {
        self.free + self.released
    }

    /// Takes up to `amount` of what may flow, what was never stopped first. The entry of the part is the caller's to name.
    fn give(&mut self, amount: i64) -> Part {
        let free = amount.min(self.free);
        self.free -= free;
        let released = (amount - free).min(self.released);
        self.released -= released;
        Part { entry: 0, free, released }
    }
}

/// Money in an account, oldest in front. INVARIANT: no part is negative; amounts handed in are checked
/// before, so sums stay far inside an `i64`.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue {
    method: Method,
    slots: Vec<Slot>,
    /// Where the money of an entry stands: an account of fifty thousand movements is asked so fifty thousand times.
    place: BTreeMap<usize, usize>,
    /// No slot before it holds anything that may flow.
    front: usize,
    /// Everything that is here, stopped or not.
    inside: i64,
    /// Of it disputed money that may flow, and disputed money that is stopped: where there is none, no slot is asked.
    free: i64,
    held: i64,
}

impl Queue {
    /// An empty account whose outflows are told apart by `method`.
    pub(super) fn new(method: Method) -> Self {
        Self { method, ..Self::default() }
    }

    /// A disputed sum comes in. Returns what, by the stated balance, had left before without being told.
    pub(super) fn enter(&mut self, entry: usize, amount: i64, balance_before: Option<i64>) -> Vec<Part> {
        let mut unlisted = Vec::new();
        if let Some(stated) = balance_before {
            if stated >= self.inside {
                self.push(Slot { free: stated - self.inside, ..Slot::default() });
            } else {
                unlisted = self.leave(self.inside - stated);
            }
        }
        self.place.entry(entry).or_insert(self.slots.len());
        self.free += amount;
        self.push(Slot { entry: Some(entry), free: amount, ..Slot::default() });
        unlisted
    }

    fn push(&mut self, slot: Slot) {
        self.inside += slot.free;
        self.slots.push(slot);
    }

    /// Money leaves; the parts that were disputed, by the method of the account.
    pub(super) fn leave(&mut self, amount: i64) -> Vec<Part> {
        let parts = self.taken(amount);
        self.free -= sum(&parts);
        parts
    }

    fn taken(&mut self, amount: i64) -> Vec<Part> {
        match self.method {
            Method::FirstInFirstOut => self.leave_in_turn(amount),
            Method::ProRata => self.leave_in_proportion(amount, |_| true),
            Method::LowestBalance => {
                let mut left = amount;
                for slot in self.slots.iter_mut().filter(|s| s.entry.is_none()) {
                    left -= slot.give(left).amount();
                }
                self.inside -= amount - left;
                self.leave_in_proportion(left, |slot| slot.entry.is_some())
            }
        }
    }

    /// Oldest first.
    fn leave_in_turn(&mut self, amount: i64) -> Vec<Part> {
        let mut left = amount;
        let mut parts = Vec::new();
        for slot in self.slots.iter_mut().skip(self.front) {
            let part = slot.give(left);
            left -= part.amount();
            if slot.flowing() == 0 && left > 0 {
                self.front += 1;
            }
            parts.extend(slot.entry.filter(|_| part.amount() > 0).map(|entry| Part { entry, ..part }));
            if left == 0 {
                break;
            }
        }
        self.inside -= amount - left;
        parts
    }

    /// Of every slot that may be taken from the same share; the units that do not divide are taken from the oldest.
    fn leave_in_proportion(&mut self, amount: i64, of: impl Fn(&Slot) -> bool) -> Vec<Part> {
        let all: i64 = self.slots.iter().filter(|s| of(s)).map(Slot::flowing).sum();
        let amount = amount.min(all);
        if amount <= 0 {
            return Vec::new();
        }
        let share = |there: i64| {
            let part = i128::from(amount) * i128::from(there) / i128::from(all);
            i64::try_from(part).unwrap_or(there).min(there)
        };
        let mut rest = amount - self.slots.iter().filter(|s| of(s)).map(|s| share(s.flowing())).sum::<i64>();
        let mut parts = Vec::new();
        for slot in self.slots.iter_mut().filter(|s| of(s)) {
            let (there, even) = (slot.flowing(), share(slot.flowing()));
            // Fewer units are left over than there are slots with something left, so one each is enough.
            let odd = i64::from(rest > 0 && even < there);
            rest -= odd;
            let part = slot.give(even + odd);
            parts.extend(slot.entry.filter(|_| part.amount() > 0).map(|entry| Part { entry, ..part }));
        }
        self.inside -= amount;
        parts
    }

    /// Money of one entry leaves: the transaction is known by its reference, so no method is needed.
    pub(super) fn leave_from(&mut self, entry: usize, amount: i64) -> Vec<Part> {
        let Some(slot) = self.slot_mut(entry) else { return Vec::new() };
        let part = Part { entry, ..slot.give(amount) };
        self.inside -= part.amount();
        self.free -= part.amount();
        if part.amount() > 0 { vec![part] } else { Vec::new() }
    }

    /// Disputed money is stopped: of the entry asked about first, then oldest first. Money that was let go
    /// before can be stopped again.
    pub(super) fn hold(&mut self, amount: i64, first: Option<usize>) -> Vec<Part> {
        let parts = self.shift(amount, (first, self.free), |slot, want| {
            let free = want.min(slot.free);
            let released = (want - free).min(slot.released);
            slot.free -= free;
            slot.released -= released;
            slot.held += free + released;
            (free, released)
        });
        self.stop(sum(&parts));
        parts
    }

    /// A hold ends: what was stopped may flow, and is known to have been let go.
    pub(super) fn release(&mut self, amount: i64, first: Option<usize>) -> Vec<Part> {
        let parts = self.shift(amount, (first, self.held), |slot, want| {
            let got = want.min(slot.held);
            slot.held -= got;
            slot.released += got;
            (got, 0)
        });
        self.stop(-sum(&parts));
        parts
    }

    /// A hold was stated too high and is corrected: as if the rest had never been stopped.
    pub(super) fn unhold(&mut self, amount: i64, first: Option<usize>) -> Vec<Part> {
        let parts = self.shift(amount, (first, self.held), |slot, want| {
            let got = want.min(slot.held);
            slot.held -= got;
            slot.free += got;
            (got, 0)
        });
        self.stop(-sum(&parts));
        parts
    }

    /// Stopped money leaves for good: returned.
    pub(super) fn hand_over(&mut self, amount: i64, first: Option<usize>) -> Vec<Part> {
        let parts = self.shift(amount, (first, self.held), |slot, want| {
            let got = want.min(slot.held);
            slot.held -= got;
            (got, 0)
        });
        self.inside -= sum(&parts);
        self.held -= sum(&parts);
        parts
    }

    /// What is left of an entry.
    pub(super) fn slot(&self, entry: usize) -> Slot {
        self.place.get(&entry).and_then(|at| self.slots.get(*at)).copied().unwrap_or_default()
    }

    /// More of an entry is here after all.
    pub(super) fn add(&mut self, entry: usize, amount: i64) {
        if let Some(slot) = self.slot_mut(entry) {
            slot.free += amount;
            self.inside += amount;
            self.free += amount;
        }
    }

    /// Everything that may flow, older money included.
    pub(super) fn flowing(&self) -> i64 {
        self.slots.iter().skip(self.front).map(Slot::flowing).sum()
    }

    /// The slot of an entry; from here on it may hold something that flows.
    fn slot_mut(&mut self, entry: usize) -> Option<&mut Slot> {
        let at = *self.place.get(&entry)?;
        self.front = self.front.min(at);
        self.slots.get_mut(at)
    }

    /// Disputed money ceases to flow, or flows again.
    const fn stop(&mut self, amount: i64) {
        self.free -= amount;
        self.held += amount;
    }

    /// Changes slots of disputed money until `amount` is through, or the `there` of which it can be taken: the entry that is asked
    /// about first, then oldest first.
    fn shift(
        &mut self,
        amount: i64,
        (first, there): (Option<usize>, i64),
        mut change: impl FnMut(&mut Slot, i64) -> (i64, i64),
    ) -> Vec<Part> {
        let (mut left, mut parts, mut earliest) = (amount.min(there), Vec::new(), self.front);
        let preferred = first.and_then(|entry| self.place.get(&entry).copied());
        let others = (0..self.slots.len()).filter(|at| Some(*at) != preferred);
        for at in preferred.into_iter().chain(others) {
            if left == 0 {
                break;
            }
            let Some(slot) = self.slots.get_mut(at) else { continue };
            let Some(entry) = slot.entry else { continue };
            let (free, released) = change(slot, left);
            left -= free + released;
            if free + released > 0 {
                earliest = earliest.min(at);
                parts.push(Part { entry, free, released });
            }
        }
        self.front = earliest;
        parts
    }
}

/// What parts come to.
fn sum(parts: &[Part]) -> i64 {
    parts.iter().map(|part| part.amount()).sum()
}
