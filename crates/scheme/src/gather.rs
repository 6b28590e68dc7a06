//! Which stories belong together: they name the same rare thing, or tell nearly the same. Every edge says what it rests on.

use std::collections::{BTreeMap, BTreeSet};

use identifier::normalise::url::{has_path, host, registrable};
use identifier::{Kind, is_reserved, named_by};

use crate::near::{ALIKE, alike, bands, rows};

/// A site that more stories name than this, or than one in [`SHARE`] of all if that is more, is a hub that everybody uses. A telephone, an
/// account, a wallet is somebody's own, however many victims name it.
const HUB: usize = 40;
const SHARE: usize = 10;
/// Two stories that name things of their own and none in common are one scheme only if they tell so much the same, per cent.
const APART: usize = 80;
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

/// A thing by which stories are joined, and whether it is somebody's own, however many name it; nothing for what says nothing.
fn joins(kind: Kind, canonical: &str, public: &BTreeSet<String>) -> Option<(String, bool)> {
    if is_reserved(kind, canonical) {
        return None;
    }
    let site = |host: &str| registrable(host).unwrap_or(host).to_owned();
    match kind {
        // Whom a message claims to come from is what it imitates.
        Kind::Sender => None,
        Kind::Url => {
            if let Some((kind, name)) = named_by(canonical) {
                return Some((format!("{} {name}", kind.as_str()), true));
            }
            // Of a link the site, since every victim gets another one; on a site that everybody uses the whole link.
            let site = site(&host(canonical)?);
            if public.contains(&site) {
                return has_path(canonical).then(|| (format!("url {canonical}"), true));
            }
            Some((format!("domain {site}"), false))
        }
        Kind::Domain => {
            let site = site(canonical);
            (!public.contains(&site)).then(|| (format!("domain {site}"), false))
        }
        // Of a card ten digits are told, which hundreds of cards of one bank share by chance.
        Kind::Card => Some((format!("card {canonical}"), false)),
        // A hotline is a hub, a mobile number is not.
        Kind::Phone => Some((format!("phone {canonical}"), canonical.starts_with("+77"))),
        other => Some((format!("{} {canonical}", other.as_str()), true)),
    }
}

/// Sites that everybody uses: forms, shorteners, shops, messengers, in addition to those that the caller knows.
const PUBLIC: [&str; 24] = [
    "forms.gle",
    "google.com",
    "bit.ly",
    "goo.su",
    "clck.ru",
    "tinyurl.com",
    "cutt.ly",
    "taplink.cc",
    "tilda.ws",
    "hh.kz",
    "olx.kz",
    "kaspi.kz",
    "kolesa.kz",
    "krisha.kz",
    "instagram.com",
    "facebook.com",
    "tiktok.com",
    "youtube.com",
    "t.me",
    "wa.me",
    "whatsapp.com",
    "vk.com",
    "binance.com",
    "bybit.com",
];

/// Finds out which stories belong together. `public` are sites that many honest people use.
#[must_use]
pub fn gather(stories: &[Story], public: &BTreeSet<String>) -> Gathered {
    let hub = HUB.max(stories.len().checked_div(SHARE).unwrap_or(0));
    let public: BTreeSet<String> =
        PUBLIC.iter().map(|s| (*s).to_owned()).chain(public.iter().cloned()).collect();
    let mut edges: Vec<(usize, usize, Edge)> = Vec::new();
    let mut things: BTreeMap<String, (bool, BTreeSet<usize>)> = BTreeMap::new();
    let mut owned: Vec<BTreeSet<String>> = Vec::with_capacity(stories.len());
    for (place, story) in stories.iter().enumerate() {
        let mut own_things = BTreeSet::new();
        for (thing, own) in story.named.iter().filter_map(|(kind, value)| joins(*kind, value, &public)) {
            things.entry(thing.clone()).or_insert_with(|| (own, BTreeSet::new())).1.insert(place);
            if own {
                own_things.insert(thing);
            }
        }
        owned.push(own_things);
    }
    for (thing, (own, places)) in &things {
        if *own || places.len() <= hub {
            let next = places.iter().zip(places.iter().skip(1));
            edges.extend(next.map(|(a, b)| (*a, *b, Edge::Named(thing.clone()))));
        }
    }
    edges.extend(told_alike(stories, &owned));
    edges.sort();
    edges.dedup();
    Gathered { clusters: clusters(stories, &edges), edges }
}

/// Stories that tell nearly the same. Those of a band are compared with its leaders alone, in the order of their ids, so that a hundred
/// thousand equal stories cost as much as they are, and the order of arrival changes nothing.
fn told_alike(stories: &[Story], owned: &[BTreeSet<String>]) -> Vec<(usize, usize, Edge)> {
    let told: Vec<BTreeSet<u64>> = stories.iter().map(|s| rows(&s.text)).collect();
    let mut keys: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (place, rows) in told.iter().enumerate() {
        for key in bands(rows) {
            keys.entry(key).or_default().push(place);
        }
    }
    let needed = |a: usize, b: usize| match (owned.get(a), owned.get(b)) {
        (Some(a), Some(b)) if !a.is_empty() && !b.is_empty() && a.is_disjoint(b) => APART,
        _ => ALIKE,
    };
    let mut edges = Vec::new();
    for places in keys.values_mut() {
        places.sort_by_key(|place| stories.get(*place).map(|story| story.id.as_str()));
        let mut leaders: Vec<usize> = Vec::new();
        for place in places.iter().copied() {
            let home = leaders.iter().find_map(|leader| {
                let alike = alike(told.get(*leader)?, told.get(place)?);
                (alike >= needed(*leader, place)).then_some((*leader, alike))
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
        let found = gather(&all(), &BTreeSet::new());
        assert_eq!(found.clusters, ["1", "1", "1", "4", "4", "6", "7"]);
        assert!(found.edges.contains(&(0, 1, Edge::Named("phone +77000000001".into()))));
        assert!(found.edges.contains(&(1, 2, Edge::Named("domain bank-safe.example".into()))));
        assert!(found.edges.iter().any(|(a, b, why)| (*a, *b) == (3, 4) && matches!(why, Edge::Alike(_))));
    }

    #[test]
    fn a_hub_joins_nobody() {
        let stories: Vec<Story> =
            (0..60).map(|n| story(&format!("{n:02}"), "x", &[(Kind::Domain, "everybody.example")])).collect();
        assert_eq!(gather(&stories, &BTreeSet::new()).clusters.iter().collect::<BTreeSet<_>>().len(), 60);
        // Somebody's own telephone is none, however many name it; nor are two channels of one messenger the same.
        let many = |value: &str| -> Vec<Story> {
            (0..500).map(|n| story(&format!("{n:03}"), "x", &[(Kind::Phone, value)])).collect()
        };
        let count = |stories: &[Story]| {
            gather(stories, &BTreeSet::new()).clusters.into_iter().collect::<BTreeSet<_>>().len()
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
                stories.iter().map(|s| s.id.clone()).zip(gather(stories, &BTreeSet::new()).clusters).collect()
            };
            prop_assert_eq!(by_id(&shuffled), by_id(&all()));
        }
    }
}
