//! From hostile bytes to a small tree. Every limit stands here: size, depth, elements, attributes; no document
//! types, no entities but the five of XML. What is in another namespace than the root is dropped.

use quick_xml::NsReader;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::ReadError;
use crate::limits::{MAX_ATTRIBUTES, MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS};
use crate::rule::is_xml_char;

/// An element: its local name, the text and the elements in it, and the one attribute that the messages have.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) currency: Option<String>,
    pub(crate) text: String,
    pub(crate) children: Vec<Node>,
}

/// The root with its namespace.
pub(crate) struct Tree {
    pub(crate) namespace: String,
    pub(crate) root: Node,
}

/// Takes bytes apart. Every error but [`ReadError::Fault`] and [`ReadError::OtherMessage`] comes from here.
pub(crate) fn parse(bytes: &[u8]) -> Result<Tree, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::TooLarge { len: bytes.len(), max: MAX_BYTES });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ReadError::Encoding)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if let Some((at, _)) = text.char_indices().find(|(_, c)| !is_xml_char(*c)) {
        return Err(ReadError::Character { at: place(at) });
    }
    Builder::new(text).build()
}

fn place(at: usize) -> u64 {
    u64::try_from(at).unwrap_or(u64::MAX)
}

struct Builder<'i> {
    input: &'i str,
    reader: NsReader<&'i [u8]>,
    namespace: Option<String>,
    open: Vec<Node>,
    root: Option<Node>,
    elements: usize,
    /// How many elements deep we are inside one of another namespace.
    foreign: usize,
}

impl<'i> Builder<'i> {
    fn new(input: &'i str) -> Self {
        let mut reader = NsReader::from_str(input);
        let config = reader.config_mut();
        config.check_comments = true;
        config.expand_empty_elements = true;
        reader.resolver_mut().set_max_namespace_bindings(MAX_ATTRIBUTES);
        Self { input, reader, namespace: None, open: Vec::new(), root: None, elements: 0, foreign: 0 }
    }

    fn at(&self) -> u64 {
        self.reader.buffer_position()
    }

    fn malformed(&self) -> ReadError {
        ReadError::Malformed { at: self.at() }
    }

    fn build(mut self) -> Result<Tree, ReadError> {
        let mut first = true;
        loop {
            let Ok(event) = self.reader.read_event() else { return Err(self.malformed()) };
            match event {
                Event::Start(start) => self.start(&start)?,
                Event::End(_) => self.end()?,
                Event::Text(text) => self.text(&text.xml10_content())?,
                // Expanded to a start and an end; and nothing but white space stands outside the root.
                Event::Empty(_) => return Err(self.malformed()),
                Event::CData(_) | Event::GeneralRef(_) if self.open.is_empty() => {
                    return Err(self.malformed());
                }
                Event::CData(text) => self.text(&text.xml10_content())?,
                Event::GeneralRef(reference) => {
                    let c = self.reference(&reference)?;
                    self.text(c.encode_utf8(&mut [0; 4]))?;
                }
                Event::Decl(decl) => self.declaration(&decl, first)?,
                Event::DocType(_) => return Err(ReadError::Doctype),
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
            first = false;
        }
        match (self.root, self.namespace) {
            (Some(root), Some(namespace)) if self.open.is_empty() => Ok(Tree { namespace, root }),
            _ => Err(ReadError::Malformed { at: place(self.input.len()) }),
        }
    }

    /// XML 1.0 in UTF-8, and only as the very first thing.
    fn declaration(&self, decl: &BytesDecl<'_>, first: bool) -> Result<(), ReadError> {
        let version = decl.version().map_err(|_| self.malformed())?;
        if !first || version != "1.0" {
            return Err(self.malformed());
        }
        match decl.encoding() {
            None => Ok(()),
            Some(Ok(name)) if ["utf-8", "us-ascii"].iter().any(|known| name.eq_ignore_ascii_case(known)) => {
                Ok(())
            }
            Some(_) => Err(ReadError::Encoding),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), ReadError> {
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            return Err(ReadError::TooMany { max: MAX_ELEMENTS });
        }
        if self.open.len() + self.foreign >= MAX_DEPTH {
            return Err(ReadError::TooDeep { max: MAX_DEPTH });
        }
        if self.root.is_some() {
            return Err(self.malformed());
        }
        let currency = self.attributes(start)?;
        let namespace = match self.reader.resolver().resolve_element(start.name()).0 {
            ResolveResult::Bound(namespace) => Some(namespace.into_inner().to_owned()),
            ResolveResult::Unbound => None,
            ResolveResult::Unknown(_) => return Err(self.malformed()),
        };
        if self.open.is_empty() {
            self.namespace = Some(namespace.unwrap_or_default());
        } else if self.foreign > 0 || namespace != self.namespace {
            self.foreign += 1;
            return Ok(());
        }
        let name = start.local_name().into_inner().to_owned();
        self.open.push(Node { name, currency, ..Node::default() });
        Ok(())
    }

    /// `Ccy`, and that the attributes are well-formed, few and named once each.
    fn attributes(&self, start: &BytesStart<'_>) -> Result<Option<String>, ReadError> {
        let mut currency = None;
        // Duplicates are searched for among all before, so the number is limited first.
        for (no, attribute) in start.attributes().enumerate() {
            let Ok(attribute) = attribute else { return Err(self.malformed()) };
            if no >= MAX_ATTRIBUTES {
                return Err(ReadError::TooMany { max: MAX_ATTRIBUTES });
            }
            if attribute.key.into_inner() == "Ccy" {
                // A code has no need of entities: what is escaped is no code, and the rule for codes refuses it.
                currency = Some(attribute.value.into_owned());
            }
        }
        Ok(currency)
    }

    fn end(&mut self) -> Result<(), ReadError> {
        if self.foreign > 0 {
            self.foreign -= 1;
            return Ok(());
        }
        let Some(node) = self.open.pop() else { return Err(self.malformed()) };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.root = Some(node),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        if self.foreign > 0 {
            return Ok(());
        }
        match self.open.last_mut() {
            Some(node) => node.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(self.malformed()),
        }
        Ok(())
    }

    /// One of the five entities of XML, or a character by its number.
    fn reference(&self, name: &quick_xml::events::BytesRef<'_>) -> Result<char, ReadError> {
        let known = match &**name {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "apos" => Some('\''),
            "quot" => Some('"'),
            _ if name.is_char_ref() => {
                let c = name.resolve_char_ref().ok().flatten().filter(|c| is_xml_char(*c));
                return c.ok_or(ReadError::Character { at: self.at() });
            }
            _ => None,
        };
        known.ok_or(ReadError::Entity { at: self.at() })
    }
}
