//! Standing approvals: what the platform may send by itself, who signed it, and how it is taken back at once.

use access::{Action, Kind, Resource, Staff};
use app::App;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _, Money};
use legal_basis::standing::{self, NewStanding, StandingApproval};
use legal_basis::{Basis, LegalBasisError};
use order::words;
use profile::{Measure, Scope, Term};
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Choice, Ctx, Empty, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Status, Toast, Tone,
};

/// An approval as shown: its one sentence, word for word, and who stands behind it.
pub(crate) struct ApprovalRow {
    pub(crate) says: String,
    pub(crate) reason: String,
    pub(crate) status: Status,
    pub(crate) signed: Vec<String>,
    pub(crate) needed: usize,
    pub(crate) ended: String,
    pub(crate) sign: Option<String>,
    pub(crate) revoke: Option<String>,
    pub(crate) version: i64,
}

#[derive(Template)]
#[template(path = "desk_approvals.html")]
struct Show {
    ctx: Ctx,
    rows: Vec<ApprovalRow>,
    past: Vec<ApprovalRow>,
    empty: Option<Empty>,
    may_draft: bool,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
}

/// `GET /desk/approvals`.
pub(crate) async fn show(Staff(actor): Staff, ctx: Ctx, State(app): State<App>) -> Result<Response, Problem> {
    page(&ctx, &app, &actor, &DraftForm::default(), &[]).await
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    form: &DraftForm,
    errors: &[FieldError],
) -> Result<Response, Problem> {
    let list = standing::list(app, actor).await?;
    let bases = all_bases(app).await?;
    let (live, past): (Vec<_>, Vec<_>) = list.iter().partition(|a| {
        matches!(a.status, standing::Status::Draft | standing::Status::InForce)
            && a.terms.valid_to > ctx.now()
    });
    let row = |a: &&StandingApproval| approval(ctx, actor, &bases, a);
    let may_draft =
        access::allowed(actor, Action::DraftStandingApproval, &Resource::any(Kind::StandingApproval));
    let page = Show {
        rows: live.iter().map(row).collect(),
        past: past.iter().take(50).map(row).collect(),
        empty: live.is_empty().then(|| Empty::new(ctx, "desk-approvals-empty")),
        may_draft,
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        fields: fields(ctx, app, &bases, form, errors),
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Page(page)).into_response())
}

/// All versions of all bases: old approvals name old versions.
pub(crate) async fn all_bases(app: &App) -> Result<Vec<Basis>, Problem> {
    Ok(app.db.read(legal_basis::store::all).await?)
}

/// An approval with its sentence, for the list and for the pages that sign and revoke.
pub(crate) fn approval(ctx: &Ctx, actor: &Actor, bases: &[Basis], a: &StandingApproval) -> ApprovalRow {
    let basis = bases.iter().find(|b| b.pair() == a.terms.basis);
    let resource = a
        .resource()
        .signed_by(&a.signatures.iter().map(|s| format!("staff:{}", s.approver)).collect::<Vec<_>>());
    let may = |action| access::allowed(actor, action, &resource);
    let expired = a.status == standing::Status::InForce && a.terms.valid_to <= ctx.now();
    let needed = basis.and_then(|b| legal_basis::approvers_needed(b, true));
    // It covers nothing while too few of those who signed it hold the office.
    let short = needed.is_some_and(|n| a.live_signers(&n.roles) < usize::from(n.count));
    let (key, tone) = match a.status {
        standing::Status::InForce if !expired && short => ("standing-status-short", Tone::Amber),
        standing::Status::InForce if !expired => ("standing-status-in-force", Tone::Green),
        standing::Status::InForce => ("standing-why-too-late", Tone::Grey),
        standing::Status::Draft => ("standing-status-draft", Tone::Amber),
        standing::Status::Superseded => ("standing-status-superseded", Tone::Grey),
        standing::Status::Revoked => ("standing-status-revoked", Tone::Grey),
    };
    let open = matches!(a.status, standing::Status::Draft | standing::Status::InForce) && !expired;
    ApprovalRow {
        says: says(ctx, basis, a),
        reason: a.terms.reason.clone(),
        status: Status::new(ctx, key, tone),
        signed: a
            .signatures
            .iter()
            .map(|s| format!("{}, {}", s.name, ctx.formats().date_time_dense(s.signed_at)))
            .collect(),
        needed: needed.map_or(0, |n| usize::from(n.count)),
        ended: a
            .ending
            .as_ref()
            .map_or_else(String::new, |e| format!("{}: {}", ctx.formats().date_time_dense(e.at), e.reason)),
        sign: (a.status == standing::Status::Draft && open && may(Action::SignStandingApproval))
            .then(|| format!("/desk/approvals/{}/{}/sign", a.id, a.version)),
        revoke: (open && may(Action::RevokeStandingApproval))
            .then(|| format!("/desk/approvals/{}/revoke", a.id)),
        version: a.version,
    }
}

/// What is approved, in one sentence that leaves nothing out.
fn says(ctx: &Ctx, basis: Option<&Basis>, a: &StandingApproval) -> String {
    let t = &a.terms;
    let words = |prefix: &str, code: &str| ctx.t(&format!("{prefix}-{}", words::key_part(code)));
    let args = [
        ("basis", basis.map_or_else(|| ctx.t("order-basis-none"), |b| words::basis_words(ctx, b))),
        ("measure", words("legal-basis-measure", t.measure.as_str())),
        ("scope", words("legal-basis-scope", t.scope.as_str())),
        ("order", ctx.money(t.cap_per_order)),
        ("day", ctx.money(t.cap_per_day)),
        ("hop", t.hop_limit.to_string()),
        ("from", ctx.date_time(t.valid_from)),
        ("to", ctx.date_time(t.valid_to)),
    ];
    ctx.ta("desk-approval-says", args)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DraftForm {
    basis: String,
    order: String,
    day: String,
    hop: String,
    days: String,
    reason: String,
}

fn fields(ctx: &Ctx, app: &App, bases: &[Basis], form: &DraftForm, errors: &[FieldError]) -> Vec<Field> {
    let symbol =
        app.profile.asset_info(app.profile.currency().code()).map_or_else(String::new, |a| a.symbol.clone());
    let mut choices = Vec::new();
    for basis in
        bases.iter().filter(|b| b.covers(ctx.now()) && legal_basis::approvers_needed(b, true).is_some())
    {
        let days = basis.record.standing.as_ref().map_or(0, |s| s.max_days);
        for measure in &basis.record.measures {
            let words = ctx.t(&format!("legal-basis-measure-{}", words::key_part(measure.as_str())));
            let value = format!("{}@{}@{}", basis.id, basis.version, measure.as_str());
            let hint = ctx.ta("desk-approval-at-most", [("n", i64::from(days))]);
            choices
                .push(Choice::new(&value, format!("{words}: {}", words::basis_words(ctx, basis))).hint(hint));
        }
    }
    vec![
        Field::radios(ctx, "basis", "desk-approval-basis", choices).value(form.basis.clone()).errors(errors),
        Field::amount(ctx, "order", "desk-approval-order", &symbol).value(form.order.clone()).errors(errors),
        Field::amount(ctx, "day", "desk-approval-day", &symbol).value(form.day.clone()).errors(errors),
        Field::code(ctx, "hop", "desk-approval-hop").value(form.hop.clone()).width(4).errors(errors),
        Field::code(ctx, "days", "desk-approval-days").value(form.days.clone()).width(4).errors(errors),
        Field::area(ctx, "reason", "desk-approval-reason", 3).value(form.reason.clone()).errors(errors),
    ]
}

/// The terms that a form asks for; else what is wrong with it.
fn terms(ctx: &Ctx, app: &App, form: &DraftForm) -> Result<NewStanding, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut parts = form.basis.split('@');
    let basis = parts
        .next()
        .and_then(|id| id.parse::<Uuid>().ok())
        .zip(parts.next().and_then(|v| v.parse::<i64>().ok()));
    let measure = parts.next().and_then(Measure::parse);
    let chosen = basis.zip(measure);
    if chosen.is_none() {
        errors.push(FieldError::new(ctx, "basis", "desk-approval-basis.missing"));
    }
    let mut sum = |name: &'static str, text: &str| {
        let read = Money::parse(text, app.profile.currency()).ok().filter(|m| m.is_positive());
        if read.is_none() {
            errors.push(FieldError::new(ctx, name, &format!("desk-approval-{name}.missing")));
        }
        read
    };
    let (order, day) = (sum("order", &form.order), sum("day", &form.day));
    let hop = form.hop.trim().parse::<u8>().ok().filter(|n| *n > 0);
    if hop.is_none() {
        errors.push(FieldError::new(ctx, "hop", "desk-approval-hop.missing"));
    }
    let days = form.days.trim().parse::<u16>().ok().filter(|n| *n > 0);
    if days.is_none() {
        errors.push(FieldError::new(ctx, "days", "desk-approval-days.missing"));
    }
    if !app::says(&form.reason) {
        errors.push(FieldError::new(ctx, "reason", "error-standing-reason"));
    }
    let (Some((basis, measure)), Some(order), Some(day), Some(hop), Some(days)) =
        (chosen, order, day, hop, days)
    else {
        return Err(errors);
    };
    if !errors.is_empty() {
        return Err(errors);
    }
    let now = app.office.now();
    Ok(NewStanding {
        amends: None,
        basis,
        measure,
        scope: Scope::AmountOnly,
        cap_per_order: order,
        cap_per_day: day,
        hop_limit: hop,
        valid_from: now,
        valid_to: app.profile.term_end(now, Term::CalendarDays(days)),
        reason: form.reason.trim().to_owned(),
    })
}

/// The field that a refusal of the law is about.
fn field_of(code: &str) -> &'static str {
    match code {
        "standing.cap" => "order",
        "standing.day_below_order" | "standing.mixed_assets" => "day",
        "standing.no_hop" => "hop",
        "standing.dates" | "standing.too_long" => "days",
        "standing.reason" => "reason",
        _ => "basis",
    }
}

/// `POST /desk/approvals`: drafts one; nothing is in force before others have signed it.
pub(crate) async fn draft(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Form(form): Form<DraftForm>,
) -> Result<Response, Problem> {
    let terms = match terms(&ctx, &app, &form) {
        Ok(terms) => terms,
        Err(errors) => return page(&ctx, &app, &actor, &form, &errors).await,
    };
    match standing::draft(&app, &actor, terms).await {
        Ok(_) => Ok(SeeOther::to("/desk/approvals")
            .with_toast(Toast::new("desk-approval-drafted"))
            .into_response()),
        Err(LegalBasisError::Draft(error)) => {
            let wrong = FieldError::new(&ctx, field_of(error.code()), &Problem::key(error.code()));
            page(&ctx, &app, &actor, &form, &[wrong]).await
        }
        Err(error) => Err(error.into()),
    }
}
