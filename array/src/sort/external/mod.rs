//! Sorting an axis that does not fit into memory: chunks are sorted and put away as runs, one task
//! finds the parts that each chunk of the result comes from, and each chunk is merged from these.
//!
//! - `windows`: which parts, told from samples;
//! - `run`: what is passed between the tasks;
//! - `layers`: the tasks;
//! - `options`: when it is done.
//!
//! The external merge sort of Knuth, "The Art of Computer Programming", volume 3, 5.4, with the one
//! merge cut by ranks so that its parts run in parallel, as the sort of Rahn, Sanders, Singler,
//! "Scalable Distributed-Memory External Sorting", 2010.

mod layers;
mod options;
mod run;
mod windows;

use super::lanes::Of;
use crate::array::Array;
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::chunks::Chunks;
use crate::element::{Element, Real};
use crate::expr::{Node, Operation, layer_of};
use crate::rechunk::rechunk;
use chunkwise_graph::{Layer, Name, Tokenizer};
use layers::{Axis, MergeBlocks, RunBlocks, SplitBlock, Wanted};
pub use options::{SortMethod, SortOptions};
use std::marker::PhantomData;
use std::sync::Arc;

/// The elements of one axis in ascending order, or where they were; cut as the axis was.
#[derive(Clone)]
struct ExternalSort<T> {
    wanted: Wanted,
    of: Of<T>,
}

impl<T: Real> Operation for ExternalSort<T> {
    fn name(&self) -> &'static str {
        match self.wanted {
            Wanted::Elements => "sort",
            Wanted::Positions => "argsort",
        }
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let Some(chunks) = node.chunks.axes().first().cloned() else {
            return Arc::clone(&inputs[0]);
        };
        let axis = Axis::new(chunks, self.wanted);
        let name = |prefix| Name::structural(prefix, Tokenizer::of(prefix, &node.token));
        let runs = RunBlocks::<T>::new(axis.clone());
        let runs =
            Layer::shared(name("sort-run"), [Arc::clone(&inputs[0])], Arc::new(runs), node.made_at);
        let split = SplitBlock::<T>::new(axis.clone());
        let split = Layer::shared(name("sort-split"), [runs], Arc::new(split), node.made_at);
        layer_of(node, [split], MergeBlocks::<T>::new(axis))
    }
}

/// An array of one axis sorted so.
#[track_caller]
fn sorted_axis<T: Real, B: Element>(x: &Array<T>, wanted: Wanted) -> Array<B> {
    let operation = ExternalSort { wanted, of: PhantomData::<fn() -> T> };
    Array::build(operation.name(), &[&x.node], |made_at| {
        let token = Tokenizer::of("external-sort", &(operation.name(), x.node.token));
        let (node, chunks) = (Arc::clone(&x.node), Arc::clone(&x.node.chunks));
        Ok(Node::new(operation, [node], B::DTYPE, chunks, token, made_at))
    })
}

/// An array in the chunks that it has, made by `sort` in chunks that hold whole lanes, few of them.
#[track_caller]
fn by_few_lanes<T: Real, B: Element>(
    x: &Array<T>,
    axis: usize,
    sort: impl FnOnce(&Array<T>) -> Array<B>,
) -> Array<B> {
    let few = Array::build("sort", &[&x.node], |made_at| {
        Ok(rechunk(Arc::clone(&x.node), few_lanes(x.chunks(), axis), made_at))
    });
    let sorted = sort(&few);
    Array::build("sort", &[&sorted.node], |made_at| {
        Ok(rechunk(Arc::clone(&sorted.node), x.chunks().clone(), made_at))
    })
}

/// Whole lanes along an axis, about as many elements a chunk as there are now.
fn few_lanes(chunks: &Chunks, axis: usize) -> Chunks {
    let lane = chunks.axes()[axis].len().unwrap_or(1).max(1);
    let now: usize = chunks.axes().iter().map(|cut| cut.largest().unwrap_or(1)).product();
    let mut lanes = (now / lane).max(1);
    let mut cuts: Vec<AxisChunks> = Vec::with_capacity(chunks.ndim());
    for (at, cut) in chunks.axes().iter().enumerate().rev() {
        let len = cut.len().unwrap_or(1);
        let size = cut.largest().unwrap_or(1).clamp(1, lanes);
        cuts.push(if at == axis { AxisChunks::whole(len) } else { AxisChunks::regular(len, size) });
        if at != axis {
            lanes = (lanes / size).max(1);
        }
    }
    cuts.into_iter().rev().collect()
}

impl<T: Real> Array<T> {
    /// As [`Array::sort`], by tasks of your choice.
    ///
    /// Preserves the shape; under [`SortMethod::Exchange`] the chunks too, else those along the other
    /// axes.
    ///
    /// # Complexity
    /// By the exchange: O(n log n), each element written once and read about twice, as far as memory
    /// does not keep it. Along the one axis of an array of `m` chunks there are `2 m + 1` tasks and
    /// dependencies, a task holds about four chunks, and tables of O(m²) numbers tell the parts of
    /// runs. An array of several axes is cut again so that chunks hold whole lanes, which have to
    /// fit.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt, SortMethod, SortOptions};
    /// let x = Array::from_ndarray(&ndarray::array![3, 1, 2, 0], 2);
    /// let sorted = x.sort_with(0, &SortOptions::DEFAULT.method(SortMethod::Exchange));
    /// assert_eq!(sorted.n_chunks(), 2);
    /// assert_eq!(sorted.compute()?, ndarray::array![0, 1, 2, 3].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn sort_with(&self, axis: impl Into<Axes>, options: &SortOptions) -> Array<T> {
        let axes = axis.into();
        match options.exchanged_axis(self, &axes) {
            None => self.sort_in_tasks(axes),
            Some(_) if self.ndim() == 1 => sorted_axis(self, Wanted::Elements),
            Some(axis) => by_few_lanes(self, axis, |few| few.sort_in_tasks(axes)),
        }
    }

    /// As [`Array::argsort`], by tasks of your choice; see [`Array::sort_with`].
    #[track_caller]
    pub fn argsort_with(&self, axis: impl Into<Axes>, options: &SortOptions) -> Array<u64> {
        let axes = axis.into();
        match options.exchanged_axis(self, &axes) {
            None => self.argsort_in_tasks(axes),
            Some(_) if self.ndim() == 1 => sorted_axis(self, Wanted::Positions),
            Some(axis) => by_few_lanes(self, axis, |few| few.argsort_in_tasks(axes)),
        }
    }

    /// As [`Array::sort_flat`], by tasks of your choice: under [`SortMethod::Exchange`] the elements
    /// are [`Array::ravel`]ed and stay in the chunks of that.
    #[track_caller]
    pub fn sort_flat_with(&self, options: &SortOptions) -> Array<T> {
        match options.is_flat_exchanged(self) {
            true => sorted_axis(&self.ravel(), Wanted::Elements),
            false => self.sort_flat_in_tasks(),
        }
    }

    /// As [`Array::argsort_flat`], by tasks of your choice; see [`Array::sort_flat_with`].
    #[track_caller]
    pub fn argsort_flat_with(&self, options: &SortOptions) -> Array<u64> {
        match options.is_flat_exchanged(self) {
            true => sorted_axis(&self.ravel(), Wanted::Positions),
            false => self.argsort_flat_in_tasks(),
        }
    }
}
