//! What happened, by day: newest first on the desk, oldest first for citizens. A gap of over an hour shows.

use askama::Template;
use kernel::Timestamp;

use crate::ctx::Ctx;
use crate::markup::Markup;

const GAP_MICROS: i64 = 3_600_000_000;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who, as the reader may see it.
    pub actor: String,
    /// Whether the machine did it by itself.
    pub machine: bool,
    /// What, as a whole sentence.
    pub what: Markup,
    /// On what basis; empty for none.
    pub basis: String,
    /// Address of the record's proof; empty for none.
    pub proof: String,
}

#[derive(Debug, Clone)]
struct Line {
    gap: String,
    hour: String,
    machine_time: String,
    entry: Entry,
}

#[derive(Debug, Clone)]
struct Day {
    title: String,
    lines: Vec<Line>,
}

/// Entries in order, grouped by day.
#[derive(Debug, Clone, Template)]
#[template(path = "_timeline.html")]
pub struct Timeline {
    days: Vec<Day>,
    machine_words: String,
    proof_words: String,
    basis_words: String,
}
super::printable!(Timeline);

impl Timeline {
    /// Oldest first, for citizens.
    #[must_use]
    pub fn oldest_first(ctx: &Ctx, mut entries: Vec<Entry>) -> Self {
        entries.sort_by_key(|e| e.at);
        Self::build(ctx, entries)
    }
    /// Newest first, for the desk.
    #[must_use]
    pub fn newest_first(ctx: &Ctx, mut entries: Vec<Entry>) -> Self {
        entries.sort_by_key(|e| std::cmp::Reverse(e.at));
        Self::build(ctx, entries)
    }

    fn build(ctx: &Ctx, entries: Vec<Entry>) -> Self {
        let mut days: Vec<Day> = Vec::new();
        let mut before: Option<Timestamp> = None;
        for entry in entries {
            let title = ctx.date(entry.at);
            let apart = before.map_or(0, |b| entry.at.micros_since(b).saturating_abs());
            before = Some(entry.at);
            let same_day = days.last().is_some_and(|d| d.title == title);
            let gap = if same_day && apart > GAP_MICROS {
                ctx.ta("timeline-gap", &[("time", ctx.duration(apart))])
            } else {
                String::new()
            };
            let line = Line { gap, hour: ctx.hour(entry.at), machine_time: entry.at.rfc3339(), entry };
            match days.last_mut() {
                Some(day) if same_day => day.lines.push(line),
                _ => days.push(Day { title, lines: vec![line] }),
            }
        }
        Self {
            days,
            machine_words: ctx.t("timeline-machine"),
            proof_words: ctx.t("timeline-proof"),
            basis_words: ctx.t("timeline-basis"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Lang;

    fn entry(secs: i64) -> Entry {
        Entry {
            at: Timestamp::from_secs(1_800_000_000 + secs),
            actor: "A".to_owned(),
            machine: false,
            what: Markup::text("x"),
            basis: String::new(),
            proof: String::new(),
        }
    }

    #[test]
    fn days_and_gaps() {
        let ctx = Ctx::fixed(Lang::EN, Timestamp::from_secs(1_800_100_000));
        let t = Timeline::oldest_first(&ctx, vec![entry(90_000), entry(0), entry(4_000), entry(4_060)]);
        assert_eq!(t.days.iter().map(|d| d.lines.len()).collect::<Vec<_>>(), [3, 1]);
        let gaps: Vec<&str> = t.days[0].lines.iter().map(|l| l.gap.as_str()).collect();
        assert_eq!(gaps.iter().map(|g| g.is_empty()).collect::<Vec<_>>(), [true, false, true]);
        assert!(gaps[1].contains("1\u{a0}h 6\u{a0}min"), "{gaps:?}");
        let back = Timeline::newest_first(&ctx, vec![entry(0), entry(90_000)]);
        assert!(
            back.days[0].title > String::new()
                && back.days[0].lines[0].entry.at > back.days[1].lines[0].entry.at
        );
    }
}
