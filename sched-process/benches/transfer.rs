//! Large values between two tasks on different workers, beside copying as many bytes in memory.
//!
//! Two values of equal size are made, one on each worker; a task needs both, so that one of them
//! has to travel. The same with the values on one worker, which needs no journey, is what to
//! subtract.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

use chunkwise_graph::{Plan, Run, Scheduler, TaskDict, by_ref, literal};
use chunkwise_sched_process::Processes;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn make(n: u64) -> Vec<f64> {
    vec![1.0; n as usize]
}

/// Looks at two numbers of each, so that what is measured is the journey.
fn ends(x: &Vec<f64>, y: &Vec<f64>) -> f64 {
    x[0] + y[y.len() - 1]
}

fn plan(n: u64) -> Plan {
    let mut graph = TaskDict::new();
    graph.task("x", make, [literal(n)]).task("y", make, [literal(n)]);
    graph.task("z", by_ref(ends), ["x", "y"]);
    graph.graph(&["z".into()]).and_then(|graph| graph.plan()).expect("the graph is sound")
}

fn transfer(c: &mut Criterion) {
    let (two, one) = (Processes::new(2), Processes::new(1));
    let (two, one) = (two.expect("workers start"), one.expect("workers start"));
    let mut group = c.benchmark_group("transfer");
    group.sample_size(20);
    for (name, bytes) in [("1 MB", 1_000_000u64), ("10 MB", 10_000_000), ("100 MB", 100_000_000)] {
        let n = bytes / 8;
        group.throughput(Throughput::Bytes(bytes));
        let plan = plan(n);
        let run = |processes: &Processes| {
            black_box(processes.run(&plan, &Run::new()).expect("no task fails"));
        };
        group.bench_function(BenchmarkId::new("between workers", name), |b| b.iter(|| run(&two)));
        group.bench_function(BenchmarkId::new("within a worker", name), |b| b.iter(|| run(&one)));
        let source = make(n);
        group.bench_function(BenchmarkId::new("copied in memory", name), |b| {
            b.iter(|| black_box(source.clone()));
        });
        let mut warm = source.clone();
        group.bench_function(BenchmarkId::new("copied to warm memory", name), |b| {
            b.iter(|| warm.copy_from_slice(black_box(&source)));
        });
    }
    group.finish();
}

criterion_group!(benches, transfer);
criterion_main!(benches);
