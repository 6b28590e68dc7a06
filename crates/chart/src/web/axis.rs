//! The axis of a chart by time, in the reader's words and the office's zone.

use web::Ctx;

use super::words::Spoken;
use crate::picture::axis::{Mark, Unit, marks};
use crate::picture::svg::Tick;
use crate::picture::time::Scale;

/// Marks of a picture that is seen whole.
pub(super) const COARSE: usize = 9;
/// Marks where somebody looks closer.
pub(super) const FINE: usize = 72;

/// The axis, with at most so many marks; empty where nothing is laid out by time.
pub(super) fn axis(spoken: &Spoken<'_>, scale: Option<Scale>, most: usize) -> Vec<Tick> {
    let Some(scale) = scale else { return Vec::new() };
    let found = marks((scale.first, scale.last), spoken.ctx.zone(), most);
    let mut before: Option<Mark> = None;
    let mut ticks = Vec::with_capacity(found.len());
    for mark in found {
        ticks.push(Tick { x: scale.x_of(mark.at), words: words(spoken.ctx, mark, before) });
        before = Some(mark);
    }
    ticks
}

/// A mark in words: of hours the day where it is another, of days the year.
fn words(ctx: &Ctx, mark: Mark, before: Option<Mark>) -> String {
    let formats = ctx.formats();
    let (day, last) = (formats.day(mark.at), before.and_then(|m| formats.day(m.at)));
    let Some(day) = day else { return ctx.date(mark.at) };
    let short = || {
        if last.is_some_and(|last| last.year() == day.year()) {
            format!("{}\u{a0}{}", day.day(), formats.month(day.month()))
        } else {
            ctx.date(mark.at)
        }
    };
    match mark.unit {
        Unit::Year => day.year().to_string(),
        Unit::Day => short(),
        Unit::Hour if last == Some(day) => ctx.hour(mark.at),
        Unit::Hour => format!("{}, {}", short(), ctx.hour(mark.at)),
    }
}
