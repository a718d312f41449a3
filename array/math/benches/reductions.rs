//! Reductions of slices of 4096 elements, which fit the first cache.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use chunkwise_array_math::{Reduce, count_true};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const N: usize = 4096;

fn reductions_of<T: Reduce>(c: &mut Criterion, name: &str, x: &[T], mut totals: Vec<T::Total>) {
    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Elements(N as u64));
    group.bench_function("sum", |b| b.iter(|| T::sum(black_box(x))));
    group.bench_function("sum_squares", |b| b.iter(|| T::sum_squares(black_box(x), 0.5)));
    group.bench_function("min", |b| b.iter(|| T::min(black_box(x))));
    group.bench_function("nan_min", |b| b.iter(|| T::min_ignoring_nan(black_box(x))));
    group.bench_function("add", |b| b.iter(|| T::add_assign(&mut totals, black_box(x))));
    group.finish();
}

fn reductions(c: &mut Criterion) {
    let x: Vec<f64> = (0..N).map(|i| i as f64 * 0.37).collect();
    reductions_of(c, "f64", &x, vec![0.0; N]);
    let x: Vec<f32> = x.iter().map(|x| *x as f32).collect();
    reductions_of(c, "f32", &x, vec![0.0; N]);
    let x: Vec<i64> = (0..N as i64).collect();
    reductions_of(c, "i64", &x, vec![0; N]);
    let x: Vec<i32> = (0..N as i32).collect();
    reductions_of(c, "i32", &x, vec![0; N]);
    let x: Vec<u8> = (0..N).map(|i| (i % 251) as u8).collect();
    reductions_of(c, "u8", &x, vec![0; N]);
    let x: Vec<bool> = (0..N).map(|i| i % 3 == 0).collect();
    let mut group = c.benchmark_group("bool");
    group.bench_function("count", |b| b.iter(|| count_true(black_box(&x))));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(std::time::Duration::from_millis(60))
        .measurement_time(std::time::Duration::from_millis(150));
    targets = reductions
}
criterion_main!(benches);
