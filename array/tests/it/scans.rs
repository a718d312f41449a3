use crate::check::{check, check_close, cuts};
use chunkwise_array::{Array, ArrayError, ScanMethod};
use ndarray::{ArrayD, Axis};
use proptest::prelude::*;

/// The reference: each lane from its first element on.
fn scanned<T: Copy, B: Copy>(x: &ArrayD<T>, axis: usize, f: impl Fn(&[T]) -> B) -> ArrayD<B> {
    ArrayD::from_shape_fn(x.shape(), |at| {
        let mut lane = x.view();
        for other in (0..x.ndim()).rev().filter(|other| *other != axis) {
            lane = lane.index_axis_move(Axis(other), at[other]);
        }
        f(&lane.iter().copied().take(at[axis] + 1).collect::<Vec<_>>())
    })
}

fn numbers() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![1 => Just(f64::NAN), 6 => (-8i32..9).prop_map(f64::from)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn running_sums_and_products(cut in cuts(1..4, -9i32..9), axis in 0usize..3) {
        let (x, memory) = (&cut.array, &cut.memory);
        let axis = axis % memory.ndim();
        let along = axis as isize;
        let sum = |xs: &[i32]| xs.iter().map(|x| i64::from(*x)).sum::<i64>();
        let product = |xs: &[i32]| xs.iter().fold(1i64, |p, x| p.wrapping_mul(i64::from(*x)));
        let (sums, products) = (scanned(memory, axis, sum), scanned(memory, axis, product));
        for method in [ScanMethod::Sequential, ScanMethod::Blelloch] {
            check(&x.cumsum_with(along, method), &sums);
            check(&x.cumprod_with(along, method), &products);
        }
        check(&x.cumsum(along - memory.ndim() as isize), &sums);
        check(&x.cummax(along), &scanned(memory, axis, |xs| *xs.iter().max().unwrap()));
        check(&x.cummin(along), &scanned(memory, axis, |xs| *xs.iter().min().unwrap()));
    }

    #[test]
    fn nan_is_kept_left_out_or_filled(cut in cuts(1..3, numbers()), axis in 0usize..2) {
        let (x, memory) = (&cut.array, &cut.memory);
        let axis = axis % memory.ndim();
        let along = axis as isize;
        let sum = |xs: &[f64]| xs.iter().filter(|x| !x.is_nan()).sum::<f64>() + 0.0;
        check_close(&x.nancumsum(along), &scanned(memory, axis, sum), 0.0);
        let product = |xs: &[f64]| xs.iter().filter(|x| !x.is_nan()).product::<f64>();
        check_close(&x.nancumprod(along), &scanned(memory, axis, product), 0.0);
        check_close(&x.cumsum(along), &scanned(memory, axis, |xs| xs.iter().sum::<f64>()), 0.0);
        let max = |xs: &[f64]| match xs.iter().any(|x| x.is_nan()) {
            true => f64::NAN,
            false => xs.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        };
        check_close(&x.cummax(along), &scanned(memory, axis, max), 0.0);
        let last = |xs: &[f64]| xs.iter().copied().rev().find(|x| !x.is_nan()).unwrap_or(f64::NAN);
        check_close(&x.push(along), &scanned(memory, axis, last), 0.0);
    }

    #[test]
    fn differences(cut in cuts(1..4, -99i32..99), axis in 0usize..3, n in 0usize..4) {
        let (x, memory) = (&cut.array, &cut.memory);
        let axis = axis % memory.ndim();
        let mut expected = memory.clone();
        for _ in 0..n {
            let len = expected.shape()[axis];
            let (from, to) = (len.min(1), len.saturating_sub(1));
            let next = expected.slice_axis(Axis(axis), (from..len).into());
            let before = expected.slice_axis(Axis(axis), (0..to).into());
            expected = &next - &before;
        }
        check(&x.diff(axis as isize, n), &expected);
        let len = memory.shape()[axis];
        if len >= 2 {
            let of = |at: &ndarray::IxDyn, place: usize| {
                let mut at = at.clone();
                at[axis] = place;
                f64::from(memory[at])
            };
            let gradient = ArrayD::from_shape_fn(memory.shape(), |at| {
                let (a, b) = (at[axis].saturating_sub(1), (at[axis] + 1).min(len - 1));
                (of(&at, b) - of(&at, a)) / ((b - a) as f64 * 0.5)
            });
            check(&x.gradient(axis as isize, 0.5), &gradient);
        }
        let area = memory.mapv(f64::from).map_axis(Axis(axis), |lane| {
            (1..lane.len()).map(|at| (lane[at - 1] + lane[at]) / 2.0).sum::<f64>() * 2.0
        });
        check_close(&x.trapezoid(axis as isize, 2.0), &area, 1e-14);
    }
}

#[test]
fn long_axes_are_scanned_in_a_tree() {
    let memory = ArrayD::from_shape_fn(vec![200, 2], |at| (at[0] * 31 % 17) as i64 - at[1] as i64);
    let x = Array::from_ndarray(&memory, [1, 2]);
    let expected = scanned(&memory, 0, |xs| xs.iter().sum::<i64>());
    check(&x.cumsum_with(0, ScanMethod::Blelloch), &expected);
    check(&x.cumsum_with(0, ScanMethod::Sequential), &expected);
}

#[test]
fn what_cannot_be_scanned() {
    let x = Array::<f64>::ones([4, 5], 2);
    let wrong = |error: ArrayError| error.to_string();
    assert_eq!(wrong(x.cumsum(2).checked().unwrap_err()), "axis 2 of an array with 2 axes");
    assert_eq!(wrong(x.cumsum([0, 1]).checked().unwrap_err()), "axis: 2 axes, not one");
    assert_eq!(wrong(x.diff(7, 0).checked().unwrap_err()), "axis 7 of an array with 2 axes");
    let error = Array::<f64>::ones([4, 1], 2).gradient(1, 1.0).checked().unwrap_err();
    assert!(matches!(error, ArrayError::Shape { .. }));
    assert!(wrong(error).contains("gradient needs 2 elements along axis 1"));
    let flat = Array::from_ndarray(&ndarray::array![[1, 4], [9, 2]], 1);
    check(&flat.ediff1d(), &ndarray::array![3, 5, -7].into_dyn());
}
