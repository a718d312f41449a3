//! Functions of whole chunks: the user's, and what is made with them.

mod function;
mod lanes;
mod map;
mod overlap;
mod windows;

pub use function::BlockInfo;
pub(crate) use lanes::medians;
pub use map::MapBlocks;
pub use overlap::Boundary;
