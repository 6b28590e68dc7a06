//! A node with a shelf, two officers and an approver.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::App;
use audit::{LogSigner, Sequencer};
use db::Slice;
use evidence::model::Acquisition;
use evidence::service::Begun;
#[cfg(feature = "s3")]
use evidence::shelf::away::Greeting;
use evidence::{Exhibit, Shelf, service};
use kernel::{Actor, Role};
use testkit::World;
use uuid::Uuid;

const SLICES: [&Slice; 4] = [&vault::SLICE, &audit::SLICE, &access::SLICE, &evidence::SLICE];
const SEED: [u8; 32] = [3; 32];
static PLACES: AtomicUsize = AtomicUsize::new(0);

pub struct Place {
    pub app: App,
    pub shelf: Shelf,
    pub root: PathBuf,
    pub officer: Actor,
    pub second: Actor,
    pub approver: Actor,
    pub world: World,
    #[cfg(feature = "s3")]
    pub bucket: Option<super::bucket::Ground>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

/// Runs `test` on each engine, with the shelf in a folder and, where the program can do that, in a bucket.
pub fn on_each<F: Future<Output = ()>>(test: impl Fn(Place) -> F) {
    on_each_engine(&test, false);
    if cfg!(feature = "s3") {
        on_each_engine(&test, true);
    }
}

pub fn on_each_engine<F: Future<Output = ()>>(test: impl Fn(Place) -> F, away: bool) {
    testkit::on_each_engine_async(&SLICES, async |db| {
        let world = World::new(11);
        let app = App { db, demo: true, ..world.app.clone() };
        access::demo_accounts(&app).await.unwrap();
        // Ids are drawn from a seed: a count tells the folders of tests apart.
        let nth = PLACES.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("qorgan-evidence-{}-{nth}", std::process::id()));
        let (vault, code) = (app.vault.clone(), app.node.code.clone());
        let all = app.db.read(move |tx| access::colleagues(tx, &vault, &code)).await.unwrap();
        let who = |role: Role, nth: usize| {
            let of = all.iter().filter(|c| c.office.roles == [role]).nth(nth).unwrap();
            access::staff(of.account, "N", &of.office.roles, &of.organisation, &of.unit)
        };
        let mut place = Place {
            shelf: Shelf::open(&root).unwrap(),
            root,
            officer: who(Role::DutyOfficer, 0),
            second: who(Role::DutyOfficer, 1),
            approver: who(Role::Approver, 0),
            app,
            world,
            #[cfg(feature = "s3")]
            bucket: away.then(|| super::bucket::Ground::new(nth)),
        };
        place.shelf = place.another_shelf().await;
        assert_eq!(place.shelf.is_away(), away);
        test(place).await;
    });
}

pub fn told(title: &str) -> Begun {
    Begun {
        told: Acquisition {
            title: title.into(),
            sort: "file".into(),
            taken_by: "капитан Үлгі".into(),
            how: "көшірілді".into(),
            basis: "хаттама № 1 (үлгі)".into(),
            file_name: "dump.bin".into(),
            ..Acquisition::default()
        },
        ..Begun::default()
    }
}

pub fn bytes(n: usize, seed: u8) -> Vec<u8> {
    (0..n).map(|i| u8::try_from((i * 31 + i / 253) % 251).unwrap() ^ seed).collect()
}

impl Place {
    /// Takes a file in, in parts.
    pub async fn take(&self, begun: Begun, bytes: &[u8], part: usize) -> Exhibit {
        let size = i64::try_from(bytes.len()).unwrap();
        let upload = service::begin(&self.app, &self.officer, size).await.unwrap();
        let mut at = 0;
        for part in bytes.chunks(part) {
            let after =
                service::append(&self.app, &self.shelf, &self.officer, (upload.id, at), part.to_vec()).await;
            at = after.unwrap().received_bytes;
        }
        service::finish(&self.app, &self.shelf, &self.officer, upload.id, begun).await.unwrap()
    }
    /// The same shelf, as another process sees it.
    pub async fn another_shelf(&self) -> Shelf {
        #[cfg(feature = "s3")]
        if let Some(bucket) = &self.bucket {
            let shelf = bucket.shelf(&self.root);
            assert_eq!(service::greet(&self.app, &shelf).await.unwrap(), Greeting::Known);
            return shelf;
        }
        Shelf::open(&self.root).unwrap()
    }
    /// All that lies there: files of the folder, objects of the bucket.
    pub async fn lying(&self) -> Vec<String> {
        let root = format!("{}/", self.root.display());
        let files = super::custody::walk(&self.root).into_iter();
        let mut all: Vec<String> =
            files.map(|file| file.to_str().unwrap().strip_prefix(&root).unwrap().to_owned()).collect();
        #[cfg(feature = "s3")]
        if let Some(bucket) = &self.bucket {
            all.extend(bucket.names().await);
        }
        all.sort();
        all
    }
    pub async fn bytes_of(&self, name: &str) -> Vec<u8> {
        #[cfg(feature = "s3")]
        if let Some(bucket) = &self.bucket {
            return bucket.get(name).await;
        }
        std::fs::read(self.root.join(name)).unwrap()
    }
    pub async fn put_bytes(&self, name: &str, bytes: &[u8]) {
        #[cfg(feature = "s3")]
        if let Some(bucket) = &self.bucket {
            return bucket.put(name, bytes).await;
        }
        std::fs::write(self.root.join(name), bytes).unwrap();
    }
    /// Puts a file that has come into its place, as a node does that ends then.
    pub async fn settle(&self, id: Uuid, whole: &[u8]) {
        let (vault, upload) = (self.app.vault.clone(), service::upload(&self.app, &self.officer, id).await);
        let key = self.app.db.read(move |tx| vault.subject(tx, id)).await.unwrap().unwrap();
        let mut hashing = evidence::rules::seal::Hashing::default();
        hashing.update(whole);
        let (shelf, frames) = (self.shelf.clone(), upload.unwrap().frames);
        let settled = tokio::task::spawn_blocking(move || shelf.settle(&key, frames, &hashing.hashes()));
        settled.await.unwrap().unwrap();
    }
    pub fn log(&self) -> LogSigner {
        LogSigner::new("qorgan.test/log", &SEED).unwrap()
    }
    /// What has happened gets its place in the log.
    pub async fn placed(&self) {
        Sequencer::new(self.app.db.clone(), self.log(), self.app.wall.clone()).drain().await.unwrap();
    }
    /// What happened to an exhibit, by its words.
    pub async fn life(&self, number: &str) -> Vec<&'static str> {
        let opened = service::open(&self.app, &self.officer, number).await.unwrap();
        opened.custody.iter().map(|c| c.event.kind.as_str()).collect()
    }
}

pub fn account(actor: &Actor) -> Uuid {
    match actor {
        Actor::Staff { user, .. } => *user,
        _ => unreachable!(),
    }
}
