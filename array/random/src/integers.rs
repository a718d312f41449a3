//! Integers of a range, all equally likely.

use serde::{Deserialize, Serialize};

use crate::{ElementRng, Fill, RandomError, StreamKey, fill_with};

/// An integer of `0..count`, all equally likely; `count` is not 0.
///
/// The upper half of a product, with the few words rejected that would favour some (Lemire, *Fast
/// random integer generation in an interval*, 2019).
#[inline(always)]
pub(crate) fn below(rng: &mut ElementRng, count: u64) -> u64 {
    let mut product = u128::from(rng.word()) * u128::from(count);
    if (product as u64) < count {
        product = reject(rng, count, product);
    }
    (product >> 64) as u64
}

#[cold]
fn reject(rng: &mut ElementRng, count: u64, mut product: u128) -> u128 {
    let surplus = count.wrapping_neg() % count;
    while (product as u64) < surplus {
        product = u128::from(rng.word()) * u128::from(count);
    }
    product
}

/// The primitive integer types, up to 64 bits.
pub trait Integer: Copy + Ord + sealed::Sealed {
    /// The least number of the type.
    const MIN: Self;
    /// The greatest number of the type.
    const MAX: Self;

    /// The same number in a wider type.
    #[doc(hidden)]
    fn wide(self) -> i128;

    /// `self + offset`, wrapping around.
    #[doc(hidden)]
    fn plus(self, offset: u64) -> Self;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! integer {
    ($($type:ty)+) => {
        $(
            impl sealed::Sealed for $type {}

            impl Integer for $type {
                const MIN: Self = <$type>::MIN;
                const MAX: Self = <$type>::MAX;

                #[inline(always)]
                fn wide(self) -> i128 {
                    self as i128
                }

                #[inline(always)]
                fn plus(self, offset: u64) -> Self {
                    self.wrapping_add(offset as $type)
                }
            }
        )+
    };
}

integer!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize);

/// Integers of a range, all equally likely: `Generator.integers`.
///
/// Without bias for every range and type. The same range gives the same numbers in every type that
/// holds it.
///
/// ```
/// use chunkwise_array_random::{Fill, Integers, Seed};
///
/// let mut dice = [0_u8; 100];
/// Integers::new(1, 7)?.fill(Seed(7).stream(0), 0, &mut dice);
/// assert!(dice.iter().all(|die| (1..=6).contains(die)));
/// # Ok::<(), chunkwise_array_random::RandomError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(T, T)", into = "(T, T)")]
#[serde(bound(
    serialize = "T: Integer + Serialize",
    deserialize = "T: Integer + Deserialize<'de>"
))]
pub struct Integers<T> {
    low: T,
    /// Included, so that the whole of a type is a range.
    last: T,
}

impl<T: Integer> Integers<T> {
    /// From `low` up to, and without, `high`.
    ///
    /// # Errors
    ///
    /// `low` is not below `high`.
    pub fn new(low: T, high: T) -> Result<Self, RandomError> {
        if low >= high {
            return Err(RandomError::EmptyRange { low: low.wide(), high: high.wide() });
        }
        Ok(Self { low, last: high.plus(u64::MAX) })
    }

    /// From `low` up to, and with, `high`: what `endpoint=True` is in NumPy.
    ///
    /// # Errors
    ///
    /// `low` is above `high`.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Integers, Seed};
    ///
    /// let mut any = [0_i64; 4];
    /// Integers::inclusive(i64::MIN, i64::MAX)?.fill(Seed(7).stream(0), 0, &mut any);
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub fn inclusive(low: T, high: T) -> Result<Self, RandomError> {
        if low > high {
            return Err(RandomError::EmptyRange { low: low.wide(), high: high.wide() });
        }
        Ok(Self { low, last: high })
    }

    /// All numbers of the type.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Integers, Seed};
    ///
    /// let mut any = [0_u16; 4];
    /// Integers::any().fill(Seed(7).stream(0), 0, &mut any);
    /// ```
    pub const fn any() -> Self {
        Self { low: T::MIN, last: T::MAX }
    }
}

impl<T: Integer> TryFrom<(T, T)> for Integers<T> {
    type Error = RandomError;

    fn try_from((low, last): (T, T)) -> Result<Self, RandomError> {
        Self::inclusive(low, last)
    }
}

impl<T: Integer> From<Integers<T>> for (T, T) {
    fn from(integers: Integers<T>) -> Self {
        (integers.low, integers.last)
    }
}

impl<T: Integer> Fill<T> for Integers<T> {
    #[inline]
    fn fill(&self, key: StreamKey, first: u64, out: &mut [T]) {
        let low = self.low;
        // 0 stands for all of 64 bits
        match ((self.last.wide() - low.wide()) as u64).wrapping_add(1) {
            0 => fill_with(key, first, out, |rng| low.plus(rng.word())),
            count => fill_with(key, first, out, |rng| low.plus(below(rng, count))),
        }
    }
}
