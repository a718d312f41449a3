//! The greatest or least few elements along an axis.

use super::order::order;
use crate::array::Array;
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{chunk_of, row_major};
use crate::chunks::PerAxis;
use crate::element::{Element, Real};
use crate::reduce::{Digest, Digested, Joined, LeafAt, Partial, digest};
use chunkwise_graph::{BoxError, Tokenizer, Value};
use ndarray::{ArrayD, IxDyn};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::marker::PhantomData;

/// What is given of an element and its position.
trait Pick<T>: Clone + Send + Sync + 'static {
    type Out: Element;
    fn pick(ranked: &(T, u64)) -> Self::Out;
}

#[derive(Clone)]
struct Elements;

impl<T: Element> Pick<T> for Elements {
    type Out = T;
    fn pick(ranked: &(T, u64)) -> T {
        ranked.0
    }
}

#[derive(Clone)]
struct Positions;

impl<T: Element> Pick<T> for Positions {
    type Out = u64;
    fn pick(ranked: &(T, u64)) -> u64 {
        ranked.1
    }
}

/// Partial results hold the best of each lane, one lane behind the other.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct TopK<T, P> {
    axis: usize,
    k: usize,
    greatest: bool,
    of: PhantomData<fn() -> (T, P)>,
}

impl<T, P> Clone for TopK<T, P> {
    fn clone(&self) -> TopK<T, P> {
        TopK { ..*self }
    }
}

impl<T: Real, P> TopK<T, P> {
    fn order(&self, a: &(T, u64), b: &(T, u64)) -> Ordering {
        let by_element = if self.greatest { order(&b.0, &a.0) } else { order(&a.0, &b.0) };
        by_element.then(a.1.cmp(&b.1))
    }

    fn n_lanes(&self, chunk: &[usize]) -> usize {
        let others = chunk.iter().enumerate().filter(|(axis, _)| *axis != self.axis);
        others.map(|(_, len)| *len).fold(1, usize::saturating_mul)
    }

    /// Leaves the best `k`, best first.
    fn keep_best(&self, ranked: &mut Vec<(T, u64)>) {
        if self.k < ranked.len() {
            ranked.select_nth_unstable_by(self.k, |a, b| self.order(a, b));
            ranked.truncate(self.k);
        }
        ranked.sort_unstable_by(|a, b| self.order(a, b));
    }
}

impl<T: Real, P: Pick<T>> Digest for TopK<T, P> {
    type Acc = (T, u64);
    type Out = P::Out;
    const NAME: &'static str = "topk";

    fn leaf(&self, at: &LeafAt, inputs: &mut [Value]) -> Result<Partial<(T, u64)>, BoxError> {
        let [input] = inputs else { return Err("the best are of one chunk".into()) };
        let input = input.take();
        let chunk = chunk_of::<T>(&input)?;
        let start = at.starts.as_ref().map_or(0, |starts| starts[self.axis]) as u64;
        let mut shape: PerAxis<usize> = chunk.shape().into();
        let n = shape.remove(self.axis);
        let n_lanes: usize = shape.iter().product();
        shape.push(n.min(self.k));
        let mut accs = Vec::with_capacity(shape.iter().product());
        let mut best: Vec<(T, u64)> = Vec::with_capacity(n);
        let view = chunk.view();
        for lane in view.lanes(ndarray::Axis(self.axis)).into_iter().take(n_lanes) {
            best.clear();
            best.extend(lane.iter().copied().zip(start..));
            self.keep_best(&mut best);
            accs.extend_from_slice(&best);
        }
        Ok(Partial { shape, accs, n: n as u64 })
    }

    fn join(&self, parts: &[&Partial<(T, u64)>]) -> Result<Partial<(T, u64)>, BoxError> {
        let Some(first) = parts.first() else { return Err("there is nothing to join".into()) };
        let mut shape = first.shape.clone();
        let lens: Vec<usize> =
            parts.iter().map(|part| part.shape.last().map_or(0, |n| *n)).collect();
        shape.pop();
        let n_lanes: usize = shape.iter().product();
        shape.push(lens.iter().sum::<usize>().min(self.k));
        let mut accs = Vec::with_capacity(shape.iter().product());
        let mut best = Vec::with_capacity(lens.iter().sum());
        for lane in 0..n_lanes {
            best.clear();
            for (part, len) in parts.iter().zip(&lens) {
                let found = part.accs.get(lane * len..(lane + 1) * len);
                best.extend_from_slice(found.ok_or("partial results of different shapes")?);
            }
            self.keep_best(&mut best);
            accs.extend_from_slice(&best);
        }
        Ok(Partial { shape, accs, n: parts.iter().map(|part| part.n).sum() })
    }

    fn finish(&self, partial: Partial<(T, u64)>) -> Result<ArrayD<P::Out>, BoxError> {
        let elements = partial.accs.iter().map(P::pick).collect();
        let array = ArrayD::from_shape_vec(IxDyn(&partial.shape), elements)?;
        let mut order: Vec<usize> = (0..array.ndim().saturating_sub(1)).collect();
        order.insert(self.axis, array.ndim() - 1);
        let array = array.permuted_axes(order);
        let shape = array.shape().to_vec();
        Ok(ArrayD::from_shape_vec(shape, row_major(array))?)
    }

    fn most(&self, of: &Joined<'_>) -> Option<usize> {
        let best = of.chunk[self.axis].saturating_mul(of.n).min(self.k);
        Some(self.n_lanes(of.chunk).saturating_mul(best))
    }

    /// One lane, with its positions.
    fn leaf_scratch(&self, of: &Joined<'_>) -> usize {
        of.chunk[self.axis].saturating_mul(size_of::<(T, u64)>())
    }

    /// One lane, of all parts.
    fn join_scratch(&self, of: &Joined<'_>, n_accs: usize) -> usize {
        n_accs.div_ceil(self.n_lanes(of.chunk).max(1)).saturating_mul(size_of::<(T, u64)>())
    }

    /// The result with its axes in another order.
    fn finish_scratch(&self, n_accs: usize) -> usize {
        n_accs.saturating_mul(size_of::<P::Out>())
    }
}

#[track_caller]
fn topk<T: Real, P: Pick<T>>(
    name: &'static str,
    x: &Array<T>,
    axes: Axes,
    k: isize,
    needs_positions: bool,
) -> Array<P::Out> {
    Array::build(name, &[&x.node], |made_at| {
        let axis = axes.one(x.ndim())?;
        let cut = &x.node.chunks.axes()[axis];
        // Where a chunk starts is known if all lengths are.
        if needs_positions {
            crate::array::known_shape(&x.node, name)?;
        }
        let (len, greatest) = (cut.len(), k > 0);
        let wanted = k.unsigned_abs();
        let k = len.map_or(wanted, |len| wanted.min(len));
        let parameters = Tokenizer::of("topk", &(axis, k, greatest));
        let digested =
            Digested { arrays: std::slice::from_ref(&x.node), to_all: &[], along: Some(axis) };
        let kernel = TopK::<T, P> { axis, k, greatest, of: PhantomData };
        let chunks = |token| {
            let cut = match len {
                Some(_) => AxisChunks::whole(k),
                None => AxisChunks::deferred(1, token),
            };
            x.node.chunks.with_axis(axis, cut)
        };
        digest(&digested, kernel, parameters, chunks, made_at)
    })
}

impl<T: Real> Array<T> {
    /// The `k` greatest elements along an axis, the greatest first; of a negative `k` the least
    /// ones, the least first. NaN counts as the greatest. Of fewer elements: all.
    ///
    /// The axis becomes one chunk; the others stay.
    ///
    /// # Complexity
    /// O(elements): each chunk gives its best, which a tree of tasks joins.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![5, 1, 3, 6], 2);
    /// assert_eq!(x.topk(0, 2).compute()?, ndarray::array![6, 5].into_dyn());
    /// assert_eq!(x.topk(0, -2).compute()?, ndarray::array![1, 3].into_dyn());
    /// assert_eq!(x.argtopk(0, 2).compute()?, ndarray::array![3u64, 0].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn topk(&self, axis: impl Into<Axes>, k: isize) -> Array<T> {
        topk::<T, Elements>("topk", self, axis.into(), k, false)
    }

    /// The positions along the axis, from 0, of the elements of [`Array::topk`]; of equal elements
    /// the first is better. It is an error if a length of the array is deferred.
    #[track_caller]
    pub fn argtopk(&self, axis: impl Into<Axes>, k: isize) -> Array<u64> {
        topk::<T, Positions>("argtopk", self, axis.into(), k, true)
    }
}
