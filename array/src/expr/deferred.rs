//! What works on arrays whose lengths only a run tells.

use super::held::OfLayer;
use super::lower::lower;
use super::node::Node;
use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::element::Element;
use crate::{ArrayError, Axes, CollectionExt};
use chunkwise_graph::{InOrder, Token};
use ndarray::{Array1, ArrayD, array};

/// The same array, the length of its first axis forgotten.
fn forget<T: Element>(x: &Array<T>) -> Array<T> {
    let cut = AxisChunks::deferred(x.chunks().axes()[0].n_chunks(), Token::unique());
    let chunks = x.chunks().with_axis(0, cut);
    let held = OfLayer(lower(&x.node));
    Array::of_node(Node::new(held, [], T::DTYPE, chunks, Token::unique(), x.node.made_at))
}

fn memory() -> ArrayD<f64> {
    ArrayD::from_shape_fn(vec![10, 4], |at| ((at[0] * 7 + at[1] * 5) % 13) as f64)
}

#[track_caller]
fn same<T: Element>(deferred: Array<T>, known: Array<T>) {
    let found = deferred.compute_with(&InOrder);
    let found = found.unwrap_or_else(|error| panic!("{}", error.report()));
    assert_eq!(found, known.compute_with(&InOrder).expect("it can be computed"));
}

/// Chunks of unknown sizes may be taken together otherwise, and round otherwise.
#[track_caller]
fn near(deferred: Array<f64>, known: Array<f64>) {
    let round = |x: f64| (x * 1e10).round();
    same(deferred.map(round), known.map(round));
}

#[test]
fn reductions_and_scans() {
    let x = Array::from_ndarray(&memory(), [3, 2]);
    let y = forget(&x);
    for axis in [0, 1] {
        same(y.sum_axis(axis), x.sum_axis(axis));
        near(y.var_axis(axis, 0.0), x.var_axis(axis, 0.0));
        same(y.argmax_axis(axis), x.argmax_axis(axis));
        same(y.argmin_axis(Axes::from(axis).keep()), x.argmin_axis(Axes::from(axis).keep()));
        same(y.cumsum(axis), x.cumsum(axis));
        same(y.cummax(axis), x.cummax(axis));
        near(y.skew_axis(axis), x.skew_axis(axis));
    }
    same(y.diff(1, 1), x.diff(1, 1));
    same((*y.sum()).clone(), (*x.sum()).clone());
    let needed = |error: &ArrayError| matches!(error, ArrayError::Deferred { axis: 0, .. });
    assert!(y.argmax().checked().is_err_and(|error| needed(&error)));
    assert!(y.diff(0, 1).checked().is_err_and(|error| needed(&error)));
    assert!(y.gradient(0, 1.0).checked().is_err_and(|error| needed(&error)));
    assert!(y.trace(0).checked().is_err_and(|error| needed(&error)));
}

#[test]
fn sorting_and_statistics() {
    let x = Array::from_ndarray(&memory(), [3, 2]);
    let y = forget(&x);
    for axis in [0, 1] {
        same(y.sort(axis), x.sort(axis));
        same(y.argsort(axis), x.argsort(axis));
        same(y.topk(axis, 3), x.topk(axis, 3));
        same(y.median_axis(axis), x.median_axis(axis));
        same(y.partition(axis, 2), x.partition(axis, 2));
    }
    same(y.sort_flat(), x.sort_flat());
    same(y.quantile([0.1, 0.6]), x.quantile([0.1, 0.6]));
    same(y.histogram([0.0, 3.0, 9.0]), x.histogram([0.0, 3.0, 9.0]));
    same(y.unique(), x.unique());
    same(y.unique_all().inverse, x.unique_all().inverse);
    same(y.cov(1.0), x.cov(1.0));
    assert!(y.unique_all().index.checked().is_err());
    assert!(y.argtopk(0, 1).checked().is_err());
    assert!(y.partition(0, 20).compute_with(&InOrder).is_err());
    // Lengths that come out of statistics go on.
    let unique = Array::from_ndarray(&Array1::from(vec![3, 1, 3, 2]), 2).unique();
    assert_eq!(
        unique.cumsum(0).compute_with(&InOrder).expect("it runs"),
        array![1i64, 3, 6].into_dyn()
    );
    assert_eq!(unique.argmax().compute_with(&InOrder).expect("it runs"), 2);
}
