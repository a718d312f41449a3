//! [`Picture`]: nodes and arrows, before anything has a place.

use super::{Fill, Node};

/// Where the arrows point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// From the bottom to the top: results above what they are made of, as Dask draws graphs.
    #[default]
    BottomUp,
    /// From the top to the bottom.
    TopDown,
    /// From left to right; the most compact one for long labels.
    LeftRight,
}

/// An arrow between two nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Number of the node where the arrow starts.
    pub from: usize,
    /// Number of the node that the arrow points to.
    pub to: usize,
    /// Written in the middle of the arrow.
    pub label: Option<String>,
}

/// What the colour scale means: its name and the values at its ends, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legend {
    /// The quantity, with its unit: `"bytes held"`.
    pub title: String,
    /// The value at 0, the dark end.
    pub low: String,
    /// The value at 1, the light end.
    pub high: String,
}

/// A graph to draw: nodes, arrows between them, a title, a direction.
///
/// Nodes are numbered from 0 in the order of [`add_node`](Picture::add_node). Cycles and parallel
/// arrows are drawn too: the arrows of a cycle in red, parallel ones side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    pub(super) title: Option<String>,
    pub(super) direction: Direction,
    pub(super) legend: Option<Legend>,
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
}

impl Picture {
    /// An empty picture whose arrows will point upwards.
    pub fn new() -> Picture {
        Picture::default()
    }

    /// The same picture with a title above it.
    pub fn with_title(mut self, title: impl Into<String>) -> Picture {
        self.title = Some(title.into());
        self
    }

    /// The same picture with its arrows pointing elsewhere.
    pub fn with_direction(mut self, direction: Direction) -> Picture {
        self.direction = direction;
        self
    }

    /// The same picture with the meaning of its colour scale.
    ///
    /// A picture where some node has a [`Fill::Scale`] and no legend was given shows the scale
    /// from 0 to 1.
    pub fn with_legend(mut self, legend: Legend) -> Picture {
        self.legend = Some(legend);
        self
    }

    /// Adds a node and returns its number.
    pub fn add_node(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Adds an arrow between two nodes that were added before.
    ///
    /// # Panics
    /// If either number is not that of a node of this picture.
    pub fn add_edge(&mut self, from: usize, to: usize) {
        self.push_edge(Edge { from, to, label: None });
    }

    /// Adds an arrow with a text in its middle.
    ///
    /// # Panics
    /// If either number is not that of a node of this picture.
    pub fn add_labelled_edge(&mut self, from: usize, to: usize, label: impl Into<String>) {
        self.push_edge(Edge { from, to, label: Some(label.into()) });
    }

    fn push_edge(&mut self, edge: Edge) {
        let n = self.nodes.len();
        assert!(
            edge.from < n && edge.to < n,
            "an arrow from node {} to node {} in a picture of {n} nodes",
            edge.from,
            edge.to,
        );
        self.edges.push(edge);
    }

    /// The nodes, in the order of their numbers.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The arrows, in the order in which they were added.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The legend to show: the given one, or a bare scale if a colour of it is used.
    pub(super) fn shown_legend(&self) -> Option<Legend> {
        let scale_used = || self.nodes.iter().any(|node| matches!(node.fill, Fill::Scale(_)));
        self.legend.clone().or_else(|| {
            scale_used().then(|| Legend { title: String::new(), low: "0".into(), high: "1".into() })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "an arrow from node 0 to node 1 in a picture of 1 nodes")]
    fn an_arrow_to_nowhere_is_the_callers_bug() {
        let mut picture = Picture::new();
        let only = picture.add_node(Node::new("only"));
        picture.add_edge(only, 1);
    }

    #[test]
    fn a_legend_is_shown_when_it_was_given_or_a_scale_is_used() {
        let mut picture = Picture::new();
        picture.add_node(Node::new("plain"));
        assert_eq!(picture.shown_legend(), None);
        picture.add_node(Node::new("scaled").with_fill(Fill::Scale(0.5)));
        assert_eq!(picture.shown_legend().unwrap().high, "1");
        let given = Legend { title: "age".into(), low: "0 s".into(), high: "9 s".into() };
        assert_eq!(picture.with_legend(given.clone()).shown_legend(), Some(given));
    }
}
