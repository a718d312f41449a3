//! [`CollectionExt`]: what users call on a lazy collection, on all cores unless they say otherwise.

use crate::defaults::init_defaults;
use chunkwise_graph as graph;
use chunkwise_graph::{Collection, Explanation, Graph, Persist, Plan, Resolve, Result, Scheduler};
use std::path::Path;

/// What users call on a [`Collection`]: as `chunkwise_graph::CollectionExt`, with all cores as the
/// default scheduler.
pub trait CollectionExt: Collection {
    /// Computes the result on the scheduler that is set around the caller, else on the default
    /// one: all cores, unless [`set_default_scheduler`](graph::set_default_scheduler) chose.
    ///
    /// # Errors
    /// As [`Graph::plan`] and [`Scheduler::run`].
    fn compute(&self) -> Result<Self::Output> {
        init_defaults()?;
        graph::CollectionExt::compute(self)
    }

    /// Computes the result on a scheduler of your choice.
    ///
    /// # Errors
    /// As [`Graph::plan`] and [`Scheduler::run`].
    fn compute_with(&self, scheduler: &(impl Scheduler + ?Sized)) -> Result<Self::Output> {
        init_defaults()?;
        graph::CollectionExt::compute_with(self, scheduler)
    }

    /// Computes all blocks and gives the collection that holds them in memory; on the scheduler
    /// that [`CollectionExt::compute`] uses.
    ///
    /// # Errors
    /// As [`CollectionExt::compute`].
    fn persist(&self) -> Result<Self>
    where
        Self: Persist,
    {
        init_defaults()?;
        Persist::persist(self)
    }

    /// Computes all blocks and gives the collection that holds them in memory and knows their
    /// lengths; on the scheduler that [`CollectionExt::compute`] uses.
    ///
    /// # Errors
    /// As [`CollectionExt::compute`].
    fn resolve(&self) -> Result<Self>
    where
        Self: Resolve,
    {
        init_defaults()?;
        Resolve::resolve(self)
    }

    /// The layers, after this collection's own rewrites.
    fn graph(&self) -> Graph {
        graph::CollectionExt::graph(self)
    }

    /// The plan that the default choices make.
    ///
    /// # Errors
    /// As [`Graph::plan`].
    fn plan(&self) -> Result<Plan> {
        graph::CollectionExt::plan(self)
    }

    /// What computing would do: layers before and after the passes, tasks, predicted memory.
    ///
    /// # Errors
    /// As [`Graph::plan`].
    fn explain(&self) -> Result<Explanation> {
        init_defaults()?;
        graph::CollectionExt::explain(self)
    }

    /// Draws the tasks, or the layers where there are too many tasks, as SVG or DOT by the file's
    /// extension.
    ///
    /// # Errors
    /// As `chunkwise_graph::CollectionExt::visualize`.
    fn visualize(&self, path: impl AsRef<Path>) -> Result<()> {
        graph::CollectionExt::visualize(self, path)
    }
}

impl<C: Collection + ?Sized> CollectionExt for C {}
