//! The functions, for `f32` and `f64`.

use crate::arc::{Acos, Asin};
use crate::arc_hyperbolic::{Acosh, Asinh, Atanh};
use crate::atan::{Atan, Atan2};
use crate::erf::{Erf, Erfc};
use crate::exp::{Exp, Exp2, ExpM1};
use crate::gamma::{Gamma, LnGamma};
use crate::hyperbolic::{Cosh, Sinh, Tanh};
use crate::log::{Ln, Ln1p, Log2, Log10};
use crate::logaddexp::LogAddExp;
use crate::map::{Widened, binary, unary};
use crate::native::{Abs, Ceil, Floor, Rint, Trunc};
use crate::pow::{Pow, Pow32};
use crate::powi::powi as power;
use crate::roots::{Cbrt, Cube, Hypot, Recip, Sqrt, Square};
use crate::trig::{Cos, Sin, Tan};

/// Writes the trait and its two implementations from one list of functions.
macro_rules! elementary {
    (
        one { $($(#[$unary_doc:meta])* $unary:ident = $unary64:ty, $unary32:ty;)* }
        two {
            $($(#[$binary_doc:meta])*
            $binary:ident($x:ident, $y:ident) = $binary64:ty, $binary32:ty;)*
        }
    ) => {
        /// Elementary functions of whole slices.
        ///
        /// For code that is generic over the float. With a float that is known the functions of the
        /// same names are shorter, since `f64::exp` is that of the standard library.
        ///
        /// `out[i]` becomes the function of the elements `i` of the other slices. How exact and how
        /// fast the functions are is in the [table of this crate](crate#accuracy-and-speed).
        ///
        /// # Contract
        ///
        /// - Nothing is allocated, and nothing is read from `out`.
        /// - The result of an element depends on that element alone: not on its place, on its
        ///   neighbours, on the length of the slice, or on the processor.
        /// - NaN, infinities, zeros and their signs, and subnormal numbers give what IEEE 754 and
        ///   NumPy say. The sign and the payload of a NaN are not specified.
        ///
        /// # Panics
        ///
        /// All functions panic if the slices are not of one length.
        ///
        /// # Examples
        ///
        /// ```
        /// let x = [0.0, 1.0, -1.0, f64::NEG_INFINITY];
        /// let mut out = [0.0; 4];
        /// chunkwise_array_math::exp(&x, &mut out);
        /// assert_eq!(out, [1.0, std::f64::consts::E, 1.0 / std::f64::consts::E, 0.0]);
        /// ```
        pub trait Elementary: Copy + Send + Sync + 'static {
            $($(#[$unary_doc])* fn $unary(x: &[Self], out: &mut [Self]);)*
            $($(#[$binary_doc])* fn $binary($x: &[Self], $y: &[Self], out: &mut [Self]);)*

            /// x to the power of a whole number: products for -1 to 4, [`pow`](Elementary::pow)
            /// of each element for the others.
            fn powi(x: &[Self], n: i32, out: &mut [Self]);
        }

        $($(#[$unary_doc])*
        ///
        /// # Panics
        ///
        /// If the slices are not of one length.
        pub fn $unary<T: Elementary>(x: &[T], out: &mut [T]) {
            T::$unary(x, out);
        })*

        $($(#[$binary_doc])*
        ///
        /// # Panics
        ///
        /// If the slices are not of one length.
        pub fn $binary<T: Elementary>($x: &[T], $y: &[T], out: &mut [T]) {
            T::$binary($x, $y, out);
        })*

        impl Elementary for f64 {
            $(fn $unary(x: &[f64], out: &mut [f64]) {
                unary::<f64, $unary64>(x, out);
            })*
            $(fn $binary($x: &[f64], $y: &[f64], out: &mut [f64]) {
                binary::<f64, $binary64>($x, $y, out);
            })*
            fn powi(x: &[f64], n: i32, out: &mut [f64]) {
                power::<f64, Pow>(x, n, out);
            }
        }

        impl Elementary for f32 {
            $(fn $unary(x: &[f32], out: &mut [f32]) {
                unary::<f32, $unary32>(x, out);
            })*
            $(fn $binary($x: &[f32], $y: &[f32], out: &mut [f32]) {
                binary::<f32, $binary32>($x, $y, out);
            })*
            fn powi(x: &[f32], n: i32, out: &mut [f32]) {
                power::<f32, Pow32>(x, n, out);
            }
        }
    };
}

elementary! {
one {
    /// The sine of angles in radians; NaN for infinities.
    sin = Sin, Widened<Sin>;
    /// The cosine of angles in radians; NaN for infinities.
    cos = Cos, Widened<Cos>;
    /// The tangent of angles in radians; NaN for infinities.
    tan = Tan, Widened<Tan>;
    /// The arc sine, from -pi/2 to pi/2; NaN outside -1 to 1.
    asin = Asin, Widened<Asin>;
    /// The arc cosine, from 0 to pi; NaN outside -1 to 1.
    acos = Acos, Widened<Acos>;
    /// The arc tangent, from -pi/2 to pi/2.
    atan = Atan, Widened<Atan>;
    /// The hyperbolic sine.
    sinh = Sinh, Widened<Sinh>;
    /// The hyperbolic cosine.
    cosh = Cosh, Widened<Cosh>;
    /// The hyperbolic tangent.
    tanh = Tanh, Widened<Tanh>;
    /// The inverse of the hyperbolic sine.
    asinh = Asinh, Widened<Asinh>;
    /// The inverse of the hyperbolic cosine; NaN below 1.
    acosh = Acosh, Widened<Acosh>;
    /// The inverse of the hyperbolic tangent; infinite at -1 and 1, NaN outside.
    atanh = Atanh, Widened<Atanh>;
    /// e to the power of x.
    exp = Exp, Widened<Exp>;
    /// 2 to the power of x.
    exp2 = Exp2, Widened<Exp2>;
    /// e to the power of x, less 1, exact near 0.
    exp_m1 = ExpM1, Widened<ExpM1>;
    /// The natural logarithm; -infinity at 0, NaN below.
    ln = Ln, Widened<Ln>;
    /// The logarithm to base 2; -infinity at 0, NaN below.
    log2 = Log2, Widened<Log2>;
    /// The logarithm to base 10; -infinity at 0, NaN below.
    log10 = Log10, Widened<Log10>;
    /// The natural logarithm of 1 + x, exact near 0; -infinity at -1, NaN below.
    ln_1p = Ln1p, Widened<Ln1p>;
    /// The square root, correctly rounded; NaN below 0.
    sqrt = Sqrt, Sqrt;
    /// The cube root, of negative numbers too.
    cbrt = Cbrt, Widened<Cbrt>;
    /// 1 / x, correctly rounded.
    recip = Recip, Recip;
    /// x * x.
    square = Square, Square;
    /// x * x * x, from left to right.
    cube = Cube, Cube;
    /// The error function.
    erf = Erf, Widened<Erf>;
    /// 1 less the error function, exact where that is small.
    erfc = Erfc, Widened<Erfc>;
    /// The gamma function; NaN at negative whole numbers. Not vectorised.
    gamma = Gamma, Widened<Gamma>;
    /// The logarithm of the absolute value of the gamma function. Not vectorised.
    ln_gamma = LnGamma, Widened<LnGamma>;
    /// The largest whole number up to x.
    floor = Floor, Floor;
    /// The smallest whole number from x.
    ceil = Ceil, Ceil;
    /// x without its fraction.
    trunc = Trunc, Trunc;
    /// The nearest whole number, of two the even one.
    rint = Rint, Rint;
    /// |x|.
    abs = Abs, Abs;
}
two {
    /// The angle, from -pi to pi, of the points with the coordinates y and x.
    atan2(y, x) = Atan2, Widened<Atan2>;
    /// sqrt(x^2 + y^2) without overflow in between; infinite if either is.
    hypot(x, y) = Hypot, Widened<Hypot>;
    /// x to the power of y; NaN for negative x and a y that is not whole.
    pow(x, y) = Pow, Pow32;
    /// ln(e^x + e^y) without overflow in between.
    logaddexp(x, y) = LogAddExp, Widened<LogAddExp>;
}
}

/// x to the power of a whole number: products for -1 to 4, [`pow`] of each element for the others.
///
/// # Panics
///
/// If the slices are not of one length.
///
/// # Examples
///
/// ```
/// let mut out = [0.0f32; 2];
/// chunkwise_array_math::powi(&[3.0, 0.5], 3, &mut out);
/// assert_eq!(out, [27.0, 0.125]);
/// ```
pub fn powi<T: Elementary>(x: &[T], n: i32, out: &mut [T]) {
    T::powi(x, n, out);
}
