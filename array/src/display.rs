//! How arrays print: what they are, without computing anything.

use crate::array::Array;
use crate::element::Element;
use crate::error::ArrayError;
use crate::extent::{grouped, tuple_text};
use chunkwise_graph::{CollectionExt, Graph, format_bytes};
use std::fmt;

/// `Array<f32> (1_000_000_000,) in 1_000 chunks of (1_000_000,), 4.0 GB, 1_000 tasks in 1 layer`
impl<T: Element> fmt::Display for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Array<{}> ", T::DTYPE)?;
        if let Err(error) = self.checked() {
            return write_failed(f, &error, self);
        }
        write!(f, "{} in {}", tuple_text(self.shape()), self.chunks())?;
        if let Some(bytes) = self.nbytes() {
            write!(f, ", {}", format_bytes(bytes as u64))?;
        }
        let graph: Graph = self.graph();
        let (tasks, layers) = (graph.n_tasks() as usize, graph.n_layers());
        let task = if tasks == 1 { "task" } else { "tasks" };
        let layer = if layers == 1 { "layer" } else { "layers" };
        write!(f, ", {} {task} in {layers} {layer}", grouped(tasks))
    }
}

fn write_failed<T>(
    f: &mut fmt::Formatter<'_>,
    error: &ArrayError,
    array: &Array<T>,
) -> fmt::Result {
    write!(f, "cannot be computed: {error}, made at {}", array.node.made_at)
}

impl<T: Element> fmt::Debug for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
