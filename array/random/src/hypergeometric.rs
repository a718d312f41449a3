//! The hypergeometric distribution.

use crate::fill::distribution;
use crate::integers::below;
use crate::ln_factorial::ln_factorial;
use crate::{ElementRng, RandomError};

/// The largest population, as in NumPy: beyond it, logarithms of factorials have too few digits.
pub(crate) const MAX_POPULATION: u64 = 1_000_000_000;

/// The hypergeometric distribution, prepared for its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HypergeometricSampler {
    good: u64,
    bad: u64,
    /// How many are drawn.
    sample: u64,
    /// How many are drawn, or are left, whichever is less.
    drawn: u64,
    rejection: Option<Rejection>,
}

impl HypergeometricSampler {
    /// `sample` is at most `good + bad`, which is at most [`MAX_POPULATION`].
    pub(crate) fn new(good: u64, bad: u64, sample: u64) -> Self {
        let drawn = sample.min(good + bad - sample);
        let rejection = (drawn >= 10).then(|| Rejection::new(good.min(bad), good.max(bad), drawn));
        Self { good, bad, sample, drawn, rejection }
    }

    pub(crate) fn draw(&self, rng: &mut ElementRng) -> u64 {
        let good = match &self.rejection {
            None => self.one_by_one(rng),
            Some(rejection) => {
                let of_fewer = rejection.draw(rng);
                if self.good <= self.bad { of_fewer } else { self.drawn - of_fewer }
            }
        };
        if self.drawn < self.sample { self.good - good } else { good }
    }

    fn one_by_one(&self, rng: &mut ElementRng) -> u64 {
        let (mut good, population) = (self.good, self.good + self.bad);
        for already in 0..self.drawn {
            if below(rng, population - already) < good {
                good -= 1;
            }
        }
        self.good - good
    }
}

/// Rejection by a ratio of uniform numbers (Stadlober, *The ratio of uniforms approach for
/// generating discrete random variates*, 1990, algorithm HRUA).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rejection {
    /// The sizes of the smaller and of the larger part of the population.
    parts: (f64, f64),
    drawn: f64,
    center: f64,
    width: f64,
    /// At the mode.
    ln_inverse_probability: f64,
    end: f64,
}

impl Rejection {
    fn new(fewer: u64, more: u64, drawn: u64) -> Self {
        let (fewer, more, drawn) = (fewer as f64, more as f64, drawn as f64);
        let population = fewer + more;
        let share = fewer / population;
        let center = drawn * share + 0.5;
        let variance = (population - drawn) * drawn * share * (1.0 - share) / (population - 1.0);
        let deviation = (variance + 0.5).sqrt();
        // 2 sqrt(2 / e) and 3 - 2 sqrt(3 / e)
        let width = 1.715_527_769_921_413_5 * deviation + 0.898_916_162_058_898_8;
        let mode = ((drawn + 1.0) * (fewer + 1.0) / (population + 2.0)).floor();
        let end = (drawn.min(fewer) + 1.0).min((center + 16.0 * deviation).floor());
        let mut rejection =
            Self { parts: (fewer, more), drawn, center, width, ln_inverse_probability: 0.0, end };
        rejection.ln_inverse_probability = rejection.ln_inverse(mode);
        rejection
    }

    /// The logarithm of the inverse of the probability, but for a constant.
    fn ln_inverse(&self, n: f64) -> f64 {
        let (fewer, more) = self.parts;
        ln_factorial(n)
            + ln_factorial(fewer - n)
            + ln_factorial(self.drawn - n)
            + ln_factorial(more - self.drawn + n)
    }

    fn draw(&self, rng: &mut ElementRng) -> u64 {
        loop {
            let (u, v) = (rng.open_unit(), rng.open_unit());
            let x = self.center + self.width * (v - 0.5) / u;
            if x < 0.0 || x >= self.end {
                continue;
            }
            let n = x.floor();
            let height = self.ln_inverse_probability - self.ln_inverse(n);
            if u * (4.0 - u) - 3.0 <= height {
                return n as u64;
            }
            if u * (u - height) < 1.0 && 2.0 * u.ln() <= height {
                return n as u64;
            }
        }
    }
}

distribution! {
    /// Numbers of good ones among `nsample` that are drawn from `ngood` good and `nbad` bad ones, without
    /// putting them back: `Generator.hypergeometric`.
    ///
    /// One by one for up to 9 drawn or left, else by the algorithm HRUA (Stadlober 1990).
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Hypergeometric, Seed};
    ///
    /// let mut out = [0_i64; 100];
    /// Hypergeometric::new(10, 20, 15)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| (0..=10).contains(&x)));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Hypergeometric(ngood: u64, nbad: u64, nsample: u64) { sampler: HypergeometricSampler }
    as "(u64, u64, u64)" for i64, u64
}

impl Hypergeometric {
    /// With these counts.
    ///
    /// # Errors
    ///
    /// - `ngood + nbad` is above 10^9.
    /// - `nsample` is above `ngood + nbad`.
    pub fn new(ngood: u64, nbad: u64, nsample: u64) -> Result<Self, RandomError> {
        let distribution = "hypergeometric";
        let population = ngood.saturating_add(nbad);
        if population > MAX_POPULATION {
            return Err(RandomError::Counts { distribution, allowed: "at most 10^9 together" });
        }
        if nsample > population {
            return Err(RandomError::Counts { distribution, allowed: "at least nsample together" });
        }
        let sampler = HypergeometricSampler::new(ngood, nbad, nsample);
        Ok(Self { ngood, nbad, nsample, sampler })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> i64 {
        self.sampler.draw(rng) as i64
    }
}
