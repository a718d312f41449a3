//! [`promote`]: two arrays as arrays of the type that NumPy gives to their sum.

use crate::array::Array;
use crate::element::Element;
use num_complex::Complex;

/// Elements that have a common type with others: `numpy.result_type`. Defined for all pairs.
///
/// The common type has all values of both, but for 64-bit integers with floats (`f64`, which rounds
/// beyond 2^53) and for `i64` with `u64` (also `f64`).
pub trait Promote<U: Element>: Element {
    /// The common type.
    type Output: Element;

    #[doc(hidden)]
    fn promoted(this: &Array<Self>, other: &Array<U>)
    -> (Array<Self::Output>, Array<Self::Output>);
}

/// Two arrays of different types as arrays of the type that NumPy gives to their sum.
///
/// An array that has that type already stays the same array.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, promote};
/// let (counts, weights) = (Array::<u8>::full([2], 3, 1), Array::<f64>::full([2], 0.5, 1));
/// let (counts, weights) = promote(&counts, &weights);
/// assert_eq!((counts * weights).compute()?, ndarray::arr1(&[1.5, 1.5]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn promote<T, U>(a: &Array<T>, b: &Array<U>) -> (Array<T::Output>, Array<T::Output>)
where
    T: Promote<U>,
    U: Element,
{
    T::promoted(a, b)
}

#[allow(non_camel_case_types, reason = "as short as the others of the table")]
type c64 = Complex<f32>;
#[allow(non_camel_case_types, reason = "as short as the others of the table")]
type c128 = Complex<f64>;

/// A row of the table for each type: the common types with each of all types, in one order.
macro_rules! table {
    ($($from:ident: $($output:ident)+;)+) => {
        $( table! { @row $from: $($output)+ } )+
    };
    (@row $from:ident: $b:ident $i1:ident $i2:ident $i4:ident $i8:ident $u1:ident $u2:ident $u4:ident
        $u8:ident $f4:ident $f8:ident $c8:ident $c16:ident) => {
        common! {
            $from: bool $b, i8 $i1, i16 $i2, i32 $i4, i64 $i8, u8 $u1, u16 $u2, u32 $u4, u64 $u8,
            f32 $f4, f64 $f8, c64 $c8, c128 $c16
        }
    };
}

macro_rules! common {
    ($from:ident: $($with:ident $output:ident),+) => { $(
        impl Promote<$with> for $from {
            type Output = $output;

            #[track_caller]
            fn promoted(
                this: &Array<$from>,
                other: &Array<$with>,
            ) -> (Array<$output>, Array<$output>) {
                (this.cast_lossy(), other.cast_lossy())
            }
        }
    )+ };
}

table! {
    bool: bool i8   i16  i32  i64  u8   u16  u32  u64  f32  f64  c64  c128;
    i8:   i8   i8   i16  i32  i64  i16  i32  i64  f64  f32  f64  c64  c128;
    i16:  i16  i16  i16  i32  i64  i16  i32  i64  f64  f32  f64  c64  c128;
    i32:  i32  i32  i32  i32  i64  i32  i32  i64  f64  f64  f64  c128 c128;
    i64:  i64  i64  i64  i64  i64  i64  i64  i64  f64  f64  f64  c128 c128;
    u8:   u8   i16  i16  i32  i64  u8   u16  u32  u64  f32  f64  c64  c128;
    u16:  u16  i32  i32  i32  i64  u16  u16  u32  u64  f32  f64  c64  c128;
    u32:  u32  i64  i64  i64  i64  u32  u32  u32  u64  f64  f64  c128 c128;
    u64:  u64  f64  f64  f64  f64  u64  u64  u64  u64  f64  f64  c128 c128;
    f32:  f32  f32  f32  f64  f64  f32  f32  f64  f64  f32  f64  c64  c128;
    f64:  f64  f64  f64  f64  f64  f64  f64  f64  f64  f64  f64  c128 c128;
    c64:  c64  c64  c64  c128 c128 c64  c64  c128 c128 c64  c128 c64  c128;
    c128: c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128;
}
