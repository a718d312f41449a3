//! Where the least and the greatest element are.

use super::node::reduce;
use super::reducer::Reducer;
use crate::array::{Array, known_shape};
use crate::axes::Axes;
use crate::element::{Element, Float, Real};
use crate::error::ArrayError;
use crate::scalar::Scalar;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// An element and its number; no element if that is [`NOWHERE`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub(crate) struct Found<T: Element> {
    at: u64,
    element: T,
}

const NOWHERE: u64 = u64::MAX;

/// The number of the first greatest or least element, NaN being both, or none.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub(crate) struct Argument<T, const GREATEST: bool, const IGNORES_NAN: bool> {
    /// Whether elements come in the order of their numbers: along one axis. Then they are counted
    /// as they come, which needs no lengths; else numbers are found by place.
    in_order: bool,
    of: PhantomData<fn() -> T>,
}

impl<T: Real, const GREATEST: bool, const IGNORES_NAN: bool> Argument<T, GREATEST, IGNORES_NAN> {
    fn beats(new: T, old: &Found<T>) -> bool {
        if IGNORES_NAN && new.is_nan() {
            return false;
        }
        let is_better = if GREATEST { new > old.element } else { new < old.element };
        old.at == NOWHERE || (!old.element.is_nan() && (new.is_nan() || is_better))
    }

    fn is_same(a: T, b: T) -> bool {
        a == b || (a.is_nan() && b.is_nan())
    }

    /// Where the first `element` of a row is.
    fn find(elements: &[T], element: T) -> Option<usize> {
        match element.is_nan() {
            true => elements.iter().position(|x| x.is_nan()),
            false => elements.iter().position(|x| *x == element),
        }
    }
}

impl<T: Real, const GREATEST: bool, const IGNORES_NAN: bool> Reducer
    for Argument<T, GREATEST, IGNORES_NAN>
{
    type In = T;
    type Out = u64;
    type Acc = Found<T>;
    const NAME: &'static str = match (GREATEST, IGNORES_NAN) {
        (true, false) => "argmax",
        (true, true) => "nanargmax",
        (false, false) => "argmin",
        (false, true) => "nanargmin",
    };
    const PLACES: bool = true;

    fn start(&self) -> Found<T> {
        Found { at: NOWHERE, element: T::ZERO }
    }

    fn row(&self, acc: &mut Found<T>, elements: &[T], before: u64) {
        let extreme = match GREATEST {
            true => T::greatest_of_row(elements),
            false => T::least_of_row(elements),
        };
        let Some(extreme) = extreme else { return };
        if IGNORES_NAN && extreme.is_nan() {
            for (at, &element) in (before..).zip(elements) {
                if Self::beats(element, acc) {
                    *acc = Found { at, element };
                }
            }
        } else if Self::beats(extreme, acc) {
            let at = before + Self::find(elements, extreme).unwrap_or(0) as u64;
            *acc = Found { at, element: extreme };
        }
    }

    fn columns(&self, accs: &mut [Found<T>], elements: &[T], before: u64) {
        for (acc, &element) in accs.iter_mut().zip(elements) {
            if Self::beats(element, acc) {
                *acc = Found { at: before, element };
            }
        }
    }

    fn join(&self, acc: &mut Found<T>, other: &Found<T>, n_own: u64, _: u64) {
        if other.at == NOWHERE {
            return;
        }
        let at = other.at + if self.in_order { n_own } else { 0 };
        let is_earlier = at < acc.at && Self::is_same(other.element, acc.element);
        if Self::beats(other.element, acc) || is_earlier {
            *acc = Found { at, element: other.element };
        }
    }

    fn finish(&self, acc: &Found<T>, _: u64) -> Result<u64, ArrayError> {
        match acc.at {
            NOWHERE => Err(ArrayError::Empty { operation: Self::NAME }),
            at => Ok(at),
        }
    }

    fn place(&self, acc: &mut Found<T>, to_array: &dyn Fn(u64) -> u64) {
        if !self.in_order && acc.at != NOWHERE {
            acc.at = to_array(acc.at);
        }
    }
}

/// Numbers along `axes`; of several ones, row-major numbers among the elements reduced together.
#[track_caller]
fn along<T: Real, const GREATEST: bool, const IGNORES_NAN: bool>(
    x: &Array<T>,
    axes: Axes,
) -> Array<u64> {
    // A wrong axis is found by the reduction.
    let mask = axes.mask(x.ndim()).unwrap_or_default();
    let in_order = mask.iter().filter(|reduced| **reduced).count() <= 1;
    let reducer = Argument::<T, GREATEST, IGNORES_NAN> { in_order, of: PhantomData };
    let name = <Argument<T, GREATEST, IGNORES_NAN> as Reducer>::NAME;
    match known_shape(&x.node, name) {
        Err(error) if !in_order => Array::build(name, &[&x.node], |_| Err(error)),
        _ => reduce(x, reducer, axes),
    }
}

#[track_caller]
fn over_all<T: Real, const GREATEST: bool, const IGNORES_NAN: bool>(x: &Array<T>) -> Scalar<u64> {
    Scalar(along::<T, GREATEST, IGNORES_NAN>(x, Axes::all()))
}

impl<T: Real> Array<T> {
    /// The row-major number of the greatest element; of equal ones, of the first. A NaN counts as
    /// the greatest. It is an error of the task if there are no elements.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![[1, 5], [9, 9]], 1);
    /// assert_eq!(x.argmax().compute()?, 2);
    /// assert_eq!(x.argmax_axis(0).compute()?, ndarray::array![1, 1].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn argmax(&self) -> Scalar<u64> {
        over_all::<T, true, false>(self)
    }

    /// The positions of the greatest elements along an axis, from 0; see [`Array::argmax`]. Of
    /// several axes: row-major numbers among the elements that are reduced together.
    #[track_caller]
    pub fn argmax_axis(&self, axes: impl Into<Axes>) -> Array<u64> {
        along::<T, true, false>(self, axes.into())
    }

    /// The row-major number of the least element; as [`Array::argmax`] in everything else.
    #[track_caller]
    pub fn argmin(&self) -> Scalar<u64> {
        over_all::<T, false, false>(self)
    }

    /// The positions of the least elements along an axis; see [`Array::argmax_axis`].
    #[track_caller]
    pub fn argmin_axis(&self, axes: impl Into<Axes>) -> Array<u64> {
        along::<T, false, false>(self, axes.into())
    }
}

impl<T: Float> Array<T> {
    /// The row-major number of the greatest element that is not NaN. It is an error of the task if
    /// there is none.
    #[track_caller]
    pub fn nanargmax(&self) -> Scalar<u64> {
        over_all::<T, true, true>(self)
    }

    /// The positions of the greatest elements that are not NaN along an axis; see
    /// [`Array::nanargmax`].
    #[track_caller]
    pub fn nanargmax_axis(&self, axes: impl Into<Axes>) -> Array<u64> {
        along::<T, true, true>(self, axes.into())
    }

    /// The row-major number of the least element that is not NaN. It is an error of the task if
    /// there is none.
    #[track_caller]
    pub fn nanargmin(&self) -> Scalar<u64> {
        over_all::<T, false, true>(self)
    }

    /// The positions of the least elements that are not NaN along an axis; see
    /// [`Array::nanargmin`].
    #[track_caller]
    pub fn nanargmin_axis(&self, axes: impl Into<Axes>) -> Array<u64> {
        along::<T, false, true>(self, axes.into())
    }
}
