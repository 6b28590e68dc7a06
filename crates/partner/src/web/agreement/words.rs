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
pub(super) const TEXTS: [&str; 22] = [
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

/// A contact point in one line.
pub(super) fn contact(point: &ContactPoint) -> String {
    let parts = [&point.name, &point.phone, &point.email, &point.hours];
    parts.into_iter().filter(|p| !p.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
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
    let mut all = vec![("code", said(&entry.code)), ("kind", vec![kind(ctx, profile, &entry.kind)])];
    let own =
        |lang: &kernel::Lang| if entry.names.has(lang) { said(entry.names.get(lang)) } else { Vec::new() };
    let names = profile.languages().iter().map(|lang| (format!("name-{lang}"), own(lang)));
    let names: Vec<(String, Vec<String>)> = names.collect();
    all.extend(names.iter().map(|(key, lines)| (key.as_str(), lines.clone())));
    let contacts: Vec<String> = terms.contacts.iter().map(contact).collect();
    let older = entry.contact.text();
    all.extend([
        ("number", said(&terms.number)),
        ("signed", on(&terms.signed)),
        ("from", on(&terms.from)),
        ("until", on(&terms.until)),
        ("marking", vec![tlp(terms.marking).to_owned()]),
        ("regions", regions(ctx, profile, &terms.regions)),
        ("contacts", if contacts.is_empty() { said(&older) } else { contacts }),
        ("duty-phone", said(&entry.duty_phone)),
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
