//! The journal of what truly happened, one JSON object a line, and counters for the summary.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use serde::Serialize;
use serde_json::{Value, json};

use crate::moment::Moment;

/// `truth.jsonl`. A journal without a file keeps nothing: for tests.
#[derive(Debug, Default)]
pub struct Journal(Option<Mutex<BufWriter<File>>>);

impl Journal {
    /// Starts a new journal.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn create(path: &Path) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?;
        Ok(Self(Some(Mutex::new(BufWriter::new(file)))))
    }

    /// Writes one line: what, when by office time, and its facts.
    pub fn note(&self, at: Moment, what: &str, mut facts: Value) {
        let Some(file) = &self.0 else { return };
        if let Some(map) = facts.as_object_mut() {
            map.insert("at".to_owned(), json!(at.rfc3339()));
            map.insert("what".to_owned(), json!(what));
        }
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = writeln!(file, "{facts}") {
            tracing::error!(%error, "the journal of the truth cannot be written");
        }
    }

    /// Puts everything on disk.
    pub fn flush(&self) {
        if let Some(file) = &self.0
            && let Err(error) = file.lock().unwrap_or_else(PoisonError::into_inner).flush()
        {
            tracing::error!(%error, "the journal of the truth cannot be written");
        }
    }
}

/// Counters by name, for the summary.
#[derive(Debug, Default)]
pub struct Counts(Mutex<BTreeMap<String, u64>>);

impl Counts {
    /// One more of `name`.
    pub fn add(&self, name: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(name.to_owned()).or_insert(0) += 1;
    }
    /// How many of `name`.
    #[must_use]
    pub fn of(&self, name: &str) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied().unwrap_or(0)
    }
    /// All whose name begins with `prefix`, without it.
    #[must_use]
    pub fn below(&self, prefix: &str) -> BTreeMap<String, u64> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter_map(|(k, v)| Some((k.strip_prefix(prefix)?.to_owned(), *v))).collect()
    }
}

/// Anything as JSON; a value that cannot be written is told as `null`.
pub fn as_json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
