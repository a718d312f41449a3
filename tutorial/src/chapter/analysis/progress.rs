//! A progress bar.

use std::sync::Arc;

use chunkwise::graph::Error;
use chunkwise::prelude::*;

use super::blocks::{TOTAL, describe_digits, digits_of};
use crate::chapter::{ChapterError, Context};
use crate::data::AccountsFiles;
use crate::report::{Code, Step};

const SOURCE: &str = include_str!("progress.rs");

/// Blocks of each file.
const N_BLOCKS: usize = 64;

fn with_a_bar(graph: &TaskDict) -> Result<Vec<u64>, Error> {
    with_observer(Arc::new(ProgressBar::new()), || Threaded::new().get(graph, TOTAL))
}

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    context.prose(
        "Observers are told when a task starts, gives its value and when that is dropped. One of \
         them is\na progress bar; it is drawn on standard error if that is a terminal.",
    )?;
    let code = Code::of(SOURCE, &["with_a_bar"]);
    let title = "a run with a progress bar";
    let step = Step { ids: "06", title, data_bytes: files.bytes, code };
    let graph = digits_of(&files.paths, N_BLOCKS);
    let run = || Ok(with_a_bar(&graph)?);
    context.step(step, run, |counts| describe_digits(counts)).map(drop)
}
