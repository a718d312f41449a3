//! Reading and writing 4000 x 4000 `f32` (64 MB) in chunks of 500 x 500, of version 3 with Zstandard,
//! each chunk in its file and in shards of 2000 x 2000: wall-clock time, on one and two threads.
//!
//! The numbers are smooth with some noise, as of a sensor.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

use chunkwise_storage::zarr::{Compressor, ZarrArray, ZarrOptions, ZarrTarget};
use chunkwise_storage::{ReadRegion, Region, Span, WriteRegion};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::Path;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const LEN: usize = 4000;
const SHARD: usize = 2000;
const BYTES: Throughput = Throughput::Bytes((LEN * LEN * 4) as u64);

fn numbers() -> Vec<f32> {
    let mut state = 1u32;
    let number = |i| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let smooth = ((i / LEN) as f32 / 300.0).sin() + ((i % LEN) as f32 / 200.0).cos();
        (smooth * 1024.0 + (state >> 28) as f32).round() / 1024.0
    };
    (0..LEN * LEN).map(number).collect()
}

fn options(sharded: bool) -> ZarrOptions<f32> {
    let options = ZarrOptions::new([500, 500]).compressor(Compressor::Zstd { level: 1 });
    if sharded { options.shards([SHARD, SHARD]) } else { options }
}

/// The halves of the array, each of whole shards.
fn halves() -> [Region; 2] {
    [0, SHARD].map(|row| Region::from_iter([Span::new(row, SHARD), Span::new(0, LEN)]))
}

/// Does both pieces of work, on one thread or two.
fn both(threads: usize, first: impl FnOnce() + Send, second: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        if threads == 1 {
            first()
        } else {
            drop(scope.spawn(first))
        }
        second();
    });
}

fn read(array: &ZarrArray<f32>, threads: usize, out: &mut [f32]) {
    let [upper, lower] = halves();
    let (first, second) = out.split_at_mut(SHARD * LEN);
    let read = |region: Region, out: &mut [f32]| array.read(&region, out).expect("it is sound");
    both(threads, || read(upper, first), || read(lower, second));
}

fn write(path: &Path, sharded: bool, threads: usize, data: &[f32]) {
    let target = ZarrTarget::create(path, "", &[LEN, LEN], &options(sharded)).expect("a folder");
    let [upper, lower] = halves();
    let (first, second) = data.split_at(SHARD * LEN);
    let write = |region: Region, data: &[f32]| target.write(&region, data).expect("there is room");
    both(threads, || write(upper, first), || write(lower, second));
    // given up and not finished: syncing would measure the disk
}

fn zarr(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = numbers();
    let mut out = vec![0.0; LEN * LEN];
    for (name, sharded) in [("chunks", false), ("shards", true)] {
        let path = folder.path().join(name);
        let target = ZarrTarget::create(&path, "", &[LEN, LEN], &options(sharded));
        let target = target.expect("a folder");
        target.write(&Region::whole(&[LEN, LEN]), &data).expect("there is room");
        target.finish().expect("there is nothing yet");
        let array = ZarrArray::<f32>::open(&path, "").expect("the store is there");
        read(&array, 1, &mut out);
        assert!(out == data, "what was read is what was written");

        let mut group = c.benchmark_group("zarr/read");
        group.sample_size(15).throughput(BYTES);
        for threads in [1, 2] {
            group.bench_function(BenchmarkId::new(name, format!("{threads} threads")), |b| {
                b.iter(|| read(black_box(&array), threads, &mut out));
            });
        }
        let thin = Region::from_iter([Span::new(0, LEN), Span { start: 0, count: 4, step: 1000 }]);
        group.throughput(Throughput::Elements(thin.len() as u64));
        let mut columns = vec![0.0; thin.len()];
        group.bench_function(BenchmarkId::new(name, "4 columns"), |b| {
            b.iter(|| array.read(black_box(&thin), &mut columns).expect("it is sound"));
        });
        group.finish();

        let mut group = c.benchmark_group("zarr/write");
        group.sample_size(10).throughput(BYTES);
        for threads in [1, 2] {
            group.bench_function(BenchmarkId::new(name, format!("{threads} threads")), |b| {
                b.iter(|| write(&folder.path().join("new"), sharded, threads, black_box(&data)));
            });
        }
    }
}

criterion_group!(benches, zarr);
criterion_main!(benches);
