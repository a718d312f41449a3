//! The uniform distribution of real numbers.

use serde::{Deserialize, Serialize};

use crate::check::Check;
use crate::{Fill, RandomError, StreamKey, fill_with};

/// Real numbers of `[low, high)`, all equally likely: `Generator.uniform` and `Generator.random`.
///
/// An element of type `f64` takes 53 random bits, one of type `f32` 24 of its own. `high` itself
/// never comes out, also where rounding would lead to it, unless it equals `low`.
///
/// ```
/// use chunkwise_array_random::{Fill, Seed, Uniform};
///
/// let mut out = [0.0_f32; 100];
/// Uniform::new(-1.0, 1.0)?.fill(Seed(7).stream(0), 0, &mut out);
/// assert!(out.iter().all(|x| (-1.0..1.0).contains(x)));
/// # Ok::<(), chunkwise_array_random::RandomError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(f64, f64)", into = "(f64, f64)")]
pub struct Uniform {
    low: f64,
    high: f64,
}

impl TryFrom<(f64, f64)> for Uniform {
    type Error = RandomError;

    fn try_from((low, high): (f64, f64)) -> Result<Self, RandomError> {
        Self::new(low, high)
    }
}

impl From<Uniform> for (f64, f64) {
    fn from(uniform: Uniform) -> Self {
        (uniform.low, uniform.high)
    }
}

impl Uniform {
    /// Between `low` and `high`.
    ///
    /// # Errors
    ///
    /// - A parameter is not finite.
    /// - `low` is above `high`, or `high - low` is not finite.
    pub fn new(low: f64, high: f64) -> Result<Self, RandomError> {
        Check("uniform").ordered(("low", "high"), (low, high))?;
        Ok(Self { low, high })
    }

    /// Between 0 and 1.
    pub const fn standard() -> Self {
        Self { low: 0.0, high: 1.0 }
    }
}

impl Fill<f64> for Uniform {
    #[inline]
    fn fill(&self, key: StreamKey, first: u64, out: &mut [f64]) {
        let (low, width) = (self.low, self.high - self.low);
        let last = below(self.low, self.high, self.high.next_down());
        fill_with(key, first, out, |rng| lesser(rng.unit() * width + low, last));
    }
}

impl Fill<f32> for Uniform {
    #[inline]
    fn fill(&self, key: StreamKey, first: u64, out: &mut [f32]) {
        let (low, high) = (self.low as f32, self.high as f32);
        let width = (self.high - self.low) as f32;
        let last = below(low, high, high.next_down());
        fill_with(key, first, out, |rng| {
            let unit = (rng.word() >> 40) as f32 * (1.0 / (1_u32 << 24) as f32);
            lesser(unit * width + low, last)
        });
    }
}

/// Neither is NaN, which makes this one instruction.
#[inline(always)]
fn lesser<F: PartialOrd>(x: F, y: F) -> F {
    if x < y { x } else { y }
}

/// The largest number of the interval.
fn below<F: PartialOrd>(low: F, high: F, under: F) -> F {
    if low < high { under } else { high }
}
