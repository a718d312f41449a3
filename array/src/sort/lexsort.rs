//! `lexsort`: the order by several keys.

use super::order::order;
use crate::array::Array;
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::blocks::{BlockInfo, BlockOp, block_op};
use crate::chunk::{Chunk, chunk_of};
use crate::element::Real;
use crate::elementwise::align;
use crate::error::ArrayError;
use crate::expr::Node;
use crate::rechunk::rechunk;
use crate::tile::check_shape;
use chunkwise_graph::{BlockMap, BoxError, Value};
use ndarray::{ArrayD, Axis, IxDyn};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::marker::PhantomData;
use std::sync::Arc;

/// Where the elements lie along an axis, from 0, in the order of several keys: by the last key; those
/// that are equal by the key before it; and so on, as NumPy has it. Of elements whose keys are all
/// equal the first comes first. NaN comes last.
///
/// All keys have one shape, which the result has too; the axis becomes one chunk, the cut along the
/// other axes is that of the keys together.
///
/// # Errors
/// - [`ArrayError::Argument`] if there are no keys, or not one axis;
/// - [`ArrayError::Axis`] if there is no such axis;
/// - [`ArrayError::Shape`] if a key has another shape than the first one;
/// - [`ArrayError::Deferred`] if only a run tells the length of the axis.
///
/// # Complexity
/// O(k n log n) for each lane of `n` elements and `k` keys. A task takes all chunks of all keys along
/// the axis.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, lexsort};
/// let names = Array::from_ndarray(&ndarray::arr1(&[2, 0, 1, 0]), 2);
/// let years = Array::from_ndarray(&ndarray::arr1(&[1990, 1990, 1980, 1970]), 3);
/// let by_year_then_name = lexsort(&[&names, &years], -1);
/// assert_eq!(by_year_then_name.compute()?, ndarray::arr1(&[3u64, 2, 1, 0]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn lexsort<T: Real>(keys: &[&Array<T>], axis: impl Into<Axes>) -> Array<u64> {
    let nodes: Vec<&Arc<Node>> = keys.iter().map(|key| &key.node).collect();
    Array::build("lexsort", &nodes, |made_at| {
        let Some(first) = keys.first() else {
            return Err(ArrayError::Argument { name: "keys", why: "there are none".to_owned() });
        };
        let axis = axis.into().one(first.ndim())?;
        let len = first.chunks().axes()[axis].len();
        let len = len.ok_or(ArrayError::Deferred { operation: "lexsort", axis })?;
        if let Some(other) = keys.iter().find(|key| key.shape() != first.shape()) {
            let expected = crate::extent::tuple_text(first.shape().iter());
            return Err(ArrayError::shape(format!("a key of {expected} belongs"), &other.shape()));
        }
        let nodes: Vec<Arc<Node>> = nodes.iter().map(|node| Arc::clone(node)).collect();
        let aligned = align(&nodes, made_at)?;
        let chunks = aligned.chunks.with_axis(axis, AxisChunks::whole(len));
        let inputs = aligned.inputs.into_iter().map(|key| rechunk(key, chunks.clone(), made_at));
        let inputs: Vec<Arc<Node>> = inputs.collect();
        let maps = vec![BlockMap::Same; inputs.len()];
        let op = Lexsort::<T> { axis, n_keys: inputs.len(), of: PhantomData };
        Ok(block_op(op, inputs, maps, chunks, made_at))
    })
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Lexsort<T> {
    axis: usize,
    n_keys: usize,
    of: PhantomData<fn() -> T>,
}

impl<T: Real> BlockOp for Lexsort<T> {
    type Out = u64;
    const NAME: &'static str = "lexsort";

    fn call(&self, inputs: &mut [Value], _: &BlockInfo) -> Result<ArrayD<u64>, BoxError> {
        let keys = inputs.iter().map(chunk_of::<T>);
        let keys: Vec<&Chunk<T>> = keys.collect::<Result<_, _>>()?;
        let shape = keys.first().ok_or("there are no keys")?.shape();
        keys.iter().try_for_each(|key| check_shape(key.shape(), shape))?;
        let axis = Axis(self.axis);
        let views: Vec<_> = keys.iter().map(|key| key.view()).collect();
        let mut lanes: Vec<_> = views.iter().map(|key| key.lanes(axis).into_iter()).collect();
        let mut out = ArrayD::from_elem(IxDyn(shape), 0u64);
        for mut out in out.lanes_mut(axis) {
            let lane: Vec<Vec<T>> =
                lanes.iter_mut().filter_map(Iterator::next).map(|lane| lane.to_vec()).collect();
            let mut places: Vec<u64> = (0..out.len() as u64).collect();
            places.sort_by(|&a, &b| by_keys(&lane, a as usize, b as usize));
            out.iter_mut().zip(places).for_each(|(out, place)| *out = place);
        }
        Ok(out)
    }

    /// The keys of one lane, the places, and as many again while they are sorted.
    fn scratch(&self, shape: &[usize]) -> usize {
        let n = shape.get(self.axis).copied().unwrap_or(0);
        let of_keys = self.n_keys.saturating_mul(size_of::<T>());
        n.saturating_mul(of_keys.saturating_add(2 * size_of::<u64>()))
    }
}

/// How two places of a lane lie: by the last key that tells them apart.
fn by_keys<T: Real>(keys: &[Vec<T>], a: usize, b: usize) -> Ordering {
    let each = keys.iter().rev().map(|key| order(&key[a], &key[b]));
    each.fold(Ordering::Equal, Ordering::then)
}
