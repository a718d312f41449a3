//! Reductions of one chunk: how many bytes a second one thread gets through.
#![allow(missing_docs, reason = "criterion makes the functions")]
#![allow(clippy::expect_used, reason = "a bench that cannot run has nothing to say")]

use chunkwise_array::{Array, CollectionExt, Element};
use chunkwise_graph::InOrder;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An array that is held in memory, in one chunk.
fn held<T: Element>(shape: [usize; 2], element: impl Fn(usize) -> T) -> Array<T> {
    let memory = ndarray::Array2::from_shape_fn(shape, |(row, column)| {
        element((row * 31 + column * 7) % 251)
    });
    let array = Array::from_ndarray(&memory, -1);
    chunkwise_array::Persist::persist_with(&array, &InOrder).expect("it fits")
}

fn bench<T: Element, B: Element>(c: &mut Criterion, name: &str, x: &Array<T>, result: &Array<B>) {
    let mut group = c.benchmark_group("reductions");
    group.throughput(Throughput::Bytes(x.nbytes().unwrap_or(0) as u64));
    group.bench_function(name, |b| b.iter(|| black_box(result.compute_with(&InOrder))));
    group.finish();
}

fn reductions(c: &mut Criterion) {
    let (f4, f8) = (held([256, 256], |n| n as f32), held([256, 256], |n| n as f64));
    bench(c, "sum f32, 256 KB", &f4, &f4.sum());
    bench(c, "sum f64, 512 KB", &f8, &f8.sum());
    bench(c, "max f64, 512 KB", &f8, &f8.max());
    bench(c, "argmax f64, 512 KB", &f8, &f8.argmax());
    bench(c, "var f64, 512 KB", &f8, &f8.var(0.0));
    bench(c, "nanmean f64, 512 KB", &f8, &f8.nanmean());
    bench(c, "kurtosis f64, 512 KB", &f8, &f8.kurtosis());
    bench(c, "mean axis 0 f64, 512 KB", &f8, &f8.mean_axis(0));
    bench(c, "mean axis 1 f64, 512 KB", &f8, &f8.mean_axis(1));
    bench(c, "var axis 0 f64, 512 KB", &f8, &f8.var_axis(0, 0.0));
    let bytes = held([500, 500], |n| n as u8);
    bench(c, "mean axis 0 u8, 250 KB", &bytes, &bytes.mean_axis(0));
    bench(c, "sum u8, 250 KB", &bytes, &bytes.sum());
    bench(c, "count_nonzero u8, 250 KB", &bytes, &bytes.count_nonzero());
    bench(c, "cumsum axis 0 f64, 512 KB", &f8, &f8.cumsum(0));
    bench(c, "cumsum axis 1 f64, 512 KB", &f8, &f8.cumsum(1));
    bench(c, "sort axis 1 f64, 512 KB", &f8, &f8.sort(1));
    bench(c, "median f64, 512 KB", &f8, &f8.median());
    bench(
        c,
        "histogram f64, 512 KB",
        &f8,
        &f8.histogram(chunkwise_array::Bins::uniform(100, 0.0, 251.0)),
    );
}

criterion_group!(benches, reductions);
criterion_main!(benches);
