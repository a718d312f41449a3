//! Which chunks a region touches, and which positions of each.

use crate::region::Span;
use crate::strided::{Axes, Axis};
use smallvec::SmallVec;

/// The part of a span that lies in one chunk, along one axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Piece {
    /// The number of the chunk.
    pub(super) chunk: usize,
    /// The first position in the region.
    pub(super) first: usize,
    /// The first position in the chunk.
    pub(super) within: usize,
    /// How many positions; at least 1.
    pub(super) count: usize,
    /// From one position to the next.
    pub(super) step: usize,
}

impl Piece {
    /// Its positions in the chunk.
    pub(super) fn span(&self) -> Span {
        Span { start: self.within, count: self.count, step: self.step }
    }
}

/// The pieces of one box, an axis each.
pub(super) type Pieces = SmallVec<[Piece; 4]>;

/// Cuts a span at the borders of chunks of length `chunk`; chunks that a step jumps over are left
/// out.
pub(super) fn pieces(span: Span, chunk: usize) -> Vec<Piece> {
    let step = if span.count > 1 { span.step } else { 1 };
    let mut pieces = Vec::new();
    let mut first = 0;
    while first < span.count {
        let position = span.start + first * step;
        let number = position / chunk;
        let within = position - number * chunk;
        let count = (chunk - within).div_ceil(step).min(span.count - first);
        pieces.push(Piece { chunk: number, first, within, count, step });
        first += count;
    }
    pieces
}

/// Calls `each` with every combination of one piece from each axis, the last axis running fastest.
pub(super) fn boxes<E>(
    axes: &[Vec<Piece>],
    mut each: impl FnMut(&[Piece]) -> Result<(), E>,
) -> Result<(), E> {
    let mut current: Pieces = SmallVec::new();
    for axis in axes {
        match axis.first() {
            Some(piece) => current.push(*piece),
            None => return Ok(()),
        }
    }
    let mut at: SmallVec<[usize; 4]> = SmallVec::from_elem(0, axes.len());
    loop {
        each(&current)?;
        let mut axis = axes.len();
        loop {
            if axis == 0 {
                return Ok(());
            }
            axis -= 1;
            at[axis] += 1;
            if at[axis] < axes[axis].len() {
                current[axis] = axes[axis][at[axis]];
                break;
            }
            at[axis] = 0;
            current[axis] = axes[axis][0];
        }
    }
}

/// How a box is copied from its chunk into the region: the offsets of its first element on both
/// sides, and its axes.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) in_chunk: usize,
    pub(super) in_region: usize,
    pub(super) axes: Axes,
}

/// Places a box, given the bytes from one position to the next in the chunk and in the region.
pub(super) fn placed(pieces: &[Piece], chunk: &[usize], region: &[usize]) -> Placed {
    let mut placed = Placed { in_chunk: 0, in_region: 0, axes: Axes::new() };
    for ((piece, chunk), region) in pieces.iter().zip(chunk).zip(region) {
        placed.in_chunk += piece.within * chunk;
        placed.in_region += piece.first * region;
        placed.axes.push(Axis { count: piece.count, from: piece.step * chunk, to: *region });
    }
    placed
}

impl Placed {
    /// The axes of the way back: from the region into the chunk.
    pub(super) fn back(&self) -> Axes {
        let turned = |axis: &Axis| Axis { count: axis.count, from: axis.to, to: axis.from };
        self.axes.iter().map(turned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_is_in_one_piece() {
        for chunk in 1..7 {
            for start in 0..5 {
                for count in 0..9 {
                    for step in 1..9 {
                        let span = Span { start, count, step };
                        let expected: Vec<usize> = span.positions().collect();
                        let found: Vec<usize> = pieces(span, chunk)
                            .iter()
                            .flat_map(|piece| {
                                piece.span().positions().map(|at| piece.chunk * chunk + at)
                            })
                            .collect();
                        assert_eq!(found, expected, "{span:?} in chunks of {chunk}");
                    }
                }
            }
        }
    }

    #[test]
    fn boxes_are_all_combinations() {
        let axes = [pieces(Span::new(0, 4), 2), pieces(Span::new(1, 3), 2)];
        let mut found = Vec::new();
        boxes(&axes, |pieces| {
            found.push((pieces[0].chunk, pieces[1].chunk));
            Ok::<_, ()>(())
        })
        .unwrap();
        assert_eq!(found, [(0, 0), (0, 1), (1, 0), (1, 1)]);
        let mut calls = 0;
        boxes::<()>(&[], |pieces| {
            assert!(pieces.is_empty());
            calls += 1;
            Ok(())
        })
        .unwrap();
        boxes::<()>(&[Vec::new()], |_| panic!("there is no box")).unwrap();
        assert_eq!(calls, 1);
    }
}
