//! Persons: by number and initials, as their list shows them; whoever opens one on their own page says for which report.

use access::{Action, Kind as Thing, Resource};
use kernel::Purpose;
use person::model::{PairState, PersonRecord, Role, Source as From};
use person::{PersonId, service, store};
use report::ReportId;

use super::reports::{node_of as report_node, seen};
use super::{Around, Cx, Source, report_page};
use crate::error::ChartError;
use crate::model::{Edge, Evidence, Key, Look, Node, Strength};

/// Persons: a head and shoulders.
#[derive(Debug)]
pub(super) struct Persons;

/// Records of one person that are looked at.
const RECORDS: i64 = 200;

fn key_of(id: PersonId) -> Key {
    Key::of("person", id.uuid())
}

fn may_see(cx: &Cx<'_, '_>, record: &PersonRecord) -> bool {
    let resource = Resource::new(Thing::Person, record.id.uuid(), &record.header);
    access::allowed(cx.actor, Action::ViewPerson, &resource)
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
    let all = store::of_person(cx.tx, found.id, RECORDS)?;
    let records: Vec<PersonRecord> = all.into_iter().filter(|r| may_see(cx, r)).collect();
    Ok((!records.is_empty()).then_some((found, records)))
}

/// The node: number and initials.
fn node_of(
    cx: &mut Cx<'_, '_>,
    found: &person::Person,
    records: &[PersonRecord],
) -> Result<Node, ChartError> {
    let mut label = found.number.clone();
    for record in records.iter().rev().take(4) {
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
    fn of_report(cx: &mut Cx<'_, '_>, id: ReportId) -> Result<Around, ChartError> {
        let mut around = Around::default();
        let Some(report) = seen(cx, id)? else { return Ok(around) };
        for record in store::of_report(cx.tx, id)? {
            if !may_see(cx, &record) {
                continue;
            }
            let Some((found, records)) = person(cx, record.person)? else { continue };
            around.edges.push(told(&key_of(found.id), &record, &report));
            around.nodes.push(node_of(cx, &found, &records)?);
        }
        Ok(around)
    }

    fn of_person(cx: &mut Cx<'_, '_>, id: PersonId) -> Result<Around, ChartError> {
        let mut around = Around::default();
        let Some((found, records)) = person(cx, id)? else { return Ok(around) };
        let key = key_of(found.id);
        for record in &records {
            if let Some(id) = record.report
                && let Some(report) = seen(cx, id)?
            {
                around.edges.push(told(&key, record, &report));
                around.nodes.push(report_node(&report));
            }
            for pair in store::pairs_of(cx.tx, record.id)? {
                if pair.state != PairState::Waiting {
                    continue;
                }
                let Some(other) = store::record(cx.tx, pair.other(record.id))? else { continue };
                let Some((other, theirs)) = person(cx, other.person)? else { continue };
                if other.id != found.id {
                    let evidence = Evidence::new("chart-why-maybe", Strength::Inferred)
                        .by(other.number.clone(), "/desk/persons/review")
                        .at(record.header.created_at);
                    around.edges.push(Edge::new(&key, &key_of(other.id), "chart-edge-maybe", evidence));
                    around.nodes.push(node_of(cx, &other, &theirs)?);
                }
            }
        }
        Ok(around)
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
            Some((found, records)) if key_of(found.id) == *key => node_of(cx, &found, &records).map(Some),
            _ => Ok(None),
        }
    }
    fn around(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Around, ChartError> {
        match (key.kind(), key.uuid()) {
            ("report", Some(id)) => Self::of_report(cx, ReportId::from_uuid(id)),
            ("person", Some(id)) => Self::of_person(cx, PersonId::from_uuid(id)),
            _ => Ok(Around::default()),
        }
    }
}
