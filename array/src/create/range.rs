//! `arange` and `linspace`.

use super::generate::{Generator, generated, ship_generator};
use crate::array::Array;
use crate::chunk_spec::ChunkSpec;
use crate::element::{Bits, Element, Float, Real};
use crate::error::ArrayError;
use chunkwise_graph::{Shipment, Tokenizer};
use chunkwise_storage::Region;
use serde::{Deserialize, Serialize};

/// `start + position * step`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Range<T: Element> {
    start: T,
    step: T,
}

/// Numbers that a position can be turned into.
pub trait Counted: Real {
    /// `start + position * step`, without adding up errors of rounding.
    #[must_use]
    fn counted(start: Self, step: Self, position: usize) -> Self;

    /// How many numbers there are from `start` up to, but without, `stop`.
    fn count(start: Self, stop: Self, step: Self) -> Option<usize>;
}

macro_rules! counted_integers {
    ($($element:ty),+) => { $(
        impl Counted for $element {
            #[inline]
            fn counted(start: Self, step: Self, position: usize) -> Self {
                start.wrapping_add(step.wrapping_mul(position as $element))
            }

            fn count(start: Self, stop: Self, step: Self) -> Option<usize> {
                let (start, stop, step) = (start as i128, stop as i128, step as i128);
                if step == 0 {
                    return None;
                }
                let n = (stop - start) / step + i128::from((stop - start) % step != 0);
                usize::try_from(n.max(0)).ok()
            }
        }
    )+ };
}
counted_integers!(i8, i16, i32, i64, u8, u16, u32, u64);

macro_rules! counted_floats {
    ($($element:ty),+) => { $(
        impl Counted for $element {
            #[inline]
            fn counted(start: Self, step: Self, position: usize) -> Self {
                start + step * position as $element
            }

            fn count(start: Self, stop: Self, step: Self) -> Option<usize> {
                let n = ((f64::from(stop) - f64::from(start)) / f64::from(step)).ceil();
                // More than fits is found when the shape is looked at.
                n.is_finite().then_some(n.max(0.0) as usize)
            }
        }
    )+ };
}
counted_floats!(f32, f64);

impl<T: Counted> Generator<T> for Range<T> {
    fn row(&self, at: &[usize], step: usize, out: &mut [T]) {
        let first = at.first().copied().unwrap_or(0);
        for (i, out) in out.iter_mut().enumerate() {
            *out = T::counted(self.start, self.step, first + i * step);
        }
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        ship_generator::<T, _>(self, part)
    }
}

impl<T: Counted> Array<T> {
    /// `start`, `start + step`, ... up to, but without, `stop`.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(10, 0, -3, 2);
    /// assert_eq!(x.compute()?, ndarray::arr1(&[10, 7, 4, 1]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn arange(start: T, stop: T, step: T, chunks: impl Into<ChunkSpec>) -> Array<T> {
        let spec = chunks.into();
        Array::build("arange", &[], |made_at| {
            let no_count = || ArrayError::Argument {
                name: "step",
                why: format!("{step} does not lead from {start} to {stop}"),
            };
            let n = T::count(start, stop, step).ok_or_else(no_count)?;
            let chunks = spec.resolve(&[n], size_of::<T>())?;
            let token = Tokenizer::of("arange", &(Bits(start), Bits(step), &chunks));
            Ok(generated("arange", Range { start, step }, chunks, token, made_at))
        })
    }
}

/// `start + position * step`, and `stop` itself at the end.
#[derive(Clone, Serialize, Deserialize)]
struct Linear {
    start: f64,
    stop: f64,
    step: f64,
    /// The position of `stop`, if it is one.
    last: Option<usize>,
}

impl<T: Float> Generator<T> for Linear {
    fn row(&self, at: &[usize], step: usize, out: &mut [T]) {
        let first = at.first().copied().unwrap_or(0);
        for (i, out) in out.iter_mut().enumerate() {
            let position = first + i * step;
            *out = T::of_f64(match self.last == Some(position) {
                true => self.stop,
                false => self.start + self.step * position as f64,
            });
        }
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        ship_generator::<T, _>(self, part)
    }
}

impl<T: Float> Array<T> {
    /// `n` numbers at equal distances from `start` to `stop`, both included.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::linspace(0.0, 1.0, 5, 2);
    /// assert_eq!(x.compute()?, ndarray::arr1(&[0.0, 0.25, 0.5, 0.75, 1.0]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn linspace(start: T, stop: T, n: usize, chunks: impl Into<ChunkSpec>) -> Array<T> {
        let spec = chunks.into();
        Array::build("linspace", &[], |made_at| {
            let (start, stop) = (start.to_f64(), stop.to_f64());
            let step = if n > 1 { (stop - start) / (n - 1) as f64 } else { 0.0 };
            let last = (n > 1).then(|| n - 1);
            let chunks = spec.resolve(&[n], size_of::<T>())?;
            let token = Tokenizer::of("linspace", &(start, stop, T::DTYPE.name(), &chunks));
            let generator = Linear { start, stop, step, last };
            Ok(generated::<T>("linspace", generator, chunks, token, made_at))
        })
    }
}
