//! Elementwise work: CPU nanoseconds an element, one thread.
//!
//! `chain` is the yardstick: a fused chain that is summed and never stored. `by_hand` is the same as
//! a loop over rows of the functions of `chunkwise-array-math`. Criterion's throughput is elements.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

use chunkwise_array::random::{self, Seed};
use chunkwise_array::{Array, CollectionExt, Persist};
use chunkwise_array_math as math;
use chunkwise_graph::InOrder;
use chunkwise_testing::CpuTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const N: usize = 2000;

fn chain(x: &Array<f64>, y: &Array<f64>) -> Array<f64> {
    (x * y + 1.0).sin().square() + (x - y).cos() * 3.0
}

/// What the chain costs without arrays: rows of 1,024.
fn by_hand(n: usize) -> f64 {
    const ROW: usize = 1024;
    let (x, y) = ([0.5; ROW], [2.0; ROW]);
    let (mut a, mut b) = ([0.0; ROW], [0.0; ROW]);
    let mut sum = 0.0;
    for _ in 0..n / ROW {
        let (x, y) = (black_box(&x), black_box(&y));
        for (a, (x, y)) in a.iter_mut().zip(x.iter().zip(y)) {
            *a = x * y + 1.0;
        }
        math::sin(&a, &mut b);
        for (a, (x, y)) in a.iter_mut().zip(x.iter().zip(y)) {
            *a = x - y;
        }
        let mut c = [0.0; ROW];
        math::cos(&a, &mut c);
        for (b, c) in b.iter_mut().zip(&c) {
            *b = *b * *b + c * 3.0;
        }
        sum += math::sum(&b);
    }
    sum
}

fn sums(c: &mut Criterion<CpuTime>) {
    let mut group = c.benchmark_group("elementwise");
    group.sample_size(20).throughput(Throughput::Elements((N * N) as u64));
    let x = Array::full([N, N], 1.0, -1) * 0.5;
    let y = Array::full([N, N], 2.0, -1);
    let mut bench = |name: &str, f: &dyn Fn()| {
        group.bench_function(name, |b| b.iter(f));
    };
    let sum = |array: &Array<f64>| {
        black_box(array.sum().compute_with(&InOrder).expect("it can be computed"));
    };
    bench("chain", &|| sum(&chain(&x, &y)));
    bench("by_hand", &|| {
        black_box(by_hand(N * N));
    });
    bench("chain_mean_axis_0", &|| {
        let mean = chain(&x, &y).mean_axis(0);
        black_box(mean.compute_with(&InOrder).expect("it can be computed"));
    });
    bench("full", &|| sum(&y));
    bench("five_additions", &|| sum(&(((((&x + &y) + 1.0) + &x) + 2.0) + &y)));
    let held = y.persist().expect("it can be computed");
    bench("read_and_add", &|| sum(&(&held + 1.0)));
    let bytes = Array::full([N, N], 7u8, -1).persist().expect("it can be computed");
    bench("u8_to_f32", &|| {
        let sum = bytes.cast::<f32>().sum();
        black_box(sum.compute_with(&InOrder).expect("it can be computed"));
    });
    bench("compare_and_count", &|| {
        let n = held.gt(1.0).count_nonzero();
        black_box(n.compute_with(&InOrder).expect("it can be computed"));
    });
    let normal = random::normal(0.0, 1.0, [N, N], Seed(0)).chunks(-1);
    bench("normal", &|| sum(&normal));
    bench("uniform", &|| sum(&random::random([N, N], Seed(0)).chunks(-1)));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = sums
}
criterion_main!(benches);
