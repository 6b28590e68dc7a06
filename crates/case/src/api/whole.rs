//! One case whole.

use access::Reads;
use app::App;
use axum::extract::Path;
use axum::response::Response;
use kernel::Purpose;
use partner::described::Refused;
use registration::State;
use registration::service::{Matter, View};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Ctx;

use super::sections::{
    CaseArticleRow, CaseClock, CaseDecisionRow, CaseExhibit, CaseField, CaseLink, CaseMay, CaseMove,
    CaseNote, CasePaper, CasePersonRow, CaseRefRow, CaseReferral, CaseRegister, CaseRegistration, CaseReport,
    CaseTask, CaseThing,
};
use super::shapes::{
    CaseAmount, CaseMember, CaseNext, CaseRow, amount, at, due, member, next, row_of, task_title, who,
    written,
};
use super::{NotRead, answered};
use crate::error::CaseError;
use crate::model::{Link, MoveKind};
use crate::service::{self, May, Page, People};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_case))
}

/// A case with everything that the page shows of it.
#[derive(Debug, Serialize, ToSchema)]
struct CaseWhole {
    /// Number, title, stage, state, priority, lead, door and unit.
    case: CaseRow,
    /// What it is about.
    summary: String,
    /// Code of its shape; empty for none.
    template: String,
    /// What it was opened from.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<CaseThing>,
    /// Since when it stands at its stage.
    #[schema(format = DateTime)]
    stage_since: String,
    /// By when it should have left it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    stage_due_at: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// The case into which it was merged, where its reader sees that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_into: Option<String>,
    /// Code of the unit to which it was referred and that has not answered; empty for none.
    referred_to: String,
    /// What its reader may do.
    may: CaseMay,
    /// Codes of the stages to which it may pass without a decision.
    stages: Vec<String>,
    /// What to do next, and by when.
    next: Vec<CaseNext>,
    /// What its reporters lost, by currency.
    lost: Vec<CaseAmount>,
    /// What is held of it, by currency.
    held: Vec<CaseAmount>,
    /// Who works or worked on it.
    team: Vec<CaseMember>,
    /// Its reports, the latest first.
    reports: Vec<CaseReport>,
    /// Whether it has more reports than are told.
    more_reports: bool,
    /// Other things that it is about.
    links: Vec<CaseLink>,
    /// What was written to others for its reports.
    papers: Vec<CasePaper>,
    /// Its exhibits, as far as its reader sees them.
    exhibits: Vec<CaseExhibit>,
    /// Its tasks: what is open first, and of that what falls due first.
    tasks: Vec<CaseTask>,
    /// Its persons.
    persons: Vec<CasePersonRow>,
    /// Its notes, as far as its reader is one of those for whom they are.
    notes: Vec<CaseNote>,
    /// Its decisions.
    decisions: Vec<CaseDecisionRow>,
    /// Its referrals.
    referrals: Vec<CaseReferral>,
    /// Its numbers in registers.
    refs: Vec<CaseRefRow>,
    /// Where it stands in the registers of the country, with their clocks.
    registrations: Vec<CaseRegistration>,
    /// Its offences.
    articles: Vec<CaseArticleRow>,
    /// What stands in the fields of its shape.
    fields: Vec<CaseField>,
    /// Merges and partings.
    moves: Vec<CaseMove>,
}

/// One case with everything that the page shows of it. The read is a record.
#[utoipa::path(
    get, path = "/cases/{number}", tag = "cases", operation_id = "getCase",
    params(("number" = String, Path, description = "number of the case", example = "C-2026-01234567")),
    responses((status = 200, description = "the case", body = CaseWhole), NotRead, Refused),
    security(("staff_token" = []))
)]
async fn get_case(ctx: Ctx, reads: Reads, Path(number): Path<String>) -> Response {
    answered(&ctx, read(&ctx, &reads, &number).await)
}

async fn read(ctx: &Ctx, reads: &Reads, number: &str) -> Result<CaseWhole, CaseError> {
    let page = service::look(&reads.app, &reads.actor, number).await?;
    let of = service::registers::KIND.of(&page.case.number);
    let view = registration::service::of_report(&reads.app, &reads.actor, of).await?;
    Ok(CaseWhole { registrations: registrations(&view), ..whole(ctx, reads, &page) })
}

fn registrations(view: &View) -> Vec<CaseRegistration> {
    let of = |m: &Matter| {
        let r = &m.registration;
        (r.state != State::Erased).then(|| CaseRegistration {
            system: r.system.clone(),
            state: r.state.as_str(),
            since: at(r.since),
            due_at: at(r.due_at),
            settled_at: r.settled_at.map(at),
        })
    };
    view.matters.iter().filter_map(of).collect()
}

fn whole(ctx: &Ctx, reads: &Reads, p: &Page) -> CaseWhole {
    let May { work, lead, confirm, receive } = p.may;
    let case = &p.case;
    CaseWhole {
        case: row_of(case, p.title.clone(), &p.people),
        summary: p.summary.clone(),
        template: case.template.clone(),
        origin: case.origin.as_ref().map(|o| CaseThing { kind: o.kind.as_str(), number: o.number.clone() }),
        stage_since: at(case.stage_since),
        stage_due_at: due(case.stage_due_at),
        ended_at: case.ended_at.map(at),
        merged_into: p.merged_into.clone(),
        referred_to: case.referred_to.clone(),
        may: CaseMay { work, lead, confirm, receive },
        stages: service::leading(&reads.app, case),
        next: p.next.iter().map(next).collect(),
        lost: p.lost.iter().map(|m| amount(*m)).collect(),
        held: p.held.iter().map(|m| amount(*m)).collect(),
        team: p.team.iter().map(|m| member(&p.people, m)).collect(),
        reports: reports(p),
        more_reports: p.more_reports,
        links: p.links.iter().map(|l| link(&p.people, l)).collect(),
        papers: papers(p),
        exhibits: exhibits(p),
        tasks: tasks(ctx, reads, p),
        persons: persons(p),
        notes: notes(p),
        decisions: decisions(p),
        referrals: referrals(p),
        refs: refs(p),
        registrations: Vec::new(),
        articles: p
            .articles
            .iter()
            .map(|a| CaseArticleRow {
                id: a.place.id,
                article: a.code.clone(),
                wording: a.wording.clone(),
                written: written(&p.people, &a.written),
            })
            .collect(),
        fields: p
            .fields
            .iter()
            .map(|(f, value)| CaseField {
                field: f.code.clone(),
                value: value.clone(),
                changed_at: at(f.changed_at),
            })
            .collect(),
        moves: moves(p),
    }
}

fn reports(p: &Page) -> Vec<CaseReport> {
    let of = |r: &service::Reported| CaseReport {
        id: r.link.id,
        number: r.report.number.clone(),
        loss: r.report.loss.is_positive().then(|| amount(r.report.loss)),
        filed_at: at(r.report.header.created_at),
        registers: r
            .numbers
            .iter()
            .map(|(system, number)| CaseRegister { system: system.clone(), number: number.clone() })
            .collect(),
        due: r
            .due
            .iter()
            .map(|(system, till)| CaseClock { system: system.clone(), due_at: at(*till) })
            .collect(),
        written: written(&p.people, &r.link.written),
    };
    p.reports.iter().map(of).collect()
}

fn link(people: &People, l: &Link) -> CaseLink {
    CaseLink {
        id: l.id,
        kind: l.kind.as_str(),
        number: l.number.clone(),
        written: written(people, &l.written),
    }
}

fn papers(p: &Page) -> Vec<CasePaper> {
    let of = |c: &service::Correspondence| CasePaper {
        order: c.order.id.to_string(),
        report: c.report.clone(),
        measure: c.order.measure.as_str().to_owned(),
        to: c.order.executor.clone(),
        status: c.order.status.as_str().to_owned(),
        requested_at: at(c.order.requested_at),
        sent_at: c.order.sent_at.map(at),
        held: c.held.map(amount),
    };
    p.papers.iter().map(of).collect()
}

fn exhibits(p: &Page) -> Vec<CaseExhibit> {
    let of = |e: &service::Exhibited| CaseExhibit {
        exhibit: e.exhibit.number.clone(),
        title: e.title.as_ref().map(|t| t.open(Purpose::Investigate).clone()),
        status: e.exhibit.state.as_str().to_owned(),
        custodian: e.custodian.clone(),
    };
    p.exhibits.iter().map(of).collect()
}

fn tasks(ctx: &Ctx, reads: &Reads, p: &Page) -> Vec<CaseTask> {
    let of = |(t, title): &(crate::model::Task, String)| CaseTask {
        id: t.place.id,
        task: task_title(ctx, reads, title),
        state: t.state.as_str(),
        assignee: who(&p.people, &t.assignee),
        due_at: due(t.due_at),
        urgent: t.urgent,
        done_at: t.done_at.map(at),
        done_by: t.done_by.as_deref().and_then(|label| who(&p.people, label)),
        written: written(&p.people, &t.written),
    };
    p.tasks.iter().map(of).collect()
}

fn persons(p: &Page) -> Vec<CasePersonRow> {
    let of = |(row, words): &(crate::model::CasePerson, crate::model::PersonWords)| CasePersonRow {
        id: row.place.id,
        name: words.name.clone(),
        contact: words.contact.clone(),
        note: words.note.clone(),
        duty: row.duty.clone(),
        since: at(row.since),
        until: row.until.map(at),
        rights_at: row.rights_at.map(at),
        written: written(&p.people, &row.written),
    };
    p.persons.iter().map(of).collect()
}

fn notes(p: &Page) -> Vec<CaseNote> {
    let of = |(n, text, readers): &(crate::model::Note, String, Vec<String>)| CaseNote {
        id: n.place.id,
        note: text.clone(),
        restricted: n.restricted,
        readers: readers.iter().filter_map(|label| who(&p.people, label)).collect(),
        written: written(&p.people, &n.written),
    };
    p.notes.iter().map(of).collect()
}

fn decisions(p: &Page) -> Vec<CaseDecisionRow> {
    let of = |(d, reasons, second): &(crate::model::Decision, String, String)| CaseDecisionRow {
        id: d.place.id,
        decision: d.kind.clone(),
        standing: d.standing.as_str(),
        reasons: reasons.clone(),
        paper: d.paper.clone(),
        day: d.day.clone(),
        second_at: d.second_at.map(at),
        second_by: d.second_by.as_deref().and_then(|label| who(&p.people, label)),
        second: second.clone(),
        written: written(&p.people, &d.written),
    };
    p.decisions.iter().map(of).collect()
}

/// A text that may be empty for "none".
fn told(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn referrals(p: &Page) -> Vec<CaseReferral> {
    let of = |(r, ground, answer): &(crate::model::Referral, String, String)| CaseReferral {
        id: r.place.id,
        body: r.body.clone(),
        institution: told(&r.institution),
        body_number: told(&r.body_number),
        state: r.state.as_str(),
        ground: ground.clone(),
        due_at: due(r.due_at),
        answered_at: r.answered_at.map(at),
        answered_by: r.answered_by.as_deref().and_then(|label| who(&p.people, label)),
        answer: answer.clone(),
        written: written(&p.people, &r.written),
    };
    p.referrals.iter().map(of).collect()
}

fn refs(p: &Page) -> Vec<CaseRefRow> {
    let of = |(r, registrar): &(crate::model::CaseRef, String)| CaseRefRow {
        id: r.place.id,
        system: r.system.clone(),
        number: r.number.clone(),
        registered_at: at(r.registered_at),
        registrar: registrar.clone(),
        due_at: due(r.due_at),
        wrong_at: r.wrong_at.map(at),
        written: written(&p.people, &r.written),
    };
    p.refs.iter().map(of).collect()
}

fn moves(p: &Page) -> Vec<CaseMove> {
    let of = |(m, other, reason): &(crate::model::Move, Option<String>, String)| CaseMove {
        id: m.id,
        kind: MoveKind::as_str(m.kind),
        left: m.from == p.case.id,
        other: other.clone(),
        reason: reason.clone(),
        undone_at: m.undone_at.map(at),
        written: written(&p.people, &m.written),
    };
    p.moves.iter().map(of).collect()
}
