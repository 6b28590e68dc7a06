//! One record of somebody, as it was told, and as it is compared.

use std::collections::HashMap;
use std::sync::Arc;

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

impl Record {
    /// What it tells, field by field.
    pub(crate) fn fields(&self) -> [&str; 7] {
        [&self.iin, &self.last, &self.first, &self.middle, &self.birth, &self.phone, &self.address]
    }
}

/// A day: year, month, day of the month.
pub(crate) type Day = (u16, u8, u8);

/// A record, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prepared {
    pub(crate) iin: Option<String>,
    pub(crate) last: Option<Arc<Word>>,
    pub(crate) first: Option<Arc<Word>>,
    pub(crate) middle: Option<Arc<Word>>,
    pub(crate) birth: Option<Day>,
    /// Whether the day of birth is the number's and nobody's word beside it.
    pub(crate) birth_by_number: bool,
    pub(crate) phone: Option<String>,
    /// Sounds of the words of the address that say something, sorted.
    pub(crate) address: Vec<String>,
    /// Whether it is a man's, as the number or the father's name says.
    pub(crate) male: Option<bool>,
}

impl Prepared {
    /// Whether both tell a national number that is right, and not the same nor with a slip: two persons, as far as the register knows.
    #[must_use]
    pub fn clashes(&self, other: &Self) -> bool {
        let right = |iin: &str| {
            identifier::normalise(identifier::Kind::Iin, iin, identifier::Region::default()).is_ok()
        };
        let (Some(a), Some(b)) = (self.iin.as_deref(), other.iin.as_deref()) else { return false };
        super::levels::numbers(a, b) == super::levels::OTHER && right(a) && right(b)
    }
}

/// Reads many records: a name or a word of an address that comes again is read once and kept once.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    words: HashMap<String, Option<Arc<Word>>>,
    places: HashMap<String, String>,
}

impl Reader {
    fn word(&mut self, field: &str) -> Option<Arc<Word>> {
        if let Some(known) = self.words.get(field) {
            return known.clone();
        }
        let read = Word::read(field).map(Arc::new);
        self.words.insert(field.to_owned(), read.clone());
        read
    }
    fn place(&mut self, word: &str) -> String {
        if let Some(known) = self.places.get(word) {
            return known.clone();
        }
        let heard = coarse(&sound(word));
        self.places.insert(word.to_owned(), heard.clone());
        heard
    }
}

/// Words that most addresses have.
const EVERYWHERE: [&str; 76] = [
    "қ",
    "м",
    "н",
    "р",
    "мөлтек",
    "шағын",
    "ауылы",
    "кенті",
    "село",
    "пос",
    "бульвар",
    "б",
    "переулок",
    "пер",
    "шоссе",
    "корпус",
    "казахстан",
    "қазақстан",
    "рк",
    "kz",
    "ul",
    "ulitsa",
    "dom",
    "kv",
    "gorod",
    "pr",
    "prospekt",
    "mkr",
    "obl",
    "oblast",
    "koshesi",
    "qalasy",
    "uy",
    "pater",
    "flat",
    "road",
    "rd",
    "district",
    "kazakhstan",
    "avenue",
    "шағынауданы",
    "no",
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

/// Places and streets that have another name in the other language, and the one by which they are compared.
const SAME_PLACE: [(&str, &str); 9] = [
    ("дружбы", "достық"),
    ("независимости", "тәуелсіздік"),
    ("мира", "бейбітшілік"),
    ("победы", "жеңіс"),
    ("усть", "өскемен"),
    ("каменогорск", "өскемен"),
    ("уральск", "орал"),
    ("петропавловск", "петропавл"),
    ("семипалатинск", "семей"),
];

fn digits(text: &str) -> String {
    // A spreadsheet that took a number for one writes it with a stop and a nought.
    let text = text.trim();
    text.strip_suffix(".0").unwrap_or(text).chars().filter(char::is_ascii_digit).collect()
}

/// A number that stands for none: one digit again and again, or what tells no day of birth where it should.
fn is_filler(iin: &str) -> bool {
    let first = iin.chars().next();
    iin.chars().all(|c| Some(c) == first) || (iin.len() == 12 && told_by(iin).is_none())
}

/// The first telephone of a field, as its last ten digits.
fn telephone(text: &str) -> String {
    let end = text.find([',', ';', '/']).unwrap_or(text.len());
    let small = text.get(..end).unwrap_or(text).to_lowercase();
    let end =
        ["доб", "вн", "ext", "қос"].iter().filter_map(|word| small.find(word)).min().unwrap_or(small.len());
    let all = digits(small.get(..end).unwrap_or(&small));
    all.get(all.len().saturating_sub(10)..).unwrap_or_default().to_owned()
}

/// Months in words, by their beginnings.
const MONTHS: [[&str; 3]; 12] = [
    ["янв", "қаң", "jan"],
    ["фев", "ақп", "feb"],
    ["мар", "нау", "mar"],
    ["апр", "сәу", "apr"],
    ["мая", "мам", "may"],
    ["июн", "мау", "jun"],
    ["июл", "шіл", "jul"],
    ["авг", "там", "aug"],
    ["сен", "қыр", "sep"],
    ["окт", "қаз", "oct"],
    ["ноя", "қар", "nov"],
    ["дек", "жел", "dec"],
];

/// A month in words as a number among the digits: `17 мамыр 1990` is `17 5 1990`.
fn months_as_numbers(text: &str) -> String {
    let word = |word: &str| {
        let small = word.to_lowercase();
        let month = MONTHS.iter().position(|names| names.iter().any(|n| small.starts_with(n)));
        month.map_or_else(|| word.to_owned(), |at| at.saturating_add(1).to_string())
    };
    text.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

/// Years in which people who are alive, or lately were, are born.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2030;

/// A day out of what somebody wrote: the year is the group of four digits, or they are eight in a row, the year first.
pub(crate) fn day(text: &str) -> Option<Day> {
    let text = months_as_numbers(text);
    let groups: Vec<String> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|g| !g.is_empty())
        .take(3)
        .map(str::to_owned)
        .collect();
    let number = |text: &str| text.parse::<u16>().ok();
    let (year, mut month, mut day) = match groups.as_slice() {
        [y, m, d] if y.len() == 4 => (number(y)?, number(m)?, number(d)?),
        [d, m, y] if y.len() == 4 => (number(y)?, number(m)?, number(d)?),
        [d, m, y] if y.len() == 2 => {
            let short = number(y)?;
            (short.saturating_add(if short > 26 { 1900 } else { 2000 }), number(m)?, number(d)?)
        }
        [all] if all.len() == 8 => {
            let part = |from: usize, to: usize| all.get(from..to).and_then(number);
            let first = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
            let fits = YEARS.contains(&first.0) && first.1 <= 12;
            if fits { first } else { (part(4, 8)?, part(2, 4)?, part(0, 2)?) }
        }
        _ => return None,
    };
    if month > 12 && day <= 12 {
        std::mem::swap(&mut month, &mut day);
    }
    // The first day of 1900 is what machines write for none.
    let none = (year, month, day) == (1900, 1, 1);
    if none || !YEARS.contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    Some((year, u8::try_from(month).ok()?, u8::try_from(day).ok()?))
}

/// Whether somebody can have been born then: a day that there is, or a year alone.
pub(crate) fn is_birth(text: &str) -> bool {
    if text.len() == 4 {
        return text.parse().is_ok_and(|year: u16| YEARS.contains(&year));
    }
    day(text).is_some_and(|(year, month, day)| {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        day <= last
    })
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

impl Prepared {
    /// What each part of the name sounds like, without initials.
    pub fn sounds(&self) -> impl Iterator<Item = String> {
        let parts = [&self.last, &self.first, &self.middle];
        parts.into_iter().flatten().filter(|w| !w.is_initial()).map(|w| coarse(&w.sound))
    }

    /// The day of birth: year, month, day of the month.
    #[must_use]
    pub const fn birth(&self) -> Option<(u16, u8, u8)> {
        self.birth
    }
}

impl Record {
    /// Reads the fields.
    #[must_use]
    pub fn prepare(&self) -> Prepared {
        self.read(&mut Reader::default())
    }

    pub(crate) fn read(&self, reader: &mut Reader) -> Prepared {
        let iin = Some(digits(&self.iin)).filter(|d| d.len() >= 6 && !is_filler(d));
        let told = iin.as_deref().filter(|d| d.len() == 12).and_then(told_by);
        let (mut last, mut first, mut middle) =
            (reader.word(&self.last), reader.word(&self.first), reader.word(&self.middle));
        // All of it in the first field.
        let whole: Vec<&str> = self.last.split_whitespace().collect();
        if let (None, None, [family, given, rest @ ..]) = (&first, &middle, whole.as_slice()) {
            last = reader.word(family);
            first = reader.word(given);
            middle = reader.word(&rest.concat());
        }
        let phone = telephone(&self.phone);
        // Two parts in one field: the given and the father's name.
        let given: Vec<&str> = self.first.split_whitespace().collect();
        if let (None, [name, father]) = (&middle, given.as_slice())
            && let Some(father) = reader.word(father).filter(|f| by_father(f).is_some())
        {
            first = reader.word(name);
            middle = Some(father);
        }
        let mut address: Vec<String> = self
            .address
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty() && !EVERYWHERE.contains(w))
            .map(|w| SAME_PLACE.iter().find(|(other, _)| *other == w).map_or(w, |(_, name)| *name))
            .map(|w| if w.bytes().all(|b| b.is_ascii_digit()) { w.to_owned() } else { reader.place(w) })
            .filter(|w| !w.is_empty())
            .collect();
        address.sort();
        address.dedup();
        let birth = day(&self.birth);
        Prepared {
            birth_by_number: birth.is_none() && told.is_some(),
            birth: birth.or(told.map(|(day, _)| day)),
            male: told.map(|(_, male)| male).or_else(|| middle.as_deref().and_then(by_father)),
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
    fn births() {
        for right in ["29.02.2000", "1990-12-31", "17 мая 1990", "1990"] {
            assert!(is_birth(right), "{right}");
        }
        for wrong in ["31.02.1990", "29.02.1900", "31.04.1990", "2090-01-01", "1790", "весной", "abcd"]
        {
            assert!(!is_birth(wrong), "{wrong}");
        }
    }

    #[test]
    fn days() {
        for (text, told) in [
            ("1990-05-17", Some((1990, 5, 17))),
            ("17.05.1990", Some((1990, 5, 17))),
            ("17/5/1990", Some((1990, 5, 17))),
            ("19900517", Some((1990, 5, 17))),
            ("17051990", Some((1990, 5, 17))),
            ("05/17/1990", Some((1990, 5, 17))),
            ("17.05.90", Some((1990, 5, 17))),
            ("17 мая 1990 г.", Some((1990, 5, 17))),
            ("17 мамыр 1990", Some((1990, 5, 17))),
            ("1990-05-17 00:00:00", Some((1990, 5, 17))),
            ("1900-01-01", None),
            ("1990-13-40", None),
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
