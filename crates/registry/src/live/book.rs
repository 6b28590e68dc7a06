//! The book of questions: each gets its number at once and is written down within a tenth of a second, in a segment with
//! everything that was asked meanwhile. One row and one record for a segment; a question is proved inside it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use kernel::Timestamp;
use ledger::{CompactRange, leaf_hash};
use serde_json::json;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::model::{Advice, Class, EntryId};
use crate::store::SegmentRow;

/// Most questions that may wait to be written down, and how long the oldest may: beyond it nothing more is answered, or a
/// database that is away would let questions go by without a record.
const MOST_WAITING: usize = 20_000;
const LONGEST_WAIT_MICROS: i64 = 2_000_000;
/// Most questions of one segment, and most things in it of which something is known: a transaction is short.
const MOST_QUESTIONS: usize = 2_000;
const MOST_KNOWN: usize = 5_000;

/// How a question was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By name.
    Open,
    /// By a prefix of what everybody can work out.
    Prefix,
    /// With a blinding over it.
    Oblivious,
    /// By a prefix of a mark.
    Heap,
}

impl Way {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Prefix => "prefix",
            Self::Oblivious => "oblivious",
            Self::Heap => "heap",
        }
    }
}

/// One question of an institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Who asked.
    pub partner: Uuid,
    /// Its code.
    pub code: String,
    /// Why.
    pub why: String,
    /// How: of what is not named nobody here knows what was told.
    pub way: Way,
    /// When, office time.
    pub at: Timestamp,
    /// When, wall time.
    pub wall: Timestamp,
    /// How many things it asked about.
    pub asked: usize,
    /// Of what something is known: what was told of it.
    pub known: Vec<(EntryId, Class, Advice)>,
}

impl Query {
    /// As it stands in the segment: one line.
    fn line(&self, no: u64) -> String {
        let known: Vec<_> = self
            .known
            .iter()
            .map(|(id, class, advice)| json!([id, class.as_str(), advice.as_str()]))
            .collect();
        json!({
            "no": no, "partner": self.code, "why": self.why, "way": self.way.as_str(), "at": self.at.as_micros(), "asked": self.asked,
            "known": known,
        })
        .to_string()
    }
}

/// The number of a question: of which process, and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// The process.
    pub process: Uuid,
    /// Its place, from 0.
    pub no: u64,
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.process.simple(), self.no)
    }
}

impl std::str::FromStr for Number {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (process, no) = text.split_once('-').ok_or(())?;
        Ok(Self { process: Uuid::parse_str(process).map_err(|_| ())?, no: no.parse().map_err(|_| ())? })
    }
}

/// Questions that are written down together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The number of the first one.
    pub start: u64,
    /// The questions.
    pub queries: Vec<Query>,
}

impl Segment {
    /// The segment as a row: its lines and the root over them (RFC 9162).
    #[must_use]
    pub fn row(&self, node: &str, process: Uuid, at: Timestamp) -> SegmentRow {
        let lines: Vec<String> = self.queries.iter().zip(self.start..).map(|(q, no)| q.line(no)).collect();
        let mut tree = CompactRange::new();
        lines.iter().for_each(|line| tree.push(leaf_hash(line.as_bytes())));
        SegmentRow {
            id: segment_id(process, self.start),
            node: node.to_owned(),
            process,
            start: i64::try_from(self.start).unwrap_or(i64::MAX),
            questions: i64::try_from(lines.len()).unwrap_or(i64::MAX),
            at,
            root: *tree.root().as_bytes(),
            body: lines.join("\n").into_bytes(),
        }
    }
}

/// One row for a segment, however often it is written: from the process and the number of its first question.
fn segment_id(process: Uuid, start: u64) -> Uuid {
    let hash = db::row_hash(&[
        db::Value::from("segment"),
        db::Value::from(process),
        db::Value::from(start.to_string()),
    ]);
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    queries: Vec<Query>,
}

/// The book of one process.
#[derive(Debug)]
pub struct Book {
    process: Uuid,
    open: Mutex<Open>,
    asked: Notify,
    /// The number of the first question that is not durable yet.
    durable: watch::Sender<u64>,
}

impl Book {
    /// An empty book.
    #[must_use]
    pub fn new(process: Uuid) -> Self {
        Self { process, open: Mutex::default(), asked: Notify::new(), durable: watch::Sender::new(0) }
    }

    /// The process that counts.
    #[must_use]
    pub const fn process(&self) -> Uuid {
        self.process
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a question down; `None` if too many wait to be written, or for too long, and this one must not be answered.
    pub fn take(&self, query: Query) -> Option<Number> {
        let mut open = self.open();
        let waits = |first: &Query| query.wall.micros_since(first.wall);
        let late = open.queries.first().map_or(0, waits) > LONGEST_WAIT_MICROS;
        if late || open.queries.len() >= MOST_WAITING {
            return None;
        }
        let no = open.next;
        open.next += 1;
        open.queries.push(query);
        drop(open);
        self.asked.notify_one();
        Some(Number { process: self.process, no })
    }

    /// Waits until a question is taken down.
    pub async fn asked(&self) {
        self.asked.notified().await;
    }

    /// What waits to be written down, as far as one segment takes it: it stays until it is [`Book::written`].
    #[must_use]
    pub fn waiting(&self) -> Option<Segment> {
        let open = self.open();
        let start = open.next - u64::try_from(open.queries.len()).unwrap_or(0);
        let mut known = 0_usize;
        let fits = |query: &&Query| {
            known = known.saturating_add(query.known.len());
            known <= MOST_KNOWN
        };
        let queries: Vec<Query> =
            open.queries.iter().take(MOST_QUESTIONS).take_while(fits).cloned().collect();
        (!queries.is_empty()).then_some(Segment { start, queries })
    }

    /// So many questions from a number on are durable.
    pub fn written(&self, start: u64, questions: usize) {
        let mut open = self.open();
        let first = open.next - u64::try_from(open.queries.len()).unwrap_or(0);
        let end = start.saturating_add(u64::try_from(questions).unwrap_or(u64::MAX));
        let count = usize::try_from(end.saturating_sub(first)).unwrap_or(usize::MAX).min(open.queries.len());
        open.queries.drain(..count);
        let first = open.next - u64::try_from(open.queries.len()).unwrap_or(0);
        drop(open);
        self.durable.send_replace(first);
    }

    /// Waits until a question is durable.
    pub async fn durable(&self, number: Number) {
        let mut durable = self.durable.subscribe();
        // The sender lives as long as the book.
        let _lives = durable.wait_for(|first| *first > number.no).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(asked: usize) -> Query {
        Query {
            partner: Uuid::nil(),
            code: "ZBEK".to_owned(),
            why: "payment".to_owned(),
            way: Way::Open,
            at: Timestamp::from_secs(1),
            wall: Timestamp::from_secs(1),
            asked,
            known: vec![(EntryId::from_uuid(Uuid::from_u128(7)), Class::Listed, Advice::Decline)],
        }
    }

    #[test]
    fn questions_are_numbered_without_gaps_and_wait_until_they_are_written() {
        let book = Book::new(Uuid::from_u128(1));
        let numbers: Vec<u64> = (0..3).filter_map(|n| book.take(query(n))).map(|n| n.no).collect();
        assert_eq!(numbers, [0, 1, 2]);
        let first = book.waiting().unwrap();
        assert_eq!((first.start, first.queries.len()), (0, 3));
        // One more comes while the segment is written; a write that fails loses nothing.
        assert_eq!(book.take(query(9)).unwrap().no, 3);
        assert_eq!(book.waiting().unwrap().queries.len(), 4);
        book.written(first.start, 3);
        // Told twice, it is written once.
        book.written(first.start, 3);
        let rest = book.waiting().unwrap();
        assert_eq!((rest.start, rest.queries.clone()), (3, vec![query(9)]));
        book.written(rest.start, 1);
        assert_eq!(book.waiting(), None);
    }

    #[test]
    fn a_number_reads_back() {
        let number = Number { process: Uuid::from_u128(77), no: 12 };
        assert_eq!(number.to_string().parse(), Ok(number));
        assert_eq!("x-1".parse::<Number>(), Err(()));
    }

    #[test]
    fn every_question_is_a_leaf() {
        let segment = Segment { start: 5, queries: vec![query(1), query(2), query(3)] };
        let row = segment.row("n", Uuid::from_u128(1), Timestamp::from_secs(2));
        let leaves: Vec<_> = row.body.split(|b| *b == b'\n').map(leaf_hash).collect();
        assert_eq!((row.start, row.questions, leaves.len()), (5, 3, 3));
        let mut tree = CompactRange::new();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        assert_eq!(tree.root().as_bytes(), &row.root);
    }

    #[test]
    fn what_cannot_be_written_down_is_not_answered() {
        let book = Book::new(Uuid::nil());
        for _ in 0..MOST_WAITING {
            assert!(book.take(query(1)).is_some());
        }
        assert!(book.take(query(1)).is_none());
        let first = book.waiting().unwrap();
        assert_eq!(first.queries.len(), MOST_QUESTIONS, "a transaction is short, however much waits");
        book.written(first.start, first.queries.len());
        assert!(book.take(query(1)).is_some());
        // The oldest has waited for more than two seconds.
        let later = Query { wall: Timestamp::from_secs(4), ..query(1) };
        assert!(book.take(later).is_none());
    }

    #[test]
    fn what_is_known_of_many_things_goes_into_several_segments() {
        let book = Book::new(Uuid::nil());
        let known = query(1).known.first().copied().map(|one| vec![one; 2_000]).unwrap();
        for _ in 0..4 {
            book.take(Query { known: known.clone(), ..query(2_000) }).unwrap();
        }
        assert_eq!(book.waiting().unwrap().queries.len(), 2);
    }
}
