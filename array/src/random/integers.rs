//! Integers of a range.

use super::draw::Draw;
use super::generator::Generator;
use crate::element::Element;
use crate::shape::Shape;
use chunkwise_array_random::{Integer, Integers, Seed};

/// Integers from `low` up to, but without, `high`, all equally likely.
///
/// It is an error if there are none.
///
/// ```
/// use chunkwise_array::{CollectionExt, random::{self, Seed}};
/// let dice = random::integers(1u8, 7, [100], Seed(0)).chunks(30);
/// assert!(dice.min().compute()? >= 1 && dice.max().compute()? <= 6);
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[doc(alias = "randint")]
pub fn integers<T: Integer + Element>(
    low: T,
    high: T,
    shape: impl Into<Shape>,
    seed: Seed,
) -> Draw<Integers<T>, T> {
    Draw::new("integers", Integers::new(low, high), shape.into(), seed)
}

/// Integers from `low` up to, and with, `high`, all equally likely.
///
/// It is an error if `low` is above `high`.
#[doc(alias = "random_integers")]
pub fn integers_inclusive<T: Integer + Element>(
    low: T,
    high: T,
    shape: impl Into<Shape>,
    seed: Seed,
) -> Draw<Integers<T>, T> {
    Draw::new("integers", Integers::inclusive(low, high), shape.into(), seed)
}

impl Generator {
    /// Integers from `low` up to, but without, `high`, all equally likely.
    pub fn integers<T: Integer + Element>(
        &mut self,
        low: T,
        high: T,
        shape: impl Into<Shape>,
    ) -> Draw<Integers<T>, T> {
        integers(low, high, shape, self.next_seed())
    }

    /// Integers from `low` up to, and with, `high`, all equally likely.
    pub fn integers_inclusive<T: Integer + Element>(
        &mut self,
        low: T,
        high: T,
        shape: impl Into<Shape>,
    ) -> Draw<Integers<T>, T> {
        integers_inclusive(low, high, shape, self.next_seed())
    }
}
