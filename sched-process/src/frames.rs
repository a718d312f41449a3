//! Values as bytes beside a message.

use crate::image::StaticRef;
use crate::message::InlineFrames;
use chunkwise_graph::{BoxError, Frames, FramesRef, TypeInfo, Value, panic_message};
use smallvec::SmallVec;
use std::panic::{AssertUnwindSafe, catch_unwind};

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
    caught(|| Ok(value.encode(&mut frames)?))?;
    Ok(frames)
}

/// The value that frames are of.
pub(crate) fn decode(info: &TypeInfo, frames: FramesRef<'_>) -> Result<Value, BoxError> {
    caught(|| info.decode(frames))
}

/// Codecs are users' code: a panic of one is an error of the task whose value it is.
fn caught<T>(codec: impl FnOnce() -> Result<T, BoxError>) -> Result<T, BoxError> {
    catch_unwind(AssertUnwindSafe(codec))
        .unwrap_or_else(|panic| Err(format!("a codec panicked: {}", panic_message(&*panic)).into()))
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
    decode(info, FramesRef::new(header, &buffers))
}

pub(crate) fn find_type(info: StaticRef) -> Result<&'static TypeInfo, BoxError> {
    info.find().ok_or_else(|| "a value of a type that this executable does not have".into())
}
