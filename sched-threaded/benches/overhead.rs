//! Overhead of the threaded scheduler: CPU nanoseconds a task, of plans whose tasks do next to
//! nothing; the run alone, all threads together.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

use chunkwise_graph::{Observer, Plan, Run, Scheduler, shapes};
use chunkwise_sched_threaded::Threaded;
use chunkwise_testing::{CpuTime, trivial_plan};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn plans(n: usize) -> [(&'static str, Plan); 4] {
    let plan = |dag| trivial_plan(dag).expect("synthetic graphs are sound");
    [
        ("tree", plan(shapes::tree(n))),
        ("chain", plan(shapes::chain(n))),
        ("lattice", plan(shapes::lattice(n))),
        ("random", plan(shapes::random(n, 1000, 0))),
    ]
}

fn run(scheduler: &Threaded, plan: &Plan, run: &Run) {
    black_box(scheduler.run(plan, run).expect("no task fails"));
}

fn overhead(c: &mut Criterion<CpuTime>) {
    let schedulers =
        [1, 2].map(|n| (n, Threaded::with_threads(n).expect("the system has threads")));
    for n in [100_000, 1_000_000, 5_000_000] {
        let mut group = c.benchmark_group(format!("overhead/{n}"));
        group.sample_size(if n > 100_000 { 10 } else { 30 });
        for (name, plan) in plans(n) {
            group.throughput(Throughput::Elements(plan.len() as u64));
            for (threads, scheduler) in &schedulers {
                let id = BenchmarkId::new(name, format!("{threads} threads"));
                group.bench_function(id, |b| b.iter(|| run(scheduler, &plan, &Run::new())));
            }
        }
        group.finish();
    }
}

struct Silent;

impl Observer for Silent {}

fn observers(c: &mut Criterion<CpuTime>) {
    let scheduler = Threaded::with_threads(1).expect("the system has threads");
    let [(_, plan), ..] = plans(100_000);
    let mut group = c.benchmark_group("observers/100000 tree, 1 thread");
    group.throughput(Throughput::Elements(plan.len() as u64));
    group.bench_function("none", |b| b.iter(|| run(&scheduler, &plan, &Run::new())));
    let observed = Run::new().observer(Arc::new(Silent));
    group.bench_function("one that does nothing", |b| b.iter(|| run(&scheduler, &plan, &observed)));
    group.finish();
}

fn one_task(c: &mut Criterion<CpuTime>) {
    let scheduler = Threaded::new();
    let plan = trivial_plan(shapes::chain(1)).expect("one task is sound");
    c.bench_function("one task", |b| b.iter(|| run(&scheduler, &plan, &Run::new())));
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = overhead, observers, one_task
}
criterion_main!(benches);
