//! `any`, `all` and `count_nonzero`.

use super::node::{reduce, reduce_all};
use super::reducer::Reducer;
use super::sums::of_type;
use crate::array::Array;
use crate::axes::Axes;
use crate::element::Element;
use crate::error::ArrayError;
use crate::scalar::Scalar;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// Whether an element counts as true; NaN does.
#[inline]
fn is_true<T: Element>(element: &T) -> bool {
    *element != T::default()
}

/// `any` and `all`: each elements' truth joined to what was before.
macro_rules! truth {
    ($reducer:ident, $name:literal, $start:literal, $join:tt, $of_row:ident) => {
        impl<T: Element> Reducer for $reducer<T> {
            type In = T;
            type Out = bool;
            type Acc = bool;
            const NAME: &'static str = $name;

            fn start(&self) -> bool {
                $start
            }

            fn row(&self, acc: &mut bool, elements: &[T], _: u64) {
                // What cannot change any more needs no look.
                if *acc == $start {
                    *acc = elements.iter().$of_row(is_true);
                }
            }

            fn columns(&self, accs: &mut [bool], elements: &[T], _: u64) {
                for (acc, element) in accs.iter_mut().zip(elements) {
                    *acc $join is_true(element);
                }
            }

            fn join(&self, acc: &mut bool, other: &bool, _: u64, _: u64) {
                *acc $join other;
            }

            fn finish(&self, acc: &bool, _: u64) -> Result<bool, ArrayError> {
                Ok(*acc)
            }
        }
    };
}

of_type! {
    /// Whether some element is true.
    Any
}
truth!(Any, "any", false, |=, any);

of_type! {
    /// Whether every element is true.
    All
}
truth!(All, "all", true, &=, all);

of_type! {
    /// How many elements are true.
    CountNonzero
}

impl<T: Element> Reducer for CountNonzero<T> {
    type In = T;
    type Out = u64;
    type Acc = u64;
    const NAME: &'static str = "count_nonzero";

    fn start(&self) -> u64 {
        0
    }

    fn row(&self, acc: &mut u64, elements: &[T], _: u64) {
        // Counted in bytes, of which a vector register holds many.
        for part in elements.chunks(usize::from(u8::MAX)) {
            let n = part.iter().fold(0u8, |n, element| n.wrapping_add(u8::from(is_true(element))));
            *acc += u64::from(n);
        }
    }

    fn columns(&self, accs: &mut [u64], elements: &[T], _: u64) {
        for (acc, element) in accs.iter_mut().zip(elements) {
            *acc += u64::from(is_true(element));
        }
    }

    fn join(&self, acc: &mut u64, other: &u64, _: u64, _: u64) {
        *acc += other;
    }

    fn finish(&self, acc: &u64, _: u64) -> Result<u64, ArrayError> {
        Ok(*acc)
    }
}

impl<T: Element> Array<T> {
    /// Whether some element is true: `true`, or a number that is not 0 (NaN is not). `false` of
    /// nothing.
    #[track_caller]
    pub fn any(&self) -> Scalar<bool> {
        reduce_all(self, Any::new())
    }

    /// Whether some element is true, along some axes.
    #[track_caller]
    pub fn any_axis(&self, axes: impl Into<Axes>) -> Array<bool> {
        reduce(self, Any::new(), axes)
    }

    /// Whether every element is true: `true`, or a number that is not 0 (NaN is not). `true` of
    /// nothing.
    #[track_caller]
    pub fn all(&self) -> Scalar<bool> {
        reduce_all(self, All::new())
    }

    /// Whether every element is true, along some axes.
    #[track_caller]
    pub fn all_axis(&self, axes: impl Into<Axes>) -> Array<bool> {
        reduce(self, All::new(), axes)
    }

    /// How many elements are true, or not 0.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::<i32>::arange(-3, 5, 1, 3);
    /// assert_eq!(x.count_nonzero().compute()?, 7);
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn count_nonzero(&self) -> Scalar<u64> {
        reduce_all(self, CountNonzero::new())
    }

    /// How many elements are true, or not 0, along some axes.
    #[track_caller]
    pub fn count_nonzero_axis(&self, axes: impl Into<Axes>) -> Array<u64> {
        reduce(self, CountNonzero::new(), axes)
    }
}
