//! What was typed stands in no address: names and numbers of people would lie in histories, logs and whatever is sent on. The address has
//! it sealed, for the one who typed it.

use app::{App, SealedWords};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Actor, Purpose};
use uuid::Uuid;

use crate::error::SearchError;
use crate::rules::query::MOST_CHARS;

/// Under whose key questions are sealed: nobody's.
const SUBJECT: Uuid = Uuid::from_u128(0x5ea2_c400_0000_8000_8000_0000_0000_0001);

fn field(actor: &Actor) -> String {
    format!("search.query {}", actor.label())
}

/// What was typed, for the address. Empty for nothing.
///
/// # Errors
/// The vault's, the database's.
pub async fn seal(app: &App, actor: &Actor, typed: &str) -> Result<String, SearchError> {
    let words: String = typed.trim().chars().take(MOST_CHARS).collect();
    if words.is_empty() {
        return Ok(String::new());
    }
    let (me, field) = (app.clone(), field(actor));
    let sealed = app.db.write(move |tx| me.seal_words(tx, SUBJECT, &field, &words)).await?;
    Ok(URL_SAFE_NO_PAD.encode(sealed.bytes()))
}

/// What was typed, from the address; `None` where it is nobody's or somebody else's.
///
/// # Errors
/// The database's.
pub async fn unseal(app: &App, actor: &Actor, token: &str) -> Result<Option<String>, SearchError> {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return Ok(None) };
    let (me, field) = (app.clone(), field(actor));
    let read =
        app.db.read(move |tx| me.open_words(tx, SUBJECT, &field, &SealedWords::from_bytes(bytes.clone())));
    match read.await {
        Ok(words) => Ok(words.map(|w| w.into_inner(Purpose::HandleReport))),
        Err(vault::VaultError::Sealed(_) | vault::VaultError::Version(_)) => Ok(None),
        Err(e) => Err(e.into()),
    }
}
