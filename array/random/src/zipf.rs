//! The zeta distribution.

use crate::check::Check;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

distribution! {
    /// Ranks from 1 on, with probabilities that fall like `k^-a`: `Generator.zipf`.
    ///
    /// By rejection (Devroye, *Non-uniform random variate generation*, 1986, chapter X.6), from a
    /// distribution that is cut off at `i64::MAX`, which matters for `a` close to 1.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Seed, Zipf};
    ///
    /// let mut out = [0_i64; 100];
    /// Zipf::new(2.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x >= 1));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Zipf(a: f64) { least: f64 }
    as "(f64,)" for i64, u64
}

impl Zipf {
    /// With this exponent.
    ///
    /// # Errors
    ///
    /// `a` is not above 1, or not finite.
    pub fn new(a: f64) -> Result<Self, RandomError> {
        Check("zipf").above_one("a", a)?;
        Ok(Self { a, least: (i64::MAX as f64).powf(1.0 - a) })
    }

    fn draw(&self, rng: &mut ElementRng) -> i64 {
        let excess = self.a - 1.0;
        if self.a >= 1025.0 {
            return 1; // anything else has a probability below 2^-1024
        }
        let ln_two = excess * std::f64::consts::LN_2;
        loop {
            let share = rng.open_unit();
            let u = share * self.least + (1.0 - share);
            let v = rng.open_unit();
            let x = u.powf(-1.0 / excess).floor();
            if !(1.0..=i64::MAX as f64).contains(&x) {
                continue;
            }
            // t is (1 + 1/x)^(a-1); in logarithms, as a - 1 may be tiny
            let ln_t = excess * (1.0 / x).ln_1p();
            let slope = ln_t.exp_m1() / ln_two.exp_m1();
            if v * x * slope <= (ln_t - ln_two).exp() {
                return x as i64;
            }
        }
    }
}
