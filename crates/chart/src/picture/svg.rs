//! The picture as SVG: in the page, where it takes its colours from the page and each node leads to its own; and as a file, which stands by
//! itself.

use std::fmt::Write as _;

use super::names::{self, Side, Wanted};
use super::time::{Line, Scale};
use super::{Looks, Words};
use crate::model::{Edge, Node, Place, Strength};
use crate::rules::Graph;

/// Room around the picture.
const MARGIN: i32 = 90;
/// Names are cut to so many letters in the picture; the whole stands in the title.
const NAME: usize = 26;
/// Room for the words of the axis.
const AXIS: i32 = 32;

/// A mark of the axis of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Where it is.
    pub x: i32,
    /// What it says.
    pub words: String,
}

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    /// Nodes and ties.
    pub graph: &'a Graph,
    /// Where each node stands.
    pub places: &'a [Place],
    /// Lines of the picture by time.
    pub lines: &'a [Line],
    /// From moments to places, in the picture by time.
    pub scale: Option<Scale>,
    /// The axis of the picture by time.
    pub axis: &'a [Tick],
    /// Looks by name.
    pub looks: &'a Looks,
    /// What the picture is called.
    pub title: &'a str,
    /// Whether it stands by itself: colours of its own, no links.
    pub alone: bool,
}

/// Draws the picture.
#[must_use]
pub fn svg(drawn: &Drawn<'_>, words: &dyn Words) -> String {
    let mut out = String::with_capacity(512 * (drawn.graph.nodes().len() + drawn.graph.edges().len() + 1));
    // Writing to a `String` cannot fail; an error would have nowhere to go.
    let _ = draw(&mut out, drawn, words);
    out
}

/// Where the picture lies: left, top, width, height.
#[must_use]
pub fn bounds(places: &[Place], lines: &[Line]) -> (i32, i32, i32, i32) {
    let xs = || places.iter().map(|p| p.x).chain(lines.iter().flat_map(|l| [l.from, l.to]));
    let ys = || places.iter().map(|p| p.y);
    let (left, right) = (xs().min().unwrap_or(0) - MARGIN, xs().max().unwrap_or(0) + MARGIN);
    let (top, bottom) = (ys().min().unwrap_or(0) - MARGIN / 2, ys().max().unwrap_or(0) + MARGIN / 2);
    (left, top, right - left, bottom - top)
}

/// Where the picture lies with its axis, and room for names at its right end.
fn paper(d: &Drawn<'_>) -> names::Box {
    let (left, top, width, height) = bounds(d.places, d.lines);
    let (over, right) = if d.axis.is_empty() { (0, 0) } else { (AXIS, MARGIN) };
    let (top, bottom) = (top.saturating_sub(over), top.saturating_add(height));
    names::Box { left, top, right: left.saturating_add(width).saturating_add(right), bottom }
}

fn draw(out: &mut String, d: &Drawn<'_>, words: &dyn Words) -> std::fmt::Result {
    let area = paper(d);
    let (x, y) = (area.left, area.top);
    let (width, height) = (area.right.saturating_sub(x), area.bottom.saturating_sub(y));
    let (ink, paper) = if d.alone { (" color=\"#1b1f24\"", true) } else { ("", false) };
    write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart-svg\" viewBox=\"{x} {y} {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-size=\"12\" font-family=\"system-ui, Noto Sans, DejaVu Sans, sans-serif\" role=\"{}\"{ink}>\n<title>{}</title>\n",
        // What holds links is no single image.
        if d.alone { "img" } else { "group" },
        escape(d.title)
    )?;
    if paper {
        writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>")?;
    }
    draw_axis(out, d.axis, &area)?;
    for line in d.lines {
        writeln!(
            out,
            "<line x1=\"{}\" y1=\"{1}\" x2=\"{2}\" y2=\"{1}\" class=\"chart-line\" stroke=\"currentColor\" stroke-opacity=\"0.35\" stroke-width=\"6\" stroke-linecap=\"round\"/>",
            line.from, line.y, line.to
        )?;
    }
    for edge in d.graph.edges() {
        let (Some(i), Some(j)) = (d.graph.at(&edge.from), d.graph.at(&edge.to)) else { continue };
        let (Some(from), Some(to)) = (d.places.get(i), d.places.get(j)) else { continue };
        let (mut from, mut to) = (*from, *to);
        if let (Some(scale), Some(a), Some(b)) = (d.scale, d.graph.nodes().get(i), d.graph.nodes().get(j)) {
            (from, to) = scale.ends(edge, (a, from), (b, to));
        }
        draw_edge(out, (edge, from, to), words)?;
    }
    let names: Vec<String> = d.graph.nodes().iter().map(|n| cut(&words.short(n))).collect();
    let sides = named(d, &names, &area);
    for ((node, place), (name, side)) in d.graph.nodes().iter().zip(d.places).zip(names.iter().zip(sides)) {
        draw_node(out, d, (node, *place), (&words.kind(node), &words.node(node)), (name, side))?;
    }
    out.push_str("</svg>\n");
    Ok(())
}

/// Where the names are written: of starts and the path first, then of lines, then the most important.
fn named(d: &Drawn<'_>, names: &[String], area: &names::Box) -> Vec<Option<Side>> {
    let wanted: Vec<Wanted<'_>> = d
        .graph
        .nodes()
        .iter()
        .zip(d.places)
        .zip(names)
        .map(|((node, at), name)| {
            let line = d.scale.is_some() && node.at.is_none();
            Wanted { at: *at, name, line, rank: if node.stays() { 0 } else { 2 - u8::from(line) } }
        })
        .collect();
    let mut free = *area;
    if !d.axis.is_empty() {
        free.top = free.top.saturating_add(AXIS);
    }
    names::place(&wanted, &free)
}

/// Lines from above to below, each with its words at the top; words that would lie on the ones before are left out.
fn draw_axis(out: &mut String, axis: &[Tick], area: &names::Box) -> std::fmt::Result {
    let mut written = area.left;
    for tick in axis {
        writeln!(
            out,
            "<line x1=\"{0}\" y1=\"{1}\" x2=\"{0}\" y2=\"{2}\" class=\"chart-grid\" stroke=\"currentColor\" stroke-opacity=\"0.3\" stroke-width=\"1\" stroke-dasharray=\"2 4\"/>",
            tick.x,
            area.top.saturating_add(AXIS - 8),
            area.bottom
        )?;
        let half = names::width(&tick.words) / 2;
        if tick.x.saturating_sub(half) < written || tick.x.saturating_add(half) > area.right {
            continue;
        }
        written = tick.x.saturating_add(half).saturating_add(8);
        writeln!(
            out,
            "<text class=\"chart-tick\" x=\"{}\" y=\"{}\" text-anchor=\"middle\" fill=\"currentColor\">{}</text>",
            tick.x,
            area.top.saturating_add(AXIS - 14),
            escape(&tick.words)
        )?;
    }
    Ok(())
}

/// Dashes by how sure a tie is.
#[must_use]
pub const fn dashes(strength: Strength) -> &'static str {
    match strength {
        Strength::Proved => "",
        Strength::Reported => " stroke-dasharray=\"7 4\"",
        Strength::Inferred => " stroke-dasharray=\"2 4\"",
    }
}

fn draw_edge(
    out: &mut String,
    (edge, from, to): (&Edge, Place, Place),
    words: &dyn Words,
) -> std::fmt::Result {
    let width = 1 + edge.count.max(1).ilog10().min(5);
    writeln!(
        out,
        "<g class=\"chart-edge chart-{}\"><title>{}</title><path d=\"M{} {}L{} {}\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\"0.75\" stroke-width=\"{width}\"{}/>{}</g>",
        edge.strength.as_str(),
        escape(&words.edge(edge)),
        from.x,
        from.y,
        to.x,
        to.y,
        dashes(edge.strength),
        if edge.directed { arrow(from, to) } else { String::new() }
    )
}

/// An arrow's head before the end of a line, in whole numbers.
fn arrow(from: Place, to: Place) -> String {
    let (dx, dy) = (i64::from(to.x) - i64::from(from.x), i64::from(to.y) - i64::from(from.y));
    let length = i64::try_from((dx * dx + dy * dy).unsigned_abs().isqrt()).unwrap_or(1).max(1);
    let along = |back: i64, side: i64| {
        let x = i64::from(to.x) - dx * back / length - dy * side / length;
        let y = i64::from(to.y) - dy * back / length + dx * side / length;
        format!("{x} {y}")
    };
    format!("<path d=\"M{}L{}L{}Z\" fill=\"currentColor\"/>", along(15, 0), along(25, 5), along(25, -5))
}

fn draw_node(
    out: &mut String,
    d: &Drawn<'_>,
    (node, place): (&Node, Place),
    (kind, whole): (&str, &str),
    (name, side): (&str, Option<Side>),
) -> std::fmt::Result {
    let look = d.looks.of(node);
    let link = !d.alone && !node.href.is_empty();
    if link {
        write!(out, "<a href=\"{}\">", escape(&node.href))?;
    }
    let fill = if d.alone { "#ffffff" } else { "var(--surface)" };
    write!(
        out,
        "<g class=\"chart-node chart-{}{}\" transform=\"translate({} {})\"><title>{}</title><path class=\"chart-shape\" d=\"{}\" fill=\"{fill}\" stroke=\"currentColor\" stroke-width=\"{}\"/><path d=\"{}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>",
        look.name,
        if node.start { " chart-start" } else { "" },
        place.x,
        place.y,
        escape(&format!("{kind}: {whole}")),
        look.shape,
        if node.start { 3 } else { 2 },
        look.icon,
    )?;
    draw_name(out, d.alone, (name, side))?;
    out.push_str("</g>");
    out.push_str(if link { "</a>\n" } else { "\n" });
    Ok(())
}

/// The name beside its sign. One without room is in the page for whoever points at its sign; in a file its title says it.
fn draw_name(out: &mut String, alone: bool, (name, side): (&str, Option<Side>)) -> std::fmt::Result {
    if alone && side.is_none() {
        return Ok(());
    }
    let (x, y, anchor) = match side.unwrap_or(Side::Below) {
        Side::Below => (0, 26, "middle"),
        Side::Above => (0, -18, "middle"),
        Side::Right => (16, 4, "start"),
        Side::Left => (-16, 4, "end"),
        Side::Over => (16, -8, "start"),
    };
    let late = if side.is_none() { " chart-late" } else { "" };
    // In the page the styles draw the paper around letters.
    let halo = if alone {
        " stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""
    } else {
        ""
    };
    write!(
        out,
        "<text class=\"chart-name{late}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"currentColor\"{halo} unicode-bidi=\"plaintext\">{}</text>",
        escape(name)
    )
}

/// A name that fits under its sign.
#[must_use]
pub fn cut(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    let mut short: String = name.chars().take(NAME - 1).collect();
    short.push('…');
    short
}

/// Text for XML: what XML cannot hold is left out, what turns the order of signs, too.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' | '\u{202d}' | '\u{202e}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
