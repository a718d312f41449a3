use crate::check::{axis_sizes, check_close, computed, cut_as, cuts};
use chunkwise_array::fft::{self, FftNorm, FftOptions, FftnOptions};
use chunkwise_array::{Array, ArrayError, ChunkSpec, CollectionExt};
use ndarray::{ArrayD, Axis, IxDyn};
use num_complex::Complex;
use proptest::prelude::*;
use serde_json::Value;

type C = Complex<f64>;

/// The reference: the sum as it is defined, along one axis.
fn slow(x: &ArrayD<C>, axis: usize, len: usize, sign: f64) -> ArrayD<C> {
    let mut shape = x.shape().to_vec();
    shape[axis] = len;
    let mut out = ArrayD::zeros(IxDyn(&shape));
    for (from, mut to) in x.lanes(Axis(axis)).into_iter().zip(out.lanes_mut(Axis(axis))) {
        for (k, to) in to.iter_mut().enumerate() {
            let term = |(n, x): (usize, &C)| {
                let angle = sign * std::f64::consts::TAU * ((n * k) % len) as f64 / len as f64;
                x * C::new(angle.cos(), angle.sin())
            };
            *to = from.iter().take(len).enumerate().map(term).sum();
        }
    }
    out
}

#[track_caller]
fn check_complex(array: &Array<C>, expected: &ArrayD<C>, tolerance: f64) {
    let found = computed(array);
    assert_eq!(found.shape(), expected.shape());
    for (x, y) in found.iter().zip(expected) {
        assert!((x - y).norm() < tolerance * y.norm().max(1.0), "{x} is not {y}");
    }
}

fn halves(x: &ArrayD<C>, axis: usize) -> ArrayD<C> {
    let len = x.shape()[axis] / 2 + 1;
    x.slice_axis(Axis(axis), ndarray::Slice::from(0..len)).to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn along_any_axis(
        cut in cuts(1..4, -1.0f64..1.0),
        axis in 0usize..3,
        len in prop::option::of(1usize..12),
    ) {
        let axis = axis % cut.memory.ndim();
        let n = len.unwrap_or(cut.memory.shape()[axis]);
        prop_assume!(n > 0);
        let x = cut.array.map(|x| C::new(x, x * x - 0.5));
        let memory = cut.memory.mapv(|x| C::new(x, x * x - 0.5));
        let options = FftOptions { axis: axis as isize, len, ..FftOptions::default() };
        check_complex(&fft::fft_with(&x, options), &slow(&memory, axis, n, -1.0), 1e-12);
        let inverse = slow(&memory, axis, n, 1.0).mapv(|x| x / n as f64);
        check_complex(&fft::ifft_with(&x, options), &inverse, 1e-12);
        let real = cut.memory.mapv(|x| C::new(x, 0.0));
        let expected = halves(&slow(&real, axis, n, -1.0), axis);
        let half = fft::rfft_with(&cut.array, options);
        check_complex(&half, &expected, 1e-12);
        check_complex(&fft::fft_with(&cut.array, options), &slow(&real, axis, n, -1.0), 1e-12);
        if n == cut.memory.shape()[axis] {
            let back = FftOptions { len: Some(n), ..options };
            check_close(&fft::irfft_with(&half, back), &cut.memory, 1e-12);
            check_close(&fft::hfft_with(&fft::ihfft_with(&cut.array, options), back), &cut.memory, 1e-12);
        }
    }

    #[test]
    fn along_all_axes(
        sizes in prop::collection::vec(axis_sizes(), 1..4),
        elements in prop::collection::vec(-1.0f64..1.0, 2000),
    ) {
        let n = sizes.iter().map(|axis| axis.iter().sum::<usize>()).product::<usize>();
        prop_assume!(n > 0);
        let shape: Vec<usize> = sizes.iter().map(|axis| axis.iter().sum()).collect();
        let memory = ArrayD::from_shape_vec(IxDyn(&shape), elements[..n].to_vec()).unwrap();
        let x = Array::from_ndarray(&memory, ChunkSpec::sizes(sizes));
        let complex = memory.mapv(C::from);
        let expected = (0..shape.len()).fold(complex.clone(), |x, axis| slow(&x, axis, shape[axis], -1.0));
        check_complex(&fft::fftn(&x), &expected, 1e-11);
        check_complex(&fft::ifftn(&fft::fftn(&x)), &complex, 1e-12);
        let half = fft::rfftn(&x);
        check_complex(&half, &halves(&expected, shape.len() - 1), 1e-11);
        let options = FftnOptions { lens: Some(shape), ..FftnOptions::default() };
        check_close(&fft::irfftn_with(&half, &options), &memory, 1e-12);
    }

    #[test]
    fn single_precision(cut in cut_as(vec![vec![3, 4], vec![5, 11]], -1.0f32..1.0)) {
        let found = computed(&fft::fft(&cut.array));
        let expected = slow(&cut.memory.mapv(|x| C::new(f64::from(x), 0.0)), 1, 16, -1.0);
        for (x, y) in found.iter().zip(&expected) {
            prop_assert!((C::new(x.re.into(), x.im.into()) - y).norm() < 1e-5);
        }
    }
}

fn numbers(case: &Value, key: &str) -> Vec<usize> {
    case[key].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect()
}

fn array_of(case: &Value, shape: &str, elements: &str) -> ArrayD<C> {
    let number = |pair: &Value| C::new(pair[0].as_f64().unwrap(), pair[1].as_f64().unwrap());
    let elements = case[elements].as_array().unwrap().iter().map(number).collect();
    ArrayD::from_shape_vec(numbers(case, shape), elements).unwrap()
}

fn norm_of(options: &Value) -> FftNorm {
    match options["norm"].as_str() {
        Some("ortho") => FftNorm::Ortho,
        Some("forward") => FftNorm::Forward,
        _ => FftNorm::Backward,
    }
}

#[test]
fn as_numpy_does() {
    let cases: Value = serde_json::from_str(include_str!("../fixtures/fft.json")).unwrap();
    for case in cases.as_array().unwrap() {
        let (name, options) = (case["name"].as_str().unwrap(), &case["options"]);
        let memory = array_of(case, "shape", "input");
        let expected = array_of(case, "out_shape", "output");
        let x = Array::from_ndarray(&memory, 2);
        let real = x.map(|x| x.re);
        let one = FftOptions {
            len: options["n"].as_u64().map(|n| n as usize),
            axis: options["axis"].as_i64().unwrap_or(-1) as isize,
            norm: norm_of(options),
        };
        let list = |key: &str| options[key].as_array().cloned();
        let number = |n: &Value| n.as_i64().unwrap();
        let all = FftnOptions {
            lens: list("s").map(|list| list.iter().map(|n| number(n) as usize).collect()),
            axes: list("axes").map(|list| list.iter().map(|n| number(n) as isize).collect()),
            norm: norm_of(options),
        };
        let complex = |x: Array<f64>| x.map(C::from);
        let is_real = case["is_real"].as_bool().unwrap();
        let found = match name {
            "fft" if is_real => fft::fft_with(&real, one),
            "fft" => fft::fft_with(&x, one),
            "ifft" => fft::ifft_with(&x, one),
            "rfft" => fft::rfft_with(&real, one),
            "irfft" => complex(fft::irfft_with(&x, one)),
            "hfft" => complex(fft::hfft_with(&x, one)),
            "ihfft" => fft::ihfft_with(&real, one),
            "fftn" => fft::fftn_with(&x, &all),
            "ifftn" => fft::ifftn_with(&x, &all),
            "rfftn" => fft::rfftn_with(&real, &all),
            "irfftn" => complex(fft::irfftn_with(&x, &all)),
            "fft2" => fft::fft2(&x),
            "ifft2" => fft::ifft2(&x),
            "rfft2" => fft::rfft2(&real),
            "irfft2" => complex(fft::irfft2(&x)),
            other => panic!("{other}"),
        };
        let found = found.compute().unwrap();
        assert_eq!(found.shape(), expected.shape(), "{name} {options}");
        for (x, y) in found.iter().zip(&expected) {
            assert!((x - y).norm() < 1e-10 * y.norm().max(1.0), "{name} {options}: {x} is not {y}");
        }
    }
}

#[test]
fn frequencies() {
    let odd = ndarray::arr1(&[0.0, 1.0, 2.0, -2.0, -1.0]).mapv(|x| x * (1.0 / (5.0 * 0.1)));
    crate::check::check(&fft::fftfreq(5, 0.1, 2), &odd.into_dyn());
    let even = ndarray::arr1(&[0.0, 1.0, 2.0, -3.0, -2.0, -1.0]).mapv(|x| x * (1.0 / 6.0));
    crate::check::check(&fft::fftfreq(6, 1.0, 4), &even.into_dyn());
    let half = ndarray::arr1(&[0.0, 1.0, 2.0, 3.0]).mapv(|x| x * (1.0 / 6.0));
    crate::check::check(&fft::rfftfreq(6, 1.0, 3), &half.into_dyn());
    assert!(fft::fftfreq(0, 1.0, 1).checked().is_err());
}

#[test]
fn what_cannot_be_transformed_is_an_error() {
    let x = Array::<f64>::ones([3, 0], 2);
    let error = fft::fft(&x).checked().unwrap_err();
    assert_eq!(error.to_string(), "len: fft of no elements along axis 1");
    let axis = FftOptions { axis: 2, ..FftOptions::default() };
    assert!(matches!(
        fft::rfft_with(&x, axis).checked(),
        Err(ArrayError::Axis { axis: 2, ndim: 2 })
    ));
    let lens = FftnOptions { lens: Some(vec![1, 2, 3]), ..FftnOptions::default() };
    let error = fft::fftn_with(&x, &lens).checked().unwrap_err();
    assert_eq!(error.to_string(), "lens: 3 lengths for an array with 2 axes");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn shifts_and_back(cut in cuts(1..4, any::<i16>()), mask in prop::collection::vec(any::<bool>(), 3)) {
        let axes: Vec<isize> =
            (0..cut.memory.ndim()).filter(|&axis| mask[axis]).map(|axis| axis as isize).collect();
        let expected = ArrayD::from_shape_fn(cut.memory.raw_dim(), |at| {
            let mut from = at.clone();
            for &axis in &axes {
                let (axis, len) = (axis as usize, cut.memory.shape()[axis as usize]);
                from[axis] = (at[axis] + len - len / 2) % len;
            }
            cut.memory[from]
        });
        let shifted = fft::fftshift(&cut.array, &axes[..]);
        crate::check::check(&shifted, &expected);
        crate::check::check(&fft::ifftshift(&shifted, &axes[..]), &cut.memory);
    }
}
