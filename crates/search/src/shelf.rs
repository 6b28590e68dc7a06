//! What a node keeps for searching: the index, the kinds that are in it, and how far it has come.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::App;
use identifier::Options;
use uuid::Uuid;

use crate::error::SearchError;
use crate::index::{Change, Codes, Entry, Index};
use crate::model::Document;
use crate::rules::query::Reader;
use crate::source::Source;
use crate::token::Key;

/// Changed when documents are read in another way: kept indexes are made anew.
const VERSION: u32 = 2;

/// The kinds of thing that are searched, in the order in which they are offered.
pub type Sources = Arc<Vec<Arc<dyn Source>>>;

/// A thing of a kind.
pub(crate) type Thing = (u8, Uuid);

/// What a node keeps for searching.
pub struct Shelf {
    /// The index.
    pub index: Index,
    /// Under what words are hashed.
    pub key: Key,
    pub(crate) sources: Sources,
    regions: Vec<String>,
    /// What the things of the index were, by kind and key.
    stamps: Mutex<BTreeMap<Thing, u64>>,
    /// Things that cannot be read.
    unreadable: Mutex<BTreeSet<Thing>>,
    /// Whether the index has failed since, so that the stamps may not be its own.
    lost: AtomicBool,
    /// How often it was begun anew.
    begun: AtomicU64,
    /// One hand at a time writes.
    pub(crate) turn: tokio::sync::Mutex<()>,
    ready: AtomicBool,
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").field("index", &self.index).finish_non_exhaustive()
    }
}

impl Shelf {
    /// An empty index in a folder, in the place of the one that is there.
    ///
    /// # Errors
    /// The folder cannot be used, or another process writes to it.
    pub fn anew(app: &App, sources: Sources, folder: &Path) -> Result<Arc<Self>, SearchError> {
        let mark = mark(app, &sources, &regions(app));
        Self::of(app, sources, Index::anew(folder, &mark)?)
    }

    /// Opens the index in a folder, or one in memory where there is none or another process has it.
    ///
    /// # Errors
    /// The folder cannot be used: the node goes on without an index.
    pub fn open(app: &App, sources: Sources, folder: Option<&Path>) -> Result<Arc<Self>, SearchError> {
        let index = match folder {
            None => Index::in_memory()?,
            Some(folder) => match Index::open(folder, &mark(app, &sources, &regions(app))) {
                Err(SearchError::InUse) => {
                    tracing::warn!(
                        "another process has the folder of the index: this one keeps its own in memory"
                    );
                    Index::in_memory()?
                }
                other => other?,
            },
        };
        Self::of(app, sources, index)
    }

    /// Over an index that is open.
    ///
    /// # Errors
    /// The index's.
    pub fn of(app: &App, sources: Sources, index: Index) -> Result<Arc<Self>, SearchError> {
        let stamps = index.stamps()?;
        Ok(Arc::new(Self {
            index,
            key: Key::of(&app.vault),
            sources,
            regions: regions(app),
            stamps: Mutex::new(stamps),
            unreadable: Mutex::new(BTreeSet::new()),
            lost: AtomicBool::new(false),
            begun: AtomicU64::new(0),
            turn: tokio::sync::Mutex::new(()),
            ready: AtomicBool::new(false),
        }))
    }

    /// Whether everything that there is has been looked at since the program began.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    pub(crate) fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Relaxed);
    }

    /// Whether the index has failed since, so that the stamps may not be its own.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    pub(crate) fn set_lost(&self, lost: bool) {
        self.lost.store(lost, Ordering::Relaxed);
    }

    /// How often it was begun anew since the program began.
    pub(crate) fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// Nothing of what was there is taken for read.
    pub(crate) fn begin_anew(&self) {
        self.set_ready(false);
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.stamps().clear();
        self.unreadable().clear();
    }

    /// The sources with their codes.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = (u8, &Arc<dyn Source>)> {
        (1_u8..).zip(self.sources.iter())
    }

    /// The source of a code.
    pub(crate) fn source(&self, code: u8) -> Option<&Arc<dyn Source>> {
        self.kinds().find(|(c, _)| *c == code).map(|(_, s)| s)
    }

    /// The code of a kind.
    pub(crate) fn kind(&self, kind: &str) -> Option<u8> {
        self.kinds().find(|(_, s)| s.kind() == kind).map(|(code, _)| code)
    }

    /// The code of a region; 0 for one that the profile does not know.
    pub(crate) fn region(&self, region: &str) -> u8 {
        (1_u8..).zip(&self.regions).find(|(_, r)| *r == region).map_or(0, |(code, _)| code)
    }

    /// The region of a code.
    pub(crate) fn region_of(&self, code: u8) -> Option<&str> {
        self.regions.get(usize::from(code).checked_sub(1)?).map(String::as_str)
    }

    /// The code of a state, `report.open`, with that of its kind.
    pub(crate) fn state(&self, state: &str) -> Option<(u8, u8)> {
        let (kind, state) = state.split_once('.')?;
        let code = self.kind(kind)?;
        let states = self.source(code)?.states();
        (1_u8..).zip(states).find(|(_, s)| **s == state).map(|(state, _)| (code, state))
    }

    /// The state of a code.
    pub(crate) fn state_of(&self, codes: Codes) -> Option<String> {
        let source = self.source(codes.kind)?;
        let state = source.states().get(usize::from(codes.state).checked_sub(1)?)?;
        Some(format!("{}.{state}", source.kind()))
    }

    /// A thing as the index keeps it.
    pub(crate) fn change(
        &self,
        app: &App,
        (kind, id): (u8, Uuid),
        stamp: u64,
        documents: &[Document],
    ) -> Change {
        let entries = documents.iter().map(|d| self.entry(app, kind, stamp, d)).collect();
        Change { kind, id, entries }
    }

    fn entry(&self, app: &App, kind: u8, stamp: u64, document: &Document) -> Entry {
        let word = self.source(kind).map_or("", |s| s.kind());
        let states = self.source(kind).map_or(&[][..], |s| s.states());
        let state = (1_u8..).zip(states).find(|(_, s)| **s == document.state).map_or(0, |(code, _)| code);
        let mut tokens = Vec::new();
        with_reader(app, self.key, |reader| {
            for part in &document.parts {
                reader.tokens(part, &mut tokens);
            }
        });
        tokens.sort_unstable();
        tokens.dedup();
        Entry {
            tokens,
            scope: self.key.scope(
                word,
                &document.organisation,
                document.red.then_some(document.unit.as_str()),
            ),
            codes: Codes { kind, region: self.region(&document.region), state },
            at: document.at.as_micros(),
            stamp,
        }
    }

    pub(crate) fn stamps(&self) -> MutexGuard<'_, BTreeMap<Thing, u64>> {
        self.stamps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn unreadable(&self) -> MutexGuard<'_, BTreeSet<Thing>> {
        self.unreadable.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads texts as the node reads them.
pub fn with_reader<T>(app: &App, key: Key, f: impl FnOnce(&Reader<'_>) -> T) -> T {
    let options =
        Options { region: identifier::Region::from_code(app.profile.phone_region()).unwrap_or_default() };
    let id = |kind, value: &str| identifier::identifier_id(&app.vault, kind, value);
    f(&Reader { key, options, id: &id })
}

/// The regions of the country, by code.
fn regions(app: &App) -> Vec<String> {
    app.profile.regions().iter().map(|r| r.code.clone()).collect()
}

/// A kept index is this node's, of these kinds, read in this way.
fn mark(app: &App, sources: &Sources, regions: &[String]) -> String {
    let kinds: Vec<String> =
        sources.iter().map(|s| format!("{}={}", s.kind(), s.states().join("+"))).collect();
    let own = hex::encode(app.vault.blind("search", "mark"));
    format!("{VERSION} {own} {} {}", kinds.join(","), regions.join(","))
}
