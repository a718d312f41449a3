//! Cutting a group of axes so that each chunk keeps its elements in either shape.

use crate::axis_chunks::AxisChunks;
use crate::chunks::PerAxis;

/// How the axes of a group are cut in either shape, into the same rows of elements: as many chunks,
/// the same elements in each, in the same order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct GroupCut {
    pub(super) from: PerAxis<AxisChunks>,
    pub(super) to: PerAxis<AxisChunks>,
}

/// A shape in which chunks are rows of elements: one axis is cut (the pivot), those before it into
/// single positions, and those behind it not at all.
#[derive(Clone, Copy)]
struct Rows<'a> {
    shape: &'a [usize],
    pivot: usize,
}

impl Rows<'_> {
    /// Elements of one position of the pivot.
    fn step(&self) -> usize {
        self.shape[self.pivot + 1..].iter().product()
    }

    /// Elements of all positions of the pivot: there is a cut at each multiple.
    fn period(&self) -> usize {
        self.shape[self.pivot..].iter().product()
    }

    /// The cut whose chunks have `n` elements, the last ones of a period fewer.
    fn regular(&self, n: usize) -> PerAxis<AxisChunks> {
        self.cut(AxisChunks::regular(self.shape[self.pivot], (n / self.step()).max(1)))
    }

    fn cut(&self, pivot: AxisChunks) -> PerAxis<AxisChunks> {
        let mut axes: PerAxis<AxisChunks> =
            self.shape[..self.pivot].iter().map(|&len| AxisChunks::regular(len, 1)).collect();
        axes.push(pivot);
        axes.extend(self.shape[self.pivot + 1..].iter().map(|&len| AxisChunks::whole(len)));
        axes
    }

    /// The cut whose chunks end at these elements, if there is one.
    fn ending_at(&self, ends: &[usize]) -> Option<PerAxis<AxisChunks>> {
        let (step, period) = (self.step(), self.period());
        let first = ends.partition_point(|end| *end < period);
        let pivot: Vec<usize> = ends[..=first.min(ends.len() - 1)].to_vec();
        let n_repeats = ends.len() / pivot.len();
        let repeats = |(at, end): (usize, &usize)| {
            *end == pivot[at % pivot.len()] + at / pivot.len() * period
        };
        let fits = pivot.last() == Some(&period)
            && ends.len() == pivot.len() * n_repeats
            && pivot.iter().all(|end| end.is_multiple_of(step))
            && ends.iter().enumerate().all(repeats);
        let mut start = 0;
        let sizes = pivot.iter().map(|end| (end - std::mem::replace(&mut start, *end)) / step);
        fits.then(|| self.cut(AxisChunks::of_sizes(sizes)))
    }
}

/// The cut of a group, for an input that is cut like `own`, with at most about `most` elements a
/// chunk.
pub(super) fn group_cut(own: &[AxisChunks], from: &[usize], to: &[usize], most: usize) -> GroupCut {
    if let Some(kept) = kept(own, from, to) {
        return kept;
    }
    if let Some(merged) = merged(own, from, to, most) {
        return merged;
    }
    regular(own, from, to, most)
}

/// The input's own cut, if its chunks are rows of elements and the result can be cut so.
fn kept(own: &[AxisChunks], from: &[usize], to: &[usize]) -> Option<GroupCut> {
    let ends = ends_of_rows(own, from)?;
    let cut = (0..to.len()).find_map(|pivot| Rows { shape: to, pivot }.ending_at(&ends))?;
    Some(GroupCut { from: own.into(), to: cut })
}

/// Where the chunks end, if they are rows of elements and none is empty.
fn ends_of_rows(own: &[AxisChunks], from: &[usize]) -> Option<Vec<usize>> {
    let is_single =
        |(axis, len): (&AxisChunks, &usize)| axis.n_chunks() == *len && axis.largest() == Some(1);
    let pivot = own.iter().zip(from).take_while(|axis| is_single(*axis)).count();
    let pivot = pivot.min(own.len() - 1);
    if own[pivot + 1..].iter().any(|axis| axis.n_chunks() > 1) {
        return None;
    }
    let rows = Rows { shape: from, pivot };
    let (step, period) = (rows.step(), rows.period());
    let mut ends = Vec::new();
    for start in (0..from.iter().product()).step_by(period) {
        for chunk in 0..own[pivot].n_chunks() {
            let range = own[pivot].range(chunk)?;
            if range.is_empty() {
                return None;
            }
            ends.push(start + range.end * step);
        }
    }
    Some(ends)
}

/// The input's own cut with all axes whole that lie behind the first one that is cut, if the result
/// can be cut so and the chunks do not become too large.
fn merged(own: &[AxisChunks], from: &[usize], to: &[usize], most: usize) -> Option<GroupCut> {
    let first = own.iter().position(|axis| axis.n_chunks() > 1)?;
    let whole = |(at, axis): (usize, &AxisChunks)| match at <= first {
        true => axis.clone(),
        false => AxisChunks::whole(from[at]),
    };
    let wider: PerAxis<AxisChunks> = own.iter().enumerate().map(whole).collect();
    let largest = wider.iter().map(|axis| axis.largest().unwrap_or(1));
    let fits = largest.fold(1usize, usize::saturating_mul) <= most;
    if fits { kept(&wider, from, to) } else { None }
}

/// Rows of about as many elements as the input's chunks have, or of as few more as the shapes allow.
fn regular(own: &[AxisChunks], from: &[usize], to: &[usize], most: usize) -> GroupCut {
    let largest = own.iter().map(|axis| axis.largest().unwrap_or(1).max(1));
    let wanted = largest.fold(1usize, usize::saturating_mul).min(most).max(1);
    let mut best: Option<(usize, Rows<'_>, Rows<'_>)> = None;
    for (i, j) in (0..from.len()).flat_map(|i| (0..to.len()).map(move |j| (i, j))) {
        let (a, b) = (Rows { shape: from, pivot: i }, Rows { shape: to, pivot: j });
        let (short, long) = (a.period().min(b.period()), a.period().max(b.period()));
        let unit = least_common_multiple(a.step(), b.step());
        if !long.is_multiple_of(short) || !short.is_multiple_of(unit) {
            continue;
        }
        let n = if short <= wanted { short } else { (wanted / unit).max(1) * unit };
        // All periods have to be cut alike, also those of the side with the longer ones.
        let n = if a.period() == b.period() { n } else { divisor_of(short, n, unit) };
        let is_better =
            best.as_ref().is_none_or(|(known, ..)| match (*known <= wanted, n <= wanted) {
                (true, true) => n > *known,
                (false, false) => n < *known,
                (known_fits, _) => !known_fits,
            });
        if is_better {
            best = Some((n, a, b));
        }
    }
    match best {
        Some((n, a, b)) => GroupCut { from: a.regular(n), to: b.regular(n) },
        // One chunk of everything is always possible: both pivots at the first axis.
        None => GroupCut {
            from: from.iter().map(|&len| AxisChunks::whole(len)).collect(),
            to: to.iter().map(|&len| AxisChunks::whole(len)).collect(),
        },
    }
}

/// The largest divisor of `period` that is a multiple of `unit` and at most `n`; at least `unit`.
fn divisor_of(period: usize, n: usize, unit: usize) -> usize {
    let units = period / unit;
    let most = (n / unit).max(1);
    let mut best = 1;
    let mut divisor = 1;
    while divisor <= units / divisor {
        if units.is_multiple_of(divisor) {
            for candidate in [divisor, units / divisor] {
                if candidate <= most && candidate > best {
                    best = candidate;
                }
            }
        }
        divisor += 1;
    }
    best * unit
}

fn least_common_multiple(a: usize, b: usize) -> usize {
    let (mut x, mut y) = (a.max(1), b.max(1));
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a.max(1) / x).saturating_mul(b.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Where the chunks of a cut end, counted in elements in row-major order.
    fn ends(axes: &[AxisChunks]) -> Vec<usize> {
        let shape: Vec<usize> = axes.iter().map(|axis| axis.len().unwrap()).collect();
        ends_of_rows(axes, &shape).expect("chunks are rows")
    }

    fn check(sizes: &[Vec<usize>], to: &[usize], most: usize) -> GroupCut {
        let own: Vec<AxisChunks> =
            sizes.iter().map(|sizes| AxisChunks::of_sizes(sizes.iter().copied())).collect();
        let from: Vec<usize> = own.iter().map(|axis| axis.len().unwrap()).collect();
        let cut = group_cut(&own, &from, to, most);
        assert_eq!(ends(&cut.from), ends(&cut.to), "{cut:?}");
        cut
    }

    fn sizes(axes: &[AxisChunks]) -> Vec<Vec<usize>> {
        axes.iter().map(|axis| axis.sizes().unwrap()).collect()
    }

    #[test]
    fn cuts_are_kept_where_they_fit() {
        let cut = check(&[vec![2, 3], vec![4]], &[20], 1000);
        assert_eq!(
            (sizes(&cut.from), sizes(&cut.to)),
            (vec![vec![2, 3], vec![4]], vec![vec![8, 12]])
        );
        let cut = check(&[vec![1, 1], vec![3, 1]], &[8], 1000);
        assert_eq!(sizes(&cut.to), [vec![3, 1, 3, 1]]);
        let cut = check(&[vec![8, 12]], &[5, 4], 1000);
        assert_eq!(sizes(&cut.to), [vec![2, 3], vec![4]]);
        let cut = check(&[vec![3, 1, 3, 1]], &[2, 4], 1000);
        assert_eq!(sizes(&cut.to), [vec![1, 1], vec![3, 1]]);
    }

    #[test]
    fn axes_are_merged_while_chunks_stay_small() {
        let cut = check(&[vec![2, 2], vec![3, 3]], &[24], 1000);
        assert_eq!(
            (sizes(&cut.from), sizes(&cut.to)),
            (vec![vec![2, 2], vec![6]], vec![vec![12, 12]])
        );
        let cut = check(&[vec![2, 2], vec![3, 3]], &[24], 6);
        assert_eq!(sizes(&cut.from), [vec![1; 4], vec![6]]);
        let cut = check(&[vec![7, 13]], &[5, 4], 1000);
        assert_eq!(sizes(&cut.from), [vec![12, 8]]);
    }

    proptest! {
        #[test]
        fn chunks_keep_their_elements(
            sizes in prop::collection::vec(prop::collection::vec(0usize..4, 1..4), 1..4),
            most in 1usize..30,
            pick in any::<prop::sample::Index>(),
        ) {
            let n: usize = sizes.iter().map(|sizes| sizes.iter().sum::<usize>()).product();
            prop_assume!(n > 0);
            let mut shapes: Vec<Vec<usize>> = vec![vec![n]];
            for a in (2..n).filter(|a| n.is_multiple_of(*a)) {
                shapes.push(vec![a, n / a]);
                shapes.extend((2..n / a).filter(|b| (n / a).is_multiple_of(*b)).map(|b| vec![a, b, n / a / b]));
            }
            check(&sizes, &shapes[pick.index(shapes.len())].clone(), most);
        }
    }
}
