//! The queue of money in one account.

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

/// Money in an account, oldest in front. INVARIANT: no part is negative; amounts handed in are checked
/// before, so sums stay far inside an `i64`.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue {
    slots: Vec<Slot>,
}

impl Queue {
    /// A disputed sum comes in. Returns what, by the stated balance, had left before without being told.
    pub(super) fn enter(&mut self, entry: usize, amount: i64, balance_before: Option<i64>) -> Vec<Part> {
        let inside: i64 = self.slots.iter().map(|s| s.free + s.held + s.released).sum();
        let mut unlisted = Vec::new();
        if let Some(stated) = balance_before {
            if stated >= inside {
                self.slots.push(Slot { free: stated - inside, ..Slot::default() });
            } else {
                unlisted = self.leave(inside - stated);
            }
        }
        self.slots.push(Slot { entry: Some(entry), free: amount, ..Slot::default() });
        unlisted
    }

    /// Money leaves, oldest first; the parts that were disputed.
    pub(super) fn leave(&mut self, amount: i64) -> Vec<Part> {
        take(self.slots.iter_mut(), amount)
    }

    /// Money of one entry leaves: the transaction is known by its reference, so no method is needed.
    pub(super) fn leave_from(&mut self, entry: usize, amount: i64) -> Vec<Part> {
        take(self.slots.iter_mut().filter(|s| s.entry == Some(entry)), amount)
    }

    /// Disputed money is stopped: of the entry asked about first, then oldest first. Money that was let go
    /// before can be stopped again.
    pub(super) fn hold(&mut self, amount: i64, first: Option<usize>) -> Vec<Part> {
        self.shift(amount, first, |slot, want| {
            let free = want.min(slot.free);
            let released = (want - free).min(slot.released);
            slot.free -= free;
            slot.released -= released;
            slot.held += free + released;
            (free, released)
        })
    }

    /// A hold ends: what was stopped may flow, and is known to have been let go.
    pub(super) fn release(&mut self, amount: i64, first: Option<usize>) -> Vec<Part> {
        self.shift(amount, first, |slot, want| {
            let got = want.min(slot.held);
            slot.held -= got;
            slot.released += got;
            (got, 0)
        })
    }

    /// A hold was stated too high and is corrected: as if the rest had never been stopped.
    pub(super) fn unhold(&mut self, amount: i64, first: Option<usize>) -> Vec<Part> {
        self.shift(amount, first, |slot, want| {
            let got = want.min(slot.held);
            slot.held -= got;
            slot.free += got;
            (got, 0)
        })
    }

    /// Stopped money leaves for good: returned.
    pub(super) fn hand_over(&mut self, amount: i64, first: Option<usize>) -> Vec<Part> {
        self.shift(amount, first, |slot, want| {
            let got = want.min(slot.held);
            slot.held -= got;
            (got, 0)
        })
    }

    /// What is left of an entry.
    pub(super) fn slot(&self, entry: usize) -> Slot {
        self.slots.iter().find(|s| s.entry == Some(entry)).copied().unwrap_or_default()
    }

    /// More of an entry is here after all.
    pub(super) fn add(&mut self, entry: usize, amount: i64) {
        if let Some(slot) = self.slots.iter_mut().find(|s| s.entry == Some(entry)) {
            slot.free += amount;
        }
    }

    /// Everything that may flow, older money included.
    pub(super) fn flowing(&self) -> i64 {
        self.slots.iter().map(|s| s.free + s.released).sum()
    }

    fn shift(
        &mut self,
        amount: i64,
        first: Option<usize>,
        mut change: impl FnMut(&mut Slot, i64) -> (i64, i64),
    ) -> Vec<Part> {
        let mut left = amount;
        let mut parts = Vec::new();
        for preferred in [true, false] {
            for slot in &mut self.slots {
                let Some(entry) = slot.entry else { continue };
                if (Some(entry) == first) != preferred || left == 0 {
                    continue;
                }
                let (free, released) = change(slot, left);
                left -= free + released;
                if free + released > 0 {
                    parts.push(Part { entry, free, released });
                }
            }
        }
        parts
    }
}

/// Takes from the slots in turn; what was disputed is told.
fn take<'a>(slots: impl Iterator<Item = &'a mut Slot>, amount: i64) -> Vec<Part> {
    let mut left = amount;
    let mut parts = Vec::new();
    for slot in slots {
        let free = left.min(slot.free);
        slot.free -= free;
        left -= free;
        let released = left.min(slot.released);
        slot.released -= released;
        left -= released;
        if let (Some(entry), true) = (slot.entry, free + released > 0) {
            parts.push(Part { entry, free, released });
        }
    }
    parts
}
