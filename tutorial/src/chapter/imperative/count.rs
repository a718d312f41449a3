//! I4: the rows of three files, with delayed calls, on each scheduler.

use std::path::PathBuf;

use crate::chapter::schedulers::on_each;
use crate::chapter::{ChapterError, Context};
use crate::csv::{Accounts, CsvError, read_csv};
use crate::data::AccountsFiles;
use crate::human::Count;
use crate::report::{Code, Step, Way};
use crate::sequential::count_rows;
use chunkwise::prelude::*;

const SOURCE: &str = include_str!("count.rs");

/// A function that may fail: the handle stands for the accounts, an error fails the computation.
#[delayed]
pub(super) fn load(path: PathBuf) -> Result<Accounts, CsvError> {
    read_csv(&path)
}

fn sum(counts: Vec<usize>) -> usize {
    counts.iter().sum()
}

/// `map` looks at a value through a reference; a list of handles is an argument like any other.
fn rows_of(files: &[PathBuf]) -> Delayed<usize> {
    let mut counts = Vec::new();
    for file in files {
        let accounts = load(file.clone());
        counts.push(accounts.map(Accounts::len));
    }
    delayed(sum).call(counts)
}

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    let total = rows_of(&files.paths);
    context.prose("The rows of three files: a loop over files, with calls that happen later.")?;
    let code = Code::of(SOURCE, &["load", "sum", "rows_of"]);
    let title = "rows of three files, with delayed calls";
    let step = Step { ids: "I4", title, data_bytes: files.bytes, code };
    let workers = context.workers("I4")?;
    let in_a_loop = Way::new("in a loop", || Ok(count_rows(&files.paths)?));
    let compute = |scheduler: &dyn Scheduler| total.compute_with(scheduler);
    let show = |&rows: &usize| format!("{} rows", Count(rows as i128));
    context.compare(step, in_a_loop, on_each(workers.as_ref(), compute), show)?;
    context.prose(
        "In processes as in threads: `total.compute_with(&Processes::new(n)?)`. `#[delayed]` \
         functions, and\nothers that capture nothing, are found by the workers in the program \
         itself. Each loads and counts\nin one go, so that numbers come back and not files.",
    )?;
    let path = context.output("04-rows-of-three-files.svg")?;
    let step = Step { ids: "I4", title: "drawn", ..Step::default() };
    context.step(step, || Ok(total.visualize(&path)?), |()| path.display().to_string())
}
