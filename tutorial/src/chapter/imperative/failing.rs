//! Functions that fail.

use std::path::PathBuf;

use chunkwise::graph::Error;
use chunkwise::prelude::*;

use super::count::load;
use crate::chapter::{ChapterError, Context};
use crate::csv::Accounts;
use crate::data::AccountsFiles;
use crate::human::Count;
use crate::report::{Code, Step};

const SOURCE: &str = include_str!("failing.rs");

fn share_per_row(total: i64, accounts: &Accounts) -> Result<i64, String> {
    let rows = accounts.len() as i64;
    total.checked_div(rows).ok_or_else(|| format!("{total} cannot be shared by {rows} rows"))
}

/// `try_map` is for functions that may fail, as `try_call` is.
fn of_a_file(path: PathBuf) -> Delayed<i64> {
    load(path).try_map(|accounts| share_per_row(1_000_000_000, accounts)).named("share")
}

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    context.prose(
        "Functions that return a `Result`: the handle stands for the value of `Ok`; an `Err` ends \
         the\ncomputation, with the task, its place in the program and the reason.",
    )?;
    let code = Code::of(SOURCE, &["share_per_row", "of_a_file"]);
    let title = "a function that may fail, and does not";
    let step = Step { ids: "I4", title, data_bytes: files.bytes / 3, code };
    let compute = || Ok(of_a_file(files.paths[0].clone()).compute()?);
    context.step(step, compute, |&share| format!("{} for each row", Count(share.into())))?;
    let title = "a file that is missing: of_a_file(\"no-such-file.csv\")";
    let step = Step { ids: "I4", title, ..Step::default() };
    let error = || match of_a_file(PathBuf::from("no-such-file.csv")).compute() {
        Ok(_) => Err(ChapterError::NoError { mistake: "a missing file" }),
        Err(error) => Ok(error),
    };
    context.step(step, error, |error: &Error| format!("error: {}", error.report())).map(drop)
}
