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
use crate::reduce::{Digest, Digested, Joined, LeafAt, Partial, digest};
use crate::sort::{order, sort_lane};
use chunkwise_graph::{BoxError, Tokenizer, Value};
use ndarray::{ArrayD, IxDyn};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

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

    /// All parts, one behind the other.
    fn join(&self, parts: &[&Partial<Sampled>]) -> Result<Partial<Sampled>, BoxError> {
        let mut accs = Vec::with_capacity(parts.iter().map(|part| part.accs.len()).sum());
        parts.iter().for_each(|part| accs.extend_from_slice(&part.accs));
        let n = parts.iter().map(|part| part.n).sum();
        Ok(Partial { shape: PerAxis::from_slice(&[accs.len()]), accs, n })
    }

    fn finish(&self, partial: Partial<Sampled>) -> Result<ArrayD<f64>, BoxError> {
        let mut samples = partial.accs;
        let mut n_nan = 0;
        samples.retain(|sample| {
            n_nan += if sample.element.is_nan() { sample.n } else { 0 };
            !sample.element.is_nan()
        });
        samples.sort_by(|a, b| order(&a.element, &b.element));
        let mut out = vec![partial.n as f64, n_nan as f64];
        let bounds = Bounds::new(samples);
        for rank in ranks(&self.0, partial.n - n_nan) {
            let (low, high) = bounds.around(rank);
            out.extend([low, high]);
        }
        Ok(ArrayD::from_shape_vec(IxDyn(&[out.len()]), out)?)
    }

    fn most(&self, of: &Joined<'_>) -> Option<usize> {
        Some(of.n_in_chunk().min(N_SAMPLES + 1).saturating_mul(of.n))
    }

    /// The elements, and what sorting them needs besides.
    fn leaf_scratch(&self, of: &Joined<'_>) -> usize {
        of.n_in_chunk().saturating_mul(2 * size_of::<f64>())
    }

    /// What sorting the samples needs, and the numbers of elements up to them.
    fn finish_scratch(&self, n_accs: usize) -> usize {
        n_accs.saturating_mul(size_of::<Sampled>() + size_of::<u64>())
    }
}

/// What there is below, at and between two bounds.
#[derive(Clone, Debug)]
struct Found<'a> {
    low: f64,
    high: f64,
    below: f64,
    at_low: f64,
    /// For which of the wanted ranks.
    wanted: Cow<'a, [f64]>,
    between: Cow<'a, [f64]>,
}

impl Found<'_> {
    fn take(&mut self, elements: &[f64]) {
        let is_between = |x: &&f64| self.low < **x && **x < self.high;
        // Counted first: what is kept has room for no more.
        let mut between = Vec::with_capacity(elements.iter().filter(is_between).count());
        between.extend(elements.iter().filter(is_between));
        self.between = between.into();
        self.below = elements.iter().filter(|x| **x < self.low).count() as f64;
        self.at_low = elements.iter().filter(|x| **x == self.low).count() as f64;
    }

    /// The element of a rank, which lies between the bounds.
    fn element(&mut self, rank: u64) -> f64 {
        let (below, at_low) = (self.below as u64, self.at_low as u64);
        let Some(inside) = rank.saturating_sub(below).checked_sub(at_low) else {
            return self.low;
        };
        match usize::try_from(inside) {
            Ok(inside) if inside < self.between.len() => {
                *self.between.to_mut().select_nth_unstable_by(inside, order).1
            }
            _ => self.high,
        }
    }
}

/// Numbers before the lists of one that was found.
const N_HEAD: usize = 6;

/// What was found in some parts, as a list of numbers: its bytes can be counted. Counts are below
/// 2^53.
fn packed(parts: &[Vec<Found<'_>>]) -> Vec<f64> {
    let Some(first) = parts.first() else { return Vec::new() };
    let n_between = |at: usize| parts.iter().map(|part| part[at].between.len()).sum::<usize>();
    let lens = (0..first.len()).map(|at| N_HEAD + first[at].wanted.len() + n_between(at));
    let mut out = Vec::with_capacity(lens.sum());
    for (at, found) in first.iter().enumerate() {
        let sum = |of: fn(&Found<'_>) -> f64| parts.iter().map(|part| of(&part[at])).sum::<f64>();
        out.extend([found.low, found.high, sum(|found| found.below), sum(|found| found.at_low)]);
        out.extend([found.wanted.len() as f64, n_between(at) as f64]);
        out.extend_from_slice(&found.wanted);
        parts.iter().for_each(|part| out.extend_from_slice(&part[at].between));
    }
    out
}

fn unpacked(mut numbers: &[f64]) -> Result<Vec<Found<'_>>, BoxError> {
    let mut all = Vec::new();
    while let Some((head, rest)) = numbers.split_first_chunk::<N_HEAD>() {
        let &[low, high, below, at_low, n_wanted, n_between] = head;
        let lists = rest.split_at_checked(n_wanted as usize).and_then(|(wanted, rest)| {
            let (between, rest) = rest.split_at_checked(n_between as usize)?;
            Some((wanted, between, rest))
        });
        let (wanted, between, rest) = lists.ok_or("a list that ends too early")?;
        let (wanted, between) = (wanted.into(), between.into());
        all.push(Found { low, high, below, at_low, wanted, between });
        numbers = rest;
    }
    Ok(all)
}

/// From chunks and bounds to quantiles. Partial results are packed; their `n` is the number of all
/// elements, 0 if the result is NaN.
#[derive(Clone, Serialize, Deserialize)]
struct Between(Quantiles);

impl Between {
    /// What stands for the lists of one part: a list that grew, so that half of it may be empty.
    fn unpacked_bytes(&self) -> usize {
        (4 * self.0.parts.len()).max(4) * size_of::<Found<'_>>()
    }

    /// What is looked for, and among how many elements.
    fn wanted(&self, bounds: &[f64]) -> Result<(Vec<Found<'static>>, u64), BoxError> {
        let [n, n_nan, bounds @ ..] = bounds else { return Err("bounds are missing".into()) };
        let is_nan = *n_nan > 0.0 && !self.0.ignores_nan;
        let n = if is_nan { 0 } else { (n - n_nan) as u64 };
        let mut all: Vec<Found<'static>> = Vec::new();
        for (number, &[low, high]) in bounds.as_chunks::<2>().0.iter().enumerate() {
            match all.iter_mut().find(|found| found.low == low && found.high == high) {
                Some(found) => found.wanted.to_mut().push(number as f64),
                None => {
                    let (wanted, between) = (vec![number as f64].into(), Cow::Borrowed(&[][..]));
                    all.push(Found { low, high, below: 0.0, at_low: 0.0, wanted, between });
                }
            }
        }
        Ok((all, n))
    }
}

impl Digest for Between {
    type Acc = f64;
    type Out = f64;
    const NAME: &'static str = "quantile";

    fn leaf(&self, _: &LeafAt, inputs: &mut [Value]) -> Result<Partial<f64>, BoxError> {
        let [input, bounds] = inputs else { return Err("bounds are missing".into()) };
        let (mut all, n) = self.wanted(chunk_of::<f64>(bounds)?.in_memory_order())?;
        let chunk = chunk_of::<f64>(input)?;
        if n > 0 {
            all.iter_mut().for_each(|found| found.take(chunk.in_memory_order()));
        }
        let accs = packed(&[all]);
        Ok(Partial { shape: PerAxis::from_slice(&[accs.len()]), accs, n })
    }

    fn join(&self, parts: &[&Partial<f64>]) -> Result<Partial<f64>, BoxError> {
        let n = parts.first().map_or(0, |part| part.n);
        let parts: Vec<_> =
            parts.iter().map(|part| unpacked(&part.accs)).collect::<Result<_, _>>()?;
        if parts.iter().any(|part| part.len() != parts[0].len()) {
            return Err("parts between different bounds".into());
        }
        let accs = packed(&parts);
        Ok(Partial { shape: PerAxis::from_slice(&[accs.len()]), accs, n })
    }

    fn finish(&self, partial: Partial<f64>) -> Result<ArrayD<f64>, BoxError> {
        let n = partial.n;
        let mut elements = vec![f64::NAN; 2 * self.0.parts.len()];
        if n > 0 {
            let ranks = ranks(&self.0, n);
            for mut found in unpacked(&partial.accs)? {
                for wanted in found.wanted.clone().iter() {
                    elements[*wanted as usize] = found.element(ranks[*wanted as usize]);
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

    /// Between two bounds lie samples that stand for fewer elements than the distances of all
    /// chunks' samples are together, and, of each chunk, what is before its next sample: see
    /// [`Bounds::around`].
    fn most(&self, of: &Joined<'_>) -> Option<usize> {
        let distance = of.n_in_chunk().div_ceil(N_SAMPLES).saturating_sub(1);
        let sampled = distance.saturating_mul(of.of.saturating_add(of.n));
        let each = N_HEAD + 1 + sampled.min(of.n_elements());
        Some(each.saturating_mul(2 * self.0.parts.len()))
    }

    /// What is found, before it is packed.
    fn leaf_scratch(&self, of: &Joined<'_>) -> usize {
        let n_accs = self.most(of).unwrap_or(0);
        let found = 4 * self.0.parts.len() * size_of::<Found<'_>>();
        n_accs.saturating_mul(size_of::<f64>()).saturating_add(found)
    }

    fn join_scratch(&self, of: &Joined<'_>, _: usize) -> usize {
        self.unpacked_bytes().saturating_mul(of.n.saturating_add(1))
    }

    /// One list, to be changed.
    fn finish_scratch(&self, n_accs: usize) -> usize {
        n_accs.saturating_mul(size_of::<f64>()).saturating_add(2 * self.unpacked_bytes())
    }
}
