//! `select`: the elements, rows or columns whose flag is set.

use crate::array::{Array, Built};
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_of};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of};
use crate::extent::Extent;
use crate::rechunk::rechunk;
use chunkwise_graph::{
    AxisMap, Block, BlockMap, Blocks, Blockwise, Bounds, BoxError, Dep, Kernel, Layer, Shipment,
    Tokenizer, TypeInfo, Value, grid,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

impl<T: Element> Array<T> {
    /// The elements whose flag is set, in row-major order: an array of one axis, whose length is
    /// deferred. A mask of fewer axes is of the leading ones: it selects rows.
    ///
    /// Arrays of deferred length can be computed with, element by element and in reductions;
    /// [`Resolve::resolve`](chunkwise_graph::Resolve::resolve) finds the lengths. Arrays that are cut along several masked axes are cut
    /// otherwise first, along the leading ones only, in chunks as large as before.
    ///
    /// It is an error if the mask has other lengths than the leading axes.
    ///
    /// # Complexity
    /// O(elements), in one pass with what makes the array and the mask if these are cut along one of
    /// the masked axes only; a task for each chunk.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::array;
    /// let x = Array::from_ndarray(&array![[1, -2], [-3, 4], [5, 6]], 2);
    /// let is_positive = x.map(|x| x > 0);
    /// assert_eq!(x.select(&is_positive).compute()?, array![1, 4, 5, 6].into_dyn());
    /// let rows = Array::from_ndarray(&array![true, false, true], 2);
    /// assert_eq!(x.select(&rows).compute()?, array![[1, -2], [5, 6]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn select(&self, mask: &Array<bool>) -> Array<T> {
        Array::build("select", &[&self.node, &mask.node], |made_at| {
            select_along(self, mask, 0, made_at)
        })
    }

    /// The elements whose flag is set, in row-major order, as [`Array::select`], of a mask of the
    /// same shape.
    ///
    /// It is an error if the shapes differ.
    #[track_caller]
    pub fn extract(&self, mask: &Array<bool>) -> Array<T> {
        Array::build("extract", &[&self.node, &mask.node], |made_at| {
            if mask.ndim() != self.ndim() {
                return Err(wrong_mask(self, mask, 0));
            }
            select_along(self, mask, 0, made_at)
        })
    }
}

fn wrong_mask<T: Element>(x: &Array<T>, mask: &Array<bool>, axis: usize) -> ArrayError {
    let shape = x.shape();
    let masked = &shape[axis..(axis + mask.ndim()).min(shape.len())];
    let expected = format!("a mask of shape {} belongs", crate::extent::tuple_text(masked));
    ArrayError::shape(expected, &mask.shape())
}

/// What of `x` has its flag set in a mask of the axes from `axis` on, which become one.
pub(super) fn select_along<T: Element>(
    x: &Array<T>,
    mask: &Array<bool>,
    axis: usize,
    made_at: &'static Location<'static>,
) -> Built {
    let behind = axis + mask.ndim();
    let fits = |(own, flag): (&AxisChunks, &AxisChunks)| match (own.extent(), flag.extent()) {
        (Extent::Deferred, Extent::Deferred) => own.n_chunks() == flag.n_chunks(),
        (own, flag) => own == flag,
    };
    let own = x.chunks().axes();
    if behind > own.len() || !own[axis..behind].iter().zip(mask.chunks().axes()).all(fits) {
        return Err(wrong_mask(x, mask, axis));
    }
    let masked = row_major_cut(&own[axis..behind], mask.chunks().axes(), axis)?;
    let all = own[..axis].iter().chain(&masked).chain(&own[behind..]);
    let inputs = [
        rechunk(x.node.clone(), all.cloned().collect(), made_at),
        rechunk(mask.node.clone(), masked.iter().cloned().collect(), made_at),
    ];
    let token = Tokenizer::of("select", &(inputs[0].token, inputs[1].token, axis));
    let n_chunks = masked.iter().map(AxisChunks::n_chunks).product();
    let length =
        AxisChunks::deferred(n_chunks, Tokenizer::of("selected", &(inputs[1].token, axis)));
    let axes = own[..axis].iter().chain([&length]).chain(&own[behind..]);
    let operation = Selected::<T> { axis, of: PhantomData };
    Ok(Node::new(operation, inputs, T::DTYPE, axes.cloned().collect::<Chunks>(), token, made_at))
}

/// A cut of the masked axes with which chunks follow one another in the order of their elements:
/// axes of which each chunk has one position, then one that is cut, then whole ones. Chunks hold
/// about as many elements as the array's.
///
/// # Errors
/// [`ArrayError::Deferred`] if an axis of deferred length would have to be cut otherwise.
fn row_major_cut(
    own: &[AxisChunks],
    mask: &[AxisChunks],
    first_axis: usize,
) -> Result<PerAxis<AxisChunks>, ArrayError> {
    let is_whole = |axis: &AxisChunks| axis.n_chunks() == 1;
    if own.iter().skip(1).all(is_whole) {
        return Ok(own.iter().cloned().collect());
    }
    let deferred = |axes: &[AxisChunks]| axes.iter().position(|axis| axis.len().is_none());
    if let Some(axis) = deferred(own).or(deferred(mask)) {
        return Err(ArrayError::Deferred { operation: "select", axis: first_axis + axis });
    }
    let largest = |axis: &AxisChunks| axis.largest().unwrap_or(1).max(1);
    let most = own.iter().map(largest).fold(1usize, usize::saturating_mul);
    let mut row = 1usize;
    let mut cuts: PerAxis<AxisChunks> = PerAxis::new();
    for axis in own.iter().rev() {
        let len = axis.len().unwrap_or(0);
        let size = (most / row).clamp(1, len.max(1));
        cuts.push(AxisChunks::regular(len, size));
        // Only one axis is cut: before it all chunks have one position.
        row = if size < len { usize::MAX } else { row.saturating_mul(len.max(1)) };
    }
    cuts.reverse();
    Ok(cuts)
}

/// What of the first input has its flag set in the second one.
struct Selected<T> {
    axis: usize,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Operation for Selected<T> {
    fn name(&self) -> &'static str {
        "select"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let [x, mask] = node.inputs() else { return Arc::clone(&inputs[0]) };
        let kernel = SelectKernel::<T> {
            axis: self.axis,
            n_masked: mask.chunks.ndim(),
            from: Arc::clone(&x.chunks),
            of: PhantomData,
        };
        let (grid, mask_grid) = (node.chunks.grid(), mask.chunks.grid());
        // Blocks of one grid can be paired with those of another one axis by axis only.
        let cut = mask_grid.iter().position(|&n| n > 1);
        if mask_grid.iter().filter(|n| **n > 1).count() > 1 {
            let blocks = SelectBlocks { grid, kernel, mask_grid };
            return layer_of(node, inputs.iter().cloned(), blocks);
        }
        let of_mask = |at: usize| match cut == Some(at) {
            true => AxisMap::Out(self.axis as u8),
            false => AxisMap::One,
        };
        let n_masked = mask_grid.len();
        let of_x = |at: usize| match at.checked_sub(self.axis) {
            None => AxisMap::Out(at as u8),
            Some(masked) if masked < n_masked => of_mask(masked),
            Some(_) => AxisMap::Out((at + 1 - n_masked) as u8),
        };
        let maps = vec![
            BlockMap::Axes {
                grid: x.chunks.grid(),
                axes: (0..x.chunks.ndim()).map(of_x).collect(),
            },
            BlockMap::Axes { grid: mask_grid, axes: (0..n_masked).map(of_mask).collect() },
        ];
        let blocks = Blockwise::new(grid, maps, "select", kernel);
        layer_of(node, inputs.iter().cloned(), blocks)
    }
}

/// Picks the elements of a chunk whose flag is set.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct SelectKernel<T> {
    /// The first masked axis.
    axis: usize,
    n_masked: usize,
    from: Arc<Chunks>,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> SelectKernel<T> {
    fn pick(&self, x: &Chunk<T>, mask: &Chunk<bool>) -> Result<Chunk<T>, BoxError> {
        let behind = self.axis + self.n_masked;
        let masked = x.shape().get(self.axis..behind);
        if masked != Some(mask.shape()) {
            let (found, expected) = (mask.shape().into(), masked.unwrap_or(&[]).into());
            return Err(ArrayError::Chunk { found, expected }.into());
        }
        let n_set = mask.in_memory_order().iter().filter(|flag| **flag).count();
        let outer: usize = x.shape()[..self.axis].iter().product();
        let run: usize = x.shape()[behind..].iter().product();
        let mut out: Vec<T> = Vec::with_capacity(outer * n_set * run);
        let flags = mask.view();
        let flags = || flags.iter().copied();
        match x.as_slice() {
            Some(x) if run == 1 => {
                let rows = x.chunks(mask.view().len().max(1));
                rows.for_each(|row| push_set(&mut out, row, flags()));
            }
            Some(x) => {
                let runs = x.chunks(run.max(1));
                let flags = (0..outer).flat_map(|_| flags());
                runs.zip(flags)
                    .filter(|(_, flag)| *flag)
                    .for_each(|(run, _)| out.extend_from_slice(run));
            }
            None => {
                let x = x.view();
                let flags = (0..outer)
                    .flat_map(|_| flags())
                    .flat_map(|flag| std::iter::repeat_n(flag, run));
                out.extend(x.iter().zip(flags).filter(|(_, flag)| *flag).map(|(x, _)| *x));
            }
        }
        let shape = [&x.shape()[..self.axis], &[n_set], &x.shape()[behind..]].concat();
        Ok(Chunk::from_vec(&shape, out)?)
    }

    /// At most as many bytes as the block of the input has.
    fn bytes_of(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.from, block)
    }
}

/// Appends the elements whose flag is set.
fn push_set<T: Copy>(out: &mut Vec<T>, row: &[T], flags: impl Iterator<Item = bool>) {
    out.extend(row.iter().zip(flags).filter(|(_, flag)| *flag).map(|(element, _)| *element));
}

impl<T: Element> Kernel for SelectKernel<T> {
    fn call(&self, _: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let [x, mask] = arguments else { return Err("an array and a mask are given".into()) };
        Ok(self.pick(chunk_of(x)?, chunk_of(mask)?)?.into_value())
    }

    /// Blocks of the input are numbered as those of the result: the masked axes follow one another.
    fn bytes(&self, block: Block<'_>) -> Bounds {
        self.bytes_of(block.number)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

/// The same, where several masked axes are cut.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct SelectBlocks<T> {
    grid: Vec<u32>,
    mask_grid: Vec<u32>,
    kernel: SelectKernel<T>,
}

impl<T: Element> Blocks for SelectBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, block));
        deps.push(Dep::input(1, grid::unflatten(&self.grid, block)[self.kernel.axis]));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [x, mask] = inputs else { return Err("an array and a mask are given".into()) };
        Ok(self.kernel.pick(chunk_of(x)?, chunk_of(mask)?)?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "select".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        self.kernel.bytes_of(block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_keep_the_order_of_elements() {
        let own = [(6, 2), (10, 5), (4, 4)].map(|(len, size)| AxisChunks::regular(len, size));
        let cut = row_major_cut(&own, &own, 0).unwrap();
        let sizes: Vec<_> = cut.iter().map(|axis| axis.regular_size().unwrap()).collect();
        assert_eq!(sizes, [1, 10, 4]);
        let own = [(6, 2), (10, 5), (40, 20)].map(|(len, size)| AxisChunks::regular(len, size));
        let cut = row_major_cut(&own, &own, 0).unwrap();
        let sizes: Vec<_> = cut.iter().map(|axis| axis.regular_size().unwrap()).collect();
        assert_eq!(sizes, [1, 5, 40]);
        let alone = [AxisChunks::of_sizes([3, 0, 1]), AxisChunks::whole(7)];
        assert_eq!(row_major_cut(&alone, &alone, 0).unwrap()[..], alone);
    }
}
