//! The list of exhibits.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Query as InAddress, State};
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Purpose, Timestamp};
use serde::Deserialize;
use uuid::Uuid;
use web::{Ctx, Empty, Markup, Page, Problem, Status as Shown};

use super::{look, words};
use crate::model::Form;
use crate::service::{self, Counts};
use crate::store::exhibit::Narrow;

struct Row {
    href: String,
    number: String,
    title: String,
    marks: Vec<Shown>,
    form: String,
    size: String,
    custodian: String,
    matter: Option<(String, String)>,
    status: Shown,
    at: Markup,
}

#[derive(Template)]
#[template(path = "evidence_list.html")]
struct List {
    ctx: Ctx,
    chips: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    more: Option<String>,
    empty: Option<Empty>,
    may_take: bool,
}

/// What the list is narrowed to.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    show: String,
    at: String,
    id: String,
}

fn narrow(query: &Query, actor: &Actor) -> Narrow {
    let me = actor.label();
    let after = query.at.parse().ok().zip(query.id.parse::<Uuid>().ok());
    let after = after.map(|(at, id): (i64, Uuid)| (Timestamp::from_micros(at), id));
    let all = Narrow { after, ..Narrow::default() };
    match query.show.as_str() {
        "mine" => Narrow { custodian: me, ..all },
        "to-me" => Narrow { offered_to: me, ..all },
        "proposed" => Narrow { proposed: true, ..all },
        "damaged" => Narrow { damaged: true, ..all },
        "file" => Narrow { form: Some(Form::File), ..all },
        "item" => Narrow { form: Some(Form::Item), ..all },
        _ => all,
    }
}

fn chips(ctx: &Ctx, show: &str, counts: Counts) -> Vec<(String, String, bool)> {
    let counted = |key: &str, n: i64| {
        if n > 0 { format!("{}: {}", ctx.t(key), ctx.number(n)) } else { ctx.t(key) }
    };
    [
        ("", counted("evidence-chip-all", counts.all)),
        ("to-me", counted("evidence-chip-to-me", counts.to_me)),
        ("mine", ctx.t("evidence-chip-mine")),
        ("proposed", counted("evidence-chip-proposed", counts.proposed)),
        ("damaged", counted("evidence-chip-damaged", counts.damaged)),
        ("file", ctx.t("evidence-chip-file")),
        ("item", ctx.t("evidence-chip-item")),
    ]
    .into_iter()
    .map(|(word, words)| {
        let href =
            if word.is_empty() { "/desk/evidence".to_owned() } else { format!("/desk/evidence?show={word}") };
        (href, words, show == word)
    })
    .collect()
}

/// Where a matter is; nothing for one that has no page.
pub(super) fn matter_link(matter: Option<&crate::model::Matter>) -> Option<(String, String)> {
    let m = matter?;
    let href = match m.kind.as_str() {
        "report" => format!("/desk/reports/{}", web::encode(&m.number)),
        "case" => format!("/desk/cases/{}", web::encode(&m.number)),
        _ => String::new(),
    };
    Some((href, m.number.clone()))
}

/// `GET /desk/evidence`.
pub(super) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    InAddress(query): InAddress<Query>,
) -> Result<Response, Problem> {
    let page = service::list(&app, &actor, narrow(&query, &actor)).await.map_err(|e| Problem::of(&e))?;
    let rows: Vec<Row> = page
        .rows
        .into_iter()
        .map(|r| Row {
            href: super::page_of(&r.exhibit.number),
            number: r.exhibit.number.clone(),
            title: r
                .title
                .map_or_else(|| ctx.t("evidence-no-title"), |t| t.into_inner(Purpose::HandleReport)),
            marks: look::marks(&ctx, r.mark),
            form: words::form(&ctx, r.exhibit.form),
            size: words::size(&ctx, r.exhibit.size_bytes),
            custodian: r.custodian,
            matter: matter_link(r.exhibit.matter.as_ref()),
            status: words::state(&ctx, &r.exhibit),
            at: ctx.time(r.exhibit.changed_at),
        })
        .collect();
    let known = ["to-me", "mine", "proposed", "damaged", "file", "item"].contains(&query.show.as_str());
    let empty = rows.is_empty().then(|| {
        if known {
            Empty::new(&ctx, "evidence-empty-filter").action("/desk/evidence", &ctx.t("evidence-chip-all"))
        } else {
            Empty::new(&ctx, "evidence-empty").action("/desk/evidence/new", &ctx.t("evidence-take.button"))
        }
    });
    let more = page.more.map(|(at, id)| {
        format!("/desk/evidence?show={}&at={}&id={id}", web::encode(&query.show), at.as_micros())
    });
    let shown = if known { query.show.as_str() } else { "" };
    let list =
        List { chips: chips(&ctx, shown, page.counts), may_take: may_take(&actor), rows, more, empty, ctx };
    Ok(Page(list).into_response())
}

/// Whether the reader takes exhibits in.
pub(super) fn may_take(actor: &Actor) -> bool {
    access::allowed(actor, access::Action::TakeExhibit, &access::Resource::any(access::Kind::Exhibit))
}
