//! [`OwnRegion`]: where a process puts values into shared memory.

use crate::arena::{Arena, FreeList, Mapping, Span};
use crate::frames::{encode, type_of};
use crate::message::Published;
use chunkwise_graph::{BoxError, Buffer, FramesRef, Value};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::sync::atomic::Ordering::Release;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
