//! [`check_parts`]: parts of an array, made alone, are what the whole has there.

use super::selection::select;
use super::simplify::simplify;
use crate::array::Array;
use crate::element::Element;
use chunkwise_graph::{CollectionExt, InOrder};
use chunkwise_storage::{Region, Span};
use ndarray::{ArrayD, Slice};
use std::panic::Location;

/// Some regions of an axis: parts of it with steps, one element, nothing.
fn spans(len: usize) -> Vec<Span> {
    let mut spans = vec![Span::new(0, len), Span::new(0, 0)];
    if len > 0 {
        spans.extend([Span::new(len - 1, 1), Span { start: 0, count: len.div_ceil(2), step: 2 }]);
        spans.push(Span::new(len / 3, len - len / 3));
        spans.push(Span { start: len / 4, count: (len - len / 4).div_ceil(3), step: 3 });
    }
    spans
}

fn part<T: Element>(whole: &ArrayD<T>, region: &Region) -> ArrayD<T> {
    let part = whole.slice_each_axis(|axis| {
        let span = region.spans()[axis.axis.index()];
        Slice::new(span.start as isize, Some(span.end() as isize), span.step as isize)
    });
    part.to_owned()
}

/// Computes some parts alone, and compares them with the whole by their bits.
#[track_caller]
pub(crate) fn check_parts<T: Element>(array: &Array<T>) {
    let whole = array.compute_with(&InOrder).expect("it can be computed");
    let of_axes: Vec<Vec<Span>> = whole.shape().iter().map(|&len| spans(len)).collect();
    for round in 0..12usize {
        let pick =
            |(axis, spans): (usize, &Vec<Span>)| spans[(round * (axis + 1) + axis) % spans.len()];
        let region: Region = of_axes.iter().enumerate().map(pick).collect();
        let node = select(array.node.clone(), region.clone(), Location::caller());
        let simplified = simplify(&node);
        let found = Array::<T>::of_node(simplified).compute_with(&InOrder);
        let found = found.unwrap_or_else(|error| panic!("{region}: {}", error.report()));
        let expected = part(&whole, &region);
        assert_eq!(found.shape(), expected.shape(), "{region}");
        let bits = |array: &ArrayD<T>| {
            let elements: Vec<T> = array.iter().copied().collect();
            T::bytes_of(&elements).to_vec()
        };
        assert_eq!(bits(&found), bits(&expected), "{region}");
    }
}

#[cfg(test)]
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
