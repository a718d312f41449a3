use crate::check::{Cut, check, check_close, cut_as, cuts};
use chunkwise_array::{Array, ArrayError, BitOrder, ConvolveMode, polyval};
use ndarray::{Array1, ArrayD, Axis};
use num_complex::Complex;
use proptest::prelude::*;

/// What NumPy says: see `fixtures/make_signals.py`.
const FIXTURES: &str = include_str!("../fixtures/signals.txt");

const MODES: [ConvolveMode; 3] = [ConvolveMode::Full, ConvolveMode::Same, ConvolveMode::Valid];

/// Vectors of at least one element.
fn vectors() -> impl Strategy<Value = Cut<i64>> {
    prop::collection::vec(0usize..5, 1..4)
        .prop_filter("it has elements", |sizes| sizes.iter().sum::<usize>() > 0)
        .prop_flat_map(|sizes| cut_as(vec![sizes], -99i64..99))
}

/// The reference: every pair of elements.
fn convolved(x: &[i64], kernel: &[i64], mode: ConvolveMode) -> Vec<i64> {
    let (n, m) = (x.len(), kernel.len());
    let mut full = vec![0; n + m - 1];
    for (i, x) in x.iter().enumerate() {
        for (j, k) in kernel.iter().enumerate() {
            full[i + j] += x * k;
        }
    }
    let short = n.min(m);
    match mode {
        ConvolveMode::Full => full,
        ConvolveMode::Same => full[(short - 1) / 2..][..n.max(m)].to_vec(),
        ConvolveMode::Valid => full[short - 1..][..n.max(m) - short + 1].to_vec(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn kernels_slide_along(cut in vectors(), kernel in prop::collection::vec(-9i64..9, 1..14)) {
        let x = cut.memory.as_slice().unwrap();
        let reversed: Vec<i64> = kernel.iter().rev().copied().collect();
        for mode in MODES {
            let expected = Array1::from(convolved(x, &kernel, mode)).into_dyn();
            check(&cut.array.convolve(&kernel[..], mode), &expected);
            // Of a longer kernel the middle of an even number is another one.
            if mode != ConvolveMode::Same || kernel.len() <= x.len() {
                check(&cut.array.correlate(&reversed[..], mode), &expected);
            }
        }
    }

    #[test]
    fn polynomials(cut in cuts(0..3, -9i64..9), coefficients in cuts(1, -9i64..9)) {
        let expected = cut.memory.mapv(|x| {
            coefficients.memory.iter().fold(0i64, |sum, c| sum.wrapping_mul(x).wrapping_add(*c))
        });
        check(&polyval(&coefficients.array, &cut.array), &expected);
    }

    #[test]
    fn angles_run_on(cut in cuts(1..3, -40i64..40), axis in 0usize..2) {
        let axis = axis % cut.memory.ndim();
        let x = cut.array.map(|x| x as f64);
        let mut expected = cut.memory.mapv(|x| x as f64);
        for mut lane in expected.lanes_mut(Axis(axis)) {
            for at in 1..lane.len() {
                // Whole periods down or up, so that half a period is where it was.
                while lane[at] - lane[at - 1] > 5.0 { lane[at] -= 10.0; }
                while lane[at] - lane[at - 1] < -5.0 { lane[at] += 10.0; }
            }
        }
        let found = x.unwrap_phase(axis as isize, 10.0);
        // Where it is half a period both ways, the way is that of the jump before whole periods.
        let is_half = cut.memory.lanes(Axis(axis)).into_iter().any(|lane| {
            lane.iter().zip(lane.iter().skip(1)).any(|(a, b)| (b - a).rem_euclid(10) == 5)
        });
        if !is_half {
            check(&found, &expected);
        }
    }

    #[test]
    fn bits(cut in cuts(1..4, any::<bool>()), axis in 0usize..3) {
        let axis = axis % cut.memory.ndim();
        for order in [BitOrder::Big, BitOrder::Little] {
            let packed = cut.array.packbits(axis as isize, order);
            let mut shape = cut.memory.shape().to_vec();
            shape[axis] = shape[axis].div_ceil(8);
            let expected = ArrayD::from_shape_fn(shape, |at| {
                (0..8).fold(0u8, |byte, bit| {
                    let mut place: Vec<usize> = (0..cut.memory.ndim()).map(|axis| at[axis]).collect();
                    place[axis] = place[axis] * 8 + bit;
                    let is_set = cut.memory.get(&place[..]).copied().unwrap_or(false);
                    let shift = if order == BitOrder::Big { 7 - bit } else { bit };
                    byte | u8::from(is_set) << shift
                })
            });
            check(&packed, &expected);
            let n = cut.memory.shape()[axis];
            let back = packed.unpackbits(axis as isize, order).take(axis as isize, (0..n as isize).collect::<Vec<_>>());
            check(&back, &cut.memory);
        }
    }

    #[test]
    fn pieces(cut in cuts(0..3, -9i64..9)) {
        let x = &cut.array;
        let (low, odd) = (x.map(|x| x < 2), x.map(|x| x % 2 != 0));
        let found = x.piecewise(&[&low, &odd], &[&|x| x * 10, &|x| -x, &|x| x + 100]);
        check(&found, &cut.memory.mapv(|x| match x {
            x if x % 2 != 0 => -x,
            x if x < 2 => x * 10,
            x => x + 100,
        }));
        let found = x.piecewise(&[&low], &[&|x| x.map(|x| x as f64)]);
        check(&found, &cut.memory.mapv(|x| if x < 2 { x as f64 } else { 0.0 }));
    }

    #[test]
    fn products_in_space(
        cut in cut_as(vec![vec![2, 1], vec![1, 0, 3], vec![1, 2]], -9i64..9),
        other in cut_as(vec![vec![4], vec![3]], -9i64..9),
        axis in 0usize..2,
    ) {
        let cross = |a: &[i64], b: &[i64]| {
            [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
        };
        let (x, y) = (&cut.memory, &other.memory);
        let expected = ArrayD::from_shape_fn(vec![3, 4, 3], |at| {
            let lane = |i: usize| x[[at[0], at[1], i]];
            let of_other = |i: usize| y[[at[1], i]];
            cross(&[lane(0), lane(1), lane(2)], &[of_other(0), of_other(1), of_other(2)])[at[2]]
        });
        check(&cut.array.cross(&other.array, -1), &expected);
        // Along the first axis of both.
        if axis == 0 {
            let turned = cut.array.move_axis(-1, 0);
            let found = turned.cross(&other.array.expand_dims(0).move_axis(-1, 0), 0);
            let expected = expected.permuted_axes(vec![2, 0, 1]);
            check(&found, &expected.as_standard_layout().into_owned());
        }
    }
}

#[test]
fn complex_kernels_are_not_conjugated() {
    let i = Complex::new(0.0, 1.0);
    let x = Array::from_ndarray(&ndarray::arr1(&[i, i + 1.0]).into_dyn(), 1);
    let expected = ndarray::arr1(&[i * i, (i + 1.0) * i]).into_dyn();
    check(&x.convolve(&[i], ConvolveMode::Full), &expected);
}

#[test]
fn what_cannot_slide() {
    let says = |error: Result<&Array<f64>, ArrayError>| error.unwrap_err().to_string();
    let (matrix, nothing) = (Array::<f64>::ones([2, 2], 1), Array::<f64>::ones(0, 1));
    assert_eq!(
        says(matrix.convolve(&[1.0], ConvolveMode::Full).checked()),
        "an array of shape (2, 2) where a vector belongs"
    );
    assert_eq!(
        says(nothing.correlate(&[1.0], ConvolveMode::Full).checked()),
        "an array of shape (0,) where a vector with elements belongs"
    );
    let kernel: [f64; 0] = [];
    let vector = Array::<f64>::ones(3, 1);
    assert_eq!(
        says(vector.convolve(&kernel, ConvolveMode::Full).checked()),
        "kernel: it has no elements"
    );
    assert_eq!(
        says(matrix.cross(&matrix, -1).checked()),
        "an array of shape (2, 2) where vectors of 3 elements along axis -1 belong"
    );
    let (three, row) = (Array::<f64>::ones([3, 3], 1), Array::<f64>::ones(3, 1));
    assert_eq!(says(three.cross(&row, 0).checked()), "axis: 0 of arrays with 2 and 1 axes");
    assert_eq!(
        says(polyval(&matrix, &vector).checked()),
        "an array of shape (2, 2) where a vector of coefficients belongs"
    );
    assert_eq!(
        says(vector.piecewise(&[], &[&|x| x + 1.0, &|x| x + 2.0]).checked()),
        "functions: 2 for 0 conditions"
    );
    assert_eq!(
        says(vector.unwrap_phase(0, 0.0).checked()),
        "period: 0, which is not greater than 0"
    );
    let error = Array::<f64>::ones(3, 1).tril_indices_from(0).1.checked().unwrap_err().to_string();
    assert_eq!(error, "an array of shape (3,) where a matrix belongs");
}

#[test]
fn triangles_of_a_matrix() {
    let x = Array::<f64>::ones([3, 5], 2);
    for k in -3..6 {
        let (rows, columns) = x.tril_indices_from(k);
        let (all_rows, all_columns) = Array::tril_indices(3, 5, k, 4);
        check(&rows, &crate::check::computed(&all_rows));
        check(&columns, &crate::check::computed(&all_columns));
        let (rows, columns) = x.triu_indices_from(k);
        let (all_rows, all_columns) = Array::triu_indices(3, 5, k, 4);
        check(&rows, &crate::check::computed(&all_rows));
        check(&columns, &crate::check::computed(&all_columns));
    }
}

fn numbers(text: &str) -> Vec<f64> {
    text.split_whitespace().map(|x| x.parse().unwrap()).collect()
}

#[test]
fn as_numpy_says() {
    let mode = |name: &str| match name {
        "full" => ConvolveMode::Full,
        "same" => ConvolveMode::Same,
        "valid" => ConvolveMode::Valid,
        other => panic!("{other}"),
    };
    for line in FIXTURES.lines() {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let [operation, parameter, x, other, expected] = fields[..] else { panic!("{line}") };
        let (x, other) = (Array1::from(numbers(x)).into_dyn(), numbers(other));
        let expected = Array1::from(numbers(expected)).into_dyn();
        for chunk in [1, 2, 5, 100] {
            let x = Array::from_ndarray(&x, chunk);
            let found = match operation {
                "convolve" => x.convolve(&other[..], mode(parameter)),
                "correlate" => x.correlate(&other[..], mode(parameter)),
                "unwrap" => x.unwrap_phase(0, parameter.parse().unwrap()),
                "polyval" => {
                    let other = Array::from_ndarray(&Array1::from(other.clone()).into_dyn(), 2);
                    polyval(&other, &x)
                }
                #[cfg(feature = "linalg")]
                "polyfit" => {
                    let y = Array::from_ndarray(&Array1::from(other.clone()).into_dyn(), 3);
                    chunkwise_array::linalg::polyfit(&x, &y, parameter.parse().unwrap())
                }
                #[cfg(not(feature = "linalg"))]
                "polyfit" => continue,
                other => panic!("{other}"),
            };
            check_close(&found, &expected, 1e-9);
        }
    }
}
