//! What the limited reader says of the bytes of exhibits. They are opened here, frame by frame, and read there: once for the same bytes,
//! and again when the looker has learnt more. It is an act in the record, and no event in the life of an exhibit: nobody was shown anything.

use std::ops::Range;
use std::time::Duration;

use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Personal, Purpose, Timestamp};
use reader::{Answer, Ended, Feed, Held, Reader, Reading, wanted};
use serde_json::json;
use tokio::sync::mpsc;
use uuid::Uuid;
use vault::SubjectKey;

use super::settling::aside;
use super::{LOOK, LOOK_SIGNS, PART};
use crate::error::EvidenceError;
use crate::model::{Blob, Exhibit, Look};
use crate::rules::looks::{self, CLAIM_SECS, MOST_TRIES, Mark, Signs, again, patience_secs};
use crate::shelf::{FRAME_BYTES, Frames, Shelf};
use crate::store;

/// So many frames wait for the reader at most.
const AHEAD: usize = 2;
/// What a full frame holds, bytes.
const FRAME: u64 = 1 << 20;
const _: () = assert!(FRAME_BYTES == 1 << 20, "both say the same");

/// Hands the frames of a file to a reader, in order; `size_bytes` is how many bytes it has. It ends where nobody listens any longer. At a
/// frame that does not open it breaks off: the reader hears of less than was announced and says that it was not read.
#[must_use]
pub fn feed(frames: Frames, size_bytes: i64) -> Feed {
    let all = 0..u64::try_from(size_bytes).unwrap_or(0);
    feed_of(frames, size_bytes, [all.clone(), all])
}

/// The same of what is looked at alone: what lies between is passed over unopened.
fn feed_for_a_look(frames: Frames, size_bytes: i64) -> Feed {
    feed_of(frames, size_bytes, wanted(u64::try_from(size_bytes).unwrap_or(0)))
}

fn feed_of(mut frames: Frames, size_bytes: i64, wanted: [Range<u64>; 2]) -> Feed {
    let (send, chunks) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let (mut at, mut leapt) = (0_u64, false);
        while let Ok(Some(size)) = frames.next_size() {
            let next = at.saturating_add(size);
            if wanted.iter().any(|r| at < r.end && r.start < next) {
                let Ok(Some(part)) = frames.next_frame() else { return };
                if send.blocking_send((at, part)).is_err() {
                    return;
                }
                at = next;
                continue;
            }
            let on = wanted.iter().map(|r| r.start).find(|start| *start >= next);
            let leap = match on.and_then(|on| i64::try_from(on.checked_div(FRAME)?).ok()) {
                // Tried once: of a file whose frames are not full it is known then.
                Some(no) if !leapt => frames.pass_to(no),
                _ => Ok(None),
            };
            leapt = true;
            match leap {
                Ok(Some(passed)) => at = at.saturating_add(passed),
                Ok(None) if frames.pass_over().is_ok() && !send.is_closed() => at = next,
                _ => return,
            }
        }
    });
    Feed { size_bytes: u64::try_from(size_bytes).unwrap_or(0), chunks }
}

/// Bytes that are to be looked at.
///
/// # Errors
/// The database's.
pub async fn to_look_at(app: &App, limit: i64) -> Result<Vec<Uuid>, EvidenceError> {
    let now = app.wall.now();
    app.db.read(move |tx| Ok(store::look::due(tx, now, reader::VERSION, limit)?)).await
}

/// What was begun, or is over before it began.
enum Begun {
    Claimed {
        key: SubjectKey,
        blob: Blob,
        until: Timestamp,
        tries: i64,
    },
    /// Whoever began it so often never came to an end.
    GivenUp,
    /// Somebody else looks, or there is nothing any more.
    Nothing,
}

/// Looks at bytes once. Gives how it ended; `None` where it was not this node's to look, or they were destroyed meanwhile.
///
/// # Errors
/// The database's. How the reading ends is no error.
pub async fn look_into(
    app: &App,
    (shelf, reader): (&Shelf, &Reader),
    blob: Uuid,
) -> Result<Option<Ended>, EvidenceError> {
    let (me, now) = (app.clone(), app.wall.now());
    let (key, blob, until, tries) = match app.db.write(move |tx| begin(tx, &me, blob, now)).await? {
        Begun::Claimed { key, blob, until, tries } => (key, blob, until, tries),
        Begun::GivenUp => return Ok(Some(Ended::Crashed)),
        Begun::Nothing => return Ok(None),
    };
    let patience = Duration::from_secs(patience_secs(u64::try_from(blob.size_bytes).unwrap_or(0)));
    let not_read = Reading { answer: None, held: Held::default(), ended: Ended::NotRead };
    let (on, its, count) = (shelf.clone(), key.clone(), blob.frames);
    let reading = match aside(move || on.frames(its, count)).await {
        Ok(frames) => {
            let feed = feed_for_a_look(frames, blob.size_bytes);
            reader.read(feed, app.timer.sleep(patience)).await
        }
        // Whether it is gone for good is found out by whoever hashes it again.
        Err(error) => {
            tracing::warn!(blob = %blob.id, %error, "an exhibit could not be handed to the reader");
            not_read
        }
    };
    if reading.ended != Ended::NotRead && !reading.held.all() {
        tracing::warn!(held = ?reading.held, "an exhibit was looked at without some of the limits");
    }
    let again = again(reading.ended, app.wall.now());
    let seal = |field: &str, text: &str| key.seal(&app.entropy, field, text);
    // What was said of bytes of which not all came is said of something else.
    let said = reading.answer.as_ref().filter(|_| reading.ended != Ended::NotRead);
    let answer = said.and_then(|answer| serde_json::to_string(answer).ok());
    let new = store::look::New {
        ended: reading.ended,
        at: app.office.now(),
        again,
        signs: seal(LOOK_SIGNS, &Signs::of(said).to_text()),
        answer: answer.map(|text| seal(LOOK, &text)).unwrap_or_default(),
    };
    // What could not be begun was no try.
    let tries = if again.is_some() { 0 } else { tries };
    let me = app.clone();
    app.db
        .write(move |tx| {
            // Whoever destroys the bytes holds the same row: what is said of them goes with them.
            tx.lock_row("evidence_blob", blob.id)?;
            if !store::look::save(tx, blob.id, (reader::VERSION, until), tries, &new)? {
                return Ok(None);
            }
            record(tx, &me, blob.id, new.ended)?;
            Ok::<_, EvidenceError>(Some(new.ended))
        })
        .await
}

fn begin(tx: &mut Tx<'_>, app: &App, blob: Uuid, now: Timestamp) -> Result<Begun, EvidenceError> {
    tx.lock_row("evidence_blob", blob)?;
    let Some(blob) = store::blob::find(tx, blob)?.filter(|b| b.damaged_frame.is_none()) else {
        return Ok(Begun::Nothing);
    };
    let Some(kept) = store::look::find(tx, blob.id)? else { return Ok(Begun::Nothing) };
    let newer = kept.looker < reader::VERSION;
    if kept.due_wall > now && !newer {
        return Ok(Begun::Nothing);
    }
    let (until, tries) = (now.plus_secs(CLAIM_SECS), if newer { 0 } else { kept.tries });
    store::look::claim(tx, blob.id, reader::VERSION, until, tries.saturating_add(1))?;
    // Claimed all the same: what has no key must not stand before the others for ever.
    let Some(key) = app.vault.subject(tx, blob.id)? else { return Ok(Begun::Nothing) };
    if tries < MOST_TRIES {
        return Ok(Begun::Claimed { key, blob, until, tries: tries.saturating_add(1) });
    }
    // Each time the node itself ended with it: nobody is to be ended by it again.
    let new = store::look::New {
        ended: Ended::Crashed,
        at: app.office.now(),
        again: None,
        signs: key.seal(&app.entropy, LOOK_SIGNS, &Signs::default().to_text()),
        answer: Vec::new(),
    };
    store::look::save(tx, blob.id, (reader::VERSION, until), tries, &new)?;
    record(tx, app, blob.id, new.ended)?;
    Ok(Begun::GivenUp)
}

fn record(tx: &mut Tx<'_>, app: &App, blob: Uuid, ended: Ended) -> Result<(), EvidenceError> {
    let ids: Vec<String> =
        store::exhibit::of_blob(tx, blob)?.iter().map(|e| e.id.to_string()).take(50).collect();
    let facts = json!({"exhibits": ids, "looker": reader::VERSION, "ended": ended.as_str()});
    let act = Act { facts, ..Act::about("exhibit.looked", "evidence_blob", blob) };
    Ok(app.record(tx, &Actor::system(PART), &act)?)
}

/// What is kept of the look at an exhibit's bytes, still sealed: it is large, and opened outside of the transaction.
pub(super) enum SealedLook {
    Known(Look),
    Sealed { key: SubjectKey, ended: Ended, at: Timestamp, answer: Vec<u8> },
}

pub(super) fn of(tx: &mut Tx<'_>, app: &App, exhibit: &Exhibit) -> Result<SealedLook, EvidenceError> {
    let Some(blob) = exhibit.blob else { return Ok(SealedLook::Known(Look::Nothing)) };
    let kept = store::look::find(tx, blob)?;
    let (Some((ended, at)), answer) = kept.map_or((None, Vec::new()), |k| (k.ended, k.answer)) else {
        return Ok(SealedLook::Known(if exhibit.damaged { Look::Damaged } else { Look::Waiting }));
    };
    Ok(match app.vault.subject(tx, blob)? {
        Some(key) => SealedLook::Sealed { key, ended, at, answer },
        None => SealedLook::Known(Look::Nothing),
    })
}

impl SealedLook {
    /// Opens it. An answer that a later version wrote and this one cannot read is none.
    pub(super) fn open(self) -> Result<Look, EvidenceError> {
        let (key, ended, at, answer) = match self {
            Self::Known(look) => return Ok(look),
            Self::Sealed { key, ended, at, answer } => (key, ended, at, answer),
        };
        let answer: Option<Answer> = if answer.is_empty() {
            None
        } else {
            let text = key.open(LOOK, &answer)?.into_inner(Purpose::HandleReport);
            serde_json::from_str(&text).ok()
        };
        Ok(Look::Done { ended, at, answer: answer.map(Personal::new) })
    }
}

/// What a list shows of the look at bytes; `file_name` is what they came as.
pub(super) fn mark_of(
    tx: &mut Tx<'_>,
    app: &App,
    blob: Uuid,
    file_name: &str,
) -> Result<Mark, EvidenceError> {
    let Some((ended, sealed)) = store::look::signs(tx, blob)? else { return Ok(Mark::default()) };
    let Some(key) = app.vault.subject(tx, blob)? else { return Ok(Mark::default()) };
    let text = key.open(LOOK_SIGNS, &sealed)?.into_inner(Purpose::HandleReport);
    Ok(Signs::from_text(&text).map(|signs| looks::mark(&signs, ended, file_name)).unwrap_or_default())
}
