//! Entries of the registry. Of what belongs to somebody only the mask is known, so it is found whole, or by its last digits.

use access::{Action, Kind as Thing, Resource};
use app::App;
use db::Tx;
use kernel::Actor;
use registry::model::EntryId;
use uuid::Uuid;

use crate::error::SearchError;
use crate::model::{About, Document, Part, Shown};
use crate::source::Source;

/// Entries of the registry.
pub(super) struct Things;

/// The state by its word.
fn state(tx: &mut Tx<'_>, app: &App, id: Uuid) -> Result<&'static str, SearchError> {
    Ok(registry::service::status_of(tx, app, id)?.map_or("seen", |s| s.as_str()))
}

/// The last digits that a mask shows.
fn tail(masked: &str) -> Option<String> {
    let (_, tail) = masked.rsplit_once('…')?;
    (tail.len() >= 4 && tail.bytes().all(|b| b.is_ascii_digit())).then(|| tail.to_owned())
}

impl Source for Things {
    fn kind(&self) -> &'static str {
        "thing"
    }
    fn thing(&self) -> Thing {
        Thing::Identifier
    }
    fn states(&self) -> &'static [&'static str] {
        &["seen", "reported", "suspect", "listed", "disputed", "cleared", "expired"]
    }
    /// The registry hears of reports by itself and tells nobody; what it makes of them is found by going through it.
    fn events(&self) -> &'static [&'static str] {
        &[report::EXPUNGED, registry::service::cleared::CLEARED]
    }
    fn page(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<(Uuid, String)>, SearchError> {
        let entries = registry::store::page(tx, EntryId::from_uuid(after), limit)?;
        let now = app.office.now();
        // What was decided ends by itself when its time is over.
        let stamp = |e: &registry::model::Entry| {
            let (header, status) = (&e.header, registry::rules::status(e, now));
            let of = (&header.organisation_id, &header.unit_id, header.marking.tlp == kernel::Tlp::Red);
            format!("{} {} {of:?}", e.version, status.as_str())
        };
        Ok(entries.iter().map(|e| (e.id.uuid(), stamp(e))).collect())
    }

    fn read(&self, tx: &mut Tx<'_>, app: &App, id: Uuid) -> Result<Vec<Document>, SearchError> {
        let Some(entry) = registry::store::find(tx, EntryId::from_uuid(id))? else { return Ok(Vec::new()) };
        let mut document = Document::of(&entry.header, state(tx, app, id)?);
        document.at = entry.tally.last.unwrap_or(entry.header.created_at);
        document.parts.push(Part::Id(id));
        if entry.kind.is_personal() {
            document.parts.extend(tail(&entry.masked).map(Part::Tail));
        } else {
            document.parts.push(Part::Thing(entry.kind, entry.masked.clone()));
        }
        Ok(vec![document])
    }

    fn show(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        actor: &Actor,
        id: Uuid,
    ) -> Result<Option<Shown>, SearchError> {
        let Some(entry) = registry::store::find(tx, EntryId::from_uuid(id))? else { return Ok(None) };
        if !access::allowed(
            actor,
            Action::ViewIdentifier,
            &Resource::new(Thing::Identifier, id, &entry.header),
        ) {
            return Ok(None);
        }
        Ok(Some(Shown {
            number: entry.masked.clone(),
            title: Vec::new(),
            href: format!("/desk/registry/{}", entry.id),
            at: entry.tally.last.unwrap_or(entry.header.created_at),
            state: state(tx, app, id)?,
            region: String::new(),
            about: vec![About::Thing(entry.kind.as_str().to_owned(), String::new())],
            text: None,
            lang: String::new(),
        }))
    }
}
