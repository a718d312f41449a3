//! Arrays as collections: from layers to an `ndarray` array.

use crate::array::Array;
use crate::assemble::assemble;
use crate::chunk::Chunk;
use crate::element::Element;
use crate::expr::{Node, OfLayer, lower, simplify};
use crate::tile::join;
use chunkwise_graph::{
    Collection, Error, Graph, Layer, Persist, Resolve, Result, Scheduler, Value,
};
use ndarray::{ArrayD, IxDyn};
use std::sync::Arc;

impl<T: Element> Collection for Array<T> {
    type Output = ArrayD<T>;

    fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
        layers.push(lower(&simplify(&self.node)));
    }

    /// # Complexity
    /// O(elements), from 32 MiB on by several threads. Each chunk is dropped when it has been copied;
    /// before that, the chunks are held beside the result: twice its bytes, if there are several.
    fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<ArrayD<T>> {
        let n = self.node.chunks.n_chunks() as usize;
        if n == 1 {
            let value = parts.next().unwrap_or_default();
            return Ok(value.take_or_clone::<Chunk<T>>()?.into_array());
        }
        let parts: Vec<Value> = parts.take(n).collect();
        match self.node.chunks.shape() {
            Some(_) => assemble(&self.node.chunks, parts)
                .and_then(|whole| whole.map_err(|why| invalid(&self.node, &why))),
            None => concatenate(&self.node, parts),
        }
    }

    fn optimize(&self, graph: &mut Graph) {
        graph.cull();
        graph.inline();
        graph.fuse_blockwise();
        graph.rewrite_blockwise(join);
        graph.fuse_folds();
    }
}

/// Puts chunks together whose shapes are known only now.
fn concatenate<T: Element>(node: &Node, mut parts: Vec<Value>) -> Result<ArrayD<T>> {
    let mut arrays: Vec<ArrayD<T>> = Vec::with_capacity(parts.len());
    for part in parts.drain(..) {
        arrays.push(part.take_or_clone::<Chunk<T>>()?.into_array());
    }
    for (axis, &n) in node.chunks.grid().iter().enumerate().rev() {
        let joined = arrays.chunks(n.max(1) as usize).map(|row| {
            let views: Vec<_> = row.iter().map(|array| array.view()).collect();
            ndarray::concatenate(ndarray::Axis(axis), &views)
        });
        arrays = joined
            .collect::<std::result::Result<_, _>>()
            .map_err(|error: ndarray::ShapeError| invalid(node, &error))?;
    }
    Ok(arrays.pop().unwrap_or_else(|| ArrayD::from_elem(IxDyn(&[0]), T::default())))
}

/// Chunks that are not what the array promised.
fn invalid(node: &Node, why: &dyn std::fmt::Display) -> Error {
    Error::InvalidLayer {
        layer: node.operation().name().to_owned(),
        why: why.to_string(),
        made_at: node.made_at,
    }
}

impl<T: Element> Persist for Array<T> {
    fn rebuild(&self, layers: &mut dyn Iterator<Item = Arc<Layer>>) -> Array<T> {
        let Some(layer) = layers.next() else { return self.clone() };
        let held = OfLayer(Arc::clone(&layer));
        let (chunks, token) = (Arc::clone(&self.node.chunks), self.node.token);
        Array::of_node(Node::new(held, [], T::DTYPE, chunks, token, self.node.made_at))
    }
}

impl<T: Element> Resolve for Array<T> {
    fn resolve_with(&self, scheduler: &(impl Scheduler + ?Sized)) -> Result<Array<T>> {
        let held = self.persist_with(scheduler)?;
        if held.node.chunks.shape().is_some() {
            return Ok(held);
        }
        let Some(OfLayer(layer)) = held.node.as_operation::<OfLayer>() else { return Ok(held) };
        let chunks = measured::<T>(layer, self.node.chunks.axes().len())?;
        Ok(Array::from_layer(Arc::clone(layer), chunks))
    }
}

/// The cut of a layer whose blocks are held: the sizes along each axis are those of its edge.
fn measured<T: Element>(layer: &Layer, ndim: usize) -> Result<crate::chunks::Chunks> {
    let grid = layer.grid();
    let axis_sizes = |axis: usize| -> Result<crate::axis_chunks::AxisChunks> {
        let mut sizes = Vec::new();
        for at in 0..grid[axis] {
            let mut index = vec![0; ndim];
            index[axis] = at;
            let block = chunkwise_graph::grid::flatten(grid, &index);
            // Held blocks are constants; of others nothing is known yet.
            let held = layer.blocks().constant(block).cloned().unwrap_or_default();
            let size = held.get::<Chunk<T>>()?.shape()[axis];
            sizes.push(size);
        }
        Ok(crate::axis_chunks::AxisChunks::of_sizes(sizes))
    };
    (0..ndim).map(axis_sizes).collect()
}
