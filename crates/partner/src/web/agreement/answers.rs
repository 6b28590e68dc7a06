//! What the form sent, good or bad: kept as it was typed, read into an entry of the agreement file.

use ::web::day::{read_day, written};
use kernel::{Lang, Localised, Tlp};
use profile::{AddresseeKind, Profile};

use crate::agreement::rules::{self, MAX_CONTACTS};
use crate::agreement::{ContactPoint, Terms};
use crate::model::{Contact, Institution, Keeps, PartnerRole};

/// Contact points that the form offers at least.
const CONTACTS: usize = 3;
/// The parts of a contact point.
pub(super) const PARTS: [&str; 4] = ["name", "phone", "email", "hours"];

/// A form's fields by name, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Answers(pub(super) Vec<(String, String)>);

impl Answers {
    /// The first answer under a name, without blanks around it; empty if there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }
    /// All answers under a name: what was ticked.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty()).collect()
    }
    fn put(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }
    /// How many contact points the form shows.
    pub(super) fn contacts(&self) -> usize {
        let filled = (1..=MAX_CONTACTS).rev().find(|no| !self.contact(*no).is_empty()).unwrap_or(0);
        filled.saturating_add(1).clamp(CONTACTS, MAX_CONTACTS)
    }

    fn contact(&self, no: usize) -> ContactPoint {
        let part = |name: &str| self.get(&contact(no, name)).to_owned();
        ContactPoint { name: part("name"), phone: part("phone"), email: part("email"), hours: part("hours") }
    }

    /// As the form of a change first shows it.
    pub(super) fn of(entry: &Institution, profile: &Profile) -> Self {
        let mut a = Self::default();
        let terms = &entry.agreement;
        a.put("code", entry.code.as_str());
        let kind = AddresseeKind::parse(&entry.kind).map(|kind| kind.as_str().to_owned());
        a.put("kind", kind.unwrap_or_else(|| entry.kind.clone()));
        for lang in profile.languages().iter().filter(|l| entry.names.has(l)) {
            a.put(&in_lang(lang), entry.names.get(lang));
        }
        a.put("number", terms.number.as_str());
        for (name, day) in [("signed", &terms.signed), ("from", &terms.from), ("until", &terms.until)] {
            a.put(name, rules::day(day).map_or_else(|| day.clone(), written));
        }
        a.put("requests_per_minute", terms.requests_per_minute.map_or_else(String::new, |n| n.to_string()));
        if terms.mutual_tls {
            a.put("mutual_tls", "yes");
        }
        a.put("marking", terms.marking.as_str());
        for region in &terms.regions {
            a.put("regions", region.as_str());
        }
        a.put("duty_phone", entry.duty_phone.as_str());
        // What an older file says of whom to ask for becomes the first contact point.
        let older = ContactPoint {
            name: entry.contact.name.clone(),
            phone: if entry.contact.phone.is_empty() {
                entry.duty_phone.clone()
            } else {
                entry.contact.phone.clone()
            },
            email: entry.contact.email.clone(),
            hours: String::new(),
        };
        let older = std::iter::once(older).filter(|c| terms.contacts.is_empty() && !c.name.is_empty());
        for (no, point) in (1_usize..).zip(older.chain(terms.contacts.iter().cloned())) {
            for (part, value) in
                PARTS.into_iter().zip([&point.name, &point.phone, &point.email, &point.hours])
            {
                a.put(&contact(no, part), value.as_str());
            }
        }
        a.put("delivery", if entry.delivery.is_empty() { "push" } else { &entry.delivery });
        a.put("gateway", entry.gateway.as_str());
        a.put("iban_code", entry.iban_code.clone().unwrap_or_default());
        a.put("card_bins", entry.card_bins.join(" "));
        a.put("phone_prefixes", entry.keeps.phone_prefixes.join(" "));
        a.put("sim_prefixes", entry.keeps.sim_prefixes.join(" "));
        a.put("hosts", entry.keeps.hosts.join(" "));
        a.put("networks", entry.keeps.networks.join(" "));
        if entry.keeps.apps {
            a.put("apps", "yes");
        }
        if entry.keeps.handles {
            a.put("handles", "yes");
        }
        a
    }

    /// As the form of a new institution first shows it.
    pub(super) fn empty() -> Self {
        let mut a = Self::default();
        a.put("marking", Tlp::default().as_str());
        a.put("delivery", "push");
        a.put("key_name", "1");
        a
    }

    /// The entry that the form proposes. `base` is what it changes: what is not asked stays as it was.
    pub(super) fn entry(&self, base: Option<&Institution>, profile: &Profile) -> Institution {
        let text = |name: &str| self.get(name).to_owned();
        let code = base.map_or_else(|| text("code"), |b| b.code.clone());
        let kind = base.map_or_else(|| text("kind"), |b| b.kind.clone());
        let role = match base {
            Some(base) => base.role,
            None if kind == AddresseeKind::AntifraudCentre.as_str() => PartnerRole::AntifraudCentre,
            None => PartnerRole::Executor,
        };
        let names = profile.languages().iter().filter_map(|lang| {
            let name = self.get(&in_lang(lang));
            (!name.is_empty()).then(|| (lang.clone(), name.to_owned()))
        });
        let given = |name: &str| Some(text(name)).filter(|t| !t.is_empty());
        let public_key = if base.is_none() { text("public_key") } else { String::new() };
        let keyid =
            if public_key.is_empty() { String::new() } else { format!("{code}/{}", self.get("key_name")) };
        Institution {
            names: Localised::from_pairs(names),
            role,
            kind,
            iban_code: given("iban_code"),
            card_bins: self.list("card_bins"),
            keeps: Keeps {
                phone_prefixes: self.list("phone_prefixes"),
                sim_prefixes: self.list("sim_prefixes"),
                hosts: self.list("hosts"),
                networks: self.list("networks"),
                handles: self.get("handles") == "yes",
                apps: self.get("apps") == "yes",
                // Which registers it keeps is no matter of an agreement.
                registers: base.map(|b| b.keeps.registers.clone()).unwrap_or_default(),
                bodies: base.map(|b| b.keeps.bodies.clone()).unwrap_or_default(),
            },
            delivery: text("delivery"),
            gateway: text("gateway"),
            public_key,
            keyid,
            duty_phone: text("duty_phone"),
            contact: Contact::default(),
            agreement: self.terms(),
            code,
        }
    }

    fn terms(&self) -> Terms {
        // What is no day stays as it was typed, and is refused with its field.
        let day = |name: &str| {
            read_day(self.get(name)).map_or_else(|| self.get(name).to_owned(), |day| day.to_string())
        };
        let contacts = (1..=MAX_CONTACTS).map(|no| self.contact(no)).filter(|c| !c.is_empty()).collect();
        let marking = TLPS.into_iter().find(|t| t.as_str() == self.get("marking")).unwrap_or_default();
        Terms {
            number: self.get("number").to_owned(),
            signed: day("signed"),
            from: day("from"),
            until: day("until"),
            regions: self.all("regions").into_iter().map(str::to_owned).collect(),
            contacts,
            marking,
            mutual_tls: self.get("mutual_tls") == "yes",
            // What is no number is refused with its field.
            requests_per_minute: match self.get("requests_per_minute") {
                "" => None,
                typed => Some(typed.parse().unwrap_or(0)),
            },
        }
    }

    fn list(&self, name: &str) -> Vec<String> {
        let parts = self.get(name).split(|c: char| c.is_whitespace() || c == ',' || c == ';');
        parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
    }
}

/// Marks, from open to closed.
pub(super) const TLPS: [Tlp; 5] = [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red];

/// The field of a part of a contact point, from 1.
pub(super) fn contact(no: usize, part: &str) -> String {
    format!("contact_{no}_{part}")
}

/// The field of the name in one language.
pub(super) fn in_lang(lang: &Lang) -> String {
    format!("name_{lang}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::entry;

    /// What a form shows and sends back unchanged is the same agreement.
    #[test]
    fn there_and_back() {
        let kz = Profile::embedded("kz").unwrap();
        let full = Institution {
            names: Localised::from_pairs([(Lang::KK, "Ү"), (Lang::RU, "О"), (Lang::EN, "S")]),
            public_key: String::new(),
            keyid: String::new(),
            delivery: "iso20022".into(),
            gateway: "https://zalt.example/q".into(),
            iban_code: Some("722".into()),
            card_bins: vec!["440043".into(), "516949".into()],
            keeps: Keeps {
                phone_prefixes: vec!["+7701".into()],
                sim_prefixes: vec!["8977001".into()],
                hosts: vec![".kz".into()],
                networks: vec!["203.0.113.0/24".into()],
                handles: true,
                apps: true,
                registers: vec!["kui".into()],
                bodies: vec!["afm".into()],
            },
            duty_phone: "+77000000101".into(),
            agreement: Terms {
                number: "17".into(),
                signed: "2026-09-01".into(),
                from: String::new(),
                until: "2027-08-31".into(),
                regions: kz.regions().iter().take(2).map(|r| r.code.clone()).collect(),
                contacts: vec![
                    ContactPoint {
                        name: "К".into(), phone: "1".into(), ..ContactPoint::default()
                    };
                    4
                ],
                marking: Tlp::AmberStrict,
                requests_per_minute: Some(1200),
                mutual_tls: true,
            },
            ..entry()
        };
        let answers = Answers::of(&full, &kz);
        assert_eq!(answers.get("until"), "31.08.2027");
        assert_eq!(answers.contacts(), 5);
        assert_eq!(answers.entry(Some(&full), &kz), full);
        assert_eq!(Answers::empty().contacts(), 3);
    }

    #[test]
    fn what_is_no_day_stays_as_typed() {
        let kz = Profile::embedded("kz").unwrap();
        let typed = Answers(vec![("until".into(), " soon ".into()), ("signed".into(), "1.9.2026".into())]);
        let entry = typed.entry(None, &kz);
        assert_eq!((entry.agreement.until.as_str(), entry.agreement.signed.as_str()), ("soon", "2026-09-01"));
    }
}
