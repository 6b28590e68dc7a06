//! An entry beside the institutions that there are: what of it is fixed, and what another one keeps already. Pure.

use profile::AddresseeKind;

use crate::agreement::rules::Fault;
use crate::model::{Institution, Partner};

/// What stands against putting `entry` in force beside `all`. Kind and role are fixed once an institution is known: routes
/// and rights of the past rest on them. A register has one keeper who takes part: a second one would be handed other
/// people's reports, or keep them from the first.
#[must_use]
pub fn check(entry: &Institution, all: &[Partner]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(known) = all.iter().find(|p| p.code == entry.code) {
        if !same_kind(&known.kind, &entry.kind) {
            faults.push(Fault::new("kind", "fixed", &entry.kind));
        }
        if known.role != entry.role {
            faults.push(Fault::new("role", "fixed", entry.role.as_str()));
        }
        // Whoever is out keeps nothing, and says so again when it is taken in.
        if !known.active {
            return faults;
        }
    }
    let kept = kept_by_another(&entry.code, &entry.keeps.registers, all);
    faults.extend(kept.map(|code| Fault::new("registers", "kept", code)));
    let answered = answered_by_another(&entry.code, &entry.keeps.bodies, all);
    faults.extend(answered.map(|code| Fault::new("bodies", "kept", code)));
    faults.extend(taken(entry, all));
    faults
}

/// Numbers belong to one institution: of two that claim them, either would be handed what is the other's.
fn taken(entry: &Institution, all: &[Partner]) -> Vec<Fault> {
    let others = || all.iter().filter(|p| p.active && p.code != entry.code);
    let mut faults = Vec::new();
    let mut once = |field, own: &[String], theirs: fn(&Partner) -> &[String]| {
        let twice = own.iter().find(|item| others().any(|p| theirs(p).contains(item)));
        faults.extend(twice.map(|item| Fault::new(field, "taken", item)));
    };
    once("iban_code", entry.iban_code.as_slice(), |p| &p.iban_codes);
    once("card_bins", &entry.card_bins, |p| &p.card_bins);
    once("phone_prefixes", &entry.keeps.phone_prefixes, |p| &p.keeps.phone_prefixes);
    once("sim_prefixes", &entry.keeps.sim_prefixes, |p| &p.keeps.sim_prefixes);
    faults
}

/// The first of these registers that an institution other than `code` keeps while it takes part.
#[must_use]
pub fn kept_by_another<'a>(code: &str, registers: &'a [String], all: &[Partner]) -> Option<&'a String> {
    let others = || all.iter().filter(|p| p.active && p.code != code);
    registers.iter().find(|register| others().any(|p| p.keeps.registers.contains(register)))
}

/// The first of these bodies in whose name an institution other than `code` answers while it takes part.
#[must_use]
pub fn answered_by_another<'a>(code: &str, bodies: &'a [String], all: &[Partner]) -> Option<&'a String> {
    let others = || all.iter().filter(|p| p.active && p.code != code);
    bodies.iter().find(|body| others().any(|p| p.keeps.bodies.contains(body)))
}

/// `wallet` and `payment_organisation` are two words for one kind.
fn same_kind(a: &str, b: &str) -> bool {
    a == b || AddresseeKind::parse(a).is_some_and(|a| AddresseeKind::parse(b) == Some(a))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Mode, PartnerId, PartnerRole, Protocol};
    use crate::rules::tests::entry;

    fn keeper(code: &str, active: bool) -> Partner {
        let entry = entry();
        Partner {
            id: PartnerId::from_uuid(uuid::Uuid::from_u128(1)),
            code: code.to_owned(),
            kind: entry.kind,
            role: entry.role,
            names: entry.names,
            iban_codes: Vec::new(),
            card_bins: Vec::new(),
            keeps: crate::model::Keeps { registers: vec!["kui".into()], ..entry.keeps },
            gateway_url: String::new(),
            protocol: Protocol::Json,
            duty_phone: String::new(),
            contact: String::new(),
            active,
            until_day: String::new(),
            requests_per_minute: None,
            mode: Mode::Test,
            live_asked_by: None,
            mutual_tls: false,
        }
    }

    #[test]
    fn a_register_has_one_keeper_and_kind_and_role_are_fixed() {
        let keeps = |code: &str| {
            let mut new = entry();
            code.clone_into(&mut new.code);
            new.keeps.registers = vec!["kui".into()];
            new
        };
        let wrong = |entry: &Institution, all: &[Partner]| -> Vec<(String, &'static str)> {
            check(entry, all).into_iter().map(|f| (f.field, f.what)).collect()
        };
        let kept = vec![("registers".to_owned(), "kept")];
        assert_eq!(wrong(&keeps("ZTWO"), &[]), []);
        assert_eq!(wrong(&keeps("ZTWO"), &[keeper("ZONE", true)]), kept);
        assert_eq!(wrong(&keeps("ZTWO"), &[keeper("ZONE", false)]), [], "whoever is out keeps nothing");
        assert_eq!(wrong(&keeps("ZONE"), &[keeper("ZONE", true)]), [], "the keeper itself");
        let both = [keeper("ZONE", true), keeper("ZTWO", false)];
        assert_eq!(wrong(&keeps("ZTWO"), &both), [], "one that is out may be written anew");
        assert_eq!(kept_by_another("ZTWO", &["kui".to_owned()], &both).map(String::as_str), Some("kui"));

        // Bug: two banks had one code, and what was to be held went to whichever stood first.
        let bank = Partner { iban_codes: vec!["722".into()], ..keeper("ZONE", true) };
        let same = Institution { code: "ZTWO".into(), iban_code: Some("722".into()), ..entry() };
        assert_eq!(wrong(&same, std::slice::from_ref(&bank)), [("iban_code".to_owned(), "taken")]);
        assert_eq!(wrong(&same, &[Partner { active: false, ..bank.clone() }]), []);
        assert_eq!(wrong(&Institution { code: "ZONE".into(), ..same }, &[bank]), []);

        let mut other = keeps("ZONE");
        other.role = PartnerRole::AntifraudCentre;
        assert_eq!(wrong(&other, &both), [("role".to_owned(), "fixed")]);
        "operator".clone_into(&mut other.kind);
        assert!(wrong(&other, &both).contains(&("kind".to_owned(), "fixed")));
    }
}
