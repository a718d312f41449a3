use crate::check::{axis_sizes, check_close, computed, cuts};
use chunkwise_array::linalg::{self, Field, Triangle};
use chunkwise_array::{Array, ArrayError, ChunkSpec, CollectionExt};
use ndarray::{Array2, ArrayD, Axis, Ix2};
use num_complex::Complex;
use proptest::prelude::*;

fn matrix<T: Clone>(array: ArrayD<T>) -> Array2<T> {
    array.into_dimensionality::<Ix2>().unwrap()
}

/// That two matrices are equal but for rounding.
#[track_caller]
fn assert_close<T: Field>(found: &Array2<T>, expected: &Array2<T>, tolerance: f64) {
    assert_eq!(found.shape(), expected.shape());
    for (x, y) in found.iter().zip(expected) {
        let error = chunkwise_array::Real::to_f64(x.minus(*y).modulus());
        assert!(error < tolerance, "{x:?} is not {y:?}, in\n{found:?}\n{expected:?}");
    }
}

/// The product, written out.
fn times<T: Field>(a: &Array2<T>, b: &Array2<T>) -> Array2<T> {
    Array2::from_shape_fn((a.nrows(), b.ncols()), |(i, j)| {
        (0..a.ncols()).fold(T::ZERO, |sum, k| sum.plus(a[[i, k]].times(b[[k, j]])))
    })
}

fn adjoint<T: Field>(a: &Array2<T>) -> Array2<T> {
    Array2::from_shape_fn((a.ncols(), a.nrows()), |(i, j)| a[[j, i]].conjugate())
}

fn identity<T: Field>(n: usize) -> Array2<T> {
    Array2::from_shape_fn((n, n), |(i, j)| if i == j { T::ONE } else { T::ZERO })
}

/// The reference: elimination with pivots. The determinant, and the solution for each column.
fn eliminate(a: &Array2<f64>, b: &Array2<f64>) -> (f64, Array2<f64>) {
    let (n, mut a, mut x, mut det) = (a.nrows(), a.clone(), b.clone(), 1.0);
    for col in 0..n {
        let pivot =
            (col..n).max_by(|&i, &j| a[[i, col]].abs().total_cmp(&a[[j, col]].abs())).unwrap();
        if pivot != col {
            det = -det;
            for k in 0..n {
                a.swap([pivot, k], [col, k]);
            }
            for k in 0..x.ncols() {
                x.swap([pivot, k], [col, k]);
            }
        }
        det *= a[[col, col]];
        for row in 0..n {
            if row != col {
                let factor = a[[row, col]] / a[[col, col]];
                for k in 0..n {
                    a[[row, k]] -= factor * a[[col, k]];
                }
                for k in 0..x.ncols() {
                    x[[row, k]] -= factor * x[[col, k]];
                }
            }
        }
    }
    for row in 0..n {
        for k in 0..x.ncols() {
            x[[row, k]] /= a[[row, row]];
        }
    }
    (det, x)
}

/// A square matrix, cut like the sizes along one axis and otherwise along the other.
fn squares() -> impl Strategy<Value = (Array2<f64>, Array<f64>)> {
    let cut = (axis_sizes(), any::<bool>(), any::<bool>());
    cut.prop_flat_map(|(sizes, rows_too, whole)| {
        let n: usize = sizes.iter().sum();
        prop::collection::vec(-1.0f64..1.0, n * n).prop_map(move |elements| {
            let memory = Array2::from_shape_vec((n, n), elements).unwrap();
            let other = if whole { vec![n] } else { sizes.iter().rev().copied().collect() };
            let axes = if rows_too { [sizes.clone(), other] } else { [other, sizes.clone()] };
            let array = Array::from_ndarray(&memory.clone().into_dyn(), ChunkSpec::sizes(axes));
            (memory, array)
        })
    })
}

/// Checks Q and R of a matrix.
fn check_qr<T: Field>(a: &Array<T>, memory: &Array2<T>, tolerance: f64) {
    let (q, r) = linalg::qr(a);
    let (q, r) = (matrix(computed(&q)), matrix(computed(&r)));
    let k = memory.nrows().min(memory.ncols());
    assert_close(&times(&q, &r), memory, tolerance);
    assert_close(&times(&adjoint(&q), &q), &identity(k), tolerance);
    let below = |((i, j), x): ((usize, usize), &T)| i <= j || *x == T::ZERO;
    assert!(r.indexed_iter().all(below), "{r:?}");
}

fn check_svd<T: Field>(a: &Array<T>, memory: &Array2<T>, tolerance: f64) {
    let (u, s, v) = linalg::svd(a);
    let (u, s, v) = (matrix(computed(&u)), computed(&s), matrix(computed(&v)));
    let k = memory.nrows().min(memory.ncols());
    let mut scaled = u.clone();
    for (mut column, s) in scaled.axis_iter_mut(Axis(1)).zip(&s) {
        column.mapv_inplace(|x| x.times(T::of_real(*s)));
    }
    assert_close(&times(&scaled, &v), memory, tolerance);
    assert_close(&times(&adjoint(&u), &u), &identity(k), tolerance);
    assert_close(&times(&v, &adjoint(&v)), &identity(k), tolerance);
    assert!(s.iter().zip(s.iter().skip(1)).all(|(a, b)| a >= b), "{s}");
    let alone = computed(&linalg::svdvals(a));
    for (x, y) in s.iter().zip(&alone) {
        assert!(chunkwise_array::Real::to_f64(*x - *y).abs() < tolerance);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn q_and_r(cut in cuts(2, -1.0f64..1.0)) {
        let memory = matrix(cut.memory.clone());
        check_qr(&cut.array, &memory, 1e-13);
        let complex = |x: f64| Complex::new(x, x * x - 0.3);
        check_qr(&cut.array.map(complex), &memory.mapv(complex), 1e-13);
        check_qr(&cut.array.map(|x| x as f32), &memory.mapv(|x| x as f32), 1e-5);
    }

    #[test]
    fn singular_values_and_vectors(cut in cuts(2, -1.0f64..1.0)) {
        let memory = matrix(cut.memory.clone());
        check_svd(&cut.array, &memory, 1e-13);
        let complex = |x: f64| Complex::new(x, x * x - 0.3);
        check_svd(&cut.array.map(complex), &memory.mapv(complex), 1e-13);
    }

    #[test]
    fn lower_and_upper((memory, array) in squares()) {
        let (p, l, u) = linalg::lu(&array);
        let (p, l, u) = (matrix(computed(&p)), matrix(computed(&l)), matrix(computed(&u)));
        assert_close(&times(&times(&p, &l), &u), &memory, 1e-12);
        assert_close(&times(&adjoint(&p), &p), &identity(p.nrows()), 1e-300);
        for ((i, j), x) in l.indexed_iter() {
            let expected = if i == j { 1.0..=1.0 } else if i < j { 0.0..=0.0 } else { -1.0..=1.0 };
            prop_assert!(expected.contains(x), "{}", l);
        }
        prop_assert!(u.indexed_iter().all(|((i, j), x)| i <= j || *x == 0.0));
    }

    #[test]
    fn equations_and_determinants((memory, array) in squares(), columns in axis_sizes()) {
        let n = memory.nrows();
        let m: usize = columns.iter().sum();
        let b = Array2::from_shape_fn((n, m), |(i, j)| (i as f64 - j as f64) / 3.0);
        let of_b = ChunkSpec::sizes([vec![n], columns]);
        let right = Array::from_ndarray(&b.clone().into_dyn(), of_b);
        let (det, x) = eliminate(&memory, &b);
        // What is almost singular says nothing.
        prop_assume!(n == 0 || det.abs() > 1e-4);
        check_close(&linalg::solve(&array, &right), &x.into_dyn(), 1e-8);
        check_close(&linalg::det(&array), &ndarray::arr0(det).into_dyn(), 1e-9);
        let (sign, log) = linalg::slogdet(&array);
        let sign = computed(&sign);
        prop_assert_eq!(sign.first(), Some(&det.signum()));
        check_close(&log, &ndarray::arr0(det.abs().ln()).into_dyn(), 1e-9);
        check_close(&linalg::inv(&array), &eliminate(&memory, &identity(n)).1.into_dyn(), 1e-8);
        let vector = Array::from_ndarray(&ndarray::Array1::<f64>::ones(n).into_dyn(), 2);
        let ones = eliminate(&memory, &Array2::ones((n, 1))).1;
        let ones = ones.index_axis_move(Axis(1), 0).into_dyn();
        check_close(&linalg::solve(&array, &vector), &ones, 1e-8);
    }

    #[test]
    fn positive_definite_matrices((memory, array) in squares()) {
        let n = memory.nrows();
        let complex = |x: f64| Complex::new(x, x * x - 0.3);
        // A product with its adjoint, and something on the diagonal.
        let eye = linalg::einsum("ij,ik->jk", &[&array, &array]);
        let shifted = &eye + &Array::from_ndarray(&identity::<f64>(n).into_dyn(), 2);
        let expected = times(&adjoint(&memory), &memory) + identity::<f64>(n);
        let lower = matrix(computed(&linalg::cholesky(&shifted, Triangle::Lower)));
        assert_close(&times(&lower, &adjoint(&lower)), &expected, 1e-12);
        prop_assert!(lower.indexed_iter().all(|((i, j), x)| i >= j || *x == 0.0));
        let upper = matrix(computed(&linalg::cholesky(&shifted, Triangle::Upper)));
        assert_close(&adjoint(&upper), &lower, 1e-300);
        let x = linalg::solve_positive(&shifted, &array);
        check_close(&x, &eliminate(&expected, &memory).1.into_dyn(), 1e-8);
        let memory = memory.mapv(complex);
        let expected = times(&adjoint(&memory), &memory) + identity::<Complex<f64>>(n);
        let sizes = array.chunks().axes().iter().map(|axis| axis.sizes().unwrap());
        let a = Array::from_ndarray(&expected.clone().into_dyn(), ChunkSpec::sizes(sizes));
        let lower = matrix(computed(&linalg::cholesky(&a, Triangle::Lower)));
        assert_close(&times(&lower, &adjoint(&lower)), &expected, 1e-12);
    }

    #[test]
    fn triangular_equations((memory, array) in squares(), columns in axis_sizes()) {
        let n = memory.nrows();
        let m: usize = columns.iter().sum();
        // Diagonals away from zero, and the rest small: so that nothing grows.
        let tamed = Array2::from_shape_fn((n, n), |(i, j)| {
            if i == j { 2.0 + memory[[i, j]] } else { memory[[i, j]] / 4.0 }
        });
        let sizes = array.chunks().axes().iter().map(|axis| axis.sizes().unwrap());
        let a = Array::from_ndarray(&tamed.clone().into_dyn(), ChunkSpec::sizes(sizes));
        let b = Array2::from_shape_fn((n, m), |(i, j)| (i as f64 - j as f64) / 3.0);
        let right = Array::from_ndarray(&b.clone().into_dyn(), ChunkSpec::sizes([vec![n], columns]));
        for triangle in [Triangle::Lower, Triangle::Upper] {
            let mut half = tamed.clone();
            half.indexed_iter_mut().for_each(|((i, j), x)| {
                let is_zero = if triangle == Triangle::Lower { i < j } else { i > j };
                if is_zero {
                    *x = 0.0;
                }
            });
            let x = linalg::solve_triangular(&a, &right, triangle);
            check_close(&x, &eliminate(&half, &b).1.into_dyn(), 1e-10);
        }
    }
}

#[test]
fn many_blocks_of_rows_are_a_tree() {
    let memory = Array2::from_shape_fn((400, 3), |(i, j)| ((i * 7 + j * 13) % 31) as f64 - 15.0);
    let a = Array::from_ndarray(&memory.clone().into_dyn(), [2, -1]);
    check_qr(&a, &memory, 1e-12);
    check_svd(&a, &memory, 1e-11);
    let wide = memory.t().to_owned();
    let a = Array::from_ndarray(&wide.clone().into_dyn(), [-1, 2]);
    check_qr(&a, &wide, 1e-12);
    check_svd(&a, &wide, 1e-11);
}

fn failure<T: chunkwise_array::Element>(array: &Array<T>) -> String {
    array.compute().unwrap_err().report().to_string()
}

#[test]
fn what_has_no_decomposition_is_an_error() {
    let rectangle = Array::<f64>::ones([4, 3], 2);
    for array in [linalg::inv(&rectangle), linalg::cholesky(&rectangle, Triangle::Lower)] {
        let error = array.checked().unwrap_err();
        assert!(matches!(error, ArrayError::Shape { .. }));
        assert_eq!(error.to_string(), "an array of shape (4, 3) where a square matrix belongs");
    }
    assert!(matches!(
        linalg::qr(&Array::<f64>::ones(3, 1)).0.checked(),
        Err(ArrayError::Shape { .. })
    ));
    let square = Array::<f64>::ones([4, 4], 2);
    let error = linalg::solve(&square, &Array::<f64>::ones(3, 1)).checked().unwrap_err();
    assert!(matches!(error, ArrayError::Contract { axes: (0, 0), .. }), "{error}");

    let report = failure(&linalg::inv(&square));
    assert!(report.contains("the matrix is singular, as is seen in row"), "{report}");
    assert!(report.contains("decompositions.rs"), "{report}");
    for (n, expected) in [(4, 0.0), (1, 1.0)] {
        let ones = Array::<f64>::ones([n, n], 2);
        assert_eq!(linalg::det(&ones).compute().unwrap().first(), Some(&expected));
    }
    let (p, l, u) = linalg::lu(&square);
    let product = linalg::einsum("ij,jk,kl->il", &[&p, &l, &u]);
    assert_eq!(product.compute().unwrap(), square.compute().unwrap());
    let mut memory = identity::<f64>(5);
    memory[[3, 3]] = -1.0;
    let indefinite = Array::from_ndarray(&memory.clone().into_dyn(), 2);
    let report = failure(&linalg::cholesky(&indefinite, Triangle::Lower));
    assert!(report.contains("not positive definite, as is seen in row 3"), "{report}");
    memory[[3, 3]] = f64::NAN;
    let nan = Array::from_ndarray(&memory.into_dyn(), 2);
    let report = failure(&linalg::cholesky(&nan, Triangle::Lower));
    assert!(report.contains("not positive definite, as is seen in row 3"), "{report}");
    let report = failure(&linalg::svd(&nan).1);
    assert!(report.contains("svd did not converge: are all elements finite?"), "{report}");
    assert!(linalg::det(&nan).compute().unwrap().first().unwrap().is_nan());
    let zero = Array::<f64>::zeros([3, 3], 2);
    let (sign, log) = linalg::slogdet(&zero);
    assert_eq!(sign.compute().unwrap().first(), Some(&0.0));
    assert_eq!(log.compute().unwrap().first(), Some(&f64::NEG_INFINITY));
    let nothing = Array::<f64>::zeros([0, 0], 1);
    assert_eq!(linalg::det(&nothing).compute().unwrap().first(), Some(&1.0));
}
