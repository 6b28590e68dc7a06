//! What is found, in words.

use app::App;
use web::{Ctx, Status, Tone};

use crate::model::About;

fn key_part(word: &str) -> String {
    word.replace(['_', '.'], "-")
}

/// The words of a key; of what somebody has written into the address, that.
fn said(ctx: &Ctx, key: &str, otherwise: &str) -> String {
    if ctx.has_text(key) { ctx.t(key) } else { otherwise.to_owned() }
}

/// A kind.
pub(super) fn kind(ctx: &Ctx, kind: &str) -> String {
    said(ctx, &format!("search-kind-{}", key_part(kind)), kind)
}

/// The key of a state: those of slices that name theirs anyhow, else our own.
fn state_key(kind: &str, state: &str) -> String {
    let state = key_part(state);
    match kind {
        "order" => format!("order-status-{state}"),
        "thing" => format!("registry-status-{state}"),
        "person" => format!("person-role-{state}"),
        kind => format!("search-state-{}-{state}", key_part(kind)),
    }
}

/// A state with its kind, `report.open`.
pub(super) fn state(ctx: &Ctx, state: &str) -> String {
    let (kind, state) = state.split_once('.').unwrap_or((state, ""));
    let words = said(ctx, &state_key(kind, state), state);
    ctx.ta("search-state-of", [("kind", self::kind(ctx, kind)), ("state", words)])
}

/// A state as a tag.
pub(super) fn tag(ctx: &Ctx, kind: &str, state: &str) -> Status {
    Status::new(ctx, &state_key(kind, state), Tone::Grey)
}

/// A region.
pub(super) fn region(ctx: &Ctx, app: &App, code: &str) -> String {
    app.profile.region(code).map_or_else(|| code.to_owned(), |r| r.name.get(ctx.lang()).to_owned())
}

/// Something that is said of what was found.
pub(super) fn about(ctx: &Ctx, about: &About) -> String {
    match about {
        About::Key(key) => ctx.t(key),
        About::Name(names) => names.get(ctx.lang()).to_owned(),
        About::Open(text) => text.clone(),
        About::Thing(kind, masked) if masked.is_empty() => {
            let key = format!("order-kind-{}", key_part(kind));
            if ctx.has_text(&key) { ctx.t(&key) } else { kind.clone() }
        }
        About::Thing(kind, masked) => order::words::thing(ctx, kind, masked),
        About::Sum(sum) => ctx.money(*sum),
    }
}
