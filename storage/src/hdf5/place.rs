//! [`Place`]: where in a file the bytes of a dataset are.

/// Where in a file the bytes of a dataset are.
#[derive(Debug)]
pub(crate) enum Place {
    /// In one run, from this byte on.
    Run(u64),
    /// Nowhere: nothing was written, all elements are the fill value.
    Nowhere,
    /// In chunks.
    Chunks(ChunkTable),
    /// Here: few bytes, stored in the header of the dataset.
    Here(Vec<u8>),
    /// Only the library knows.
    Library,
}

/// Where a chunk is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct StoredChunk {
    /// Its first byte in the file.
    pub(crate) offset: u64,
    /// How many there are.
    pub(crate) len: u64,
    /// Filters that it did not go through: bit `i` for filter `i`.
    pub(crate) skipped: u32,
}

/// Where the chunks are that were ever written.
#[derive(Debug)]
pub(crate) struct ChunkTable {
    /// Chunks along each axis.
    grid: Vec<usize>,
    /// By number in row-major order.
    chunks: Vec<(u64, StoredChunk)>,
}

impl ChunkTable {
    /// A table for a dataset of `shape` in chunks of `chunk`; entries outside are left out.
    pub(crate) fn new(
        shape: &[usize],
        chunk: &[usize],
        entries: impl IntoIterator<Item = (Vec<u64>, StoredChunk)>,
    ) -> ChunkTable {
        let grid = grid(shape, chunk);
        let mut chunks: Vec<(u64, StoredChunk)> = entries
            .into_iter()
            .filter_map(|(index, chunk)| Some((number(&grid, &index)?, chunk)))
            .collect();
        chunks.sort_by_key(|entry| entry.0);
        ChunkTable { grid, chunks }
    }

    /// How many chunks have a place.
    pub(crate) fn len(&self) -> usize {
        self.chunks.len()
    }

    /// Whether all that have a place have so many bytes there.
    pub(crate) fn all_have(&self, bytes: u64) -> bool {
        self.chunks.iter().all(|(_, chunk)| chunk.len == bytes)
    }

    /// Where a chunk is; `None` if it was never written.
    ///
    /// O(log chunks).
    pub(crate) fn get(&self, index: &[usize]) -> Option<StoredChunk> {
        let index: Vec<u64> = index.iter().map(|&i| i as u64).collect();
        let number = number(&self.grid, &index)?;
        let at = self.chunks.binary_search_by_key(&number, |entry| entry.0).ok()?;
        Some(self.chunks[at].1)
    }
}

/// Chunks along each axis.
pub(crate) fn grid(shape: &[usize], chunk: &[usize]) -> Vec<usize> {
    shape.iter().zip(chunk).map(|(len, chunk)| len.div_ceil((*chunk).max(1))).collect()
}

/// The number of a chunk in row-major order; `None` outside the grid.
fn number(grid: &[usize], index: &[u64]) -> Option<u64> {
    if grid.len() != index.len() {
        return None;
    }
    grid.iter().zip(index).try_fold(0u64, |number, (&len, &at)| {
        if at < len as u64 { number.checked_mul(len as u64)?.checked_add(at) } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_found_by_index() {
        let chunk = |offset| StoredChunk { offset, len: 8, skipped: 0 };
        let entries = [(vec![1, 2], chunk(30)), (vec![0, 1], chunk(20)), (vec![0, 3], chunk(1))];
        let table = ChunkTable::new(&[4, 5], &[2, 2], entries);
        assert_eq!(table.get(&[0, 1]), Some(chunk(20)));
        assert_eq!(table.get(&[1, 2]), Some(chunk(30)));
        assert_eq!((table.get(&[0, 0]), table.get(&[0, 3]), table.get(&[0])), (None, None, None));
    }
}
