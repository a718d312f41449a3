use crate::check::{check, check_close, computed};
use chunkwise_array::linalg::{self, CompressedOptions, MatrixNorm};
use chunkwise_array::{Array, ArrayError, CollectionExt};
use ndarray::{ArrayD, Axis, IxDyn};
use num_complex::Complex;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn array(shape: &[usize], value: &Value) -> ArrayD<f64> {
    ArrayD::from_shape_vec(IxDyn(shape), numbers(value)).unwrap()
}

fn norm_of(name: &str) -> MatrixNorm {
    match name {
        "Frobenius" => MatrixNorm::Frobenius,
        "Nuclear" => MatrixNorm::Nuclear,
        "One" => MatrixNorm::One,
        "MinusOne" => MatrixNorm::MinusOne,
        "Two" => MatrixNorm::Two,
        "MinusTwo" => MatrixNorm::MinusTwo,
        "Infinity" => MatrixNorm::Infinity,
        _ => MatrixNorm::MinusInfinity,
    }
}

const VECTOR: [f64; 8] = [f64::INFINITY, f64::NEG_INFINITY, 0.0, 1.0, 2.0, 3.0, -1.0, 0.5];

#[test]
fn as_numpy_does() {
    let cases: Value = serde_json::from_str(include_str!("../fixtures/linalg.json")).unwrap();
    for case in cases.as_array().unwrap() {
        let shape: Vec<usize> = numbers(&case["shape"]).iter().map(|&len| len as usize).collect();
        let (m, n) = (shape[0], shape[1]);
        let (memory, right) = (array(&shape, &case["a"]), array(&[m, 2], &case["b"]));
        let (a, b) = (Array::from_ndarray(&memory, 2), Array::from_ndarray(&right, [3, 1]));
        let close = |found: &Array<f64>, shape: &[usize], key: &str, tolerance: f64| {
            check_close(found, &array(shape, &case[key]), tolerance);
        };
        for (name, expected) in case["norms"].as_object().unwrap() {
            let found = computed(&linalg::matrix_norm(&a, norm_of(name)));
            let (found, expected) = (*found.first().unwrap(), expected.as_f64().unwrap());
            let tolerance = 1e-11 * expected.abs().max(1.0);
            assert!((found - expected).abs() < tolerance, "{name}: {found} is not {expected}");
        }
        for (order, expected) in VECTOR.iter().zip(case["vector_norms"].as_array().unwrap()) {
            let found = linalg::vector_norm(&(&a + 0.5), *order, Axis(1));
            check_close(&found, &array(&[m], expected), 1e-12);
        }
        let rank = computed(&linalg::matrix_rank(&a, None));
        assert_eq!(rank.first(), case["rank"].as_i64().as_ref());
        assert_eq!(computed(&linalg::matrix_rank(&a, Some(1e9))).first(), Some(&0));
        close(&linalg::pinv(&a, Some(1e-12)), &[n, m], "pinv", 1e-11);
        let (x, sums, _, s) = linalg::lstsq(&a, &b, Some(1e-12));
        close(&x, &[n, 2], "lstsq", 1e-11);
        close(&s, &[m.min(n)], "singular_values", 1e-11);
        let found = &linalg::einsum("ij,jk->ik", &[&a, &x]) - &b;
        check_close(&sums, &computed(&(&found * &found).sum_axis(0)), 1e-9);
        close(&a.kron(&b), &[m * m, n * 2], "kron", 1e-14);
        let symmetric = linalg::einsum("ij,kj->ik", &[&a, &a]);
        close(&linalg::eigvalsh(&symmetric), &[m], "eigenvalues", 1e-10);
        close(&linalg::matrix_power(&(&symmetric / 100.0), 5), &[m, m], "cubed", 1e-10);
        if let Some(conds) = case["conds"].as_object() {
            for (name, expected) in conds {
                let found = computed(&linalg::cond(&a, norm_of(name)));
                let (found, expected) = (*found.first().unwrap(), expected.as_f64().unwrap());
                assert!(
                    (found / expected - 1.0).abs() < 1e-11,
                    "{name}: {found} is not {expected}"
                );
            }
        }
    }
}

#[test]
fn eigenvectors_are_orthonormal() {
    let memory = ndarray::Array2::from_shape_fn((7, 7), |(i, j)| {
        let (i, j) = (i.min(j) as f64, i.max(j) as f64);
        (i * 3.0 - j).sin()
    });
    let a = Array::from_ndarray(&memory.clone().into_dyn(), [3, 4]);
    let (w, v) = linalg::eigh(&a);
    let scaled = &v * &w;
    check_close(&linalg::einsum("ij,kj->ik", &[&scaled, &v]), &memory.into_dyn(), 1e-13);
    let identity = ndarray::Array2::<f64>::eye(7).into_dyn();
    check_close(&linalg::einsum("ji,jk->ik", &[&v, &v]), &identity, 1e-13);
}

#[test]
fn powers() {
    let memory = ndarray::arr2(&[[2.0, 1.0, 0.0], [0.0, 4.0, 1.0], [1.0, 0.0, 2.0]]);
    let a = Array::from_ndarray(&memory.clone().into_dyn(), 2);
    check(&linalg::matrix_power(&a, 0), &ndarray::Array2::eye(3).into_dyn());
    check(&linalg::matrix_power(&a, 3), &memory.dot(&memory).dot(&memory).into_dyn());
    let back = linalg::matrix_power(&a, -2).dot(&linalg::matrix_power(&a, 2));
    check_close(&back, &ndarray::Array2::eye(3).into_dyn(), 1e-14);
    let rectangle = Array::<f64>::ones([2, 3], 2);
    for exponent in [0, 2, -1] {
        let power = linalg::matrix_power(&rectangle, exponent);
        assert!(matches!(power.checked(), Err(ArrayError::Shape { .. })));
    }
}

#[test]
fn products_of_several_matrices() {
    let matrix = |rows: usize, cols: usize| {
        let elements = (0..rows * cols).map(|at| (at * 7 % 11) as i64 - 5).collect();
        ndarray::Array2::from_shape_vec((rows, cols), elements).unwrap()
    };
    let memory = [matrix(2, 9), matrix(9, 3), matrix(3, 8), matrix(8, 4)];
    let arrays = memory.clone().map(|m| Array::from_ndarray(&m.into_dyn(), 3));
    let all: Vec<&Array<i64>> = arrays.iter().collect();
    let expected = memory[0].dot(&memory[1]).dot(&memory[2]).dot(&memory[3]);
    check(&linalg::multi_dot(&all), &expected.into_dyn());
    let row = Array::from_ndarray(&memory[0].row(1).to_owned().into_dyn(), 4);
    let column = Array::from_ndarray(&memory[3].column(2).to_owned().into_dyn(), 4);
    let expected = memory[0].row(1).dot(&memory[1]).dot(&memory[2]).dot(&memory[3].column(2));
    let found = linalg::multi_dot(&[&row, all[1], all[2], &column]);
    check(&found, &ndarray::arr0(expected).into_dyn());
    assert!(matches!(linalg::multi_dot::<f64>(&[]).checked(), Err(ArrayError::Argument { .. })));
    assert!(matches!(
        linalg::multi_dot(&[all[0], all[2]]).checked(),
        Err(ArrayError::Contract { .. })
    ));
}

#[test]
fn large_singular_values_from_random_products() {
    // Singular values 8, 4, 2, ..., with vectors of a Fourier kind.
    let wave = |i: usize, k: usize, n: usize| {
        ((i as f64 + 0.5) * (k as f64 + 1.0) * std::f64::consts::PI / n as f64).cos()
            * (2.0 / n as f64).sqrt()
    };
    let (m, n) = (90, 70);
    let memory = ndarray::Array2::from_shape_fn((m, n), |(i, j)| {
        (0..12).map(|k| 8.0 / 2f64.powi(k) * wave(i, k as usize, m) * wave(j, k as usize, n)).sum()
    });
    let a = Array::from_ndarray(&memory.clone().into_dyn(), [40, 30]);
    for orthogonalize in [false, true] {
        let options =
            CompressedOptions { power_iterations: 1, orthogonalize, ..Default::default() };
        let (u, s, v) = linalg::svd_compressed(&a, 3, options);
        check_close(&s, &ndarray::arr1(&[8.0, 4.0, 2.0]).into_dyn(), 1e-10);
        let (u, v) = linalg::svd_flip(&u, &v);
        let best = linalg::einsum("ij,j,jk->ik", &[&u, &s, &v]);
        let rest = linalg::matrix_norm(&(&best - &a), MatrixNorm::Two).compute().unwrap();
        assert!((rest.first().unwrap() - 1.0).abs() < 1e-10);
        let sums = computed(&linalg::einsum("ij->i", &[&v]));
        assert!(sums.iter().all(|&sum| sum > -1e-12), "{sums}");
    }
    let complex = a.map(|x| Complex::new(x, -x));
    let (_, s, _) = linalg::svd_compressed(&complex, 2, CompressedOptions::default());
    let expected = ndarray::arr1(&[8.0, 4.0]).mapv(|s: f64| s * 2f64.sqrt()).into_dyn();
    check_close(&s, &expected, 1e-10);
    let none = linalg::svd_compressed(&a, 0, CompressedOptions::default()).1;
    assert_eq!(none.checked().unwrap_err().to_string(), "k: no singular values");
}

#[test]
fn norms_of_nothing_and_of_batches() {
    let nothing = Array::<f64>::zeros([0, 3], 1);
    assert_eq!(linalg::norm(&nothing).compute().unwrap().first(), Some(&0.0));
    assert!(linalg::matrix_norm(&nothing, MatrixNorm::Infinity).compute().is_err());
    let batch = Array::<f32>::ones([2, 3, 4], 2);
    let found = linalg::matrix_norm(&batch, MatrixNorm::Infinity);
    check(&found, &ndarray::arr1(&[4.0f32, 4.0]).into_dyn());
    let vector = Array::<f64>::ones(3, 2);
    let error = linalg::matrix_norm(&vector, MatrixNorm::One).checked().unwrap_err();
    assert_eq!(error.to_string(), "an array of shape (3,) where matrices belong");
}
