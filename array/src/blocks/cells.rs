//! [`Cells`]: what a function of core dimensions is called with, and what it must give.

use crate::element::Element;
use crate::error::ArrayError;
use crate::layout::broadcast_shapes;
use crate::tile::check_shape;
use chunkwise_graph::BoxError;
use ndarray::{ArrayD, ArrayViewD, Axis, Dimension, IxDyn, indices};
use serde::{Deserialize, Serialize};

/// How blocks are seen by a function of core dimensions: loop dimensions, which broadcast, and
/// behind them the core dimensions of each.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Cells {
    /// Number of core dimensions of each input.
    pub(super) n_core: Vec<usize>,
    /// The length of each core dimension of the output.
    pub(super) output: Vec<usize>,
    /// Whether the function is called for each place along the loop dimensions.
    pub(super) is_vectorized: bool,
}

impl Cells {
    /// The lengths of the loop dimensions of blocks of these shapes.
    ///
    /// # Errors
    /// [`ArrayError::Broadcast`].
    pub(super) fn loops(&self, shapes: &[&[usize]]) -> Result<Vec<usize>, ArrayError> {
        let own = |(shape, n_core): (&&[usize], &usize)| -> Vec<usize> {
            shape[..shape.len().saturating_sub(*n_core)].to_vec()
        };
        let own: Vec<Vec<usize>> = shapes.iter().zip(&self.n_core).map(own).collect();
        let own: Vec<&[usize]> = own.iter().map(|shape| &shape[..]).collect();
        broadcast_shapes(&own)
    }

    /// The block of an input, repeated along loop dimensions that it does not have.
    ///
    /// # Errors
    /// [`ArrayError::Chunk`].
    pub(super) fn spread<'a, T: Element>(
        &self,
        input: usize,
        block: &'a ArrayViewD<'_, T>,
        loops: &[usize],
    ) -> Result<ArrayViewD<'a, T>, ArrayError> {
        let own = block.ndim().saturating_sub(self.n_core[input]);
        let expected = [loops, &block.shape()[own..]].concat();
        block.broadcast(IxDyn(&expected)).ok_or_else(|| ArrayError::Chunk {
            found: block.shape().into(),
            expected: expected.into(),
        })
    }

    /// What `f` gives at each place along the loop dimensions; it is called once, with no place, if
    /// it takes them all.
    ///
    /// # Errors
    /// [`ArrayError::Chunk`] if it gives another shape than the output has.
    pub(super) fn call<B: Element>(
        &self,
        loops: &[usize],
        mut f: impl FnMut(&[usize]) -> ArrayD<B>,
    ) -> Result<ArrayD<B>, BoxError> {
        let shape = [loops, &self.output].concat();
        if !self.is_vectorized {
            let out = f(&[]);
            check_shape(out.shape(), &shape)?;
            return Ok(out);
        }
        let mut out = ArrayD::from_elem(IxDyn(&shape), B::default());
        for place in indices(IxDyn(loops)) {
            let found = f(place.slice());
            check_shape(found.shape(), &self.output)?;
            let to = place.slice().iter();
            to.fold(out.view_mut(), |out, &at| out.index_axis_move(Axis(0), at)).assign(&found);
        }
        Ok(out)
    }
}

/// What lies at a place along the first dimensions.
pub(super) fn cell<'a, T: Element>(
    block: &ArrayViewD<'a, T>,
    place: &[usize],
) -> ArrayViewD<'a, T> {
    place.iter().fold(block.clone(), |block, &at| block.index_axis_move(Axis(0), at))
}
