//! A profile of the tasks: as a table, and as a timeline for a browser.

use std::path::Path;
use std::sync::Arc;

use chunkwise::graph::Error;
use chunkwise::prelude::*;

use super::blocks::{TOTAL, digits_of};
use crate::chapter::{ChapterError, Context};
use crate::data::AccountsFiles;
use crate::human::Bytes;
use crate::report::{Code, Step};

const SOURCE: &str = include_str!("profile.rs");

/// Blocks of each file.
const N_BLOCKS: usize = 16;

fn profiled(graph: &TaskDict) -> Result<Arc<Profile>, Error> {
    let profile = Arc::new(Profile::new());
    with_observer(profile.clone(), || Threaded::new().get::<Vec<u64>>(graph, TOTAL))?;
    Ok(profile)
}

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    let graph = digits_of(&files.paths, N_BLOCKS);
    context.prose("Another observer notes when and where each task ran.")?;
    let code = Code::of(SOURCE, &["profiled"]);
    let step = Step { ids: "06", title: "a task profile", data_bytes: files.bytes, code };
    let run = || Ok(profiled(&graph)?);
    let profile = context.step(step, run, |profile| profile.to_string())?;

    let path = context.output("06-trace.json")?;
    let title = "the same as a timeline: profile.write_chrome_trace(path)";
    let step = Step { ids: "06", title, ..Step::default() };
    context.step(
        step,
        || write(&profile, &path),
        |bytes| {
            format!(
                "{} ({}): open it in ui.perfetto.dev or chrome://tracing",
                path.display(),
                Bytes(*bytes)
            )
        },
    )?;
    Ok(())
}

/// Writes the timeline and gives the length of the file.
fn write(profile: &Profile, path: &Path) -> Result<u64, ChapterError> {
    profile.write_chrome_trace(path)?;
    let found = path.metadata();
    found
        .map(|found| found.len())
        .map_err(|source| ChapterError::File { path: path.to_owned(), source })
}
