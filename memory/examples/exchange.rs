//! Shuffles gigabytes of records under a memory limit, beside the plain rate of the disk.
//!
//! ```sh
//! cargo run --release -p chunkwise-memory --example exchange -- GIGABYTES LIMIT [FOLDER]
//! ```
//!
//! It prints seconds, rates, peaks and bytes on disk; sums and counts are checked. The plain rate is
//! that of writing and reading as many bytes in pieces of 8 MiB, before and after.

#![forbid(unsafe_code)]

use chunkwise_memory::{
    Budget, Exchanged, MemoryLimit, Partitioned, PartitionedBuilder, Spill, SpillOptions,
};
use std::error::Error;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const N_THREADS: usize = 2;
const WIDTH: usize = 16;
const BLOCK_BYTES: usize = 16 << 20;
/// Of records with random keys: small enough for both threads to gather one beside what is kept.
const PARTITION_BYTES: u64 = 32 << 20;
type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let gigabytes: f64 = arguments.next().unwrap_or_else(|| "0.2".into()).parse()?;
    let limit: MemoryLimit = arguments.next().unwrap_or_else(|| "64MB".into()).parse()?;
    let limit = limit.bytes().ok_or("the memory of this machine is not known")?;
    let folder = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let n_blocks = ((gigabytes * 1e9) as u64).div_ceil(BLOCK_BYTES as u64) as u32;
    let bytes = u64::from(n_blocks) * BLOCK_BYTES as u64;
    println!("{bytes} bytes of {WIDTH}-byte records, limit {limit} bytes, {N_THREADS} threads");
    // Before and after: what a disk or a virtual machine gives at first differs from what it gives
    // for blocks and pages that were used before.
    let before = plain_rate(bytes, &folder)?;
    let base = resident_peak();
    let seconds = exchange(n_blocks, Budget::new(limit), &folder)?;
    let (rate, peak) = (bytes as f64 / seconds, resident_peak());
    println!("exchange   {seconds:8.2} s  {:8.1} MB/s", rate / 1e6);
    println!("resident   {peak} bytes at the peak, {base} before");
    println!(
        "           {:.2} of the limit above what it was",
        (peak - base) as f64 / limit as f64
    );
    let after = plain_rate(bytes, &folder)?;
    let (before, after) = (rate / before, rate / after);
    println!("the exchange runs at {before:.2} of the disk's rate before, {after:.2} after");
    Ok(())
}

fn plain_rate(bytes: u64, folder: &std::path::Path) -> Result<f64, Failure> {
    let seconds = plain(bytes, folder)?;
    let rate = bytes as f64 / seconds;
    println!("plain disk {seconds:8.2} s  {:8.1} MB/s", rate / 1e6);
    Ok(rate)
}

/// Scatters and gathers; the seconds that it took.
fn exchange(n_blocks: u32, budget: Budget, folder: &std::path::Path) -> Result<f64, Failure> {
    let spill = Spill::new(SpillOptions::default().folder(folder));
    let bytes = u64::from(n_blocks) * BLOCK_BYTES as u64;
    let n_partitions = bytes.div_ceil(PARTITION_BYTES) as u32;
    let started = Instant::now();
    let scattered = on_threads(n_blocks, |block| scatter(block, n_partitions, &budget, &spill))?;
    let scattering = started.elapsed().as_secs_f64();
    let (parts, made): (Vec<Partitioned>, Vec<Sums>) = scattered.into_iter().unzip();
    let exchanged = Exchanged::new(n_partitions, parts)?;
    let gathered = on_threads(n_partitions, |partition| gather(&exchanged, partition, &budget))?;
    let seconds = started.elapsed().as_secs_f64();
    let [made, gathered] = [made, gathered].map(|sums| sums.into_iter().fold((0, 0), add));
    if made != gathered {
        return Err(format!("{made:?} went in and {gathered:?} came out").into());
    }
    let statistics = spill.statistics();
    println!("scatter    {scattering:8.2} s, gather {:.2} s", seconds - scattering);
    println!("accounted  {} bytes at the peak", budget.peak());
    println!("on disk    {} bytes at the peak", statistics.peak_on_disk);
    println!("           {:?} writing, {:?} reading", statistics.writing, statistics.reading);
    Ok(seconds)
}

/// Number of records, and a sum of keys and values.
type Sums = (u64, u64);

fn add(a: Sums, b: Sums) -> Sums {
    (a.0 + b.0, a.1.wrapping_add(b.1))
}

fn sums(records: &[u8]) -> Sums {
    let (records, _) = records.as_chunks::<WIDTH>();
    let sum = records.iter().fold(0u64, |sum, record| {
        let (key, value) = halves(record);
        sum.wrapping_add(key.wrapping_mul(value | 1))
    });
    (records.len() as u64, sum)
}

fn halves(record: &[u8; WIDTH]) -> (u64, u64) {
    let both = u128::from_le_bytes(*record);
    (both as u64, (both >> 64) as u64)
}

/// Makes a block of records and scatters it.
fn scatter(
    block: u32,
    n_partitions: u32,
    budget: &Budget,
    spill: &Spill,
) -> Result<(Partitioned, Sums), Failure> {
    // The records, the sorted ones, and the partition of each.
    let scratch = BLOCK_BYTES + BLOCK_BYTES + BLOCK_BYTES / WIDTH * 4;
    let _scratch = budget.reserve(scratch as u64, "a block")?;
    let mut records = vec![0u8; BLOCK_BYTES];
    let mut state = u64::from(block) << 32;
    for record in records.as_chunks_mut::<WIDTH>().0 {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let key = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        *record = (u128::from(state) << 64 | u128::from(key ^ (key >> 27))).to_le_bytes();
    }
    let (rows, _) = records.as_chunks::<WIDTH>();
    let partition_of = |i: usize| {
        let hash = halves(&rows[i]).0.wrapping_mul(0x94D0_49BB_1331_11EB) >> 32;
        ((hash * u64::from(n_partitions)) >> 32) as u32
    };
    let builder = PartitionedBuilder::new(n_partitions, budget, spill);
    let scattered = builder.scatter_fixed(&records, WIDTH, partition_of)?;
    Ok((scattered, sums(&records)))
}

fn gather(exchanged: &Exchanged, partition: u32, budget: &Budget) -> Result<Sums, Failure> {
    let (records, _reservation) = exchanged.partition(partition)?.read_reserved(budget)?;
    Ok(sums(&records))
}

/// The results of `0..n`, in that order.
fn on_threads<T: Send>(
    n: u32,
    task: impl Fn(u32) -> Result<T, Failure> + Sync,
) -> Result<Vec<T>, Failure> {
    let (next, results) = (AtomicU32::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..N_THREADS {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Relaxed);
                    if i >= n {
                        break;
                    }
                    let result = task(i);
                    let mut results = results.lock().unwrap_or_else(|error| error.into_inner());
                    results.push((i, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(|error| error.into_inner());
    results.sort_by_key(|(i, _)| *i);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Writes and reads as many bytes in pieces of 8 MiB, each thread its own file; the seconds.
#[cfg(unix)]
fn plain(bytes: u64, folder: &std::path::Path) -> Result<f64, Failure> {
    use std::os::unix::fs::FileExt;
    const PIECE: usize = 8 << 20;
    let n_pieces = bytes.div_ceil(N_THREADS as u64).div_ceil(PIECE as u64);
    let started = Instant::now();
    on_threads(N_THREADS as u32, |_| {
        let file = tempfile::tempfile_in(folder)?;
        let mut piece: Vec<u8> = (0..PIECE).map(|i| (i * i / 7) as u8).collect();
        (0..n_pieces).try_for_each(|i| file.write_all_at(&piece, i * PIECE as u64))?;
        (0..n_pieces).try_for_each(|i| file.read_exact_at(&mut piece, i * PIECE as u64))?;
        Ok(())
    })?;
    Ok(started.elapsed().as_secs_f64())
}

#[cfg(not(unix))]
fn plain(_bytes: u64, _folder: &std::path::Path) -> Result<f64, Failure> {
    Err("the rate of the disk is measured on Unix only".into())
}

/// The most bytes that were resident, as Linux counts them; 0 elsewhere.
fn resident_peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
