//! One record of somebody, as it was told, and as it is compared.

use names::Word;
use names::letters::{coarse, sound};

/// One record: any field may be blank.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// The individual identification number, twelve digits in Kazakhstan.
    pub iin: String,
    /// The family's name.
    pub last: String,
    /// The given name.
    pub first: String,
    /// The father's name.
    pub middle: String,
    /// The day of birth, in any order of year, month and day.
    pub birth: String,
    /// A telephone.
    pub phone: String,
    /// An address.
    pub address: String,
}

/// A day: year, month, day of the month.
pub(crate) type Day = (u16, u8, u8);

/// A record, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prepared {
    pub(crate) iin: Option<String>,
    pub(crate) last: Option<Word>,
    pub(crate) first: Option<Word>,
    pub(crate) middle: Option<Word>,
    pub(crate) birth: Option<Day>,
    pub(crate) phone: Option<String>,
    /// Sounds of the words of the address that say something, sorted.
    pub(crate) address: Vec<String>,
    /// Whether it is a man's, as the number or the father's name says.
    pub(crate) male: Option<bool>,
}

/// Words that most addresses have.
const EVERYWHERE: [&str; 34] = [
    "г",
    "гор",
    "город",
    "қала",
    "қаласы",
    "ул",
    "улица",
    "көшесі",
    "көше",
    "д",
    "дом",
    "үй",
    "кв",
    "квартира",
    "пәтер",
    "мкр",
    "микрорайон",
    "ықшамауданы",
    "пр",
    "проспект",
    "даңғылы",
    "обл",
    "область",
    "облысы",
    "район",
    "ауданы",
    "street",
    "st",
    "str",
    "ave",
    "avenue",
    "apt",
    "city",
    "house",
];

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A day out of what somebody wrote: the year is the group of four digits, or they are eight in a row, the year first.
pub(crate) fn day(text: &str) -> Option<Day> {
    let groups: Vec<String> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|g| !g.is_empty())
        .take(3)
        .map(str::to_owned)
        .collect();
    let number = |text: &str| text.parse::<u16>().ok();
    let (year, month, day) = match groups.as_slice() {
        [y, m, d] if y.len() == 4 => (number(y)?, number(m)?, number(d)?),
        [d, m, y] if y.len() == 4 => (number(y)?, number(m)?, number(d)?),
        [all] if all.len() == 8 => (number(all.get(..4)?)?, number(all.get(4..6)?)?, number(all.get(6..)?)?),
        _ => return None,
    };
    Some((year, u8::try_from(month).ok()?, u8::try_from(day).ok()?))
}

/// The day of birth and the sex that a number of twelve digits tells (Law No. 223-III of 2007 on national registers): year,
/// month, day, and a digit for century and sex.
fn told_by(iin: &str) -> Option<(Day, bool)> {
    let at = |from: usize, to: usize| iin.get(from..to)?.parse::<u16>().ok();
    let (year, month, day, seventh) = (at(0, 2)?, at(2, 4)?, at(4, 6)?, at(6, 7)?);
    let century = match seventh {
        1 | 2 => 1800,
        3 | 4 => 1900,
        5 | 6 => 2000,
        _ => return None,
    };
    let right = (1..=12).contains(&month) && (1..=31).contains(&day);
    let day = (century + year, u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    right.then_some((day, seventh % 2 == 1))
}

/// The sex that the ending of a father's name tells.
fn by_father(word: &Word) -> Option<bool> {
    let ends = |all: [&str; 3]| all.iter().any(|e| word.sound.ends_with(e));
    match (ends(["uli", "oviC", "eviC"]), ends(["kizi", "ovna", "evna"])) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

impl Record {
    /// Reads the fields.
    #[must_use]
    pub fn prepare(&self) -> Prepared {
        let iin = Some(digits(&self.iin)).filter(|d| d.len() >= 6);
        let told = iin.as_deref().filter(|d| d.len() == 12).and_then(told_by);
        let (mut last, mut first, mut middle) =
            (Word::read(&self.last), Word::read(&self.first), Word::read(&self.middle));
        // All of it in the first field.
        let whole: Vec<&str> = self.last.split_whitespace().collect();
        if let (None, None, [family, given, rest @ ..]) = (&first, &middle, whole.as_slice()) {
            last = Word::read(family);
            first = Word::read(given);
            middle = Word::read(&rest.concat());
        }
        let phone = digits(&self.phone);
        let phone = phone.get(phone.len().saturating_sub(10)..).unwrap_or_default().to_owned();
        let mut address: Vec<String> = self
            .address
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty() && !EVERYWHERE.contains(w))
            .map(|w| if w.bytes().all(|b| b.is_ascii_digit()) { w.to_owned() } else { coarse(&sound(w)) })
            .filter(|w| !w.is_empty())
            .collect();
        address.sort();
        address.dedup();
        Prepared {
            birth: day(&self.birth).or(told.map(|(day, _)| day)),
            male: told.map(|(_, male)| male).or_else(|| middle.as_ref().and_then(by_father)),
            phone: (phone.len() >= 7).then_some(phone),
            iin,
            last,
            first,
            middle,
            address,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        for (text, told) in [
            ("1990-05-17", Some((1990, 5, 17))),
            ("17.05.1990", Some((1990, 5, 17))),
            ("17/5/1990", Some((1990, 5, 17))),
            ("19900517", Some((1990, 5, 17))),
            ("1990", None),
            ("", None),
            ("999999-1-1", None),
        ] {
            assert_eq!(day(text), told, "{text}");
        }
    }

    #[test]
    fn what_a_record_tells() {
        let record = Record {
            iin: "900517 300123".into(),
            last: "Серіков Нұр-Сұлтан Болатұлы".into(),
            phone: "8 (701) 555-01-23".into(),
            address: "г. Алматы, ул. Абая, дом 10, кв. 5".into(),
            ..Record::default()
        };
        let told = record.prepare();
        assert_eq!((told.birth, told.male), (Some((1990, 5, 17)), Some(true)));
        assert_eq!(told.first.unwrap().plain, "нұрсұлтан");
        assert_eq!(told.phone.as_deref(), Some("7015550123"));
        assert_eq!(told.address, ["10", "5", "almt", "ap"].map(str::to_owned));
        assert_eq!(Record::default().prepare(), Prepared::default());
    }
}
