//! Reductions: sums, means, extremes, over all elements or along axes.
//!
//! A [`Reducer`] says how elements are taken into an accumulator, how accumulators are joined and
//! what comes out. Each chunk is reduced on its own, as the last step of whatever makes it, with
//! nothing stored in between ([`sink`]); where that would leave almost as much as it took, several
//! chunks are reduced by one task ([`direct`]). The rest is joined by a tree of tasks whose shape
//! depends on the chunks alone ([`combine`]): so results have the same bits on every scheduler.

mod accumulate;
mod argument;
mod average;
mod central;
mod combine;
mod custom;
mod digest;
mod direct;
mod extremes;
mod finish;
mod moments;
mod nan;
mod node;
mod partial;
mod ptp;
mod reducer;
mod sink;
mod sums;
mod trace;
mod truth;

pub use custom::Reduction;
pub(crate) use digest::{Digest, Digested, Joined, LeafAt, cut_alike, digest};
pub(crate) use extremes::{greater, less};
pub(crate) use nan::{nan_to_one, nan_to_zero};
pub(crate) use partial::Partial;
