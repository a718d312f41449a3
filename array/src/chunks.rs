//! [`Chunks`]: how an array is cut, axis by axis.

use crate::axis_chunks::AxisChunks;
use crate::extent::{Extent, grouped, tuple_text};
use chunkwise_graph::{Index, Tokenize, Tokenizer, grid};
use chunkwise_storage::{Region, Span};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::fmt;

/// A list with an entry for each axis.
pub(crate) type PerAxis<T> = SmallVec<[T; 4]>;

/// How an array is cut into chunks, axis by axis.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Chunks(PerAxis<AxisChunks>);

impl Chunks {
    /// One chunk of everything.
    pub fn whole(shape: &[usize]) -> Chunks {
        shape.iter().map(|&len| AxisChunks::whole(len)).collect()
    }

    /// Chunks of one shape; those at the ends are smaller.
    pub fn regular(shape: &[usize], chunk: &[usize]) -> Chunks {
        shape.iter().zip(chunk).map(|(&len, &size)| AxisChunks::regular(len, size)).collect()
    }

    /// The cut of each axis.
    pub fn axes(&self) -> &[AxisChunks] {
        &self.0
    }

    /// Number of axes.
    pub fn ndim(&self) -> usize {
        self.0.len()
    }

    /// The length of each axis.
    pub fn extents(&self) -> PerAxis<Extent> {
        self.0.iter().map(AxisChunks::extent).collect()
    }

    /// The shape, if all of it is known.
    pub fn shape(&self) -> Option<PerAxis<usize>> {
        self.0.iter().map(AxisChunks::len).collect()
    }

    /// Number of elements, if it is known.
    pub fn n_elements(&self) -> Option<usize> {
        self.0.iter().try_fold(1usize, |n, axis| n.checked_mul(axis.len()?))
    }

    /// Number of chunks along each axis; [`u32::MAX`] where there are more, which no plan takes.
    pub fn grid(&self) -> Vec<u32> {
        self.0.iter().map(|axis| u32::try_from(axis.n_chunks()).unwrap_or(u32::MAX)).collect()
    }

    /// Number of chunks.
    pub fn n_chunks(&self) -> u64 {
        self.0.iter().fold(1, |n, axis| n.saturating_mul(axis.n_chunks() as u64))
    }

    /// Where the chunk at a position of the grid lies, if that is known.
    pub fn region(&self, index: &[u32]) -> Option<Region> {
        let span = |(axis, &at): (&AxisChunks, &u32)| {
            axis.range(at as usize).map(|range| Span::new(range.start, range.len()))
        };
        self.0.iter().zip(index).map(span).collect()
    }

    /// Where the chunk of a row-major number lies, if that is known.
    pub(crate) fn region_of(&self, block: u32) -> Option<Region> {
        self.region(&self.index_of(block))
    }

    /// The position in the grid of a row-major number.
    pub(crate) fn index_of(&self, block: u32) -> Index {
        let mut index: Index = smallvec::smallvec![0; self.ndim()];
        let mut number = block as usize;
        for (at, axis) in index.iter_mut().zip(&self.0).rev() {
            *at = (number % axis.n_chunks()) as u32;
            number /= axis.n_chunks();
        }
        index
    }

    /// The row-major number of a position in the grid.
    pub(crate) fn block_at(&self, index: &[u32]) -> u32 {
        grid::flatten(&self.grid(), index)
    }

    /// The shape of a chunk, if it is known.
    pub(crate) fn chunk_shape(&self, block: u32) -> Option<PerAxis<usize>> {
        let index = self.index_of(block);
        self.0.iter().zip(&index).map(|(axis, &at)| axis.size(at as usize)).collect()
    }

    /// The number of elements of a chunk, if it is known.
    pub(crate) fn chunk_len(&self, block: u32) -> Option<usize> {
        self.chunk_shape(block).map(|shape| shape.iter().product())
    }

    /// The shape that no chunk exceeds, if it is known.
    pub(crate) fn largest_chunk(&self) -> Option<PerAxis<usize>> {
        self.0.iter().map(AxisChunks::largest).collect()
    }

    /// The same with another cut of one axis.
    #[must_use]
    pub(crate) fn with_axis(&self, axis: usize, cut: AxisChunks) -> Chunks {
        let mut chunks = self.clone();
        chunks.0[axis] = cut;
        chunks
    }
}

impl FromIterator<AxisChunks> for Chunks {
    fn from_iter<I: IntoIterator<Item = AxisChunks>>(axes: I) -> Chunks {
        Chunks(axes.into_iter().collect())
    }
}

impl Tokenize for Chunks {
    fn tokenize(&self, hash: &mut Tokenizer) {
        self.0[..].tokenize(hash);
    }
}

/// `64 chunks of (1_000, 1_000)`, or of at most that.
impl fmt::Display for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = usize::try_from(self.n_chunks()).unwrap_or(usize::MAX);
        let chunks = if n == 1 { "chunk" } else { "chunks" };
        let sizes =
            self.0.iter().map(|axis| axis.largest().map_or(Extent::Deferred, Extent::Known));
        let uneven =
            self.0.iter().any(|axis| axis.len().is_some() && axis.regular_size().is_none());
        let most = if uneven { "at most " } else { "" };
        write!(f, "{} {chunks} of {most}{}", grouped(n), tuple_text(sizes))
    }
}
