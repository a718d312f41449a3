//! How many of many booleans are true.

use fearless_simd::{Level, dispatch};

const LANES: usize = 64;

/// How many elements are true.
///
/// # Examples
///
/// ```
/// assert_eq!(chunkwise_array_math::count_true(&[true, false, true]), 2);
/// ```
pub fn count_true(x: &[bool]) -> usize {
    dispatch!(Level::new(), _ => count(x))
}

#[inline(always)]
fn count(x: &[bool]) -> usize {
    let mut total = 0;
    // a lane of eight bits can count to 255
    for block in x.chunks(LANES * 255) {
        let (rows, rest) = block.as_chunks::<LANES>();
        let mut lanes = [0u8; LANES];
        for row in rows {
            for (lane, x) in lanes.iter_mut().zip(row) {
                *lane += u8::from(*x);
            }
        }
        total += lanes.iter().map(|n| usize::from(*n)).sum::<usize>();
        total += rest.iter().map(|x| usize::from(*x)).sum::<usize>();
    }
    total
}
