//! A8: means of random numbers that are never all there.

use chunkwise::array::random::{self, Seed};
use chunkwise::prelude::*;

use super::side;
use crate::chapter::{ChapterError, Context};
use crate::report::{Code, Step};

const SOURCE: &str = include_str!("random.rs");

/// Numbers around 10, `n` times `n`, in chunks of `chunk` times `chunk`.
pub(super) fn normal(n: usize, chunk: usize) -> Array<f64> {
    random::normal(10.0, 0.1, [n, n], Seed(0)).chunks([chunk, chunk])
}

/// The means of the columns.
pub(super) fn column_means(x: &Array<f64>) -> Array<f64> {
    x.mean_axis(0)
}

/// The means of every hundredth column.
fn some_means(x: &Array<f64>) -> Array<f64> {
    x.mean_axis(0).slice(s![..;100])
}

/// The means of the columns, of numbers that are all in memory.
fn means_in_memory(n: usize) -> chunkwise::Result<Vec<f64>> {
    let all = normal(n, n).compute_with(&Synchronous)?;
    let mut sums = vec![0.0; n];
    for row in all.rows() {
        sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
    }
    Ok(sums.into_iter().map(|sum| sum / n as f64).collect())
}

/// Number, first and last of some means.
pub(super) fn ends<'a>(means: impl IntoIterator<Item = &'a f64>) -> String {
    let means: Vec<&f64> = means.into_iter().collect();
    match means[..] {
        [first, .., last] => format!("{} means: {first:.6} ... {last:.6}", means.len()),
        _ => format!("{means:?}"),
    }
}

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    let n = side(context)?;
    let data_bytes = (n * n * size_of::<f64>()) as u64;
    context.prose(format_args!(
        "Arrays need no file. Here are {n} x {n} random numbers; which they are depends on the \
         seed and the\nposition alone, not on the chunks.",
    ))?;
    let code = Code::of(SOURCE, &["normal"]);
    let title = "normal(n, 1000)";
    let step = Step { ids: "A8", title, code, ..Step::default() };
    let x = context.step(step, || Ok(normal(n, 1_000)), Array::to_string)?;
    let code = Code::of(SOURCE, &["column_means"]);
    let title = "column_means(&x).compute()?";
    let step = Step { ids: "A8", title, data_bytes, code };
    context.step(step, || Ok(column_means(&x).compute()?), |means| ends(means))?;
    context.prose(
        "No chunk was ever whole in memory: a thousand numbers are made, and added to their columns' \
         sums\nwhile they are in the cache. The same with all numbers in memory first, in one \
         thread:",
    )?;
    let code = Code::of(SOURCE, &["means_in_memory"]);
    let step = Step { ids: "A8", title: "means_in_memory(n)?", data_bytes, code };
    context.step(step, || Ok(means_in_memory(n)?), |means| ends(means))?;
    context.prose(
        "Of every hundredth mean the other columns are not needed. The slice moves through the \
         mean to the\nnumbers, and the others are not made.",
    )?;
    let code = Code::of(SOURCE, &["some_means"]);
    let title = "some_means(&x).compute()?";
    let step = Step { ids: "A8", title, data_bytes: data_bytes / 100, code };
    context.step(step, || Ok(some_means(&x).compute()?), |means| ends(means))?;
    Ok(())
}
