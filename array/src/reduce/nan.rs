//! Reductions that leave out NaN.

use super::moments::Moments;
use super::node::{reduce, reduce_all};
use super::reducer::Reducer;
use super::sums::of_type;
use crate::array::Array;
use crate::axes::Axes;
use crate::element::{Float, Number, Real};
use crate::elementwise::unary;
use crate::error::ArrayError;
use crate::scalar::Scalar;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// Calls `take` with the elements of a row that are not NaN: all at once where none is.
fn without_nan<T: Float>(elements: &[T], mut take: impl FnMut(&[T])) {
    const ROOM: usize = 256;
    if !elements.iter().any(|x| x.is_nan()) {
        return take(elements);
    }
    for part in elements.chunks(ROOM) {
        let (mut some, mut n) = ([T::ZERO; ROOM], 0);
        for &element in part.iter().filter(|x| !x.is_nan()) {
            some[n] = element;
            n += 1;
        }
        if n > 0 {
            take(&some[..n]);
        }
    }
}

of_type! {
    /// The mean of what is not NaN.
    NanMean
}

impl<T: Float> Reducer for NanMean<T>
where
    T::Sum: Real,
{
    type In = T;
    type Out = f64;
    type Acc = (T::Sum, u64);
    const NAME: &'static str = "nanmean";

    fn start(&self) -> (T::Sum, u64) {
        (T::Sum::ZERO, 0)
    }

    fn row(&self, (sum, n): &mut (T::Sum, u64), elements: &[T], _: u64) {
        without_nan(elements, |some| {
            *sum = sum.plus(T::sum_of_row(some));
            *n += some.len() as u64;
        });
    }

    fn columns(&self, accs: &mut [(T::Sum, u64)], elements: &[T], _: u64) {
        for ((sum, n), element) in accs.iter_mut().zip(elements) {
            if !element.is_nan() {
                *sum = sum.plus(element.widen());
                *n += 1;
            }
        }
    }

    fn join(&self, acc: &mut (T::Sum, u64), other: &(T::Sum, u64), _: u64, _: u64) {
        *acc = (acc.0.plus(other.0), acc.1 + other.1);
    }

    fn finish(&self, (sum, n): &(T::Sum, u64), _: u64) -> Result<f64, ArrayError> {
        Ok(sum.to_f64() / *n as f64)
    }
}

/// The variance of what is not NaN, or its square root.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct NanVariance<T> {
    ddof: f64,
    root: bool,
    of: PhantomData<fn() -> T>,
}

impl<T: Float> Reducer for NanVariance<T>
where
    T::Sum: Real,
{
    type In = T;
    type Out = f64;
    type Acc = (Moments, u64);
    const NAME: &'static str = "nanvar";

    fn start(&self) -> (Moments, u64) {
        (Moments::default(), 0)
    }

    fn row(&self, (moments, n): &mut (Moments, u64), elements: &[T], _: u64) {
        without_nan(elements, |some| {
            moments.join(&Moments::of_row(some), *n, some.len() as u64);
            *n += some.len() as u64;
        });
    }

    fn columns(&self, accs: &mut [(Moments, u64)], elements: &[T], _: u64) {
        for ((moments, n), element) in accs.iter_mut().zip(elements) {
            if !element.is_nan() {
                moments.push(element.to_f64(), *n);
                *n += 1;
            }
        }
    }

    fn join(&self, (moments, n): &mut (Moments, u64), other: &(Moments, u64), _: u64, _: u64) {
        moments.join(&other.0, *n, other.1);
        *n += other.1;
    }

    fn finish(&self, (moments, n): &(Moments, u64), _: u64) -> Result<f64, ArrayError> {
        Ok(moments.variance(*n, self.ddof, self.root))
    }
}

macro_rules! nan_extreme {
    ($reducer:ident, $is_better:tt, $name:literal) => {
        impl<T: Float> Reducer for $reducer<T> {
            type In = T;
            type Out = T;
            type Acc = T;
            const NAME: &'static str = $name;

            fn start(&self) -> T {
                T::of_f64(f64::NAN)
            }

            fn row(&self, acc: &mut T, elements: &[T], _: u64) {
                for &element in elements {
                    if element $is_better *acc || acc.is_nan() {
                        *acc = element;
                    }
                }
            }

            fn join(&self, acc: &mut T, other: &T, _: u64, _: u64) {
                self.row(acc, &[*other], 0);
            }

            fn finish(&self, acc: &T, n: u64) -> Result<T, ArrayError> {
                if n == 0 { Err(ArrayError::Empty { operation: $name }) } else { Ok(*acc) }
            }
        }
    };
}

of_type! {
    /// The least of what is not NaN.
    NanMin
}
nan_extreme!(NanMin, <, "nanmin");

of_type! {
    /// The greatest of what is not NaN.
    NanMax
}
nan_extreme!(NanMax, >, "nanmax");

/// The array with another number for each NaN.
#[track_caller]
pub(crate) fn nan_to_zero<T: Float>(x: &Array<T>) -> Array<T> {
    unary("nan_to_zero", x, |x: T| if x.is_nan() { T::ZERO } else { x })
}

/// As [`nan_to_zero`], for products.
#[track_caller]
pub(crate) fn nan_to_one<T: Float>(x: &Array<T>) -> Array<T> {
    unary("nan_to_one", x, |x: T| if x.is_nan() { T::ONE } else { x })
}

impl<T: Float> Array<T> {
    /// The sum of the elements that are not NaN; see [`Array::sum`].
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![1.0, f64::NAN, 2.0], 2);
    /// assert_eq!(x.nansum().compute()?, 3.0);
    /// assert_eq!(x.nanmean().compute()?, 1.5);
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn nansum(&self) -> Scalar<T::Sum> {
        nan_to_zero(self).sum()
    }

    /// The sums of the elements that are not NaN along some axes.
    #[track_caller]
    pub fn nansum_axis(&self, axes: impl Into<Axes>) -> Array<T::Sum> {
        nan_to_zero(self).sum_axis(axes)
    }

    /// The product of the elements that are not NaN; 1 of none.
    #[track_caller]
    pub fn nanprod(&self) -> Scalar<T::Sum> {
        nan_to_one(self).prod()
    }

    /// The products of the elements that are not NaN along some axes.
    #[track_caller]
    pub fn nanprod_axis(&self, axes: impl Into<Axes>) -> Array<T::Sum> {
        nan_to_one(self).prod_axis(axes)
    }

    /// The least element that is not NaN; NaN if all are. It is an error of the task if there are no
    /// elements.
    #[track_caller]
    pub fn nanmin(&self) -> Scalar<T> {
        reduce_all(self, NanMin::new())
    }

    /// The least elements that are not NaN along some axes; see [`Array::nanmin`].
    #[track_caller]
    pub fn nanmin_axis(&self, axes: impl Into<Axes>) -> Array<T> {
        reduce(self, NanMin::new(), axes)
    }

    /// The greatest element that is not NaN; as [`Array::nanmin`] in everything else.
    #[track_caller]
    pub fn nanmax(&self) -> Scalar<T> {
        reduce_all(self, NanMax::new())
    }

    /// The greatest elements that are not NaN along some axes; see [`Array::nanmin`].
    #[track_caller]
    pub fn nanmax_axis(&self, axes: impl Into<Axes>) -> Array<T> {
        reduce(self, NanMax::new(), axes)
    }
}

impl<T: Float> Array<T>
where
    T::Sum: Real,
{
    /// The mean of the elements that are not NaN; NaN of none.
    #[track_caller]
    pub fn nanmean(&self) -> Scalar<f64> {
        reduce_all(self, NanMean::new())
    }

    /// The means of the elements that are not NaN along some axes.
    #[track_caller]
    pub fn nanmean_axis(&self, axes: impl Into<Axes>) -> Array<f64> {
        reduce(self, NanMean::new(), axes)
    }

    /// The variance of the elements that are not NaN; see [`Array::var`].
    #[track_caller]
    pub fn nanvar(&self, ddof: f64) -> Scalar<f64> {
        reduce_all(self, NanVariance { ddof, root: false, of: PhantomData })
    }

    /// The variances of the elements that are not NaN along some axes.
    #[track_caller]
    pub fn nanvar_axis(&self, axes: impl Into<Axes>, ddof: f64) -> Array<f64> {
        reduce(self, NanVariance { ddof, root: false, of: PhantomData }, axes)
    }

    /// The standard deviation of the elements that are not NaN; see [`Array::std`].
    #[track_caller]
    pub fn nanstd(&self, ddof: f64) -> Scalar<f64> {
        reduce_all(self, NanVariance { ddof, root: true, of: PhantomData })
    }

    /// The standard deviations of the elements that are not NaN along some axes.
    #[track_caller]
    pub fn nanstd_axis(&self, axes: impl Into<Axes>, ddof: f64) -> Array<f64> {
        reduce(self, NanVariance { ddof, root: true, of: PhantomData }, axes)
    }
}
