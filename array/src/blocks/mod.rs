//! Functions of whole chunks: the user's, and what is made with them.

mod built_in;
mod cells;
mod convolution;
mod function;
mod gufunc;
mod gufunc_plan;
mod lanes;
mod map;
mod overlap;
mod scratch;
mod signature;
mod windows;

pub(crate) use built_in::{BlockOp, block_op};
pub use convolution::ConvolveMode;
pub use function::BlockInfo;
pub use gufunc::{Gufunc, apply_gufunc, apply_gufunc2, apply_gufunc3};
pub(crate) use lanes::medians;
pub use map::MapBlocks;
pub use overlap::Boundary;
pub use signature::{Signature, SignatureError};
