//! The smallest and the largest element.

const LANES: usize = 64;

/// `better` of all elements: which of two to keep, associative and commutative but for zeros.
#[inline(always)]
pub(crate) fn extreme<T: Copy>(x: &[T], better: impl Fn(T, T) -> T + Copy) -> Option<T> {
    let first = *x.first()?;
    let mut lanes = [first; LANES];
    let (rows, rest) = x.as_chunks::<LANES>();
    for row in rows {
        for (lane, x) in lanes.iter_mut().zip(row) {
            *lane = better(*lane, *x);
        }
    }
    for (lane, x) in lanes.iter_mut().zip(rest) {
        *lane = better(*lane, *x);
    }
    let mut best = lanes[0];
    for lane in &lanes[1..] {
        best = better(best, *lane);
    }
    Some(best)
}
