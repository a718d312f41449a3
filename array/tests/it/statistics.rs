use crate::check::{Cut, check, check_close, cuts};
use chunkwise_array::{Array, ArrayError, Axes, Bins, CollectionExt, Quantiles};
use ndarray::{Array1, Array2, ArrayD};
use proptest::prelude::*;

fn numbers() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![
        1 => Just(f64::NAN), 1 => Just(f64::INFINITY), 8 => (-20i32..21).prop_map(f64::from)
    ]
}

/// The quantile between two elements as far as it lies between them.
fn quantile(xs: &[f64], part: f64) -> f64 {
    let mut xs = xs.to_vec();
    xs.sort_by(f64::total_cmp);
    if xs.is_empty() || xs.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    let position = part * (xs.len() - 1) as f64;
    let (low, high) = (xs[position.floor() as usize], xs[position.ceil() as usize]);
    if low == high { low } else { low + (high - low) * position.fract() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn quantiles(cut in cuts(0..4, numbers()), part in 0.0f64..=1.0) {
        let Cut { memory, array: x } = &cut;
        let all: Vec<f64> = memory.iter().copied().collect();
        let some: Vec<f64> = all.iter().copied().filter(|x| !x.is_nan()).collect();
        let parts = [part, 0.0, 0.5, 1.0];
        let expected = |xs: &[f64]| Array1::from_iter(parts.map(|part| quantile(xs, part)));
        check_close(&x.quantile(parts), &expected(&all).into_dyn(), 1e-13);
        check_close(&x.nanquantile(parts), &expected(&some).into_dyn(), 1e-13);
        check_close(&x.quantile(part), &ndarray::arr0(quantile(&all, part)).into_dyn(), 1e-13);
        let whole = x.quantile_axis(Axes::all(), parts);
        check_close(&whole, &expected(&all).into_dyn(), 1e-13);
        let nan = x.nanquantile_axis(Axes::all(), Quantiles::from(part));
        check_close(&nan, &ndarray::arr0(quantile(&some, part)).into_dyn(), 1e-13);
        if memory.ndim() > 1 {
            let median = memory.map_axis(ndarray::Axis(1), |lane| quantile(&lane.to_vec(), 0.5));
            check_close(&x.median_axis(1), &median, 1e-13);
            let kept = median.insert_axis(ndarray::Axis(1));
            check_close(&x.median_axis(Axes::from(1).keep()), &kept, 1e-13);
        }
    }

    #[test]
    fn counts_in_bins(cut in cuts(0..3, numbers())) {
        let Cut { memory, array: x } = &cut;
        let edges = [-10.0, -3.0, 0.0, 0.0, 7.0, 10.0];
        let bin = |x: f64| (0..5).rev().find(|&at| {
            (edges[at] <= x && x < edges[at + 1]) || (at == 4 && x == edges[5])
        });
        let mut counts = Array1::<u64>::zeros(5);
        let mut weights = Array1::<f64>::zeros(5);
        let mut pairs = Array2::<u64>::zeros((5, 4));
        for &x in memory {
            let Some(at) = bin(x) else { continue };
            counts[at] += 1;
            weights[at] += x;
            if (0.0..=8.0).contains(&x.abs()) {
                pairs[[at, ((x.abs() / 2.0) as usize).min(3)]] += 1;
            }
        }
        check(&x.histogram(edges), &counts.into_dyn());
        check_close(&x.histogram_weighted(edges, x), &weights.into_dyn(), 1e-13);
        let abs = x.map(|x| x.abs());
        check_found(&x.histogram2d(&abs, edges, Bins::uniform(4, 0.0, 8.0)), &pairs.into_dyn());
    }

    #[test]
    fn different_elements(cut in cuts(0..3, -6i16..7), other in cuts(0..3, -6i16..7)) {
        let Cut { memory, array: x } = &cut;
        let mut values: Vec<i16> = memory.iter().copied().collect();
        values.sort_unstable();
        values.dedup();
        let unique = x.unique_all();
        check(&unique.values, &Array1::from(values.clone()).into_dyn());
        let first = |value: &i16| memory.iter().position(|x| x == value).unwrap() as u64;
        check(&unique.index, &values.iter().map(first).collect::<Array1<u64>>().into_dyn());
        let n = |value: &i16| memory.iter().filter(|x| *x == value).count() as u64;
        check(&unique.counts, &values.iter().map(n).collect::<Array1<u64>>().into_dyn());
        check(&unique.inverse, &memory.mapv(|x| values.binary_search(&x).unwrap() as u64));

        let set = |array: &ArrayD<i16>| array.iter().copied().collect::<std::collections::BTreeSet<_>>();
        let (a, b) = (set(memory), set(&other.memory));
        let list = |set: Vec<i16>| Array1::from(set).into_dyn();
        check(&x.union1d(&other.array), &list(a.union(&b).copied().collect()));
        check(&x.intersect1d(&other.array), &list(a.intersection(&b).copied().collect()));
        check(&x.setdiff1d(&other.array), &list(a.difference(&b).copied().collect()));
        check(&x.setxor1d(&other.array), &list(a.symmetric_difference(&b).copied().collect()));
    }

    #[test]
    fn numbers_are_counted(cut in cuts(0..3, 0u8..9), min_len in 0usize..12) {
        let Cut { memory, array: x } = &cut;
        let len = memory.iter().map(|x| usize::from(*x) + 1).max().unwrap_or(0).max(min_len);
        let n = |at: usize| memory.iter().filter(|x| usize::from(**x) == at).count() as u64;
        check(&x.bincount(min_len), &Array1::from_iter((0..len).map(n)).into_dyn());
        let weights = x.map(|x| f64::from(x) * 0.5);
        let weighted = Array1::from_iter((0..len).map(|at| n(at) as f64 * at as f64 * 0.5));
        let found = x.bincount_weighted(&weights, min_len).compute().unwrap();
        prop_assert_eq!(found, weighted.into_dyn());
    }

    #[test]
    fn covariances(cut in cuts(2, -9i32..10), ddof in 0usize..2) {
        let Cut { memory, array: x } = &cut;
        let (rows, n) = (memory.shape()[0], memory.shape()[1]);
        let of = |row: usize, at: usize| f64::from(memory[[row, at]]);
        let mean = |row: usize| (0..n).map(|at| of(row, at)).sum::<f64>() / n as f64;
        let expected = ArrayD::from_shape_fn(vec![rows, rows], |at| {
            let (a, b) = (at[0], at[1]);
            let products = (0..n).map(|at| (of(a, at) - mean(a)) * (of(b, at) - mean(b)));
            let divisor = n as f64 - ddof as f64;
            if divisor > 0.0 { products.sum::<f64>() / divisor } else { f64::NAN }
        });
        check_close(&x.cov(ddof as f64), &expected, 1e-12);
    }
}

/// Compares without sending to other processes, where a closure of the test would have to go.
#[track_caller]
fn check_found(array: &Array<u64>, expected: &ArrayD<u64>) {
    assert_eq!(&array.compute().unwrap(), expected);
}

#[test]
fn selection_over_chunks_larger_than_samples() {
    // Long chunks, many equal elements, runs that are sorted already.
    let n = 30_000;
    let mixed =
        |at: usize| ((at * 7_919) % 10_007) as f64 * if at.is_multiple_of(3) { 1.0 } else { -0.5 };
    for f in [&mixed as &dyn Fn(usize) -> f64, &|at| (at / 5_000) as f64, &|at| at as f64] {
        let memory = Array1::from_iter((0..n).map(f));
        let all = memory.to_vec();
        let parts = [0.0, 0.001, 0.25, 0.5, 0.77, 0.999, 1.0];
        for chunk in [4_001, 10_000] {
            let x = Array::from_ndarray(&memory, chunk);
            let found = x.quantile(parts).compute().unwrap();
            let expected = Array1::from_iter(parts.map(|part| quantile(&all, part)));
            let close = found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-9);
            assert!(close, "{found} for {expected}");
        }
    }
}

#[test]
fn parts_of_unique_are_joined_once() {
    let x = Array::<i64>::arange(0, 100, 1, 10);
    let unique = x.unique_all();
    let (values, counts) = (unique.values.graph(), unique.counts.graph());
    let names = |graph: chunkwise_graph::Graph| graph.plan().unwrap().len();
    let alone = names(values);
    assert!(names(counts) == alone && alone > 10);
}

#[test]
fn what_has_no_statistics() {
    let x = Array::<f64>::ones([4, 5], 2);
    let text = |error: ArrayError| error.to_string();
    assert_eq!(text(x.quantile(1.5).checked().unwrap_err()), "quantile: 1.5 is not from 0 to 1");
    assert_eq!(
        text(x.percentile_axis(0, -1.0).checked().unwrap_err()),
        "quantile: -0.01 is not from 0 to 1"
    );
    assert_eq!(text(x.histogram([1.0]).checked().unwrap_err()), "bins: there is no bin");
    assert_eq!(text(x.histogram([1.0, 0.0]).checked().unwrap_err()), "bins: 0 comes behind 1");
    assert_eq!(text(x.histogram([1.0, f64::NAN]).checked().unwrap_err()), "bins: an edge at NaN");
    let weights = Array::<f64>::ones([5], 2);
    let error = x.histogram_weighted([0.0, 1.0], &weights).checked().unwrap_err();
    assert!(matches!(error, ArrayError::Shape { .. }), "{error}");
    assert!(matches!(weights.cov(0.0).checked(), Err(ArrayError::Shape { .. })));
    assert!(matches!(weights.corrcoef().checked(), Err(ArrayError::Shape { .. })));
    let negative = Array::<i8>::full([3], -1, 2).bincount(0).compute().unwrap_err();
    assert!(negative.report().to_string().contains("bincount: -1 is negative"));
}
