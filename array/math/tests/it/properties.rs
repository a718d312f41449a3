//! What holds for all arguments: nearness to the standard library, independence of the place.

use chunkwise_array_math::{self as math, count_true};
use proptest::prelude::*;

type Unary = fn(&[f64], &mut [f64]);

/// How many representable numbers lie between; 0 for two NaN.
fn distance(a: f64, b: f64) -> u64 {
    let order =
        |x: f64| if x < 0.0 { -((x.to_bits() << 1 >> 1) as i64) } else { x.to_bits() as i64 };
    if a.is_nan() && b.is_nan() { 0 } else { order(a).abs_diff(order(b)) }
}

fn near(name: &str, x: &[f64], ours: Unary, std: fn(f64) -> f64) {
    let mut got = vec![0.0; x.len()];
    ours(x, &mut got);
    for (x, got) in x.iter().zip(got) {
        let want = std(*x);
        assert!(distance(got, want) <= 2, "{name}({x:e}) = {want:e}, not {got:e}");
    }
}

/// All functions of one argument.
fn functions() -> Vec<(&'static str, Unary)> {
    macro_rules! list {
        ($($name:ident)*) => { vec![$((stringify!($name), math::$name as Unary)),*] };
    }
    list! {
        sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp exp2 exp_m1 ln log2 log10
        ln_1p sqrt cbrt recip square cube erf erfc gamma ln_gamma floor ceil trunc rint abs
    }
}

/// Numbers of every kind: special, of any exponent, and of the sizes that people use.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![1 => any::<f64>(), 1 => proptest::num::f64::ANY, 6 => -100.0..100.0, 2 => -1.0..1.0]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn near_the_standard_library(x in proptest::collection::vec(number(), 1..200)) {
        macro_rules! all {
            ($($name:ident)*) => { $(near(stringify!($name), &x, math::$name, f64::$name);)* };
        }
        all! {
            sin cos tan asin acos atan sinh cosh tanh exp exp2 exp_m1 ln log2 log10 ln_1p
            sqrt cbrt recip floor ceil trunc abs
        }
        near("atanh", &x, math::atanh, libm::atanh);
        near("asinh", &x, math::asinh, libm::asinh);
    }

    #[test]
    fn a_cut_changes_no_bit(x in proptest::collection::vec(number(), 1..600), cut in 0.0..1.0f64) {
        let cut = (cut * x.len() as f64) as usize;
        for (name, f) in functions() {
            let mut whole = vec![0.0; x.len()];
            f(&x, &mut whole);
            let mut parts = vec![0.0; x.len()];
            let (first, second) = parts.split_at_mut(cut);
            f(&x[..cut], first);
            f(&x[cut..], second);
            for i in 0..x.len() {
                let same = whole[i].to_bits() == parts[i].to_bits() || whole[i].is_nan() && parts[i].is_nan();
                prop_assert!(same, "{name}({:e})", x[i]);
            }
        }
    }

    #[test]
    fn pow_is_near_powf(x in number(), y in number()) {
        let mut got = [0.0];
        math::pow(&[x], &[y], &mut got);
        prop_assert!(distance(got[0], x.powf(y)) <= 2, "{x:e}^{y:e} = {:e}, not {:e}", x.powf(y), got[0]);
        math::atan2(&[x], &[y], &mut got);
        prop_assert!(distance(got[0], x.atan2(y)) <= 2, "atan2({x:e}, {y:e})");
        math::hypot(&[x], &[y], &mut got);
        prop_assert!(distance(got[0], x.hypot(y)) <= 2, "hypot({x:e}, {y:e})");
    }

    #[test]
    fn sums_are_near_the_naive_ones(x in proptest::collection::vec(-1e3..1e3f64, 0..5000)) {
        let bound = 1e-12 * x.iter().map(|x| x.abs()).sum::<f64>();
        prop_assert!((math::sum(&x) - x.iter().sum::<f64>()).abs() <= bound);
        let squares: f64 = x.iter().map(|x| (x - 0.25) * (x - 0.25)).sum();
        prop_assert!((math::sum_squares(&x, 0.25) - squares).abs() <= 1e-12 * squares);
        let x: Vec<f32> = x.iter().map(|x| *x as f32).collect();
        let naive: f64 = x.iter().map(|x| f64::from(*x)).sum();
        prop_assert!((math::sum(&x) - naive).abs() <= bound);
    }

    #[test]
    fn integers_are_exact(x in proptest::collection::vec(any::<i16>(), 0..3000)) {
        prop_assert_eq!(math::sum(&x), x.iter().map(|x| i64::from(*x)).sum::<i64>());
        prop_assert_eq!(math::min(&x), x.iter().min().copied());
        prop_assert_eq!(math::max(&x), x.iter().max().copied());
        let truth: Vec<bool> = x.iter().map(|x| x % 3 == 0).collect();
        prop_assert_eq!(count_true(&truth), truth.iter().filter(|x| **x).count());
        let mut total = vec![7i64; x.len()];
        math::add_assign(&mut total, &x);
        prop_assert!(total.iter().zip(&x).all(|(total, x)| *total == 7 + i64::from(*x)));
    }

    #[test]
    fn extremes_heed_or_ignore_nan(x in proptest::collection::vec(-9.0..9.0f64, 1..300), at in any::<prop::sample::Index>()) {
        let least = x.iter().copied().fold(f64::INFINITY, f64::min);
        let most = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        prop_assert_eq!(math::min(&x), Some(least));
        prop_assert_eq!(math::max(&x), Some(most));
        let mut x = x;
        x.insert(at.index(x.len()), f64::NAN);
        prop_assert!(math::min(&x).is_some_and(f64::is_nan));
        prop_assert!(math::max(&x).is_some_and(f64::is_nan));
        prop_assert_eq!(math::min_ignoring_nan(&x), Some(least));
        prop_assert_eq!(math::max_ignoring_nan(&x), Some(most));
        prop_assert!(math::max_ignoring_nan(&[f64::NAN; 70]).is_some_and(f64::is_nan));
    }
}

/// Where the reduction cancels most; its parts of pi/2 suffice for the whole range of the quick way.
#[test]
fn sines_near_multiples_of_half_pi() {
    let x: Vec<f64> = (1..700_000).map(|k| f64::from(k) * std::f64::consts::FRAC_PI_2).collect();
    near("sin", &x, math::sin, libm::sin);
    near("cos", &x, math::cos, libm::cos);
    near("tan", &x, math::tan, libm::tan);
}

/// The order of additions, written out: it is part of the contract that it never changes.
#[test]
fn the_order_of_a_sum_is_fixed() {
    let x: Vec<f64> = (0..2500).map(|i| 1.0 / f64::from(i + 1)).collect();
    let block = |x: &[f64]| {
        let mut lanes = [0.0; 32];
        for (i, x) in x.iter().enumerate() {
            lanes[i % 32] += x;
        }
        for half in [16, 8, 4, 2, 1] {
            for i in 0..half {
                lanes[i] += lanes[i + half];
            }
        }
        lanes[0]
    };
    let want = block(&x[2048..]) + (block(&x[..1024]) + block(&x[1024..2048]));
    assert_eq!(math::sum(&x).to_bits(), want.to_bits());
}
