//! Sorting, and what needs the elements along axes together: [`lanes`]; the greatest few: [`topk`];
//! axes larger than memory: [`external`].

mod external;
mod lanes;
mod lexsort;
mod order;
mod partition;
mod sorted;
mod topk;

pub use external::{SortMethod, SortOptions};
pub(crate) use lanes::{LaneKernel, LaneVec, Place, lanes};
pub use lexsort::lexsort;
pub(crate) use order::{order, sort_lane};
