//! [`Collection`]: what every lazy collection is to the rest of the system.

use crate::error::{Error, Result};
use crate::explain::Explanation;
use crate::graph::Graph;
use crate::held::Held;
use crate::layer::Layer;
use crate::plan::Plan;
use crate::run::Run;
use crate::scheduler::Scheduler;
use crate::scope::current_scheduler;
use crate::value::Value;
use std::path::Path;
use std::sync::Arc;

/// A lazy collection: the layers whose blocks make it up, and how blocks become the result.
///
/// # Contract
/// - All blocks of the layers of `layers`, in order, are the result.
/// - `finalize` takes exactly as many values from `parts` as these layers have blocks.
pub trait Collection {
    /// What computing gives.
    type Output;

    /// Appends the layers whose blocks are the result; they link to everything else.
    fn layers(&self, layers: &mut Vec<Arc<Layer>>);

    /// Puts the result together.
    ///
    /// # Errors
    /// If a part is not what the layers promised.
    fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<Self::Output>;

    /// Rewrites the graph before it is planned.
    fn optimize(&self, graph: &mut Graph) {
        graph.cull();
        graph.inline();
        graph.fuse_blockwise();
    }
}

/// Collections that can be made again from layers of the same shape.
pub trait Persist: Collection + Sized {
    /// The same collection over other layers: as many as `layers` gave, in the same order.
    #[must_use]
    fn rebuild(&self, layers: &mut dyn Iterator<Item = Arc<Layer>>) -> Self;

    /// Computes all blocks and gives the collection that holds them in memory.
    ///
    /// # Errors
    /// As [`CollectionExt::compute`].
    fn persist(&self) -> Result<Self> {
        self.persist_with(&*current_scheduler())
    }

    /// As [`Persist::persist`], on a scheduler of your choice.
    ///
    /// # Errors
    /// As [`CollectionExt::compute`].
    fn persist_with(&self, scheduler: &(impl Scheduler + ?Sized)) -> Result<Self> {
        let mut layers = Vec::new();
        self.layers(&mut layers);
        let plan = scheduler.prepare(&self.graph())?;
        let run = Run::current();
        let values = scheduler.run(&plan, &run)?;
        let nbytes = values.iter().map(|value| value.nbytes() as u64).sum();
        let counted = run.budget().map(|budget| Arc::new(budget.hold(nbytes)));
        let mut values = values.into_iter();
        let mut held = layers.iter().map(|layer| {
            let blocks = values.by_ref().take(layer.len() as usize).collect();
            let held = Held::new(layer.grid().to_vec(), blocks);
            let held = match &counted {
                Some(bytes) => held.counted(Arc::clone(bytes)),
                None => held,
            };
            Layer::shared(layer.name().clone(), [], Arc::new(held), layer.made_at())
        });
        Ok(self.rebuild(&mut held))
    }
}

/// Collections that may not know how long they are before they have been computed.
pub trait Resolve: Persist {
    /// The collection that holds its blocks in memory, and knows their lengths.
    ///
    /// # Errors
    /// As [`CollectionExt::compute`].
    fn resolve(&self) -> Result<Self> {
        self.resolve_with(&*current_scheduler())
    }

    /// As [`Resolve::resolve`], on a scheduler of your choice.
    ///
    /// # Errors
    /// As [`CollectionExt::compute`].
    fn resolve_with(&self, scheduler: &(impl Scheduler + ?Sized)) -> Result<Self>;
}

/// What users call on a [`Collection`].
pub trait CollectionExt: Collection {
    /// The layers, after this collection's own rewrites.
    fn graph(&self) -> Graph {
        let mut layers = Vec::new();
        self.layers(&mut layers);
        let mut graph = Graph::new(&layers);
        self.optimize(&mut graph);
        graph
    }

    /// Computes the result on the scheduler that is set around the caller, or the default one.
    ///
    /// # Errors
    /// As [`Graph::plan`] and [`Scheduler::run`].
    fn compute(&self) -> Result<Self::Output> {
        self.compute_with(&*current_scheduler())
    }

    /// Computes the result on a scheduler of your choice.
    ///
    /// # Errors
    /// As [`Graph::plan`] and [`Scheduler::run`].
    fn compute_with(&self, scheduler: &(impl Scheduler + ?Sized)) -> Result<Self::Output> {
        let plan = scheduler.prepare(&self.graph())?;
        let values = scheduler.run(&plan, &Run::current())?;
        self.finalize(&mut values.into_iter())
    }

    /// The plan that the default choices make.
    ///
    /// # Errors
    /// As [`Graph::plan`].
    fn plan(&self) -> Result<Plan> {
        self.graph().plan()
    }

    /// What computing would do: layers before and after the passes, tasks, predicted memory.
    ///
    /// # Errors
    /// As [`Graph::plan`].
    fn explain(&self) -> Result<Explanation> {
        let mut layers = Vec::new();
        self.layers(&mut layers);
        Explanation::new(&Graph::new(&layers), &self.graph())
    }

    /// Draws the tasks as SVG or DOT, by the file's extension; the layers where there are too many
    /// tasks to be seen.
    ///
    /// # Errors
    /// - As [`Graph::plan`].
    /// - [`Error::Draw`] if the file cannot be written or its extension is not known.
    fn visualize(&self, path: impl AsRef<Path>) -> Result<()> {
        let graph = self.graph();
        let plan = graph.plan()?;
        let picture =
            if plan.len() <= crate::picture::MAX_TASKS { plan.picture() } else { graph.picture() };
        picture.write(path).map_err(Error::from)
    }
}

impl<C: Collection + ?Sized> CollectionExt for C {}

macro_rules! forward {
    ($($pointer:ty),+) => { $(
        #[deny(clippy::missing_trait_methods)]
        impl<C: Collection + ?Sized> Collection for $pointer {
            type Output = C::Output;

            fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
                (**self).layers(layers);
            }

            fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<C::Output> {
                (**self).finalize(parts)
            }

            fn optimize(&self, graph: &mut Graph) {
                (**self).optimize(graph);
            }
        }
    )+ };
}
forward!(&C, Box<C>, Arc<C>);

/// Several collections of one type, in one run that computes what they share once.
impl<C: Collection> Collection for [C] {
    type Output = Vec<C::Output>;

    fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
        self.iter().for_each(|collection| collection.layers(layers));
    }

    fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<Vec<C::Output>> {
        self.iter().map(|collection| collection.finalize(parts)).collect()
    }

    fn optimize(&self, graph: &mut Graph) {
        // One type has one kind of rewrite, and it works on the whole graph.
        if let Some(first) = self.first() {
            first.optimize(graph);
        }
    }
}

/// As the slice.
impl<C: Collection> Collection for Vec<C> {
    type Output = Vec<C::Output>;

    fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
        self[..].layers(layers);
    }

    fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<Vec<C::Output>> {
        self[..].finalize(parts)
    }

    fn optimize(&self, graph: &mut Graph) {
        self[..].optimize(graph);
    }
}

macro_rules! tuples {
    ($($name:ident $at:tt),+) => {
        /// Several collections in one run that computes what they share once.
        impl<$($name: Collection),+> Collection for ($($name,)+) {
            type Output = ($($name::Output,)+);

            fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
                $(self.$at.layers(layers);)+
            }

            fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<Self::Output> {
                Ok(($(self.$at.finalize(parts)?,)+))
            }

            fn optimize(&self, graph: &mut Graph) {
                $(self.$at.optimize(graph);)+
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
