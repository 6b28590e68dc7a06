//! Persons: by number and initials, as their list shows them; whoever opens one on their own page says for which report.

use access::{Action, Kind as Thing, Office, Resource};
use app::App;
use db::Tx;
use kernel::{Purpose, Timestamp};
use person::model::{Pair, PairState, PersonRecord, RecordId, Role, SeenBy, Source as From};
use person::{PersonId, service, store};
use report::ReportId;

use super::reports::{node_of as report_node, seen};
use super::{Around, Cx, Source, report_page};
use crate::error::ChartError;
use crate::model::{Edge, Evidence, Key, Look, Node, Strength};

/// Persons: a head and shoulders.
#[derive(Debug)]
pub(super) struct Persons;

/// Records of one person that are read at once, and how often; that are enough.
const RECORDS: i64 = 200;
const PARTS: usize = 10;
const ENOUGH: usize = 200;

fn key_of(id: PersonId) -> Key {
    Key::of("person", id.uuid())
}

fn may_see(cx: &Cx<'_, '_>, record: &PersonRecord) -> bool {
    let resource = Resource::new(Thing::Person, record.id.uuid(), &record.header);
    access::allowed(cx.actor, Action::ViewPerson, &resource)
}

/// Records of a person that the actor may see and that nobody took back, the oldest first.
fn standing(cx: &mut Cx<'_, '_>, id: PersonId) -> Result<Vec<PersonRecord>, ChartError> {
    let scope = access::scope(cx.actor, Thing::Person).and_then(access::Scope::office);
    let Ok(office) = scope else { return Ok(Vec::new()) };
    let mut all: Vec<PersonRecord> = Vec::new();
    let mut after = (Timestamp::from_micros(0), RecordId::from_uuid(uuid::Uuid::nil()));
    // What was taken back stands between the others: parts, till there are enough.
    for _ in 0..PARTS {
        let part = store::seen_of(cx.tx, &office, id, (after, RECORDS))?;
        let whole = i64::try_from(part.len()).is_ok_and(|n| n < RECORDS);
        if let Some(last) = part.last() {
            after = (last.header.created_at, last.id);
        }
        all.extend(part.into_iter().filter(|r| r.taken_back.is_none() && may_see(cx, r)));
        if whole || all.len() >= ENOUGH {
            break;
        }
    }
    all.truncate(ENOUGH);
    Ok(all)
}

/// A person of whom the actor may see a record, with those records.
fn person(
    cx: &mut Cx<'_, '_>,
    id: PersonId,
) -> Result<Option<(person::Person, Vec<PersonRecord>)>, ChartError> {
    let Some(mut found) = store::person(cx.tx, id)? else { return Ok(None) };
    if let Some(into) = found.into {
        match store::person(cx.tx, into)? {
            Some(today) => found = today,
            None => return Ok(None),
        }
    }
    let records = standing(cx, found.id)?;
    Ok((!records.is_empty()).then_some((found, records)))
}

/// The node: number and, where records are to be opened, initials.
fn node_of(
    cx: &mut Cx<'_, '_>,
    found: &person::Person,
    (records, opens): (&[PersonRecord], bool),
) -> Result<Node, ChartError> {
    let mut label = found.number.clone();
    for record in records.iter().rev().take(if opens { 4 } else { 0 }) {
        let opened = service::open_record(cx.tx, cx.app, record.clone()).map_err(|e| ChartError::of(&e))?;
        let mask = opened.told.as_ref().map(|t| service::mask(t.open(Purpose::Operate))).unwrap_or_default();
        if !mask.is_empty() {
            label = format!("{} · {mask}", found.number);
            break;
        }
    }
    Ok(Node::new(key_of(found.id), "chart-kind-person", "person", label)
        .page(format!("/desk/persons/{}", found.id)))
}

/// Whether an office may see a pair: whoever may see both records.
fn open_to(pair: &Pair, office: &Office) -> bool {
    let SeenBy { office: whose, closed } = &pair.seen_by;
    *whose == office.organisation && (closed.is_empty() || office.red_unit.as_ref() == Some(closed))
}

/// Two persons that are perhaps one, told the same from both: by the same words, of the same moment.
fn maybe((a, mine): (&person::Person, &PersonRecord), (b, theirs): (&person::Person, &PersonRecord)) -> Edge {
    let (first, second) = if a.id <= b.id { (a, b) } else { (b, a) };
    let evidence = Evidence::new("chart-why-maybe", Strength::Inferred)
        .by(format!("{} – {}", first.number, second.number), "/desk/persons/review")
        .at(mine.header.created_at.max(theirs.header.created_at));
    Edge::new(&key_of(first.id), &key_of(second.id), "chart-edge-maybe", evidence)
}

/// The tie of a person to the report that tells of them.
fn told(of: &Key, record: &PersonRecord, report: &report::Report) -> Edge {
    let word = match record.role {
        Role::Victim => "chart-edge-victim",
        Role::Suspect => "chart-edge-suspect",
        Role::Dropper => "chart-edge-dropper",
        Role::AccountHolder => "chart-edge-holder",
        Role::Witness => "chart-edge-witness",
        Role::Organiser => "chart-edge-organiser",
    };
    let (why, strength) = match record.source {
        From::Reporter => ("chart-why-reporter", Strength::Reported),
        From::Account => ("chart-why-holder", Strength::Proved),
        From::Hand => ("chart-why-hand", Strength::Proved),
        _ => ("chart-why-list", Strength::Reported),
    };
    let evidence = Evidence::new(why, strength)
        .by(report.number.clone(), report_page(&report.number))
        .at(record.header.created_at);
    Edge::new(of, &Key::of("report", report.id.uuid()), word, evidence)
}

impl Persons {
    fn of_report(cx: &mut Cx<'_, '_>, id: ReportId, opens: bool) -> Result<Around, ChartError> {
        let mut around = Around::default();
        let Some(report) = seen(cx, id)? else { return Ok(around) };
        for record in store::of_report(cx.tx, id)? {
            // What an officer took back says nothing any more.
            if record.taken_back.is_some() || !may_see(cx, &record) {
                continue;
            }
            let Some((found, records)) = person(cx, record.person)? else { continue };
            around.edges.push(told(&key_of(found.id), &record, &report));
            around.nodes.push(node_of(cx, &found, (&records, opens))?);
        }
        Ok(around)
    }

    fn of_person(cx: &mut Cx<'_, '_>, id: PersonId, opens: bool) -> Result<Around, ChartError> {
        let mut around = Around::default();
        let Some((found, records)) = person(cx, id)? else { return Ok(around) };
        let scope = access::scope(cx.actor, Thing::Person).and_then(access::Scope::office);
        let Ok(office) = scope else { return Ok(around) };
        let key = key_of(found.id);
        for record in &records {
            if let Some(id) = record.report
                && let Some(report) = seen(cx, id)?
            {
                around.edges.push(told(&key, record, &report));
                around.nodes.push(report_node(&report));
            }
            for pair in store::pairs_of(cx.tx, record.id)? {
                if pair.state != PairState::Waiting || !open_to(&pair, &office) {
                    continue;
                }
                let Some(theirs) = store::record(cx.tx, pair.other(record.id))? else { continue };
                if theirs.taken_back.is_some() || !may_see(cx, &theirs) {
                    continue;
                }
                let Some((other, others)) = person(cx, theirs.person)? else { continue };
                if other.id != found.id {
                    around.edges.push(maybe((&found, record), (&other, &theirs)));
                    around.nodes.push(node_of(cx, &other, (&others, opens))?);
                }
            }
        }
        Ok(around)
    }

    fn beside(cx: &mut Cx<'_, '_>, key: &Key, opens: bool) -> Result<Around, ChartError> {
        match (key.kind(), key.uuid()) {
            ("report", Some(id)) => Self::of_report(cx, ReportId::from_uuid(id), opens),
            ("person", Some(id)) => Self::of_person(cx, PersonId::from_uuid(id), opens),
            _ => Ok(Around::default()),
        }
    }
}

impl Source for Persons {
    fn kind(&self) -> &'static str {
        "person"
    }
    fn word(&self) -> &'static str {
        "chart-kinds-person"
    }
    fn looks(&self) -> &'static [Look] {
        &[Look {
            name: "person",
            shape: "M0 -12A6 6 0 0 1 4 -1C9 1 11 6 11 11H-11C-11 6 -9 1 -4 -1A6 6 0 0 1 0 -12Z",
            icon: "M-3 6H3",
        }]
    }
    fn find(&self, cx: &mut Cx<'_, '_>, word: &str) -> Result<Option<Key>, ChartError> {
        if let Ok(id) = word.parse::<PersonId>() {
            let today = store::person(cx.tx, id)?.map(|p| p.into.unwrap_or(p.id));
            return Ok(today.map(key_of));
        }
        let found = store::by_number(cx.tx, &word.trim().to_uppercase())?;
        Ok(found.map(|p| key_of(p.into.unwrap_or(p.id))))
    }
    fn node(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Option<Node>, ChartError> {
        let Some(id) = key.uuid() else { return Ok(None) };
        match person(cx, PersonId::from_uuid(id))? {
            Some((found, records)) if key_of(found.id) == *key => {
                node_of(cx, &found, (&records, true)).map(Some)
            }
            _ => Ok(None),
        }
    }
    fn near(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Around, ChartError> {
        Self::beside(cx, key, false)
    }
    fn stands(&self, tx: &mut Tx<'_>, _: &App, id: uuid::Uuid) -> Result<bool, ChartError> {
        Ok(store::person(tx, PersonId::from_uuid(id))?.is_some())
    }
    fn today(&self, tx: &mut Tx<'_>, id: uuid::Uuid) -> Result<uuid::Uuid, ChartError> {
        Ok(store::person(tx, PersonId::from_uuid(id))?.and_then(|p| p.into).map_or(id, PersonId::uuid))
    }
    fn around(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Around, ChartError> {
        Self::beside(cx, key, true)
    }
}
