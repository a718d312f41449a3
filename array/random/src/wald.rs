//! The Wald distribution.

use crate::check::Check;
use crate::fill::distribution;
use crate::normal::standard_normal;
use crate::{ElementRng, RandomError};

distribution! {
    /// Times at which a drifting Brownian motion first reaches a level, also called inverse Gaussian:
    /// `Generator.wald`.
    ///
    /// By the smaller root of a quadratic equation and a choice between both (Michael, Schucany, Haas,
    /// *Generating random variates using transformations with multiple roots*, 1976), in a form without
    /// cancellation.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Seed, Wald};
    ///
    /// let mut out = [0.0_f64; 100];
    /// Wald::new(3.0, 2.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x > 0.0));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Wald(mean: f64, scale: f64)
    as "(f64, f64)" for f64, f32
}

impl Wald {
    /// With this mean and scale.
    ///
    /// # Errors
    ///
    /// A parameter is not above 0, or not finite.
    pub fn new(mean: f64, scale: f64) -> Result<Self, RandomError> {
        Check("wald").positive("mean", mean)?;
        Check("wald").positive("scale", scale)?;
        Ok(Self { mean, scale })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        let normal = standard_normal(rng);
        let w = self.mean / self.scale * normal * normal / 2.0;
        // the larger root over the mean; the smaller one is its inverse
        let root = 1.0 + w + (w * (w + 2.0)).sqrt();
        if rng.unit() * (1.0 + 1.0 / root) <= 1.0 { self.mean / root } else { self.mean * root }
    }
}
