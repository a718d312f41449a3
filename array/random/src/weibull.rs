//! The Weibull distribution.

use crate::check::Check;
use crate::exponential::standard_exponential;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

distribution! {
    /// Lifetimes whose hazard is a power of the age: `Generator.weibull`; its scale is 1.
    ///
    /// A power of an exponential number. With `a` 0 every element is 0.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Seed, Weibull};
    ///
    /// let mut out = [0.0_f64; 100];
    /// Weibull::new(3.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x > 0.0));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Weibull(a: f64)
    as "(f64,)" for f64, f32
}

impl Weibull {
    /// With this shape.
    ///
    /// # Errors
    ///
    /// `a` is negative or not finite.
    pub fn new(a: f64) -> Result<Self, RandomError> {
        Check("weibull").not_negative("a", a)?;
        Ok(Self { a })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        if self.a == 0.0 { 0.0 } else { standard_exponential(rng).powf(1.0 / self.a) }
    }
}
