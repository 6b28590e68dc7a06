//! One account: who it is, how it stands, where it is signed in.

use app::App;
use askama::Template;
use axum::extract::{Path, State};
use kernel::Purpose;
use web::{Ctx, Markup, Page, Problem, Status};

use super::{account_id, duties_words, last_sign_in, may_manage, state};
use crate::account::{self, SessionLine, TokenLine};
use crate::pages::Staff;
use crate::pages::tokens::when;

#[derive(Template)]
#[template(path = "access_account.html")]
pub(crate) struct ShowPage {
    ctx: Ctx,
    href: String,
    name: String,
    login: String,
    roles: String,
    unit: String,
    state: Status,
    open: bool,
    state_at: Option<Markup>,
    reason: String,
    made: Markup,
    last: Markup,
    sessions: Vec<Line>,
    tokens: Vec<TokenRow>,
    may: bool,
    base: &'static str,
    title: &'static str,
    seated: bool,
}

struct Line {
    id: String,
    begun: Markup,
    seen: Markup,
    ends: Markup,
}

/// A token: that it is there, not what it is.
struct TokenRow {
    id: String,
    made: Markup,
    used: Markup,
    ends: Markup,
}

/// `GET /admin/accounts/{id}`.
pub(crate) async fn show(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<Page<ShowPage>, Problem> {
    let (account, sessions) = account::account(&app, &actor, account_id(&id)?).await?;
    let line = |s: &SessionLine| Line {
        id: s.id.to_string(),
        begun: ctx.time_exact(s.begun),
        seen: ctx.time_exact(s.seen),
        ends: ctx.time_exact(s.ends),
    };
    let tokens = account::tokens_of(&app, &actor, account.id).await?;
    let token = |t: &TokenLine| TokenRow {
        id: t.id.to_string(),
        made: ctx.time_exact(t.made),
        used: when(&ctx, t.used),
        ends: ctx.time_exact(t.ends),
    };
    Ok(Page(ShowPage {
        href: format!("{}/{}", super::base(&actor), account.id),
        name: account.name.open(Purpose::Operate).clone(),
        login: account.login.clone(),
        roles: duties_words(&ctx, account.seat.as_ref(), &account.roles),
        unit: account.unit.clone(),
        state: state(&ctx, &account),
        open: account.active,
        state_at: account.state_at.map(|at| ctx.time_exact(at)),
        reason: account
            .state_reason
            .as_ref()
            .map_or_else(String::new, |words| words.open(Purpose::Operate).clone()),
        made: ctx.time_exact(account.created_at),
        last: last_sign_in(&ctx, &account),
        sessions: sessions.iter().map(line).collect(),
        tokens: tokens.iter().map(token).collect(),
        may: may_manage(&actor, &account),
        base: super::base(&actor),
        title: super::title(&actor),
        seated: account.seat.is_some(),
        ctx,
    }))
}
