//! The generator of one element, and the loop over consecutive elements.

use std::convert::Infallible;

use rand::TryRng;

use crate::StreamKey;
use crate::mix::{GOLDEN, fold};

/// The random bits of one element of an array: a generator that a position starts.
///
/// Draw `j` of position `p` is a keyed hash of `p + j D`, with a constant `D` whose small multiples
/// are far from each other. The hash is two multiplications of 64 by 64 bits, the halves of each
/// product folded together as in wyhash, with multipliers that come from the stream. Nothing is
/// carried from one element to the next, so that a processor works on several at once.
///
/// It implements [`rand::Rng`]: every sampler of `rand_distr` works with it.
///
/// ```
/// use chunkwise_array_random::{ElementRng, Seed};
/// use rand::RngExt;
///
/// let mut rng = ElementRng::at(Seed(7).stream(0), 1_000_000);
/// let die = rng.random_range(1..=6);
/// assert!((1..=6).contains(&die));
/// ```
#[derive(Clone, Debug)]
pub struct ElementRng {
    spread: u64,
    multipliers: (u64, u64),
}

impl ElementRng {
    /// The generator of the element at `position` of the flat array.
    #[inline]
    pub const fn at(key: StreamKey, position: u64) -> Self {
        Self::of_spread(key, spread(key, position))
    }

    #[inline(always)]
    const fn of_spread(key: StreamKey, spread: u64) -> Self {
        Self { spread, multipliers: (key.multipliers.0 | 1, key.multipliers.1 | 1) }
    }

    /// The next 64 bits.
    #[inline(always)]
    pub(crate) const fn word(&mut self) -> u64 {
        let word = fold(fold(self.spread, self.multipliers.0), self.multipliers.1);
        self.spread = self.spread.wrapping_add(NEXT_DRAW);
        word
    }

    /// A number of [0, 1), a multiple of 2^-53.
    #[inline(always)]
    pub(crate) const fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// A number of (0, 1), an odd multiple of 2^-53.
    #[inline(always)]
    pub(crate) const fn open_unit(&mut self) -> f64 {
        ((self.word() >> 11) | 1) as f64 * (1.0 / (1_u64 << 53) as f64)
    }
}

/// The constant `D`, spread: 2^64 over the plastic number, which has no part in the golden ratio.
const NEXT_DRAW: u64 = 0xC13F_A9A9_02A6_328F_u64.wrapping_mul(GOLDEN);

const fn spread(key: StreamKey, position: u64) -> u64 {
    key.offset.wrapping_add(position.wrapping_mul(GOLDEN))
}

impl TryRng for ElementRng {
    type Error = Infallible;

    #[inline(always)]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.word() >> 32) as u32)
    }

    #[inline(always)]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for bytes in out.chunks_mut(8) {
            bytes.copy_from_slice(&self.word().to_le_bytes()[..bytes.len()]);
        }
        Ok(())
    }
}

/// Fills `out` with the elements that start at position `first`, each drawn by `draw` from the
/// generator of its position. Positions wrap around at 2^64.
///
/// What [`Fill`](crate::Fill) is made of; call it for a distribution that this crate does not have.
///
/// ```
/// use chunkwise_array_random::{Seed, fill_with};
/// use rand_distr::{Distribution, SkewNormal};
///
/// let skewed = SkewNormal::new(0.0, 1.0, 2.0).unwrap();
/// let mut out = [0.0; 4];
/// fill_with(Seed(7).stream(0), 0, &mut out, |rng| skewed.sample(rng));
/// ```
///
/// # Complexity
///
/// A few operations and what `draw` costs for each element, whatever `first` is.
#[inline(always)]
pub fn fill_with<T>(
    key: StreamKey,
    first: u64,
    out: &mut [T],
    mut draw: impl FnMut(&mut ElementRng) -> T,
) {
    let mut at = spread(key, first);
    for element in out {
        *element = draw(&mut ElementRng::of_spread(key, at));
        at = at.wrapping_add(GOLDEN);
    }
}
