//! Indexing: parts of arrays by positions, lists and masks, and arrays with parts replaced.

mod along;
mod assign;
mod block_grid;
mod checked;
mod choose;
mod copy;
mod edit;
mod groups;
mod lazy_take;
mod list;
mod mask;
mod multi_index;
mod nonzero;
mod piecewise;
mod points;
mod put_along;
mod replace;
mod search;
mod slice;
mod slice_macro;
mod spec;
mod take;
mod target;

pub use choose::{select_from, where_};
pub use list::{Flags, Indices};
pub use multi_index::ravel_multi_index;
pub use piecewise::Piece;
pub use search::Side;
pub use spec::Slices;
