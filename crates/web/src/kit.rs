//! The page of components: every one in every state, in the reader's language and colours. Development and
//! demonstration only. Tests photograph it and run the accessibility checker over it.

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use kernel::{Asset, Class, Money};
use serde::Deserialize;

use crate::clock::ClockState;
use crate::ctx::Ctx;
use crate::markup::Markup;
use crate::page::{Page, SeeOther};
use crate::parts::errors::{ErrorSummary, FieldError};
use crate::parts::field::{Choice, Field};
use crate::parts::list::{BulkAct, BulkBar, Chip, FilterBar, Sort};
use crate::parts::notice::{Callout, Empty, Status, Tone};
use crate::parts::timeline::{Entry, Timeline};
use crate::parts::toast::Toast;
use crate::parts::when::{WhenAnswer, WhenField};
use crate::problem::Problem;
use crate::site::Site;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/kit", get(portal))
        .route("/kit/desk", get(desk).post(act))
        .route("/kit/rows", get(rows))
        .route("/kit/peek", get(peek))
        .route("/kit/undo", post(async || SeeOther::to("/kit/desk").with_toast(Toast::new("toast-undone"))))
        .route("/kit/draft", post(async || StatusCode::NO_CONTENT))
        .route("/kit/problem/{status}", get(problem))
}

/// The text of a problem's code.
#[derive(Template)]
#[template(path = "explain.html")]
pub(crate) struct Explain {
    pub(crate) ctx: Ctx,
    pub(crate) title: String,
    pub(crate) detail: String,
}

#[derive(Template)]
#[template(path = "kit.html")]
struct Portal {
    ctx: Ctx,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
    when: WhenField,
    clocks: Vec<Markup>,
    tags: Vec<Status>,
    callouts: Vec<Callout>,
    empty: Vec<Empty>,
    timeline: Timeline,
    toast: Markup,
}

#[derive(Template)]
#[template(path = "kit_desk.html")]
struct Desk {
    ctx: Ctx,
    filter: FilterBar,
    sort: Sort,
    rows: Vec<Row>,
    bulk: BulkBar,
    timeline: Timeline,
    clocks: Vec<Markup>,
    tags: Vec<Status>,
}

#[derive(Template)]
#[template(path = "_kit_rows.html")]
struct Rows {
    ctx: Ctx,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "_kit_peek.html")]
struct Peek {
    timeline: Timeline,
}

struct Row {
    number: String,
    clock: Markup,
    loss: String,
    status: Status,
    owner: String,
}

async fn portal(ctx: Ctx) -> Page<Portal> {
    let errors = vec![
        FieldError::new(&ctx, "amount", "kit-amount.missing"),
        FieldError::with(&ctx, "phone", "kit-phone.length", [("n", 9)]),
        FieldError::new(&ctx, "paid_d", "when-no-date"),
    ];
    let answer = WhenAnswer {
        day: "other".to_owned(),
        date: "31".to_owned(),
        month: "2".to_owned(),
        ..WhenAnswer::default()
    };
    let said = Markup::text(&ctx.t("kit-second-fraud"));
    Page(Portal {
        summary: ErrorSummary::new(&ctx, &errors),
        fields: fields(&ctx, &errors),
        when: WhenField::new(&ctx, "paid", "kit-when", &answer, &errors),
        clocks: clocks(&ctx),
        tags: tags(&ctx),
        callouts: [Tone::Amber, Tone::Red, Tone::Green, Tone::Blue]
            .map(|tone| Callout::new(&ctx, tone, "", said.clone()))
            .to_vec(),
        empty: vec![
            Empty::new(&ctx, "empty-first"),
            Empty::new(&ctx, "empty-filter").action("/kit", &ctx.t("filter-clear")),
            Empty::new(&ctx, "empty-nothing-due"),
        ],
        timeline: Timeline::oldest_first(&ctx, entries(&ctx)),
        toast: Toast::new("kit-done").with("number", "R-2026-018214").undo("/kit/undo").html(&ctx),
        errors,
        ctx,
    })
}

async fn desk(ctx: Ctx, Query(query): Query<DeskQuery>) -> Page<Desk> {
    let chips = [
        Chip { key: "kit-chip-late", filter: "is:late".to_owned() },
        Chip { key: "kit-chip-mine", filter: "owner:me".to_owned() },
    ];
    Page(Desk {
        filter: FilterBar::new(&ctx, &query.q, &chips, 1_204),
        sort: Sort::read(query.sort.as_deref(), &["due", "loss"], "due"),
        rows: sample_rows(&ctx, 12),
        bulk: BulkBar::new(
            &ctx,
            &[BulkAct { value: "take", key: "kit-take" }, BulkAct { value: "snooze", key: "kit-snooze" }],
        )
        .letter("take", "a")
        .letter("snooze", "e"),
        timeline: Timeline::newest_first(&ctx, entries(&ctx)),
        clocks: clocks(&ctx),
        tags: tags(&ctx),
        ctx,
    })
}

#[derive(Deserialize)]
struct DeskQuery {
    #[serde(default)]
    q: String,
    sort: Option<String>,
}

async fn act() -> SeeOther {
    SeeOther::to("/kit/desk")
        .with_toast(Toast::new("kit-done").with("number", "R-2026-018214").undo("/kit/undo"))
}

/// One row more than the page has, as if a report had just come in.
async fn rows(ctx: Ctx) -> Page<Rows> {
    Page(Rows { rows: sample_rows(&ctx, 13), ctx })
}

async fn peek(ctx: Ctx) -> Page<Peek> {
    Page(Peek { timeline: Timeline::newest_first(&ctx, entries(&ctx)) })
}

async fn problem(axum::extract::Path(status): axum::extract::Path<u16>) -> Response {
    let class = crate::problem::class_of(StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_FOUND));
    let code = match class {
        Class::Bug => "web.fault",
        Class::Unavailable => "web.unavailable",
        _ => "kit.sample",
    };
    Problem::new(class, code).into_response()
}

fn fields(ctx: &Ctx, errors: &[FieldError]) -> Vec<Field> {
    let what = ["money", "loan", "nothing"].map(|v| {
        let choice = Choice::new(v, ctx.t(&format!("kit-what.{v}")));
        if v == "money" { choice.hint(ctx.t("kit-what.money-hint")) } else { choice }
    });
    let whom = ["bank", "police"].map(|v| Choice::new(v, ctx.t(&format!("kit-whom.{v}"))));
    let bank = vec![Choice::new("sample", ctx.t("kit-trail-bank"))];
    vec![
        Field::amount(ctx, "sum", "kit-amount", "₸").value("2 400 000"),
        Field::amount(ctx, "amount", "kit-amount", "₸").errors(errors),
        Field::phone(ctx, "phone", "kit-phone").value("770112345").errors(errors),
        Field::select(ctx, "bank", "kit-bank", bank),
        Field::radios(ctx, "what", "kit-what", what.to_vec()).value("money"),
        Field::checks(ctx, "whom", "kit-whom", whom.to_vec()).values(["police"]).optional(),
        Field::area(ctx, "words", "kit-words", 4).optional(),
        Field::file(ctx, "files", "kit-files", "image/*,.pdf", true).optional(),
        Field::password(ctx, "password", "kit-password"),
    ]
}

fn clocks(ctx: &Ctx) -> Vec<Markup> {
    let now = ctx.now();
    let since = now.plus_secs(-3_600);
    let running = ClockState::Running { since };
    [
        (now.plus_secs(108_000), running.clone()),
        (now.plus_secs(2_460), running.clone()),
        (now.plus_secs(390), running.clone()),
        (now.plus_secs(75), running.clone()),
        (now.plus_secs(-840), running),
        (now.plus_secs(60), ClockState::Done { since, at: now.plus_secs(-480) }),
        (now.plus_secs(-600), ClockState::Done { since, at: now }),
        (now.plus_secs(60), ClockState::Paused { cause: ctx.t("kit-waits") }),
    ]
    .map(|(due, state)| ctx.clock(due, now, &state))
    .to_vec()
}

fn tags(ctx: &Ctx) -> Vec<Status> {
    [
        ("kit-new", Tone::Grey),
        ("kit-sent", Tone::Blue),
        ("kit-held", Tone::Green),
        ("kit-due", Tone::Amber),
        ("kit-overdue", Tone::Red),
    ]
    .map(|(key, tone)| Status::new(ctx, key, tone))
    .to_vec()
}

fn entries(ctx: &Ctx) -> Vec<Entry> {
    let entry = |ago: i64, key: &str, machine: bool| Entry {
        at: ctx.now().plus_secs(-ago),
        actor: if machine { ctx.t("product-name") } else { ctx.t("kit-actor") },
        machine,
        what: Markup::text(&ctx.t(key)),
        basis: if machine { ctx.t("kit-basis") } else { String::new() },
        proof: "/kit".to_owned(),
    };
    vec![
        entry(97_200, "kit-entry-received", false),
        entry(97_080, "kit-entry-sent", true),
        entry(90_000, "kit-entry-answer", false),
        entry(240, "kit-entry-sent", true),
    ]
}

fn sample_rows(ctx: &Ctx, count: i64) -> Vec<Row> {
    let Some(tenge) = Asset::new("KZT", 2) else { return Vec::new() };
    let running = ClockState::Running { since: ctx.now().plus_secs(-3_600) };
    let tones = [("kit-new", Tone::Grey), ("kit-sent", Tone::Blue), ("kit-held", Tone::Green)];
    (0..count)
        .zip(tones.into_iter().cycle())
        .map(|(n, (key, tone))| Row {
            number: format!("R-2026-{:06}", 18_211 + n),
            clock: ctx.clock(ctx.now().plus_secs(n * 700 - 840), ctx.now(), &running),
            loss: ctx.formats().money_plain(Money::from_minor(240_000_000 / (n + 1), tenge)),
            status: Status::new(ctx, key, tone),
            owner: if n % 3 == 0 { ctx.t("kit-nobody") } else { ctx.t("kit-actor") },
        })
        .collect()
}
