//! [`Parts`]: several chunks that one task gives, and [`part`], one of them as an array.

use super::dense::Side;
use crate::chunk::{Chunk, chunk_bounds, chunk_of};
use crate::chunks::Chunks;
use crate::element::{Element, for_each_dtype};
use crate::expr::{Node, Operation, layer_of};
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Codec, Data, Dep, Frames, FramesRef, Layer, Shipment, Tokenizer,
    TypeInfo, Value,
};
use chunkwise_storage::DType;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

/// The chunks that one task gives: the factors of a decomposition.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts(Vec<(DType, Value)>);

impl Parts {
    /// With one more.
    pub(super) fn with<T: Element>(mut self, chunk: Chunk<T>) -> Parts {
        self.0.push((T::DTYPE, chunk.into_value()));
        self
    }

    pub(super) fn into_value(self) -> Value {
        Value::data(self)
    }

    /// One of them, which must hold elements of this type.
    pub(super) fn get<T: Element>(&self, part: usize) -> Result<&Chunk<T>, BoxError> {
        chunk_of(&self.value(part)?.1)
    }

    fn value(&self, part: usize) -> Result<&(DType, Value), BoxError> {
        self.0.get(part).ok_or_else(|| format!("{part} parts where there should be more").into())
    }
}

/// Bytes of parts with so many elements of a type, as [`Data::nbytes`] counts them.
pub(super) fn parts_bytes(parts: impl IntoIterator<Item = u64>) -> u64 {
    parts.into_iter().fold(size_of::<Parts>() as u64, |sum, bytes| {
        sum + bytes + size_of::<(DType, Value)>() as u64
    })
}

impl Data for Parts {
    fn nbytes(&self) -> usize {
        let parts = self.0.iter().map(|(_, value)| value.nbytes() as u64);
        parts_bytes(parts) as usize
    }

    fn describe(&self) -> String {
        let parts: Vec<String> = self.0.iter().map(|(_, value)| value.describe()).collect();
        parts.join(", ")
    }

    /// The headers of the parts, and a buffer of each.
    const CODEC: Option<Codec> = Some(Codec {
        encode: |value, frames| {
            let parts: &Parts = value.downcast_ref().ok_or("these are no parts")?;
            let mut headers: Vec<(DType, Vec<u8>)> = Vec::new();
            for (dtype, value) in &parts.0 {
                let mut own = Frames::default();
                value.encode(&mut own)?;
                headers.push((*dtype, own.header));
                frames.buffers.append(&mut own.buffers);
            }
            frames.header = postcard::to_stdvec(&headers)?;
            Ok(())
        },
        decode: |frames| {
            let headers: Vec<(DType, Vec<u8>)> = postcard::from_bytes(frames.header)?;
            let mut parts = Parts::default();
            for (at, (dtype, header)) in headers.iter().enumerate() {
                let buffer = frames.buffer(at)?;
                let buffers = [buffer];
                let own = FramesRef::new(header, &buffers);
                parts.0.push((*dtype, chunk_info(*dtype)?.decode(own)?));
            }
            Ok(parts.into_value())
        },
    });
}

fn chunk_info(dtype: DType) -> Result<&'static TypeInfo, BoxError> {
    macro_rules! of_dtype {
        ($($variant:ident $element:ty),+) => {
            match dtype {
                $(DType::$variant => Ok(TypeInfo::data::<Chunk<$element>>()),)+
                _ => Err(format!("chunks of {dtype} are not known").into()),
            }
        };
    }
    for_each_dtype!(of_dtype)
}

/// One part of what each block of its input is.
struct Part {
    name: &'static str,
    number: usize,
    side: Side,
}

/// The array whose chunks are one part of each block of a node, or its adjoint. The blocks are in
/// the order of the chunks.
pub(super) fn part<T: Element>(
    name: &'static str,
    input: &Arc<Node>,
    number: usize,
    side: Side,
    chunks: Chunks,
) -> Arc<Node> {
    let adjoint = u64::from(side == Side::Adjoint);
    let token = Tokenizer::of("part of", &(input.token, number as u64, adjoint));
    let operation = Part { name, number, side };
    Node::new(operation, [Arc::clone(input)], T::DTYPE, chunks, token, input.made_at)
}

impl Operation for Part {
    fn name(&self) -> &'static str {
        self.name
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let (chunks, number, side) = (Arc::clone(&node.chunks), self.number, self.side);
        let grid = chunks.grid();
        macro_rules! of_dtype {
            ($($variant:ident $element:ty),+) => {
                match node.dtype {
                    $(DType::$variant => {
                        let of = PhantomData::<fn() -> $element>;
                        let blocks = PartBlocks { grid, chunks, number, side, of };
                        layer_of(node, inputs.iter().cloned(), blocks)
                    })+
                    _ => Arc::clone(&inputs[0]),
                }
            };
        }
        for_each_dtype!(of_dtype)
    }
}

/// Takes one part out of each block.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct PartBlocks<T> {
    grid: Vec<u32>,
    chunks: Arc<Chunks>,
    number: usize,
    side: Side,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Blocks for PartBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, block));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input] = inputs else { return Err("a part is of one block".into()) };
        let (_, value) = input.get::<Parts>()?.value(self.number)?;
        if self.side == Side::AsIs {
            return Ok(value.clone());
        }
        let array = chunk_of::<T>(value)?.view().reversed_axes().to_owned();
        Ok(Chunk::new(array.mapv_into(super::products::conjugated)).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "part".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}
