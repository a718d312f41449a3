//! [`Picture::to_svg`]: a self-contained SVG.
//!
//! Nothing in it has an id or a class, no style sheet, script, font or image is referred to: such
//! a picture can be opened alone, and any number of them can stand in one HTML page.

mod edge;
mod frame;
mod node;
mod xml;

use super::body::Body;
use super::geometry::{Point, Size};
use super::layout::{self, Arrangement, Link, Outline, Problem};
use super::{Direction, DrawError, Picture, Shape};
use frame::Frame;
use std::fmt::{self, Write};

const EDGE_COLOR: &str = "#5b6470";
const CYCLE_COLOR: &str = "#c62828";

impl Picture {
    /// The picture as SVG, laid out by ourselves.
    ///
    /// Nodes stand on layers, every arrow leads from a layer to a later one; the arrows of a cycle
    /// are red, and those of them that close it lead back. Tooltips (`<title>`) give the full
    /// text of nodes and the two ends of arrows. The background is white and all colours are
    /// explicit, so that it looks the same in a dark browser.
    ///
    /// # Errors
    /// [`DrawError::TooLarge`] beyond 20,000 nodes or 100,000 arrows: draw layers instead of
    /// tasks, or take [`to_dot`](Picture::to_dot), which has no limit.
    ///
    /// # Complexity
    /// O((n + m + d) log n) for each of a fixed number of sweeps, for n nodes, m arrows and d
    /// places where an arrow passes a layer. When n + d would be over 20,000, the longest arrows
    /// are drawn as single curves that may run behind nodes.
    ///
    /// # Examples
    /// ```
    /// use chunkwise_graph::draw::{Direction, Node, Picture};
    ///
    /// let mut picture = Picture::new().with_direction(Direction::LeftRight);
    /// let load = picture.add_node(Node::new("load").with_tooltip("load 'accounts.0.csv'"));
    /// let sum = picture.add_node(Node::new("sum"));
    /// picture.add_edge(load, sum);
    /// assert!(picture.to_svg()?.contains("<title>load 'accounts.0.csv'</title>"));
    /// # Ok::<(), chunkwise_graph::draw::DrawError>(())
    /// ```
    pub fn to_svg(&self) -> Result<String, DrawError> {
        let (nodes, edges) = (self.nodes.len(), self.edges.len());
        if nodes > layout::MAX_NODES || edges > layout::MAX_EDGES {
            return Err(DrawError::TooLarge {
                nodes,
                edges,
                max_nodes: layout::MAX_NODES,
                max_edges: layout::MAX_EDGES,
            });
        }
        let bodies: Vec<Body> = self.nodes.iter().map(Body::of).collect();
        let placed = turned(layout::arrange(&self.problem(&bodies)), self.direction);
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_svg(&mut out, &bodies, &placed);
        Ok(out)
    }

    /// The sizes and arrows in the frame of the layout, where arrows lead downwards.
    fn problem(&self, bodies: &[Body]) -> Problem {
        let across = self.direction == Direction::LeftRight;
        let turn = |size: Size| if across { size.transposed() } else { size };
        let outline = |(body, node): (&Body, &super::Node)| Outline {
            size: turn(body.size),
            round: node.shape == Shape::Circle,
        };
        let link = |edge: &super::Edge| Link {
            from: edge.from as u32,
            to: edge.to as u32,
            label: edge.label.as_ref().map(|label| turn(Body::of_edge_label(label).1)),
        };
        Problem {
            nodes: bodies.iter().zip(&self.nodes).map(outline).collect(),
            edges: self.edges.iter().map(link).collect(),
            last_row_first: self.direction == Direction::BottomUp,
        }
    }

    fn write_svg(&self, out: &mut String, bodies: &[Body], placed: &Arrangement) -> fmt::Result {
        let frame = Frame::around(self, placed.size);
        frame.open(out, self)?;
        let Point { x, y } = frame.graph;
        writeln!(out, "<g transform=\"translate({} {})\">", xml::Num(x), xml::Num(y))?;
        if !self.edges.is_empty() {
            out.push_str("<g stroke-width=\"1.2\" stroke-linejoin=\"round\">\n");
            for (edge, route) in self.edges.iter().zip(&placed.edges) {
                edge::line(out, self, edge, route)?;
            }
            out.push_str("</g>\n");
        }
        if !self.nodes.is_empty() {
            out.push_str("<g stroke-width=\"1.2\" text-anchor=\"middle\">\n");
            for ((node, body), &at) in self.nodes.iter().zip(bodies).zip(&placed.nodes) {
                node::shape(out, node, body, at)?;
            }
            out.push_str("</g>\n");
        }
        // Labels come last, so that no line crosses them out.
        for (edge, route) in self.edges.iter().zip(&placed.edges) {
            edge::label(out, edge, route)?;
        }
        out.push_str("</g>\n");
        frame.close(out)
    }
}

/// An arrangement turned from the frame of the layout to the direction of the picture.
fn turned(arrangement: Arrangement, direction: Direction) -> Arrangement {
    let height = arrangement.size.height;
    let turn = |point: Point| match direction {
        Direction::TopDown => point,
        Direction::BottomUp => Point::new(point.x, height - point.y),
        Direction::LeftRight => point.transposed(),
    };
    let size = match direction {
        Direction::LeftRight => arrangement.size.transposed(),
        Direction::TopDown | Direction::BottomUp => arrangement.size,
    };
    Arrangement {
        nodes: arrangement.nodes.into_iter().map(turn).collect(),
        edges: arrangement.edges.iter().map(|route| route.map(turn)).collect(),
        size,
    }
}

#[cfg(test)]
mod tests;
