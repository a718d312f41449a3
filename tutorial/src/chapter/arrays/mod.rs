//! Chapter 01, arrays: more numbers than fit in memory, a chunk at a time.

mod by_hand;
mod chunk_sizes;
mod chunked;
mod random;
mod slices;
mod weather;

use chunkwise::storage::hdf5::Hdf5File;

use super::{Chapter, ChapterError, Context};

/// The chapter.
pub(super) const CHAPTER: Chapter = Chapter { number: "01", title: "Arrays", run: walk };

fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    by_hand::walk(context)?;
    chunked::walk(context)?;
    random::walk(context)?;
    chunk_sizes::walk(context)?;
    weather::walk(context)?;
    slices::walk(context)
}

/// The side of a square of random numbers that suits the size of the prepared data: 20,000 for all
/// of it.
fn side(context: &Context<'_>) -> Result<usize, ChapterError> {
    let path = context.prepared(context.data.random_array())?;
    let n = Hdf5File::open(path)?.dataset::<f32>("/x")?.info().shape[0];
    let thousands = 20.0 * (n as f64 / 1e9).sqrt();
    Ok((thousands.round() as usize).max(1) * 1_000)
}
