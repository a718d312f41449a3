//! [`RustWriter`]: files that `rust-hdf5` opened for writing.

use super::super::attributes::Attribute;
use super::super::backend::{DatasetWriter, Spec, Writer};
use super::super::meta::Meta;
use super::guarded;
use super::reader::short;
use super::types::{Raw, describe, elements, with_size};
use crate::error::StorageError;
use rust_hdf5::{H5Dataset, H5File, VarLenUnicode};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// A file that `rust-hdf5` opened for writing.
///
/// The library has a lock for each dataset, so that what one call does to a chunk is whole.
pub(crate) struct RustWriter {
    path: PathBuf,
    /// `None` when it has been closed.
    file: RwLock<Option<H5File>>,
    /// Groups are made one at a time.
    making: Mutex<()>,
}

impl fmt::Debug for RustWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RustWriter").field("path", &self.path).finish_non_exhaustive()
    }
}

impl RustWriter {
    pub(crate) fn open(path: &Path, existing: bool) -> Result<RustWriter, StorageError> {
        let file = guarded("open for writing", path, None, || match existing {
            true => H5File::open_rw(path),
            false => H5File::create(path),
        })?;
        let path = path.to_owned();
        Ok(RustWriter { path, file: RwLock::new(Some(file)), making: Mutex::new(()) })
    }

    fn with<R>(
        &self,
        dataset: Option<&str>,
        operation: &'static str,
        call: impl FnOnce(&H5File) -> rust_hdf5::Result<R>,
    ) -> Result<R, StorageError> {
        let file = self.file.read().unwrap_or_else(PoisonError::into_inner);
        let closed = || rust_hdf5::Hdf5Error::InvalidState("the file is finished".to_owned());
        guarded(operation, &self.path, dataset, || call(file.as_ref().ok_or_else(closed)?))
    }

    fn dataset(&self, name: &str, dataset: H5Dataset) -> Arc<dyn DatasetWriter> {
        Arc::new(RustDataset { path: self.path.clone(), name: name.to_owned(), dataset })
    }
}

impl Writer for RustWriter {
    fn create(&self, name: &str, spec: &Spec) -> Result<Arc<dyn DatasetWriter>, StorageError> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let dataset = self.with(Some(name), "create", |file| {
            with_size!(spec.dtype.size(), create(file, name, spec))
        })?;
        Ok(self.dataset(name, dataset))
    }

    fn existing(&self, meta: &Meta) -> Result<Arc<dyn DatasetWriter>, StorageError> {
        let name = &meta.name;
        let dataset =
            self.with(Some(name), "open for writing", |file| file.dataset_writer(short(name)))?;
        Ok(self.dataset(name, dataset))
    }

    fn set_attribute(
        &self,
        object: &str,
        name: &str,
        value: &Attribute,
    ) -> Result<(), StorageError> {
        if let Attribute::Other(feature) = value {
            return Err(StorageError::Unsupported {
                what: super::what(&self.path, object),
                feature: format!("writing attribute {name} ({feature})"),
                instead: "give text or numbers".to_owned(),
            });
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        self.with(Some(object), "set an attribute of", |file| {
            let object = short(object);
            if file.dataset_names().iter().any(|name| short(name) == object) {
                return of_dataset(&file.dataset_writer(object)?, name, value);
            }
            let group = match object {
                "" => file.root_group(),
                object => file.root_group().group(object)?,
            };
            match value {
                Attribute::Text(text) => group.set_attr_string(name, text),
                Attribute::Integers(numbers) => match numbers[..] {
                    [number] => group.set_attr_numeric(name, &number),
                    _ => group.set_attr_array_numeric(name, numbers),
                },
                Attribute::Floats(numbers) => match numbers[..] {
                    [number] => group.set_attr_numeric(name, &number),
                    _ => group.set_attr_array_numeric(name, numbers),
                },
                Attribute::Other(_) => Ok(()),
            }
        })
    }

    fn flush(&self) -> Result<(), StorageError> {
        self.with(None, "write", H5File::flush)
    }

    fn close(&self) -> Result<(), StorageError> {
        let file = self.file.write().unwrap_or_else(PoisonError::into_inner).take();
        match file {
            Some(file) => guarded("write", &self.path, None, || file.close()),
            None => Ok(()),
        }
    }

    fn discard(&self) -> Result<(), StorageError> {
        let file = self.file.write().unwrap_or_else(PoisonError::into_inner).take();
        match file {
            // not dropped: the library would write about a full disk to the terminal
            Some(file) => guarded("write", &self.path, None, || file.close_no_sync()),
            None => Ok(()),
        }
    }
}

fn create<const SIZE: usize>(
    file: &H5File,
    name: &str,
    spec: &Spec,
) -> rust_hdf5::Result<H5Dataset> {
    let (groups, last) = short(name).rsplit_once('/').unwrap_or(("", short(name)));
    let mut group = file.root_group();
    for part in groups.split('/').filter(|part| !part.is_empty()) {
        let there = group.group_names()?.iter().any(|name| name == part);
        group = if there { group.group(part)? } else { group.create_group(part)? };
    }
    let mut builder =
        group.new_dataset::<Raw<SIZE>>().shape(&spec.shape).datatype(describe(spec.dtype));
    if let Some(chunks) = &spec.chunks {
        builder = builder.chunk(chunks);
        if !spec.filters.filters.is_empty() {
            builder = builder.filter_pipeline(spec.filters.clone());
        }
    }
    if let Some(fill) = &spec.fill {
        builder = builder.fill_value_bytes(fill);
    }
    builder.create(last)
}

fn of_dataset(dataset: &H5Dataset, name: &str, value: &Attribute) -> rust_hdf5::Result<()> {
    match value {
        Attribute::Text(text) => {
            dataset.new_attr::<VarLenUnicode>().shape(()).create(name)?.write_string(text)
        }
        Attribute::Integers(numbers) => match numbers[..] {
            [number] => dataset.new_attr::<i64>().shape(()).create(name)?.write_numeric(&number),
            _ => {
                dataset.new_attr::<i64>().shape([numbers.len()]).create(name)?.write_array(numbers)
            }
        },
        Attribute::Floats(numbers) => match numbers[..] {
            [number] => dataset.new_attr::<f64>().shape(()).create(name)?.write_numeric(&number),
            _ => {
                dataset.new_attr::<f64>().shape([numbers.len()]).create(name)?.write_array(numbers)
            }
        },
        Attribute::Other(_) => Ok(()),
    }
}

/// A dataset of such a file.
struct RustDataset {
    path: PathBuf,
    name: String,
    dataset: H5Dataset,
}

impl fmt::Debug for RustDataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RustDataset").field("name", &self.name).finish_non_exhaustive()
    }
}

impl DatasetWriter for RustDataset {
    fn write_box(
        &self,
        starts: &[usize],
        counts: &[usize],
        data: &[u8],
    ) -> Result<(), StorageError> {
        guarded("write", &self.path, Some(&self.name), || {
            with_size!(
                self.dataset.element_size(),
                write_elements(&self.dataset, starts, counts, data)
            )
        })
    }

    fn takes_stored(&self) -> bool {
        true
    }

    fn write_stored(
        &self,
        chunk: &[usize],
        stored: &[u8],
        filtered: bool,
    ) -> Result<(), StorageError> {
        guarded("write", &self.path, Some(&self.name), || match filtered {
            true => self.dataset.write_chunk_raw_at(chunk, stored, 0),
            false => self.dataset.write_chunk_at(chunk, stored),
        })
    }
}

fn write_elements<const SIZE: usize>(
    dataset: &H5Dataset,
    starts: &[usize],
    counts: &[usize],
    data: &[u8],
) -> rust_hdf5::Result<()> {
    let data: Vec<Raw<SIZE>> = elements(data);
    if counts.is_empty() {
        dataset.write_raw(&data)
    } else {
        dataset.write_slice(starts, counts, &data)
    }
}
