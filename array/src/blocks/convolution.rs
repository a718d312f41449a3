//! `convolve`, `correlate`: sums of products with a small array that slides along.

use super::built_in::{BlockOp, block_op};
use super::function::BlockInfo;
use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::chunk::chunk_of;
use crate::chunks::Chunks;
use crate::element::{Number, Real};
use crate::error::ArrayError;
use crate::rechunk::{Reach, gathered};
use chunkwise_graph::{BlockMap, BoxError, Value};
use ndarray::{ArrayD, ArrayView1, IxDyn};
use serde::{Deserialize, Serialize};

/// Which places of a kernel that slides along an array give an element of the result. Of an array of
/// `n` elements and a kernel of `m`:
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ConvolveMode {
    /// Every place at which the two overlap: `n + m - 1` elements.
    #[default]
    Full,
    /// As many as the longer one has, from the middle of those.
    Same,
    /// The places at which one lies within the other: as many as their lengths differ by, and one.
    Valid,
}

impl<T: Number> Array<T> {
    /// The convolution of the array, which has one axis, with a kernel: element `o` is the sum of
    /// `x[i] * kernel[o - i]`, as far as there are such; the mode says which of them are given.
    ///
    /// Cut where the array is, the middle of the kernel being where it was. Integers wrap around. The
    /// products are added in the order of the array's elements, whatever the chunks.
    ///
    /// # Errors
    /// - [`ArrayError::Shape`] if the array has not one axis, or no elements;
    /// - [`ArrayError::Argument`] if the kernel has no elements;
    /// - [`ArrayError::Deferred`] if only a run tells the length.
    ///
    /// # Complexity
    /// O(n m) for `n` elements and a kernel of `m`: for short kernels; by `fft` it is
    /// O((n + m) log (n + m)). A task for each chunk, which copies it and the `m - 1` elements around
    /// it first.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt, ConvolveMode};
    /// let x = Array::from_ndarray(&ndarray::arr1(&[1, 2, 3]), 2);
    /// let full = x.convolve(&[1, 0, 5], ConvolveMode::Full);
    /// assert_eq!(full.compute()?, ndarray::arr1(&[1, 2, 8, 10, 15]).into_dyn());
    /// let same = x.convolve(&[1, 0, 5], ConvolveMode::Same);
    /// assert_eq!(same.compute()?, ndarray::arr1(&[2, 8, 10]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn convolve<'k>(
        &self,
        kernel: impl Into<ArrayView1<'k, T>>,
        mode: ConvolveMode,
    ) -> Array<T> {
        let reversed = kernel.into().iter().rev().copied().collect();
        slid::<T, false>(self, reversed, mode)
    }
}

impl<T: Real> Array<T> {
    /// The correlation of the array, which has one axis, with a kernel: the sums of
    /// `x[i + k] * kernel[i]` for each shift `k`; the mode says which shifts are given.
    ///
    /// As [`Array::convolve`] with the kernel reversed in everything else. Of complex numbers it is
    /// `convolve` with the kernel reversed and conjugated.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt, ConvolveMode};
    /// let x = Array::from_ndarray(&ndarray::arr1(&[1, 2, 3, 4]), 2);
    /// let valid = x.correlate(&[1, 0, 5], ConvolveMode::Valid);
    /// assert_eq!(valid.compute()?, ndarray::arr1(&[16, 22]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn correlate<'k>(
        &self,
        kernel: impl Into<ArrayView1<'k, T>>,
        mode: ConvolveMode,
    ) -> Array<T> {
        let taps = kernel.into().to_vec();
        slid::<T, true>(self, taps, mode)
    }
}

impl ConvolveMode {
    /// Which of the places at which an array of `n` elements and a kernel of `m` overlap are given:
    /// how many are left out at the start, and how many there are.
    fn places(self, n: usize, m: usize, is_correlation: bool) -> (usize, usize) {
        let (short, long) = (n.min(m), n.max(m));
        match self {
            ConvolveMode::Full => (0, n + m - 1),
            // NumPy exchanges the two where the kernel is longer, and reverses what comes of it.
            ConvolveMode::Same if is_correlation && m > n => (short / 2, long),
            ConvolveMode::Same => ((short - 1) / 2, long),
            ConvolveMode::Valid => (short - 1, long - short + 1),
        }
    }
}

/// The array with taps that slide along it.
#[track_caller]
fn slid<T: Number, const IS_CORRELATION: bool>(
    x: &Array<T>,
    taps: Vec<T>,
    mode: ConvolveMode,
) -> Array<T> {
    let name = Slide::<T, IS_CORRELATION>::NAME;
    Array::build(name, &[&x.node], |made_at| {
        let [own] = x.chunks().axes() else {
            return Err(ArrayError::shape("a vector belongs", &x.shape()));
        };
        let n = own.len().ok_or(ArrayError::Deferred { operation: name, axis: 0 })?;
        if n == 0 {
            return Err(ArrayError::shape("a vector with elements belongs", &x.shape()));
        }
        if taps.is_empty() {
            let why = "it has no elements".to_owned();
            return Err(ArrayError::Argument { name: "kernel", why });
        }
        let (skipped, len) = mode.places(n, taps.len(), IS_CORRELATION);
        let reach = Reach { before: taps.len() - 1 - skipped, after: skipped };
        let middle = (taps.len() - 1) / 2;
        let chunks = Chunks::from_iter([moved(own, middle, skipped, len)]);
        let reaches = [reach].into_iter().collect();
        let input = gathered("overlap", x.node.clone(), chunks.clone(), reaches, made_at);
        let op = Slide::<T, IS_CORRELATION> { taps, before: reach.before };
        Ok(block_op(op, [input], vec![BlockMap::Same], chunks, made_at))
    })
}

/// The cut of `len` places, the first `skipped` being left out: where the middle of the taps is at
/// the start of a chunk.
fn moved(own: &AxisChunks, middle: usize, skipped: usize, len: usize) -> AxisChunks {
    let starts = own.inner_starts().into_iter();
    let starts = starts.filter_map(|start| (start + middle).checked_sub(skipped));
    AxisChunks::of_starts(starts, len)
}

/// Sums of products of taps and the elements that they lie on.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Slide<T: Number, const IS_CORRELATION: bool> {
    taps: Vec<T>,
    /// How many elements before its own place an element of the result is made of.
    before: usize,
}

impl<T: Number, const IS_CORRELATION: bool> BlockOp for Slide<T, IS_CORRELATION> {
    type Out = T;
    const NAME: &'static str = if IS_CORRELATION { "correlate" } else { "convolve" };

    fn call(&self, inputs: &mut [Value], at: &BlockInfo) -> Result<ArrayD<T>, BoxError> {
        let [x] = inputs else { return Err("it is called with one block".into()) };
        let (Some([start]), Some([n])) = (at.start.as_deref(), at.shape.as_deref()) else {
            return Err("lengths are known".into());
        };
        // Of one axis: in order in memory.
        let x = chunk_of::<T>(x)?.in_memory_order();
        // How many of the first taps of the first element lie before the array.
        let outside = self.before.saturating_sub(*start);
        let mut out = vec![T::ZERO; *n];
        for (tap, &factor) in self.taps.iter().enumerate() {
            // Tap `t` of element `o` lies on `x[o + t - outside]`.
            let first = outside.saturating_sub(tap);
            let of_x = x.get((first + tap).saturating_sub(outside)..).unwrap_or(&[]);
            for (out, &x) in out.iter_mut().skip(first).zip(of_x) {
                *out = out.plus(x.times(factor));
            }
        }
        Ok(ArrayD::from_shape_vec(IxDyn(&[*n]), out)?)
    }

    fn scratch(&self, _: &[usize]) -> usize {
        0
    }
}
