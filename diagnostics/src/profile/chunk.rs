//! [`Chunk`]: rows of numbers that one thread writes and any thread may read meanwhile.
//!
//! One writer, no lock: the writer stores a row and then, with release order, that there is one
//! more; whoever reads that with acquire order sees the row. A row may also be finished later, by
//! one cell that is stored last with release order ([`Chunk::set_last`]).

use std::sync::atomic::{
    AtomicU64, AtomicUsize, Ordering::Acquire, Ordering::Relaxed, Ordering::Release,
};

/// Room for a fixed number of rows of `N` numbers.
pub(super) struct Chunk<const N: usize> {
    len: AtomicUsize,
    rows: Box<[[AtomicU64; N]]>,
}

impl<const N: usize> Chunk<N> {
    pub(super) fn new(capacity: usize) -> Chunk<N> {
        let row = || std::array::from_fn(|_| AtomicU64::new(0));
        let rows = std::iter::repeat_with(row).take(capacity).collect();
        Chunk { len: AtomicUsize::new(0), rows }
    }

    /// Writes one more row and gives its number, or `None` when the chunk is full.
    ///
    /// Only one thread may call it; two would lose rows, no more.
    #[inline]
    pub(super) fn push(&self, row: [u64; N]) -> Option<usize> {
        let at = self.len.load(Relaxed);
        let cells = self.rows.get(at)?;
        for (cell, number) in cells.iter().zip(row) {
            cell.store(number, Relaxed);
        }
        self.len.store(at + 1, Release);
        Some(at)
    }

    /// Whether no more rows fit.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.len.load(Relaxed) == self.rows.len()
    }

    /// Changes one cell of a row that was pushed.
    #[inline]
    pub(super) fn set(&self, row: usize, cell: usize, number: u64) {
        self.rows[row][cell].store(number, Relaxed);
    }

    /// Changes one cell such that whoever reads it sees what was set before.
    #[inline]
    pub(super) fn set_last(&self, row: usize, cell: usize, number: u64) {
        self.rows[row][cell].store(number, Release);
    }

    /// The rows so far. Cells are read in the order `LAST`, then all others.
    pub(super) fn rows<const LAST: usize>(&self) -> impl Iterator<Item = [u64; N]> {
        let len = self.len.load(Acquire);
        self.rows[..len].iter().map(|cells| {
            let last = cells[LAST].load(Acquire);
            let mut row = std::array::from_fn(|i| cells[i].load(Relaxed));
            row[LAST] = last;
            row
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_and_a_full_chunk_takes_no_more() {
        let chunk = Chunk::<2>::new(2);
        assert_eq!(
            (chunk.push([1, 2]), chunk.push([3, 4]), chunk.push([5, 6])),
            (Some(0), Some(1), None)
        );
        chunk.set(0, 0, 9);
        chunk.set_last(1, 1, 8);
        assert!(chunk.is_full());
        assert_eq!(chunk.rows::<1>().collect::<Vec<_>>(), [[9, 2], [3, 8]]);
        assert!(Chunk::<2>::new(0).is_full());
    }

    #[test]
    fn a_reader_never_sees_half_a_row() {
        let chunk = Chunk::<3>::new(20_000);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for i in 1..=20_000 {
                    let at = chunk.push([i, i * 7, 0]).unwrap();
                    chunk.set(at, 1, i * 11);
                    chunk.set_last(at, 2, i * 13);
                }
            });
            let mut seen = 0;
            while seen < 20_000 {
                let rows: Vec<_> = chunk.rows::<2>().collect();
                assert!(rows.len() >= seen);
                seen = rows.len();
                for (i, [a, b, c]) in (1..).zip(rows) {
                    assert_eq!(a, i);
                    assert!(b == i * 7 || b == i * 11);
                    assert!(c == 0 || (b, c) == (i * 11, i * 13));
                }
            }
        });
    }
}
