//! The graph of a report: nodes by their id, names without what stands before them.
//!
//! Tools shorten names each in their own way (`uco-core:name`, `core:name`, a whole address, none with `@vocab`). The last part of a name
//! is the same everywhere, and is what is looked at here.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use statement::ReadError;

/// Deepest nesting of a node that is looked into for others.
const DEPTH: usize = 32;

/// A node and the line it began on.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) line: u64,
    pub(crate) id: String,
    pub(crate) value: Value,
}

/// All nodes.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    by_id: BTreeMap<String, usize>,
}

/// The last part of a name.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit([':', '/', '#']).next().unwrap_or(name)
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(rename = "@graph", borrow)]
    graph: Vec<&'a RawValue>,
}

/// The raw nodes of a text. What stands at the top is tried in turn, since a borrowed node cannot be looked at twice.
fn raw_nodes(text: &str) -> Result<Vec<&RawValue>, serde_json::Error> {
    if let Ok(document) = serde_json::from_str::<Document<'_>>(text) {
        return Ok(document.graph);
    }
    if let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(text) {
        return Ok(list);
    }
    Ok(vec![serde_json::from_str::<&RawValue>(text)?])
}

impl Graph {
    pub(crate) fn parse(text: &str) -> Result<Self, ReadError> {
        let malformed = |error: &serde_json::Error| ReadError::Malformed {
            line: u64::try_from(error.line()).unwrap_or(0),
            why: error.to_string().chars().take(200).collect(),
        };
        let mut graph = Self::default();
        let (mut line, mut counted) = (1_u64, 0_usize);
        for raw in raw_nodes(text).map_err(|error| malformed(&error))? {
            let at = raw.get().as_ptr().addr().saturating_sub(text.as_ptr().addr());
            let between = text.as_bytes().get(counted..at).unwrap_or_default();
            let breaks = between.iter().filter(|b| **b == b'\n').count();
            line = line.saturating_add(u64::try_from(breaks).unwrap_or(0));
            counted = at.max(counted);
            let value: Value = serde_json::from_str(raw.get()).map_err(|error| malformed(&error))?;
            graph.add(value, line, 0);
        }
        Ok(graph)
    }

    /// Takes a node in, and those that stand inside it.
    fn add(&mut self, value: Value, line: u64, depth: usize) {
        let Value::Object(fields) = &value else { return };
        if depth < DEPTH {
            let inner: Vec<Value> = fields
                .iter()
                .filter(|(name, _)| local(name) != "hasFacet")
                .flat_map(|(_, field)| each(field))
                .filter(|v| v.get("@id").is_some() && v.get("@type").is_some())
                .cloned()
                .collect();
            for node in inner {
                self.add(node, line, depth.saturating_add(1));
            }
        }
        let id = value.get("@id").and_then(Value::as_str).unwrap_or_default().to_owned();
        if !id.is_empty() {
            self.by_id.entry(id.clone()).or_insert(self.nodes.len());
        }
        self.nodes.push(Node { line, id, value });
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Node> {
        self.nodes.get(*self.by_id.get(id)?)
    }
}

/// A value, or each of a list.
pub(crate) fn each(value: &Value) -> impl Iterator<Item = &Value> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let one = if value.is_array() || value.is_null() { None } else { Some(value) };
    list.iter().chain(one)
}

/// The fields of that name.
pub(crate) fn fields<'v>(value: &'v Value, name: &'v str) -> impl Iterator<Item = &'v Value> {
    let object = value.as_object();
    object.into_iter().flatten().filter(move |(key, _)| local(key) == name).flat_map(|(_, value)| each(value))
}

/// A value as text: itself, or what stands in `@value`.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Object(fields) => fields.get("@value").map(text).unwrap_or_default(),
        Value::Null | Value::Array(_) => String::new(),
    }
}

/// The text of the first field of that name; empty where there is none.
pub(crate) fn field(value: &Value, name: &str) -> String {
    fields(value, name).map(text).find(|text| !text.is_empty()).unwrap_or_default()
}

/// Ids that a field names.
pub(crate) fn ids(value: &Value, name: &str) -> Vec<String> {
    let id = |v: &Value| {
        v.get("@id").and_then(Value::as_str).map(str::to_owned).or_else(|| v.as_str().map(str::to_owned))
    };
    fields(value, name).filter_map(id).collect()
}

impl Node {
    /// What it is, by the last parts of its types.
    pub(crate) fn types(&self) -> Vec<String> {
        let types = self.value.get("@type").into_iter().flat_map(each);
        types.filter_map(Value::as_str).map(|t| local(t).to_owned()).collect()
    }

    /// Its facet of a type.
    pub(crate) fn facet<'v>(&'v self, kind: &str) -> Option<&'v Value> {
        let is = |facet: &Value| {
            let mut types = facet.get("@type").into_iter().flat_map(each).filter_map(Value::as_str);
            types.any(|t| local(t) == kind)
        };
        self.value
            .as_object()?
            .iter()
            .filter(|(key, _)| local(key) == "hasFacet")
            .flat_map(|(_, value)| each(value))
            .find(|facet| is(facet))
    }
}
