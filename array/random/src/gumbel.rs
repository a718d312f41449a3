//! The Gumbel distribution.

use crate::check::Check;
use crate::exponential::standard_exponential;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

distribution! {
    /// Largest of many numbers: `Generator.gumbel`.
    ///
    /// The negative logarithm of an exponential number.
    /// With `scale` 0 every element is `loc`.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Gumbel, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// Gumbel::new(0.0, 2.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x.is_finite()));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Gumbel(loc: f64, scale: f64)
    as "(f64, f64)" for f64, f32
}

impl Gumbel {
    /// With this mode and scale.
    ///
    /// # Errors
    ///
    /// - A parameter is not finite.
    /// - `scale` is negative.
    pub fn new(loc: f64, scale: f64) -> Result<Self, RandomError> {
        Check("gumbel").finite("loc", loc)?;
        Check("gumbel").not_negative("scale", scale)?;
        Ok(Self { loc, scale })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        self.loc - self.scale * standard_exponential(rng).ln()
    }
}
