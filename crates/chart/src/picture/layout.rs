//! Where things stand. The same graph gives the same picture: nothing is drawn by lot. Money goes from left to right; the rest finds its
//! place by a fixed number of rounds in which what is tied draws together and what is near pushes apart (a grid keeps a round linear). What
//! has a place already stays there.
#![expect(
    clippy::float_arithmetic,
    reason = "forces between points; only basic operations, whose results are the same everywhere"
)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::model::{Key, Place};
use crate::rules::{Graph, Index};

/// How far two that are tied stand apart.
const APART: f64 = 96.0;
/// Nearer than this two names cannot both be read.
const LEAST: f64 = 72.0;
/// How much wider than high: names are.
const WIDE: f64 = 1.5;
/// Between two steps of money.
const STEP: f64 = 150.0;
/// A place that no picture leaves.
const FAR: f64 = 200_000.0;

#[derive(Debug, Clone, Copy, Default)]
struct Point {
    x: f64,
    y: f64,
}

impl Point {
    fn from(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y }
    }
    fn add(&mut self, other: Self, times: f64) {
        self.x += other.x * times;
        self.y += other.y * times;
    }
    fn length(self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }
    fn place(self) -> Place {
        Place { x: whole(self.x * WIDE), y: whole(self.y) }
    }
    fn of(place: Place) -> Self {
        Self { x: f64::from(place.x) / WIDE, y: f64::from(place.y) }
    }
}

/// A number of the picture; what is out of all bounds stands at the bound.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "bounded in the same line")]
fn whole(x: f64) -> i32 {
    if x.is_finite() { x.clamp(-FAR, FAR).round() as i32 } else { 0 }
}

/// The cell of a grid.
fn cell(p: Point, size: f64) -> (i32, i32) {
    (whole((p.x / size).floor()), whole((p.y / size).floor()))
}

/// Where each node stands, in the order of the nodes. `pinned` are places that stay.
#[must_use]
pub fn layout(graph: &Graph, pinned: &BTreeMap<Key, Place>) -> Vec<Place> {
    let index = graph.index();
    let count = graph.nodes().len();
    let pins: Vec<Option<Point>> =
        graph.nodes().iter().map(|n| pinned.get(&n.key).map(|p| Point::of(*p))).collect();
    let layers = layers(graph, &index);
    let mut at = seeded(&index, &pins, starts(graph), &layers);
    let rounds: u32 = match count {
        0..=120 => 260,
        121..=1_000 => 110,
        _ => 40,
    };
    let mut heat = APART * 2.0;
    let cooling = heat / f64::from(rounds.max(1));
    for _ in 0..rounds {
        round(&mut at, &index, (&pins, &layers), heat);
        heat = (heat - cooling).max(4.0);
    }
    for _ in 0..12 {
        if !part(&mut at, &pins) {
            break;
        }
    }
    spread(&mut at, &pins);
    at.into_iter().map(Point::place).collect()
}

/// Of thousands some still lie on one spot: the later ones go to the next free one, in rings around it.
fn spread(at: &mut [Point], pins: &[Option<Point>]) {
    let size = LEAST / 2.0;
    let mut taken: BTreeSet<(i32, i32)> = BTreeSet::new();
    for (i, p) in at.iter_mut().enumerate() {
        let here = cell(*p, size);
        if taken.insert(here) || pinned(pins, i) {
            continue;
        }
        let ring = |r: i32| (-r..=r).flat_map(move |dx| (-r..=r).map(move |dy| (dx, dy, r)));
        let free = (1..=80).flat_map(ring).filter(|(dx, dy, r)| dx.abs().max(dy.abs()) == *r).find_map(
            |(dx, dy, _)| {
                let place = (here.0.saturating_add(dx), here.1.saturating_add(dy));
                taken.insert(place).then_some(place)
            },
        );
        if let Some((x, y)) = free {
            *p = Point { x: (f64::from(x) + 0.5) * size, y: (f64::from(y) + 0.5) * size };
        }
    }
}

fn starts(graph: &Graph) -> Vec<usize> {
    let mut all: Vec<usize> =
        graph.nodes().iter().enumerate().filter(|(_, n)| n.start).map(|(i, _)| i).collect();
    all.extend(0..graph.nodes().len());
    all
}

/// How many steps the money took to where it is: longest way from an account that got none, as far as there is no loop. `None` for what
/// money did not touch.
fn layers(graph: &Graph, index: &Index) -> Vec<Option<f64>> {
    let count = graph.nodes().len();
    let (mut comes, mut goes): (Vec<usize>, Vec<Vec<usize>>) = (vec![0; count], vec![Vec::new(); count]);
    let mut touched = vec![false; count];
    for ((from, to), edge) in index.ends.iter().zip(graph.edges()) {
        if edge.directed {
            for end in [from, to] {
                if let Some(t) = touched.get_mut(*end) {
                    *t = true;
                }
            }
            if let (Some(n), Some(list)) = (comes.get_mut(*to), goes.get_mut(*from)) {
                *n += 1;
                list.push(*to);
            }
        }
    }
    let mut layer = vec![0_u32; count];
    let mut ready: VecDeque<usize> =
        (0..count).filter(|i| touched.get(*i) == Some(&true) && comes.get(*i) == Some(&0)).collect();
    let mut seen = 0_usize;
    let mut left: VecDeque<usize> = (0..count).filter(|i| touched.get(*i) == Some(&true)).collect();
    let mut done = vec![false; count];
    while seen < count {
        // A loop: the first that is left is taken as its beginning.
        let next = ready.pop_front().or_else(|| left.pop_front());
        let Some(node) = next else { break };
        match done.get_mut(node) {
            Some(d) if !*d => *d = true,
            _ => continue,
        }
        seen += 1;
        let here = layer.get(node).copied().unwrap_or(0);
        for to in goes.get(node).into_iter().flatten() {
            if done.get(*to) == Some(&true) {
                continue;
            }
            if let (Some(l), Some(n)) = (layer.get_mut(*to), comes.get_mut(*to)) {
                *l = (*l).max(here + 1);
                *n = n.saturating_sub(1);
                if *n == 0 {
                    ready.push_back(*to);
                }
            }
        }
    }
    let of = |i: usize| touched.get(i).copied().unwrap_or(false).then(|| layer.get(i).copied().unwrap_or(0));
    (0..count).map(|i| of(i).map(|l| f64::from(l) * STEP)).collect()
}

/// Where they begin: on a spiral, whoever is tied beside one another; what has a place, there.
fn seeded(index: &Index, pins: &[Option<Point>], order: Vec<usize>, layers: &[Option<f64>]) -> Vec<Point> {
    let count = pins.len();
    let mut at = vec![Point::default(); count];
    let (mut seen, mut waits) = (vec![false; count], VecDeque::new());
    // A turn by the golden angle: sine and cosine are written down, since not every machine reckons them alike.
    let (cosine, sine) = (-0.737_368_878_078_319_6, 0.675_490_294_261_524);
    let (mut turn, mut n) = (Point { x: 1.0, y: 0.0 }, 0_u32);
    for first in order {
        waits.push_back(first);
        while let Some(node) = waits.pop_front() {
            match seen.get_mut(node) {
                Some(s) if !*s => *s = true,
                _ => continue,
            }
            let far = f64::from(n).sqrt() * APART * 0.6;
            if let Some(p) = at.get_mut(node) {
                *p = Point { x: turn.x * far, y: turn.y * far };
                if let Some(x) = layers.get(node).copied().flatten() {
                    p.x = x;
                }
                if let Some(pin) = pins.get(node).copied().flatten() {
                    *p = pin;
                }
            }
            turn = Point { x: turn.x * cosine - turn.y * sine, y: turn.x * sine + turn.y * cosine };
            n += 1;
            waits.extend(index.beside.get(node).into_iter().flatten().map(|(other, _)| *other));
        }
    }
    at
}

type Held<'a> = (&'a [Option<Point>], &'a [Option<f64>]);

/// One round: what is near pushes apart, what is tied draws together, everything draws a little to the middle.
fn round(at: &mut [Point], index: &Index, (pins, layers): Held<'_>, heat: f64) {
    let size = APART * 1.7;
    let grid = Grid::new(at, size);
    let mut force = vec![Point::default(); at.len()];
    for (i, p) in at.iter().enumerate() {
        let mut push = Point { x: -p.x * 0.01, y: -p.y * 0.012 };
        for other in grid.near(*p) {
            let Some(q) = at.get(other).filter(|_| other != i) else { continue };
            let apart = p.from(*q);
            let square = apart.x * apart.x + apart.y * apart.y;
            if square < 0.0001 {
                // On one spot: the later one goes to the right.
                push.x += if i > other { APART } else { -APART };
            } else if square < size * size {
                push.add(apart, APART * APART / square);
            }
        }
        if let Some(f) = force.get_mut(i) {
            f.add(push, 1.0);
        }
    }
    for (from, to) in &index.ends {
        let (Some(a), Some(b)) = (at.get(*from).copied(), at.get(*to).copied()) else { continue };
        let apart = a.from(b);
        // What has many ties is drawn by each of them less, or hubs swallow everything.
        let many = |i: usize| index.beside.get(i).map_or(1, Vec::len).clamp(1, 64);
        let ease = |i: usize| 1.0 / f64::from(u32::try_from(many(i)).unwrap_or(64)).sqrt();
        let pull = apart.length() / APART;
        if let Some(f) = force.get_mut(*from) {
            f.add(apart, -pull * ease(*from));
        }
        if let Some(f) = force.get_mut(*to) {
            f.add(apart, pull * ease(*to));
        }
    }
    for (i, f) in force.iter().enumerate() {
        let (Some(p), None) = (at.get_mut(i), pins.get(i).copied().flatten()) else { continue };
        let length = f.length().max(0.01);
        let times = length.min(heat) / length;
        p.add(*f, times);
        p.x = p.x.clamp(-FAR, FAR);
        p.y = p.y.clamp(-FAR, FAR);
        if let Some(x) = layers.get(i).copied().flatten() {
            p.x = x;
        }
    }
}

/// Points by the cell of a grid that they lie in: sorted by row, then by column, so that three cells of a row lie together.
struct Grid {
    size: f64,
    cells: Vec<((i32, i32), usize)>,
}

/// Of a heap on one spot so many of a row are looked at: all pairs of it would be a square, and later rounds part it.
const HEAP: usize = 40;

impl Grid {
    fn new(at: &[Point], size: f64) -> Self {
        let place = |(i, p): (usize, &Point)| {
            let (x, y) = cell(*p, size);
            ((y, x), i)
        };
        let mut cells: Vec<((i32, i32), usize)> = at.iter().enumerate().map(place).collect();
        cells.sort_unstable();
        Self { size, cells }
    }
    /// Who lies in the cell of a point or beside it.
    fn near(&self, p: Point) -> impl Iterator<Item = usize> {
        let (x, y) = cell(p, self.size);
        (-1..=1).flat_map(move |dy: i32| {
            let row = y.saturating_add(dy);
            let (from, to) = ((row, x.saturating_sub(1)), (row, x.saturating_add(1)));
            let first = self.cells.partition_point(|(place, _)| *place < from);
            let row = self.cells.get(first..).unwrap_or_default();
            row.iter().take_while(move |(place, _)| *place <= to).take(HEAP).map(|(_, i)| *i)
        })
    }
}

/// Moves apart whatever stands too near to be read; whether there was anything.
fn part(at: &mut [Point], pins: &[Option<Point>]) -> bool {
    let grid = Grid::new(at, LEAST);
    let mut moved = false;
    for i in 0..at.len() {
        let Some(p) = at.get(i).copied() else { continue };
        for other in grid.near(p).filter(|o| *o > i) {
            let (Some(a), Some(b)) = (at.get(i).copied(), at.get(other).copied()) else { continue };
            let apart = a.from(b);
            let d = apart.length();
            if d >= LEAST - 1.0 {
                continue;
            }
            moved = true;
            let way =
                if d < 0.5 { Point { x: 0.0, y: -1.0 } } else { Point { x: apart.x / d, y: apart.y / d } };
            let (fixed, other_fixed) = (pinned(pins, i), pinned(pins, other));
            let share = (LEAST - d) * if fixed || other_fixed { 1.0 } else { 0.5 };
            if let (Some(p), false) = (at.get_mut(i), fixed) {
                p.add(way, share);
            }
            if let (Some(p), false) = (at.get_mut(other), other_fixed) {
                p.add(way, -share);
            }
        }
    }
    moved
}

fn pinned(pins: &[Option<Point>], i: usize) -> bool {
    pins.get(i).copied().flatten().is_some()
}
