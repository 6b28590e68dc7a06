//! Files that go to an institution over the wire, whatever they say: kept sealed, posted under our signature again and again until what
//! they ask is answered. A slice above that has such files brings a [`Road`]; there is one loop for all of them.

use app::App;
use audit::Act;
use db::{DbError, Tx};
use kernel::{Actor, Header, Personal, Timestamp};
use serde_json::json;
use uuid::Uuid;
use vault::SubjectKey;

use crate::error::RegistrationError;
use crate::export::Made;
use crate::model::{HandOver, HandOverId, Posting, RegistrationId};
use crate::service::FILE;
use crate::store;

/// A file ready to be posted.
#[derive(Debug, Clone)]
pub struct Build {
    /// Address of the institution's gateway.
    pub gateway: String,
    /// The file, byte for byte as it was made.
    pub body: Personal<String>,
}

type Building = fn(&mut Tx<'_>, &App, &HandOver) -> Result<Option<Build>, RegistrationError>;
type Hearing = fn(&mut Tx<'_>, &App, &Actor, &HandOver, &[u8]) -> Result<bool, RegistrationError>;

/// How files of one schema go.
#[derive(Debug, Clone, Copy)]
pub struct Road {
    /// Their schema, `referral.v1`.
    pub schema: &'static str,
    /// They are posted to `{gateway}/PATH`.
    pub path: &'static str,
    /// Whether they ask something: those that do not are done once they have arrived.
    pub asks: bool,
    /// An institution that has taken the file and not answered is asked again after this time of the wall clock.
    pub again_secs: i64,
    /// Opens a file; nothing where it is not to go any more.
    pub build: Building,
    /// Takes what an institution said under its signature; `false` where that is no word about this file.
    pub heard: Hearing,
}

/// A file of a slice above.
#[derive(Debug)]
pub struct NewFile<'a> {
    /// What it is about; the last file of it counts.
    pub of: Uuid,
    /// Where that belongs.
    pub header: Header,
    /// Its schema.
    pub schema: &'static str,
    /// Who it goes to.
    pub institution: &'a str,
    /// What it says, JSON.
    pub text: String,
}

/// Keeps a file sealed and puts it on its way. What goes out, in which size and under which hash, is for the caller's record.
///
/// # Errors
/// The database's.
pub fn put(
    tx: &mut Tx<'_>,
    app: &App,
    key: &SubjectKey,
    new: NewFile<'_>,
) -> Result<HandOver, RegistrationError> {
    let made = Made::of(new.text);
    let row = HandOver {
        id: HandOverId::from_uuid(app.uuid()),
        header: new.header,
        registration: RegistrationId::from_uuid(new.of),
        schema: new.schema.to_owned(),
        sha256: made.sha256,
        size_bytes: made.size_bytes,
        channel: "message".to_owned(),
        institution: new.institution.to_owned(),
        posting: Posting::Waiting,
        tries: 0,
        last_error: String::new(),
    };
    store::hand_over::insert(tx, &row, &key.seal(&app.entropy, FILE, &made.text), app.wall.now())?;
    Ok(row)
}

/// Its content, opened.
///
/// # Errors
/// The database's; it was erased.
pub fn content(
    tx: &mut Tx<'_>,
    key: &SubjectKey,
    of: &HandOver,
) -> Result<Personal<String>, RegistrationError> {
    let sealed = store::hand_over::file(tx, of.id)?;
    Ok(key.open(FILE, &sealed)?)
}

/// The last file about a thing.
///
/// # Errors
/// The database's.
pub fn last(tx: &mut Tx<'_>, of: Uuid) -> Result<Option<HandOver>, DbError> {
    store::hand_over::of_registration(tx, RegistrationId::from_uuid(of))
}

/// What was asked is answered: nothing about the thing is posted any more.
///
/// # Errors
/// The database's.
pub fn end(tx: &mut Tx<'_>, of: Uuid) -> Result<(), DbError> {
    store::hand_over::done(tx, RegistrationId::from_uuid(of))
}

/// Asks once more, now.
///
/// # Errors
/// The database's.
pub fn ask_again(tx: &mut Tx<'_>, of: Uuid, wall: Timestamp) -> Result<(), DbError> {
    store::hand_over::ask_again(tx, RegistrationId::from_uuid(of), wall)
}

/// Writes the first opening of a file for the road into the record; repetitions of it are none.
///
/// # Errors
/// The database's.
pub fn record_posting(
    tx: &mut Tx<'_>,
    app: &App,
    (part, act): (&str, Act),
    of: &HandOver,
) -> Result<(), DbError> {
    if of.tries > 0 {
        return Ok(());
    }
    let facts = json!({"schema": of.schema, "institution": of.institution, "sha256": of.sha256});
    app.record(tx, &Actor::system(part), &Act { facts, ..act })
}
