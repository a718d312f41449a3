//! The chi-square distribution, central and not.

use crate::check::Check;
use crate::fill::distribution;
use crate::gamma::StandardGamma;
use crate::normal::standard_normal;
use crate::poisson::PoissonSampler;
use crate::{ElementRng, RandomError};

distribution! {
    /// Sums of `df` squared standard normal numbers: `Generator.chisquare`.
    ///
    /// Twice a gamma number of shape `df / 2`.
    ///
    /// ```
    /// use chunkwise_array_random::{ChiSquare, Fill, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// ChiSquare::new(3.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x > 0.0));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct ChiSquare(df: f64) { gamma: StandardGamma }
    as "(f64,)" for f64, f32
}

impl ChiSquare {
    /// With this number of degrees of freedom, whole or not.
    ///
    /// # Errors
    ///
    /// `df` is not above 0, or not finite.
    pub fn new(df: f64) -> Result<Self, RandomError> {
        Check("chisquare").positive("df", df)?;
        Ok(Self::of(df))
    }

    /// `df` is finite and not negative.
    pub(crate) fn of(df: f64) -> Self {
        Self { df, gamma: StandardGamma::new(df / 2.0) }
    }

    #[inline]
    pub(crate) fn draw(&self, rng: &mut ElementRng) -> f64 {
        2.0 * self.gamma.draw(rng)
    }
}

distribution! {
    /// Sums of `df` squared normal numbers whose means, squared, sum to `nonc`:
    /// `Generator.noncentral_chisquare`.
    ///
    /// With more than one degree of freedom a squared normal number is split off; with less, the
    /// degrees of freedom are those of a Poisson mixture.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, NoncentralChiSquare, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// NoncentralChiSquare::new(3.0, 20.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x > 0.0));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct NoncentralChiSquare(df: f64, nonc: f64) { parts: Parts }
    as "(f64, f64)" for f64, f32
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Parts {
    Central(ChiSquare),
    /// The mean of the normal number, and the rest.
    Normal(f64, ChiSquare),
    /// Half the number of degrees of freedom to add.
    Mixture(PoissonSampler),
}

impl NoncentralChiSquare {
    /// With this number of degrees of freedom, and this noncentrality.
    ///
    /// # Errors
    ///
    /// - `df` is not above 0, or not finite.
    /// - `nonc` is negative, or above 1e18.
    pub fn new(df: f64, nonc: f64) -> Result<Self, RandomError> {
        let check = Check("noncentral_chisquare");
        check.positive("df", df)?;
        check.not_negative("nonc", nonc)?;
        check.at_most("nonc", nonc, 1e18, "at most 1e18")?;
        Ok(Self::of(df, nonc))
    }

    pub(crate) fn of(df: f64, nonc: f64) -> Self {
        let parts = if nonc == 0.0 {
            Parts::Central(ChiSquare::of(df))
        } else if df > 1.0 {
            Parts::Normal(nonc.sqrt(), ChiSquare::of(df - 1.0))
        } else {
            Parts::Mixture(PoissonSampler::new(nonc / 2.0))
        };
        Self { df, nonc, parts }
    }

    pub(crate) fn draw(&self, rng: &mut ElementRng) -> f64 {
        match &self.parts {
            Parts::Central(central) => central.draw(rng),
            Parts::Normal(mean, rest) => {
                let normal = standard_normal(rng) + mean;
                rest.draw(rng) + normal * normal
            }
            Parts::Mixture(halves) => {
                let df = self.df + 2.0 * halves.draw(rng) as f64;
                ChiSquare::of(df).draw(rng)
            }
        }
    }
}
