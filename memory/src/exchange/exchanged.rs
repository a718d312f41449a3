//! [`Exchanged`]: the pieces of all inputs, read partition by partition.

use super::partitioned::Partitioned;
use crate::blob::{Blob, of_header, to_header};
use crate::budget::{Budget, Reservation};
use crate::spill::SpillError;
use chunkwise_graph::{BoxError, Codec, Data, FramesRef, Value};
use std::sync::Arc;

/// The pieces of all inputs, in the order of the inputs: what the one gather point gives. Cheap to
/// clone; it holds no bytes of its own.
///
/// ```
/// use chunkwise_memory::{Budget, Exchanged, PartitionedBuilder, Spill, SpillOptions};
/// let (budget, spill) = (Budget::new(1000), Spill::new(SpillOptions::default()));
/// let scatter = |records: &[u8]| {
///     let builder = PartitionedBuilder::new(2, &budget, &spill);
///     builder.scatter_fixed(records, 1, |i| u32::from(records[i] % 2))
/// };
/// let exchanged = Exchanged::new(2, vec![scatter(&[1, 2, 3])?, scatter(&[4, 5])?])?;
/// assert_eq!(exchanged.partition(1)?.read_all()?, [1, 3, 5]);
/// assert_eq!(exchanged.partition_bytes(0), 2);
/// # Ok::<(), chunkwise_memory::SpillError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Exchanged {
    n_partitions: u32,
    inputs: Arc<[Partitioned]>,
}

impl Exchanged {
    /// Of inputs that were all scattered to `n_partitions`.
    ///
    /// # Errors
    /// [`SpillError::Partitions`] if one of them was not.
    pub fn new(n_partitions: u32, inputs: Vec<Partitioned>) -> Result<Exchanged, SpillError> {
        match inputs.iter().find(|input| input.n_partitions() != n_partitions) {
            None => Ok(Exchanged { n_partitions, inputs: inputs.into() }),
            Some(other) => {
                let found = u64::from(other.n_partitions());
                Err(SpillError::Partitions { expected: n_partitions, found })
            }
        }
    }

    /// How many partitions there are.
    pub fn n_partitions(&self) -> u32 {
        self.n_partitions
    }

    /// How many inputs there are.
    pub fn n_inputs(&self) -> usize {
        self.inputs.len()
    }

    /// Bytes of a partition, to be compared with what there is room for; see [`Exchanged::split`].
    /// 0 of one that does not exist.
    ///
    /// # Complexity
    /// O(inputs); nothing is read.
    pub fn partition_bytes(&self, partition: u32) -> u64 {
        self.inputs.iter().map(|input| input.piece_bytes(partition)).sum()
    }

    /// One partition, to be read.
    ///
    /// # Errors
    /// [`SpillError::NoPartition`] if there is no such partition.
    pub fn partition(&self, partition: u32) -> Result<Partition<'_>, SpillError> {
        let n_partitions = self.n_partitions;
        if partition < n_partitions {
            Ok(Partition { exchanged: self, partition })
        } else {
            Err(SpillError::NoPartition { partition, n_partitions })
        }
    }

    /// The bound on the handle of so many inputs and partitions, as `nbytes` will count it.
    pub(super) fn nbytes_at_most(n_inputs: u64, n_partitions: u32) -> u64 {
        let empty = size_of::<Partitioned>() + Blob::HANDLE_BYTES;
        let input = empty as u64 + 8 * (u64::from(n_partitions) + 1);
        n_inputs.saturating_mul(input).saturating_add(size_of::<Exchanged>() as u64)
    }
}

/// The pieces that all inputs have for one partition.
#[derive(Clone, Copy, Debug)]
pub struct Partition<'a> {
    exchanged: &'a Exchanged,
    partition: u32,
}

impl<'a> Partition<'a> {
    /// Bytes of all pieces.
    pub fn len(&self) -> u64 {
        self.exchanged.partition_bytes(self.partition)
    }

    /// Whether all pieces are empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of the largest piece: what [`Partition::pieces`] holds at a time.
    pub fn max_piece_bytes(&self) -> u64 {
        let inputs = self.exchanged.inputs.iter();
        inputs.map(|input| input.piece_bytes(self.partition)).max().unwrap_or(0)
    }

    /// The pieces one by one, each read when it is asked for; empty ones are left out.
    pub fn pieces(&self) -> Pieces<'a> {
        Pieces { partition: *self, next: 0, piece: Vec::new() }
    }

    /// All pieces, one behind the other, in memory that the caller accounts for.
    ///
    /// # Errors
    /// As [`Blob::read_at`].
    pub fn read_all(&self) -> Result<Vec<u8>, SpillError> {
        let mut bytes = vec![0; self.len() as usize];
        let mut rest = bytes.as_mut_slice();
        for input in self.exchanged.inputs.iter() {
            let n_bytes = input.piece_bytes(self.partition) as usize;
            let (piece, behind) = rest.split_at_mut(n_bytes);
            if n_bytes > 0 {
                input.read_piece_into(self.partition, piece)?;
            }
            rest = behind;
        }
        Ok(bytes)
    }

    /// As [`Partition::read_all`], in memory that is reserved first; holders of the budget may be
    /// asked to give back for it.
    ///
    /// # Errors
    /// - [`SpillError::OutOfBudget`] if there is not so much; then [split](Exchanged::split) it.
    /// - As [`Blob::read_at`].
    pub fn read_reserved(&self, budget: &Budget) -> Result<(Vec<u8>, Reservation), SpillError> {
        let reservation = budget.reserve(self.len(), "a partition")?;
        Ok((self.read_all()?, reservation))
    }
}

/// The pieces of one partition, in the order of the inputs. It is no `Iterator`, as its pieces are
/// all read into one buffer.
#[derive(Debug)]
pub struct Pieces<'a> {
    partition: Partition<'a>,
    next: usize,
    piece: Vec<u8>,
}

impl Pieces<'_> {
    /// The next piece, until there are no more.
    ///
    /// # Errors
    /// As [`Blob::read_at`].
    pub fn next_piece(&mut self) -> Result<Option<&[u8]>, SpillError> {
        let partition = self.partition.partition;
        while let Some(input) = self.partition.exchanged.inputs.get(self.next) {
            self.next += 1;
            if input.piece_bytes(partition) > 0 {
                input.read_piece(partition, &mut self.piece)?;
                return Ok(Some(&self.piece));
            }
        }
        Ok(None)
    }
}

impl Data for Exchanged {
    /// The handles and the offsets: the bytes are counted where they were reserved.
    fn nbytes(&self) -> usize {
        size_of::<Exchanged>() + self.inputs.iter().map(Data::nbytes).sum::<usize>()
    }

    const IS_HANDLE: bool = true;

    /// All bytes travel: a scheduler of processes does better to let its workers read where the
    /// scatter tasks ran.
    const CODEC: Option<Codec> = Some(Codec {
        encode: |value, frames| {
            let exchanged: &Exchanged = value.downcast_ref().ok_or("it is no exchange")?;
            let offsets = exchanged.inputs.iter().flat_map(|input| input.offsets());
            let n_partitions = u64::from(exchanged.n_partitions);
            frames.header = to_header(std::iter::once(n_partitions).chain(offsets.copied()));
            for input in exchanged.inputs.iter() {
                frames.buffers.push(input.blob().buffer()?);
            }
            Ok(())
        },
        decode: |frames| Ok(Value::data(received(frames)?)),
    });

    fn describe(&self) -> String {
        format!("{} inputs for {} partitions", self.n_inputs(), self.n_partitions)
    }
}

fn received(frames: FramesRef<'_>) -> Result<Exchanged, BoxError> {
    let numbers = of_header(frames.header)?;
    let (n_partitions, offsets) = numbers.split_first().ok_or("an exchange without a header")?;
    let n_partitions = u32::try_from(*n_partitions)?;
    let each = n_partitions as usize + 1;
    if offsets.len() != each * frames.n_buffers() {
        return Err("an exchange with other offsets than inputs".into());
    }
    let input = |(buffer, offsets): (usize, &[u64])| -> Result<Partitioned, BoxError> {
        let offsets: Arc<[u64]> = offsets.into();
        let blob = Blob::received(frames, buffer, offsets.clone())?;
        Ok(Partitioned::received(offsets, blob)?)
    };
    let inputs = offsets.chunks_exact(each).enumerate().map(input);
    Ok(Exchanged::new(n_partitions, inputs.collect::<Result<_, _>>()?)?)
}
