//! Time to order, for each shape and size, and for each strategy on one size.

use chunkwise_graph::dag::Dag;
use chunkwise_graph::order::{OrderOptions, Refine, Strategy, exact, order};
use chunkwise_graph::shapes;
use chunkwise_graph::simulate::{Memory, peak};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn shapes_of(n: usize) -> [(&'static str, Dag); 4] {
    [
        ("tree", shapes::tree(n)),
        ("chain", shapes::chain(n)),
        ("lattice", shapes::lattice(n)),
        ("random", shapes::random(n, 1000, 1)),
    ]
}

/// `order` as a scheduler calls it: several strategies up to 32,768 tasks, one above.
fn ordering(c: &mut Criterion) {
    let mut group = c.benchmark_group("order");
    group.sample_size(10).warm_up_time(Duration::from_millis(500));
    for n in [10_000, 100_000, 1_000_000] {
        for (shape, dag) in shapes_of(n) {
            group.throughput(Throughput::Elements(dag.len() as u64));
            group.bench_with_input(BenchmarkId::new(shape, n), &dag, |b, dag| {
                b.iter(|| black_box(order(dag, None)));
            });
        }
    }
    group.finish();
}

/// One strategy at a time, without moving tasks afterwards.
fn strategies(c: &mut Criterion) {
    let mut group = c.benchmark_group("strategy");
    group.sample_size(10).warm_up_time(Duration::from_millis(200));
    for (shape, dag) in shapes_of(20_000) {
        group.throughput(Throughput::Elements(dag.len() as u64));
        for strategy in Strategy::ALL {
            let only = [strategy];
            let options = OrderOptions {
                strategies: &only,
                refine: Refine::Never,
                max_compared: 0,
                ..OrderOptions::default()
            };
            group.bench_with_input(BenchmarkId::new(shape, strategy), &dag, |b, dag| {
                b.iter(|| black_box(options.order(dag)));
            });
        }
    }
    group.finish();
}

/// The parts: sizes in bytes, simulation, search.
fn parts(c: &mut Criterion) {
    let mut group = c.benchmark_group("order parts");
    group.sample_size(10).warm_up_time(Duration::from_millis(200));
    let dag = shapes::random(100_000, 1000, 1);
    let sizes: Vec<u64> = dag.tasks().map(|task| u64::from(task) * 7919 % 1000).collect();
    let sequence = order(&dag, None).unwrap_or_default();
    group.throughput(Throughput::Elements(dag.len() as u64));
    group.bench_function("sizes/random/100000", |b| {
        b.iter(|| black_box(order(&dag, Some(&sizes))));
    });
    group.bench_function("peak/random/100000", |b| {
        b.iter(|| black_box(peak(&dag, &sequence, &Memory::default())));
    });
    let small = shapes::random(20, 20, 1);
    group.throughput(Throughput::Elements(1));
    group.bench_function("exact/random/20", |b| {
        b.iter(|| black_box(exact(&small, None, u64::MAX, 1 << 20)));
    });
    group.finish();
}

criterion_group!(benches, ordering, strategies, parts);
criterion_main!(benches);
