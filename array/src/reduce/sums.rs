//! Sums, means, products and counts.

use super::node::{reduce, reduce_all};
use super::reducer::Reducer;
use crate::array::Array;
use crate::axes::Axes;
use crate::element::{Number, Real};
use crate::error::ArrayError;
use crate::scalar::Scalar;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

macro_rules! of_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Serialize, Deserialize)]
        #[serde(bound = "")]
        pub(crate) struct $name<T>(PhantomData<fn() -> T>);

        impl<T> $name<T> {
            pub(crate) fn new() -> $name<T> {
                $name(PhantomData)
            }
        }
    };
}
pub(super) use of_type;

of_type! {
    /// The sum.
    Sum
}

impl<T: Number> Reducer for Sum<T> {
    type In = T;
    type Out = T::Sum;
    type Acc = T::Sum;
    const NAME: &'static str = "sum";

    fn start(&self) -> T::Sum {
        T::Sum::ZERO
    }

    #[inline]
    fn row(&self, acc: &mut T::Sum, elements: &[T], _: u64) {
        *acc = acc.plus(T::sum_of_row(elements));
    }

    #[inline]
    fn columns(&self, accs: &mut [T::Sum], elements: &[T], _: u64) {
        T::add_to_totals(accs, elements);
    }

    fn join(&self, acc: &mut T::Sum, other: &T::Sum, _: u64, _: u64) {
        *acc = acc.plus(*other);
    }

    fn finish(&self, acc: &T::Sum, _: u64) -> Result<T::Sum, ArrayError> {
        Ok(*acc)
    }
}

of_type! {
    /// The product.
    Product
}

impl<T: Number> Reducer for Product<T> {
    type In = T;
    type Out = T::Sum;
    type Acc = T::Sum;
    const NAME: &'static str = "prod";

    fn start(&self) -> T::Sum {
        T::Sum::ONE
    }

    fn row(&self, acc: &mut T::Sum, elements: &[T], _: u64) {
        *acc = elements.iter().fold(*acc, |acc, element| acc.times(element.widen()));
    }

    fn join(&self, acc: &mut T::Sum, other: &T::Sum, _: u64, _: u64) {
        *acc = acc.times(*other);
    }

    fn finish(&self, acc: &T::Sum, _: u64) -> Result<T::Sum, ArrayError> {
        Ok(*acc)
    }
}

of_type! {
    /// The arithmetic mean.
    Mean
}

impl<T: Real> Reducer for Mean<T>
where
    T::Sum: Real,
{
    type In = T;
    type Out = f64;
    type Acc = T::Sum;
    const NAME: &'static str = "mean";

    fn start(&self) -> T::Sum {
        T::Sum::ZERO
    }

    #[inline]
    fn row(&self, acc: &mut T::Sum, elements: &[T], _: u64) {
        *acc = acc.plus(T::sum_of_row(elements));
    }

    #[inline]
    fn columns(&self, accs: &mut [T::Sum], elements: &[T], _: u64) {
        T::add_to_totals(accs, elements);
    }

    fn join(&self, acc: &mut T::Sum, other: &T::Sum, _: u64, _: u64) {
        *acc = acc.plus(*other);
    }

    fn finish(&self, acc: &T::Sum, n: u64) -> Result<f64, ArrayError> {
        Ok(acc.to_f64() / n as f64)
    }
}

impl<T: Number> Array<T> {
    /// The sum of all elements: `f64` of floats, 64 bits of integers (which wrap around).
    ///
    /// Floats are added in an order that depends on the chunks alone. The sum of nothing is 0.
    ///
    /// # Complexity
    /// O(elements), in the pass that makes them; a task a chunk, and a tree of tasks above.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// assert_eq!(Array::<u8>::ones([300, 5], 100).sum().compute()?, 1500u64);
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn sum(&self) -> Scalar<T::Sum> {
        reduce_all(self, Sum::new())
    }

    /// The sums along some axes; see [`Array::sum`].
    #[track_caller]
    pub fn sum_axis(&self, axes: impl Into<Axes>) -> Array<T::Sum> {
        reduce(self, Sum::new(), axes)
    }

    /// The product of all elements, as [`Array::sum`] is the sum; 1 of nothing.
    #[track_caller]
    pub fn prod(&self) -> Scalar<T::Sum> {
        reduce_all(self, Product::new())
    }

    /// The products along some axes.
    #[track_caller]
    pub fn prod_axis(&self, axes: impl Into<Axes>) -> Array<T::Sum> {
        reduce(self, Product::new(), axes)
    }
}

impl<T: Real> Array<T>
where
    T::Sum: Real,
{
    /// The arithmetic mean of all elements; NaN of nothing.
    #[track_caller]
    pub fn mean(&self) -> Scalar<f64> {
        reduce_all(self, Mean::new())
    }

    /// The arithmetic means along some axes.
    #[track_caller]
    pub fn mean_axis(&self, axes: impl Into<Axes>) -> Array<f64> {
        reduce(self, Mean::new(), axes)
    }
}
