//! The same elements under other axes, in another order, or repeated.

mod bits;
mod broadcast;
mod diag;
mod diagonal;
mod flip;
mod roll;
mod transpose;
mod view;

pub use bits::BitOrder;
pub(crate) use broadcast::{along, broadcast};
pub use broadcast::{broadcast_arrays, broadcast_shapes};
pub(crate) use flip::flip;
pub(crate) use roll::span_of;
#[cfg(feature = "linalg")]
pub(crate) use view::permutation;
pub(crate) use view::{FromAxes, view};
