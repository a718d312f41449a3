//! [`Codecs`]: chunks as bytes of elements, and as they are stored.

use std::any::Any;
use std::borrow::Cow;
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use zarrs::array::{
    ArrayBytes, ArrayToBytesCodecTraits, CodecChain, CodecOptions, DataType, FillValue,
};

/// A chain of codecs, run on the calling thread alone.
#[derive(Clone, Debug)]
pub(super) struct Codecs {
    chain: Arc<CodecChain>,
    zstd: Zstd,
}

/// Whether the stored bytes are Zstandard frames.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Zstd {
    Outermost,
    Not,
}

/// What a chunk is of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk<'a> {
    pub(super) shape: &'a [NonZeroU64],
    pub(super) dtype: &'a DataType,
    pub(super) fill: &'a FillValue,
    pub(super) bytes: usize,
}

impl Codecs {
    pub(super) fn new(chain: Arc<CodecChain>, zstd: Zstd) -> Codecs {
        Codecs { chain, zstd }
    }

    /// The elements of a chunk, row-major, as bytes in the endianness of the machine; what is wrong
    /// with it otherwise.
    pub(super) fn decode(&self, stored: Vec<u8>, chunk: Chunk<'_>) -> Result<Vec<u8>, String> {
        if self.zstd == Zstd::Outermost {
            let most = (chunk.bytes as u64).saturating_mul(2).saturating_add(1 << 20);
            check_frames(&stored, most)?;
        }
        let elements = guarded(|| {
            let Chunk { shape, dtype, fill, .. } = chunk;
            let decoded =
                self.chain.decode(Cow::Owned(stored), shape, dtype, fill, &on_this_thread());
            let decoded = decoded.map_err(|error| error.to_string())?;
            decoded.into_fixed().map(Cow::into_owned).map_err(|error| error.to_string())
        })??;
        if elements.len() != chunk.bytes {
            return Err(format!("it decodes to {} bytes, not {}", elements.len(), chunk.bytes));
        }
        Ok(elements)
    }

    /// A chunk as it is stored.
    pub(super) fn encode(&self, elements: &[u8], chunk: Chunk<'_>) -> Result<Vec<u8>, String> {
        guarded(|| {
            let Chunk { shape, dtype, fill, .. } = chunk;
            let elements = ArrayBytes::new_flen(Cow::Borrowed(elements));
            let stored = self.chain.encode(elements, shape, dtype, fill, &on_this_thread());
            stored.map(Cow::into_owned).map_err(|error| error.to_string())
        })?
    }

    /// How many bytes every chunk takes that is stored, if that is always the same.
    pub(super) fn stored_bytes(&self, chunk: Chunk<'_>) -> Result<Option<u64>, String> {
        guarded(|| {
            let Chunk { shape, dtype, fill, .. } = chunk;
            let stored = self.chain.encoded_representation(shape, dtype, fill);
            match stored.map_err(|error| error.to_string())? {
                zarrs::array::BytesRepresentation::FixedSize(bytes) => Ok(Some(bytes)),
                _ => Ok(None),
            }
        })?
    }
}

/// Threads are the business of schedulers.
fn on_this_thread() -> CodecOptions {
    CodecOptions::default().with_concurrent_target(1)
}

/// Runs code of `zarrs`, where a damaged chunk may be met by a panic: its text, then.
pub(super) fn guarded<R>(code: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(code)).map_err(|panic| format!("codec failed: {}", text(&*panic)))
}

fn text(panic: &(dyn Any + Send)) -> &str {
    let string = panic.downcast_ref::<String>().map(String::as_str);
    string.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panic")
}

/// Checks the sizes that Zstandard frames (RFC 8878, section 3.1.1) say they decompress to, as the
/// decoder allocates what they say before it looks further: a flipped bit would end the process.
fn check_frames(stored: &[u8], most: u64) -> Result<(), String> {
    let mut rest = stored;
    let mut sum = 0u64;
    while !rest.is_empty() {
        let Some((bytes, behind)) = frame(rest) else {
            return Err("it is cut off, or no Zstandard frame".to_owned());
        };
        sum = sum.saturating_add(bytes);
        rest = behind;
    }
    if sum > most {
        return Err(format!("its Zstandard frame claims {sum} bytes, more than a chunk has"));
    }
    Ok(())
}

/// The bytes that the first frame says to hold at most, and what is behind it.
fn frame(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |sum, byte| sum << 8 | *byte as u64);
    let (magic, rest) = bytes.split_at_checked(4)?;
    let magic = number(magic);
    if magic & 0xffff_fff0 == 0x184d_2a50 {
        let (len, rest) = rest.split_at_checked(4)?;
        return Some((0, rest.get(usize::try_from(number(len)).ok()?..)?));
    }
    if magic != 0xfd2f_b528 {
        return None;
    }
    let (&descriptor, rest) = rest.split_first()?;
    let single = descriptor & 0x20 != 0;
    let (window, dictionary) = (usize::from(!single), [0, 1, 2, 4][usize::from(descriptor & 3)]);
    let size = [usize::from(single), 2, 4, 8][usize::from(descriptor >> 6)];
    let rest = rest.get(window + dictionary..)?;
    let (content, mut rest) = rest.split_at_checked(size)?;
    let content = number(content) + if size == 2 { 256 } else { 0 };
    let mut blocks = 0u64;
    loop {
        let (header, behind) = rest.split_at_checked(3)?;
        let header = number(header);
        let len = if header >> 1 & 3 == 1 { 1 } else { usize::try_from(header >> 3).ok()? };
        rest = behind.get(len..)?;
        blocks += 1;
        if header & 1 == 1 {
            break;
        }
    }
    let rest = rest.get(if descriptor & 4 != 0 { 4 } else { 0 }..)?;
    // a block holds at most 128 KiB
    Some((if size == 0 { blocks * (128 << 10) } else { content }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of one raw block, with its size in four bytes.
    fn raw_frame(content: u32, block: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x28, 0xb5, 0x2f, 0xfd, 0xa0];
        bytes.extend(content.to_le_bytes());
        bytes.extend(&((block.len() as u32) << 3 | 1).to_le_bytes()[..3]);
        bytes.extend(block);
        bytes
    }

    #[test]
    fn frames_are_measured() {
        let one = raw_frame(5, b"hello");
        assert_eq!(frame(&one), Some((5, &[][..])));
        let two = [&one[..], &one].concat();
        assert_eq!(check_frames(&two, 10), Ok(()));
        assert!(check_frames(&two, 9).unwrap_err().contains("claims 10 bytes"));
        assert!(check_frames(&raw_frame(u32::MAX, b"hello"), 1 << 20).is_err());
        (0..one.len()).skip(1).for_each(|len| assert_eq!(frame(&one[..len]), None, "{len}"));
        assert!(check_frames(b"not a frame", 100).is_err());
        let skippable = [0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9, 7];
        assert_eq!(frame(&skippable), Some((0, &[7][..])));
    }

    #[test]
    fn panics_become_texts() {
        let error = guarded(|| panic!("number {}", 7)).unwrap_err();
        assert_eq!(error, "codec failed: number 7");
        assert_eq!(guarded(|| 3), Ok(3));
    }
}
