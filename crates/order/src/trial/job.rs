//! Posts trial orders: first with a broken signature, which a sound gateway refuses, then as it should be. Silence here is
//! no partner's silence: breakers and boards know nothing of it.

use app::App;
use std::sync::Arc;
use std::time::Duration;

use crate::OrderError;
use crate::gateway::{Outgoing, Post};
use crate::trial::model::Trial;
use crate::trial::{service, store};

/// How long a post may take before somebody else tries.
const LEASE_SECS: i64 = 60;
/// Seconds between tries, and the most tries.
const AGAIN_SECS: i64 = 30;
const MOST_TRIES: i64 = 10;
/// Most posts at once.
const AT_ONCE: i64 = 20;

/// Posts what is due. Gives how many.
///
/// # Errors
/// The database's.
pub async fn post_due(app: &App, post: &dyn Post) -> Result<usize, OrderError> {
    let wall = app.wall.now();
    let due = app
        .db
        .write(move |tx| {
            let mut mine = Vec::new();
            for trial in store::due(tx, wall, AT_ONCE)? {
                if store::claim(tx, trial.id, wall, wall.plus_secs(LEASE_SECS))? {
                    let gateway = partner::store::by_code(tx, &trial.partner)?.map(|p| p.gateway_url);
                    mine.push((trial, gateway.unwrap_or_default()));
                }
            }
            Ok::<_, OrderError>(mine)
        })
        .await?;
    for (trial, gateway) in &due {
        one(app, post, trial, gateway).await?;
    }
    Ok(due.len())
}

async fn one(app: &App, post: &dyn Post, trial: &Trial, gateway: &str) -> Result<(), OrderError> {
    let url = format!("{}/messages", gateway.trim_end_matches('/'));
    let body = serde_json::to_vec(&service::message(app, trial)).unwrap_or_default();
    let forged = match trial.forged_status {
        Some(_) => None,
        None => send(app, post, (&url, &body), true).await.map(|i| i64::from(i.status)),
    };
    let answer = send(app, post, (&url, &body), false).await;
    let posted = answer.as_ref().map(|i| i64::from(i.status));
    if let Some(incoming) = answer.filter(|i| i.status < 300) {
        crate::jobs::signed_answer(app, trial.id, &incoming).await;
    }
    let (id, wall) = (trial.id, app.wall.now());
    let taken = posted.is_some_and(|s| s < 300) && (forged.is_some() || trial.forged_status.is_some());
    let again = (!taken && trial.tries < MOST_TRIES).then(|| wall.plus_secs(AGAIN_SECS));
    app.db.write(move |tx| Ok::<_, OrderError>(store::posted(tx, id, (forged, posted), again)?)).await
}

/// Posts once; `None` if nothing came back.
async fn send(
    app: &App,
    post: &dyn Post,
    (url, body): (&str, &[u8]),
    broken: bool,
) -> Option<crate::gateway::Incoming> {
    let mut headers = partner::service::sign_request(app, "POST", url, body).ok()?;
    if broken {
        for (_, value) in headers.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case("signature")) {
            *value = broken_signature(value);
        }
    }
    post.post(Outgoing { url: url.to_owned(), headers, body: body.to_vec() }).await.ok()
}

/// The signature with one sign of its bytes changed: still well formed, and nobody's.
fn broken_signature(value: &str) -> String {
    let Some(at) = value.find("=:").map(|at| at.saturating_add(2)) else { return value.to_owned() };
    let (head, tail) = value.split_at(at);
    let mut signs = tail.chars();
    let first = if signs.next() == Some('A') { 'B' } else { 'A' };
    format!("{head}{first}{}", signs.as_str())
}

/// The server's loop.
pub async fn run(app: App, post: Arc<dyn Post>) {
    loop {
        if let Err(error) = post_due(&app, post.as_ref()).await {
            tracing::error!(%error, "trial orders could not be posted");
        }
        app.timer.sleep(Duration::from_secs(1)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_signature_is_well_formed_and_another_one() {
        for (whole, broken) in
            [("sig1=:AbC=:", "sig1=:BbC=:"), ("sig1=:xyz=:", "sig1=:Ayz=:"), ("none", "none")]
        {
            assert_eq!(broken_signature(whole), broken);
        }
    }
}
