//! Filters of chunks, backwards: the library's, and the checksum, which it does not check.

use rust_hdf5::format::messages::filter::{
    FILTER_FLETCHER32, reverse_filters_masked_bounded, reverse_filters_masked_into,
};
use rust_hdf5::format::{FormatError, FormatResult};
use rust_hdf5::{Filter, FilterPipeline};

/// Unpacks a chunk into `out`, which has its length.
pub(super) fn unpack_into(
    filters: &FilterPipeline,
    raw: Vec<u8>,
    skipped: u32,
    out: &mut [u8],
) -> FormatResult<()> {
    let (raw, skipped) = check(filters, raw, skipped, out.len())?;
    reverse_filters_masked_into(filters, &raw, skipped, out).map(drop)
}

/// Unpacks a chunk of `len` bytes.
pub(super) fn unpack(
    filters: &FilterPipeline,
    raw: Vec<u8>,
    skipped: u32,
    len: usize,
) -> FormatResult<Vec<u8>> {
    let (raw, skipped) = check(filters, raw, skipped, len)?;
    let whole = reverse_filters_masked_bounded(filters, &raw, skipped, len)?;
    if whole.len() == len {
        Ok(whole)
    } else {
        Err(FormatError::InvalidData(format!("{} bytes instead of {len}", whole.len())))
    }
}

/// Whether a chunk went through a filter.
fn was_applied(skipped: u32, filter: usize) -> bool {
    filter >= 32 || skipped & (1 << filter) == 0
}

/// Undoes the last filters up to the checksum, if there is one, and checks it: what is left, and
/// the filters that are not to be undone any more.
fn check(
    filters: &FilterPipeline,
    mut raw: Vec<u8>,
    mut skipped: u32,
    len: usize,
) -> FormatResult<(Vec<u8>, u32)> {
    let first = filters.filters.iter().position(|filter| filter.id == FILTER_FLETCHER32);
    let Some(first) = first.filter(|first| *first < 32) else { return Ok((raw, skipped)) };
    for (number, filter) in filters.filters.iter().enumerate().skip(first).rev() {
        if !was_applied(skipped, number) || number >= 32 {
            continue;
        }
        if filter.id == FILTER_FLETCHER32 {
            strip(&mut raw)?;
        } else {
            raw = undo(filter, &raw, len)?;
        }
        skipped |= 1 << number;
    }
    Ok((raw, skipped))
}

/// Undoes one filter, which is not the one that was applied first: checksums make chunks longer.
fn undo(filter: &Filter, raw: &[u8], len: usize) -> FormatResult<Vec<u8>> {
    let alone = FilterPipeline { filters: vec![filter.clone()] };
    reverse_filters_masked_bounded(&alone, raw, 0, len.saturating_add(1 << 16))
}

/// Checks the checksum at the end, and takes it off.
fn strip(raw: &mut Vec<u8>) -> FormatResult<()> {
    let Some((data, stored)) = raw.split_last_chunk::<4>() else {
        return Err(FormatError::InvalidData("shorter than a checksum".to_owned()));
    };
    let (expected, computed) = (u32::from_le_bytes(*stored), fletcher32(data));
    // libraries before 1.6.3 wrote the bytes of each half the other way round
    let old = ((computed & 0x00ff_00ff) << 8) | ((computed >> 8) & 0x00ff_00ff);
    if expected != computed && expected != old {
        return Err(FormatError::ChecksumMismatch { expected, computed });
    }
    let len = data.len();
    raw.truncate(len);
    Ok(())
}

/// Fletcher's checksum of 16-bit words, the high byte first, as the format has it. (J. Fletcher: An
/// arithmetic checksum for serial transmissions, 1982.)
fn fletcher32(data: &[u8]) -> u32 {
    let (mut sum, mut sums) = (0u32, 0u32);
    let fold = |sum: u32| (sum & 0xffff) + (sum >> 16);
    let (words, odd) = data.as_chunks::<2>();
    // as many words as 32 bits bear
    for block in words.chunks(360) {
        for word in block {
            sum += u32::from(u16::from_be_bytes(*word));
            sums += sum;
        }
        (sum, sums) = (fold(sum), fold(sums));
    }
    if let [byte] = odd {
        sum += u32::from(*byte) << 8;
        sums += sum;
        (sum, sums) = (fold(sum), fold(sums));
    }
    (fold(sums) << 16) | fold(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_hdf5::format::messages::filter::apply_filters;

    fn pipeline(ids: &[u16]) -> FilterPipeline {
        let filter = |&id: &u16| Filter {
            id,
            flags: 0,
            cd_values: match id {
                1 => vec![4],
                2 => vec![4],
                _ => vec![],
            },
        };
        FilterPipeline { filters: ids.iter().map(filter).collect() }
    }

    #[test]
    fn checksums_are_those_of_the_c_library() {
        // as `H5_checksum_fletcher32` gives them
        assert_eq!(fletcher32(b""), 0);
        assert_eq!(fletcher32(b"hi"), 0x6869_6869);
        assert_eq!(fletcher32(b"hello world"), 0xfc27_91ce);
        assert_eq!(fletcher32(b"abc"), 0x25c5_c462);
        assert_eq!(fletcher32(&[0xff; 4]), 0xffff_ffff);
        let range: Vec<u8> = (0..=255).collect();
        assert_eq!(fletcher32(&range), 0x5575_c03f);
        for len in [719, 720, 721, 5000, 100_001] {
            let data: Vec<u8> = (0..len).map(|i: usize| (i * i / 7) as u8).collect();
            let with = apply_filters(&pipeline(&[3]), &data).unwrap();
            assert_eq!(fletcher32(&data).to_le_bytes(), with[len..]);
        }
    }

    #[test]
    fn checksums_are_checked_wherever_they_are() {
        let data: Vec<u8> = (0..4000).map(|i| (i / 16) as u8).collect();
        for ids in [&[3][..], &[2, 1, 3], &[3, 1], &[2, 3, 1], &[1, 3, 2, 3]] {
            let filters = pipeline(ids);
            let packed = apply_filters(&filters, &data).unwrap();
            assert_eq!(unpack(&filters, packed.clone(), 0, 4000).unwrap(), data);
            let mut out = vec![0; 4000];
            unpack_into(&filters, packed.clone(), 0, &mut out).unwrap();
            assert_eq!(out, data);
            for at in (0..packed.len()).step_by(37) {
                let mut damaged = packed.clone();
                damaged[at] ^= 4;
                // gzip ignores a few bits of its header
                if let Ok(whole) = unpack(&filters, damaged, 0, 4000) {
                    assert_eq!(whole, data);
                }
            }
            assert!(unpack(&filters, packed, 0, 3999).is_err());
        }
        // a chunk that was stored without filters
        assert_eq!(unpack(&pipeline(&[2, 1, 3]), data.clone(), 7, 4000).unwrap(), data);
    }
}
