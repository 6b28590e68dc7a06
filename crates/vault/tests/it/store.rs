//! Keys in the database, forgetting, and what a thief of the file would find.

use db::{Db, DbError, Migration, Options, Slice, Stmt, params};
use kernel::time::ManualClock;
use kernel::{Entropy, Purpose, Timestamp};
use testkit::on_each_engine;
use uuid::Uuid;
use vault::{SLICE, SubjectKey, Vault, VaultError};

/// A slice that keeps one sealed field and one blind index, as the real ones do.
const PUT: Stmt = Stmt::both("person.put", "INSERT INTO person (id, phone, phone_index) VALUES (?1, ?2, ?3)");
const GET: Stmt = Stmt::both("person.get", "SELECT phone FROM person WHERE phone_index = ?1");
const KEY: Stmt =
    Stmt::both("person.key", "SELECT wrapped, created_at, forgotten_at FROM subject_key WHERE subject = ?1");
const PERSON: Slice = Slice {
    name: "person",
    migrations: &[Migration {
        no: 1,
        name: "person",
        sqlite: "CREATE TABLE person (id BLOB NOT NULL PRIMARY KEY, phone BLOB NOT NULL, phone_index BLOB NOT NULL) STRICT;",
        postgres: "CREATE TABLE person (id UUID NOT NULL PRIMARY KEY, phone BYTEA NOT NULL, phone_index BYTEA NOT NULL);",
    }],
    statements: &[&PUT, &GET, &KEY],
};
const SLICES: [&Slice; 2] = [&SLICE, &PERSON];

fn vault(clock: &ManualClock) -> Vault {
    Vault::from_key_bytes([42; 32]).with_clock(clock.wall())
}

fn put(db: &Db, vault: &Vault, key: &SubjectKey, phone: &str) {
    let (vault, key) = (vault.clone(), key.clone());
    let sealed = key.seal(&Entropy::seeded(9), "phone", phone);
    let index = vault.blind("phone", phone);
    db.write_blocking(move |tx| {
        vault.store(tx, &key)?;
        tx.execute(&PUT, params![key.subject(), &sealed, index])?;
        Ok::<_, VaultError>(())
    })
    .unwrap();
}

fn get(db: &Db, vault: &Vault, subject: Uuid, phone: &str) -> Option<String> {
    let (vault, index) = (vault.clone(), vault.blind("phone", phone));
    db.read_blocking(move |tx| {
        let sealed = tx.query_one(&GET, params![index], |row| row.get::<Vec<u8>>(0))?;
        let Some(key) = vault.subject(tx, subject)? else { return Ok(None) };
        key.open("phone", &sealed).map(|p| Some(p.into_inner(Purpose::OwnData)))
    })
    .unwrap_or_else(|e: VaultError| panic!("{e}"))
}

fn forget(db: &Db, vault: &Vault, subject: Uuid) {
    let vault = vault.clone();
    db.write_blocking(move |tx| vault.forget(tx, subject)).unwrap();
}

fn stored(db: &Db, subject: Uuid) -> (Vec<u8>, Timestamp, Option<Timestamp>) {
    db.read_blocking(move |tx| {
        tx.query_one(&KEY, params![subject], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    })
    .unwrap_or_else(|e: DbError| panic!("{e}"))
}

#[test]
fn statements_prepare_and_catalogs_agree() {
    let mut catalogs = Vec::new();
    for place in testkit::engines() {
        place.migrate(&SLICES).unwrap();
        db::check::prepare_all(&place, &SLICES).unwrap();
        catalogs.push(db::check::catalog(&place).unwrap());
    }
    assert!(catalogs.windows(2).all(|pair| pair[0] == pair[1]), "{catalogs:#?}");
}

#[test]
fn sealed_stored_found_by_index_and_opened() {
    on_each_engine(&SLICES, |db| {
        let clock = ManualClock::at(Timestamp::from_secs(1_000));
        let (vault, subject) = (vault(&clock), Uuid::from_u128(1));
        let key = vault.new_subject(&Entropy::seeded(1), subject);
        clock.advance_secs(5);
        put(db, &vault, &key, "+77010000001");
        assert_eq!(get(db, &vault, subject, "+77010000001").unwrap(), "+77010000001");
        let (wrapped, created_at, forgotten_at) = stored(db, subject);
        assert_eq!((wrapped.len(), created_at, forgotten_at), (73, Timestamp::from_secs(1_000), None));
    });
}

#[test]
fn forgotten_cannot_be_opened_by_anybody_nor_come_back() {
    on_each_engine(&SLICES, |db| {
        let clock = ManualClock::at(Timestamp::from_secs(1_000));
        let (vault, subject, entropy) = (vault(&clock), Uuid::from_u128(1), Entropy::seeded(1));
        let key = vault.new_subject(&entropy, subject);
        put(db, &vault, &key, "+77010000001");
        let neighbour = vault.new_subject(&entropy, Uuid::from_u128(2));
        put(db, &vault, &neighbour, "+77010000002");

        clock.advance_secs(60);
        forget(db, &vault, subject);
        assert_eq!(get(db, &vault, subject, "+77010000001"), None);
        assert_eq!(
            stored(db, subject),
            (vec![], Timestamp::from_secs(1_000), Some(Timestamp::from_secs(1_060)))
        );
        // Forgetting again does not move the date; forgetting nobody is no error.
        clock.advance_secs(60);
        forget(db, &vault, subject);
        forget(db, &vault, Uuid::from_u128(99));
        assert_eq!(stored(db, subject).2, Some(Timestamp::from_secs(1_060)));
        // Nobody else is touched.
        assert_eq!(get(db, &vault, Uuid::from_u128(2), "+77010000002").unwrap(), "+77010000002");

        // Neither the old key nor a new one can be stored under the id again.
        for again in [key, vault.new_subject(&entropy, subject)] {
            let vault = vault.clone();
            let refused = db.write_blocking(move |tx| vault.store(tx, &again)).unwrap_err();
            assert!(matches!(refused, VaultError::Db(DbError::Unique { .. })), "{refused}");
        }
        assert_eq!(get(db, &vault, subject, "+77010000001"), None);
    });
}

#[test]
fn nobody_unknown_has_a_key_and_another_master_opens_none() {
    on_each_engine(&SLICES, |db| {
        let (vault, subject) = (Vault::from_key_bytes([1; 32]), Uuid::from_u128(1));
        let key = vault.new_subject(&Entropy::seeded(1), subject);
        put(db, &vault, &key, "+77010000001");
        let read = |vault: Vault, who| db.read_blocking(move |tx| vault.subject(tx, who));
        assert!(read(vault, Uuid::from_u128(2)).unwrap().is_none());
        let thief = Vault::from_key_bytes([2; 32]);
        assert!(matches!(read(thief, subject), Err(VaultError::Wrapped(who)) if who == subject));
    });
}

/// A row moved to another person does not open there.
#[test]
fn swapped_rows_are_noticed() {
    const SWAP: Stmt = Stmt::both("person.swap", "UPDATE subject_key SET wrapped = ?2 WHERE subject = ?1");
    on_each_engine(&SLICES, |db| {
        let (vault, entropy) = (Vault::from_key_bytes([1; 32]), Entropy::seeded(1));
        let (mine, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for (who, phone) in [(mine, "+77010000001"), (other, "+77010000002")] {
            put(db, &vault, &vault.new_subject(&entropy, who), phone);
        }
        let stolen = stored(db, other).0;
        db.write_blocking(move |tx| tx.execute(&SWAP, params![mine, &stolen]))
            .unwrap_or_else(|e: DbError| panic!("{e}"));
        let vault = vault.clone();
        let read = db.read_blocking(move |tx| vault.subject(tx, mine));
        assert!(matches!(read, Err(VaultError::Wrapped(who)) if who == mine));
    });
}

fn holds(folder: &std::path::Path, needle: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        if bytes.windows(needle.len()).any(|w| w == needle) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Bars S16 and S17 in small: no plain text in any byte of the folder, and after forgetting no wrapped key.
#[test]
fn a_stolen_folder_tells_nothing() {
    let folder = std::env::temp_dir().join(format!("vault-stolen-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let open = || Db::open(&format!("sqlite:{}", folder.join("x.db").display()), Options::default()).unwrap();
    let (vault, entropy) = (Vault::from_key_bytes([7; 32]), Entropy::seeded(3));
    let people: Vec<(Uuid, String)> =
        (1..=1_000_u32).map(|n| (Uuid::from_u128(n.into()), format!("+7701{n:07}"))).collect();

    let db = open();
    db.migrate(&SLICES).unwrap();
    let keys: Vec<SubjectKey> = people.iter().map(|(id, _)| vault.new_subject(&entropy, *id)).collect();
    for (key, (_, phone)) in keys.iter().zip(&people) {
        put(&db, &vault, key, phone);
    }
    let wrapped: Vec<Vec<u8>> = people.iter().map(|(id, _)| stored(&db, *id).0).collect();
    // The search itself works: a stored wrapped key is found, in the log or in the file.
    assert!(!holds(&folder, &wrapped[0]).is_empty());
    for (id, _) in people.iter().skip(1) {
        forget(&db, &vault, *id);
    }
    drop(db);
    let all: Vec<u8> = std::fs::read_dir(&folder)
        .unwrap()
        .flat_map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    let windows = |length: usize| all.windows(length).collect::<std::collections::HashSet<_>>();
    let (twelve, long) = (windows(12), windows(73));
    assert_eq!(people.iter().filter(|(_, phone)| twelve.contains(phone.as_bytes())).count(), 0);
    let left: Vec<usize> =
        wrapped.iter().enumerate().filter(|(_, w)| long.contains(w.as_slice())).map(|(i, _)| i).collect();
    assert_eq!(left, [0], "only the key that was kept is left in the bytes");
    drop(open());
    let _ = std::fs::remove_dir_all(&folder);
}
