//! Linear algebra by blocks: on one core against a decomposition in one piece, and on all cores.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use chunkwise_array::linalg::{self, Triangle};
use chunkwise_array::{Array, CollectionExt};
use chunkwise_graph::InOrder;
use chunkwise_sched_threaded::Threaded;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use faer::{Accum, Mat, Par};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Numbers between -1 and 1 that look random, by their position.
fn number(at: usize) -> f64 {
    let mixed = (at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31);
    (mixed.wrapping_mul(0xd6e8_feb8_6659_fd93) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

fn random(shape: [usize; 2], chunks: [i64; 2]) -> Array<f64> {
    let array =
        ndarray::Array2::from_shape_fn((shape[0], shape[1]), |(i, j)| number(i * shape[1] + j));
    Array::from_ndarray(&array.into_dyn(), chunks)
}

/// Floating-point operations of a product of square matrices.
fn flops(n: usize) -> Throughput {
    Throughput::Elements(2 * (n as u64).pow(3))
}

fn products(c: &mut Criterion) {
    const N: usize = 2000;
    let mut group = c.benchmark_group("product of 2000 x 2000, f64");
    group.throughput(flops(N));
    let (a, b) = (
        Mat::from_fn(N, N, |i, j| number(i * N + j)),
        Mat::from_fn(N, N, |i, j| number(i + j * N)),
    );
    let mut out = Mat::<f64>::zeros(N, N);
    group.bench_function("faer in one piece, one core", |bench| {
        bench.iter(|| {
            let accum = Accum::Replace;
            faer::linalg::matmul::matmul(&mut out, accum, &a, &b, black_box(1.0), Par::Seq);
        });
    });
    let (x, y) = (random([N, N], [500, 500]), random([N, N], [500, 500]));
    group.bench_function("chunks of 500, one core", |bench| {
        bench.iter(|| x.dot(&y).compute_with(&InOrder));
    });
    let all = Threaded::new();
    group.bench_function("chunks of 500, all cores", |bench| {
        bench.iter(|| x.dot(&y).compute_with(&all));
    });
    group.bench_function("with itself transposed, chunks of 500, all cores", |bench| {
        bench.iter(|| linalg::einsum("ij,kj->ik", &[&x, &x]).compute_with(&all));
    });
    group.finish();
}

fn decompositions(c: &mut Criterion) {
    let mut group = c.benchmark_group("decompositions, f64");
    let tall = random([200_000, 20], [10_000, -1]);
    group.bench_function("qr of 200000 x 20 in 20 chunks, one core", |bench| {
        bench.iter(|| {
            let (q, r) = linalg::qr(&tall);
            (q.compute_with(&InOrder), r.compute_with(&InOrder))
        });
    });
    let whole = Mat::from_fn(200_000, 20, |i, j| number(i * 20 + j));
    group.bench_function("qr of 200000 x 20 in one piece by faer", |bench| {
        bench.iter(|| {
            let qr = whole.qr();
            (qr.compute_thin_Q(), qr.thin_R().to_owned())
        });
    });
    const N: usize = 2000;
    let x = random([N, N], [500, 500]);
    let shift = Array::from_ndarray(&(ndarray::Array2::<f64>::eye(N) * N as f64).into_dyn(), 500);
    let positive = (linalg::einsum("ij,kj->ik", &[&x, &x]) + &shift).compute();
    let Ok(positive) = positive else { return };
    let a = Array::from_ndarray(&positive, 500);
    group.bench_function("cholesky of 2000 x 2000 in chunks of 500, one core", |bench| {
        bench.iter(|| linalg::cholesky(&a, Triangle::Lower).compute_with(&InOrder));
    });
    let dense = Mat::from_fn(N, N, |i, j| positive[[i, j]]);
    group.bench_function("cholesky of 2000 x 2000 in one piece by faer", |bench| {
        bench.iter(|| dense.llt(faer::Side::Lower));
    });
    group.bench_function("solve with 2000 x 2000 in chunks of 500, one core", |bench| {
        bench.iter(|| linalg::solve(&a, &Array::<f64>::ones(N, 500)).compute_with(&InOrder));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(2));
    targets = products, decompositions
}
criterion_main!(benches);
