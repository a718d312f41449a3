//! What matrices are like that algorithms take.

use crate::axis_chunks::AxisChunks;
use crate::chunks::Chunks;
use crate::error::ArrayError;
use crate::expr::Node;
use crate::rechunk::rechunk;
use std::panic::Location;
use std::sync::Arc;

/// That an array has two axes.
///
/// # Errors
/// [`ArrayError::Shape`].
pub(super) fn check_matrix(node: &Node) -> Result<(), ArrayError> {
    match node.chunks.ndim() {
        2 => Ok(()),
        _ => Err(ArrayError::shape("a matrix belongs", &node.chunks.extents())),
    }
}

/// The number of rows of a square matrix.
///
/// # Errors
/// [`ArrayError::Shape`], [`ArrayError::Deferred`].
pub(super) fn square(node: &Node, operation: &'static str) -> Result<usize, ArrayError> {
    check_matrix(node)?;
    let shape = crate::array::known_shape(node, operation)?;
    match shape[0] == shape[1] {
        true => Ok(shape[0]),
        false => Err(ArrayError::shape("a square matrix belongs", &node.chunks.extents())),
    }
}

/// How both axes of a square matrix are cut for an algorithm by blocks: like the one of more chunks.
pub(super) fn square_cut(node: &Node) -> AxisChunks {
    let (rows, cols) = (&node.chunks.axes()[0], &node.chunks.axes()[1]);
    let finer = if cols.n_chunks() >= rows.n_chunks() { cols } else { rows };
    without_empty(finer)
}

/// The same cut without empty chunks.
pub(super) fn without_empty(axis: &AxisChunks) -> AxisChunks {
    match axis.sizes() {
        Some(sizes) if sizes.contains(&0) => {
            AxisChunks::of_sizes(sizes.into_iter().filter(|&size| size > 0))
        }
        _ => axis.clone(),
    }
}

/// A matrix cut into the blocks of these axes.
pub(super) fn cut(
    node: &Arc<Node>,
    axes: impl IntoIterator<Item = AxisChunks>,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let chunks: Chunks = axes.into_iter().collect();
    rechunk(Arc::clone(node), chunks, made_at)
}
