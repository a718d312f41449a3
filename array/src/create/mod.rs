//! Arrays out of nothing: constants, ranges, functions of the position, `ndarray` arrays, sources.

mod constant;
mod from_function;
mod generate;
mod indices;
mod memory;
mod range;
mod read;
mod spaced;
mod triangle;

pub(crate) use generate::{Constant, Generator, generated, ship_generator};
pub use indices::{Indexing, meshgrid};
pub use range::Counted;
pub use read::Source;
