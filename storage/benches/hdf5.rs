//! Reading and writing HDF5: elements a second, one and two threads.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on stops")]

use chunkwise_storage::hdf5::{DatasetOptions, Hdf5Dataset, Hdf5File, Hdf5Writer};
use chunkwise_storage::{Element, ReadRegion, Region, Span, WriteRegion};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Numbers that pack to about 70 %, as measurements do.
fn noisy(len: usize) -> Vec<f32> {
    let mut state = 1u64;
    (0..len)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 52) as f32 / 16.0
        })
        .collect()
}

fn make<T: Element>(
    path: &Path,
    shape: &[usize],
    options: &DatasetOptions<T>,
    data: &[T],
) -> Hdf5Dataset<T> {
    let file = Hdf5Writer::create(path).unwrap();
    let target = file.dataset("x", shape, options).unwrap();
    target.write(&Region::whole(shape), data).unwrap();
    file.finish().unwrap();
    Hdf5File::open(path).unwrap().dataset("x").unwrap()
}

/// Reads regions on so many threads, each with a buffer of its own.
fn read_all<T: Element>(dataset: &Hdf5Dataset<T>, regions: &[Region], threads: usize) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut out = Vec::new();
                while let Some(region) = regions.get(next.fetch_add(1, Ordering::Relaxed)) {
                    out.resize(region.len(), T::default());
                    dataset.read_region(region, &mut out).unwrap();
                    black_box(&mut out);
                }
            });
        }
    });
}

fn pieces(len: usize, piece: usize) -> Vec<Region> {
    (0..len)
        .step_by(piece)
        .map(|start| Region::from_iter([Span::new(start, piece.min(len - start))]))
        .collect()
}

fn long(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let len = 50_000_000;
    let data = noisy(len);
    let plain = make(&folder.path().join("plain"), &[len], &DatasetOptions::default(), &data);
    let len = 10_000_000;
    let chunks = DatasetOptions::chunked(&[100_000]);
    let chunked = make(&folder.path().join("chunked"), &[len], &chunks, &data[..len]);
    let packed = chunks.shuffle().gzip(4);
    let packed = make(&folder.path().join("packed"), &[len], &packed, &data[..len]);
    for (name, dataset) in
        [("contiguous", &plain), ("chunked", &chunked), ("gzip+shuffle", &packed)]
    {
        let len = dataset.shape()[0];
        let mut group = c.benchmark_group(format!("read f32 {name}"));
        group.throughput(Throughput::Bytes(len as u64 * 4)).sample_size(10);
        for piece in [65_536, 1_000_000] {
            for threads in [1, 2] {
                let regions = pieces(len, piece);
                group.bench_function(format!("{piece} at once, {threads} threads"), |b| {
                    b.iter(|| read_all(dataset, &regions, threads));
                });
            }
        }
        group.finish();
    }
}

/// A picture of weather: (5760, 11520) bytes.
fn strided(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let shape = [5760, 11520];
    let data: Vec<u8> = (0..shape[0] * shape[1]).map(|i| (i % 251) as u8).collect();
    let plain = make(&folder.path().join("plain"), &shape, &DatasetOptions::default(), &data);
    let chunks = DatasetOptions::chunked(&[500, 500]);
    let chunked = make(&folder.path().join("chunked"), &shape, &chunks, &data);
    let packed = make(&folder.path().join("packed"), &shape, &chunks.shuffle().gzip(1), &data);
    for (name, dataset) in [("contiguous", &plain), ("chunked", &chunked), ("gzip", &packed)] {
        let mut group = c.benchmark_group(format!("read u8 {name}"));
        group.sample_size(10);
        for step in [1, 2, 100] {
            let region: Region = shape
                .iter()
                .map(|&len| Span { start: 0, count: len.div_ceil(step), step })
                .collect();
            group.throughput(Throughput::Elements(region.len() as u64));
            group.bench_function(format!("[::{step}, ::{step}]"), |b| {
                b.iter(|| read_all(dataset, std::slice::from_ref(&region), 1));
            });
        }
        let chunk = Region::from_iter([Span::new(500, 500), Span::new(1000, 500)]);
        group.throughput(Throughput::Elements(chunk.len() as u64));
        group.bench_function("one chunk", |b| {
            b.iter(|| read_all(dataset, std::slice::from_ref(&chunk), 1));
        });
        group.finish();
    }
}

/// (4000, 4000) numbers in 64 regions.
fn write(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let data: Vec<f64> = (0..500 * 500).map(|i| (i / 100) as f64).collect();
    let regions: Vec<Region> = (0..64)
        .map(|i| Region::from_iter([Span::new(i / 8 * 500, 500), Span::new(i % 8 * 500, 500)]))
        .collect();
    let plain = DatasetOptions::chunked(&[500, 500]);
    let mut group = c.benchmark_group("write f64 (4000, 4000)");
    group.throughput(Throughput::Bytes(128_000_000)).sample_size(10);
    for (name, options) in
        [("chunked", plain.clone()), ("gzip 1 + shuffle", plain.shuffle().gzip(1))]
    {
        for threads in [1, 2] {
            group.bench_function(format!("{name}, {threads} threads"), |b| {
                b.iter(|| {
                    let file = Hdf5Writer::create(folder.path().join("x")).unwrap();
                    let target = file.dataset("x", &[4000, 4000], &options).unwrap();
                    let next = AtomicUsize::new(0);
                    std::thread::scope(|scope| {
                        for _ in 0..threads {
                            scope.spawn(|| {
                                while let Some(region) =
                                    regions.get(next.fetch_add(1, Ordering::Relaxed))
                                {
                                    target.write_region(region, &data).unwrap();
                                }
                            });
                        }
                    });
                    file.finish().unwrap();
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, long, strided, write);
criterion_main!(benches);
