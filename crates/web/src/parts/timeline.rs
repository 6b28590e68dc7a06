//! What happened, by day: newest first on the desk, oldest first for citizens and on paper. A gap of over an hour shows. On the desk the
//! same act of the same person, several times with nothing between, is one line that unfolds.

use askama::Template;
use kernel::Timestamp;

use crate::ctx::Ctx;
use crate::markup::Markup;
use crate::texts::Arg;

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
    /// Hours of all of them and their machine times, where it stands for several; else empty.
    times: Vec<(String, String)>,
    /// How often, when first and when last; empty for one.
    folded: String,
}

impl Line {
    fn of(ctx: &Ctx, entry: Entry, gap: String) -> Self {
        let (hour, machine_time) = (ctx.hour(entry.at), entry.at.rfc3339());
        Self { gap, hour, machine_time, entry, times: Vec::new(), folded: String::new() }
    }
    /// Whether another entry only says the same again: who, what, on what basis. What has a proof of its own stands by itself.
    fn says(&self, other: &Entry) -> bool {
        let mine = &self.entry;
        (&mine.actor, mine.machine, &mine.what, &mine.basis)
            == (&other.actor, other.machine, &other.what, &other.basis)
            && mine.proof.is_empty()
            && other.proof.is_empty()
    }
    fn take(&mut self, ctx: &Ctx, other: &Entry) {
        if self.times.is_empty() {
            self.times.push((self.hour.clone(), self.machine_time.clone()));
        }
        self.times.push((ctx.hour(other.at), other.at.rfc3339()));
        let (last, first) = (self.hour.clone(), ctx.hour(other.at));
        let n = i64::try_from(self.times.len()).unwrap_or(i64::MAX);
        let args = [("n", Arg::from(n)), ("first", Arg::from(first)), ("last", Arg::from(last))];
        self.folded = ctx.ta("timeline-times", args);
    }
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

/// How entries are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Each by itself, with the gaps.
    Plain,
    /// What says the same again goes into one line.
    Folded,
    /// Each by itself and nothing else: what is printed cannot be unfolded.
    Paper,
}

impl Timeline {
    /// Oldest first, for citizens.
    #[must_use]
    pub fn oldest_first(ctx: &Ctx, mut entries: Vec<Entry>) -> Self {
        entries.sort_by_key(|e| e.at);
        Self::build(ctx, entries, Way::Plain)
    }
    /// Newest first, for the desk.
    #[must_use]
    pub fn newest_first(ctx: &Ctx, mut entries: Vec<Entry>) -> Self {
        entries.sort_by_key(|e| std::cmp::Reverse(e.at));
        Self::build(ctx, entries, Way::Folded)
    }
    /// Oldest first, each act by itself.
    #[must_use]
    pub fn on_paper(ctx: &Ctx, mut entries: Vec<Entry>) -> Self {
        entries.sort_by_key(|e| e.at);
        Self::build(ctx, entries, Way::Paper)
    }
    /// Its first lines.
    #[must_use]
    pub fn first(mut self, lines: usize) -> Self {
        let mut left = lines;
        for day in &mut self.days {
            day.lines.truncate(left);
            left = left.saturating_sub(day.lines.len());
        }
        self.days.retain(|day| !day.lines.is_empty());
        self
    }

    fn build(ctx: &Ctx, entries: Vec<Entry>, way: Way) -> Self {
        let mut days: Vec<Day> = Vec::new();
        let mut before: Option<Timestamp> = None;
        for entry in entries {
            let title = ctx.date(entry.at);
            let apart = before.map_or(0, |b| entry.at.micros_since(b).saturating_abs());
            before = Some(entry.at);
            let today = days.last_mut().filter(|d| d.title == title);
            let gap = if today.is_some() && apart > GAP_MICROS && way != Way::Paper {
                ctx.ta("timeline-gap", &[("time", ctx.duration(apart))])
            } else {
                String::new()
            };
            match today {
                Some(day) => match day.lines.last_mut().filter(|l| way == Way::Folded && l.says(&entry)) {
                    Some(line) => line.take(ctx, &entry),
                    None => day.lines.push(Line::of(ctx, entry, gap)),
                },
                None => days.push(Day { title, lines: vec![Line::of(ctx, entry, gap)] }),
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
        said(secs, &format!("x {secs}"))
    }

    fn said(secs: i64, what: &str) -> Entry {
        Entry {
            at: Timestamp::from_secs(1_800_000_000 + secs),
            actor: "A".to_owned(),
            machine: false,
            what: Markup::text(what),
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

    #[test]
    fn what_says_the_same_again_is_one_line_on_the_desk_and_not_on_paper() {
        let ctx = Ctx::fixed(Lang::EN, Timestamp::from_secs(1_800_100_000));
        let mut all: Vec<Entry> = (0..10).map(|n| said(n * 60, "Exhibit E-1 was read")).collect();
        all.push(said(700, "A note was written"));
        all.push(said(800, "Exhibit E-1 was read"));
        all.push(Entry { actor: "B".to_owned(), ..said(900, "Exhibit E-1 was read") });
        all.push(Entry { proof: "/proof".to_owned(), ..said(1_000, "x") });
        all.push(Entry { proof: "/proof".to_owned(), ..said(1_060, "x") });
        let desk = Timeline::newest_first(&ctx, all.clone());
        let times: Vec<usize> =
            desk.days.iter().flat_map(|d| d.lines.iter().map(|l| l.times.len())).collect();
        assert_eq!(times, [0, 0, 0, 0, 0, 10]);
        let line = &desk.days[0].lines[5];
        let (first, last) = (ctx.hour(said(0, "").at), ctx.hour(said(540, "").at));
        assert_eq!(line.folded, format!("10 times, first {first}, last {last}"));
        let html = desk.to_string();
        assert!(html.matches("<details").count() == 1 && html.matches("<time").count() == 6 + 10, "{html}");
        let paper = Timeline::on_paper(&ctx, all.clone());
        assert_eq!(paper.days.iter().map(|d| d.lines.len()).sum::<usize>(), all.len());
        assert!(!paper.to_string().contains("<details"));
        // A day that goes on behind midnight is another day.
        let night = Timeline::newest_first(&ctx, vec![said(0, "x"), said(86_400, "x")]);
        assert_eq!(night.days.iter().map(|d| d.lines.len()).collect::<Vec<_>>(), [1, 1]);
        let short = Timeline::newest_first(&ctx, all).first(3);
        assert_eq!(short.days.iter().map(|d| d.lines.len()).sum::<usize>(), 3);
    }
}
