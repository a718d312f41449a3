//! Expressions: what arrays are made of before they become layers.
//!
//! An array holds a [`Node`]: an [`Operation`] on other nodes, with the cut and the element type of
//! its result. Nodes are for rewriting: [`simplify`] moves selections towards the sources, so that
//! only what is needed is read. [`lower`] then makes layers of them, which `chunkwise-graph` fuses,
//! plans and hands to a scheduler.

mod asks;
#[cfg(test)]
mod deferred;
mod failed;
mod held;
mod lower;
mod node;
#[cfg(test)]
pub(crate) mod parts_check;
mod selection;
mod simplify;

pub(crate) use asks::gcd;
pub(crate) use failed::{Failed, failed};
pub(crate) use held::OfLayer;
pub(crate) use lower::lower;
pub(crate) use node::{Node, Nodes, Operation, Scratch, layer_of};
pub(crate) use selection::{compose, select, selected_axis, selected_chunks};
pub(crate) use simplify::simplify;
