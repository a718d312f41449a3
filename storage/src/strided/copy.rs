//! Copies within memory.

use super::{Axis, is_empty, normalise, positions};

/// Copies a box of elements of `size` bytes.
pub(crate) fn copy(axes: &[Axis], size: usize, from: &[u8], to: &mut [u8]) {
    if is_empty(axes) {
        return;
    }
    let axes = normalise(axes, |axis| axis.to);
    let never: Result<(), std::convert::Infallible> = match axes.split_last() {
        None => {
            to[..size].copy_from_slice(&from[..size]);
            Ok(())
        }
        Some((inner, outer)) => positions(outer, |f, t| {
            row(*inner, size, &from[f..], &mut to[t..]);
            Ok(())
        }),
    };
    match never {
        Ok(()) => {}
    }
}

/// Copies a box of elements; the axes count elements, not bytes.
#[cfg(feature = "npy")]
pub(crate) fn copy_elements<T: Copy>(axes: &[Axis], from: &[T], to: &mut [T]) {
    if is_empty(axes) {
        return;
    }
    let axes = normalise(axes, |axis| axis.to);
    let never: Result<(), std::convert::Infallible> =
        positions(axes.split_last().map_or(&[][..], |(_, outer)| outer), |f, t| {
            match axes.last() {
                Some(row) if row.from == 1 && row.to == 1 => {
                    to[t..t + row.count].copy_from_slice(&from[f..f + row.count]);
                }
                Some(row) => {
                    (0..row.count).for_each(|i| to[t + i * row.to] = from[f + i * row.from])
                }
                None => to[t] = from[f],
            }
            Ok(())
        });
    match never {
        Ok(()) => {}
    }
}

/// Copies one row.
fn row(axis: Axis, size: usize, from: &[u8], to: &mut [u8]) {
    if axis.from == size && axis.to == size {
        let len = axis.count * size;
        to[..len].copy_from_slice(&from[..len]);
        return;
    }
    match (size, axis.from == 2 * size && axis.to == size) {
        (1, true) => every_other::<1, 2>(axis.count, from, to),
        (2, true) => every_other::<2, 4>(axis.count, from, to),
        (4, true) => every_other::<4, 8>(axis.count, from, to),
        (8, true) => every_other::<8, 16>(axis.count, from, to),
        (1, _) => elements::<1>(axis, from, to),
        (2, _) => elements::<2>(axis, from, to),
        (4, _) => elements::<4>(axis, from, to),
        (8, _) => elements::<8>(axis, from, to),
        (16, _) => elements::<16>(axis, from, to),
        _ => (0..axis.count).for_each(|i| {
            let (f, t) = (i * axis.from, i * axis.to);
            to[t..t + size].copy_from_slice(&from[f..f + size]);
        }),
    }
}

/// Copies elements of a size that the compiler knows: as arrays, since copying slices is a call for
/// each.
fn elements<const SIZE: usize>(axis: Axis, from: &[u8], to: &mut [u8]) {
    let pairs = from.chunks(axis.from).zip(to.chunks_mut(axis.to));
    for (from, to) in pairs.take(axis.count) {
        if let (Some(from), Some(to)) = (from.first_chunk::<SIZE>(), to.first_chunk_mut::<SIZE>()) {
            *to = *from;
        }
    }
}

/// Copies every other element, several at a time where the processor can.
fn every_other<const SIZE: usize, const STEP: usize>(count: usize, from: &[u8], to: &mut [u8]) {
    // behind the last element there need not be another
    let Some(pairs) = count.checked_sub(1) else { return };
    let steps = &from.as_chunks::<STEP>().0[..pairs];
    for (to, from) in to.as_chunks_mut::<SIZE>().0[..pairs].iter_mut().zip(steps) {
        if let Some(from) = from.first_chunk::<SIZE>() {
            *to = *from;
        }
    }
    to[pairs * SIZE..][..SIZE].copy_from_slice(&from[pairs * STEP..][..SIZE]);
}

/// Writes an element of `pattern.len()` bytes to every position of a box.
pub(crate) fn fill(axes: &[Axis], pattern: &[u8], to: &mut [u8]) {
    if is_empty(axes) {
        return;
    }
    let axes = normalise(axes, |axis| axis.to);
    let size = pattern.len();
    let zero = pattern.iter().all(|byte| *byte == 0);
    let never: Result<(), std::convert::Infallible> =
        positions(axes.split_last().map_or(&[][..], |(_, outer)| outer), |_, t| {
            match axes.last() {
                Some(row) if row.to == size && zero => to[t..t + row.count * size].fill(0),
                Some(row) => (0..row.count).for_each(|i| {
                    let t = t + i * row.to;
                    to[t..t + size].copy_from_slice(pattern);
                }),
                None => to[t..t + size].copy_from_slice(pattern),
            }
            Ok(())
        });
    match never {
        Ok(()) => {}
    }
}
