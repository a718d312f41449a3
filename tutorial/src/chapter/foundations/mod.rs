//! Chapter 02, foundations: graphs of tasks written by hand.

mod by_hand;
mod count;
mod crossing;
mod deferral;
mod in_sequence;
mod lists;
mod mistakes;
mod sum;

use super::{Chapter, ChapterError, Context};

/// The chapter.
pub(super) const CHAPTER: Chapter =
    Chapter { number: "02", title: "Foundations: task graphs", run: walk };

fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    let files = context.accounts()?;
    by_hand::walk(context)?;
    deferral::walk(context)?;
    lists::walk(context)?;
    in_sequence::walk(context, &files)?;
    count::walk(context, &files)?;
    sum::walk(context, &files)?;
    crossing::walk(context, &files)?;
    mistakes::walk(context)
}
