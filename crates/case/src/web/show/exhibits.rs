//! Exhibits on the page of a case.

use web::Ctx;

use super::{Act, Acts, Case, Line, Section, section};
use crate::service;

/// Reports whose numbers go along when an exhibit is read as rows.
const REPORTS_ALONG: usize = 40;

/// The section of exhibits: what it holds, and what may be done about it.
pub(super) fn section_of(ctx: &Ctx, p: &Case, acts: &Acts<'_>) -> Section {
    let works = p.may.work && p.case.state == crate::model::State::Open;
    // Of a case that was merged away everything is done where it went.
    let here = p.case.state != crate::model::State::Merged;
    let link = |href: String, key: &str, primary| Act {
        href,
        words: ctx.t(key),
        id: String::new(),
        post: false,
        primary,
    };
    let along: Vec<&str> = p.reports.iter().take(REPORTS_ALONG).map(|r| r.report.number.as_str()).collect();
    let along = web::encode(&along.join(" "));
    let line = |e: &service::Exhibited| {
        let at = format!("/desk/evidence/{}", web::encode(&e.exhibit.number));
        let mut own = Vec::new();
        if here && import::service::reads(&e.exhibit) {
            own.push(link(format!("{at}/rows?report={along}"), "case-exhibit-rows", false));
        }
        if works {
            own.push(acts.press("exhibit-out", &e.exhibit.number));
        }
        let title = e.title.clone().map(|t| t.into_inner(kernel::Purpose::Investigate));
        Line {
            main: e.exhibit.number.clone(),
            href: Some(at),
            tags: vec![evidence::web::state(ctx, &e.exhibit)],
            meta: e.custodian.clone(),
            text: title.into_iter().collect(),
            over: e.exhibit.state.is_over(),
            acts: own,
            ..Line::default()
        }
    };
    let lines: Vec<Line> = p.exhibits.iter().map(line).collect();
    let mut own = Vec::new();
    if works {
        own.push(link(format!("/desk/evidence/new?report={}", p.case.number), "case-exhibit-new", false));
        own.push(acts.ask("exhibit"));
    }
    if p.may.work && !lines.is_empty() {
        let all = p.exhibits.iter().filter(|e| e.title.is_some()).take(evidence::rules::MOST_OF_A_PACKAGE);
        let all: Vec<String> = all.map(|e| format!("exhibit={}", web::encode(&e.exhibit.number))).collect();
        own.push(link(format!("/desk/evidence/package?{}", all.join("&")), "case-exhibit-package", false));
    }
    section(ctx, "exhibits", lines, own)
}
