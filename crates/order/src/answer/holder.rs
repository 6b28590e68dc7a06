//! Whose the named thing is, as an institution tells it. Pure.

use identifier::{Kind, Region, normalise};
use jiff::civil::Date;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AnswerFault, Code, Fact};
use crate::details::{DataClass, Details};
use crate::message::{HolderRef, Line};

/// Most holders of one line: an account of more is no private person's, and is handed over as a paper.
pub const MAX_HOLDERS: usize = 20;
/// Most telephones of one holder.
const MAX_PHONES: usize = 10;
/// Most devices of one holder.
const MAX_DEVICES: usize = 20;
/// Longest name and address.
const MAX_CHARS: usize = 200;
/// Longest name of a device.
const MAX_DEVICE_CHARS: usize = 64;
/// Nobody who holds an account was born before it.
const EARLIEST: Date = Date::constant(1900, 1, 1);

kernel::words!(
    /// What sort of holder it is.
    HolderKind {
        /// Somebody.
        Person = "person",
        /// A company, an authority, an association.
        Organisation = "organisation",
    }
);

kernel::words!(
    /// What they are to the thing.
    HolderRole {
        /// It is theirs.
        Holder = "holder",
        /// They may use it for whoever holds it.
        Agent = "agent",
        /// They stand behind the organisation that holds it.
        Beneficiary = "beneficiary",
    }
);

/// Sealed words are kept as they are spelt in messages.
macro_rules! spelt {
    ($($name:ident),+) => {$(
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not one of the words"))
            }
        }
    )+};
}
spelt!(HolderKind, HolderRole);

/// Somebody whose the thing is, read and checked. What was not told is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Person or organisation.
    pub kind: HolderKind,
    /// What they are to the thing.
    pub role: HolderRole,
    /// The whole name, where it was told as one.
    #[serde(default)]
    pub name: String,
    /// The family's name.
    #[serde(default)]
    pub last: String,
    /// The given name.
    #[serde(default)]
    pub first: String,
    /// The father's name.
    #[serde(default)]
    pub middle: String,
    /// The individual identification number, canonical.
    #[serde(default)]
    pub iin: String,
    /// The business identification number, canonical.
    #[serde(default)]
    pub bin: String,
    /// The day of birth, `1990-05-17`.
    #[serde(default)]
    pub birth_date: String,
    /// Telephones, canonical.
    #[serde(default)]
    pub phones: Vec<String>,
    /// The address.
    #[serde(default)]
    pub address: String,
    /// Devices.
    #[serde(default)]
    pub devices: Vec<String>,
    /// Since which day it is theirs.
    #[serde(default)]
    pub from: String,
    /// Up to which day.
    #[serde(default)]
    pub until: String,
}

impl Holder {
    /// The name as it was told: whole, or its parts one after the other.
    #[must_use]
    pub fn full_name(&self) -> String {
        let parts = [&self.name, &self.last, &self.first, &self.middle];
        parts.into_iter().filter(|p| !p.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Whether two answers mean the same somebody: by the number, or by the very same name where none contradicts it.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        if (self.kind, self.role) != (other.kind, other.role) {
            return false;
        }
        let same = |a: &str, b: &str| !a.is_empty() && a == b;
        let differ = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;
        if same(&self.iin, &other.iin) || same(&self.bin, &other.bin) {
            return true;
        }
        same(&self.full_name(), &other.full_name())
            && !differ(&self.iin, &other.iin)
            && !differ(&self.bin, &other.bin)
    }
}

/// What is wrong with a field of a holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HolderFault {
    /// It must be told.
    #[error("must be told")]
    Missing,
    /// It is none of what may stand there.
    #[error("cannot be read")]
    Unreadable,
    /// It has not the form or the check digit of such a number.
    #[error("is no right number")]
    Number,
    /// It is no day, or one that cannot be meant.
    #[error("is no day that can be meant, written 1990-05-17")]
    Day,
    /// It is longer than is kept: nothing would be cut off unseen.
    #[error("has more than {0} characters")]
    Long(usize),
    /// There are more than are kept.
    #[error("has more than {0} entries")]
    Many(usize),
    /// It says what is not said of such a holder.
    #[error("is not told of such a holder")]
    Stray,
}

impl HolderFault {
    /// Stable code, as of the fields of a line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "answer.field_missing",
            Self::Unreadable | Self::Number | Self::Day | Self::Many(_) => "answer.field_unreadable",
            Self::Long(_) => "answer.too_long",
            Self::Stray => "answer.stray_field",
        }
    }
}

/// Whose a line says that the thing is.
///
/// # Errors
/// The code says nothing of holders; too many; the first fault of the first wrong one, with its place.
pub(super) fn read(
    (line, code): (usize, Code),
    l: &Line,
    latest: Timestamp,
) -> Result<Vec<Holder>, AnswerFault> {
    let told = l.holders.as_deref().unwrap_or_default();
    if told.is_empty() {
        return Ok(Vec::new());
    }
    if !code.takes_holders() {
        return Err(AnswerFault::Stray { line, code: l.code.chars().take(16).collect(), field: "holders" });
    }
    if told.len() > MAX_HOLDERS {
        return Err(AnswerFault::Holders { line });
    }
    // A day that has begun anywhere on Earth may be meant.
    let last_day = jiff::Timestamp::from_second(latest.plus_secs(86_400).as_secs())
        .map_or(Date::MAX, |t| jiff::tz::Offset::UTC.to_datetime(t).date());
    let one = |(no, h): (usize, &HolderRef)| {
        read_one(h, last_day).map_err(|(field, why)| AnswerFault::Holder { line, no, field, why })
    };
    told.iter().enumerate().map(one).collect()
}

type At = (String, HolderFault);

fn at(field: &str, why: HolderFault) -> At {
    (field.to_owned(), why)
}

/// A text of one line, without blanks around; empty where none was told.
fn text(field: &str, told: Option<&String>, most: usize) -> Result<String, At> {
    let told = told.map(|t| kernel::text::seen(t.trim()).into_owned()).unwrap_or_default();
    if told.chars().count() > most {
        return Err(at(field, HolderFault::Long(most)));
    }
    Ok(if app::says(&told) { told } else { String::new() })
}

fn number(field: &str, kind: Kind, told: Option<&String>) -> Result<String, At> {
    match told.map(|t| t.trim()).filter(|t| !t.is_empty()) {
        Some(told) => normalise(kind, told, Region::default()).map_err(|_| at(field, HolderFault::Number)),
        None => Ok(String::new()),
    }
}

/// A day as it is written in messages and nowhere else.
fn day(field: &str, told: Option<&String>, fits: impl Fn(Date) -> bool) -> Result<String, At> {
    let Some(told) = told.map(|t| t.trim()).filter(|t| !t.is_empty()) else { return Ok(String::new()) };
    let read = told.parse::<Date>().ok().filter(|d| d.to_string() == told && fits(*d));
    read.map(|d| d.to_string()).ok_or_else(|| at(field, HolderFault::Day))
}

fn list(
    field: &str,
    told: Option<&Vec<String>>,
    most: usize,
    one: impl Fn(&str, &String) -> Result<String, At>,
) -> Result<Vec<String>, At> {
    let told = told.map(Vec::as_slice).unwrap_or_default();
    if told.len() > most {
        return Err(at(field, HolderFault::Many(most)));
    }
    let mut all = Vec::new();
    for (no, text) in told.iter().enumerate() {
        let read = one(&format!("{field}/{no}"), text)?;
        if !read.is_empty() && !all.contains(&read) {
            all.push(read);
        }
    }
    Ok(all)
}

fn word<T: Copy>(field: &str, told: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, At> {
    parse(told.trim()).ok_or_else(|| at(field, HolderFault::Unreadable))
}

fn read_one(h: &HolderRef, last_day: Date) -> Result<Holder, At> {
    let kind = word("kind", &h.kind, HolderKind::parse)?;
    let role = match &h.role {
        Some(told) => word("role", told, HolderRole::parse)?,
        None => HolderRole::Holder,
    };
    let past = |d: Date| d >= EARLIEST && d <= last_day;
    let from = day("from", h.from.as_ref(), past)?;
    let holder = Holder {
        kind,
        role,
        name: text("name", h.name.as_ref(), MAX_CHARS)?,
        last: text("last_name", h.last_name.as_ref(), MAX_CHARS)?,
        first: text("first_name", h.first_name.as_ref(), MAX_CHARS)?,
        middle: text("middle_name", h.middle_name.as_ref(), MAX_CHARS)?,
        iin: number("iin", Kind::Iin, h.iin.as_ref())?,
        bin: number("bin", Kind::Bin, h.bin.as_ref())?,
        birth_date: day("birth_date", h.birth_date.as_ref(), past)?,
        phones: list("phones", h.phones.as_ref(), MAX_PHONES, |field, told| {
            number(field, Kind::Phone, Some(told))
        })?,
        address: text("address", h.address.as_ref(), MAX_CHARS)?,
        devices: list("devices", h.devices.as_ref(), MAX_DEVICES, |field, told| {
            text(field, Some(told), MAX_DEVICE_CHARS)
        })?,
        // A mandate may end later; days written so sort as they follow one another.
        until: day("until", h.until.as_ref(), |d| d >= EARLIEST && d.to_string() >= from)?,
        from,
    };
    fits(&holder)?;
    Ok(holder)
}

/// What is said of a holder fits their kind, and somebody is named.
fn fits(h: &Holder) -> Result<(), At> {
    let strays: &[(&str, &str)] = match h.kind {
        HolderKind::Person => &[("bin", &h.bin)],
        HolderKind::Organisation => &[
            ("last_name", &h.last),
            ("first_name", &h.first),
            ("middle_name", &h.middle),
            ("iin", &h.iin),
            ("birth_date", &h.birth_date),
        ],
    };
    if let Some((field, _)) = strays.iter().find(|(_, told)| !told.is_empty()) {
        return Err(at(field, HolderFault::Stray));
    }
    let parts = !(h.last.is_empty() && h.first.is_empty());
    if !h.name.is_empty() && (parts || !h.middle.is_empty()) {
        return Err(at("name", HolderFault::Stray));
    }
    if h.name.is_empty() && !parts && h.iin.is_empty() && h.bin.is_empty() {
        return Err(at("name", HolderFault::Missing));
    }
    Ok(())
}

/// Whether an order asks for what was told of holders: whose it is, and from which devices it is used.
///
/// # Errors
/// [`AnswerFault::NotAsked`], with its place.
pub fn asked_for(facts: &[Fact], details: Option<&Details>) -> Result<(), AnswerFault> {
    let asked = |class| matches!(details, Some(Details::Disclosure { data, .. }) if data.contains(&class));
    let (owner, devices) = (asked(DataClass::Owner), asked(DataClass::DeviceLog));
    for (line, fact) in facts.iter().enumerate().filter(|(_, f)| !f.holders.is_empty()) {
        if !owner {
            return Err(AnswerFault::NotAsked { line, devices_of: None });
        }
        if let Some(no) = fact.holders.iter().position(|h| !h.devices.is_empty()).filter(|_| !devices) {
            return Err(AnswerFault::NotAsked { line, devices_of: Some(no) });
        }
    }
    Ok(())
}

/// What one answer told of holders of a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldersTold {
    /// The institution that told it.
    pub executor: String,
    /// When it was so.
    pub at: Timestamp,
    /// When it came.
    pub received_at: Timestamp,
    /// Who told it, where an officer wrote it down.
    pub by_hand: Option<String>,
    /// Whether it was told in full: then it stands in place of all before it.
    pub whole: bool,
    /// Who it is.
    pub holders: Vec<Holder>,
}

impl HoldersTold {
    /// Out of the facts of one answer; `None` where it names nobody.
    #[must_use]
    pub fn of(executor: &str, received_at: Timestamp, facts: Vec<Fact>) -> Option<Self> {
        let named: Vec<Fact> = facts.into_iter().filter(|f| !f.holders.is_empty()).collect();
        let last = named.iter().max_by_key(|f| f.at)?;
        Some(Self {
            executor: executor.to_owned(),
            at: last.at,
            received_at,
            by_hand: last.by_hand.clone(),
            whole: named.iter().any(|f| f.code == Code::D10),
            holders: named.into_iter().flat_map(|f| f.holders).collect(),
        })
    }
}

/// What stands after all answers about one thing, the earliest first: what was told in full takes the place of all that was told
/// before, what was told in part comes beside it, and of the same somebody the later word counts.
#[must_use]
pub fn standing(mut told: Vec<HoldersTold>) -> Vec<HoldersTold> {
    told.sort_by_key(|t| (t.at, t.received_at));
    let from = told.iter().rposition(|t| t.whole).unwrap_or(0);
    let mut all: Vec<HoldersTold> = Vec::new();
    for mut next in told.into_iter().skip(from) {
        let mut once: Vec<Holder> = Vec::new();
        for holder in next.holders {
            once.retain(|h| !h.is(&holder));
            once.push(holder);
        }
        next.holders = once;
        for before in &mut all {
            before.holders.retain(|old| !next.holders.iter().any(|new| new.is(old)));
        }
        all.push(next);
    }
    all.retain(|t| !t.holders.is_empty());
    all
}

#[cfg(test)]
#[path = "holder_tests.rs"]
mod tests;
