//! The beta distribution.

use crate::check::Check;
use crate::fill::distribution;
use crate::gamma::StandardGamma;
use crate::{ElementRng, RandomError};

distribution! {
    /// Shares between 0 and 1: `Generator.beta`.
    ///
    /// The share of one gamma number in the sum of two. Shapes below 1 go through logarithms, so that
    /// tiny ones do not make a division of 0 by 0.
    ///
    /// ```
    /// use chunkwise_array_random::{Beta, Fill, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// Beta::new(2.0, 3.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| (0.0..=1.0).contains(&x)));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Beta(a: f64, b: f64) { gammas: (StandardGamma, StandardGamma) }
    as "(f64, f64)" for f64, f32
}

impl Beta {
    /// With these shapes; the mean is `a / (a + b)`.
    ///
    /// # Errors
    ///
    /// A parameter is not above 0, or not finite.
    pub fn new(a: f64, b: f64) -> Result<Self, RandomError> {
        Check("beta").positive("a", a)?;
        Check("beta").positive("b", b)?;
        Ok(Self { a, b, gammas: (StandardGamma::new(a), StandardGamma::new(b)) })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        if self.a < 1.0 || self.b < 1.0 {
            let x = self.gammas.0.draw_ln(rng);
            let y = self.gammas.1.draw_ln(rng);
            return 1.0 / (1.0 + (y - x).exp());
        }
        let x = self.gammas.0.draw(rng);
        let y = self.gammas.1.draw(rng);
        x / (x + y)
    }
}
