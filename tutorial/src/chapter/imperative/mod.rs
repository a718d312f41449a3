//! Chapter 04, imperative: functions called lazily.

mod calls;
mod count;
mod failing;
mod pi;
mod shared;

use super::{Chapter, ChapterError, Context};

/// The chapter.
pub(super) const CHAPTER: Chapter =
    Chapter { number: "04", title: "Imperative: delayed calls", run: walk };

fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    let files = context.accounts()?;
    calls::walk(context)?;
    count::walk(context, &files)?;
    pi::walk(context)?;
    shared::walk(context, &files)?;
    failing::walk(context, &files)
}
