//! Taking a chart out, as a picture or for other programs: for a purpose, and for the record.

use app::App;
use audit::Act;
use kernel::{Actor, Purpose};
use serde_json::json;

use super::opening::{Opened, office};
use crate::error::ChartError;

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

/// Reads as what a chart is taken out.
///
/// # Errors
/// No such format.
pub fn format(word: &str) -> Result<Taken, ChartError> {
    Taken::parse(word).ok_or(ChartError::NoFormat)
}

/// Records that a chart was taken out: as what, for what, how much of it, about what; once for each thing that it begins with or that was
/// opened for it. Without these records, nothing is handed out.
///
/// # Errors
/// Hidden; no such purpose; nothing is in it.
pub async fn took(
    app: &App,
    actor: &Actor,
    (as_what, why): (Taken, &str),
    opened: &Opened,
) -> Result<(), ChartError> {
    office(actor)?;
    let purpose = purpose(why)?;
    if opened.starts.is_empty() || opened.subjects.is_empty() {
        return Err(ChartError::Nothing);
    }
    let graph = &opened.chosen.graph;
    let about: Vec<String> = opened.starts.iter().map(ToString::to_string).collect();
    let facts = json!({
        "format": as_what.as_str(), "nodes": graph.nodes().len(), "edges": graph.edges().len(), "about": about
    });
    let (me, actor, subjects) = (app.clone(), actor.clone(), opened.subjects.clone());
    app.db
        .write(move |tx| {
            for (kind, id) in &subjects {
                let act = Act::read("chart.exported", kind, *id, purpose);
                me.record(tx, &actor, &Act { facts: facts.clone(), ..act })?;
            }
            Ok(())
        })
        .await
}
