//! Exhibits and what happened to them, as a graph.
//!
//! Each exhibit is a provenance record with its number; of a file there are its name, its size and its hashes. Each event of its custody
//! is an investigative action that names who did it, when, and the action before it. Ids are made from the ids of the exhibits, so that
//! the same package gives the same graph.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

/// What of a file is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// Its name as it came.
    pub name: String,
    /// How many bytes.
    pub size_bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// BLAKE3, hexadecimal; empty where it was not taken.
    pub blake3: String,
}

/// Whoever did something. Two of one name are told apart by their label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// What tells them apart; empty where only the name is known.
    pub label: String,
    /// The name.
    pub name: String,
}

/// An event of its custody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Its number, from 1.
    pub no: u64,
    /// What happened, in a word: `taken`, `opened`.
    pub what: String,
    /// When, RFC 3339.
    pub at: String,
    /// Who did it.
    pub by: Person,
    /// What was said; empty where nothing.
    pub words: String,
}

/// An exhibit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exhibit {
    /// Its id.
    pub id: Uuid,
    /// As people call it.
    pub number: String,
    /// What it is.
    pub title: String,
    /// What was told when it was taken in; empty where nothing.
    pub told: String,
    /// With what it was taken, and its version; empty where that was not told.
    pub tool: String,
    /// The exhibit that it was made from, be it in the package or not.
    pub parent: Option<Uuid>,
    /// Of a file.
    pub file: Option<FileFacts>,
    /// What happened to it, in order.
    pub events: Vec<Event>,
}

/// What is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Package {
    /// Its id.
    pub id: Uuid,
    /// What it is about.
    pub about: String,
    /// Who made it.
    pub made_by: Person,
    /// Of which organisation.
    pub organisation: String,
    /// When, RFC 3339.
    pub made_at: String,
    /// The exhibits.
    pub exhibits: Vec<Exhibit>,
}

/// An id in the graph, always the same for the same thing (UUIDv5). The ontology's shapes know no younger version, so that not even
/// exhibits keep the id that they have here; they are known by their number.
fn derived(of: Uuid, what: &str) -> Uuid {
    Uuid::new_v5(&of, format!("case_uco/{what}").as_bytes())
}

fn id(kind: &str, uuid: Uuid) -> String {
    format!("kb:{kind}-{uuid}")
}

fn link(id: &str) -> Value {
    json!({ "@id": id })
}

fn time(at: &str) -> Value {
    json!({ "@type": "xsd:dateTime", "@value": at })
}

/// Takes out what XML and RDF cannot carry: signs that steer and are no text.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

struct Writer<'p> {
    package: &'p Package,
    nodes: Vec<Value>,
    /// Ids of what stands there once, however often it is named: persons, and exhibits that are not in the package.
    known: BTreeSet<String>,
}

/// Writes a package as JSON-LD.
#[must_use]
pub fn export(package: &Package) -> String {
    let mut writer = Writer { package, nodes: Vec::new(), known: BTreeSet::new() };
    for exhibit in &package.exhibits {
        writer.exhibit(exhibit);
    }
    let organisation = id("organization", derived(package.id, "organisation"));
    writer.nodes.push(json!({
        "@id": organisation, "@type": "uco-identity:Organization", "uco-core:name": plain(&package.organisation),
    }));
    let maker = writer.person(&package.made_by);
    let members: Vec<Value> =
        writer.nodes.iter().filter_map(|n| n.get("@id").and_then(Value::as_str)).map(link).collect();
    let mut bundle = json!({
        "@id": id("bundle", derived(package.id, "bundle")),
        "@type": "uco-core:Bundle",
        "uco-core:objectCreatedTime": time(&package.made_at),
        "uco-core:createdBy": link(&maker),
        "uco-core:object": members,
    });
    describe(&mut bundle, &package.about);
    writer.nodes.push(bundle);
    let document = json!({
        "@context": {
            "case-investigation": "https://ontology.caseontology.org/case/investigation/",
            "kb": "urn:example:qorgan:kb/",
            "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
            "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
            "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
            "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
            "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
            "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
            "uco-vocabulary": "https://ontology.unifiedcyberontology.org/uco/vocabulary/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@graph": writer.nodes,
    });
    serde_json::to_string_pretty(&document).unwrap_or_default()
}

impl Writer<'_> {
    /// Whoever did something, once.
    fn person(&mut self, person: &Person) -> String {
        let name = plain(&person.name);
        let whole = format!("person/{}/{name}", person.label);
        let who = id("identity", derived(self.package.id, &whole));
        if self.known.insert(who.clone()) {
            let name = if name.is_empty() { "-".to_owned() } else { name };
            self.nodes.push(json!({ "@id": who, "@type": "uco-identity:Identity", "uco-core:name": name }));
        }
        who
    }

    fn exhibit(&mut self, exhibit: &Exhibit) {
        let object = match &exhibit.file {
            Some(file) => self.file(exhibit, file),
            None => {
                let thing = id("item", derived(exhibit.id, "object"));
                self.nodes.push(json!({ "@id": thing, "@type": "uco-core:UcoObject", "uco-core:name": plain(&exhibit.title) }));
                thing
            }
        };
        let record = id("provenance-record", derived(exhibit.id, "provenance"));
        let mut node = json!({
            "@id": record,
            "@type": "case-investigation:ProvenanceRecord",
            "uco-core:name": plain(&exhibit.title),
            "case-investigation:exhibitNumber": plain(&exhibit.number),
            "uco-core:object": [link(&object)],
        });
        describe(&mut node, &exhibit.told);
        self.nodes.push(node);
        if let Some(parent) = exhibit.parent {
            let parent = self.object_of(parent);
            self.nodes.push(json!({
                "@id": id("relationship", derived(exhibit.id, "parent")),
                "@type": "uco-core:Relationship",
                "uco-core:source": link(&object),
                "uco-core:target": link(&parent),
                "uco-core:kindOfRelationship": "Derived_From",
                "uco-core:isDirectional": true,
            }));
        }
        let mut before: Option<String> = None;
        for event in &exhibit.events {
            before = Some(self.event(exhibit, event, &record, &object, before));
        }
    }

    /// The object of another exhibit. Of one that is not in the package no more is told than that there is one.
    fn object_of(&mut self, exhibit: Uuid) -> String {
        let here = self.package.exhibits.iter().find(|e| e.id == exhibit);
        let is_file = here.is_some_and(|e| e.file.is_some());
        let object = id(if is_file { "file" } else { "item" }, derived(exhibit, "object"));
        if here.is_none() && self.known.insert(object.clone()) {
            self.nodes.push(json!({
                "@id": object, "@type": "uco-core:UcoObject", "uco-core:description": "An exhibit that is not in this package",
            }));
        }
        object
    }

    fn file(&mut self, exhibit: &Exhibit, file: &FileFacts) -> String {
        let node = id("file", derived(exhibit.id, "object"));
        let hash = |method: &str, value: &str| {
            json!({
                "@id": id("hash", derived(exhibit.id, &format!("hash/{value}"))),
                "@type": "uco-types:Hash",
                "uco-types:hashMethod": method,
                "uco-types:hashValue": { "@type": "xsd:hexBinary", "@value": value },
            })
        };
        let hashes = [hash("SHA256", &file.sha256)];
        let size = json!({ "@type": "xsd:integer", "@value": file.size_bytes.to_string() });
        let name = plain(&file.name);
        let name = if name.is_empty() { plain(&exhibit.number) } else { name };
        let mut node_of_file = json!({
            "@id": node,
            "@type": "uco-observable:File",
            "uco-core:name": plain(&exhibit.title),
            "uco-core:hasFacet": [
                {
                    "@id": id("file-facet", derived(exhibit.id, "file-facet")),
                    "@type": "uco-observable:FileFacet",
                    "uco-observable:fileName": name,
                    "uco-observable:sizeInBytes": size,
                },
                {
                    "@id": id("content-data-facet", derived(exhibit.id, "content-data-facet")),
                    "@type": "uco-observable:ContentDataFacet",
                    "uco-observable:sizeInBytes": size,
                    "uco-observable:hash": hashes,
                },
            ],
        });
        // The vocabulary of hashes does not know BLAKE3, and a judge would complain of it there.
        if let (Some(fields), false) = (node_of_file.as_object_mut(), file.blake3.is_empty()) {
            fields.insert("uco-core:tag".to_owned(), json!(format!("BLAKE3:{}", file.blake3)));
        }
        self.nodes.push(node_of_file);
        node
    }

    fn event(
        &mut self,
        exhibit: &Exhibit,
        event: &Event,
        record: &str,
        object: &str,
        before: Option<String>,
    ) -> String {
        let performer = self.person(&event.by);
        let node = id("investigative-action", derived(exhibit.id, &format!("event/{}", event.no)));
        let mut action = json!({
            "@id": node,
            "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": plain(&event.what),
            "uco-action:startTime": time(&event.at),
            "uco-action:endTime": time(&event.at),
            "uco-action:performer": link(&performer),
            "uco-action:object": [link(object)],
        });
        if let Some(fields) = action.as_object_mut() {
            // What came into being by the first event is the record itself.
            if event.no == 1 {
                fields.insert("uco-action:result".to_owned(), json!([link(record)]));
            } else {
                fields.insert("uco-action:object".to_owned(), json!([link(object), link(record)]));
            }
            if let (1, Some(tool)) = (event.no, self.tool(exhibit)) {
                fields.insert("uco-action:instrument".to_owned(), json!([link(&tool)]));
            }
            if let Some(before) = before {
                fields.insert("case-investigation:wasInformedBy".to_owned(), link(&before));
            }
        }
        describe(&mut action, &event.words);
        self.nodes.push(action);
        node
    }

    /// With what it was taken.
    fn tool(&mut self, exhibit: &Exhibit) -> Option<String> {
        let name = plain(&exhibit.tool);
        let node = id("tool", derived(exhibit.id, "tool"));
        if name.is_empty() {
            return None;
        }
        self.nodes.push(json!({ "@id": node, "@type": "uco-tool:Tool", "uco-core:name": name }));
        Some(node)
    }
}

/// Puts words to a node, where there are any.
fn describe(node: &mut Value, words: &str) {
    let words = plain(words);
    if let (Some(fields), false) = (node.as_object_mut(), words.is_empty()) {
        fields.insert("uco-core:description".to_owned(), json!(words));
    }
}
