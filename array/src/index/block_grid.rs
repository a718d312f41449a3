//! `blocks`: chunks of an array by their place in its grid.

use super::spec::{Resolved, Slices};
use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_of};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of, select};
use crate::extent::Extent;
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Layer, Shipment, Tokenizer, TypeInfo, Value, grid,
};
use chunkwise_storage::{Region, Span};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

impl<T: Element> Array<T> {
    /// The array of some of the chunks, which are named by their places in the grid as elements are
    /// in [`Array::slice`]; an axis of which one chunk is named stays.
    ///
    /// Lengths may be deferred. It is an error to name a chunk that there is not, or a new axis.
    ///
    /// # Complexity
    /// Copies nothing. Neighbouring chunks are a slice of the array.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::{array, s};
    /// let x = Array::<i64>::arange(0, 8, 1, 3);
    /// assert_eq!(x.blocks(s![-1]).compute()?, array![6, 7].into_dyn());
    /// assert_eq!(x.blocks(s![..;2]).compute()?, array![0, 1, 2, 6, 7].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn blocks(&self, chunks: impl Into<Slices>) -> Array<T> {
        let slices = chunks.into();
        Array::build("blocks", &[&self.node], |made_at| {
            let own = self.chunks();
            let n_chunks: Vec<Extent> =
                own.axes().iter().map(|axis| Extent::Known(axis.n_chunks())).collect();
            let Resolved { region, flipped, inserted, .. } = slices.resolve(&n_chunks)?;
            if !inserted.is_empty() {
                let why = "a new axis has no chunks to choose from".to_owned();
                return Err(ArrayError::Argument { name: "blocks", why });
            }
            if let Some(region) = region_of_chunks(own, &region) {
                let is_forwards = flipped.iter().all(|flipped| !flipped);
                if is_forwards {
                    return Ok(select(self.node.clone(), region, made_at));
                }
            }
            let mut hash = Tokenizer::new("blocks");
            hash.token(self.node.token);
            for (span, flipped) in region.spans().iter().zip(&flipped) {
                let flags = u64::from(*flipped);
                hash.u64(span.start as u64).u64(span.count as u64).u64(span.step as u64).u64(flags);
            }
            let token = hash.finish();
            let axes = own.axes().iter().zip(region.spans()).zip(&flipped);
            let lists: PerAxis<Vec<u32>> = axes.clone().map(|((_, s), f)| list(s, *f)).collect();
            let cut = own.axes().iter().zip(&lists).enumerate();
            let chunks: Chunks = cut
                .map(|(axis, (cut, list))| {
                    chosen(cut, list, Tokenizer::of("blocks", &(token, axis)))
                })
                .collect();
            let operation = BlockGrid::<T> { lists, of: PhantomData };
            Ok(Node::new(operation, [self.node.clone()], T::DTYPE, chunks, token, made_at))
        })
    }

    /// As [`Array::blocks`]: the name that Dask has for it on every collection.
    #[track_caller]
    pub fn partitions(&self, chunks: impl Into<Slices>) -> Array<T> {
        self.blocks(chunks)
    }
}

/// The region of neighbouring chunks; `None` if they are none, or if lengths are deferred.
fn region_of_chunks(chunks: &Chunks, numbers: &Region) -> Option<Region> {
    let axis = |(axis, span): (&AxisChunks, &Span)| {
        if !span.is_contiguous() || span.count == 0 {
            return None;
        }
        let start = axis.range(span.start)?.start;
        Some(Span::new(start, axis.range(span.end() - 1)?.end - start))
    };
    let is_cut = |region: &Region| {
        // A slice leaves empty chunks out.
        let counts = chunks.axes().iter().zip(numbers.spans()).zip(region.spans());
        counts.into_iter().all(|((axis, numbers), span)| {
            numbers.positions().all(|chunk| axis.size(chunk) != Some(0) || span.count == 0)
        })
    };
    let region: Region =
        chunks.axes().iter().zip(numbers.spans()).map(axis).collect::<Option<_>>()?;
    is_cut(&region).then_some(region)
}

fn list(span: &Span, is_backwards: bool) -> Vec<u32> {
    let mut list: Vec<u32> = span.positions().map(|at| at as u32).collect();
    if is_backwards {
        list.reverse();
    }
    list
}

/// The cut of chosen chunks of an axis.
fn chosen(cut: &AxisChunks, list: &[u32], source: chunkwise_graph::Token) -> AxisChunks {
    let sizes: Option<Vec<usize>> = list.iter().map(|&at| cut.size(at as usize)).collect();
    match sizes {
        Some(sizes) => AxisChunks::of_sizes(sizes),
        None => AxisChunks::deferred(list.len().max(1), source),
    }
}

/// Chosen chunks of the input.
struct BlockGrid<T> {
    /// For each axis the numbers of the chunks.
    lists: PerAxis<Vec<u32>>,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Operation for BlockGrid<T> {
    fn name(&self) -> &'static str {
        "blocks"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let blocks = ChosenBlocks::<T> {
            grid: node.chunks.grid(),
            lists: self.lists.clone(),
            from: node.inputs()[0].chunks.grid(),
            chunks: Arc::clone(&node.chunks),
            of: PhantomData,
        };
        layer_of(node, inputs.iter().cloned(), blocks)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct ChosenBlocks<T> {
    grid: Vec<u32>,
    lists: PerAxis<Vec<u32>>,
    from: Vec<u32>,
    chunks: Arc<Chunks>,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Blocks for ChosenBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let mut index = grid::unflatten(&self.grid, block);
        for (at, list) in index.iter_mut().zip(&self.lists) {
            // Without chosen chunks, nothing of the first one.
            *at = list.get(*at as usize).copied().unwrap_or(0);
        }
        deps.push(Dep::input(0, grid::flatten(&self.from, &index)));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input] = inputs else { return Err("a chunk is chosen alone".into()) };
        if self.lists.iter().all(|list| !list.is_empty()) {
            return Ok(input.take());
        }
        let mut view = chunk_of::<T>(input)?.view();
        for (axis, _) in self.lists.iter().enumerate().filter(|(_, list)| list.is_empty()) {
            view.slice_axis_inplace(ndarray::Axis(axis), ndarray::Slice::from(..0));
        }
        Ok(Chunk::new(view.to_owned()).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "blocks".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}
