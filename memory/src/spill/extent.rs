//! [`Extent`]: bytes on disk, in blocks with checksums.

use super::compress;
use super::error::SpillError;
use super::segment::Room;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Bytes that a [`Spill`](crate::Spill) has written. Cheap to clone; dropping the last clone gives
/// their room on disk back.
///
/// Knowing where they are takes 12 bytes of memory for each block, 20 for compressed ones: less
/// than 0.1 % of what is on disk.
#[derive(Clone)]
pub struct Extent {
    stored: Arc<Stored>,
}

struct Stored {
    /// `None`: nothing was to be written.
    room: Option<Room>,
    index: Index,
}

/// Where the blocks of an extent are, and what they should be.
#[derive(Default)]
pub(super) struct Index {
    /// Where each block ends in what was written.
    ends: Vec<u64>,
    /// Where it ends on disk; empty if that is the same for all.
    stored_ends: Vec<u64>,
    checksums: Vec<u32>,
}

impl Index {
    pub(super) fn push(&mut self, len: usize, stored: usize, checksum: u32) {
        let (end, stored_end) = (self.len(), self.stored());
        if stored != len && self.stored_ends.is_empty() {
            self.stored_ends.clone_from(&self.ends);
        }
        if stored != len || !self.stored_ends.is_empty() {
            self.stored_ends.push(stored_end + stored as u64);
        }
        self.ends.push(end + len as u64);
        self.checksums.push(checksum);
    }

    pub(super) fn shrink(&mut self) {
        self.ends.shrink_to_fit();
        self.stored_ends.shrink_to_fit();
        self.checksums.shrink_to_fit();
    }

    fn len(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    pub(super) fn stored(&self) -> u64 {
        self.on_disk().last().copied().unwrap_or(0)
    }

    fn on_disk(&self) -> &[u64] {
        if self.stored_ends.is_empty() { &self.ends } else { &self.stored_ends }
    }

    fn block(&self, number: usize) -> Block {
        let range = |ends: &[u64]| number.checked_sub(1).map_or(0, |n| ends[n])..ends[number];
        let (range, stored) = (range(&self.ends), range(self.on_disk()));
        Block { range, stored, checksum: self.checksums[number] }
    }
}

struct Block {
    range: Range<u64>,
    stored: Range<u64>,
    checksum: u32,
}

impl Extent {
    pub(super) fn new(room: Option<Room>, index: Index) -> Extent {
        Extent { stored: Arc::new(Stored { room, index }) }
    }

    /// Bytes that were written.
    pub fn len(&self) -> u64 {
        self.stored.index.len()
    }

    /// Whether nothing was.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that they take on disk.
    pub fn stored(&self) -> u64 {
        self.stored.room.as_ref().map_or(0, Room::bytes)
    }

    /// Reads the bytes from `offset` on until `into` is full, and checks the blocks that they are
    /// in.
    ///
    /// # Errors
    /// - [`SpillError::OutOfRange`] if there are not so many.
    /// - [`SpillError::Read`] if the disk does not give them.
    /// - [`SpillError::Corrupt`] if it gives others than were written.
    ///
    /// # Complexity
    /// Whole blocks are read. One that is compressed, or of which a part is wanted, goes through a
    /// buffer of up to 256 KiB.
    pub fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), SpillError> {
        let (bytes, len) = (into.len() as u64, self.len());
        if offset.checked_add(bytes).is_none_or(|end| end > len) {
            return Err(SpillError::OutOfRange { offset, bytes, len });
        }
        let Some(room) = self.stored.room.as_ref().filter(|_| bytes > 0) else { return Ok(()) };
        let mut reading = Reading::of(room);
        let done = self.read_blocks(offset, into, &mut reading);
        reading.tell(bytes);
        done
    }

    fn read_blocks(
        &self,
        offset: u64,
        mut into: &mut [u8],
        reading: &mut Reading<'_>,
    ) -> Result<(), SpillError> {
        let index = &self.stored.index;
        let mut number = index.ends.partition_point(|&end| end <= offset);
        let mut offset = offset;
        while !into.is_empty() {
            let block = index.block(number);
            let n = into.len().min((block.range.end - offset) as usize);
            let (part, rest) = into.split_at_mut(n);
            let skipped = (offset - block.range.start) as usize;
            reading.block(&block, skipped, part)?;
            (into, offset, number) = (rest, offset + n as u64, number + 1);
        }
        Ok(())
    }

    /// Changes a byte on disk, as a failing disk would.
    #[cfg(test)]
    pub(crate) fn damage(&self, at: u64) {
        let room = self.stored.room.as_ref().unwrap();
        let mut byte = [0];
        room.read(&mut byte, at).unwrap();
        room.write(&[!byte[0]], at).unwrap();
    }

    /// Makes the file shorter.
    #[cfg(test)]
    pub(crate) fn truncate(&self, bytes: u64) {
        self.stored.room.as_ref().unwrap().file().set_len(bytes).unwrap();
    }

    /// Blocks of 512 bytes that the file takes.
    #[cfg(test)]
    #[cfg(target_os = "linux")]
    pub(crate) fn blocks_of_file(&self) -> u64 {
        use std::os::unix::fs::MetadataExt;
        let file = self.stored.room.as_ref().unwrap().file();
        file.sync_all().unwrap();
        file.metadata().unwrap().blocks()
    }
}

/// One call of [`Extent::read_at`]: its buffers, and what it took.
struct Reading<'a> {
    room: &'a Room,
    stored: Vec<u8>,
    whole: Vec<u8>,
    n_stored: u64,
    reading: Duration,
    n_unpacked: u64,
    unpacking: Duration,
}

impl Reading<'_> {
    fn of(room: &Room) -> Reading<'_> {
        let (stored, whole) = (Vec::new(), Vec::new());
        let (reading, unpacking) = (Duration::ZERO, Duration::ZERO);
        Reading { room, stored, whole, n_stored: 0, reading, n_unpacked: 0, unpacking }
    }

    /// Bytes of a block, from `skipped` on.
    fn block(&mut self, block: &Block, skipped: usize, into: &mut [u8]) -> Result<(), SpillError> {
        let len = (block.range.end - block.range.start) as usize;
        if into.len() == len {
            return self.whole_block(block, into);
        }
        let mut whole = std::mem::take(&mut self.whole);
        whole.resize(len, 0);
        let read = self.whole_block(block, &mut whole);
        into.copy_from_slice(&whole[skipped..skipped + into.len()]);
        self.whole = whole;
        read
    }

    fn whole_block(&mut self, block: &Block, into: &mut [u8]) -> Result<(), SpillError> {
        let n_stored = (block.stored.end - block.stored.start) as usize;
        if n_stored == into.len() {
            self.timed_read(block, into)?;
            return self.check(block, into);
        }
        let mut stored = std::mem::take(&mut self.stored);
        stored.resize(n_stored, 0);
        self.timed_read(block, &mut stored)?;
        self.check(block, &stored)?;
        let started = Instant::now();
        if !compress::unpack(&stored, into) {
            return Err(self.corrupt(block));
        }
        self.unpacking += started.elapsed();
        self.n_unpacked += into.len() as u64;
        self.stored = stored;
        Ok(())
    }

    fn timed_read(&mut self, block: &Block, into: &mut [u8]) -> Result<(), SpillError> {
        let started = Instant::now();
        self.room.read(into, block.stored.start)?;
        self.reading += started.elapsed();
        self.n_stored += into.len() as u64;
        Ok(())
    }

    fn check(&self, block: &Block, stored: &[u8]) -> Result<(), SpillError> {
        let same = crc32fast::hash(stored) == block.checksum;
        if same { Ok(()) } else { Err(self.corrupt(block)) }
    }

    fn corrupt(&self, block: &Block) -> SpillError {
        let (offset, bytes) = (block.range.start, block.range.end - block.range.start);
        SpillError::Corrupt { folder: self.room.shared.folder(), offset, bytes }
    }

    fn tell(self, bytes: u64) {
        self.room.shared.update(|statistics| {
            statistics.read += bytes;
            statistics.read_stored += self.n_stored;
            statistics.reading += self.reading;
            statistics.rates.read.add(self.n_stored, self.reading);
            statistics.rates.decompress.add(self.n_unpacked, self.unpacking);
        });
    }
}

impl fmt::Debug for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Extent({} bytes, {} on disk)", self.len(), self.stored())
    }
}
