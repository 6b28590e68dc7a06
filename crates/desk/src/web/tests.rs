//! Texts: no code without words, no key without a text, in any language.

use kernel::{Asset, Lang, Marking, Money, Timestamp};
use order::answer::{AnswerFault, Code};
use order::rules::LifeError;
use order::words;
use order::{ObjectState, OrderError, Status};
use report::{Harm, ReportId};
use uuid::Uuid;
use web::{Ctx, Locale, Site};

use super::timeline;
use crate::model::{QueueRow, Why};

/// A row of the queue for the tests of this folder.
pub(crate) fn row(number: &str, why: Why, loss: i64) -> QueueRow {
    let asset = Asset::new("KZT", 2).unwrap();
    let money = |whole: i64| Money::from_minor(whole * 100, asset);
    QueueRow {
        report: ReportId::from_uuid(Uuid::from_u128(1)),
        organisation: "KZ-TEST".to_owned(),
        unit: "central".to_owned(),
        marking: Marking::default(),
        number: number.to_owned(),
        created_at: Timestamp::from_secs(1_800_000_000),
        lang: Lang::KK,
        harm: Harm::Money,
        ongoing: false,
        loss: money(loss),
        held: money(0),
        reachable: money(0),
        hops: 0,
        drafts: 0,
        why,
        due: None,
        owner: None,
        owner_name: String::new(),
        snoozed_until: None,
        snooze_reason: String::new(),
        closed_at: None,
        word_at: None,
        changed_at: Timestamp::from_secs(1_800_000_000),
    }
}

fn locales() -> Vec<Locale> {
    let own = [&crate::LOCALES[..], &order::LOCALES[..], &trail::LOCALES[..], legal_basis::LOCALES].concat();
    own.into_iter().chain(report::LOCALES).chain(partner::LOCALES).collect()
}

fn missing(keys: &[String]) -> Vec<String> {
    let site = Site::for_tests(&locales(), Timestamp::from_secs(1_800_000_000)).unwrap();
    let mut out = Vec::new();
    for lang in [Lang::KK, Lang::RU, Lang::EN] {
        let ctx = Ctx::of(&site, lang.clone());
        out.extend(keys.iter().filter(|k| !ctx.has_text(k)).map(|k| format!("{lang} {k}")));
    }
    out
}

#[test]
fn catalogues_are_sound() {
    assert_eq!(web::check_catalogues(&crate::LOCALES), []);
    assert_eq!(web::check_catalogues(&order::LOCALES), []);
}

#[test]
fn every_key_of_a_page_has_a_text() {
    let mut keys = Vec::new();
    for folder in ["templates", "src/web"] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for file in std::fs::read_dir(folder).unwrap() {
            keys.extend(web::keys_in(&std::fs::read_to_string(file.unwrap().path()).unwrap()));
        }
    }
    assert!(keys.len() > 150, "{}", keys.len());
    assert_eq!(missing(&keys), Vec::<String>::new());
}

#[test]
fn every_state_and_code_has_a_text() {
    let mut keys: Vec<String> = Status::ALL.iter().map(|s| format!("order-status-{}", s.as_str())).collect();
    keys.extend(ObjectState::ALL.iter().map(|s| format!("order-state-{}", words::key_part(s.as_str()))));
    keys.extend(Code::TABLE.iter().chain([&Code::Native]).map(|c| format!("order-code-{}", c.as_string())));
    for why in Why::ALL {
        keys.push(format!("desk-why-{}", words::key_part(why.as_str())));
        keys.push(format!("desk-why-{}-text", words::key_part(why.as_str())));
    }
    keys.extend(Harm::ALL.iter().map(|h| format!("desk-harm-{}", h.as_str())));
    keys.extend(timeline::ACTS.iter().map(|a| format!("desk-log-{}", words::key_part(a))));
    keys.extend(
        profile::ObjectKind::ALL.iter().map(|k| format!("order-kind-{}", words::key_part(k.as_str()))),
    );
    keys.extend(identifier::Kind::ALL.iter().map(|k| format!("order-kind-{}", words::key_part(k.as_str()))));
    keys.extend(
        profile::GatewayKind::ALL.iter().map(|k| format!("order-gateway-{}", words::key_part(k.as_str()))),
    );
    keys.extend(profile::StepRole::ALL.iter().map(|k| format!("order-role-{}", words::key_part(k.as_str()))));
    keys.extend(
        profile::Measure::ALL.iter().map(|k| format!("legal-basis-measure-{}", words::key_part(k.as_str()))),
    );
    let words = |list: &str, all: Vec<&str>| -> Vec<String> {
        all.into_iter().map(|w| format!("order-{list}-{}", words::key_part(w))).collect()
    };
    use order::details::{BlockGround, BlockWay, ContentClass, DataClass, RestrictionAct};
    keys.extend(words("way", BlockWay::ALL.iter().map(|w| w.as_str()).collect()));
    keys.extend(words("ground", BlockGround::ALL.iter().map(|w| w.as_str()).collect()));
    keys.extend(words("act", RestrictionAct::ALL.iter().map(|w| w.as_str()).collect()));
    keys.extend(words("class", ContentClass::ALL.iter().map(|w| w.as_str()).collect()));
    keys.extend(words("data", DataClass::ALL.iter().map(|w| w.as_str()).collect()));
    for line in ["ways", "ground", "act", "class", "harm", "narrower", "data", "period", "keep", "to"] {
        keys.push(format!("order-detail-{line}"));
    }
    for act in ["cancel", "release", "correct", "record", "approval-sign", "approval-revoke"] {
        keys.extend(["title", "text", "button"].map(|part| format!("desk-{act}.{part}")));
    }
    for act in ["taken", "snoozed", "closed"] {
        keys.extend([format!("desk-{act}"), format!("desk-{act}-many")]);
    }
    for how in ["portal", "phone", "walk-in", "letter", "partner"] {
        keys.push(format!("desk-channel-{how}"));
    }
    for question in ["channel", "lang", "ongoing"] {
        keys.extend([format!("desk-file-{question}.label"), format!("desk-file-{question}.missing")]);
    }
    keys.extend(["yes", "no"].map(|v| format!("desk-file-ongoing-{v}")));
    for field in ["amount", "when", "own-bank", "own-account", "to", "reference"] {
        keys.push(format!("desk-fact-{field}"));
    }
    for section in ["queue", "board", "orders", "approvals"] {
        keys.push(format!("desk-nav-{section}"));
    }
    assert_eq!(missing(&keys), Vec::<String>::new());
}

/// Why something waits or led to no order: the words that the slices below write.
const WHY: &[&str] = &[
    "no_standing_approval",
    "second_signature",
    "from_exhibit",
    "hop_limit",
    "too_old",
    "before_money",
    "hub",
    "camera",
    "no_limits",
    "not_in_force",
    "too_early",
    "too_late",
    "basis",
    "measure",
    "scope",
    "asset",
    "amount",
    "order_cap",
    "cleared",
    "spared",
    "own_account",
    "own_account_confirmed",
    "payer_unknown",
    "day_cap",
    "hop",
    "order.no_addressee",
    "order.in_test",
    "order.no_basis",
    "order.no_route",
    "order.not_yet",
    "trail.no_addressee",
];

#[test]
fn every_reason_and_error_has_a_text() {
    let money = Money::from_minor(1, Asset::new("KZT", 2).unwrap());
    let mut keys: Vec<String> = WHY.iter().map(|w| format!("order-why-{}", words::key_part(w))).collect();
    let life = [
        LifeError::Ended(Status::Lapsed),
        LifeError::NotSent,
        LifeError::AlreadySent,
        LifeError::Lapsed,
        LifeError::OwnDraft,
        LifeError::SignedAlready,
        LifeError::Unapproved { given: 0, needed: 1 },
        LifeError::NothingHeld,
    ];
    keys.extend(life.map(|e| web::Problem::key(e.code())));
    let faults = [
        AnswerFault::Type,
        AnswerFault::AnswerId,
        AnswerFault::Lines,
        AnswerFault::ObjectMissing,
        AnswerFault::Missing { line: 0, code: String::new(), field: "at" },
        AnswerFault::Unreadable { line: 0, field: "at" },
        AnswerFault::Long { line: 0, field: "text", most: 1 },
        AnswerFault::Stray { line: 0, code: String::new(), field: "amount" },
        AnswerFault::Future { line: 0 },
        AnswerFault::TooMuchHeld { held: money, cap: money },
        AnswerFault::TooMuchTold { told: money, cap: money },
        AnswerFault::Contradictory,
        AnswerFault::NotAll,
    ];
    keys.extend(faults.map(|e| web::Problem::key(e.code())));
    let errors = [
        OrderError::NotFound,
        OrderError::NoBasis,
        OrderError::NoRoute(String::new()),
        OrderError::AnswerConflict,
        OrderError::NoObject,
        OrderError::WrongExecutor(String::new()),
        OrderError::WrongOrder,
        OrderError::Erased,
    ];
    keys.extend(errors.iter().map(|e| web::Problem::key(kernel::Coded::code(e))));
    keys.extend(
        [crate::DeskError::NotFound, crate::DeskError::NoReason]
            .iter()
            .map(|e| web::Problem::key(kernel::Coded::code(e))),
    );
    let partner = ["signature.replayed", "signature.unknown_key", "partner.entry", "order.sealed"];
    let signed = [
        "missing",
        "malformed",
        "ambiguous",
        "parameter",
        "not_covered",
        "component",
        "expired",
        "from_the_future",
        "lifetime",
        "unknown_key",
        "invalid",
    ];
    keys.extend(partner.map(web::Problem::key));
    keys.extend(signed.map(|c| web::Problem::key(&format!("signature.{c}"))));
    keys.extend(["digest.missing", "digest.mismatch"].map(web::Problem::key));
    assert_eq!(missing(&keys), Vec::<String>::new());
}
