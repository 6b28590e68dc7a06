//! The registry in memory, for whoever asks before every payment: a copy of what is told in every process, that follows the
//! changes of the database, and the book in which questions are written down. The database is the truth: where the copy is
//! not whole, or has not heard from it for two seconds, it is asked itself.

mod book;
mod follow;
mod private;
mod proof;
mod table;

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use filter::OpenHash;
use kernel::{Timestamp, WallClock};
use oprf::Mark;
use partner::bearer::Roster;
use profile::ExemptReceipt;
use uuid::Uuid;

pub use book::{Book, Number, Query, Segment, Way};
pub use follow::{catch_up, flush, follow, keep_book, load, write_down};
pub use private::{PREFIX, Place};
pub use proof::{Proof, prove};
pub use table::{Table, hash};

use crate::model::EntryId;
use crate::rules::Gist;
use crate::rules::crowd::Crowd;

/// For so long the copy is believed without word from the database, microseconds.
const BELIEVED_MICROS: i64 = 2_000_000;

/// A law of listings that is told with an answer: which receipts it leaves to the holder.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Law {
    id: (Uuid, i64),
    spared: Vec<ExemptReceipt>,
}

/// The registry in the memory of one process.
#[derive(Debug)]
pub struct Live {
    table: Table,
    private: private::Private,
    laws: RwLock<Vec<Law>>,
    roster: Arc<Roster>,
    whole: AtomicBool,
    /// When the database was last heard, wall time in microseconds.
    heard: AtomicI64,
    /// What is asked.
    pub book: Book,
    /// Held by whoever writes the book down: each question is written once.
    writing: tokio::sync::Mutex<()>,
    /// Who asks how much at the portal.
    pub(crate) crowd: Mutex<Crowd>,
}

impl Live {
    /// An empty copy: the database is asked until it is whole.
    #[must_use]
    pub fn new(process: Uuid, roster: Arc<Roster>) -> Self {
        Self {
            table: Table::default(),
            private: private::Private::default(),
            laws: RwLock::default(),
            roster,
            whole: AtomicBool::new(false),
            heard: AtomicI64::new(i64::MIN),
            book: Book::new(process),
            writing: tokio::sync::Mutex::default(),
            crowd: Mutex::default(),
        }
    }

    /// Whether the copy may be asked.
    #[must_use]
    pub fn is_current(&self, clock: &WallClock) -> bool {
        let age = clock.now().as_micros().saturating_sub(self.heard.load(Ordering::Acquire));
        // A clock that was set back says nothing of how old it is.
        let young = (0..=BELIEVED_MICROS).contains(&age);
        self.whole.load(Ordering::Acquire) && young && self.roster.is_current(clock)
    }

    /// What is told of an entry, if there is one.
    #[must_use]
    pub fn gist(&self, id: EntryId) -> Option<Gist> {
        self.table.get(hash(id.uuid()))
    }

    /// Takes in what is told of an entry; `None`: there is none.
    pub fn learn(&self, id: EntryId, gist: Option<Gist>) {
        self.table.set(hash(id.uuid()), gist);
    }

    /// Things whose open hash begins so, and where they stand.
    #[must_use]
    pub fn by_prefix(&self, prefix: [u8; PREFIX]) -> Vec<(OpenHash, Place)> {
        self.private.by_prefix(prefix)
    }

    /// Things whose mark begins so.
    #[must_use]
    pub fn by_mark(&self, prefix: [u8; PREFIX]) -> Vec<(Mark, Place)> {
        self.private.by_mark(prefix)
    }

    /// Receipts that the law of a listing leaves to the holder; `None` if that must be asked of the database.
    #[must_use]
    pub fn spared(&self, gist: Gist) -> Option<Vec<ExemptReceipt>> {
        let laws = self.laws.read().unwrap_or_else(PoisonError::into_inner);
        let law = (gist.law != Gist::NO_LAW).then(|| laws.get(usize::from(gist.law))).flatten();
        law.map(|law| law.spared.clone())
    }

    /// Who takes part.
    #[must_use]
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// How many entries there are, and how many bytes they take.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        self.table.size()
    }

    fn law(&self, id: (Uuid, i64)) -> Option<u8> {
        let laws = self.laws.read().unwrap_or_else(PoisonError::into_inner);
        laws.iter().position(|law| law.id == id).and_then(|no| u8::try_from(no).ok())
    }

    fn heard_at(&self, wall: Timestamp) {
        self.heard.store(wall.as_micros(), Ordering::Release);
    }
}
