//! [`Body`]: what is written in a node and how much room it takes.

use super::geometry::Size;
use super::{Node, Shape, text};

/// Size of the first line, in pixels.
pub(super) const LABEL_FONT: f64 = 14.0;
/// Size of the second line and of labels on arrows.
pub(super) const SMALL_FONT: f64 = 11.0;
/// Distance between the middles of the two lines.
pub(super) const LINE_STEP: f64 = 16.0;
/// Longer labels are shortened: about 24 characters.
const MAX_LABEL_WIDTH: f64 = 200.0;
const MIN_CIRCLE: f64 = 40.0;
/// A circle may grow to this before it turns into an ellipse.
const MAX_CIRCLE: f64 = 58.0;

/// The text of a node as drawn, and the size of its outline.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Body {
    pub(super) label: String,
    pub(super) sublabel: Option<String>,
    pub(super) size: Size,
}

impl Body {
    pub(super) fn of(node: &Node) -> Body {
        let label = text::fitted(&node.label, LABEL_FONT, MAX_LABEL_WIDTH);
        let sublabel = node.sublabel.as_ref().map(|s| text::fitted(s, SMALL_FONT, MAX_LABEL_WIDTH));
        let mut width = text::width(&label, LABEL_FONT);
        let mut height = LABEL_FONT;
        if let Some(sublabel) = &sublabel {
            width = width.max(text::width(sublabel, SMALL_FONT));
            height += LINE_STEP;
        }
        let size = match node.shape {
            Shape::Circle => circle_around(width, height),
            Shape::Box => Size::new((width + 20.0).max(36.0), height + 18.0),
            Shape::Rounded => Size::new((width + 28.0).max(48.0), height + 22.0),
        };
        // Whole pixels keep outlines sharp and the text short.
        Body { label, sublabel, size: Size::new(size.width.ceil(), size.height.ceil()) }
    }

    /// The room that a label on an arrow takes.
    pub(super) fn of_edge_label(label: &str) -> (String, Size) {
        let label = text::fitted(label, SMALL_FONT, MAX_LABEL_WIDTH);
        let size = Size::new(text::width(&label, SMALL_FONT).ceil() + 8.0, SMALL_FONT + 5.0);
        (label, size)
    }
}

/// The circle around a text, or the ellipse of moderate height where a circle would be huge.
fn circle_around(width: f64, height: f64) -> Size {
    let (width, height) = (width + 10.0, height + 4.0);
    let diameter = width.hypot(height).max(MIN_CIRCLE);
    if diameter <= MAX_CIRCLE {
        return Size::new(diameter, diameter);
    }
    // An ellipse with corners of the text on it: (w/a)² + (h/b)² = 1.
    let tall = (height * 1.9).max(MIN_CIRCLE);
    let share = height / tall;
    Size::new(width / (1.0 - share * share).sqrt(), tall)
}
