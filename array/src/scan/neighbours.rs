//! [`Neighbours`]: what is made of each element and those next to it along an axis.

use crate::array::Array;
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, chunk_of};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Nodes, Operation, layer_of, select, selected_axis};
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Layer, Shipment, Tokenizer, TypeInfo, Value};
use chunkwise_storage::{Element as _, Region, Span};
use ndarray::{ArrayD, Axis, IxDyn, Slice};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// Slices across an axis, by their position along it.
pub(super) struct Slices<'a, T> {
    elements: &'a [T],
    /// Elements in each.
    inner: usize,
    /// The position of the first one.
    first: usize,
}

impl<'a, T> Slices<'a, T> {
    pub(super) fn at(&self, position: usize) -> &'a [T] {
        let start = (position - self.first) * self.inner;
        &self.elements[start..start + self.inner]
    }
}

/// What is made of neighbours.
pub(super) trait Neighbours:
    Clone + Serialize + DeserializeOwned + Send + Sync + 'static
{
    type In: Element;
    type Out: Element;
    const NAME: &'static str;
    /// How many elements before and behind its own place one of the result is made of; at the ends
    /// of the axis there are fewer.
    const REACH: (usize, usize);
    /// How many elements fewer there are in the result.
    const SHORTER: usize;

    /// The slice of the result at a position along an axis of `len` elements.
    fn slice(
        &self,
        position: usize,
        len: usize,
        input: &Slices<'_, Self::In>,
        out: &mut [Self::Out],
    );
}

#[derive(Clone)]
struct Along<K> {
    kernel: K,
    axis: usize,
}

/// The kernel along an axis, which has at least `least` elements.
#[track_caller]
pub(super) fn neighbours<K: Neighbours>(
    input: &Array<K::In>,
    axes: Axes,
    kernel: K,
    least: usize,
) -> Array<K::Out> {
    Array::build(K::NAME, &[&input.node], |made_at| {
        let node = &input.node;
        let axis = axes.one(node.chunks.ndim())?;
        let cut = &node.chunks.axes()[axis];
        let len = cut.len().ok_or(ArrayError::Deferred { operation: K::NAME, axis })?;
        if len < least {
            let expected = format!("{} needs {least} elements along axis {axis}", K::NAME);
            return Err(ArrayError::shape(expected, &node.chunks.extents()));
        }
        let chunks = node.chunks.with_axis(axis, shortened(cut, len.saturating_sub(K::SHORTER)));
        let mut hash = Tokenizer::new("neighbours");
        hash.str(K::NAME).str(std::any::type_name::<K>()).token(node.token).u64(axis as u64);
        hash.bytes(&postcard::to_stdvec(&kernel).unwrap_or_default());
        let operation = Along { kernel, axis };
        Ok(Node::new(operation, [node.clone()], K::Out::DTYPE, chunks, hash.finish(), made_at))
    })
}

/// The same cut of the first `len` elements.
fn shortened(cut: &AxisChunks, len: usize) -> AxisChunks {
    match cut.regular_size() {
        Some(size) => AxisChunks::regular(len, size),
        None => selected_axis(cut, &Span::new(0, len)),
    }
}

impl<K: Neighbours> Along<K> {
    /// The positions that a range of the result is made of, on an axis of `len` elements.
    fn reached(range: Range<usize>, len: usize) -> Range<usize> {
        if range.is_empty() {
            return 0..0;
        }
        range.start.saturating_sub(K::REACH.0)..(range.end + K::REACH.1).min(len)
    }

    /// The part of the input for a region, and where along the axis the region starts in what is
    /// made of that part.
    fn demanded(&self, node: &Node, region: &Region) -> Option<(Region, usize)> {
        let len = node.inputs()[0].chunks.axes()[self.axis].len()?;
        let span = region.spans()[self.axis];
        let reached = Along::<K>::reached(span.start..span.end(), len);
        let mut spans: PerAxis<Span> = region.spans().iter().copied().collect();
        spans[self.axis] = Span::new(reached.start, reached.len());
        Some((spans.into_iter().collect(), span.start - reached.start))
    }
}

impl<K: Neighbours> Operation for Along<K> {
    fn name(&self) -> &'static str {
        K::NAME
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let from = Arc::clone(&node.inputs()[0].chunks);
        let (kernel, axis, to) = (self.kernel.clone(), self.axis, Arc::clone(&node.chunks));
        let blocks = NeighbourBlocks { kernel, axis, grid: to.grid(), from, to };
        layer_of(node, inputs.iter().cloned(), blocks)
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        node.chunks.shape()?;
        if region.is_empty() {
            return None;
        }
        Some(vec![self.demanded(node, region)?.0])
    }

    fn part(&self, node: &Node, region: &Region, inputs: Nodes) -> Arc<Node> {
        let (Some((part, start)), [input]) = (self.demanded(node, region), &inputs[..]) else {
            return node.again();
        };
        let cut = &input.chunks.axes()[self.axis];
        let len = part.spans()[self.axis].count.saturating_sub(K::SHORTER);
        let chunks = input.chunks.with_axis(self.axis, shortened(cut, len));
        let operation = Arc::clone(node.operation());
        let token = Tokenizer::of("of", &(node.token, input.token));
        let made = node.with(operation, inputs, chunks, token);
        let spans = region.spans().iter().enumerate().map(|(axis, span)| match axis == self.axis {
            true => Span { start, ..*span },
            false => Span::new(0, span.count),
        });
        select(made, spans.collect(), node.made_at)
    }
}

/// Each block is made of the chunks that its neighbours lie in.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct NeighbourBlocks<K: Neighbours> {
    kernel: K,
    axis: usize,
    grid: Vec<u32>,
    from: Arc<Chunks>,
    to: Arc<Chunks>,
}

impl<K: Neighbours> NeighbourBlocks<K> {
    /// The length of the axis, the block's positions on it, those that it is made of, and the
    /// chunks that these lie in.
    fn ranges(&self, block: u32) -> (usize, Range<usize>, Range<usize>, Range<usize>) {
        let at = self.to.index_of(block)[self.axis] as usize;
        let axis = &self.from.axes()[self.axis];
        let (own, len) = (self.to.axes()[self.axis].range(at), axis.len().unwrap_or(0));
        let own = own.unwrap_or(0..0);
        let reached = Along::<K>::reached(own.clone(), len);
        let chunk = |position| axis.chunk_of(position).unwrap_or(0);
        let chunks = match reached.is_empty() {
            true => 0..1,
            false => chunk(reached.start)..chunk(reached.end - 1) + 1,
        };
        (len, own, reached, chunks)
    }

    /// The elements that a block is made of, and their shape.
    fn gather(
        &self,
        reached: &Range<usize>,
        chunks: &Range<usize>,
        inputs: &mut [Value],
    ) -> Result<(Vec<usize>, Vec<K::In>), BoxError> {
        let mut all: Option<ArrayD<K::In>> = None;
        for (chunk, input) in chunks.clone().zip(inputs) {
            let input = input.take();
            let elements = chunk_of::<K::In>(&input)?;
            let all = all.get_or_insert_with(|| {
                let mut shape = elements.shape().to_vec();
                shape[self.axis] = reached.len();
                ArrayD::from_elem(IxDyn(&shape), K::In::default())
            });
            let own = self.from.axes()[self.axis].range(chunk).unwrap_or(0..0);
            let shared = own.start.max(reached.start)..own.end.min(reached.end);
            if shared.is_empty() {
                continue;
            }
            let part = |start: usize| Slice::from(shared.start - start..shared.end - start);
            let mut to = all.slice_axis_mut(Axis(self.axis), part(reached.start));
            let view = elements.view();
            let from = view.slice_axis(Axis(self.axis), part(own.start));
            if to.shape() != from.shape() {
                let (found, expected) = (from.shape().into(), to.shape().into());
                return Err(ArrayError::Chunk { found, expected }.into());
            }
            to.assign(&from);
        }
        let all = all.ok_or("there is nothing to work on")?;
        Ok((all.shape().to_vec(), all.into_raw_vec_and_offset().0))
    }
}

impl<K: Neighbours> Blocks for NeighbourBlocks<K> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let (.., chunks) = self.ranges(block);
        let mut index = self.to.index_of(block);
        for chunk in chunks {
            index[self.axis] = chunk as u32;
            deps.push(Dep::input(0, self.from.block_at(&index)));
        }
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let (len, own, reached, chunks) = self.ranges(block);
        let (mut shape, elements) = self.gather(&reached, &chunks, inputs)?;
        shape[self.axis] = own.len();
        let inner: usize = shape[self.axis + 1..].iter().product();
        let mut out = vec![K::Out::default(); shape.iter().product()];
        let lanes = elements.chunks((reached.len() * inner).max(1));
        for (lane, out) in lanes.zip(out.chunks_mut((own.len() * inner).max(1))) {
            let input = Slices { elements: lane, inner, first: reached.start };
            for (position, out) in own.clone().zip(out.chunks_mut(inner.max(1))) {
                self.kernel.slice(position, len, &input, out);
            }
        }
        Ok(Chunk::from_vec(&shape, out)?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        K::NAME.into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let Some(shape) = self.to.chunk_shape(block) else { return Bounds::UNKNOWN };
        let (.., reached, _) = self.ranges(block);
        let n: usize = shape.iter().product();
        let others = shape.iter().enumerate().filter(|(axis, _)| *axis != self.axis);
        let across = others.map(|(_, len)| *len).product::<usize>();
        let gathered = across.saturating_mul(reached.len()).saturating_mul(size_of::<K::In>());
        Bounds::output(chunk_bytes::<K::Out>(n)).with_scratch(gathered as u64)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<K::Out>>()))
    }
}
