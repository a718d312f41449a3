//! [`BlockFunction`]: the kernel that calls a function with whole chunks.

use crate::chunk::{Chunk, chunk_bytes};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::expr::{Node, Operation, Scratch, layer_of};
use crate::tile::{Held, Parameter, check_shape};
use chunkwise_graph::{
    Block, BlockMap, Blockwise, Bounds, BoxError, Captureless, Kernel, Layer, LoadWith, Parcel,
    Shipment, Token, TypeInfo, Value,
};
use ndarray::ArrayD;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// Which chunk of the result a function is called for.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct BlockInfo {
    /// Its position in the grid of chunks.
    pub index: PerAxis<u32>,
    /// Number of chunks along each axis.
    pub grid: PerAxis<u32>,
    /// Where it starts in the result; `None` after axes of deferred length.
    pub start: Option<PerAxis<usize>>,
    /// The shape that it must have; `None` where that is found when it is made.
    pub shape: Option<PerAxis<usize>>,
}

impl BlockInfo {
    /// Of a block of an array that is cut like this.
    pub(super) fn of(chunks: &Chunks, block: Block<'_>) -> BlockInfo {
        let region = chunks.region_of(block.number);
        let start = region.map(|region| region.spans().iter().map(|span| span.start).collect());
        BlockInfo {
            index: block.index().iter().copied().collect(),
            grid: block.grid.into(),
            start,
            shape: chunks.chunk_shape(block.number),
        }
    }
}

/// A function of parameters, the chunks that it is given, and where its own chunk lies.
pub(super) struct BlockFunction<P, B, F> {
    parameters: P,
    function: Held<F>,
    /// What to say when the function captures something: it may be inside another one.
    refusal: fn() -> String,
    /// The cut of the result.
    chunks: Arc<Chunks>,
    of: PhantomData<fn() -> B>,
}

impl<P, B, F> BlockFunction<P, B, F>
where
    P: Parameter,
    B: Element,
    F: Fn(&P, &mut [Value], &BlockInfo) -> Result<ArrayD<B>, BoxError> + Send + Sync + 'static,
{
    fn run(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let info = BlockInfo::of(&self.chunks, block);
        let out = self.function.get()(&self.parameters, arguments, &info)?;
        if let Some(shape) = &info.shape {
            check_shape(out.shape(), shape)?;
        }
        Ok(Chunk::new(out).into_value())
    }
}

impl<P, B, F> Kernel for BlockFunction<P, B, F>
where
    P: Parameter,
    B: Element,
    F: Fn(&P, &mut [Value], &BlockInfo) -> Result<ArrayD<B>, BoxError> + Send + Sync + 'static,
{
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        self.run(block, arguments)
    }

    /// What a function of the user's needs while it runs is not known, unless he says so.
    fn bytes(&self, block: Block<'_>) -> Bounds {
        let n = self.chunks.chunk_len(block.number);
        Bounds { output: n.map(chunk_bytes::<B>), scratch: None }
    }

    fn ship(&self) -> Result<Shipment, String> {
        let function = self.function.captureless().ok_or_else(self.refusal)?;
        let shipment = Shipment::new(function.ship_fn::<Load<P, B>>());
        let shipment = shipment.with_serde(&(&self.parameters, &*self.chunks))?;
        Ok(shipment.with_output(TypeInfo::data::<Chunk<B>>()))
    }
}

struct Load<P, B>(PhantomData<fn() -> (P, B)>);

impl<P, B, F> LoadWith<F> for Load<P, B>
where
    P: Parameter,
    B: Element,
    F: Fn(&P, &mut [Value], &BlockInfo) -> Result<ArrayD<B>, BoxError> + Send + Sync + 'static,
{
    fn load(f: Captureless<F>, parcel: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
        let (parameters, chunks): (P, Chunks) = parcel.read()?;
        let (function, refusal) = (Held::Made(f), String::new as fn() -> String);
        let (chunks, of) = (Arc::new(chunks), PhantomData::<fn() -> B>);
        Ok(Arc::new(BlockFunction { parameters, function, refusal, chunks, of }))
    }
}

/// What is done with the chunks of an array, and what comes of it.
pub(super) struct OfBlocks<P, F> {
    pub(super) name: &'static str,
    pub(super) parameters: P,
    pub(super) function: F,
    pub(super) refusal: fn() -> String,
    /// The cut of the result.
    pub(super) chunks: Chunks,
    /// How much longer than a chunk of the result what the function gives is along each axis.
    pub(super) margins: PerAxis<usize>,
    pub(super) token: Token,
}

/// The blocks of each input that go with a block of the result.
pub(crate) type Maps = Vec<BlockMap>;

/// An array whose chunks a function makes of those of others.
pub(super) fn of_blocks<P, B, F>(
    of: OfBlocks<P, F>,
    inputs: impl IntoIterator<Item = Arc<Node>>,
    maps: Maps,
    made_at: &'static Location<'static>,
) -> Arc<Node>
where
    P: Parameter,
    B: Element,
    F: Fn(&P, &mut [Value], &BlockInfo) -> Result<ArrayD<B>, BoxError> + Send + Sync + 'static,
{
    let OfBlocks { name, parameters, function, refusal, chunks, margins, token } = of;
    let chunks = Arc::new(chunks);
    let kernel = BlockFunction {
        parameters,
        function: Held::Own(function),
        refusal,
        chunks: Arc::clone(&chunks),
        of: PhantomData::<fn() -> B>,
    };
    let kernel = Shared {
        kernel: Arc::new(kernel),
        chunks: Arc::clone(&chunks),
        margins,
        element_bytes: size_of::<B>(),
        scratch: None,
    };
    Node::new(Called { name, maps, kernel }, inputs, B::DTYPE, chunks, token, made_at)
}

struct Called {
    name: &'static str,
    maps: Maps,
    kernel: Shared,
}

/// A kernel that is shared by the layers that are made of its node, and what the user says of it.
#[derive(Clone)]
struct Shared {
    kernel: Arc<dyn Kernel>,
    chunks: Arc<Chunks>,
    margins: PerAxis<usize>,
    element_bytes: usize,
    scratch: Option<Scratch>,
}

impl Kernel for Shared {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        self.kernel.call(block, arguments)
    }

    fn bytes(&self, block: Block<'_>) -> Bounds {
        let bounds = self.kernel.bytes(block);
        let shape = self.chunks.chunk_shape(block.number);
        let Some((scratch, shape)) = self.scratch.as_ref().zip(shape) else { return bounds };
        // What the function gives is copied where it has margins, or lies with gaps.
        let margins = self.margins.iter().chain(std::iter::repeat(&0));
        let lens = shape.iter().zip(margins).map(|(len, margin)| len.saturating_add(*margin));
        let given = lens.fold(self.element_bytes, usize::saturating_mul);
        bounds.with_scratch(scratch(&shape).saturating_add(given) as u64)
    }

    fn ship(&self) -> Result<Shipment, String> {
        self.kernel.ship()
    }
}

impl Operation for Called {
    fn name(&self) -> &'static str {
        self.name
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let kernel = self.kernel.clone();
        let blocks = Blockwise::new(node.chunks.grid(), self.maps.clone(), self.name, kernel);
        layer_of(node, inputs.iter().cloned(), blocks)
    }

    fn with_scratch(&self, scratch: &Scratch) -> Option<Arc<dyn Operation>> {
        let kernel = Shared { scratch: Some(Arc::clone(scratch)), ..self.kernel.clone() };
        Some(Arc::new(Called { name: self.name, maps: self.maps.clone(), kernel }))
    }
}
