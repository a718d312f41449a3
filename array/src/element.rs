//! [`Element`]: what an array may hold, and what kinds of numbers there are among them.

use crate::tile::{TileBuf, TileRef};
use chunkwise_graph::{Tokenize, Tokenizer};
use num_complex::Complex;
use serde::{Serialize, de::DeserializeOwned};

/// Calls a macro with every element type: its variant in [`crate::DType`] and itself.
macro_rules! for_each_dtype {
    ($callback:ident) => {
        $callback! {
            Bool bool, I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32, U64 u64,
            F32 f32, F64 f64, C64 num_complex::Complex<f32>, C128 num_complex::Complex<f64>
        }
    };
}
pub(crate) use for_each_dtype;

/// What an array may hold: numbers, `bool`, complex numbers. Implemented for these types only.
pub trait Element:
    chunkwise_storage::Element + Serialize + DeserializeOwned + sealed::Sealed
{
    /// The elements as one of the tiles that kernels pass to one another.
    #[doc(hidden)]
    fn tile(elements: &[Self]) -> TileRef<'_>;

    /// The elements of a tile, if it is one of this type.
    #[doc(hidden)]
    fn of_tile(tile: TileRef<'_>) -> Option<&[Self]>;

    /// Room for tiles of this type.
    #[doc(hidden)]
    fn buffer(elements: Vec<Self>) -> TileBuf;

    /// The elements of such room, if it is for this type.
    #[doc(hidden)]
    fn of_buffer(buffer: &mut TileBuf) -> Option<&mut Vec<Self>>;

    /// Adds the bits of this element to a token.
    #[doc(hidden)]
    fn tokenize(self, hash: &mut Tokenizer) {
        hash.str(Self::DTYPE.name()).bytes(Self::bytes_of(&[self]));
    }
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! elements {
    ($($variant:ident $element:ty),+) => { $(
        impl sealed::Sealed for $element {}

        impl Element for $element {
            #[inline]
            fn tile(elements: &[Self]) -> TileRef<'_> {
                TileRef::$variant(elements)
            }

            #[inline]
            fn of_tile(tile: TileRef<'_>) -> Option<&[Self]> {
                match tile {
                    TileRef::$variant(elements) => Some(elements),
                    _ => None,
                }
            }

            fn buffer(elements: Vec<Self>) -> TileBuf {
                TileBuf::$variant(elements)
            }

            #[inline]
            fn of_buffer(buffer: &mut TileBuf) -> Option<&mut Vec<Self>> {
                match buffer {
                    TileBuf::$variant(elements) => Some(elements),
                    _ => None,
                }
            }
        }
    )+ };
}
for_each_dtype!(elements);

/// An element, as a parameter of a token.
pub(crate) struct Bits<T>(pub(crate) T);

impl<T: Element> Tokenize for Bits<T> {
    fn tokenize(&self, hash: &mut Tokenizer) {
        Element::tokenize(self.0, hash);
    }
}

/// Elements that can be added and multiplied: all but `bool`. Integers wrap around.
pub trait Number: Element {
    /// The type in which sums and products are given: `f64` of floats, 64 bits of integers.
    type Sum: Number;

    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;

    /// As a term of a sum.
    fn widen(self) -> Self::Sum;
    /// `self + other`.
    #[must_use]
    fn plus(self, other: Self) -> Self;
    /// `self - other`.
    #[must_use]
    fn minus(self, other: Self) -> Self;
    /// `self * other`.
    #[must_use]
    fn times(self, other: Self) -> Self;
    /// `self / other`; of integers rounded towards zero.
    ///
    /// # Panics
    /// If an integer is divided by zero, which makes the task fail.
    #[must_use]
    fn over(self, other: Self) -> Self;
    /// `-self`.
    #[must_use]
    fn negated(self) -> Self;

    /// The sum of elements in a row, in an order that their number alone fixes.
    #[doc(hidden)]
    fn sum_of_row(elements: &[Self]) -> Self::Sum;
    /// Adds each element to the total at its place.
    #[doc(hidden)]
    fn add_to_totals(totals: &mut [Self::Sum], elements: &[Self]) {
        for (total, element) in totals.iter_mut().zip(elements) {
            *total = total.plus(element.widen());
        }
    }
}

/// Rows below this length are not worth looking up what the processor can.
const SHORT_ROW: usize = 32;

fn sum_in_order<T: Number>(elements: &[T]) -> T::Sum {
    elements.iter().fold(T::Sum::ZERO, |sum, element| sum.plus(element.widen()))
}

/// The sum in four lanes, which do not wait for one another.
fn sum_in_lanes<T: Number>(elements: &[T]) -> T::Sum {
    let mut lanes = [T::Sum::ZERO; 4];
    let (chunks, rest) = elements.as_chunks::<4>();
    for elements in chunks.iter().map(|chunk| &chunk[..]).chain([rest]) {
        for (lane, element) in lanes.iter_mut().zip(elements) {
            *lane = lane.plus(element.widen());
        }
    }
    let [a, b, c, d] = lanes;
    a.plus(c).plus(b.plus(d))
}

/// The methods of [`Number`] that work on rows, by the kernels of `chunkwise-array-math`.
macro_rules! rows_of_numbers {
    ($element:ty) => {
        #[inline]
        fn sum_of_row(elements: &[Self]) -> Self::Sum {
            if elements.len() < SHORT_ROW {
                return sum_in_order(elements);
            }
            chunkwise_array_math::sum(elements)
        }
        #[inline]
        fn add_to_totals(totals: &mut [Self::Sum], elements: &[Self]) {
            let n = totals.len().min(elements.len());
            chunkwise_array_math::add_assign(&mut totals[..n], &elements[..n]);
        }
    };
}

/// The methods of [`Real`] that work on rows.
macro_rules! rows_of_reals {
    () => {
        #[inline]
        fn least_of_row(elements: &[Self]) -> Option<Self> {
            chunkwise_array_math::min(elements)
        }
        #[inline]
        fn greatest_of_row(elements: &[Self]) -> Option<Self> {
            chunkwise_array_math::max(elements)
        }
        #[inline]
        fn squares_of_row(elements: &[Self], shift: f64) -> f64 {
            chunkwise_array_math::sum_squares(elements, shift)
        }
    };
}

/// Numbers with an order: integers and floats.
pub trait Real: Number + PartialOrd {
    /// The least value; minus infinity of floats.
    const LEAST: Self;
    /// The greatest value; infinity of floats.
    const GREATEST: Self;

    /// As `f64`, rounded where it has more than 53 bits.
    fn to_f64(self) -> f64;
    /// Of an `f64`: of integers the nearest one, the even one of two; of what lies beyond them, the
    /// least or the greatest.
    fn rounded_from(number: f64) -> Self;
    /// As [`Real::rounded_from`], but integers are rounded down.
    fn rounded_down_from(number: f64) -> Self;
    /// Whether it is not a number; never of integers.
    fn is_nan(self) -> bool;
    /// The remainder that has the sign of `self`, as `%` of Rust and `fmod` of C.
    ///
    /// # Panics
    /// If an integer is divided by zero, which makes the task fail.
    #[must_use]
    fn remainder(self, other: Self) -> Self;
    /// Its absolute value; the least integer stays as it is.
    #[must_use]
    fn magnitude(self) -> Self;
    /// -1, 0, 1 or NaN.
    #[must_use]
    fn sign(self) -> Self;

    /// The least element of a row; NaN if one is.
    #[doc(hidden)]
    fn least_of_row(elements: &[Self]) -> Option<Self>;
    /// The greatest element of a row; NaN if one is.
    #[doc(hidden)]
    fn greatest_of_row(elements: &[Self]) -> Option<Self>;
    /// The sum of the squares of what elements in a row differ from `shift`.
    #[doc(hidden)]
    fn squares_of_row(elements: &[Self], shift: f64) -> f64;
}

/// `f32` and `f64`.
pub trait Float: Real + chunkwise_array_math::Elementary {
    /// Of an `f64`, rounded.
    fn of_f64(number: f64) -> Self;
}

/// `Complex<f32>` and `Complex<f64>`.
pub trait ComplexNumber: Number {
    /// The type of its parts.
    type Part: Float;

    /// Of its parts.
    fn of_parts(re: Self::Part, im: Self::Part) -> Self;
    /// The real part.
    fn real_part(self) -> Self::Part;
    /// The imaginary part.
    fn imaginary_part(self) -> Self::Part;
}

/// Integers.
pub trait Integer: Real + Eq + Ord {
    /// `self` to the power of `exponent`, wrapping around.
    #[must_use]
    fn power(self, exponent: u32) -> Self;
    /// `self << n`; 0 if `n` is not below the number of bits.
    #[must_use]
    fn shifted_left(self, n: Self) -> Self;
    /// `self >> n`, with copies of the sign; that alone if `n` is not below the number of bits.
    #[must_use]
    fn shifted_right(self, n: Self) -> Self;
    /// How many bits of its absolute value are set.
    fn bit_count(self) -> u8;
}

macro_rules! integers {
    ($sum:ty: $($element:ty),+; $magnitude:expr, $sign:expr) => { $(
        impl Number for $element {
            type Sum = $sum;
            const ZERO: Self = 0;
            const ONE: Self = 1;

            #[inline]
            fn widen(self) -> $sum { <$sum>::from(self) }
            #[inline]
            fn plus(self, other: Self) -> Self { self.wrapping_add(other) }
            #[inline]
            fn minus(self, other: Self) -> Self { self.wrapping_sub(other) }
            #[inline]
            fn times(self, other: Self) -> Self { self.wrapping_mul(other) }
            #[inline]
            fn over(self, other: Self) -> Self { self.wrapping_div(other) }
            #[inline]
            fn negated(self) -> Self { self.wrapping_neg() }
            rows_of_numbers!($element);
        }

        impl Real for $element {
            const LEAST: Self = <$element>::MIN;
            const GREATEST: Self = <$element>::MAX;

            #[inline]
            fn to_f64(self) -> f64 { self as f64 }
            #[inline]
            fn rounded_from(number: f64) -> Self { number.round_ties_even() as $element }
            #[inline]
            fn rounded_down_from(number: f64) -> Self { number.floor() as $element }
            #[inline]
            fn is_nan(self) -> bool { false }
            #[inline]
            fn remainder(self, other: Self) -> Self { self.wrapping_rem(other) }
            #[inline]
            fn magnitude(self) -> Self { let f: fn($element) -> $element = $magnitude; f(self) }
            #[inline]
            fn sign(self) -> Self { let f: fn($element) -> $element = $sign; f(self) }
            rows_of_reals!();
        }

        impl Integer for $element {
            #[inline]
            fn power(self, exponent: u32) -> Self { self.wrapping_pow(exponent) }
            #[inline]
            fn shifted_left(self, n: Self) -> Self {
                u32::try_from(n).ok().and_then(|n| self.checked_shl(n)).unwrap_or(0)
            }
            #[inline]
            fn shifted_right(self, n: Self) -> Self {
                let n = u32::try_from(n).ok().filter(|&n| n < <$element>::BITS);
                self >> n.unwrap_or(<$element>::BITS - 1) >> u32::from(n.is_none())
            }
            #[inline]
            fn bit_count(self) -> u8 { self.magnitude().count_ones() as u8 }
        }
    )+ };
}
integers!(i64: i8, i16, i32, i64; |x| x.wrapping_abs(), |x| x.signum());
integers!(u64: u8, u16, u32, u64; |x| x, |x| x.min(1));

macro_rules! floats {
    ($($element:ty),+) => { $(
        impl Number for $element {
            type Sum = f64;
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;

            #[inline]
            fn widen(self) -> f64 { f64::from(self) }
            #[inline]
            fn plus(self, other: Self) -> Self { self + other }
            #[inline]
            fn minus(self, other: Self) -> Self { self - other }
            #[inline]
            fn times(self, other: Self) -> Self { self * other }
            #[inline]
            fn over(self, other: Self) -> Self { self / other }
            #[inline]
            fn negated(self) -> Self { -self }
            rows_of_numbers!($element);
        }

        impl Real for $element {
            const LEAST: Self = <$element>::NEG_INFINITY;
            const GREATEST: Self = <$element>::INFINITY;

            #[inline]
            fn to_f64(self) -> f64 { f64::from(self) }
            #[inline]
            fn rounded_from(number: f64) -> Self { number as $element }
            #[inline]
            fn rounded_down_from(number: f64) -> Self { number as $element }
            #[inline]
            fn is_nan(self) -> bool { <$element>::is_nan(self) }
            #[inline]
            fn remainder(self, other: Self) -> Self { self % other }
            #[inline]
            fn magnitude(self) -> Self { self.abs() }
            #[inline]
            fn sign(self) -> Self { if self == 0.0 { 0.0 } else { self.signum() } }
            rows_of_reals!();
        }

        impl Float for $element {
            #[inline]
            fn of_f64(number: f64) -> Self { number as $element }
        }

        impl Number for Complex<$element> {
            type Sum = Complex<f64>;
            const ZERO: Self = Complex::new(0.0, 0.0);
            const ONE: Self = Complex::new(1.0, 0.0);

            #[inline]
            fn widen(self) -> Complex<f64> { Complex::new(self.re.into(), self.im.into()) }
            #[inline]
            fn plus(self, other: Self) -> Self { self + other }
            #[inline]
            fn minus(self, other: Self) -> Self { self - other }
            #[inline]
            fn times(self, other: Self) -> Self { self * other }
            #[inline]
            fn over(self, other: Self) -> Self { self / other }
            #[inline]
            fn negated(self) -> Self { -self }
            #[inline]
            fn sum_of_row(elements: &[Self]) -> Complex<f64> { sum_in_lanes(elements) }
        }

        impl ComplexNumber for Complex<$element> {
            type Part = $element;

            #[inline]
            fn of_parts(re: $element, im: $element) -> Self { Complex::new(re, im) }
            #[inline]
            fn real_part(self) -> $element { self.re }
            #[inline]
            fn imaginary_part(self) -> $element { self.im }
        }
    )+ };
}
floats!(f32, f64);
