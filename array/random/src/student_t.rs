//! Student's t distribution.

use crate::check::Check;
use crate::fill::distribution;
use crate::gamma::StandardGamma;
use crate::normal::standard_normal;
use crate::{ElementRng, RandomError};

distribution! {
    /// Normal numbers over the root of an independent mean square: `Generator.standard_t`.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Seed, StudentT};
    ///
    /// let mut out = [0.0_f64; 100];
    /// StudentT::new(5.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x.is_finite()));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct StudentT(df: f64) { gamma: StandardGamma }
    as "(f64,)" for f64, f32
}

impl StudentT {
    /// With this number of degrees of freedom, whole or not.
    ///
    /// # Errors
    ///
    /// `df` is not above 0, or not finite.
    pub fn new(df: f64) -> Result<Self, RandomError> {
        Check("standard_t").positive("df", df)?;
        Ok(Self { df, gamma: StandardGamma::new(df / 2.0) })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        let normal = standard_normal(rng);
        // a tiny df may give 0 for the gamma number
        normal * (self.df / 2.0 / self.gamma.draw(rng).max(f64::MIN_POSITIVE)).sqrt()
    }
}
