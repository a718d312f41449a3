//! Powers of one whole exponent.

use crate::map::{Binary, Unary, binary_with_constant, unary};
use crate::roots::{Cube, Recip, Square};

pub(crate) struct One;
pub(crate) struct Same;
pub(crate) struct Fourth;

macro_rules! products {
    ($($float:ident)*) => {$(
        impl Unary<$float> for One {
            #[inline(always)]
            fn fast(_: $float) -> $float {
                1.0
            }
        }
        impl Unary<$float> for Same {
            #[inline(always)]
            fn fast(x: $float) -> $float {
                x
            }
        }
        impl Unary<$float> for Fourth {
            #[inline(always)]
            fn fast(x: $float) -> $float {
                (x * x) * (x * x)
            }
        }
    )*};
}
products!(f32 f64);

/// `out[i] = x[i]^n`, by products where few do, else by `P` of each element and n.
pub(crate) fn powi<T: Real, P: Binary<T>>(x: &[T], n: i32, out: &mut [T])
where
    One: Unary<T>,
    Same: Unary<T>,
    Fourth: Unary<T>,
    Square: Unary<T>,
    Cube: Unary<T>,
    Recip: Unary<T>,
{
    match n {
        -1 => unary::<T, Recip>(x, out),
        0 => unary::<T, One>(x, out),
        1 => unary::<T, Same>(x, out),
        2 => unary::<T, Square>(x, out),
        3 => unary::<T, Cube>(x, out),
        4 => unary::<T, Fourth>(x, out),
        _ => {
            binary_with_constant::<T, P>(x, T::whole(n), out);
        }
    }
}

/// A float that a whole number can be made into.
pub(crate) trait Real: Copy {
    fn whole(n: i32) -> Self;
}

impl Real for f64 {
    fn whole(n: i32) -> f64 {
        f64::from(n)
    }
}

impl Real for f32 {
    fn whole(n: i32) -> f32 {
        n as f32
    }
}
