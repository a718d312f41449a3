//! Exact quantiles of all elements, which are never brought together.
//!
//! First each chunk gives elements at equal distances in its sorted order ([`Sample`]). How many
//! elements of all chunks are less than one of them is known from these up to the distances, so
//! that each wanted rank can be put between two of them ([`Bounds`]). Then each chunk gives what it
//! has between, and how much it has below ([`Found`]): that is enough to find the very element.

use super::quantiles::Quantiles;
use crate::array::Array;
use crate::chunk::chunk_of;
use crate::chunks::{Chunks, PerAxis};
use crate::reduce::{Digest, Digested, LeafAt, Partial, digest};
use crate::sort::{order, sort_lane};
use chunkwise_graph::{BoxError, Tokenizer, Value};
use ndarray::{ArrayD, IxDyn};
use serde::{Deserialize, Serialize};

/// Elements that a chunk gives at first.
const N_SAMPLES: usize = 1024;

/// The quantiles of all elements.
#[track_caller]
pub(super) fn select_over_all(x: &Array<f64>, quantiles: Quantiles) -> Array<f64> {
    let token = Tokenizer::of("quantile", &postcard::to_stdvec(&quantiles).unwrap_or_default());
    let (n, is_one) = (quantiles.parts.len(), quantiles.is_one);
    let bounds: Array<f64> = Array::build("quantile", &[&x.node], |made_at| {
        let digested = Digested { arrays: std::slice::from_ref(&x.node), to_all: &[], along: None };
        let chunks = |_| Chunks::whole(&[2 + 4 * n]);
        digest(&digested, Sample(quantiles.clone()), token, chunks, made_at)
    });
    Array::build("quantile", &[&x.node, &bounds.node], |made_at| {
        let (arrays, to_all) = ([x.node.clone()], [bounds.node.clone()]);
        let digested = Digested { arrays: &arrays, to_all: &to_all, along: None };
        let chunks = |_| Chunks::whole(if is_one { &[] } else { std::slice::from_ref(&n) });
        digest(&digested, Between(quantiles.clone()), token, chunks, made_at)
    })
}

/// An element of a chunk.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Sampled {
    /// NaN stands for all of that.
    element: f64,
    /// How many elements of the chunk there are from behind the one given before up to it.
    n: u64,
    /// With the first one of a chunk: how many elements more than the numbers tell may be below
    /// something.
    slack: u64,
}

/// From chunks to the number of elements, the number of NaN, and two bounds for each wanted rank.
#[derive(Clone, Serialize, Deserialize)]
struct Sample(Quantiles);

/// The ranks that are wanted of `n` elements: two for each quantile.
fn ranks(quantiles: &Quantiles, n: u64) -> Vec<u64> {
    if n == 0 {
        return vec![0; 2 * quantiles.parts.len()];
    }
    let between = |part: &f64| {
        let place = quantiles.method.between(*part, n as usize);
        [place.low as u64, place.high as u64]
    };
    quantiles.parts.iter().flat_map(between).collect()
}

/// Sorted samples, how many elements there are at most up to each, and at least.
struct Bounds {
    samples: Vec<Sampled>,
    /// Elements up to each sample, itself included, that the samples tell of.
    up_to: Vec<u64>,
    slack: u64,
}

impl Bounds {
    fn new(samples: Vec<Sampled>) -> Bounds {
        let mut n = 0;
        let count = |sample: &Sampled| {
            n += sample.n;
            n
        };
        let up_to = samples.iter().map(count).collect();
        let slack = samples.iter().map(|sample| sample.slack).sum();
        Bounds { samples, up_to, slack }
    }

    /// Two elements, or infinities, between which the element of a rank lies.
    fn around(&self, rank: u64) -> (f64, f64) {
        let enough = self.up_to.partition_point(|&n| n <= rank);
        let high = self.samples.get(enough).map_or(f64::INFINITY, |sample| sample.element);
        // Of samples that are equal, none is below the others.
        let below = |at: usize| {
            let first = self.samples.partition_point(|s| s.element < self.samples[at].element);
            first.checked_sub(1).map_or(0, |before| self.up_to[before])
        };
        let mut range = 0..self.samples.len();
        // The first sample that may have more than `rank` elements below it.
        while !range.is_empty() {
            let middle = range.start + range.len() / 2;
            match below(middle) + self.slack <= rank {
                true => range.start = middle + 1,
                false => range.end = middle,
            }
        }
        let low =
            range.start.checked_sub(1).map_or(f64::NEG_INFINITY, |at| self.samples[at].element);
        (low, high)
    }
}

/// All parts one behind the other.
fn concatenated<A>(parts: Vec<Partial<A>>) -> Partial<A> {
    let n = parts.iter().map(|part| part.n).sum();
    let accs: Vec<A> = parts.into_iter().flat_map(|part| part.accs).collect();
    Partial { shape: PerAxis::from_slice(&[accs.len()]), accs, n }
}

impl Digest for Sample {
    type Acc = Sampled;
    type Out = f64;
    const NAME: &'static str = "quantile-sample";

    fn leaf(&self, _: &LeafAt, inputs: &mut [Value]) -> Result<Partial<Sampled>, BoxError> {
        let [input] = inputs else { return Err("a sample is of one chunk".into()) };
        let mut elements: Vec<f64> = chunk_of::<f64>(input)?.in_memory_order().to_vec();
        let n_all = elements.len();
        elements.retain(|x| !x.is_nan());
        sort_lane(&mut elements);
        let n = elements.len();
        let n_samples = n.min(N_SAMPLES);
        let mut slack = n.div_ceil(n_samples.max(1)).saturating_sub(1) as u64;
        let mut accs: Vec<Sampled> = Vec::with_capacity(n_samples + 1);
        let mut end = 0;
        for sample in 0..n_samples {
            let start = std::mem::replace(&mut end, (sample + 1) * n / n_samples);
            let (element, n) = (elements[end - 1], (end - start) as u64);
            accs.push(Sampled { element, n, slack: std::mem::take(&mut slack) });
        }
        if n < n_all {
            accs.push(Sampled { element: f64::NAN, n: (n_all - n) as u64, slack: 0 });
        }
        Ok(Partial { shape: PerAxis::from_slice(&[accs.len()]), accs, n: n_all as u64 })
    }

    fn join(&self, parts: Vec<Partial<Sampled>>) -> Result<Partial<Sampled>, BoxError> {
        Ok(concatenated(parts))
    }

    fn finish(&self, partial: Partial<Sampled>) -> Result<ArrayD<f64>, BoxError> {
        let (mut samples, nan): (Vec<Sampled>, Vec<Sampled>) =
            partial.accs.into_iter().partition(|sample| !sample.element.is_nan());
        samples.sort_by(|a, b| order(&a.element, &b.element));
        let n_nan: u64 = nan.iter().map(|sample| sample.n).sum();
        let mut out = vec![partial.n as f64, n_nan as f64];
        let bounds = Bounds::new(samples);
        for rank in ranks(&self.0, partial.n - n_nan) {
            let (low, high) = bounds.around(rank);
            out.extend([low, high]);
        }
        Ok(ArrayD::from_shape_vec(IxDyn(&[out.len()]), out)?)
    }

    fn most(&self, _: &[usize]) -> Option<usize> {
        None
    }
}

/// What there is below, at and between two bounds.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Found {
    low: f64,
    high: f64,
    below: u64,
    at_low: u64,
    between: Vec<f64>,
    /// How many elements there are in all; 0 if the result is NaN.
    n: u64,
    /// For which of the wanted ranks.
    wanted: Vec<usize>,
}

impl Found {
    fn take(&mut self, elements: &[f64]) {
        for &x in elements {
            if x < self.low {
                self.below += 1;
            } else if x == self.low {
                self.at_low += 1;
            } else if x < self.high {
                self.between.push(x);
            }
        }
    }

    /// The element of a rank, which lies between the bounds.
    fn element(&mut self, rank: u64) -> f64 {
        let Some(inside) = rank.saturating_sub(self.below).checked_sub(self.at_low) else {
            return self.low;
        };
        match usize::try_from(inside) {
            Ok(inside) if inside < self.between.len() => {
                *self.between.select_nth_unstable_by(inside, order).1
            }
            _ => self.high,
        }
    }
}

/// From chunks and bounds to quantiles.
#[derive(Clone, Serialize, Deserialize)]
struct Between(Quantiles);

impl Between {
    /// What is looked for.
    fn wanted(&self, bounds: &[f64]) -> Result<Vec<Found>, BoxError> {
        let [n, n_nan, bounds @ ..] = bounds else { return Err("bounds are missing".into()) };
        let is_nan = *n_nan > 0.0 && !self.0.ignores_nan;
        let n = if is_nan { 0 } else { (n - n_nan) as u64 };
        let mut all: Vec<Found> = Vec::new();
        for (number, &[low, high]) in bounds.as_chunks::<2>().0.iter().enumerate() {
            match all.iter_mut().find(|found| found.low == low && found.high == high) {
                Some(found) => found.wanted.push(number),
                None => {
                    let (between, wanted) = (Vec::new(), vec![number]);
                    all.push(Found { low, high, below: 0, at_low: 0, between, n, wanted });
                }
            }
        }
        Ok(all)
    }
}

impl Digest for Between {
    type Acc = Found;
    type Out = f64;
    const NAME: &'static str = "quantile";

    fn leaf(&self, _: &LeafAt, inputs: &mut [Value]) -> Result<Partial<Found>, BoxError> {
        let [input, bounds] = inputs else { return Err("bounds are missing".into()) };
        let mut accs = self.wanted(chunk_of::<f64>(bounds)?.in_memory_order())?;
        let chunk = chunk_of::<f64>(input)?;
        for found in accs.iter_mut().filter(|found| found.n > 0) {
            found.take(chunk.in_memory_order());
        }
        Ok(Partial { shape: PerAxis::from_slice(&[accs.len()]), accs, n: 0 })
    }

    fn join(&self, parts: Vec<Partial<Found>>) -> Result<Partial<Found>, BoxError> {
        let mut parts = parts.into_iter();
        let mut all = parts.next().ok_or("there is nothing to join")?;
        for part in parts {
            for (found, other) in all.accs.iter_mut().zip(part.accs) {
                found.below += other.below;
                found.at_low += other.at_low;
                found.between.extend(other.between);
            }
        }
        Ok(all)
    }

    fn finish(&self, mut partial: Partial<Found>) -> Result<ArrayD<f64>, BoxError> {
        let n = partial.accs.first().map_or(0, |found| found.n);
        let mut elements = vec![f64::NAN; 2 * self.0.parts.len()];
        if n > 0 {
            let ranks = ranks(&self.0, n);
            for found in &mut partial.accs {
                for wanted in found.wanted.clone() {
                    elements[wanted] = found.element(ranks[wanted]);
                }
            }
        }
        let quantile = |(part, &[low, high]): (&f64, &[f64; 2])| match n {
            0 => f64::NAN,
            _ => self.0.method.between(*part, n as usize).value(low, high),
        };
        let pairs = self.0.parts.iter().zip(elements.as_chunks::<2>().0);
        let out: Vec<f64> = pairs.map(quantile).collect();
        let shape = if self.0.is_one { Vec::new() } else { vec![out.len()] };
        Ok(ArrayD::from_shape_vec(shape, out)?)
    }

    fn most(&self, _: &[usize]) -> Option<usize> {
        None
    }
}
