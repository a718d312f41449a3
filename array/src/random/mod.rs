//! Arrays of random numbers, each of which depends on the seed and its position alone.
//!
//! A number does not depend on the chunks, on the scheduler, or on whether its neighbours are made:
//! a slice of a random array has the numbers that the whole array has there, and makes no others.
//!
//! ```
//! use chunkwise_array::{CollectionExt, random::{self, Generator, Seed}};
//!
//! let x = random::normal(10.0, 0.1, [2_000, 2_000], Seed(0)).chunks([500, 500]);
//! assert!((x.mean().compute()? - 10.0).abs() < 1e-3);
//!
//! // several arrays of one seed: each call draws from a stream of its own
//! let mut rng = Generator::new(Seed(7));
//! let noise = rng.normal(0.0, 1.0, [1_000]).chunks(100);
//! let dice = rng.integers(1u8, 7, [1_000]).chunks(300);
//! assert!(dice.max().compute()? <= 6 && noise.is_finite().all().compute()?);
//! # Ok::<(), chunkwise_array::Error>(())
//! ```
//!
//! A function draws from a stream that its seed, its name, its parameters and the element type
//! determine: equal calls give equal numbers (also where one array is longer than the other), and
//! share work; others are independent. Names, parameters and meanings are those of
//! `numpy.random.Generator`; the numbers are others.
//!
//! Counts, items and integers come as `i64`, other numbers as `f64`; [`Draw::of`] asks for another
//! type. A parameter out of range is an error of the array.

mod choice;
mod distributions;
mod draw;
mod generator;
mod integers;
mod rows;

pub use choice::*;
pub use chunkwise_array_random::{Fill, RandomError, Seed};
pub use distributions::*;
pub use draw::{Distribution, Draw, draw};
pub use generator::Generator;
pub use integers::{integers, integers_inclusive};
pub use rows::{DrawRows, multinomial, multivariate_hypergeometric};

/// The distributions themselves, with what they demand of their parameters.
pub mod distribution {
    pub use chunkwise_array_random::{
        Bernoulli, Beta, Binomial, Bytes, Cauchy, ChiSquare, Choice, Exponential, F, Gamma,
        Geometric, Gumbel, Hypergeometric, Integer, Integers, Laplace, LogNormal, LogSeries,
        Logistic, Multinomial, MultivariateHypergeometric, NegativeBinomial, NoncentralChiSquare,
        NoncentralF, Normal, Pareto, Permutation, Poisson, Power, Rayleigh, StudentT, Triangular,
        Uniform, VonMises, Wald, Weibull, Zipf,
    };
}
