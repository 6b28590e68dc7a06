//! Keys under which the words of a page are sealed, each fetched once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use app::App;
use db::Tx;
use kernel::Purpose;
use uuid::Uuid;
use vault::SubjectKey;

use crate::error::CaseError;

/// Keys that were fetched; `None` for one that is gone.
#[derive(Default)]
pub(crate) struct Keys(BTreeMap<Uuid, Option<SubjectKey>>);

impl Keys {
    /// Fetches these together.
    pub(crate) fn of(
        tx: &mut Tx<'_>,
        app: &App,
        subjects: impl IntoIterator<Item = Uuid> + Clone,
    ) -> Result<Self, CaseError> {
        let mut found = app.vault.subjects(tx, subjects.clone())?;
        let mut keys = BTreeMap::new();
        for id in subjects {
            keys.entry(id).or_insert_with(|| found.remove(&id));
        }
        Ok(Self(keys))
    }

    /// Opens words as plain text, for pages of whoever works on the case; empty once their key is gone.
    pub(crate) fn plain(
        &mut self,
        tx: &mut Tx<'_>,
        app: &App,
        (of, field): (Uuid, &str),
        sealed: &[u8],
    ) -> Result<String, CaseError> {
        if sealed.is_empty() {
            return Ok(String::new());
        }
        let key = match self.0.entry(of) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(app.vault.subject(tx, of)?),
        };
        Ok(match key {
            Some(key) => key.open(field, sealed)?.into_inner(Purpose::Investigate),
            None => String::new(),
        })
    }
}
