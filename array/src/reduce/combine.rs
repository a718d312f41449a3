//! [`Combine`]: one level of the tree that joins partial results.

use super::finish::Finish;
use super::partial::{Partial, known_partial_bytes, take_partial};
use super::reducer::Reducer;
use crate::chunks::PerAxis;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, TypeInfo, Value, grid};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;

/// Partial results that one task joins, over all reduced axes together.
const FAN_IN: f64 = 16.0;

/// Groups beside each other that need no smaller ones to keep all workers busy.
const MANY_SIDE_BY_SIDE: u32 = 64;

/// Joins neighbouring blocks along the reduced axes. Blocks of its inputs may be partial results or
/// chunks that are reduced here; see [`super::direct`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct Combine<R: Reducer> {
    pub(super) groups: Groups,
    /// The grid of the layer: without the reduced axes at the last level.
    pub(super) grid: Vec<u32>,
    pub(super) finish: Finish<R>,
    /// Whether this is the last level.
    pub(super) is_last: bool,
    /// The most positions that a block keeps, if it is known.
    pub(super) n_kept: Option<usize>,
}

/// Blocks in groups: so many along each axis.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Groups {
    pub(super) from: Vec<u32>,
    pub(super) to: Vec<u32>,
    size: PerAxis<u32>,
}

impl Groups {
    /// Groups of at most about `most` blocks along the reduced axes.
    pub(super) fn new(from: &[u32], reduced: &[bool], most: f64) -> Groups {
        let is_cut = |axis: usize| reduced[axis] && from[axis] > 1;
        let n_cut = (0..from.len()).filter(|&axis| is_cut(axis)).count().max(1);
        let each = (most.powf(1.0 / n_cut as f64).round() as u32).max(2);
        let size: PerAxis<u32> = (0..from.len())
            .map(|axis| if is_cut(axis) { each.min(from[axis]) } else { 1 })
            .collect();
        let to = from.iter().zip(&size).map(|(n, size)| n.div_ceil(*size)).collect();
        Groups { from: from.to_vec(), to, size }
    }

    /// Groups for a level of the tree.
    pub(super) fn of_tree(from: &[u32], reduced: &[bool]) -> Groups {
        Groups::new(from, reduced, FAN_IN)
    }

    /// Groups of chunks that are reduced by one task each. Where there are many groups side by side,
    /// larger ones keep all workers busy too, and leave less to join.
    pub(super) fn of_chunks(from: &[u32], reduced: &[bool]) -> Groups {
        let kept = from.iter().zip(reduced).filter(|(_, reduced)| !**reduced);
        let n_kept = kept.fold(1u32, |all, (n, _)| all.saturating_mul(*n));
        Groups::new(from, reduced, if n_kept < MANY_SIDE_BY_SIDE { FAN_IN } else { 4.0 * FAN_IN })
    }

    /// The most blocks that a group has.
    pub(super) fn most_members(&self) -> usize {
        self.size.iter().map(|n| *n as usize).product()
    }

    /// Whether there is one group along each reduced axis.
    pub(super) fn is_last(&self, reduced: &[bool]) -> bool {
        self.to.iter().zip(reduced).all(|(n, reduced)| !reduced || *n == 1)
    }

    /// The blocks of a group, the last axis running fastest.
    pub(super) fn members(&self, group: u32) -> Vec<u32> {
        let index = grid::unflatten(&self.to, group);
        let ranges: PerAxis<Range<u32>> = (0..index.len())
            .map(|axis| {
                let start = index[axis] * self.size[axis];
                start..(start + self.size[axis]).min(self.from[axis])
            })
            .collect();
        let n: u32 = ranges.iter().map(ExactSizeIterator::len).map(|n| n as u32).product();
        let lens: Vec<u32> = ranges.iter().map(|range| range.end - range.start).collect();
        let member = |number| {
            let inside = grid::unflatten(&lens, number);
            let at: PerAxis<u32> =
                ranges.iter().zip(&inside).map(|(range, at)| range.start + at).collect();
            grid::flatten(&self.from, &at)
        };
        (0..n).map(member).collect()
    }
}

impl<R: Reducer> Combine<R> {
    fn done(&self, partial: Partial<R::Acc>) -> Result<Value, BoxError> {
        if self.is_last { self.finish.finish(&partial) } else { Ok(Value::data(partial)) }
    }
}

impl<R: Reducer> Blocks for Combine<R> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.extend(self.groups.members(block).into_iter().map(|block| Dep::input(0, block)));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let Some((first, others)) = inputs.split_first_mut() else {
            return Err("there is nothing to join".into());
        };
        let mut joined = take_partial::<R::Acc>(first)?;
        for other in others {
            let other = other.take();
            joined.join(other.get::<Partial<R::Acc>>()?, &self.finish.reducer)?;
        }
        self.done(joined)
    }

    fn op_name(&self) -> Cow<'_, str> {
        format!("{}-combine", R::NAME).into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        match (self.is_last, self.n_kept.and_then(known_partial_bytes::<R::Acc>)) {
            // The accumulators that are joined, and the result.
            (true, Some(partial)) => self.finish.output_bytes(block).with_scratch(partial),
            (false, Some(partial)) => Bounds::output(partial),
            (_, None) => Bounds::UNKNOWN,
        }
    }

    fn ship(&self) -> Result<Shipment, String> {
        let output = match self.is_last {
            true => TypeInfo::data::<crate::chunk::Chunk<R::Out>>(),
            false => TypeInfo::data::<Partial<R::Acc>>(),
        };
        Ok(Shipment::of_blocks(self)?.with_output(output))
    }
}
