//! Rules of the slice: how reports come apart, and what is out of the ordinary. Pure.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::unionfind::UnionFind;
use statrs::distribution::{Binomial, DiscreteCDF as _};
use uuid::Uuid;

/// A report, where its scheme is sorted anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The report.
    pub report: Uuid,
    /// The scheme in which people keep it.
    pub pin: Option<Uuid>,
    /// It names things that are somebody's own: whoever names others is another fraud, however alike it is told.
    pub core: bool,
}

/// Two reports that belong together, and how much speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tie {
    /// How much.
    pub weight: usize,
    /// By how they are told alone.
    pub told: bool,
    /// Places among the nodes.
    pub a: u32,
    /// See above.
    pub b: u32,
}

/// Sorts reports into groups: those that people keep in one scheme are together; then the strongest tie first, but never two groups that
/// people keep apart, and by a tie of how they are told alone never two groups that each name things of their own: a story that anybody may
/// copy makes one fraud of two gangs. For each node the place of the first of its group.
///
/// Ties of one weight go by place; the nodes stand in the order in which the reports came, so that the same reports, things and decisions
/// give the same groups.
#[must_use]
pub fn part(nodes: &[Node], mut ties: Vec<Tie>, apart: &Apart) -> Vec<u32> {
    let mut sets = UnionFind::<u32>::new(nodes.len());
    let mut firsts: BTreeMap<Uuid, u32> = BTreeMap::new();
    for (place, node) in (0_u32..).zip(nodes) {
        if let Some(pin) = node.pin {
            let first = *firsts.entry(pin).or_insert(place);
            sets.union(first, place);
        }
    }
    // By root: of which wholes that people parted the schemes come in which they keep the group, and whether it names things of its own. Two
    // pins are never the same scheme: one scheme is one group from the start.
    let mut groups: BTreeMap<u32, (BTreeSet<u32>, bool)> = BTreeMap::new();
    for (place, node) in (0_u32..).zip(nodes) {
        let group = groups.entry(sets.find_mut(place)).or_default();
        group.0.extend(node.pin.into_iter().flat_map(|pin| apart.wholes(pin)));
        group.1 |= node.core;
    }
    ties.sort_by(|x, y| y.weight.cmp(&x.weight).then((x.a, x.b).cmp(&(y.a, y.b))));
    for tie in ties {
        let (a, b) = (sets.find_mut(tie.a), sets.find_mut(tie.b));
        let (Some(one), Some(other)) = (groups.get(&a), groups.get(&b)) else { continue };
        let two_cores = tie.told && one.1 && other.1;
        if a == b || two_cores || !one.0.is_disjoint(&other.0) {
            continue;
        }
        sets.union(a, b);
        let (one, other) = (groups.remove(&a).unwrap_or_default(), groups.remove(&b).unwrap_or_default());
        groups.insert(sets.find_mut(a), (one.0.into_iter().chain(other.0).collect(), one.1 || other.1));
    }
    let mut first_of: BTreeMap<u32, u32> = BTreeMap::new();
    let root = |(place, _): (u32, &Node)| *first_of.entry(sets.find_mut(place)).or_insert(place);
    (0_u32..).zip(nodes).map(root).collect()
}

/// Which schemes people keep apart. A part is kept apart from whatever the whole is kept apart from, so all that come of one whole are; each
/// scheme keeps of which wholes it comes, since of k parts of one whole the pairs would be the square.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Apart(BTreeMap<Uuid, BTreeSet<u32>>);

impl Apart {
    /// From what was parted from what, each whole with its part, in whatever order that is told: two are kept apart where one thing is above
    /// both, or is one of them.
    #[must_use]
    pub fn of(parted: &[(Uuid, Uuid)]) -> Self {
        let mut parts: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
        for (whole, part) in parted {
            parts.entry(*whole).or_default().push(*part);
        }
        let below: BTreeSet<Uuid> = parted.iter().map(|(_, part)| *part).collect();
        let mut all = Self::default();
        // Those that are no part of anything, then of what goes in a circle whatever is first.
        let tops = parts.keys().filter(|whole| !below.contains(whole)).chain(parts.keys());
        for (number, top) in (0_u32..).zip(tops) {
            if all.0.contains_key(top) {
                continue;
            }
            let mut next = vec![*top];
            while let Some(at) = next.pop() {
                if all.0.entry(at).or_default().insert(number) {
                    next.extend(parts.get(&at).into_iter().flatten());
                }
            }
        }
        all
    }

    /// One scheme is part of another by now: what it is kept apart from, that is, too.
    pub fn become_part(&mut self, part: Uuid, whole: Uuid) {
        if part != whole
            && let Some(wholes) = self.0.remove(&part)
        {
            self.0.entry(whole).or_default().extend(wholes);
        }
    }

    /// Whether people keep two schemes apart.
    #[must_use]
    pub fn are(&self, a: Uuid, b: Uuid) -> bool {
        a != b && self.0.get(&a).zip(self.0.get(&b)).is_some_and(|(a, b)| !a.is_disjoint(b))
    }

    fn wholes(&self, scheme: Uuid) -> impl Iterator<Item = u32> {
        self.0.get(&scheme).into_iter().flatten().copied()
    }
}

/// Less is not told apart.
const LEAST_CHANCE: i64 = -99;

/// The chance of seeing `seen` or more of `all` by a chance of `share_ppm` millionths each, as the power of ten that it lies below: `-6`
/// says less than one in a million. The tail of the binomial distribution.
#[must_use]
#[expect(
    clippy::float_arithmetic,
    reason = "a probability; the result is rounded up to a whole power of ten"
)]
pub fn chance(seen: i64, all: i64, share_ppm: i64) -> i64 {
    let share = f64::from(i32::try_from(share_ppm.clamp(0, 1_000_000)).unwrap_or(0)) / 1e6;
    let (Ok(seen), Ok(all)) = (u64::try_from(seen), u64::try_from(all)) else { return 0 };
    let (Some(below), Ok(each)) = (seen.checked_sub(1), Binomial::new(share, all)) else { return 0 };
    if seen > all {
        return 0;
    }
    let power = each.sf(below).log10().ceil();
    let powers = (LEAST_CHANCE..=0).filter(|e| f64::from(i32::try_from(*e).unwrap_or(0)) >= power);
    powers.min().unwrap_or(0)
}

/// Days that are looked back on for what is usual.
pub const WINDOW_DAYS: i64 = 15;
/// A scheme that got fewer reports on the last day does not grow.
const LEAST_NEW: i64 = 5;
/// Fewer reports of everybody else say nothing of what a usual day is.
const LEAST_REST: i64 = 30;
/// A scheme of which so many reports, and all that there are, fell on the last day is told of whatever befell everybody else: where ten
/// gangs begin in one hour, each would hide behind the nine others.
const NEW_AND_LARGE: i64 = 20;
/// From this power of ten on it is told. A department with five thousand schemes is then told of chance about once in six months.
pub const TELL: i64 = -6;

/// What grows faster than chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// Reports of the last day.
    pub seen: i64,
    /// As many were to be expected, in thousandths.
    pub expected_milli: i64,
    /// The chance of as many or more is less than ten to this power.
    pub chance_e: i64,
}

/// Whether something grows faster than chance: of its reports of the window more fell on the last day than of everybody else's. `own` and
/// `all` are reports of the window and of its last day; `lasts` says how many such days the window has. An hour may stand for the day.
///
/// The test is exact and conditional: given how many reports there were in the window, each falls on the last day by the share that the
/// last day has of all other reports; where there are too few of those, one day's share of the window. So a working day, a
/// campaign, an outage that moves everybody alike moves no alarm, unless what moves is large and was not there before.
#[must_use]
pub fn growth(own: (i64, i64), all: (i64, i64), lasts: i64) -> Option<Growth> {
    let (window, seen) = own;
    let rest = (all.0.saturating_sub(window), all.1.saturating_sub(seen));
    let by_time = 1_000_000_i64.checked_div(lasts)?;
    let new_and_large = seen >= NEW_AND_LARGE && seen == window;
    let share_ppm = if rest.0 >= LEAST_REST && !new_and_large {
        rest.1.saturating_mul(1_000_000).checked_div(rest.0)?.max(by_time)
    } else {
        by_time
    };
    if seen < LEAST_NEW {
        return None;
    }
    let chance_e = chance(seen, window, share_ppm);
    let expected_milli = window.saturating_mul(share_ppm).checked_div(1_000)?;
    (chance_e <= TELL).then_some(Growth { seen, expected_milli, chance_e })
}

/// Reports elsewhere before a place counts as new to a scheme, and reports from it.
const ELSEWHERE: i64 = 10;
const FROM_THERE: i64 = 3;

/// Whether a scheme has come to a place where it was not: `here` are its reports from there before the last day and since, `all_before`
/// those from anywhere before it.
#[must_use]
pub const fn is_new_to(here: (i64, i64), all_before: i64) -> bool {
    here.0 == 0 && here.1 >= FROM_THERE && all_before >= ELSEWHERE
}

/// The group of ages of a person born so many years before.
#[must_use]
pub const fn age_group(years: i64) -> &'static str {
    match years {
        ..18 => "0-17",
        18..25 => "18-24",
        25..35 => "25-34",
        35..45 => "35-44",
        45..55 => "45-54",
        55..65 => "55-64",
        _ => "65+",
    }
}

/// How one story of a scheme is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// The kind of which it tells.
    pub kind: String,
    /// How much in it speaks for that.
    pub says: i64,
    /// Words of the profile say so, and not only what was learnt.
    pub words: bool,
}

/// The most that one story says of its scheme: a long one is no louder than a few short ones.
const LOUDEST: i64 = 8;

/// The kind by which a scheme is known, and whether words of the profile speak for it, or what was learnt alone.
///
/// A kind that heads a scheme stays until another leads clearly: by a quarter, and by as much as one story can say at most. So at least two
/// stories lie between a change and the change back. The stories are taken in the order in which the reports *came* (time, then key), not in
/// which they were heard: the same stories give the same kind, whatever the order of the news, and whoever counts anew finds what stood.
#[must_use]
pub fn heading(stories: &[Telling]) -> Option<(&str, bool)> {
    let mut said: BTreeMap<&str, (i64, bool)> = BTreeMap::new();
    let mut holds: Option<&str> = None;
    for story in stories.iter().filter(|s| s.says > 0) {
        let own = said.entry(&story.kind).or_default();
        own.0 = own.0.saturating_add(story.says.min(LOUDEST));
        own.1 |= story.words;
        let own = own.0;
        let held = holds.and_then(|kind| said.get(kind)).map_or(0, |(says, _)| *says);
        let clear = own.saturating_sub(held) >= LOUDEST && own.saturating_mul(4) >= held.saturating_mul(5);
        if holds.is_none() || clear {
            holds = Some(&story.kind);
        }
    }
    holds.map(|kind| (kind, said.get(kind).is_some_and(|(_, words)| *words)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn nodes(pins: &[u128]) -> Vec<Node> {
        let pin = |p: &u128| (*p > 0).then(|| Uuid::from_u128(*p));
        (1..).zip(pins).map(|(n, p)| Node { report: Uuid::from_u128(n), pin: pin(p), core: false }).collect()
    }

    fn tie(weight: usize, a: u32, b: u32) -> Tie {
        Tie { weight, told: false, a, b }
    }

    #[test]
    fn reports_come_apart_where_people_part_them() {
        let none = Apart::default();
        let chain = || vec![tie(1000, 0, 1), tie(1000, 1, 2), tie(1200, 2, 3)];
        assert_eq!(part(&nodes(&[0, 0, 0, 0]), chain(), &none), [0, 0, 0, 0]);
        // Kept in two schemes that are kept apart: the weakest tie between them gives way.
        let apart = Apart::of(&[(Uuid::from_u128(8), Uuid::from_u128(9))]);
        assert_eq!(part(&nodes(&[8, 0, 0, 9]), chain(), &apart), [0, 0, 2, 2]);
        // Kept in two schemes that nobody keeps apart: ties make them one.
        assert_eq!(part(&nodes(&[8, 0, 0, 9]), chain(), &none), [0, 0, 0, 0]);
        // What is told alike joins whoever names nothing, to the nearer of two; it never makes one of two that name things of their own.
        let mut named = nodes(&[0, 0, 0]);
        (named[0].core, named[2].core) = (true, true);
        let alike = |weight, a, b| Tie { told: true, ..tie(weight, a, b) };
        assert_eq!(
            part(&named, vec![alike(1100, 0, 1), alike(1300, 1, 2), alike(2000, 0, 2)], &none),
            [0, 1, 1]
        );
        assert_eq!(part(&named, vec![tie(3000, 0, 1), alike(2000, 1, 2)], &none), [0, 0, 2]);
        // Kept in one scheme without any tie.
        assert_eq!(part(&nodes(&[8, 0, 8, 0]), vec![], &apart), [0, 1, 0, 3]);
    }

    proptest! {
        /// Between one change of the heading and the next lie two stories at least; and a kind that goes on alone heads in the end.
        #[test]
        fn a_heading_never_flips_on_one_story(all in prop::collection::vec((0_u8..4, 0_i64..40), 0..60)) {
            let stories: Vec<(char, i64)> = all.iter().map(|(k, n)| (char::from(b'a' + k), *n)).collect();
            let heads: Vec<Option<String>> = (1..=stories.len())
                .map(|n| heading(&tellings(&stories[..n])).map(|(kind, _)| kind.to_owned()))
                .collect();
            for three in heads.windows(3).filter(|w| w[0].is_some()) {
                prop_assert!(three[0] == three[1] || three[1] == three[2], "{heads:?}");
            }
            let more = [stories.clone(), vec![('z', 8); stories.len() * 2 + 2]].concat();
            prop_assert_eq!(heading(&tellings(&more)).map(|(kind, _)| kind.to_owned()), Some("z".to_owned()));
        }

        /// Whoever is kept apart stays apart, whatever ties there are, and ties of one weight in any order give the same groups.
        #[test]
        fn kept_apart_stays_apart(
            pins in prop::collection::vec(0_u128..4, 2..20),
            ties in prop::collection::vec((1000_usize..1003, 0_u32..20, 0_u32..20), 0..40),
        ) {
            let nodes = nodes(&pins);
            let count = u32::try_from(pins.len()).unwrap();
            let ties: Vec<Tie> =
                ties.into_iter().filter(|t| t.1 < count && t.2 < count).map(|(w, a, b)| tie(w, a, b)).collect();
            let apart = Apart::of(&[(Uuid::from_u128(1), Uuid::from_u128(2)), (Uuid::from_u128(3), Uuid::from_u128(1))]);
            let groups = part(&nodes, ties.clone(), &apart);
            let mut turned = ties;
            turned.reverse();
            prop_assert_eq!(&part(&nodes, turned, &apart), &groups);
            for (i, a) in nodes.iter().enumerate() {
                for (j, b) in nodes.iter().enumerate() {
                    if let (Some(x), Some(y)) = (a.pin, b.pin) {
                        prop_assert!(groups[i] != groups[j] || !apart.are(x, y));
                        prop_assert!(x != y || groups[i] == groups[j]);
                    }
                }
            }
        }

        /// Against the rule itself, applied until nothing is added: whatever was parted from what, in circles, too.
        #[test]
        fn apart_are_those_of_one_whole(
            parted in prop::collection::vec((0_u128..9, 0_u128..9), 0..12),
            became in prop::option::of((0_u128..9, 0_u128..9)),
        ) {
            let parted: Vec<(u128, u128)> = parted.into_iter().filter(|(a, b)| a != b).collect();
            let mut kept = apart_from(&parted);
            let mut apart = Apart::of(&parted.iter().copied().map(uuids).collect::<Vec<_>>());
            if let Some((part, whole)) = became {
                let today = |x: u128| if x == part { whole } else { x };
                kept = kept.into_iter().map(|(a, b)| (today(a), today(b))).filter(|(a, b)| a != b).collect();
                apart.become_part(uuids((part, whole)).0, uuids((part, whole)).1);
            }
            for a in 0..9 {
                for b in 0..9 {
                    let (x, y) = uuids((a, b));
                    let either = kept.contains(&(a, b)) || kept.contains(&(b, a));
                    prop_assert_eq!(apart.are(x, y), either, "{} {} of {:?}", a, b, &parted);
                }
            }
        }

        /// Against the sum of all terms, by plain multiplication.
        #[test]
        fn the_tail_of_the_binomial(all in 1_i32..60, seen in 0_i32..60, ppm in 1_000_i32..900_000) {
            let told = chance(i64::from(seen), i64::from(all), i64::from(ppm));
            prop_assert!(told <= 0);
            if told < 0 {
                let power = i32::try_from(told).unwrap();
                prop_assert!(tail(all, seen, ppm, power), "more than told: 10^{told}");
                // Less than the least is not told apart.
                prop_assert!(told == LEAST_CHANCE || !tail(all, seen, ppm, power - 1), "less than told: 10^{told}");
            }
        }
    }

    /// Whether the tail lies below a power of ten, but for what rounding does.
    #[expect(clippy::float_arithmetic, reason = "the plain sum that judges the other")]
    fn tail(all: i32, seen: i32, ppm: i32, power: i32) -> bool {
        let (n, p) = (f64::from(all), f64::from(ppm) / 1e6);
        let term = |k: i32| {
            let choose = (0..k).fold(1.0, |c, i| c * (n - f64::from(i)) / (f64::from(i) + 1.0));
            choose * p.powi(k) * (1.0 - p).powi(all - k)
        };
        let tail: f64 = (seen..=all).map(term).sum();
        tail <= 10_f64.powi(power) * 1.000_001
    }

    #[test]
    fn what_grows_faster_than_chance() {
        // Forty of sixty on the last day, while of all others one in fifteen.
        let told = growth((60, 40), (3_000, 240), WINDOW_DAYS).unwrap();
        assert!(told.chance_e <= -20 && told.seen == 40, "{told:?}");
        assert!((3_900..4_200).contains(&told.expected_milli), "{told:?}");
        // The whole country reports ten times as much today: nothing is out of the ordinary.
        assert_eq!(growth((60, 40), (3_000, 2_000), WINDOW_DAYS), None);
        // As unlikely as is told at all.
        assert_eq!(chance(48, 55, 1_000), LEAST_CHANCE);
        // Too few, and nobody else to compare with.
        assert_eq!(growth((5, 4), (5, 4), WINDOW_DAYS), None);
        assert!(growth((30, 30), (30, 30), WINDOW_DAYS).is_some());
        // New and large in a flood of others; new and small; large and not new.
        assert!(growth((25, 25), (3_000, 2_900), WINDOW_DAYS).is_some());
        assert_eq!(growth((19, 19), (3_000, 2_900), WINDOW_DAYS), None);
        assert_eq!(growth((26, 25), (3_000, 2_900), WINDOW_DAYS), None);
        assert_eq!(growth((0, 0), (0, 0), WINDOW_DAYS), None);
    }

    fn uuids((a, b): (u128, u128)) -> (Uuid, Uuid) {
        (Uuid::from_u128(a), Uuid::from_u128(b))
    }

    /// The rule: a part is kept apart from the whole, and from whatever the whole is kept apart from.
    fn apart_from(parted: &[(u128, u128)]) -> BTreeSet<(u128, u128)> {
        let mut kept: BTreeSet<(u128, u128)> = parted.iter().copied().collect();
        loop {
            let known = kept.len();
            for (whole, part) in parted {
                let side = |(a, b): &(u128, u128)| {
                    if a == whole { Some(*b) } else { (b == whole).then_some(*a) }
                };
                let others: Vec<u128> = kept.iter().filter_map(side).filter(|other| other != part).collect();
                kept.extend(others.into_iter().map(|other| (*part, other)));
            }
            if kept.len() == known {
                return kept;
            }
        }
    }

    #[test]
    fn of_twenty_thousand_parts_no_pairs_are_kept() {
        let parted: Vec<(Uuid, Uuid)> = (1..20_000).map(|n| uuids((n / 7, n))).collect();
        let apart = Apart::of(&parted);
        assert!(
            apart.are(Uuid::from_u128(19_999), Uuid::from_u128(5))
                && !apart.are(Uuid::from_u128(30_000), Uuid::nil())
        );
        assert_eq!(apart.0.values().map(BTreeSet::len).sum::<usize>(), 20_000, "one whole each");
    }

    #[test]
    fn a_part_of_a_part_is_kept_apart_from_the_first_whole() {
        // 1 was parted from 0, and 2 from 1; 3 from 0 beside them.
        for parted in
            [vec![(0, 1), (1, 2), (0, 3)], vec![(0, 3), (1, 2), (0, 1)], vec![(1, 2), (0, 3), (0, 1)]]
        {
            let parted: Vec<(Uuid, Uuid)> = parted.into_iter().map(uuids).collect();
            let kept = Apart::of(&parted);
            for (a, b) in [(0, 1), (1, 2), (0, 2), (1, 3), (2, 3)].map(uuids) {
                assert!(kept.are(a, b) && kept.are(b, a), "{a} {b} of {parted:?}: {kept:?}");
            }
            assert!(!kept.are(Uuid::from_u128(1), Uuid::from_u128(1)));
        }
    }

    #[test]
    fn places_ages_and_kinds() {
        assert!(
            is_new_to((0, 3), 10)
                && !is_new_to((1, 30), 100)
                && !is_new_to((0, 2), 100)
                && !is_new_to((0, 9), 9)
        );
        assert_eq!(
            (age_group(17), age_group(18), age_group(64), age_group(99)),
            ("0-17", "18-24", "55-64", "65+")
        );
    }

    fn tellings(all: &[(char, i64)]) -> Vec<Telling> {
        all.iter().map(|(k, says)| Telling { kind: k.to_string(), says: *says, words: *k == 'w' }).collect()
    }

    #[test]
    fn a_kind_stays_until_another_leads_clearly() {
        for (all, kind) in [
            (&[][..], None),
            (&[('a', 0)], None),
            (&[('a', 3), ('b', 4)], Some("a")),
            // However much one story says, it turns nothing round by itself.
            (&[('a', 3), ('b', 500)], Some("a")),
            (&[('a', 3), ('b', 8), ('b', 3)], Some("b")),
            (&[('a', 3), ('b', 8), ('b', 3), ('a', 8)], Some("b")),
            (&[('a', 8); 10], Some("a")),
        ] {
            assert_eq!(heading(&tellings(all)).map(|(kind, _)| kind), kind, "{all:?}");
        }
        let many = |a: usize, b: usize| [vec![('a', 8); a], vec![('b', 8); b]].concat();
        assert_eq!(
            heading(&tellings(&many(40, 49))),
            Some(("a", false)),
            "a lead of less than a quarter is none"
        );
        assert_eq!(heading(&tellings(&many(40, 50))), Some(("b", false)));
        assert_eq!(heading(&tellings(&[('w', 2), ('a', 1)])), Some(("w", true)));
    }
}
