//! Functions of elements, named as in NumPy or as in the standard library of Rust.

mod absolute;
mod analytic;
mod closeness;
mod compare;
mod complex;
mod convert;
mod convert_checked;
mod division;
mod exponential;
mod extremes;
mod float_parts;
mod integers;
mod interpolate;
mod logical;
mod nan;
mod power;
mod promote;
mod rounding;
mod special;
mod trigonometric;

pub use absolute::Absolute;
pub use analytic::Analytic;
pub use closeness::Tolerance;
pub use complex::to_complex;
pub use convert::{LosslessCast, LossyCast};
pub use division::FloorDivide;
pub use power::Power;
pub use promote::{Promote, promote};
