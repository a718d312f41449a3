//! `random.hdf5`: random numbers, for the chapter on arrays.

use std::io;
use std::sync::Arc;

use chunkwise::array::random::{self, Seed};
use chunkwise::prelude::*;
use chunkwise::storage::hdf5::{DatasetOptions, Hdf5Writer};
use chunkwise::storage::{Region, Span};

use super::dataset::{Dataset, Recipe};
use super::place::Partial;
use super::progress::Progress;
use super::scale::Scale;

/// Up to 1,000,000,000 numbers, exponentially distributed with mean 1.
#[derive(Debug)]
pub(crate) struct RandomArray;

const NUMBERS_AT_FULL_SIZE: u64 = 1_000_000_000;
/// Numbers of a chunk, in the file and of a task.
const CHUNK: usize = 1_000_000;
/// Numbers written between two reports of progress.
const STEP: usize = 64 * CHUNK;

impl Dataset for RandomArray {
    fn name(&self) -> &'static str {
        "random-array"
    }

    fn version(&self) -> u32 {
        1
    }

    fn files(&self) -> Vec<String> {
        vec!["random.hdf5".to_owned()]
    }

    fn entries(&self, scale: Scale) -> u64 {
        scale.of(NUMBERS_AT_FULL_SIZE)
    }

    fn quick(&self) -> Scale {
        Scale::QUICK_ARRAYS
    }

    fn expected_bytes(&self, entries: u64) -> u64 {
        entries * size_of::<f32>() as u64
    }

    fn write_file(
        &self,
        _: usize,
        recipe: Recipe,
        partial: &mut Partial,
        progress: &Progress,
    ) -> io::Result<()> {
        let n = usize::try_from(recipe.entries).map_err(io::Error::other)?;
        let file = Hdf5Writer::create(partial.path()).map_err(io::Error::other)?;
        let options = DatasetOptions::chunked(&[CHUNK.min(n.max(1))]);
        let target = file.dataset("/x", &[n], &options).map_err(io::Error::other)?;
        let target = Arc::new(target);
        let numbers = random::exponential(1.0, n, Seed(recipe.seed)).of::<f32>().chunks(CHUNK);
        for start in (0..n).step_by(STEP) {
            let end = (start + STEP).min(n);
            let region = Region::from_iter([Span::new(start, end - start)]);
            let part = numbers.slice(s![start..end]);
            part.store_region(Arc::clone(&target), region).compute().map_err(io::Error::other)?;
            progress.reached(end as u64);
        }
        file.finish().map_err(io::Error::other)
    }
}
