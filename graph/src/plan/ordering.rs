//! [`Ordering`]: which order the tasks of a plan are numbered in.

use crate::dag::Dag;
use crate::order::{Strategy, order};

/// Which order the tasks of a plan are numbered in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ordering {
    /// The one that holds the least in memory, of several that are tried; see [`crate::order`].
    #[default]
    LeastMemory,
    /// The one that a single strategy builds: to compare, and to see what an order does.
    By(Strategy),
}

impl Ordering {
    /// The tasks in the order to run; `None` if the graph has a cycle.
    pub(super) fn sequence(self, dag: &Dag, sizes: Option<&[u64]>) -> Option<Vec<u32>> {
        match self {
            Ordering::LeastMemory => order(dag, sizes),
            // A strategy that has nothing to propose for a graph leaves it to the usual one.
            Ordering::By(strategy) => {
                strategy.sequence(dag, sizes).or_else(|| Strategy::DepthFirst.sequence(dag, sizes))
            }
        }
    }
}
