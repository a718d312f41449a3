//! The order in which the tasks of a plan run, chosen so that few results are held at once.
//!
//! [`order`] is all that a scheduler needs; [`OrderOptions`] chooses strategies and limits, and
//! [`exact`] solves small graphs. `README.md` beside this file explains the problem, the
//! algorithms and what they were measured to achieve.

mod cheapest;
mod depth_first;
mod exact;
mod kahn;
mod preference;
mod progress;
mod refine;
mod simple;
mod strategy;
mod targets;

pub use exact::{EXACT_MAX_TASKS, Exact, exact};
pub use strategy::Strategy;

use crate::dag::Dag;
use crate::simulate::{Memory, Peak, peak};
use strategy::Workbench;

/// A topological order that holds few results at a time; `None` if the graph has a cycle.
///
/// `sizes` are those of the results in bytes, if known: then the memory held is kept low rather
/// than the number of results. The same graph gives the same order on every machine.
///
/// ```
/// # use chunkwise_graph::{dag::Dag, order::order};
/// // two chains 0 → 1 and 2 → 3, joined by 4: one chain is finished before the other begins
/// let dag = Dag::from_lists([vec![], vec![0], vec![], vec![2], vec![1, 3]]);
/// assert_eq!(order(&dag, None), Some(vec![0, 1, 2, 3, 4]));
/// assert_eq!(order(&Dag::from_lists([vec![1], vec![0u32]]), None), None);
/// ```
///
/// # Panics
/// If there are fewer sizes than tasks.
///
/// # Complexity
/// O(tasks + edges log degree), measured 0.04 to 0.2 us a task, for more than 50,000 tasks; up to
/// 3 us a task below, where several orders are compared. Graphs of up to [`EXACT_MAX_TASKS`] tasks
/// are searched as well: 0.02 ms on average at 14 tasks, at most 16 ms where it gives up.
pub fn order(dag: &Dag, sizes: Option<&[u64]>) -> Option<Vec<u32>> {
    OrderOptions { sizes, ..OrderOptions::default() }.order(dag).map(|order| order.sequence)
}

/// What [`OrderOptions::order`] may use.
#[derive(Clone, Copy, Debug)]
pub struct OrderOptions<'a> {
    /// Sizes of the results, in bytes; 1 each where `None`.
    pub sizes: Option<&'a [u64]>,
    /// The strategies to compare; graphs of more than `max_compared` tasks use the first one
    /// alone. None given means [`Strategy::DepthFirst`].
    pub strategies: &'a [Strategy],
    /// Whether what the strategies build is improved by moving tasks.
    pub refine: Refine,
    /// The most tasks for which several orders are built and compared.
    pub max_compared: usize,
    /// The most states that the search of small graphs visits; 0 means no search.
    pub max_states: usize,
}

impl Default for OrderOptions<'_> {
    fn default() -> Self {
        OrderOptions {
            sizes: None,
            strategies: &Strategy::ALL,
            refine: Refine::Always,
            max_compared: 32_768,
            max_states: 16_384,
        }
    }
}

/// Whether orders are improved by moving tasks later and earlier.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refine {
    /// Take what the strategies build.
    Never,
    /// Move tasks to where their results are needed; where several orders are compared, also to
    /// where they free something.
    Always,
}

/// An order and how it was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Every task once, dependencies before dependents.
    pub sequence: Vec<u32>,
    /// Memory held when run one at a time, without outputs; `None` where nothing was compared.
    pub peak: Option<Peak>,
    /// What built it.
    pub found_by: FoundBy,
}

/// What built an order.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// This strategy alone.
    Strategy(Strategy),
    /// This strategy, then moving tasks.
    Refined(Strategy),
    /// Searching: no order has a lower peak.
    Exact,
}

impl OrderOptions<'_> {
    /// The order with the lowest peak of those that these options allow, the lower mean deciding
    /// between equals; `None` if the graph has a cycle.
    ///
    /// # Panics
    /// If there are fewer sizes than tasks.
    ///
    /// # Complexity
    /// As [`order`], for each strategy.
    pub fn order(&self, dag: &Dag) -> Option<Order> {
        let dag = &*simple::without_repeats(dag);
        let workbench = Workbench::new(dag, self.sizes)?;
        if dag.len() <= self.max_compared
            && let Some(order) = self.compared(&workbench)
        {
            return Some(order);
        }
        let first = self.strategies.first().copied().unwrap_or(Strategy::DepthFirst);
        let (strategy, sequence) = match workbench.sequence(first) {
            Some(sequence) => (first, sequence),
            None => (Strategy::DepthFirst, workbench.sequence(Strategy::DepthFirst)?),
        };
        if self.refine == Refine::Never {
            let found_by = FoundBy::Strategy(strategy);
            return Some(Order { sequence, peak: None, found_by });
        }
        let later = workbench.later(&sequence);
        let found_by = FoundBy::Refined(strategy);
        if self.sizes.is_none() {
            // With results of one size, moving tasks later never raises the peak.
            return Some(Order { sequence: later, peak: None, found_by });
        }
        let mut best = Best::new(&workbench);
        best.consider(later, found_by);
        best.consider(sequence, FoundBy::Strategy(strategy));
        best.order
    }

    /// The best of all strategies and of the search; `None` if no strategy is given or has
    /// something to propose.
    fn compared(&self, workbench: &Workbench<'_>) -> Option<Order> {
        let mut best = Best::new(workbench);
        let mut tried: Vec<Vec<u32>> = Vec::new();
        for &strategy in self.strategies {
            let Some(sequence) = workbench.sequence(strategy) else { continue };
            if tried.contains(&sequence) {
                continue;
            }
            tried.push(sequence.clone());
            let found_by = FoundBy::Refined(strategy);
            if self.refine == Refine::Always {
                let later = workbench.later(&sequence);
                let earlier = workbench.earlier(&later);
                best.consider(sequence, FoundBy::Strategy(strategy));
                best.consider(later, found_by);
                best.consider(earlier, found_by);
            } else {
                best.consider(sequence, FoundBy::Strategy(strategy));
            }
            if best.is_as_low_as_any() {
                return best.order;
            }
        }
        self.search(&mut best);
        best.order
    }

    /// Replaces the best order of a small graph by an optimal one, if the search finishes.
    fn search(&self, best: &mut Best<'_>) {
        if best.dag.len() > EXACT_MAX_TASKS || self.max_states == 0 {
            return;
        }
        let below = best.peak().map_or(u64::MAX, |peak| peak.live);
        if let Exact::Optimal { sequence, .. } = exact(best.dag, self.sizes, below, self.max_states)
        {
            best.consider(sequence, FoundBy::Exact);
        }
    }
}

/// The best order so far.
struct Best<'a> {
    dag: &'a Dag,
    memory: Memory<'a>,
    /// No order has a lower peak.
    bound: u64,
    order: Option<Order>,
}

impl<'a> Best<'a> {
    fn new(workbench: &Workbench<'a>) -> Best<'a> {
        let memory = Memory { sizes: workbench.sizes, ..Memory::default() };
        Best { dag: workbench.dag, memory, bound: workbench.lower_bound(), order: None }
    }

    fn peak(&self) -> Option<Peak> {
        self.order.as_ref().and_then(|order| order.peak)
    }

    fn is_as_low_as_any(&self) -> bool {
        self.peak().is_some_and(|peak| peak.live <= self.bound)
    }

    fn consider(&mut self, sequence: Vec<u32>, found_by: FoundBy) {
        let peak = peak(self.dag, &sequence, &self.memory);
        debug_assert!(peak.is_ok(), "{found_by:?}: {peak:?}");
        let Ok(peak) = peak else { return };
        if self.peak().is_none_or(|best| peak.is_below(&best)) {
            self.order = Some(Order { sequence, peak: Some(peak), found_by });
        }
    }
}
