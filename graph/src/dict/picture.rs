//! Drawing hand-written graphs as Dask does: boxes are data, circles are functions.

use super::{Node, TaskDict};
use crate::draw::{self, Picture, Shape};
use crate::error::{Error, Result};
use std::path::Path;

impl TaskDict {
    /// A picture of the whole graph, whether it is sound or not: keys that nothing has are drawn
    /// as boxes with a question mark, cycles in red.
    pub fn picture(&self) -> Picture {
        let mut picture = Picture::new();
        // The box of a key's value, and the circle of the function that makes it, if any.
        let mut boxes = Vec::with_capacity(self.len());
        for entry in &self.entries {
            let key = entry.key.to_string();
            let data = match &entry.node {
                Node::Value(value) => {
                    draw::Node::new(format!("{key} = {}", value.describe())).with_shape(Shape::Box)
                }
                Node::Task { .. } => draw::Node::new(key).with_shape(Shape::Box),
            };
            let tooltip = format!("{entry}\nmade at {}", entry.made_at);
            boxes.push(picture.add_node(data.with_tooltip(tooltip)));
        }
        for (at, entry) in self.entries.iter().enumerate() {
            let Node::Task { function, .. } = &entry.node else { continue };
            let circle = picture.add_node(draw::Node::new(function.name()));
            picture.add_edge(circle, boxes[at]);
            for key in entry.node.keys() {
                let from = self.by_key.get(key).map(|&dep| boxes[dep as usize]);
                let from = from.unwrap_or_else(|| {
                    let missing = draw::Node::new(format!("{key}?")).with_shape(Shape::Box);
                    picture.add_node(missing.with_tooltip(format!("nothing is named {key}")))
                });
                picture.add_edge(from, circle);
            }
        }
        picture
    }

    /// Draws the graph to an `.svg`, `.dot` or `.gv` file, whole or not at all.
    ///
    /// # Errors
    /// [`Error::Draw`] if the file cannot be written, its extension is not known, or the graph is
    /// too large to be laid out.
    pub fn draw(&self, path: impl AsRef<Path>) -> Result<()> {
        self.picture().write(path).map_err(Error::from)
    }
}
