//! [`Scheduler`]: running plans.

use crate::dict::{Nested, NestedKeys, TaskDict};
#[cfg(doc)]
use crate::error::Error;
use crate::error::Result;
use crate::graph::Graph;
use crate::in_order::InOrder;
use crate::key::Key;
use crate::plan::{Plan, PlanOptions};
use crate::planned::Planned;
use crate::run::Run;
use crate::value::Value;
use std::any::Any;
use std::sync::{Arc, PoisonError, RwLock};

/// Runs plans. `run` is the one method to write.
///
/// # Contract
/// - The values of [`Plan::outputs`] come back in that order, the same bits on every scheduler.
/// - Each task runs at most once, after its dependencies, and through [`Run::execute`]; its
///   inputs are moved into the last task that needs them. Where tasks run in other processes, one
///   that was lost with its worker, or whose result was, runs again.
/// - When tasks fail, the error is that of the failing task with the smallest number, whatever
///   the timing; tasks with larger numbers may or may not have run.
/// - A cancelled run gives [`Error::Cancelled`]; no task starts after that was noticed.
/// - Nothing of a run is held when `run` returns, except by tasks that a cancelled run left behind.
///
/// The suite in the crate `chunkwise-testing` checks all of this.
pub trait Scheduler: Send + Sync {
    /// A short name for reports: `threaded`.
    fn name(&self) -> &'static str;

    /// How many tasks it may run at the same time: what a prediction of memory reckons with.
    fn n_workers(&self) -> usize {
        1
    }

    /// Runs a plan and gives the values of its outputs.
    ///
    /// # Errors
    /// The failing task with the smallest number ([`Error::Task`], [`Error::Panic`]), or
    /// [`Error::Cancelled`].
    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>>;

    /// Makes a plan with the passes that suit this scheduler.
    ///
    /// # Errors
    /// As [`Graph::plan`].
    fn prepare(&self, graph: &Graph) -> Result<Plan> {
        graph.plan()
    }
}

macro_rules! forward {
    ($($pointer:ty),+) => { $(
        #[deny(clippy::missing_trait_methods)]
        impl<S: Scheduler + ?Sized> Scheduler for $pointer {
            fn name(&self) -> &'static str {
                (**self).name()
            }

            fn n_workers(&self) -> usize {
                (**self).n_workers()
            }

            fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
                (**self).run(plan, run)
            }

            fn prepare(&self, graph: &Graph) -> Result<Plan> {
                (**self).prepare(graph)
            }
        }
    )+ };
}
forward!(&S, Arc<S>, Box<S>);

/// What users call on a [`Scheduler`]: results of hand-written graphs by their keys.
pub trait SchedulerExt: Scheduler {
    /// The same scheduler, planning with options of your choice: another order, fused chains.
    fn planned(self, options: PlanOptions) -> Planned<Self>
    where
        Self: Sized,
    {
        Planned::new(self, options)
    }

    /// Computes what `key` needs, and gives its value.
    ///
    /// ```
    /// use chunkwise_graph::{InOrder, SchedulerExt, TaskDict};
    /// let mut graph = TaskDict::new();
    /// graph.value("x", 10i64).task("y", |x: i64| x + 1, ["x"]);
    /// let y: i64 = InOrder.get(&graph, "y")?;
    /// assert_eq!(y, 11);
    /// # Ok::<(), chunkwise_graph::Error>(())
    /// ```
    ///
    /// # Errors
    /// - [`Error::MissingKey`], [`Error::DuplicateKey`], [`Error::Cycle`], [`Error::Argument`] if
    ///   the graph is not sound, before anything runs.
    /// - [`Error::Type`] if the value is no `T`.
    /// - What the run gives.
    fn get<T: Any + Clone + Send + Sync>(
        &self,
        graph: &TaskDict,
        key: impl Into<Key>,
    ) -> Result<T> {
        let key = key.into();
        let mut values = self.get_values(graph, std::slice::from_ref(&key))?;
        let value = values.pop().unwrap_or_default();
        value.take_or_clone().map_err(|error| error.of_key(&key))
    }

    /// Computes several keys of one type in one run; what they share runs once.
    ///
    /// # Errors
    /// As [`SchedulerExt::get`].
    fn get_all<T: Any + Clone + Send + Sync>(
        &self,
        graph: &TaskDict,
        keys: impl IntoIterator<Item = impl Into<Key>>,
    ) -> Result<Vec<T>> {
        let keys: Vec<Key> = keys.into_iter().map(Into::into).collect();
        let values = self.get_values(graph, &keys)?;
        let typed = values.into_iter().zip(&keys);
        typed.map(|(value, key)| value.take_or_clone().map_err(|e| e.of_key(key))).collect()
    }

    /// Computes keys in nested lists, in one run, and gives the values nested in the same way.
    ///
    /// # Errors
    /// As [`SchedulerExt::get`], but for the types.
    fn get_nested(&self, graph: &TaskDict, keys: impl Into<NestedKeys>) -> Result<Nested<Value>> {
        let keys = keys.into();
        let mut values = self.get_values(graph, &keys.flatten())?.into_iter();
        Ok(keys.map(&mut |_| values.next().unwrap_or_default()))
    }

    /// Computes keys in one run, whatever their types.
    ///
    /// # Errors
    /// As [`SchedulerExt::get`], but for the types.
    fn get_values(&self, graph: &TaskDict, keys: &[Key]) -> Result<Vec<Value>> {
        let plan = self.prepare(&graph.graph(keys)?)?;
        self.run(&plan, &Run::current())
    }
}

impl<S: Scheduler + ?Sized> SchedulerExt for S {}

static DEFAULT: RwLock<Option<Arc<dyn Scheduler>>> = RwLock::new(None);

/// The scheduler of runs for which none is chosen; [`InOrder`] until one is set.
pub fn default_scheduler() -> Arc<dyn Scheduler> {
    let set = DEFAULT.read().unwrap_or_else(PoisonError::into_inner).clone();
    set.unwrap_or_else(|| Arc::new(InOrder))
}

/// Chooses the scheduler of runs for which none is chosen, in the whole process.
pub fn set_default_scheduler(scheduler: impl Scheduler + 'static) {
    *DEFAULT.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(scheduler));
}

/// As [`set_default_scheduler`], unless one was set before: for facades, which must not overrule
/// what their user chose.
pub fn init_default_scheduler<S: Scheduler + 'static>(make: impl FnOnce() -> S) {
    let mut default = DEFAULT.write().unwrap_or_else(PoisonError::into_inner);
    default.get_or_insert_with(|| Arc::new(make()));
}
