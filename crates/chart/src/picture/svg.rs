//! The picture as SVG: in the page, where it takes its colours from the page and each node leads to its own; and as a file, which stands by
//! itself.

use std::fmt::Write as _;

use super::layout::Line;
use super::{Looks, Words};
use crate::model::{Edge, Node, Place, Strength};
use crate::rules::Graph;

/// Room around the picture.
const MARGIN: i32 = 90;
/// Names are cut to so many letters in the picture; the whole stands in the title.
const NAME: usize = 22;

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    /// Nodes and ties.
    pub graph: &'a Graph,
    /// Where each node stands.
    pub places: &'a [Place],
    /// Lines of the picture by time.
    pub lines: &'a [Line],
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

fn draw(out: &mut String, d: &Drawn<'_>, words: &dyn Words) -> std::fmt::Result {
    let (x, y, width, height) = bounds(d.places, d.lines);
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
    for line in d.lines {
        writeln!(
            out,
            "<line x1=\"{}\" y1=\"{1}\" x2=\"{2}\" y2=\"{1}\" class=\"chart-line\" stroke=\"currentColor\" stroke-opacity=\"0.35\" stroke-width=\"6\" stroke-linecap=\"round\"/>",
            line.from, line.y, line.to
        )?;
    }
    for edge in d.graph.edges() {
        let ends = (d.graph.at(&edge.from), d.graph.at(&edge.to));
        let (Some(from), Some(to)) =
            (ends.0.and_then(|i| d.places.get(i)), ends.1.and_then(|i| d.places.get(i)))
        else {
            continue;
        };
        draw_edge(out, (edge, *from, *to), words)?;
    }
    for (i, node) in d.graph.nodes().iter().enumerate() {
        if let Some(place) = d.places.get(i) {
            draw_node(out, d, (node, *place), words)?;
        }
    }
    out.push_str("</svg>\n");
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
    words: &dyn Words,
) -> std::fmt::Result {
    let (look, name) = (d.looks.of(node), words.node(node));
    let link = !d.alone && !node.href.is_empty();
    if link {
        write!(out, "<a href=\"{}\">", escape(&node.href))?;
    }
    let fill = if d.alone { "#ffffff" } else { "var(--surface)" };
    write!(
        out,
        "<g class=\"chart-node chart-{}{}\" transform=\"translate({} {})\"><title>{}</title><path class=\"chart-shape\" d=\"{}\" fill=\"{fill}\" stroke=\"currentColor\" stroke-width=\"{}\"/><path d=\"{}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/><text class=\"chart-name\" y=\"26\" text-anchor=\"middle\" fill=\"currentColor\" unicode-bidi=\"plaintext\">{}</text></g>",
        look.name,
        if node.start { " chart-start" } else { "" },
        place.x,
        place.y,
        escape(&format!("{}: {name}", words.kind(node))),
        look.shape,
        if node.start { 3 } else { 2 },
        look.icon,
        escape(&cut(&name))
    )?;
    out.push_str(if link { "</a>\n" } else { "\n" });
    Ok(())
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
