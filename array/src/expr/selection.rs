//! [`Select`]: a region of an array, with a step along each axis.

use super::node::{Node, Nodes, Operation, layer_of};
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_of};
use crate::chunks::{Chunks, PerAxis};
use crate::element::{Element, for_each_dtype};
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Layer, Shipment, TypeInfo, Value};
use chunkwise_storage::{DType, Region, Span};
use ndarray::{Axis, Slice};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// A region of its input.
pub(crate) struct Select(pub(crate) Region);

/// A node that is a region of another one; the node itself if that is all of it.
pub(crate) fn select(
    input: Arc<Node>,
    region: Region,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    if region.spans().iter().zip(input.chunks.axes()).all(|(span, axis)| is_whole(axis, span)) {
        return input;
    }
    let token = input.part_token(&region);
    let chunks = selected_chunks(&input.chunks, &region);
    let dtype = input.dtype;
    Node::new(Select(region), [input], dtype, chunks, token, made_at)
}

/// Whether a span is all of an axis; of one of deferred length there are no others.
fn is_whole(axis: &AxisChunks, span: &Span) -> bool {
    axis.len().is_none_or(|len| span.start == 0 && span.count == len && span.is_contiguous())
}

/// The cut of a region: what it has of each chunk, without those it has nothing of.
pub(crate) fn selected_chunks(chunks: &Chunks, region: &Region) -> Chunks {
    chunks.axes().iter().zip(region.spans()).map(|(axis, span)| selected_axis(axis, span)).collect()
}

/// The cut of a span of one axis. An axis that is taken whole stays as it is, empty chunks too, so
/// that what is reduced along it is put together in the same order.
pub(crate) fn selected_axis(axis: &AxisChunks, span: &Span) -> AxisChunks {
    // What is asked for whole is not selected from, and keeps its empty chunks.
    if is_whole(axis, span) {
        return axis.clone();
    }
    AxisChunks::of_sizes(pieces(axis, span).map(|piece| piece.inside.count))
}

/// What a span has of one chunk.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Piece {
    chunk: u32,
    inside: Span,
}

/// What a span has of each chunk of an axis, where it has something; of nothing, nothing of the
/// first chunk.
fn pieces<'a>(axis: &'a AxisChunks, span: &'a Span) -> impl Iterator<Item = Piece> + 'a {
    let mut taken = 0;
    let nothing = (span.count == 0).then_some(Piece { chunk: 0, inside: Span::new(0, 0) });
    let some = std::iter::from_fn(move || {
        if taken >= span.count {
            return None;
        }
        let first = span.start + taken * span.step;
        let chunk = axis.chunk_of(first)?;
        let range = axis.range(chunk)?;
        let count = (range.end - first).div_ceil(span.step).min(span.count - taken);
        taken += count;
        let inside = Span { start: first - range.start, count, step: span.step };
        Some(Piece { chunk: chunk as u32, inside })
    });
    nothing.into_iter().chain(some)
}

/// `second` of `first` of an array, as a region of the array.
pub(crate) fn compose(first: &Region, second: &Region) -> Region {
    let compose = |(first, second): (&Span, &Span)| Span {
        start: first.start + second.start * first.step,
        count: second.count,
        step: first.step * second.step,
    };
    first.spans().iter().zip(second.spans()).map(compose).collect()
}

impl Operation for Select {
    fn name(&self) -> &'static str {
        "slice"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let input = &node.inputs()[0];
        let of_axis = |(axis, span): (&AxisChunks, &Span)| match is_whole(axis, span) {
            true => Vec::new(),
            false => pieces(axis, span).collect(),
        };
        let axes = input.chunks.axes().iter().zip(self.0.spans()).map(of_axis).collect();
        let (chunks, from) = (Arc::clone(&node.chunks), Arc::clone(&input.chunks));
        let grid = chunks.grid();
        macro_rules! of_dtype {
            ($($variant:ident $element:ty),+) => {
                match node.dtype {
                    $(DType::$variant => {
                        let blocks: SelectBlocks<$element> = SelectBlocks {
                            grid, axes, chunks, from, of: PhantomData
                        };
                        layer_of(node, inputs.iter().cloned(), blocks)
                    })+
                    _ => Arc::clone(&inputs[0]),
                }
            };
        }
        for_each_dtype!(of_dtype)
    }

    fn demand(&self, _: &Node, region: &Region) -> Option<Vec<Region>> {
        Some(vec![compose(&self.0, region)])
    }

    fn part(&self, _: &Node, _: &Region, inputs: Nodes) -> Arc<Node> {
        // What was asked for is the composed region itself.
        Arc::clone(&inputs[0])
    }
}

/// The chunks of a region: each is a part of one chunk.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct SelectBlocks<T> {
    grid: Vec<u32>,
    /// What each block has of which chunk along each axis; nothing along axes that are whole.
    axes: PerAxis<Vec<Piece>>,
    chunks: Arc<Chunks>,
    from: Arc<Chunks>,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> SelectBlocks<T> {
    fn piece(&self, axis: usize, at: u32) -> Option<Piece> {
        self.axes[axis].get(at as usize).copied()
    }
}

impl<T: Element> Blocks for SelectBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let mut index = self.chunks.index_of(block);
        for (axis, at) in index.iter_mut().enumerate() {
            if let Some(piece) = self.piece(axis, *at) {
                *at = piece.chunk;
            }
        }
        deps.push(Dep::input(0, self.from.block_at(&index)));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input] = inputs else { return Err("a slice is of one chunk".into()) };
        let index = self.chunks.index_of(block);
        let is_whole = |(axis, len): (usize, &usize)| {
            self.piece(axis, index[axis]).is_none_or(|p| p.inside == Span::new(0, *len))
        };
        let chunk = chunk_of::<T>(input)?;
        if chunk.shape().iter().enumerate().all(is_whole) {
            return Ok(input.take());
        }
        let mut view = chunk.view();
        for (axis, &at) in index.iter().enumerate() {
            if let Some(Piece { inside, .. }) = self.piece(axis, at) {
                let range = Slice::new(
                    inside.start as isize,
                    Some(inside.end() as isize),
                    inside.step as isize,
                );
                view.slice_axis_inplace(Axis(axis), range);
            }
        }
        Ok(Chunk::new(view.as_standard_layout().into_owned()).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "slice".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}
