//! F9: the rows of three files as a graph, on each scheduler.

use std::path::PathBuf;

use crate::chapter::schedulers::on_each;
use crate::chapter::work::{count, load, sum_counts};
use crate::chapter::{ChapterError, Context};
use crate::data::AccountsFiles;
use crate::human::Count;
use crate::report::{Code, Step, Way};
use crate::sequential::count_rows;
use chunkwise::prelude::*;

const SOURCE: &str = include_str!("count.rs");

/// Three times load and count, then the sum of the counts.
fn rows_of_three(files: &[PathBuf; 3]) -> TaskDict {
    let [a, b, c] = files.clone();
    let mut graph = TaskDict::new();
    graph
        .try_task("a", load, [literal(a)])
        .try_task("b", load, [literal(b)])
        .try_task("c", load, [literal(c)])
        .task("na", by_ref(count), ["a"])
        .task("nb", by_ref(count), ["b"])
        .task("nc", by_ref(count), ["c"])
        .task("total", sum_counts, [list(["na", "nb", "nc"])]);
    graph
}

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    let graph = rows_of_three(&files.paths);
    context.prose(
        "As a graph. `try_task` is for functions that may fail, `by_ref` for those that only look \
         at\ntheir argument, `literal` for an argument that is a value and no key.",
    )?;
    let code = Code::of(SOURCE, &["rows_of_three"]);
    let title = "rows of three files, as a graph";
    let step = Step { ids: "F9", title, data_bytes: files.bytes, code };
    let workers = context.workers("F9")?;
    let in_a_loop = Way::new("in a loop", || Ok(count_rows(&files.paths)?));
    let compute = |scheduler: &dyn chunkwise::graph::Scheduler| scheduler.get(&graph, "total");
    let show = |&rows: &usize| format!("{} rows", Count(rows as i128));
    context.compare(step, in_a_loop, on_each(workers.as_ref(), compute), show)?;
    context.prose(
        "The synchronous scheduler drops each file once it is counted, before it loads the next \
         one, as\nthe loop does. Threads load several at a time: less time, and more memory once \
         the files are\nlarge beside the program itself.\n\nProcesses load several at a time \
         too, each in memory of its own. What goes from one to another is\nwritten out and read \
         in again, and here that is little: three paths there, three numbers back. The\nfiles do \
         not travel, as a chain such as load and count is one task of one worker. So processes \
         take\nlittle longer than threads; and they are not faster either, as threads here hold \
         no common lock\nthat a process of its own would be free of.",
    )?;
    let path = context.output("02-rows-of-three-files.svg")?;
    let step = Step { ids: "F9", title: "drawn", ..Step::default() };
    context.step(step, || Ok(graph.draw(&path)?), |()| path.display().to_string())
}
