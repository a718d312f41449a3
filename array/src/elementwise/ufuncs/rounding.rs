//! Rounding to whole numbers and to decimals.

use crate::array::Array;
use crate::element::Float;
use crate::elementwise::{unary_rows_with, unary_slices};
use chunkwise_array_math::vectorized;

impl<T: Float> Array<T> {
    /// The largest whole number up to each element.
    #[track_caller]
    pub fn floor(&self) -> Array<T> {
        unary_slices("floor", self, T::floor)
    }

    /// The smallest whole number from each element.
    #[track_caller]
    pub fn ceil(&self) -> Array<T> {
        unary_slices("ceil", self, T::ceil)
    }

    /// Each element without its fraction.
    #[doc(alias = "fix")]
    #[track_caller]
    pub fn trunc(&self) -> Array<T> {
        unary_slices("trunc", self, T::trunc)
    }

    /// The nearest whole number; of two, the even one.
    #[track_caller]
    pub fn rint(&self) -> Array<T> {
        unary_slices("rint", self, T::rint)
    }

    /// The nearest number of so many decimals, as NumPy finds it: multiplied by a power of ten,
    /// rounded with [`Array::rint`], and divided again. Negative decimals are tens, hundreds, ...
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![1.25, 1.35, 15.0], 3);
    /// assert_eq!(x.round(1).compute()?, ndarray::arr1(&[1.2, 1.4, 15.0]).into_dyn());
    /// assert_eq!(x.round(-1).compute()?, ndarray::arr1(&[0.0, 0.0, 20.0]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[doc(alias = "around")]
    #[track_caller]
    pub fn round(&self, decimals: i32) -> Array<T> {
        if decimals == 0 {
            return self.rint();
        }
        unary_rows_with("round", self, decimals, round)
    }
}

fn round<T: Float>(decimals: &i32, x: &[T], out: &mut [T]) {
    const AT_ONCE: usize = 256;
    let factor = T::of_f64(10f64.powi(decimals.saturating_abs()));
    let mut scaled = [T::ZERO; AT_ONCE];
    for (x, out) in x.chunks(AT_ONCE).zip(out.chunks_mut(AT_ONCE)) {
        let scaled = &mut scaled[..x.len()];
        let (up, down) = if *decimals > 0 { (factor, T::ONE) } else { (T::ONE, factor) };
        vectorized(
            #[inline(always)]
            || {
                for (scaled, x) in scaled.iter_mut().zip(x) {
                    *scaled = x.times(up).over(down);
                }
            },
        );
        T::rint(scaled, out);
        vectorized(
            #[inline(always)]
            || {
                for out in out.iter_mut() {
                    *out = out.times(down).over(up);
                }
            },
        );
    }
}
