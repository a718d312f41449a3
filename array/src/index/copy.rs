//! [`copy_along`]: slices of one array copied to other places of another.

use crate::element::Element;
use ndarray::{ArrayD, ArrayViewD, Axis};

/// For each pair of positions along `axis`, copies what is at the first one of `from` to the second
/// one of `to`. The other axes have the same lengths.
pub(super) fn copy_along<T: Element>(
    from: &ArrayViewD<'_, T>,
    to: &mut ArrayD<T>,
    axis: usize,
    pairs: impl Iterator<Item = (usize, usize)> + Clone,
) {
    let (n_from, n_to) = (from.shape()[axis], to.shape()[axis]);
    let outer: usize = to.shape()[..axis].iter().product();
    let run: usize = to.shape()[axis + 1..].iter().product();
    let (Some(source), Some(target)) = (from.as_slice(), to.as_slice_mut()) else {
        for (source, target) in pairs {
            let source = from.index_axis(Axis(axis), source);
            to.index_axis_mut(Axis(axis), target).assign(&source);
        }
        return;
    };
    for outer in 0..outer {
        let source = &source[outer * n_from * run..];
        let target = &mut target[outer * n_to * run..];
        match run {
            1 => pairs.clone().for_each(|(from, to)| target[to] = source[from]),
            _ => pairs.clone().for_each(|(from, to)| {
                target[to * run..][..run].copy_from_slice(&source[from * run..][..run]);
            }),
        }
    }
}
