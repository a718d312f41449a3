//! Random graphs and chunkings, each as a plain function of a seed and as a proptest strategy.
//!
//! | | plain | strategy | reference |
//! |---|---|---|---|
//! | tasks | [`task_graph`] | [`task_graphs`] | [`crate::TaskGraph::expected`] |
//! | hand-written | [`task_dict`] | [`task_dicts`] | [`GeneratedDict::expected`] |
//! | layers | [`layered`] | [`layered_graphs`] | [`Layered::expected`] |
//! | chunkings | [`chunking`] | [`chunkings`] | they sum to the length |

mod chunks;
mod dags;
mod dicts;
mod layers;
mod seeded;

pub use chunks::{chunking, chunkings};
pub use dags::{Shape, task_graph, task_graphs};
pub use dicts::{GeneratedDict, task_dict, task_dicts};
pub use layers::{Layered, layered, layered_graphs};
pub use seeded::Seeded;
