use proptest::prelude::*;

use super::*;

/// Invented names, of the lengths that names of organisations have, and words that fraud puts around them.
fn made() -> Lookalikes {
    let owner = |domains: &[&str], everywhere| Owner {
        domains: domains.iter().map(|d| (*d).to_owned()).collect(),
        everywhere,
    };
    let owners = [
        owner(&["ulgi.kz"], false),
        owner(&["tulpar.kz", "tulparbank.kz"], false),
        owner(&["jasylkassa.kz"], false),
        owner(&["osu.kz"], false),
        owner(&["alemdik.com"], true),
        owner(&["bilim.gov.kz", "gov.kz"], false),
    ];
    let words: Vec<String> =
        ["bank", "bonus", "login", "kz", "www", "pay", "online", "my"].map(str::to_owned).to_vec();
    Lookalikes::new(&owners, &words)
}

fn ascii(name: &str) -> String {
    idna::domain_to_ascii(name).unwrap()
}

#[test]
fn each_way_of_looking_alike() {
    let all = made();
    for (name, domain, how) in [
        ("tulpar.top", "tulpar.kz", How::Ending),
        ("tulpаr.kz", "tulpar.kz", How::Letters), // Cyrillic а
        ("tu1par.kz", "tulpar.kz", How::Letters),
        ("тулпар.kz", "tulpar.kz", How::Letters), // spoken
        ("tul-par.kz", "tulpar.kz", How::Letters),
        ("tul.par.kz", "tulpar.kz", How::Letters),
        ("tülpar.com", "tulpar.kz", How::Letters),
        ("tulpaг.kz", "tulpar.kz", How::Letters), // Cyrillic г
        ("tulpra.kz", "tulpar.kz", How::Slip),
        ("tulppar.xyz", "tulpar.kz", How::Slip),
        ("ulgl.kz", "ulgi.kz", How::Letters),
        ("ulgii.kz", "ulgi.kz", How::Slip),
        ("tulpar-bonus.top", "tulpar.kz", How::Words),
        ("mytulparkz.com", "tulpar.kz", How::Words),
        ("tulpar24.kz", "tulpar.kz", How::Words),
        ("tulppar-login.top", "tulpar.kz", How::Words),
        ("osu-pay.online", "osu.kz", How::Words),
        ("bonusosu.kz", "osu.kz", How::Words),
        ("osi.kz", "osu.kz", How::Slip),
        ("superjasylkassashop.com", "jasylkassa.kz", How::Words),
        ("tulpar.kz.evil.example", "tulpar.kz", How::Before),
        ("tulpar-login.evil.example", "tulpar.kz", How::Before),
        ("alemdik-login.top", "alemdik.com", How::Words),
        ("tulparbnk.top", "tulparbank.kz", How::Slip),
        ("jasilkassas.com", "jasylkassa.kz", How::Slip), // two slips of a long name
        ("tulpaṙn-kz.top", "tulpar.kz", How::Words),
        ("аlemdik.com", "alemdik.com", How::Letters),
    ] {
        let found = all.find(&ascii(name));
        assert_eq!(found, Some(Likeness { domain, how }), "{name}");
    }
}

#[test]
fn the_genuine_and_what_only_sounds_a_little_alike_are_left_alone() {
    let all = made();
    for name in [
        "tulpar.kz",
        "my.tulpar.kz",
        "www.tulparbank.kz",
        "bilim.gov.kz",
        "anything.gov.kz",
        "ulgi.kz", // genuine
        "alemdik.ru",
        "alemdik.de", // at home in many countries
        "ulgo.com",
        "uli.top", // a short name, a slip, another ending
        "osuna.kz",
        "mosul.com",
        "bonusosu.com", // three letters mean nothing without a lure
        "ulgili-adam.kz",
        "bank.kz",
        "kz",
        "com.kz",
        "",
        ".",
        "localhost",
        "bonus-login.top",
        "пример.рф",
    ] {
        assert_eq!(all.find(&idna::domain_to_ascii(name).unwrap_or_default()), None, "{name}");
    }
    assert_eq!(Lookalikes::default().find("tulpar.top"), None);
}

proptest! {
    /// Whatever is asked, nothing breaks, and what is genuine stays so with anything before it.
    #[test]
    fn nothing_below_a_genuine_name_is_taken_for_another(before in "([a-z0-9]{1,12}\\.){0,3}", any in "\\PC{0,80}") {
        let all = made();
        prop_assert_eq!(all.find(&format!("{before}tulpar.kz")), None);
        let _ = all.find(&any);
    }

    /// A skeleton is its own skeleton.
    #[test]
    fn a_skeleton_stays(word in "\\PC{0,30}") {
        let once = skeleton::seen(&word);
        prop_assert_eq!(skeleton::seen(&once), once);
    }
}
