//! [`Signal`]: what can be transformed.

use crate::element::{Element, Float};
use num_complex::Complex;

/// `f32` and `f64`, as the parts of what is transformed.
pub trait FftFloat: Float + Signal<Part = Self> + sealed::Planned {}

/// What can be transformed: `f32`, `f64`, and the complex numbers of them.
pub trait Signal: Element {
    /// The type of its parts.
    type Part: FftFloat<Complex = Self::Complex>;

    /// The type of its transform.
    type Complex: Signal<Part = Self::Part>;

    /// As a complex number.
    fn complex(self) -> Complex<Self::Part>;

    /// Of a complex number; of real ones the real part.
    fn of_complex(x: Complex<Self::Part>) -> Self;
}

pub(super) mod sealed {
    use rustfft::{Fft, FftDirection, FftNum, FftPlanner};
    use std::cell::RefCell;
    use std::sync::Arc;

    /// Numbers that transforms are planned for.
    pub trait Planned: FftNum {
        /// A transform of so many numbers. Each thread keeps those that it has planned.
        fn plan(len: usize, direction: FftDirection) -> Arc<dyn Fft<Self>>;
    }

    macro_rules! planned {
        ($($part:ty),+) => { $(
            impl Planned for $part {
                fn plan(len: usize, direction: FftDirection) -> Arc<dyn Fft<$part>> {
                    thread_local! {
                        static PLANNER: RefCell<FftPlanner<$part>> =
                            RefCell::new(FftPlanner::new());
                    }
                    PLANNER.with(|planner| match planner.try_borrow_mut() {
                        Ok(mut planner) => planner.plan_fft(len, direction),
                        Err(_) => FftPlanner::new().plan_fft(len, direction),
                    })
                }
            }
        )+ };
    }
    planned!(f32, f64);
}

macro_rules! signals {
    ($($part:ty),+) => { $(
        impl FftFloat for $part {}

        impl Signal for $part {
            type Part = $part;
            type Complex = Complex<$part>;

            #[inline]
            fn complex(self) -> Complex<$part> { Complex::new(self, 0.0) }
            #[inline]
            fn of_complex(x: Complex<$part>) -> $part { x.re }
        }

        impl Signal for Complex<$part> {
            type Part = $part;
            type Complex = Complex<$part>;

            #[inline]
            fn complex(self) -> Complex<$part> { self }
            #[inline]
            fn of_complex(x: Complex<$part>) -> Complex<$part> { x }
        }
    )+ };
}
signals!(f32, f64);
