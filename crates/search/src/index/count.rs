//! Counts what is found and keeps the best of it, in one pass.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::ColumnValues;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};
use uuid::Uuid;

use super::ask::{Ask, Found, Hit};
use super::{Codes, Filters};

/// Counts for a question.
pub(super) struct Counting(pub(super) Ask);

/// Counts in one segment.
pub(super) struct Segment {
    filters: Filters,
    since: Vec<i64>,
    newest: bool,
    keep: usize,
    codes: Arc<dyn ColumnValues<u64>>,
    at: Arc<dyn ColumnValues<i64>>,
    high: Arc<dyn ColumnValues<u64>>,
    low: Arc<dyn ColumnValues<u64>>,
    counts: Counts,
    best: BinaryHeap<Reverse<(u64, Hit)>>,
}

/// One for each value of a byte.
const BYTE: usize = 256;

/// What is counted.
struct Counts {
    all: u64,
    total: u64,
    kinds: Vec<u64>,
    regions: Vec<u64>,
    states: BTreeMap<u64, u64>,
    /// The last that was counted, and how many times in a row: most documents of one question are alike.
    run: (u64, u64),
    since: Vec<u64>,
}

impl Counts {
    fn new(since: usize) -> Self {
        Self {
            all: 0,
            total: 0,
            kinds: vec![0; BYTE],
            regions: vec![0; BYTE],
            states: BTreeMap::new(),
            run: (0, 0),
            since: vec![0; since],
        }
    }
    fn state(&mut self, packed: u64) {
        if self.run.0 == packed {
            self.run.1 = self.run.1.saturating_add(1);
            return;
        }
        self.flush();
        self.run = (packed, 1);
    }
    fn flush(&mut self) {
        if self.run.1 > 0 {
            let n = self.states.entry(self.run.0).or_default();
            *n = n.saturating_add(self.run.1);
        }
    }
}

fn one_more(counts: &mut [u64], at: usize) {
    if let Some(n) = counts.get_mut(at) {
        *n = n.saturating_add(1);
    }
}

impl Segment {
    fn count(&mut self, doc: DocId, score: Score) {
        let (codes, at) = (Codes::unpacked(self.codes.get_val(doc)), self.at.get_val(doc));
        let f = &self.filters;
        let kind = f.kind.is_none_or(|kind| kind == codes.kind);
        let region = f.region.is_none_or(|region| region == codes.region);
        let state = f.state.is_none_or(|state| state == (codes.kind, codes.state));
        let since = f.since.is_none_or(|since| since <= at);
        let c = &mut self.counts;
        c.all = c.all.saturating_add(1);
        if region && state && since {
            one_more(&mut c.kinds, usize::from(codes.kind));
        }
        if kind && state && since {
            one_more(&mut c.regions, usize::from(codes.region));
        }
        if kind && region && since {
            c.state(Codes { region: 0, ..codes }.packed());
        }
        if kind && region && state {
            for (n, moment) in c.since.iter_mut().zip(&self.since) {
                *n = n.saturating_add(u64::from(*moment <= at));
            }
        }
        if kind && region && state && since {
            c.total = c.total.saturating_add(1);
            self.keep(doc, codes.kind, at, score);
        }
    }

    /// Keeps what may be among the best.
    fn keep(&mut self, doc: DocId, kind: u8, at: i64, score: Score) {
        // Scores are not negative, so their bits are in their order.
        let score = if self.newest { 0 } else { score.to_bits() };
        let late = at.cast_unsigned() ^ (1 << 63);
        let rank = if self.newest { late } else { u64::from(score) };
        let full = self.best.len() >= self.keep;
        if full && self.best.peek().is_some_and(|Reverse((least, worst))| (rank, at) < (*least, worst.at)) {
            return;
        }
        let id = Uuid::from_u64_pair(self.high.get_val(doc), self.low.get_val(doc));
        self.best.push(Reverse((rank, Hit { score, at, id, kind })));
        if full {
            self.best.pop();
        }
    }
}

impl SegmentCollector for Segment {
    type Fruit = (Found, Vec<(u64, Hit)>);

    fn collect(&mut self, doc: DocId, score: Score) {
        self.count(doc, score);
    }

    fn harvest(mut self) -> Self::Fruit {
        self.counts.flush();
        let c = self.counts;
        let states = c.states.into_iter().map(|(packed, n)| (Codes::unpacked(packed), n)).collect();
        let found = Found {
            all: c.all,
            total: c.total,
            kinds: c.kinds,
            regions: c.regions,
            states,
            since: c.since,
            hits: Vec::new(),
        };
        (found, self.best.into_iter().map(|Reverse(best)| best).collect())
    }
}

impl Collector for Counting {
    type Fruit = Found;
    type Child = Segment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Segment> {
        let fast = segment.fast_fields();
        let column = |name: &str| -> tantivy::Result<Arc<dyn ColumnValues<u64>>> {
            Ok(fast.u64(name)?.first_or_default_col(0))
        };
        Ok(Segment {
            filters: self.0.filters,
            since: self.0.since.clone(),
            newest: self.0.newest,
            keep: self.0.from.saturating_add(self.0.limit).max(1),
            codes: column("codes")?,
            at: fast.i64("at")?.first_or_default_col(0),
            high: column("high")?,
            low: column("low")?,
            counts: Counts::new(self.0.since.len()),
            best: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        !self.0.newest
    }

    fn merge_fruits(&self, fruits: Vec<<Segment as SegmentCollector>::Fruit>) -> tantivy::Result<Found> {
        let mut found = Found {
            kinds: vec![0; BYTE],
            regions: vec![0; BYTE],
            since: vec![0; self.0.since.len()],
            ..Found::default()
        };
        let mut states: BTreeMap<u64, u64> = BTreeMap::new();
        let mut best = Vec::new();
        let add = |to: &mut [u64], from: &[u64]| {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = to.saturating_add(*from))
        };
        for (part, hits) in fruits {
            found.all = found.all.saturating_add(part.all);
            found.total = found.total.saturating_add(part.total);
            add(&mut found.kinds, &part.kinds);
            add(&mut found.regions, &part.regions);
            add(&mut found.since, &part.since);
            for (codes, n) in part.states {
                let sum = states.entry(codes.packed()).or_default();
                *sum = sum.saturating_add(n);
            }
            best.extend(hits);
        }
        found.states = states.into_iter().map(|(packed, n)| (Codes::unpacked(packed), n)).collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        found.hits = best.into_iter().skip(self.0.from).take(self.0.limit).map(|(_, hit)| hit).collect();
        Ok(found)
    }
}
