//! Building calls, and lists of many handles: time linear in their number.

use chunkwise_delayed::{CollectionExt, Delayed, delayed, value};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn calls(n: u64) -> Vec<Delayed<u64>> {
    let inc = delayed(|x: u64| x + 1);
    (0..n).map(|x| inc.call((x,))).collect()
}

fn sum_of(handles: &[Delayed<u64>]) -> Delayed<u64> {
    delayed(|xs: Vec<u64>| xs.iter().sum::<u64>()).call(handles)
}

fn build(c: &mut Criterion) {
    let mut group = c.benchmark_group("build");
    group.throughput(Throughput::Elements(100_000));
    group.bench_function("100k calls", |b| b.iter_with_large_drop(|| calls(100_000)));
    group.bench_function("100k pure calls", |b| {
        let inc = delayed(|x: u64| x + 1).pure();
        b.iter_with_large_drop(|| (0..100_000u64).map(|x| inc.call((x,))).collect::<Vec<_>>());
    });
    let handles = calls(100_000);
    group.bench_function("a list of 100k handles", |b| {
        b.iter_with_large_drop(|| sum_of(&handles));
    });
    group.finish();
}

fn sum(c: &mut Criterion) {
    let mut group = c.benchmark_group("sum over a list, built, computed and dropped");
    group.sample_size(10);
    for n in [10_000, 100_000, 1_000_000] {
        group.throughput(Throughput::Elements(n));
        group.bench_with_input(BenchmarkId::from_parameter(n), &n, |b, &n| {
            b.iter(|| {
                let total = sum_of(&calls(n)).compute();
                assert_eq!(total.ok(), Some(n * (n + 1) / 2));
            });
        });
    }
    group.finish();
}

fn chain(c: &mut Criterion) {
    let mut group = c.benchmark_group("a chain of 200k calls, built, computed and dropped");
    group.sample_size(10);
    group.bench_function("chain", |b| {
        let inc = delayed(|x: u64| x + 1);
        b.iter(|| {
            let last = (0..200_000).fold(value(0u64), |x, _| inc.call(x));
            assert_eq!(last.compute().ok(), Some(200_000));
        });
    });
    group.finish();
}

criterion_group!(benches, build, sum, chain);
criterion_main!(benches);
