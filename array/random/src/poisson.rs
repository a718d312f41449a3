//! The Poisson distribution.

use std::f64::consts::TAU;

use crate::check::Check;
use crate::fill::distribution;
use crate::ln_factorial::{correction, ln_factorial};
use crate::{ElementRng, RandomError};

/// The largest mean for which the numbers stay within `i64`.
pub(crate) const MAX_MEAN: f64 = 9.2e18;

/// A mean from which on rejection is quicker than counting up.
const LARGE: f64 = 12.0;

/// No number above this is drawn by counting up: its probability is below 2^-64 for a mean of 12.
const MOST: usize = 80;

const INVERSES: [f64; MOST + 1] = {
    let mut inverses = [0.0; MOST + 1];
    let mut n = 1;
    while n <= MOST {
        inverses[n] = 1.0 / n as f64;
        n += 1;
    }
    inverses
};

/// The Poisson distribution, prepared for one mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum PoissonSampler {
    /// By inversion, counting up from 0: the mean, and the probability of 0.
    Small(f64, f64),
    Large(Rejection),
}

impl PoissonSampler {
    /// `mean` is not negative, and at most [`MAX_MEAN`].
    pub(crate) fn new(mean: f64) -> Self {
        if mean < LARGE {
            Self::Small(mean, (-mean).exp())
        } else {
            Self::Large(Rejection::new(mean))
        }
    }

    #[inline]
    pub(crate) fn draw(&self, rng: &mut ElementRng) -> i64 {
        match self {
            Self::Small(mean, of_zero) => {
                let (mut left, mut probability) = (rng.unit(), *of_zero);
                let mut n = 0;
                while left >= probability && n < MOST {
                    left -= probability;
                    n += 1;
                    probability *= mean * INVERSES[n];
                }
                n as i64
            }
            Self::Large(rejection) => rejection.draw(rng),
        }
    }
}

/// Transformed rejection with squeeze (Hörmann, *The transformed rejection method for generating
/// Poisson random variables*, 1993, algorithm PTRS), with the logarithm of the probability in a
/// form that keeps its digits for large means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rejection {
    mean: f64,
    a: f64,
    b: f64,
    ln_inverse_alpha: f64,
    squeeze: f64,
}

impl Rejection {
    fn new(mean: f64) -> Self {
        let b = 0.931 + 2.53 * mean.sqrt();
        Self {
            mean,
            a: -0.059 + 0.024_83 * b,
            b,
            ln_inverse_alpha: (1.1239 + 1.1328 / (b - 3.4)).ln(),
            squeeze: 0.9277 - 3.6224 / (b - 2.0),
        }
    }

    fn draw(&self, rng: &mut ElementRng) -> i64 {
        loop {
            let u = rng.open_unit() - 0.5;
            let v = rng.open_unit();
            let edge = 0.5 - u.abs();
            let n = ((2.0 * self.a / edge + self.b) * u + self.mean + 0.43).floor();
            if edge >= 0.07 && v <= self.squeeze {
                return n as i64;
            }
            if n < 0.0 || (edge < 0.013 && v > edge) {
                continue;
            }
            let height = v.ln() + self.ln_inverse_alpha - (self.a / (edge * edge) + self.b).ln();
            if height <= self.ln_probability(n) {
                return n as i64;
            }
        }
    }

    fn ln_probability(&self, n: f64) -> f64 {
        if n < 16.0 {
            return n * self.mean.ln() - self.mean - ln_factorial(n);
        }
        let off = (self.mean - n) / n;
        n * (off.ln_1p() - off) - 0.5 * (TAU * n).ln() - correction(n)
    }
}

distribution! {
    /// Numbers of events that do not know of each other: `Generator.poisson`.
    ///
    /// By inversion below a mean of 12, else by transformed rejection (Hörmann 1993). With `lam` 0 every
    /// element is 0.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Poisson, Seed};
    ///
    /// let mut out = [0_i64; 100];
    /// Poisson::new(5.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x >= 0));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Poisson(lam: f64) { sampler: PoissonSampler }
    as "(f64,)" for i64, u64
}

impl Poisson {
    /// With this mean.
    ///
    /// # Errors
    ///
    /// `lam` is negative, or above 9.2e18.
    pub fn new(lam: f64) -> Result<Self, RandomError> {
        Check("poisson").not_negative("lam", lam)?;
        Check("poisson").at_most("lam", lam, MAX_MEAN, "at most 9.2e18")?;
        Ok(Self { lam, sampler: PoissonSampler::new(lam) })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> i64 {
        self.sampler.draw(rng)
    }
}
