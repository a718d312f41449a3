//! F9: a task that needs all files, so that files go from one process to another.

use std::path::PathBuf;

use crate::chapter::schedulers::on_each;
use crate::chapter::work::load;
use crate::chapter::{ChapterError, Context};
use crate::csv::{Accounts, CsvError, read_csv};
use crate::data::AccountsFiles;
use crate::human::Count;
use crate::report::{Code, Step, Way};
use chunkwise::prelude::*;

const SOURCE: &str = include_str!("crossing.rs");

fn largest(files: Vec<Accounts>) -> i64 {
    files.iter().flat_map(Accounts::amount).copied().max().unwrap_or(i64::MIN)
}

/// One task that needs every file whole.
fn largest_of_all(files: &[PathBuf]) -> TaskDict {
    let mut graph = TaskDict::new();
    for (i, file) in files.iter().enumerate() {
        graph.try_task(("df", i), load, [literal(file.clone())]);
    }
    graph.task("largest", largest, [list((0..files.len()).map(|i| ("df", i)))]);
    graph
}

/// The same by a plain loop.
fn largest_in_a_loop(files: &[PathBuf]) -> Result<i64, CsvError> {
    let mut found = i64::MIN;
    for file in files {
        found = found.max(largest(vec![read_csv(file)?]));
    }
    Ok(found)
}

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    let graph = largest_of_all(&files.paths);
    context.prose(
        "The opposite: one task that needs all files whole. Between threads a file is passed on \
         where it\nlies; to another process it is written out and read in again. `Accounts` is a \
         type of this program,\nso its `main` says how: `register_serde::<Accounts>()`. Numbers, \
         text, paths, and vectors of them\nneed nothing.",
    )?;
    let code = Code::of(SOURCE, &["largest", "largest_of_all"]);
    let title = "the largest amount, by one task that needs all files";
    let step = Step { ids: "F9", title, data_bytes: files.bytes, code };
    let workers = context.workers("F9")?;
    let in_a_loop = Way::new("in a loop", || Ok(largest_in_a_loop(&files.paths)?));
    let compute = |scheduler: &dyn Scheduler| scheduler.get(&graph, "largest");
    let show = |&amount: &i64| Count(amount.into()).to_string();
    context.compare(step, in_a_loop, on_each(workers.as_ref(), compute), show)?;
    context.prose(
        "The copies take more time than the work on them, and memory on either side. So keep what \
         is large\nwithin a chain, and let small results meet. Threads need no such care and are \
         the usual choice.\nWorker processes are for tasks that call code which is not \
         thread-safe, leaks or may crash.",
    )
}
