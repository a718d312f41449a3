//! The Laplace distribution.

use crate::check::Check;
use crate::exponential::standard_exponential;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

distribution! {
    /// Differences of two exponential numbers: `Generator.laplace`.
    ///
    /// An exponential number with a random sign.
    /// With `scale` 0 every element is `loc`.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Laplace, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// Laplace::new(0.0, 2.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x.is_finite()));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Laplace(loc: f64, scale: f64)
    as "(f64, f64)" for f64, f32
}

impl Laplace {
    /// With this median and scale.
    ///
    /// # Errors
    ///
    /// - A parameter is not finite.
    /// - `scale` is negative.
    pub fn new(loc: f64, scale: f64) -> Result<Self, RandomError> {
        Check("laplace").finite("loc", loc)?;
        Check("laplace").not_negative("scale", scale)?;
        Ok(Self { loc, scale })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        let distance = standard_exponential(rng) * self.scale;
        if rng.word() >> 63 == 0 { self.loc + distance } else { self.loc - distance }
    }
}
