//! [`Analytic`]: what exponentials, logarithms and trigonometric functions are defined on.

use crate::element::Number;
use chunkwise_array_math as math;
use num_complex::Complex;

/// Calls a macro with the functions of one number.
macro_rules! for_each_function {
    ($callback:ident) => {
        $callback! {
            sqrt, exp, exp2, exp_m1, ln, log2, log10, ln_1p, sin, cos, tan, asin, acos, atan, sinh,
            cosh, tanh, asinh, acosh, atanh
        }
    };
}

macro_rules! declare {
    ($($function:ident),+) => {
        /// Floats and complex numbers: what exponentials, logarithms and trigonometric functions
        /// are defined on. Integers are made floats of by [`Array::cast`](crate::Array::cast).
        ///
        /// Floats have the functions of `chunkwise-array-math`: vectorised, at most about 1 unit of
        /// the last place from the truth, the same bits on every processor. Complex numbers have
        /// those of `num-complex`, with its branch cuts.
        pub trait Analytic: Number {
            $(
                #[doc(hidden)]
                fn $function(x: &[Self], out: &mut [Self]);
            )+

            /// Whether it, or a part of it, is not a number.
            fn has_nan(self) -> bool;
            /// Whether it, or a part of it, is infinite.
            fn has_infinity(self) -> bool;
            #[doc(hidden)]
            fn powi(x: &[Self], n: i32, out: &mut [Self]);
        }
    };
}
for_each_function!(declare);

macro_rules! of_floats {
    ($($function:ident),+) => {
        impl_of_floats! { f32: $($function),+ }
        impl_of_floats! { f64: $($function),+ }
    };
}

macro_rules! impl_of_floats {
    ($float:ident: $($function:ident),+) => {
        impl Analytic for $float {
            $(
                #[inline]
                fn $function(x: &[Self], out: &mut [Self]) {
                    math::$function(x, out);
                }
            )+

            #[inline]
            fn has_nan(self) -> bool {
                self.is_nan()
            }

            #[inline]
            fn has_infinity(self) -> bool {
                self.is_infinite()
            }

            fn powi(x: &[Self], n: i32, out: &mut [Self]) {
                math::powi(x, n, out);
            }
        }
    };
}
for_each_function!(of_floats);

macro_rules! of_complex {
    ($($function:ident),+) => {
        impl_of_complex! { f32: $($function),+ }
        impl_of_complex! { f64: $($function),+ }
    };
}

macro_rules! impl_of_complex {
    ($float:ident: $($function:ident),+) => {
        impl Analytic for Complex<$float> {
            $(
                fn $function(x: &[Self], out: &mut [Self]) {
                    for (out, x) in out.iter_mut().zip(x) {
                        *out = scalar::$function(*x);
                    }
                }
            )+

            #[inline]
            fn has_nan(self) -> bool {
                self.re.is_nan() || self.im.is_nan()
            }

            #[inline]
            fn has_infinity(self) -> bool {
                self.re.is_infinite() || self.im.is_infinite()
            }

            fn powi(x: &[Self], n: i32, out: &mut [Self]) {
                for (out, x) in out.iter_mut().zip(x) {
                    *out = x.powi(n);
                }
            }
        }
    };
}
for_each_function!(of_complex);

/// Functions of one complex number.
mod scalar {
    use super::Complex;

    macro_rules! of_num_complex {
        ($($function:ident),+) => { $(
            pub(super) fn $function<F: num_traits::Float + num_traits::FloatConst>(z: Complex<F>) -> Complex<F> {
                z.$function()
            }
        )+ };
    }
    of_num_complex! {
        sqrt, exp, exp2, ln, log2, log10, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh,
        acosh, atanh
    }

    /// `e^z - 1`, exact near 0: from `cos y - 1 = -2 sin(y / 2)^2`.
    pub(super) fn exp_m1<F: num_traits::Float + num_traits::FloatConst>(
        z: Complex<F>,
    ) -> Complex<F> {
        let half = (z.im / (F::one() + F::one())).sin();
        let grown = z.re.exp_m1();
        let re = grown * z.im.cos() - (half * half + half * half);
        Complex::new(re, z.re.exp() * z.im.sin())
    }

    /// `ln(1 + z)`, exact near 0: the square of `|1 + z|` is `1 + x (2 + x) + y^2`.
    pub(super) fn ln_1p<F: num_traits::Float + num_traits::FloatConst>(
        z: Complex<F>,
    ) -> Complex<F> {
        let two = F::one() + F::one();
        let re = (z.re * (two + z.re) + z.im * z.im).ln_1p() / two;
        Complex::new(re, z.im.atan2(F::one() + z.re))
    }
}
