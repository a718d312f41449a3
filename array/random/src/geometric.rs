//! The geometric distribution.

use crate::check::Check;
use crate::exponential::standard_exponential;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

distribution! {
    /// Numbers of trials up to the first success, at least 1: `Generator.geometric`.
    ///
    /// An exponential number, rounded up; what does not fit is `i64::MAX`.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Geometric, Seed};
    ///
    /// let mut out = [0_i64; 100];
    /// Geometric::new(0.25)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x >= 1));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Geometric(p: f64) { rate: f64 }
    as "(f64,)" for i64, u64
}

impl Geometric {
    /// With this probability of a success.
    ///
    /// # Errors
    ///
    /// `p` is not above 0, or above 1.
    pub fn new(p: f64) -> Result<Self, RandomError> {
        Check("geometric").probability_above_zero("p", p)?;
        Ok(Self { p, rate: -(-p).ln_1p() })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> i64 {
        // the conversion saturates
        ((standard_exponential(rng) / self.rate).ceil() as i64).max(1)
    }
}
