//! One function per verb of the office: permission, load, decide, save, record.

mod bringing;
mod hearing;
mod mapping;
mod reading;
mod trying;

use app::App;
use db::Tx;
use identifier::Region;
use kernel::{Actor, Purpose};
use reader::{Feed, Rows};
use statement::Row;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use tokio::task::JoinHandle;
use vault::SubjectKey;

use crate::Office;
use crate::error::ImportError;
use crate::model::{Import, ImportId, Told};
use crate::rules::{MOST_BYTES, MOST_MAPPING};
use crate::store;

pub use bringing::{Wish, begin, carry_out, give_up_broken, take_back};
pub use hearing::{on_exhibit, on_expunged};
pub use reading::{
    Counted, Movements, Page, Query, accounts, movements, of_exhibit, of_report, open, reads, reports_of,
    stands, undated,
};
pub use trying::{Memory, try_out};

/// Fields under which what belongs to an import is sealed with the exhibit's key.
pub(crate) const TOLD: &str = "import.told";
pub(crate) const ROW: &str = "import.row";

/// How long one reading may take.
const DEADLINE: Duration = Duration::from_secs(1_800);
/// Rows that may wait for whoever keeps them.
const WAITING: usize = 4_096;

/// Where telephone numbers without a country belong.
pub(crate) fn region(app: &App) -> Region {
    Region::from_code(app.profile.phone_region()).unwrap_or_default()
}

/// A reading that goes on: rows come by the channel, and how it ended by the task.
pub(crate) struct Begun {
    pub(crate) rows: Receiver<Row>,
    pub(crate) end: JoinHandle<Rows>,
}

/// By what a word is found among the rows of one import: the same word of another import has another key.
pub(crate) fn word_key(app: &App, id: ImportId, word: &str) -> Vec<u8> {
    app.vault.blind("import_word", &format!("{id}\u{1f}{word}")).iter().take(8).copied().collect()
}

/// A mapping that somebody typed: empty for none.
pub(crate) fn typed_mapping(typed: &str) -> Result<Option<String>, ImportError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    if typed.len() > MOST_MAPPING {
        return Err(ImportError::Field("mapping"));
    }
    Ok(Some(typed.to_owned()))
}

/// Opens the content of an exhibit, which is an event of its custody, and has it read.
pub(crate) async fn read_rows(
    app: &App,
    office: &Office,
    actor: &Actor,
    (number, mapping): (&str, Option<String>),
) -> Result<Begun, ImportError> {
    let (exhibit, _, frames) = evidence::service::content(app, &office.shelf, actor, number).await?;
    let size = exhibit.size_bytes.filter(|n| *n <= MOST_BYTES).ok_or(ImportError::NoRows)?;
    let feed = evidence::service::feed(frames, size);
    let (send, rows) = sync_channel(WAITING);
    let (reader, timer) = (office.reader.clone(), app.timer);
    // What hears the rows waits for whoever keeps them: that is no work for the threads that answer.
    let handle = tokio::runtime::Handle::current();
    let end = tokio::task::spawn_blocking(move || {
        handle.block_on(hear(&reader, feed, mapping, (timer.sleep(DEADLINE), send)))
    });
    Ok(Begun { rows, end })
}

async fn hear(
    reader: &reader::Reader,
    feed: Feed,
    mapping: Option<String>,
    (deadline, send): (impl Future<Output = ()>, SyncSender<Row>),
) -> Rows {
    reader.rows(feed, mapping, deadline, move |row| send.send(row).is_ok()).await
}

/// What was found of an import, opened; nothing once its exhibit was destroyed.
pub(crate) fn told(tx: &mut Tx<'_>, app: &App, import: &Import) -> Result<Told, ImportError> {
    let Some(key) = app.vault.subject(tx, import.exhibit.uuid())? else { return Ok(Told::default()) };
    let sealed = store::told(tx, import.id)?;
    let text = key.open(TOLD, &sealed)?.into_inner(Purpose::HandleReport);
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

/// What was found, sealed.
pub(crate) fn seal_told(app: &App, key: &SubjectKey, told: &Told) -> Vec<u8> {
    key.seal(&app.entropy, TOLD, &serde_json::to_string(told).unwrap_or_default())
}
