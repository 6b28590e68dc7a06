//! What `Telegram` writes out as `result.json`: one chat, or all of them. Read as a stream, one message after the other.

use std::cell::RefCell;
use std::fmt;
use std::io::Read;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::input::{Counted, Place};
use crate::rows::{Code, Message, Out, ReadError, Row, Trouble};
use crate::when::{self, Order};

/// A piece of text: itself, or with what it is (a link, a mention).
#[derive(Deserialize)]
#[serde(untagged)]
enum Piece {
    Plain(String),
    Marked {
        #[serde(default)]
        text: String,
        #[serde(default)]
        href: Option<String>,
    },
    Other(IgnoredAny),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    One(String),
    Many(Vec<Piece>),
    Other(IgnoredAny),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    Text(String),
    Number(serde_json::Number),
    Other(IgnoredAny),
}

impl Name {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text.chars().take(512).collect(),
            Self::Number(number) => number.to_string(),
            Self::Other(_) => String::new(),
        }
    }
}

fn name_of(name: Option<Name>) -> String {
    name.map(Name::into_text).unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Raw {
    id: Option<Name>,
    r#type: Option<Name>,
    date: Option<Name>,
    date_unixtime: Option<Name>,
    from: Option<Name>,
    from_id: Option<Name>,
    actor: Option<Name>,
    actor_id: Option<Name>,
    action: Option<Name>,
    text: Option<Text>,
    file: Option<Name>,
    photo: Option<Name>,
    file_name: Option<Name>,
    media_type: Option<Name>,
    reply_to_message_id: Option<Name>,
    forwarded_from: Option<Name>,
    duration_seconds: Option<Name>,
    discard_reason: Option<Name>,
}

/// What all depths share.
struct Shared<'o, 'a> {
    out: RefCell<&'o mut Out<'a>>,
    place: Place,
    failed: RefCell<Option<ReadError>>,
}

impl Shared<'_, '_> {
    fn fail<E: serde::de::Error>(&self, error: ReadError) -> E {
        *self.failed.borrow_mut() = Some(error);
        E::custom("stopped")
    }
}

/// An object that may be a chat, hold chats, or be the whole file.
struct Node<'s, 'o, 'a>(&'s Shared<'o, 'a>, u8);

impl<'de> DeserializeSeed<'de> for Node<'_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an export of chats")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut chat = String::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "name" => chat = map.next_value::<Name>()?.into_text(),
                "messages" => map.next_value_seed(Messages(self.0, &chat))?,
                "chats" | "left_chats" | "list" if self.1 < 4 => {
                    map.next_value_seed(Node(self.0, self.1.saturating_add(1)))?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            self.0.place.done();
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if self.1 >= 5 {
            return Err(A::Error::custom("too deep"));
        }
        while seq.next_element_seed(Node(self.0, self.1.saturating_add(1)))?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The messages of a chat.
struct Messages<'s, 'o, 'a, 'n>(&'s Shared<'o, 'a>, &'n str);

impl<'de> DeserializeSeed<'de> for Messages<'_, '_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Messages<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        loop {
            self.0.place.done();
            let Some((line, raw)) = seq.next_element_seed(One(&self.0.place))? else { return Ok(()) };
            if let Err(error) = hand_out(raw, line, self.1, &mut self.0.out.borrow_mut()) {
                return Err(self.0.fail(error));
            }
        }
    }
}

/// A message with the line it began on.
struct One<'p>(&'p Place);

impl<'de> DeserializeSeed<'de> for One<'_> {
    type Value = (u64, Raw);
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
        let line = self.0.line();
        Ok((line, Raw::deserialize(d)?))
    }
}

fn text_of(text: Option<Text>) -> String {
    match text {
        Some(Text::One(text)) => text,
        Some(Text::Many(pieces)) => pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Plain(text) => text,
                // What a link shows and where it leads are two things.
                Piece::Marked { text, href: Some(href) } if href != text => format!("{text} ({href})"),
                Piece::Marked { text, .. } => text,
                Piece::Other(_) => String::new(),
            })
            .collect(),
        Some(Text::Other(_)) | None => String::new(),
    }
}

fn hand_out(raw: Raw, line: u64, chat: &str, out: &mut Out<'_>) -> Result<(), ReadError> {
    let date = name_of(raw.date);
    let unix: Option<i64> = name_of(raw.date_unixtime).parse().ok();
    // The date is that of the telephone, without a zone; the other is exact.
    let exact = unix.and_then(|s| jiff::Timestamp::from_second(s).ok()).map(|t| t.to_string());
    let sent_at = exact.or_else(|| when::told(&date, Order::DayFirst)).unwrap_or_default();
    if sent_at.is_empty() {
        out.trouble(Trouble { line, code: Code::Date, told: date })?;
    }
    let service = name_of(raw.r#type) == "service";
    let mut event = name_of(raw.action);
    for more in [raw.duration_seconds, raw.discard_reason] {
        let more = name_of(more);
        if service && !more.is_empty() {
            event = format!("{event} {more}");
        }
    }
    let said = text_of(raw.text);
    let text = out.text(line, &said)?;
    let file_name = name_of(raw.file_name);
    let files = [raw.photo, raw.file]
        .into_iter()
        .map(name_of)
        .filter(|f| !f.is_empty())
        .map(|f| if file_name.is_empty() { f } else { format!("{f} ({file_name})") })
        .collect();
    let from = if service { name_of(raw.actor) } else { name_of(raw.from) };
    let from_id = if service { name_of(raw.actor_id) } else { name_of(raw.from_id) };
    if event.is_empty() && !service {
        event = name_of(raw.media_type);
    }
    let row = out.next_row();
    out.row(Row::Message(Message {
        row,
        line,
        chat: chat.to_owned(),
        id: name_of(raw.id),
        sent_at,
        from,
        from_id,
        text,
        files,
        event,
        answers: name_of(raw.reply_to_message_id),
        forwarded_from: name_of(raw.forwarded_from),
        application: "Telegram".to_owned(),
        ..Message::default()
    }))
}

/// Reads one.
///
/// # Errors
/// It is no JSON, or breaks off; whoever takes the rows wants no more.
pub fn read<R: Read>(input: &mut Counted<R>, out: &mut Out<'_>) -> Result<(), ReadError> {
    let shared = Shared { place: input.place(), out: RefCell::new(out), failed: RefCell::new(None) };
    let mut json = serde_json::Deserializer::from_reader(input);
    let done = Node(&shared, 0).deserialize(&mut json);
    let Err(error) = done else { return Ok(()) };
    if let Some(failed) = shared.failed.into_inner() {
        return Err(failed);
    }
    let line = shared.place.line();
    if shared.place.is_over() {
        return Err(ReadError::TooLong { line });
    }
    if error.is_eof() {
        return shared.out.borrow_mut().trouble(Trouble {
            line,
            code: Code::Unfinished,
            told: String::new(),
        });
    }
    let why = error.to_string().chars().take(200).collect();
    Err(ReadError::Malformed { line, why })
}
