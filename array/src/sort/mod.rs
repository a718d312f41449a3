//! Sorting, and what needs the elements along axes together: [`lanes`]; the greatest few: [`topk`].

mod lanes;
mod lexsort;
mod order;
mod partition;
mod sorted;
mod topk;

pub(crate) use lanes::{LaneKernel, LaneVec, Place, lanes};
pub use lexsort::lexsort;
pub(crate) use order::{order, sort_lane};
