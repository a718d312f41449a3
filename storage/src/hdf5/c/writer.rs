//! [`CWriter`]: files that the C library writes.

use super::super::attributes::Attribute;
use super::super::backend::{DatasetWriter, Spec, Writer};
use super::super::meta::{Meta, Stored};
use super::types::with_type;
use super::{selection, translate};
use crate::dtype::DType;
use crate::element::Element;
use crate::error::StorageError;
use hdf5_metno::dataset::Dataset;
use hdf5_metno::filters::Filter as CFilter;
use hdf5_metno::types::VarLenUnicode;
use hdf5_metno::{File, H5Type, Location};
use ndarray::{ArrayView, ArrayViewD, IxDyn};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

type Result<T> = std::result::Result<T, hdf5_metno::Error>;

/// A file that the C library writes.
#[derive(Debug)]
pub(crate) struct CWriter {
    path: PathBuf,
    /// `None` when it has been closed.
    file: RwLock<Option<File>>,
    /// Handles that were given out: the library closes a file only after all of them.
    handles: Mutex<Vec<Arc<Handle>>>,
}

/// A dataset; `None` when its file has been closed.
type Handle = RwLock<Option<Dataset>>;

impl CWriter {
    pub(crate) fn open(path: &Path, existing: bool) -> std::result::Result<Self, StorageError> {
        let file = match existing {
            true => File::open_rw(path),
            false => File::create(path),
        };
        let file = file.map_err(|error| translate("open for writing", path, "/", error))?;
        let (file, handles) = (RwLock::new(Some(file)), Mutex::default());
        Ok(CWriter { path: path.to_owned(), file, handles })
    }

    fn give_out(&self, name: &str, dtype: DType, dataset: Dataset) -> Arc<dyn DatasetWriter> {
        let dataset = Arc::new(RwLock::new(Some(dataset)));
        let handle = Arc::clone(&dataset);
        self.handles.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        Arc::new(CDataset { path: self.path.clone(), name: name.to_owned(), dtype, dataset })
    }

    fn with<R>(
        &self,
        dataset: &str,
        operation: &'static str,
        call: impl FnOnce(&File) -> Result<R>,
    ) -> std::result::Result<R, StorageError> {
        let file = self.file.read().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = &*file else {
            return Err(StorageError::Finished { path: self.path.clone() });
        };
        call(file).map_err(|error| translate(operation, &self.path, dataset, error))
    }
}

impl Writer for CWriter {
    fn create(
        &self,
        name: &str,
        spec: &Spec,
    ) -> std::result::Result<Arc<dyn DatasetWriter>, StorageError> {
        let dataset =
            self.with(name, "create", |file| with_type!(spec.dtype, create(file, name, spec)))?;
        Ok(self.give_out(name, spec.dtype, dataset))
    }

    fn existing(&self, meta: &Meta) -> std::result::Result<Arc<dyn DatasetWriter>, StorageError> {
        let dataset = self.with(&meta.name, "open for writing", |file| file.dataset(&meta.name))?;
        let Stored::As { dtype, .. } = meta.stored else {
            return Err(StorageError::Finished { path: self.path.clone() });
        };
        Ok(self.give_out(&meta.name, dtype, dataset))
    }

    fn set_attribute(
        &self,
        object: &str,
        name: &str,
        value: &Attribute,
    ) -> std::result::Result<(), StorageError> {
        if let Attribute::Other(feature) = value {
            return Err(StorageError::Unsupported {
                what: super::what(&self.path, object),
                feature: format!("writing attribute {name} ({feature})"),
                instead: "give text or numbers".to_owned(),
            });
        }
        self.with(object, "set an attribute of", |file| match file.dataset(object) {
            Ok(dataset) => set(&dataset, name, value),
            Err(_) => set(&*file.group(object)?, name, value),
        })
    }

    fn flush(&self) -> std::result::Result<(), StorageError> {
        self.with("/", "write", File::flush)
    }

    fn close(&self) -> std::result::Result<(), StorageError> {
        let handles =
            std::mem::take(&mut *self.handles.lock().unwrap_or_else(PoisonError::into_inner));
        for handle in handles {
            handle.write().unwrap_or_else(PoisonError::into_inner).take();
        }
        let file = self.file.write().unwrap_or_else(PoisonError::into_inner).take();
        let closed = file.map_or(Ok(()), |file| file.flush().and_then(|()| file.close()));
        closed.map_err(|error| translate("write", &self.path, "/", error))
    }

    fn discard(&self) -> std::result::Result<(), StorageError> {
        self.close()
    }
}

fn create<T: Element + H5Type>(file: &File, name: &str, spec: &Spec) -> Result<Dataset> {
    let mut builder = file.new_dataset::<T>();
    builder = builder.create_intermediate_group(true);
    if let Some(chunks) = &spec.chunks {
        let filters: Vec<CFilter> = spec
            .filters
            .filters
            .iter()
            .map(|filter| match filter.id {
                1 => CFilter::deflate(filter.cd_values.first().map_or(6, |&level| level as u8)),
                2 => CFilter::shuffle(),
                _ => CFilter::fletcher32(),
            })
            .collect();
        builder = builder.chunk(chunks.clone()).set_filters(&filters);
    } else {
        builder = builder.no_chunk();
    }
    if let Some(bytes) = &spec.fill {
        let mut fill = [T::default()];
        if T::copy_from_bytes(bytes, &mut fill).is_ok() {
            let value = hdf5_metno::types::OwnedDynValue::new(fill[0]);
            builder = builder.fill_value(value);
        }
    }
    builder.shape(spec.shape.clone()).create(name)
}

fn set(location: &Location, name: &str, value: &Attribute) -> Result<()> {
    match value {
        Attribute::Text(text) => {
            let text: VarLenUnicode =
                text.parse().map_err(|_| hdf5_metno::Error::from("text with a zero in it"))?;
            location.new_attr::<VarLenUnicode>().create(name)?.write_scalar(&text)
        }
        Attribute::Integers(numbers) => numbers_of(location, name, numbers),
        Attribute::Floats(numbers) => numbers_of(location, name, numbers),
        Attribute::Other(_) => Ok(()),
    }
}

fn numbers_of<T: H5Type>(location: &Location, name: &str, numbers: &[T]) -> Result<()> {
    match numbers {
        [number] => location.new_attr::<T>().create(name)?.write_scalar(number),
        numbers => {
            let attribute = location.new_attr::<T>().shape(numbers.len()).create(name)?;
            attribute.write_raw(ArrayView::from(numbers))
        }
    }
}

/// A dataset of such a file.
#[derive(Debug)]
struct CDataset {
    path: PathBuf,
    name: String,
    dtype: DType,
    dataset: Arc<Handle>,
}

impl DatasetWriter for CDataset {
    fn write_box(
        &self,
        starts: &[usize],
        counts: &[usize],
        data: &[u8],
    ) -> std::result::Result<(), StorageError> {
        let dataset = self.dataset.read().unwrap_or_else(PoisonError::into_inner);
        let Some(dataset) = &*dataset else {
            return Err(StorageError::Finished { path: self.path.clone() });
        };
        let written = with_type!(self.dtype, write(dataset, starts, counts, data));
        written.map_err(|error| translate("write", &self.path, &self.name, error))
    }

    fn takes_stored(&self) -> bool {
        false
    }

    fn write_stored(
        &self,
        _: &[usize],
        _: &[u8],
        _: bool,
    ) -> std::result::Result<(), StorageError> {
        Err(StorageError::Unsupported {
            what: super::what(&self.path, &self.name),
            feature: "a chunk that is packed already".to_owned(),
            instead: "use the other backend".to_owned(),
        })
    }
}

fn write<T: Element + H5Type>(
    dataset: &Dataset,
    starts: &[usize],
    counts: &[usize],
    data: &[u8],
) -> Result<()> {
    let mut elements = vec![T::default(); data.len() / size_of::<T>()];
    T::copy_from_bytes(data, &mut elements).map_err(|invalid| invalid.to_string())?;
    let array = ArrayViewD::from_shape(IxDyn(counts), &elements)?;
    if counts.is_empty() {
        dataset.write(array)
    } else {
        dataset.write_slice(array, selection(starts, counts))
    }
}
