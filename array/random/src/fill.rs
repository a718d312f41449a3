//! The traits of distributions: filling consecutive elements, or rows of them.

use crate::StreamKey;

/// A distribution whose elements of type `T` are found by their position.
///
/// # Contract
///
/// The element at a position depends on the stream, the distribution with its parameters, the
/// type `T` and that position; on nothing else. So any split of a range into calls gives the same
/// elements, in any order and on any thread. Empty calls do nothing, and no call panics.
///
/// ```
/// use chunkwise_array_random::{Fill, Normal, Seed};
///
/// let (normal, key) = (Normal::new(10.0, 2.0)?, Seed(7).stream(0));
/// let mut whole = [0.0; 100];
/// normal.fill(key, 0, &mut whole);
/// let mut part = [0.0; 5];
/// normal.fill(key, 40, &mut part);
/// assert_eq!(part, whole[40..45]);
/// # Ok::<(), chunkwise_array_random::RandomError>(())
/// ```
pub trait Fill<T> {
    /// Fills `out` with the elements `first..first + out.len()` of the flat array.
    fn fill(&self, key: StreamKey, first: u64, out: &mut [T]);
}

/// A distribution of rows: each position has several numbers that depend on each other.
///
/// # Contract
///
/// As for [`Fill`], with rows for elements: a row depends on the stream, the distribution, the type
/// and the number of the row.
pub trait FillRows<T> {
    /// How many numbers a row has.
    fn width(&self) -> usize;

    /// Fills `out` with whole rows, one after the other, from the row `first` on.
    ///
    /// An incomplete row at the end gets its first numbers; of rows of no width nothing is filled.
    fn fill_rows(&self, key: StreamKey, first: u64, out: &mut [T]);
}

/// Declares a distribution by its parameters, and what is prepared from them.
///
/// It is serialised as the tuple of its parameters, which are checked again when it comes back.
/// Its elements are what the method `draw` gives, converted to each of the listed types.
macro_rules! distribution {
    (
        $(#[$meta:meta])*
        pub struct $name:ident($($parameter:ident: $type:ty),+) $({ $($prepared:ident: $kind:ty),+ })?
        as $tuple:literal for $($element:ty),+
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(try_from = $tuple, into = $tuple)]
        pub struct $name {
            $($parameter: $type,)+
            $($($prepared: $kind,)+)?
        }

        impl TryFrom<($($type,)+)> for $name {
            type Error = $crate::RandomError;

            fn try_from(($($parameter,)+): ($($type,)+)) -> Result<Self, Self::Error> {
                Self::new($($parameter),+)
            }
        }

        impl From<$name> for ($($type,)+) {
            fn from(distribution: $name) -> Self {
                ($(distribution.$parameter,)+)
            }
        }

        $(impl $crate::Fill<$element> for $name {
            #[inline]
            fn fill(&self, key: $crate::StreamKey, first: u64, out: &mut [$element]) {
                $crate::fill_with(key, first, out, |rng| self.draw(rng) as $element);
            }
        })+
    };
}
pub(crate) use distribution;
