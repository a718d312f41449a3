//! Functions that are an instruction or two in either width.

use crate::map::Unary;
use crate::roots::{Cube, Recip, Sqrt, Square};

/// The largest whole number up to x.
pub(crate) struct Floor;
/// The smallest whole number from x.
pub(crate) struct Ceil;
/// x without its fraction.
pub(crate) struct Trunc;
/// The nearest whole number, of two the even one.
pub(crate) struct Rint;
/// |x|.
pub(crate) struct Abs;

macro_rules! native {
    ($($function:ident: |$x:ident| $value:expr;)*) => {$(
        impl Unary<f64> for $function {
            #[inline(always)]
            fn fast($x: f64) -> f64 {
                $value
            }
        }
        impl Unary<f32> for $function {
            #[inline(always)]
            fn fast($x: f32) -> f32 {
                $value
            }
        }
    )*};
}

native! {
    Sqrt: |x| x.sqrt();
    Recip: |x| 1.0 / x;
    Square: |x| x * x;
    Cube: |x| x * x * x;
    Floor: |x| x.floor();
    Ceil: |x| x.ceil();
    Trunc: |x| x.trunc();
    Rint: |x| x.round_ties_even();
    Abs: |x| x.abs();
}
