use crate::check::{check, check_close, computed, cuts};
use chunkwise_array::{Array, CollectionExt, Indexing, meshgrid};
use ndarray::{ArrayD, Dimension, IxDyn};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn triangles(rows in 0usize..6, columns in 0usize..6, k in -7i64..7, chunk in 1i64..4) {
        let below = |at: &IxDyn| at[1] as i64 - at[0] as i64 <= k;
        let shape = IxDyn(&[rows, columns]);
        let tri = ArrayD::from_shape_fn(shape.clone(), |at| i32::from(below(&at)));
        check(&Array::<i32>::tri(rows, columns, k, chunk), &tri);
        let eye = ArrayD::from_shape_fn(shape, |at| f64::from(u8::from(at[1] as i64 - at[0] as i64 == k)));
        check(&Array::<f64>::eye(rows, columns, k, chunk), &eye);
        let (r, c) = Array::tril_indices(rows, columns, k, chunk);
        let found: Vec<(i64, i64)> = computed(&r).into_iter().zip(computed(&c)).collect();
        let positions = (0..rows as i64).flat_map(|r| (0..columns as i64).map(move |c| (r, c)));
        let expected: Vec<(i64, i64)> = positions.clone().filter(|(r, c)| c - r <= k).collect();
        prop_assert_eq!(found, expected);
        let (r, c) = Array::triu_indices(rows, columns, k, chunk);
        let found: Vec<(i64, i64)> = computed(&r).into_iter().zip(computed(&c)).collect();
        let expected: Vec<(i64, i64)> = positions.filter(|(r, c)| c - r >= k).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn parts_of_matrices(cut in cuts(2..4, any::<i32>()), k in -4i64..4) {
        let memory = &cut.memory;
        let ndim = memory.ndim();
        let diagonal = |at: &IxDyn| at[ndim - 1] as i64 - at[ndim - 2] as i64;
        let lower = ArrayD::from_shape_fn(memory.raw_dim(), |at| if diagonal(&at) <= k { memory[at] } else { 0 });
        check(&cut.array.tril(k), &lower);
        let upper = ArrayD::from_shape_fn(memory.raw_dim(), |at| if diagonal(&at) >= k { memory[at] } else { 0 });
        check(&cut.array.triu(k), &upper);
    }

    #[test]
    fn positions(shape in prop::collection::vec(0usize..5, 0..4), chunk in 1i64..4) {
        let mut all = vec![shape.len()];
        all.extend(&shape);
        let expected = ArrayD::from_shape_fn(all, |at| at[at[0] + 1] as i64);
        check(&Array::indices(&shape, chunk), &expected);
        let f = |at: &[usize]| at.iter().fold(1i32, |all, at| all * 10 + *at as i32);
        let expected = ArrayD::from_shape_fn(shape.clone(), |at| f(&(0..at.ndim()).map(|axis| at[axis]).collect::<Vec<_>>()));
        check(&Array::from_function(&shape, chunk, |at| at.iter().fold(1i32, |all, at| all * 10 + *at as i32)), &expected);
    }

    #[test]
    fn grids(n in 1usize..5, m in 1usize..5, chunk in 1i64..4) {
        let (x, y) = (Array::<i32>::arange(0, n as i32, 1, chunk), Array::<i32>::arange(10, 10 + m as i32, 1, chunk));
        let xy = meshgrid(&[&x, &y], Indexing::Xy);
        check(&xy[0], &ArrayD::from_shape_fn(vec![m, n], |at| at[1] as i32));
        check(&xy[1], &ArrayD::from_shape_fn(vec![m, n], |at| 10 + at[0] as i32));
        let ij = meshgrid(&[&x, &y, &x], Indexing::Ij);
        check(&ij[0], &ArrayD::from_shape_fn(vec![n, m, n], |at| at[0] as i32));
        check(&ij[2], &ArrayD::from_shape_fn(vec![n, m, n], |at| at[2] as i32));
    }
}

#[test]
fn powers() {
    let x = Array::logspace(0.0, 3.0, 4, 10.0, 3);
    check_close(&x, &ndarray::arr1(&[1.0, 10.0, 100.0, 1000.0]).into_dyn(), 1e-12);
    let x = Array::geomspace(-1.0, -16.0, 5, 2);
    check_close(&x, &ndarray::arr1(&[-1.0, -2.0, -4.0, -8.0, -16.0]).into_dyn(), 1e-12);
    assert_eq!(computed(&x)[4], -16.0);
    assert_eq!(computed(&Array::geomspace(3.0, 9.0, 1, 2))[0], 3.0);
    assert!(Array::geomspace(-1.0, 1.0, 3, 1).checked().is_err());
    assert!(Array::geomspace(0.0, 1.0, 3, 1).checked().is_err());
    let x = Array::arange(1, 4, 1, 2).vander(3, false);
    check(&x, &ndarray::array![[1, 1, 1], [4, 2, 1], [9, 3, 1]].into_dyn());
    let x = Array::arange(1.0, 4.0, 1.0, 2).vander(2, true);
    check(&x, &ndarray::array![[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]].into_dyn());
    assert!(x.vander(2, true).checked().is_err());
    assert!(x.max_axis(0).tril(0).checked().is_err());
    assert_eq!(Array::<f32>::identity(3, 2).sum().compute().unwrap(), 3.0);
}

#[test]
fn functions_that_capture_stay_in_the_process() {
    let offset = std::hint::black_box(5);
    let x = Array::from_function(3, 1, move |at| at[0] as u64 + offset).map(|x: u64| x);
    assert_eq!(x.compute().unwrap(), ndarray::arr1(&[5, 6, 7]).into_dyn());
}
