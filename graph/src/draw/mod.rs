//! Pictures of graphs: DOT text, and SVG drawn by our own layered layout (no `dot` binary).
//!
//! A [`Picture`] is a plain description (labels, shapes, arrows) that knows nothing about tasks
//! or layers; whoever has a graph fills one in. From there:
//!
//! - [`Picture::to_dot`]: text for Graphviz and everything that reads its language;
//! - [`Picture::to_svg`]: a self-contained picture, with tooltips;
//! - [`Picture::write`]: either of them to a file, by its extension.
//!
//! The same picture gives the same text on every machine. How nodes find their places is told in
//! `layout/README.md`.
//!
//! ```
//! use chunkwise_graph::draw::{Node, Picture, Shape};
//!
//! let mut picture = Picture::new().with_title("add(inc(1), 10)");
//! let a = picture.add_node(Node::new("a = 1").with_shape(Shape::Box));
//! let inc = picture.add_node(Node::new("inc"));
//! let x = picture.add_node(Node::new("x = 10").with_shape(Shape::Box));
//! let add = picture.add_node(Node::new("add").with_tooltip("z"));
//! picture.add_edge(a, inc);
//! picture.add_edge(inc, add);
//! picture.add_edge(x, add);
//! let svg = picture.to_svg()?;
//! assert!(svg.starts_with("<svg") && svg.contains("add(inc(1), 10)"));
//! # Ok::<(), chunkwise_graph::draw::DrawError>(())
//! ```

mod body;
mod color;
mod dot;
mod error;
mod file;
mod geometry;
mod layout;
mod node;
mod picture;
mod svg;
mod text;

#[cfg(test)]
mod samples;

pub use color::Color;
pub use error::DrawError;
pub use file::write_whole;
pub use node::{Fill, Node, Shape};
pub use picture::{Direction, Edge, Legend, Picture};
