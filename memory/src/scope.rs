//! Setting a budget around runs.

use crate::budget::Budget;
use chunkwise_graph::with_memory_budget;
use std::sync::Arc;

/// Holds every run inside `f` to `bytes` of memory, all of them together.
///
/// Results that do not fit go to disk or are computed again; a plan that cannot run within the
/// limit is refused before it starts, with
/// [`Error::OverBudget`](chunkwise_graph::Error::OverBudget). See [`Budget`] for what else can be
/// chosen.
pub fn with_memory_limit<R>(bytes: u64, f: impl FnOnce() -> R) -> R {
    with_memory_budget(Arc::new(Budget::new(bytes)), f)
}
