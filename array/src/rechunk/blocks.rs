//! Putting chunks together from the parts of others.

use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, chunk_of};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::tile::check_shape;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, TypeInfo, Value, grid};
use ndarray::{ArrayD, Axis, IxDyn, Slice};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

/// How many elements a block has besides those of its place, as far as there are such.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Reach {
    pub(crate) before: usize,
    pub(crate) after: usize,
}

impl Reach {
    /// The positions of an axis of length `len` that a block at `range` has.
    pub(super) fn around(self, range: &Range<usize>, len: usize) -> Range<usize> {
        range.start.saturating_sub(self.before)..range.end.saturating_add(self.after).min(len)
    }
}

/// Each block is put together from the parts of the old chunks that lie in it.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct RechunkBlocks<T> {
    pub(super) grid: Vec<u32>,
    pub(super) from: Arc<Chunks>,
    pub(super) to: Arc<Chunks>,
    /// How many elements around its place a block has too, along each axis; nothing: none.
    pub(super) reach: PerAxis<Reach>,
    pub(super) name: Cow<'static, str>,
    pub(super) of: PhantomData<fn() -> T>,
}

/// The old chunks that a range of positions touches.
pub(super) fn touched(axis: &AxisChunks, range: &Range<usize>) -> Range<u32> {
    if range.is_empty() {
        return 0..1;
    }
    let chunk = |position| axis.chunk_of(position).unwrap_or(0) as u32;
    chunk(range.start)..chunk(range.end - 1) + 1
}

impl<T: Element> RechunkBlocks<T> {
    /// The positions that a block has along an axis; `None` of an axis of deferred length, which is
    /// cut as it was.
    fn range(&self, axis: usize, at: u32) -> Option<Range<usize>> {
        let range = self.to.axes()[axis].range(at as usize)?;
        match self.reach.get(axis) {
            Some(reach) => Some(reach.around(&range, self.from.axes()[axis].len()?)),
            None => Some(range),
        }
    }

    /// Along each axis: where the block lies, and the old chunks that it touches.
    fn touched(&self, block: u32) -> PerAxis<(Range<usize>, Range<u32>)> {
        let index = self.to.index_of(block);
        let axes = self.from.axes().iter().zip(&index).enumerate();
        axes.map(|(axis, (from, &at))| {
            let Some(range) = self.range(axis, at) else { return (0..0, at..at + 1) };
            let chunks = touched(from, &range);
            (range, chunks)
        })
        .collect()
    }
}

/// Calls `f` with every index of a box of chunks, the last axis running fastest.
pub(crate) fn each_index(ranges: &[Range<u32>], mut f: impl FnMut(&[u32])) {
    let mut index: PerAxis<u32> = ranges.iter().map(|range| range.start).collect();
    loop {
        f(&index);
        let mut axis = ranges.len();
        loop {
            let Some(before) = axis.checked_sub(1) else { return };
            axis = before;
            index[axis] += 1;
            if index[axis] < ranges[axis].end {
                break;
            }
            index[axis] = ranges[axis].start;
        }
    }
}

impl<T: Element> Blocks for RechunkBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let chunks: PerAxis<Range<u32>> =
            self.touched(block).into_iter().map(|(_, chunks)| chunks).collect();
        let grid = self.from.grid();
        each_index(&chunks, |index| {
            deps.push(Dep::input(0, grid::flatten(&grid, index)));
        });
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let axes = self.touched(block);
        let shape = self.shape(block, inputs)?;
        if let [one] = &mut inputs[..]
            && chunk_of::<T>(one)?.shape() == &shape[..]
        {
            return Ok(one.take());
        }
        let mut out = ArrayD::from_elem(IxDyn(&shape), T::default());
        let chunks: PerAxis<Range<u32>> = axes.iter().map(|(_, chunks)| chunks.clone()).collect();
        let mut inputs = inputs.iter_mut();
        let mut outcome = Ok(());
        each_index(&chunks, |index| {
            let copied =
                inputs.next().map_or(Ok(()), |input| self.copy(index, &axes, input, &mut out));
            if outcome.is_ok() {
                outcome = copied;
            }
        });
        outcome.map(|()| Chunk::new(out).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        self.name.clone()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let index = self.to.index_of(block);
        let len = |(axis, at): (usize, &u32)| self.range(axis, *at).map(|range| range.len());
        let n: Option<usize> = index.iter().enumerate().map(len).product();
        n.map_or(Bounds::UNKNOWN, |n| Bounds::output(chunk_bytes::<T>(n)))
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

impl<T: Element> RechunkBlocks<T> {
    /// The shape of a block; along axes of deferred length, that of its inputs.
    fn shape(&self, block: u32, inputs: &[Value]) -> Result<PerAxis<usize>, BoxError> {
        let index = self.to.index_of(block);
        let of_input = match inputs.first() {
            Some(input) => chunk_of::<T>(input)?.shape(),
            None => &[],
        };
        let axis = |(axis, at): (usize, &u32)| {
            let own = self.range(axis, *at).map(|range| range.len());
            let own = own.or_else(|| of_input.get(axis).copied());
            own.ok_or_else(|| format!("a chunk without axis {axis}").into())
        };
        index.iter().enumerate().map(axis).collect()
    }

    /// Copies what an old chunk has of the block, and lets go of it.
    fn copy(
        &self,
        index: &[u32],
        axes: &[(Range<usize>, Range<u32>)],
        input: &mut Value,
        out: &mut ArrayD<T>,
    ) -> Result<(), BoxError> {
        let input = input.take();
        let chunk = chunk_of::<T>(&input)?;
        let expected: PerAxis<usize> = (0..index.len())
            .map(|axis| {
                let own = self.from.axes()[axis].size(index[axis] as usize);
                own.unwrap_or_else(|| out.shape()[axis])
            })
            .collect();
        check_shape(chunk.shape(), &expected)?;
        let (mut to, mut from) = (out.view_mut(), chunk.view());
        for (axis, (block, _)) in axes.iter().enumerate() {
            // Along an axis of deferred length both are cut alike.
            let Some(old) = self.from.axes()[axis].range(index[axis] as usize) else { continue };
            let (start, end) = (old.start.max(block.start), old.end.min(block.end));
            if start >= end {
                // An empty block takes nothing of the chunk that stands for its input.
                return Ok(());
            }
            let inside = |base: usize| Slice::from(start - base..end - base);
            to.slice_axis_inplace(Axis(axis), inside(block.start));
            from.slice_axis_inplace(Axis(axis), inside(old.start));
        }
        to.assign(&from);
        Ok(())
    }
}
