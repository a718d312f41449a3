//! Records of a fixed width, sorted by partition: one pass that counts, one that copies.

use super::partitioned::{Partitioned, PartitionedBuilder};
use crate::spill::SpillError;

impl PartitionedBuilder {
    /// Scatters records of `width` bytes: record `i` goes to partition `partition_of(i)`. Records
    /// of one partition keep their order.
    ///
    /// # Errors
    /// - [`SpillError::PartialRecord`] if the bytes are no whole number of records.
    /// - [`SpillError::NoPartition`] if `partition_of` names one that does not exist.
    /// - What [`Spill::write`](crate::Spill::write) gives.
    ///
    /// # Complexity
    /// O(bytes + partitions) time; one call of `partition_of` for each record. Memory: the bytes
    /// once more, and 4 for each record while it runs. Where the budget has no room for the bytes,
    /// they are the caller's to account for until they are written.
    pub fn scatter_fixed(
        self,
        records: &[u8],
        width: usize,
        partition_of: impl Fn(usize) -> u32,
    ) -> Result<Partitioned, SpillError> {
        let partial =
            || SpillError::PartialRecord { bytes: records.len() as u64, width: width as u64 };
        let n_records = records.len().checked_div(width).unwrap_or(0);
        if n_records * width != records.len() {
            return Err(partial());
        }
        let (partitions, offsets) = self.count(n_records, width, partition_of)?;
        let reservation = self.budget.try_reserve(records.len() as u64);
        let bytes = sorted(records, width, &partitions, &offsets);
        self.with_bytes(bytes, offsets, reservation)
    }

    /// The partition of each record, and where each partition starts.
    fn count(
        &self,
        n_records: usize,
        width: usize,
        partition_of: impl Fn(usize) -> u32,
    ) -> Result<(Vec<u32>, Vec<u64>), SpillError> {
        let n_partitions = self.n_partitions;
        // One behind its partition, so that sums of them are where partitions start.
        let mut offsets = vec![0u64; n_partitions as usize + 1];
        let mut partitions = Vec::with_capacity(n_records);
        for record in 0..n_records {
            let partition = partition_of(record);
            if partition >= n_partitions {
                return Err(SpillError::NoPartition { partition, n_partitions });
            }
            offsets[partition as usize + 1] += 1;
            partitions.push(partition);
        }
        let mut end = 0;
        for offset in &mut offsets {
            end += *offset * width as u64;
            *offset = end;
        }
        Ok((partitions, offsets))
    }
}

/// The records in the order of their partitions.
fn sorted(records: &[u8], width: usize, partitions: &[u32], offsets: &[u64]) -> Vec<u8> {
    let mut bytes = vec![0; records.len()];
    let mut next: Vec<usize> = offsets.iter().map(|&offset| offset as usize).collect();
    // A width that the compiler knows is a move of registers.
    match width {
        4 => copy_each::<4>(records, partitions, &mut next, &mut bytes),
        8 => copy_each::<8>(records, partitions, &mut next, &mut bytes),
        12 => copy_each::<12>(records, partitions, &mut next, &mut bytes),
        16 => copy_each::<16>(records, partitions, &mut next, &mut bytes),
        24 => copy_each::<24>(records, partitions, &mut next, &mut bytes),
        32 => copy_each::<32>(records, partitions, &mut next, &mut bytes),
        _ if width > 0 => {
            for (record, &partition) in records.chunks_exact(width).zip(partitions) {
                let at = &mut next[partition as usize];
                bytes[*at..*at + width].copy_from_slice(record);
                *at += width;
            }
        }
        _ => {}
    }
    bytes
}

fn copy_each<const WIDTH: usize>(
    records: &[u8],
    partitions: &[u32],
    next: &mut [usize],
    bytes: &mut [u8],
) {
    let (records, _) = records.as_chunks::<WIDTH>();
    let (sorted, _) = bytes.as_chunks_mut::<WIDTH>();
    for at in next.iter_mut() {
        *at /= WIDTH;
    }
    for (record, &partition) in records.iter().zip(partitions) {
        let at = &mut next[partition as usize];
        sorted[*at] = *record;
        *at += 1;
    }
}
