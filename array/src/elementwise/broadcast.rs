//! Bringing arrays to one shape and one cut.

use crate::axis_chunks::AxisChunks;
use crate::chunks::Chunks;
use crate::error::ArrayError;
use crate::expr::{Node, Nodes};
use crate::extent::Extent;
use crate::rechunk::rechunk;
use std::panic::Location;
use std::sync::Arc;

/// Arrays whose chunks meet one to one, but for axes of length 1, which are repeated.
pub(crate) struct Aligned {
    /// The cut of the result.
    pub(crate) chunks: Arc<Chunks>,
    pub(crate) inputs: Nodes,
}

/// Cuts arrays alike, so that elements of one shape, as NumPy broadcasts them, meet in one block.
///
/// An axis that is cut differently is cut wherever one of the arrays is cut.
///
/// # Errors
/// [`ArrayError::Broadcast`].
pub(crate) fn align(
    inputs: &[Arc<Node>],
    made_at: &'static Location<'static>,
) -> Result<Aligned, ArrayError> {
    // The usual case: all are alike.
    if let Some(first) = inputs.first()
        && inputs.iter().all(|input| input.chunks == first.chunks)
    {
        return Ok(Aligned { chunks: Arc::clone(&first.chunks), inputs: inputs.into() });
    }
    let cuts: Vec<&Chunks> = inputs.iter().map(|input| &*input.chunks).collect();
    let (chunks, of_inputs) = align_cuts(&cuts)?;
    let recut = |(input, cut): (&Arc<Node>, Chunks)| rechunk(Arc::clone(input), cut, made_at);
    let inputs = inputs.iter().zip(of_inputs).map(recut).collect();
    Ok(Aligned { chunks: Arc::new(chunks), inputs })
}

/// The cut at which arrays that are cut like these meet, as they broadcast together, and the cut
/// that each of them gets for it.
///
/// # Errors
/// [`ArrayError::Broadcast`].
pub(crate) fn align_cuts(cuts: &[&Chunks]) -> Result<(Chunks, Vec<Chunks>), ArrayError> {
    let ndim = cuts.iter().map(|cut| cut.ndim()).max().unwrap_or(0);
    let axes = (0..ndim).map(|axis| common_axis(cuts, ndim, axis));
    let chunks: Chunks = axes.collect::<Result<_, _>>()?;
    let recut = |cut: &&Chunks| {
        let wanted = chunks.axes()[ndim - cut.ndim()..].iter().zip(cut.axes());
        wanted.map(|(out, own)| recut_axis(out, own)).collect()
    };
    let of_inputs = cuts.iter().map(recut).collect();
    Ok((chunks, of_inputs))
}

/// The cut that an input gets along an axis where the result is cut like `out`.
fn recut_axis(out: &AxisChunks, own: &AxisChunks) -> AxisChunks {
    match (own.extent(), out.extent()) {
        (Extent::Known(1), Extent::Known(1)) => out.clone(),
        // It is repeated: without empty chunks beside the element.
        (Extent::Known(1), _) => AxisChunks::whole(1),
        (Extent::Deferred, _) => own.clone(),
        _ => out.clone(),
    }
}

/// The cut of an axis of the result.
fn common_axis(cuts: &[&Chunks], ndim: usize, axis: usize) -> Result<AxisChunks, ArrayError> {
    let of_inputs = cuts.iter().filter_map(|cut| {
        let at = (axis + cut.ndim()).checked_sub(ndim)?;
        Some(&cut.axes()[at])
    });
    let mut common: Option<AxisChunks> = None;
    for own in of_inputs {
        common = Some(match common {
            None => own.clone(),
            Some(before) => meet(&before, own).ok_or_else(|| mismatch(cuts, axis))?,
        });
    }
    Ok(common.unwrap_or_else(|| AxisChunks::whole(1)))
}

fn mismatch(cuts: &[&Chunks], axis: usize) -> ArrayError {
    let shape = |cut: &&Chunks| cut.extents().to_vec().into_boxed_slice();
    ArrayError::Broadcast { shapes: cuts.iter().map(shape).collect(), axis }
}

/// The cut at which two axes can meet.
fn meet(a: &AxisChunks, b: &AxisChunks) -> Option<AxisChunks> {
    match (a.extent(), b.extent()) {
        _ if a == b => Some(a.clone()),
        (Extent::Known(n), Extent::Known(m)) if n == m => Some(refined(n, a, b)),
        (Extent::Known(1), _) => Some(b.clone()),
        (_, Extent::Known(1)) => Some(a.clone()),
        // Whether the lengths agree is found when the blocks meet.
        (Extent::Deferred, Extent::Deferred) if a.n_chunks() == b.n_chunks() => Some(a.clone()),
        _ => None,
    }
}

/// Cut wherever one of the two is.
pub(crate) fn refined(len: usize, a: &AxisChunks, b: &AxisChunks) -> AxisChunks {
    let mut starts = a.inner_starts();
    starts.extend(b.inner_starts());
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().copied().chain([len]);
    let mut start = 0;
    AxisChunks::of_sizes(ends.map(|end| end - std::mem::replace(&mut start, end)))
}
