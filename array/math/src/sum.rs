//! Sums in an order that is fixed by the length alone.
//!
//! A block of 1024 numbers is added in 32 lanes, element i in lane i modulo 32, and the lanes in a
//! tree; blocks are added in pairs, pairs in pairs, and so on (pairwise summation: N. J. Higham,
//! "The accuracy of floating point summation", SIAM J. Sci. Comput. 14, 1993). The rounding error
//! grows with the logarithm of the length, and the bits do not depend on the width of vectors.

const LANES: usize = 32;
const BLOCK: usize = 1024;
/// Terms that are converted before they are added: in one loop LLVM does both less well, but for f32.
const CONVERTED: usize = 256;

/// The sum of all elements.
#[inline(always)]
pub(crate) fn sum_f64(x: &[f64]) -> f64 {
    pairwise(
        x,
        #[inline(always)]
        |block| {
            let mut lanes = [0.0; LANES];
            add_to_lanes(&mut lanes, block);
            fold(lanes)
        },
    )
}

/// The sum of all elements, in `f64`.
#[inline(always)]
pub(crate) fn sum_f32(x: &[f32]) -> f64 {
    pairwise(
        x,
        #[inline(always)]
        |block| {
            let mut lanes = [[0.0; 8]; LANES / 8];
            let (rows, rest) = block.as_chunks::<LANES>();
            for row in rows {
                for (lanes, row) in lanes.iter_mut().zip(row.as_chunks::<8>().0) {
                    for lane in 0..8 {
                        lanes[lane] += f64::from(row[lane]);
                    }
                }
            }
            if !rest.is_empty() {
                for (lane, x) in lanes.as_flattened_mut().iter_mut().zip(rest) {
                    *lane += f64::from(*x);
                }
            }
            fold_eights(lanes)
        },
    )
}

/// The sum of `term` of all elements.
#[inline(always)]
pub(crate) fn sum_of<T: Copy>(x: &[T], term: impl Fn(T) -> f64 + Copy) -> f64 {
    let mut terms = [0.0; CONVERTED];
    pairwise(
        x,
        #[inline(always)]
        |block| {
            let mut lanes = [0.0; LANES];
            for part in block.chunks(CONVERTED) {
                let terms = &mut terms[..part.len()];
                for (to, x) in terms.iter_mut().zip(part) {
                    *to = term(*x);
                }
                add_to_lanes(&mut lanes, terms);
            }
            fold(lanes)
        },
    )
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

/// Adds element i to lane i modulo 32.
#[inline(always)]
fn add_to_lanes(lanes: &mut [f64; LANES], x: &[f64]) {
    let (rows, rest) = x.as_chunks::<LANES>();
    for row in rows {
        for (lane, x) in lanes.iter_mut().zip(row) {
            *lane += x;
        }
    }
    for (lane, x) in lanes.iter_mut().zip(rest) {
        *lane += x;
    }
}

/// The sum of the lanes.
#[inline(always)]
fn fold(mut lanes: [f64; LANES]) -> f64 {
    let mut half = LANES / 2;
    while half > 0 {
        for i in 0..half {
            lanes[i] += lanes[i + half];
        }
        half /= 2;
    }
    lanes[0]
}

/// The same, of lanes that come in eights: a vector or two each.
#[inline(always)]
fn fold_eights([mut sums, second, third, fourth]: [[f64; 8]; LANES / 8]) -> f64 {
    for lane in 0..8 {
        sums[lane] = (sums[lane] + third[lane]) + (second[lane] + fourth[lane]);
    }
    let mut half = 4;
    while half > 0 {
        for lane in 0..half {
            sums[lane] += sums[lane + half];
        }
        half /= 2;
    }
    sums[0]
}
