//! The tasks of a sort that leaves memory: runs, one barrier, merges.

use super::run::{Runs, SortedRun};
use super::windows::Windows;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, row_major, take_array};
use crate::element::Real;
use crate::sort::{order, sort_lane};
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::Range;

/// What comes out: the elements, or where they were.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) enum Wanted {
    Elements,
    Positions,
}

/// What all tasks of one sort know.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Axis {
    pub(super) chunks: AxisChunks,
    pub(super) wanted: Wanted,
    pub(super) step: usize,
}

impl Axis {
    /// Samples are taken so densely that a merge reads about half a chunk too much: four for each
    /// pair of runs.
    pub(super) fn new(chunks: AxisChunks, wanted: Wanted) -> Axis {
        let step = chunks.largest().unwrap_or(0) / (4 * chunks.n_chunks());
        Axis { chunks, wanted, step: step.max(1) }
    }

    fn range(&self, chunk: u32) -> Range<usize> {
        self.chunks.range(chunk as usize).unwrap_or(0..0)
    }

    fn grid(&self) -> [u32; 1] {
        [u32::try_from(self.chunks.n_chunks()).unwrap_or(u32::MAX)]
    }
}

/// Each block sorts a chunk and puts it away.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct RunBlocks<T> {
    grid: [u32; 1],
    axis: Axis,
    of: PhantomData<fn() -> T>,
}

/// One task that finds for each chunk of the result which parts of the runs it is merged from; it
/// moves no elements.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct SplitBlock<T> {
    axis: Axis,
    of: PhantomData<fn() -> T>,
}

/// Each block merges a chunk of the result.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct MergeBlocks<T> {
    grid: [u32; 1],
    axis: Axis,
    of: PhantomData<fn() -> T>,
}

impl<T: Real> RunBlocks<T> {
    pub(super) fn new(axis: Axis) -> RunBlocks<T> {
        RunBlocks { grid: axis.grid(), axis, of: PhantomData }
    }
}

impl<T: Real> SplitBlock<T> {
    pub(super) fn new(axis: Axis) -> SplitBlock<T> {
        SplitBlock { axis, of: PhantomData }
    }
}

impl<T: Real> MergeBlocks<T> {
    pub(super) fn new(axis: Axis) -> MergeBlocks<T> {
        MergeBlocks { grid: axis.grid(), axis, of: PhantomData }
    }
}

/// Bytes of `n` elements beside their positions, and of sorting them: the pairs once more.
fn pairs_bytes<T>(n: usize) -> u64 {
    n.saturating_mul(2 * size_of::<(T, u64)>() + size_of::<T>() + 8) as u64
}

/// Elements beside their positions, in ascending order; equal ones stay in theirs.
fn sorted_pairs<T: Real>(keys: &[T], positions: impl Iterator<Item = u64>) -> Vec<(T, u64)> {
    let mut pairs: Vec<(T, u64)> = Vec::with_capacity(keys.len());
    pairs.extend(keys.iter().copied().zip(positions));
    pairs.sort_by(|a, b| order(&a.0, &b.0));
    pairs
}

impl<T: Real> Blocks for RunBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, block));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let input = inputs.first_mut().ok_or("a run without a chunk")?;
        let mut keys = row_major(take_array::<T>(input)?);
        let range = self.axis.range(block);
        if keys.len() != range.len() {
            return Err("a chunk of another length than was promised".into());
        }
        let step = self.axis.step;
        if self.axis.wanted == Wanted::Elements {
            sort_lane(&mut keys);
            return Ok(Value::data(SortedRun::new(&keys, None, step)?));
        }
        let pairs = sorted_pairs(&keys, range.start as u64..);
        let positions: Vec<u64> = pairs.iter().map(|pair| pair.1).collect();
        keys.iter_mut().zip(&pairs).for_each(|(key, pair)| *key = pair.0);
        Ok(Value::data(SortedRun::new(&keys, Some(&positions), step)?))
    }

    fn op_name(&self) -> Cow<'_, str> {
        "sort-run".into()
    }

    /// A chunk that others hold too is copied, and sorting needs as much again.
    fn bytes(&self, block: u32) -> Bounds {
        let n = self.axis.range(block).len();
        let output = SortedRun::<T>::nbytes_at_most(n, self.axis.step);
        let scratch = match self.axis.wanted {
            Wanted::Elements => n.saturating_mul(2 * size_of::<T>()) as u64,
            Wanted::Positions => pairs_bytes::<T>(n),
        };
        Bounds::output(output).with_scratch(scratch)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<SortedRun<T>>()))
    }
}

impl<T: Real> Blocks for SplitBlock<T> {
    fn grid(&self) -> &[u32] {
        &[]
    }

    fn deps(&self, _block: u32, deps: &mut Vec<Dep>) {
        deps.extend((0..self.axis.grid()[0]).map(|run| Dep::input(0, run)));
    }

    fn run(&self, _block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let runs = inputs.iter_mut().map(|input| input.take().take_or_clone());
        let runs: Vec<SortedRun<T>> = runs.collect::<Result<_, _>>()?;
        let ranges: Vec<Range<usize>> =
            (0..self.axis.grid()[0]).map(|chunk| self.axis.range(chunk)).collect();
        Ok(Value::data(Runs::new(runs, self.axis.step, &ranges)))
    }

    fn op_name(&self) -> Cow<'_, str> {
        "sort-split".into()
    }

    fn bytes(&self, _block: u32) -> Bounds {
        let (n, largest) = (self.axis.chunks.n_chunks(), self.axis.chunks.largest().unwrap_or(0));
        let output = Runs::<T>::nbytes_at_most(n, largest, n);
        // Lists of the runs, their samples, their lengths, the ranges, the heads of the walk.
        let run = size_of::<SortedRun<T>>() + 128;
        Bounds::output(output).with_scratch(n.saturating_mul(2 * run) as u64)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Runs<T>>()))
    }
}

impl<T: Real> Blocks for MergeBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, _block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, 0));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let runs: &Runs<T> = inputs.first().ok_or("a merge without runs")?.get()?;
        let (chunk, range) = (block as usize, self.axis.range(block));
        // Runs lie in the order of the chunks, so that a stable sort is the merge.
        let mut keys = runs.read_keys(chunk)?;
        let start = range.start - runs.n_before(chunk).min(range.start);
        let own = start..start + range.len();
        let missing = || "runs that have fewer elements than their chunks";
        if self.axis.wanted == Wanted::Elements {
            sort_lane(&mut keys);
            let own = keys.get(own).ok_or_else(missing)?.to_vec();
            return Ok(Chunk::from_vec(&[range.len()], own)?.into_value());
        }
        let positions = runs.read_positions(chunk)?;
        let pairs = sorted_pairs(&keys, positions.into_iter());
        let own = pairs.get(own).ok_or_else(missing)?.iter().map(|pair| pair.1).collect();
        Ok(Chunk::<u64>::from_vec(&[range.len()], own)?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "sort-merge".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let n = self.axis.range(block).len();
        let excess = Windows::excess(self.axis.chunks.n_chunks(), self.axis.step);
        let held = n.saturating_add(excess).min(self.axis.chunks.len().unwrap_or(usize::MAX));
        match self.axis.wanted {
            Wanted::Elements => {
                let scratch = held.saturating_mul(2 * size_of::<T>());
                Bounds::output(chunk_bytes::<T>(n)).with_scratch(scratch as u64)
            }
            Wanted::Positions => {
                Bounds::output(chunk_bytes::<u64>(n)).with_scratch(pairs_bytes::<T>(held))
            }
        }
    }

    fn ship(&self) -> Result<Shipment, String> {
        let output = match self.axis.wanted {
            Wanted::Elements => TypeInfo::data::<Chunk<T>>(),
            Wanted::Positions => TypeInfo::data::<Chunk<u64>>(),
        };
        Ok(Shipment::of_blocks(self)?.with_output(output))
    }
}
