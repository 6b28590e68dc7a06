//! The list of accounts. Filter and order stand in the address.

use app::App;
use askama::Template;
use axum::extract::{Query, State};
use kernel::{Actor, Purpose, Role};
use serde::Deserialize;
use web::{Chip, Ctx, Empty, FilterBar, Markup, Page, Problem, Sort, Status};

use crate::account::{self, Account};
use crate::model::{Action, Kind, Resource};
use crate::pages::Staff;
use crate::rules::allowed;

const COLUMNS: [&str; 5] = ["name", "login", "role", "last", "state"];

#[derive(Template)]
#[template(path = "access_accounts.html")]
pub(crate) struct ListPage {
    ctx: Ctx,
    sort: Sort,
    filter: FilterBar,
    rows: Vec<Row>,
    empty: Option<Empty>,
    may_add: bool,
    title: &'static str,
    lead: &'static str,
    base: &'static str,
}

struct Row {
    href: String,
    name: String,
    login: String,
    roles: String,
    last: Markup,
    state: Status,
    own: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    q: String,
    sort: Option<String>,
}

/// `GET /admin/accounts`.
pub(crate) async fn show(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Query(query): Query<ListQuery>,
) -> Result<Page<ListPage>, Problem> {
    let mut all = account::accounts(&app, &actor).await?;
    let sort = Sort::read(query.sort.as_deref(), &COLUMNS, "name");
    let words: Vec<String> = query.q.split_whitespace().take(20).map(str::to_lowercase).collect();
    all.retain(|a| words.iter().all(|word| takes(&ctx, a, word)));
    order(&mut all, &sort);
    let (me, base) = (actor.user(), super::base(&actor));
    let row = |a: &Account| Row {
        href: format!("{base}/{}", a.id),
        name: a.name.open(Purpose::Operate).clone(),
        login: a.login.clone(),
        roles: super::duties_words(&ctx, a.seat.as_ref(), &a.roles),
        last: super::last_sign_in(&ctx, a),
        state: super::state(&ctx, a),
        own: me == Some(a.id.uuid()),
    };
    let chip = |key, filter: &str| Chip { key, filter: filter.to_owned() };
    let mut chips = vec![
        chip("access-chip-open", "is:open"),
        chip("access-chip-closed", "is:closed"),
        chip("access-chip-never", "is:never"),
    ];
    if actor.clerk().is_none() {
        chips.push(chip("access-chip-officers", "role:duty_officer"));
        chips.push(chip("access-chip-approvers", "role:approver"));
        chips.push(chip("access-chip-administrators", "role:administrator"));
    }
    Ok(Page(ListPage {
        filter: FilterBar::new(&ctx, &query.q, &chips, i64::try_from(all.len()).unwrap_or(i64::MAX)),
        rows: all.iter().map(row).collect(),
        empty: all.is_empty().then(|| {
            let clear = ctx.path_with(&[("q", "")]);
            Empty::new(&ctx, "empty-filter").action(&clear, &ctx.t("filter-clear"))
        }),
        may_add: allowed(&actor, Action::ManageUsers, &anybody(&app, &actor)),
        title: super::title(&actor),
        lead: if actor.clerk().is_some() { "access-people-lead" } else { "access-accounts-lead" },
        base,
        sort,
        ctx,
    }))
}

/// Somebody who could be added, as a thing of the rules.
fn anybody(app: &App, actor: &Actor) -> Resource {
    match actor {
        Actor::Partner { partner, .. } => account::list_of(app, *partner),
        _ => Resource::any(Kind::Account),
    }
}

/// Whether one word of the filter fits. One that looks like a test and is none fits nothing, not everything.
fn takes(ctx: &Ctx, a: &Account, word: &str) -> bool {
    match word.split_once(':') {
        Some(("is", "open")) => a.active,
        Some(("is", "closed")) => !a.active,
        Some(("is", "never")) => a.last_sign_in.is_none(),
        Some(("role", role)) => Role::parse(role).is_some_and(|role| a.roles.contains(&role)),
        Some(_) => false,
        None => {
            a.login.contains(word)
                || a.name.open(Purpose::Operate).to_lowercase().contains(word)
                || super::duties_words(ctx, a.seat.as_ref(), &a.roles).to_lowercase().contains(word)
        }
    }
}

fn order(all: &mut [Account], sort: &Sort) {
    let name = |a: &Account| a.name.open(Purpose::Operate).to_lowercase();
    match sort.column.as_str() {
        "login" => all.sort_by(|a, b| a.login.cmp(&b.login)),
        "role" => all.sort_by(|a, b| a.roles.cmp(&b.roles).then_with(|| a.login.cmp(&b.login))),
        "last" => all.sort_by(|a, b| a.last_sign_in.cmp(&b.last_sign_in).then_with(|| a.login.cmp(&b.login))),
        "state" => all.sort_by(|a, b| b.active.cmp(&a.active).then_with(|| a.login.cmp(&b.login))),
        _ => all.sort_by_cached_key(name),
    }
    if sort.descending {
        all.reverse();
    }
}
