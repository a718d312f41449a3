//! NaN, infinities, zeros, subnormal numbers and the ends of ranges: the same as the standard
//! library, bit for bit, for every function of one argument whose exact value is known there.

use chunkwise_array_math as math;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

const SPECIAL: [f64; 24] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    -2.0,
    0.5,
    -0.5,
    5e-324,
    -5e-324,
    1e-310,
    -1e-310,
    f64::MIN_POSITIVE,
    f64::MAX,
    f64::MIN,
    1e300,
    -1e300,
    1e-300,
    -1e-300,
    800.0,
    -800.0,
];

/// Equal within `ulps`, of one sign, or both NaN.
fn same(got: f64, want: f64, ulps: u64) -> bool {
    let near = got.to_bits().abs_diff(want.to_bits()) <= ulps;
    got.is_nan() && want.is_nan() || near && (ulps > 0 || got.to_bits() == want.to_bits())
}

fn one(name: &str, ours: fn(&[f64], &mut [f64]), std: fn(f64) -> f64) {
    let mut got = [1.5; 24];
    ours(&SPECIAL, &mut got);
    for (x, got) in SPECIAL.iter().zip(got) {
        let want = std(*x);
        let exact = want.is_nan() || want.is_infinite() || want == 0.0;
        assert!(
            same(got, want, if exact { 0 } else { 1 }),
            "{name}({x:e}) = {want:e}, not {got:e}"
        );
    }
}

fn two(name: &str, ours: fn(&[f64], &[f64], &mut [f64]), std: fn(f64, f64) -> f64) {
    for x in SPECIAL {
        let mut got = [1.5; 24];
        ours(&[x; 24], &SPECIAL, &mut got);
        for (y, got) in SPECIAL.iter().zip(got) {
            let want = std(x, *y);
            let exact = want.is_nan() || want.is_infinite() || want == 0.0;
            let ulps = if exact { 0 } else { 1 };
            assert!(same(got, want, ulps), "{name}({x:e}, {y:e}) = {want:e}, not {got:e}");
        }
    }
}

#[test]
fn special_arguments_are_as_in_the_standard_library() {
    macro_rules! ones {
        ($($name:ident)*) => { $(one(stringify!($name), math::$name, f64::$name);)* };
    }
    ones! {
        sin cos tan asin acos atan sinh cosh tanh atanh exp exp2 exp_m1
        ln log2 log10 ln_1p sqrt cbrt recip floor ceil trunc abs
    }
    one("rint", math::rint, f64::round_ties_even);
    one("asinh", math::asinh, libm::asinh);
    one("acosh", math::acosh, |x| if x < 1.0 { f64::NAN } else { libm::acosh(x) });
    one("erf", math::erf, libm::erf);
    one("erfc", math::erfc, libm::erfc);
}

#[test]
fn special_pairs_are_as_in_the_standard_library() {
    two("atan2", math::atan2, f64::atan2);
    two("hypot", math::hypot, f64::hypot);
    two("pow", math::pow, f64::powf);
}

fn value(f: fn(&[f64], &mut [f64]), x: f64) -> f64 {
    let mut out = [0.0];
    f(&[x], &mut out);
    out[0]
}

#[test]
fn ends_of_the_range_of_exp() {
    assert!(value(math::exp, 709.782_712_893_384).is_finite());
    assert_eq!(value(math::exp, 709.782_712_893_385), f64::INFINITY);
    assert_eq!(value(math::exp, -745.133_219_101_941_1), 5e-324);
    assert_eq!(value(math::exp, -745.133_219_101_941_3), 0.0);
    assert_eq!(value(math::exp2, 1024.0), f64::INFINITY);
    assert_eq!(value(math::exp2, -1074.0), 5e-324);
    assert_eq!(value(math::exp2, -1075.0), 0.0);
    assert_eq!(value(math::sinh, 710.475_860_073_943_9).to_bits() >> 52, 2046);
    assert_eq!(value(math::cosh, 710.475_860_073_944_1), f64::INFINITY);
}

#[test]
fn powers_of_whole_numbers_are_exact() {
    let x = [2.0, 3.0, -3.0, 10.0, 1.5, -0.5, 7.0, 0.0];
    for n in -3..=9 {
        let mut by_product = [0.0; 8];
        math::powi(&x, n, &mut by_product);
        let mut by_power = [0.0; 8];
        math::pow(&x, &[f64::from(n); 8], &mut by_power);
        for i in 0..8 {
            let want = x[i].powi(n);
            assert!(same(by_product[i], want, 1), "{}^{n} = {want}, not {}", x[i], by_product[i]);
            if n >= 0 {
                assert_eq!(by_power[i], want, "{}^{n}", x[i]);
            }
        }
    }
}

#[test]
fn angles_of_the_axes_and_diagonals() {
    let (zero, inf) = (0.0, f64::INFINITY);
    let y = [zero, -zero, 1.0, -1.0, inf, inf, 1.0, -1.0, 3.0];
    let x = [-zero, -zero, zero, -zero, inf, -inf, 1.0, -1.0, -inf];
    let mut out = [0.0; 9];
    math::atan2(&y, &x, &mut out);
    let quarter = FRAC_PI_4;
    let want =
        [PI, -PI, FRAC_PI_2, -FRAC_PI_2, quarter, 3.0 * quarter, quarter, -3.0 * quarter, PI];
    assert_eq!(out, want);
}

#[test]
fn infinite_terms_of_logaddexp() {
    let inf = f64::INFINITY;
    let mut out = [0.0; 4];
    math::logaddexp(&[-inf, inf, -inf, 0.0], &[-inf, inf, 3.0, 0.0], &mut out);
    assert_eq!(out, [-inf, inf, 3.0, std::f64::consts::LN_2]);
}

#[test]
#[should_panic(expected = "as many results as arguments")]
fn lengths_must_agree() {
    math::sqrt(&[1.0], &mut []);
}
