//! An agreement in words, field by field.

use ::web::Ctx;
use kernel::{Timestamp, Tlp};
use profile::{AddresseeKind, Profile};

use crate::agreement::ContactPoint;
use crate::agreement::rules::day;
use crate::model::Institution;

/// Ways in which messages are handed over.
pub(super) const DELIVERIES: [&str; 6] = ["push", "iso20022", "pull", "file_drop", "email_export", "letter"];

/// Keys that are put together in this folder.
pub(super) const TEXTS: [&str; 24] = [
    "partner-form-role-executor",
    "partner-form-role-antifraud-centre",
    "partner-delivery-file-drop",
    "partner-delivery-email-export",
    "partner-delivery-letter",
    "partner-delivery-file-drop-hint",
    "partner-delivery-email-export-hint",
    "partner-delivery-letter-hint",
    "partner-delivery-push",
    "partner-delivery-iso20022",
    "partner-delivery-pull",
    "partner-delivery-push-hint",
    "partner-delivery-iso20022-hint",
    "partner-delivery-pull-hint",
    "partner-agreement-waits",
    "partner-agreement-kept",
    "partner-agreement-refused",
    "partner-agreement-near",
    "partner-agreement-past",
    "partner-form-name.missing",
    "partner-form-name.long",
    "partner-form-contact-name.label",
    "partner-form-contacts.wrong",
    "partner-form-form.unchanged",
];

/// One field of an agreement: its label and what it says, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) lines: Vec<String>,
}

/// The mark as TLP writes it.
pub(super) const fn tlp(tlp: Tlp) -> &'static str {
    match tlp {
        Tlp::Clear => "TLP:CLEAR",
        Tlp::Green => "TLP:GREEN",
        Tlp::Amber => "TLP:AMBER",
        Tlp::AmberStrict => "TLP:AMBER+STRICT",
        Tlp::Red => "TLP:RED",
    }
}

pub(super) fn delivery(ctx: &Ctx, code: &str) -> String {
    let code = if DELIVERIES.contains(&code) { code } else { "push" };
    ctx.t(&format!("partner-delivery-{}", code.replace('_', "-")))
}

/// A day in the reader's way of writing; what is none as it stands.
pub(super) fn written_day(ctx: &Ctx, text: &str) -> String {
    let midnight = |day: jiff::civil::Date| day.to_datetime(jiff::civil::Time::midnight());
    let at = day(text).and_then(|d| ctx.zone().to_ambiguous_timestamp(midnight(d)).compatible().ok());
    at.map_or_else(|| text.to_owned(), |at| ctx.date(Timestamp::from_secs(at.as_second())))
}

/// Who wrote a version: a person by name, the command line by what it belongs to.
pub(super) fn author(ctx: &Ctx, name: &str) -> String {
    if name.starts_with("system:") { ctx.t("product-name") } else { name.to_owned() }
}

/// A telephone number in groups; what is none as it stands.
pub(in crate::web) fn phone(text: &str) -> String {
    if text.starts_with('+') { ::web::phone(text) } else { text.to_owned() }
}

/// A contact point in one line.
pub(super) fn contact(point: &ContactPoint) -> String {
    let parts = [point.name.clone(), phone(&point.phone), point.email.clone(), point.hours.clone()];
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Names of regions; the whole country where none is named.
pub(super) fn regions(ctx: &Ctx, profile: &Profile, codes: &[String]) -> Vec<String> {
    if codes.is_empty() {
        return vec![ctx.t("partner-agreement-everywhere")];
    }
    let name = |code: &String| {
        profile.region(code).map_or_else(|| code.clone(), |r| r.name.get(ctx.lang()).to_owned())
    };
    codes.iter().map(name).collect()
}

/// Names of the country's registers; a code that the country does not have as it stands.
fn registers(ctx: &Ctx, profile: &Profile, codes: &[String]) -> Vec<String> {
    let name = |code: &String| {
        let known = profile.register_named(code);
        known.map_or_else(|| code.clone(), |r| r.full_name.get(ctx.lang()).to_owned())
    };
    codes.iter().map(name).collect()
}

/// Names of the bodies in whose name it answers.
fn bodies(ctx: &Ctx, profile: &Profile, codes: &[String]) -> Vec<String> {
    let name = |code: &String| {
        let known = profile.cases().body(code);
        known.map_or_else(|| code.clone(), |b| b.name.get(ctx.lang()).to_owned())
    };
    codes.iter().map(name).collect()
}

/// The kind of an institution in words, as the country calls it.
pub(in crate::web) fn kind(ctx: &Ctx, profile: &Profile, kind: &str) -> String {
    let known = AddresseeKind::parse(kind).and_then(|k| profile.institution_kind(k));
    known.map_or_else(|| kind.to_owned(), |name| name.get(ctx.lang()).to_owned())
}

/// Everything that an entry says, in the order of the form. What it does not say has no lines.
pub(super) fn facts(ctx: &Ctx, profile: &Profile, entry: &Institution) -> Vec<Fact> {
    let terms = &entry.agreement;
    let said = |text: &str| if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    let on = |text: &str| said(&written_day(ctx, text));
    let list = |items: &[String]| if items.is_empty() { Vec::new() } else { vec![items.join(", ")] };
    let mut all = vec![
        ("code", said(&entry.code)),
        ("kind", vec![kind(ctx, profile, &entry.kind)]),
        ("role", vec![ctx.t(&format!("partner-form-role-{}", entry.role.as_str().replace('_', "-")))]),
    ];
    let own =
        |lang: &kernel::Lang| if entry.names.has(lang) { said(entry.names.get(lang)) } else { Vec::new() };
    let names = profile.languages().iter().map(|lang| (format!("name-{lang}"), own(lang)));
    let names: Vec<(String, Vec<String>)> = names.collect();
    all.extend(names.iter().map(|(key, lines)| (key.as_str(), lines.clone())));
    // What an older file says of whom to ask for is taken in beside the contact points.
    let older = said(&entry.contact.text());
    let contacts: Vec<String> = terms.contacts.iter().map(contact).chain(older).collect();
    all.extend([
        ("number", said(&terms.number)),
        ("signed", on(&terms.signed)),
        ("from", on(&terms.from)),
        ("until", on(&terms.until)),
        ("marking", vec![tlp(terms.marking).to_owned()]),
        ("regions", regions(ctx, profile, &terms.regions)),
        ("contacts", contacts),
        ("duty-phone", said(&phone(&entry.duty_phone))),
        ("delivery", vec![delivery(ctx, &entry.delivery)]),
        ("gateway", said(&entry.gateway)),
        ("requests-per-minute", terms.requests_per_minute.map(|n| n.to_string()).into_iter().collect()),
        (
            "mutual-tls",
            if terms.mutual_tls { vec![ctx.t("partner-form-mutual-tls-yes")] } else { Vec::new() },
        ),
        ("iban-code", said(entry.iban_code.as_deref().unwrap_or_default())),
        ("card-bins", list(&entry.card_bins)),
        ("phone-prefixes", list(&entry.keeps.phone_prefixes)),
        ("sim-prefixes", list(&entry.keeps.sim_prefixes)),
        ("hosts", list(&entry.keeps.hosts)),
        ("networks", list(&entry.keeps.networks)),
        ("registers", registers(ctx, profile, &entry.keeps.registers)),
        ("bodies", bodies(ctx, profile, &entry.keeps.bodies)),
        ("handles", if entry.keeps.handles { vec![ctx.t("partner-form-handles-yes")] } else { Vec::new() }),
        ("apps", if entry.keeps.apps { vec![ctx.t("partner-form-apps-yes")] } else { Vec::new() }),
        ("key-name", said(&entry.keyid)),
        ("public-key", said(&entry.public_key)),
    ]);
    let fact = |(key, lines): (&str, Vec<String>)| Fact { label: label(ctx, key), lines };
    all.into_iter().map(fact).collect()
}

fn label(ctx: &Ctx, key: &str) -> String {
    let key = format!("partner-form-{key}.label");
    // A language without words of its own.
    if ctx.has_text(&key) { ctx.t(&key) } else { ctx.t("partner-form-name.label") }
}

#[cfg(test)]
mod tests {
    use kernel::{Lang, Localised};
    use serde_json::{Value, json};

    use super::*;
    use crate::agreement::Terms;
    use crate::model::{Contact, Keeps, PartnerRole};

    /// An entry that says something in each field.
    fn whole() -> Institution {
        let text = |text: &str| text.to_owned();
        Institution {
            code: text("ZALT"),
            kind: text("bank"),
            role: PartnerRole::Executor,
            names: Localised::from_pairs([(Lang::KK, "Үлгі"), (Lang::RU, "Образец"), (Lang::EN, "Sample")]),
            iban_code: Some(text("998")),
            card_bins: vec![text("440043")],
            keeps: Keeps {
                phone_prefixes: vec![text("+7701")],
                hosts: vec![text("a.example")],
                handles: true,
                sim_prefixes: vec![text("8977001")],
                networks: vec![text("203.0.113.0/24")],
                apps: true,
                registers: vec![text("kui")],
                bodies: vec![text("afm")],
            },
            delivery: text("pull"),
            gateway: text("https://a.example"),
            public_key: text("KEY"),
            keyid: text("ZALT/1"),
            duty_phone: text("+77000000101"),
            contact: Contact { name: text("А"), phone: text("+77000000102"), email: text("a@a.example") },
            agreement: Terms {
                number: text("17"),
                signed: text("2026-09-01"),
                from: text("2026-09-02"),
                until: text("2027-08-31"),
                regions: vec![text("KZ-75")],
                contacts: vec![ContactPoint {
                    name: text("Б"),
                    phone: text("+77000000103"),
                    email: text("b@a.example"),
                    hours: text("9–18"),
                }],
                marking: Tlp::Amber,
                requests_per_minute: Some(60),
                mutual_tls: true,
            },
        }
    }

    /// Where each value of the entry as a file lies.
    fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, v)| leaves(v, &format!("{at}/{key}"), found)),
            Value::Array(items) => {
                assert!(!items.is_empty(), "{at}: the sample must say something");
                for (no, v) in items.iter().enumerate() {
                    leaves(v, &format!("{at}/{no}"), found);
                }
            }
            _ => found.push(at.to_owned()),
        }
    }

    /// Bug: role and registers were not among what the second administrator is shown, and took effect.
    #[test]
    fn whatever_is_put_in_force_is_shown_to_whoever_confirms() {
        let site = ::web::Site::for_tests(&crate::LOCALES, Timestamp::from_secs(1_800_000_000)).unwrap();
        let ctx = Ctx::of(&site, Lang::EN);
        let profile = Profile::embedded("kz").unwrap();
        let sample = serde_json::to_value(whole()).unwrap();
        let shown = |entry: &Institution| facts(&ctx, &profile, entry);
        let mut all = Vec::new();
        leaves(&sample, "", &mut all);
        assert!(all.len() >= 34, "{all:?}");
        for at in all {
            let mut changed = sample.clone();
            let value = changed.pointer_mut(&at).unwrap();
            *value = match (at.as_str(), &*value) {
                ("/role", _) => json!("antifraud_centre"),
                ("/kind", _) => json!("operator"),
                ("/delivery", _) => json!("letter"),
                ("/agreement/marking", _) => json!("red"),
                (_, Value::Bool(was)) => json!(!was),
                (_, Value::Number(_)) => json!(61),
                (_, was) => json!(format!("{}1", was.as_str().unwrap())),
            };
            let entry: Institution = serde_json::from_value(changed).unwrap();
            assert_ne!(entry, whole(), "{at}");
            assert_ne!(shown(&entry), shown(&whole()), "{at} changes and nobody is shown it");
        }
    }
}
