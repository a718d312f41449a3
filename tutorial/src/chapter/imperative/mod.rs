//! Chapter 04, imperative: functions called lazily.

use super::{Chapter, ChapterError, Context};

/// The chapter.
pub(super) const CHAPTER: Chapter =
    Chapter { number: "04", title: "Imperative: delayed calls", run: walk };

fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    let _files = context.accounts()?;
    Ok(())
}
