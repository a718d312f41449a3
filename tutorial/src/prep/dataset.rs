//! What a dataset is, and the one way in which all of them are made.

use std::fmt;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::Request;
use super::error::PrepError;
use super::manifest::{FileRecord, Manifest};
use super::place::{Partial, place};
use super::progress::Progress;
use super::scale::Scale;

/// A named set of files with artificial content.
///
/// # Contract
/// The bytes of a file depend on its index, the recipe and the version alone. A change of the
/// bytes is a new version: data made by an older one is then made again.
pub(crate) trait Dataset: fmt::Debug + Sync {
    /// The name, in messages and of the manifest.
    fn name(&self) -> &'static str;

    /// The version of the generator.
    fn version(&self) -> u32;

    /// The names of the files, in the order of their making.
    fn files(&self) -> Vec<String>;

    /// The entries (rows, elements) in each file at this scale.
    fn entries(&self, scale: Scale) -> u64;

    /// The part of the full size that is made when nobody says how much.
    fn quick(&self) -> Scale {
        Scale::QUICK
    }

    /// About how many bytes all files take together with this number of entries in each.
    fn expected_bytes(&self, entries: u64) -> u64;

    /// Writes file `index` and reports the entries reached, counted over all files.
    ///
    /// # Errors
    /// What the file gave.
    fn write_file(
        &self,
        index: usize,
        recipe: Recipe,
        partial: &mut Partial,
        progress: &Progress,
    ) -> io::Result<()>;
}

/// What the content of a dataset is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipe {
    /// The seed of all random numbers.
    pub(crate) seed: u64,
    /// Entries in each file.
    pub(crate) entries: u64,
}

/// A dataset that is ready.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The name of the dataset.
    pub(crate) name: &'static str,
    /// The number of files.
    pub(crate) n_files: usize,
    /// What they were made from.
    pub(crate) recipe: Recipe,
    /// Bytes of all files.
    pub(crate) bytes: u64,
    /// Whether something had to be done.
    pub(crate) outcome: Outcome,
}

/// What had to be done for a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It existed as asked.
    Kept,
    /// It was written, in this time.
    Written(Duration),
}

/// Makes `dataset` in the existing folder `data`, or keeps it if it is there as asked.
pub(super) fn prepare(
    dataset: &dyn Dataset,
    data: &Path,
    request: Request,
) -> Result<Prepared, PrepError> {
    let existing = Manifest::read(dataset, data)?;
    let recipe = recipe(dataset, request, existing.as_ref());
    let (manifest, outcome) = match existing {
        Some(manifest) if manifest.holds(dataset, recipe, data) => (manifest, Outcome::Kept),
        existing => {
            if existing.is_none() {
                refuse_foreign(dataset, data)?;
            }
            let start = Instant::now();
            (write(dataset, data, recipe)?, Outcome::Written(start.elapsed()))
        }
    };
    let (n_files, bytes) = (manifest.files.len(), manifest.bytes());
    Ok(Prepared { name: dataset.name(), n_files, recipe, bytes, outcome })
}

/// What is asked for; what is not said is taken from the existing manifest, else the default.
fn recipe(dataset: &dyn Dataset, request: Request, existing: Option<&Manifest>) -> Recipe {
    let before = existing.map(|manifest| manifest.recipe);
    let entries = match (request.scale, before) {
        // The manifest is input: it cannot ask for more than there is.
        (None, Some(before)) => before.entries.min(dataset.entries(Scale::FULL)),
        (scale, _) => dataset.entries(scale.unwrap_or(dataset.quick())),
    };
    let seed = request.seed.or(before.map(|before| before.seed)).unwrap_or(0);
    Recipe { seed, entries }
}

/// Files of these names without a manifest are somebody's own.
fn refuse_foreign(dataset: &dyn Dataset, data: &Path) -> Result<(), PrepError> {
    let foreign = dataset.files().into_iter().map(|name| data.join(name)).find(|path| {
        // A dangling link counts: a rename would replace it.
        path.symlink_metadata().is_ok()
    });
    foreign.map_or(Ok(()), |path| Err(PrepError::Foreign { path }))
}

fn write(dataset: &dyn Dataset, data: &Path, recipe: Recipe) -> Result<Manifest, PrepError> {
    let version = dataset.version();
    let mut manifest = Manifest { finished: false, version, recipe, files: Vec::new() };
    manifest.write(dataset, data)?;
    let names = dataset.files();
    let progress = Progress::new(dataset.name(), recipe.entries * names.len() as u64);
    for (index, name) in names.into_iter().enumerate() {
        let bytes =
            place(data, &name, |partial| dataset.write_file(index, recipe, partial, &progress))?;
        manifest.files.push(FileRecord { name, bytes });
    }
    manifest.finished = true;
    manifest.write(dataset, data)?;
    Ok(manifest)
}

#[cfg(test)]
#[path = "dataset_tests.rs"]
mod tests;
