//! Authorities outside stamp the record's checkpoints with the time (RFC 3161). A stamp of one checkpoint is one of everything before it, so
//! that once a minute is enough.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use app::App;
use order::gateway::{Outgoing, Post};
use sha2::{Digest as _, Sha256};
use stamp::{Authority, Stamped, request};

/// How often an authority is asked, if anything has happened.
const EVERY: Duration = Duration::from_secs(60);

/// A time-stamping authority: where it answers, and the certificates by which its word is known.
#[derive(Debug, Clone)]
pub struct Stamping {
    url: String,
    authority: Authority,
}

impl FromStr for Stamping {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (url, file) = text.split_once('=').ok_or("an authority reads `URL=FILE.pem`")?;
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(format!("`{url}` is no address"));
        }
        let pem =
            std::fs::read_to_string(Path::new(file)).map_err(|e| format!("cannot read `{file}`: {e}"))?;
        let authority = Authority::from_pem(&pem).map_err(|e| format!("`{file}`: {e}"))?;
        Ok(Self { url: url.to_owned(), authority })
    }
}

/// Has the newest checkpoint stamped, if it is not yet. Gives what the authority says.
///
/// # Errors
/// The line's, the database's; an answer that does not hold, which is not kept.
pub async fn ask(app: &App, client: &dyn Post, by: &Stamping) -> anyhow::Result<Option<Stamped>> {
    let name = by.url.clone();
    let point = app.db.read(move |tx| audit::unstamped(tx, &name)).await?;
    let Some(point) = point else { return Ok(None) };
    let hash: [u8; 32] = Sha256::digest(point.note.text().as_bytes()).into();
    let nonce = app.entropy.bytes::<8>();
    let answer = client
        .post(Outgoing {
            url: by.url.clone(),
            headers: vec![("content-type".to_owned(), "application/timestamp-query".to_owned())],
            body: request(&hash, nonce)?,
        })
        .await?;
    anyhow::ensure!(answer.status == 200, "the authority answers with status {}", answer.status);
    let told = by
        .authority
        .check(&answer.body, &hash, Some(nonce))
        .context("the authority's answer is no stamp of the checkpoint")?;
    let (name, size, at) = (by.url.clone(), point.checkpoint.size, app.wall.now());
    app.db.write(move |tx| audit::keep_stamp(tx, (size, &name), &answer.body, at)).await?;
    Ok(Some(told))
}

/// Keeps asking an authority.
pub async fn run(app: App, client: Arc<dyn Post>, by: Stamping) {
    loop {
        match ask(&app, client.as_ref(), &by).await {
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(authority = %by.url, error = format!("{error:#}"), "the record is stamped later");
            }
        }
        app.timer.sleep(EVERY).await;
    }
}
