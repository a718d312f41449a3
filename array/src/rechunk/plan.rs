//! Planning a rechunking in stages, so that no task holds too much and tasks are not linked to too
//! many others.
//!
//! One stage makes each new chunk from all old chunks that it touches. From rows to columns these
//! are all of them: every task holds a slice of everything, and `n` chunks have `n²` links. Between
//! the two, chunks of intermediate shapes are put, so that from stage to stage an axis grows or
//! shrinks by the same factor.
//!
//! After `plan_rechunk` of Dask (`dask/array/rechunk.py`), which alternates between splitting and
//! merging, and the multistage plans of Cubed and rechunker (`cubed/vendor/rechunker/algorithm.py`),
//! which interpolate between the two shapes. Here cuts of intermediate stages fall on cuts of the
//! old or the new chunks, whichever are finer, so that stages do not cut across one another.

use super::blocks::touched;
use crate::axis_chunks::AxisChunks;
use crate::chunks::Chunks;
use std::fmt;

/// What a rechunking may cost; see [`Array::rechunk_with`](crate::Array::rechunk_with).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct RechunkOptions {
    /// What a task may hold, in bytes: the new chunk and the old ones that it takes from.
    pub limit_bytes: u64,
    /// How many dependencies the tasks of one stage may have together.
    pub max_edges: u64,
    /// Whether the sizes that were asked for are evened out, so that no small chunk is left at an
    /// end.
    pub balance: bool,
    /// By which tasks it is done.
    pub method: RechunkMethod,
}

/// By which tasks an array is cut again. The result is the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum RechunkMethod {
    /// As [`RechunkMethod::Tasks`], unless the array is lowered under a memory limit and that would
    /// hold too much of it. What is too much: the array is larger than half of the limit, and the
    /// plan has several stages (all of the array lies between two of them), or a task of its only
    /// one holds more than an eighth of the limit. Then it is [`RechunkMethod::Exchange`], as far as
    /// its tables (16 bytes for each pair of an old and a new chunk) are no larger than an eighth of
    /// the limit, or than what a task would hold.
    #[default]
    Auto,
    /// Each new chunk is put together from the old ones that it touches, in the stages of a
    /// [`RechunkPlan`].
    Tasks,
    /// Each old chunk is packed by new chunks, into bytes that may leave memory, and each new chunk
    /// reads its pieces: a task holds two chunks, and there are as many tasks and dependencies as
    /// there are old and new chunks. For arrays much larger than memory. Lengths that are deferred
    /// stay with [`RechunkMethod::Tasks`].
    Exchange,
}

impl RechunkOptions {
    /// 512 MiB (four chunks of the default size) a task; four million dependencies; sizes as they
    /// were asked for.
    pub const DEFAULT: RechunkOptions = RechunkOptions {
        limit_bytes: 512 << 20,
        max_edges: 1 << 22,
        balance: false,
        method: RechunkMethod::Auto,
    };

    /// The same with another limit on the bytes of a task.
    #[must_use]
    pub const fn limit_bytes(self, limit_bytes: u64) -> RechunkOptions {
        RechunkOptions { limit_bytes, ..self }
    }

    /// The same with another limit on the dependencies of a stage.
    #[must_use]
    pub const fn max_edges(self, max_edges: u64) -> RechunkOptions {
        RechunkOptions { max_edges, ..self }
    }

    /// The same, by these tasks.
    #[must_use]
    pub const fn method(self, method: RechunkMethod) -> RechunkOptions {
        RechunkOptions { method, ..self }
    }

    /// The same with sizes evened out.
    #[must_use]
    pub const fn balance(self) -> RechunkOptions {
        RechunkOptions { balance: true, ..self }
    }
}

impl Default for RechunkOptions {
    fn default() -> RechunkOptions {
        RechunkOptions::DEFAULT
    }
}

/// The stages of a rechunking, the last of which gives the chunks that were asked for.
#[derive(Clone, PartialEq, Debug)]
pub struct RechunkPlan {
    /// Empty if the array is cut so already.
    pub stages: Vec<RechunkStage>,
}

/// One stage of a [`RechunkPlan`].
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct RechunkStage {
    /// The chunks that it makes.
    pub chunks: Chunks,
    /// What a task holds at most, in bytes: a new chunk and the old ones that it takes from.
    pub peak_bytes: u64,
    /// Number of tasks.
    pub n_tasks: u64,
    /// Number of dependencies of all tasks.
    pub n_edges: u64,
}

impl RechunkPlan {
    /// What a task of any stage holds at most, in bytes.
    pub fn peak_bytes(&self) -> u64 {
        self.stages.iter().map(|stage| stage.peak_bytes).max().unwrap_or(0)
    }

    /// Number of tasks of all stages.
    pub fn n_tasks(&self) -> u64 {
        self.stages.iter().map(|stage| stage.n_tasks).fold(0, u64::saturating_add)
    }

    /// Number of dependencies of all stages.
    pub fn n_edges(&self) -> u64 {
        self.stages.iter().map(|stage| stage.n_edges).fold(0, u64::saturating_add)
    }

    /// By how much it exceeds the limits; 1 if it does not.
    fn excess(&self, options: &RechunkOptions) -> f64 {
        let over = |found: u64, limit: u64| (found as f64 / limit.max(1) as f64).max(1.0);
        let most = self.stages.iter().map(|stage| stage.n_edges).max().unwrap_or(0);
        over(self.peak_bytes(), options.limit_bytes) * over(most, options.max_edges)
    }
}

/// A line a stage.
impl fmt::Display for RechunkPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for stage in &self.stages {
            let RechunkStage { chunks, peak_bytes, n_tasks, n_edges } = stage;
            let peak = chunkwise_graph::format_bytes(*peak_bytes);
            writeln!(f, "{chunks}: {n_tasks} tasks, {n_edges} dependencies, {peak} a task")?;
        }
        Ok(())
    }
}

/// More stages than this never pay.
const MAX_STAGES: usize = 8;

/// How an array is brought from one cut to another: in as few stages as the limits allow, or, if no
/// plan keeps them, in those that exceed them least. Axes of deferred length must be cut alike.
///
/// # Complexity
/// O(chunks along each axis), a few times.
pub fn plan_rechunk(
    from: &Chunks,
    to: &Chunks,
    item_bytes: usize,
    options: &RechunkOptions,
) -> RechunkPlan {
    if from == to {
        return RechunkPlan { stages: Vec::new() };
    }
    let mut best: Option<(f64, RechunkPlan)> = None;
    for n_stages in 1..=MAX_STAGES {
        let plan = staged(from, to, n_stages, item_bytes);
        let excess = plan.excess(options);
        if best.as_ref().is_none_or(|(known, _)| excess < *known) {
            best = Some((excess, plan));
        }
        if best.as_ref().is_some_and(|(excess, _)| *excess <= 1.0) {
            break;
        }
    }
    best.map_or(RechunkPlan { stages: Vec::new() }, |(_, plan)| plan)
}

fn staged(from: &Chunks, to: &Chunks, n_stages: usize, item_bytes: usize) -> RechunkPlan {
    let axes = from.axes().iter().zip(to.axes());
    let cuts: Vec<Vec<AxisChunks>> = axes.map(|(a, b)| cuts_of_axis(a, b, n_stages)).collect();
    let mut stages: Vec<RechunkStage> = Vec::new();
    for stage in 0..n_stages {
        let before = stages.last().map_or(from, |stage| &stage.chunks);
        let chunks: Chunks = cuts.iter().map(|axis| axis[stage].clone()).collect();
        if chunks != *before {
            let stage = measured(before, chunks, item_bytes);
            stages.push(stage);
        }
    }
    RechunkPlan { stages }
}

/// The cut of an axis after each stage: an axis that grows is put together from the old chunks, one
/// that shrinks is taken apart along the new ones. So stages do not cut across one another.
fn cuts_of_axis(from: &AxisChunks, to: &AxisChunks, n_stages: usize) -> Vec<AxisChunks> {
    let (Some(a), Some(b)) = (from.largest(), to.largest()) else {
        return vec![from.clone(); n_stages];
    };
    let (small, large) = (a.min(b).max(1) as f64, a.max(b).max(1) as f64);
    let mut cuts: Vec<AxisChunks> = Vec::with_capacity(n_stages);
    for stage in 1..n_stages {
        let t = stage as f64 / n_stages as f64;
        // Rounded down, but not for the error of the power.
        let size = (small * (large / small).powf(t) + 1e-6) as usize;
        let finer = cuts.last().unwrap_or(if a < b { from } else { to });
        let cut = if a == b { to.clone() } else { merged(finer, size) };
        cuts.push(cut);
    }
    if a > b {
        cuts.reverse();
    }
    cuts.push(to.clone());
    cuts
}

/// Neighbouring chunks put together while they have at most `size` elements.
fn merged(axis: &AxisChunks, size: usize) -> AxisChunks {
    if let (Some(own), Some(len)) = (axis.regular_size(), axis.len()) {
        return AxisChunks::regular(len, (size / own).max(1) * own);
    }
    let mut merged: Vec<usize> = Vec::new();
    for own in axis.sizes().unwrap_or_default() {
        match merged.last_mut() {
            Some(last) if *last + own <= size => *last += own,
            _ => merged.push(own),
        }
    }
    AxisChunks::of_sizes(merged)
}

pub(super) fn measured(from: &Chunks, to: Chunks, item_bytes: usize) -> RechunkStage {
    let (mut new, mut old) = (item_bytes as u64, item_bytes as u64);
    let mut n_edges = 1u64;
    for (from, to) in from.axes().iter().zip(to.axes()) {
        let (largest, held, edges) = along(from, to);
        new = new.saturating_mul(largest as u64);
        old = old.saturating_mul(held as u64);
        n_edges = n_edges.saturating_mul(edges);
    }
    let (peak_bytes, n_tasks) = (new.saturating_add(old), to.n_chunks());
    RechunkStage { chunks: to, peak_bytes, n_tasks, n_edges }
}

/// Along one axis: the size of the largest new chunk, the most elements of the old chunks that one
/// touches, and how many old chunks all of them touch together.
fn along(from: &AxisChunks, to: &AxisChunks) -> (usize, usize, u64) {
    if from == to {
        let largest = to.largest().unwrap_or(1);
        return (largest, largest, to.n_chunks() as u64);
    }
    let (mut largest, mut held, mut edges) = (0, 0, 0);
    for chunk in 0..to.n_chunks() {
        let range = to.range(chunk).unwrap_or(0..0);
        let chunks = touched(from, &range);
        let start = from.range(chunks.start as usize).map_or(0, |range| range.start);
        let end = from.range(chunks.end as usize - 1).map_or(0, |range| range.end);
        largest = largest.max(range.len());
        held = held.max(end - start);
        edges += u64::from(chunks.end - chunks.start);
    }
    (largest, held, edges)
}
