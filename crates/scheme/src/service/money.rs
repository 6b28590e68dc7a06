//! The money of a scheme: the paths of its reports as one.

use access::Action;
use app::App;
use audit::Act;
use kernel::{Actor, Purpose};
use report::ReportId;

use super::opening::seen_by;
use crate::error::SchemeError;
use crate::store::member;

/// Reports of which the money is followed together, the latest: each is opened and read by itself.
const TOGETHER: i64 = 300;

/// The money of a scheme's latest reports as one trail, of those that the actor may see, and how many more of them there are. That it was
/// looked at is a record.
///
/// # Errors
/// Absent or hidden.
pub async fn money(app: &App, actor: &Actor, no: i64) -> Result<(trail::service::Joint, i64), SchemeError> {
    let office = access::scope(actor, "report")?.office()?;
    let who = actor.clone();
    let (id, members, seen) = app
        .db
        .read(move |tx| {
            let scheme = seen_by(tx, &who, no, Action::ViewScheme)?;
            let (members, seen) = member::page(tx, &office, scheme.id, (TOGETHER, 0))?;
            Ok::<_, SchemeError>((scheme.id, members, seen))
        })
        .await?;
    if seen == 0 {
        return Err(SchemeError::NotFound);
    }
    let reports: Vec<ReportId> = members.iter().map(|m| m.report).collect();
    let joint = trail::service::of_reports(app, actor, &reports).await?;
    let (me, actor) = (app.clone(), actor.clone());
    let act = Act::read("scheme.money", "scheme", id.uuid(), Purpose::Investigate);
    app.db.write(move |tx| me.record(tx, &actor, &act)).await?;
    Ok((joint, seen.saturating_sub(i64::try_from(reports.len()).unwrap_or(seen))))
}
