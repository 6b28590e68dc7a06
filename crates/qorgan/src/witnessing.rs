//! Witnesses outside are sent the checkpoints of the record, and what they say is kept beside it.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use app::App;
use ledger::{NoteVerifier, Signs};
use order::gateway::{Outgoing, Post};

/// How often a witness is asked, if anything has happened.
const EVERY: Duration = Duration::from_secs(5);

/// A witness: where it answers, and by which key its words are known.
#[derive(Debug, Clone)]
pub struct Witness {
    url: String,
    /// Its verifier key.
    pub key: NoteVerifier,
}

impl FromStr for Witness {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (url, key) = text.split_once('=').ok_or("a witness reads `URL=VERIFIER_KEY`")?;
        let local = ["http://127.0.0.1:", "http://[::1]:"].iter().any(|begin| url.starts_with(begin));
        if !url.starts_with("https://") && !local {
            return Err(format!("`{url}` is no https address"));
        }
        let key = NoteVerifier::parse(key).map_err(|e| format!("`{key}`: {e}"))?;
        if key.signs() != Signs::Seen {
            return Err(format!("`{}` is a log's key, not a witness's", key.name()));
        }
        Ok(Self { url: url.trim_end_matches('/').to_owned(), key })
    }
}

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It has seen all there is.
    Idle,
    /// It has seen the newest checkpoint now.
    Seen(u64),
    /// It saw another size before: it is asked again from there.
    From(u64),
    /// It saw more than there is: the record was rolled back, or another node signs with the same key.
    Ahead(u64),
    /// It saw another history: the record was rolled back and grew anew, or another node signs with the same key.
    Forked,
    /// It refuses, with this status.
    Refused(u16),
}

/// Asks a witness once. `seen` is what it said that it saw last, if it did.
///
/// # Errors
/// The line's, the database's.
pub async fn ask(
    app: &App,
    client: &dyn Post,
    witness: &Witness,
    seen: Option<u64>,
) -> anyhow::Result<Asked> {
    let key = witness.key.clone();
    let next = app.db.read(move |tx| audit::submission(tx, &key, seen)).await?;
    let Some(next) = next else { return Ok(Asked::Idle) };
    let answer = client
        .post(Outgoing {
            url: format!("{}/add-checkpoint", witness.url),
            headers: vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())],
            body: next.body.into_bytes(),
        })
        .await?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    match answer.status {
        200 => {
            let (key, at, size) = (witness.key.clone(), app.wall.now(), next.size);
            let kept = app.db.write(move |tx| audit::keep_cosignatures(tx, &key, size, &text, at)).await?;
            anyhow::ensure!(
                kept,
                "the witness `{}` answered with no signature of its own",
                witness.key.name()
            );
            Ok(Asked::Seen(next.size))
        }
        409 => match text.trim().parse::<u64>() {
            Ok(size) if size > next.size => Ok(Asked::Ahead(size)),
            Ok(size) if Some(size) != seen => Ok(Asked::From(size)),
            // Told from where to go on, and gone on from there: what it saw is not what there is.
            Ok(_) => Ok(Asked::Forked),
            Err(_) => Ok(Asked::Refused(409)),
        },
        422 => Ok(Asked::Forked),
        status => Ok(Asked::Refused(status)),
    }
}

/// Keeps asking a witness.
pub async fn run(app: App, client: Arc<dyn Post>, witness: Witness) {
    let name = witness.key.name().to_owned();
    let mut from = None;
    loop {
        match ask(&app, client.as_ref(), &witness, from).await {
            Ok(Asked::From(size)) => {
                from = Some(size);
                continue;
            }
            Ok(Asked::Idle | Asked::Seen(_)) => {}
            Ok(Asked::Ahead(size)) => {
                tracing::error!(%name, size, "the witness saw a longer record than this one: it was rolled back");
            }
            Ok(Asked::Forked) => {
                tracing::error!(%name, "the witness saw another history of the record: it was rolled back, or two nodes sign");
            }
            Ok(Asked::Refused(status)) => tracing::warn!(%name, status, "the witness refuses the checkpoint"),
            Err(error) => tracing::warn!(%name, error = format!("{error:#}"), "the witness is asked later"),
        }
        from = None;
        app.timer.sleep(EVERY).await;
    }
}
