//! Which payments: the list of those told, and the page of one of them.

use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use partner::Partner;
use serde::Deserialize;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, WhenField};

use super::choices::{banks, currency, symbol};
use super::leaving;
use super::told::{self, PaymentLines};
use super::wizard::{Step, current, step};
use crate::draft::{self, Answers, PaymentAnswers};
use crate::intake;

/// Everything the page of one payment needs to know about where it stands.
pub(super) struct Around {
    /// "Step 3 of 5", or empty.
    pub(super) step: String,
    /// Where it is sent.
    pub(super) action: String,
    /// Where "back" leads.
    pub(super) back: &'static str,
    /// Where scripts save what is being typed; empty for nowhere.
    pub(super) keep: &'static str,
    /// Whether another payment may follow, or all be told later.
    pub(super) wizard: bool,
    /// Key of the title.
    pub(super) title: &'static str,
    /// The same form sent twice acts once.
    pub(super) key: String,
    /// Masks of what was told, where a filed payment is completed.
    pub(super) told: Option<ToldNumbers>,
}

/// What may be shown of the numbers that were told; empty where none was.
pub(super) struct ToldNumbers {
    pub(super) own_account: String,
    pub(super) to: String,
    pub(super) reference: bool,
    /// Whether the receiver's institution is known.
    pub(super) to_bank: bool,
}

/// The page of one payment.
#[derive(Template)]
#[template(path = "report_payment.html")]
struct PaymentPage {
    ctx: Ctx,
    around: Around,
    title: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    own_bank: Field,
    amount: Field,
    currency: Option<Field>,
    when: WhenField,
    to: Field,
    to_unknown: bool,
    /// From which account or card; asked below where a filed payment is completed.
    own_account: Option<Field>,
    own_unknown: bool,
    /// Asked where a filed payment is completed.
    more: Vec<Field>,
}

/// The questions that only completing asks, and the receiver with what was told of it.
fn completing(
    ctx: &Ctx,
    partners: &[Partner],
    told: &ToldNumbers,
    (typed, errors): (&PaymentAnswers, &[FieldError]),
    (to, own): (Field, Field),
) -> (Field, Vec<Field>) {
    let before = |field: Field, mask: &str| {
        let hint = ctx.ta("report-complete-told", [("mask", mask)]);
        if mask.is_empty() { field.optional() } else { field.optional().hint(hint) }
    };
    let reference =
        Field::text(ctx, "reference", "report-reference").value(typed.reference.as_str()).errors(errors);
    let mut more = Vec::new();
    if !told.to_bank {
        let bank = Field::select(ctx, "to_bank", "report-to-bank", banks(ctx, partners));
        more.push(bank.value(typed.to_bank.as_str()).errors(errors).optional());
    }
    more.push(before(own, &told.own_account));
    if !told.reference {
        more.push(reference.optional());
    }
    (before(to, &told.to), more)
}

/// Shows it, for the form and for adding one later.
pub(super) fn page(
    ctx: &Ctx,
    app: &App,
    partners: &[Partner],
    around: Around,
    typed: &PaymentAnswers,
    errors: &[FieldError],
) -> Response {
    let mut choices = banks(ctx, partners);
    choices.push(Choice::new(intake::UNKNOWN_BANK, ctx.t("report-own-bank-unknown")));
    let to = Field::text(ctx, "to", "report-to").value(typed.to.as_str()).errors(errors).autocomplete("off");
    let own = Field::text(ctx, "own_account", "report-own-account")
        .value(typed.own_account.as_str())
        .errors(errors)
        .autocomplete("off");
    let (to, more, own_account) = match &around.told {
        Some(told) => {
            let (to, more) = completing(ctx, partners, told, (typed, errors), (to, own));
            (to, more, None)
        }
        None => (to, Vec::new(), Some(own)),
    };
    let mut when = typed.clone().recalled(ctx).when();
    if when.day.is_empty() {
        "today".clone_into(&mut when.day);
    }
    let page = PaymentPage {
        title: ctx.t(around.title),
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        own_bank: Field::select(ctx, "own_bank", "report-own-bank", choices)
            .value(typed.own_bank.as_str())
            .errors(errors),
        amount: Field::amount(ctx, "amount", "report-amount", &symbol(app))
            .value(typed.amount.as_str())
            .errors(errors),
        currency: currency(ctx, app, "currency", &typed.currency, errors),
        when: WhenField::new(ctx, "day", "report-day", &when, errors),
        to,
        more,
        to_unknown: typed.to_unknown,
        own_account,
        own_unknown: typed.own_unknown,
        around,
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Page(page)).into_response()
}

fn new_one(ctx: &Ctx, a: &Answers) -> Around {
    Around {
        step: step(ctx, a, Step::Payment),
        action: "/report/payment".to_owned(),
        back: if a.payments.is_empty() { "/report/what" } else { "/report/payment" },
        keep: "/report/keep/payment",
        wizard: true,
        title: if a.payments.is_empty() {
            "report-payment-page.title"
        } else {
            "report-payment-page.another"
        },
        key: ctx.idempotency_key(),
        told: None,
    }
}

fn told_one(ctx: &Ctx, a: &Answers, no: usize) -> Around {
    Around {
        action: format!("/report/payment/{no}"),
        back: "/report/payment",
        keep: "",
        wizard: false,
        title: "report-payment-page.change",
        ..new_one(ctx, a)
    }
}

/// The payments told so far.
#[derive(Template)]
#[template(path = "report_payments.html")]
struct List {
    ctx: Ctx,
    step: String,
    told: Vec<PaymentLines>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wish {
    another: String,
}

/// `GET /report/payment`: the page of a payment, or the list of those told.
pub(super) async fn payment(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Query(wish): Query<Wish>,
) -> Result<Response, Problem> {
    let d = match current(&app, &jar).await {
        Ok(d) => d,
        Err(response) => return Ok(response),
    };
    let partners = partner::service::all(&app).await?;
    let typed = d.answers.unfinished();
    if d.answers.payments.is_empty() || !wish.another.is_empty() || !typed.is_empty() {
        return Ok(page(&ctx, &app, &partners, new_one(&ctx, &d.answers), &typed, &[]));
    }
    let told = d.answers.payments.iter().map(|p| told::payment(&ctx, &app, &partners, p)).collect();
    Ok(Page(List { step: step(&ctx, &d.answers, Step::Payment), told, ctx }).into_response())
}

/// The payment page as sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct PaymentForm {
    own_bank: String,
    amount: String,
    currency: String,
    day: String,
    day_d: String,
    day_m: String,
    day_y: String,
    day_time: String,
    day_about: String,
    to: String,
    to_unknown: String,
    own_account: String,
    own_unknown: String,
    to_bank: String,
    reference: String,
    next: String,
    pub(super) leave: String,
    pub(super) idempotency_key: String,
}

impl PaymentForm {
    pub(super) fn answers(&self) -> PaymentAnswers {
        let short = |t: &str| t.chars().take(40).collect::<String>();
        PaymentAnswers {
            own_bank: short(&self.own_bank),
            amount: short(&self.amount),
            currency: short(&self.currency),
            day: short(&self.day),
            date: short(self.day_d.trim()),
            month: short(&self.day_m),
            year: short(self.day_y.trim()),
            time: short(self.day_time.trim()),
            about: !self.day_about.is_empty(),
            // A whole message may be pasted here.
            to: self.to.chars().take(4_000).collect(),
            to_unknown: !self.to_unknown.is_empty(),
            own_account: self.own_account.chars().take(100).collect(),
            own_unknown: !self.own_unknown.is_empty(),
            to_bank: short(&self.to_bank),
            reference: self.reference.chars().take(1_000).collect(),
        }
    }
}

/// `POST /report/keep/payment`: what is being typed, without a judgement.
pub(super) async fn keep(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<PaymentForm>,
) -> Result<StatusCode, Problem> {
    let Ok(mut d) = current(&app, &jar).await else { return Ok(StatusCode::CONFLICT) };
    d.answers.keep_unfinished(&form.answers().dated(&ctx));
    draft::save(&app, &d).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /report/payment`: keeps the payment and goes on, or asks for another one.
pub(super) async fn post_payment(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<PaymentForm>,
) -> Result<Response, Problem> {
    let mut d = match current(&app, &jar).await {
        Ok(d) => d,
        Err(response) => return Ok(response),
    };
    let typed = form.answers();
    d.answers.keep_unfinished(&typed.clone().dated(&ctx));
    if let Some(leaves) = leaving(&ctx, &form.leave, "/report/payment?another=1") {
        draft::save(&app, &d).await?;
        return Ok(leaves);
    }
    let partners = partner::service::all(&app).await?;
    // With one payment told already, an empty page means "that was all"; "later" skips it altogether.
    let all_told = typed.is_empty() && !d.answers.payments.is_empty();
    if form.next != "later" && !all_told {
        let full = d.answers.payments.len() >= crate::rules::MAX_PAYMENTS;
        let wrong = if full {
            Some(vec![FieldError::new(&ctx, "amount", "report-amount.too_many")])
        } else {
            intake::payment(&ctx, &app, &partners, &typed).err()
        };
        if let Some(errors) = wrong {
            draft::save(&app, &d).await?;
            return Ok(page(&ctx, &app, &partners, new_one(&ctx, &d.answers), &typed, &errors));
        }
        d.answers.take_payment(&form.idempotency_key, typed.dated(&ctx));
    }
    d.answers.keep_unfinished(&PaymentAnswers::default());
    draft::save(&app, &d).await?;
    let next = if form.next == "another" { "/report/payment?another=1" } else { "/report/you" };
    Ok(SeeOther::to(next).into_response())
}

/// `GET /report/payment/{no}`: one that was told, to be changed.
pub(super) async fn change(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Path(no): Path<usize>,
) -> Result<Response, Problem> {
    let d = match current(&app, &jar).await {
        Ok(d) => d,
        Err(response) => return Ok(response),
    };
    let Some(typed) = d.answers.payments.get(no) else {
        return Ok(SeeOther::to("/report/payment").into_response());
    };
    let partners = partner::service::all(&app).await?;
    Ok(change_page(&ctx, &app, &partners, &d.answers, no, typed, &[]))
}

/// The page of a payment told before, also with the errors that sending found.
pub(super) fn change_page(
    ctx: &Ctx,
    app: &App,
    partners: &[Partner],
    a: &Answers,
    no: usize,
    typed: &PaymentAnswers,
    errors: &[FieldError],
) -> Response {
    page(ctx, app, partners, told_one(ctx, a, no), typed, errors)
}

/// `POST /report/payment/{no}`.
pub(super) async fn post_change(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Path(no): Path<usize>,
    Form(form): Form<PaymentForm>,
) -> Result<Response, Problem> {
    let mut d = match current(&app, &jar).await {
        Ok(d) => d,
        Err(response) => return Ok(response),
    };
    let typed = form.answers();
    let Some(place) = d.answers.payments.get_mut(no) else {
        return Ok(SeeOther::to("/report/payment").into_response());
    };
    // Good or bad, it replaces what was there: the check page judges all of them again before anything is sent.
    *place = typed.clone().dated(&ctx);
    draft::save(&app, &d).await?;
    if let Some(leaves) = leaving(&ctx, &form.leave, &format!("/report/payment/{no}")) {
        return Ok(leaves);
    }
    let partners = partner::service::all(&app).await?;
    if let Err(errors) = intake::payment(&ctx, &app, &partners, &typed) {
        return Ok(change_page(&ctx, &app, &partners, &d.answers, no, &typed, &errors));
    }
    Ok(SeeOther::to("/report/check").into_response())
}

/// `POST /report/payment/{no}/remove`: takes a payment out of the draft.
pub(super) async fn remove(
    State(app): State<App>,
    jar: CookieJar,
    Path(no): Path<usize>,
) -> Result<Response, Problem> {
    let mut d = match current(&app, &jar).await {
        Ok(d) => d,
        Err(response) => return Ok(response),
    };
    if no < d.answers.payments.len() {
        d.answers.payments.remove(no);
        draft::save(&app, &d).await?;
    }
    let to = if d.answers.payments.is_empty() { "/report/payment" } else { "/report/check" };
    Ok(SeeOther::to(to).into_response())
}
