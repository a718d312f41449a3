//! Arrays of another type: conversions that keep every value, and those that do not.

use crate::array::Array;
use crate::element::Element;
use crate::elementwise::unary;
use num_complex::Complex;
use std::any::Any;

/// Elements that become others as `as` of Rust does it: defined for all pairs of types.
///
/// - Floats become integers without their fraction; what is too large becomes the greatest integer,
///   what is too small the least, NaN 0.
/// - Integers become smaller ones by leaving out their high bits.
/// - Numbers become floats rounded to the nearest.
/// - Numbers become `true` unless they are 0; `true` becomes 1.
/// - Complex numbers lose their imaginary part, but for `bool`, where it counts.
pub trait LossyCast<U: Element>: Element {
    /// As an element of the other type.
    fn lossy_cast(self) -> U;
}

/// Elements all of whose values the other type has: what NumPy calls a safe cast, without those of
/// 64-bit integers to floats, which round beyond 2^53.
pub trait LosslessCast<U: Element>: LossyCast<U> {}

macro_rules! lossy {
    ($from:ty: $($to:ty),+; |$x:ident| $value:expr) => { $(
        impl LossyCast<$to> for $from {
            #[inline]
            fn lossy_cast(self) -> $to {
                let $x = self;
                $value as $to
            }
        }
    )+ };
}

macro_rules! of_reals {
    ($($from:ty),+) => { $(
        lossy! { $from: i8, i16, i32, i64, u8, u16, u32, u64, f32, f64; |x| x }

        impl LossyCast<bool> for $from {
            #[inline]
            fn lossy_cast(self) -> bool {
                self != <$from>::default()
            }
        }

        to_complex! { $from: |x| (x, 0); f32, f64 }
    )+ };
}

macro_rules! to_complex {
    ($from:ty: |$x:ident| ($re:expr, $im:expr); $($part:ty),+) => { $(
        impl LossyCast<Complex<$part>> for $from {
            #[inline]
            fn lossy_cast(self) -> Complex<$part> {
                let $x = self;
                Complex::new($re as $part, $im as $part)
            }
        }
    )+ };
}

macro_rules! of_complex {
    ($($part:ty),+) => { $(
        lossy! { Complex<$part>: i8, i16, i32, i64, u8, u16, u32, u64, f32, f64; |x| x.re }

        impl LossyCast<bool> for Complex<$part> {
            #[inline]
            fn lossy_cast(self) -> bool {
                self.re != 0.0 || self.im != 0.0
            }
        }

        to_complex! { Complex<$part>: |x| (x.re, x.im); f32, f64 }
    )+ };
}

of_reals!(i8, i16, i32, i64, u8, u16, u32, u64, f32, f64);
of_complex!(f32, f64);
lossy! { bool: i8, i16, i32, i64, u8, u16, u32, u64; |x| x }
lossy! { bool: f32, f64; |x| u8::from(x) }
to_complex! { bool: |x| (u8::from(x), 0); f32, f64 }

impl LossyCast<bool> for bool {
    #[inline]
    fn lossy_cast(self) -> bool {
        self
    }
}

macro_rules! lossless {
    ($($from:ty => $($to:ty),+;)+) => { $($(
        impl LosslessCast<$to> for $from {}
    )+)+ };
}
lossless! {
    bool => bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, Complex<f32>, Complex<f64>;
    i8 => i8, i16, i32, i64, f32, f64, Complex<f32>, Complex<f64>;
    i16 => i16, i32, i64, f32, f64, Complex<f32>, Complex<f64>;
    i32 => i32, i64, f64, Complex<f64>;
    i64 => i64;
    u8 => u8, u16, u32, u64, i16, i32, i64, f32, f64, Complex<f32>, Complex<f64>;
    u16 => u16, u32, u64, i32, i64, f32, f64, Complex<f32>, Complex<f64>;
    u32 => u32, u64, i64, f64, Complex<f64>;
    u64 => u64;
    f32 => f32, f64, Complex<f32>, Complex<f64>;
    f64 => f64, Complex<f64>;
    Complex<f32> => Complex<f32>, Complex<f64>;
    Complex<f64> => Complex<f64>;
}

impl<T: Element> Array<T> {
    /// The same values as elements of a type that has all of them.
    ///
    /// For other types there are [`Array::try_cast`], which fails where a value has no equal, and
    /// [`Array::cast_lossy`], which takes what is nearest or left.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::<u8>::full([2], 200, 1);
    /// assert_eq!((x.cast::<f32>() * 2.0).compute()?, ndarray::arr1(&[400f32, 400.0]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn cast<U: Element>(&self) -> Array<U>
    where
        T: LosslessCast<U>,
    {
        self.cast_lossy()
    }

    /// The values as `as` of Rust makes others of them; see [`LossyCast`].
    #[doc(alias = "astype")]
    #[track_caller]
    pub fn cast_lossy<U: Element>(&self) -> Array<U>
    where
        T: LossyCast<U>,
    {
        let own: &dyn Any = self;
        match own.downcast_ref::<Array<U>>() {
            Some(same) => same.clone(),
            None => unary("cast", self, |x: T| x.lossy_cast()),
        }
    }
}
