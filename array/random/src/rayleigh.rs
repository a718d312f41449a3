//! The Rayleigh distribution.

use crate::check::Check;
use crate::exponential::standard_exponential;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

distribution! {
    /// Lengths of vectors of two normal numbers: `Generator.rayleigh`.
    ///
    /// The root of an exponential number. With `scale` 0 every element is 0.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Rayleigh, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// Rayleigh::new(3.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x > 0.0));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Rayleigh(scale: f64)
    as "(f64,)" for f64, f32
}

impl Rayleigh {
    /// With this scale, the most likely value.
    ///
    /// # Errors
    ///
    /// `scale` is negative or not finite.
    pub fn new(scale: f64) -> Result<Self, RandomError> {
        Check("rayleigh").not_negative("scale", scale)?;
        Ok(Self { scale })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        self.scale * (2.0 * standard_exponential(rng)).sqrt()
    }
}
