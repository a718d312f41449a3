//! Sums in an order that is fixed by the length alone.
//!
//! A block of 1024 numbers is added in 32 lanes, element i in lane i modulo 32, and the lanes in a
//! tree; blocks are added in pairs, pairs in pairs, and so on (pairwise summation: N. J. Higham,
//! "The accuracy of floating point summation", SIAM J. Sci. Comput. 14, 1993). The rounding error
//! grows with the logarithm of the length, and the bits do not depend on the width of vectors.

use std::hint::black_box;

const LANES: usize = 32;
const BLOCK: usize = 1024;
/// Elements that are converted at a time.
const CONVERTED: usize = 256;

/// Lanes in eights: a vector or two each.
type Lanes = [[f64; 8]; LANES / 8];

/// The sum of all elements.
#[inline(always)]
pub(crate) fn sum_f64(x: &[f64]) -> f64 {
    sum_of(
        x,
        #[inline(always)]
        |x| x,
    )
}

/// The sum of all elements, in `f64`.
#[inline(always)]
pub(crate) fn sum_f32(x: &[f32]) -> f64 {
    sum_of(x, f64::from)
}

/// The sum of (x - `shift`)^2.
#[inline(always)]
pub(crate) fn squares_f64(x: &[f64], shift: f64) -> f64 {
    sum_of(
        x,
        #[inline(always)]
        |x| (x - shift) * (x - shift),
    )
}

/// The sum of (x - `shift`)^2, in `f64`.
#[inline(always)]
pub(crate) fn squares_f32(x: &[f32], shift: f64) -> f64 {
    squares_of(x, shift, f64::from)
}

/// The sum of (x - `shift`)^2 of what `widen` makes of the elements.
#[inline(always)]
pub(crate) fn squares_of<T: Copy>(x: &[T], shift: f64, widen: impl Fn(T) -> f64) -> f64 {
    // Converted before they are added: of both in one loop LLVM makes single operations.
    let mut wide = [0.0; CONVERTED];
    pairwise(
        x,
        #[inline(always)]
        |block| {
            let mut lanes = Lanes::default();
            for part in block.chunks(CONVERTED) {
                let wide = &mut wide[..part.len()];
                for (to, x) in wide.iter_mut().zip(part) {
                    *to = widen(*x);
                }
                add_to_lanes(
                    &mut lanes,
                    wide,
                    #[inline(always)]
                    |x| (x - shift) * (x - shift),
                );
            }
            fold(lanes)
        },
    )
}

/// The sum of `term` of all elements.
#[inline(always)]
fn sum_of<T: Copy>(x: &[T], term: impl Fn(T) -> f64 + Copy) -> f64 {
    pairwise(
        x,
        #[inline(always)]
        |block| {
            let mut lanes = Lanes::default();
            add_to_lanes(&mut lanes, block, term);
            fold(lanes)
        },
    )
}

/// Adds `term` of element i to lane i modulo 32.
#[inline(always)]
fn add_to_lanes<T: Copy>(lanes: &mut Lanes, x: &[T], term: impl Fn(T) -> f64) {
    let (rows, rest) = x.as_chunks::<LANES>();
    for row in rows {
        for (lanes, row) in lanes.iter_mut().zip(row.as_chunks::<8>().0) {
            for lane in 0..8 {
                lanes[lane] += term(row[lane]);
            }
        }
    }
    for (lane, x) in lanes.as_flattened_mut().iter_mut().zip(rest) {
        *lane += term(*x);
    }
}

/// The sum of the sums of blocks, in pairs of pairs.
#[inline(always)]
fn pairwise<T>(x: &[T], mut block_sum: impl FnMut(&[T]) -> f64) -> f64 {
    // partial[i] holds the sum of 2^i blocks where bit i of the number of blocks is set
    let mut partial = [0.0; usize::BITS as usize];
    let mut n_blocks = 0usize;
    for block in x.chunks(BLOCK) {
        let mut total = block_sum(block);
        let mut level = 0;
        while n_blocks >> level & 1 == 1 {
            total += partial[level];
            level += 1;
        }
        partial[level] = total;
        n_blocks += 1;
    }
    let mut total = 0.0;
    for (level, partial) in partial.iter().enumerate() {
        if n_blocks >> level & 1 == 1 {
            total += partial;
        }
    }
    total
}

/// The sum of the lanes.
#[inline(always)]
fn fold(lanes: Lanes) -> f64 {
    // Seen together with this tree, LLVM makes the loops ones of vectors as narrow as its leaves.
    let [mut sums, second, third, fourth] = black_box(lanes);
    for lane in 0..8 {
        sums[lane] = (sums[lane] + third[lane]) + (second[lane] + fourth[lane]);
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}
