//! Which stories belong together: they name the same rare thing, or tell nearly the same. Every edge says what it rests on.

use std::collections::{BTreeMap, BTreeSet};

use identifier::Kind;
use identifier::normalise::url::{host, registrable};

use crate::near::{ALIKE, alike, bands, rows};

/// What more stories name than this, or than one in [`SHARE`] of all if that is more, is a hub: a bank's own number, a messenger, a site
/// that everybody uses.
const HUB: usize = 40;
const SHARE: usize = 50;
/// Most stories with one band in common that are compared with one another.
const MOST_ALIKE: usize = 200;

/// A story with what it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Its id: a cluster is called by the smallest of its stories'.
    pub id: String,
    /// What is told.
    pub text: String,
    /// Things that it names: kind and canonical writing.
    pub named: Vec<(Kind, String)>,
}

/// Why two stories belong together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    /// Both name a thing.
    Named(String),
    /// They tell nearly the same, so many per cent.
    Alike(usize),
}

/// Stories that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// For each story the smallest id of its cluster.
    pub clusters: Vec<String>,
    /// Pairs of stories, by their places, with why. A chain through all that name one thing, not each pair.
    pub edges: Vec<(usize, usize, Edge)>,
}

/// The thing by which stories are joined: of a link its site, since every victim gets another one; nothing for what says nothing.
fn joins(kind: Kind, canonical: &str) -> Option<String> {
    match kind {
        // Whom a message claims to come from is what it imitates.
        Kind::Sender => None,
        Kind::Url => {
            let host = host(canonical)?;
            let site = registrable(&host).unwrap_or(&host).to_owned();
            Some(format!("domain {site}"))
        }
        Kind::Domain => Some(format!("domain {}", registrable(canonical).unwrap_or(canonical))),
        other => Some(format!("{} {canonical}", other.as_str())),
    }
}

/// Finds out which stories belong together.
#[must_use]
pub fn gather(stories: &[Story]) -> Gathered {
    let hub = HUB.max(stories.len().checked_div(SHARE).unwrap_or(0));
    let mut edges: Vec<(usize, usize, Edge)> = Vec::new();
    let mut things: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (place, story) in stories.iter().enumerate() {
        for thing in story.named.iter().filter_map(|(kind, value)| joins(*kind, value)) {
            things.entry(thing).or_default().insert(place);
        }
    }
    for (thing, places) in &things {
        if places.len() <= hub {
            let next = places.iter().zip(places.iter().skip(1));
            edges.extend(next.map(|(a, b)| (*a, *b, Edge::Named(thing.clone()))));
        }
    }
    let told: Vec<BTreeSet<u64>> = stories.iter().map(|s| rows(&s.text)).collect();
    let mut keys: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (place, rows) in told.iter().enumerate() {
        for key in bands(rows) {
            keys.entry(key).or_default().push(place);
        }
    }
    let mut looked_at = BTreeSet::new();
    for places in keys.values() {
        for (at, a) in places.iter().enumerate().take(MOST_ALIKE) {
            for b in places.iter().skip(at.saturating_add(1)).take(MOST_ALIKE) {
                let (Some(x), Some(y)) = (told.get(*a), told.get(*b)) else { continue };
                if looked_at.insert((*a, *b)) {
                    let alike = alike(x, y);
                    edges.extend((alike >= ALIKE).then_some((*a, *b, Edge::Alike(alike))));
                }
            }
        }
    }
    edges.sort();
    Gathered { clusters: clusters(stories, &edges), edges }
}

fn clusters(stories: &[Story], edges: &[(usize, usize, Edge)]) -> Vec<String> {
    let mut parent: Vec<usize> = (0..stories.len()).collect();
    for (a, b, _) in edges {
        let (a, b) = (root(&mut parent, *a), root(&mut parent, *b));
        if let Some(place) = parent.get_mut(a.max(b)) {
            *place = a.min(b);
        }
    }
    let mut smallest: BTreeMap<usize, &str> = BTreeMap::new();
    let roots: Vec<usize> = (0..stories.len()).map(|place| root(&mut parent, place)).collect();
    for (story, root) in stories.iter().zip(&roots) {
        let id = smallest.entry(*root).or_insert(story.id.as_str());
        if story.id.as_str() < *id {
            *id = &story.id;
        }
    }
    roots.iter().map(|root| smallest.get(root).map(|id| (*id).to_owned()).unwrap_or_default()).collect()
}

/// The root of a place, with the way to it made shorter.
fn root(parent: &mut [usize], place: usize) -> usize {
    let mut at = place;
    while let Some(next) = parent.get(at).copied().filter(|next| *next != at) {
        let further = parent.get(next).copied().unwrap_or(next);
        if let Some(here) = parent.get_mut(at) {
            *here = further;
        }
        at = further;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn story(id: &str, text: &str, named: &[(Kind, &str)]) -> Story {
        let named = named.iter().map(|(kind, value)| (*kind, (*value).to_owned())).collect();
        Story { id: id.into(), text: text.into(), named }
    }

    fn all() -> Vec<Story> {
        let script = "звонили из банка сказали что по моей карте подозрительная операция и надо назвать код из сообщения";
        vec![
            story("1", "перевёл деньги", &[(Kind::Phone, "+77000000001")]),
            story(
                "2",
                "тот же номер",
                &[(Kind::Phone, "+77000000001"), (Kind::Url, "https://a.bank-safe.example/1")],
            ),
            story("3", "ссылка", &[(Kind::Url, "https://b.bank-safe.example/2")]),
            story("4", script, &[]),
            story("5", &format!("{script} быстро"), &[]),
            story("6", "совсем другое дело о продаже велосипеда на сайте", &[(Kind::Sender, "KASPI")]),
            story("7", "имя отправителя", &[(Kind::Sender, "KASPI")]),
        ]
    }

    #[test]
    fn what_is_named_and_what_is_told() {
        let found = gather(&all());
        assert_eq!(found.clusters, ["1", "1", "1", "4", "4", "6", "7"]);
        assert!(found.edges.contains(&(0, 1, Edge::Named("phone +77000000001".into()))));
        assert!(found.edges.contains(&(1, 2, Edge::Named("domain bank-safe.example".into()))));
        assert!(found.edges.iter().any(|(a, b, why)| (*a, *b) == (3, 4) && matches!(why, Edge::Alike(_))));
    }

    #[test]
    fn a_hub_joins_nobody() {
        let stories: Vec<Story> =
            (0..60).map(|n| story(&format!("{n:02}"), "x", &[(Kind::Domain, "t.me")])).collect();
        assert_eq!(gather(&stories).clusters.iter().collect::<BTreeSet<_>>().len(), 60);
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_does_not_matter(seed in any::<u64>()) {
            let mut shuffled = all();
            let mut state = seed;
            for at in (1..shuffled.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                shuffled.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
            }
            let by_id = |stories: &[Story]| -> BTreeMap<String, String> {
                stories.iter().map(|s| s.id.clone()).zip(gather(stories).clusters).collect()
            };
            prop_assert_eq!(by_id(&shuffled), by_id(&all()));
        }
    }
}
