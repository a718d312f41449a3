//! Error functions, gamma, sinc and a Bessel function.

use crate::array::Array;
use crate::element::Float;
use crate::elementwise::{unary, unary_slices};

impl<T: Float> Array<T> {
    /// The error function.
    #[track_caller]
    pub fn erf(&self) -> Array<T> {
        unary_slices("erf", self, T::erf)
    }

    /// 1 less the error function, exact where that is small.
    #[track_caller]
    pub fn erfc(&self) -> Array<T> {
        unary_slices("erfc", self, T::erfc)
    }

    /// The gamma function; NaN at negative whole numbers.
    #[track_caller]
    pub fn gamma(&self) -> Array<T> {
        unary_slices("gamma", self, T::gamma)
    }

    /// The logarithm of the absolute value of the gamma function.
    #[doc(alias = "lgamma")]
    #[doc(alias = "gammaln")]
    #[track_caller]
    pub fn ln_gamma(&self) -> Array<T> {
        unary_slices("ln_gamma", self, T::ln_gamma)
    }

    /// `sin(pi x) / (pi x)`, and 1 at 0.
    #[track_caller]
    pub fn sinc(&self) -> Array<T> {
        unary_slices("sinc", self, |x: &[T], out: &mut [T]| {
            const AT_ONCE: usize = 256;
            let mut angles = [T::ZERO; AT_ONCE];
            for (x, out) in x.chunks(AT_ONCE).zip(out.chunks_mut(AT_ONCE)) {
                let angles = &mut angles[..x.len()];
                for (angle, x) in angles.iter_mut().zip(x) {
                    *angle = x.times(T::of_f64(std::f64::consts::PI));
                }
                T::sin(angles, out);
                for (out, angle) in out.iter_mut().zip(angles) {
                    *out = if *angle == T::ZERO { T::ONE } else { out.over(*angle) };
                }
            }
        })
    }

    /// The modified Bessel function of the first kind and order 0, by the Chebyshev series of
    /// Cephes, as in NumPy.
    #[track_caller]
    pub fn i0(&self) -> Array<T> {
        unary("i0", self, |x: T| T::of_f64(i0(x.to_f64())))
    }
}

fn i0(x: f64) -> f64 {
    let x = x.abs();
    match x <= 8.0 {
        true => x.exp() * chebyshev(x / 2.0 - 2.0, &NEAR),
        false => x.exp() * chebyshev(32.0 / x - 2.0, &FAR) / x.sqrt(),
    }
}

/// The series with these coefficients, the highest first, at x / 2.
fn chebyshev(x: f64, coefficients: &[f64]) -> f64 {
    let (mut b0, mut b1, mut b2) = (0.0, 0.0, 0.0);
    for coefficient in coefficients {
        (b2, b1) = (b1, b0);
        b0 = x * b1 - b2 + coefficient;
    }
    0.5 * (b0 - b2)
}

/// Of `e^-x I0(x)` from 0 to 8.
const NEAR: [f64; 30] = [
    -4.4153416464793395e-18,
    3.3307945188222384e-17,
    -2.431279846547955e-16,
    1.715391285555133e-15,
    -1.1685332877993451e-14,
    7.676185498604936e-14,
    -4.856446783111929e-13,
    2.95505266312964e-12,
    -1.726826291441556e-11,
    9.675809035373237e-11,
    -5.189795601635263e-10,
    2.6598237246823866e-09,
    -1.300025009986248e-08,
    6.046995022541919e-08,
    -2.670793853940612e-07,
    1.1173875391201037e-06,
    -4.4167383584587505e-06,
    1.6448448070728896e-05,
    -5.754195010082104e-05,
    0.00018850288509584165,
    -0.0005763755745385824,
    0.0016394756169413357,
    -0.004324309995050576,
    0.010546460394594998,
    -0.02373741480589947,
    0.04930528423967071,
    -0.09490109704804764,
    0.17162090152220877,
    -0.3046826723431984,
    0.6767952744094761,
];

/// Of `e^-x sqrt(x) I0(x)` from 8 on.
const FAR: [f64; 25] = [
    -7.233180487874754e-18,
    -4.830504485944182e-18,
    4.46562142029676e-17,
    3.461222867697461e-17,
    -2.8276239805165836e-16,
    -3.425485619677219e-16,
    1.7725601330565263e-15,
    3.8116806693526224e-15,
    -9.554846698828307e-15,
    -4.150569347287222e-14,
    1.54008621752141e-14,
    3.8527783827421426e-13,
    7.180124451383666e-13,
    -1.7941785315068062e-12,
    -1.3215811840447713e-11,
    -3.1499165279632416e-11,
    1.1889147107846439e-11,
    4.94060238822497e-10,
    3.3962320257083865e-09,
    2.266668990498178e-08,
    2.0489185894690638e-07,
    2.8913705208347567e-06,
    6.889758346916825e-05,
    0.0033691164782556943,
    0.8044904110141088,
];
