//! The node of a contraction, and the layers that it becomes.

use super::add::{AddBlocks, FAN};
use super::blocks::{ContractBlocks, Steps};
use super::mirror::MirrorBlocks;
use super::roles::{Label, Roles};
use super::{ENOUGH_TASKS, STEP_BYTES};
use crate::array::Built;
use crate::axis_chunks::AxisChunks;
use crate::chunks::{Chunks, PerAxis};
use crate::element::{Number, for_each_dtype};
use crate::error::ArrayError;
use crate::expr::{Node, Nodes, Operation};
use crate::layout::permutation;
use crate::linalg::stage::stage;
use crate::rechunk::rechunk;
use chunkwise_graph::{Layer, Tokenizer};
use chunkwise_storage::{DType, Element as _, Region, Span};
use num_complex::Complex;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// A sum of products of two arrays.
#[derive(Clone)]
struct Contract {
    name: &'static str,
    roles: Roles,
}

/// An operand and the labels of its axes; axes of one element without a label are dropped.
pub(crate) type Labelled<'a> = (&'a Arc<Node>, &'a [Option<Label>]);

/// The sums of products of two arrays over the labels that the result does not have.
///
/// Each label is at most once in a list. Axes with one label are cut alike.
///
/// # Errors
/// [`ArrayError::Contract`] if two axes with one label have different lengths.
pub(crate) fn contract(
    name: &'static str,
    (left, left_labels): Labelled<'_>,
    (right, right_labels): Labelled<'_>,
    out: &[Label],
    made_at: &'static Location<'static>,
) -> Built {
    let (left, left_labels) = without_permuting(left, left_labels);
    let (right, right_labels) = without_permuting(right, right_labels);
    let roles = Roles::new(&left_labels, &right_labels, out)?;
    let both = roles.out.iter().filter_map(|&(left, right)| Some((left?, right?)));
    let pairs: PerAxis<(usize, usize)> = roles.summed.iter().copied().chain(both).collect();
    let (mut left_chunks, mut right_chunks) = ((*left.chunks).clone(), (*right.chunks).clone());
    for (of_left, of_right) in pairs {
        let (a, b) = (&left.chunks.axes()[of_left], &right.chunks.axes()[of_right]);
        let cut = common_cut(a, b).ok_or_else(|| ArrayError::Contract {
            axes: (of_left, of_right),
            shapes: Box::new([left.chunks.extents().to_vec(), right.chunks.extents().to_vec()]),
        })?;
        left_chunks = left_chunks.with_axis(of_left, cut.clone());
        right_chunks = right_chunks.with_axis(of_right, cut);
    }
    let left = rechunk(left, left_chunks, made_at);
    let right = rechunk(right, right_chunks, made_at);
    Ok(contraction(Contract { name, roles }, left, right, made_at))
}

fn contraction(
    operation: Contract,
    left: Arc<Node>,
    right: Arc<Node>,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let mut hash = Tokenizer::new("contract");
    hash.token(left.token).token(right.token);
    hash.bytes(&postcard::to_stdvec(&operation.roles).unwrap_or_default());
    let axis = |&(of_left, of_right): &(Option<usize>, Option<usize>)| match (of_left, of_right) {
        (Some(axis), _) => left.chunks.axes()[axis].clone(),
        (None, Some(axis)) => right.chunks.axes()[axis].clone(),
        (None, None) => AxisChunks::whole(1),
    };
    let chunks: Chunks = operation.roles.out.iter().map(axis).collect();
    let dtype = left.dtype;
    Node::new(operation, [left, right], dtype, chunks, hash.finish(), made_at)
}

/// The node below those that only permute its axes, and the labels in its order: strides are all
/// that a product needs.
fn without_permuting(
    node: &Arc<Node>,
    labels: &[Option<Label>],
) -> (Arc<Node>, PerAxis<Option<Label>>) {
    let (mut node, mut labels): (_, PerAxis<_>) = (Arc::clone(node), labels.into());
    while let Some(axes) = permutation(&node) {
        let mut below = labels.clone();
        for (&axis, &label) in axes.iter().zip(&labels) {
            below[axis] = label;
        }
        labels = below;
        node = Arc::clone(&node.inputs()[0]);
    }
    (node, labels)
}

/// The finer cut of two axes of the same length.
fn common_cut(a: &AxisChunks, b: &AxisChunks) -> Option<AxisChunks> {
    match (a.len(), b.len()) {
        _ if a == b => Some(a.clone()),
        (Some(n), Some(m)) if n == m => {
            Some(if a.n_chunks() >= b.n_chunks() { a.clone() } else { b.clone() })
        }
        // Whether the lengths agree is found when the blocks meet.
        (None, None) if a.n_chunks() == b.n_chunks() => Some(a.clone()),
        _ => None,
    }
}

/// How the sum is cut: see [the module](super).
fn steps(roles: &Roles, left: &Chunks, right: &Chunks, n_out: u64, item_bytes: usize) -> Steps {
    let n_pairs = roles.summed.iter().map(|pair| left.axes()[pair.0].n_chunks()).product::<usize>();
    let largest = |chunks: &Chunks| -> Option<usize> {
        chunks.largest_chunk().map(|shape| shape.iter().product::<usize>() * item_bytes)
    };
    let fit = match (largest(left), largest(right)) {
        (Some(left), Some(right)) => (STEP_BYTES / (left + right).max(1) as u64).max(1),
        _ => 1,
    };
    let chains = match usize::try_from(n_out) {
        Ok(n) if n < ENOUGH_TASKS => n_pairs.min(ENOUGH_TASKS.div_ceil(n.max(1))),
        _ => 1,
    };
    let most = usize::try_from(fit).unwrap_or(usize::MAX).min(n_pairs.div_ceil(chains)).max(1);
    let n_steps = n_pairs.div_ceil(most).max(1);
    let pairs_a_step = n_pairs.div_ceil(n_steps).max(1);
    let n_steps = n_pairs.div_ceil(pairs_a_step).max(1);
    let in_u32 = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Steps {
        pairs: in_u32(n_pairs),
        pairs_a_step: in_u32(pairs_a_step),
        steps: in_u32(n_steps),
        chain: in_u32(n_steps.div_ceil(chains).max(1)),
    }
}

impl Operation for Contract {
    fn name(&self) -> &'static str {
        self.name
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        macro_rules! of_dtype {
            ($($variant:ident $element:ty),+) => {
                match node.dtype {
                    $(DType::$variant => of_element!($variant $element, self, node, inputs),)+
                    _ => Arc::clone(&inputs[0]),
                }
            };
        }
        macro_rules! of_element {
            (Bool $element:ty, $self:ident, $node:ident, $inputs:ident) => {
                Arc::clone(&$inputs[0])
            };
            ($variant:ident $element:ty, $self:ident, $node:ident, $inputs:ident) => {
                $self.lower_as::<$element>($node, $inputs)
            };
        }
        for_each_dtype!(of_dtype)
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        let of_input = |input: &Arc<Node>, side: usize| -> Option<Region> {
            let whole = |axis: usize| Some(Span::new(0, input.chunks.axes()[axis].len()?));
            let span = |axis: usize| {
                let out = self
                    .roles
                    .out
                    .iter()
                    .position(|&(left, right)| [left, right][side] == Some(axis));
                out.map_or_else(|| whole(axis), |out| Some(region.spans()[out]))
            };
            (0..input.chunks.ndim()).map(span).collect()
        };
        node.chunks.shape()?;
        let [left, right] = node.inputs() else { return None };
        Some(vec![of_input(left, 0)?, of_input(right, 1)?])
    }

    fn part(&self, node: &Node, _: &Region, inputs: Nodes) -> Arc<Node> {
        let [left, right] = &inputs[..] else { return node.again() };
        contraction(self.clone(), Arc::clone(left), Arc::clone(right), node.made_at)
    }
}

impl Contract {
    fn lower_as<T: Number>(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let [left, right] = node.inputs() else { return Arc::clone(&inputs[0]) };
        let out = &node.chunks;
        let symmetric = left.token == right.token && self.roles.is_symmetric() && is_float::<T>();
        let steps = steps(&self.roles, &left.chunks, &right.chunks, out.n_chunks(), size_of::<T>());
        let grid =
            |n: u32| -> Vec<u32> { out.grid().into_iter().chain((n > 1).then_some(n)).collect() };
        let (mut sums, mut chain) = (steps.steps, steps.chain);
        let mut n_behind = levels(steps) + usize::from(symmetric);
        let blocks = ContractBlocks::<T> {
            grid: grid(sums),
            roles: self.roles.clone(),
            left: Arc::clone(&left.chunks),
            right: Arc::clone(&right.chunks),
            out: Arc::clone(out),
            steps,
            symmetric,
            of: PhantomData,
        };
        let mut last = stage(node, n_behind, inputs.to_vec(), blocks);
        while sums > 1 {
            let groups = sums.div_ceil(chain).div_ceil(FAN);
            let (grid, out, steps) = (grid(groups), Arc::clone(out), sums);
            n_behind -= 1;
            let blocks = AddBlocks::<T> { grid, out, steps, chain, of: PhantomData };
            last = stage(node, n_behind, vec![last], blocks);
            (sums, chain) = (groups, 1);
        }
        if symmetric {
            let (grid, out) = (out.grid(), Arc::clone(out));
            last = stage(node, 0, vec![last], MirrorBlocks::<T> { grid, out, of: PhantomData });
        }
        last
    }
}

/// Layers that add up what the first one leaves.
fn levels(steps: Steps) -> usize {
    let (mut sums, mut chain, mut levels) = (steps.steps, steps.chain, 0);
    while sums > 1 {
        (sums, chain, levels) = (sums.div_ceil(chain).div_ceil(FAN), 1, levels + 1);
    }
    levels
}

/// Whether products of a matrix with itself are worth halving: there is a kernel for that.
fn is_float<T: Number>() -> bool {
    let dtypes = [f32::DTYPE, f64::DTYPE, Complex::<f32>::DTYPE, Complex::<f64>::DTYPE];
    dtypes.contains(&T::DTYPE)
}
