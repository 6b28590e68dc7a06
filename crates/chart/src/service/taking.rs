//! Taking a chart out, as a picture or for other programs: for a purpose, and for the record.

use app::App;
use audit::Act;
use kernel::{Actor, Purpose};
use serde_json::json;
use uuid::Uuid;

use super::opening::office;
use crate::error::ChartError;
use crate::model::Key;

kernel::words!(
    /// As what a chart is taken out.
    Taken {
        /// A picture that the browser made.
        Png = "png",
        /// A picture.
        Svg = "svg",
        /// For other programs.
        Graphml = "graphml",
    }
);

/// The purposes for which somebody may take a chart out.
fn purpose(word: &str) -> Result<Purpose, ChartError> {
    [Purpose::Investigate, Purpose::HandleReport, Purpose::ExecuteOrder]
        .into_iter()
        .find(|p| p.as_str() == word)
        .ok_or(ChartError::NoPurpose)
}

/// Records that a chart was taken out: as what, for what, how much of it, about what. Without this record, nothing is handed out.
///
/// # Errors
/// Hidden; no such purpose.
pub async fn took(
    app: &App,
    actor: &Actor,
    (as_what, why): (Taken, &str),
    starts: &[Key],
    (nodes, edges): (usize, usize),
) -> Result<(), ChartError> {
    office(actor)?;
    let purpose = purpose(why)?;
    let subject = starts.first().and_then(Key::uuid).unwrap_or(Uuid::nil());
    let about: Vec<String> = starts.iter().map(ToString::to_string).collect();
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let facts = json!({"format": as_what.as_str(), "nodes": nodes, "edges": edges, "about": about});
            let act = Act::read("chart.exported", "chart", subject, purpose);
            Ok(me.record(tx, &actor, &Act { facts, ..act })?)
        })
        .await
}
