//! Opens a node: keys, database, clocks, profile.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use app::{App, Node, Timer};
use db::{Db, DbError, Options, Tx, rot};
use kernel::{Entropy, OfficeClock, Secret, Timestamp, WallClock};
use profile::Profile;
use vault::Vault;

use crate::slices::SLICES;

/// Where a node lives and who it is.
#[derive(Debug, Clone, clap::Args)]
pub struct NodeArgs {
    /// Folder of the database and keys
    #[arg(long, env = "QORGAN_DATA", default_value = "data")]
    pub data: PathBuf,
    /// `postgres://…`; without it an embedded SQLite database in the data folder
    #[arg(long, env = "DATABASE_URL")]
    pub database: Option<String>,
    /// Country profile: a name that is built in, or a folder
    #[arg(long, env = "QORGAN_PROFILE", default_value = "kz")]
    pub profile: String,
    /// The address under which partners and citizens reach this node
    #[arg(long, env = "QORGAN_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
    pub public_url: String,
}

impl NodeArgs {
    /// The database's address.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.database.clone().unwrap_or_else(|| format!("sqlite:{}", self.data.join("qorgan.db").display()))
    }
}

/// 32 random bytes in a file that only its owner reads; made at first use.
fn key_file(path: &Path, entropy: &Entropy) -> anyhow::Result<[u8; 32]> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    if path.exists() {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read key `{}`", path.display()))?;
        return bytes.try_into().map_err(|_| anyhow::anyhow!("key `{}` is not 32 bytes", path.display()));
    }
    let key: [u8; 32] = entropy.bytes();
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot create key `{}`", path.display()))?;
    file.write_all(&key)?;
    file.sync_all()?;
    Ok(key)
}

/// A built-in profile by name, or one in a folder.
///
/// # Errors
/// What is wrong with it.
pub fn load_profile(name: &str) -> anyhow::Result<Profile> {
    let dir = Path::new(name);
    let loaded = if dir.is_dir() { Profile::load(dir) } else { Profile::embedded(name) };
    loaded.map_err(|e| anyhow::anyhow!("profile `{name}` cannot be used:\n{e}"))
}

/// Opens the node, creating keys and tables where they are missing.
///
/// # Errors
/// A sentence that says which file, key or table stands in the way.
pub fn open(args: &NodeArgs) -> anyhow::Result<App> {
    let keys = args.data.join("keys");
    std::fs::create_dir_all(&keys).with_context(|| format!("cannot create folder `{}`", keys.display()))?;
    let entropy = Entropy::from_os().context("the operating system gives no randomness")?;
    let wall = WallClock::system();
    let profile = load_profile(&args.profile)?;
    let vault = Vault::open_or_create(keys.join("vault.key"), &entropy)?;
    let message_key = key_file(&keys.join("message.key"), &entropy)?;
    let log_key = key_file(&keys.join("log.key"), &entropy)?;
    let url = args.database_url();
    let db = open_sound(&url)?;
    db::migrate::refuse_unknown(&db, SLICES).map_err(|e| {
        let why = match e {
            DbError::Migration(_) => "this database belongs to another or newer program",
            _ => "cannot read which tables the database has",
        };
        anyhow::Error::from(e).context(why)
    })?;
    db.migrate(SLICES).context("cannot bring the tables up to date")?;
    same_vault(&db, &vault)?;
    let clock = Clock::read(&db, &wall)?;
    let code = profile.organisation().code.clone();
    let node = Node {
        name: "main".to_owned(),
        keyid: format!("{code}/1"),
        unit: "duty".to_owned(),
        public_url: args.public_url.trim_end_matches('/').to_owned(),
        code,
        message_key: Secret::new(message_key),
        log_key: Secret::new(log_key),
    };
    let office = if clock.demo {
        OfficeClock::scaled(wall.clone(), clock.start_wall, clock.start_office, clock.factor)
    } else {
        OfficeClock::real(wall.clone())
    };
    Ok(App {
        db,
        office,
        wall,
        entropy,
        profile: Arc::new(profile),
        vault,
        node: Arc::new(node),
        timer: Timer,
        came: app::Came::default(),
        factor: clock.factor,
        demo: clock.demo,
    })
}

/// The database at this address, without bringing its tables up to date.
///
/// # Errors
/// It cannot be reached or made.
pub fn open_database(url: &str) -> anyhow::Result<Db> {
    Db::open(url, Options::default()).with_context(|| format!("cannot open database `{}`", redact(url)))
}

/// The database at this address, if what says which database it is can be believed: a node that misread it would take it for another
/// program's, or for a demonstration.
fn open_sound(url: &str) -> anyhow::Result<Db> {
    let opened = open_database(url);
    let Some(file) = url.strip_prefix("sqlite:").map(Path::new).filter(|f| f.is_file()) else {
        return opened;
    };
    let damaged = match &opened {
        Ok(_) => rot::check_itself(file)?,
        // Why it cannot be opened is said already, unless it is damage.
        Err(_) => rot::check_itself(file).unwrap_or_default(),
    };
    anyhow::ensure!(
        damaged.is_empty(),
        "the database is damaged ({}): `qorgan check-database` names each place; restore the last backup in which it is sound",
        damaged.first().map(ToString::to_string).unwrap_or_default()
    );
    opened
}

/// A database belongs to one key: with another, nothing personal in it could be read, and new rows would
/// be sealed under a key that the next start may not have.
fn same_vault(db: &Db, vault: &Vault) -> anyhow::Result<()> {
    let mark = hex::encode(vault.blind("database", "mark"));
    let known = db.write_blocking(move |tx| {
        let known = db::meta::get(tx, "vault_mark")?;
        if known.is_none() {
            db::meta::put(tx, "vault_mark", &mark)?;
        }
        Ok::<_, db::DbError>(known.is_none_or(|k| k == mark))
    })?;
    anyhow::ensure!(
        known,
        "the key file `keys/vault.key` does not belong to this database; restore the one it was created with"
    );
    Ok(())
}

/// A database address without its password, for messages.
fn redact(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => {
            format!("{}://…{}", url.get(..scheme).unwrap_or(""), url.get(at..).unwrap_or(""))
        }
        _ => url.to_owned(),
    }
}

/// How office time runs in this database. Ordinary databases have none of these rows.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Created as a demonstration.
    pub demo: bool,
    /// Wall time at which office time began.
    pub start_wall: Timestamp,
    /// Office time at that moment.
    pub start_office: Timestamp,
    /// How many times faster it runs.
    pub factor: u32,
}

impl Clock {
    fn read(db: &Db, wall: &WallClock) -> anyhow::Result<Self> {
        let get = |key: &'static str| db.read_blocking(move |tx| db::meta::get(tx, key));
        let now = wall.now();
        let micros =
            |text: Option<String>| text.and_then(|t| t.parse().ok()).map_or(now, Timestamp::from_micros);
        Ok(Self {
            demo: get("demo")?.is_some(),
            start_wall: micros(get("office_start_wall")?),
            start_office: micros(get("office_start")?),
            factor: get("office_factor")?.and_then(|t| t.parse().ok()).unwrap_or(1),
        })
    }

    /// Marks a database as a demonstration with this clock.
    ///
    /// # Errors
    /// The database's.
    pub fn put(self, tx: &mut Tx<'_>) -> Result<(), DbError> {
        db::meta::put(tx, "demo", "1")?;
        db::meta::put(tx, "office_start_wall", &self.start_wall.as_micros().to_string())?;
        db::meta::put(tx, "office_start", &self.start_office.as_micros().to_string())?;
        db::meta::put(tx, "office_factor", &self.factor.to_string())
    }
}
