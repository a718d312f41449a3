//! Work element by element: functions of one, two or three arrays that broadcast together.

mod broadcast;
mod cross;
mod map;
mod node;
mod operand;
mod operators;
mod polyval;
mod ufuncs;

pub(crate) use broadcast::{align, align_cuts, refined};
pub(crate) use map::{
    binary, binary_rows, binary_with, ternary, unary, unary_rows_with, unary_slices, unary_with,
};
pub(crate) use node::{block_map, elementwise, region_of_input};
pub use operand::{IntoOperand, Operand};
pub use operators::Bitwise;
pub use polyval::polyval;
pub use ufuncs::*;
