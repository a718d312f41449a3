//! The F distribution, central and not.

use crate::check::Check;
use crate::chi_square::{ChiSquare, NoncentralChiSquare};
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

distribution! {
    /// Ratios of two chi-square numbers, each over its degrees of freedom: `Generator.f`.
    ///
    /// ```
    /// use chunkwise_array_random::{F, Fill, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// F::new(3.0, 20.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x > 0.0));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct F(dfnum: f64, dfden: f64) { parts: (ChiSquare, ChiSquare) }
    as "(f64, f64)" for f64, f32
}

impl F {
    /// With the degrees of freedom of numerator and denominator.
    ///
    /// # Errors
    ///
    /// A parameter is not above 0, or not finite.
    pub fn new(dfnum: f64, dfden: f64) -> Result<Self, RandomError> {
        Check("f").positive("dfnum", dfnum)?;
        Check("f").positive("dfden", dfden)?;
        Ok(Self { dfnum, dfden, parts: (ChiSquare::of(dfnum), ChiSquare::of(dfden)) })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        // few degrees of freedom may give 0 for both
        let numerator = self.parts.0.draw(rng) / self.dfnum;
        numerator / (self.parts.1.draw(rng) / self.dfden).max(f64::MIN_POSITIVE)
    }
}

distribution! {
    /// Like [`F`], with a noncentral numerator: `Generator.noncentral_f`.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, NoncentralF, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// NoncentralF::new(3.0, 20.0, 3.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x > 0.0));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct NoncentralF(dfnum: f64, dfden: f64, nonc: f64) { parts: (NoncentralChiSquare, ChiSquare) }
    as "(f64, f64, f64)" for f64, f32
}

impl NoncentralF {
    /// With the degrees of freedom of numerator and denominator, and the noncentrality.
    ///
    /// # Errors
    ///
    /// - A number of degrees of freedom is not above 0, or not finite.
    /// - `nonc` is negative, or above 1e18.
    pub fn new(dfnum: f64, dfden: f64, nonc: f64) -> Result<Self, RandomError> {
        let check = Check("noncentral_f");
        check.positive("dfnum", dfnum)?;
        check.positive("dfden", dfden)?;
        check.not_negative("nonc", nonc)?;
        check.at_most("nonc", nonc, 1e18, "at most 1e18")?;
        let parts = (NoncentralChiSquare::of(dfnum, nonc), ChiSquare::of(dfden));
        Ok(Self { dfnum, dfden, nonc, parts })
    }

    fn draw(&self, rng: &mut ElementRng) -> f64 {
        // few degrees of freedom may give 0 for both
        let numerator = self.parts.0.draw(rng) / self.dfnum;
        numerator / (self.parts.1.draw(rng) / self.dfden).max(f64::MIN_POSITIVE)
    }
}
