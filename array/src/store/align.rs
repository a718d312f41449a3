//! Cutting an array so that no two of its chunks touch one chunk of the target.
//!
//! Two tasks that change parts of one stored chunk would each read, change and write all of it: one
//! of the changes may be lost, or both must wait for one another. So the array is cut along the
//! target's chunks before it is written; a cut that fits already is kept.

use crate::axis_chunks::AxisChunks;
use crate::chunks::Chunks;
use chunkwise_storage::{Region, Span};

/// The cut closest to the array's own in which every chunk of the array is written to stored chunks
/// of its own.
pub(super) fn aligned(chunks: &Chunks, region: &Region, stored: Option<&[usize]>) -> Chunks {
    let Some(stored) = stored else { return chunks.clone() };
    let axes = chunks.axes().iter().zip(region.spans()).zip(stored);
    axes.map(|((axis, span), &stored)| aligned_axis(axis, span, stored.max(1))).collect()
}

fn aligned_axis(axis: &AxisChunks, span: &Span, stored: usize) -> AxisChunks {
    let len = span.count;
    let mut starts: Vec<usize> =
        axis.inner_starts().into_iter().map(|start| nearest(start, span, stored)).collect();
    starts.dedup();
    starts.retain(|&start| start > 0 && start < len);
    let ends = starts.into_iter().chain([len]);
    let mut start = 0;
    AxisChunks::of_sizes(ends.map(|end| end - std::mem::replace(&mut start, end)))
}

/// The position of the array closest to `position` at which a stored chunk begins.
fn nearest(position: usize, span: &Span, stored: usize) -> usize {
    let chunk_of = |position: usize| (span.start + position * span.step) / stored;
    // The first position that is written into a stored chunk or behind it.
    let first_of = |chunk: usize| (chunk * stored).saturating_sub(span.start).div_ceil(span.step);
    let chunk = chunk_of(position);
    let (below, above) = (first_of(chunk), first_of(chunk + 1));
    if position - below <= above - position { below } else { above }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cuts_that_fit_stay_and_others_move_to_the_nearest_chunk() {
        let aligned = |axis: &AxisChunks, start, step, stored| {
            let span = Span { start, count: axis.len().unwrap(), step };
            aligned_axis(axis, &span, stored).sizes().unwrap()
        };
        let axis = AxisChunks::regular(100, 30);
        assert_eq!(aligned(&axis, 0, 1, 10), [30, 30, 30, 10]);
        assert_eq!(aligned(&axis, 5, 1, 10), [25, 30, 30, 15]);
        assert_eq!(aligned(&axis, 0, 1, 40), [40, 40, 20]);
        assert_eq!(aligned(&axis, 0, 1, 1000), [100]);
        assert_eq!(aligned(&axis, 0, 7, 1), [30, 30, 30, 10]);
        assert_eq!(aligned(&AxisChunks::whole(0), 3, 1, 10), [0]);
    }

    proptest! {
        #[test]
        fn no_stored_chunk_is_touched_by_two(
            sizes in prop::collection::vec(0usize..9, 1..8),
            start in 0usize..20,
            step in 1usize..5,
            stored in 1usize..9,
        ) {
            let axis = AxisChunks::of_sizes(sizes);
            let span = Span { start, count: axis.len().unwrap(), step };
            let cut = aligned_axis(&axis, &span, stored);
            prop_assert_eq!(cut.len(), axis.len());
            prop_assert!(cut.n_chunks() <= axis.n_chunks());
            let mut writers = std::collections::HashMap::new();
            for chunk in 0..cut.n_chunks() {
                for position in cut.range(chunk).unwrap() {
                    let touched = (start + position * step) / stored;
                    prop_assert_eq!(*writers.entry(touched).or_insert(chunk), chunk);
                }
            }
        }
    }
}
