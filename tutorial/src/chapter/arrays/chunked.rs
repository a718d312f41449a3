//! A4 to A7: the same dataset as a chunked array.

use std::path::Path;

use chunkwise::array::Scalar;
use chunkwise::array::open_hdf5_in;
use chunkwise::prelude::*;
use chunkwise::storage::StorageError;

use crate::chapter::{ChapterError, Context};
use crate::human::Count;
use crate::report::{Code, Step};

const SOURCE: &str = include_str!("chunked.rs");

/// The dataset as an array, in chunks of a million.
fn numbers(path: &Path) -> Result<Array<f32>, StorageError> {
    open_hdf5_in(path, "/x", 1_000_000)
}

/// How many are greater than 1.
fn above_one(x: &Array<f32>) -> Scalar<u64> {
    x.gt(1.0).count_nonzero()
}

/// The mean of the positive ones.
fn positive_mean(x: &Array<f32>) -> Array<f64> {
    let positive = x.gt(0.0);
    where_(&positive, x, 0.0).sum() / positive.count_nonzero().cast_lossy::<f64>()
}

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    let path = context.prepared(context.data.random_array())?;
    context.prose(
        "A chunked array writes that loop for you. It is what the dataset is, cut into chunks; \
         nothing is\nread yet.",
    )?;
    let code = Code::of(SOURCE, &["numbers"]);
    let step = Step { ids: "A4", title: "numbers(&path)?", code, ..Step::default() };
    let x = context.step(step, || Ok(numbers(&path)?), Array::to_string)?;
    let data_bytes = x.nbytes().unwrap_or(0) as u64;
    let step = Step { ids: "A5", title: "x.sum()", ..Step::default() };
    let sum = context.step(step, || Ok(x.sum()), Scalar::to_string)?;
    context.prose(
        "A sum is an expression too: a task for each chunk, which reads and adds at once, and a \
         tree of\ntasks that join sixteen sums each. `compute` runs it, on all cores.",
    )?;
    let step = Step { ids: "A6", title: "x.sum().compute()?", data_bytes, ..Step::default() };
    context.step(step, || Ok(sum.compute()?), |sum| format!("{sum:.1}"))?;
    let code = Code::of(SOURCE, &["above_one"]);
    let step = Step { ids: "A7", title: "above_one(&x).compute()?", data_bytes, code };
    let show = |n: &u64| format!("{} numbers above 1", Count(i128::from(*n)));
    context.step(step, || Ok(above_one(&x).compute()?), show)?;
    let step = Step { ids: "A7", title: "x.mean().compute()?", data_bytes, ..Step::default() };
    context.step(step, || Ok(x.mean().compute()?), |mean| format!("{mean:.6}"))?;
    let code = Code::of(SOURCE, &["positive_mean"]);
    let step = Step { ids: "A7", title: "positive_mean(&x).compute()?", data_bytes, code };
    let mean = || Ok(positive_mean(&x).compute()?);
    context.step(step, mean, |mean| format!("{:.6}", mean.sum()))?;
    Ok(())
}
