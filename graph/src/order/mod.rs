//! The order in which the tasks of a plan run, chosen so that few results are held at once.
//!
//! [`order`] is all that a scheduler needs; [`OrderOptions`] chooses strategies and limits, and
//! [`exact()`] solves small graphs. `README.md` beside this file explains the problem, the
//! algorithms and what they were measured to achieve.

mod best;
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
use crate::simulate::Peak;
use best::Best;
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
/// O(tasks + edges log degree), measured 0.04 to 0.25 us a task, for more than 32,768 tasks; up to
/// 1.1 us a task below, and up to 3.5 us below 8,192 tasks, where several orders are compared.
/// Graphs of up to [`EXACT_MAX_TASKS`] tasks are searched as well: 0.3 ms at the median of 50 tasks,
/// at most about 1.2 ms.
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
    /// The most tasks for which [`Strategy::LeastGrowth`] and [`Strategy::LeastRise`] are compared.
    pub max_tried: usize,
    /// The most states that the search of small graphs visits, fewer above 16 tasks, where each
    /// takes longer: `16 / tasks` of this. 0 means no search.
    pub max_states: usize,
}

impl Default for OrderOptions<'_> {
    fn default() -> Self {
        OrderOptions {
            sizes: None,
            strategies: &Strategy::ALL,
            refine: Refine::Always,
            max_compared: 32_768,
            max_tried: 8_192,
            max_states: 3_072,
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

/// A sequence with this many times the best peak is not worth moving tasks in. Those of
/// [`Strategy::LastInFirstOut`] are: they are held back by sources run too early, which moving cures.
const HOPELESS: u64 = 2;

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
        best.consider(&later, found_by);
        best.consider(&sequence, FoundBy::Strategy(strategy));
        best.order()
    }

    /// The best of all strategies and of the search; `None` if no strategy is given or has
    /// something to propose.
    fn compared(&self, workbench: &Workbench<'_>) -> Option<Order> {
        let mut best = Best::new(workbench);
        if self.sizes.is_none() && workbench.is_forest() {
            // Nothing beats depth first: the bound of Sethi and Ullman is exact here.
            if self.strategies.contains(&Strategy::DepthFirst) {
                let sequence = workbench.sequence(Strategy::DepthFirst)?;
                best.consider(&sequence, FoundBy::Strategy(Strategy::DepthFirst));
                return best.order();
            }
        }
        let mut tried: Vec<Vec<u32>> = Vec::new();
        for &strategy in self.strategies {
            if strategy.tries() && workbench.dag.len() > self.max_tried {
                continue;
            }
            let Some(sequence) = workbench.sequence(strategy) else { continue };
            if tried.contains(&sequence) {
                continue;
            }
            let peak = best.consider(&sequence, FoundBy::Strategy(strategy));
            if self.refine == Refine::Always && !best.is_as_low_as_any() {
                let hopeless = best.peak().saturating_mul(HOPELESS);
                if peak <= hopeless || strategy == Strategy::LastInFirstOut {
                    let later = workbench.later(&sequence);
                    best.consider(&later, FoundBy::Refined(strategy));
                    best.consider(&workbench.earlier(&later), FoundBy::Refined(strategy));
                }
            }
            if best.is_as_low_as_any() {
                return best.order();
            }
            tried.push(sequence);
        }
        self.search(workbench, &mut best);
        best.order()
    }

    /// Replaces the best order of a small graph by an optimal one, if the search finishes.
    fn search(&self, workbench: &Workbench<'_>, best: &mut Best<'_>) {
        let Workbench { dag, sizes, .. } = *workbench;
        let states = self.max_states.saturating_mul(16) / dag.len().max(16);
        if dag.len() > EXACT_MAX_TASKS || states == 0 {
            return;
        }
        if let Exact::Optimal { sequence, .. } = exact(dag, sizes, best.peak(), states) {
            best.consider(&sequence, FoundBy::Exact);
        }
    }
}
