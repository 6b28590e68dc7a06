//! The index: which documents have which hashes, kept by `tantivy` in a folder of the node's own, or in memory.
//!
//! Nothing is in it but hashes under the node's key, ids, and the plain facts by which lists are restricted and counted. It is derived:
//! whoever deletes the folder has it made anew.

mod ask;
mod count;
mod place;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tantivy::directory::Directory;
use tantivy::index::SegmentId;
use tantivy::merge_policy::{LogMergePolicy, MergePolicy as _, NoMergePolicy};
use tantivy::schema::{BytesOptions, Field, NumericOptions, Schema};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};
use uuid::Uuid;

pub use ask::{Ask, Filters, Found, Hit};

use crate::error::SearchError;

/// What the writer keeps in memory before it writes a segment, bytes.
const WRITER_BYTES: usize = 64_000_000;

/// One document as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Hashes by which it is found.
    pub tokens: Vec<u64>,
    /// Who may see it.
    pub scope: u64,
    /// Codes of kind, region and state.
    pub codes: Codes,
    /// When it came, microseconds.
    pub at: i64,
    /// A hash of what it was when it was read.
    pub stamp: u64,
}

/// Codes by which documents are counted, as the node numbers them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Codes {
    /// Kind.
    pub kind: u8,
    /// Region; 0 if it is not known.
    pub region: u8,
    /// State.
    pub state: u8,
}

impl Codes {
    fn packed(self) -> u64 {
        u64::from(self.kind) << 16 | u64::from(self.region) << 8 | u64::from(self.state)
    }
    fn unpacked(all: u64) -> Self {
        let [.., kind, region, state] = all.to_be_bytes();
        Self { kind, region, state }
    }
}

/// Beside the codes of a document: its thing has several, of which a reader may see more than one.
const SEVERAL: u64 = 1 << 24;

/// Something has become different.
#[derive(Debug, Clone)]
pub struct Change {
    /// Code of the kind.
    pub kind: u8,
    /// Which thing.
    pub id: Uuid,
    /// Its documents now; none where it is no more.
    pub entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Fields {
    id: Field,
    token: Field,
    scope: Field,
    codes: Field,
    at: Field,
    high: Field,
    low: Field,
    stamp: Field,
}

/// The index of a node.
pub struct Index {
    fields: Fields,
    inner: tantivy::Index,
    reader: IndexReader,
    writer: Mutex<Option<IndexWriter>>,
    opened: count::Opened,
    folder: Option<PathBuf>,
    /// Held while the index is open: nobody else touches the folder. The last, so that it goes last.
    lock: Option<File>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("folder", &self.folder)
            .field("held", &self.lock.is_some())
            .finish_non_exhaustive()
    }
}

fn schema() -> (Schema, Fields) {
    let mut all = Schema::builder();
    let looked_up = NumericOptions::default().set_indexed();
    let read = NumericOptions::default().set_fast();
    let fields = Fields {
        id: all.add_bytes_field("id", BytesOptions::default().set_indexed()),
        token: all.add_u64_field("token", looked_up.clone()),
        scope: all.add_u64_field("scope", looked_up),
        codes: all.add_u64_field("codes", read.clone()),
        at: all.add_i64_field("at", read.clone()),
        high: all.add_u64_field("high", read.clone()),
        low: all.add_u64_field("low", read.clone()),
        stamp: all.add_u64_field("stamp", read),
    };
    (all.build(), fields)
}

/// The key under which the documents of a thing are found again.
fn key(kind: u8, id: Uuid) -> [u8; 17] {
    let mut bytes = [kind; 17];
    if let Some((_, rest)) = bytes.split_first_mut() {
        rest.copy_from_slice(id.as_bytes());
    }
    bytes
}

/// One hand that writes.
fn writer(inner: &tantivy::Index) -> Result<IndexWriter, SearchError> {
    let writer = inner.writer_with_num_threads(1, WRITER_BYTES)?;
    // Segments are put together by `commit`, one after the other: what is merged twice at once is work for nothing.
    writer.set_merge_policy(Box::new(NoMergePolicy));
    Ok(writer)
}

impl Index {
    /// An index in memory: for tests, and where the folder is another process's.
    ///
    /// # Errors
    /// The index's.
    pub fn in_memory() -> Result<Self, SearchError> {
        let (schema, fields) = schema();
        Self::over(tantivy::Index::create_in_ram(schema), fields, None)
    }

    /// An empty index in whatever keeps files: for tests of what fails.
    ///
    /// # Errors
    /// The index's.
    pub fn in_directory(directory: impl Directory) -> Result<Self, SearchError> {
        let (schema, fields) = schema();
        let directory: Box<dyn Directory> = Box::new(directory);
        let inner = tantivy::Index::create(directory, schema, tantivy::IndexSettings::default())?;
        Self::over(inner, fields, None)
    }

    fn over(inner: tantivy::Index, fields: Fields, folder: Option<PathBuf>) -> Result<Self, SearchError> {
        let writer = Mutex::new(Some(writer(&inner)?));
        let reader = inner.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { fields, inner, reader, writer, opened: count::Opened::default(), folder, lock: None })
    }

    fn held_by(self, lock: File) -> Self {
        Self { lock: Some(lock), ..self }
    }

    /// Where it lies; `None` in memory.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Writes something. A writer that has failed may have lost what it was given and go on as if nothing had been, so it is thrown away
    /// with all that was not committed, and the next is a new one.
    fn writing<T>(
        &self,
        f: impl FnOnce(&mut IndexWriter) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let mut held = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut one = match held.take() {
            Some(one) => one,
            None => writer(&self.inner)?,
        };
        let done = f(&mut one);
        if done.is_ok() {
            *held = Some(one);
        }
        done
    }

    /// Reads what was committed, and lets go of files that are no more.
    fn reload(&self) -> tantivy::Result<()> {
        self.reader.reload()?;
        self.opened.keep(self.reader.searcher().segment_readers());
        Ok(())
    }

    /// Puts documents in the place of those that the things had. They are found after [`Index::commit`].
    ///
    /// # Errors
    /// The index's: then nothing of what was written since the last commit is kept, here and in [`Index::commit`].
    pub fn write(&self, changes: &[Change]) -> Result<(), SearchError> {
        self.writing(|writer| {
            for change in changes {
                let key = key(change.kind, change.id);
                writer.delete_term(Term::from_field_bytes(self.fields.id, &key));
                for entry in &change.entries {
                    writer.add_document(self.document(change, &key, entry))?;
                }
            }
            Ok(())
        })
    }

    fn document(&self, change: &Change, key: &[u8], entry: &Entry) -> TantivyDocument {
        let (high, low) = change.id.as_u64_pair();
        let several = if change.entries.len() > 1 { SEVERAL } else { 0 };
        let mut doc = TantivyDocument::new();
        doc.add_bytes(self.fields.id, key);
        doc.add_u64(self.fields.scope, entry.scope);
        doc.add_u64(self.fields.codes, entry.codes.packed() | several);
        doc.add_i64(self.fields.at, entry.at);
        doc.add_u64(self.fields.high, high);
        doc.add_u64(self.fields.low, low);
        doc.add_u64(self.fields.stamp, entry.stamp);
        for token in &entry.tokens {
            doc.add_u64(self.fields.token, *token);
        }
        doc
    }

    /// Makes what was written durable and found; `payload` is kept with it.
    ///
    /// # Errors
    /// The index's; what it is then is read from it: [`Index::payload`], [`Index::stamps`].
    pub fn commit(&self, payload: &str) -> Result<(), SearchError> {
        self.writing(|writer| {
            let mut prepared = writer.prepare_commit()?;
            prepared.set_payload(payload);
            prepared.commit()?;
            let all = self.inner.searchable_segment_metas()?;
            for together in LogMergePolicy::default().compute_merge_candidates(&all) {
                writer.merge(&together.0).wait()?;
            }
            Ok(self.reload()?)
        })
    }

    /// Throws everything away that is in it, the payload too.
    ///
    /// # Errors
    /// The index's.
    pub fn clear(&self) -> Result<(), SearchError> {
        // With whatever was not committed.
        drop(self.writer.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.writing(|writer| {
            writer.delete_all_documents()?;
            writer.commit()?;
            self.reload()?;
            writer.garbage_collect_files().wait()?;
            Ok(())
        })
    }

    /// What was kept with the last commit.
    ///
    /// # Errors
    /// The index's.
    pub fn payload(&self) -> Result<Option<String>, SearchError> {
        Ok(self.inner.load_metas()?.payload)
    }

    /// Writes anew whatever holds documents that are no more, so that nothing of them is left in any file. Says how many files did.
    ///
    /// # Errors
    /// The index's.
    pub fn purge(&self) -> Result<usize, SearchError> {
        self.writing(|writer| {
            let all = self.inner.searchable_segment_metas()?;
            let stale: Vec<SegmentId> =
                all.iter().filter(|s| s.num_deleted_docs() > 0).map(|s| s.id()).collect();
            if stale.is_empty() {
                return Ok(0);
            }
            for id in &stale {
                writer.merge(std::slice::from_ref(id)).wait()?;
            }
            self.reload()?;
            writer.garbage_collect_files().wait()?;
            Ok(stale.len())
        })
    }

    /// What each thing of the index was when it was read, by kind and key.
    ///
    /// # Errors
    /// The index's.
    pub fn stamps(&self) -> Result<BTreeMap<(u8, Uuid), u64>, SearchError> {
        self.reload()?;
        let mut all = BTreeMap::new();
        for segment in self.reader.searcher().segment_readers() {
            let fast = segment.fast_fields();
            let (codes, stamp) =
                (fast.u64("codes")?.first_or_default_col(0), fast.u64("stamp")?.first_or_default_col(0));
            let (high, low) =
                (fast.u64("high")?.first_or_default_col(0), fast.u64("low")?.first_or_default_col(0));
            for doc in segment.doc_ids_alive() {
                let id = Uuid::from_u64_pair(high.get_val(doc), low.get_val(doc));
                all.insert((Codes::unpacked(codes.get_val(doc)).kind, id), stamp.get_val(doc));
            }
        }
        Ok(all)
    }

    /// How many documents there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether any file still has this hash, also of documents that are no more. For tests of erasure.
    ///
    /// # Errors
    /// The index's.
    pub fn remembers(&self, token: u64) -> Result<bool, SearchError> {
        let term = Term::from_field_u64(self.fields.token, token);
        for segment in self.inner.searchable_segments()? {
            let reader = tantivy::SegmentReader::open(&segment)?;
            if reader.inverted_index(self.fields.token)?.get_term_info(&term)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Looks something up.
    ///
    /// # Errors
    /// The index's.
    pub fn ask(&self, ask: &Ask) -> Result<Found, SearchError> {
        let query = ask::query(&self.fields, ask);
        Ok(self.reader.searcher().search(&query, &count::Counting { ask, opened: &self.opened })?)
    }
}
