//! `put_along_axis`: each position along an axis that is named gets its own value.

use super::lazy_take::Along;
use super::list::{axis_len, axis_of};
use crate::array::{Array, known_shape};
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::blocks::{BlockInfo, BlockOp, block_op};
use crate::chunk::{chunk_of, take_array};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::elementwise::{IntoOperand, Operand};
use crate::error::ArrayError;
use crate::expr::Node;
use crate::rechunk::rechunk;
use chunkwise_graph::{AxisMap, BlockMap, BoxError, Value};
use ndarray::{ArrayD, Axis};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

impl<T: Element> Array<T> {
    /// The array in which, for each element of `indices`, what is at that position along an axis, in
    /// the same row or column, is the element of `values` at the same place: with what `argsort` along
    /// the axis gives, the inverse of [`Array::take_along_axis`].
    ///
    /// `indices` has as many axes as the array; `values` is a number, or an array that broadcasts to
    /// them. Along the other axes both are as long as the array, or have length 1 and are repeated.
    /// Negative positions count from the end; of values for the same position the last one stays.
    /// Preserves shape and chunks; this array stays as it is.
    ///
    /// # Errors
    /// - [`ArrayError::Shape`] if `indices` or `values` have another shape;
    /// - [`ArrayError::Deferred`] if only a run tells a length;
    /// - [`ArrayError::Index`], when it is computed, if a position does not exist.
    ///
    /// # Complexity
    /// O(elements + positions x chunks along the axis). A task for each chunk of the array, which
    /// takes all positions and values of its rows, made one chunk along the axis, and changes the
    /// chunk in place if nobody else needs it.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::array;
    /// let x = Array::from_ndarray(&array![[10, 20, 30], [40, 50, 60]], 2);
    /// let at = Array::from_ndarray(&array![[2i64], [0]], 1);
    /// assert_eq!(x.put_along_axis(1, &at, 7).compute()?, array![[10, 20, 7], [7, 50, 60]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn put_along_axis(
        &self,
        axis: impl Into<Axes>,
        indices: &Array<i64>,
        values: impl IntoOperand<T>,
    ) -> Array<T> {
        const NAME: &str = "put_along_axis";
        let values = match values.into_operand() {
            Operand::Number(value) => Array::full((), value, 1),
            Operand::Array(values) => values,
        };
        Array::build(NAME, &[&self.node, &indices.node, &values.node], |made_at| {
            let axis = axis_of(axis, self.ndim())?;
            let len = axis_len(self, axis, NAME)?;
            for node in [&self.node, &indices.node, &values.node] {
                known_shape(node, NAME)?;
            }
            if indices.ndim() != self.ndim() {
                let expected = format!("one of {} axes belongs", self.ndim());
                return Err(ArrayError::shape(expected, &indices.shape()));
            }
            let along = indices.chunks().axes()[axis].clone();
            let places = self.chunks().with_axis(axis, along);
            let (indices, of_indices) = beside(&indices.node, &places, axis, made_at)?;
            let (values, of_values) = beside(&values.node, &places, axis, made_at)?;
            let op = PutAlong::<T> { along: Along { axis, len }, of: PhantomData };
            let (inputs, chunks) =
                ([self.node.clone(), indices, values], (*self.node.chunks).clone());
            Ok(block_op(op, inputs, vec![BlockMap::Same, of_indices, of_values], chunks, made_at))
        })
    }
}

/// An array that broadcasts to these places, whole along an axis and cut like them along the others,
/// and which of its blocks goes with one of theirs.
///
/// # Errors
/// [`ArrayError::Shape`] if it does not broadcast.
fn beside(
    node: &Arc<Node>,
    places: &Chunks,
    axis: usize,
    made_at: &'static Location<'static>,
) -> Result<(Arc<Node>, BlockMap), ArrayError> {
    let wrong = || {
        let places = crate::extent::tuple_text(places.extents().iter());
        ArrayError::shape(
            format!("one belongs that broadcasts to {places}"),
            &node.chunks.extents(),
        )
    };
    let missing = places.ndim().checked_sub(node.chunks.ndim()).ok_or_else(wrong)?;
    let own = node.chunks.axes().iter().zip(&places.axes()[missing..]).enumerate();
    let own = own.map(|(at, (own, place))| match (own.len(), place.len()) {
        (Some(len), place) if missing + at == axis && (len == 1 || place == Some(len)) => {
            Ok((AxisChunks::whole(len), AxisMap::One))
        }
        (len, of_place) if missing + at != axis && len == of_place => {
            Ok((place.clone(), AxisMap::Out((missing + at) as u8)))
        }
        (Some(1), _) => Ok((AxisChunks::whole(1), AxisMap::One)),
        _ => Err(wrong()),
    });
    let own: Vec<(AxisChunks, AxisMap)> = own.collect::<Result<_, _>>()?;
    let (cut, axes): (Vec<AxisChunks>, Vec<AxisMap>) = own.into_iter().unzip();
    let node = rechunk(Arc::clone(node), cut.into_iter().collect(), made_at);
    let map = BlockMap::Axes { grid: node.chunks.grid(), axes: axes.into() };
    Ok((node, map))
}

/// The values at their positions in the chunks of an array.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct PutAlong<T> {
    along: Along,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> BlockOp for PutAlong<T> {
    type Out = T;
    const NAME: &'static str = "put_along_axis";

    fn call(&self, inputs: &mut [Value], at: &BlockInfo) -> Result<ArrayD<T>, BoxError> {
        let [x, indices, values] = inputs else {
            return Err("an array, positions and values are given".into());
        };
        let (mut x, axis) = (take_array::<T>(x)?, self.along.axis);
        let first =
            at.start.as_ref().and_then(|start| start.get(axis)).ok_or("lengths are known")?;
        let indices = chunk_of::<i64>(indices)?;
        let mut shape: PerAxis<usize> = x.shape().into();
        shape[axis] = *indices.shape().get(axis).ok_or("positions have as many axes")?;
        let expected = || ArrayError::Chunk { found: [].into(), expected: shape[..].into() };
        let indices = indices.broadcast(&shape).ok_or_else(expected)?;
        let values = chunk_of::<T>(values)?.broadcast(&shape).ok_or_else(expected)?;
        let range = *first..*first + x.shape()[axis];
        let rows = indices.lanes(Axis(axis)).into_iter().zip(values.lanes(Axis(axis)));
        for ((indices, values), mut x) in rows.zip(x.lanes_mut(Axis(axis))) {
            for (&index, &value) in indices.iter().zip(values) {
                let position = self.along.position(index)?;
                if range.contains(&position) {
                    x[position - range.start] = value;
                }
            }
        }
        Ok(x)
    }

    /// A copy of the chunk, if somebody else holds it.
    fn scratch(&self, _: &[usize]) -> usize {
        0
    }
}
