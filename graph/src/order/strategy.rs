//! [`Strategy`]: the ways of building an order, each by name.

use super::cheapest::{Cheap, Cheapest};
use super::depth_first::DepthFirst;
use super::targets::{FewestSources, Sinks};
use super::{kahn, preference, refine, simple};
use crate::dag::Dag;
use std::cell::OnceCell;
use std::fmt;

/// One way of building an order.
///
/// Unless said otherwise: depth first towards the tasks that nobody needs (sinks) in the order of
/// their numbers, of several missing inputs the one that takes most memory beyond its result
/// first, and at once whatever frees as much memory as it takes.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// Just that. The best single one, and the only one that is tried for large graphs.
    DepthFirst,
    /// Of several missing inputs the one with the fewest tasks below first.
    SmallestFirst,
    /// Sinks by the number of sources (tasks without dependencies) they still need.
    ///
    /// Nothing is proposed where counting those takes more than 32 visits an edge.
    FewestSources,
    /// Any task next to held results is a target: that which raises what is held least while it
    /// is made. Tasks that miss more than a few others are left until they miss less.
    LeastRise,
    /// As [`Strategy::LeastRise`], but that which adds least to what is held, per task that runs.
    LeastGrowth,
    /// The task that became ready last, without looking at sinks.
    LastInFirstOut,
    /// The task that became ready first: breadth first.
    FirstInFirstOut,
}

impl Strategy {
    /// All strategies.
    pub const ALL: [Strategy; 7] = [
        Strategy::DepthFirst,
        Strategy::LastInFirstOut,
        Strategy::SmallestFirst,
        Strategy::FewestSources,
        Strategy::LeastGrowth,
        Strategy::LeastRise,
        Strategy::FirstInFirstOut,
    ];

    /// The order that this strategy alone builds; `None` if the graph has a cycle or the strategy
    /// has nothing to propose for it.
    ///
    /// `sizes` are those of the results, 1 each where `None`.
    ///
    /// # Panics
    /// If there are fewer sizes than tasks.
    ///
    /// # Complexity
    /// O(tasks + edges log tasks), for [`Strategy::DepthFirst`] O(tasks + edges log degree).
    pub fn sequence(self, dag: &Dag, sizes: Option<&[u64]>) -> Option<Vec<u32>> {
        let dag = simple::without_repeats(dag);
        Workbench::new(&dag, sizes)?.sequence(self)
    }

    /// Whether targets are tried out before one is chosen.
    pub(super) fn tries(self) -> bool {
        matches!(self, Strategy::LeastGrowth | Strategy::LeastRise)
    }

    fn name(self) -> &'static str {
        match self {
            Strategy::DepthFirst => "depth first",
            Strategy::SmallestFirst => "smallest first",
            Strategy::FewestSources => "fewest sources",
            Strategy::LeastRise => "least rise",
            Strategy::LeastGrowth => "least growth",
            Strategy::LastInFirstOut => "last in, first out",
            Strategy::FirstInFirstOut => "first in, first out",
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Visits an edge after which [`Strategy::FewestSources`] gives up: the graphs exported from Dask
/// take 3 to 21.
const SOURCE_VISITS_AN_EDGE: usize = 32;

/// A graph without cycles and repeated dependencies, with what several strategies need of it.
pub(super) struct Workbench<'a> {
    pub(super) dag: &'a Dag,
    pub(super) sizes: Option<&'a [u64]>,
    topological: Vec<u32>,
    excess: OnceCell<Vec<u64>>,
    fewest_below: OnceCell<Vec<u64>>,
}

impl<'a> Workbench<'a> {
    /// `None` if the graph has a cycle.
    pub(super) fn new(dag: &'a Dag, sizes: Option<&'a [u64]>) -> Option<Workbench<'a>> {
        let topological = preference::topological(dag)?;
        let (excess, fewest_below) = (OnceCell::new(), OnceCell::new());
        Some(Workbench { dag, sizes, topological, excess, fewest_below })
    }

    fn excess(&self) -> &[u64] {
        let Workbench { dag, sizes, topological, .. } = self;
        self.excess.get_or_init(|| preference::excess(dag, topological, *sizes))
    }

    fn fewest_below(&self) -> &[u64] {
        self.fewest_below.get_or_init(|| preference::fewest_below(self.dag, &self.topological))
    }

    fn depth_first<'w>(&'w self, preference: &'w [u64]) -> DepthFirst<'w> {
        DepthFirst { dag: self.dag, sizes: self.sizes, preference }
    }

    /// What the strategy proposes, or `None` if that is nothing.
    pub(super) fn sequence(&self, strategy: Strategy) -> Option<Vec<u32>> {
        let dag = self.dag;
        let freeing = || self.depth_first(self.excess());
        Some(match strategy {
            Strategy::DepthFirst => freeing().sequence(Sinks::natural(dag)),
            Strategy::SmallestFirst => {
                let smallest = self.depth_first(self.fewest_below());
                smallest.sequence(Sinks::natural(dag))
            }
            Strategy::FewestSources => {
                let budget = SOURCE_VISITS_AN_EDGE.saturating_mul(dag.n_edges() + 1);
                freeing().sequence(FewestSources::new(dag, budget)?)
            }
            Strategy::LeastRise => {
                let by_number = kahn::last_in_first_out(dag);
                freeing().sequence(Cheapest::new(Cheap::Rise, self.excess(), &by_number))
            }
            Strategy::LeastGrowth => {
                let natural = freeing().sequence(Sinks::natural(dag));
                freeing().sequence(Cheapest::new(Cheap::Growth, self.excess(), &natural))
            }
            Strategy::LastInFirstOut => kahn::last_in_first_out(dag),
            Strategy::FirstInFirstOut => kahn::first_in_first_out(dag),
        })
    }

    /// Whether no result is needed twice.
    pub(super) fn is_forest(&self) -> bool {
        self.dag.tasks().all(|task| self.dag.dependents(task).len() <= 1)
    }

    /// What the task with the largest inputs and result needs: no order has a lower peak.
    pub(super) fn lower_bound(&self) -> u64 {
        let size = |task: u32| self.sizes.map_or(1, |sizes| sizes[task as usize]);
        let inputs = |task| self.dag.deps(task).iter().map(|&dep| size(dep));
        let needs = self.dag.tasks().map(|t| inputs(t).fold(size(t), u64::saturating_add));
        needs.max().unwrap_or(0)
    }

    pub(super) fn later(&self, sequence: &[u32]) -> Vec<u32> {
        refine::later(self.dag, self.sizes, sequence)
    }

    pub(super) fn earlier(&self, sequence: &[u32]) -> Vec<u32> {
        refine::earlier(self.dag, self.sizes, sequence)
    }
}
