//! What the shipped profiles say, and that nothing assumes Kazakhstan.

use kernel::{Lang, Money};
use profile::{
    AddresseeKind, GatewayKind, Handling, Measure, ObjectKind, Outcome, Profile, Scope, SourceMark, StepRole,
    Term, Who,
};

use crate::support::{at, dir, kz, test_land};

#[test]
fn every_embedded_profile_loads_the_same_from_its_directory() {
    assert_eq!(Profile::embedded_ids(), ["direct", "kz"]);
    for id in Profile::embedded_ids() {
        let embedded = Profile::embedded(id).unwrap_or_else(|e| panic!("{e}"));
        let loaded = Profile::open(id, Some(&dir(id))).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(embedded.id(), id);
        assert_eq!(embedded.version(), loaded.version());
        assert_eq!(embedded.version().len(), 64);
    }
    assert_ne!(kz().version(), Profile::embedded("direct").unwrap().version());
    let error = Profile::embedded("atlantis").unwrap_err().to_string();
    assert!(error.contains("no profile `atlantis`") && error.contains("`direct`, `kz`"), "{error}");
}

#[test]
fn kazakhstan() {
    let p = kz();
    assert_eq!(
        (p.country(), p.zone_name(), p.receipt_prefix(), p.phone_region()),
        ("KZ", "Asia/Almaty", "R", "KZ")
    );
    assert_eq!(p.languages(), [Lang::KK, Lang::RU, Lang::EN]);
    assert_eq!((p.currency().code(), p.currency().scale()), ("KZT", 2));
    assert_eq!(p.asset("ETH").unwrap().scale(), 9);
    assert_eq!(p.asset("XTS"), None);
    assert_eq!((p.first_action_secs(), p.next_message_secs()), (60, 1_800));
    assert_eq!(p.regions().len(), 20);
    assert_eq!(p.region("KZ-75").unwrap().label.get(&Lang::KK), "АЛА");
    assert_eq!(p.emergency()[0].number, "102");
    assert_eq!(p.civil_year(at("2026-12-31T18:59:59Z")), 2026);
    assert_eq!(p.civil_year(at("2026-12-31T19:00:00Z")), 2027);
    assert_eq!(p.rfc3339(at("2026-11-23T09:05:00Z")), "2026-11-23T14:05:00.000000+05:00");
    assert_eq!(p.day_start(at("2026-11-23T09:05:00Z")), at("2026-11-22T19:00:00Z"));
    assert_eq!(p.organisation().short_name.get(&Lang::RU), "ДПК МВД РК");
    assert_eq!(p.retention("report").unwrap().years, Some(10));
    assert!(p.fluent(&Lang::KK).unwrap().contains("теңге"));
    let sent_on: Vec<_> = p.fraud_kinds().iter().filter(|k| k.handling == Handling::SentOn).collect();
    assert_eq!(sent_on.len(), 2);
    let losses: Vec<&str> = p.loss_kinds().iter().map(|k| k.code.as_str()).collect();
    assert_eq!(losses, ["money", "loan", "codes", "nothing"]);
}

#[test]
fn cases_of_each_country() {
    let now = at("2026-11-23T09:00:00Z");
    let cases = kz().cases();
    assert_eq!(cases.stages[0].code, "check");
    assert!(cases.stage("discontinued").unwrap().end && cases.role("suspect").unwrap().rights.is_some());
    assert!(cases.decision("discontinue").unwrap().second_person, "two persons end a case");
    // What no source confirms is said to be so, and an offence is none before its day.
    let mark = |code: &str| cases.article(code, "").unwrap().mark;
    assert_eq!((mark("cc-190"), mark("cc-206")), (SourceMark::Confirmed, SourceMark::ToBeConfirmed));
    let dropping = |day: &str| kz().articles(at(day)).any(|a| a.code == "cc-232-1");
    assert!(dropping("2025-09-16T09:00:00Z") && !dropping("2025-09-15T09:00:00Z"));
    let old = test_land().cases().article("fraud", "2026-01-01").unwrap();
    assert_eq!(old.name.get(&Lang::EN), "Fraud (old)");
    assert_eq!(test_land().articles(now).count(), 1);
    assert_eq!(test_land().cases().article("fraud", "").unwrap().version(), "2026-07-01");
    assert!(test_land().cases().article("fraud", "2026-02-01").is_none());
    for body in &cases.bodies {
        let known = |unit: &String| kz().units().iter().any(|u| u.code == *unit);
        assert!(body.unit.as_ref().is_none_or(known), "{}", body.code);
    }
    assert_eq!(Profile::embedded("direct").unwrap().cases(), cases);
}

#[test]
fn registers_of_each_country() {
    let now = at("2026-11-23T09:00:00Z");
    let codes = |p: &Profile| p.registers("report", now).map(|r| r.code.clone()).collect::<Vec<_>>();
    assert_eq!(codes(kz()), ["kui", "erdr"]);
    assert_eq!(codes(&Profile::embedded("direct").unwrap()), Vec::<String>::new());
    assert_eq!(codes(test_land()), ["book", "docket"]);
    let of_case: Vec<_> = kz().registers("case", now).map(|r| r.code.clone()).collect();
    assert_eq!(of_case, ["kui", "erdr"], "a case where its lead enters it");
    assert!(kz().register("erdr", at("2014-12-31T12:00:00Z")).is_none(), "before it was kept");
    let erdr = kz().register("erdr", now).unwrap();
    let rule = erdr.decision().unwrap();
    assert_eq!((rule.after.as_str(), rule.within), ("kui", Term::Minutes(24 * 60)));
    // What no source confirms is said to be so.
    assert_eq!(erdr.source.mark, SourceMark::ToBeConfirmed);
    assert!(erdr.source.unverified.iter().any(|p| p == "within") && erdr.number.is_none());
    let second: Vec<Outcome> = rule.outcomes.iter().filter(|o| o.second_person).map(|o| o.kind).collect();
    assert_eq!(second, [Outcome::Refused, Outcome::Referred]);
    let book = test_land().register("book", now).unwrap();
    assert!(book.number.as_ref().unwrap().fits("B-2026/07") && erdr.hand_over().is_none());
}

#[test]
fn kazakhstan_goes_through_the_centre_and_direct_does_not() {
    let now = at("2026-11-23T09:00:00Z");
    let through = kz();
    let route = through.route(Measure::Hold, ObjectKind::Iban, AddresseeKind::Bank, now).unwrap();
    let whos: Vec<_> = route.steps.iter().map(|s| (s.role, s.who, s.gateway)).collect();
    assert_eq!(
        whos,
        [
            (StepRole::Submitter, Who::Own, GatewayKind::Internal),
            (StepRole::Authority, Who::Kind(AddresseeKind::AntifraudCentre), GatewayKind::PartnerApi),
            (StepRole::Executor, Who::Keeper, GatewayKind::PartnerApi),
        ]
    );
    // No verified law reaches exchanges in Kazakhstan: no route, so a person decides.
    assert_eq!(through.route(Measure::Hold, ObjectKind::WalletTron, AddresseeKind::Exchange, now), None);
    let direct = Profile::embedded("direct").unwrap();
    assert_eq!(
        direct.route(Measure::Hold, ObjectKind::Iban, AddresseeKind::Bank, now).unwrap().steps.len(),
        2
    );
    assert!(direct.route(Measure::Hold, ObjectKind::WalletTron, AddresseeKind::Exchange, now).is_some());
    // One thing can go several lawful ways: to whoever restricts it by law, and to whoever keeps it.
    let by_law =
        through.route(Measure::ResourceRestriction, ObjectKind::Domain, AddresseeKind::MediaAuthority, now);
    let by_keeper =
        through.route(Measure::ResourceRestriction, ObjectKind::Domain, AddresseeKind::Registrar, now);
    assert_ne!(by_law.unwrap().steps, by_keeper.unwrap().steps);
    assert_eq!(through.routes_for(Measure::ResourceRestriction, ObjectKind::Domain, now).count(), 2);
    // What it does not say itself it has from the profile it extends.
    assert_eq!(direct.regions(), through.regions());
    assert_ne!(direct.legal_bases(), through.legal_bases());
}

#[test]
fn clocks_follow_the_law_of_the_day() {
    let p = kz();
    let term = |t: &str| p.clocks(Measure::Hold, at(t)).and_then(|c| c.expires);
    assert_eq!(term("2024-07-21T12:00:00Z"), None);
    assert_eq!(term("2025-08-30T12:00:00Z"), Some(Term::WorkingDays(3)));
    // The day begins at midnight of the profile's zone, 19:00 UTC of the day before.
    assert_eq!(term("2025-08-30T18:59:59Z"), Some(Term::WorkingDays(3)));
    assert_eq!(term("2025-08-30T19:00:00Z"), Some(Term::WorkingDays(5)));
    let retry = p.retry("urgent").unwrap();
    let waits: Vec<_> = (1..=8).map(|n| retry.wait_before(n)).collect();
    assert_eq!(waits, [0, 1, 5, 15, 30, 60, 60, 60].map(Some));
    let notice = p.retry("notice").unwrap();
    assert_eq!((notice.wait_before(8), notice.wait_before(9)), (Some(36_000), None));
    assert_eq!(p.breaker().probe_seconds, 15);
    assert_eq!(p.limits(at("2026-11-23T09:00:00Z")).unwrap().max_hops, 6);
}

#[test]
fn every_basis_of_a_shipped_profile_is_marked_and_usable() {
    for id in Profile::embedded_ids() {
        let p = Profile::embedded(id).unwrap();
        for basis in p.legal_bases() {
            for lang in p.languages() {
                assert!(
                    basis.text.has(lang) && basis.title.has(lang) && basis.source.note.has(lang),
                    "{}",
                    basis.key
                );
            }
            let unsure = basis.source.mark == SourceMark::ToBeConfirmed;
            assert!(unsure || !basis.source.unverified.is_empty() || id == "direct", "{}", basis.key);
            assert!(basis.standing.as_ref().is_none_or(|s| s.widest == Scope::AmountOnly), "{}", basis.key);
        }
        let day = p.civil_date(at("2026-11-23T09:00:00Z"));
        for route in p.routes() {
            for measure in &route.measures {
                for kind in &route.executors {
                    let found = p.legal_bases().iter().any(|b| {
                        b.from <= day && b.measures.contains(measure) && b.addressees.contains(kind)
                    });
                    assert!(found, "{id}: {measure} to {kind} has a route and no basis");
                }
            }
        }
    }
}

#[test]
fn institutions_are_recognised() {
    let p = kz();
    let banks = p.institutions();
    assert_eq!(banks.all().count(), 49);
    assert_eq!(
        banks.of_iban("KZ86125KZT5004100100").unwrap().name.get(&Lang::EN),
        "National Bank of Kazakhstan"
    );
    assert_eq!(banks.by_code("722").unwrap().bic, "CASPKZKA");
    assert_eq!(banks.of_iban("DE89370400440532013000"), None);
    assert_eq!(banks.of_iban("KZ86"), None);
    assert_eq!(banks.of_iban("KZ86Қ25KZT500410010"), None);
    // Names that the list gives in one language are shown rather than nothing.
    assert_eq!(banks.by_code("319").unwrap().name.get(&Lang::KK), "АО \"БТА Банк\"");
}

#[test]
fn the_test_land_shares_nothing_with_kazakhstan() {
    let p = test_land();
    assert_eq!((p.currency().code(), p.currency().scale()), ("XTS", 3));
    assert_eq!(Money::parse("1.234", p.currency()).unwrap().minor(), 1_234);
    assert_eq!(p.default_lang().tag(), "en");
    assert_eq!(p.asset("KZT"), None);
    assert_eq!(p.rfc3339(at("2026-07-01T12:00:00Z")), "2026-07-01T09:30:00.000000-02:30");
    let june = at("2026-06-01T12:00:00Z");
    let route = p.route(Measure::Hold, ObjectKind::Account, AddresseeKind::Bank, june).unwrap();
    assert_eq!(route.steps.len(), 4);
    assert_eq!(p.institutions().iban(), None);
    assert_eq!(p.institutions().of_card("9999011234").unwrap().code, "TB1");
    assert_eq!(p.institutions().of_card("9999021234").unwrap().code, "TB2");
    assert_eq!(p.institutions().of_card("9999121234").unwrap().code, "TB1");
    // Limits ended with the year: nothing may open by itself any more.
    assert!(p.limits(at("2026-12-31T12:00:00Z")).is_some());
    assert_eq!(p.limits(at("2027-01-02T12:00:00Z")), None);
    assert_eq!(p.retry("slow").unwrap().wait_before(4), None);
}

/// The names by which kinds of scheme go into MISP are names that its galaxies know, letter by letter.
#[test]
fn kinds_of_scheme_are_known_to_the_fraud_galaxies() {
    let galaxies = [
        include_str!("../../../../third_party/misp-galaxy/attck4fraud.json"),
        include_str!("../../../../third_party/misp-galaxy/mitre-fraud-framework.json"),
        include_str!("../../../../third_party/misp-galaxy/taxonomy-of-fraud.json"),
    ];
    let mut known = std::collections::BTreeSet::new();
    for text in galaxies {
        let galaxy: serde_json::Value = serde_json::from_str(text).unwrap();
        for value in galaxy["values"].as_array().unwrap() {
            let (name, of) = (value["value"].as_str().unwrap(), galaxy["type"].as_str().unwrap());
            known.insert(format!("misp-galaxy:{of}=\"{name}\""));
        }
    }
    assert!(known.len() > 390, "the galaxies are there");
    for kind in kz().schemes() {
        let tags: Vec<String> = kind.tags().collect();
        assert_eq!(tags.len(), kind.galaxy.len());
        assert!(
            kind.code == "not_fraud" || kind.code == "loan_in_my_name" || !tags.is_empty(),
            "{}",
            kind.code
        );
        for tag in tags {
            assert!(known.contains(&tag), "`{}` goes into MISP as {tag}, which no galaxy knows", kind.code);
        }
    }
}
