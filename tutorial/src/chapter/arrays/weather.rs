//! A9 to A12: a month of weather, a file a day.

use std::path::{Path, PathBuf};

use chunkwise::array::open_hdf5_in;
use chunkwise::prelude::*;
use chunkwise::storage::StorageError;

use crate::chapter::{ChapterError, Context};
use crate::human::Bytes;
use crate::report::{Code, Step};

const SOURCE: &str = include_str!("weather.rs");

/// The files of a folder, by name.
fn days_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "hdf5"));
    files.sort();
    Ok(files)
}

/// Each day as an array, in the chunks that the files store.
fn open_days(files: &[PathBuf]) -> Result<Vec<Array<u8>>, StorageError> {
    files.iter().map(|file| open_hdf5_in(file, "/t2m", [500, 500])).collect()
}

/// The month: a new axis in front, for the days.
fn month(days: &[Array<u8>]) -> Array<u8> {
    stack(days, 0)
}

/// Opens the month.
pub(super) fn open(context: &Context<'_>) -> Result<Array<u8>, ChapterError> {
    let folder = context.prepared(context.data.weather())?;
    let files = days_in(&folder).map_err(|source| ChapterError::File { path: folder, source })?;
    Ok(month(&open_days(&files)?))
}

/// Draws a picture and says what it is.
fn draw(
    context: &mut Context<'_>,
    step: Step<'_>,
    name: &str,
    picture: impl FnOnce(&Path) -> chunkwise::Result<()>,
) -> Result<(), ChapterError> {
    let path = context.output(name)?;
    context.step(step, || Ok(picture(&path)?), |()| path.display().to_string())
}

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    let folder = context.prepared(context.data.weather())?;
    context.prose("A month of weather: 31 files, each a day, from 0 (cold) to 255 (warm).")?;
    let code = Code::of(SOURCE, &["days_in", "open_days"]);
    let step =
        Step { ids: "A9 A10", title: "open_days(&days_in(&folder)?)?", code, ..Step::default() };
    let open = || {
        let files = days_in(&folder)
            .map_err(|source| ChapterError::File { path: folder.clone(), source })?;
        Ok(open_days(&files)?)
    };
    let show = |days: &Vec<Array<u8>>| match days.first() {
        Some(day) => format!("{} days, each\n{day}", days.len()),
        None => "no days".to_owned(),
    };
    let days = context.step(step, open, show)?;
    let Some(first) = days.first() else {
        return Err(ChapterError::NotPrepared {
            path: folder,
            source: std::io::ErrorKind::NotFound.into(),
        });
    };
    let title = "days[0].slice(s![..5, ..5]).compute()?";
    let step = Step { ids: "A9", title, data_bytes: 25, ..Step::default() };
    context.step(step, || Ok(first.slice(s![..5, ..5]).compute()?), |corner| corner.to_string())?;
    let title = "days[0].slice(s![..;4, ..;4]).to_png(&path, Colormap::RdBuReversed).compute()?";
    let bytes = first.nbytes().unwrap_or(0) as u64;
    let step = Step { ids: "A9", title, data_bytes: bytes / 16, ..Step::default() };
    draw(context, step, "01-first-day.png", |path| {
        first.slice(s![..;4, ..;4]).to_png(path, Colormap::RdBuReversed).compute()
    })?;
    let code = Code::of(SOURCE, &["month"]);
    let step = Step { ids: "A11", title: "month(&days)", code, ..Step::default() };
    let t = context.step(step, || Ok(month(&days)), Array::to_string)?;
    let data_bytes = t.nbytes().unwrap_or(0) as u64;
    let title = "t.mean_axis(0)";
    let step = Step { ids: "A12", title, ..Step::default() };
    let mean = context.step(step, || Ok(t.mean_axis(0)), Array::to_string)?;
    context.prose(format_args!(
        "The mean over the days has a number for each place: {} in all, more than one wants to hold \
         to look at\nthem. A picture needs its pixels only; chunks of the mean come and go.",
        Bytes(mean.nbytes().unwrap_or(0) as u64),
    ))?;
    let title = "t.mean_axis(0).to_png(&path, Colormap::RdBuReversed).compute()?";
    let step = Step { ids: "A12", title, data_bytes, ..Step::default() };
    draw(context, step, "01-mean.png", |path| mean.to_png(path, Colormap::RdBuReversed).compute())?;
    let title = "t.mean_axis(0).mean().compute()?";
    let step = Step { ids: "A12", title, data_bytes, ..Step::default() };
    context.step(step, || Ok(mean.mean().compute()?), |mean| format!("{mean:.6}"))?;
    Ok(())
}
