//! The same run on each scheduler, side by side.

use super::blocks::{TOTAL, digits_in_a_loop, digits_of};
use crate::chapter::schedulers::on_each;
use crate::chapter::{ChapterError, Context};
use crate::data::AccountsFiles;
use crate::human::Count;
use crate::report::{Step, Way};
use chunkwise::prelude::*;

/// Blocks of each file.
const N_BLOCKS: usize = 16;

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    let graph = digits_of(&files.paths, N_BLOCKS);
    context.prose(
        "Side by side. The scheduler is the only difference: chosen for a call as here, for a \
         scope\n(`with_scheduler`) or for the whole program (`set_default_scheduler`).",
    )?;
    let title = "amounts by number of digits, on each scheduler";
    let step = Step { ids: "06", title, data_bytes: files.bytes, ..Step::default() };
    let workers = context.workers("06")?;
    let in_a_loop = Way::new("in a loop", || Ok(digits_in_a_loop(&files.paths)?));
    let compute = |scheduler: &dyn Scheduler| scheduler.get::<Vec<u64>>(&graph, TOTAL);
    let show = |counts: &Vec<u64>| format!("{} amounts", Count(counts.iter().sum::<u64>().into()));
    context.compare(step, in_a_loop, on_each(workers.as_ref(), compute), show)?;
    context.prose(
        "Blocks that several tasks take go from process to process; where they are large beside \
         the work on\nthem, as here, threads are ahead.",
    )
}
