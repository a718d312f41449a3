//! LU decompositions with pivoting, by panels of columns.
//!
//! A panel is a chunk of columns with all its rows. When one has been factored, with pivots from all
//! rows, the panels on its right are updated; each becomes a factor in turn ([`panels`]). So pivots
//! are those that a decomposition in one piece chooses, and the panels of one step are updated side
//! by side. Right sides of equations are panels as others are ([`forward`]).

mod determinant;
mod factors;
mod forward;
mod panels;
mod permutation;
mod solve;

pub use determinant::{det, slogdet};
pub use factors::lu;
pub use solve::{inv, solve, solve_positive};

/// The parts of the value of a factored panel: its columns, with both factors in place, and the old
/// place of each row from the panel's first pivot on.
const PANEL: usize = 0;
const ORDER: usize = 1;
