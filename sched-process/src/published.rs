//! Values in shared memory, read as they come.

use crate::arena::{Arena, Mapping};
use crate::frames::{decode, find_type};
use crate::message::Published;
use chunkwise_graph::{Arriving, BoxError, FramesRef, Value};
use smallvec::SmallVec;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::time::Duration;

/// What stands for the number of bytes that are there when the rest will never come.
const LOST: u64 = u64::MAX;

/// The owner of a value has ended before it was all there.
#[derive(Debug)]
pub(crate) struct Lost;

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value was lost on its way from another worker")
    }
}

impl std::error::Error for Lost {}

impl Published {
    fn nbytes(&self) -> u64 {
        self.buffers.iter().map(|span| span.len).sum()
    }

    /// Whether all of it is there.
    pub(crate) fn is_whole(&self, arena: &Arena) -> bool {
        let whole = || -> io::Result<bool> {
            let region = arena.region(self.progress.region)?;
            let there = region.progress(self.progress.offset)?.load(Acquire);
            Ok(there != LOST && there >= self.nbytes())
        };
        whole().unwrap_or(false)
    }

    /// Tells everybody who waits for it that the rest will not come. Its owner has ended.
    pub(crate) fn give_up(&self, arena: &Arena) {
        let tell = || -> io::Result<()> {
            let region = arena.region(self.progress.region)?;
            region.progress(self.progress.offset)?.store(LOST, Release);
            Ok(())
        };
        // A region that cannot be mapped here has been read by nobody.
        let _ = tell();
    }
}

/// A value in shared memory, perhaps still being written.
struct Shared<'a> {
    published: &'a Published,
    /// By buffer; then that of the progress.
    mappings: SmallVec<[Arc<Mapping>; 2]>,
    /// Whether the owner still lives, as far as this process can know.
    is_owner_alive: &'a dyn Fn() -> bool,
}

impl Shared<'_> {
    /// Waits until so many bytes of all buffers are there.
    fn wait_for(&self, wanted: u64) -> Result<(), BoxError> {
        const SPINS: u32 = 200;
        const YIELDS: u32 = 2000;
        let region = self.mappings.last().ok_or("a value without a place")?;
        let progress = region.progress(self.published.progress.offset)?;
        for round in 0u32.. {
            match progress.load(Acquire) {
                LOST => return Err(Lost.into()),
                there if there >= wanted => return Ok(()),
                _ if round < SPINS => std::hint::spin_loop(),
                _ if round < YIELDS => std::thread::yield_now(),
                _ if !(self.is_owner_alive)() => return Err(Lost.into()),
                _ => std::thread::sleep(Duration::from_micros(100)),
            }
        }
        Ok(())
    }
}

impl Arriving for Shared<'_> {
    fn n_buffers(&self) -> usize {
        self.published.buffers.len()
    }

    fn len(&self, buffer: usize) -> usize {
        self.published.buffers[buffer].len as usize
    }

    fn wait(&self, buffer: usize, end: usize) -> Result<&[u8], BoxError> {
        let before: u64 = self.published.buffers[..buffer].iter().map(|span| span.len).sum();
        self.wait_for(before + end as u64)?;
        let offset = self.published.buffers[buffer].offset;
        // SAFETY: so many bytes are written; that the place is not used again is the promise of the
        // caller of `read_shared`, which made `self`.
        Ok(unsafe { self.mappings[buffer].bytes(offset, end as u64)? })
    }
}

/// Reads a value from shared memory, as it comes.
///
/// # Safety
/// As for [`Mapping::bytes`]: the value's owner has published it, and will not use its place again
/// before this process has told that it is done.
pub(crate) unsafe fn read_shared(
    published: &Published,
    arena: &Arena,
    is_owner_alive: &dyn Fn() -> bool,
) -> Result<Value, BoxError> {
    let info = find_type(published.info)?;
    let mut mappings = SmallVec::new();
    for span in published.buffers.iter().chain([&published.progress]) {
        mappings.push(arena.region(span.region)?);
    }
    let shared = Shared { published, mappings, is_owner_alive };
    decode(info, FramesRef::arriving(&published.header, &shared))
}
