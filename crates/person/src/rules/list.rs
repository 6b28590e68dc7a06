//! A list of persons as a table, read: each line a person or a fault. Pure.

use std::collections::BTreeMap;

use app::sheet;

use crate::model::{Role, Told};

/// Most bytes of a table.
pub const MAX_BYTES: usize = 2 << 20;
/// Most lines.
pub const MAX_LINES: usize = 5_000;
/// Longest field, characters.
const MAX_FIELD: usize = 200;

/// Why a table is no list of persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    /// Nothing in it.
    #[error("the table holds no line")]
    Empty,
    /// It is too large, or has too many lines.
    #[error("the table is too large")]
    TooLarge,
    /// No column is called so that anybody is found in it.
    #[error("no column names a person")]
    Columns,
    /// It cannot be read as a table.
    #[error("it cannot be read as a table")]
    Format,
}

impl ListFault {
    /// The code of the error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "person.list_empty",
            Self::TooLarge => "person.list_large",
            Self::Columns => "person.list_columns",
            Self::Format => "person.list_format",
        }
    }
}

/// Why a line is nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineFault {
    /// Nothing is told by which somebody could be found.
    Nothing,
    /// The number is none.
    Number,
    /// A field is too long.
    TooLong,
    /// The role is none that is known.
    Role,
    /// The same line stands above.
    Twice,
}

impl LineFault {
    /// As in keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Number => "number",
            Self::TooLong => "too-long",
            Self::Role => "role",
            Self::Twice => "twice",
        }
    }
    /// Reads [`Self::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::Nothing, Self::Number, Self::TooLong, Self::Role, Self::Twice];
        all.into_iter().find(|f| f.as_str() == text)
    }
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Line {
    /// Where it stands in the table.
    pub no: u64,
    /// What they are, if the line says.
    pub role: Option<String>,
    /// What is told.
    pub told: Row,
}

/// What a line tells, as [`Told`] without what no table has.
pub type Row = BTreeMap<String, String>;

/// A table that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Read {
    /// Persons.
    pub lines: Vec<Line>,
    /// What is wrong with which line.
    pub faults: Vec<(u64, LineFault)>,
}

/// What columns are called.
const COLUMNS: [(&str, &[&str]); 10] = [
    ("iin", &["iin", "иин", "жсн"]),
    (
        "last",
        &[
            "name",
            "full name",
            "фио",
            "аты-жөні",
            "last",
            "last name",
            "last_name",
            "surname",
            "фамилия",
            "тегі",
        ],
    ),
    ("first", &["first", "first name", "first_name", "имя", "аты"]),
    ("middle", &["middle", "middle name", "middle_name", "отчество", "әкесінің аты"]),
    ("birth", &["birth", "birth date", "birth_date", "born", "дата рождения", "туған күні"]),
    ("phone", &["phone", "telephone", "телефон"]),
    ("address", &["address", "адрес", "мекенжайы", "мекенжай"]),
    ("role", &["role", "роль", "рөлі"]),
    ("device", &["device", "imei", "устройство", "құрылғы"]),
    ("photo", &["photo", "photograph", "фото", "фотосурет"]),
];

/// Roles as they are written in tables, besides their words in code.
const ROLES: [(Role, &[&str]); 6] = [
    (Role::Victim, &["потерпевший", "жәбірленуші"]),
    (Role::Suspect, &["подозреваемый", "күдікті"]),
    (Role::Dropper, &["дроппер"]),
    (Role::AccountHolder, &["владелец счёта", "владелец счета", "шот иесі", "account holder"]),
    (Role::Witness, &["свидетель", "куә"]),
    (Role::Organiser, &["организатор", "ұйымдастырушы"]),
];

/// A role as a table writes it.
#[must_use]
pub fn role(text: &str) -> Option<Role> {
    let small = text.trim().to_lowercase();
    Role::parse(&small)
        .or_else(|| ROLES.iter().find(|(_, words)| words.contains(&small.as_str())).map(|(role, _)| *role))
}

/// What a line tells.
#[must_use]
pub fn told(row: &Row) -> Told {
    let of = |name: &str| row.get(name).cloned().unwrap_or_default();
    Told {
        iin: of("iin"),
        last: of("last"),
        first: of("first"),
        middle: of("middle"),
        birth: of("birth"),
        phone: of("phone"),
        address: of("address"),
        device: of("device"),
        photo: of("photo"),
        holding: None,
    }
}

fn column(heading: &str) -> Option<&'static str> {
    let small = heading.trim().trim_start_matches('\u{feff}').to_lowercase();
    COLUMNS.iter().find(|(_, names)| names.contains(&small.as_str())).map(|(name, _)| *name)
}

fn line(no: u64, mut row: Row) -> Result<Line, LineFault> {
    row.retain(|_, value| !value.is_empty());
    if row.values().any(|v| v.chars().count() > MAX_FIELD) {
        return Err(LineFault::TooLong);
    }
    let role = match row.remove("role") {
        Some(text) => Some(role(&text).ok_or(LineFault::Role)?.as_str().to_owned()),
        None => None,
    };
    if let Some(iin) = row.get_mut("iin") {
        *iin = identifier::normalise(identifier::Kind::Iin, iin, identifier::Region::default())
            .map_err(|_| LineFault::Number)?;
    }
    if !["iin", "last", "first", "phone"].iter().any(|name| row.contains_key(*name)) {
        return Err(LineFault::Nothing);
    }
    Ok(Line { no, role, told: row })
}

/// Reads a table: the first line says what the columns are.
///
/// # Errors
/// [`ListFault`].
pub fn read(bytes: &[u8]) -> Result<Read, ListFault> {
    if bytes.len() > MAX_BYTES {
        return Err(ListFault::TooLarge);
    }
    let text = sheet::decoded(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(sheet::delimiter(&text))
        .flexible(true)
        .has_headers(true)
        .from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|_| ListFault::Format)?.clone();
    let places: Vec<Option<&'static str>> = headings.iter().map(column).collect();
    if !places.iter().flatten().any(|c| matches!(*c, "iin" | "last" | "first" | "phone")) {
        return Err(if text.trim().is_empty() { ListFault::Empty } else { ListFault::Columns });
    }
    let mut all = Read::default();
    let mut known: BTreeMap<Row, u64> = BTreeMap::new();
    for (no, cells) in (2_u64..).zip(reader.records()) {
        let cells = cells.map_err(|_| ListFault::Format)?;
        if cells.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        // A spreadsheet keeps a number from being reckoned with by an apostrophe.
        let value = |text: &str| text.trim().trim_start_matches('\'').trim().to_owned();
        let row: Row = places
            .iter()
            .zip(cells.iter())
            .filter_map(|(name, cell)| Some(((*name)?.to_owned(), value(cell))))
            .collect();
        match line(no, row) {
            Ok(line) if known.contains_key(&line.told) => all.faults.push((no, LineFault::Twice)),
            Ok(line) => {
                known.insert(line.told.clone(), no);
                all.lines.push(line);
            }
            Err(fault) => all.faults.push((no, fault)),
        }
        if all.lines.len().saturating_add(all.faults.len()) > MAX_LINES {
            return Err(ListFault::TooLarge);
        }
    }
    if all.lines.is_empty() && all.faults.is_empty() { Err(ListFault::Empty) } else { Ok(all) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_and_faults() {
        let table = "ФИО;ИИН;Телефон;Роль\nСынақ Адам;;+77000000001;дроппер\nБөтен Үлгі;123;;\n;;;\nТест;;;король\n\
                     Сынақ Адам;;+77000000001;дроппер\n;;;свидетель\n";
        let all = read(table.as_bytes()).unwrap();
        assert_eq!(all.lines.len(), 1);
        assert_eq!(all.lines[0].role.as_deref(), Some("dropper"));
        assert_eq!(told(&all.lines[0].told).last, "Сынақ Адам");
        let faults: Vec<_> = all.faults.iter().map(|(no, f)| (*no, f.as_str())).collect();
        assert_eq!(faults, [(3, "number"), (5, "role"), (6, "twice"), (7, "nothing")]);
        assert_eq!(read(b""), Err(ListFault::Empty));
        assert_eq!(read("сумма;дата\n1;2\n".as_bytes()), Err(ListFault::Columns));
        assert_eq!(read("iin\n".as_bytes()), Err(ListFault::Empty));
        for fault in ["nothing", "number", "too-long", "role", "twice"] {
            assert_eq!(LineFault::parse(fault).map(LineFault::as_str), Some(fault));
        }
    }

    proptest! {
        /// Whatever comes is read or refused, and each line is counted once.
        #[test]
        fn anything(text in "(name,phone\n)?[a-zа-я0-9,;\"\n\t ]{0,80}") {
            if let Ok(all) = read(text.as_bytes()) {
                let mut numbers: Vec<u64> = all.lines.iter().map(|l| l.no).chain(all.faults.iter().map(|f| f.0)).collect();
                let count = numbers.len();
                numbers.sort_unstable();
                numbers.dedup();
                prop_assert_eq!(numbers.len(), count);
            }
        }
    }
}
