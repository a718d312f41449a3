//! Checking that parts of an expression are what they are of its result.

use crate::array::Array;
use crate::element::Element;
use crate::expr::{select, simplify};
use chunkwise_graph::{CollectionExt, InOrder};
use chunkwise_storage::{Region, Span};
use ndarray::{ArrayD, Slice};
use proptest::prelude::*;
use std::panic::Location;

/// A span of an axis of any length, by fractions of it.
pub(crate) fn spans() -> impl Strategy<Value = Vec<(f64, f64, usize)>> {
    prop::collection::vec((0.0..1.0f64, 0.0..1.0f64, 1usize..4), 6)
}

fn region(shape: &[usize], spans: &[(f64, f64, usize)]) -> Region {
    let span = |(&len, &(start, part, step)): (&usize, &(f64, f64, usize))| {
        let start = (start * (len + 1) as f64) as usize;
        // Often everything.
        let most = (len - start.min(len)).div_ceil(step);
        match part < 0.4 {
            true => Span::new(0, len),
            false => Span { start, count: (part * (most + 1) as f64) as usize, step },
        }
    };
    shape.iter().zip(spans).map(span).collect()
}

/// A part of the array computed alone is what it is of the whole, and as many tasks as before or
/// fewer compute it.
#[track_caller]
pub(crate) fn check_part<T: Element>(array: &Array<T>, spans: &[(f64, f64, usize)]) {
    let whole = array.compute_with(&InOrder).expect("the whole can be computed");
    check_region(array, &whole, &region(whole.shape(), spans));
}

#[track_caller]
fn check_region<T: Element>(array: &Array<T>, whole: &ArrayD<T>, region: &Region) {
    let node = select(array.node.clone(), region.clone(), Location::caller());
    let part = Array::<T>::of_node(node);
    let simple = simplify(&part.node);
    assert_eq!(simple.chunks.axes(), part.node.chunks.axes(), "{region} is cut otherwise");
    let mut expected = whole.view();
    for (axis, span) in region.spans().iter().enumerate() {
        let slice = Slice::new(span.start as isize, Some(span.end() as isize), span.step as isize);
        expected.slice_axis_inplace(ndarray::Axis(axis), slice);
    }
    let part = part.compute_with(&InOrder);
    let part: ArrayD<T> = part.unwrap_or_else(|error| panic!("{region}: {}", error.report()));
    assert_eq!(part.shape(), expected.shape(), "{region}");
    let same = part.iter().zip(&expected).all(|(a, b)| T::bytes_of(&[*a]) == T::bytes_of(&[*b]));
    assert!(same, "{region} of {whole}: {part}");
}

/// Some regions of an axis: parts of it with steps, one element, nothing.
fn spans_of(len: usize) -> Vec<Span> {
    let mut spans = vec![Span::new(0, len), Span::new(0, 0)];
    if len > 0 {
        spans.extend([Span::new(len - 1, 1), Span { start: 0, count: len.div_ceil(2), step: 2 }]);
        spans.push(Span::new(len / 3, len - len / 3));
        spans.push(Span { start: len / 4, count: (len - len / 4).div_ceil(3), step: 3 });
    }
    spans
}

/// As [`check_part`], for parts that are the same in each run.
#[track_caller]
fn check_parts<T: Element>(array: &Array<T>) {
    let whole = array.compute_with(&InOrder).expect("the whole can be computed");
    let of_axes: Vec<Vec<Span>> = whole.shape().iter().map(|&len| spans_of(len)).collect();
    for round in 0..12usize {
        let pick =
            |(axis, spans): (usize, &Vec<Span>)| spans[(round * (axis + 1) + axis) % spans.len()];
        check_region(array, &whole, &of_axes.iter().enumerate().map(pick).collect());
    }
}

/// An array in memory, cut at random: ragged and empty chunks, no elements, no axes.
pub(crate) fn arrays(
    ndim: impl Into<prop::collection::SizeRange>,
) -> impl Strategy<Value = Array<i64>> {
    let sizes = prop::collection::vec(0usize..4, 1..4);
    prop::collection::vec(sizes, ndim).prop_map(|axes| {
        let shape: Vec<usize> = axes.iter().map(|sizes| sizes.iter().sum()).collect();
        let n: usize = shape.iter().product();
        let memory = ArrayD::from_shape_vec(shape, (0..n as i64).collect()).expect("as many");
        Array::from_ndarray(&memory, crate::chunk_spec::ChunkSpec::sizes(axes))
    })
}

mod tests {
    use super::*;
    use crate::reduce::Reduction;
    use crate::{Axes, Quantiles, ScanMethod};
    use serde::{Deserialize, Serialize};

    fn table() -> Array<f64> {
        let memory =
            ArrayD::from_shape_fn(vec![9, 13], |at| ((at[0] * 37 + at[1] * 11) % 29) as f64 - 7.0);
        Array::from_ndarray(&memory, [4, 3])
    }

    #[derive(Clone, Serialize, Deserialize)]
    struct Last;

    impl Reduction for Last {
        type In = f64;
        type Out = f64;
        type Acc = Option<f64>;
        const NAME: &'static str = "last";

        fn start(&self) -> Option<f64> {
            None
        }
        fn take(&self, acc: &mut Option<f64>, elements: &[f64]) {
            *acc = elements.last().copied().or(*acc);
        }
        fn join(&self, acc: &mut Option<f64>, other: Option<f64>) {
            *acc = other.or(*acc);
        }
        fn finish(&self, acc: Option<f64>, _: u64) -> Option<f64> {
            acc
        }
    }

    #[test]
    fn of_reductions() {
        let x = table();
        for axis in [0, 1] {
            check_parts(&x.argmax_axis(axis));
            check_parts(&x.argmin_axis(Axes::from(axis).keep()));
            check_parts(&x.sum_axis(axis));
            check_parts(&x.count_nonzero_axis(Axes::from(axis).keep()));
            check_parts(&x.ptp_axis(axis));
            check_parts(&x.reduce_axis(axis, Last));
        }
    }

    #[test]
    fn of_scans_and_differences() {
        let x = table().map_with((), |(), x| x as i64);
        for axis in [0, 1] {
            check_parts(&x.cumsum(axis));
            check_parts(&x.cumsum_with(axis, ScanMethod::Blelloch));
            check_parts(&x.diff(axis, 1));
            check_parts(&x.diff(axis, 3));
            check_parts(&x.gradient(axis, 2.0));
        }
    }

    #[test]
    fn of_what_is_sorted() {
        let x = table();
        for axis in [0, 1] {
            check_parts(&x.sort(axis));
            check_parts(&x.argsort(axis));
            check_parts(&x.topk(axis, 4));
            check_parts(&x.argtopk(axis, -2));
            check_parts(&x.median_axis(axis));
            check_parts(&x.median_axis(Axes::from(axis).keep()));
            check_parts(&x.quantile_axis(axis, Quantiles::from([0.1, 0.5, 0.9])));
        }
        check_parts(&x.sort_flat());
        check_parts(&x.quantile([0.25, 0.5]));
    }
}
