//! The power-function distribution.

use crate::check::Check;
use crate::exponential::standard_exponential;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

distribution! {
    /// Numbers between 0 and 1 with density `a x^(a-1)`: `Generator.power`.
    ///
    /// A power of one less the exponential of an exponential number.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Power, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// Power::new(3.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| (0.0..=1.0).contains(&x)));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Power(a: f64)
    as "(f64,)" for f64, f32
}

impl Power {
    /// With this shape.
    ///
    /// # Errors
    ///
    /// `a` is not above 0, or not finite.
    pub fn new(a: f64) -> Result<Self, RandomError> {
        Check("power").positive("a", a)?;
        Ok(Self { a })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        (-(-standard_exponential(rng)).exp_m1()).powf(1.0 / self.a)
    }
}
