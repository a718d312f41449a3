//! [`Partitioned`]: one input's pieces, one for each partition, in one blob.

use crate::blob::{Blob, of_header, to_header};
use crate::budget::{Budget, Reservation};
use crate::spill::{Spill, SpillError};
use chunkwise_graph::{Codec, Data, Value};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// One input's pieces, one for each partition: what a scatter task gives. Cheap to clone.
#[derive(Clone)]
pub struct Partitioned {
    blob: Blob,
    /// Where each piece starts, and where the last one ends.
    offsets: Arc<[u64]>,
}

/// Makes a [`Partitioned`], whose bytes are accounted in a budget and stay in memory as long as it
/// has room.
///
/// ```
/// use chunkwise_memory::{Budget, PartitionedBuilder, Spill, SpillOptions};
/// let (budget, spill) = (Budget::new(1000), Spill::new(SpillOptions::default()));
/// let builder = PartitionedBuilder::new(3, &budget, &spill);
/// let partitioned = builder.scatter_fixed(&[5, 1, 3, 4, 6, 8], 1, |i| [2, 1, 2, 0, 0, 0][i])?;
/// let mut piece = Vec::new();
/// partitioned.read_piece(0, &mut piece)?;
/// assert_eq!(piece, [4, 6, 8]);
/// assert_eq!(partitioned.piece_bytes(2), 2);
/// # Ok::<(), chunkwise_memory::SpillError>(())
/// ```
#[derive(Debug)]
pub struct PartitionedBuilder {
    pub(super) n_partitions: u32,
    pub(super) budget: Budget,
    pub(super) spill: Spill,
    bytes: Vec<u8>,
    offsets: Vec<u64>,
}

impl PartitionedBuilder {
    /// For so many partitions.
    pub fn new(n_partitions: u32, budget: &Budget, spill: &Spill) -> PartitionedBuilder {
        let (budget, spill) = (budget.clone(), spill.clone());
        let (bytes, offsets) = (Vec::new(), vec![0]);
        PartitionedBuilder { n_partitions, budget, spill, bytes, offsets }
    }

    /// Adds the piece of the next partition. Pieces are put together in memory, which the caller
    /// accounts for until [`PartitionedBuilder::finish`].
    pub fn push(&mut self, piece: &[u8]) -> &mut PartitionedBuilder {
        self.bytes.extend_from_slice(piece);
        self.offsets.push(self.bytes.len() as u64);
        self
    }

    /// Puts the pieces away that were pushed, and empty ones for partitions that are left.
    ///
    /// # Errors
    /// - [`SpillError::Partitions`] if there are more pieces than partitions.
    /// - What [`Spill::write`] gives.
    pub fn finish(mut self) -> Result<Partitioned, SpillError> {
        let (expected, found) = (self.n_partitions, self.offsets.len() as u64 - 1);
        if found > u64::from(expected) {
            return Err(SpillError::Partitions { expected, found });
        }
        self.offsets.resize(expected as usize + 1, self.bytes.len() as u64);
        let reservation = self.budget.try_reserve(self.bytes.capacity() as u64);
        let offsets: Arc<[u64]> = self.offsets.into();
        let blob = Blob::of(self.bytes, offsets.clone(), reservation, &self.spill)?;
        Ok(Partitioned { blob, offsets })
    }

    /// Puts pieces away that the caller has, one for each partition. They are copied if they stay
    /// in memory, and written uncopied if not.
    ///
    /// # Errors
    /// - [`SpillError::Partitions`] if there are more or fewer pieces than partitions.
    /// - What [`Spill::write`] gives.
    pub fn from_pieces(self, pieces: &[Vec<u8>]) -> Result<Partitioned, SpillError> {
        let (expected, found) = (self.n_partitions, pieces.len() as u64);
        if found != u64::from(expected) {
            return Err(SpillError::Partitions { expected, found });
        }
        let ends = pieces.iter().scan(0, |end, piece| {
            *end += piece.len() as u64;
            Some(*end)
        });
        let offsets = std::iter::once(0).chain(ends).collect();
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        let blob = Blob::from_parts(&pieces, &self.budget, &self.spill)?;
        Ok(Partitioned { blob, offsets })
    }

    /// With the bytes of all pieces, and where each starts; counted already, or to be written.
    pub(super) fn with_bytes(
        self,
        bytes: Vec<u8>,
        offsets: Vec<u64>,
        reservation: Option<Reservation>,
    ) -> Result<Partitioned, SpillError> {
        let offsets: Arc<[u64]> = offsets.into();
        let blob = Blob::of(bytes, offsets.clone(), reservation, &self.spill)?;
        Ok(Partitioned { blob, offsets })
    }
}

impl Partitioned {
    /// How many partitions there are.
    pub fn n_partitions(&self) -> u32 {
        self.offsets.len() as u32 - 1
    }

    /// Bytes of all pieces.
    pub fn len(&self) -> u64 {
        self.blob.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.blob.is_empty()
    }

    /// Bytes of the piece of a partition; 0 of one that does not exist.
    pub fn piece_bytes(&self, partition: u32) -> u64 {
        self.range(partition).map_or(0, |range| range.end - range.start)
    }

    /// Reads the piece of a partition into a buffer, which is as long as the piece afterwards.
    ///
    /// # Errors
    /// - [`SpillError::NoPartition`] if there is no such partition.
    /// - As [`Blob::read_at`].
    pub fn read_piece(&self, partition: u32, piece: &mut Vec<u8>) -> Result<(), SpillError> {
        piece.resize(self.piece_bytes(partition) as usize, 0);
        self.read_piece_into(partition, piece)
    }

    /// As [`Partitioned::read_piece`], into a slice of the length of the piece.
    pub(super) fn read_piece_into(
        &self,
        partition: u32,
        into: &mut [u8],
    ) -> Result<(), SpillError> {
        let n_partitions = self.n_partitions();
        let no_partition = SpillError::NoPartition { partition, n_partitions };
        self.blob.read_at(self.range(partition).ok_or(no_partition)?.start, into)
    }

    fn range(&self, partition: u32) -> Option<Range<u64>> {
        let partition = partition as usize;
        Some(*self.offsets.get(partition)?..*self.offsets.get(partition + 1)?)
    }

    /// Where the bytes are.
    pub fn blob(&self) -> &Blob {
        &self.blob
    }

    pub(super) fn offsets(&self) -> &[u64] {
        &self.offsets
    }

    /// For a codec: from the offsets and the blob that came.
    pub(super) fn received(offsets: Arc<[u64]>, blob: Blob) -> Result<Partitioned, String> {
        if offsets.first() != Some(&0) || offsets.last() != Some(&blob.len()) {
            return Err("pieces that are not all of the bytes".into());
        }
        Ok(Partitioned { blob, offsets })
    }
}

impl Data for Partitioned {
    /// The handle and the offsets: the bytes are counted where they were reserved.
    fn nbytes(&self) -> usize {
        size_of::<Partitioned>() + self.blob.nbytes()
    }

    const IS_HANDLE: bool = true;

    const CODEC: Option<Codec> = Some(Codec {
        encode: |value, frames| {
            let partitioned: &Partitioned =
                value.downcast_ref().ok_or("it is no scattered input")?;
            frames.header = to_header(partitioned.offsets.iter().copied());
            frames.buffers.push(partitioned.blob.buffer()?);
            Ok(())
        },
        decode: |frames| {
            let offsets: Arc<[u64]> = of_header(frames.header)?.into();
            let blob = Blob::received(frames, 0, offsets.clone())?;
            Ok(Value::data(Partitioned::received(offsets, blob)?))
        },
    });

    fn describe(&self) -> String {
        let bytes = chunkwise_graph::format_bytes(self.len());
        format!("{bytes} for {} partitions", self.n_partitions())
    }
}

impl fmt::Debug for Partitioned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Partitioned({} partitions, {:?})", self.n_partitions(), self.blob)
    }
}
