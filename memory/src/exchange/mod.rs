//! The exchange: what several inputs have for each of several partitions, brought together.
//!
//! Values and nothing else: no service, no state that tasks share. A part that was lost is made
//! again by running its task again; pieces are read in the order of the inputs, whatever ran first;
//! `n` inputs and `m` partitions take `n + m + 1` tasks and as many dependencies.
//!
//! - `partitioned`: one input's pieces ([`Partitioned`]); `scatter`: how records become such;
//! - `exchanged`: the pieces of all inputs ([`Exchanged`]), and those of one partition;
//! - `split`: partitions that are too large, cut again;
//! - `layers`: the tasks of a graph that do it.
//!
//! Not here: what pieces hold. A group-by, a join, a sort write and read them; see the README.

mod exchanged;
mod layers;
mod partitioned;
mod scatter;
mod split;

pub use exchanged::{Exchanged, Partition, Pieces};
pub use layers::{Barrier, Gather, Gathering, Scatter, Scattering, barrier};
pub use partitioned::{Partitioned, PartitionedBuilder};

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
