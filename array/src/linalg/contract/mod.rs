//! Contractions: sums of products over paired axes of two arrays.
//!
//! `labels` name the axes of the operands and of the result, as the letters of an `einsum` do. A
//! label of both operands that is not one of the result is summed over; one that the result has too
//! is a batch. A block of the result is a sum over blocks along the summed axes: one task adds the
//! products of so many of them into one buffer as fit [`STEP_BYTES`] together, and hands the buffer
//! to the next. Where there are few blocks of the result, several such chains run side by side and
//! are added up by a tree ([`add`]). All of this depends on the chunks alone, and so do the bits.

mod add;
mod blocks;
mod mirror;
mod node;
mod operand;
mod roles;

pub(super) use node::contract;
pub(super) use roles::Label;

/// What a task takes in at most of the two operands, unless one pair of blocks is more: a chain of
/// tasks costs next to nothing, as the sum is handed on without a copy.
const STEP_BYTES: u64 = 64 << 20;

/// Where the result has fewer blocks than this, sums are split so that there are so many tasks.
const ENOUGH_TASKS: usize = 16;
