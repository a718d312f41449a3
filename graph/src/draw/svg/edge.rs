//! Arrows: a smooth line, a head, a label.

use super::xml::{At, Escaped, Num};
use super::{CYCLE_COLOR, EDGE_COLOR, Picture, Point};
use crate::draw::Edge;
use crate::draw::body::{Body, SMALL_FONT};
use crate::draw::layout::{Route, Segment};
use std::fmt::{self, Write};

/// Half the width of a head, as a share of its length.
const HEAD_SLIMNESS: f64 = 0.45;
const LABEL_COLOR: &str = "#3a4250";

/// The line and the head, with a tooltip that names both ends.
pub(super) fn line(out: &mut String, picture: &Picture, edge: &Edge, route: &Route) -> fmt::Result {
    let color = if route.cyclic { CYCLE_COLOR } else { EDGE_COLOR };
    let name = |node: usize| &picture.nodes[node].label;
    let (from, to) = (Escaped(name(edge.from)), Escaped(name(edge.to)));
    write!(out, "<g stroke=\"{color}\"><title>{from} → {to}</title>")?;
    write!(out, "<path fill=\"none\" d=\"M{}", At(route.start))?;
    for segment in &route.segments {
        match *segment {
            Segment::Line(to) => write!(out, "L{}", At(to))?,
            Segment::Curve(a, b, to) => write!(out, "C{} {} {}", At(a), At(b), At(to))?,
        }
    }
    let Point { x, y } = route.neck;
    let (along, across) = (route.tip.x - x, route.tip.y - y);
    let wing = |side: f64| route.neck.moved(-across * side, along * side);
    let (a, b) = (wing(HEAD_SLIMNESS), wing(-HEAD_SLIMNESS));
    writeln!(out, "\"/><path fill=\"{color}\" d=\"M{}L{}L{}Z\"/></g>", At(a), At(route.tip), At(b))
}

/// The label, if the arrow has one, on a white patch that interrupts the line.
pub(super) fn label(out: &mut String, edge: &Edge, route: &Route) -> fmt::Result {
    let (Some(text), Some(at)) = (&edge.label, route.label) else {
        return Ok(());
    };
    let (shown, room) = Body::of_edge_label(text);
    let color = if route.cyclic { CYCLE_COLOR } else { LABEL_COLOR };
    writeln!(
        out,
        "<g><title>{}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" \
         fill=\"#ffffff\"/><text x=\"{}\" y=\"{}\" font-size=\"{SMALL_FONT}\" \
         text-anchor=\"middle\" fill=\"{color}\">{}</text></g>",
        Escaped(text),
        Num(at.x - room.width / 2.0),
        Num(at.y - room.height / 2.0),
        Num(room.width),
        Num(room.height),
        Num(at.x),
        Num(at.y + SMALL_FONT * 0.35),
        Escaped(&shown),
    )
}
