//! Pictures of a scheme, drawn by the server: reports a day, and regions as tiles. Each stands beside a table that says the same.

use std::fmt::Write as _;

use app::App;
use kernel::Timestamp;
use web::{Ctx, Markup, escape};

use super::words;
use crate::store::figures::Count;

/// Width and height of the picture of days, in its own units.
const WIDTH: i64 = 600;
const HEIGHT: i64 = 120;
/// Room below for the first and the last day.
const FOOT: i64 = 18;
/// A tile of the map.
const TILE: i64 = 48;

/// Reports a day as bars from zero, the highest with its figure.
pub(super) fn days(ctx: &Ctx, days: &[(i64, i64)], from: Timestamp) -> Markup {
    let most = days.iter().map(|(n, _)| *n).max().unwrap_or(0).max(1);
    let count = i64::try_from(days.len()).unwrap_or(1).max(1);
    let step = WIDTH.checked_div(count).unwrap_or(WIDTH);
    let room = HEIGHT - FOOT - 14;
    let mut out = format!(
        "<svg class=\"bars\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        escape(&ctx.t("scheme-days"))
    );
    let mut named = false;
    for (place, (n, _)) in (0_i64..).zip(days) {
        let high = n.saturating_mul(room).checked_div(most).unwrap_or(0).max(i64::from(*n > 0));
        let (x, y) = (place.saturating_mul(step), HEIGHT - FOOT - high);
        let day = ctx.date(day(from, place));
        let _ = write!(
            out,
            "<rect x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{high}\"><title>{}: {}</title></rect>",
            x + 2,
            step - 4,
            escape(&day),
            ctx.number(*n)
        );
        if *n == most && !named && *n > 0 {
            named = true;
            let _ = write!(
                out,
                "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                x + step / 2,
                y - 3,
                ctx.number(*n)
            );
        }
    }
    let base = HEIGHT - FOOT;
    let _ = write!(
        out,
        "<line x1=\"0\" x2=\"{WIDTH}\" y1=\"{base}\" y2=\"{base}\"/><text x=\"0\" y=\"{low}\">{}</text>\
         <text x=\"{WIDTH}\" y=\"{low}\" text-anchor=\"end\">{}</text></svg>",
        escape(&ctx.date(day(from, 0))),
        escape(&ctx.date(day(from, count - 1))),
        low = HEIGHT - 4,
    );
    Markup::trusted(out)
}

/// The day so many days on, in the middle of it.
pub(super) fn day(from: Timestamp, place: i64) -> Timestamp {
    from.plus_secs(place.saturating_mul(86_400).saturating_add(86_400))
}

/// The country's regions as tiles, darker the more reports come from there, each with its figure.
pub(super) fn regions(ctx: &Ctx, app: &App, counts: &[Count]) -> Markup {
    let tiles = app.profile.regions();
    let of = |code: &str| counts.iter().find(|c| c.what == code).map_or(0, |c| c.reports);
    let most = tiles.iter().map(|r| of(&r.code)).max().unwrap_or(0).max(1);
    let wide = tiles.iter().map(|r| i64::from(r.column)).max().unwrap_or(0) + 1;
    let high = tiles.iter().map(|r| i64::from(r.row)).max().unwrap_or(0) + 1;
    let mut out = format!(
        "<svg class=\"regions\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
        wide * TILE,
        high * TILE,
        escape(&ctx.t("scheme-regions"))
    );
    for r in tiles {
        let n = of(&r.code);
        // Five shades: none, and quarters of the most.
        let shade = n.saturating_mul(4).saturating_add(most - 1).checked_div(most).unwrap_or(0).min(4);
        let (x, y) = (i64::from(r.column) * TILE, i64::from(r.row) * TILE);
        let (side, middle) = (TILE - 4, x + TILE / 2);
        let _ = write!(
            out,
            "<g class=\"region-{shade}\"><title>{}: {n}</title><rect x=\"{}\" y=\"{}\" width=\"{side}\" height=\"{side}\" rx=\"3\"/>\
             <text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text><text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text></g>",
            escape(&words::region(ctx, app, &r.code)),
            x + 2,
            y + 2,
            y + 20,
            escape(r.label.get(ctx.lang())),
            y + 36,
            ctx.number(n),
        );
    }
    out.push_str("</svg>");
    Markup::trusted(out)
}
