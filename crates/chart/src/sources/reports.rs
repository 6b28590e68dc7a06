//! Reports.

use access::{Action, Kind as Thing, Resource};
use app::App;
use db::Tx;
use report::ReportId;

use super::{Around, Cx, Source, report_page};
use crate::error::ChartError;
use crate::model::{Key, Look, Node};

/// Reports: a sheet.
#[derive(Debug)]
pub(super) struct Reports;

/// Whether there is something of a report: of one that was erased a number is left, under no key.
fn lives(tx: &mut Tx<'_>, app: &App, id: ReportId) -> Result<bool, ChartError> {
    Ok(app.vault.subject(tx, id.uuid()).map_err(|e| ChartError::of(&e))?.is_some())
}

/// A report that the actor may see.
pub(super) fn seen(cx: &mut Cx<'_, '_>, id: ReportId) -> Result<Option<report::Report>, ChartError> {
    let Some(found) = report::store::find(cx.tx, id)? else { return Ok(None) };
    let thing = Resource::new(Thing::Report, id.uuid(), &found.header);
    let there = access::allowed(cx.actor, Action::ViewReport, &thing) && lives(cx.tx, cx.app, id)?;
    Ok(there.then_some(found))
}

/// The node of a report that was read whole.
pub(super) fn node_of(found: &report::Report) -> Node {
    let at = found.header.created_at;
    Node::new(Key::of("report", found.id.uuid()), "chart-kind-report", "report", found.number.clone())
        .page(report_page(&found.number))
        .at(at)
        .like("region", found.header.region.clone())
}

impl Source for Reports {
    fn kind(&self) -> &'static str {
        "report"
    }
    fn word(&self) -> &'static str {
        "chart-kinds-report"
    }
    fn looks(&self) -> &'static [Look] {
        &[Look { name: "report", shape: "M-9 -11H5L10 -6V11H-9Z", icon: "M-5 -3H6M-5 2H6M-5 7H2" }]
    }
    fn find(&self, cx: &mut Cx<'_, '_>, word: &str) -> Result<Option<Key>, ChartError> {
        let found = report::store::by_number(cx.tx, &word.trim().to_uppercase())?;
        Ok(found.map(|r| Key::of("report", r.id.uuid())))
    }
    fn node(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Option<Node>, ChartError> {
        let Some(id) = key.uuid() else { return Ok(None) };
        Ok(seen(cx, ReportId::from_uuid(id))?.map(|found| node_of(&found)))
    }
    fn stands(&self, tx: &mut Tx<'_>, app: &App, id: uuid::Uuid) -> Result<bool, ChartError> {
        let id = ReportId::from_uuid(id);
        Ok(report::store::find(tx, id)?.is_some() && lives(tx, app, id)?)
    }
    fn around(&self, _: &mut Cx<'_, '_>, _: &Key) -> Result<Around, ChartError> {
        // Reports hang on others; the others' sources say so.
        Ok(Around::default())
    }
}
