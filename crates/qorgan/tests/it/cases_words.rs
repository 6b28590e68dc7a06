//! What happened stands in the time line of a case in words: every act that the sources of the slices record.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kernel::Lang;
use testkit::World;
use web::Ctx;

/// Slices whose acts may stand there.
const SLICES: &[&str] = &["case", "report", "order", "registration", "appeal", "trail", "evidence", "import"];

/// How acts begin: with the slice, or with what the slice keeps.
const BEGINNINGS: &[&str] =
    &["case", "report", "order", "registration", "appeal", "trail", "exhibit", "import"];

/// Words of the same form that are no acts: fields under which something is sealed, reasons that are told by code, statements, events, and
/// what is told by its own words (`case.event`) or by nothing (`case.event_added`).
const NO_ACTS: &[&str] = &[
    "appeal.reasons",
    "case.answer",
    "case.event",
    "case.event_added",
    "case.field",
    "case.ground",
    "case.hand",
    "case.moment",
    "case.note",
    "case.once",
    "case.person",
    "case.reason",
    "case.reasons",
    "case.registrar",
    "case.second",
    "case.summary",
    "case.task",
    "case.title",
    "case.view",
    "case.word",
    "import.row",
    "import.sent",
    "import.told",
    "order.handed_how",
    "order.in_test",
    "order.no_addressee",
    "order.no_basis",
    "order.own_of_victim",
    "order.reason",
    "registration.file",
    "registration.reasons",
    "registration.registrar",
    "registration.second",
    "registration.wrong",
    "trail.no_addressee",
];

fn sources(at: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|e| e == "rs") {
            all.push(path);
        }
    }
}

/// Whether a source records acts: services and what goes on by itself do, pages, stores, errors and tests do not.
fn records(path: &Path) -> bool {
    let text = path.display().to_string();
    text.contains("/service")
        || ["/jobs.rs", "/intake.rs", "/hearing.rs"].iter().any(|end| text.ends_with(end))
}

/// Words `slice.verb` of a text, up to its tests.
fn words<'a>(text: &'a str, slice: &str) -> impl Iterator<Item = &'a str> {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let begins = format!("{slice}.");
    code.split('"').filter(move |word| {
        word.strip_prefix(&begins)
            .is_some_and(|verb| !verb.is_empty() && verb.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
    })
}

#[tokio::test]
async fn every_act_that_is_recorded_has_a_sentence_in_each_language() {
    let world = crate::country::settle(World::new(3)).await;
    let site = qorgan::http::site(&world.app).unwrap();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut acts: BTreeMap<String, PathBuf> = BTreeMap::new();
    for slice in SLICES {
        let mut all = Vec::new();
        sources(&crates.join(slice).join("src"), &mut all);
        for path in all.into_iter().filter(|p| records(p)) {
            let text = std::fs::read_to_string(&path).unwrap();
            for known in BEGINNINGS {
                acts.extend(words(&text, known).map(|act| (act.to_owned(), path.clone())));
            }
        }
    }
    assert!(acts.len() > 100, "only {} were found", acts.len());
    for must in ["case.opened", "report.filed", "order.sent", "registration.registered"] {
        assert!(acts.contains_key(must), "{must} was not found: nothing would be");
    }
    for no in NO_ACTS {
        assert!(acts.contains_key(*no), "`{no}` is no word of the sources any more");
    }
    let mut missing = Vec::new();
    for (act, path) in acts {
        if NO_ACTS.contains(&act.as_str()) || case::service::is_quiet(&act) {
            continue;
        }
        let key = format!("case-log-{}", act.replace(['.', '_'], "-"));
        for lang in [Lang::KK, Lang::RU, Lang::EN] {
            if !Ctx::of(&site, lang.clone()).has_text(&key) {
                missing.push(format!("{key} in {lang}, from {}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "acts without a sentence: {missing:#?}");
}
