//! Which stories of a file belong together: they name the same rare thing, or tell nearly the same. Every edge says what it rests on.

use std::collections::{BTreeMap, BTreeSet};

use identifier::Kind;
use petgraph::unionfind::UnionFind;

use crate::joins::{Between, ENOUGH, HUB, Joint, joint, weight_from};
use crate::near::{Aim, Key, Rows};

/// A site is a hub if more than [`HUB`] stories name it, or more than one in so many of all if that is more: a file has no officers who
/// could say that a site is one fraud's.
const SHARE: usize = 10;
/// Most stories of a band that others are compared with.
const LEADERS: usize = 64;

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

/// Finds out which stories belong together. `public` are sites that many honest people use; `aim` says how alike stories must be told.
#[must_use]
pub fn gather(stories: &[Story], public: &BTreeSet<String>, aim: Aim) -> Gathered {
    let hub = HUB.max(stories.len().checked_div(SHARE).unwrap_or(0));
    let mut edges: Vec<(usize, usize, Edge)> = Vec::new();
    let mut things: BTreeMap<Joint, BTreeSet<usize>> = BTreeMap::new();
    for (place, story) in stories.iter().enumerate() {
        for thing in story.named.iter().filter_map(|(kind, value)| joint(*kind, value, public)) {
            things.entry(thing).or_default().insert(place);
        }
    }
    // What each story names: somebody's own, and hubs.
    let mut named = vec![(BTreeSet::new(), BTreeSet::new()); stories.len()];
    for (no, (thing, places)) in things.iter().enumerate() {
        let joins = thing.own || places.len() <= hub;
        if joins {
            let next = places.iter().zip(places.iter().skip(1));
            edges.extend(next.map(|(a, b)| (*a, *b, Edge::Named(thing.text()))));
        }
        for place in places {
            if let Some((own, hubs)) = named.get_mut(*place) {
                let sort = if thing.own { own } else { hubs };
                if thing.own || !joins {
                    sort.insert(no);
                }
            }
        }
    }
    edges.extend(told_alike(stories, &named, aim));
    edges.sort();
    edges.dedup();
    Gathered { clusters: clusters(stories, &edges), edges }
}

/// Places of things among all: those that are somebody's own, and hubs.
type Named = (BTreeSet<usize>, BTreeSet<usize>);

/// Stories that tell nearly the same. Those of a band are compared with its leaders alone, in the order of their ids, so that a hundred
/// thousand equal stories cost as much as they are, and the order of arrival changes nothing.
fn told_alike(stories: &[Story], named: &[Named], aim: Aim) -> Vec<(usize, usize, Edge)> {
    let told: Vec<Rows> = stories.iter().map(|s| Rows::in_rows(&s.text, Key::OPEN, aim.row)).collect();
    let mut by_id: Vec<(&str, usize)> =
        stories.iter().zip(0..).map(|(s, place)| (s.id.as_str(), place)).collect();
    by_id.sort_unstable();
    let mut lies: Vec<(u64, usize)> = Vec::new();
    for (rank, (_, place)) in by_id.iter().enumerate() {
        lies.extend(told.get(*place).into_iter().flat_map(Rows::bands).map(|band| (band, rank)));
    }
    lies.sort_unstable();
    let between = |a: usize, b: usize| -> Option<Between> {
        let (here, there) = (named.get(a)?, named.get(b)?);
        Some(Between {
            alike: told.get(a)?.alike(told.get(b)?),
            hub: !here.1.is_disjoint(&there.1),
            brand: false,
            apart: !here.0.is_empty() && !there.0.is_empty() && here.0.is_disjoint(&there.0),
        })
    };
    let mut edges = Vec::new();
    for band in lies.chunk_by(|a, b| a.0 == b.0).filter(|band| band.len() > 1) {
        let mut leaders: Vec<usize> = Vec::new();
        for (_, place) in band.iter().filter_map(|(_, rank)| by_id.get(*rank)).copied() {
            let home = leaders.iter().find_map(|leader| {
                let between = between(*leader, place)?;
                (weight_from(between, aim.alike) >= ENOUGH).then_some((*leader, between.alike))
            });
            match home {
                Some((leader, alike)) => {
                    edges.push((leader.min(place), leader.max(place), Edge::Alike(alike)));
                }
                None if leaders.len() < LEADERS => leaders.push(place),
                None => {}
            }
        }
    }
    edges
}

fn clusters(stories: &[Story], edges: &[(usize, usize, Edge)]) -> Vec<String> {
    let mut sets = UnionFind::<usize>::new(stories.len());
    for (a, b, _) in edges {
        sets.union(*a, *b);
    }
    let roots = sets.into_labeling();
    let mut smallest: BTreeMap<usize, &str> = BTreeMap::new();
    for (story, root) in stories.iter().zip(&roots) {
        let id = smallest.entry(*root).or_insert(story.id.as_str());
        if story.id.as_str() < *id {
            *id = &story.id;
        }
    }
    roots.iter().map(|root| smallest.get(root).map(|id| (*id).to_owned()).unwrap_or_default()).collect()
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
        let found = gather(&all(), &BTreeSet::new(), Aim::DESK);
        assert_eq!(found.clusters, ["1", "1", "1", "4", "4", "6", "7"]);
        assert!(found.edges.contains(&(0, 1, Edge::Named("phone +77000000001".into()))));
        assert!(found.edges.contains(&(1, 2, Edge::Named("domain bank-safe.example".into()))));
        assert!(found.edges.iter().any(|(a, b, why)| (*a, *b) == (3, 4) && matches!(why, Edge::Alike(_))));
    }

    #[test]
    fn a_hub_joins_nobody() {
        let stories: Vec<Story> =
            (0..60).map(|n| story(&format!("{n:02}"), "x", &[(Kind::Domain, "everybody.example")])).collect();
        assert_eq!(
            gather(&stories, &BTreeSet::new(), Aim::DESK).clusters.iter().collect::<BTreeSet<_>>().len(),
            60
        );
        // Somebody's own telephone is none, however many name it; nor are two channels of one messenger the same.
        let many = |value: &str| -> Vec<Story> {
            (0..500).map(|n| story(&format!("{n:03}"), "x", &[(Kind::Phone, value)])).collect()
        };
        let count = |stories: &[Story]| {
            gather(stories, &BTreeSet::new(), Aim::DESK).clusters.into_iter().collect::<BTreeSet<_>>().len()
        };
        assert_eq!(count(&many("+77000000001")), 1);
        let channels = [
            story("1", "x", &[(Kind::Url, "https://t.me/first_one")]),
            story("2", "x", &[(Kind::Url, "https://t.me/second_one")]),
        ];
        assert_eq!(count(&channels), 2);
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
                stories.iter().map(|s| s.id.clone()).zip(gather(stories, &BTreeSet::new(), Aim::DESK).clusters).collect()
            };
            prop_assert_eq!(by_id(&shuffled), by_id(&all()));
        }
    }
}
