//! Every reason and every kind has its text in each language.

use identifier::{Kind, LOCALES, Reason};
use kernel::Coded as _;

#[test]
fn reasons_and_kinds_speak_three_languages() {
    for locale in &LOCALES {
        let has = |key: &str| locale.source.lines().any(|line| line.starts_with(&format!("{key} = ")));
        for reason in Reason::ALL {
            let key = web::Problem::key(reason.code());
            assert!(has(&key), "{key} in {:?}", locale.lang);
        }
        for kind in Kind::ALL {
            let key = format!("identifier-kind-{}", kind.as_str().replace('_', "-"));
            assert!(has(&key), "{key} in {:?}", locale.lang);
        }
    }
}
