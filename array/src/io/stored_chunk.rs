//! The chunks of a new file for an array.

use crate::chunks::Chunks;

/// The most bytes of a chunk in a file: more make reading a part of one dear.
pub const STORED_BYTES: usize = 8 << 20;

/// The shape of stored chunks for an array that is cut like this; none for one without axes or
/// elements.
pub(super) fn stored_chunk(chunks: &Chunks, item_bytes: usize) -> Option<Vec<usize>> {
    let mut chunk = chunks.largest_chunk()?.to_vec();
    if chunk.is_empty() || chunk.contains(&0) {
        return None;
    }
    // Halved along the longest axis until it fits.
    while chunk.iter().product::<usize>() * item_bytes > STORED_BYTES {
        let longest = (0..chunk.len()).max_by_key(|&axis| chunk[axis])?;
        chunk[longest] = chunk[longest].div_ceil(2);
    }
    Some(chunk)
}
