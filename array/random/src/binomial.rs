//! The binomial distribution.

use rand_distr::Distribution;

use crate::check::Check;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

/// The binomial distribution, prepared for its parameters, by `rand_distr`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum BinomialSampler {
    Constant(u64),
    Random(rand_distr::Binomial),
}

impl BinomialSampler {
    /// A `p` that rounding brought outside of 0 to 1 counts as the nearer of them.
    pub(crate) fn new(n: u64, p: f64) -> Self {
        match rand_distr::Binomial::new(n, p) {
            Ok(random) if n > 0 => Self::Random(random),
            Err(_) if p > 1.0 => Self::Constant(n),
            _ => Self::Constant(0),
        }
    }

    #[inline]
    pub(crate) fn draw(&self, rng: &mut ElementRng) -> u64 {
        match self {
            Self::Constant(n) => *n,
            Self::Random(random) => random.sample(rng),
        }
    }
}

distribution! {
    /// Numbers of successes in `n` trials: `Generator.binomial`.
    ///
    /// By the algorithms BINV and BTPE (Kachitvichyanukul, Schmeiser 1988) of `rand_distr`. With `n` 0
    /// every element is 0.
    ///
    /// ```
    /// use chunkwise_array_random::{Binomial, Fill, Seed};
    ///
    /// let mut out = [0_i64; 100];
    /// Binomial::new(10, 0.25)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| (0..=10).contains(&x)));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Binomial(n: u64, p: f64) { sampler: BinomialSampler }
    as "(u64, f64)" for i64, u64
}

impl Binomial {
    /// With this number of trials, and this probability of a success.
    ///
    /// # Errors
    ///
    /// - `n` is above `i64::MAX`.
    /// - `p` is not between 0 and 1.
    pub fn new(n: u64, p: f64) -> Result<Self, RandomError> {
        Check("binomial").fits("n", n)?;
        Check("binomial").probability("p", p)?;
        Ok(Self { n, p, sampler: BinomialSampler::new(n, p) })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> i64 {
        self.sampler.draw(rng) as i64
    }
}
