//! What runs by itself: files go to the institutions that keep registers, again and again until they answer with a number.
//! The register takes each hand-over once, whatever comes twice: its id stays the same.

use std::sync::Arc;
use std::time::Duration;

use app::App;
use db::Tx;
use kernel::{Coded as _, Purpose};
use partner::gateway::{Incoming, Outgoing, Post, PostError};

use crate::error::RegistrationError;
use crate::export::RegistrationAnswer;
use crate::model::HandOver;
use crate::roads::Road;
use crate::service;

/// Most files in flight at the same time.
const AT_ONCE: i64 = 8;
/// A register that took the file and has not numbered it yet is asked again after this time of the wall clock.
const ASK_AGAIN_SECS: i64 = 300;
/// Which of the profile's retry tables goes for registers that are not reached.
const RETRY: &str = "urgent";

/// What is kept of a try after which the register has the file and has not numbered it.
pub(crate) const NOT_NUMBERED: &str = "taken, not numbered yet";

/// Posts whatever is due now and keeps what comes of it. How many that were.
///
/// # Errors
/// The database's.
pub async fn post_due(app: &App, post: &Arc<dyn Post>) -> Result<usize, RegistrationError> {
    post_due_by(app, post, &[]).await
}

/// The same with the roads of slices above.
///
/// # Errors
/// The database's.
pub async fn post_due_by(
    app: &App,
    post: &Arc<dyn Post>,
    roads: &[Road],
) -> Result<usize, RegistrationError> {
    let due = service::due(app, AT_ONCE).await?;
    let mut flying = Vec::new();
    for one in due {
        let (app, post) = (app.clone(), Arc::clone(post));
        let road = roads.iter().find(|r| r.schema == one.schema).copied();
        let own = service::OWN.contains(&one.schema.as_str()).then_some(OWN_ROAD);
        let Some(road) = road.or(own) else {
            again(&app, &one, "no road", Some(ASK_AGAIN_SECS)).await?;
            continue;
        };
        flying.push(tokio::spawn(async move {
            if let Err(error) = deliver(&app, post.as_ref(), (&road, &one)).await {
                tracing::error!(%error, hand_over = %one.id, "a file could not be posted");
                // Where this fails too, its lease ends and it is taken up again.
                let why = format!("fault: {}", error.code());
                let _kept = again(&app, &one, &why, None).await;
            }
        }));
    }
    let count = flying.len();
    for one in flying {
        if let Err(error) = one.await {
            tracing::error!(%error, "a posting ended");
        }
    }
    Ok(count)
}

/// Files for registers.
const OWN_ROAD: Road = Road {
    schema: crate::export::SCHEMA,
    path: "registrations",
    asks: true,
    again_secs: ASK_AGAIN_SECS,
    build: service::build_of,
    heard: registered,
};

/// Posts one file and keeps what came of it.
async fn deliver(
    app: &App,
    post: &dyn Post,
    (road, of): (&Road, &HandOver),
) -> Result<(), RegistrationError> {
    let (me, what, build) = (app.clone(), of.clone(), road.build);
    let build = app.db.write(move |tx| build(tx, &me, &what)).await?;
    let Some(build) = build else {
        return again(app, of, "no address", Some(road.again_secs)).await;
    };
    let url = format!("{}/{}", build.gateway.trim_end_matches('/'), road.path);
    let body = build.body.into_inner(Purpose::HandleReport).into_bytes();
    let outcome = match partner::service::sign_request(app, "POST", &url, &body) {
        Ok(headers) => post.post(Outgoing { url, headers, body }).await,
        Err(error) => Err(PostError(error)),
    };
    match outcome {
        Ok(incoming) => heard(app, (road, of), &incoming).await,
        Err(error) => again(app, of, &error.to_string(), None).await,
    }
}

/// What came back counts only if it is signed. A bare 200 says that bytes arrived: the institution is asked again, later.
async fn heard(
    app: &App,
    (road, of): (&Road, &HandOver),
    incoming: &Incoming,
) -> Result<(), RegistrationError> {
    let arrived = incoming.status < 300;
    if arrived && !road.asks {
        let id = of.id;
        return app.db.write(move |tx| Ok(crate::store::hand_over::one_done(tx, id)?)).await;
    }
    let answered = match signed(app, incoming).await {
        Some(actor) => {
            let (me, what, take, body) = (app.clone(), of.clone(), road.heard, incoming.body.clone());
            app.db.write(move |tx| take(tx, &me, &actor, &what, &body)).await
        }
        None => Ok(false),
    };
    match answered {
        Ok(true) => Ok(()),
        Err(error) => {
            tracing::warn!(%error, hand_over = %of.id, "an answer to a file cannot be taken");
            again(app, of, error.code(), Some(road.again_secs)).await
        }
        Ok(false) if arrived => again(app, of, NOT_NUMBERED, Some(road.again_secs)).await,
        Ok(false) => again(app, of, &format!("status {}", incoming.status), None).await,
    }
}

/// Who signed the body of a response, if anybody did.
async fn signed(app: &App, incoming: &Incoming) -> Option<kernel::Actor> {
    if incoming.body.is_empty() {
        return None;
    }
    partner::service::verify_response(app, incoming.status, &incoming.headers, &incoming.body).await.ok()
}

/// Takes what a register said about this file.
fn registered(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &kernel::Actor,
    of: &HandOver,
    body: &[u8],
) -> Result<bool, RegistrationError> {
    let Ok(said) = partner::strict::from_slice::<RegistrationAnswer>(body) else { return Ok(false) };
    if said.hand_over_id() != of.id.to_string() {
        return Ok(false);
    }
    service::answer_in(tx, app, actor, of.id, &said).map(|_| true)
}

/// Sets the next try: after `wait`, else by the profile's table.
async fn again(app: &App, of: &HandOver, why: &str, wait: Option<i64>) -> Result<(), RegistrationError> {
    let draw = u64::from_le_bytes(app.entropy.bytes());
    let by_table =
        || app.profile.retry(RETRY).and_then(|table| table.wait_secs(of.tries.saturating_add(1), draw));
    // The law gives no leave to give up.
    let wait = wait.or_else(by_table).unwrap_or(ASK_AGAIN_SECS);
    let why: String = why.chars().take(200).collect();
    service::put_off(app, of.id, app.wall.now().plus_secs(wait), &why).await
}

/// The server's loop, for the files of this slice and those of slices above.
pub async fn run(app: App, post: Arc<dyn Post>, roads: Vec<Road>) {
    let mut seen = 0;
    loop {
        match post_due_by(&app, &post, &roads).await {
            Ok(0) => {
                // Woken by the next commit of this process, or by the clock of the retry table.
                let woken = app.timer.limit(Duration::from_millis(500), app.db.wait_commit(seen)).await;
                seen = woken.unwrap_or(seen);
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "files for registers could not be read");
                app.timer.sleep(Duration::from_secs(1)).await;
            }
        }
    }
}
