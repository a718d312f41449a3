//! An observer of one's own: counts the tasks of each operation.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chunkwise::graph::{Error, Observer, TaskRef, WorkerId};
use chunkwise::prelude::*;

use super::blocks::{TOTAL, digits_of};
use crate::chapter::{ChapterError, Context};
use crate::data::AccountsFiles;
use crate::report::{Code, Step, Table};

const SOURCE: &str = include_str!("observer.rs");

/// Blocks of each file.
const N_BLOCKS: usize = 16;

/// How many tasks each operation had. Workers tell it at the same time, hence the lock.
#[derive(Default)]
struct Operations {
    counts: Mutex<BTreeMap<String, u64>>,
}

impl Observer for Operations {
    fn posttask(&self, task: TaskRef<'_>, _value: &Value, _worker: WorkerId) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(task.op_name().into_owned()).or_default() += 1;
    }
}

fn counted(graph: &TaskDict) -> Result<Arc<Operations>, Error> {
    let operations = Arc::new(Operations::default());
    with_observer(operations.clone(), || Threaded::new().get::<Vec<u64>>(graph, TOTAL))?;
    Ok(operations)
}

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    let graph = digits_of(&files.paths, N_BLOCKS);
    context.prose(
        "An observer of one's own: a type that implements `Observer`, here with one of its five \
         methods.",
    )?;
    let code = Code::of(SOURCE, &["impl Observer for Operations", "counted"]);
    let title = "tasks of each operation";
    let step = Step { ids: "06", title, data_bytes: files.bytes, code };
    let run = || Ok(counted(&graph)?);
    context.step(step, run, |operations| table(operations)).map(drop)
}

fn table(operations: &Operations) -> String {
    let mut table = Table::new(&["operation", "tasks"]);
    for (operation, n) in &*operations.counts.lock().unwrap_or_else(PoisonError::into_inner) {
        table.row([operation.clone(), n.to_string()]);
    }
    table.to_string()
}
