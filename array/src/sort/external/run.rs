//! [`SortedRun`] and [`Runs`]: what is passed between the tasks of a sort that leaves memory.

use super::windows::{Sampled, Windows, windows};
use crate::element::Real;
use chunkwise_graph::{BoxError, Codec, Data, Frames, FramesRef, Value};
use chunkwise_memory::{Blob, current};
use std::ops::Range;
use std::sync::Arc;

/// A chunk's elements in ascending order, as bytes that may leave memory, with every so many-th of
/// them at hand; for `argsort` also where each was.
#[derive(Clone)]
pub(super) struct SortedRun<T> {
    keys: Blob,
    positions: Option<Blob>,
    len: usize,
    samples: Arc<[T]>,
}

/// All runs, and which parts of them each chunk of the result is merged from.
#[derive(Clone)]
pub(super) struct Runs<T> {
    runs: Arc<[SortedRun<T>]>,
    windows: Arc<Windows>,
    step: usize,
}

/// More than a handle of a blob counts of itself besides its cuts.
const BLOB_BYTES: usize = 512;
/// Bytes that are read as one: a part of a run is little more than one of these.
const PART_BYTES: usize = 32 << 10;

/// Bytes put away in the current budget, cut so that a small part is read alone.
fn put_away(bytes: &[u8]) -> Result<Blob, BoxError> {
    let budget = current();
    let parts: Vec<&[u8]> = bytes.chunks(PART_BYTES).collect();
    Ok(Blob::from_parts(&parts, &budget, budget.spill())?)
}

fn read<T: Real>(blob: &Blob, range: &Range<usize>, into: &mut [T]) -> Result<(), BoxError> {
    let bytes = T::bytes_of_mut(into).ok_or("elements that bytes may not be read into")?;
    Ok(blob.read_at((range.start * size_of::<T>()) as u64, bytes)?)
}

impl<T: Real> SortedRun<T> {
    /// Of sorted elements, and where they were.
    pub(super) fn new(
        keys: &[T],
        positions: Option<&[u64]>,
        step: usize,
    ) -> Result<Self, BoxError> {
        let positions = positions.map(|positions| put_away(bytemuck::cast_slice(positions)));
        Ok(SortedRun {
            keys: put_away(T::bytes_of(keys))?,
            positions: positions.transpose()?,
            len: keys.len(),
            samples: keys.iter().copied().step_by(step).collect(),
        })
    }

    /// The bound on the bytes of a run of so many elements, as `nbytes` will count them.
    pub(super) fn nbytes_at_most(len: usize, step: usize) -> u64 {
        let samples = len.div_ceil(step) * size_of::<T>();
        (size_of::<SortedRun<T>>() + samples) as u64 + blobs_at_most(len, size_of::<T>())
    }
}

/// The bound on the handles of the elements and the positions of a run.
fn blobs_at_most(len: usize, item_bytes: usize) -> u64 {
    let n_parts = |bytes: usize| bytes.div_ceil(PART_BYTES) + 1;
    let cuts = 8 * (n_parts(len.saturating_mul(item_bytes)) + n_parts(len.saturating_mul(8)));
    (2 * BLOB_BYTES + cuts) as u64
}

impl<T: Real> Runs<T> {
    /// Of runs that were sampled at every `step`-th element, for consecutive ranges of ranks.
    pub(super) fn new(runs: Vec<SortedRun<T>>, step: usize, ranges: &[Range<usize>]) -> Runs<T> {
        let samples: Vec<&[T]> = runs.iter().map(|run| &run.samples[..]).collect();
        let lens: Vec<usize> = runs.iter().map(|run| run.len).collect();
        let windows = windows(&Sampled { samples: &samples, lens: &lens, step }, ranges);
        // The samples have done their work.
        let bare = |run: SortedRun<T>| SortedRun { samples: Arc::default(), ..run };
        Runs { runs: runs.into_iter().map(bare).collect(), windows: Arc::new(windows), step }
    }

    /// The bound on the bytes of so many runs of a chunk's elements, for so many chunks.
    pub(super) fn nbytes_at_most(n_runs: usize, len: usize, n_ranges: usize) -> u64 {
        let run = size_of::<SortedRun<T>>() as u64 + blobs_at_most(len, size_of::<T>());
        let windows = (n_runs as u64).saturating_mul(n_ranges as u64).saturating_mul(8);
        (n_runs as u64).saturating_mul(run).saturating_add(windows).saturating_add(512)
    }

    /// The parts of all runs that a range of ranks may have elements of.
    fn parts(&self, range: usize) -> impl Iterator<Item = (&SortedRun<T>, Range<usize>)> {
        let part = move |(number, run): (usize, &SortedRun<T>)| {
            self.windows.of(range, number, self.step, run.len)
        };
        self.runs.iter().enumerate().map(move |at| (at.1, part(at)))
    }

    /// How many elements lie before those parts, all of them before the range.
    pub(super) fn n_before(&self, range: usize) -> usize {
        self.parts(range).map(|(_, part)| part.start).sum()
    }

    fn n_held(&self, range: usize) -> usize {
        self.parts(range).map(|(_, part)| part.len()).sum()
    }

    /// The elements of those parts, run by run.
    pub(super) fn read_keys(&self, range: usize) -> Result<Vec<T>, BoxError> {
        let mut keys = vec![T::default(); self.n_held(range)];
        let mut rest = &mut keys[..];
        for (run, part) in self.parts(range).filter(|(_, part)| !part.is_empty()) {
            let (own, behind) = rest.split_at_mut(part.len());
            read(&run.keys, &part, own)?;
            rest = behind;
        }
        Ok(keys)
    }

    /// Where the elements of those parts were, run by run.
    pub(super) fn read_positions(&self, range: usize) -> Result<Vec<u64>, BoxError> {
        let mut positions = vec![0; self.n_held(range)];
        let mut rest = &mut positions[..];
        for (run, part) in self.parts(range).filter(|(_, part)| !part.is_empty()) {
            let (own, behind) = rest.split_at_mut(part.len());
            read(run.positions.as_ref().ok_or("a run without positions")?, &part, own)?;
            rest = behind;
        }
        Ok(positions)
    }
}

/// The bytes of a blob in a codec's frames.
fn push(frames: &mut Frames, blob: &Blob) -> Result<(), BoxError> {
    frames.buffers.push(Arc::new(blob.to_vec()?));
    Ok(())
}

fn received(frames: FramesRef<'_>, buffer: usize) -> Result<Vec<u8>, BoxError> {
    let mut bytes = Vec::with_capacity(frames.buffer_len(buffer)?);
    for piece in frames.pieces(buffer)? {
        bytes.extend_from_slice(piece?);
    }
    Ok(bytes)
}

/// The runs in frames from `first` on: of each its elements, and its positions if it has them.
fn push_runs<T: Real>(frames: &mut Frames, runs: &[SortedRun<T>]) -> Result<(), BoxError> {
    for run in runs {
        push(frames, &run.keys)?;
        run.positions.iter().try_for_each(|positions| push(frames, positions))?;
    }
    Ok(())
}

fn received_run<T: Real>(
    frames: FramesRef<'_>,
    buffer: usize,
    has_positions: bool,
) -> Result<SortedRun<T>, BoxError> {
    let keys = received(frames, buffer)?;
    let len = keys.len() / size_of::<T>();
    let positions = has_positions.then(|| received(frames, buffer + 1)).transpose()?;
    let is_whole = keys.len() == len * size_of::<T>();
    if !is_whole || positions.as_ref().is_some_and(|positions| positions.len() != 8 * len) {
        return Err("the bytes of a run are no elements".into());
    }
    let positions = positions.map(|positions| put_away(&positions)).transpose()?;
    Ok(SortedRun { keys: put_away(&keys)?, positions, len, samples: Arc::default() })
}

impl<T: Real> Data for SortedRun<T> {
    /// The handles and the samples: the elements are counted where they were reserved.
    fn nbytes(&self) -> usize {
        let blobs = self.keys.nbytes() + self.positions.as_ref().map_or(0, Data::nbytes);
        size_of::<SortedRun<T>>() + blobs + size_of_val(&self.samples[..])
    }

    const IS_HANDLE: bool = true;

    /// Whether there are positions in the header; the samples in the last buffer.
    const CODEC: Option<Codec> = Some(Codec {
        encode: |value, frames| {
            let run: &SortedRun<T> = value.downcast_ref().ok_or("it is no sorted run")?;
            frames.header = vec![u8::from(run.positions.is_some())];
            push_runs(frames, std::slice::from_ref(run))?;
            frames.buffers.push(Arc::new(T::bytes_of(&run.samples).to_vec()));
            Ok(())
        },
        decode: |frames| {
            let has_positions = frames.header == [1];
            let run = received_run::<T>(frames, 0, has_positions)?;
            let bytes = received(frames, 1 + usize::from(has_positions))?;
            let mut samples = vec![T::default(); bytes.len() / size_of::<T>()];
            if samples.len() * size_of::<T>() != bytes.len() {
                return Err("samples that are no elements".into());
            }
            T::copy_from_bytes(&bytes, &mut samples)?;
            Ok(Value::data(SortedRun { samples: samples.into(), ..run }))
        },
    });

    fn describe(&self) -> String {
        format!("sorted run of {} {}", self.len, T::DTYPE)
    }
}

impl<T: Real> Data for Runs<T> {
    /// The handles and the tables: the elements are counted where they were reserved.
    fn nbytes(&self) -> usize {
        let tables = size_of_val(&self.windows.first[..]) + size_of_val(&self.windows.last[..]);
        size_of::<Runs<T>>() + self.runs.iter().map(Data::nbytes).sum::<usize>() + tables
    }

    const IS_HANDLE: bool = true;

    /// Whether there are positions, the step and the number of runs in the header; the tables in the
    /// first two buffers.
    const CODEC: Option<Codec> = Some(Codec {
        encode: |value, frames| {
            let runs: &Runs<T> = value.downcast_ref().ok_or("these are no sorted runs")?;
            let has_positions = runs.runs.iter().any(|run| run.positions.is_some());
            let numbers = [u64::from(has_positions), runs.step as u64, runs.runs.len() as u64];
            frames.header = bytemuck::cast_slice(&numbers).to_vec();
            for counts in [&runs.windows.first, &runs.windows.last] {
                frames.buffers.push(Arc::new(bytemuck::cast_slice(counts).to_vec()));
            }
            push_runs(frames, &runs.runs)
        },
        decode: |frames| Ok(Value::data(received_runs::<T>(frames)?)),
    });

    fn describe(&self) -> String {
        format!("{} sorted runs of {}", self.runs.len(), T::DTYPE)
    }
}

fn received_runs<T: Real>(frames: FramesRef<'_>) -> Result<Runs<T>, BoxError> {
    let (numbers, []) = frames.header.as_chunks::<8>() else {
        return Err("the header of runs is three numbers".into());
    };
    let [has_positions, step, n_runs] = numbers else {
        return Err("the header of runs is three numbers".into());
    };
    let has_positions = u64::from_ne_bytes(*has_positions) == 1;
    let [step, n_runs] = [step, n_runs].map(|number| u64::from_ne_bytes(*number) as usize);
    let each = 1 + usize::from(has_positions);
    if n_runs.checked_mul(each).and_then(|n| n.checked_add(2)) != Some(frames.n_buffers()) {
        return Err("runs with more or fewer buffers than they say".into());
    }
    let counts = |buffer: usize| -> Result<Vec<u32>, BoxError> {
        let bytes = received(frames, buffer)?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|count| u32::from_ne_bytes(*count)).collect())
    };
    let windows = Windows { n_runs, first: counts(0)?, last: counts(1)? };
    let runs = (0..n_runs).map(|run| received_run(frames, 2 + run * each, has_positions));
    let runs: Vec<SortedRun<T>> = runs.collect::<Result<_, _>>()?;
    Ok(Runs { runs: runs.into(), windows: Arc::new(windows), step })
}
