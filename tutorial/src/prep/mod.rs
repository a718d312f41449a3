//! Makes the artificial data of the tutorial: deterministic, whole or not at all.
//!
//! A [`Dataset`] says which files it has and writes one of them; everything else is the same for
//! all of them and is done here and in [`dataset`]:
//!
//! - The content depends on the seed and the number of rows alone: not on the threads, the run or
//!   the machine. Fewer rows give a prefix of more.
//! - A file is written under a temporary name in the same folder, flushed to the disk and renamed
//!   ([`place`]). Temporary files that an interrupted run left are removed at the next start.
//! - A manifest beside the files records what they are ([`manifest`]). What exists as asked is
//!   kept. What the command line does not say (scale, seed) is taken from the manifest. What
//!   differs from the command line, or was interrupted, is made again. Files of these names
//!   without a manifest were not made here: they are an error, never overwritten.
//! - One preparation at a time works in a folder ([`lock`]).

mod accounts;
mod accounts_csv;
mod dataset;
mod error;
mod lock;
mod manifest;
mod place;
mod progress;
mod random_array;
mod scale;
mod stream;
mod weather;

use std::path::{Path, PathBuf};

pub(crate) use accounts_csv::AccountsCsv;
pub(crate) use dataset::{Dataset, Outcome, Prepared};
pub(crate) use error::PrepError;
pub(crate) use place::write_whole;
pub(crate) use random_array::RandomArray;
pub(crate) use scale::Scale;
pub(crate) use weather::Weather;

use dataset::prepare;
use place::create_folder;

/// The datasets, in the order of their making.
pub(crate) const DATASETS: &[&dyn Dataset] = &[&AccountsCsv, &RandomArray, &Weather];

/// What the command line asks for; what is `None` is taken from the existing data, and from
/// [`Scale::QUICK`] and seed 0 where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Request {
    /// The part of the full size.
    pub(crate) scale: Option<Scale>,
    /// The seed of all random numbers.
    pub(crate) seed: Option<u64>,
}

/// Makes all `datasets` in the folder `data`, which is created if it does not exist.
///
/// `tell` hears of each dataset when it is ready.
///
/// # Errors
/// See [`PrepError`]. Datasets already finished stay; no half file is left under a final name.
///
/// # Complexity
/// Time linear in the rows; memory independent of them.
pub(crate) fn prepare_all<E: From<PrepError>>(
    datasets: &[&dyn Dataset],
    data: &Path,
    request: Request,
    mut tell: impl FnMut(&Prepared) -> Result<(), E>,
) -> Result<(), E> {
    create_folder(data)?;
    let _lock = lock::take(data)?;
    place::remove_leftovers(&folders(datasets, data))?;
    for dataset in datasets {
        tell(&prepare(*dataset, data, request)?)?;
    }
    Ok(())
}

/// The folder of the data, and those in it that datasets write to.
fn folders(datasets: &[&dyn Dataset], data: &Path) -> Vec<PathBuf> {
    let files = datasets.iter().flat_map(|dataset| dataset.files());
    let inner = files.filter_map(|file| Some(data.join(file.rsplit_once('/')?.0)));
    let mut folders: Vec<PathBuf> = inner.chain([data.to_owned()]).collect();
    folders.sort();
    folders.dedup();
    folders
}
