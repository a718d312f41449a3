//! Random bytes, eight of a word.

use serde::{Deserialize, Serialize};

use crate::{ElementRng, Fill, StreamKey};

/// Bytes, all equally likely: `Generator.bytes`.
///
/// Eight neighbours share one word, so that this is several times quicker than
/// [`Integers`](crate::Integers) of type `u8`, which it is not equal to.
///
/// ```
/// use chunkwise_array_random::{Bytes, Fill, Seed};
///
/// let mut out = [0; 100];
/// Bytes.fill(Seed(7).stream(0), 0, &mut out);
/// let mut part = [0; 9];
/// Bytes.fill(Seed(7).stream(0), 13, &mut part);
/// assert_eq!(part, out[13..22]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bytes;

impl Fill<u8> for Bytes {
    fn fill(&self, key: StreamKey, first: u64, out: &mut [u8]) {
        let skip = (first % 8) as usize;
        let mut word = first / 8;
        let head = out.len().min((8 - skip) % 8);
        let (start, rest) = out.split_at_mut(head);
        if head > 0 {
            start.copy_from_slice(&bytes(key, word)[skip..skip + head]);
            word += 1;
        }
        for eight in rest.chunks_mut(8) {
            eight.copy_from_slice(&bytes(key, word)[..eight.len()]);
            word = word.wrapping_add(1) % (1 << 61);
        }
    }
}

#[inline(always)]
fn bytes(key: StreamKey, word: u64) -> [u8; 8] {
    ElementRng::at(key, word).word().to_le_bytes()
}
