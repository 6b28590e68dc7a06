//! Messages, calls and accounts of a report.

use std::collections::BTreeMap;

use statement::rows::{Out, Sink};
use statement::{AccountRow, Call, Code, Format, Message, ReadError, Row, Summary, Trouble};

use crate::graph::{Graph, Node, each, field, fields, ids, local};

/// Largest report: the whole graph must be known before a reference can be followed.
pub const MOST_BYTES: usize = 48 << 20;

/// Ties between nodes that are nodes themselves.
#[derive(Default)]
struct Ties {
    /// Whose an account is: account to owner.
    owners: BTreeMap<String, String>,
    /// Accounts that are tied to one another.
    tied: BTreeMap<String, Vec<String>>,
    /// Files of a message.
    attached: BTreeMap<String, Vec<String>>,
    /// The thread of a message.
    threads: BTreeMap<String, String>,
}

impl Ties {
    fn of(graph: &Graph) -> Self {
        let mut ties = Self::default();
        for node in &graph.nodes {
            let types = node.types();
            if types.iter().any(|t| t.ends_with("Relationship")) {
                ties.relationship(node);
            }
            if let Some(facet) = node.facet("MessageThreadFacet") {
                ties.thread(node, facet);
            }
        }
        ties
    }

    fn relationship(&mut self, node: &Node) {
        let kind = field(&node.value, "kindOfRelationship").to_lowercase().replace('-', "_");
        for source in ids(&node.value, "source") {
            for target in ids(&node.value, "target") {
                match kind.as_str() {
                    "has_account" | "owns" => {
                        self.owners.insert(target, source.clone());
                    }
                    "associated_account" => self.tied.entry(source.clone()).or_default().push(target),
                    "attachment_of" | "attached_to" => {
                        self.attached.entry(target).or_default().push(source.clone())
                    }
                    "has_attachment" => self.attached.entry(source.clone()).or_default().push(target),
                    _ => {}
                }
            }
        }
    }

    /// Messages of a thread, as elements, as items, or both.
    fn thread(&mut self, node: &Node, facet: &serde_json::Value) {
        let name = field(&node.value, "name");
        let name = if name.is_empty() { node.id.clone() } else { name };
        for thread in fields(facet, "messageThread") {
            let items = fields(thread, "item").flat_map(|item| ids(item, "itemContent"));
            for message in ids(thread, "element").into_iter().chain(items) {
                self.threads.entry(message).or_insert_with(|| name.clone());
            }
        }
        for message in ids(facet, "message") {
            self.threads.entry(message).or_insert_with(|| name.clone());
        }
    }
}

struct Reader<'g, 'o, 'a> {
    graph: &'g Graph,
    ties: Ties,
    out: &'o mut Out<'a>,
}

/// Takes messages, calls and accounts out of a report. Passwords that tools write down are left where they are.
///
/// # Errors
/// It is no JSON, is too large, or holds nothing of the kind.
pub fn read<'s>(bytes: &[u8], sink: &'s mut Sink<'s>) -> Result<Summary, ReadError> {
    if bytes.len() > MOST_BYTES {
        return Err(ReadError::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| ReadError::Malformed {
        line: 0,
        why: format!("no UTF-8 at byte {}", error.valid_up_to()),
    })?;
    let graph = Graph::parse(text)?;
    let mut out = Out::new(sink);
    out.summary.format = Some(Format::CaseUco);
    let mut reader = Reader { graph: &graph, ties: Ties::of(&graph), out: &mut out };
    for node in &graph.nodes {
        reader.node(node)?;
    }
    if out.summary.rows == 0 {
        return Err(ReadError::Unknown);
    }
    Ok(out.summary)
}

impl Reader<'_, '_, '_> {
    fn node(&mut self, node: &Node) -> Result<(), ReadError> {
        if let Some(facet) = node.facet("CallFacet") {
            return self.call(node, facet);
        }
        let types = node.types();
        let message = ["MessageFacet", "SMSMessageFacet", "EmailMessageFacet"]
            .into_iter()
            .find_map(|kind| node.facet(kind));
        if message.is_some()
            || types.iter().any(|t| matches!(t.as_str(), "Message" | "SMSMessage" | "EmailMessage"))
        {
            return self.message(node, message);
        }
        if types.iter().any(|t| t.ends_with("Account")) {
            return self.account(node);
        }
        Ok(())
    }

    /// What an account, a number or an address is known by.
    fn label(&self, id: &str) -> Option<String> {
        let node = self.graph.get(id)?;
        let told =
            |facet: &str, name: &str| node.facet(facet).map(|f| field(f, name)).filter(|t| !t.is_empty());
        let address = || {
            let to = ids(node.facet("EmailAccountFacet")?, "emailAddress").into_iter().next()?;
            let address = self.graph.get(&to)?;
            address.facet("EmailAddressFacet").map(|f| field(f, "addressValue")).filter(|t| !t.is_empty())
        };
        told("PhoneAccountFacet", "phoneNumber")
            .or_else(address)
            .or_else(|| told("EmailAddressFacet", "addressValue"))
            .or_else(|| told("AccountFacet", "accountIdentifier"))
            .or_else(|| told("DigitalAccountFacet", "displayName"))
            .or_else(|| told("ApplicationAccountFacet", "accountIdentifier"))
            .or_else(|| Some(field(&node.value, "name")).filter(|t| !t.is_empty()))
            .or_else(|| Some(id.to_owned()))
    }

    /// Labels of what a field names; what is not in the report is told.
    fn labels(
        &mut self,
        node: &Node,
        facet: &serde_json::Value,
        name: &str,
    ) -> Result<Vec<String>, ReadError> {
        let mut labels = Vec::new();
        for id in ids(facet, name) {
            match self.label(&id) {
                Some(label) => labels.push(label),
                None => {
                    self.out.trouble(Trouble { line: node.line, code: Code::Dangling, told: id.clone() })?;
                    labels.push(id);
                }
            }
        }
        Ok(labels)
    }

    fn application(&self, facet: &serde_json::Value) -> String {
        let id = ids(facet, "application").into_iter().next();
        let Some(node) = id.and_then(|id| self.graph.get(&id)) else { return String::new() };
        let facet = node.facet("ApplicationFacet").or_else(|| node.facet("SoftwareFacet"));
        let name = facet.map(|f| field(f, "name")).unwrap_or_default();
        if name.is_empty() { field(&node.value, "name") } else { name }
    }

    fn call(&mut self, node: &Node, facet: &serde_json::Value) -> Result<(), ReadError> {
        let from = self.labels(node, facet, "from")?.into_iter().next().unwrap_or_default();
        let to = self.labels(node, facet, "to")?;
        let participants = self.labels(node, facet, "participant")?;
        let to = if to.is_empty() { participants } else { to };
        let started_at = field(facet, "startTime");
        if started_at.is_empty() {
            self.out.trouble(Trouble { line: node.line, code: Code::Date, told: node.id.clone() })?;
        }
        let row = self.out.next_row();
        self.out.row(Row::Call(Call {
            row,
            line: node.line,
            started_at,
            ended_at: field(facet, "endTime"),
            duration_s: field(facet, "duration").parse().ok(),
            from,
            to,
            direction: field(facet, "callType"),
            application: self.application(facet),
            ..Call::default()
        }))
    }

    fn message(&mut self, node: &Node, facet: Option<&serde_json::Value>) -> Result<(), ReadError> {
        let empty = serde_json::Value::Null;
        let event = if facet.is_none() { "no_content" } else { "" };
        let facet = facet.unwrap_or(&empty);
        let from_id = ids(facet, "from").into_iter().next().unwrap_or_default();
        let from = self.labels(node, facet, "from")?.into_iter().next().unwrap_or_default();
        let to = self.labels(node, facet, "to")?;
        let subject = field(facet, "subject");
        let said = ["messageText", "body", "bodyText"]
            .into_iter()
            .map(|name| field(facet, name))
            .find(|t| !t.is_empty());
        let said = said.unwrap_or_default();
        let said = if subject.is_empty() { said } else { format!("{subject}\n{said}") };
        let text = self.out.text(node.line, &said)?;
        let sent_at =
            ["sentTime", "receivedTime"].into_iter().map(|name| field(facet, name)).find(|t| !t.is_empty());
        let files = self.ties.attached.get(&node.id).cloned().unwrap_or_default();
        let files = files.iter().map(|id| self.file(id)).collect();
        let row = self.out.next_row();
        self.out.row(Row::Message(Message {
            row,
            line: node.line,
            chat: self.ties.threads.get(&node.id).cloned().unwrap_or_default(),
            id: node.id.clone(),
            sent_at: sent_at.unwrap_or_default(),
            from,
            from_id,
            to,
            text,
            files,
            event: event.to_owned(),
            application: self.application(facet),
            ..Message::default()
        }))
    }

    /// A file by its name or by where it lay.
    fn file(&self, id: &str) -> String {
        let Some(node) = self.graph.get(id) else { return id.to_owned() };
        let name = node.facet("FileFacet").map(|f| field(f, "fileName")).filter(|t| !t.is_empty());
        let place = || {
            let url = ids(node.facet("ContentDataFacet")?, "dataPayloadReferenceURL").into_iter().next()?;
            let url = self.graph.get(&url)?;
            url.facet("URLFacet").map(|f| field(f, "fullValue")).filter(|t| !t.is_empty())
        };
        name.or_else(place).unwrap_or_else(|| id.to_owned())
    }

    fn account(&mut self, node: &Node) -> Result<(), ReadError> {
        let types = node.types();
        let sort = types.iter().find_map(|t| t.strip_suffix("Account")).unwrap_or_default().to_lowercase();
        let identifier = self.label(&node.id).filter(|label| *label != node.id).unwrap_or_default();
        let digital = node.facet("DigitalAccountFacet");
        let issuer = node.facet("AccountFacet").map(|f| ids(f, "accountIssuer")).unwrap_or_default();
        let issuer = issuer
            .first()
            .and_then(|id| self.graph.get(id))
            .map(|n| field(&n.value, "name"))
            .unwrap_or_default();
        let owner =
            self.ties.owners.get(&node.id).and_then(|id| self.graph.get(id)).map(person).unwrap_or_default();
        let tied = self.ties.tied.get(&node.id).cloned().unwrap_or_default();
        let tied_to = tied.iter().map(|id| self.label(id).unwrap_or_else(|| id.clone())).collect();
        let row = self.out.next_row();
        self.out.row(Row::Account(AccountRow {
            row,
            line: node.line,
            id: node.id.clone(),
            sort,
            identifier,
            issuer,
            display_name: digital.map(|f| field(f, "displayName")).unwrap_or_default(),
            logins: digital
                .map(|f| fields(f, "accountLogin").flat_map(each).map(crate::graph::text).collect())
                .unwrap_or_default(),
            owner,
            tied_to,
        }))
    }
}

/// The name of a person or an organisation.
fn person(node: &Node) -> String {
    let name = node.facet("SimpleNameFacet").map(|facet| {
        let (given, family) = (field(facet, "givenName"), field(facet, "familyName"));
        format!("{given} {family}").trim().to_owned()
    });
    name.filter(|n| !n.is_empty()).unwrap_or_else(|| {
        let name = field(&node.value, "name");
        if name.is_empty() { local(&node.id).to_owned() } else { name }
    })
}
