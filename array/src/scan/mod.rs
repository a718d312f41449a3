//! Scans: running sums and the like along an axis; and what elements differ from their neighbours.
//!
//! A [`Scan`] says how what has been is joined with what comes. Each chunk is first reduced along
//! the axis to its total ([`layers`]); the totals before each chunk are joined, one after the other
//! or in a tree; then each chunk is scanned from there. Only totals, one slice thick, go from chunk
//! to chunk.

mod cumulative;
mod custom;
mod differences;
mod layers;
mod neighbours;
mod node;
mod unwrap_phase;

pub use custom::Scan;
pub use node::ScanMethod;
