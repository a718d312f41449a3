//! Copying boxes with steps between row-major memory, files and chunks.

mod copy;

pub(crate) use copy::copy;
#[cfg(feature = "npy")]
pub(crate) use copy::copy_elements;
#[cfg(any(feature = "hdf5", feature = "zarr"))]
pub(crate) use copy::fill;

use crate::error::StorageError;
use smallvec::SmallVec;

/// One axis of a box that is copied: how many positions, and how many bytes lie from one to the
/// next on either side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Axis {
    pub(crate) count: usize,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// The axes of a box; arrays with more than four are rare.
pub(crate) type Axes = SmallVec<[Axis; 4]>;

/// Bytes read in vain rather than asking the system once more: about what it copies in the time
/// that a call takes.
const GAP: usize = 4096;

/// Runs longer than this are read by themselves: the call no longer matters.
const LONG: usize = 64 << 10;

/// Bytes read at once where some are in vain; stays in the second-level cache.
const PIECE: usize = 256 << 10;

/// Bytes from one position to the next along each axis of a row-major array.
pub(crate) fn row_major(shape: &[usize], size: usize) -> SmallVec<[usize; 4]> {
    let mut strides: SmallVec<[usize; 4]> = SmallVec::from_elem(size, shape.len());
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis].max(1);
    }
    strides
}

/// Leaves out axes of one position, sorts by `key` (largest first) and joins axes that lie
/// behind one another on both sides.
fn normalise(axes: &[Axis], key: fn(&Axis) -> usize) -> Axes {
    let mut sorted: Axes = axes.iter().copied().filter(|axis| axis.count != 1).collect();
    sorted.sort_by_key(|axis| std::cmp::Reverse(key(axis)));
    let mut joined = Axes::new();
    for axis in sorted {
        match joined.last_mut() {
            Some(outer)
                if outer.from == axis.from * axis.count && outer.to == axis.to * axis.count =>
            {
                *outer = Axis { count: outer.count * axis.count, ..axis };
            }
            _ => joined.push(axis),
        }
    }
    joined
}

/// Whether a copy is of one run of bytes on both sides.
pub(crate) fn is_run(axes: &[Axis], size: usize) -> bool {
    let mut expected = size;
    axes.iter().rev().filter(|axis| axis.count != 1).all(|axis| {
        let next = axis.from == expected && axis.to == expected;
        expected *= axis.count;
        next
    })
}

/// Whether a box has no element.
fn is_empty(axes: &[Axis]) -> bool {
    axes.iter().any(|axis| axis.count == 0)
}

/// Calls `each` with the offsets on both sides of every position of the axes, the last axis
/// running fastest.
fn positions<E>(
    axes: &[Axis],
    mut each: impl FnMut(usize, usize) -> Result<(), E>,
) -> Result<(), E> {
    if is_empty(axes) {
        return Ok(());
    }
    let mut at: SmallVec<[usize; 4]> = SmallVec::from_elem(0, axes.len());
    let (mut from, mut to) = (0, 0);
    loop {
        each(from, to)?;
        let mut axis = axes.len();
        loop {
            if axis == 0 {
                return Ok(());
            }
            axis -= 1;
            at[axis] += 1;
            if at[axis] < axes[axis].count {
                from += axes[axis].from;
                to += axes[axis].to;
                break;
            }
            from -= axes[axis].from * (at[axis] - 1);
            to -= axes[axis].to * (at[axis] - 1);
            at[axis] = 0;
        }
    }
}

/// Reads a box from a place that gives bytes by offset (`read`), where `from` counts bytes there,
/// into row-major or any other memory, where `to` counts bytes.
///
/// Runs that lie close together are read at once and picked apart; others are read one by one,
/// straight to where they belong.
pub(crate) fn read(
    axes: &[Axis],
    size: usize,
    out: &mut [u8],
    read: impl Fn(u64, &mut [u8]) -> Result<(), StorageError>,
) -> Result<(), StorageError> {
    if is_empty(axes) {
        return Ok(());
    }
    let axes = normalise(axes, |axis| axis.from);
    let (mut first, mut cover) = (axes.len(), size);
    while let Some(axis) = first.checked_sub(1).map(|outer| axes[outer]) {
        let near = axis.from <= cover || (cover <= LONG && axis.from - cover <= GAP);
        if !near {
            break;
        }
        cover += (axis.count - 1) * axis.from;
        first -= 1;
    }
    let (outer, inner) = axes.split_at(first);
    let mut scratch = Vec::new();
    positions(outer, |from, to| match inner {
        [] => read(from as u64, &mut out[to..to + size]),
        [run] if run.from == size && run.to == size => {
            read(from as u64, &mut out[to..to + run.count * size])
        }
        [split, rest @ ..] => {
            let one = cover - (split.count - 1) * split.from;
            let at_once = PIECE.saturating_sub(one) / split.from.max(1) + 1;
            for start in (0..split.count).step_by(at_once) {
                let count = at_once.min(split.count - start);
                scratch.resize((count - 1) * split.from + one, 0);
                read((from + start * split.from) as u64, &mut scratch)?;
                let mut piece: Axes = SmallVec::from_slice(&[Axis { count, ..*split }]);
                piece.extend_from_slice(rest);
                copy(&piece, size, &scratch, &mut out[to + start * split.to..]);
            }
            Ok(())
        }
    })
}

/// Writes a box to a place that takes bytes by offset (`write`), where `to` counts bytes there;
/// nothing between the elements is touched.
pub(crate) fn write(
    axes: &[Axis],
    size: usize,
    data: &[u8],
    write: impl Fn(u64, &[u8]) -> Result<(), StorageError>,
) -> Result<(), StorageError> {
    if is_empty(axes) {
        return Ok(());
    }
    let axes = normalise(axes, |axis| axis.to);
    let (mut first, mut dense) = (axes.len(), size);
    while let Some(axis) = first.checked_sub(1).map(|outer| axes[outer]) {
        if axis.to != dense {
            break;
        }
        dense *= axis.count;
        first -= 1;
    }
    let (outer, inner) = axes.split_at(first);
    let mut scratch = Vec::new();
    positions(outer, |from, to| match inner {
        [] => write(to as u64, &data[from..from + size]),
        [run] if run.from == size => write(to as u64, &data[from..from + dense]),
        [split, rest @ ..] => {
            let at_once = (PIECE / split.to.max(1)).max(1);
            for start in (0..split.count).step_by(at_once) {
                let count = at_once.min(split.count - start);
                scratch.resize(count * split.to, 0);
                let mut piece: Axes = SmallVec::from_slice(&[Axis { count, ..*split }]);
                piece.extend_from_slice(rest);
                copy(&piece, size, &data[from + start * split.from..], &mut scratch);
                write((to + start * split.to) as u64, &scratch)?;
            }
            Ok(())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cell::RefCell;

    /// Shape, and start, count, step along each axis; bytes of an element; whether the first axis
    /// runs fastest.
    type Box = (Vec<usize>, Vec<(usize, usize, usize)>, usize, bool);

    fn boxes() -> impl Strategy<Value = Box> {
        let axis = (1..40usize).prop_flat_map(|len| {
            (0..len, 1..7usize).prop_flat_map(move |(start, step)| {
                (Just(len), Just(start), 0..=(len - start).div_ceil(step), Just(step))
            })
        });
        let size = prop::sample::select(vec![1usize, 2, 4, 8, 16]);
        (prop::collection::vec(axis, 0..4), size, any::<bool>()).prop_map(|(axes, size, turned)| {
            let shape = axes.iter().map(|axis| axis.0).collect();
            let spans = axes.iter().map(|&(_, start, count, step)| (start, count, step)).collect();
            (shape, spans, size, turned)
        })
    }

    fn strides(shape: &[usize], size: usize, turned: bool) -> Vec<usize> {
        if turned {
            let back: Vec<usize> = shape.iter().rev().copied().collect();
            row_major(&back, size).into_iter().rev().collect()
        } else {
            row_major(shape, size).to_vec()
        }
    }

    proptest! {
        #[test]
        fn boxes_are_read_and_written((shape, spans, size, turned) in boxes()) {
            let stored: Vec<u8> =
                (0..shape.iter().product::<usize>() * size).map(|i| (i * 7 + i / 256) as u8).collect();
            let there = strides(&shape, size, turned);
            let counts: Vec<usize> = spans.iter().map(|span| span.1).collect();
            let here = row_major(&counts, size);
            let base: usize = spans.iter().zip(&there).map(|(span, stride)| span.0 * stride).sum();
            let axes: Axes = (0..shape.len())
                .map(|axis| Axis {
                    count: counts[axis],
                    from: there[axis] * spans[axis].2,
                    to: here[axis],
                })
                .collect();
            let len = counts.iter().product::<usize>() * size;
            let mut out = vec![0; len];
            read(&axes, size, &mut out, |offset, bytes| {
                let offset = base + offset as usize;
                bytes.copy_from_slice(&stored[offset..offset + bytes.len()]);
                Ok(())
            })
            .unwrap();
            let mut expected = Vec::new();
            let to_element = |index: &[usize]| -> usize {
                (0..shape.len()).map(|a| (spans[a].0 + index[a] * spans[a].2) * there[a]).sum()
            };
            let mut indices = vec![vec![]];
            for &count in &counts {
                indices = indices
                    .into_iter()
                    .flat_map(|index: Vec<usize>| {
                        (0..count).map(move |i| [&index[..], &[i]].concat())
                    })
                    .collect();
            }
            for index in &indices {
                let at = to_element(index);
                expected.extend_from_slice(&stored[at..at + size]);
            }
            prop_assert_eq!(&out, &expected);

            // and back, into an empty place
            let back: Axes = axes
                .iter()
                .map(|axis| Axis { count: axis.count, from: axis.to, to: axis.from })
                .collect();
            let place = RefCell::new(vec![0; stored.len()]);
            write(&back, size, &out, |offset, bytes| {
                let offset = base + offset as usize;
                place.borrow_mut()[offset..offset + bytes.len()].copy_from_slice(bytes);
                Ok(())
            })
            .unwrap();
            let mut right = vec![0; stored.len()];
            for index in &indices {
                let at = to_element(index);
                right[at..at + size].copy_from_slice(&stored[at..at + size]);
            }
            prop_assert_eq!(place.into_inner(), right);
        }
    }

    #[test]
    fn a_run_is_one_read_and_far_elements_are_read_alone() {
        let calls = |axes: &[Axis], size: usize| {
            let calls = RefCell::new(Vec::new());
            let len: usize = axes.iter().map(|axis| axis.count).product::<usize>() * size;
            read(axes, size, &mut vec![0; len], |offset, bytes| {
                calls.borrow_mut().push((offset, bytes.len()));
                Ok(())
            })
            .unwrap();
            calls.into_inner()
        };
        let row = |count, from, to| Axis { count, from, to };
        assert_eq!(calls(&[row(10, 40, 40), row(10, 4, 4)], 4), [(0, 400)]);
        assert_eq!(calls(&[row(3, 100_000, 4)], 4), [(0, 4), (100_000, 4), (200_000, 4)]);
        assert_eq!(calls(&[row(3, 400, 4)], 4), [(0, 804)]);
        assert_eq!(calls(&[row(2, 1 << 20, 100), row(50, 4, 2)], 2), [(0, 198), (1 << 20, 198)]);
    }
}
