//! [`RustReader`]: files that `rust-hdf5` opened for reading.

use super::super::attributes::Attribute;
#[cfg(feature = "serde")]
use super::super::backend::Backend;
use super::super::backend::Reader;
use super::super::locate::locate;
use super::super::meta::{Meta, canonical};
use super::super::place::Place;
use super::guarded;
use super::types::{Raw, elements, stored, with_size};
use crate::error::{StorageError, similar};
use crate::positioned::Positioned;
use rust_hdf5::{DatatypeMessage, FillValue, FilterPipeline, H5Attribute, H5Dataset, H5File};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A file, and handles of it that no thread uses at the moment: a handle has one lock, so each
/// thread takes one for itself.
pub(crate) struct RustReader {
    path: PathBuf,
    idle: Mutex<Vec<H5File>>,
}

/// Handles that are kept at most; each knows all datasets of the file.
const KEPT: usize = 16;

impl fmt::Debug for RustReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RustReader").field("path", &self.path).finish_non_exhaustive()
    }
}

impl RustReader {
    pub(crate) fn open(path: &Path) -> Result<RustReader, StorageError> {
        let reader = RustReader { path: path.to_owned(), idle: Mutex::new(Vec::new()) };
        reader.with(None, "open", |_| Ok(()))?;
        Ok(reader)
    }

    /// Calls the library with a handle that no other thread uses.
    fn with<R>(
        &self,
        dataset: Option<&str>,
        operation: &'static str,
        call: impl FnOnce(&H5File) -> rust_hdf5::Result<R>,
    ) -> Result<R, StorageError> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle().pop();
        let file = match kept {
            Some(file) => file,
            // no lock of the file system: a file that changes is noticed by its identity
            None => guarded("open", &self.path, None, || {
                H5File::options().no_locking().open(&self.path)
            })?,
        };
        let done = guarded(operation, &self.path, dataset, || call(&file));
        if done.is_ok() {
            let mut idle = idle();
            if idle.len() < KEPT {
                idle.push(file);
            }
        }
        done
    }

    fn names(&self) -> Result<Vec<String>, StorageError> {
        let names = self.with(None, "list", |file| Ok(file.dataset_names()))?;
        let mut names: Vec<String> = names.iter().map(|name| canonical(name)).collect();
        names.sort();
        Ok(names)
    }

    fn meta_of(&self, name: &str, dataset: &H5Dataset) -> rust_hdf5::Result<Meta> {
        let fill = match dataset.fill_value()? {
            FillValue::UserDefined(bytes) => Some(bytes),
            _ => None,
        };
        Ok(Meta {
            path: self.path.clone(),
            name: name.to_owned(),
            shape: dataset.shape(),
            null: dataset.is_null(),
            stored: stored(&dataset.datatype()?),
            chunks: dataset.chunk_dims().filter(|_| dataset.is_chunked()),
            filters: FilterPipeline { filters: dataset.filters()? },
            fill,
        })
    }
}

impl Reader for RustReader {
    #[cfg(feature = "serde")]
    fn backend(&self) -> Backend {
        Backend::Rust
    }

    fn datasets(&self) -> Result<Vec<Meta>, StorageError> {
        let mut found = Vec::new();
        for name in self.names()? {
            found.push(self.meta(&name)?);
        }
        Ok(found)
    }

    fn meta(&self, name: &str) -> Result<Meta, StorageError> {
        let meta =
            self.with(Some(name), "open", |file| self.meta_of(name, &file.dataset(short(name))?));
        match meta {
            Err(StorageError::NoSuchDataset { path, dataset, .. }) => {
                let similar = similar(name, self.names()?);
                Err(StorageError::NoSuchDataset { path, dataset, similar })
            }
            other => other,
        }
    }

    fn place(&self, meta: &Meta) -> Result<Place, StorageError> {
        let file = Positioned::open(&self.path)?;
        let place = locate(&file, meta)?;
        if !matches!(place, Place::Library) {
            // not needed for reading: with thousands of files, open handles are scarce
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        Ok(place)
    }

    fn read_box(
        &self,
        meta: &Meta,
        starts: &[usize],
        counts: &[usize],
        out: &mut [u8],
    ) -> Result<(), StorageError> {
        self.with(Some(&meta.name), "read", |file| {
            let dataset = file.dataset(short(&meta.name))?;
            with_size!(meta.size(), read_elements(&dataset, starts, counts, out))
        })
    }

    fn attributes(&self, object: &str) -> Result<Vec<(String, Attribute)>, StorageError> {
        let dataset = self.names()?.iter().any(|name| name == object);
        self.with(Some(object), "read the attributes of", |file| {
            if dataset {
                let dataset = file.dataset(short(object))?;
                let names = dataset.attr_names()?;
                let value = |name: &String| Ok((name.clone(), attribute(&dataset.attr(name)?)));
                return names.iter().map(value).collect();
            }
            // of groups, the library gives the text of attributes alone
            let group = match short(object) {
                "" => file.root_group(),
                name => file.root_group().group(name)?,
            };
            let names = group.attr_names()?;
            let value = |name: &String| {
                let text = group.attr_string(name).map(Attribute::Text);
                let other = "a value that is no text, on a group".to_owned();
                (name.clone(), text.unwrap_or(Attribute::Other(other)))
            };
            Ok(names.iter().map(value).collect())
        })
    }
}

/// A name as the library wants it.
pub(super) fn short(name: &str) -> &str {
    name.trim_start_matches('/')
}

fn read_elements<const SIZE: usize>(
    dataset: &H5Dataset,
    starts: &[usize],
    counts: &[usize],
    out: &mut [u8],
) -> rust_hdf5::Result<()> {
    let mut read: Vec<Raw<SIZE>> = elements(out);
    if counts.is_empty() {
        dataset.read_raw_into(&mut read)?;
    } else {
        dataset.read_slice_into(&mut read, starts, counts)?;
    }
    let out = out.as_chunks_mut::<SIZE>().0;
    out.iter_mut().zip(&read).for_each(|(out, read)| *out = read.0);
    Ok(())
}

fn attribute(attribute: &H5Attribute) -> Attribute {
    let other = |words: String| Attribute::Other(words);
    let datatype = match attribute.datatype() {
        Ok(datatype) => datatype,
        Err(error) => return other(error.to_string()),
    };
    let value = match &datatype {
        DatatypeMessage::FixedString { .. } | DatatypeMessage::VarLenString { .. } => {
            attribute.read_string().map(Attribute::Text)
        }
        DatatypeMessage::FixedPoint { .. } => {
            attribute.read_numeric_as::<i64>().map(Attribute::Integers)
        }
        DatatypeMessage::FloatingPoint { .. } => {
            attribute.read_numeric_as::<f64>().map(Attribute::Floats)
        }
        _ => return other(datatype.to_string()),
    };
    value.unwrap_or_else(|error| other(format!("{datatype} ({error})")))
}
