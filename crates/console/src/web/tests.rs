//! That every text a page asks for is there, in each language.

use ::order::answer::Code;

use crate::said;

const TEMPLATES: [&str; 10] = [
    include_str!("../../templates/console_scores.html"),
    include_str!("../../templates/console_inbox.html"),
    include_str!("../../templates/console_order.html"),
    include_str!("../../templates/console_answer.html"),
    include_str!("../../templates/console_past.html"),
    include_str!("../../templates/console_table.html"),
    include_str!("../../templates/console_table_check.html"),
    include_str!("../../templates/console_trial.html"),
    include_str!("../../templates/_console_trials.html"),
    include_str!("../../templates/_console_trial_panel.html"),
];
/// Texts that pages ask for outside their templates.
const TEXTS: [&str; 41] = [
    "console-trial-sent",
    "console-trial-acknowledged",
    "console-trial-answered",
    "console-trial-done",
    "console-trial-seen",
    "console-trial-not-seen",
    "console-trial-believed",
    "console-trial-check-receipt",
    "console-trial-check-forged",
    "console-trial-send-done",
    "console-owed-part",
    "console-table-said",
    "console-score-own",
    "console-score-all",
    "console-nav",
    "console-nav-past",
    "console-nav-institution",
    "console-received-done",
    "console-answered",
    "console-clock-asked",
    "console-owed-release",
    "console-owed-notice",
    "console-owed-correction",
    "console-chip-late",
    "console-chip-new",
    "console-chip-owed",
    "console-chip-open",
    "console-chip-ended",
    "console-chip-held",
    "console-approvals",
    "console-trigger-in",
    "console-trigger-out",
    "console-trigger-from",
    "console-trigger-reference",
    "console-table-good",
    "console-table-bad",
    "console-table-unknown",
    "console-table-missing",
    "console-table-unreadable",
    "console-table-refused",
    "console-table-sent",
];

#[test]
fn catalogues_agree_and_pages_name_no_missing_text() {
    assert_eq!(web::check_catalogues(&crate::LOCALES), []);
    let texts: Vec<web::Locale> =
        [&crate::LOCALES[..], &order::LOCALES[..]].into_iter().flatten().cloned().collect();
    let site = web::Site::for_tests(&texts, kernel::Timestamp::from_secs(0)).unwrap();
    let mut keys: Vec<String> = TEMPLATES.iter().flat_map(|t| web::keys_in(t)).collect();
    assert!(keys.len() > 60, "the templates were read");
    keys.extend(TEXTS.map(str::to_owned));
    for (name, parts) in [
        ("console-empty", &["title", "text"][..]),
        ("console-past-empty", &["title", "text"]),
        ("console-score-empty", &["title", "text"]),
        ("console-code", &["label", "missing"]),
        ("console-field", &["missing", "unreadable"]),
        ("console-table-file", &["label", "hint", "nothing", "too-large", "column", "line"]),
    ] {
        keys.extend(parts.iter().map(|part| format!("{name}.{part}")));
    }
    for (field, _) in Code::TABLE.into_iter().flat_map(said::fields) {
        keys.push(format!("console-{}.label", field.replace('_', "-")));
    }
    for column in [
        "code",
        "amount",
        "at",
        "institution",
        "account",
        "reference",
        "terminal",
        "merchant",
        "until",
        "text",
        "holder_name",
        "holder_iin",
        "holder_birth",
        "holder_phone",
    ] {
        keys.push(format!("console-column-{column}"));
    }
    for lang in [web::Lang::KK, web::Lang::RU, web::Lang::EN] {
        let ctx = web::Ctx::of(&site, lang.clone());
        let missing: Vec<&String> = keys.iter().filter(|key| !ctx.has_text(key)).collect();
        assert_eq!(missing, Vec::<&String>::new(), "in {lang}");
    }
}
