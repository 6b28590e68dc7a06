//! When something happened, as people remember it: today, yesterday or another day; a time as text, exact,
//! about, or none at all.

use askama::Template;
use jiff::civil::{Date, Time};
use kernel::{Timestamp, When};

use crate::ctx::Ctx;
use crate::markup::Markup;
use crate::parts::errors::FieldError;

const DAY_SECS: i64 = 86_400;
/// "About 14:05" is half an hour to either side.
const ABOUT_SECS: i64 = 1_800;

/// What the form sent, good or bad, so that it can be shown again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WhenAnswer {
    /// `today`, `yesterday`, `other` or empty.
    pub day: String,
    /// Day of the month as typed.
    pub date: String,
    /// Month, 1 to 12, as chosen.
    pub month: String,
    /// Year as typed.
    pub year: String,
    /// Time as typed.
    pub time: String,
    /// Whether the time is only about right.
    pub about: bool,
}

impl WhenAnswer {
    /// From a form: `get` finds a field by name. The fields are `NAME` (the day), `NAME_d`, `NAME_m`, `NAME_y`,
    /// `NAME_time`, `NAME_about`.
    #[must_use]
    pub fn read<'a>(name: &str, get: impl Fn(&str) -> Option<&'a str>) -> Self {
        let field = |suffix: &str| {
            get(&format!("{name}{suffix}")).unwrap_or_default().trim().chars().take(40).collect()
        };
        Self {
            day: field(""),
            date: field("_d"),
            month: field("_m"),
            year: field("_y"),
            time: field("_time"),
            about: get(&format!("{name}_about")).is_some(),
        }
    }

    /// The span of time it names, cut off at now.
    ///
    /// # Errors
    /// What is missing or cannot be: the text tells what to do.
    pub fn to_when(&self, ctx: &Ctx, name: &str) -> Result<When, FieldError> {
        let wrong = |field: &str, key: &str| FieldError::new(ctx, &format!("{name}{field}"), key);
        let date = self.civil_date(ctx).map_err(|(field, key)| wrong(field, key))?;
        let at = |time: Time| {
            let moment = ctx.zone().to_timestamp(date.to_datetime(time)).ok()?;
            Some(Timestamp::from_micros(moment.as_microsecond()))
        };
        let told = [self.day_words(ctx), self.time.clone()].join(" ").trim().to_owned();
        let (earliest, latest) = if self.time.is_empty() {
            let start = at(Time::midnight()).ok_or_else(|| wrong("", "when-no-date"))?;
            (start, start.plus_secs(DAY_SECS))
        } else {
            let time = read_time(&self.time).ok_or_else(|| wrong("_time", "when-no-time"))?;
            let moment = at(time).ok_or_else(|| wrong("_time", "when-no-time"))?;
            let slack = if self.about { ABOUT_SECS } else { 0 };
            (moment.plus_secs(-slack), moment.plus_secs(slack))
        };
        if earliest > ctx.now() {
            return Err(wrong(if self.time.is_empty() { "" } else { "_time" }, "when-future"));
        }
        Ok(When { earliest, latest: latest.min(ctx.now()).max(earliest), told })
    }

    fn civil_date(&self, ctx: &Ctx) -> Result<Date, (&'static str, &'static str)> {
        let today = ctx.formats().day(ctx.now()).ok_or(("", "when-no-date"))?;
        match self.day.as_str() {
            "today" => Ok(today),
            "yesterday" => today.yesterday().map_err(|_| ("", "when-no-date")),
            "other" => {
                let year: i16 = self.year.parse().map_err(|_| ("_y", "when-no-date"))?;
                let month: i8 = self.month.parse().map_err(|_| ("_m", "when-no-date"))?;
                let day: i8 = self.date.parse().map_err(|_| ("_d", "when-no-date"))?;
                let short = if (0..100).contains(&year) { year + 2_000 } else { year };
                Date::new(short, month, day).map_err(|_| ("_d", "when-no-date"))
            }
            _ => Err(("", "when-missing")),
        }
    }

    fn day_words(&self, ctx: &Ctx) -> String {
        match self.day.as_str() {
            "today" => ctx.t("when-today"),
            "yesterday" => ctx.t("when-yesterday"),
            _ => [self.date.as_str(), &self.month, &self.year].join("."),
        }
    }
}

/// `14:05`, `14.05`, `14 05`, `1405`, `9:05`, with seconds or without.
fn read_time(text: &str) -> Option<Time> {
    let parts: Vec<&str> = text.split([':', '.', ' ', '-', '\u{a0}']).filter(|p| !p.is_empty()).collect();
    let (hour, minute, second) = match parts.as_slice() {
        [both] if both.len() == 4 => {
            let (hour, minute) = both.split_at_checked(2)?;
            (hour, minute, "0")
        }
        [hour, minute] if minute.len() == 2 => (*hour, *minute, "0"),
        [hour, minute, second] if minute.len() == 2 => (*hour, *minute, *second),
        _ => return None,
    };
    Time::new(hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?, 0).ok()
}

/// The question "when".
#[derive(Debug, Clone, Template)]
#[template(path = "_when.html")]
pub struct WhenField {
    ctx: Ctx,
    name: String,
    label: String,
    hint: String,
    answer: WhenAnswer,
    error: String,
    /// Suffix of the input that is wrong.
    wrong: String,
    error_icon: Markup,
    months: Vec<(String, &'static str)>,
}
super::printable!(WhenField);

impl WhenField {
    /// `key` has `.label` and perhaps `.hint`; `errors` may name `NAME` or one of its parts.
    #[must_use]
    pub fn new(ctx: &Ctx, name: &str, key: &str, answer: &WhenAnswer, errors: &[FieldError]) -> Self {
        let hint_key = format!("{key}.hint");
        let own = errors.iter().find_map(|e| Some((e.field.strip_prefix(name)?.to_owned(), e.text.clone())));
        let (wrong, error) = own.unwrap_or_default();
        Self {
            name: name.to_owned(),
            label: ctx.t(&format!("{key}.label")),
            hint: if ctx.has_text(&hint_key) { ctx.t(&hint_key) } else { String::new() },
            answer: answer.clone(),
            error,
            wrong,
            error_icon: ctx.icon("warning"),
            months: (1..=12_i8).map(|m| (m.to_string(), ctx.formats().month(m))).collect(),
            ctx: ctx.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Lang;
    use proptest::prelude::*;

    fn ctx() -> Ctx {
        Ctx::fixed(Lang::EN, Timestamp::parse_rfc3339("2026-11-23T09:30:00Z").unwrap())
    }
    fn answer(day: &str, date: [&str; 3], time: &str, about: bool) -> WhenAnswer {
        let [date, month, year] = date.map(str::to_owned);
        WhenAnswer { day: day.into(), date, month, year, time: time.into(), about }
    }
    fn span(a: &WhenAnswer) -> Result<(String, String), (String, String)> {
        let short = |t: Timestamp| t.rfc3339()[..16].to_owned();
        a.to_when(&ctx(), "paid").map(|w| (short(w.earliest), short(w.latest))).map_err(|e| (e.field, e.code))
    }

    #[test]
    fn as_people_remember() {
        let no = ["", "", ""];
        for (a, from, to) in [
            (answer("today", no, "14:05", false), "2026-11-23T09:05", "2026-11-23T09:05"),
            (answer("today", no, "1405", true), "2026-11-23T08:35", "2026-11-23T09:30"),
            (answer("today", no, "", false), "2026-11-22T19:00", "2026-11-23T09:30"),
            (answer("yesterday", no, "9.05", false), "2026-11-22T04:05", "2026-11-22T04:05"),
            (answer("other", ["1", "11", "26"], "", false), "2026-10-31T19:00", "2026-11-01T19:00"),
            (answer("other", ["29", "2", "2024"], "23:59:59", false), "2024-02-29T17:59", "2024-02-29T17:59"),
        ] {
            assert_eq!(span(&a), Ok((from.to_owned(), to.to_owned())), "{a:?}");
        }
    }

    #[test]
    fn what_is_refused_and_where() {
        let no = ["", "", ""];
        for (a, field, key) in [
            (answer("", no, "", false), "paid", "when-missing"),
            (answer("other", ["31", "2", "2026"], "", false), "paid_d", "when-no-date"),
            (answer("other", ["1", "", "2026"], "", false), "paid_m", "when-no-date"),
            (answer("today", no, "25:00", false), "paid_time", "when-no-time"),
            (answer("today", no, "evening", false), "paid_time", "when-no-time"),
            (answer("today", no, "14:40", false), "paid_time", "when-future"),
            (answer("other", ["24", "11", "2026"], "", false), "paid", "when-future"),
        ] {
            assert_eq!(span(&a), Err((field.to_owned(), key.to_owned())), "{a:?}");
        }
    }

    proptest! {
        #[test]
        fn any_form_is_survived(day in "today|yesterday|other|", d in ".{0,5}", m in ".{0,3}", y in ".{0,6}", t in ".{0,8}", about: bool) {
            let a = answer(&day, [&d, &m, &y], &t, about);
            if let Ok(when) = a.to_when(&ctx(), "paid") {
                prop_assert!(when.earliest <= when.latest && when.latest <= ctx().now());
            }
        }
    }
}
