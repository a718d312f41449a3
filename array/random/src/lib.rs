//! Random numbers by position: the same seed gives the same numbers for any part of an array.
//!
//! A generator that is carried from element to element ties the numbers of an array to the order
//! in which they are made, and so to its chunks. Here each element has a generator of its own,
//! started from its position:
//!
//! > The number at a position depends on seed, stream, distribution, element type and position,
//! > and on nothing else.
//!
//! So chunks may have any shape, any part can be made alone at the cost of that part, and the
//! numbers are the same on every scheduler.
//!
//! Start from:
//!
//! - [`Seed`], and the [`StreamKey`] of each array of that seed,
//! - [`Fill`], which all distributions implement, and [`FillRows`] of those that give rows,
//! - [`fill_with`] and [`ElementRng`], for distributions of your own or of `rand_distr`.
//!
//! Positions are row-major in the whole array: a chunk is filled row by row, one call a row.
//!
//! ```
//! use chunkwise_array_random::{Fill, Normal, Seed};
//!
//! // the block of rows 10..12 and columns 500..503 of an array of 1000 columns
//! let (normal, key) = (Normal::standard(), Seed(42).stream(0));
//! let mut block = [[0.0_f64; 3]; 2];
//! for (row, out) in block.iter_mut().enumerate() {
//!     normal.fill(key, (10 + row as u64) * 1000 + 500, out);
//! }
//! ```
//!
//! Names, parameters and meanings are those of `numpy.random.Generator`; the numbers themselves are
//! others. Unlike there, parameters have to be finite. Distributions are serialised as tuples of
//! their parameters, which are checked again when they come back.
//!
//! Two distributions that draw from one stream use the same random bits, and are correlated: give
//! each array a stream of its own.
//!
//! Numbers stay the same from version to version, and the tests pin them, unless the release notes
//! say otherwise. Across platforms they may differ in the last digits where a distribution takes a
//! logarithm or a power, which the mathematical libraries of systems round differently.
//!
//! # Not here
//!
//! - Cryptographic randomness: whoever sees numbers may find out the stream.
//! - Arrays, chunks and laziness: see `chunkwise-array`.
//! - Vectors of real numbers (`dirichlet`, `multivariate_normal`).
#![forbid(unsafe_code)]

mod bernoulli;
mod beta;
mod binomial;
mod bytes;
mod cauchy;
mod check;
mod chi_square;
mod choice;
mod element;
mod error;
mod exponential;
mod f;
mod fill;
mod gamma;
mod geometric;
mod gumbel;
mod hypergeometric;
mod integers;
mod laplace;
mod ln_factorial;
mod logistic;
mod logseries;
mod mix;
mod multinomial;
mod multivariate_hypergeometric;
mod negative_binomial;
mod normal;
mod pareto;
mod permutation;
mod poisson;
mod power;
mod rayleigh;
mod seed;
mod student_t;
mod triangular;
mod uniform;
mod von_mises;
mod wald;
mod weibull;
mod zipf;

pub use bernoulli::Bernoulli;
pub use beta::Beta;
pub use binomial::Binomial;
pub use bytes::Bytes;
pub use cauchy::Cauchy;
pub use chi_square::{ChiSquare, NoncentralChiSquare};
pub use choice::Choice;
pub use element::{ElementRng, fill_with};
pub use error::RandomError;
pub use exponential::Exponential;
pub use f::{F, NoncentralF};
pub use fill::{Fill, FillRows};
pub use gamma::Gamma;
pub use geometric::Geometric;
pub use gumbel::Gumbel;
pub use hypergeometric::Hypergeometric;
pub use integers::{Integer, Integers};
pub use laplace::Laplace;
pub use logistic::Logistic;
pub use logseries::LogSeries;
pub use multinomial::Multinomial;
pub use multivariate_hypergeometric::MultivariateHypergeometric;
pub use negative_binomial::NegativeBinomial;
pub use normal::{LogNormal, Normal};
pub use pareto::Pareto;
pub use permutation::Permutation;
pub use poisson::Poisson;
pub use power::Power;
pub use rayleigh::Rayleigh;
pub use seed::{Seed, StreamKey};
pub use student_t::StudentT;
pub use triangular::Triangular;
pub use uniform::Uniform;
pub use von_mises::VonMises;
pub use wald::Wald;
pub use weibull::Weibull;
pub use zipf::Zipf;
