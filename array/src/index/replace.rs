//! [`replace`]: a part of an array, by positions along each axis, is that of another one.

use super::target::{Inside, Target};
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_of, take_array};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::expr::{Node, Nodes, Operation, layer_of, selected_chunks};
use crate::rechunk::rechunk;
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Layer, Shipment, Tokenizer, TypeInfo, Value, grid,
};
use chunkwise_storage::{Region, Span};
use ndarray::{ArrayViewD, ArrayViewMutD, Axis, Slice};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// The second input is what the first one has at the targets.
struct Replace<T> {
    targets: PerAxis<Target>,
    of: PhantomData<fn() -> T>,
}

/// The array with what is at the targets along each axis replaced by the value, whose axes, counted
/// from the last one, have as many elements as targets, or 1.
pub(super) fn replace<T: Element>(
    x: Arc<Node>,
    value: Arc<Node>,
    targets: PerAxis<Target>,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    if targets.iter().any(|target| target.count() == 0) {
        return x;
    }
    let value = cut_value(&x.chunks, value, &targets, made_at);
    let mut hash = Tokenizer::new("assign");
    hash.token(x.token).token(value.token);
    targets.iter().for_each(|target| target.tokenize(&mut hash));
    let (token, chunks) = (hash.finish(), Arc::clone(&x.chunks));
    Node::new(
        Replace::<T> { targets, of: PhantomData },
        [x, value],
        T::DTYPE,
        chunks,
        token,
        made_at,
    )
}

/// The value, cut so that each chunk of the array takes from one of its chunks.
fn cut_value(
    chunks: &Chunks,
    value: Arc<Node>,
    targets: &[Target],
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let missing = targets.len() - value.chunks.ndim();
    let axes = value.chunks.axes().iter().zip(&chunks.axes()[missing..]).zip(&targets[missing..]);
    let cut = axes.map(|((own, axis), target)| match own.len() {
        Some(1) => AxisChunks::whole(1),
        _ => target_cut(axis, target),
    });
    let cut = cut.collect();
    rechunk(value, cut, made_at)
}

/// What each chunk of an axis has of a target.
fn target_cut(axis: &AxisChunks, target: &Target) -> AxisChunks {
    let counts = (0..axis.n_chunks()).filter_map(|chunk| {
        let (own, _) = target.inside(&axis.range(chunk)?);
        (!own.is_empty()).then_some(own.len())
    });
    AxisChunks::of_sizes(counts)
}

/// For each chunk of an axis, if something of it is replaced: the number of the value's chunk, and
/// where.
type Pieces = Vec<Option<(u32, Inside)>>;

fn pieces(axis: &AxisChunks, target: &Target, is_repeated: bool) -> Pieces {
    let mut next = 0;
    let piece = |chunk: usize| {
        let (own, inside) = target.inside(&axis.range(chunk)?);
        if own.is_empty() {
            return None;
        }
        let number = next;
        next += 1;
        Some((if is_repeated { 0 } else { number }, inside))
    };
    (0..axis.n_chunks()).map(piece).collect()
}

impl<T: Element> Replace<T> {
    /// For each axis what of its targets is in a region of the result; `None` if that is no region.
    fn within(&self, region: &Region) -> Option<Vec<(Span, Target)>> {
        let axes = self.targets.iter().zip(region.spans());
        axes.map(|(target, span)| target.within(span)).collect()
    }
}

impl<T: Element> Operation for Replace<T> {
    fn name(&self) -> &'static str {
        "assign"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let [_, value] = node.inputs() else { return Arc::clone(&inputs[0]) };
        let missing = self.targets.len() - value.chunks.ndim();
        let axes = node.chunks.axes().iter().zip(&self.targets).enumerate();
        let axes = axes.map(|(at, (axis, target))| {
            let own = at.checked_sub(missing).map(|own| &value.chunks.axes()[own]);
            pieces(axis, target, own.is_none_or(|own| own.len() == Some(1)))
        });
        let blocks = ReplaceBlocks::<T> {
            grid: node.chunks.grid(),
            axes: axes.collect(),
            chunks: Arc::clone(&node.chunks),
            value_grid: value.chunks.grid(),
            of: PhantomData,
        };
        layer_of(node, inputs.iter().cloned(), blocks)
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        let [_, value] = node.inputs() else { return None };
        let within = self.within(region)?;
        let missing = self.targets.len() - value.chunks.ndim();
        let is_nothing = within.iter().any(|(own, _)| own.count == 0);
        let axes = value.chunks.axes().iter().zip(&within[missing..]);
        let of_value = axes.map(|(axis, (own, _))| match axis.len() {
            _ if is_nothing => Span::new(0, 0),
            Some(1) => Span::new(0, 1),
            _ => *own,
        });
        Some(vec![region.clone(), of_value.collect()])
    }

    fn part(&self, node: &Node, region: &Region, inputs: Nodes) -> Arc<Node> {
        let [x, value] = &inputs[..] else { return node.again() };
        let within = self.within(region).unwrap_or_default();
        let targets: PerAxis<Target> = within.into_iter().map(|(_, target)| target).collect();
        if targets.iter().any(|target| target.count() == 0) {
            return Arc::clone(x);
        }
        let value = cut_value(&x.chunks, Arc::clone(value), &targets, node.made_at);
        let chunks = selected_chunks(&node.chunks, region);
        let operation = Arc::new(Replace::<T> { targets, of: PhantomData });
        let inputs = [Arc::clone(x), value].into_iter().collect();
        node.with(operation, inputs, chunks, node.part_token(region))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct ReplaceBlocks<T> {
    grid: Vec<u32>,
    axes: PerAxis<Pieces>,
    chunks: Arc<Chunks>,
    value_grid: Vec<u32>,
    of: PhantomData<fn() -> T>,
}

/// What a block takes.
enum Takes<'a> {
    /// The array's chunk as it is.
    Old,
    /// A chunk of the value instead.
    New(u32),
    /// Both: where elements are replaced, along each axis.
    Both(u32, PerAxis<&'a Inside>),
}

impl<T: Element> ReplaceBlocks<T> {
    fn takes(&self, block: u32) -> Takes<'_> {
        let index = grid::unflatten(&self.grid, block);
        let pieces = self.axes.iter().zip(&index).map(|(axis, &at)| axis[at as usize].as_ref());
        let Some(pieces) = pieces.collect::<Option<PerAxis<_>>>() else { return Takes::Old };
        let own = pieces.len() - self.value_grid.len();
        let index: PerAxis<u32> = pieces[own..].iter().map(|(number, _)| *number).collect();
        let number = grid::flatten(&self.value_grid, &index);
        let sizes = self.chunks.axes().iter().zip(grid::unflatten(&self.grid, block));
        let sizes = sizes.map(|(axis, at)| axis.size(at as usize));
        let is_whole = |((_, inside), size): (&&(u32, Inside), Option<usize>)| match inside {
            Inside::Span(span) => Some(span.count) == size,
            Inside::List(list) => Some(list.len()) == size,
        };
        match pieces.iter().zip(sizes).all(is_whole) {
            true => Takes::New(number),
            false => Takes::Both(number, pieces.iter().map(|(_, inside)| inside).collect()),
        }
    }
}

/// Assigns a value to what is inside along each axis.
fn assign<T: Element>(mut to: ArrayViewMutD<'_, T>, value: &ArrayViewD<'_, T>, axes: &[&Inside]) {
    for (axis, inside) in axes.iter().enumerate() {
        if let Inside::Span(span) = inside {
            let slice =
                Slice::new(span.start as isize, Some(span.end() as isize), span.step as isize);
            to.slice_axis_inplace(Axis(axis), slice);
        }
    }
    assign_lists(to, value, axes);
}

/// The same, where spans have been cut out: one position of a list after the other.
fn assign_lists<T: Element>(
    mut to: ArrayViewMutD<'_, T>,
    value: &ArrayViewD<'_, T>,
    axes: &[&Inside],
) {
    let is_list = |inside: &&Inside| matches!(inside, Inside::List(_));
    let Some(axis) = axes.iter().position(is_list) else {
        // The value broadcasts: that was looked at when the array was made.
        return to.assign(value);
    };
    let Inside::List(list) = axes[axis] else { return };
    let rest: PerAxis<&Inside> = axes[..axis].iter().chain(&axes[axis + 1..]).copied().collect();
    let own = (axis + value.ndim()).checked_sub(axes.len());
    for (number, &at) in list.iter().enumerate() {
        let to = to.index_axis_mut(Axis(axis), at);
        match own {
            Some(own) => {
                let number = if value.shape()[own] == 1 { 0 } else { number };
                assign_lists(to, &value.index_axis(Axis(own), number), &rest);
            }
            None => assign_lists(to, value, &rest),
        }
    }
}

impl<T: Element> Blocks for ReplaceBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let takes = self.takes(block);
        if !matches!(takes, Takes::New(_)) {
            deps.push(Dep::input(0, block));
        }
        if let Takes::New(number) | Takes::Both(number, _) = takes {
            deps.push(Dep::input(1, number));
        }
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        match (self.takes(block), inputs) {
            (Takes::Old, [x]) => Ok(x.take()),
            (Takes::New(_), [value]) => {
                let shape = self.chunks.chunk_shape(block).ok_or("lengths are known")?;
                let chunk = chunk_of::<T>(value)?;
                if chunk.shape() == &shape[..] {
                    return Ok(value.take());
                }
                let all = chunk.broadcast(&shape).ok_or("a value that does not broadcast")?;
                Ok(Chunk::new(all.as_standard_layout().into_owned()).into_value())
            }
            (Takes::Both(_, axes), [x, value]) => {
                let mut array = take_array::<T>(x)?;
                assign(array.view_mut(), &chunk_of::<T>(value)?.view(), &axes);
                Ok(Chunk::new(array).into_value())
            }
            _ => Err("other chunks are given than were asked for".into()),
        }
    }

    fn op_name(&self) -> Cow<'_, str> {
        "assign".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}
