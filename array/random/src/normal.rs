//! The normal distribution and its exponential.

use rand_distr::{Distribution, StandardNormal};

use crate::check::Check;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

#[inline(always)]
pub(crate) fn standard_normal(rng: &mut ElementRng) -> f64 {
    StandardNormal.sample(rng)
}

distribution! {
    /// Normal numbers: `Generator.normal` and `Generator.standard_normal`.
    ///
    /// By the ziggurat of `rand_distr` (Doornik, *An improved ziggurat method*, 2005). With `std` 0
    /// every element is `mean`.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Normal, Seed};
    ///
    /// let mut out = [0.0; 10_000];
    /// Normal::new(10.0, 2.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// let mean = out.iter().sum::<f64>() / out.len() as f64;
    /// assert!((mean - 10.0).abs() < 0.1);
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Normal(mean: f64, std: f64)
    as "(f64, f64)" for f64, f32
}

impl Normal {
    /// With this mean and standard deviation.
    ///
    /// # Errors
    ///
    /// - A parameter is not finite.
    /// - `std` is negative.
    pub fn new(mean: f64, std: f64) -> Result<Self, RandomError> {
        Check("normal").finite("mean", mean)?;
        Check("normal").not_negative("std", std)?;
        Ok(Self { mean, std })
    }

    /// With mean 0 and standard deviation 1.
    pub const fn standard() -> Self {
        Self { mean: 0.0, std: 1.0 }
    }

    #[inline(always)]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        standard_normal(rng) * self.std + self.mean
    }
}

distribution! {
    /// Numbers whose logarithm is normal: `Generator.lognormal`.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, LogNormal, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// LogNormal::new(0.0, 1.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x > 0.0));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct LogNormal(mean: f64, sigma: f64)
    as "(f64, f64)" for f64, f32
}

impl LogNormal {
    /// Mean and standard deviation are those of the logarithm.
    ///
    /// # Errors
    ///
    /// - A parameter is not finite.
    /// - `sigma` is negative.
    pub fn new(mean: f64, sigma: f64) -> Result<Self, RandomError> {
        Check("lognormal").finite("mean", mean)?;
        Check("lognormal").not_negative("sigma", sigma)?;
        Ok(Self { mean, sigma })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        (standard_normal(rng) * self.sigma + self.mean).exp()
    }
}
