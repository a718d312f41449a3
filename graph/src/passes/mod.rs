//! Passes over the layers of a [`crate::Graph`]: each costs as much as there are layers, whatever
//! the number of their tasks, but for folds.
//!
//! | pass | does |
//! |---|---|
//! | [`Graph::cull`](crate::Graph::cull) | drops layers that nothing wanted needs |
//! | [`Graph::fuse_blockwise`](crate::Graph::fuse_blockwise) | runs aligned producers inside their consumer |
//! | [`Graph::fuse_folds`](crate::Graph::fuse_folds) | makes inputs inside tasks that take them one by one |
//! | [`Graph::inline`](crate::Graph::inline) | recomputes cheap layers in each consumer |
//! | [`Graph::rewrite_blockwise`](crate::Graph::rewrite_blockwise) | lets a collection join kernels of its own |
//!
//! Single tasks are culled by index arithmetic when a plan is made; linear chains of tasks are
//! fused in the plan ([`crate::PlanOptions::fuse_chains`]).

mod cull;
mod fold;
mod fuse;
mod inline;
mod merge;
mod rewrite;
