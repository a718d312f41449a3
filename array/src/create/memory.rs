//! Arrays of `ndarray` arrays.

use crate::array::Array;
use crate::chunk::{Chunk, chunk_bounds};
use crate::chunk_spec::ChunkSpec;
use crate::chunks::Chunks;
use crate::element::Element;
use crate::expr::{Node, Nodes, Operation, layer_of, selected_chunks};
use chunkwise_graph::{
    Block, Blocks, Bounds, BoxError, Dep, Kernel, Layer, Parcel, ShipFn, Shipment, Token,
    Tokenizer, TypeInfo, Value,
};
use chunkwise_storage::{Region, Span};
use ndarray::{ArcArray, ArrayBase, ArrayViewD, Axis, Data, Dimension, IxDyn, Slice};
use std::borrow::Cow;
use std::panic::Location;
use std::sync::Arc;

type Shared<T> = ArcArray<T, IxDyn>;

/// A part of an array in memory.
struct Memory<T>(Shared<T>);

impl<T: Element> Array<T> {
    /// The elements of an `ndarray` array, which is copied once and shared from then on.
    ///
    /// # Complexity
    /// O(elements): the content is hashed, so that equal arrays share what is computed of them.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![[1, 2], [3, 4]], [1, 2]);
    /// assert_eq!((&x * 10).compute()?, ndarray::array![[10, 20], [30, 40]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn from_ndarray<S, D>(array: &ArrayBase<S, D>, chunks: impl Into<ChunkSpec>) -> Array<T>
    where
        S: Data<Elem = T>,
        D: Dimension,
    {
        let made_at = Location::caller();
        let spec = chunks.into();
        let shared: Shared<T> = array.view().into_dyn().as_standard_layout().into_owned().into();
        Array::build("from_ndarray", &[], |_| {
            let chunks = spec.resolve(shared.shape(), size_of::<T>())?;
            let mut hash = Tokenizer::new("from_ndarray");
            hash.str(T::DTYPE.name()).bytes(T::bytes_of(shared.as_slice().unwrap_or(&[])));
            chunkwise_graph::Tokenize::tokenize(&chunks, &mut hash);
            Ok(memory(shared, chunks, hash.finish(), made_at))
        })
    }
}

fn memory<T: Element>(
    shared: Shared<T>,
    chunks: Chunks,
    token: Token,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    Node::new(Memory(shared), [], T::DTYPE, chunks, token, made_at)
}

fn slice_of<'a, T>(mut view: ArrayViewD<'a, T>, spans: &[Span]) -> ArrayViewD<'a, T> {
    for (axis, span) in spans.iter().enumerate() {
        let slice = Slice::new(span.start as isize, Some(span.end() as isize), span.step as isize);
        view.slice_axis_inplace(Axis(axis), slice);
    }
    view
}

impl<T: Element> Operation for Memory<T> {
    fn name(&self) -> &'static str {
        "from_ndarray"
    }

    fn lower(&self, node: &Node, _: &[Arc<Layer>]) -> Arc<Layer> {
        let (array, chunks) = (self.0.clone(), Arc::clone(&node.chunks));
        layer_of(node, [], MemoryBlocks { array, grid: chunks.grid(), chunks })
    }

    fn demand(&self, _: &Node, _: &Region) -> Option<Vec<Region>> {
        Some(Vec::new())
    }

    fn part(&self, node: &Node, region: &Region, _: Nodes) -> Arc<Node> {
        let chunks = selected_chunks(&node.chunks, region);
        let mut part = self.0.clone();
        for (axis, span) in region.spans().iter().enumerate() {
            let (start, end) = (span.start as isize, span.end() as isize);
            part.slice_axis_inplace(Axis(axis), Slice::new(start, Some(end), span.step as isize));
        }
        memory(part, chunks, node.part_token(region), node.made_at)
    }

    fn recut(&self, node: &Node, chunks: &Chunks) -> Option<Arc<Node>> {
        let token = Tokenizer::of("recut", &(node.token, chunks));
        Some(memory(self.0.clone(), chunks.clone(), token, node.made_at))
    }

    fn is_cheap(&self) -> bool {
        true
    }
}

struct MemoryBlocks<T> {
    array: Shared<T>,
    grid: Vec<u32>,
    chunks: Arc<Chunks>,
}

impl<T: Element> MemoryBlocks<T> {
    fn chunk(&self, block: u32) -> Result<Value, BoxError> {
        let region = self.chunks.region_of(block).ok_or("arrays in memory have known chunks")?;
        let view = slice_of(self.array.view(), region.spans());
        Ok(Chunk::new(view.as_standard_layout().into_owned()).into_value())
    }
}

impl<T: Element> Blocks for MemoryBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, _: u32, _: &mut Vec<Dep>) {}

    fn run(&self, block: u32, _: &mut [Value]) -> Result<Value, BoxError> {
        self.chunk(block)
    }

    fn op_name(&self) -> Cow<'_, str> {
        "from_ndarray".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block)
    }

    /// Each chunk goes along with its task.
    fn ship_block(&self, block: u32) -> Option<Result<Shipment, String>> {
        const LOAD: &ShipFn = &ShipFn::new::<Given>(|_: Parcel<'_>| Ok(Arc::new(Given)));
        let chunk = self.chunk(block).map_err(|error| error.to_string());
        Some(chunk.map(|chunk| {
            Shipment::new(LOAD)
                .with_arguments(vec![chunk])
                .with_output(TypeInfo::data::<Chunk<T>>())
        }))
    }
}

/// What it is given.
struct Given;

impl Kernel for Given {
    fn call(&self, _: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        arguments.first_mut().map(Value::take).ok_or_else(|| "nothing was given".into())
    }
}
