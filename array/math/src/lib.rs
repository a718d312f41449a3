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
//! No operation is reordered, left to the compiler to fuse, or replaced by a function of other
//! accuracy, so that results have the same bits on every processor and for every way of cutting an
//! array into chunks. Sums are taken in a fixed order, which depends on the length of the slice
//! alone.
//!
//! Functions use fused multiplication and addition ([`f64::mul_add`], rounded once) wherever it helps.
//! AVX-512, AVX2 and NEON have instructions for it. A processor without them (x86-64 without AVX2,
//! WebAssembly) calls a function that emulates it: the same bits, but no vectors, and about 7 ns for
//! each fused operation. That makes [`sin`] take 150 ns, [`exp`] 120 ns and [`ln`] 80 ns (emulated on
//! the processor below): some hundred times what they take with AVX-512, and 13 to 30 times what
//! unfused operations took in vectors of SSE2. Where a processor has the instruction, but not AVX2,
//! they take 20 to 35 ns. This crate is a poor choice where such processors have to be fast.
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
//! | [`sin`] | 0.72 | 1.0 | 1.1 | 11.2 |
//! | [`cos`] | 0.70 | 0.9 | 1.0 | 10.7 |
//! | [`tan`] | 0.74 | 1.4 | 1.5 | 13.6 |
//! | [`asin`] | 0.60 | 1.2 | 1.4 | 7.3 |
//! | [`acos`] | 0.76 | 1.3 | 1.5 | 5.3 |
//! | [`atan`] | 0.72 | 1.0 | 1.2 | 12.2 |
//! | [`atan2`] | 1.27 | 1.9 | 2.0 | 12.0 |
//! | [`sinh`] | 0.88 | 2.4 | 2.5 | 15.4 |
//! | [`cosh`] | 0.87 | 1.7 | 1.9 | 8.2 |
//! | [`tanh`] | 0.58 | 1.5 | 1.7 | 13.3 |
//! | [`asinh`] | 1.10 | 2.8 | 3.1 | 22.4 |
//! | [`acosh`] | 0.72 | 3.0 | 3.1 | 5.1 |
//! | [`atanh`] | 0.72 | 1.8 | 2.1 | 7.2 |
//! | [`exp`] | 0.61 | 0.8 | 0.9 | 5.0 |
//! | [`exp2`] | 0.72 | 0.9 | 1.1 | 3.4 |
//! | [`exp_m1`] | 0.81 | 1.0 | 1.2 | 6.4 |
//! | [`ln`] | 0.72 | 1.2 | 1.3 | 4.1 |
//! | [`log2`] | 0.65 | 1.4 | 1.5 | 4.2 |
//! | [`log10`] | 0.62 | 1.4 | 1.5 | 6.5 |
//! | [`ln_1p`] | 0.73 | 1.0 | 1.2 | 7.1 |
//! | [`logaddexp`] | 0.85 | 3.2 | 3.5 |  |
//! | [`pow`] | 0.59 | 3.1 | 2.7 | 10.1 |
//! | [`cbrt`] | 0.66 | 1.2 | 1.3 | 14.8 |
//! | [`hypot`] | 0.82 | 0.7 | 0.9 | 5.0 |
//! | [`erf`] | 0.84 | 4.2 | 4.4 |  |
//! | [`erfc`] | 2.29 | 4.8 | 5.1 |  |
//!
//! [`sqrt`], [`recip`], [`floor`], [`ceil`], [`trunc`], [`rint`] and [`abs`] are exact or correctly
//! rounded and take 0.1 to 0.5 ns. [`sin`], [`cos`] and [`tan`] of arguments beyond 2^20, and
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
