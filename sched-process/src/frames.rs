//! Values as bytes: beside a message, or in shared memory.

use crate::arena::{Arena, FreeList, Mapping, Span};
use crate::image::StaticRef;
use crate::message::{InlineFrames, Published};
use chunkwise_graph::{Arriving, BoxError, Buffer, Frames, FramesRef, TypeInfo, Value};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A value's type, to be sent along.
pub(crate) fn type_of(value: &Value) -> Result<StaticRef, BoxError> {
    Ok(StaticRef::to(value.info()).map_err(|_| not_in_executable(value.info()))?)
}

fn not_in_executable(info: &TypeInfo) -> String {
    format!("the type {} belongs to a shared library", info.name())
}

/// The value's portable form.
pub(crate) fn encode(value: &Value) -> Result<Frames, BoxError> {
    let mut frames = Frames::default();
    value.encode(&mut frames)?;
    Ok(frames)
}

/// Appends an encoded value to a blob.
pub(crate) fn append(
    value: &Value,
    frames: &Frames,
    blob: &mut Vec<u8>,
) -> Result<InlineFrames, BoxError> {
    let inline = InlineFrames {
        info: type_of(value)?,
        header: frames.header.len() as u32,
        buffers: frames.buffers.iter().map(|buffer| (**buffer).as_ref().len() as u32).collect(),
    };
    blob.extend_from_slice(&frames.header);
    for buffer in &frames.buffers {
        blob.extend_from_slice((**buffer).as_ref());
    }
    Ok(inline)
}

/// Reads a value from the front of a blob, which it is taken from.
pub(crate) fn read_inline(inline: &InlineFrames, blob: &mut &[u8]) -> Result<Value, BoxError> {
    let info = find_type(inline.info)?;
    let mut next = |len: u32| -> Result<&[u8], BoxError> {
        let (bytes, rest) = blob.split_at_checked(len as usize).ok_or("a value is cut short")?;
        *blob = rest;
        Ok(bytes)
    };
    let header = next(inline.header)?;
    let buffers = inline.buffers.iter().map(|&len| next(len));
    let buffers = buffers.collect::<Result<SmallVec<[&[u8]; 2]>, _>>()?;
    info.decode(FramesRef::new(header, &buffers))
}

fn find_type(info: StaticRef) -> Result<&'static TypeInfo, BoxError> {
    info.find().ok_or_else(|| "a value of a type that this executable does not have".into())
}

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
    info.decode(FramesRef::arriving(&published.header, &shared))
}

/// This process's region of shared memory.
pub(crate) struct OwnRegion {
    number: u32,
    mapping: Arc<Mapping>,
    places: Mutex<Places>,
    /// Held while bytes are written to places that others know of already.
    writing: Mutex<()>,
}

struct Places {
    free: FreeList,
    /// What was published, by task.
    published: HashMap<u32, Published>,
}

/// Bytes that are still to be written to their places.
pub(crate) struct ToWrite<'a> {
    region: &'a OwnRegion,
    buffers: Vec<Buffer>,
    published: Published,
    _writing: MutexGuard<'a, ()>,
}

impl OwnRegion {
    pub(crate) fn new(number: u32, mapping: Arc<Mapping>, len: u64) -> OwnRegion {
        let free = FreeList::new(Mapping::THREADS_LEN, len);
        let places = Mutex::new(Places { free, published: HashMap::new() });
        OwnRegion { number, mapping, places, writing: Mutex::new(()) }
    }

    pub(crate) fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writing(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a task's value into shared memory, once.
    pub(crate) fn publish(&self, task: u32, value: &Value) -> Result<Published, BoxError> {
        let (published, to_write) = self.start_publishing(task, value)?;
        if let Some(to_write) = to_write {
            to_write.write()?;
        }
        Ok(published)
    }

    /// Finds places for a task's value; what is to be written there may be written after others
    /// were told of them, who read it as it comes. `None` if that is done already.
    pub(crate) fn start_publishing(
        &self,
        task: u32,
        value: &Value,
    ) -> Result<(Published, Option<ToWrite<'_>>), BoxError> {
        let writing = self.writing();
        if let Some(published) = self.places().published.get(&task) {
            return Ok((published.clone(), None));
        }
        let (info, frames) = (type_of(value)?, encode(value)?);
        let progress = self.take(size_of::<u64>() as u64)?;
        let (header, buffers) = (frames.header, SmallVec::new());
        let mut published = Published { info, header, buffers, progress };
        for buffer in &frames.buffers {
            match self.take((**buffer).as_ref().len() as u64) {
                Ok(span) => published.buffers.push(span),
                Err(error) => {
                    self.give(&published);
                    return Err(error);
                }
            }
        }
        self.mapping.progress(progress.offset)?.store(0, Release);
        self.places().published.insert(task, published.clone());
        let to_write = ToWrite {
            region: self,
            buffers: frames.buffers,
            published: published.clone(),
            _writing: writing,
        };
        Ok((published, Some(to_write)))
    }

    fn take(&self, len: u64) -> Result<Span, BoxError> {
        let place = self.places().free.take(len);
        let offset = place.ok_or_else(|| format!("no room for {len} bytes in shared memory"))?;
        Ok(Span { region: self.number, offset, len })
    }

    fn give(&self, published: &Published) {
        let mut places = self.places();
        for span in published.buffers.iter().chain([&published.progress]) {
            places.free.give(span.offset, span.len);
        }
    }

    /// The place of a task's value is free again: nobody reads it any more.
    pub(crate) fn release(&self, task: u32) {
        if !self.places().published.contains_key(&task) {
            return;
        }
        let _writing = self.writing();
        let published = self.places().published.remove(&task);
        if let Some(published) = published {
            self.give(&published);
        }
    }

    /// All places are free again, and memory beyond `keep` bytes goes back to the system.
    pub(crate) fn clear(&self, arena: &Arena, keep: u64) {
        let _writing = self.writing();
        let published = std::mem::take(&mut self.places().published);
        published.values().for_each(|published| self.give(published));
        for (offset, len) in self.places().free.idle(keep) {
            // What is not given back now is used again later.
            let _ = arena.give_back(Span { region: self.number, offset, len });
        }
    }
}

impl ToWrite<'_> {
    /// Writes everything, counting as it goes.
    pub(crate) fn write(self) -> Result<(), BoxError> {
        let mapping = &self.region.mapping;
        let progress = mapping.progress(self.published.progress.offset)?;
        let mut there = 0u64;
        for (buffer, span) in self.buffers.iter().zip(&self.published.buffers) {
            let mut offset = span.offset;
            for piece in (**buffer).as_ref().chunks(FramesRef::PIECE_BYTES) {
                // SAFETY: the free list gave the place out, and others read only what was counted.
                unsafe { mapping.write(offset, piece)? };
                offset += piece.len() as u64;
                there += piece.len() as u64;
                progress.store(there, Release);
            }
        }
        Ok(())
    }
}
