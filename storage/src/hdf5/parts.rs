//! [`parts`]: which chunks a region touches, and what of each.

use crate::region::{Region, Span};
use crate::strided::{Axes, Axis, row_major};
use smallvec::SmallVec;

/// What a region has of one chunk.
#[derive(Debug)]
pub(crate) struct Part {
    /// The chunk, counted in chunks along each axis.
    pub(crate) chunk: SmallVec<[usize; 4]>,
    /// The positions, counted from the first element of the chunk.
    pub(crate) inside: SmallVec<[Span; 4]>,
    /// The place of the first of them in what is read of the region.
    pub(crate) at: SmallVec<[usize; 4]>,
}

/// Which chunks a region touches, in row-major order; those that a step leaps over are left out.
///
/// O(touched chunks along the axes) at first, O(axes) for each part.
pub(crate) fn parts(region: &Region, chunk: &[usize]) -> impl Iterator<Item = Part> {
    let along: Vec<Vec<(usize, Span, usize)>> =
        region.spans().iter().zip(chunk).map(|(span, &len)| along(*span, len)).collect();
    let total: usize = along.iter().map(Vec::len).product();
    (0..total).map(move |number| {
        let mut part =
            Part { chunk: SmallVec::new(), inside: SmallVec::new(), at: SmallVec::new() };
        let mut left = number;
        let mut behind = total;
        for axis in &along {
            behind /= axis.len();
            let (chunk, inside, at) = axis[left / behind];
            left %= behind;
            part.chunk.push(chunk);
            part.inside.push(inside);
            part.at.push(at);
        }
        part
    })
}

/// The chunks that a span touches: their number, the positions within, and how many came before.
fn along(span: Span, len: usize) -> Vec<(usize, Span, usize)> {
    let mut pieces = Vec::new();
    let mut done = 0;
    while done < span.count {
        let position = span.start + done * span.step;
        let (chunk, start) = (position / len, position % len);
        let count = (len - start).div_ceil(span.step).min(span.count - done);
        pieces.push((chunk, Span { start, count, step: span.step }, done));
        done += count;
    }
    pieces
}

impl Part {
    /// The axes of a copy from the chunk to what is read of the region, and the first byte on
    /// either side.
    pub(crate) fn axes(
        &self,
        chunk: &[usize],
        counts: &[usize],
        size: usize,
    ) -> (Axes, usize, usize) {
        let (there, here) = (row_major(chunk, size), row_major(counts, size));
        let (mut from, mut to) = (0, 0);
        let axes = (0..chunk.len())
            .map(|axis| {
                let span = self.inside[axis];
                from += span.start * there[axis];
                to += self.at[axis] * here[axis];
                Axis { count: span.count, from: there[axis] * span.step, to: here[axis] }
            })
            .collect();
        (axes, from, to)
    }

    /// Whether it is all of the chunk that lies in an array of `shape`.
    pub(crate) fn is_whole(&self, chunk: &[usize], shape: &[usize]) -> bool {
        (0..chunk.len()).all(|axis| {
            let len = chunk[axis].min(shape[axis] - self.chunk[axis] * chunk[axis]);
            self.inside[axis].count == len
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_leaps_over_chunks() {
        let region = Region::from_iter([Span { start: 1, count: 4, step: 7 }, Span::new(2, 3)]);
        let found: Vec<_> = parts(&region, &[3, 4])
            .map(|part| (part.chunk.to_vec(), part.inside.to_vec(), part.at.to_vec()))
            .collect();
        let row = |start| Span { start, count: 1, step: 7 };
        let (left, right) = (Span::new(2, 2), Span::new(0, 1));
        assert_eq!(
            found,
            [
                (vec![0, 0], vec![row(1), left], vec![0, 0]),
                (vec![0, 1], vec![row(1), right], vec![0, 2]),
                (vec![2, 0], vec![row(2), left], vec![1, 0]),
                (vec![2, 1], vec![row(2), right], vec![1, 2]),
                (vec![5, 0], vec![row(0), left], vec![2, 0]),
                (vec![5, 1], vec![row(0), right], vec![2, 2]),
                (vec![7, 0], vec![row(1), left], vec![3, 0]),
                (vec![7, 1], vec![row(1), right], vec![3, 2]),
            ]
        );
    }

    #[test]
    fn an_array_without_axes_is_one_part() {
        assert_eq!(parts(&Region::from_iter([]), &[]).count(), 1);
        let nothing = Region::from_iter([Span::new(0, 0), Span::new(0, 5)]);
        assert_eq!(parts(&nothing, &[2, 2]).count(), 0);
    }
}
