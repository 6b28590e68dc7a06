//! What was typed stands in no address: names and numbers of people would lie in histories, logs and whatever is sent on. The address has
//! it sealed, for the one who typed it, under a key of that day which is destroyed some days later.

use app::{App, SealedWords};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Actor, Personal, Purpose};
use uuid::Uuid;
use vault::VaultError;

use crate::error::SearchError;
use crate::rules::query::MOST_CHARS;

/// The keys of questions are nobody's: one a day, whose number is at the end.
const SUBJECTS: u128 = 0x5ea2_c400_0000_8000_8000_0000_0000_0000;
/// Days after which what was typed can be read by nobody any more.
pub const KEPT_DAYS: u32 = 7;
/// No question is from before this day, counted from 1970.
const FIRST_DAY: u32 = 20_000;

fn subject(day: u32) -> Uuid {
    Uuid::from_u128(SUBJECTS | u128::from(day))
}

fn today(app: &App) -> u32 {
    u32::try_from(app.wall.now().as_secs().div_euclid(86_400)).unwrap_or(0)
}

fn field(actor: &Actor) -> String {
    format!("search.query {}", actor.label())
}

/// What an address says.
#[derive(Debug)]
pub enum Asked {
    /// Nothing was typed.
    Nothing,
    /// This.
    Typed(Personal<String>),
    /// Somebody else's, or nobody's.
    Foreign,
    /// It was so long ago that nobody can read it any more.
    Old,
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
    let (day, mut sealed) = (today(app), Vec::new());
    // The first of a day may meet another first: then the key is there the second time.
    for _ in 0..2 {
        let (me, field, words) = (app.clone(), field(actor), words.clone());
        let all = app.db.write(move |tx| me.seal_words(tx, subject(day), &field, &words)).await?;
        sealed = all.bytes().to_vec();
        if !sealed.is_empty() {
            break;
        }
    }
    let mut token = day.to_be_bytes().to_vec();
    token.append(&mut sealed);
    Ok(URL_SAFE_NO_PAD.encode(token))
}

/// What was typed, from the address.
///
/// # Errors
/// The database's.
pub async fn unseal(app: &App, actor: &Actor, token: &str) -> Result<Asked, SearchError> {
    if token.is_empty() {
        return Ok(Asked::Nothing);
    }
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return Ok(Asked::Foreign) };
    let Some((day, sealed)) = bytes.split_first_chunk::<4>() else { return Ok(Asked::Foreign) };
    let (day, today) = (u32::from_be_bytes(*day), today(app));
    if !(FIRST_DAY..=today).contains(&day) {
        return Ok(Asked::Foreign);
    }
    if day.saturating_add(KEPT_DAYS) < today {
        return Ok(Asked::Old);
    }
    let (me, field, sealed) = (app.clone(), field(actor), sealed.to_vec());
    let read = app
        .db
        .read(move |tx| me.open_words(tx, subject(day), &field, &SealedWords::from_bytes(sealed.clone())));
    match read.await {
        Ok(Some(words)) => Ok(Asked::Typed(words)),
        Ok(None) => Ok(Asked::Old),
        Err(VaultError::Sealed(_) | VaultError::Version(_)) => Ok(Asked::Foreign),
        Err(e) => Err(e.into()),
    }
}

/// Destroys the keys of days that are over, looking so many days back. Says how many there were.
///
/// # Errors
/// The vault's, the database's.
pub async fn forget_questions(app: &App, days_back: u32) -> Result<usize, SearchError> {
    let last = today(app).saturating_sub(KEPT_DAYS.saturating_add(1));
    let me = app.clone();
    let old = app
        .db
        .read(move |tx| {
            let mut old = Vec::new();
            // The first key was one for ever.
            for day in (last.saturating_sub(days_back)..=last).chain([1]) {
                if me.vault.subject(tx, subject(day))?.is_some() {
                    old.push(subject(day));
                }
            }
            Ok::<_, VaultError>(old)
        })
        .await?;
    let count = old.len();
    if count > 0 {
        let me = app.clone();
        app.db.write(move |tx| old.iter().try_for_each(|day| me.vault.forget(tx, *day))).await?;
        app.db.sweep().await;
    }
    Ok(count)
}

/// What was typed, for whoever looks for it.
pub(crate) fn words(asked: Personal<String>) -> String {
    asked.into_inner(Purpose::HandleReport)
}
