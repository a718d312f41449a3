//! [`AxisChunks`]: how one axis of an array is cut.

use crate::extent::Extent;
use chunkwise_graph::{Token, Tokenize, Tokenizer};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;

/// How one axis of an array is cut into chunks.
///
/// An axis without elements has one chunk, which is empty: so every array has a block, and
/// reductions of nothing have something to start from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AxisChunks(Cut);

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
enum Cut {
    /// Chunks of `size`, the last one shorter: no memory per chunk.
    Regular { len: usize, size: usize },
    /// Where the chunks start, and where the last one ends.
    Uneven(Arc<[usize]>),
    /// Sizes that only a run tells. Axes with the same `source` have the same sizes.
    Deferred { n_chunks: usize, source: [u8; 16] },
}

impl AxisChunks {
    /// Chunks of `size`, the last one shorter.
    pub fn regular(len: usize, size: usize) -> AxisChunks {
        AxisChunks(Cut::Regular { len, size: size.clamp(1, len.max(1)) })
    }

    /// One chunk of everything.
    pub fn whole(len: usize) -> AxisChunks {
        AxisChunks::regular(len, len)
    }

    /// Chunks of these sizes; empty ones are kept. No sizes are one empty chunk.
    pub fn of_sizes(sizes: impl IntoIterator<Item = usize>) -> AxisChunks {
        let mut starts = vec![0];
        let mut end = 0usize;
        for size in sizes {
            end = end.saturating_add(size);
            starts.push(end);
        }
        if starts.len() == 1 {
            return AxisChunks::whole(0);
        }
        let size = starts[1];
        let (last, all) = (starts.len() - 2, &starts);
        let is_regular = size > 0
            && (0..last).all(|at| all[at + 1] - all[at] == size)
            && (1..=size).contains(&(all[last + 1] - all[last]));
        match is_regular {
            true => AxisChunks::regular(end, size),
            false => AxisChunks(Cut::Uneven(starts.into())),
        }
    }

    /// Chunks that start at these positions, in ascending order, as far as they lie inside the axis;
    /// none of them is empty.
    pub(crate) fn of_starts(starts: impl IntoIterator<Item = usize>, len: usize) -> AxisChunks {
        let mut ends: Vec<usize> =
            starts.into_iter().filter(|start| (1..len).contains(start)).collect();
        ends.dedup();
        ends.push(len);
        let mut start = 0;
        AxisChunks::of_sizes(ends.into_iter().map(|end| end - std::mem::replace(&mut start, end)))
    }

    /// Chunks whose sizes are known when the blocks of `source` have been computed.
    pub(crate) fn deferred(n_chunks: usize, source: Token) -> AxisChunks {
        AxisChunks(Cut::Deferred { n_chunks, source: source.to_bytes() })
    }

    /// The length of the axis.
    pub fn extent(&self) -> Extent {
        match &self.0 {
            Cut::Regular { len, .. } => Extent::Known(*len),
            Cut::Uneven(starts) => Extent::Known(starts[starts.len() - 1]),
            Cut::Deferred { .. } => Extent::Deferred,
        }
    }

    /// The length of the axis, if it is known.
    pub fn len(&self) -> Option<usize> {
        self.extent().known()
    }

    /// Whether the axis is known to have no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Number of chunks; at least 1.
    pub fn n_chunks(&self) -> usize {
        match &self.0 {
            Cut::Regular { len, size } => len.div_ceil(*size).max(1),
            Cut::Uneven(starts) => starts.len() - 1,
            Cut::Deferred { n_chunks, .. } => *n_chunks,
        }
    }

    /// The positions of one chunk, if they are known.
    pub fn range(&self, chunk: usize) -> Option<Range<usize>> {
        match &self.0 {
            Cut::Regular { len, size } => {
                Some((chunk * size).min(*len)..((chunk + 1) * size).min(*len))
            }
            Cut::Uneven(starts) => Some(starts[chunk]..starts[chunk + 1]),
            Cut::Deferred { .. } => None,
        }
    }

    /// The size of one chunk, if it is known.
    pub fn size(&self, chunk: usize) -> Option<usize> {
        self.range(chunk).map(|range| range.len())
    }

    /// The sizes of the chunks, if they are known.
    pub fn sizes(&self) -> Option<Vec<usize>> {
        (0..self.n_chunks()).map(|chunk| self.size(chunk)).collect()
    }

    /// The size of the largest chunk, if it is known.
    pub fn largest(&self) -> Option<usize> {
        match &self.0 {
            Cut::Regular { len, size } => Some(*size.min(len)),
            Cut::Uneven(_) => self.sizes()?.into_iter().max(),
            Cut::Deferred { .. } => None,
        }
    }

    /// The size of all chunks but a shorter last one, if they have one.
    pub fn regular_size(&self) -> Option<usize> {
        match &self.0 {
            Cut::Regular { size, .. } => Some(*size),
            _ => None,
        }
    }

    /// The chunk that holds a position.
    pub(crate) fn chunk_of(&self, position: usize) -> Option<usize> {
        match &self.0 {
            Cut::Regular { len, size } => (position < *len).then(|| position / size),
            Cut::Uneven(starts) => {
                let behind = starts.partition_point(|&start| start <= position);
                (behind < starts.len()).then(|| behind - 1)
            }
            Cut::Deferred { .. } => None,
        }
    }

    /// Where chunks start, but for the first; nothing of deferred ones.
    pub(crate) fn inner_starts(&self) -> Vec<usize> {
        match &self.0 {
            Cut::Regular { len, size } => (1..len.div_ceil(*size)).map(|at| at * size).collect(),
            Cut::Uneven(starts) => starts[1..starts.len() - 1].to_vec(),
            Cut::Deferred { .. } => Vec::new(),
        }
    }
}

impl Tokenize for AxisChunks {
    fn tokenize(&self, hash: &mut Tokenizer) {
        match &self.0 {
            Cut::Regular { len, size } => (*len, *size).tokenize(hash),
            Cut::Uneven(starts) => starts[..].tokenize(hash),
            Cut::Deferred { n_chunks, source } => {
                n_chunks.tokenize(hash);
                hash.bytes(source);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_cuts_are_equal_however_they_were_given() {
        assert_eq!(AxisChunks::of_sizes([3, 3, 2]), AxisChunks::regular(8, 3));
        assert_eq!(AxisChunks::of_sizes([8]), AxisChunks::whole(8));
        assert_eq!(AxisChunks::of_sizes([]), AxisChunks::whole(0));
        assert_eq!(AxisChunks::regular(8, 100), AxisChunks::whole(8));
        assert_ne!(AxisChunks::of_sizes([3, 2, 3]), AxisChunks::regular(8, 3));
    }

    #[test]
    fn nothing_is_one_empty_chunk() {
        for empty in [AxisChunks::whole(0), AxisChunks::regular(0, 5), AxisChunks::of_sizes([0])] {
            assert_eq!((empty.n_chunks(), empty.size(0), empty.len()), (1, Some(0), Some(0)));
            assert!(empty.is_empty() && empty.chunk_of(0).is_none());
        }
    }

    #[test]
    fn deferred_axes_know_their_chunks_only() {
        let axis = AxisChunks::deferred(4, Token::unique());
        assert_eq!((axis.n_chunks(), axis.extent(), axis.size(0)), (4, Extent::Deferred, None));
        assert!(!axis.is_empty());
    }

    proptest! {
        #[test]
        fn every_position_is_in_its_chunk(sizes in prop::collection::vec(0usize..4, 1..6)) {
            let axis = AxisChunks::of_sizes(sizes.iter().copied());
            prop_assert_eq!(axis.sizes().unwrap(), sizes.clone());
            prop_assert_eq!(axis.len().unwrap(), sizes.iter().sum::<usize>());
            prop_assert_eq!(axis.largest(), sizes.iter().copied().max());
            for position in 0..axis.len().unwrap() {
                let chunk = axis.chunk_of(position).unwrap();
                prop_assert!(axis.range(chunk).unwrap().contains(&position));
            }
            prop_assert!(axis.chunk_of(axis.len().unwrap()).is_none());
        }
    }
}
