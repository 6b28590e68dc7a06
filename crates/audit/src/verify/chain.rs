//! Follows the log from checkpoint to checkpoint. Each place of the log is told by up to four witnesses: the record's
//! content, the hash in its row, the row of the log, the tile. Where they differ, the signed root says which of them is
//! right, and the place is odd; where none of them leads to the root, the change lies between two checkpoints.

use std::collections::VecDeque;

use ledger::{Frontier, Hash, TileId};
use uuid::Uuid;

use crate::report::{Fault, FaultKind};

/// The place of a row whose number is none.
pub(super) const NOWHERE: u64 = u64::MAX;

/// What is known of one place of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub no: u64,
    /// The record that stands here, or that the log's row names.
    pub id: Option<Uuid>,
    /// The hash computed from the record.
    pub content: Option<Hash>,
    /// The hash in the record's row.
    pub own: Option<Hash>,
    /// The hash in the log's row.
    pub leaf: Option<Hash>,
    /// The hash in the tile.
    pub tile: Option<Hash>,
}

impl Place {
    fn witnesses(&self) -> [Option<Hash>; 4] {
        [self.leaf, self.tile, self.content, self.own]
    }
    /// What most witnesses say; the log's row decides a tie.
    fn majority(&self) -> Option<Hash> {
        let told = self.witnesses();
        let votes = |hash: &Hash| told.iter().flatten().filter(|h| *h == hash).count();
        // `max_by_key` gives the last of equals, so the row comes last.
        told.iter().rev().flatten().max_by_key(|hash| votes(hash)).copied()
    }
}

/// A signed size and root to come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub size: u64,
    pub root: Hash,
    /// Kept outside, not stored with the log.
    pub kept: bool,
}

/// A place where the witnesses differ, and what was signed there (or what most of them say, if that cannot be told).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Odd {
    pub place: Place,
    /// `None` for a row of the log that has no place of its own: behind the signed end, or a second one at its place.
    pub truth: Option<Hash>,
}

/// The state on the way.
pub(super) struct Chain {
    marks: VecDeque<Mark>,
    trusted: Frontier,
    open: Vec<Place>,
    /// No root can be met any more: an earlier place is not known.
    lost: bool,
    pub odd: Vec<Odd>,
    /// Tiles of level 1 and up as they follow from the places, full ones first.
    pub upper: Vec<(TileId, Vec<Hash>)>,
    pub faults: Vec<Fault>,
}

impl Chain {
    /// Begins at the empty log. `marks` are sorted by size, stored ones before kept ones.
    pub(super) fn new(marks: Vec<Mark>) -> Self {
        let mut out = Self {
            marks: marks.into(),
            trusted: Frontier::default(),
            open: Vec::new(),
            lost: false,
            odd: Vec::new(),
            upper: Vec::new(),
            faults: Vec::new(),
        };
        out.settle();
        out
    }

    /// Takes the next place.
    pub(super) fn take(&mut self, place: Place) {
        self.open.push(place);
        self.settle();
    }

    /// Ends. Places behind the last mark are compared with each other only.
    pub(super) fn finish(mut self) -> Ended {
        if !self.open.is_empty() {
            self.lost = true;
            self.guess();
        }
        self.upper
            .extend(self.trusted.partial().filter(|(id, _)| id.level > 0).map(|(id, h)| (id, h.to_vec())));
        Ended { odd: self.odd, upper: self.upper, faults: self.faults, lost: self.lost }
    }

    fn here(&self) -> u64 {
        self.trusted.size() + u64::try_from(self.open.len()).unwrap_or(u64::MAX)
    }

    fn settle(&mut self) {
        while let Some(mark) = self.marks.front().copied().filter(|mark| mark.size <= self.here()) {
            self.marks.pop_front();
            self.meet(mark);
        }
    }

    /// Settles all open places by the root signed for them.
    fn meet(&mut self, mark: Mark) {
        let truth = if self.lost { None } else { self.truth(&mark.root) };
        match truth {
            Some(truth) => self.commit(&truth),
            None if mark.kept => self.forked(mark.size),
            None => {
                if !self.lost {
                    self.rewritten(mark.size);
                }
                self.lost = true;
                self.guess();
            }
        }
    }

    /// The hashes of the open places that lead to `root`, as one witness tells them throughout, or as most tell them.
    fn truth(&self, root: &Hash) -> Option<Vec<Hash>> {
        let mut tried: Vec<Vec<Hash>> = Vec::new();
        for witness in 0..5 {
            let told: Option<Vec<Hash>> = self
                .open
                .iter()
                .map(|place| place.witnesses().get(witness).copied().unwrap_or_else(|| place.majority()))
                .collect();
            let Some(told) = told.filter(|told| !tried.contains(told)) else { continue };
            let mut range = self.trusted.compact();
            range.extend(told.iter().copied());
            if range.root() == *root {
                return Some(told);
            }
            tried.push(told);
        }
        None
    }

    /// Goes on with what most witnesses say.
    fn guess(&mut self) {
        let guess: Vec<Hash> = self.open.iter().map(|p| p.majority().unwrap_or(ledger::EMPTY_ROOT)).collect();
        self.commit(&guess);
    }

    fn commit(&mut self, truth: &[Hash]) {
        for (place, truth) in self.open.drain(..).zip(truth) {
            let upper = &mut self.upper;
            self.trusted.push(*truth, |id, hashes| {
                if id.level > 0 {
                    upper.push((id, hashes.to_vec()));
                }
            });
            if place.witnesses() != [Some(*truth); 4] {
                self.odd.push(Odd { place, truth: Some(*truth) });
            }
        }
    }

    fn rewritten(&mut self, size: u64) {
        // A place of which nothing is left is told as cut off or deleted.
        if self.open.iter().any(|place| place.majority().is_none()) {
            return;
        }
        let from = self.trusted.size();
        let one = size - from == 1;
        let record = self.open.first().and_then(|place| place.id).filter(|_| one);
        let what = match record {
            Some(id) => format!("record `{id}` at position {from} was changed"),
            None => format!("records from position {from} to {} were changed", size.saturating_sub(1)),
        };
        let sentence = format!(
            "{what} together with all their hashes: the checkpoint of size {from} holds, the one of size {size} does not; \
             what follows cannot be confirmed"
        );
        self.faults.push(Fault::new(FaultKind::Rewritten, sentence).at(from).until(size).of(record));
    }

    fn forked(&mut self, size: u64) {
        if self.lost {
            return;
        }
        let sentence =
            format!("the log of {size} records has another root than the checkpoint that was kept of it");
        self.faults.push(Fault::new(FaultKind::Forked, sentence).at(0).until(size));
    }
}

/// What the way through the log gave.
pub(super) struct Ended {
    pub odd: Vec<Odd>,
    pub upper: Vec<(TileId, Vec<Hash>)>,
    pub faults: Vec<Fault>,
    pub lost: bool,
}
