//! The negative binomial distribution.

use crate::check::Check;
use crate::fill::distribution;
use crate::gamma::StandardGamma;
use crate::poisson::{MAX_MEAN, PoissonSampler};
use crate::{ElementRng, RandomError};

distribution! {
    /// Numbers of failures before `n` successes: `Generator.negative_binomial`.
    ///
    /// A Poisson number whose mean is a gamma number. With `p` 1 every element is 0.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, NegativeBinomial, Seed};
    ///
    /// let mut out = [0_i64; 100];
    /// NegativeBinomial::new(3.5, 0.25)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x >= 0));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct NegativeBinomial(n: f64, p: f64) { gamma: StandardGamma }
    as "(f64, f64)" for i64, u64
}

impl NegativeBinomial {
    /// With this number of successes, whole or not, and their probability.
    ///
    /// # Errors
    ///
    /// - `n` is not above 0, or not finite.
    /// - `p` is not above 0, or above 1.
    /// - The mean is so large that `i64` may not hold the numbers.
    pub fn new(n: f64, p: f64) -> Result<Self, RandomError> {
        let check = Check("negative_binomial");
        check.positive("n", n)?;
        check.probability_above_zero("p", p)?;
        let likely = (n + 10.0 * n.sqrt()) * ((1.0 - p) / p);
        check.when(likely <= MAX_MEAN, "n", n, "below 9.2e18 p / (1 - p)")?;
        Ok(Self { n, p, gamma: StandardGamma::new(n) })
    }

    fn draw(&self, rng: &mut ElementRng) -> i64 {
        let mean = self.gamma.draw(rng) * ((1.0 - self.p) / self.p);
        PoissonSampler::new(mean.min(MAX_MEAN)).draw(rng)
    }
}
