//! Words beside the codes (`AddtlInf`, narratives), in the way bankers know from older messages: a line
//! `/TAG/text`, longer text goes on in lines that begin with `//`.

use crate::limits::MAX_REPEATS;
use crate::out::Out;
use crate::place::Place;
use crate::rule::{Rule, line};
use crate::{Fault, Flaw};

/// Tags of notes that office and bank agree on. Others are kept as they stand.
pub mod tag {
    /// Number of the office's order.
    pub const ORDER: &str = "ORDER";
    /// The law it rests on: act and article.
    pub const BASIS: &str = "BASIS";
    /// Until when it holds, ISO 8601.
    pub const TERM: &str = "TERM";
    /// Until when it must be answered, ISO 8601.
    pub const DUE: &str = "DUE";
    /// An answer code of the office's own, where no coded element stands.
    pub const CODE: &str = "CODE";
    /// The object of the order that is meant.
    pub const OBJECT: &str = "OBJECT";
    /// By what the payer's institution knows its client: `IIN` and a number, `TEL` and a telephone.
    pub const PAYER: &str = "PAYER";
    /// When it happened, ISO 8601.
    pub const AT: &str = "AT";
    /// The institution the money went to.
    pub const TO: &str = "TO";
    /// The account the money went to.
    pub const ACCOUNT: &str = "ACCOUNT";
    /// The bank's reference.
    pub const REF: &str = "REF";
    /// The cash machine or till where it was taken out.
    pub const ATM: &str = "ATM";
    /// Where it was spent.
    pub const MERCHANT: &str = "MERCHANT";
    /// The most that is to be held, with its currency, where it is less than the payment.
    pub const CAP: &str = "CAP";
}

/// The tag under which a free text goes that would look like a tag.
const FREE: &str = "TEXT";
/// Characters of one line of `AddtlInf`.
const WIDTH: usize = 105;
/// Characters of a narrative.
const NARRATIVE: usize = 500;

/// One thing said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is about: 1 to 8 of `A-Z0-9`, see [`tag`]. `None`: free text.
    pub tag: Option<String>,
    /// One line of any script, without white space at its ends. How long it may be depends on where it stands:
    /// about 10,000 characters in `AddtlInf`, 500 with all others in a narrative.
    pub text: String,
}

/// What is said beside the codes. In `AddtlInf` it is cut into lines of 105 characters and put together again by
/// the reader; a narrative holds 500 characters in all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notes(pub Vec<Note>);

impl Notes {
    /// Nothing said.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }
    /// With a tagged note.
    #[must_use]
    pub fn with(mut self, tag: &str, text: impl Into<String>) -> Self {
        self.0.push(Note { tag: Some(tag.to_owned()), text: text.into() });
        self
    }
    /// With free text.
    #[must_use]
    pub fn and(mut self, text: impl Into<String>) -> Self {
        self.0.push(Note { tag: None, text: text.into() });
        self
    }
    /// The first note under a tag.
    #[must_use]
    pub fn get(&self, tag: &str) -> Option<&str> {
        self.0.iter().find(|note| note.tag.as_deref() == Some(tag)).map(|note| note.text.as_str())
    }
    /// What is said without a tag.
    pub fn free(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|note| note.tag.is_none()).map(|note| note.text.as_str())
    }
    /// Whether nothing is said.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn lines(&self, width: usize) -> Result<Vec<String>, Flaw> {
        let mut lines = Vec::new();
        for note in &self.0 {
            line(&note.text, usize::MAX)?;
            let head = match note.tag.as_deref() {
                Some(tag) if !is_tag(tag) || tag == FREE => return Err(Flaw::Tag),
                Some(tag) => format!("/{tag}/"),
                None if note.text.starts_with('/') => format!("/{FREE}/"),
                None => String::new(),
            };
            let (mut head, mut rest) = (head.as_str(), note.text.as_str());
            while !rest.is_empty() {
                let cut = cut(rest, width.saturating_sub(head.len())).ok_or(Flaw::Uncuttable)?;
                let (part, after) = rest.split_at_checked(cut).ok_or(Flaw::Uncuttable)?;
                lines.push(format!("{head}{part}"));
                (head, rest) = ("//", after);
            }
        }
        Ok(lines)
    }

    fn from_lines<'l>(lines: impl Iterator<Item = &'l str>) -> Self {
        let mut notes: Vec<Note> = Vec::new();
        for line in lines {
            let (tag, text) = match line.strip_prefix('/') {
                Some(rest) => match (rest.strip_prefix('/'), notes.last_mut()) {
                    (Some(more), Some(last)) => {
                        last.text.push_str(more);
                        continue;
                    }
                    (Some(_), None) => (None, line),
                    (None, _) => match rest.split_once('/') {
                        Some((tag, text)) if is_tag(tag) && !text.trim().is_empty() => {
                            (Some(tag), text.trim())
                        }
                        _ => (None, line),
                    },
                },
                None => (None, line),
            };
            let tag = tag.filter(|tag| *tag != FREE).map(str::to_owned);
            notes.push(Note { tag, text: text.to_owned() });
        }
        Self(notes)
    }

    pub(crate) fn put_lines(&self, out: &mut Out, name: &'static str) -> Result<(), Fault> {
        let lines = self.lines(WIDTH).map_err(|flaw| out.fault_in(name, flaw))?;
        if lines.len() > MAX_REPEATS {
            return Err(out.fault_in(name, Flaw::TooMany { max: MAX_REPEATS }));
        }
        lines.iter().try_for_each(|line| out.text(name, line, Rule::Text(WIDTH)))
    }

    pub(crate) fn take_lines(at: &Place<'_>, name: &str) -> Result<Self, Fault> {
        let places = at.many(name, MAX_REPEATS)?;
        let lines: Result<Vec<String>, Fault> =
            places.iter().map(|place| place.line(Rule::Text(WIDTH))).collect();
        Ok(Self::from_lines(lines?.iter().map(String::as_str)))
    }

    pub(crate) fn put_narrative(&self, out: &mut Out, name: &'static str) -> Result<(), Fault> {
        let text = self.lines(usize::MAX).map_err(|flaw| out.fault_in(name, flaw))?.join("\n");
        let len = text.chars().count();
        if len > NARRATIVE {
            return Err(out.fault_in(name, Flaw::TooLong { max: NARRATIVE, len }));
        }
        if len == 0 {
            return Err(out.fault_in(name, Flaw::Empty));
        }
        out.raw(name, &text);
        Ok(())
    }

    /// Reads the text of an element as a narrative.
    pub(crate) fn take_narrative(at: &Place<'_>) -> Result<Self, Fault> {
        let text = at.raw()?;
        let len = text.chars().count();
        if len > NARRATIVE {
            return Err(at.fault(Flaw::TooLong { max: NARRATIVE, len }));
        }
        let mut lines = Vec::new();
        for part in text.split(['\n', '\r']).map(|part| part.replace('\t', " ")) {
            match part.trim() {
                "" => {}
                part => {
                    line(part, NARRATIVE).map_err(|flaw| at.fault(flaw))?;
                    lines.push(part.to_owned());
                }
            }
        }
        Ok(Self::from_lines(lines.iter().map(String::as_str)))
    }
}

fn is_tag(text: &str) -> bool {
    (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Where to cut a text so that at most `room` characters come before, in bytes: before white space in the second
/// half of the line, else wherever the line is full. Never after white space, which would be lost at the end of
/// a line.
fn cut(text: &str, room: usize) -> Option<usize> {
    let (mut soft, mut hard, mut after_word) = (None, None, false);
    for (no, (at, c)) in text.char_indices().enumerate() {
        if after_word {
            hard = Some(at);
            if c.is_whitespace() && no >= room / 2 {
                soft = Some(at);
            }
        }
        if no == room {
            return soft.or(hard);
        }
        after_word = !c.is_whitespace();
    }
    Some(text.len())
}
