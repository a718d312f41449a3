//! Partitions that are too large, cut again: the recursion of a Grace hash join.
//!
//! Kitsuregawa, Tanaka, Moto-oka, "Application of Hash to Data Base Machine and Its Architecture",
//! 1983. The function that splits must tell apart what the first one did not: other bits of the
//! hash, splitters in between.

use super::exchanged::Exchanged;
use super::partitioned::{Partitioned, PartitionedBuilder};
use crate::budget::{Budget, Reservation};
use crate::current::current;
use crate::spill::SpillError;

/// Pieces are put together to so many bytes, so that what they are split into is worth a read.
const TOGETHER: u64 = 8 << 20;

impl Exchanged {
    /// Cuts a partition into `n`: `scatter` cuts one piece after the other, with the builder that
    /// it is given. What comes out is again an exchange, so that one of its partitions can be cut
    /// again.
    ///
    /// A partition that is too large and cannot be cut (one key has all of it) stays as it is:
    /// whoever recurses stops when a part is as large as the whole.
    ///
    /// # Errors
    /// - [`SpillError::OutOfBudget`] if not even one piece fits.
    /// - What `scatter`, [`Blob::read_at`](crate::Blob::read_at) and
    ///   [`Spill::write`](crate::Spill::write) give.
    ///
    /// # Complexity
    /// The partition is read once and written once, as far as the budget does not keep it. One
    /// piece is held at a time, reserved in the [current](current()) budget.
    pub fn split(
        &self,
        partition: u32,
        n: u32,
        mut scatter: impl FnMut(PartitionedBuilder, &[u8]) -> Result<Partitioned, SpillError>,
    ) -> Result<Exchanged, SpillError> {
        let budget = current();
        let partition = self.partition(partition)?;
        let _buffer = budget.reserve(partition.max_piece_bytes(), "a piece that is split")?;
        let mut pieces = partition.pieces();
        let mut parts = Vec::new();
        while let Some(piece) = pieces.next_piece()? {
            parts.push(scatter(PartitionedBuilder::new(n, &budget, budget.spill()), piece)?);
        }
        Exchanged::new(n, parts)
    }

    /// As [`Exchanged::split`], of records of `width` bytes, each of which goes to the part that
    /// `part_of` says. Pieces are put together up to 8 MiB, as far as the budget has room.
    ///
    /// # Errors
    /// As [`Exchanged::split`] and [`PartitionedBuilder::scatter_fixed`].
    pub fn split_fixed(
        &self,
        partition: u32,
        n: u32,
        width: usize,
        part_of: impl Fn(&[u8]) -> u32,
    ) -> Result<Exchanged, SpillError> {
        let budget = current();
        let reader = self.partition(partition)?;
        let (piece_bytes, all) = (reader.max_piece_bytes(), reader.len());
        let _piece = budget.reserve(piece_bytes, "a piece that is split")?;
        let together = together(&budget, piece_bytes, all);
        let room = together.as_ref().map_or(0, Reservation::bytes);
        let scatter = |records: &[u8]| {
            let builder = PartitionedBuilder::new(n, &budget, budget.spill());
            builder.scatter_fixed(records, width, |i| part_of(&records[i * width..][..width]))
        };
        let (mut parts, mut buffer) = (Vec::new(), Vec::with_capacity(room as usize));
        let mut pieces = reader.pieces();
        while let Some(piece) = pieces.next_piece()? {
            if !buffer.is_empty() && (buffer.len() + piece.len()) as u64 > room {
                parts.push(scatter(&buffer)?);
                buffer.clear();
            }
            if piece.len() as u64 > room {
                parts.push(scatter(piece)?);
            } else {
                buffer.extend_from_slice(piece);
            }
        }
        if !buffer.is_empty() {
            parts.push(scatter(&buffer)?);
        }
        Exchanged::new(n, parts)
    }
}

/// Room to put pieces together, if the budget has some for more than one of them.
fn together(budget: &Budget, piece_bytes: u64, all: u64) -> Option<Reservation> {
    let mut wanted = TOGETHER.min(all);
    while wanted > piece_bytes {
        match budget.try_reserve(wanted) {
            Some(reservation) => return Some(reservation),
            None => wanted /= 2,
        }
    }
    None
}
