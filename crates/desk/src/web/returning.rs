//! Giving held money back: who has a claim on an account, what each gets in proportion, and the orders that do it.

use access::{Action, Resource, Staff};
use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use order::ObjectId;
use order::service::{Claim, Drafted, OrderView};
use trail::web::Names;
use web::{Ctx, Page, Problem, SeeOther, Status, Toast, Tone, encode};

use super::act::page_of;
use super::order::id;

/// A claim.
struct Row {
    report: String,
    href: String,
    claim: String,
    share: String,
    to: Option<(String, String)>,
    order: Option<(String, Status)>,
}

#[derive(Template)]
#[template(path = "desk_return.html")]
struct Show {
    ctx: Ctx,
    executor: String,
    account: String,
    held: String,
    rows: Vec<Row>,
    several: bool,
    can: bool,
    action: String,
    back: String,
}

fn object_of(view: &OrderView, text: &str) -> Result<ObjectId, Problem> {
    view.objects.iter().find(|o| o.id.to_string() == text).map(|o| o.id).ok_or_else(Problem::not_found)
}

/// `GET /desk/orders/{id}/objects/{object}/return`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((text, object)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let view = order::service::open(&app, &actor, id(&text)?).await?;
    let hold = object_of(&view, &object)?;
    let claims = order::service::claims(&app, &actor, hold).await?;
    let names = Names::load(&app).await;
    let open = |c: &Claim| !c.live && c.to.is_some() && c.share.is_positive();
    let drafts = access::allowed(&actor, Action::DraftOrder, &Resource::any("order"));
    let here = format!("/desk/orders/{}", view.order.id);
    let page = Show {
        executor: names.name(&ctx, &claims.executor),
        account: claims.masked.clone(),
        held: ctx.money(claims.held),
        several: claims.all.len() > 1,
        can: drafts && claims.all.iter().any(open),
        rows: claims.all.iter().map(|c| row(&ctx, &names, c)).collect(),
        action: format!("{here}/objects/{hold}/return"),
        back: here,
        ctx,
    };
    Ok(Page(page).into_response())
}

fn row(ctx: &Ctx, names: &Names, c: &Claim) -> Row {
    Row {
        report: c.number.clone(),
        href: page_of(&c.number),
        claim: ctx.money(c.claim),
        share: ctx.money(c.share),
        to: c.to.as_ref().map(|(institution, masked)| (names.name(ctx, institution), masked.clone())),
        order: c.order.map(|(order, status)| {
            let tone = if status.is_open() { Tone::Blue } else { Tone::Amber };
            let words = Status::new(ctx, &format!("order-status-{}", status.as_str()), tone);
            (format!("/desk/orders/{order}"), words)
        }),
    }
}

/// `POST /desk/orders/{id}/objects/{object}/return`: an order for each claim that gets something.
pub(crate) async fn act(
    Staff(actor): Staff,
    State(app): State<App>,
    Path((text, object)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let view = order::service::open(&app, &actor, id(&text)?).await?;
    let hold = object_of(&view, &object)?;
    let (drafted, left) = order::service::draft_returns(&app, &actor, hold).await?;
    let new = drafted.iter().filter(|d| !matches!(d, Drafted::Already(_))).count();
    let toast = Toast::new("desk-return-drafted").with("n", new.to_string()).with("left", left.to_string());
    let to = format!("/desk/orders?n={}&measure=return", encode(&view.order.report_number));
    let to = if new == 0 { format!("/desk/orders/{}", view.order.id) } else { to };
    Ok(SeeOther::to(to).with_toast(toast).into_response())
}
