//! Reductions of slices of numbers.

use crate::extrema::extreme;
use crate::sum::{squares_f32, squares_f64, squares_of, sum_f32, sum_f64};
use fearless_simd::{Level, dispatch};

/// Reductions of whole slices.
///
/// For code that is generic over the number. With a number that is known the functions of the same
/// names are shorter, since `f64::min` is that of the standard library.
///
/// # Contract
///
/// The order in which elements are combined is fixed by the length of the slice: results have the
/// same bits on every processor.
///
/// # Examples
///
/// ```
/// use chunkwise_array_math::{max, max_ignoring_nan, sum, sum_squares};
///
/// let x = [1.5f32, -2.0, f32::NAN];
/// assert_eq!(sum(&x[..2]), -0.5f64);
/// assert_eq!(sum_squares(&x[..2], 0.5), 1.0 + 6.25);
/// assert!(max(&x).is_some_and(f32::is_nan));
/// assert_eq!(max_ignoring_nan(&x), Some(1.5));
/// assert_eq!(sum(&[100i8, 100]), 200i64);
/// ```
pub trait Reduce: Copy + Send + Sync + 'static {
    /// What sums are taken in: `f64` for floats, `i64` for signed and `u64` for unsigned integers.
    type Total: Copy + Send + Sync + 'static;

    /// The sum; 0 of none. Sums of integers wrap around. Floats are added in pairs of pairs, so
    /// that the error grows with the logarithm of the length.
    fn sum(x: &[Self]) -> Self::Total;

    /// The sum of (x - `shift`)^2, in `f64`; 0 of none. With the mean for `shift` it is n times the
    /// variance, without cancellation.
    fn sum_squares(x: &[Self], shift: f64) -> f64;

    /// The smallest element; NaN if one is. Of zeros of both signs, either. None of none.
    fn min(x: &[Self]) -> Option<Self>;

    /// The largest element; NaN if one is. Of zeros of both signs, either. None of none.
    fn max(x: &[Self]) -> Option<Self>;

    /// The smallest element that is not NaN; NaN if all are. None of none.
    fn min_ignoring_nan(x: &[Self]) -> Option<Self>;

    /// The largest element that is not NaN; NaN if all are. None of none.
    fn max_ignoring_nan(x: &[Self]) -> Option<Self>;

    /// Adds `x[i]` to `total[i]`.
    ///
    /// # Panics
    ///
    /// If the slices are not of one length.
    fn add_assign(total: &mut [Self::Total], x: &[Self]);
}

macro_rules! floats {
    ($($float:ident $sum:ident $squares:ident;)*) => {$(
        impl Reduce for $float {
            type Total = f64;

            fn sum(x: &[Self]) -> f64 {
                dispatch!(Level::new(), _ => $sum(x))
            }

            fn sum_squares(x: &[Self], shift: f64) -> f64 {
                dispatch!(Level::new(), _ => $squares(x, shift))
            }

            fn min(x: &[Self]) -> Option<Self> {
                dispatch!(Level::new(), _ => extreme(x, #[inline(always)] |a, b| {
                    if b < a || b.is_nan() { b } else { a }
                }))
            }

            fn max(x: &[Self]) -> Option<Self> {
                dispatch!(Level::new(), _ => extreme(x, #[inline(always)] |a, b| {
                    if b > a || b.is_nan() { b } else { a }
                }))
            }

            fn min_ignoring_nan(x: &[Self]) -> Option<Self> {
                dispatch!(Level::new(), _ => extreme(x, #[inline(always)] |a, b| {
                    if b < a || a.is_nan() { b } else { a }
                }))
            }

            fn max_ignoring_nan(x: &[Self]) -> Option<Self> {
                dispatch!(Level::new(), _ => extreme(x, #[inline(always)] |a, b| {
                    if b > a || a.is_nan() { b } else { a }
                }))
            }

            fn add_assign(total: &mut [f64], x: &[Self]) {
                assert_eq!(total.len(), x.len(), "as many totals as elements");
                dispatch!(Level::new(), _ => {
                    for (total, x) in total.iter_mut().zip(x) {
                        *total += f64::from(*x);
                    }
                });
            }
        }
    )*};
}

macro_rules! integers {
    ($($integer:ident $total:ident;)*) => {$(
        impl Reduce for $integer {
            type Total = $total;

            fn sum(x: &[Self]) -> $total {
                dispatch!(Level::new(), _ => {
                    let mut total = 0 as $total;
                    for x in x {
                        total = total.wrapping_add($total::from(*x));
                    }
                    total
                })
            }

            fn sum_squares(x: &[Self], shift: f64) -> f64 {
                dispatch!(Level::new(), _ => squares_of(x, shift, #[inline(always)] |x| x as f64))
            }

            fn min(x: &[Self]) -> Option<Self> {
                dispatch!(Level::new(), _ => extreme(x, #[inline(always)] |a, b| Ord::min(a, b)))
            }

            fn max(x: &[Self]) -> Option<Self> {
                dispatch!(Level::new(), _ => extreme(x, #[inline(always)] |a, b| Ord::max(a, b)))
            }

            fn min_ignoring_nan(x: &[Self]) -> Option<Self> {
                Reduce::min(x)
            }

            fn max_ignoring_nan(x: &[Self]) -> Option<Self> {
                Reduce::max(x)
            }

            fn add_assign(total: &mut [$total], x: &[Self]) {
                assert_eq!(total.len(), x.len(), "as many totals as elements");
                dispatch!(Level::new(), _ => {
                    for (total, x) in total.iter_mut().zip(x) {
                        *total = total.wrapping_add($total::from(*x));
                    }
                });
            }
        }
    )*};
}

floats! {
    f32 sum_f32 squares_f32;
    f64 sum_f64 squares_f64;
}
integers! { i8 i64; i16 i64; i32 i64; i64 i64; u8 u64; u16 u64; u32 u64; u64 u64; }

/// The sum; 0 of none. See [`Reduce::sum`].
pub fn sum<T: Reduce>(x: &[T]) -> T::Total {
    T::sum(x)
}

/// The sum of (x - `shift`)^2; 0 of none. See [`Reduce::sum_squares`].
pub fn sum_squares<T: Reduce>(x: &[T], shift: f64) -> f64 {
    T::sum_squares(x, shift)
}

/// The smallest element; NaN if one is. See [`Reduce::min`].
pub fn min<T: Reduce>(x: &[T]) -> Option<T> {
    <T as Reduce>::min(x)
}

/// The largest element; NaN if one is. See [`Reduce::max`].
pub fn max<T: Reduce>(x: &[T]) -> Option<T> {
    <T as Reduce>::max(x)
}

/// The smallest element that is not NaN. See [`Reduce::min_ignoring_nan`].
pub fn min_ignoring_nan<T: Reduce>(x: &[T]) -> Option<T> {
    T::min_ignoring_nan(x)
}

/// The largest element that is not NaN. See [`Reduce::max_ignoring_nan`].
pub fn max_ignoring_nan<T: Reduce>(x: &[T]) -> Option<T> {
    T::max_ignoring_nan(x)
}

/// Adds `x[i]` to `total[i]`.
///
/// # Panics
///
/// If the slices are not of one length.
pub fn add_assign<T: Reduce>(total: &mut [T::Total], x: &[T]) {
    T::add_assign(total, x);
}
