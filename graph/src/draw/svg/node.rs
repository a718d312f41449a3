//! Nodes: an outline, one or two lines of text, a tooltip.

use super::Point;
use super::xml::{Escaped, Num};
use crate::draw::body::{Body, LABEL_FONT, LINE_STEP, SMALL_FONT};
use crate::draw::color::INK;
use crate::draw::{Color, Fill, Node, Shape};
use std::fmt::{self, Write};

/// From the middle of a line of text to its base line, in units of the font size.
const BASELINE: f64 = 0.35;

/// The colours of a shape where none was asked for: (inside, outline).
fn quiet_colors(shape: Shape) -> (Color, Color) {
    match shape {
        Shape::Circle => (Color::new(232, 240, 251), Color::new(51, 84, 128)),
        Shape::Box => (Color::new(247, 245, 239), Color::new(122, 112, 90)),
        Shape::Rounded => (Color::new(233, 245, 236), Color::new(56, 110, 76)),
    }
}

pub(super) fn shape(out: &mut String, node: &Node, body: &Body, at: Point) -> fmt::Result {
    let (quiet, outline) = quiet_colors(node.shape);
    let (fill, text) = match node.fill {
        Fill::Plain => (quiet, INK),
        Fill::Color(color) => (color, color.text_on()),
        Fill::Scale(value) => {
            let color = Color::on_scale(value);
            (color, color.text_on())
        }
    };
    write!(out, "<g><title>{}</title>", Escaped(&node.full_text()))?;
    let (width, height) = (body.size.width, body.size.height);
    let paint = format_args!("fill=\"{fill}\" stroke=\"{outline}\"");
    let (x, y) = (Num(at.x), Num(at.y));
    match node.shape {
        Shape::Circle => {
            let (rx, ry) = (Num(width / 2.0), Num(height / 2.0));
            write!(out, "<ellipse cx=\"{x}\" cy=\"{y}\" rx=\"{rx}\" ry=\"{ry}\" {paint}/>")?;
        }
        Shape::Box | Shape::Rounded => {
            let radius = if node.shape == Shape::Box { 1.5 } else { 9.0 };
            let (left, top) = (Num(at.x - width / 2.0), Num(at.y - height / 2.0));
            let (width, height) = (Num(width), Num(height));
            write!(
                out,
                "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" \
                 rx=\"{radius}\" {paint}/>"
            )?;
        }
    }
    let up = if body.sublabel.is_some() { LINE_STEP / 2.0 } else { 0.0 };
    line(out, &body.label, LABEL_FONT, at.moved(0.0, -up), text)?;
    if let Some(sublabel) = &body.sublabel {
        line(out, sublabel, SMALL_FONT, at.moved(0.0, up), text)?;
    }
    out.push_str("</g>\n");
    Ok(())
}

/// One line of text around a point.
fn line(out: &mut String, text: &str, font_size: f64, at: Point, color: Color) -> fmt::Result {
    if text.is_empty() {
        return Ok(());
    }
    write!(
        out,
        "<text x=\"{}\" y=\"{}\" font-size=\"{font_size}\" fill=\"{color}\">{}</text>",
        Num(at.x),
        Num(at.y + font_size * BASELINE),
        Escaped(text),
    )
}
