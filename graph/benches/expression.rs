//! From an expression to its result: `((x + 1) * 2 + y).sum()` over a million blocks of one
//! number, so that what is measured is the graph and not the numbers. CPU time.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

use chunkwise_graph::{CollectionExt, InOrder, Run, Scheduler};
use chunkwise_testing::{CpuTime, small_blocks_expression};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const GRID: [u32; 2] = [1000, 1000];

fn expression(c: &mut Criterion<CpuTime>) {
    let mut group = c.benchmark_group("expression over 1000000 blocks");
    group.bench_function("build", |b| b.iter(|| black_box(small_blocks_expression(&GRID))));
    let sum = small_blocks_expression(&GRID);
    group.bench_function("fuse", |b| b.iter(|| black_box(sum.graph())));
    group.finish();

    let mut group = c.benchmark_group("expression over 1000000 blocks, a task");
    group.sample_size(10);
    let graph = sum.graph();
    let plan = graph.plan().expect("the expression is sound");
    group.throughput(Throughput::Elements(plan.len() as u64));
    group.bench_function("plan", |b| b.iter(|| black_box(graph.plan())));
    group.bench_function("run in order", |b| b.iter(|| black_box(InOrder.run(&plan, &Run::new()))));
    group.bench_function("everything", |b| {
        b.iter(|| black_box(small_blocks_expression(&GRID).compute_with(&InOrder)));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = expression
}
criterion_main!(benches);
