//! [`Node`]: one drawn thing, with its [`Shape`] and [`Fill`].

use super::Color;

/// The outline of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// A function or task; an ellipse where the label does not fit into a circle.
    #[default]
    Circle,
    /// A value: data at the edges of the graph.
    Box,
    /// A layer, that is many tasks at once: a box with round corners.
    Rounded,
}

/// What a node is filled with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Fill {
    /// The quiet colour of its shape.
    #[default]
    Plain,
    /// One colour; the label turns white where that reads better.
    Color(Color),
    /// A place on the colour scale, from 0 (dark) to 1 (light); see [`Color::on_scale`].
    Scale(f64),
}

/// A node of a [`Picture`](super::Picture).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// Written inside; long ones are shortened in the middle and shown in full by the tooltip.
    pub label: String,
    /// A second, smaller line.
    pub sublabel: Option<String>,
    /// The outline.
    pub shape: Shape,
    /// The colour inside.
    pub fill: Fill,
    /// Shown when the pointer rests on the node; the label where this is absent.
    pub tooltip: Option<String>,
}

impl Node {
    /// A circle with this label.
    pub fn new(label: impl Into<String>) -> Node {
        Node { label: label.into(), ..Node::default() }
    }

    /// The same node with a second, smaller line.
    pub fn with_sublabel(mut self, sublabel: impl Into<String>) -> Node {
        self.sublabel = Some(sublabel.into());
        self
    }

    /// The same node with another outline.
    pub fn with_shape(mut self, shape: Shape) -> Node {
        self.shape = shape;
        self
    }

    /// The same node with another colour.
    pub fn with_fill(mut self, fill: Fill) -> Node {
        self.fill = fill;
        self
    }

    /// The same node with a text for the resting pointer.
    pub fn with_tooltip(mut self, tooltip: impl Into<String>) -> Node {
        self.tooltip = Some(tooltip.into());
        self
    }

    /// The full text behind the node: its tooltip, else its label and sublabel.
    pub(super) fn full_text(&self) -> String {
        match (&self.tooltip, &self.sublabel) {
            (Some(tooltip), _) => tooltip.clone(),
            (None, Some(sublabel)) => format!("{}\n{sublabel}", self.label),
            (None, None) => self.label.clone(),
        }
    }
}
