//! Arrays put together, and taken apart.

mod block;
mod blocks;
mod concatenate;
mod pad;
mod pad_mode;
mod repeat;
mod split;
mod stack;

pub use block::{Nested, block};
pub(crate) use concatenate::concatenated;
pub use concatenate::{concatenate, hstack, vstack};
pub use pad_mode::{PadMode, PadWidths};
pub use stack::{column_stack, dstack, stack};
