//! Persons: names in any writing, numbers, telephones. Only initials are shown; whoever opens one says for which report.

use std::collections::BTreeMap;

use access::{Action, Kind as Thing, Resource, Scope};
use app::App;
use db::outbox::Event;
use db::{DbError, Tx};
use identifier::Kind;
use kernel::{Actor, Purpose, Timestamp, Tlp};
use person::model::{PersonId, PersonRecord, RecordId, Told};
use report::ReportId;
use uuid::Uuid;

use crate::error::SearchError;
use crate::model::{Document, Part, Shown};
use crate::source::Source;

/// Persons.
pub(super) struct Persons;

/// Records of one person that are searched of each sort of reader: the latest.
const RECORDS: usize = 200;
/// Records that are gone through for that.
const MOST: usize = 20_000;
/// Records read at once.
const AT_ONCE: i64 = 500;

fn parts(app: &App, told: &Told) -> Vec<Part> {
    let mut parts = vec![Part::Name(told.name())];
    if !told.iin.trim().is_empty() {
        parts.push(Part::Thing(Kind::Iin, told.iin.trim().to_owned()));
    }
    let options = registry::service::options(app);
    let phones = identifier::recognise(&told.phone, &options).into_iter();
    let phone = phones.filter(|c| c.kind == Kind::Phone).find_map(|c| c.outcome.ok());
    parts.extend(phone.map(|phone| Part::Thing(Kind::Phone, phone)));
    parts.push(Part::Words(told.address.clone()));
    parts
}

/// The records of a person by who may see them: those that are open in an organisation, and the red ones of each unit.
type Parted = BTreeMap<(String, bool, String), Vec<PersonRecord>>;

/// The latest of each, the latest first.
fn parted(tx: &mut Tx<'_>, id: PersonId) -> Result<Parted, SearchError> {
    let mut all = Parted::new();
    let mut before = (Timestamp::from_micros(i64::MAX), RecordId::from_uuid(Uuid::max()));
    let mut seen = 0_usize;
    while seen < MOST {
        let some = person::store::latest_of(tx, id, (before, AT_ONCE))?;
        let Some(last) = some.last() else { break };
        before = (last.header.created_at, last.id);
        seen = seen.saturating_add(some.len());
        for record in some {
            let header = &record.header;
            let red = header.marking.tlp == Tlp::Red;
            let unit = if red { header.unit_id.clone() } else { String::new() };
            let part = all.entry((header.organisation_id.clone(), red, unit)).or_default();
            if part.len() < RECORDS {
                part.push(record);
            }
        }
    }
    Ok(all)
}

impl Source for Persons {
    fn kind(&self) -> &'static str {
        "person"
    }
    fn thing(&self) -> Thing {
        Thing::Person
    }
    fn states(&self) -> &'static [&'static str] {
        &["victim", "suspect", "dropper", "account_holder", "witness", "organiser"]
    }
    fn events(&self) -> &'static [&'static str] {
        &[report::RECEIVED, report::DETAILS, report::WITHDRAWN, report::EXPUNGED, order::ANSWERED]
    }
    fn touched(&self, tx: &mut Tx<'_>, event: &Event) -> Result<Vec<Uuid>, SearchError> {
        // Whose an account is may have been answered.
        let answered = event.body.get("report").and_then(serde_json::Value::as_str);
        let report = match answered.filter(|_| event.name == order::ANSWERED) {
            Some(text) => {
                text.parse().map_err(|_| DbError::Bug("news of an answer names no report".to_owned()))?
            }
            None => ReportId::from_uuid(event.subject),
        };
        let records = person::store::of_report(tx, report)?;
        Ok(records.into_iter().map(|r| r.person.uuid()).collect())
    }
    fn page(
        &self,
        tx: &mut Tx<'_>,
        _: &App,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<(Uuid, String)>, SearchError> {
        Ok(person::store::page(tx, after, limit)?)
    }

    fn read(&self, tx: &mut Tx<'_>, app: &App, id: Uuid) -> Result<Vec<Document>, SearchError> {
        let Some(found) = person::store::person(tx, PersonId::from_uuid(id))? else { return Ok(Vec::new()) };
        if found.into.is_some() {
            return Ok(Vec::new());
        }
        let mut documents = Vec::new();
        for (_, records) in parted(tx, found.id)? {
            let Some(latest) = records.first() else { continue };
            let mut document = Document::of(&latest.header, latest.role.as_str());
            document.parts.push(Part::Number(found.number.clone()));
            for record in records {
                let opened = person::service::open_record(tx, app, record).map_err(SearchError::slice)?;
                let told = opened.told.as_ref().map(|t| t.open(Purpose::Operate));
                document.parts.extend(told.into_iter().flat_map(|told| parts(app, told)));
            }
            documents.push(document);
        }
        Ok(documents)
    }

    fn show(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        actor: &Actor,
        id: Uuid,
    ) -> Result<Option<Shown>, SearchError> {
        let Some(found) = person::store::person(tx, PersonId::from_uuid(id))? else { return Ok(None) };
        if found.into.is_some() {
            return Ok(None);
        }
        let Ok(office) = access::scope(actor, Thing::Person).and_then(Scope::office) else { return Ok(None) };
        let may = |r: &PersonRecord| {
            access::allowed(actor, Action::ViewPerson, &Resource::new(Thing::Person, r.id.uuid(), &r.header))
        };
        let Some(latest) = person::store::latest_seen(tx, &office, found.id)?.filter(may) else {
            return Ok(None);
        };
        let (at, role) = (latest.header.created_at, latest.role.as_str());
        let opened = person::service::open_record(tx, app, latest).map_err(SearchError::slice)?;
        let told = opened.told.as_ref().map(|t| t.open(Purpose::Operate));
        let mask = told.map(person::service::mask).unwrap_or_default();
        Ok(Some(Shown {
            number: found.number.clone(),
            title: Vec::new(),
            href: format!("/desk/persons/{}", found.id),
            at,
            state: role,
            region: String::new(),
            about: vec![crate::model::About::Open(mask)],
            text: None,
            lang: String::new(),
        }))
    }
}
