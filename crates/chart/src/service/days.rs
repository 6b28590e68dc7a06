//! Days as the office counts them: by its own zone.

use app::App;
use jiff::civil::{Date, Time, date};
use kernel::Timestamp;

const FIRST: Date = date(1970, 1, 1);

/// The number of the day since 1970 on which something happened: the slider's unit.
pub(crate) fn day_of(app: &App, at: Timestamp) -> i64 {
    FIRST.until(app.profile.civil_date(at)).map_or(0, |span| i64::from(span.get_days()))
}

/// When a day begins.
pub(crate) fn begins(app: &App, day: i64) -> Option<Timestamp> {
    let date = FIRST.checked_add(jiff::Span::new().try_days(day).ok()?).ok()?;
    let local = date.to_datetime(Time::midnight());
    let at = app.profile.zone().to_ambiguous_timestamp(local).compatible().ok()?;
    Some(Timestamp::from_micros(at.as_microsecond()))
}
