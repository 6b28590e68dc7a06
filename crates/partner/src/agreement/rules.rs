//! What an agreement must say, when it ends, and who may confirm it. Pure.

use jiff::civil::Date;
use kernel::{Class, Coded};
use profile::{AddresseeKind, Profile};

use crate::agreement::model::{Agreement, AgreementStatus};
use crate::model::{Institution, PartnerRole};
use crate::rules::{self, EntryError};

/// Longest text in one field, in characters.
const MAX_CHARS: usize = 200;
/// Most items of one list.
const MAX_ITEMS: usize = 2_000;
/// Most requests in a minute that an agreement can allow.
const MAX_REQUESTS: u32 = 1_000_000;
/// Most contact points.
pub const MAX_CONTACTS: usize = 20;

/// One thing that is wrong with an entry. `field` is the name in the file and in the form, `what` the end of its text's
/// key: `partner-form-FIELD.WHAT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `gateway`; of names, with the language: `name_kk`.
    pub field: String,
    /// `missing`, `wrong`, `long`…
    pub what: &'static str,
    /// What is wrong, as it was written; empty where something is missing.
    pub value: String,
}

impl Fault {
    /// A fault of one field.
    #[must_use]
    pub fn new(field: &str, what: &'static str, value: &str) -> Self {
        Self { field: field.to_owned(), what, value: value.chars().take(80).collect() }
    }
}

/// Everything that is wrong with an entry, field by field. `fully`: as the form of the desk asks, that is also with number,
/// day, names in each language and a contact point; else only what is there must be right.
#[must_use]
pub fn check(entry: &Institution, profile: &Profile, fully: bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    who(entry, profile, fully, &mut faults);
    keeps(entry, profile, &mut faults);
    channel(entry, fully, &mut faults);
    terms(entry, profile, fully, &mut faults);
    key(entry, &mut faults);
    faults
}

fn who(entry: &Institution, profile: &Profile, fully: bool, faults: &mut Vec<Fault>) {
    if !rules::is_code(&entry.code) {
        faults.push(Fault::new("code", "wrong", &entry.code));
    }
    let known = AddresseeKind::parse(&entry.kind).and_then(|kind| profile.institution_kind(kind));
    if known.is_none() {
        faults.push(Fault::new("kind", "wrong", &entry.kind));
    }
    // The centre's answers stand for those of others: no other kind is believed so.
    let centre = AddresseeKind::parse(&entry.kind) == Some(AddresseeKind::AntifraudCentre);
    if entry.role == PartnerRole::AntifraudCentre && !centre {
        faults.push(Fault::new("role", "wrong", entry.role.as_str()));
    }
    for lang in profile.languages() {
        let name = if entry.names.has(lang) { entry.names.get(lang).trim() } else { "" };
        let field = format!("name_{lang}");
        if fully && name.is_empty() {
            faults.push(Fault::new(&field, "missing", ""));
        }
        if name.chars().count() > MAX_CHARS {
            faults.push(Fault::new(&field, "long", name));
        }
    }
}

/// A list of an entry: its field, its items, and what each of them must be.
type List<'a> = (&'a str, &'a [String], fn(&str) -> bool);

fn keeps(entry: &Institution, profile: &Profile, faults: &mut Vec<Fault>) {
    let iban = |text: &str| text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if let Some(code) = entry.iban_code.as_deref().filter(|c| c.is_empty() || c.len() > 11 || !iban(c)) {
        faults.push(Fault::new("iban_code", "wrong", code));
    }
    let lists: [List<'_>; 5] = [
        ("card_bins", &entry.card_bins, is_card_bin),
        ("phone_prefixes", &entry.keeps.phone_prefixes, rules::is_phone_prefix),
        ("sim_prefixes", &entry.keeps.sim_prefixes, rules::is_sim_prefix),
        ("hosts", &entry.keeps.hosts, rules::is_host_end),
        ("networks", &entry.keeps.networks, rules::is_network),
    ];
    for (field, items, good) in lists {
        if items.len() > MAX_ITEMS {
            faults.push(Fault::new(field, "many", ""));
        }
        faults.extend(items.iter().find(|i| !good(i)).map(|wrong| Fault::new(field, "wrong", wrong)));
    }
    let unknown = entry.keeps.registers.iter().find(|code| profile.register_named(code).is_none());
    faults.extend(unknown.map(|code| Fault::new("registers", "wrong", code)));
    // A unit of the own organisation is no other's to answer for.
    let outside = |code: &&String| profile.cases().body(code).is_some_and(|b| b.unit.is_none());
    let unknown = entry.keeps.bodies.iter().find(|code| !outside(code));
    faults.extend(unknown.map(|code| Fault::new("bodies", "wrong", code)));
}

fn is_card_bin(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

fn channel(entry: &Institution, fully: bool, faults: &mut Vec<Fault>) {
    // Nothing is posted to whoever fetches, or gets files, mail or letters.
    let pulls = ["pull", "file_drop", "email_export", "letter"].contains(&entry.delivery.as_str());
    if !pulls && !["", "push", "iso20022"].contains(&entry.delivery.as_str()) {
        faults.push(Fault::new("delivery", "wrong", &entry.delivery));
    }
    if fully && !pulls && entry.gateway.is_empty() {
        faults.push(Fault::new("gateway", "missing", ""));
    }
    if !entry.gateway.is_empty() && !rules::is_gateway(&entry.gateway) {
        faults.push(Fault::new("gateway", "wrong", &entry.gateway));
    }
}

fn terms(entry: &Institution, profile: &Profile, fully: bool, faults: &mut Vec<Fault>) {
    let terms = &entry.agreement;
    for (field, text) in [("number", &terms.number), ("duty_phone", &entry.duty_phone)] {
        if text.chars().count() > MAX_CHARS {
            faults.push(Fault::new(field, "long", text));
        }
    }
    if fully && terms.number.trim().is_empty() {
        faults.push(Fault::new("number", "missing", ""));
    }
    let mut read = |field: &'static str, text: &str, needed: bool| {
        if text.is_empty() {
            if needed {
                faults.push(Fault::new(field, "missing", ""));
            }
            return None;
        }
        let day = day(text);
        if day.is_none() {
            faults.push(Fault::new(field, "wrong", text));
        }
        day
    };
    let signed = read("signed", &terms.signed, fully);
    let from = read("from", &terms.from, false).or(signed);
    let until = read("until", &terms.until, false);
    if until.zip(from).is_some_and(|(until, from)| until < from) {
        faults.push(Fault::new("until", "before", &terms.until));
    }
    if terms.requests_per_minute.is_some_and(|n| n == 0 || n > MAX_REQUESTS) {
        faults.push(Fault::new("requests_per_minute", "wrong", ""));
    }
    let unknown = terms.regions.iter().find(|code| profile.region(code).is_none());
    faults.extend(unknown.map(|code| Fault::new("regions", "wrong", code)));
    contacts(entry, fully, faults);
}

fn contacts(entry: &Institution, fully: bool, faults: &mut Vec<Fault>) {
    let all = &entry.agreement.contacts;
    if fully && all.iter().all(super::ContactPoint::is_empty) {
        faults.push(Fault::new("contacts", "missing", ""));
    }
    if all.len() > MAX_CONTACTS {
        faults.push(Fault::new("contacts", "many", ""));
    }
    for contact in all.iter().filter(|c| !c.is_empty()) {
        let texts = [&contact.name, &contact.phone, &contact.email, &contact.hours];
        if texts.iter().any(|t| t.chars().count() > MAX_CHARS) {
            faults.push(Fault::new("contacts", "long", &contact.name));
        }
        let mail = contact.email.is_empty() || contact.email.contains('@');
        if contact.name.is_empty() || (contact.phone.is_empty() && contact.email.is_empty()) || !mail {
            faults.push(Fault::new("contacts", "wrong", &contact.name));
        }
    }
}

/// Neither key nor key id means that no key comes with it; one alone is a mistake.
fn key(entry: &Institution, faults: &mut Vec<Fault>) {
    if entry.keyid.is_empty() && entry.public_key.is_empty() {
        return;
    }
    if !rules::is_own_keyid(&entry.code, &entry.keyid) {
        faults.push(Fault::new("keyid", "wrong", &entry.keyid));
    }
    if rules::public_key(&entry.public_key).is_none() {
        faults.push(Fault::new("public_key", "wrong", ""));
    }
}

/// The public key that comes with an entry, if one does.
///
/// # Errors
/// What was given is no key.
pub fn key_of(entry: &Institution) -> Result<Option<[u8; 32]>, EntryError> {
    if entry.keyid.is_empty() && entry.public_key.is_empty() {
        return Ok(None);
    }
    rules::public_key(&entry.public_key).map(Some).ok_or_else(|| EntryError::Key(entry.code.clone()))
}

/// A day as agreements write it.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

/// How far the end of an agreement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// No end is agreed, or it is far.
    Far,
    /// It ends on this day, within the notice.
    Near(Date),
    /// This was its last day.
    Past(Date),
}

/// How far the end is on `today`. The last day still belongs to the agreement.
#[must_use]
pub fn end(until_day: &str, today: Date, notice_days: u16) -> End {
    let Some(until) = day(until_day) else { return End::Far };
    if until < today {
        return End::Past(until);
    }
    let days = until.since(today).map_or(i32::MAX, |span| span.get_days());
    if days <= i32::from(notice_days) { End::Near(until) } else { End::Far }
}

/// Why a version cannot be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    /// It was confirmed or refused before.
    #[error("this version was decided on before")]
    Settled,
    /// Whoever wrote it cannot confirm it.
    #[error("whoever wrote it cannot confirm it")]
    Author,
    /// One person may hold what both sign in with.
    #[error("one person may hold what both sign in with")]
    OnePerson,
    /// Its author no longer holds the office.
    #[error("its author no longer holds the office")]
    AuthorOut,
    /// Somebody changed the agreement, or took the institution in, meanwhile.
    #[error("the agreement was changed meanwhile")]
    Moved,
}

impl Coded for DecideError {
    fn class(&self) -> Class {
        match self {
            Self::Author | Self::OnePerson => Class::Forbidden,
            Self::Settled | Self::AuthorOut | Self::Moved => Class::Conflict,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Settled => "partner.agreement_settled",
            Self::Author => "partner.agreement_author",
            Self::OnePerson => "partner.agreement_one_person",
            Self::AuthorOut => "partner.agreement_author_out",
            Self::Moved => "partner.agreement_moved",
        }
    }
}

/// Whether `me` may confirm a version while `newest` is the newest that was taken in, and the institution of its code, if
/// there is one, is the one it was written about.
///
/// # Errors
/// [`DecideError`].
pub fn may_confirm(
    version: &Agreement,
    me: &str,
    newest: i64,
    same_institution: bool,
) -> Result<(), DecideError> {
    if version.status != AgreementStatus::Waits {
        return Err(DecideError::Settled);
    }
    if version.header.author == me {
        return Err(DecideError::Author);
    }
    if version.base != newest || !same_institution {
        return Err(DecideError::Moved);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel::{Lang, Localised};

    use super::*;
    use crate::agreement::{ContactPoint, Terms};
    use crate::rules::tests::entry;

    fn kz() -> Profile {
        Profile::embedded("kz").unwrap()
    }

    fn full() -> Institution {
        Institution {
            names: Localised::from_pairs([(Lang::KK, "Үлгі"), (Lang::RU, "Образец"), (Lang::EN, "Sample")]),
            gateway: "https://zalt.example".into(),
            agreement: Terms {
                number: "17/2026".into(),
                signed: "2026-09-01".into(),
                until: "2027-08-31".into(),
                contacts: vec![ContactPoint {
                    name: "Кезекші".into(),
                    phone: "+77000000101".into(),
                    ..ContactPoint::default()
                }],
                ..Terms::default()
            },
            ..entry()
        }
    }

    fn wrong(entry: &Institution) -> Vec<(String, &'static str)> {
        check(entry, &kz(), true).into_iter().map(|f| (f.field, f.what)).collect()
    }

    #[test]
    fn what_the_form_asks() {
        assert_eq!(check(&full(), &kz(), true), []);
        let missing: Vec<_> = wrong(&entry());
        for (field, what) in [
            ("name_kk", "missing"),
            ("name_ru", "missing"),
            ("name_en", "missing"),
            ("gateway", "missing"),
            ("number", "missing"),
            ("signed", "missing"),
            ("contacts", "missing"),
        ] {
            assert!(missing.contains(&(field.to_owned(), what)), "{field} in {missing:?}");
        }
        assert_eq!(check(&entry(), &kz(), false), [], "an older file says none of it and is good");
        let pulls = Institution { delivery: "pull".into(), gateway: String::new(), ..full() };
        assert_eq!(wrong(&pulls), []);
        let keyless = Institution { keyid: String::new(), public_key: String::new(), ..full() };
        assert_eq!(wrong(&keyless), [], "an institution without a program answers at the console");
    }

    #[test]
    fn each_field_is_named_with_its_fault() {
        let term = |change: fn(&mut Terms)| {
            let mut entry = full();
            change(&mut entry.agreement);
            entry
        };
        let of = |change: fn(&mut Institution)| {
            let mut entry = full();
            change(&mut entry);
            entry
        };
        for (entry, field, what) in [
            (of(|e| "z".clone_into(&mut e.code)), "code", "wrong"),
            (of(|e| "shop".clone_into(&mut e.kind)), "kind", "wrong"),
            (of(|e| e.iban_code = Some("ab".into())), "iban_code", "wrong"),
            (of(|e| e.card_bins = vec!["44003".into()]), "card_bins", "wrong"),
            (of(|e| e.keeps.phone_prefixes = vec!["701".into()]), "phone_prefixes", "wrong"),
            (of(|e| e.keeps.hosts = vec!["A.kz".into()]), "hosts", "wrong"),
            (of(|e| e.keeps.sim_prefixes = vec!["7700".into()]), "sim_prefixes", "wrong"),
            (of(|e| e.keeps.networks = vec!["203.0.113.7/24".into()]), "networks", "wrong"),
            (of(|e| e.keeps.networks = vec!["0.0.0.0/0".into()]), "networks", "wrong"),
            (of(|e| e.role = PartnerRole::AntifraudCentre), "role", "wrong"),
            (of(|e| e.keeps.registers = vec!["kui".into(), "sand".into()]), "registers", "wrong"),
            (of(|e| e.keeps.bodies = vec!["afm".into(), "investigation".into()]), "bodies", "wrong"),
            (of(|e| "fax".clone_into(&mut e.delivery)), "delivery", "wrong"),
            (of(|e| "ftp://x".clone_into(&mut e.gateway)), "gateway", "wrong"),
            (of(|e| "https://".clone_into(&mut e.gateway)), "gateway", "wrong"),
            (of(|e| "ZBEK/1".clone_into(&mut e.keyid)), "keyid", "wrong"),
            (of(|e| e.public_key.clear()), "public_key", "wrong"),
            (term(|t| t.number = "№".repeat(201)), "number", "long"),
            (term(|t| "1 September".clone_into(&mut t.signed)), "signed", "wrong"),
            (term(|t| "2026-02-30".clone_into(&mut t.until)), "until", "wrong"),
            (term(|t| "2026-08-31".clone_into(&mut t.until)), "until", "before"),
            (term(|t| t.regions = vec!["KZ-99".into()]), "regions", "wrong"),
            (term(|t| t.requests_per_minute = Some(0)), "requests_per_minute", "wrong"),
            (term(|t| t.requests_per_minute = Some(1_000_001)), "requests_per_minute", "wrong"),
            (term(|t| t.contacts[0].phone.clear()), "contacts", "wrong"),
            (term(|t| "a.example".clone_into(&mut t.contacts[0].email)), "contacts", "wrong"),
            (term(|t| t.contacts = vec![t.contacts[0].clone(); 21]), "contacts", "many"),
        ] {
            let found = wrong(&entry);
            assert!(found.contains(&(field.to_owned(), what)), "{field}.{what} in {found:?}");
        }
    }

    #[test]
    fn the_end_is_near_for_thirty_days_and_its_last_day_belongs_to_it() {
        let today: Date = "2026-11-28".parse().unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        for (until, expected) in [
            ("", End::Far),
            ("2026-12-29", End::Far),
            ("2026-12-28", End::Near(day("2026-12-28"))),
            ("2026-11-28", End::Near(day("2026-11-28"))),
            ("2026-11-27", End::Past(day("2026-11-27"))),
            ("2031-01-01", End::Far),
            ("soon", End::Far),
        ] {
            assert_eq!(end(until, today, 30), expected, "{until}");
        }
    }
}
