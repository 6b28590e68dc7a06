//! Cases brought as a table or as JSON: judged whole first, opened then one after the other.

use access::{Action, Kind, Resource};
use app::App;
use kernel::{Actor, Timestamp};

use super::opening::{NewCase, open_in};
use super::{articles, linking};
use crate::error::CaseError;
use crate::rules::bring::{self, Fault, Line};

/// What a list would come to, or came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// How many rows it has.
    pub rows: usize,
    /// What is wrong with it; nothing is opened while anything is.
    pub faults: Vec<Fault>,
    /// Numbers of the cases that were opened.
    pub opened: Vec<String>,
}

/// Judges a list without opening anything.
///
/// # Errors
/// Forbidden.
pub async fn try_out(app: &App, actor: &Actor, list: &[u8]) -> Result<Brought, CaseError> {
    judged(app, actor, list).await.map(|(_, brought)| brought)
}

async fn judged(app: &App, actor: &Actor, list: &[u8]) -> Result<(Vec<Line>, Brought), CaseError> {
    access::require(actor, Action::OpenCase, &Resource::any(Kind::Case))?;
    let lines = match bring::read(list) {
        Ok(lines) => lines,
        Err(faults) => {
            let rows = faults.iter().map(|f| f.row).max().unwrap_or(0);
            return Ok((Vec::new(), Brought { rows, faults, opened: Vec::new() }));
        }
    };
    let now = app.office.now();
    let registers: Vec<&str> = app.profile.registers("report", now).map(|r| r.code.as_str()).collect();
    let mut faults = bring::judge(app.profile.cases(), &registers, &lines);
    let (who, named) = (actor.clone(), lines.clone());
    let missing = app.db.read(move |tx| {
        let mut missing = Vec::new();
        for (i, line) in named.iter().enumerate().filter(|(_, l)| !l.report.is_empty()) {
            if linking::report(tx, &who, &line.report)?.is_none() {
                missing.push(Fault { row: i.saturating_add(1), field: "report" });
            }
        }
        Ok::<_, CaseError>(missing)
    });
    faults.extend(missing.await?);
    for (i, line) in lines.iter().enumerate() {
        let at = Timestamp::parse_rfc3339(&line.registered_at);
        if at.is_some_and(|at| at > now) {
            faults.push(Fault { row: i.saturating_add(1), field: "registered_at" });
        }
    }
    faults.sort_by_key(|f| f.row);
    Ok((lines.clone(), Brought { rows: lines.len(), faults, opened: Vec::new() }))
}

/// Opens every case of a list, if nothing is wrong with any row. `key` is the form's: the same list sent twice opens each case once.
///
/// # Errors
/// Forbidden.
pub async fn bring(app: &App, actor: &Actor, list: &[u8], key: &str) -> Result<Brought, CaseError> {
    let (lines, mut brought) = judged(app, actor, list).await?;
    if !brought.faults.is_empty() {
        return Ok(brought);
    }
    for (i, line) in lines.into_iter().enumerate() {
        let new = NewCase {
            title: line.title.clone(),
            summary: line.summary.clone(),
            template: line.template.clone(),
            priority: 1,
            key: if key.is_empty() { String::new() } else { format!("{key}|{i}") },
            ..NewCase::default()
        };
        let (me, who, report) = (app.clone(), actor.clone(), line.report.clone());
        // Each case is a transaction of its own: a long list must not keep everybody waiting.
        let made = app
            .db
            .write(move |tx| {
                let target = if report.is_empty() { None } else { linking::report(tx, &who, &report)? };
                open_in(tx, &me, &who, &new, &target.into_iter().collect::<Vec<_>>())
            })
            .await?;
        if let Some(at) = Timestamp::parse_rfc3339(&line.registered_at) {
            let added =
                articles::add_ref(app, actor, &made.number, (&line.system, &line.number, at, "")).await;
            if let Err(e) = added
                && !matches!(e, CaseError::Already)
            {
                return Err(e);
            }
        }
        brought.opened.push(made.number);
    }
    Ok(brought)
}
