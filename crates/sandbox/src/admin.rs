//! Where the ground truth can be asked, on a port of its own.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};

use crate::stage::Stage;
use crate::summary::{Summary, summary};

/// `GET /truth/summary`, `GET /truth/health`.
pub fn routes(stage: Arc<Stage>) -> Router {
    Router::new().route("/truth/summary", get(truth)).route("/truth/health", get(health)).with_state(stage)
}

async fn truth(State(stage): State<Arc<Stage>>) -> Json<Summary> {
    Json(summary(&stage))
}

async fn health(State(stage): State<Arc<Stage>>) -> Json<serde_json::Value> {
    let office = stage.office.now().rfc3339();
    Json(serde_json::json!({"office": office, "stopping": stage.stopping(), "idle": stage.idle()}))
}
