//! Cutting parts into blocks: what is checked, compressed and read as one.

/// The most bytes of a block.
const AT_MOST: usize = 256 << 10;
/// A block does not end where a part does before it has so many bytes.
const AT_LEAST: usize = 32 << 10;

/// Calls `block` for one block after the other. Blocks end where parts end, as far as they are not
/// too small: who reads a part of 32 KiB or more reads little else. Small ones are put together in
/// a buffer, large ones are not copied.
pub(super) fn for_each_block<E>(
    parts: &[&[u8]],
    mut block: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut buffer: Vec<u8> = Vec::new();
    for &part in parts {
        let mut part = part;
        if !buffer.is_empty() {
            let (start, rest) = part.split_at(part.len().min(AT_MOST - buffer.len()));
            buffer.extend_from_slice(start);
            part = rest;
            if buffer.len() >= AT_LEAST {
                block(&buffer)?;
                buffer.clear();
            }
        }
        while part.len() >= AT_LEAST {
            let (start, rest) = part.split_at(part.len().min(AT_MOST));
            block(start)?;
            part = rest;
        }
        buffer.extend_from_slice(part);
    }
    if buffer.is_empty() { Ok(()) } else { block(&buffer) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::convert::Infallible;

    fn blocks(parts: &[&[u8]]) -> Vec<Vec<u8>> {
        let mut blocks = Vec::new();
        let Ok(()) = for_each_block::<Infallible>(parts, |block| {
            blocks.push(block.to_vec());
            Ok(())
        });
        blocks
    }

    #[test]
    fn blocks_end_with_parts() {
        let lens = |parts: &[usize]| {
            let parts: Vec<Vec<u8>> = parts.iter().map(|&len| vec![1; len << 10]).collect();
            let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            blocks(&parts).iter().map(|block| block.len() >> 10).collect::<Vec<_>>()
        };
        assert_eq!(lens(&[50, 60, 300]), [50, 60, 256, 44]);
        assert_eq!(lens(&[10, 10, 10, 10, 10]), [40, 10]);
        assert_eq!(lens(&[10, 300]), [256, 54]);
        assert_eq!(lens(&[]), [0usize; 0]);
    }

    proptest! {
        #[test]
        fn blocks_are_all_bytes_in_order(lens in prop::collection::vec(0usize..400_000, 0..8)) {
            let all: Vec<u8> = (0..lens.iter().sum::<usize>()).map(|i| (i % 251) as u8).collect();
            let mut rest = all.as_slice();
            let mut parts = Vec::new();
            for len in lens {
                let (part, behind) = rest.split_at(len);
                parts.push(part);
                rest = behind;
            }
            let blocks = blocks(&parts);
            prop_assert!(blocks.iter().all(|block| (1..=AT_MOST).contains(&block.len())));
            prop_assert_eq!(blocks.concat(), all);
        }
    }
}
