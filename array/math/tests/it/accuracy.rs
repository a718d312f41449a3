//! The functions against values of 70 digits and more, see `../fixtures/make.py`.

use chunkwise_array_math as math;
use std::path::PathBuf;

/// Arguments, nearest `f64`, and what the exact value is more, in ulp.
struct Line {
    arguments: Vec<f64>,
    nearest: f64,
    more: f64,
}

fn fixture(name: &str) -> Vec<Line> {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let folder = std::env::var_os("MATH_FIXTURES").unwrap_or_else(|| committed.into());
    let text = std::fs::read_to_string(PathBuf::from(folder).join(format!("{name}.txt"))).unwrap();
    let bits = |word: &str| f64::from_bits(u64::from_str_radix(word, 16).unwrap());
    let parse = |line: &str| {
        let mut words: Vec<&str> = line.split(' ').collect();
        let more = words.pop().unwrap().parse().unwrap();
        let nearest = bits(words.pop().unwrap());
        Line { arguments: words.into_iter().map(bits).collect(), nearest, more }
    };
    text.lines().map(parse).collect()
}

/// The distance to the next larger absolute value.
fn ulp(x: f64) -> f64 {
    f64::from_bits(x.abs().to_bits() + 1) - x.abs()
}

fn ulp_32(x: f64) -> f64 {
    let x = (x as f32).abs();
    f64::from(f32::from_bits(x.to_bits() + 1) - x)
}

/// Fails if one of `got` is farther than `limit` ulp from the exact value.
fn check(name: &str, lines: &[Line], got: &[f64], limit: f64) {
    let error =
        |line: &Line, got: f64| ((got - line.nearest) / ulp(line.nearest) - line.more).abs();
    let errors = lines.iter().zip(got).map(|(line, got)| (error(line, *got), line, got));
    let key = |e: &f64| if e.is_nan() { f64::INFINITY } else { *e };
    let (worst, line, got) = errors.max_by(|a, b| key(&a.0).total_cmp(&key(&b.0))).unwrap();
    println!("{name:>9} {worst:.3} ulp at {:?}", line.arguments);
    assert!(
        worst <= limit,
        "{name}{:?} = {:e}, not {got:e}: {worst} ulp",
        line.arguments,
        line.nearest
    );
}

type Unary<T> = fn(&[T], &mut [T]);
type Binary<T> = fn(&[T], &[T], &mut [T]);

fn one(name: &str, limit: f64, f: Unary<f64>, f_32: Unary<f32>) {
    let lines = fixture(name);
    let x: Vec<f64> = lines.iter().map(|line| line.arguments[0]).collect();
    let mut got = vec![0.0; x.len()];
    f(&x, &mut got);
    check(name, &lines, &got, limit);

    // f32 against f64 at the same places
    let x_32: Vec<f32> = x.iter().map(|x| *x as f32).collect();
    let x: Vec<f64> = x_32.iter().map(|x| f64::from(*x)).collect();
    let mut got_32 = vec![0.0; x.len()];
    f(&x, &mut got);
    f_32(&x_32, &mut got_32);
    for ((x, want), got) in x.iter().zip(&got).zip(&got_32) {
        same_32(name, &[*x], *want, *got);
    }
}

fn two(name: &str, limit: f64, f: Binary<f64>, f_32: Binary<f32>) {
    let lines = fixture(name);
    let x: Vec<f64> = lines.iter().map(|line| line.arguments[0]).collect();
    let y: Vec<f64> = lines.iter().map(|line| line.arguments[1]).collect();
    let mut got = vec![0.0; x.len()];
    f(&x, &y, &mut got);
    check(name, &lines, &got, limit);

    let x_32: Vec<f32> = x.iter().map(|x| *x as f32).collect();
    let y_32: Vec<f32> = y.iter().map(|y| *y as f32).collect();
    let x: Vec<f64> = x_32.iter().map(|x| f64::from(*x)).collect();
    let y: Vec<f64> = y_32.iter().map(|y| f64::from(*y)).collect();
    let mut got_32 = vec![0.0; x.len()];
    f(&x, &y, &mut got);
    f_32(&x_32, &y_32, &mut got_32);
    for (i, (want, got)) in got.iter().zip(&got_32).enumerate() {
        same_32(name, &[x[i], y[i]], *want, *got);
    }
}

/// Fails if `got` is not as near to `want` as a `f32` can be, but for a little.
fn same_32(name: &str, arguments: &[f64], want: f64, got: f32) {
    let both_nan = want.is_nan() && got.is_nan();
    let near = (f64::from(got) - want).abs() <= 0.501 * ulp_32(want);
    assert!(both_nan || near || got == want as f32, "{name}{arguments:?} = {want:e}, not {got:e}");
}

macro_rules! tests {
    ($($kind:ident $name:ident $limit:literal;)*) => {$(
        #[test]
        fn $name() {
            $kind(stringify!($name), $limit, math::$name, math::$name);
        }
    )*};
}

tests! {
    one sin 0.75;
    one cos 0.75;
    one tan 0.8;
    one asin 1.0;
    one acos 1.0;
    one atan 1.0;
    one sinh 0.95;
    one cosh 1.0;
    one tanh 0.65;
    one asinh 2.0;
    one acosh 2.0;
    one atanh 1.0;
    one exp 1.0;
    one exp2 1.0;
    one exp_m1 1.0;
    one ln 1.0;
    one log2 1.0;
    one log10 1.0;
    one ln_1p 1.0;
    one cbrt 1.0;
    one erf 1.0;
    one erfc 2.5;
    two atan2 1.5;
    two hypot 1.0;
    two pow 0.65;
    two logaddexp 2.0;
}
