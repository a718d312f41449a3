//! Trigonometric and hyperbolic functions, and angles.

use super::analytic::Analytic;
use crate::array::Array;
use crate::element::Float;
use crate::elementwise::{IntoOperand, binary_rows, unary, unary_slices};

macro_rules! functions {
    ($($(#[$doc:meta])* $function:ident)+) => {
        impl<T: Analytic> Array<T> {
            $(
                $(#[$doc])*
                #[track_caller]
                pub fn $function(&self) -> Array<T> {
                    unary_slices(stringify!($function), self, T::$function)
                }
            )+
        }
    };
}

functions! {
    /// The sine of angles in radians; NaN of infinities.
    ///
    /// Shape, chunks and type stay. Floats: 0.8 units of the last place from the truth at most,
    /// 1.6 ns an element and thread, in the same pass as what comes before and after.
    sin
    /// The cosine of angles in radians; see [`Array::sin`].
    cos
    /// The tangent of angles in radians; see [`Array::sin`].
    tan
    /// The arc sine, from -pi/2 to pi/2; of floats NaN outside -1 to 1.
    #[doc(alias = "arcsin")]
    asin
    /// The arc cosine, from 0 to pi; of floats NaN outside -1 to 1.
    #[doc(alias = "arccos")]
    acos
    /// The arc tangent, from -pi/2 to pi/2.
    #[doc(alias = "arctan")]
    atan
    /// The hyperbolic sine.
    sinh
    /// The hyperbolic cosine.
    cosh
    /// The hyperbolic tangent.
    tanh
    /// The inverse of the hyperbolic sine.
    #[doc(alias = "arcsinh")]
    asinh
    /// The inverse of the hyperbolic cosine; of floats NaN below 1.
    #[doc(alias = "arccosh")]
    acosh
    /// The inverse of the hyperbolic tangent; of floats infinite at -1 and 1, and NaN outside.
    #[doc(alias = "arctanh")]
    atanh
}

impl<T: Float> Array<T> {
    /// The angle, from -pi to pi, of points whose y these are, and whose x is opposite; shapes
    /// broadcast.
    #[doc(alias = "arctan2")]
    #[track_caller]
    pub fn atan2(&self, x: impl IntoOperand<T>) -> Array<T> {
        binary_rows("atan2", self, x, T::atan2)
    }

    /// `sqrt(x^2 + y^2)`, without overflow in between; shapes broadcast.
    #[track_caller]
    pub fn hypot(&self, other: impl IntoOperand<T>) -> Array<T> {
        binary_rows("hypot", self, other, T::hypot)
    }

    /// Degrees as radians.
    #[doc(alias = "deg2rad")]
    #[doc(alias = "radians")]
    #[track_caller]
    pub fn to_radians(&self) -> Array<T> {
        unary("to_radians", self, |x: T| x.times(T::of_f64(std::f64::consts::PI / 180.0)))
    }

    /// Radians as degrees.
    #[doc(alias = "rad2deg")]
    #[doc(alias = "degrees")]
    #[track_caller]
    pub fn to_degrees(&self) -> Array<T> {
        unary("to_degrees", self, |x: T| x.times(T::of_f64(180.0 / std::f64::consts::PI)))
    }
}
