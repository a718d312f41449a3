//! Time per element, in wide rows and in short ones at arbitrary offsets, beside one plain
//! generator a chunk. Unit: elements.

#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up has nothing to measure")]

use std::hint::black_box;

use chunkwise_array_random::{
    Bytes, Choice, Exponential, Fill, Gamma, Integers, Normal, Permutation, Poisson, Seed, Uniform,
};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use rand::{RngExt, SeedableRng};
use rand_distr::{
    Distribution, Exp, Gamma as PlainGamma, Normal as PlainNormal, Poisson as PlainPoisson,
};
use rand_xoshiro::Xoshiro256PlusPlus;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ELEMENTS: usize = 100_000;

/// Fills `ELEMENTS` elements, `width` in a call, the calls a large odd stride apart.
fn rows<T: Copy + Default>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    distribution: &impl Fill<T>,
) {
    for width in [1_000, 25] {
        let key = Seed(7).stream(0);
        let mut out = vec![T::default(); ELEMENTS];
        group.bench_function(format!("{name}/rows of {width}"), |b| {
            b.iter(|| {
                for (row, out) in out.chunks_mut(width).enumerate() {
                    distribution.fill(key, row as u64 * 10_007, out);
                }
                black_box(&mut out);
            });
        });
    }
}

fn plain<T: Copy + Default>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    mut draw: impl FnMut(&mut Xoshiro256PlusPlus) -> T,
) {
    let mut out = vec![T::default(); ELEMENTS];
    group.bench_function(format!("{name}/plain generator"), |b| {
        b.iter(|| {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
            for element in &mut out {
                *element = draw(&mut rng);
            }
            black_box(&mut out);
        });
    });
}

fn fill(c: &mut Criterion) {
    let mut group = c.benchmark_group("fill");
    group.throughput(Throughput::Elements(ELEMENTS as u64));

    let normal = Normal::new(black_box(1.0), black_box(2.0)).unwrap();
    let reference = PlainNormal::new(black_box(1.0), black_box(2.0)).unwrap();
    plain(&mut group, "normal f64", |rng| reference.sample(rng));
    rows::<f64>(&mut group, "normal f64", &normal);

    let (low, high) = (black_box(-1.0), black_box(3.0));
    let uniform = Uniform::new(low, high).unwrap();
    plain(&mut group, "uniform f64", |rng| rng.random::<f64>() * (high - low) + low);
    rows::<f64>(&mut group, "uniform f64", &uniform);
    let (low, high) = (low as f32, high as f32);
    plain(&mut group, "uniform f32", |rng| rng.random::<f32>() * (high - low) + low);
    rows::<f32>(&mut group, "uniform f32", &uniform);

    let exponential = Exponential::new(black_box(2.0)).unwrap();
    let reference = Exp::new(black_box(0.5)).unwrap();
    plain(&mut group, "exponential f64", |rng| reference.sample(rng));
    rows::<f64>(&mut group, "exponential f64", &exponential);
    group.finish();

    let mut group = c.benchmark_group("others");
    group.throughput(Throughput::Elements(ELEMENTS as u64));
    let gamma = Gamma::new(black_box(2.5), 1.0).unwrap();
    let reference = PlainGamma::new(black_box(2.5), 1.0).unwrap();
    plain(&mut group, "gamma f64", |rng| reference.sample(rng));
    rows::<f64>(&mut group, "gamma f64", &gamma);
    for mean in [3.0, 100.0] {
        let reference = PlainPoisson::new(black_box(mean)).unwrap();
        plain(&mut group, &format!("poisson {mean}"), |rng| reference.sample(rng) as i64);
        rows::<i64>(&mut group, &format!("poisson {mean}"), &Poisson::new(mean).unwrap());
    }
    plain(&mut group, "integers 0..10", |rng| rng.random_range(0..black_box(10_i64)));
    rows::<i64>(&mut group, "integers 0..10", &Integers::new(0, black_box(10)).unwrap());
    rows::<u8>(&mut group, "bytes", &Bytes);
    let weights = vec![1.0 / 64.0; 64];
    rows::<u64>(&mut group, "choice of 64, weighted", &Choice::weighted(weights).unwrap());
    rows::<u64>(&mut group, "permutation of 10^9", &Permutation::new(1_000_000_000));
    group.finish();
}

criterion_group!(benches, fill);
criterion_main!(benches);
