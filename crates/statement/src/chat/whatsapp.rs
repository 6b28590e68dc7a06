//! A chat that `WhatsApp` wrote out as text. How its lines look depends on the telephone and on its language:
//!
//! ```text
//! 02.11.2026, 10:15 - Name: text              Android, ru, kk
//! [02.11.2026, 10:15:33] Name: text           iPhone
//! 11/2/26, 10:15 PM - Name: text              English (United States)
//! ```
//!
//! A line that does not begin so belongs to the message before it. Lines without a name are what the program itself says.

use std::io::BufRead;

use crate::limits::FIELD_CHARS;
use crate::rows::{Code, Message, Out, ReadError, Row, Trouble};
use crate::when::{self, Order};

/// Signs that cannot be seen and stand before dates and attachments.
const UNSEEN: [char; 7] =
    ['\u{200e}', '\u{200f}', '\u{202a}', '\u{202c}', '\u{feff}', '\u{2068}', '\u{2069}'];

/// The beginning of a message.
struct Begun<'a> {
    at: &'a str,
    rest: &'a str,
}

/// Takes a line apart that begins a message.
fn begun(line: &str) -> Option<Begun<'_>> {
    let line = line.trim_start_matches(UNSEEN);
    if let Some(inner) = line.strip_prefix('[') {
        let (at, rest) = inner.split_once(']')?;
        return (at.len() < 48 && at.starts_with(|c: char| c.is_ascii_digit()))
            .then(|| Begun { at, rest: rest.trim_start_matches([' ', '\u{a0}']) });
    }
    if !line.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let dash = line.char_indices().take(48).find_map(|(at, _)| {
        let rest = line.get(at..)?;
        let rest = rest.strip_prefix(" - ").or_else(|| rest.strip_prefix(" – "))?;
        Some((at, rest))
    });
    let (at, rest) = dash?;
    Some(Begun { at: line.get(..at)?, rest })
}

fn time_of(at: &str, order: Order) -> Option<String> {
    let at: String = at.chars().filter(|c| !UNSEEN.contains(c)).collect();
    when::told(&at, order).filter(|iso| iso.contains('T'))
}

/// Whether a text is one by its first lines.
#[must_use]
pub fn is_one(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(20).collect();
    let starts = |line: &&&str| {
        begun(line).is_some_and(|b| {
            time_of(b.at, Order::DayFirst).or_else(|| time_of(b.at, Order::MonthFirst)).is_some()
        })
    };
    let hits = lines.iter().filter(starts).count();
    lines.first().is_some_and(|first| starts(&first)) && hits.saturating_mul(4) >= lines.len()
}

/// What is said in place of a file that was left out.
const LEFT_OUT: [&str; 12] = [
    "<media omitted>",
    "<без медиафайлов>",
    "<медиа не прикреплены>",
    "<медиафайл пропущен>",
    "<медиа қосылмаған>",
    "<медиафайлсыз>",
    "image omitted",
    "video omitted",
    "audio omitted",
    "изображение отсутствует",
    "видео отсутствует",
    "аудиофайл отсутствует",
];
const DELETED: [&str; 7] = [
    "this message was deleted",
    "you deleted this message",
    "данное сообщение удалено",
    "вы удалили данное сообщение",
    "сообщение удалено",
    "бұл хабар жойылды",
    "бұл хабарлама жойылды",
];
/// What stands behind the name of a file.
const ATTACHED: [&str; 5] =
    ["(file attached)", "(файл добавлен)", "(файл прикреплён)", "(файл тіркелген)", "(файл қосылды)"];
/// What stands before it, on an iPhone.
const ATTACHED_BEFORE: [&str; 4] = ["<attached: ", "<прикреплено: ", "<тіркелген: ", "<қосымша: "];

fn open(message: &mut Message, rest: &str) {
    let rest = rest.trim_start_matches(UNSEEN);
    // A name ends at the first colon with a space behind it; names themselves may have colons of other kinds.
    let named = rest.split_once(": ").or_else(|| rest.strip_suffix(':').map(|name| (name, "")));
    match named {
        Some((name, text)) if !name.is_empty() && name.chars().count() <= 100 => {
            message.from = name.trim_matches(UNSEEN).trim().to_owned();
            message.text = text.to_owned();
        }
        _ => message.event = rest.trim().chars().take(FIELD_CHARS).collect(),
    }
}

fn close(message: &mut Message) {
    let bare = message.text.trim().trim_start_matches(UNSEEN);
    let low = bare.to_lowercase();
    if LEFT_OUT.contains(&low.as_str()) {
        message.event = "media_left_out".to_owned();
        message.text = String::new();
        return;
    }
    if DELETED.contains(&low.trim_end_matches('.')) {
        message.event = "deleted".to_owned();
        return;
    }
    let first = bare.lines().next().unwrap_or_default();
    let name = ATTACHED
        .iter()
        .find_map(|mark| first.split_once(mark).map(|(name, _)| name))
        .or_else(|| {
            let (mark, rest) =
                ATTACHED_BEFORE.iter().find_map(|mark| Some((mark, first.split_once(mark)?.1)))?;
            let _ = mark;
            rest.split('>').next()
        })
        .map(|name| name.trim_matches(UNSEEN).trim().to_owned())
        .filter(|name| !name.is_empty() && name.len() < 512);
    if let Some(name) = name {
        message.files.push(name);
        message.text = bare.lines().skip(1).collect::<Vec<_>>().join("\n");
    } else {
        message.text = bare.trim_end().to_owned();
    }
}

/// Reads one.
///
/// # Errors
/// It cannot be read on; whoever takes the rows wants no more.
pub fn read(input: &mut dyn BufRead, first: &str, out: &mut Out<'_>) -> Result<(), ReadError> {
    let samples: Vec<&str> = first.lines().filter_map(begun).map(|b| b.at).collect();
    let order = when::order(samples.iter().copied());
    if order.is_none() && samples.first().is_some_and(|at| when::is_open(at)) {
        out.trouble(Trouble { line: 0, code: Code::DayOrMonth, told: String::new() })?;
    }
    let order = order.unwrap_or_default();
    let mut open_one: Option<Message> = None;
    let mut cut = false;
    let mut number = 0_u64;
    let mut line = String::new();
    while next_line(input, &mut line)? {
        number = number.saturating_add(1);
        let begins = begun(&line).and_then(|b| Some((time_of(b.at, order)?, b.rest.to_owned())));
        if let Some((sent_at, rest)) = begins {
            hand_out(open_one.take(), &mut cut, out)?;
            let mut message =
                Message { line: number, sent_at, application: "WhatsApp".to_owned(), ..Message::default() };
            open(&mut message, &rest);
            open_one = Some(message);
            continue;
        }
        match &mut open_one {
            Some(message) => {
                let to = if message.from.is_empty() { &mut message.event } else { &mut message.text };
                if to.len() < FIELD_CHARS {
                    to.push('\n');
                    to.push_str(&line);
                } else {
                    cut = true;
                }
            }
            None if line.trim().is_empty() => {}
            None => out.trouble(Trouble { line: number, code: Code::Date, told: line.clone() })?,
        }
    }
    hand_out(open_one, &mut cut, out)
}

/// A line without its end, cut where it is longer than any text may be.
fn next_line(input: &mut dyn BufRead, line: &mut String) -> Result<bool, ReadError> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut any = false;
    loop {
        let buffer = input.fill_buf().map_err(|e| ReadError::Io(e.kind().to_string()))?;
        if buffer.is_empty() {
            break;
        }
        any = true;
        let end = buffer.iter().position(|b| *b == b'\n');
        let upto = end.map_or(buffer.len(), |at| at.saturating_add(1));
        if bytes.len() < FIELD_CHARS.saturating_mul(4) {
            bytes.extend(buffer.iter().take(upto));
        }
        input.consume(upto);
        if end.is_some() {
            break;
        }
    }
    line.clear();
    line.push_str(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']));
    Ok(any)
}

fn hand_out(message: Option<Message>, cut: &mut bool, out: &mut Out<'_>) -> Result<(), ReadError> {
    let Some(mut message) = message else { return Ok(()) };
    close(&mut message);
    if std::mem::take(cut) {
        out.trouble(Trouble { line: message.line, code: Code::Cut, told: String::new() })?;
    }
    message.text = out.text(message.line, &message.text)?;
    message.row = out.next_row();
    out.row(Row::Message(message))
}
