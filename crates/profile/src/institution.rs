//! `institutions.toml`: recognising an institution by what stands in an IBAN or on a card. The names serve
//! only to show a person whose account it is; who takes part as a partner is another matter.

use std::collections::BTreeMap;

use kernel::{Lang, Localised};
use serde::Deserialize;

use crate::read::Node;

/// An institution that can be recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Institution {
    /// Its code inside an IBAN.
    pub code: String,
    /// Its BIC, empty if not known.
    pub bic: String,
    /// Its name.
    pub name: Localised,
    /// First digits of its cards.
    pub card_bins: Vec<String>,
}

/// Shape of the country's IBAN (ISO 13616).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IbanShape {
    /// First two letters.
    pub country: String,
    /// Total length.
    pub length: u8,
    /// Where the institution's code begins, from 0.
    pub code_from: u8,
    /// Where it ends, exclusive.
    pub code_to: u8,
}

/// Everything that `institutions.toml` says.
#[derive(Debug, Clone, Default)]
pub struct Institutions {
    iban: Option<IbanShape>,
    by_code: BTreeMap<String, Institution>,
}

impl Institutions {
    /// Shape of the country's IBAN; `None` where it has none.
    #[must_use]
    pub const fn iban(&self) -> Option<&IbanShape> {
        self.iban.as_ref()
    }
    /// All of them, by code.
    pub fn all(&self) -> impl Iterator<Item = &Institution> {
        self.by_code.values()
    }
    /// The institution with this code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Institution> {
        self.by_code.get(code)
    }
    /// The institution's code inside an IBAN in capitals without spaces; `None` for another country's.
    #[must_use]
    pub fn code_in<'a>(&self, iban: &'a str) -> Option<&'a str> {
        let shape = self.iban.as_ref()?;
        let fits = iban.len() == usize::from(shape.length) && iban.starts_with(shape.country.as_str());
        iban.get(usize::from(shape.code_from)..usize::from(shape.code_to)).filter(|_| fits)
    }
    /// The institution that keeps this IBAN.
    #[must_use]
    pub fn of_iban(&self, iban: &str) -> Option<&Institution> {
        self.by_code(self.code_in(iban)?)
    }
    /// The institution that issued a card, by its first digits; the longest range wins.
    #[must_use]
    pub fn of_card(&self, digits: &str) -> Option<&Institution> {
        let ranges = self.all().flat_map(|i| i.card_bins.iter().map(move |b| (b, i)));
        ranges.filter(|(b, _)| digits.starts_with(b.as_str())).max_by_key(|(b, _)| b.len()).map(|(_, i)| i)
    }
}

/// One line of a data set of bank codes.
#[derive(Deserialize)]
struct Line {
    bank_code: String,
    #[serde(default)]
    bic: String,
    name: String,
}

/// Reads the whole file. `data_set` gives the text of a compiled-in data set by name.
pub(crate) fn institutions(
    node: &Node<'_>,
    first_lang: &Lang,
    mut data_set: impl FnMut(&str) -> Option<&'static str>,
) -> Option<Institutions> {
    let iban = node.value("iban").map(|v| v.table(iban_shape));
    let mut by_code = BTreeMap::new();
    if let Some(name) = node.opt::<String>("data_set")? {
        let lang = node.opt::<Lang>("data_set_lang")?.unwrap_or_else(|| first_lang.clone());
        match data_set(&name).map(serde_json::from_str::<Vec<Line>>) {
            None => node.wrong_at("data_set", format!("expected a data set of this program, found `{name}`")),
            Some(Err(error)) => {
                node.wrong_at("data_set", format!("the data set `{name}` is broken: {error}"))
            }
            Some(Ok(lines)) => by_code.extend(lines.into_iter().map(|line| {
                let name = Localised::from_pairs([(lang.clone(), line.name)]);
                let institution =
                    Institution { code: line.bank_code, bic: line.bic, name, card_bins: Vec::new() };
                (institution.code.clone(), institution)
            })),
        }
    } else {
        node.opt::<Lang>("data_set_lang")?;
    }
    let own = node.each("institution", |n| {
        let (code, name) = (n.req::<String>("code"), n.req::<Localised>("name"));
        let (bic, card_bins) = (n.opt::<String>("bic"), n.or("card_bins", Vec::<String>::new()));
        let card_bins = card_bins?;
        if card_bins.iter().any(|b| !(4..=8).contains(&b.len()) || !b.bytes().all(|c| c.is_ascii_digit())) {
            n.wrong_at("card_bins", "expected 4 to 8 digits");
        }
        Some((code?, name?, bic?, card_bins))
    });
    for (code, name, bic, card_bins) in own {
        let entry = by_code.entry(code.clone());
        let known = entry.or_insert_with(|| Institution {
            code,
            bic: String::new(),
            name: name.clone(),
            card_bins: Vec::new(),
        });
        known.name = name;
        known.card_bins = card_bins;
        known.bic = bic.unwrap_or_else(|| known.bic.clone());
    }
    let iban = match iban {
        Some(read) => Some(read?),
        None => None,
    };
    Some(Institutions { iban, by_code })
}

fn iban_shape(node: &Node<'_>) -> Option<IbanShape> {
    let (country, length) = (node.req::<String>("country"), node.req::<u8>("length"));
    let (from, to) = (node.req::<u8>("code_from"), node.req::<u8>("code_to"));
    let (country, length, code_from, code_to) = (country?, length?, from?, to?);
    if !(4 <= code_from && code_from < code_to && code_to <= length && length <= 34) {
        node.wrong("expected 4 <= `code_from` < `code_to` <= `length` <= 34 (ISO 13616)");
        return None;
    }
    Some(IbanShape { country, length, code_from, code_to })
}
