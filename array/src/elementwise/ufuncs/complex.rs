//! The parts of complex numbers.

use super::analytic::Analytic;
use crate::array::Array;
use crate::element::{ComplexNumber, Float, Number};
use crate::elementwise::{binary, unary, unary_slices};
use chunkwise_array_math::Elementary;
use num_complex::Complex;

impl<T: ComplexNumber> Array<T> {
    /// The complex conjugate.
    #[doc(alias = "conjugate")]
    #[track_caller]
    pub fn conj(&self) -> Array<T> {
        unary("conj", self, |x: T| T::of_parts(x.real_part(), x.imaginary_part().negated()))
    }

    /// The real part.
    #[track_caller]
    pub fn real(&self) -> Array<T::Part> {
        unary("real", self, |x: T| x.real_part())
    }

    /// The imaginary part.
    #[track_caller]
    pub fn imag(&self) -> Array<T::Part> {
        unary("imag", self, |x: T| x.imaginary_part())
    }

    /// The angle from the positive real axis, from -pi to pi.
    #[doc(alias = "arg")]
    #[track_caller]
    pub fn angle(&self) -> Array<T::Part> {
        unary_slices("angle", self, |x: &[T], out: &mut [T::Part]| {
            const AT_ONCE: usize = 256;
            let mut parts = [[<T::Part as Number>::ZERO; AT_ONCE]; 2];
            for (x, out) in x.chunks(AT_ONCE).zip(out.chunks_mut(AT_ONCE)) {
                let [re, im] = &mut parts;
                for ((re, im), x) in re.iter_mut().zip(im.iter_mut()).zip(x) {
                    (*re, *im) = (x.real_part(), x.imaginary_part());
                }
                T::Part::atan2(&im[..x.len()], &re[..x.len()], out);
            }
        })
    }

    /// Whether the imaginary part is 0.
    #[doc(alias = "isreal")]
    #[track_caller]
    pub fn is_real(&self) -> Array<bool> {
        unary("is_real", self, |x: T| x.imaginary_part() == Number::ZERO)
    }

    /// Whether the imaginary part is not 0.
    #[doc(alias = "iscomplex")]
    #[track_caller]
    pub fn is_complex(&self) -> Array<bool> {
        unary("is_complex", self, |x: T| x.imaginary_part() != Number::ZERO)
    }
}

/// Complex numbers of arrays of their parts, which broadcast.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, to_complex};
/// let z = to_complex(&Array::full([2], 3.0, 1), &Array::full([2], 4.0, 1));
/// assert_eq!(z.abs().compute()?, ndarray::arr1(&[5.0, 5.0]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn to_complex<F>(re: &Array<F>, im: &Array<F>) -> Array<Complex<F>>
where
    F: Float + Analytic,
    Complex<F>: ComplexNumber<Part = F>,
{
    binary("to_complex", re, im, |re: F, im: F| Complex::new(re, im))
}
