//! Routes that every installation has: static files, the language switch, theme and density, the text of a
//! problem's code, the page of components.

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::SET_COOKIE;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;

use crate::ctx::{Ctx, Density, Theme};
use crate::kit;
use crate::page::{Page, SeeOther};
use crate::problem::Problem;
use crate::site::Site;

const YEAR_SECS: u32 = 31_536_000;

pub(crate) fn routes(site: &Site) -> Router {
    let routes = Router::new()
        .route("/assets/{name}", get(asset))
        .route("/language/{lang}", get(language))
        .route("/preferences", post(preferences))
        .route("/problems/{code}", get(problem));
    let routes = if site.config().demo { routes.merge(kit::routes()) } else { routes };
    routes.with_state(site.clone())
}

async fn asset(State(site): State<Site>, Path(name): Path<String>) -> Response {
    site.0.assets.serve(&name).unwrap_or_else(|| Problem::not_found().into_response())
}

#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    back: String,
}

/// A link, not a form: changing the language changes nothing but a cookie, and a link needs no script.
async fn language(
    State(site): State<Site>,
    Path(tag): Path<String>,
    Query(Back { back }): Query<Back>,
) -> Result<Response, Problem> {
    let lang = site.langs().iter().find(|l| l.tag() == tag).ok_or_else(Problem::not_found)?;
    let mut response = SeeOther::to(back).into_response();
    set(&mut response, "lang", lang.tag());
    Ok(response)
}

#[derive(Deserialize)]
struct Preferences {
    #[serde(default)]
    back: String,
    theme: Option<String>,
    density: Option<String>,
    keys: Option<String>,
}

async fn preferences(Form(wish): Form<Preferences>) -> Response {
    let mut response = SeeOther::to(&wish.back).into_response();
    if let Some(theme) = wish.theme {
        set(&mut response, "theme", Theme::read(&theme).name());
    }
    if let Some(density) = wish.density {
        set(&mut response, "density", Density::read(&density).name());
    }
    if let Some(keys) = wish.keys {
        set(&mut response, "keys", if keys == "off" { "off" } else { "on" });
    }
    response
}

/// A preference as a cookie. `value` is one of a fixed set, never input.
fn set(response: &mut Response, name: &str, value: &str) {
    let text = format!("{name}={value}; Path=/; Max-Age={YEAR_SECS}; SameSite=Lax; HttpOnly");
    if let Ok(cookie) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// What the `type` of a problem leads to: its text in the reader's language.
async fn problem(ctx: Ctx, Path(code): Path<String>) -> Result<Response, Problem> {
    let key = Problem::key(&code);
    let plain = code.len() <= 80
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._".contains(&b));
    if !plain || !ctx.has_text(&key) {
        return Err(Problem::not_found());
    }
    let page = kit::Explain { title: code, detail: ctx.t(&key), ctx };
    Ok((StatusCode::OK, Page(page)).into_response())
}
