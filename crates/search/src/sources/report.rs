//! Reports: number, who reported, story, institutions, what is named.

use std::collections::BTreeSet;

use access::{Action, Kind as Thing, Resource};
use app::App;
use db::Tx;
use kernel::{Actor, Personal, Purpose};
use report::service::Full;
use report::{ReportError, ReportId};
use uuid::Uuid;

use super::{called, institution, part};
use crate::error::SearchError;
use crate::model::{About, Document, Part, Shown};
use crate::source::Source;

/// Reports.
pub(super) struct Reports;

/// Named things that are shown.
const NAMED: usize = 4;

/// The codes of all institutions that it is about.
fn institutions(full: &Full) -> BTreeSet<String> {
    let of = full.payments.iter().flat_map(|p| [p.own_institution.clone(), p.to_institution.clone()]);
    of.filter(|code| !code.is_empty()).collect()
}

fn state(full: &Full) -> &'static str {
    if full.report.withdrawn_at.is_some() { "withdrawn" } else { "open" }
}

impl Source for Reports {
    fn kind(&self) -> &'static str {
        "report"
    }
    fn thing(&self) -> Thing {
        Thing::Report
    }
    fn states(&self) -> &'static [&'static str] {
        &["open", "withdrawn"]
    }
    fn events(&self) -> &'static [&'static str] {
        &[
            report::RECEIVED,
            report::PAYMENT_ADDED,
            report::PAYMENT_COMPLETED,
            report::STORY_TOLD,
            report::CLUES,
            report::DETAILS,
            report::WITHDRAWN,
            report::EXPUNGED,
        ]
    }
    fn page(
        &self,
        tx: &mut Tx<'_>,
        _: &App,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<(Uuid, String)>, SearchError> {
        Ok(report::store::page(tx, after, limit)?)
    }

    fn read_act(&self) -> Option<&'static str> {
        Some("report.read")
    }

    fn read(&self, tx: &mut Tx<'_>, app: &App, id: Uuid) -> Result<Vec<Document>, SearchError> {
        let full = match report::service::load(tx, app, &part(), ReportId::from_uuid(id)) {
            Ok(full) => full,
            Err(ReportError::Erased | ReportError::NotFound) => return Ok(Vec::new()),
            Err(e) => return Err(SearchError::slice(e)),
        };
        let open = |words: &Personal<String>| words.open(Purpose::Operate).clone();
        let mut document = Document::of(&full.report.header, state(&full));
        document.region = report::region(&full).unwrap_or_default();
        document.parts.push(Part::Number(full.report.number.clone()));
        document.parts.push(Part::Words(open(&full.told.story)));
        document.parts.push(Part::Name(full.told.reporter.open(Purpose::Operate).name.clone()));
        for named in report::named(app, &full).iter().chain(&report::owned(app, &full)) {
            document.parts.push(Part::Thing(named.kind, open(&named.value)));
        }
        for code in institutions(&full) {
            document.parts.extend(institution(tx, &code)?);
        }
        Ok(vec![document])
    }

    fn show(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        actor: &Actor,
        id: Uuid,
    ) -> Result<Option<Shown>, SearchError> {
        let id = ReportId::from_uuid(id);
        let Some(found) = report::store::find(tx, id)? else { return Ok(None) };
        if !access::allowed(
            actor,
            Action::ViewReport,
            &Resource::new(Thing::Report, id.uuid(), &found.header),
        ) {
            return Ok(None);
        }
        let full = match report::service::load(tx, app, actor, id) {
            Ok(full) => full,
            Err(ReportError::Erased | ReportError::NotFound) => return Ok(None),
            Err(e) => return Err(SearchError::slice(e)),
        };
        let mut about = Vec::new();
        for code in institutions(&full) {
            about.push(called(tx, &code)?);
        }
        let named = report::named(app, &full);
        about.extend(
            named.into_iter().take(NAMED).map(|n| About::Thing(n.kind.as_str().to_owned(), n.masked)),
        );
        Ok(Some(Shown {
            number: full.report.number.clone(),
            title: Vec::new(),
            href: format!("/desk/reports/{}", full.report.number),
            at: full.report.header.created_at,
            state: state(&full),
            region: report::region(&full).unwrap_or_default(),
            about,
            lang: full.report.header.lang.tag().to_owned(),
            text: Some(full.told.story),
        }))
    }
}
