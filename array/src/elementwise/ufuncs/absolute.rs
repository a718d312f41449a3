//! Absolute values and signs.

use crate::array::Array;
use crate::element::{ComplexNumber, Real};
use crate::elementwise::{unary, unary_slices};
use chunkwise_array_math::{self as math, vectorized};
use num_complex::Complex;

/// Numbers with an absolute value: all. That of a complex number is real.
pub trait Absolute: crate::Number {
    /// The type of the absolute value.
    type Absolute: Real;

    #[doc(hidden)]
    fn absolutes(x: &[Self], out: &mut [Self::Absolute]);
}

impl<T: Real> Absolute for T {
    type Absolute = T;

    fn absolutes(x: &[T], out: &mut [T]) {
        vectorized(
            #[inline(always)]
            || {
                for (out, x) in out.iter_mut().zip(x) {
                    *out = x.magnitude();
                }
            },
        );
    }
}

macro_rules! of_complex {
    ($($float:ty),+) => { $(
        impl Absolute for Complex<$float> {
            type Absolute = $float;

            fn absolutes(x: &[Self], out: &mut [$float]) {
                const AT_ONCE: usize = 256;
                let mut parts = [[0.0; AT_ONCE]; 2];
                for (x, out) in x.chunks(AT_ONCE).zip(out.chunks_mut(AT_ONCE)) {
                    let [re, im] = &mut parts;
                    for ((re, im), x) in re.iter_mut().zip(im.iter_mut()).zip(x) {
                        (*re, *im) = (x.re, x.im);
                    }
                    math::hypot(&re[..x.len()], &im[..x.len()], out);
                }
            }
        }
    )+ };
}
of_complex!(f32, f64);

impl<T: Absolute> Array<T> {
    /// The absolute value, which is real of complex numbers. The least integer stays as it is.
    #[doc(alias = "absolute")]
    #[doc(alias = "fabs")]
    #[track_caller]
    pub fn abs(&self) -> Array<T::Absolute> {
        unary_slices("abs", self, T::absolutes)
    }
}

impl<T: Real> Array<T> {
    /// -1, 0 or 1, as the element is below, at or above 0; NaN of NaN.
    #[track_caller]
    pub fn sign(&self) -> Array<T> {
        unary("sign", self, |x: T| x.sign())
    }
}

impl<T: ComplexNumber> Array<T> {
    /// Each element over its absolute value; 0 of 0.
    #[track_caller]
    pub fn unit(&self) -> Array<T>
    where
        T: Absolute<Absolute = T::Part>,
    {
        unary_slices("unit", self, |x: &[T], out: &mut [T]| {
            const AT_ONCE: usize = 256;
            let mut lengths = [<T::Part as crate::Number>::ZERO; AT_ONCE];
            for (x, out) in x.chunks(AT_ONCE).zip(out.chunks_mut(AT_ONCE)) {
                T::absolutes(x, &mut lengths[..x.len()]);
                for (out, (&x, &length)) in out.iter_mut().zip(x.iter().zip(&lengths)) {
                    *out = match x == T::ZERO {
                        true => T::ZERO,
                        false => x.over(T::of_parts(length, crate::Number::ZERO)),
                    };
                }
            }
        })
    }
}
