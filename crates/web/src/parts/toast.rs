//! The notice after an act, with its undo. It travels in a short-lived cookie that no script can read, so it
//! must name no person and no account; it is shown once.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderValue;
use serde::{Deserialize, Serialize};

use crate::ctx::Ctx;
use crate::markup::Markup;
use crate::negotiate::local_path;

/// A notice: which text, with which values, and where undoing it is posted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toast {
    /// Key of the text.
    key: String,
    /// Values of the text.
    #[serde(default)]
    args: Vec<(String, String)>,
    /// A path of this site that takes a POST; empty for none.
    #[serde(default)]
    undo: String,
}

impl Toast {
    /// The text of `key`.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), args: Vec::new(), undo: String::new() }
    }
    /// With a value: a public number, a time, never a name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.args.push((name.to_owned(), value.into()));
        self
    }
    /// With an undo that is posted to `path`.
    #[must_use]
    pub fn undo(mut self, path: &str) -> Self {
        local_path(path).clone_into(&mut self.undo);
        self
    }

    pub(crate) fn from_cookie(text: &str) -> Option<Self> {
        let json = URL_SAFE_NO_PAD.decode(text).ok().filter(|b| b.len() <= 2_000)?;
        let toast: Self = serde_json::from_slice(&json).ok()?;
        let undo_is_local = toast.undo.is_empty() || local_path(&toast.undo) == toast.undo;
        (undo_is_local && toast.key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)))
            .then_some(toast)
    }
    pub(crate) fn to_cookie(&self) -> Option<HeaderValue> {
        let text = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).ok()?);
        HeaderValue::from_str(&format!("toast={text}; Path=/; Max-Age=60; SameSite=Strict; HttpOnly")).ok()
    }
    pub(crate) fn forget() -> HeaderValue {
        HeaderValue::from_static("toast=; Path=/; Max-Age=0; SameSite=Strict; HttpOnly")
    }

    /// As HTML; for htmx answers put it into `<div hx-swap-oob="beforeend:#toasts">…</div>`.
    #[must_use]
    pub fn html(&self, ctx: &Ctx) -> Markup {
        let args: Vec<(&str, &str)> = self.args.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let words =
            if ctx.has_text(&self.key) { ctx.tm(&self.key, &args) } else { return Markup::default() };
        let view = View {
            words,
            undo: self.undo.clone(),
            undo_words: ctx.t("toast-undo"),
            close_words: ctx.t("toast-close"),
            back: ctx.path().to_owned(),
        };
        crate::page::render(&view)
    }
}

#[derive(Template)]
#[template(path = "_toast.html")]
struct View {
    words: Markup,
    undo: String,
    undo_words: String,
    close_words: String,
    back: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn through_the_cookie_and_back() {
        let toast = Toast::new("toast-saved").with("number", "R-2026-018214").undo("/desk/undo/7");
        let cookie = toast.to_cookie().unwrap();
        let value = cookie.to_str().unwrap().split([';', '=']).nth(1).unwrap().to_owned();
        assert_eq!(Toast::from_cookie(&value), Some(toast));
    }

    #[test]
    fn an_undo_that_leaves_the_site_is_refused() {
        assert_eq!(Toast::new("x").undo("https://evil.kz/").undo, "/");
        let forged = URL_SAFE_NO_PAD.encode(br#"{"key":"x","undo":"//evil.kz"}"#);
        assert_eq!(Toast::from_cookie(&forged), None);
    }

    proptest! {
        #[test]
        fn any_cookie_is_survived(text in ".{0,80}") {
            let _ = Toast::from_cookie(&text);
        }
    }
}
