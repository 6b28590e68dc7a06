//! The time line hears what happens to the reports of a case: their records, and those of the orders that serve them, are the one source,
//! and news say when to look.

use audit::RecordView;
use db::Tx;
use db::outbox::Event;
use kernel::Header;
use order::OrderId;
use report::ReportId;
use uuid::Uuid;

use crate::error::CaseError;
use crate::model::{CaseId, Link, LinkKind, Moment, MomentKind};
use crate::store;

/// Parts of the platform by which one looks and does nothing: the chart, the search.
const LOOKING: &[&str] = &["chart", "desk", "search"];
/// Acts of looking, and of machines talking to one another, that are not named as such.
const QUIET: &[&str] = &[
    "appeal.notice_opened",
    "exhibit.checked",
    "exhibit.linked",
    "exhibit.looked",
    "exhibit.opened",
    "exhibit.printed",
    "import.begun",
    "order.delivery_tried",
    "person.learnt",
    "person.looked_up",
    "registration.file_taken",
    "registration.posted",
    "report.money",
    "report.opened_with_code",
    "scheme.money",
];

/// Whether an act would only bury what was done. The record holds it all the same.
#[must_use]
pub fn is_quiet(act: &str) -> bool {
    let (part, verb) = act.split_once('.').unwrap_or((act, ""));
    LOOKING.contains(&part) || verb == "read" || verb.ends_with("_read") || QUIET.contains(&act)
}

/// Something happened to a report or an order.
///
/// # Errors
/// The database's.
pub fn on_news(tx: &mut Tx<'_>, event: &Event) -> Result<(), CaseError> {
    if super::registers::is_about_a_case(event) {
        return super::registers::sync(tx, event.subject);
    }
    let report = if event.name.starts_with("order.") {
        let order = order::store::find(tx, OrderId::from_uuid(event.subject))?;
        order.map_or(event.subject, |o| o.report.uuid())
    } else {
        event.subject
    };
    for link in store::link::cases_of(tx, LinkKind::Report, report)? {
        sync(tx, &link)?;
        if let Some(case) =
            store::file::find(tx, link.case)?.filter(|_| event.name.starts_with("registration."))
        {
            super::registers::take_over_from(tx, &case, report)?;
        }
    }
    Ok(())
}

/// Something happened to an exhibit, or rows of it were brought in or taken back.
///
/// # Errors
/// The database's.
pub fn on_exhibit(tx: &mut Tx<'_>, event: &Event) -> Result<(), CaseError> {
    let id = evidence::ExhibitId::from_uuid(event.subject);
    let Some((exhibit, _)) = evidence::store::exhibit::find(tx, id)? else { return Ok(()) };
    let Some(matter) = exhibit.matter.filter(|m| m.kind == super::exhibits::MATTER) else { return Ok(()) };
    let Some(case) = store::file::find(tx, CaseId::from_uuid(matter.id))? else { return Ok(()) };
    let import = event.body.get("import").and_then(serde_json::Value::as_str);
    let import = import.and_then(|id| id.parse::<import::ImportId>().ok());
    let subject = import.map_or(event.subject, import::ImportId::uuid);
    for record in audit::records_for(tx, subject)? {
        if is_quiet(&record.record.act) || record.record.office_at < case.header.created_at {
            continue;
        }
        let moment = Moment {
            id: derived(case.id.uuid(), record.record.id),
            home: case.id,
            at: record.record.office_at,
            kind: MomentKind::Case,
            act: record.record.act.clone(),
            actor: record.record.actor.clone(),
            about: exhibit.number.clone(),
            words_sealed: None,
        };
        // The case into which it was merged shows it.
        store::moment::insert(tx, case.merged_into.unwrap_or(case.id), &moment, &super::own_header(&case))?;
    }
    Ok(())
}

/// Writes what was recorded about a report, and about its orders, since the last time into the time line.
pub(crate) fn sync(tx: &mut Tx<'_>, link: &Link) -> Result<(), CaseError> {
    let id = ReportId::from_uuid(link.target);
    let Some(report) = report::store::find(tx, id)? else { return Ok(()) };
    let mut last = link.synced_at;
    let mut of = vec![(link.target, report.header.clone(), link.number.clone())];
    for order in order::service::of_report_in(tx, id)? {
        of.push((order.id.uuid(), order.header, order.executor));
    }
    for (subject, header, about) in of {
        for record in audit::records_for(tx, subject)? {
            if record.record.office_at < link.synced_at || is_quiet(&record.record.act) {
                continue;
            }
            last = last.max(record.record.office_at);
            keep(tx, link, (&record, &header, &about))?;
        }
    }
    Ok(store::link::synced(tx, link.id, last)?)
}

fn keep(
    tx: &mut Tx<'_>,
    link: &Link,
    (record, header, about): (&RecordView, &Header, &str),
) -> Result<(), CaseError> {
    let act = record.record.act.as_str();
    let kind = match act.split_once('.') {
        Some(("order" | "trail" | "appeal", _)) => MomentKind::Order,
        Some(("registration", _)) => MomentKind::Register,
        _ => MomentKind::Report,
    };
    let moment = Moment {
        // The same record in the same case is the same moment, whoever hears of it, and however often.
        id: derived(link.case.uuid(), record.record.id),
        home: link.case,
        at: record.record.office_at,
        kind,
        act: act.to_owned(),
        actor: record.record.actor.clone(),
        about: about.to_owned(),
        words_sealed: None,
    };
    Ok(store::moment::insert(tx, link.case, &moment, header)?)
}

pub(super) fn derived(case: Uuid, record: Uuid) -> Uuid {
    report::rules::derived_id("case.moment", &case.to_string(), &record.to_string()).uuid()
}

#[cfg(test)]
mod tests {
    use super::is_quiet;

    #[test]
    fn looking_is_quiet_and_doing_is_not() {
        for look in ["report.read", "order.paper_read", "chart.read", "chart.exported", "person.looked_up"] {
            assert!(is_quiet(look), "{look}");
        }
        for deed in ["report.filed", "order.sent", "registration.moved", "order.answered"] {
            assert!(!is_quiet(deed), "{deed}");
        }
    }
}
