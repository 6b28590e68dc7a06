//! What holds for every text.

use identifier::{Kind, Options, Region, extract, mask_cards, normalise, recognise};
use proptest::prelude::*;
use rand::SeedableRng as _;

use crate::make::{self, Made, Rng};

/// Texts of the pieces that stories are made of, and of anything.
fn story() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,6}",
        "[ .:/@+()№*-]{1,3}",
        "[a-z]{1,6}",
        "[а-яәіңғүұқөһ]{1,6}",
        "\\PC{0,4}",
        Just("https://".to_owned()),
        Just("hxxp[:]//".to_owned()),
        Just("kaspi.kz".to_owned()),
        Just("KZ86125KZT5004100100".to_owned()),
        Just("\u{200b}".to_owned()),
        Just("4400430112345670".to_owned()),
        Just("8701".to_owned()),
        Just("[.]".to_owned()),
        Just(" тел. ".to_owned()),
    ];
    proptest::collection::vec(piece, 0..14).prop_map(|parts| parts.concat())
}

const MAKERS: [fn(&mut Rng) -> Made; 13] = [
    make::phone,
    make::landline,
    make::card,
    make::iban,
    make::iin,
    make::bin,
    make::imei,
    make::url,
    make::domain,
    make::email,
    make::handle,
    make::ip,
    make::wallet,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn found_places_are_sound(story in story()) {
        let found = extract(&story, &Options::default());
        let mut last = 0;
        for f in &found {
            prop_assert!(f.start < f.end && f.end <= story.len() && f.start >= last);
            prop_assert!(story.get(f.start..f.end).is_some(), "on character boundaries");
            last = f.end;
        }
    }

    #[test]
    fn what_is_found_is_canonical_already(story in story()) {
        for f in extract(&story, &Options::default()) {
            let again = normalise(f.kind, &f.canonical, Region::KZ);
            prop_assert_eq!(again, Ok(f.canonical.clone()), "{}", f.kind.as_str());
        }
    }

    #[test]
    fn normalising_twice_is_normalising_once(text in story(), at in 0_usize..Kind::ALL.len()) {
        let kind = Kind::ALL[at];
        if let Ok(once) = normalise(kind, &text, Region::KZ) {
            prop_assert_eq!(normalise(kind, &once, Region::KZ), Ok(once.clone()), "{}", kind.as_str());
        }
    }

    #[test]
    fn two_writings_of_one_thing_meet(seed: u64, at in 0_usize..13) {
        let made = MAKERS[at](&mut Rng::seed_from_u64(seed));
        let reference = normalise(made.kind, &made.written, Region::KZ);
        prop_assert_eq!(reference, Ok(made.canonical.clone()), "{}", made.written);
        let pasted = recognise(&made.written, &Options::default());
        prop_assert!(
            pasted.iter().any(|c| c.kind == made.kind && c.outcome.as_ref() == Ok(&made.canonical)),
            "{} {:?}", made.written, pasted
        );
    }

    #[test]
    fn no_whole_card_gets_out(seed: u64, story in story()) {
        let whole = make::card_number(&mut Rng::seed_from_u64(seed));
        let story = format!("{story} карта {whole} {story}");
        prop_assert!(!mask_cards(&story).contains(&whole));
        for f in extract(&story, &Options::default()) {
            prop_assert!(!(f.kind == Kind::Card && f.safe_raw().contains(&whole)));
            let shown = format!("{f:?}");
            prop_assert!(!shown.contains(&whole));
        }
    }

    #[test]
    fn masking_keeps_the_rest(story in "[а-я ,.!]{0,60}") {
        prop_assert_eq!(mask_cards(&story), story);
    }

    #[test]
    fn recognising_never_panics(text in "\\PC{0,60}") {
        let _ = recognise(&text, &Options::default());
    }
}
