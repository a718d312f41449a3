//! [`Spill`]: files for what does not fit in memory.
//!
//! - `options`, `error`, `statistics`: what is wanted, what went wrong, what was done;
//! - `segment`: files without a name and ranges of them; `position`: reading and writing at a place;
//! - `blocks`, `compress`: what is checked and compressed as one; `extent`: what was written;
//! - `value`: values of any type with a codec, on disk.
//!
//! Not here: who decides what is written when. That is [`Budget`](crate::Budget), and the holders
//! that it asks.

mod blocks;
mod compress;
mod error;
mod extent;
mod options;
mod position;
mod segment;
mod statistics;
mod value;

pub use error::SpillError;
pub use extent::Extent;
pub use options::{Compression, SpillOptions};
pub use statistics::SpillStatistics;
pub use value::SpilledValue;

use extent::Index;
use segment::{Room, Shared};
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Files for what does not fit in memory. Cheap to clone; clones write to the same files.
///
/// Nothing touches the disk before the first write. The files have no name: they are gone when the
/// process ends, however it ended, so that there is nothing to sweep. Bytes are appended to
/// segments of 64 MiB, or a 64th part of what is on disk if that is more; a larger write gets a
/// segment of its own. A segment's file is closed when nobody holds an [`Extent`] of it; before,
/// the room of dropped extents of 64 KiB or more is given back as a hole in the file, on Linux.
///
/// ```
/// use chunkwise_memory::{Spill, SpillOptions};
/// let spill = Spill::new(SpillOptions::default());
/// let extent = spill.write(&[b"to be ", b"read later"])?;
/// let mut word = [0; 4];
/// extent.read_at(6, &mut word)?;
/// assert_eq!((&word, spill.statistics().on_disk), (b"read", 16));
/// drop(extent);
/// assert_eq!(spill.statistics().on_disk, 0);
/// # Ok::<(), chunkwise_memory::SpillError>(())
/// ```
#[derive(Clone)]
pub struct Spill {
    shared: Arc<Shared>,
}

impl Spill {
    /// With options; makes no file yet.
    pub fn new(options: SpillOptions) -> Spill {
        Spill { shared: Arc::new(Shared::new(options)) }
    }

    /// What it was made with.
    pub fn options(&self) -> &SpillOptions {
        &self.shared.options
    }

    /// What was written and read so far.
    pub fn statistics(&self) -> SpillStatistics {
        self.shared.statistics()
    }

    /// Writes parts, one behind the other. Threads may write at the same time; each does so to a
    /// file that no other one is writing to. Nothing is flushed to the device: the bytes need not
    /// outlive the process.
    ///
    /// Bytes are cut into blocks of up to 256 KiB, each with a CRC-32, that end where parts end if
    /// these have 32 KiB: ranges that will be read alone should be parts.
    ///
    /// # Compression
    /// Blocks are compressed with LZ4 where that takes less time than it saves. Of a write of
    /// 64 KiB or more, 16 KiB in the middle of the longest part are tried, which gives the share
    /// `k` of bytes that compressing keeps. With the rates at which this spill has written (`w`),
    /// read (`r`), compressed (`c`) and decompressed (`d`), in bytes a second on one thread, the
    /// write is compressed if `k <= 0.9` and
    ///
    /// ```text
    /// 1/c + 1/d + k (1/w + 1/r)  <  1/w + 1/r
    /// ```
    ///
    /// A block that keeps more than 90 % of its bytes is stored as it is.
    ///
    /// # Errors
    /// - [`SpillError::Quota`], [`SpillError::DiskFull`] if there is no room. Until it is
    ///   compressed, a write needs the room of all its bytes.
    /// - [`SpillError::Create`] if there can be no file in the folder.
    /// - [`SpillError::Write`] if the system cannot write.
    ///
    /// A write that failed leaves nothing behind.
    ///
    /// # Complexity
    /// O(bytes) time; memory for two blocks.
    pub fn write(&self, parts: &[&[u8]]) -> Result<Extent, SpillError> {
        let len: u64 = parts.iter().map(|part| part.len() as u64).sum();
        if len == 0 {
            return Ok(Extent::new(None, Index::default()));
        }
        let mut writing = Writing::new(self.packs(parts, len));
        let mut room = self.shared.reserve(len)?;
        let done = writing.all(&room, parts);
        writing.index.shrink();
        let stored = writing.index.stored();
        // A failed write keeps its range until it is dropped, with all that it may have written.
        room.finish(if done.is_ok() { stored } else { len });
        done?;
        self.shared.update(|statistics| {
            statistics.written += len;
            statistics.written_stored += stored;
            statistics.writing += writing.writing;
            statistics.rates.write.add(stored, writing.writing);
            statistics.rates.compress.add(writing.n_packed, writing.packing);
        });
        Ok(Extent::new(Some(room), writing.index))
    }

    /// Whether a write is compressed.
    fn packs(&self, parts: &[&[u8]], len: u64) -> bool {
        let compression = self.options().compression;
        if !compress::worth_trying(compression, len) || compression == Compression::Always {
            return compression == Compression::Always;
        }
        let sample = compress::sample(parts);
        self.shared.update(|statistics| {
            statistics.rates.compress.add(sample.bytes, sample.took);
            compress::pays(sample.kept, &statistics.rates)
        })
    }
}

/// One call of [`Spill::write`]: what it has written, and what that took.
struct Writing {
    packs: bool,
    packed: Vec<u8>,
    index: Index,
    writing: Duration,
    n_packed: u64,
    packing: Duration,
}

impl Writing {
    fn new(packs: bool) -> Writing {
        let (writing, packing) = (Duration::ZERO, Duration::ZERO);
        Writing {
            packs,
            packed: Vec::new(),
            index: Index::default(),
            writing,
            n_packed: 0,
            packing,
        }
    }

    fn all(&mut self, room: &Room, parts: &[&[u8]]) -> Result<(), SpillError> {
        if self.packs {
            return blocks::for_each_block(parts, |block| self.pack(room, block));
        }
        let Ok(()) = blocks::for_each_block::<Infallible>(parts, |block| {
            self.index.push(block.len(), block.len(), crc32fast::hash(block));
            Ok(())
        });
        self.timed(|| room.write_parts(parts))
    }

    fn pack(&mut self, room: &Room, block: &[u8]) -> Result<(), SpillError> {
        let mut packed = std::mem::take(&mut self.packed);
        let started = Instant::now();
        let stored = if compress::pack(block, &mut packed) { &packed } else { block };
        self.packing += started.elapsed();
        self.n_packed += block.len() as u64;
        let at = self.index.stored();
        self.index.push(block.len(), stored.len(), crc32fast::hash(stored));
        self.timed(|| room.write(stored, at))?;
        self.packed = packed;
        Ok(())
    }

    fn timed<R>(&mut self, write: impl FnOnce() -> R) -> R {
        let started = Instant::now();
        let result = write();
        self.writing += started.elapsed();
        result
    }
}

impl fmt::Debug for Spill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on_disk = chunkwise_graph::format_bytes(self.statistics().on_disk);
        write!(f, "Spill({}, {on_disk} on disk)", self.shared.folder().display())
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
