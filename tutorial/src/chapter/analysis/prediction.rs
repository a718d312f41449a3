//! How long a run would take on other numbers of workers, simulated from measured durations.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use chunkwise::graph::simulate::{Memory, Policy, Prediction, Workers, workers};
use chunkwise::graph::{Error, Plan, Run};
use chunkwise::prelude::*;

use super::blocks::{TOTAL, digits_of};
use crate::chapter::{ChapterError, Context};
use crate::data::AccountsFiles;
use crate::human::{Bytes, Took};
use crate::report::{Code, Step, Table, measured};

const SOURCE: &str = include_str!("prediction.rs");

/// Blocks of each file.
const N_BLOCKS: usize = 16;

/// The machine may have other things to do: the shortest of some runs tells the most.
const N_RUNS: usize = 3;

/// What each task took at least, and how large its result was, in runs in the calling thread.
struct Measured {
    plan: Plan,
    nanoseconds: Vec<u64>,
    bytes: Vec<u64>,
}

fn measure(plan: Plan) -> Result<Measured, Error> {
    let profile = Arc::new(Profile::new());
    for _ in 0..N_RUNS {
        with_observer(profile.clone(), || Synchronous.run(&plan, &Run::current()))?;
    }
    let mut nanoseconds = vec![u64::MAX; plan.len()];
    let mut bytes = vec![0; plan.len()];
    for record in profile.records() {
        let task = record.task().id() as usize;
        nanoseconds[task] = nanoseconds[task].min(record.time().as_nanos() as u64);
        bytes[task] = record.bytes();
    }
    Ok(Measured { plan, nanoseconds, bytes })
}

fn predict(run: &Measured, count: NonZeroUsize) -> Result<Prediction, ChapterError> {
    let dag = run.plan.dag();
    let sequence: Vec<u32> = dag.tasks().collect();
    let memory =
        Memory { outputs: run.plan.outputs(), sizes: Some(&run.bytes), ..Memory::default() };
    let workers_like_threads = Workers { count, policy: Policy::TokenCursor };
    Ok(workers(dag, &sequence, &run.nanoseconds, workers_like_threads, &memory)?)
}

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    context.prose(
        "What would more workers do? A run in the calling thread tells how long each task takes \
         and how\nlarge its result is; from that, a run on any number of workers is simulated.",
    )?;
    let title = "the run on 1, 2, 4 and 8 workers, predicted, and measured where there are as many";
    let code = Code::of(SOURCE, &["predict"]);
    let step = Step { ids: "06", title, data_bytes: files.bytes * N_RUNS as u64, code };
    let predict_all = || {
        let graph = digits_of(&files.paths, N_BLOCKS);
        table(&measure(graph.graph(&[TOTAL.into()])?.plan()?)?)
    };
    context.step(step, predict_all, Table::to_string)?;
    context.prose(
        "Three files are three tasks of loading, which take most of the time: more than three \
         workers\nwait for them.",
    )?;
    Ok(())
}

fn shortest_time(plan: &Plan, count: NonZeroUsize) -> Result<Duration, Error> {
    let threaded = Threaded::with_threads(count.get())?;
    let mut shortest = Duration::MAX;
    for _ in 0..N_RUNS {
        let (values, cost) = measured(|| threaded.run(plan, &Run::current()));
        values?;
        shortest = shortest.min(cost.took);
    }
    Ok(shortest)
}

fn table(run: &Measured) -> Result<Table, ChapterError> {
    let headings = ["workers", "predicted time", "busy", "results", "bytes held", "measured time"];
    let mut table = Table::new(&headings);
    let available = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    for count in [1, 2, 4, 8].into_iter().filter_map(NonZeroUsize::new) {
        let predicted = predict(run, count)?;
        let mut cells = vec![
            count.to_string(),
            Took(Duration::from_nanos(predicted.makespan)).to_string(),
            format!("{:.0} %", 100.0 * predicted.utilisation),
            predicted.peak_live.to_string(),
            Bytes(predicted.peak_memory).to_string(),
        ];
        if count.get() <= available {
            cells.push(Took(shortest_time(&run.plan, count)?).to_string());
        }
        table.row(cells);
    }
    Ok(table)
}
