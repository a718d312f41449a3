//! Blocks compressed with LZ4, and when that pays.
//!
//! LZ4's block format, by `lz4_flex`: Collet, "LZ4 Block Format Description", 2011.

use super::options::Compression;
use super::statistics::Rates;
use std::time::{Duration, Instant};

/// A block that keeps more than this share of its bytes is stored as it is.
const KEPT_AT_MOST: f64 = 0.9;
/// Smaller writes are stored as they are: what they would save is lost in the page that they are in.
const WORTH_TRYING: u64 = 64 << 10;
/// Bytes that are tried before a write.
const SAMPLE: usize = 16 << 10;

/// What trying some of the data showed.
pub(super) struct Sample {
    /// Stored bytes for each byte.
    pub(super) kept: f64,
    pub(super) bytes: u64,
    pub(super) took: Duration,
}

/// Whether a write is tried at all.
pub(super) fn worth_trying(compression: Compression, len: u64) -> bool {
    compression != Compression::Never && len >= WORTH_TRYING
}

/// Compresses the middle of the longest part.
pub(super) fn sample(parts: &[&[u8]]) -> Sample {
    let longest = parts.iter().max_by_key(|part| part.len()).copied().unwrap_or_default();
    let bytes = SAMPLE.min(longest.len());
    let start = (longest.len() - bytes) / 2;
    let started = Instant::now();
    let stored = lz4_flex::block::compress(&longest[start..start + bytes]).len();
    let kept = if bytes == 0 { 1.0 } else { stored as f64 / bytes as f64 };
    Sample { kept, bytes: bytes as u64, took: started.elapsed() }
}

/// Whether compressing is quicker than writing and reading back what it would save.
pub(super) fn pays(kept: f64, rates: &Rates) -> bool {
    let [write, read, compress, decompress] =
        [rates.write, rates.read, rates.compress, rates.decompress].map(|rate| 1.0 / rate.get());
    let plain = write + read;
    let packed = compress + decompress + kept * plain;
    kept <= KEPT_AT_MOST && packed < plain
}

/// The block in fewer bytes, in `packed`; whether it is so many fewer that it is worth it.
pub(super) fn pack(block: &[u8], packed: &mut Vec<u8>) -> bool {
    packed.resize(lz4_flex::block::get_maximum_output_size(block.len()), 0);
    match lz4_flex::block::compress_into(block, packed) {
        Ok(len) => {
            packed.truncate(len);
            len as f64 <= KEPT_AT_MOST * block.len() as f64
        }
        Err(_) => false,
    }
}

/// The block again; whether it has the length that it should have.
pub(super) fn unpack(packed: &[u8], block: &mut [u8]) -> bool {
    lz4_flex::block::decompress_into(packed, block).is_ok_and(|len| len == block.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_pays_on_a_slow_disk_only_and_never_for_noise() {
        let mut rates = Rates::default();
        assert!(!pays(0.5, &rates));
        for rate in [&mut rates.write, &mut rates.read] {
            rate.add(200_000_000, Duration::from_secs(2));
        }
        assert!(pays(0.5, &rates));
        assert!(!pays(0.95, &rates));
    }

    #[test]
    fn blocks_come_back() {
        let (mut packed, mut again) = (Vec::new(), vec![0; 5000]);
        let block: Vec<u8> = (0..5000u32).map(|i| (i / 100) as u8).collect();
        assert!(pack(&block, &mut packed) && packed.len() < 1000);
        assert!(unpack(&packed, &mut again) && again == block);
        assert!(!unpack(&packed[..packed.len() - 1], &mut again));
        assert!(!unpack(&packed, &mut again[1..]));
    }
}
