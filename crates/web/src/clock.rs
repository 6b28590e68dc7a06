//! The clock: what is late, what falls due, what is done. Words always, a shape, then colour.

use askama::Template;
use kernel::Timestamp;

use crate::ctx::Ctx;
use crate::markup::Markup;

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// What is known of a deadline besides its moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockState {
    /// It runs since then: the last quarter of the time, or the last 15 minutes if that is less, is "soon".
    Running {
        /// When it began to run.
        since: Timestamp,
    },
    /// The act was done.
    Done {
        /// When it began to run.
        since: Timestamp,
        /// When the act was done.
        at: Timestamp,
    },
    /// It stands still, and why, as a ready text ("waits for the reporter").
    Paused {
        /// The cause.
        cause: String,
    },
}

/// How a clock looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Grey ring.
    Running,
    /// Amber triangle.
    Soon,
    /// Red octagon.
    Late,
    /// Green tick.
    Done,
    /// Grey bars.
    Paused,
}

impl Phase {
    /// The phase at `now` of a clock that falls due at `due`. A clock is late only after its moment.
    #[must_use]
    pub fn of(due: Timestamp, now: Timestamp, state: &ClockState) -> Self {
        match state {
            ClockState::Done { .. } => Self::Done,
            ClockState::Paused { .. } => Self::Paused,
            ClockState::Running { since } => {
                let left = due.micros_since(now);
                if left < 0 {
                    Self::Late
                } else if left <= soon_micros(due.micros_since(*since)) {
                    Self::Soon
                } else {
                    Self::Running
                }
            }
        }
    }
    /// The name used in style sheets, sprites and tests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Soon => "soon",
            Self::Late => "late",
            Self::Done => "done",
            Self::Paused => "paused",
        }
    }
}

/// How long before its moment a clock that runs for `whole` microseconds turns "soon".
fn soon_micros(whole: i64) -> i64 {
    (whole.max(0) / 4).min(15 * MINUTE * 1_000_000)
}

/// A clock ready to be printed; `{{ ctx.clock(due, ctx.now(), state) }}`.
#[derive(Debug, Clone, Template)]
#[template(path = "_clock.html")]
pub(crate) struct Clock {
    phase: Phase,
    words: String,
    exact: String,
    dense: String,
    machine: String,
    /// Office seconds before the moment at which it turns "soon"; 0 for clocks that stand.
    soon_secs: i64,
    sprite: String,
}

impl Clock {
    pub(crate) fn new(ctx: &Ctx, due: Timestamp, now: Timestamp, state: &ClockState) -> Self {
        let phase = Phase::of(due, now, state);
        let words = match state {
            ClockState::Paused { cause } => ctx.ta("clock-paused", [("cause", cause.as_str())]),
            ClockState::Done { since, at } => {
                let key = if *at > due { "clock-done-late" } else { "clock-done" };
                ctx.ta(key, &[("time", duration(ctx, at.micros_since(*since)))])
            }
            ClockState::Running { .. } => {
                let left = due.micros_since(now);
                let key = if left < 0 { "clock-late" } else { "clock-left" };
                ctx.ta(key, &[("time", duration(ctx, left.saturating_abs()))])
            }
        };
        let soon_secs = match state {
            ClockState::Running { since } => soon_micros(due.micros_since(*since)) / 1_000_000,
            ClockState::Done { .. } | ClockState::Paused { .. } => 0,
        };
        let sprite = ctx.asset("icons.svg");
        let (exact, dense) = (ctx.date_time(due), ctx.formats().date_time_dense(due));
        Self { phase, words, exact, dense, machine: due.rfc3339(), soon_secs, sprite }
    }
}

/// A length of time in one or two short units: `1 күн 6 сағ`, `41 мин`, `1 мин 40 сек`. Rounded down, so that
/// nobody is promised more than there is.
pub(crate) fn duration(ctx: &Ctx, micros: i64) -> String {
    let secs = micros.max(0) / 1_000_000;
    let parts = if secs >= DAY {
        [(secs / DAY, "unit-day"), (secs % DAY / HOUR, "unit-hour")]
    } else if secs >= HOUR {
        [(secs / HOUR, "unit-hour"), (secs % HOUR / MINUTE, "unit-minute")]
    } else if secs >= 2 * MINUTE {
        [(secs / MINUTE, "unit-minute"), (0, "")]
    } else {
        [(secs / MINUTE, "unit-minute"), (secs % MINUTE, "unit-second")]
    };
    let mut words: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| ctx.ta(unit, [("n", *n)])).collect();
    if words.is_empty() {
        words.push(ctx.ta("unit-second", [("n", 0_i64)]));
    }
    words.join(" ")
}

/// `<time>` with words near now ("6 min ago", "in 2 h") and the exact moment beyond a day.
pub(crate) fn time(ctx: &Ctx, at: Timestamp) -> Markup {
    let exact = ctx.date_time(at);
    let secs = ctx.now().micros_since(at) / 1_000_000;
    let (past, size) = (secs >= 0, secs.saturating_abs());
    let words = if size < MINUTE {
        ctx.t("time-now")
    } else if size < HOUR {
        ctx.ta(if past { "time-ago-minutes" } else { "time-in-minutes" }, [("n", size / MINUTE)])
    } else if size < DAY {
        ctx.ta(if past { "time-ago-hours" } else { "time-in-hours" }, [("n", size / HOUR)])
    } else {
        exact.clone()
    };
    let (machine, exact, words) = (Markup::text(&at.rfc3339()), Markup::text(&exact), Markup::text(&words));
    Markup::trusted(format!("<time datetime=\"{machine}\" title=\"{exact}\">{words}</time>"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Lang;
    use proptest::prelude::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(1_800_000_000 + secs)
    }

    #[test]
    fn walks_from_running_to_late() {
        let running = ClockState::Running { since: at(0) };
        for (now, want) in [
            (0, Phase::Running),
            (1_799, Phase::Running),
            (2_700, Phase::Soon),
            (3_600, Phase::Soon),
            (3_601, Phase::Late),
        ] {
            assert_eq!(Phase::of(at(3_600), at(now), &running), want, "{now}");
        }
        // A quarter of ten minutes is less than fifteen minutes.
        assert_eq!(Phase::of(at(600), at(449), &running), Phase::Running);
        assert_eq!(Phase::of(at(600), at(450), &running), Phase::Soon);
        let done = ClockState::Done { since: at(0), at: at(9_000) };
        assert_eq!(Phase::of(at(600), at(9_999), &done), Phase::Done);
        assert_eq!(
            Phase::of(at(600), at(9_999), &ClockState::Paused { cause: String::new() }),
            Phase::Paused
        );
    }

    #[test]
    fn words_in_three_languages() {
        let since = at(-86_400);
        for (due, want) in [
            (390, ["6 мин қалды", "осталось 6 мин", "6 min left"]),
            (-840, ["14 мин кешікті", "просрочено на 14 мин", "14 min late"]),
            (108_000, ["1 күн 6 сағ қалды", "осталось 1 дн. 6 ч", "1 d 6 h left"]),
            (7_200, ["2 сағ қалды", "осталось 2 ч", "2 h left"]),
            (100, ["1 мин 40 сек қалды", "осталось 1 мин 40 с", "1 min 40 s left"]),
            (0, ["0 сек қалды", "осталось 0 с", "0 s left"]),
        ] {
            let got = [Lang::KK, Lang::RU, Lang::EN].map(|lang| {
                let ctx = Ctx::fixed(lang, at(0));
                Clock::new(&ctx, at(due), at(0), &ClockState::Running { since }).words.replace('\u{a0}', " ")
            });
            assert_eq!(got, want.map(str::to_owned), "{due}");
        }
    }

    #[test]
    fn near_times_in_words_far_times_exactly() {
        for (diff, want) in [
            (-10, ["қазір", "сейчас", "now"]),
            (-360, ["6 мин бұрын", "6 мин назад", "6 min ago"]),
            (360, ["6 минуттан кейін", "через 6 мин", "in 6 min"]),
            (-7_200, ["2 сағ бұрын", "2 ч назад", "2 h ago"]),
        ] {
            let got = [Lang::KK, Lang::RU, Lang::EN]
                .map(|lang| time(&Ctx::fixed(lang, at(0)), at(diff)).to_string().replace('\u{a0}', " "));
            for (html, words) in got.iter().zip(want) {
                assert!(html.ends_with(&format!(">{words}</time>")), "{html} {words}");
            }
        }
        let far = time(&Ctx::fixed(Lang::EN, at(0)), at(-200_000)).to_string();
        assert!(far.contains(">13\u{a0}January 2027, 05:26</time>"), "{far}");
    }

    proptest! {
        #[test]
        fn never_turns_back(whole in 1_i64..1_000_000, a in 0_i64..2_000_000, b in 0_i64..2_000_000) {
            let running = ClockState::Running { since: at(0) };
            let rank = |p: Phase| match p { Phase::Running => 0, Phase::Soon => 1, _ => 2 };
            let (early, late) = (a.min(b), a.max(b));
            prop_assert!(rank(Phase::of(at(whole), at(early), &running)) <= rank(Phase::of(at(whole), at(late), &running)));
        }
    }
}
