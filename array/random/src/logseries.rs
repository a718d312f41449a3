//! The logarithmic series distribution.

use crate::check::Check;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

distribution! {
    /// Numbers from 1 on, with probabilities that fall like `p^k / k`: `Generator.logseries`.
    ///
    /// By Kemp's algorithm LK (*Efficient generation of logarithmically distributed pseudo-random
    /// variables*, 1981). With `p` 0 every element is 1.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, LogSeries, Seed};
    ///
    /// let mut out = [0_i64; 100];
    /// LogSeries::new(0.6)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x >= 1));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct LogSeries(p: f64) { rate: f64 }
    as "(f64,)" for i64, u64
}

impl LogSeries {
    /// With this parameter.
    ///
    /// # Errors
    ///
    /// `p` is negative, or not below 1.
    pub fn new(p: f64) -> Result<Self, RandomError> {
        Check("logseries").probability_below_one("p", p)?;
        Ok(Self { p, rate: (-p).ln_1p() })
    }

    fn draw(&self, rng: &mut ElementRng) -> i64 {
        loop {
            let v = rng.open_unit();
            if v >= self.p {
                return 1;
            }
            let q = -(self.rate * rng.open_unit()).exp_m1();
            if v > q * q {
                return if v >= q { 1 } else { 2 };
            }
            let n = (1.0 + v.ln() / q.ln()).floor() as i64;
            if n >= 1 {
                return n;
            }
        }
    }
}
