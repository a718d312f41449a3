//! Overhead of the process scheduler, in wall time: what a trivial task costs among many, where each
//! waits for the one before, and what starting workers costs.
//!
//! Wall time, as parent and workers work at the same time; the benches of the other schedulers
//! measure CPU time.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

use chunkwise_graph::{Key, Plan, Run, Scheduler, TaskDict, list, literal};
use chunkwise_sched_process::Processes;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn inc(x: i64) -> i64 {
    x + 1
}

fn sum(all: Vec<i64>) -> i64 {
    all.iter().sum()
}

/// Leaves, summed up eight at a time.
fn tree(n_leaves: u32) -> Plan {
    let mut graph = TaskDict::new();
    let mut keys: Vec<Key> = Vec::new();
    for leaf in 0..n_leaves {
        let key = Key::from(("leaf", leaf));
        graph.task(&key, inc, [literal(i64::from(leaf))]);
        keys.push(key);
    }
    for level in 0u32.. {
        if keys.len() == 1 {
            break;
        }
        let sums = keys.chunks(8).zip(0u32..).map(|(keys, at)| {
            let key = Key::from(("sum", level, at));
            graph.task(&key, sum, [list(keys)]);
            key
        });
        keys = sums.collect();
    }
    graph.graph(&keys).and_then(|graph| graph.plan()).expect("a tree is sound")
}

/// Tasks of which each waits for the one before; not fused, so that each is handed over.
fn chain(n: u32) -> Plan {
    let mut graph = TaskDict::new();
    graph.task(("x", 0u32), || 0i64, ());
    for task in 1..n {
        graph.task(("x", task), inc, [("x", task - 1)]);
    }
    let last = Key::from(("x", n - 1));
    graph.graph(&[last]).and_then(|graph| graph.plan()).expect("a chain is sound")
}

fn run(processes: &Processes, plan: &Plan) {
    black_box(processes.run(plan, &Run::new()).expect("no task fails"));
}

fn overhead(c: &mut Criterion) {
    let processes = Processes::new(2).expect("workers start");
    let mut group = c.benchmark_group("overhead");
    group.sample_size(20);
    for (name, plan) in
        [("tree/11430", tree(10_000)), ("tree/114289", tree(100_000)), ("hops/2000", chain(2000))]
    {
        group.throughput(Throughput::Elements(plan.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), &plan, |b, plan| {
            b.iter(|| run(&processes, plan));
        });
    }
    group.finish();
}

fn start(c: &mut Criterion) {
    let mut group = c.benchmark_group("start");
    group.sample_size(20);
    group.bench_function("2 workers, and their end", |b| {
        b.iter(|| black_box(Processes::new(2).expect("workers start")));
    });
    group.bench_function("2 workers", |b| {
        b.iter_with_large_drop(|| Processes::new(2).expect("workers start"));
    });
    group.finish();
}

criterion_group!(benches, overhead, start);
criterion_main!(benches);
