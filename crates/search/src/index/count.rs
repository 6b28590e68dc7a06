//! Counts what is found and keeps the best of it, in one pass. What is counted are things, not documents: of a thing that has several of
//! which the reader sees more than one, the latest stands for it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::ColumnValues;
use tantivy::index::SegmentId;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};
use uuid::Uuid;

use super::ask::{Ask, Found, Hit};
use super::{Codes, Filters, SEVERAL};

/// What is read of each document that is found.
#[derive(Clone)]
struct Columns {
    codes: Arc<dyn ColumnValues<u64>>,
    at: Arc<dyn ColumnValues<i64>>,
    high: Arc<dyn ColumnValues<u64>>,
    low: Arc<dyn ColumnValues<u64>>,
}

impl Columns {
    fn of(segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        let column = |name: &str| -> tantivy::Result<Arc<dyn ColumnValues<u64>>> {
            Ok(fast.u64(name)?.first_or_default_col(0))
        };
        Ok(Self {
            codes: column("codes")?,
            at: fast.i64("at")?.first_or_default_col(0),
            high: column("high")?,
            low: column("low")?,
        })
    }
}

/// Columns of the segments there are. To open them takes longer than to answer a question that finds little.
#[derive(Default)]
pub(super) struct Opened(Mutex<BTreeMap<SegmentId, Columns>>);

impl Opened {
    fn held(&self) -> MutexGuard<'_, BTreeMap<SegmentId, Columns>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn of(&self, segment: &SegmentReader) -> tantivy::Result<Columns> {
        if let Some(columns) = self.held().get(&segment.segment_id()) {
            return Ok(columns.clone());
        }
        let columns = Columns::of(segment)?;
        self.held().insert(segment.segment_id(), columns.clone());
        Ok(columns)
    }
    /// Lets go of all others: a file that is held open stays on the disk, with whatever was erased from it.
    pub(super) fn keep(&self, segments: &[SegmentReader]) {
        let there: BTreeSet<SegmentId> = segments.iter().map(SegmentReader::segment_id).collect();
        self.held().retain(|id, _| there.contains(id));
    }
}

/// Counts for a question.
pub(super) struct Counting<'a> {
    pub(super) ask: &'a Ask,
    pub(super) opened: &'a Opened,
}

/// Counts in one segment.
pub(super) struct Segment {
    counts: Counts,
    columns: Columns,
    /// Documents of things that have several: counted when all are there.
    several: Vec<(Codes, Hit)>,
}

/// One for each value of a byte.
const BYTE: usize = 256;

/// What is counted.
struct Counts {
    filters: Filters,
    moments: Vec<i64>,
    newest: bool,
    keep: usize,
    all: u64,
    total: u64,
    kinds: Vec<u64>,
    regions: Vec<u64>,
    states: BTreeMap<u64, u64>,
    /// The last that was counted, and how many times in a row: most documents of one question are alike.
    run: (u64, u64),
    since: Vec<u64>,
    best: BinaryHeap<Reverse<(u64, Hit)>>,
}

impl Counts {
    fn new(ask: &Ask) -> Self {
        Self {
            filters: ask.filters,
            moments: ask.since.clone(),
            newest: ask.newest,
            keep: ask.from.saturating_add(ask.limit).max(1),
            all: 0,
            total: 0,
            kinds: vec![0; BYTE],
            regions: vec![0; BYTE],
            states: BTreeMap::new(),
            run: (0, 0),
            since: vec![0; ask.since.len()],
            best: BinaryHeap::new(),
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

    /// Counts one; whether it is in the list.
    fn count(&mut self, codes: Codes, at: i64) -> bool {
        let f = &self.filters;
        let kind = f.kind.is_none_or(|kind| kind == codes.kind);
        let region = f.region.is_none_or(|region| region == codes.region);
        let state = f.state.is_none_or(|state| state == (codes.kind, codes.state));
        let since = f.since.is_none_or(|since| since <= at);
        self.all = self.all.saturating_add(1);
        if region && state && since {
            one_more(&mut self.kinds, usize::from(codes.kind));
        }
        if kind && state && since {
            one_more(&mut self.regions, usize::from(codes.region));
        }
        if kind && region && since {
            self.state(Codes { region: 0, ..codes }.packed());
        }
        if kind && region && state {
            for (n, moment) in self.since.iter_mut().zip(&self.moments) {
                *n = n.saturating_add(u64::from(*moment <= at));
            }
        }
        let listed = kind && region && state && since;
        self.total = self.total.saturating_add(u64::from(listed));
        listed
    }

    /// In which order it comes, and what it is then compared by.
    fn rank(&self, at: i64, score: u32) -> (u64, u32) {
        if self.newest { (at.cast_unsigned() ^ (1 << 63), 0) } else { (u64::from(score), score) }
    }

    /// Keeps what may be among the best.
    fn keep(&mut self, at: i64, score: u32, hit: impl FnOnce(u32) -> Hit) {
        let (rank, score) = self.rank(at, score);
        let full = self.best.len() >= self.keep;
        if full && self.best.peek().is_some_and(|Reverse((least, worst))| (rank, at) < (*least, worst.at)) {
            return;
        }
        self.best.push(Reverse((rank, hit(score))));
        if full {
            self.best.pop();
        }
    }

    fn done(mut self) -> (Found, Vec<(u64, Hit)>) {
        self.flush();
        let states = self.states.into_iter().map(|(packed, n)| (Codes::unpacked(packed), n)).collect();
        let found = Found {
            all: self.all,
            total: self.total,
            kinds: self.kinds,
            regions: self.regions,
            states,
            since: self.since,
            hits: Vec::new(),
        };
        (found, self.best.into_iter().map(|Reverse(best)| best).collect())
    }
}

fn one_more(counts: &mut [u64], at: usize) {
    if let Some(n) = counts.get_mut(at) {
        *n = n.saturating_add(1);
    }
}

/// What one segment tells: its counts, its best, and what is counted when all segments are there.
type Part = ((Found, Vec<(u64, Hit)>), Vec<(Codes, Hit)>);

impl SegmentCollector for Segment {
    type Fruit = Part;

    fn collect(&mut self, doc: DocId, score: Score) {
        let columns = &self.columns;
        let (packed, at) = (columns.codes.get_val(doc), columns.at.get_val(doc));
        let codes = Codes::unpacked(packed);
        let id = || Uuid::from_u64_pair(columns.high.get_val(doc), columns.low.get_val(doc));
        // Scores are not negative, so their bits are in their order.
        let score = score.to_bits();
        if packed & SEVERAL != 0 {
            self.several.push((codes, Hit { score, at, id: id(), kind: codes.kind }));
        } else if self.counts.count(codes, at) {
            self.counts.keep(at, score, |score| Hit { score, at, id: id(), kind: codes.kind });
        }
    }

    fn harvest(self) -> Part {
        (self.counts.done(), self.several)
    }
}

/// Things of several documents, each once: as its latest document has it, and as good as its best.
fn once(several: Vec<(Codes, Hit)>) -> impl Iterator<Item = (Codes, Hit)> {
    let mut all: BTreeMap<(u8, Uuid), (Codes, Hit)> = BTreeMap::new();
    for (codes, hit) in several {
        let one = all.entry((hit.kind, hit.id)).or_insert((codes, hit));
        let score = one.1.score.max(hit.score);
        if (hit.at, codes.packed()) > (one.1.at, one.0.packed()) {
            *one = (codes, hit);
        }
        one.1.score = score;
    }
    all.into_values()
}

impl Collector for Counting<'_> {
    type Fruit = Found;
    type Child = Segment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Segment> {
        let columns = self.opened.of(segment)?;
        Ok(Segment { counts: Counts::new(self.ask), columns, several: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        !self.ask.newest
    }

    fn merge_fruits(&self, fruits: Vec<Part>) -> tantivy::Result<Found> {
        let mut found = Found {
            kinds: vec![0; BYTE],
            regions: vec![0; BYTE],
            since: vec![0; self.ask.since.len()],
            ..Found::default()
        };
        let (mut parts, mut several) = (Vec::new(), Vec::new());
        for (part, more) in fruits {
            parts.push(part);
            several.extend(more);
        }
        let mut counts = Counts::new(self.ask);
        for (codes, hit) in once(several) {
            if counts.count(codes, hit.at) {
                counts.keep(hit.at, hit.score, |score| Hit { score, ..hit });
            }
        }
        parts.push(counts.done());
        let mut states: BTreeMap<u64, u64> = BTreeMap::new();
        let mut best = Vec::new();
        let add = |to: &mut [u64], from: &[u64]| {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = to.saturating_add(*from))
        };
        for (part, hits) in parts {
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
        found.hits = best.into_iter().skip(self.ask.from).take(self.ask.limit).map(|(_, hit)| hit).collect();
        Ok(found)
    }
}
