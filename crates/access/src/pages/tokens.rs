//! One's own tokens: by which programs act in one's name.

use app::App;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::Coded as _;
use serde::Deserialize;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Toast};

use super::SteppedUp;
use crate::account::{self, NewToken, Session, TokenError, TokenId, TokenLine};

const PATH: &str = "/me/tokens";

/// For how long a token may be asked for, days.
const TERMS: [i64; 3] = [7, 30, account::MOST_DAYS];

#[derive(Template)]
#[template(path = "access_tokens.html")]
struct TokensPage {
    ctx: Ctx,
    key: String,
    lines: Vec<Line>,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Template)]
#[template(path = "access_token.html")]
struct TokenPage {
    ctx: Ctx,
    token: String,
    name: String,
}

/// One token in the table. Times are wall time.
struct Line {
    id: String,
    name: String,
    does: String,
    made: Markup,
    used: Markup,
    ends: Markup,
}

/// The form. `seen` keeps it apart from a request that fills in nothing.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct TokenForm {
    idempotency_key: String,
    name: String,
    does: String,
    days: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EndForm {
    token: String,
}

fn does(ctx: &Ctx, writes: bool) -> String {
    ctx.t(if writes { "access-token-writes" } else { "access-token-reads" })
}

/// When something happened, or that it never has.
pub(super) fn when(ctx: &Ctx, at: Option<kernel::Timestamp>) -> Markup {
    at.map_or_else(|| Markup::text(&ctx.t("access-account-never")), |at| ctx.time_exact(at))
}

fn page(ctx: &Ctx, all: &[TokenLine], typed: &TokenForm, errors: Vec<FieldError>) -> Response {
    let line = |t: &TokenLine| Line {
        id: t.id.to_string(),
        name: account::token_name(t),
        does: does(ctx, t.writes == Some(true)),
        made: ctx.time_exact(t.made),
        used: when(ctx, t.used),
        ends: ctx.time_exact(t.ends),
    };
    let terms =
        TERMS.iter().map(|n| Choice::new(&n.to_string(), ctx.ta("access-token-days-of", [("n", *n)])));
    let kinds = ["read", "write"].map(|word| {
        Choice::new(word, does(ctx, word == "write")).hint(ctx.t(&format!("access-token-{word}.hint")))
    });
    let or = |typed: &str, usual: &str| if typed.is_empty() { usual.to_owned() } else { typed.to_owned() };
    let shown = TokensPage {
        key: if typed.idempotency_key.is_empty() {
            ctx.idempotency_key()
        } else {
            typed.idempotency_key.clone()
        },
        lines: all.iter().map(line).collect(),
        fields: vec![
            Field::text(ctx, "name", "access-token-name")
                .value(typed.name.clone())
                .autocomplete("off")
                .errors(&errors),
            Field::radios(ctx, "does", "access-token-does", kinds.to_vec()).value(or(&typed.does, "read")),
            Field::radios(ctx, "days", "access-token-days", terms.collect())
                .value(or(&typed.days, "30"))
                .errors(&errors),
        ],
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    let status = if shown.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Page(shown)).into_response()
}

/// `GET /me/tokens`.
pub(crate) async fn show(State(app): State<App>, session: Session, ctx: Ctx) -> Result<Response, Problem> {
    let all = account::tokens(&app, &session).await?;
    Ok(page(&ctx, &all, &TokenForm::default(), Vec::new()))
}

/// `POST /me/tokens`, with a fresh one-time code: the answer shows the token, once.
pub(crate) async fn make(
    State(app): State<App>,
    SteppedUp(_): SteppedUp,
    session: Session,
    ctx: Ctx,
    Form(form): Form<TokenForm>,
) -> Result<Response, Problem> {
    let new = NewToken {
        id: TokenId::from_uuid(uuid::Uuid::parse_str(&form.idempotency_key).unwrap_or_else(|_| app.uuid())),
        name: form.name.clone(),
        writes: form.does == "write",
        days: form.days.parse().unwrap_or(0),
    };
    let wrong = match account::make_token(&app, &session, new).await {
        Ok(token) => {
            let shown = TokenPage { token: token.expose().clone(), name: form.name.trim().to_owned(), ctx };
            return Ok(Page(shown).into_response());
        }
        // A second press: the first has shown it.
        Err(TokenError::Made) => {
            return Ok(SeeOther::to(PATH).with_toast(Toast::new("access-token-once")).into_response());
        }
        Err(e @ (TokenError::Name | TokenError::Most)) => {
            FieldError::new(&ctx, "name", &Problem::key(e.code()))
        }
        Err(e @ TokenError::Days) => FieldError::new(&ctx, "days", &Problem::key(e.code())),
        Err(e) => return Err(e.into()),
    };
    let all = account::tokens(&app, &session).await?;
    Ok(page(&ctx, &all, &form, vec![wrong]))
}

/// `POST /me/tokens/end`.
pub(crate) async fn end(
    State(app): State<App>,
    session: Session,
    Form(form): Form<EndForm>,
) -> Result<SeeOther, Problem> {
    let id = form.token.parse::<TokenId>().map_err(|_| Problem::not_found())?;
    account::end_token(&app, &session, id).await?;
    Ok(SeeOther::to(PATH).with_toast(Toast::new("access-token-ended")))
}
