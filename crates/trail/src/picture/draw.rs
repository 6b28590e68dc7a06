//! The picture as SVG text.

use std::fmt::Write;

use super::Text;
use super::layout::{Band, CURVE, Item, Layout, SHAPE, What, layout};
use super::text::{FONT, LINE, escape, id};
use crate::model::{EdgeState, EndKind, Trail};

/// Draws the trail as one `<svg>` element. `name` begins all ids in it, so that several pictures can stand on
/// one page; `label` gives the texts.
///
/// The element has the size it needs; a page that is narrower lets it scroll, or shows [`super::steps`].
#[must_use]
pub fn svg(trail: &Trail, name: &str, label: &dyn Fn(Text<'_>) -> String) -> String {
    let (layout, name) = (layout(trail, label), id(name));
    let mut out = String::with_capacity(1_024 * (layout.items.len() + 1));
    // Writing to a `String` cannot fail; an error would have nowhere to go.
    let _ = draw(&mut out, trail, &layout, &name, label);
    out
}

fn draw(
    out: &mut String,
    trail: &Trail,
    layout: &Layout,
    name: &str,
    label: &dyn Fn(Text<'_>) -> String,
) -> std::fmt::Result {
    let Layout { width, height, .. } = layout;
    write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{name}\" class=\"trail\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" font-size=\"{FONT}\" role=\"img\" \
         aria-labelledby=\"{name}-title {name}-desc\">\n<title id=\"{name}-title\">{}</title>\n\
         <desc id=\"{name}-desc\">{}</desc>\n",
        escape(&label(Text::Title)),
        escape(&label(Text::Summary))
    )?;
    // Bands first: boxes lie over their ends.
    for band in &layout.bands {
        draw_band(out, trail, band)?;
    }
    for item in &layout.items {
        match item.what {
            What::Node(node) => draw_node(out, trail, node, item, name)?,
            What::End(end) => draw_end(out, trail, end, item, name)?,
        }
    }
    out.push_str("</svg>\n");
    Ok(())
}

fn draw_band(out: &mut String, trail: &Trail, band: &Band) -> std::fmt::Result {
    let edge = band.edge.and_then(|edge| trail.edges.get(edge));
    let end = band.end.and_then(|end| trail.ends.get(end));
    let class = edge.map(|edge| edge.state.as_str()).or(end.map(|end| end.kind.as_str())).unwrap_or_default();
    let unsure = edge.is_some_and(|edge| edge.state == EdgeState::NotFound)
        || end.is_some_and(|end| end.kind == EndKind::Unknown);
    let dash = if unsure { " stroke-dasharray=\"6 4\"" } else { "" };
    writeln!(out, "<g class=\"trail-band trail-{class}\">")?;
    if !band.lines.is_empty() {
        writeln!(out, "<title>{}</title>", escape(&band.lines.join(" ")))?;
    }
    writeln!(
        out,
        "<path fill=\"none\" stroke=\"currentColor\" stroke-width=\"{}\"{dash} d=\"{}\"/>",
        band.thickness,
        path(band)
    )?;
    let lines = i64::try_from(band.lines.len()).unwrap_or(0);
    let first = band.to.1 - band.thickness / 2 - 5 - (lines - 1) * LINE;
    draw_lines(out, band.bend + 8, first, &band.lines)?;
    out.push_str("</g>\n");
    Ok(())
}

/// A level piece, a bend, a level piece; by way of the lane where there is one.
fn path(band: &Band) -> String {
    let Band { from: (x, y), leave, bend, to: (end_x, end_y), .. } = *band;
    let Some(lane) = band.lane else {
        let half = (bend - leave) / 2;
        return format!(
            "M{x} {y}H{leave}C{} {y} {} {end_y} {bend} {end_y}H{end_x}",
            leave + half,
            bend - half
        );
    };
    let reach = CURVE / 2;
    format!(
        "M{x} {y}H{leave}C{right} {y} {right} {lane} {leave} {lane}H{bend}C{left} {lane} {left} {end_y} {bend} {end_y}H{end_x}",
        right = leave + reach,
        left = bend - reach
    )
}

fn draw_node(out: &mut String, trail: &Trail, node: usize, item: &Item, name: &str) -> std::fmt::Result {
    let payer = trail.nodes.get(node).is_some_and(|node| node.hop == 0);
    let class = if payer { "trail-node trail-payer" } else { "trail-node" };
    let Item { x, y, width, height, lines, .. } = item;
    writeln!(
        out,
        "<g id=\"{name}-n{node}\" class=\"{class}\">\n<title>{}</title>",
        escape(&lines.join(" "))
    )?;
    writeln!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"4\" fill=\"none\" stroke=\"currentColor\"/>"
    )?;
    draw_text_beside(out, x + 8, item)?;
    out.push_str("</g>\n");
    Ok(())
}

fn draw_end(out: &mut String, trail: &Trail, end: usize, item: &Item, name: &str) -> std::fmt::Result {
    let Some(kind) = trail.ends.get(end).map(|end| end.kind) else { return Ok(()) };
    writeln!(
        out,
        "<g id=\"{name}-e{end}\" class=\"trail-end trail-{}\">\n<title>{}</title>",
        kind.as_str(),
        escape(&item.lines.join(" "))
    )?;
    let (x, y) = (item.x, item.y + (item.height - SHAPE) / 2);
    let dash = if kind == EndKind::Unknown { " stroke-dasharray=\"3 3\"" } else { "" };
    let shape = shape(kind);
    writeln!(
        out,
        "<path class=\"trail-shape\" transform=\"translate({x} {y})\" fill=\"none\" stroke=\"currentColor\" \
         stroke-width=\"2\"{dash} d=\"{shape}\"/>"
    )?;
    draw_text_beside(out, x + SHAPE + 8, item)?;
    out.push_str("</g>\n");
    Ok(())
}

/// Lines in the middle of the height of an item.
fn draw_text_beside(out: &mut String, x: i64, item: &Item) -> std::fmt::Result {
    let height = i64::try_from(item.lines.len()).unwrap_or(0) * LINE;
    draw_lines(out, x, item.y + (item.height - height) / 2 + FONT, &item.lines)
}

fn draw_lines(out: &mut String, x: i64, first: i64, lines: &[String]) -> std::fmt::Result {
    for (row, line) in (0_i64..).zip(lines) {
        writeln!(out, "<text x=\"{x}\" y=\"{}\">{}</text>", first + row * LINE, escape(line))?;
    }
    Ok(())
}

/// The shape of each end, in a square of twenty.
const fn shape(kind: EndKind) -> &'static str {
    match kind {
        // A closed box; one inside another; one that stands open; one with an arrow back.
        EndKind::Held => "M2 2H18V18H2Z",
        EndKind::HeldElsewhere => "M2 2H18V18H2ZM7 7H13V13H7Z",
        EndKind::Released => "M18 6V18H2V2H12",
        EndKind::Returned => "M18 16V8H3M8 3L3 8L8 13",
        // Circles: somebody is asked, somebody is silent, nobody knows.
        EndKind::Asked => "M10 2A8 8 0 1 1 10 18A8 8 0 1 1 10 2ZM10 5V10H14",
        EndKind::Silent => "M10 2A8 8 0 1 1 10 18A8 8 0 1 1 10 2ZM6 10H14",
        EndKind::Unknown => "M10 2A8 8 0 1 1 10 18A8 8 0 1 1 10 2Z",
        EndKind::NotFound => "M10 2A8 8 0 1 1 10 18A8 8 0 1 1 10 2ZM6 6L14 14",
        EndKind::Refused => "M3 3L17 17M17 3L3 17",
        // Gone: an arrow on, a note, a basket, a coin with corners, a globe.
        EndKind::Moved => "M2 10H17M12 5L17 10L12 15",
        EndKind::Cash => "M10 2L18 10L10 18L2 10Z",
        EndKind::Spent => "M2 3H18L10 18Z",
        EndKind::Crypto => "M6 2H14L19 10L14 18H6L1 10Z",
        EndKind::Abroad => "M10 2A8 8 0 1 1 10 18A8 8 0 1 1 10 2ZM2 10H18M10 2V18",
    }
}
