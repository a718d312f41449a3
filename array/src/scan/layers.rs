//! The layers of a scan: totals of chunks, what comes before each chunk, and the scan itself.

use super::custom::Scan;
use super::node::FAN_IN;
use crate::chunk::{Chunk, chunk_bytes, chunk_of, take_array};
use crate::chunks::Chunks;
use crate::tile::check_shape;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, TypeInfo, Value, grid};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

/// What is scanned along which axis, in a layer with this grid.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct Lanes<S: Scan> {
    pub(super) scan: S,
    pub(super) axis: usize,
    pub(super) grid: Vec<u32>,
    /// The most lanes in a block, if it is known.
    pub(super) n_across: Option<usize>,
}

impl<S: Scan> Lanes<S> {
    /// The block of another layer that lies like `block`, but at another place along the axis.
    fn at(&self, block: u32, to: &[u32], place: impl Fn(u32) -> u32) -> u32 {
        let mut index = grid::unflatten(&self.grid, block);
        index[self.axis] = place(index[self.axis]);
        grid::flatten(to, &index)
    }

    fn place(&self, block: u32) -> u32 {
        grid::unflatten(&self.grid, block)[self.axis]
    }

    /// Joins slices, one behind the other.
    fn join(&self, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let Some((first, others)) = inputs.split_first_mut() else {
            return Err("there is nothing to join".into());
        };
        if others.is_empty() {
            return Ok(first.take());
        }
        let mut joined = take_array::<S::Out>(first)?;
        for other in others {
            let other = other.take();
            let other = chunk_of::<S::Out>(&other)?;
            check_shape(other.shape(), joined.shape())?;
            joined.zip_mut_with(&other.view(), |a, b| *a = self.scan.join(*a, *b));
        }
        Ok(Chunk::new(joined).into_value())
    }

    fn slice_bytes(&self) -> Bounds {
        match self.n_across {
            Some(n) => Bounds::output(chunk_bytes::<S::Out>(n)),
            None => Bounds::UNKNOWN,
        }
    }
}

/// Totals of neighbouring groups of slices.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct Joins<S: Scan> {
    pub(super) lanes: Lanes<S>,
    /// The grid of the slices.
    pub(super) from: Vec<u32>,
}

impl<S: Scan> Blocks for Joins<S> {
    fn grid(&self) -> &[u32] {
        &self.lanes.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let first = self.lanes.place(block) * FAN_IN;
        let end = (first + FAN_IN).min(self.from[self.lanes.axis]);
        deps.extend((first..end).map(|at| Dep::input(0, self.lanes.at(block, &self.from, |_| at))));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        self.lanes.join(inputs)
    }

    fn op_name(&self) -> Cow<'_, str> {
        format!("{}-join", S::NAME).into()
    }

    fn bytes(&self, _: u32) -> Bounds {
        self.lanes.slice_bytes()
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<S::Out>>()))
    }
}

/// What a carry is joined of.
#[derive(Serialize, Deserialize)]
pub(super) enum Carry {
    /// The carry before, and the total of the chunk between.
    Chain,
    /// The carry of the group, in a layer with this grid, and the totals in the group before.
    Tree { upper: Option<Vec<u32>> },
}

/// What comes before each chunk but the first: block k belongs to chunk k + 1.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct Carries<S: Scan> {
    pub(super) lanes: Lanes<S>,
    /// The grid of the totals.
    pub(super) from: Vec<u32>,
    pub(super) carry: Carry,
}

impl<S: Scan> Blocks for Carries<S> {
    fn grid(&self) -> &[u32] {
        &self.lanes.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let (lanes, place) = (&self.lanes, self.lanes.place(block));
        let total = |at| Dep::input(0, lanes.at(block, &self.from, |_| at));
        match &self.carry {
            Carry::Chain => {
                if place > 0 {
                    deps.push(Dep::own(lanes.at(block, &lanes.grid, |at| at - 1)));
                }
                deps.push(total(place));
            }
            Carry::Tree { upper } => {
                let chunk = place + 1;
                let group = chunk / FAN_IN;
                if let (Some(upper), Some(before)) = (upper, group.checked_sub(1)) {
                    deps.push(Dep::input(1, lanes.at(block, upper, |_| before)));
                }
                deps.extend((group * FAN_IN..chunk).map(total));
            }
        }
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        self.lanes.join(inputs)
    }

    fn op_name(&self) -> Cow<'_, str> {
        format!("{}-carry", S::NAME).into()
    }

    fn bytes(&self, _: u32) -> Bounds {
        self.lanes.slice_bytes()
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<S::Out>>()))
    }
}

/// The scan of each chunk, from what comes before it; or its total alone.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct Apply<S: Scan> {
    pub(super) lanes: Lanes<S>,
    pub(super) chunks: Arc<Chunks>,
    /// The grid of the carries, if there are some.
    pub(super) carries: Option<Vec<u32>>,
    pub(super) is_total: bool,
}

impl<S: Scan> Apply<S> {
    /// Scans lanes of `n` elements, `inner` elements apart, from `now`.
    fn scan(&self, elements: &[S::In], n: usize, inner: usize, now: &mut [S::Out]) -> Vec<S::Out> {
        let scan = &self.lanes.scan;
        let mut out = Vec::with_capacity(if self.is_total { 0 } else { elements.len() });
        let step = (n * inner).max(1);
        for (lane, now) in elements.chunks(step).zip(now.chunks_mut(inner.max(1))) {
            if let [now] = now {
                // One after the other: what has been stays in a register.
                let mut acc = *now;
                for element in lane {
                    acc = scan.join(acc, scan.term(*element));
                    if !self.is_total {
                        out.push(acc);
                    }
                }
                *now = acc;
                continue;
            }
            for row in lane.chunks(inner.max(1)) {
                for (now, element) in now.iter_mut().zip(row) {
                    *now = scan.join(*now, scan.term(*element));
                }
                if !self.is_total {
                    out.extend_from_slice(now);
                }
            }
        }
        out
    }
}

impl<S: Scan> Blocks for Apply<S> {
    fn grid(&self) -> &[u32] {
        &self.lanes.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, block));
        if let Some(carries) = &self.carries
            && self.lanes.place(block) > 0
        {
            deps.push(Dep::input(1, self.lanes.at(block, carries, |at| at - 1)));
        }
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let Some((input, carry)) = inputs.split_first_mut() else {
            return Err("there is nothing to scan".into());
        };
        let input = input.take();
        let chunk = chunk_of::<S::In>(&input)?;
        let (axis, mut across) = (self.lanes.axis, chunk.shape().to_vec());
        let n = std::mem::replace(&mut across[axis], 1);
        let inner: usize = across[axis..].iter().product();
        let mut now = match carry {
            [carry] => {
                let carry = carry.take().take_or_clone::<Chunk<S::Out>>()?;
                check_shape(carry.shape(), &across)?;
                carry.into_row_major()
            }
            _ => vec![self.lanes.scan.start(); across.iter().product()],
        };
        let out = self.scan(&chunk.row_major(), n, inner, &mut now);
        let chunk = match self.is_total {
            true => Chunk::from_vec(&across, now)?,
            false => Chunk::from_vec(chunk.shape(), out)?,
        };
        Ok(chunk.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        match self.is_total {
            true => format!("{}-total", S::NAME).into(),
            false => S::NAME.into(),
        }
    }

    fn bytes(&self, block: u32) -> Bounds {
        let (Some(n), Some(n_across)) = (self.chunks.chunk_len(block), self.lanes.n_across) else {
            return Bounds::UNKNOWN;
        };
        let copy = n.saturating_mul(size_of::<S::In>()) as u64;
        match self.is_total {
            true => self.lanes.slice_bytes().with_scratch(copy),
            false => {
                let now = n_across.saturating_mul(size_of::<S::Out>()) as u64;
                Bounds::output(chunk_bytes::<S::Out>(n)).with_scratch(copy + 2 * now)
            }
        }
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<S::Out>>()))
    }
}
