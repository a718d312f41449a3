//! Chapter 06, analysis: what a graph is before, while and after it runs.

mod blocks;
mod expression;
mod kernels;
mod layers;
mod live;
mod observer;
mod order;
mod passes;
mod prediction;
mod profile;
mod progress;
mod schedulers;
mod shape;
mod synthetic;

use super::{Chapter, ChapterError, Context};

/// The chapter.
pub(super) const CHAPTER: Chapter =
    Chapter { number: "06", title: "Analysis: passes, order, diagnostics", run: walk };

fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    let files = context.accounts()?;
    passes::walk(context, &files)?;
    layers::walk(context)?;
    order::walk(context, &files)?;
    synthetic::walk(context)?;
    prediction::walk(context, &files)?;
    progress::walk(context, &files)?;
    profile::walk(context, &files)?;
    observer::walk(context, &files)?;
    schedulers::walk(context, &files)
}
