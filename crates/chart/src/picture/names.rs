//! Where names are written, so that none lies on another or on a sign: the most important first, each at the first side of its sign that is
//! free. Whoever finds no room is not written; a page shows them where somebody points.

use std::collections::BTreeMap;

use crate::model::Place;

/// Where a name stands beside its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Under it, in the middle.
    Below,
    /// Over it, in the middle.
    Above,
    /// To the right.
    Right,
    /// To the left.
    Left,
    /// Over the line that begins at it.
    Over,
}

/// A name that wants to be written.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Where its sign stands.
    pub at: Place,
    /// What is written.
    pub name: &'a str,
    /// Whether it is the name of a line.
    pub line: bool,
    /// Names of a smaller number go first.
    pub rank: u8,
}

/// Half a sign.
const SIGN: i32 = 13;
/// How high a line of letters is.
const HIGH: i32 = 15;

/// A rectangle: left, top, right, bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Box {
    /// Left.
    pub left: i32,
    /// Top.
    pub top: i32,
    /// Right.
    pub right: i32,
    /// Bottom.
    pub bottom: i32,
}

impl Box {
    /// Whether two of them share a point.
    #[must_use]
    pub const fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
    const fn within(&self, other: &Self) -> bool {
        self.left >= other.left
            && self.right <= other.right
            && self.top >= other.top
            && self.bottom <= other.bottom
    }
}

/// How wide letters of twelve pixels are in the widest of the fonts that a picture names; rather too much than too little.
#[must_use]
pub fn width(name: &str) -> i32 {
    let of = |c: char| match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'і' | ' ' | '\u{a0}' => 5,
        'f' | 'r' | 't' | '-' | '(' | ')' | '/' => 6,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 12,
        'ш' | 'щ' | 'ж' | 'ю' | 'ы' | 'ф' | 'м' | 'Ш' | 'Щ' | 'Ж' | 'Ю' | 'Ы' | 'Ф' | 'М' => 13,
        'a'..='z' | '0'..='9' | 'а'..='я' | '+' | '₸' => 8,
        c if c.is_ascii() => 10,
        c if c < '\u{1100}' => 10,
        _ => 14,
    };
    name.chars().map(of).fold(0_i32, i32::saturating_add)
}

/// Where a name lies at a side of its sign.
#[must_use]
pub fn lies(at: Place, side: Side, wide: i32) -> Box {
    let half = wide / 2 + 1;
    let (left, top) = match side {
        Side::Below => (at.x.saturating_sub(half), at.y.saturating_add(SIGN + 1)),
        Side::Above => (at.x.saturating_sub(half), at.y.saturating_sub(SIGN + 1 + HIGH)),
        Side::Right => (at.x.saturating_add(SIGN + 2), at.y.saturating_sub(HIGH / 2)),
        Side::Left => (at.x.saturating_sub(SIGN + 2).saturating_sub(wide), at.y.saturating_sub(HIGH / 2)),
        Side::Over => (at.x.saturating_add(SIGN + 2), at.y.saturating_sub(HIGH + 4)),
    };
    Box { left, top, right: left.saturating_add(wide), bottom: top.saturating_add(HIGH) }
}

/// What is taken already, by the cells of a grid.
#[derive(Default)]
struct Taken(BTreeMap<(i32, i32), Vec<Box>>);

impl Taken {
    fn cells(area: &Box) -> impl Iterator<Item = (i32, i32)> + use<> {
        let (wide, high) = (128, 32);
        let (left, right) = (area.left.div_euclid(wide), area.right.div_euclid(wide));
        let (top, bottom) = (area.top.div_euclid(high), area.bottom.div_euclid(high));
        (top..=bottom).flat_map(move |y| (left..=right).map(move |x| (x, y)))
    }
    fn is_free(&self, area: &Box) -> bool {
        Self::cells(area).all(|cell| self.0.get(&cell).is_none_or(|all| all.iter().all(|b| !b.meets(area))))
    }
    fn put(&mut self, area: Box) {
        Self::cells(&area).for_each(|cell| self.0.entry(cell).or_default().push(area));
    }
}

/// At which side each name is written, in their order; `None` for those that find no room within the paper.
#[must_use]
pub fn place(all: &[Wanted<'_>], paper: &Box) -> Vec<Option<Side>> {
    let mut taken = Taken::default();
    for wanted in all {
        let Place { x, y } = wanted.at;
        taken.put(Box {
            left: x.saturating_sub(SIGN),
            top: y.saturating_sub(SIGN),
            right: x.saturating_add(SIGN),
            bottom: y.saturating_add(SIGN),
        });
    }
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|i| (all.get(*i).map(|w| w.rank), *i));
    let mut sides = vec![None; all.len()];
    for i in order {
        let (Some(wanted), Some(side)) = (all.get(i), sides.get_mut(i)) else { continue };
        let wide = width(wanted.name);
        let tried: &[Side] =
            if wanted.line { &[Side::Over] } else { &[Side::Below, Side::Right, Side::Left, Side::Above] };
        let free = tried.iter().copied().find(|s| {
            let area = lies(wanted.at, *s, wide);
            area.within(paper) && taken.is_free(&area)
        });
        if let Some(free) = free {
            taken.put(lies(wanted.at, free, wide));
            *side = Some(free);
        }
    }
    sides
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAPER: Box = Box { left: -1_000, top: -1_000, right: 2_000, bottom: 2_000 };

    fn wanted(x: i32, y: i32, name: &str, rank: u8) -> Wanted<'_> {
        Wanted { at: Place { x, y }, name, line: false, rank }
    }

    #[test]
    fn the_first_is_written_and_the_others_where_there_is_room() {
        let all = [
            wanted(0, 0, "R-2026-00000001", 1),
            wanted(30, 0, "R-2026-00000002", 0),
            wanted(60, 0, "R-2026-00000003", 1),
            wanted(90, 0, "R-2026-00000004", 1),
        ];
        let sides = place(&all, &PAPER);
        assert_eq!(sides[1], Some(Side::Below), "the lowest rank first");
        assert_eq!(sides[0], Some(Side::Left));
        assert!(sides.iter().flatten().count() >= 3, "{sides:?}");
    }

    #[test]
    fn nothing_is_written_beside_the_paper() {
        let paper = Box { left: -20, top: -20, right: 20, bottom: 20 };
        assert_eq!(place(&[wanted(0, 0, "a long name", 0)], &paper), [None]);
    }

    proptest! {
        #[test]
        fn no_name_lies_on_another_or_on_a_sign(
            all in proptest::collection::vec((0..600_i32, 0..400_i32, 1..24_usize, any::<bool>(), 0..3_u8), 1..60)
        ) {
            let names: Vec<String> = all.iter().map(|a| "Ж".repeat(a.2)).collect();
            let all: Vec<Wanted<'_>> = all.iter().zip(&names)
                .map(|((x, y, _, line, rank), name)| Wanted { at: Place { x: *x, y: *y }, name, line: *line, rank: *rank })
                .collect();
            let sides = place(&all, &PAPER);
            let written: Vec<Box> = all.iter().zip(&sides)
                .filter_map(|(w, side)| side.map(|side| lies(w.at, side, width(w.name))))
                .collect();
            for (i, a) in written.iter().enumerate() {
                prop_assert!(written.iter().skip(i + 1).all(|b| !a.meets(b)));
                for w in &all {
                    let sign = Box { left: w.at.x - SIGN, top: w.at.y - SIGN, right: w.at.x + SIGN, bottom: w.at.y + SIGN };
                    prop_assert!(!a.meets(&sign));
                }
            }
        }
    }
}
