//! The exhibits and their custody as a graph of CASE/UCO, for programs of others: the same manifest and the same that was told give the
//! same bytes.

use case_uco::{Event, Exhibit, FileFacts, Package, Person};
use kernel::Timestamp;
use uuid::Uuid;

use super::manifest::{EventLine, ExhibitLine, Manifest};
use crate::model::{Acquisition, ExhibitId};

/// Writes the graph. `maker` is the record's label of whoever makes the package, `told` what was told of each exhibit, in the order
/// of the manifest.
pub(crate) fn graph(manifest: &Manifest, maker: &str, told: &[Acquisition]) -> String {
    let exhibits = manifest.exhibits.iter().zip(told).map(|(line, told)| exhibit(line, told));
    case_uco::export(&Package {
        id: uuid(&manifest.id),
        about: manifest.about.clone(),
        made_by: Person { label: maker.to_owned(), name: manifest.made_by.clone() },
        organisation: manifest.organisation.clone(),
        made_at: manifest.made_at.clone(),
        exhibits: exhibits.collect(),
    })
}

fn uuid(text: &str) -> Uuid {
    Uuid::parse_str(text).unwrap_or_default()
}

fn exhibit(line: &ExhibitLine, told: &Acquisition) -> Exhibit {
    let file = FileFacts {
        name: told.file_name.clone(),
        size_bytes: line.size,
        sha256: line.sha256.clone(),
        blake3: line.blake3.clone(),
    };
    let parent: Option<ExhibitId> = line.parent.as_deref().and_then(|parent| parent.parse().ok());
    Exhibit {
        id: uuid(&line.id),
        number: line.number.clone(),
        title: line.title.clone(),
        told: acquisition(told),
        tool: told.tool.clone(),
        parent: parent.map(ExhibitId::uuid),
        file: (!line.sha256.is_empty()).then_some(file),
        events: line.events.iter().map(event).collect(),
    }
}

/// What was told when it was taken in, by the names of its fields: the graph has no language.
fn acquisition(told: &Acquisition) -> String {
    let fields = [
        ("title", &told.title),
        ("sort", &told.sort),
        ("taken_by", &told.taken_by),
        ("taken_from", &told.taken_from),
        ("place", &told.place),
        ("how", &told.how),
        ("basis", &told.basis),
        ("taken_at", &told.taken_at),
    ];
    let said = fields.iter().filter(|(_, text)| !text.is_empty());
    said.map(|(name, text)| format!("{name}: {text}")).collect::<Vec<_>>().join("; ")
}

fn event(line: &EventLine) -> Event {
    // The platform itself has no name.
    let name = if line.by.is_empty() { &line.actor } else { &line.by };
    Event {
        no: line.no,
        what: line.event.clone(),
        at: Timestamp::from_micros(line.at).rfc3339(),
        by: Person { label: line.actor.clone(), name: name.clone() },
        words: line.words.as_ref().map(|words| words.text.clone()).unwrap_or_default(),
    }
}
