//! gamma, ln_gamma: element by element through the `libm` crate, not vectorised.

use crate::map::Unary;

/// The gamma function.
pub(crate) struct Gamma;

impl Unary<f64> for Gamma {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        libm::tgamma(x)
    }
}

/// The logarithm of the absolute value of the gamma function.
pub(crate) struct LnGamma;

impl Unary<f64> for LnGamma {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        libm::lgamma(x)
    }
}
