//! Overhead of the synchronous scheduler: CPU nanoseconds a task, of plans whose tasks do next to
//! nothing; the run alone.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

use chunkwise_graph::{Observer, Plan, Run, Scheduler, WorkerId, shapes};
use chunkwise_sched_sync::Synchronous;
use chunkwise_testing::{CpuTime, trivial_plan};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn overhead(c: &mut Criterion<CpuTime>) {
    for n in [100_000, 1_000_000, 5_000_000] {
        let mut group = c.benchmark_group(format!("overhead/{n}"));
        group.sample_size(if n > 100_000 { 10 } else { 30 });
        let shapes = [
            ("tree", shapes::tree(n)),
            ("chain", shapes::chain(n)),
            ("lattice", shapes::lattice(n)),
            ("random", shapes::random(n, 1000, 0)),
        ];
        for (name, dag) in shapes {
            let plan = trivial_plan(dag).expect("synthetic graphs are sound");
            group.throughput(Throughput::Elements(plan.len() as u64));
            group.bench_with_input(BenchmarkId::from_parameter(name), &plan, |b, plan| {
                b.iter(|| run(plan, &Run::new()));
            });
        }
        group.finish();
    }
}

fn run(plan: &Plan, run: &Run) {
    black_box(Synchronous.run(plan, run).expect("no task fails"));
}

struct Silent;

impl Observer for Silent {}

fn observers(c: &mut Criterion<CpuTime>) {
    let plan = trivial_plan(shapes::tree(100_000)).expect("synthetic graphs are sound");
    let mut group = c.benchmark_group("observers/100000 tree");
    group.throughput(Throughput::Elements(plan.len() as u64));
    group.bench_function("none", |b| b.iter(|| run(&plan, &Run::new())));
    let observed = Run::new().observer(Arc::new(Silent));
    group.bench_function("one that does nothing", |b| b.iter(|| run(&plan, &observed)));
    group.finish();
}

/// What a task costs without any scheduler: its code alone, with its panics caught, and through
/// `Run::execute`, which also looks for observers (none here) and drops the inputs.
fn one_task(c: &mut Criterion<CpuTime>) {
    let plan = trivial_plan(shapes::chain(1)).expect("one task is sound");
    let run = Run::new();
    let mut group = c.benchmark_group("one task");
    group.bench_function("its code alone", |b| b.iter(|| black_box(plan.run_task(0, &mut []))));
    group.bench_function("with panics caught", |b| {
        b.iter(|| black_box(catch_unwind(AssertUnwindSafe(|| plan.run_task(0, &mut [])))));
    });
    group.bench_function("executed, not observed", |b| {
        b.iter(|| black_box(run.execute(&plan, 0, &mut [], WorkerId(0))));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = overhead, observers, one_task
}
criterion_main!(benches);
