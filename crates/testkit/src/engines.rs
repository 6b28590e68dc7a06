//! A fresh database for a test, on every engine there is.

use std::any::Any;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::Once;

use db::{Db, Engine, Options, Slice};
use kernel::Entropy;

/// The variable that holds the url of a PostgreSQL server where tests may make and drop schemas.
pub const POSTGRES_VARIABLE: &str = "QORGAN_TEST_POSTGRES";

/// A database of one test, removed when this is dropped.
pub struct TestDb {
    /// The open database. Clones that outlive the `TestDb` lose the ground under their feet.
    pub db: Db,
    /// Its url, to open it a second time.
    pub url: String,
    // Dropped last.
    place: Place,
}

impl std::fmt::Debug for TestDb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TestDb({:?} in {:?})", self.db, self.place)
    }
}

impl std::ops::Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

/// What is removed in the end.
#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Schema { base: String, name: String },
}

impl Drop for Place {
    fn drop(&mut self) {
        match self {
            Self::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Self::Schema { base, name } => {
                // A test that fails should show its own failure, not this one's.
                drop(admin(base.clone(), format!("DROP SCHEMA IF EXISTS {name} CASCADE")));
            }
        }
    }
}

/// An empty database on each engine: SQLite always, PostgreSQL where [`POSTGRES_VARIABLE`] says so. No
/// migrations have run.
#[must_use]
pub fn engines() -> Vec<TestDb> {
    engines_with(&Options::default())
}

/// As [`engines`], opened with `options`.
#[must_use]
pub fn engines_with(options: &Options) -> Vec<TestDb> {
    let mut all = vec![sqlite_with(options.clone())];
    all.extend(postgres_with(options.clone()));
    all
}

/// An empty SQLite database in a folder of its own.
#[must_use]
pub fn sqlite_with(options: Options) -> TestDb {
    let folder = std::env::temp_dir().join(unique());
    fail_on(std::fs::create_dir_all(&folder).map_err(|e| e.to_string()));
    let url = format!("sqlite:{}", folder.join("test.db").display());
    open(url, options, Place::Folder(folder))
}

/// An empty PostgreSQL schema, if there is a server; otherwise says once that it was not run.
#[must_use]
pub fn postgres_with(options: Options) -> Option<TestDb> {
    static TOLD: Once = Once::new();
    let Some(base) = std::env::var(POSTGRES_VARIABLE).ok().filter(|url| !url.is_empty()) else {
        // Not `println`: the harness would swallow it, and a test that did not run must say so.
        TOLD.call_once(|| drop(writeln!(std::io::stdout(), "NOT RUN: needs {POSTGRES_VARIABLE}")));
        return None;
    };
    let name = unique();
    fail_on(admin(base.clone(), format!("CREATE SCHEMA {name}")));
    let mark = if base.contains('?') { '&' } else { '?' };
    let url = format!("{base}{mark}options=-c%20search_path%3D{name}&application_name={name}");
    Some(open(url, options, Place::Schema { base, name }))
}

fn open(url: String, options: Options, place: Place) -> TestDb {
    let db = fail_on(Db::open(&url, options).map_err(|e| e.to_string()));
    TestDb { db, url, place }
}

/// Runs `test` on each engine, with the migrations of `slices` done.
pub fn on_each_engine(slices: &[&'static Slice], test: impl Fn(&Db)) {
    for place in engines() {
        fail_on(place.migrate(slices).map_err(|e| e.to_string()));
        run(&place, || test(&place));
    }
}

/// As [`on_each_engine`] for a test that waits: `test` gets the database and gives a future.
pub fn on_each_engine_async<F: Future<Output = ()>>(slices: &[&'static Slice], test: impl Fn(Db) -> F) {
    for place in engines() {
        fail_on(place.migrate(slices).map_err(|e| e.to_string()));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = fail_on(runtime.map_err(|e| e.to_string()));
        run(&place, || runtime.block_on(test(place.db.clone())));
    }
}

/// Says on which engine a test failed.
fn run(place: &TestDb, test: impl FnOnce()) {
    let failed = catch_unwind(AssertUnwindSafe(test)).err();
    if let Some(panic) = failed {
        let engine: Engine = place.engine();
        drop(writeln!(std::io::stderr(), "the test failed on {engine:?}"));
        resume_unwind(panic);
    }
}

/// Runs one command on the server, on a thread of its own: the client may not run inside an async runtime.
fn admin(base: String, sql: String) -> Result<(), String> {
    let work = move || {
        let mut client = postgres::Client::connect(&base, postgres::NoTls).map_err(|e| format!("{e:?}"))?;
        client.batch_execute(&sql).map_err(|e| format!("{e:?}"))
    };
    std::thread::spawn(work).join().map_err(|_| "the client panicked".to_owned())?
}

/// A name that no other test has, in this process or another.
fn unique() -> String {
    let random: [u8; 8] = fail_on(Entropy::from_os().map_err(|e| e.to_string())).bytes();
    let random = u64::from_be_bytes(random);
    format!("qorgan_test_{}_{random:x}", std::process::id())
}

fn fail_on<T>(result: Result<T, String>) -> T {
    // This file is also a module of a test target, where an expectation of the lint would not be met.
    result.unwrap_or_else(|e| resume_unwind(told(format!("the test's database: {e}"))))
}

/// Unwinding by hand runs no panic hook, so the words are written here.
pub(crate) fn told(words: String) -> Box<dyn Any + Send> {
    drop(writeln!(std::io::stderr(), "{words}"));
    Box::new(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::check::catalog;

    #[test]
    fn each_test_has_its_own_empty_database_and_it_goes_with_it() {
        for (a, b) in engines().into_iter().zip(engines()) {
            assert_eq!(a.engine(), b.engine());
            a.migrate(&[]).unwrap();
            assert!(!catalog(&a).unwrap().is_empty());
            assert_eq!(catalog(&b).unwrap(), Vec::<String>::new());
            if let Place::Folder(folder) = &a.place {
                let folder = folder.clone();
                drop(a);
                assert!(!folder.exists());
            } else {
                let url = a.url.clone();
                drop(a);
                let again = Db::open(&url, Options::default()).unwrap();
                assert_eq!(catalog(&again).unwrap(), Vec::<String>::new(), "the schema is gone");
            }
        }
    }

    #[test]
    fn a_failing_test_fails_and_one_that_waits_is_waited_for() {
        let failed = catch_unwind(|| on_each_engine(&[], |_| assert_eq!(1, 2)));
        assert!(failed.is_err());
        on_each_engine_async(&[], |db| async move {
            assert_eq!(db.read(|tx| db::meta::get(tx, "demo")).await, Ok(None));
        });
    }
}
