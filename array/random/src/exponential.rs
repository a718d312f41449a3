//! The exponential distribution.

use rand_distr::{Distribution, Exp1};

use crate::check::Check;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

/// Above 0, with mean 1.
#[inline(always)]
pub(crate) fn standard_exponential(rng: &mut ElementRng) -> f64 {
    Exp1.sample(rng)
}

distribution! {
    /// Times between events that do not know of each other: `Generator.exponential` and
    /// `Generator.standard_exponential`.
    ///
    /// By the ziggurat of `rand_distr`. With `scale` 0 every element is 0.
    ///
    /// ```
    /// use chunkwise_array_random::{Exponential, Fill, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// Exponential::new(3.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x > 0.0));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Exponential(scale: f64)
    as "(f64,)" for f64, f32
}

impl Exponential {
    /// With mean `scale`.
    ///
    /// # Errors
    ///
    /// `scale` is negative or not finite.
    pub fn new(scale: f64) -> Result<Self, RandomError> {
        Check("exponential").not_negative("scale", scale)?;
        Ok(Self { scale })
    }

    /// With mean 1.
    pub const fn standard() -> Self {
        Self { scale: 1.0 }
    }

    #[inline(always)]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        standard_exponential(rng) * self.scale
    }
}
