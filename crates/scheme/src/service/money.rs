//! The money of a scheme: the paths of its reports as one.

use access::Action;
use app::App;
use audit::Act;
use kernel::{Actor, Purpose};
use report::ReportId;

use super::opening::allowed;
use crate::error::SchemeError;
use crate::store::{self, member};

/// Reports of which the money is followed together, the latest: each is opened and read by itself.
const TOGETHER: i64 = 300;

/// The money of a scheme.
#[derive(Debug)]
pub enum Money {
    /// Its latest reports as one trail, of those that the actor may see, and how many older ones there are.
    Here(Box<trail::service::Joint>, i64),
    /// It is part of the scheme of this number by now.
    Moved(String),
}

/// The money of a scheme. That it was looked at is a record of the scheme, and of every report that was opened for it.
///
/// # Errors
/// Absent or hidden.
pub async fn money(app: &App, actor: &Actor, no: i64) -> Result<Money, SchemeError> {
    let office = access::scope(actor, "report")?.office()?;
    let who = actor.clone();
    let found = app.db.read(move |tx| {
        let scheme = store::by_no(tx, no)?.ok_or(SchemeError::NotFound)?;
        allowed(&who, &scheme, Action::ViewScheme)?;
        if scheme.into.is_some() {
            let today = store::today(tx, scheme.id)?;
            return Ok(Err(store::find(tx, today)?.ok_or(SchemeError::NotFound)?.number()));
        }
        let (members, seen) = member::page(tx, &office, scheme.id, (TOGETHER, 0))?;
        Ok::<_, SchemeError>(Ok((scheme.id, members, seen)))
    });
    let (id, members, seen) = match found.await? {
        Ok(found) => found,
        Err(number) => return Ok(Money::Moved(number)),
    };
    if seen == 0 {
        return Err(SchemeError::NotFound);
    }
    let reports: Vec<ReportId> = members.iter().map(|m| m.report).collect();
    let joint = trail::service::of_reports(app, actor, &reports).await?;
    let (me, actor) = (app.clone(), actor.clone());
    let opened = joint.opened.clone();
    app.db
        .write(move |tx| {
            me.record(tx, &actor, &Act::read("scheme.money", "scheme", id.uuid(), Purpose::Investigate))?;
            for report in &opened {
                me.record(
                    tx,
                    &actor,
                    &Act::read("report.money", "report", report.uuid(), Purpose::Investigate),
                )?;
            }
            Ok::<_, SchemeError>(())
        })
        .await?;
    let older = seen.saturating_sub(i64::try_from(reports.len()).unwrap_or(seen));
    Ok(Money::Here(Box::new(joint), older))
}
