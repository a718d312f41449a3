//! How often each number occurs.

use super::bins::Bins;
use super::histogram::{Counts, Give, Weights, added, elements};
use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::chunks::PerAxis;
use crate::element::Integer;
use crate::error::ArrayError;
use crate::expr::Nodes;
use crate::reduce::{Digest, Digested, Joined, LeafAt, Partial, cut_alike, digest};
use chunkwise_graph::{BoxError, Tokenizer, Value};
use ndarray::{ArrayD, IxDyn};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct BinCount<T, G> {
    min_len: usize,
    is_weighted: bool,
    of: PhantomData<fn() -> (T, G)>,
}

impl<T, G> Clone for BinCount<T, G> {
    fn clone(&self) -> BinCount<T, G> {
        BinCount { ..*self }
    }
}

/// The place of a number.
fn place<T: Integer>(element: T) -> Result<usize, BoxError> {
    let wrong = |why: &str| {
        Err(ArrayError::Argument { name: "bincount", why: format!("{element} {why}") }.into())
    };
    if element < T::ZERO {
        return wrong("is negative");
    }
    match element.to_string().parse::<usize>() {
        Ok(place) => Ok(place),
        Err(_) => wrong("is too large"),
    }
}

impl<T: Integer, G: Give> Digest for BinCount<T, G> {
    type Acc = f64;
    type Out = G::Out;
    const NAME: &'static str = "bincount";

    fn leaf(&self, _: &LeafAt, inputs: &mut [Value]) -> Result<Partial<f64>, BoxError> {
        let (numbers, weights) = match (&*inputs, self.is_weighted) {
            ([numbers, weights], true) => (numbers, Some(elements::<f64>(weights)?)),
            ([numbers], false) => (numbers, None),
            _ => return Err("numbers without their weights".into()),
        };
        let numbers = elements::<T>(numbers)?;
        numbers.iter().copied().min().map(place).transpose()?;
        let greatest = numbers.iter().copied().max().map(place).transpose()?;
        let len = greatest.map_or(0, |greatest| greatest.saturating_add(1));
        let mut counts: Vec<f64> = Vec::new();
        counts.try_reserve_exact(len)?;
        counts.resize(len, 0.0);
        for (at, number) in numbers.iter().enumerate() {
            let weight = weights.as_ref().map_or(1.0, |weights| weights[at]);
            counts[number.to_f64() as usize] += weight;
        }
        Ok(Partial { shape: PerAxis::from_slice(&[len]), accs: counts, n: numbers.len() as u64 })
    }

    fn join(&self, parts: &[&Partial<f64>]) -> Result<Partial<f64>, BoxError> {
        added(parts)
    }

    fn finish(&self, mut partial: Partial<f64>) -> Result<ArrayD<G::Out>, BoxError> {
        let len = partial.accs.len().max(self.min_len);
        partial.accs.resize(len, 0.0);
        let no_bins: &[Bins] = &[];
        Ok(ArrayD::from_shape_vec(IxDyn(&[len]), G::give(partial.accs, no_bins))?)
    }

    /// The greatest number decides, which only the run knows.
    fn most(&self, _: &Joined<'_>) -> Option<usize> {
        None
    }

    fn leaf_scratch(&self, _: &Joined<'_>) -> usize {
        0
    }
}

#[track_caller]
fn bincount<T: Integer, G: Give>(
    x: &Array<T>,
    min_len: usize,
    weights: Option<&Array<f64>>,
) -> Array<G::Out> {
    let nodes: Nodes =
        [x.node.clone()].into_iter().chain(weights.map(|w| w.node.clone())).collect();
    let inputs: Vec<_> = nodes.iter().collect();
    Array::build("bincount", &inputs, |made_at| {
        let nodes = cut_alike(&nodes, made_at)?;
        let is_weighted = weights.is_some();
        let kernel = BinCount::<T, G> { min_len, is_weighted, of: PhantomData };
        let digested = Digested { arrays: &nodes, to_all: &[], along: None };
        let parameters = Tokenizer::of("bincount", &(min_len, is_weighted));
        let chunks = |token| [AxisChunks::deferred(1, token)].into_iter().collect();
        digest(&digested, kernel, parameters, chunks, made_at)
    })
}

impl<T: Integer> Array<T> {
    /// How often each number occurs: element i of the result counts i. The length of the result is
    /// deferred: the greatest number and 1 more, but at least `min_len`.
    ///
    /// It is an error of the task if there is a negative number.
    ///
    /// # Complexity
    /// O(elements + chunks x the greatest number).
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![1, 3, 1, 0], 2);
    /// assert_eq!(x.bincount(0).compute()?, ndarray::array![1u64, 2, 0, 1].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn bincount(&self, min_len: usize) -> Array<u64> {
        bincount::<T, Counts>(self, min_len, None)
    }

    /// The sum of the weights of each number; see [`Array::bincount`]. Weights have the shape of the
    /// array.
    #[track_caller]
    pub fn bincount_weighted(&self, weights: &Array<f64>, min_len: usize) -> Array<f64> {
        bincount::<T, Weights>(self, min_len, Some(weights))
    }
}
