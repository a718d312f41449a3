//! [`Field`]: the numbers of linear algebra.

use crate::element::{Float, Number};
use num_complex::Complex;

/// Numbers in which equations can be solved: `f32`, `f64` and the complex numbers of them.
pub trait Field: Number + sealed::InFaer<Real = <Self as Field>::Modulus> {
    /// The type of absolute values.
    type Modulus: Float + Field<Modulus = Self::Modulus> + sealed::RealInFaer;

    /// With the other sign of the imaginary part.
    #[must_use]
    fn conjugate(self) -> Self;

    /// The absolute value.
    fn modulus(self) -> Self::Modulus;

    /// Of a real number.
    fn of_real(real: Self::Modulus) -> Self;

    /// The real part.
    fn real(self) -> Self::Modulus;
}

pub(super) mod sealed {
    /// What the in-memory algorithms work on.
    pub trait InFaer: faer::traits::ComplexField {}

    impl<T: faer::traits::ComplexField> InFaer for T {}

    /// The real ones among them.
    pub trait RealInFaer: faer::traits::RealField {}

    impl<T: faer::traits::RealField> RealInFaer for T {}
}

macro_rules! fields {
    ($($real:ty),+) => { $(
        impl Field for $real {
            type Modulus = $real;

            #[inline]
            fn conjugate(self) -> $real { self }
            #[inline]
            fn modulus(self) -> $real { self.abs() }
            #[inline]
            fn of_real(real: $real) -> $real { real }
            #[inline]
            fn real(self) -> $real { self }
        }

        impl Field for Complex<$real> {
            type Modulus = $real;

            #[inline]
            fn conjugate(self) -> Complex<$real> { self.conj() }
            #[inline]
            fn modulus(self) -> $real { self.re.hypot(self.im) }
            #[inline]
            fn of_real(real: $real) -> Complex<$real> { Complex::new(real, 0.0) }
            #[inline]
            fn real(self) -> $real { self.re }
        }
    )+ };
}
fields!(f32, f64);
