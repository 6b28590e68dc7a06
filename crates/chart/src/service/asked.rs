//! What is asked of a chart: the same words in an address, in a kept view and in the service.

use std::collections::BTreeMap;

use app::App;
use kernel::{Actor, Timestamp};

use super::days::begins;
use super::{MOST_OPEN, MOST_STARTS};
use crate::model::{Key, Place, SavedView, ViewId};
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
    /// What is hidden, shut, opened, left out; how much is shown. The time is asked for by days, in the next two.
    pub wish: Wish,
    /// The first day that is asked for, counted since 1970.
    pub from: Option<i64>,
    /// The last.
    pub until: Option<i64>,
    /// The two between which a path is looked for.
    pub path: Option<(Key, Key)>,
    /// How it is laid out.
    pub form: Form,
    /// Where things stand.
    pub places: BTreeMap<Key, Place>,
    /// Whether those places stand back behind where the reader put things themselves.
    pub loose: bool,
    /// The kept view that it comes from.
    pub saved: Option<ViewId>,
    /// Whether somebody else keeps that view: how much of it is hidden is then told by no number.
    pub others: bool,
    /// What the page carries along for itself: how it is sorted, what is searched in it. Never kept.
    pub page: Vec<(&'static str, String)>,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            about: Vec::new(),
            wish: Wish { show: SHOW, ..Wish::default() },
            from: None,
            until: None,
            path: None,
            form: Form::Web,
            places: BTreeMap::new(),
            loose: false,
            saved: None,
            others: false,
            page: Vec::new(),
        }
    }
}

impl Asked {
    /// Reads the words of an address. What is none is left out.
    #[must_use]
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut asked = Self::default();
        let mut between: Vec<Key> = Vec::new();
        for (name, value) in pairs {
            match name {
                "about" if asked.about.len() < MOST_STARTS && value.len() <= 200 => {
                    asked.about.push(value.trim().to_owned());
                }
                "open" | "shut" | "hide" => asked.step(name, value),
                "no" if value.len() <= 40 => drop(asked.wish.without.insert(value.to_owned())),
                "from" => asked.from = day(value),
                "until" => asked.until = day(value),
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
        if asked.from.zip(asked.until).is_some_and(|(from, until)| from > until) {
            std::mem::swap(&mut asked.from, &mut asked.until);
        }
        asked
    }

    /// Opens, shuts or hides something. What is said later holds: a page's form says what is so, its button what comes next.
    fn step(&mut self, name: &str, value: &str) {
        let Some(key) = Key::parse(value) else { return };
        let wish = &mut self.wish;
        let set = match name {
            "open" => {
                wish.shut.remove(&key);
                &mut wish.open
            }
            "shut" => {
                wish.open.remove(&key);
                &mut wish.shut
            }
            _ => {
                wish.open.remove(&key);
                &mut wish.hidden
            }
        };
        if set.len() < MOST_OPEN {
            set.insert(key);
        }
    }

    /// What a kept view asks, for whoever opens it.
    #[must_use]
    pub fn of_view(view: &SavedView, actor: &Actor) -> Self {
        let pairs = serde_json::from_str::<Vec<(String, String)>>(&view.asked).unwrap_or_default();
        Self {
            places: view.places.iter().cloned().collect(),
            saved: Some(view.id),
            others: view.header.author != actor.label(),
            ..Self::read(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())))
        }
    }

    /// The wish, with its days as moments in the office's zone.
    pub(super) fn wish(&self, app: &App) -> Wish {
        let from = self.from.and_then(|day| begins(app, day));
        let after = self.until.and_then(|day| begins(app, day.saturating_add(1)));
        let until = after.map(|t| Timestamp::from_micros(t.as_micros().saturating_sub(1)));
        Wish { from, until, ..self.wish.clone() }
    }

    /// The words of an address as [`Asked::pairs`] says them, with what the page carries along.
    #[must_use]
    pub fn carried(&self, starts: &[Key]) -> Vec<(&'static str, String)> {
        let mut all = self.pairs(starts);
        all.extend(self.saved.map(|id| ("saved", id.to_string())));
        all.extend(self.page.iter().cloned());
        all
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
        all.extend(self.from.map(|day| ("from", day.to_string())));
        all.extend(self.until.map(|day| ("until", day.to_string())));
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

fn day(text: &str) -> Option<i64> {
    text.trim().parse().ok().filter(|d: &i64| (0..=200_000).contains(d))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
        let shut = Asked::read([
            ("open", "thing:0a"),
            ("open", "thing:0b"),
            ("shut", "thing:0a"),
            ("hide", "thing:0b"),
        ]);
        let (w, key) = (shut.wish, |text: &str| BTreeSet::from([Key::parse(text).unwrap()]));
        assert_eq!(
            (w.open.len(), w.shut, w.hidden),
            (0, key("thing:0a"), key("thing:0b")),
            "the later holds"
        );
        let again = Asked::read([("shut", "thing:0a"), ("open", "thing:0a")]).wish;
        assert_eq!((again.open, again.shut.len()), (key("thing:0a"), 0));
        let turned = Asked::read([("from", "20400"), ("until", "20000")]);
        assert_eq!((turned.from, turned.until), (Some(20_000), Some(20_400)), "the sliders crossed");
        for (name, bad) in
            [("from", "x"), ("from", "-1"), ("until", "999999999"), ("show", "0"), ("between", "report:1")]
        {
            let asked = Asked::read([(name, bad)]);
            assert!(
                asked.from.is_none() && asked.until.is_none() && asked.path.is_none() && asked.wish.show >= 1
            );
        }
    }
}
