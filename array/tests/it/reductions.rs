use crate::check::{check, check_close, cuts};
use chunkwise_array::{Array, ArrayError, Axes, CollectionExt, concatenate, stack};
use ndarray::{ArrayD, Axis};
use proptest::prelude::*;

fn axes_of(mask: &[bool], ndim: usize) -> Vec<isize> {
    (0..ndim).filter(|&axis| mask[axis]).map(|axis| axis as isize).collect()
}

/// The reference: one lane after the other, over each reduced axis in turn.
fn reduced<T: Copy, B: Copy>(
    array: &ArrayD<T>,
    axes: &[isize],
    keep: bool,
    f: impl Fn(&[T]) -> B,
) -> ArrayD<B> {
    let kept: Vec<usize> =
        (0..array.ndim()).filter(|axis| !axes.contains(&(*axis as isize))).collect();
    let shape: Vec<usize> = kept.iter().map(|&axis| array.shape()[axis]).collect();
    let out = ArrayD::from_shape_fn(shape, |at| {
        let mut view = array.view();
        for (at, &axis) in kept.iter().enumerate().map(|(i, axis)| (at[i], axis)).rev() {
            view = view.index_axis_move(Axis(axis), at);
        }
        f(&view.iter().copied().collect::<Vec<_>>())
    });
    let mut out = out;
    if keep {
        for &axis in axes {
            out = out.insert_axis(Axis(axis as usize));
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn along_any_axes(
        cut in cuts(0..4, -100i32..100),
        mask in prop::collection::vec(any::<bool>(), 4),
        keep in any::<bool>(),
    ) {
        let (x, memory) = (&cut.array, &cut.memory);
        let axes = axes_of(&mask, memory.ndim());
        let along = || { let along = Axes::from(&axes[..]); if keep { along.keep() } else { along } };
        let sum = |xs: &[i32]| xs.iter().map(|&x| i64::from(x)).sum::<i64>();
        check(&x.sum_axis(along()), &reduced(memory, &axes, keep, sum));
        let mean = |xs: &[i32]| sum(xs) as f64 / xs.len() as f64;
        check(&x.mean_axis(along()), &reduced(memory, &axes, keep, mean));
        let var = |xs: &[i32]| {
            let mean = mean(xs);
            xs.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / xs.len() as f64
        };
        check_close(&x.var_axis(along(), 0.0), &reduced(memory, &axes, keep, var), 1e-12);
        if !memory.is_empty() {
            let max = |xs: &[i32]| *xs.iter().max().unwrap();
            check(&x.max_axis(along()), &reduced(memory, &axes, keep, max));
            let min = |xs: &[i32]| *xs.iter().min().unwrap();
            check(&x.min_axis(along()), &reduced(memory, &axes, keep, min));
        }
    }
}

#[test]
fn the_extreme_of_nothing_is_an_error_that_says_so() {
    let nothing = Array::<f64>::zeros([0, 3], 1);
    let error = nothing.max().compute().unwrap_err();
    let text = error.report().to_string();
    assert!(text.contains("max of no elements has no value"), "{text}");
    assert!(text.contains("reductions.rs"), "{text}");
    assert_eq!(nothing.sum().compute().unwrap(), 0.0);
    assert!(nothing.mean().compute().unwrap().is_nan());
    let error = nothing.sum_axis(Axis(2)).checked().unwrap_err();
    assert!(matches!(error, ArrayError::Axis { axis: 2, ndim: 2 }));
}

/// Few different numbers, so that there are ties, and NaN.
fn with_nan() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![1 => Just(f64::NAN), 6 => (-3i32..4).prop_map(f64::from)]
}

/// The position of the first element that no other one beats; NaN beats all, or nothing.
fn best(xs: &[f64], greatest: bool, ignores_nan: bool) -> Option<u64> {
    let mut found: Option<usize> = None;
    for (at, x) in xs.iter().enumerate() {
        if ignores_nan && x.is_nan() {
            continue;
        }
        let beats =
            |old: f64| !old.is_nan() && (x.is_nan() || if greatest { *x > old } else { *x < old });
        if found.is_none_or(|old| beats(xs[old])) {
            found = Some(at);
        }
    }
    found.map(|at| at as u64)
}

fn some(xs: &[f64]) -> Vec<f64> {
    xs.iter().copied().filter(|x| !x.is_nan()).collect()
}

fn mean(xs: &[f64]) -> f64 {
    xs.iter().sum::<f64>() / xs.len() as f64
}

fn central(xs: &[f64], order: i32) -> f64 {
    let mean = mean(xs);
    xs.iter().map(|x| (x - mean).powi(order)).sum::<f64>() / xs.len() as f64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn positions_of_extremes(
        cut in cuts(0..4, with_nan()),
        mask in prop::collection::vec(any::<bool>(), 4),
        keep in any::<bool>(),
    ) {
        let (x, memory) = (&cut.array, &cut.memory);
        prop_assume!(!memory.is_empty());
        let axes = axes_of(&mask, memory.ndim());
        let along = || { let along = Axes::from(&axes[..]); if keep { along.keep() } else { along } };
        let at = |greatest| move |xs: &[f64]| best(xs, greatest, false).unwrap();
        check(&x.argmax_axis(along()), &reduced(memory, &axes, keep, at(true)));
        check(&x.argmin_axis(along()), &reduced(memory, &axes, keep, at(false)));
        let at = |greatest| move |xs: &[f64]| best(xs, greatest, true).unwrap_or(u64::MAX);
        for greatest in [true, false] {
            let expected = reduced(memory, &axes, keep, at(greatest));
            let found = match greatest {
                true => x.nanargmax_axis(along()),
                false => x.nanargmin_axis(along()),
            };
            match expected.iter().any(|at| *at == u64::MAX) {
                true => prop_assert!(found.compute().is_err()),
                false => check(&found, &expected),
            }
        }
    }

    #[test]
    fn without_nan(
        cut in cuts(0..4, with_nan()),
        mask in prop::collection::vec(any::<bool>(), 4),
    ) {
        let (x, memory) = (&cut.array, &cut.memory);
        let axes = axes_of(&mask, memory.ndim());
        let axes = &axes[..];
        let expected = |f: fn(&[f64]) -> f64| reduced(memory, axes, false, |xs| f(&some(xs)));
        check_close(&x.nansum_axis(axes), &expected(|xs| xs.iter().sum::<f64>() + 0.0), 0.0);
        check_close(&x.nanprod_axis(axes), &expected(|xs| xs.iter().product()), 0.0);
        check_close(&x.nanmean_axis(axes), &expected(mean), 1e-14);
        check_close(&x.nanvar_axis(axes, 0.0), &expected(|xs| central(xs, 2)), 1e-13);
        check_close(&x.nanstd_axis(axes, 0.0), &expected(|xs| central(xs, 2).sqrt()), 1e-13);
        if !memory.is_empty() {
            let of = |f: fn(f64, f64) -> f64| {
                reduced(memory, axes, false, |xs| xs.iter().copied().fold(f64::NAN, f))
            };
            check_close(&x.nanmin_axis(axes), &of(f64::min), 0.0);
            check_close(&x.nanmax_axis(axes), &of(f64::max), 0.0);
        }
    }

    #[test]
    fn truth_moments_and_distances(
        cut in cuts(0..4, prop_oneof![Just(0.0), -9.0..9.0]),
        mask in prop::collection::vec(any::<bool>(), 4),
    ) {
        let (x, memory) = (&cut.array, &cut.memory);
        let axes = axes_of(&mask, memory.ndim());
        let axes = &axes[..];
        check(&x.any_axis(axes), &reduced(memory, axes, false, |xs| xs.iter().any(|x| *x != 0.0)));
        check(&x.all_axis(axes), &reduced(memory, axes, false, |xs| xs.iter().all(|x| *x != 0.0)));
        let n = |xs: &[f64]| xs.iter().filter(|x| **x != 0.0).count() as u64;
        check(&x.count_nonzero_axis(axes), &reduced(memory, axes, false, n));
        for order in 2..6 {
            let expected = reduced(memory, axes, false, |xs| central(xs, order));
            check_close(&x.moment_axis(axes, order as u32), &expected, 1e-9);
        }
        let ratio = |order: i32, power: f64| move |xs: &[f64]| {
            let variance = central(xs, 2);
            if xs.iter().all(|x| *x == xs[0]) { return f64::NAN }
            central(xs, order) / variance.powf(power)
        };
        // A single pair that hardly differs says nothing.
        if memory.iter().all(|x| x.fract() == 0.0 || x.abs() > 1e-3) {
            check_close(&x.skew_axis(axes), &reduced(memory, axes, false, ratio(3, 1.5)), 1e-6);
            let kurtosis = reduced(memory, axes, false, ratio(4, 2.0)).mapv(|x| x - 3.0);
            check_close(&x.kurtosis_axis(axes), &kurtosis, 1e-6);
        }
        if !memory.is_empty() {
            let of = |f: fn(f64, f64) -> f64, xs: &[f64]| xs.iter().copied().reduce(f).unwrap();
            let ptp = |xs: &[f64]| of(f64::max, xs) - of(f64::min, xs);
            check(&x.ptp_axis(axes), &reduced(memory, axes, false, ptp));
        }
    }

    #[test]
    fn weighted_means(cut in cuts(2, -9i16..9)) {
        let (x, memory) = (&cut.array, &cut.memory);
        let n = memory.shape()[1];
        let weights = ndarray::Array1::from_shape_fn(n, |at| 0.5 + at as f64);
        let lazy = Array::from_ndarray(&weights, 2);
        let average = |xs: &[i16]| {
            let sum: f64 = xs.iter().zip(&weights).map(|(x, w)| f64::from(*x) * w).sum();
            sum / weights.sum()
        };
        check_close(&x.average_axis(1, &lazy), &reduced(memory, &[1], false, average), 1e-13);
    }
}

#[test]
fn parts_of_positions_are_positions() {
    let memory = ArrayD::from_shape_fn(vec![7, 11], |at| ((at[0] * 5 + at[1] * 7) % 13) as i32);
    let x = Array::from_ndarray(&memory, [2, 3]);
    let y = x.sum_axis(Axes::from(0).keep());
    check(&y, &reduced(&memory, &[0], true, |xs| xs.iter().map(|x| i64::from(*x)).sum()));
    let at = |xs: &[i32]| best(&xs.iter().map(|x| f64::from(*x)).collect::<Vec<_>>(), true, false);
    assert_eq!(x.argmax().compute().unwrap(), at(memory.as_slice().unwrap()).unwrap());
    // Long rows, which are looked through by vector operations.
    let long = ArrayD::from_shape_fn(vec![5000], |at| ((at[0] * 7919) % 4001) as f32);
    let long = Array::from_ndarray(&long, 1500);
    assert_eq!(
        long.argmax().compute().unwrap(),
        (0..5000).find(|at| at * 7919 % 4001 == 4000).unwrap()
    );
    assert_eq!(long.argmin().compute().unwrap(), 0);
}

#[test]
fn complex_numbers_have_sums_and_means() {
    use num_complex::Complex;
    let memory =
        ArrayD::from_shape_fn(vec![5, 3], |at| Complex::new(at[0] as f32, -(at[1] as f32)));
    let x = Array::from_ndarray(&memory, 2);
    let sum = |xs: &[Complex<f32>]| {
        xs.iter().map(|x| Complex::new(f64::from(x.re), f64::from(x.im))).sum::<Complex<f64>>()
    };
    check(&x.sum_axis(0), &reduced(&memory, &[0], false, sum));
    check(&x.mean_axis(1), &reduced(&memory, &[1], false, |xs| sum(xs) / xs.len() as f64));
    assert_eq!(x.mean().compute().unwrap(), Complex::new(2.0, -1.0));
}

#[test]
fn no_position_is_an_error() {
    let nan = Array::full([3], f64::NAN, 2);
    let text = nan.nanargmax().compute().unwrap_err().report().to_string();
    assert!(text.contains("nanargmax of no elements has no value"), "{text}");
    assert_eq!(nan.argmax().compute().unwrap(), 0);
    assert!(nan.nanmax().compute().unwrap().is_nan());
    assert!(nan.nanvar(0.0).compute().unwrap().is_nan());
    assert!(Array::<f64>::zeros([0], 1).argmin().compute().is_err());
    let one = Array::full([1], 2.0, 1);
    assert!(one.var(1.0).compute().unwrap().is_nan());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn traces(cut in cuts(2..4, -9i32..10), offset in -6isize..7) {
        let (x, memory) = (&cut.array, &cut.memory);
        let shape = memory.shape();
        let expected = ArrayD::from_shape_fn(&shape[2..], |at| {
            let on = (0..shape[0]).filter_map(|row| {
                let column = usize::try_from(row as isize + offset).ok()?;
                let mut index = vec![row, column];
                index.extend((2..shape.len()).map(|axis| at[axis - 2]));
                memory.get(&index[..]).map(|x| i64::from(*x))
            });
            on.sum::<i64>()
        });
        check(&x.trace(offset), &expected);
    }
}

/// Enough chunks beside each other: each task reads its chunks of all days itself, one by one.
#[test]
fn stacks_are_reduced_without_tasks_of_their_own() {
    let day = |day: i32| {
        let memory = ArrayD::from_shape_fn(ndarray::IxDyn(&[16, 24]), |at| {
            day * 1000 + (at[0] * 24 + at[1]) as i32 % 97
        });
        (Array::from_ndarray(&memory, [2, 3]) * 3, memory * 3)
    };
    let (arrays, memories): (Vec<_>, Vec<_>) = (0..5).map(day).unzip();
    let views: Vec<_> = memories.iter().map(|memory| memory.view()).collect();
    let memory = ndarray::stack(Axis(0), &views).unwrap();
    let days = stack(&arrays, 0);
    let highest = days.max_axis(0);
    check(&highest, &memory.map_axis(Axis(0), |lane| *lane.iter().max().unwrap()));
    let largest = days.argmax_axis(0);
    check(&largest, &memory.map_axis(Axis(0), |_| 4u64));
    // 64 tasks; what is held from the start are no tasks.
    let plan = highest.graph().plan().unwrap();
    let n_reduced = plan.tasks().filter(|task| task.op_name().contains("max")).count();
    assert_eq!((n_reduced, plan.tasks().any(|task| task.op_name() == "stack")), (64, false));
    let along = concatenate(&arrays, 0).sum_axis(1);
    let views: Vec<_> = memories.iter().map(|memory| memory.view()).collect();
    check(
        &along,
        &ndarray::concatenate(Axis(0), &views).unwrap().map(|x| i64::from(*x)).sum_axis(Axis(1)),
    );
}
