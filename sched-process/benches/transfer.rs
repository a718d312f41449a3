//! Large values between two tasks on different workers, beside copying as many bytes in memory.
//!
//! Two values of equal size are made, one on each worker; a task needs both, so that one of them
//! has to travel. The same without that task, so that nothing has to, is what to subtract.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]
#![allow(clippy::ptr_arg, reason = "functions of tasks take what tasks give")]

use chunkwise_graph::{Key, Plan, Run, Scheduler, TaskDict, by_ref, literal};
use chunkwise_sched_process::Processes;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn make(n: u64) -> Vec<f64> {
    vec![1.0; n as usize]
}

fn end(x: &Vec<f64>) -> f64 {
    x[0]
}

/// Looks at two numbers, so that what is measured is the journey.
fn ends(x: &Vec<f64>, y: &Vec<f64>) -> f64 {
    x[0] + y[y.len() - 1]
}

fn plan(n: u64, keys: &[&str]) -> Plan {
    let mut graph = TaskDict::new();
    graph.task("x", make, [literal(n)]).task("y", make, [literal(n)]);
    graph.task("of x", by_ref(end), ["x"]).task("of y", by_ref(end), ["y"]);
    graph.task("of both", by_ref(ends), ["x", "y"]);
    let keys: Vec<Key> = keys.iter().map(|key| Key::from(*key)).collect();
    graph.graph(&keys).and_then(|graph| graph.plan()).expect("the graph is sound")
}

fn transfer(c: &mut Criterion) {
    let processes = Processes::new(2).expect("workers start");
    let mut group = c.benchmark_group("transfer");
    group.sample_size(20);
    for (name, bytes) in [("1 MB", 1_000_000u64), ("10 MB", 10_000_000), ("100 MB", 100_000_000)] {
        let n = bytes / 8;
        group.throughput(Throughput::Bytes(bytes));
        let (both, apart) = (plan(n, &["of both"]), plan(n, &["of x", "of y"]));
        let run = |plan: &Plan| {
            black_box(processes.run(plan, &Run::new()).expect("no task fails"));
        };
        group.bench_function(BenchmarkId::new("made, and brought together", name), |b| {
            b.iter(|| run(&both))
        });
        group.bench_function(BenchmarkId::new("made", name), |b| b.iter(|| run(&apart)));
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
