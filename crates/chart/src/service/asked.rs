//! What is asked of a chart: the same words in an address, in a kept view and in the service.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;

use super::{MOST_OPEN, MOST_STARTS};
use crate::model::{Key, Place};
use crate::rules::{MOST_NODES, Wish};

kernel::words!(
    /// How a chart is laid out.
    Form {
        /// By who is tied to whom.
        Web = "web",
        /// By time: each thing is a line.
        Time = "time",
    }
);

/// Nodes at first.
const SHOW: usize = 60;

/// What is asked of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What it begins with, as somebody wrote it: `report:R-2026-…`, `scheme:S-118`, a key.
    pub about: Vec<String>,
    /// What is hidden, shut, opened, filtered; how much is shown.
    pub wish: Wish,
    /// The two between which a path is looked for.
    pub path: Option<(Key, Key)>,
    /// How it is laid out.
    pub form: Form,
    /// Where things stand.
    pub places: BTreeMap<Key, Place>,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            about: Vec::new(),
            wish: Wish { show: SHOW, ..Wish::default() },
            path: None,
            form: Form::Web,
            places: BTreeMap::new(),
        }
    }
}

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

impl Asked {
    /// Reads the words of an address. What is none is left out.
    #[must_use]
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut asked = Self::default();
        let mut between: Vec<Key> = Vec::new();
        for (name, value) in pairs {
            let add = |set: &mut BTreeSet<Key>| {
                if let Some(key) = Key::parse(value).filter(|_| set.len() < MOST_OPEN) {
                    set.insert(key);
                }
            };
            match name {
                "about" if asked.about.len() < MOST_STARTS && value.len() <= 200 => {
                    asked.about.push(value.trim().to_owned());
                }
                "open" => add(&mut asked.wish.open),
                "shut" => add(&mut asked.wish.shut),
                "hide" => add(&mut asked.wish.hidden),
                "no" if value.len() <= 40 => drop(asked.wish.without.insert(value.to_owned())),
                "from" => asked.wish.from = day(value, 0),
                "until" => asked.wish.until = day(value, DAY - 1),
                "show" => asked.wish.show = value.parse().unwrap_or(SHOW).clamp(1, MOST_NODES),
                "group" => asked.wish.group = value != "no",
                "form" => asked.form = Form::parse(value).unwrap_or(Form::Web),
                "between" | "and" => between.extend(Key::parse(value)),
                _ => {}
            }
        }
        if let [a, b, ..] = between.as_slice() {
            asked.path = Some((a.clone(), b.clone()));
        }
        asked
    }

    /// The words of an address that say the same, in one order; `starts` are what it truly begins with.
    #[must_use]
    pub fn pairs(&self, starts: &[Key]) -> Vec<(&'static str, String)> {
        let mut all: Vec<(&'static str, String)> = if starts.is_empty() {
            self.about.iter().map(|a| ("about", a.clone())).collect()
        } else {
            starts.iter().map(|k| ("about", k.to_string())).collect()
        };
        let w = &self.wish;
        for (name, set) in [("open", &w.open), ("shut", &w.shut), ("hide", &w.hidden)] {
            all.extend(set.iter().map(|k| (name, k.to_string())));
        }
        all.extend(w.without.iter().map(|k| ("no", k.clone())));
        all.extend(w.from.map(|t| ("from", day_of(t).to_string())));
        all.extend(w.until.map(|t| ("until", day_of(t).to_string())));
        if w.show != SHOW {
            all.push(("show", w.show.to_string()));
        }
        if !w.group {
            all.push(("group", "no".to_owned()));
        }
        if self.form != Form::Web {
            all.push(("form", self.form.as_str().to_owned()));
        }
        if let Some((a, b)) = &self.path {
            all.extend([("between", a.to_string()), ("between", b.to_string())]);
        }
        all
    }
}

/// The number of the day since 1970 (UTC): the slider's unit.
pub(crate) fn day_of(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(DAY)
}

fn day(text: &str, plus: i64) -> Option<Timestamp> {
    let day: i64 = text.trim().parse().ok().filter(|d: &i64| (0..=200_000).contains(d))?;
    Some(Timestamp::from_micros(day.checked_mul(DAY)?.checked_add(plus)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_written() {
        let text = [
            ("about", "scheme:S-118"),
            ("open", "thing:0a"),
            ("open", "<b>"),
            ("shut", "report:1"),
            ("hide", "thing:9"),
            ("no", "person"),
            ("from", "20000"),
            ("until", "20400"),
            ("show", "100"),
            ("group", "no"),
            ("form", "time"),
            ("between", "report:1"),
            ("between", "report:2"),
            ("x", "y"),
        ];
        let asked = Asked::read(text);
        assert_eq!((asked.wish.open.len(), asked.wish.show, asked.form), (1, 100, Form::Time));
        let pairs = asked.pairs(&[]);
        let again = Asked::read(pairs.iter().map(|(n, v)| (*n, v.as_str())));
        assert_eq!(again, asked);
        for (name, bad) in
            [("from", "x"), ("from", "-1"), ("until", "999999999"), ("show", "0"), ("between", "report:1")]
        {
            let asked = Asked::read([(name, bad)]);
            assert!(
                asked.wish.from.is_none()
                    && asked.wish.until.is_none()
                    && asked.path.is_none()
                    && asked.wish.show >= 1
            );
        }
    }
}
