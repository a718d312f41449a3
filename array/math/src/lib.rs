//! Elementary functions of whole slices, vectorised for the processor that runs them.
//!
//! Functions like [`sin`] and [`exp`] fill a slice with the function of each element of another;
//! reductions like [`sum`] and [`min`] make one number of a slice. Each is a plain loop without
//! branches that LLVM vectorises, compiled for AVX-512, AVX2, SSE and NEON; which one runs is
//! decided by the `fearless_simd` crate when it is called. There is no `unsafe` code.
//!
//! Below: nothing of ours. Above: the kernels of `chunkwise-array`.
//!
//! Start from [`Elementary`] and [`Reduce`], the traits for code that is generic over the number.
//!
//! ```
//! use chunkwise_array_math as math;
//!
//! let x = [0.0, 0.5, 1.0, f64::INFINITY];
//! let mut out = [0.0; 4];
//! math::tanh(&x, &mut out);
//! assert_eq!(out[3], 1.0);
//! assert_eq!(math::sum(&x[..3]), 1.5);
//! ```
//!
//! # The same bits everywhere
//!
//! No operation is fused, reordered or left to the C library, so that results have the same bits
//! on every processor and for every way of cutting an array into chunks. (Fused multiplication is
//! left unused for that: a processor without it would have to emulate it.) Sums are taken
//! in a fixed order, which depends on the length of the slice alone.
//!
//! # Accuracy and speed
//!
//! The largest error found among 20000 arguments over the whole range, in units of the last place
//! (ulp; 0.5 is the best there is), of `f64`. `f32` are computed in `f64` and rounded: at most
//! 0.501 ulp. Nanoseconds an element in slices of 4096, one thread of an AMD EPYC with
//! AVX-512, the least of many runs.
//!
//! | function | ulp | f64, ns | f32, ns | std f64, ns |
//! |---|---|---|---|---|
//! | [`sin`] | 0.73 | 1.6 | 1.6 | 11.2 |
//! | [`cos`] | 0.77 | 1.6 | 1.6 | 10.7 |
//! | [`tan`] | 0.84 | 2.5 | 2.6 | 13.6 |
//! | [`asin`] | 0.60 | 1.6 | 1.7 | 7.3 |
//! | [`acos`] | 0.76 | 1.8 | 1.8 | 5.3 |
//! | [`atan`] | 0.71 | 1.4 | 1.6 | 12.2 |
//! | [`atan2`] | 1.27 | 2.8 | 2.3 | 12.0 |
//! | [`sinh`] | 0.94 | 4.3 | 3.8 | 15.4 |
//! | [`cosh`] | 0.87 | 2.7 | 2.8 | 8.2 |
//! | [`tanh`] | 0.64 | 2.7 | 2.6 | 13.3 |
//! | [`asinh`] | 1.10 | 3.6 | 3.5 | 22.4 |
//! | [`acosh`] | 0.73 | 3.8 | 3.8 | 5.1 |
//! | [`atanh`] | 0.72 | 2.7 | 2.5 | 7.2 |
//! | [`exp`] | 0.61 | 1.2 | 1.4 | 5.0 |
//! | [`exp2`] | 0.72 | 1.3 | 1.4 | 3.4 |
//! | [`exp_m1`] | 0.81 | 1.5 | 1.5 | 6.4 |
//! | [`ln`] | 0.73 | 1.5 | 1.6 | 4.1 |
//! | [`log2`] | 0.69 | 1.7 | 1.8 | 4.2 |
//! | [`log10`] | 0.62 | 1.8 | 1.9 | 6.5 |
//! | [`ln_1p`] | 0.73 | 1.4 | 1.6 | 7.1 |
//! | [`logaddexp`] | 0.85 | 5.0 | 3.6 |  |
//! | [`pow`] | 0.78 | 4.6 | 3.4 | 10.1 |
//! | [`cbrt`] | 0.66 | 1.5 | 1.6 | 14.8 |
//! | [`hypot`] | 0.82 | 1.6 | 1.3 | 5.0 |
//! | [`erf`] | 0.84 | 7.3 | 6.1 |  |
//! | [`erfc`] | 2.30 | 7.6 | 6.3 |  |
//!
//! [`sqrt`], [`recip`], [`floor`], [`ceil`], [`trunc`], [`rint`] and [`abs`] are exact or correctly
//! rounded and take 0.1 to 0.5 ns. [`sin`], [`cos`] and [`tan`] of arguments beyond 12800, and
//! [`pow`] of zeros, infinities and subnormal numbers, are as slow as in the standard library, as
//! are [`gamma`] and [`ln_gamma`] everywhere (these two with the accuracy of the `libm` crate).
//!
//! `tests/it/accuracy.rs` holds them to limits near these, by values that `tests/fixtures/make.py` made
//! with mpmath; the methods and their sources are named in each file.
//!
//! # Why not ...?
//!
//! - *SLEEF, or its port to Rust*: the port needs a nightly compiler, the original a C compiler.
//! - *the vector functions of the C library*: not everywhere, and up to 4 ulp.
//! - *complex numbers, integers*: not here; functions of integers are taken of their `f64`.
#![forbid(unsafe_code)]

mod arc;
mod arc_hyperbolic;
mod atan;
mod count;
mod double;
mod elementary;
mod erf;
mod exp;
mod extrema;
mod gamma;
mod hyperbolic;
mod log;
mod logaddexp;
mod map;
mod native;
mod pow;
mod powi;
mod reduce;
mod roots;
mod sum;
mod trig;
mod vectorized;

pub use count::count_true;
pub use elementary::*;
pub use reduce::*;
pub use vectorized::vectorized;
