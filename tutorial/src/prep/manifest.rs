//! The record beside a dataset of what its files are.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::dataset::{Dataset, Recipe};
use super::error::PrepError;
use super::place::place;

/// Written before the first file of a dataset, as unfinished, and again after the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// False while the files are being written, and for good when that was interrupted.
    pub(super) finished: bool,
    /// The version of the generator, see [`Dataset::version`].
    pub(super) version: u32,
    /// What the files were made from.
    pub(super) recipe: Recipe,
    /// The files; empty while unfinished.
    pub(super) files: Vec<FileRecord>,
}

/// One file of a finished dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileRecord {
    /// The name within the folder.
    pub(super) name: String,
    /// The size.
    pub(super) bytes: u64,
}

impl Manifest {
    /// The manifest of `dataset` in `data`; none when there is none.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub(super) fn read(dataset: &dyn Dataset, data: &Path) -> Result<Option<Self>, PrepError> {
        let path = path(dataset, data);
        match fs::read(&path) {
            Ok(text) => match serde_json::from_slice(&text) {
                Ok(manifest) => Ok(Some(manifest)),
                Err(source) => Err(PrepError::Manifest { path, source: source.into() }),
            },
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(PrepError::Manifest { path, source }),
        }
    }

    /// Writes the manifest, whole or not at all.
    pub(super) fn write(&self, dataset: &dyn Dataset, data: &Path) -> Result<(), PrepError> {
        place(data, &name(dataset), |partial| {
            let mut text = serde_json::to_vec_pretty(self)?;
            text.push(b'\n');
            partial.file().write_all(&text)
        })?;
        Ok(())
    }

    /// Whether this describes a finished `dataset` made from `recipe`, whose files are all in
    /// `data` with their sizes.
    pub(super) fn holds(&self, dataset: &dyn Dataset, recipe: Recipe, data: &Path) -> bool {
        self.finished
            && self.version == dataset.version()
            && self.recipe == recipe
            && self.files.iter().map(|file| &file.name).eq(&dataset.files())
            && self.files.iter().all(|file| {
                fs::metadata(data.join(&file.name))
                    .is_ok_and(|found| found.is_file() && found.len() == file.bytes)
            })
    }

    /// Bytes of all files.
    pub(super) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

fn name(dataset: &dyn Dataset) -> String {
    format!("{}.manifest.json", dataset.name())
}

fn path(dataset: &dyn Dataset, data: &Path) -> PathBuf {
    data.join(name(dataset))
}
