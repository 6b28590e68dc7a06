//! From template to answer.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::header::{HeaderValue, LOCATION, SET_COOKIE};
use http::{StatusCode, header};

use crate::markup::Markup;
use crate::parts::toast::Toast;
use crate::problem::Problem;

/// An askama template as an answer: `Ok(Page(Show { ctx, order }))`. With another status:
/// `(StatusCode::UNPROCESSABLE_ENTITY, Page(form))`.
#[derive(Debug)]
pub struct Page<T>(pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => Html(crate::numbers::unbroken(html)).into_response(),
            Err(error) => {
                tracing::error!(%error, "template failed");
                Problem::bug("web.template").into_response()
            }
        }
    }
}

/// A template as a piece of another page. A template that fails (it cannot, but for memory) leaves nothing.
pub fn render<T: Template>(template: &T) -> Markup {
    Markup::trusted(template.render().unwrap_or_else(|error| {
        tracing::error!(%error, "template failed");
        String::new()
    }))
}

/// After an act: 303 to `path` of this site, with a notice that the next page shows once.
#[derive(Debug, Clone)]
pub struct SeeOther {
    path: String,
    toast: Option<Toast>,
}

impl SeeOther {
    /// To a path of this site; anything else leads to `/`.
    #[must_use]
    pub fn to(path: impl AsRef<str>) -> Self {
        Self { path: crate::negotiate::local_path(path.as_ref()).to_owned(), toast: None }
    }
    /// With a notice.
    #[must_use]
    pub fn with_toast(mut self, toast: Toast) -> Self {
        self.toast = Some(toast);
        self
    }
}

impl IntoResponse for SeeOther {
    fn into_response(self) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        let headers = response.headers_mut();
        if let Ok(path) = HeaderValue::from_str(&self.path) {
            headers.insert(LOCATION, path);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(cookie) = self.toast.and_then(|t| t.to_cookie()) {
            headers.append(SET_COOKIE, cookie);
        }
        response
    }
}
