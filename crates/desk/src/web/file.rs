//! A report taken by telephone, at the counter or by letter: everything on one page, judged by the same rules
//! as the portal's questions.

use access::{Action, Resource, Staff};
use app::App;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use kernel::{Actor, Lang};
use order::words;
use partner::Partner;
use report::draft::{Answers, PaymentAnswers};
use report::intake::{self, Place, UNKNOWN_BANK, Way};
use report::rules::MAX_PAYMENTS;
use report::service::{Filed, Filing};
use report::{Harm, ReportError};
use web::{
    Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast, WhenAnswer, WhenField,
};

use super::act::page_of;
use super::filed::{RECEIPT, cookie, token};

/// How a report comes to the desk.
pub(crate) const CHANNELS: [&str; 4] = ["phone", "walk_in", "letter", "partner"];
/// The form as it came.
#[derive(Debug, Clone, Default)]
struct Typed {
    channel: String,
    lang: String,
    answers: Answers,
    key: String,
    act: String,
}

impl Typed {
    fn read(form: &[(String, String)]) -> Self {
        let get = |name: &str| form.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let short = |name: &str| get(name).unwrap_or_default().chars().take(1_000).collect::<String>();
        let rows = short("rows").parse::<usize>().unwrap_or(1).min(MAX_PAYMENTS);
        let payments = (0..rows).map(|n| payment(n, &get)).filter(|p| !p.is_empty()).collect();
        let mut answers = Answers {
            ongoing: short("ongoing"),
            kind: short("kind"),
            payments,
            name: short("name"),
            phone: short("phone"),
            iin: short("iin"),
            story: get("story").unwrap_or_default().to_owned(),
            ..Answers::default()
        };
        answers.set_no_phone(get("no_phone").is_some());
        Self {
            channel: short("channel"),
            lang: short("lang"),
            answers,
            key: short("idempotency_key"),
            act: short("act"),
        }
    }
}

/// The payment of this row of the form.
fn payment<'a>(n: usize, get: &impl Fn(&str) -> Option<&'a str>) -> PaymentAnswers {
    let long = |what: &str, most: usize| {
        get(&field(n, what)).unwrap_or_default().chars().take(most).collect::<String>()
    };
    let when = WhenAnswer::read(&field(n, "day"), get);
    PaymentAnswers {
        own_bank: long("own_bank", 40),
        amount: long("amount", 40),
        currency: long("currency", 8),
        day: when.day,
        date: when.date,
        month: when.month,
        year: when.year,
        time: when.time,
        about: when.about,
        // A whole message may be pasted here.
        to: long("to", 4_000),
        to_unknown: get(&field(n, "to_unknown")).is_some(),
        own_account: long("own_account", 100),
        own_unknown: get(&field(n, "own_unknown")).is_some(),
        to_bank: long("to_bank", 40),
        reference: long("reference", 1_000),
    }
}

/// The name of a field in the row of a payment.
fn field(n: usize, what: &str) -> String {
    format!("p{n}_{what}")
}

/// One payment on the page.
struct Block {
    n: usize,
    fields: Vec<Field>,
    when: WhenField,
    /// What is seldom known on the telephone.
    more: Vec<Field>,
    to_unknown: String,
    ticked: bool,
    own_unknown: String,
    own_ticked: bool,
    /// What the receiver was read as; empty where nothing was.
    read_as: String,
}

fn block(
    ctx: &Ctx,
    app: &App,
    partners: &[Partner],
    (n, typed): (usize, &PaymentAnswers),
    errors: &[FieldError],
) -> Block {
    let name = |what: &str| field(n, what);
    let banks = report::web::banks(ctx, partners);
    let unknown = Choice::new(UNKNOWN_BANK, ctx.t("desk-file-unknown"));
    let own: Vec<Choice> = std::iter::once(unknown).chain(banks.clone()).collect();
    let mut when = typed.when();
    if when.day.is_empty() {
        "today".clone_into(&mut when.day);
    }
    let amount = Field::amount(ctx, &name("amount"), "desk-file-amount", &report::web::symbol(app));
    let currency = report::web::currency(ctx, app, &name("currency"), &typed.currency, errors);
    let text = |what: &str, key: &str| Field::text(ctx, &name(what), key).errors(errors).autocomplete("off");
    Block {
        fields: vec![
            amount.value(typed.amount.as_str()).errors(errors),
            Field::select(ctx, &name("own_bank"), "desk-file-own-bank", own)
                .value(typed.own_bank.as_str())
                .errors(errors),
            text("own_account", "desk-file-own-account").value(typed.own_account.as_str()),
            text("to", "desk-file-to").value(typed.to.as_str()),
            Field::select(ctx, &name("to_bank"), "desk-file-to-bank", banks)
                .value(typed.to_bank.as_str())
                .errors(errors)
                .optional(),
        ],
        more: [
            Some(text("reference", "desk-file-reference").value(typed.reference.as_str()).optional()),
            currency,
        ]
        .into_iter()
        .flatten()
        .collect(),
        when: WhenField::new(ctx, &name("day"), "desk-file-day", &when, errors),
        to_unknown: name("to_unknown"),
        ticked: typed.to_unknown,
        own_unknown: name("own_unknown"),
        own_ticked: typed.own_unknown,
        read_as: intake::read_as(app, typed).map(|t| report::web::read_as(ctx, &t)).unwrap_or_default(),
        n: n.saturating_add(1),
    }
}

#[derive(Template)]
#[template(path = "desk_file.html")]
struct File {
    ctx: Ctx,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    came: Vec<Field>,
    who: Vec<Field>,
    story: Field,
    blocks: Vec<Block>,
    rows: usize,
    full: bool,
    key: String,
}

/// How it came in.
fn came(ctx: &Ctx, typed: &Typed, errors: &[FieldError]) -> Vec<Field> {
    let channels = CHANNELS.map(|c| Choice::new(c, ctx.t(&format!("desk-channel-{}", words::key_part(c)))));
    let langs = ctx.langs().iter().map(|l| Choice::new(l.tag(), ctx.t(&super::queue::lang_key(l.tag()))));
    let ongoing = ["yes", "no"].map(|v| Choice::new(v, ctx.t(&format!("desk-file-ongoing-{v}"))));
    let kinds = Harm::ALL.map(|h| Choice::new(h.as_str(), ctx.t(&format!("desk-harm-{}", h.as_str()))));
    let a = &typed.answers;
    let radios = |name: &str, key: &str, choices: Vec<Choice>, value: &str| {
        Field::radios(ctx, name, key, choices).value(value).errors(errors)
    };
    vec![
        radios("channel", "desk-file-channel", channels.into(), &typed.channel),
        radios("lang", "desk-file-lang", langs.collect(), &typed.lang),
        radios("ongoing", "desk-file-ongoing", ongoing.into(), &a.ongoing),
        radios("kind", "desk-file-kind", kinds.into(), &a.kind),
    ]
}

/// Who reports.
fn who(ctx: &Ctx, a: &Answers, errors: &[FieldError]) -> Vec<Field> {
    let none = vec![Choice::new("1", ctx.t("desk-file-no-phone.yes"))];
    vec![
        Field::text(ctx, "name", "desk-file-name")
            .value(a.name.as_str())
            .errors(errors)
            .autocomplete("off")
            .optional(),
        Field::phone(ctx, "phone", "desk-file-phone")
            .value(a.phone.as_str())
            .errors(errors)
            .autocomplete("off"),
        Field::checks(ctx, "no_phone", "desk-file-no-phone", none).values(a.no_phone().then_some("1")),
        Field::code(ctx, "iin", "desk-file-iin")
            .value(a.iin.as_str())
            .errors(errors)
            .autocomplete("off")
            .optional(),
    ]
}

fn page(
    ctx: &Ctx,
    app: &App,
    partners: &[Partner],
    typed: &Typed,
    errors: &[FieldError],
    more: bool,
) -> Response {
    let mut payments = typed.answers.payments.clone();
    if payments.is_empty() || more && payments.len() < MAX_PAYMENTS {
        payments.push(PaymentAnswers::default());
    }
    let blocks = payments.iter().enumerate().map(|p| block(ctx, app, partners, p, errors));
    let view = File {
        blocks: blocks.collect(),
        rows: payments.len(),
        full: payments.len() >= MAX_PAYMENTS,
        came: came(ctx, typed, errors),
        who: who(ctx, &typed.answers, errors),
        story: Field::area(ctx, "story", "desk-file-story", 8)
            .value(typed.answers.story.as_str())
            .errors(errors)
            .optional(),
        key: if typed.key.is_empty() { ctx.idempotency_key() } else { typed.key.clone() },
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Page(view)).into_response()
}

/// Whether this actor takes reports at all.
pub(crate) fn may_file(actor: &Actor) -> bool {
    access::allowed(actor, Action::FileReport, &Resource::any("report"))
}

/// `GET /desk/reports/new`.
pub(crate) async fn form(Staff(actor): Staff, ctx: Ctx, State(app): State<App>) -> Result<Response, Problem> {
    access::require(&actor, Action::FileReport, &Resource::any("report"))?;
    let partners = partner::service::all(&app).await?;
    Ok(page(&ctx, &app, &partners, &Typed::default(), &[], false))
}

/// `POST /desk/reports/new`: files it, or adds an empty row for another payment, or only says what is wrong (the
/// key Enter, so that no report goes off by it).
pub(crate) async fn file(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    access::require(&actor, Action::FileReport, &Resource::any("report"))?;
    let typed = Typed::read(&form);
    let partners = partner::service::all(&app).await?;
    if typed.act == "add" {
        return Ok(page(&ctx, &app, &partners, &typed, &[], true));
    }
    let again = |errors: &[FieldError]| page(&ctx, &app, &partners, &typed, errors, false);
    let new = match judged(&ctx, &app, &partners, &actor, &typed) {
        Ok(new) if typed.act == "file" => new,
        Ok(_) => return Ok(again(&[])),
        Err(errors) => return Ok(again(&errors)),
    };
    let token = token(&app, &actor, &typed.key);
    let draft = report::draft::find_or_begin(&app, &token).await?;
    let filing = Filing { draft: Some(draft.id), with_code: true };
    match report::service::file(&app, &actor, new, filing).await {
        Ok(filed) => filed_answer(&app, jar, &typed.key, &token, filed).await,
        Err(error @ ReportError::Filing(_)) => {
            let key = Problem::key(kernel::Coded::code(&error));
            Ok(again(&[FieldError::new(&ctx, "channel", &key)]))
        }
        Err(error) => Err(error.into()),
    }
}

/// To the receipt; of a form that was sent long ago, whose code may no longer be shown, to the report.
async fn filed_answer(
    app: &App,
    jar: CookieJar,
    key: &str,
    token: &str,
    filed: Filed,
) -> Result<Response, Problem> {
    let shown = report::draft::find(app, token).await?.is_some_and(|d| d.code.is_some());
    if !shown {
        let toast = Toast::new("desk-file-already").with("number", filed.number.as_str());
        return Ok(SeeOther::to(page_of(&filed.number)).with_toast(toast).into_response());
    }
    Ok((jar.add(cookie(app, key.to_owned())), SeeOther::to(RECEIPT)).into_response())
}

/// The report, or everything that is wrong in the order of the page.
fn judged(
    ctx: &Ctx,
    app: &App,
    partners: &[Partner],
    actor: &Actor,
    typed: &Typed,
) -> Result<report::NewReport, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut missing = |name: &str, is: bool| {
        if is {
            errors.push(FieldError::new(ctx, name, &format!("desk-file-{name}.missing")));
        }
    };
    let lang = Lang::new(&typed.lang).filter(|l| ctx.langs().contains(l));
    missing("channel", !CHANNELS.contains(&typed.channel.as_str()));
    missing("lang", lang.is_none());
    missing("ongoing", !matches!(typed.answers.ongoing.as_str(), "yes" | "no"));
    let scope = format!("desk:{}", actor.label());
    let way = Way {
        channel: format!("desk:{}", typed.channel),
        lang: lang.unwrap_or_else(|| ctx.lang().clone()),
        id: report::rules::derived_id("report", &scope, &typed.key),
    };
    let judged = intake::report_by(ctx, app, &typed.answers, partners, way);
    let mut wrong = judged.as_ref().err().cloned().unwrap_or_default();
    // The page asks who reports before it asks for the payments.
    wrong.sort_by_key(|(place, _)| match place {
        Place::What => (0, 0),
        Place::You => (1, 0),
        Place::Payment(n) => (2, *n),
    });
    for (place, found) in wrong {
        errors.extend(found.into_iter().map(|e| in_desk_words(ctx, place, e)));
    }
    judged.ok().filter(|_| errors.is_empty()).ok_or(errors)
}

/// An error of the portal under the desk's name of the field, and in words to an officer where there are such.
fn in_desk_words(ctx: &Ctx, place: Place, e: FieldError) -> FieldError {
    let own = e.code.replacen("report-", "desk-file-", 1);
    let name = match place {
        Place::Payment(n) => field(n, &e.field),
        Place::What | Place::You => e.field.clone(),
    };
    if ctx.has_text(&own) { FieldError::new(ctx, &name, &own) } else { FieldError { field: name, ..e } }
}
