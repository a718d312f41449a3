//! Histograms, of one array or of several ones together.

use super::bins::Bins;
use super::quantile::to_f64;
use crate::array::Array;
use crate::chunk::chunk_of;
use crate::chunks::{Chunks, PerAxis};
use crate::element::{Element, Real};
use crate::error::ArrayError;
use crate::expr::Nodes;
use crate::reduce::{Digest, Digested, Joined, LeafAt, Partial, cut_alike, digest};
use chunkwise_graph::{BoxError, Tokenizer, Value};
use ndarray::{ArrayD, IxDyn};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;

/// What becomes of the counts.
pub(super) trait Give: Clone + Send + Sync + 'static {
    type Out: Element;
    fn give(counts: Vec<f64>, bins: &[Bins]) -> Vec<Self::Out>;
}

#[derive(Clone)]
pub(super) struct Counts;

impl Give for Counts {
    type Out = u64;
    fn give(counts: Vec<f64>, _: &[Bins]) -> Vec<u64> {
        counts.into_iter().map(|n| n as u64).collect()
    }
}

#[derive(Clone)]
pub(super) struct Weights;

impl Give for Weights {
    type Out = f64;
    fn give(counts: Vec<f64>, _: &[Bins]) -> Vec<f64> {
        counts
    }
}

/// Counts over their sum and the sizes of the bins.
#[derive(Clone)]
struct Density;

impl Give for Density {
    type Out = f64;
    fn give(counts: Vec<f64>, bins: &[Bins]) -> Vec<f64> {
        let all: f64 = counts.iter().sum();
        let density = |(mut number, n): (usize, f64)| {
            let mut size = 1.0;
            for bins in bins.iter().rev() {
                let at = number % bins.n();
                number /= bins.n();
                size *= bins.edges()[at + 1] - bins.edges()[at];
            }
            n / size / all
        };
        counts.into_iter().enumerate().map(density).collect()
    }
}

/// Counts of the elements in each bin. They are whole numbers below 2^53, or sums of weights.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct Histogram<G> {
    bins: Vec<Bins>,
    is_weighted: bool,
    of: PhantomData<fn() -> G>,
}

impl<G> Clone for Histogram<G> {
    fn clone(&self) -> Histogram<G> {
        Histogram { bins: self.bins.clone(), is_weighted: self.is_weighted, of: PhantomData }
    }
}

impl<G> Histogram<G> {
    fn shape(&self) -> PerAxis<usize> {
        self.bins.iter().map(Bins::n).collect()
    }

    fn n_bins(&self) -> usize {
        self.bins.iter().map(Bins::n).fold(1, usize::saturating_mul)
    }
}

impl<G: Give> Digest for Histogram<G> {
    type Acc = f64;
    type Out = G::Out;
    const NAME: &'static str = "histogram";

    fn leaf(&self, _: &LeafAt, inputs: &mut [Value]) -> Result<Partial<f64>, BoxError> {
        let mut rows: Vec<Cow<'_, [f64]>> = Vec::with_capacity(inputs.len());
        for input in inputs.iter() {
            rows.push(elements(input)?);
        }
        let weights = if self.is_weighted { rows.pop() } else { None };
        let n = rows.first().map_or(0, |row| row.len());
        let mut counts = vec![0.0; self.n_bins()];
        'elements: for at in 0..n {
            let mut bin = 0;
            for (bins, row) in self.bins.iter().zip(&rows) {
                let Some(found) = bins.find(row[at]) else { continue 'elements };
                bin = bin * bins.n() + found;
            }
            counts[bin] += weights.as_ref().map_or(1.0, |weights| weights[at]);
        }
        Ok(Partial { shape: self.shape(), accs: counts, n: n as u64 })
    }

    fn join(&self, parts: &[&Partial<f64>]) -> Result<Partial<f64>, BoxError> {
        added(parts)
    }

    fn finish(&self, partial: Partial<f64>) -> Result<ArrayD<G::Out>, BoxError> {
        let counts = G::give(partial.accs, &self.bins);
        Ok(ArrayD::from_shape_vec(IxDyn(&self.shape()), counts)?)
    }

    fn most(&self, _: &Joined<'_>) -> Option<usize> {
        Some(self.n_bins())
    }

    /// Chunks that do not lie row by row are copied.
    fn leaf_scratch(&self, of: &Joined<'_>) -> usize {
        let n_arrays = self.bins.len() + usize::from(self.is_weighted);
        of.n_in_chunk().saturating_mul(n_arrays * size_of::<f64>())
    }
}

/// The elements of a chunk in row-major order; copied if they lie otherwise.
pub(super) fn elements<T: Element>(value: &Value) -> Result<Cow<'_, [T]>, BoxError> {
    Ok(chunk_of::<T>(value)?.row_major())
}

/// The sums of lists, of which shorter ones count as filled with 0.
pub(super) fn added(parts: &[&Partial<f64>]) -> Result<Partial<f64>, BoxError> {
    let longest = parts.iter().max_by_key(|part| part.accs.len());
    let longest = longest.ok_or("there is nothing to join")?;
    let mut all = Partial { shape: longest.shape.clone(), accs: Vec::new(), n: 0 };
    all.accs.reserve_exact(longest.accs.len());
    for part in parts {
        for (sum, other) in all.accs.iter_mut().zip(&part.accs) {
            *sum += other;
        }
        let n_summed = all.accs.len().min(part.accs.len());
        all.accs.extend_from_slice(&part.accs[n_summed..]);
        all.n += part.n;
    }
    Ok(all)
}

#[track_caller]
fn histogram<G: Give>(
    arrays: &[Array<f64>],
    bins: &[Bins],
    weights: Option<&Array<f64>>,
) -> Array<G::Out> {
    let nodes: Nodes = arrays.iter().chain(weights).map(|array| array.node.clone()).collect();
    let inputs: Vec<_> = nodes.iter().collect();
    Array::build("histogram", &inputs, |made_at| {
        if bins.len() != arrays.len() || arrays.is_empty() {
            let why = format!("{} lists of bins for {} arrays", bins.len(), arrays.len());
            return Err(ArrayError::Argument { name: "bins", why });
        }
        bins.iter().try_for_each(Bins::check)?;
        let nodes = cut_alike(&nodes, made_at)?;
        let kernel =
            Histogram::<G> { bins: bins.to_vec(), is_weighted: weights.is_some(), of: PhantomData };
        let state = postcard::to_stdvec(&(&kernel.bins, kernel.is_weighted)).unwrap_or_default();
        let digested = Digested { arrays: &nodes, to_all: &[], along: None };
        let chunks = Chunks::whole(&kernel.shape());
        digest(&digested, kernel, Tokenizer::of("histogram", &state), |_| chunks, made_at)
    })
}

impl<T: Real> Array<T> {
    /// How many elements are in each bin.
    ///
    /// A bin goes from one edge up to, but without, the next; the last one with it. Elements outside
    /// of all bins, and NaN, count nowhere.
    ///
    /// # Complexity
    /// O(elements); by edges O(elements x log bins). A task a chunk, and a tree of tasks above, each
    /// of which holds some lists of as many numbers as there are bins.
    ///
    /// ```
    /// use chunkwise_array::{Array, Bins, CollectionExt};
    /// let x = Array::<i32>::arange(0, 11, 1, 4);
    /// let counts = x.histogram(Bins::uniform(5, 0.0, 10.0));
    /// assert_eq!(counts.compute()?, ndarray::array![2u64, 2, 2, 2, 3].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn histogram(&self, bins: impl Into<Bins>) -> Array<u64> {
        histogram::<Counts>(&[to_f64(self)], &[bins.into()], None)
    }

    /// The sum of the weights of the elements in each bin; see [`Array::histogram`]. Weights have
    /// the shape of the array.
    #[track_caller]
    pub fn histogram_weighted(&self, bins: impl Into<Bins>, weights: &Array<f64>) -> Array<f64> {
        histogram::<Weights>(&[to_f64(self)], &[bins.into()], Some(weights))
    }

    /// The density of the elements in each bin: counts over their sum and the widths of the bins;
    /// see [`Array::histogram`]. NaN if all bins are empty.
    #[track_caller]
    pub fn histogram_density(&self, bins: impl Into<Bins>) -> Array<f64> {
        histogram::<Density>(&[to_f64(self)], &[bins.into()], None)
    }

    /// How many pairs of elements of this array and another of the same shape are in each bin; see
    /// [`Array::histogram`].
    #[track_caller]
    pub fn histogram2d(
        &self,
        other: &Array<T>,
        bins: impl Into<Bins>,
        bins_of_other: impl Into<Bins>,
    ) -> Array<u64> {
        Array::histogramdd(&[self, other], &[bins.into(), bins_of_other.into()])
    }

    /// How many of the points whose coordinates are at the same place of each array are in each
    /// bin: an axis of the result for each array. See [`Array::histogram`].
    ///
    /// It is an error if shapes differ, or if there are not as many lists of bins as arrays.
    #[track_caller]
    pub fn histogramdd(coordinates: &[&Array<T>], bins: &[Bins]) -> Array<u64> {
        let coordinates: Vec<Array<f64>> = coordinates.iter().map(|x| to_f64(x)).collect();
        histogram::<Counts>(&coordinates, bins, None)
    }

    /// The sum of the weights of the points in each bin; see [`Array::histogramdd`].
    #[track_caller]
    pub fn histogramdd_weighted(
        coordinates: &[&Array<T>],
        bins: &[Bins],
        weights: &Array<f64>,
    ) -> Array<f64> {
        let coordinates: Vec<Array<f64>> = coordinates.iter().map(|x| to_f64(x)).collect();
        histogram::<Weights>(&coordinates, bins, Some(weights))
    }

    /// The density of the points in each bin; see [`Array::histogramdd`].
    #[track_caller]
    pub fn histogramdd_density(coordinates: &[&Array<T>], bins: &[Bins]) -> Array<f64> {
        let coordinates: Vec<Array<f64>> = coordinates.iter().map(|x| to_f64(x)).collect();
        histogram::<Density>(&coordinates, bins, None)
    }
}
