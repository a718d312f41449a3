//! Values as bytes: beside a message, or in shared memory.

use crate::arena::{Arena, FreeList, Mapping, Span};
use crate::image::StaticRef;
use crate::message::{InlineFrames, Published};
use chunkwise_graph::{BoxError, Frames, FramesRef, TypeInfo, Value};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

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
    info.decode(FramesRef { header, buffers: &buffers })
}

fn find_type(info: StaticRef) -> Result<&'static TypeInfo, BoxError> {
    info.find().ok_or_else(|| "a value of a type that this executable does not have".into())
}

/// Reads a value from shared memory.
///
/// # Safety
/// As for [`Mapping::bytes`]: the value's owner has published it, and will not use its place again
/// before this process has told that it is done.
pub(crate) unsafe fn read_shared(published: &Published, arena: &Arena) -> Result<Value, BoxError> {
    let info = find_type(published.info)?;
    let mut mappings: SmallVec<[Arc<Mapping>; 1]> = SmallVec::new();
    for span in &published.buffers {
        mappings.push(arena.region(span.region)?);
    }
    let spans = published.buffers.iter().zip(&mappings);
    // SAFETY: the caller's promise.
    let buffers = spans.map(|(span, region)| unsafe { region.bytes(span.offset, span.len) });
    let buffers = buffers.collect::<Result<SmallVec<[&[u8]; 2]>, _>>()?;
    info.decode(FramesRef { header: &published.header, buffers: &buffers })
}

/// This process's region of shared memory.
pub(crate) struct OwnRegion {
    number: u32,
    mapping: Arc<Mapping>,
    places: Mutex<Places>,
}

struct Places {
    free: FreeList,
    /// What was published, by task.
    published: HashMap<u32, Published>,
}

impl OwnRegion {
    pub(crate) fn new(number: u32, mapping: Arc<Mapping>, len: u64) -> OwnRegion {
        let free = FreeList::new(Mapping::COUNTERS_LEN, len);
        OwnRegion {
            number,
            mapping,
            places: Mutex::new(Places { free, published: HashMap::new() }),
        }
    }

    pub(crate) fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    fn places(&self) -> std::sync::MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a task's value into shared memory, once.
    pub(crate) fn publish(&self, task: u32, value: &Value) -> Result<Published, BoxError> {
        if let Some(published) = self.places().published.get(&task) {
            return Ok(published.clone());
        }
        let frames = encode(value)?;
        let mut published =
            Published { info: type_of(value)?, header: frames.header, buffers: SmallVec::new() };
        for buffer in &frames.buffers {
            let bytes = (**buffer).as_ref();
            let len = bytes.len() as u64;
            let Some(offset) = self.places().free.take(len) else {
                self.give(&published);
                return Err(format!("no room for {len} bytes in shared memory").into());
            };
            published.buffers.push(Span { region: self.number, offset, len });
            // SAFETY: the free list gave the place out, and nobody knows of it yet.
            if let Err(error) = unsafe { self.mapping.write(offset, bytes) } {
                self.give(&published);
                return Err(error.into());
            }
        }
        self.places().published.insert(task, published.clone());
        Ok(published)
    }

    fn give(&self, published: &Published) {
        let mut places = self.places();
        for span in &published.buffers {
            places.free.give(span.offset, span.len);
        }
    }

    /// The place of a task's value is free again: nobody reads it any more.
    pub(crate) fn release(&self, task: u32) {
        let published = self.places().published.remove(&task);
        if let Some(published) = published {
            self.give(&published);
        }
    }

    /// All places are free again, and memory beyond `keep` bytes goes back to the system.
    pub(crate) fn clear(&self, arena: &Arena, keep: u64) {
        let mut places = self.places();
        let published = std::mem::take(&mut places.published);
        for span in published.values().flat_map(|published| &published.buffers) {
            places.free.give(span.offset, span.len);
        }
        for (offset, len) in places.free.idle(keep) {
            // What is not given back now is used again later.
            let _ = arena.give_back(Span { region: self.number, offset, len });
        }
    }
}
