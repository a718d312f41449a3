//! [`lanes`]: what needs all elements along some axes together.

use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, chunk_of, row_major, take_array};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Nodes, Operation, layer_of, select};
use crate::rechunk::each_index;
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Layer, Shipment, Token, Tokenizer, TypeInfo, Value,
};
use chunkwise_storage::{Element as _, Region, Span};
use ndarray::{ArrayD, ArrayViewD, Axis, IxDyn, Slice};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

/// What is made of all elements along some axes: a lane.
pub(crate) trait LaneKernel:
    Clone + Serialize + DeserializeOwned + Send + Sync + 'static
{
    type In: Element;
    type Out: Element;
    const NAME: &'static str;

    /// How many elements come out of a lane of `n`, if that can be told.
    fn out_len(&self, n: Option<usize>) -> Option<usize>;

    /// What comes out of lanes, one behind the other.
    ///
    /// # Errors
    /// If there is a lane of which nothing can be made.
    fn lanes(&self, lanes: LaneVec<Self::In>) -> Result<Vec<Self::Out>, ArrayError>;

    /// Temporary bytes for a lane of `n` elements.
    fn scratch(&self, n: usize) -> usize;
}

/// Lanes, one behind the other.
pub(crate) struct LaneVec<T> {
    pub(crate) elements: Vec<T>,
    /// The length of each lane, which may be 0.
    pub(crate) len: usize,
    pub(crate) n_lanes: usize,
}

impl<T: Element> LaneVec<T> {
    /// Calls `f` with each lane and room for `n_out` elements that come out of it.
    pub(crate) fn map<B: Element>(
        mut self,
        n_out: usize,
        mut f: impl FnMut(&mut [T], &mut [B]),
    ) -> Vec<B> {
        let mut out = vec![B::default(); self.n_lanes * n_out];
        for at in 0..self.n_lanes {
            let lane = &mut self.elements[at * self.len..(at + 1) * self.len];
            f(lane, &mut out[at * n_out..(at + 1) * n_out]);
        }
        out
    }
}

/// Where the axis of what comes out of a lane lies in the result.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Place {
    /// Where the one axis was.
    Along,
    /// Before all others.
    First,
    /// Nowhere: one element comes out of each lane. The axes may stay with length 1.
    Gone { keep: bool },
}

/// Which axes are lanes, and what the result's axes are.
#[derive(Clone, Serialize, Deserialize)]
struct Layout {
    /// For each axis of the input whether it is part of the lanes.
    is_lane: PerAxis<bool>,
    place: Place,
}

/// An axis of the result.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Out {
    /// That axis of the input.
    Kept(usize),
    /// What comes out of a lane.
    Lane,
    /// An axis of length 1.
    One,
}

impl Layout {
    fn kept(&self) -> PerAxis<usize> {
        (0..self.is_lane.len()).filter(|&axis| !self.is_lane[axis]).collect()
    }

    fn out(&self) -> PerAxis<Out> {
        let mut out: PerAxis<Out> = PerAxis::new();
        if self.place == Place::First {
            out.push(Out::Lane);
        }
        for (axis, is_lane) in self.is_lane.iter().enumerate() {
            match (is_lane, self.place) {
                (false, _) => out.push(Out::Kept(axis)),
                (true, Place::Along) => out.push(Out::Lane),
                (true, Place::Gone { keep: true }) => out.push(Out::One),
                (true, _) => {}
            }
        }
        out
    }
}

#[derive(Clone)]
struct LaneOp<K> {
    kernel: K,
    layout: Layout,
}

/// What the kernel makes of the lanes along the axes of a mask.
///
/// Each block of the result takes all chunks along these axes.
#[track_caller]
pub(crate) fn lanes<K: LaneKernel>(
    input: &Array<K::In>,
    kernel: K,
    place: Place,
    mask: impl FnOnce(usize) -> Result<PerAxis<bool>, ArrayError>,
) -> Array<K::Out> {
    Array::build(K::NAME, &[&input.node], |made_at| {
        let node = &input.node;
        let layout = Layout { is_lane: mask(node.chunks.ndim())?, place };
        let mut hash = Tokenizer::new("lanes");
        hash.str(K::NAME).str(std::any::type_name::<K>()).token(node.token);
        hash.bytes(&postcard::to_stdvec(&(&kernel, &layout)).unwrap_or_default());
        let token = hash.finish();
        let operation = LaneOp { kernel, layout };
        let chunks = operation.chunks(&node.chunks, token);
        Ok(Node::new(operation, [node.clone()], K::Out::DTYPE, chunks, token, made_at))
    })
}

impl<K: LaneKernel> LaneOp<K> {
    /// The cut of the result.
    fn chunks(&self, input: &Chunks, token: Token) -> Chunks {
        let axis = |out: Out| match out {
            Out::Kept(axis) => input.axes()[axis].clone(),
            Out::One => AxisChunks::whole(1),
            Out::Lane => match self.kernel.out_len(self.lane_len(input)) {
                Some(len) => AxisChunks::whole(len),
                None => AxisChunks::deferred(1, token),
            },
        };
        self.layout.out().into_iter().map(axis).collect()
    }

    fn lane_len(&self, input: &Chunks) -> Option<usize> {
        let axes = input.axes().iter().zip(&self.layout.is_lane);
        axes.filter(|(_, is_lane)| **is_lane).map(|(axis, _)| axis.len()).product()
    }
}

impl<K: LaneKernel> Operation for LaneOp<K> {
    fn name(&self) -> &'static str {
        K::NAME
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let from = Arc::clone(&node.inputs()[0].chunks);
        let (kernel, layout) = (self.kernel.clone(), self.layout.clone());
        let lane_len = self.lane_len(&from);
        let (grid, to) = (node.chunks.grid(), Arc::clone(&node.chunks));
        layer_of(
            node,
            inputs.iter().cloned(),
            LaneBlocks { kernel, layout, grid, lane_len, from, to },
        )
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        node.chunks.shape()?;
        let shape = node.inputs()[0].chunks.shape()?;
        let mut spans: PerAxis<Span> = shape.iter().map(|&len| Span::new(0, len)).collect();
        for (out, span) in self.layout.out().iter().zip(region.spans()) {
            if let Out::Kept(axis) = *out {
                spans[axis] = *span;
            }
        }
        Some(vec![spans.into_iter().collect()])
    }

    fn part(&self, node: &Node, region: &Region, inputs: Nodes) -> Arc<Node> {
        let [input] = &inputs[..] else { return node.again() };
        let token = Tokenizer::of("of", &(node.token, input.token));
        let chunks = self.chunks(&input.chunks, token);
        let made = node.with(Arc::clone(node.operation()), inputs, chunks, token);
        let spans = self.layout.out().into_iter().zip(region.spans());
        let spans = spans.map(|(out, span)| match out {
            Out::Kept(_) => Span::new(0, span.count),
            Out::Lane | Out::One => *span,
        });
        select(made, spans.collect(), node.made_at)
    }
}

/// Each block is made of all chunks along the lanes' axes.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct LaneBlocks<K: LaneKernel> {
    kernel: K,
    layout: Layout,
    grid: Vec<u32>,
    lane_len: Option<usize>,
    from: Arc<Chunks>,
    to: Arc<Chunks>,
}

impl<K: LaneKernel> LaneBlocks<K> {
    /// The input's chunks for a block.
    fn members(&self, block: u32) -> PerAxis<Range<u32>> {
        let index = self.to.index_of(block);
        let grid = self.from.grid();
        let mut members: PerAxis<Range<u32>> = grid.iter().map(|&n| 0..n).collect();
        for (out, &at) in self.layout.out().iter().zip(&index) {
            if let Out::Kept(axis) = *out {
                members[axis] = at..at + 1;
            }
        }
        members
    }

    /// The lanes, and the shape of the kept axes.
    fn gather(
        &self,
        block: u32,
        inputs: &mut [Value],
    ) -> Result<(PerAxis<usize>, LaneVec<K::In>), BoxError> {
        let kept = self.layout.kept();
        let lane_axes = (0..self.layout.is_lane.len()).filter(|&axis| self.layout.is_lane[axis]);
        let order: PerAxis<usize> = kept.iter().copied().chain(lane_axes).collect();
        let shape_of = |shape: &[usize]| -> (PerAxis<usize>, usize) {
            let (lens, rest) = order.split_at(kept.len());
            let n = rest.iter().map(|&axis| shape[axis]).product();
            (lens.iter().map(|&axis| shape[axis]).collect(), n)
        };
        if let [one] = inputs {
            let array = take_array::<K::In>(one)?;
            let (kept, len) = shape_of(array.shape());
            let elements = row_major(array.permuted_axes(&order[..]));
            let n_lanes = kept.iter().product();
            return Ok((kept, LaneVec { elements, len, n_lanes }));
        }
        let Places { shape, starts } = self.places(block, inputs)?;
        let permuted: Vec<usize> = order.iter().map(|&axis| shape[axis]).collect();
        let mut all = ArrayD::from_elem(IxDyn(&permuted), K::In::default());
        let members = self.members(block);
        let mut inputs = inputs.iter_mut();
        let mut outcome = Ok(());
        each_index(&members, |index| {
            let Some(input) = inputs.next() else { return };
            let input = input.take();
            let places = index.iter().zip(&members).zip(&starts);
            let starts: PerAxis<usize> =
                places.map(|((at, range), starts)| starts[(at - range.start) as usize]).collect();
            let copied = chunk_of::<K::In>(&input)
                .and_then(|chunk| copy(chunk.view(), &starts, &order, &mut all));
            if outcome.is_ok() {
                outcome = copied;
            }
        });
        outcome?;
        let (kept, len) = shape_of(&shape);
        let n_lanes = kept.iter().product();
        Ok((kept, LaneVec { elements: row_major(all), len, n_lanes }))
    }

    /// The shape of a block's chunks together, and where each starts along each axis.
    fn places(&self, block: u32, inputs: &[Value]) -> Result<Places, BoxError> {
        let members = self.members(block);
        let mut sizes: PerAxis<Vec<usize>> =
            members.iter().map(|range| vec![0; range.len()]).collect();
        let mut inputs = inputs.iter();
        let mut outcome = Ok(());
        each_index(&members, |index| {
            let chunk = inputs.next().map(chunk_of::<K::In>);
            match chunk {
                Some(Ok(chunk)) => {
                    for (axis, sizes) in sizes.iter_mut().enumerate() {
                        sizes[(index[axis] - members[axis].start) as usize] = chunk.shape()[axis];
                    }
                }
                Some(Err(error)) => outcome = Err(error),
                None => {}
            }
        });
        outcome?;
        let mut shape = PerAxis::new();
        for sizes in &mut sizes {
            let mut end = 0;
            for size in sizes.iter_mut() {
                end += std::mem::replace(size, end);
            }
            shape.push(end);
        }
        Ok(Places { shape, starts: sizes })
    }

    /// The chunk of what came out, lane by lane.
    fn chunk(&self, kept: &[usize], n: usize, elements: Vec<K::Out>) -> Result<Value, BoxError> {
        let n_out = self.kernel.out_len(Some(n)).unwrap_or(n);
        let out = self.layout.out();
        // In the order in which they lie: kept axes, then what comes out of a lane.
        let mut at_kept = 0;
        let source = |out: &Out| match out {
            Out::Kept(_) => {
                at_kept += 1;
                Some(at_kept - 1)
            }
            Out::Lane => Some(kept.len()),
            Out::One => None,
        };
        let sources: PerAxis<Option<usize>> = out.iter().map(source).collect();
        let shape: Vec<usize> = kept.iter().copied().chain([n_out]).collect();
        let mut array = ArrayD::from_shape_vec(IxDyn(&shape), elements)?;
        let mut order: Vec<usize> = sources.iter().copied().flatten().collect();
        if let Place::Gone { .. } = self.layout.place {
            array = array.remove_axis_of_one(kept.len())?;
        }
        order.retain(|&axis| axis < array.ndim());
        let mut array = array.permuted_axes(order);
        for (at, source) in sources.iter().enumerate() {
            if source.is_none() {
                array.insert_axis_inplace(Axis(at));
            }
        }
        Ok(Chunk::new(array).into_value())
    }
}

/// The shape of some chunks together, and where each starts along each axis.
struct Places {
    shape: PerAxis<usize>,
    starts: PerAxis<Vec<usize>>,
}

/// Taking away an axis that has one element.
trait RemoveAxis: Sized {
    fn remove_axis_of_one(self, axis: usize) -> Result<Self, BoxError>;
}

impl<T: Element> RemoveAxis for ArrayD<T> {
    fn remove_axis_of_one(self, axis: usize) -> Result<ArrayD<T>, BoxError> {
        match self.shape().get(axis) {
            Some(1) => Ok(self.remove_axis(Axis(axis))),
            _ => Err("one element comes out of each lane".into()),
        }
    }
}

/// Copies a chunk to where it starts, its axes in another order.
fn copy<T: Element>(
    chunk: ArrayViewD<'_, T>,
    starts: &[usize],
    order: &[usize],
    to: &mut ArrayD<T>,
) -> Result<(), BoxError> {
    let chunk = chunk.permuted_axes(order);
    let starts: PerAxis<usize> = order.iter().map(|&axis| starts[axis]).collect();
    let fits = chunk.shape().iter().zip(&starts).zip(to.shape()).all(|((n, s), all)| n + s <= *all);
    if !fits {
        let (found, expected) = (chunk.shape().into(), to.shape().into());
        return Err(ArrayError::Chunk { found, expected }.into());
    }
    let mut place = to.slice_each_axis_mut(|axis| {
        let at = axis.axis.index();
        Slice::from(starts[at]..starts[at] + chunk.shape()[at])
    });
    place.assign(&chunk);
    Ok(())
}

impl<K: LaneKernel> Blocks for LaneBlocks<K> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let grid = self.from.grid();
        each_index(&self.members(block), |index| {
            deps.push(Dep::input(0, chunkwise_graph::grid::flatten(&grid, index)));
        });
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let (kept, lanes) = self.gather(block, inputs)?;
        let n = lanes.len;
        let out = self.kernel.lanes(lanes)?;
        self.chunk(&kept, n, out)
    }

    fn op_name(&self) -> Cow<'_, str> {
        K::NAME.into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let (Some(shape), Some(n)) = (self.to.chunk_shape(block), self.lane_len) else {
            return Bounds::UNKNOWN;
        };
        let kept = shape.iter().zip(self.layout.out());
        let kept = kept.filter(|(_, out)| matches!(out, Out::Kept(_)));
        let n_lanes = kept.map(|(len, _)| *len).fold(1usize, usize::saturating_mul);
        let gathered = n_lanes.saturating_mul(n).saturating_mul(size_of::<K::In>());
        let scratch = gathered.saturating_add(self.kernel.scratch(n)) as u64;
        let n_out = shape.iter().copied().fold(1, usize::saturating_mul);
        Bounds::output(chunk_bytes::<K::Out>(n_out)).with_scratch(scratch)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<K::Out>>()))
    }
}

/// The type of a kernel's elements.
pub(crate) type Of<T> = PhantomData<fn() -> T>;
