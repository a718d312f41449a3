//! Scattering, gathering, spilling and reading back: bytes a second, one thread.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on stops")]

use chunkwise_memory::{Budget, Compression, Exchanged, PartitionedBuilder, Spill, SpillOptions};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BYTES: usize = 16 << 20;
const WIDTH: usize = 16;
const N_PARTITIONS: u32 = 256;

/// Records of a key and a small value: LZ4 makes about two thirds of them.
fn records() -> Vec<u8> {
    let record = |i: u64| [i.wrapping_mul(0x9E37_79B9_7F4A_7C15), i % 1000];
    let numbers = (0..(BYTES / WIDTH) as u64).flat_map(record);
    numbers.flat_map(u64::to_le_bytes).collect()
}

fn exchange(criterion: &mut Criterion) {
    let (budget, records) = (Budget::new(1 << 30), records());
    let spill = Spill::new(SpillOptions::default());
    let partition_of = |i: usize| {
        let key = records[i * WIDTH..].first_chunk().map_or(0, |key| u64::from_le_bytes(*key));
        (((key >> 32) * u64::from(N_PARTITIONS)) >> 32) as u32
    };
    let scatter = || {
        let builder = PartitionedBuilder::new(N_PARTITIONS, &budget, &spill);
        builder.scatter_fixed(&records, WIDTH, partition_of).unwrap()
    };
    let mut group = criterion.benchmark_group("exchange");
    group.throughput(Throughput::Bytes(BYTES as u64));
    group.bench_function("scatter", |bencher| bencher.iter(scatter));
    for place in ["memory", "disk"] {
        let exchanged = Exchanged::new(N_PARTITIONS, vec![scatter()]).unwrap();
        if place == "disk" {
            budget.reclaim(u64::MAX);
        }
        group.bench_function(format!("gather from {place}"), |bencher| {
            bencher.iter(|| {
                for partition in 0..N_PARTITIONS {
                    black_box(exchanged.partition(partition).unwrap().read_all().unwrap());
                }
            });
        });
    }
    group.finish();
}

fn spilling(criterion: &mut Criterion) {
    let (records, mut again) = (records(), vec![0; BYTES]);
    let mut group = criterion.benchmark_group("spill");
    group.throughput(Throughput::Bytes(BYTES as u64));
    for compression in [Compression::Never, Compression::Auto, Compression::Always] {
        let spill = Spill::new(SpillOptions::default().compression(compression));
        group.bench_function(format!("write, compressed {compression:?}"), |bencher| {
            bencher.iter(|| spill.write(&[&records]).unwrap());
        });
        let extent = spill.write(&[&records]).unwrap();
        group.bench_function(format!("read, compressed {compression:?}"), |bencher| {
            bencher.iter(|| extent.read_at(0, &mut again).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, exchange, spilling);
criterion_main!(benches);
