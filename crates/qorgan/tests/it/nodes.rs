//! Whole nodes in folders of their own, on each engine, as the command line opens them.

use std::path::{Path, PathBuf};

use app::App;
use clap::Parser as _;
use kernel::Entropy;
use qorgan::cli::{self, Cli};
use qorgan::node::{self, NodeArgs};

use crate::country::institution;

/// A data folder, and the database that belongs to it.
pub struct Node {
    /// The folder.
    pub data: PathBuf,
    /// The database's address; `None` for SQLite in the folder.
    pub database: Option<String>,
    _place: Option<testkit::engines::TestDb>,
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.data));
    }
}

/// A folder that nobody has.
pub fn fresh_folder() -> PathBuf {
    let random: [u8; 8] = Entropy::from_os().unwrap().bytes();
    std::env::temp_dir().join(format!("qorgan_node_{:016x}", u64::from_be_bytes(random)))
}

/// A node to be, on SQLite.
pub fn sqlite_node() -> Node {
    Node { data: fresh_folder(), database: None, _place: None }
}

/// A node to be, on each engine.
pub fn nodes() -> Vec<Node> {
    let mut all = vec![sqlite_node()];
    if let Some(place) = testkit::engines::postgres_with(db::Options::default()) {
        all.push(Node { data: fresh_folder(), database: Some(place.url.clone()), _place: Some(place) });
    }
    all
}

impl Node {
    /// How commands are told which node is meant.
    pub fn args(&self) -> NodeArgs {
        NodeArgs {
            data: self.data.clone(),
            database: self.database.clone(),
            profile: "kz".to_owned(),
            public_url: "http://127.0.0.1:8080".to_owned(),
        }
    }

    /// Opens it.
    pub fn open(&self) -> App {
        node::open(&self.args()).unwrap()
    }

    /// Runs a command of the program on it.
    pub fn run(&self, command: &[&str]) -> anyhow::Result<()> {
        cli::run(self.parsed(command)).map(drop)
    }

    /// The command line with this node's flags behind it.
    pub fn parsed(&self, command: &[&str]) -> Cli {
        let mut all = vec!["qorgan".to_owned()];
        all.extend(command.iter().map(|s| (*s).to_owned()));
        all.extend(["--data".to_owned(), self.data.display().to_string()]);
        if let Some(url) = &self.database {
            all.extend(["--database".to_owned(), url.clone()]);
        }
        Cli::parse_from(all)
    }

    /// An agreement file beside it.
    pub fn agreement(&self) -> String {
        std::fs::create_dir_all(&self.data).unwrap();
        let path = self.data.join("country.json");
        let bank = institution("ZALT", "bank", partner::PartnerRole::Executor, Some("801"));
        let centre = institution("ZAFC", "antifraud_centre", partner::PartnerRole::AntifraudCentre, None);
        let country = partner::Country { institutions: vec![bank, centre] };
        std::fs::write(&path, serde_json::to_string(&country).unwrap()).unwrap();
        path.display().to_string()
    }
}

/// Runs async work of a test that otherwise runs commands, which have a runtime of their own.
pub fn block_on<F: Future>(work: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(work)
}

/// All files below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all.sort();
    all
}
