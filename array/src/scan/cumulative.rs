//! Running sums, products and extremes; filling gaps.

use super::custom::Scan;
use super::node::{ScanMethod, scan};
use crate::array::Array;
use crate::axes::Axes;
use crate::element::{Float, Number, Real};
use crate::reduce::{greater, less, nan_to_one, nan_to_zero};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

macro_rules! scans {
    ($($scan:ident $bound:ident -> $out:ty, $name:literal:
        $start:expr, $term:expr, $join:expr;)+) => { $(
        #[derive(Clone, Serialize, Deserialize)]
        #[serde(bound = "")]
        struct $scan<T>(PhantomData<fn() -> T>);

        impl<T: $bound> Scan for $scan<T> {
            type In = T;
            type Out = $out;
            const NAME: &'static str = $name;

            #[inline]
            fn start(&self) -> $out {
                $start
            }

            #[inline]
            fn term(&self, element: T) -> $out {
                let term: fn(T) -> $out = $term;
                term(element)
            }

            #[inline]
            fn join(&self, before: $out, next: $out) -> $out {
                let join: fn($out, $out) -> $out = $join;
                join(before, next)
            }
        }
    )+ };
}

scans! {
    Sums Number -> T::Sum, "cumsum": T::Sum::ZERO, |x| x.widen(), |a, b| a.plus(b);
    Products Number -> T::Sum, "cumprod": T::Sum::ONE, |x| x.widen(), |a, b| a.times(b);
    Least Real -> T, "cummin": T::GREATEST, |x| x, less;
    Greatest Real -> T, "cummax": T::LEAST, |x| x, greater;
    Last Float -> T, "push": T::of_f64(f64::NAN), |x| x, |a, b| if b.is_nan() { a } else { b };
}

impl<T: Number> Array<T> {
    /// The running sums along an axis: `f64` of floats, 64 bits of integers (which wrap around).
    ///
    /// Preserves shape and chunks. Along all elements in row-major order: of [`Array::ravel`].
    ///
    /// # Complexity
    /// O(elements): each chunk is read twice, for its total and for its running sums. Along the
    /// axis only totals, one slice thick, go from chunk to chunk; of two small tasks a chunk one
    /// waits for the chunk before, see [`ScanMethod`].
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![[1u8, 2], [3, 4]], 1);
    /// assert_eq!(x.cumsum(0).compute()?, ndarray::array![[1u64, 2], [4, 6]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn cumsum(&self, axis: impl Into<Axes>) -> Array<T::Sum> {
        self.cumsum_with(axis, ScanMethod::default())
    }

    /// [`Array::cumsum`] by a method.
    #[track_caller]
    pub fn cumsum_with(&self, axis: impl Into<Axes>, method: ScanMethod) -> Array<T::Sum> {
        scan(self, axis.into(), Sums(PhantomData), method)
    }

    /// The running products along an axis, as [`Array::cumsum`] gives the sums.
    #[track_caller]
    pub fn cumprod(&self, axis: impl Into<Axes>) -> Array<T::Sum> {
        self.cumprod_with(axis, ScanMethod::default())
    }

    /// [`Array::cumprod`] by a method.
    #[track_caller]
    pub fn cumprod_with(&self, axis: impl Into<Axes>, method: ScanMethod) -> Array<T::Sum> {
        scan(self, axis.into(), Products(PhantomData), method)
    }
}

impl<T: Real> Array<T> {
    /// The greatest element so far along an axis; NaN from the first NaN on. Preserves shape and
    /// chunks.
    #[track_caller]
    pub fn cummax(&self, axis: impl Into<Axes>) -> Array<T> {
        scan(self, axis.into(), Greatest(PhantomData), ScanMethod::default())
    }

    /// The least element so far along an axis; NaN from the first NaN on. Preserves shape and
    /// chunks.
    #[track_caller]
    pub fn cummin(&self, axis: impl Into<Axes>) -> Array<T> {
        scan(self, axis.into(), Least(PhantomData), ScanMethod::default())
    }
}

impl<T: Float> Array<T> {
    /// The running sums along an axis, to which NaN adds nothing; see [`Array::cumsum`].
    #[track_caller]
    pub fn nancumsum(&self, axis: impl Into<Axes>) -> Array<T::Sum> {
        nan_to_zero(self).cumsum(axis)
    }

    /// The running products along an axis, which NaN does not change; see [`Array::cumprod`].
    #[track_caller]
    pub fn nancumprod(&self, axis: impl Into<Axes>) -> Array<T::Sum> {
        nan_to_one(self).cumprod(axis)
    }

    /// The array with each NaN replaced by the last number before it along an axis, if there is one
    /// ("forward fill"). Preserves shape and chunks.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let nan = f64::NAN;
    /// let x = Array::from_ndarray(&ndarray::array![1.0, nan, nan, 4.0, nan], 2);
    /// assert_eq!(x.push(0).compute()?, ndarray::array![1.0, 1.0, 1.0, 4.0, 4.0].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn push(&self, axis: impl Into<Axes>) -> Array<T> {
        scan(self, axis.into(), Last(PhantomData), ScanMethod::default())
    }
}
