//! ln(e^x + e^y).

use crate::exp::Exp;
use crate::log::Ln1p;
use crate::map::{Binary, Unary};
use std::f64::consts::LN_2;

/// ln(e^x + e^y) without overflow: the larger, and ln(1 + e^-difference).
pub(crate) struct LogAddExp;

impl Binary<f64> for LogAddExp {
    #[inline(always)]
    fn fast(x: f64, y: f64) -> f64 {
        let larger = if x > y { x } else { y };
        let value = larger + Ln1p::fast(Exp::fast(-(x - y).abs()));
        // two equal infinities have no difference
        let value = if x == y { x + LN_2 } else { value };
        if x.is_nan() || y.is_nan() { f64::NAN } else { value }
    }
}
