//! [`ContractBlocks`]: the tasks that add up products.

use super::operand::Operand;
use super::roles::Roles;
use crate::chunk::{Chunk, chunk_bytes, chunk_of, take_array};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Number;
use crate::error::ArrayError;
use crate::linalg::matrix::{Wanted, multiply_into};
use crate::tile::TileBuf;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Index, Shipment, TypeInfo, Value, grid};
use ndarray::{ArrayD, IxDyn};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

/// How the sum over the blocks along the summed axes is cut into tasks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Steps {
    /// Pairs of blocks that are multiplied for a block of the result.
    pub(super) pairs: u32,
    /// Of these, how many one task takes.
    pub(super) pairs_a_step: u32,
    /// Tasks.
    pub(super) steps: u32,
    /// Tasks that hand their sum on to one another, but for the last of them.
    pub(super) chain: u32,
}

impl Steps {
    /// The pairs that a task takes.
    fn pairs(&self, step: u32) -> Range<u32> {
        let start = step * self.pairs_a_step;
        start..(start + self.pairs_a_step).min(self.pairs)
    }
}

/// The sums of products. Behind the axes of the result's grid there is one of the steps, if there
/// are several.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct ContractBlocks<T> {
    pub(super) grid: Vec<u32>,
    pub(super) roles: Roles,
    pub(super) left: Arc<Chunks>,
    pub(super) right: Arc<Chunks>,
    pub(super) out: Arc<Chunks>,
    pub(super) steps: Steps,
    /// Whether of blocks on the diagonal one half is computed and mirrored.
    pub(super) symmetric: bool,
    pub(super) of: PhantomData<fn() -> T>,
}

impl<T: Number> ContractBlocks<T> {
    /// The position in the grid of the result, and the step.
    fn at(&self, block: u32) -> (Index, u32) {
        (self.out.index_of(block / self.steps.steps), block % self.steps.steps)
    }

    /// The blocks of the operands that make a pair.
    fn pair(&self, at: &[u32], pair: u32) -> (u32, u32) {
        let mut left: Index = smallvec::smallvec![0; self.left.ndim()];
        let mut right: Index = smallvec::smallvec![0; self.right.ndim()];
        for (&(of_left, of_right), &at) in self.roles.out.iter().zip(at) {
            if let Some(axis) = of_left {
                left[axis] = at;
            }
            if let Some(axis) = of_right {
                right[axis] = at;
            }
        }
        let mut rest = pair as usize;
        for &(of_left, of_right) in self.roles.summed.iter().rev() {
            let n = self.left.axes()[of_left].n_chunks();
            left[of_left] = (rest % n) as u32;
            right[of_right] = (rest % n) as u32;
            rest /= n;
        }
        (grid::flatten(&self.left.grid(), &left), grid::flatten(&self.right.grid(), &right))
    }

    /// The axes of an operand that are those of the result.
    fn of_operand(
        &self,
        axes: &[usize],
        side: impl Fn((Option<usize>, Option<usize>)) -> Option<usize>,
    ) -> PerAxis<usize> {
        axes.iter().filter_map(|&axis| side(self.roles.out[axis])).collect()
    }
}

/// A block of the result while it is computed: a batch of matrices, row by row.
struct Sum {
    elements: TileBuf,
    /// Lengths of the axes, in the order in which they are computed.
    shape: PerAxis<usize>,
}

impl<T: Number> Blocks for ContractBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let (at, step) = self.at(block);
        if !step.is_multiple_of(self.steps.chain) {
            deps.push(Dep::own(block - 1));
        }
        for pair in self.steps.pairs(step) {
            let (left, right) = self.pair(&at, pair);
            deps.push(Dep::input(0, left));
            deps.push(Dep::input(1, right));
        }
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let (at, step) = self.at(block);
        let (mut sum, pairs) = match inputs {
            [before, pairs @ ..] if !step.is_multiple_of(self.steps.chain) => {
                (Some(self.handed_on(take_array::<T>(before)?)?), pairs)
            }
            pairs => (None, pairs),
        };
        let on_diagonal = self.symmetric && at[0] == at[1];
        let wanted = if on_diagonal { Wanted::Lower } else { Wanted::All };
        for pair in pairs.chunks_exact_mut(2) {
            let [left, right] = pair else { continue };
            let (left, right) = (left.take(), right.take());
            self.add(chunk_of::<T>(&left)?, chunk_of::<T>(&right)?, wanted, &mut sum)?;
        }
        let Some(mut sum) = sum else { return Err("a sum of products has a product".into()) };
        let is_last = (step + 1).is_multiple_of(self.steps.chain) || step + 1 == self.steps.steps;
        if on_diagonal && is_last {
            mirror(sum.elements.get::<T>()?, sum.shape[1]);
        }
        let elements = std::mem::take(sum.elements.get::<T>()?);
        let array = ArrayD::from_shape_vec(IxDyn(&sum.shape), elements)?;
        let mut back: PerAxis<usize> = smallvec::smallvec![0; sum.shape.len()];
        self.roles.order().iter().enumerate().for_each(|(at, &axis)| back[axis] = at);
        Ok(Chunk::new(array.permuted_axes(IxDyn(&back))).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "multiply".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let n = self.out.chunk_len(block / self.steps.steps);
        let (at, step) = self.at(block);
        let mut copies = self.steps.pairs(step).map(|pair| {
            let (left, right) = self.pair(&at, pair);
            let copied = |chunks: &Chunks, block| match chunks.ndim() {
                // The rows or the columns of such lie without gaps.
                0..=2 => Some(0),
                _ => chunks.chunk_len(block),
            };
            let copied = copied(&self.left, left)? + copied(&self.right, right)?;
            let n_packed = self.left.chunk_len(left)? + self.right.chunk_len(right)?;
            Some(copied * size_of::<T>() + PACKED_BYTES.min(n_packed * size_of::<T>()))
        });
        let scratch = copies.try_fold(0, |most, bytes| Some(most.max(bytes?)));
        match (n, scratch) {
            (Some(n), Some(scratch)) => {
                Bounds::output(chunk_bytes::<T>(n)).with_scratch(scratch as u64)
            }
            _ => Bounds::UNKNOWN,
        }
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

/// Of the operands, as much is packed for the caches while they are multiplied: in a buffer that
/// the thread keeps, of which no more than this is written to.
const PACKED_BYTES: usize = 4 << 20;

impl<T: Number> ContractBlocks<T> {
    /// The sum of the task before, to be added to in place.
    fn handed_on(&self, array: ArrayD<T>) -> Result<Sum, BoxError> {
        let array = array.permuted_axes(IxDyn(&self.roles.order()));
        let shape = array.shape().into();
        let elements = T::buffer(Chunk::new(array).into_row_major());
        Ok(Sum { elements, shape })
    }

    /// Adds the product of two chunks.
    fn add(
        &self,
        left: &Chunk<T>,
        right: &Chunk<T>,
        wanted: Wanted,
        sum: &mut Option<Sum>,
    ) -> Result<(), BoxError> {
        let (batch, rows, cols) = (self.roles.batch(), self.roles.rows(), self.roles.cols());
        let of_left = |axes: &[usize]| self.of_operand(axes, |(left, _)| left);
        let of_right = |axes: &[usize]| self.of_operand(axes, |(_, right)| right);
        let summed_left: PerAxis<usize> = self.roles.summed.iter().map(|pair| pair.0).collect();
        let summed_right: PerAxis<usize> = self.roles.summed.iter().map(|pair| pair.1).collect();
        let a = Operand::new(left, &of_left(&batch), &of_left(&rows), &summed_left);
        let b = Operand::new(right, &of_right(&batch), &summed_right, &of_right(&cols));
        let pairs = |axes: &[usize], chunk: &Chunk<T>| -> PerAxis<usize> {
            axes.iter().map(|&axis| chunk.shape()[axis]).collect()
        };
        let meets = pairs(&summed_left, left) == pairs(&summed_right, right)
            && pairs(&of_left(&batch), left) == pairs(&of_right(&batch), right);
        if !meets {
            let (found, expected) = (right.shape().into(), left.shape().into());
            return Err(ArrayError::Chunk { found, expected }.into());
        }
        let n = a.n_rows() * b.n_cols();
        let sum = sum.get_or_insert_with(|| Sum {
            elements: T::buffer(vec![T::ZERO; a.n_batch() * n]),
            shape: pairs(&of_left(&batch), left)
                .into_iter()
                .chain(pairs(&of_left(&rows), left))
                .chain(pairs(&of_right(&cols), right))
                .collect(),
        });
        if n == 0 || a.n_cols() == 0 {
            return Ok(());
        }
        for number in 0..a.n_batch() {
            let at = number * n..(number + 1) * n;
            multiply_into(&mut sum.elements, at, a.matrix(number), b.matrix(number), wanted);
        }
        Ok(())
    }
}

/// Copies what is below the diagonal of a square matrix to what is above it.
fn mirror<T: Copy>(elements: &mut [T], n: usize) {
    for row in 0..n {
        for col in row + 1..n {
            elements[row * n + col] = elements[col * n + row];
        }
    }
}
