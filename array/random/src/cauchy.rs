//! The Cauchy distribution.

use std::f64::consts::PI;

use crate::check::Check;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

distribution! {
    /// Numbers with neither mean nor variance: `Generator.standard_cauchy`, moved and scaled.
    ///
    /// By inversion.
    /// With `scale` 0 every element is `loc`.
    ///
    /// ```
    /// use chunkwise_array_random::{Cauchy, Fill, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// Cauchy::new(0.0, 2.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x.is_finite()));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Cauchy(loc: f64, scale: f64)
    as "(f64, f64)" for f64, f32
}

impl Cauchy {
    /// With this median and scale.
    ///
    /// # Errors
    ///
    /// - A parameter is not finite.
    /// - `scale` is negative.
    pub fn new(loc: f64, scale: f64) -> Result<Self, RandomError> {
        Check("cauchy").finite("loc", loc)?;
        Check("cauchy").not_negative("scale", scale)?;
        Ok(Self { loc, scale })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        self.loc + self.scale * (PI * (rng.open_unit() - 0.5)).tan()
    }
}
