//! The logistic distribution.

use crate::check::Check;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

distribution! {
    /// Numbers whose odds are log-linear: `Generator.logistic`.
    ///
    /// By inversion.
    /// With `scale` 0 every element is `loc`.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Logistic, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// Logistic::new(0.0, 2.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x.is_finite()));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Logistic(loc: f64, scale: f64)
    as "(f64, f64)" for f64, f32
}

impl Logistic {
    /// With this median and scale.
    ///
    /// # Errors
    ///
    /// - A parameter is not finite.
    /// - `scale` is negative.
    pub fn new(loc: f64, scale: f64) -> Result<Self, RandomError> {
        Check("logistic").finite("loc", loc)?;
        Check("logistic").not_negative("scale", scale)?;
        Ok(Self { loc, scale })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        let u = rng.open_unit();
        self.loc + self.scale * (u / (1.0 - u)).ln()
    }
}
