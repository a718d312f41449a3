//! A13 and A14: a part of every day, stored.

use chunkwise::prelude::*;
use ndarray::arr1;

use super::weather;
use crate::chapter::{ChapterError, Context};
use crate::human::Bytes;
use crate::report::{Code, Step};

const SOURCE: &str = include_str!("slices.rs");

/// Every second row and every second column of every day.
fn half(t: &Array<u8>) -> Array<u8> {
    t.slice(s![.., ..;2, ..;2])
}

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    let t = weather::open(context)?;
    let path = context.output("01-half.hdf5")?;
    context.prose(
        "Slices are `start..end;step`, one for each axis; what is left out is the start, the end \
         or 1.",
    )?;
    let title = "arange(0, 10, 1).slice(s![1..7]).slice(s![..;3])";
    let step = Step { ids: "A14", title, ..Step::default() };
    let numbers = Array::<i64>::from_ndarray(&arr1(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), 4);
    let slice = || Ok(numbers.slice(s![1..7]).slice(s![..;3]).compute()?);
    context.step(step, slice, |numbers| numbers.to_string())?;
    let code = Code::of(SOURCE, &["half"]);
    let step = Step { ids: "A13", title: "half(&t)", code, ..Step::default() };
    let half = context.step(step, || Ok(half(&t)), Array::to_string)?;
    context.prose(
        "Storing it reads, of each chunk, the rows that are needed, and writes them; the file \
         appears under\nits name when it is whole. The memory does not depend on the size.",
    )?;
    let data_bytes = t.nbytes().unwrap_or(0) as u64;
    let title = "half(&t).to_hdf5(&path, \"/output\").compute()?";
    let step = Step { ids: "A13", title, data_bytes, ..Step::default() };
    let bytes = Bytes(half.nbytes().unwrap_or(0) as u64);
    let show = |(): &()| format!("{bytes} in {}", path.display());
    context.step(step, || Ok(half.to_hdf5(&path, "/output").compute()?), show)?;
    let title = "open_hdf5::<u8>(&path, \"/output\")?.mean().compute()?, and of half(&t)";
    let step = Step { ids: "A13", title, data_bytes, ..Step::default() };
    let means = || {
        let stored = open_hdf5::<u8>(&path, "/output")?;
        Ok((stored.mean(), half.mean()).compute()?)
    };
    let show = |(stored, computed): &(f64, f64)| format!("{stored:.6}, {computed:.6}");
    context.step(step, means, show)?;
    Ok(())
}
