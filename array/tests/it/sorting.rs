use crate::check::{Cut, check, computed, cuts};
use chunkwise_array::{Array, ArrayError};
use ndarray::{ArrayD, Axis};
use proptest::prelude::*;
use std::cmp::Ordering;

fn order(a: &f64, b: &f64) -> Ordering {
    a.partial_cmp(b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// The reference: `f` of each lane gives another lane.
fn along<B: Copy + Default>(
    x: &ArrayD<f64>,
    axis: usize,
    f: impl Fn(&[f64]) -> Vec<B>,
) -> ArrayD<B> {
    let n = f(&vec![0.0; x.shape()[axis]]).len();
    let mut shape = x.shape().to_vec();
    shape[axis] = n;
    let mut out = ArrayD::from_elem(shape, B::default());
    for (from, mut to) in x.lanes(Axis(axis)).into_iter().zip(out.lanes_mut(Axis(axis))) {
        for (to, x) in to.iter_mut().zip(f(&from.to_vec())) {
            *to = x;
        }
    }
    out
}

fn sorted(xs: &[f64]) -> Vec<f64> {
    let mut xs = xs.to_vec();
    xs.sort_by(order);
    xs
}

fn ranked(xs: &[f64], k: isize) -> Vec<(f64, u64)> {
    let mut ranked: Vec<(f64, u64)> = xs.iter().copied().zip(0..).collect();
    ranked.sort_by(|a, b| if k > 0 { order(&b.0, &a.0) } else { order(&a.0, &b.0) });
    ranked.truncate(k.unsigned_abs());
    ranked
}

fn numbers() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![1 => Just(f64::NAN), 6 => (-4i32..5).prop_map(f64::from)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn lanes_are_sorted(cut in cuts(1..4, numbers()), axis in 0usize..3) {
        let Cut { memory, array: x } = &cut;
        let axis = axis % memory.ndim();
        check(&x.sort(axis as isize), &along(memory, axis, sorted));
        let positions = |xs: &[f64]| ranked(xs, -(xs.len() as isize)).iter().map(|r| r.1).collect();
        check(&x.argsort(axis as isize), &along(memory, axis, positions));
        let all: Vec<f64> = memory.iter().copied().collect();
        check(&x.sort_flat(), &ndarray::Array1::from(sorted(&all)).into_dyn());
    }

    #[test]
    fn the_best_few(cut in cuts(1..4, numbers()), axis in 0usize..3, k in -4isize..5) {
        let Cut { memory, array: x } = &cut;
        let axis = axis % memory.ndim();
        let elements = |xs: &[f64]| ranked(xs, k).iter().map(|r| r.0).collect::<Vec<_>>();
        check(&x.topk(axis as isize, k), &along(memory, axis, elements));
        let positions = |xs: &[f64]| ranked(xs, k).iter().map(|r| r.1).collect::<Vec<_>>();
        check(&x.argtopk(axis as isize, k), &along(memory, axis, positions));
    }

    #[test]
    fn lanes_are_parted(cut in cuts(2, numbers()), axis in 0usize..2, kth in 0usize..4) {
        let Cut { memory, array: x } = &cut;
        let n = memory.shape()[axis];
        if kth >= n {
            let error = x.partition(axis as isize, kth as isize).checked().unwrap_err();
            prop_assert_eq!(error.to_string(), format!("kth: {kth} of {n} elements"));
            return Ok(());
        }
        let parted = computed(&x.partition(axis as isize, kth as isize));
        let from_end = computed(&x.partition(axis as isize, kth as isize - n as isize));
        let positions = computed(&x.argpartition(axis as isize, kth as isize));
        for (number, lane) in memory.lanes(Axis(axis)).into_iter().enumerate() {
            let parted = parted.lanes(Axis(axis)).into_iter().nth(number).unwrap().to_vec();
            let positions = positions.lanes(Axis(axis)).into_iter().nth(number).unwrap().to_vec();
            let again = from_end.lanes(Axis(axis)).into_iter().nth(number).unwrap().to_vec();
            let expected = sorted(&lane.to_vec());
            let by_position: Vec<f64> = positions.iter().map(|at| lane[*at as usize]).collect();
            for parted in [parted, by_position, again] {
                prop_assert!(order(&parted[kth], &expected[kth]).is_eq());
                prop_assert!(parted[..kth].iter().all(|x| order(x, &parted[kth]).is_le()));
                prop_assert!(parted[kth..].iter().all(|x| order(x, &parted[kth]).is_ge()));
                let again = sorted(&parted);
                prop_assert!(again.iter().zip(&expected).all(|(a, b)| order(a, b).is_eq()));
            }
        }
    }
}

#[test]
fn what_cannot_be_sorted() {
    let x = Array::<i32>::ones([3, 4], 2);
    assert!(matches!(x.sort(2).checked(), Err(ArrayError::Axis { axis: 2, ndim: 2 })));
    assert!(matches!(x.topk([0, 1], 1).checked(), Err(ArrayError::Argument { .. })));
    assert!(matches!(x.argpartition(0, -4).checked(), Err(ArrayError::Argument { .. })));
}
