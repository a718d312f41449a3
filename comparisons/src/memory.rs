//! `memory`: one workload on an array much larger than what it may hold, in a process of its own.
//!
//! What was predicted, accounted and resident is printed side by side, with the answer, which the
//! same command without a limit has to give again.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use chunkwise_array::random::{self, Seed};
use chunkwise_array::{Array, CollectionExt, linalg, s};
use chunkwise_graph::{MemoryUse, Observer, Plan, format_bytes, with_memory_budget, with_observer};
use chunkwise_memory::Budget;
use chunkwise_sched_threaded::Threaded;

use crate::cli::MemoryArgs;
use crate::error::{CompareError, Outcome};

type BoxError = Box<dyn Error + Send + Sync>;

/// A workload on a square array: its name, and what it computes of it.
struct Bounded {
    name: &'static str,
    run: fn(&Array<f64>) -> Result<f64, BoxError>,
}

const WORKLOADS: [Bounded; 7] = [
    Bounded { name: "mean_max", run: |x| computed(&(x - x.mean()).max()) },
    Bounded { name: "scan_max", run: scan_max },
    Bounded { name: "transpose_sum", run: |x| computed(&(x + x.t()).sum()) },
    Bounded { name: "rechunk", run: rechunk },
    Bounded { name: "gram", run: |x| tall(x).and_then(|x| computed(&x.t().dot(&x).sum())) },
    Bounded {
        name: "tsqr",
        run: |x| tall(x).and_then(|x| computed(&linalg::qr(&x).1.square().sum())),
    },
    Bounded { name: "sort", run: sort },
];

fn computed(result: &Array<f64>) -> Result<f64, BoxError> {
    let result = result.compute_with(&Threaded::new())?;
    result.first().copied().ok_or_else(|| "no answer".into())
}

/// As `mean_max`, of running sums: each chunk needs the one above, so that making it again is dear.
fn scan_max(x: &Array<f64>) -> Result<f64, BoxError> {
    let y = x.cumsum(0);
    computed(&(&y - y.mean()).max())
}

/// Blocks of rows become blocks of columns, of which statistics are taken.
fn rechunk(x: &Array<f64>) -> Result<f64, BoxError> {
    let n = x.dims()?[0];
    // Some work between the source and the new chunks: a source alone would be cut otherwise.
    let rows = x.rechunk([n / 256, n]) * 2.0 + 3.0;
    let columns = rows.rechunk([n, n / 256]);
    computed(&(columns.std_axis(0, 0.0) / columns.mean_axis(0)).max())
}

/// The same numbers as 256 columns.
fn tall(x: &Array<f64>) -> Result<Array<f64>, BoxError> {
    let n = x.dims()?.iter().product::<usize>();
    Ok(random::normal(0.0, 1.0, [n / 256, 256], Seed(1)).chunks([4096, 256]))
}

/// Every millionth of the sorted numbers, added up.
fn sort(x: &Array<f64>) -> Result<f64, BoxError> {
    let n = x.dims()?.iter().product::<usize>();
    let flat = random::uniform(0.0, 1.0, [n], Seed(2)).chunks(1 << 20);
    computed(&flat.sort(0).slice(s![..;1_000_000]).sum())
}

/// Keeps what the last run held.
#[derive(Default)]
struct Last(Mutex<Option<MemoryUse>>);

impl Observer for Last {
    fn measured(&self, _plan: &Plan, memory: &MemoryUse) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(memory.clone());
    }
}

/// Whether the limit is too small for the work, which was said before it began.
fn is_refusal(error: &(dyn Error + Send + Sync + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(chunkwise_graph::Error::OverBudget { .. }))
}

pub(crate) fn memory(args: &MemoryArgs) -> Result<Outcome, CompareError> {
    let found = WORKLOADS.iter().find(|bounded| bounded.name == args.workload);
    let Some(bounded) = found else {
        return Err(CompareError::UnknownWorkload {
            name: args.workload.clone(),
            known: WORKLOADS.map(|bounded| bounded.name).to_vec(),
        });
    };
    let x =
        random::normal(0.0, 1.0, [args.side, args.side], Seed(0)).chunks([args.chunk, args.chunk]);
    let last = Arc::new(Last::default());
    let base = crate::peak::peak_mb();
    let since = Instant::now();
    let watched = || with_observer(last.clone(), || (bounded.run)(&x));
    let budget = args.limit.map(Budget::new);
    let answer = match &budget {
        Some(budget) => with_memory_budget(Arc::new(budget.clone()), watched),
        None => watched(),
    };
    let seconds = since.elapsed().as_secs_f64();
    let answer = match answer {
        Ok(answer) => format!("{answer:?}"),
        Err(error) if is_refusal(&*error) => format!("refused: {error}"),
        Err(source) => return Err(CompareError::Workload { name: bounded.name, source }),
    };
    let bytes = format_bytes((args.side * args.side * 8) as u64);
    println!("{} of {bytes}: {answer} in {seconds:.2} s", bounded.name);
    if let Some(memory) = &*last.0.lock().unwrap_or_else(PoisonError::into_inner) {
        println!("  {memory}");
    }
    if let Some(budget) = budget {
        let disk = budget.spill().statistics();
        let [written, read, most] = [disk.written, disk.read, disk.peak_on_disk].map(format_bytes);
        println!("  disk: {written} written, {read} read, {most} at most");
    }
    if let (Some(base), Some(peak)) = (base, crate::peak::peak_mb()) {
        println!("  process: {base} MiB before, {peak} MiB at most");
    }
    Ok(Outcome::Good)
}
