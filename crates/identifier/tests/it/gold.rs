//! Stories written by hand, with the identifiers a careful reader finds in them.
//!
//! `hand.jsonl` was used while the extractor was written. `held.jsonl` was written before the extractor
//! and first run against it when it was finished.

use std::collections::BTreeSet;

use identifier::{Options, extract};
use serde::Deserialize;

#[derive(Deserialize)]
struct Story {
    id: String,
    story: String,
    identifiers: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    kind: String,
    canonical: String,
}

/// Right, missed and invented pairs of kind and canonical writing.
#[derive(Default, Debug)]
pub(crate) struct Score {
    pub(crate) right: usize,
    pub(crate) missed: Vec<String>,
    pub(crate) invented: Vec<String>,
}

impl Score {
    pub(crate) fn judge(&mut self, id: &str, story: &str, expected: &BTreeSet<(String, String)>) {
        let found: BTreeSet<(String, String)> = extract(story, &Options::default())
            .into_iter()
            .map(|f| (f.kind.as_str().to_owned(), f.canonical))
            .collect();
        self.right += expected.intersection(&found).count();
        let show = |(kind, value): &(String, String)| format!("{id} {kind} {value}\n      {story}");
        self.missed.extend(expected.difference(&found).map(show));
        self.invented.extend(found.difference(expected).map(show));
    }

    pub(crate) fn report(&self, name: &str) {
        println!(
            "{name}: {} right, {} missed, {} invented",
            self.right,
            self.missed.len(),
            self.invented.len()
        );
        for miss in self.missed.iter().take(60) {
            println!("  missed   {miss}");
        }
        for extra in self.invented.iter().take(60) {
            println!("  invented {extra}");
        }
    }

    /// Recall at least 0.97 and precision at least 0.98, without floats.
    pub(crate) fn assert_bar(&self, name: &str) {
        self.report(name);
        let (right, missed, invented) = (self.right, self.missed.len(), self.invented.len());
        assert!(right * 100 >= 97 * (right + missed), "{name}: recall");
        assert!(right * 100 >= 98 * (right + invented), "{name}: precision");
    }
}

fn score(file: &str) -> Score {
    let mut score = Score::default();
    for line in file.lines() {
        let story: Story = serde_json::from_str(line).unwrap();
        let expected = story.identifiers.into_iter().map(|n| (n.kind, n.canonical)).collect();
        score.judge(&story.id, &story.story, &expected);
    }
    score
}

#[test]
fn stories_used_while_writing() {
    score(include_str!("../gold/hand.jsonl")).assert_bar("hand");
}

#[test]
fn stories_held_out() {
    score(include_str!("../gold/held.jsonl")).assert_bar("held");
}

#[test]
fn stories_held_out_again() {
    score(include_str!("../gold/third.jsonl")).assert_bar("third");
}

#[test]
fn stories_fourth() {
    score(include_str!("../gold/fourth.jsonl")).assert_bar("fourth");
}

#[test]
fn stories_fifth() {
    score(include_str!("../gold/fifth.jsonl")).assert_bar("fifth");
}
