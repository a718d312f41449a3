//! A8b: how large chunks should be.

use std::time::Instant;

use chunkwise::prelude::*;

use super::random::{column_means, normal};
use super::side;
use crate::chapter::{ChapterError, Context};
use crate::human::{Bytes, Count, Took};
use crate::report::{Step, Table, measured};

/// Chunks of so many rows and columns, and what they cost.
struct Tried {
    chunk: usize,
    n_tasks: usize,
    planning: Took,
    cost: crate::report::Cost,
    means: ndarray::ArrayD<f64>,
}

fn try_chunks(n: usize, chunk: usize) -> Result<Tried, ChapterError> {
    let means = column_means(&normal(n, chunk));
    let start = Instant::now();
    let n_tasks = means.plan()?.len();
    let planning = Took(start.elapsed());
    let (means, cost) = measured(|| means.compute());
    Ok(Tried { chunk, n_tasks, planning, cost, means: means? })
}

fn table(tried: &[Tried]) -> String {
    let mut table = Table::new(&["chunks", "tasks", "planned in", "computed in", "peak memory"]);
    for Tried { chunk, n_tasks, planning, cost, .. } in tried {
        let peak = cost.peak.map_or_else(|| "unknown".to_owned(), |peak| Bytes(peak).to_string());
        table.row([
            format!("{chunk} x {chunk}"),
            Count(*n_tasks as i128).to_string(),
            planning.to_string(),
            Took(cost.took).to_string(),
            peak,
        ]);
    }
    table.to_string()
}

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    let n = side(context)?;
    context.prose(
        "How large should chunks be? One chunk of everything is one task, which keeps one core \
         busy. Chunks\nof 25 x 25 are tasks of a microsecond or two, so that what a task costs \
         besides its work is seen;\nit stays usable. Between the two it does not matter much.",
    )?;
    let data_bytes = (n * n * size_of::<f64>()) as u64;
    let step =
        Step { ids: "A8b", title: "column means of n x n numbers", data_bytes, ..Step::default() };
    let try_all = || [1_000, n, 25].into_iter().map(|chunk| try_chunks(n, chunk)).collect();
    let tried: Vec<Tried> = context.step(step, try_all, |tried: &Vec<Tried>| table(tried))?;
    let first = &tried[0].means;
    let apart = |other: &Tried| {
        let differences = first.iter().zip(&other.means).map(|(a, b)| (a - b).abs());
        differences.fold(0.0, f64::max)
    };
    let apart = tried.iter().map(apart).fold(0.0, f64::max);
    context.prose(format_args!(
        "The numbers are the same for all three; their sums differ by rounding, by {apart:.1e} at \
         most.",
    ))
}
