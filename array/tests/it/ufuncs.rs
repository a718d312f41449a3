use crate::check::{Cut, check, check_close, computed, cuts};
use chunkwise_array::{Array, ArrayError, CollectionExt, DType, Element, Tolerance, promote};
use chunkwise_graph::Collection;
use ndarray::{Array1, arr0, arr1};
use num_complex::Complex;
use proptest::prelude::*;

/// What NumPy says: see `make_ufuncs.py`.
const FIXTURES: &str = include_str!("../fixtures/ufuncs.txt");

struct Case {
    name: &'static str,
    operands: Vec<Vec<f64>>,
    results: Vec<f64>,
}

fn number(text: &str) -> f64 {
    match text {
        "True" => 1.0,
        "False" => 0.0,
        text => text.parse().unwrap(),
    }
}

fn numbers_of(fields: &[&str]) -> Vec<Vec<f64>> {
    fields.iter().map(|field| field.split(',').map(number).collect()).collect()
}

fn cases(dtype: &str) -> Vec<Case> {
    let lines = || FIXTURES.lines().map(|line| line.split(';').collect::<Vec<&'static str>>());
    let operands: std::collections::HashMap<&str, Vec<Vec<f64>>> = lines()
        .filter(|fields| fields[0] == "operands")
        .map(|fields| (fields[1], numbers_of(&fields[2..])))
        .collect();
    let is_case = |fields: &Vec<&'static str>| fields[1] == dtype && fields[0] != "result_type";
    let case = |fields: Vec<&'static str>| Case {
        name: fields[0],
        operands: operands[fields[2]].clone(),
        results: numbers_of(&fields[3..]).remove(0),
    };
    lines().filter(is_case).map(case).collect()
}

fn floats<T: Element + chunkwise_array::LossyCast<f64>>(array: Array<T>) -> Array<f64> {
    array.cast_lossy()
}

fn unary(name: &str, x: &Array<f64>) -> Option<Array<f64>> {
    Some(match name {
        "fabs" => x.abs(),
        "sign" => x.sign(),
        "sqrt" => x.sqrt(),
        "square" => x.square(),
        "cbrt" => x.cbrt(),
        "reciprocal" => x.reciprocal(),
        "exp" => x.exp(),
        "exp2" => x.exp2(),
        "expm1" => x.exp_m1(),
        "log" => x.ln(),
        "log2" => x.log2(),
        "log10" => x.log10(),
        "log1p" => x.ln_1p(),
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "arcsin" => x.asin(),
        "arccos" => x.acos(),
        "arctan" => x.atan(),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "arcsinh" => x.asinh(),
        "arccosh" => x.acosh(),
        "arctanh" => x.atanh(),
        "deg2rad" => x.to_radians(),
        "rad2deg" => x.to_degrees(),
        "floor" => x.floor(),
        "ceil" => x.ceil(),
        "trunc" => x.trunc(),
        "rint" => x.rint(),
        "round-1" => x.round(-1),
        "round1" => x.round(1),
        "round3" => x.round(3),
        "isnan" => floats(x.is_nan()),
        "isinf" => floats(x.is_inf()),
        "isfinite" => floats(x.is_finite()),
        "isposinf" => floats(x.is_posinf()),
        "isneginf" => floats(x.is_neginf()),
        "nan_to_num" => x.nan_to_num(),
        "signbit" => floats(x.signbit()),
        "spacing" => x.spacing(),
        "sinc" => x.sinc(),
        "i0" => x.i0(),
        "logical_not" => floats(x.logical_not()),
        "modf_fraction" => x.modf().0,
        "modf_whole" => x.modf().1,
        "frexp_fraction" => x.frexp().0,
        "frexp_exponent" => floats(x.frexp().1),
        "interp" => x.interp(&[-1.0, 0.5, 2.0, 1e300], &[5.0, -3.0, f64::INFINITY, 7.0]),
        name => x.ldexp(name.strip_prefix("ldexp")?.parse::<i32>().ok()?),
    })
}

fn binary(name: &str, x: &Array<f64>, y: &Array<f64>) -> Option<Array<f64>> {
    Some(match name {
        "equal" => floats(x.equal(y)),
        "not_equal" => floats(x.not_equal(y)),
        "less" => floats(x.lt(y)),
        "less_equal" => floats(x.le(y)),
        "greater" => floats(x.gt(y)),
        "greater_equal" => floats(x.ge(y)),
        "logical_and" => floats(x.logical_and(y)),
        "logical_or" => floats(x.logical_or(y)),
        "logical_xor" => floats(x.logical_xor(y)),
        "arctan2" => x.atan2(y),
        "hypot" => x.hypot(y),
        "maximum" => x.maximum(y),
        "minimum" => x.minimum(y),
        "fmax" => x.fmax(y),
        "fmin" => x.fmin(y),
        "power" => x.power(y),
        "floor_divide" => x.floor_divide(y),
        "mod" => x.modulo(y),
        "fmod" => x.fmod(y),
        "logaddexp" => x.logaddexp(y),
        "logaddexp2" => x.logaddexp2(y),
        "copysign" => x.copysign(y),
        "nextafter" => x.nextafter(y),
        "heaviside" => x.heaviside(y),
        "isclose" => floats(x.isclose(y, Tolerance::default())),
        _ => return None,
    })
}

fn integer(name: &str, x: &Array<i32>, y: Option<&Array<i32>>) -> Option<Array<f64>> {
    Some(match (name, y) {
        ("sign", _) => floats(x.sign()),
        ("square", _) => floats(x.square()),
        ("abs", _) => floats(x.abs()),
        ("bitwise_count", _) => floats(x.bit_count()),
        ("equal", Some(y)) => floats(x.equal(y)),
        ("less", Some(y)) => floats(x.lt(y)),
        ("floor_divide", Some(y)) => floats(x.floor_divide(y)),
        ("mod", Some(y)) => floats(x.modulo(y)),
        ("fmod", Some(y)) => floats(x.fmod(y)),
        ("gcd", Some(y)) => floats(x.gcd(y)),
        ("lcm", Some(y)) => floats(x.lcm(y)),
        ("left_shift", Some(y)) => floats(x.left_shift(y)),
        ("right_shift", Some(y)) => floats(x.right_shift(y)),
        ("maximum", Some(y)) => floats(x.maximum(y)),
        ("minimum", Some(y)) => floats(x.minimum(y)),
        ("true_divide", Some(y)) => x.true_divide(y),
        ("power", Some(y)) => floats(x.power(y)),
        _ => return None,
    })
}

/// Equal, or both NaN, or a few units of the last place apart; zeros with their signs.
fn is_near(x: f64, y: f64) -> bool {
    let is_same = x == y && (x != 0.0 || x.is_sign_negative() == y.is_sign_negative());
    is_same || (x.is_nan() && y.is_nan()) || (x != y && (x - y).abs() <= 5e-16 * y.abs())
}

const ZEROS: [&str; 4] = ["maximum", "minimum", "fmax", "fmin"];

/// Where the array is not what the case says.
fn differences(case: &Case, found: Option<Array<f64>>) -> Vec<String> {
    let Some(found) = found else { return vec![format!("{} is not tested", case.name)] };
    let mut differences = Vec::new();
    for (at, (x, y)) in computed(&found).iter().zip(&case.results).enumerate() {
        let operands: Vec<f64> = case.operands.iter().map(|operand| operand[at]).collect();
        // NumPy chooses between zeros as the processor does.
        let is_any_zero = *x == 0.0 && *y == 0.0 && ZEROS.contains(&case.name);
        if !is_near(*x, *y) && !is_any_zero {
            differences.push(format!("{} of {operands:?} is {x:e}, not {y:e}", case.name));
        }
    }
    differences
}

#[test]
fn floats_are_what_numpy_says() {
    let cases = cases("f64");
    assert!(cases.len() > 70);
    let array = |operand: &Vec<f64>| Array::from_ndarray(&arr1(operand), operand.len().div_ceil(3));
    let differences = cases.iter().flat_map(|case| {
        let arrays: Vec<Array<f64>> = case.operands.iter().map(array).collect();
        let found = match &arrays[..] {
            [x] => unary(case.name, x),
            [x, y] => binary(case.name, x, y),
            _ => None,
        };
        differences(case, found)
    });
    let differences: Vec<String> = differences.collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn integers_are_what_numpy_says() {
    let array = |operand: &Vec<f64>| {
        let numbers: Array1<i32> = operand.iter().map(|x| *x as i32).collect();
        Array::from_ndarray(&numbers, 50)
    };
    let cases = cases("i32");
    let differences = cases.iter().flat_map(|case| {
        let second = case.operands.get(1).map(array);
        differences(case, integer(case.name, &array(&case.operands[0]), second.as_ref()))
    });
    let differences: Vec<String> = differences.collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn a_number_is_as_an_array_of_it() {
    let of_array = |case: &Case, y: f64| {
        let x = Array::from_ndarray(&arr1(&case.operands[0][..]), 300);
        let (number, array) = (
            match case.name {
                "power" => x.power(y),
                "arctan2" => x.atan2(y),
                "hypot" => x.hypot(y),
                "logaddexp2" => x.logaddexp2(y),
                _ => x.fmin(y),
            },
            binary(case.name, &x, &Array::full([case.operands[0].len()], y, 100)).unwrap(),
        );
        check(&number, &array.compute().unwrap());
    };
    for case in cases("f64") {
        if ["power", "arctan2", "hypot", "logaddexp2", "fmin"].contains(&case.name) {
            of_array(&case, 7.25);
            of_array(&case, 0.3);
        }
    }
}

/// The common type of two, by their names.
macro_rules! common {
    ($a:expr, $b:expr; $($x:ty, $name:literal);+) => {
        match $a { $($name => with!($x, $b),)+ _ => panic!("{} is no type", $a) }
    };
}
macro_rules! with {
    ($a:ty, $b:expr) => {
        match $b {
            "bool" => of!($a, bool),
            "i8" => of!($a, i8),
            "i16" => of!($a, i16),
            "i32" => of!($a, i32),
            "i64" => of!($a, i64),
            "u8" => of!($a, u8),
            "u16" => of!($a, u16),
            "u32" => of!($a, u32),
            "u64" => of!($a, u64),
            "f32" => of!($a, f32),
            "f64" => of!($a, f64),
            "c64" => of!($a, Complex<f32>),
            "c128" => of!($a, Complex<f64>),
            _ => panic!("{} is no type", $b),
        }
    };
}
macro_rules! of {
    ($a:ty, $b:ty) => {
        promote(&Array::full((), <$a>::default(), 1), &Array::full((), <$b>::default(), 1))
            .0
            .dtype()
    };
}

#[test]
fn common_types_are_those_of_numpy() {
    let lines = || FIXTURES.lines().filter(|line| line.starts_with("result_type"));
    assert_eq!(lines().count(), 169);
    lines().for_each(|line| {
        let fields: Vec<&str> = line.split(';').collect();
        let found: DType = common!(fields[1], fields[2];
            bool, "bool"; i8, "i8"; i16, "i16"; i32, "i32"; i64, "i64"; u8, "u8"; u16, "u16";
            u32, "u32"; u64, "u64"; f32, "f32"; f64, "f64"; Complex<f32>, "c64";
            Complex<f64>, "c128");
        let expected = match fields[3] {
            "c64" => DType::C64,
            "c128" => DType::C128,
            _ => return assert_eq!(found.name(), fields[3], "{line}"),
        };
        assert_eq!(found, expected, "{line}");
    });
}

fn numbers() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![8 => -10.0..10.0, 1 => Just(f64::NAN), 1 => Just(0.0), 1 => Just(f64::INFINITY)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_cut_of_any_shape(cut in cuts(0..4, numbers()), y in numbers()) {
        let Cut { memory, array } = cut;
        check(&array.maximum(y).lt(2.0), &memory.mapv(|x| f64::max(x, y) < 2.0 && !x.is_nan() && !y.is_nan()));
        check(&array.round(1), &memory.mapv(|x| (x * 10.0).round_ties_even() / 10.0));
        check(&array.cast_lossy::<i8>(), &memory.mapv(|x| x as i8));
        check_close(&(array.sin().square() + array.cos().square()), &memory.mapv(|x| if x.is_finite() { 1.0 } else { f64::NAN }), 1e-15);
        let equal = array.array_equal(&array).compute().unwrap();
        prop_assert_eq!(equal, !memory.iter().any(|x| x.is_nan()));
    }

    #[test]
    fn whole_numbers(cut in cuts(0..3, any::<i16>()), by in any::<i16>()) {
        let Cut { memory, array } = cut;
        let wide = |x: i16| i64::from(x);
        prop_assume!(by != 0);
        check(&array.floor_divide(by), &memory.mapv(|x| wide(x).div_euclid(wide(by)) as i16
            - i16::from(by < 0 && wide(x).rem_euclid(wide(by)) != 0)));
        check(&array.cast::<i64>().power(3), &memory.mapv(|x| wide(x).pow(3)));
        check(&array.try_cast::<f32>().try_cast::<i16>(), &memory);
        check(&((&array >> 1) << 1), &memory.mapv(|x| x & !1));
        check(&array.cast::<Complex<f64>>().is_complex(), &memory.mapv(|_| false));
    }

    #[test]
    fn complex_numbers(
        cut in cuts(0..3, (-3.0..3.0, -3.0..3.0).prop_map(|(re, im)| Complex::new(re, im))),
    ) {
        let Cut { memory, array } = cut;
        check_close(&array.abs(), &memory.mapv(|z| z.norm()), 1e-15);
        check_close(&array.angle(), &memory.mapv(|z| z.arg()), 1e-15);
        check(&array.conj().imag(), &memory.mapv(|z| -z.im));
        check_close(&array.exp_m1().real(), &memory.mapv(|z| (z.exp() - 1.0).re), 1e-13);
        check_close(&array.ln_1p().imag(), &memory.mapv(|z| (z + 1.0).ln().im), 1e-13);
        check_close(&array.unit().abs(), &memory.mapv(|z| if z.norm() == 0.0 { 0.0 } else { 1.0 }), 1e-15);
    }
}

#[test]
fn values_without_an_equal_are_named() {
    let text = |error: chunkwise_array::Error| error.report().to_string();
    let x = Array::from_ndarray(&arr1(&[1.0, -0.0, 9223372036854775808.0]), 2);
    let error = text(x.try_cast::<i64>().compute().unwrap_err());
    assert!(error.contains("9223372036854776000 is an f64 that no i64 equals"), "{error}");
    check(&x.try_cast::<u64>(), &arr1(&[1, 0, 1 << 63]).into_dyn());
    let error = text(Array::full((), f64::NAN, 1).try_cast::<bool>().compute().unwrap_err());
    assert!(error.contains("NaN is an f64 that no bool equals"), "{error}");
    check(&Array::full((), f64::NAN, 1).try_cast::<f32>(), &arr0(f32::NAN).into_dyn());
    assert!(Array::full((), u64::MAX, 1).try_cast::<f64>().compute().is_err());
    assert!(Array::full((), Complex::new(1.0, 2.0), 1).try_cast::<f64>().compute().is_err());
    check(&Array::full((), Complex::new(3.0, 0.0), 1).try_cast::<u8>(), &arr0(3u8).into_dyn());
}

#[test]
fn what_has_no_value_makes_the_task_fail() {
    let zero = Array::<i32>::zeros([2], 1);
    for broken in [zero.floor_divide(0), zero.modulo(&zero), zero.fmod(0), &zero / 0] {
        let error = broken.compute().unwrap_err().report().to_string();
        assert!(error.contains("divi") || error.contains("remainder"), "{error}");
    }
    let error = zero.power(-1).compute().unwrap_err().report().to_string();
    assert!(error.contains("an integer to a negative power"), "{error}");
}

#[test]
fn tables_are_checked() {
    let x = Array::arange(0.0, 1.0, 0.5, 1);
    let error = x.interp(&[1.0, 1.0], &[0.0, 0.0]).checked().unwrap_err();
    assert!(matches!(error, ArrayError::Argument { name: "xs", .. }));
    assert_eq!(error.to_string(), "xs: 1 is followed by 1, which is not above");
    let error = x.interp(&[1.0], &[]).checked().unwrap_err();
    assert_eq!(error.to_string(), "ys: 0 values at 1 places");
    assert!(x.interp(&[], &[]).checked().is_err());
}

#[test]
fn arrays_of_other_shapes_are_not_equal() {
    let x = Array::<u8>::zeros([3, 1], 2);
    assert!(!x.array_equal(&Array::zeros([3, 2], 2)).compute().unwrap());
    assert!(!x.array_equal(&Array::zeros([3], 2)).compute().unwrap());
    assert!(x.array_equal(&Array::zeros([3, 1], 1)).compute().unwrap());
    let nothing = Array::<u8>::zeros([0], 1);
    assert!(nothing.array_equal(&nothing).compute().unwrap());
}

fn name<T: Element>(array: &Array<T>) -> chunkwise_graph::Name {
    let mut layers = Vec::new();
    array.layers(&mut layers);
    layers[0].name().clone()
}

#[test]
fn equal_expressions_are_one() {
    let x = Array::<f64>::ones([4], 2);
    assert_eq!(name(&x.clip(0.0, 1.0)), name(&x.clip(0.0, 1.0)));
    assert_ne!(name(&x.clip(0.0, 1.0)), name(&x.clip(0.0, 2.0)));
    assert_ne!(name(&x.round(1)), name(&x.round(2)));
    let strict = Tolerance { equal_nan: true, ..Tolerance::default() };
    assert_ne!(name(&x.isclose(1.0, Tolerance::default())), name(&x.isclose(1.0, strict)));
    assert_ne!(name(&x.cast_lossy::<i32>()), name(&x.cast_lossy::<f32>()));
}
