//! What the tests of this slice share.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use kernel::{Actor, Asset, Header, Lang, Marking, Money, Role, Timestamp};
use legal_basis::import::{NewVersion, plan};
use legal_basis::standing::{NewStanding, Signer, StandingApproval, StandingId, Status};
use legal_basis::{Basis, basis_id};
use profile::{Measure, Profile, Scope};
use uuid::Uuid;

/// 23 November 2026, 14:05 in Astana.
pub(crate) const NOW: &str = "2026-11-23T09:05:00Z";
pub(crate) const DAY: i64 = 86_400;

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap()
}

pub(crate) fn kz() -> &'static Profile {
    static KZ: LazyLock<Profile> = LazyLock::new(|| Profile::embedded("kz").unwrap());
    &KZ
}

pub(crate) fn kzt(minor: i64) -> Money {
    Money::from_minor(minor, Asset::new("KZT", 2).unwrap())
}

/// The profile of Kazakhstan with some words of its legal bases replaced.
pub(crate) fn changed(changes: &[(&str, &str)]) -> Profile {
    static NO: AtomicU32 = AtomicU32::new(0);
    let no = NO.fetch_add(1, Ordering::Relaxed);
    let root = std::env::temp_dir().join(format!("qorgan-law-{}-{no}", std::process::id()));
    let from: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles/kz");
    fs::create_dir_all(root.join("kz/locales")).unwrap();
    for part in ["", "locales"] {
        for item in fs::read_dir(from.join(part)).unwrap().map(Result::unwrap).filter(|i| i.path().is_file())
        {
            fs::copy(item.path(), root.join("kz").join(part).join(item.file_name())).unwrap();
        }
    }
    let path = root.join("kz/legal_basis.toml");
    let mut text = fs::read_to_string(&path).unwrap();
    for (old, new) in changes {
        assert!(text.contains(old), "no `{old}`");
        text = text.replace(old, new);
    }
    fs::write(&path, text).unwrap();
    let profile = Profile::load(&root.join("kz")).unwrap_or_else(|e| panic!("{e}"));
    fs::remove_dir_all(&root).unwrap();
    profile
}

/// A planned version as if it were stored.
pub(crate) fn stored(new: NewVersion, recorded_at: Timestamp) -> Basis {
    new.stored(recorded_at)
}

/// The bases of a profile, stored at the beginning of time.
pub(crate) fn bases(profile: &Profile) -> Vec<Basis> {
    let begin = Timestamp::from_micros(0);
    plan(&[], profile, begin).into_iter().map(|n| stored(n, begin)).collect()
}

/// The version of a basis of Kazakhstan that is in force at [`NOW`].
pub(crate) fn basis(key: &str) -> Basis {
    static ALL: LazyLock<Vec<Basis>> = LazyLock::new(|| bases(kz()));
    let all: Vec<Basis> = ALL.iter().filter(|b| b.id == basis_id("kz", key)).cloned().collect();
    legal_basis::rules::pick(&all, at(NOW), at(NOW)).unwrap().clone()
}

pub(crate) fn person(no: u128, roles: &[Role]) -> Actor {
    // The organisation of testkit's world.
    access::staff(Uuid::from_u128(no), &format!("P{no}"), roles, "KZ-TEST", "central")
}

pub(crate) fn signer(no: u128, roles: &[Role]) -> Signer {
    Signer { user: Uuid::from_u128(no), name: format!("P{no}"), roles: roles.to_vec() }
}

const ACCOUNT: db::Stmt = db::Stmt::both(
    "test.account",
    "INSERT INTO staff_account (id, origin_node, organisation_id, unit_id, region, marking, lang, created_at, source_time, \
     source_zone, author, profile_version, retention_class, row_hash, login, demo, name_sealed, roles, password_hash, \
     totp_sealed, totp_last_step, active) VALUES (?1, 'n1', 'KZ-TEST', 'central', '', '', 'kk', 0, 0, '', 'system:setup', \
     'p', 'record', ?2, ?3, ?4, ?2, ?5, '', ?2, -1, ?6)",
);
const STATE: db::Stmt =
    db::Stmt::both("test.account_state", "UPDATE staff_account SET active = ?2 WHERE id = ?1");

/// Accounts of the persons 1 to 9 with these offices: whoever signs must have one.
pub(crate) async fn enrol(db: &db::Db, offices: &'static str) {
    db.migrate(&[&access::SLICE]).unwrap();
    db.write(move |tx| {
        for no in 1..10_u128 {
            let own =
                db::params![Uuid::from_u128(no), vec![0_u8; 32], format!("p{no}"), false, offices, true];
            tx.execute(&ACCOUNT, own)?;
        }
        Ok::<_, db::DbError>(())
    })
    .await
    .unwrap();
}

/// Closes or opens the account of a person.
pub(crate) async fn set_open(db: &db::Db, no: u128, open: bool) {
    let done = db.write(move |tx| tx.execute(&STATE, db::params![Uuid::from_u128(no), open]));
    assert_eq!(done.await.unwrap(), 1);
}

pub(crate) fn header(author: &Actor, now: Timestamp) -> Header {
    Header {
        origin_node: "n1".into(),
        organisation_id: "DCC".into(),
        unit_id: "duty".into(),
        region: String::new(),
        marking: Marking::default(),
        lang: Lang::KK,
        created_at: now,
        source_time: now,
        source_zone: "Asia/Almaty".into(),
        author: author.label(),
        basis: None,
        profile_version: kz().version().into(),
        retention_class: "approval".into(),
    }
}

/// Terms that fit the everyday hold: 5 million an order, 50 million a day, 6 hops, a month.
pub(crate) fn terms() -> NewStanding {
    NewStanding {
        amends: None,
        basis: basis("payments-25-1-hold").pair(),
        measure: Measure::Hold,
        scope: Scope::AmountOnly,
        cap_per_order: kzt(500_000_000),
        cap_per_day: kzt(5_000_000_000),
        hop_limit: 6,
        valid_from: at(NOW),
        valid_to: at(NOW).plus_secs(30 * DAY),
        reason: "night shift".into(),
    }
}

/// A draft with those terms by person 1.
pub(crate) fn draft() -> StandingApproval {
    static DRAFT: LazyLock<StandingApproval> = LazyLock::new(fresh_draft);
    DRAFT.clone()
}

fn fresh_draft() -> StandingApproval {
    let author = person(1, &[Role::DutyOfficer]);
    let mut header = header(&author, at(NOW));
    header.basis = Some(terms().basis);
    StandingApproval {
        id: StandingId::from_uuid(Uuid::from_u128(77)),
        version: 1,
        header,
        terms: terms(),
        status: Status::Draft,
        signatures: Vec::new(),
        in_force_at: None,
        ending: None,
    }
}

/// The same, signed by persons 2 and 3.
pub(crate) fn in_force() -> StandingApproval {
    let basis = basis("payments-25-1-hold");
    let one = draft().sign(&signer(2, &[Role::Approver]), Some(&basis), at(NOW)).unwrap();
    one.sign(&signer(3, &[Role::Approver]), Some(&basis), at(NOW)).unwrap()
}
