//! Nanoseconds an element, ours against the standard library, slices of 4096.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use chunkwise_array_math as math;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const N: usize = 4096;

/// `N` numbers spread evenly from `low` to `high`, in a mixed order.
fn arguments(low: f64, high: f64) -> Vec<f64> {
    let step = (high - low) / N as f64;
    (0..N).map(|i| low + step * ((i * 1237) % N) as f64).collect()
}

fn unary(
    c: &mut Criterion,
    name: &str,
    (low, high): (f64, f64),
    ours: fn(&[f64], &mut [f64]),
    ours_32: fn(&[f32], &mut [f32]),
    std: Option<fn(f64) -> f64>,
) {
    let x = arguments(low, high);
    let x_32: Vec<f32> = x.iter().map(|x| *x as f32).collect();
    let mut out = vec![0.0; N];
    let mut out_32 = vec![0.0; N];
    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Elements(N as u64));
    group.bench_function("f64", |b| b.iter(|| ours(black_box(&x), &mut out)));
    group.bench_function("f32", |b| b.iter(|| ours_32(black_box(&x_32), &mut out_32)));
    if let Some(std) = std {
        let scalar = |(x, out): (&f64, &mut f64)| *out = std(*x);
        group.bench_function("std", |b| {
            b.iter(|| black_box(&x).iter().zip(&mut out).for_each(scalar))
        });
    }
    group.finish();
}

fn binary(
    c: &mut Criterion,
    name: &str,
    (low, high): (f64, f64),
    ours: fn(&[f64], &[f64], &mut [f64]),
    ours_32: fn(&[f32], &[f32], &mut [f32]),
    std: fn(f64, f64) -> f64,
) {
    let x = arguments(low, high);
    let y: Vec<f64> = x.iter().rev().copied().collect();
    let x_32: Vec<f32> = x.iter().map(|x| *x as f32).collect();
    let y_32: Vec<f32> = y.iter().map(|y| *y as f32).collect();
    let mut out = vec![0.0; N];
    let mut out_32 = vec![0.0; N];
    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Elements(N as u64));
    group.bench_function("f64", |b| b.iter(|| ours(black_box(&x), &y, &mut out)));
    group.bench_function("f32", |b| b.iter(|| ours_32(black_box(&x_32), &y_32, &mut out_32)));
    group.bench_function("std", |b| {
        b.iter(|| {
            for ((x, y), out) in black_box(&x).iter().zip(&y).zip(&mut out) {
                *out = std(*x, *y);
            }
        });
    });
    group.finish();
}

fn elementary(c: &mut Criterion) {
    macro_rules! one {
        ($($name:ident $range:expr;)*) => {
            $(unary(c, stringify!($name), $range, math::$name,
                math::$name, Some(f64::$name));)*
        };
    }
    one! {
        sin (-30.0, 30.0); cos (-30.0, 30.0); tan (-30.0, 30.0);
        asin (-1.0, 1.0); acos (-1.0, 1.0); atan (-5.0, 5.0);
        sinh (-5.0, 5.0); cosh (-5.0, 5.0); tanh (-5.0, 5.0);
        asinh (-5.0, 5.0); acosh (1.0, 5.0); atanh (-1.0, 1.0);
        exp (-30.0, 30.0); exp2 (-30.0, 30.0); exp_m1 (-3.0, 3.0);
        ln (0.0, 1000.0); log2 (0.0, 1000.0); log10 (0.0, 1000.0); ln_1p (-1.0, 10.0);
        sqrt (0.0, 1000.0); cbrt (-1000.0, 1000.0); recip (-10.0, 10.0);
        floor (-100.0, 100.0);
    }
    unary(c, "square", (-5.0, 5.0), math::square, math::square, None);
    unary(c, "rint", (-5.0, 5.0), math::rint, math::rint, None);
    unary(c, "erf", (-4.0, 4.0), math::erf, math::erf, Some(libm::erf));
    unary(c, "erfc", (-4.0, 8.0), math::erfc, math::erfc, Some(libm::erfc));
    unary(c, "gamma", (-4.0, 8.0), math::gamma, math::gamma, None);
    macro_rules! two {
        ($($name:ident = $std:ident $range:expr;)*) => {
            $(binary(c, stringify!($name), $range, math::$name,
                math::$name, f64::$std);)*
        };
    }
    two! { atan2 = atan2 (-5.0, 5.0); hypot = hypot (-5.0, 5.0); pow = powf (0.0, 20.0); }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(std::time::Duration::from_millis(60))
        .measurement_time(std::time::Duration::from_millis(150));
    targets = elementary
}
criterion_main!(benches);
