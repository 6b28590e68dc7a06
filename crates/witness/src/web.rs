//! The protocol over HTTP.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use crate::book::{Book, Failed};
use crate::rules::{MOST_BYTES, Refused};

/// The clock: seconds since 1970.
pub type Seconds = Arc<dyn Fn() -> u64 + Send + Sync>;

#[derive(Clone)]
struct Witness {
    book: Book,
    seconds: Seconds,
}

/// All routes.
pub fn router(book: Book, seconds: Seconds) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add))
        .route("/", get(key))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(Witness { book, seconds })
}

/// `GET /`: the witness's verifier key. Whoever verifies gets it some other way; this is for comparing.
async fn key(State(witness): State<Witness>) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{}\n", witness.book.verifier())).into_response()
}

async fn add(State(witness): State<Witness>, body: Bytes) -> Response {
    let Ok(body) = String::from_utf8(body.to_vec()) else { return refused(Refused::Form) };
    let at = (witness.seconds)();
    let book = witness.book.clone();
    let done = tokio::task::spawn_blocking(move || book.add(&body, at)).await;
    match done {
        Ok(Ok(lines)) => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], lines).into_response(),
        Ok(Err(Failed::Refused(why))) => refused(why),
        Ok(Err(Failed::Folder(error))) => {
            tracing::error!(%error, "nothing is cosigned");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Err(error) => {
            tracing::error!(%error, "nothing is cosigned");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn refused(why: Refused) -> Response {
    match why {
        Refused::Form => StatusCode::BAD_REQUEST.into_response(),
        Refused::Unknown => StatusCode::NOT_FOUND.into_response(),
        Refused::Signature => StatusCode::FORBIDDEN.into_response(),
        Refused::Proof => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        Refused::Other(size) | Refused::Fork(size) => {
            if matches!(why, Refused::Fork(_)) {
                tracing::error!(size, "a log has signed two histories");
            }
            (StatusCode::CONFLICT, [(CONTENT_TYPE, "text/x.tlog.size")], format!("{size}\n")).into_response()
        }
    }
}
