//! F10: a graph that a loop builds, with numbered keys.

use std::path::PathBuf;

use crate::chapter::schedulers::on_each;
use crate::chapter::work::{load, sum_all, sum_amount};
use crate::chapter::{ChapterError, Context};
use crate::data::AccountsFiles;
use crate::human::Count;
use crate::report::{Code, Step, Way};
use crate::sequential::sum_amounts;
use chunkwise::prelude::*;

const SOURCE: &str = include_str!("sum.rs");

/// Keys may carry numbers: `("df", 0)` prints as `df[0]`.
fn sum_of_files(files: &[PathBuf]) -> TaskDict {
    let mut graph = TaskDict::new();
    for (i, file) in files.iter().enumerate() {
        graph.try_task(("df", i), load, [literal(file.clone())]);
        graph.task(("sum", i), by_ref(sum_amount), [("df", i)]);
    }
    let sums = (0..files.len()).map(|i| ("sum", i));
    graph.task("total", sum_all, [list(sums)]);
    graph
}

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    let graph = sum_of_files(&files.paths);
    context.prose("Any number of files: a loop makes the keys.")?;
    let code = Code::of(SOURCE, &["sum_of_files"]);
    let step = Step { ids: "F10", title: "a graph built in a loop", code, ..Step::default() };
    context.step(step, || Ok(sum_of_files(&files.paths)), TaskDict::to_string)?;
    let title = "sum of the amounts: get(&graph, \"total\")";
    let step = Step { ids: "F10", title, data_bytes: files.bytes, ..Step::default() };
    let workers = context.workers("F10")?;
    let in_a_loop = Way::new("in a loop", || Ok(sum_amounts(&files.paths)?));
    let compute = |scheduler: &dyn Scheduler| scheduler.get(&graph, "total");
    context.compare(step, in_a_loop, on_each(workers.as_ref(), compute), |&sum: &i128| {
        Count(sum).to_string()
    })?;
    Ok(())
}
