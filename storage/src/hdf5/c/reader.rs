//! [`CReader`]: files that the C library reads.

use super::super::attributes::Attribute;
#[cfg(feature = "serde")]
use super::super::backend::Backend;
use super::super::backend::Reader;
use super::super::locate::locate;
use super::super::meta::{Meta, Stored, canonical};
use super::super::place::{ChunkTable, Place, StoredChunk};
use super::types::{stored, with_type};
use super::{selection, translate};
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{StorageError, similar};
use crate::positioned::Positioned;
use hdf5_metno::dataset::{Dataset, FillValue};
use hdf5_metno::filters::Filter as CFilter;
use hdf5_metno::types::{FixedAscii, FixedUnicode, TypeDescriptor, VarLenAscii, VarLenUnicode};
use hdf5_metno::{File, Group, H5Type};
use ndarray::IxDyn;
use rust_hdf5::{Filter, FilterPipeline};
use std::path::{Path, PathBuf};

/// A file that the C library reads.
///
/// It is opened for each call: the library refuses to open a file for writing that it has open for
/// reading.
#[derive(Debug)]
pub(crate) struct CReader {
    path: PathBuf,
}

/// Groups within groups that are followed: links may run in circles.
const DEPTH: usize = 32;

/// Chunks that are looked up one by one at most, each of which costs more than the one before.
const ONE_BY_ONE: usize = 10_000;

type Result<T> = std::result::Result<T, hdf5_metno::Error>;

impl CReader {
    pub(crate) fn open(path: &Path) -> std::result::Result<CReader, StorageError> {
        let reader = CReader { path: path.to_owned() };
        reader.with("/", "open", |_| Ok(()))?;
        Ok(reader)
    }

    fn with<R>(
        &self,
        dataset: &str,
        operation: &'static str,
        call: impl FnOnce(&File) -> Result<R>,
    ) -> std::result::Result<R, StorageError> {
        let done = File::open(&self.path).and_then(|file| call(&file));
        done.map_err(|error| translate(operation, &self.path, dataset, error))
    }

    fn names(&self) -> std::result::Result<Vec<String>, StorageError> {
        let mut names = Vec::new();
        self.with("/", "list", |file| walk(file, &mut names, DEPTH))?;
        names.sort();
        Ok(names)
    }

    fn meta_of(&self, name: &str, dataset: &Dataset) -> Result<Meta> {
        let datatype = dataset.dtype()?;
        let properties = dataset.dcpl()?;
        let fill = match (properties.fill_value_defined(), stored(&datatype)) {
            (FillValue::UserDefined, Stored::As { dtype, swapped }) => {
                with_type!(dtype, fill(dataset, swapped))
            }
            _ => None,
        };
        Ok(Meta {
            path: self.path.clone(),
            name: name.to_owned(),
            shape: dataset.shape(),
            null: dataset.space()?.is_null(),
            stored: stored(&datatype),
            chunks: dataset.chunk(),
            filters: FilterPipeline {
                filters: dataset.filters().iter().map(|f| filter(f, datatype.size())).collect(),
            },
            fill,
        })
    }
}

/// All datasets of a group, and of the groups in it.
fn walk(group: &Group, names: &mut Vec<String>, depth: usize) -> Result<()> {
    names.extend(group.datasets()?.iter().map(|dataset| canonical(&dataset.name())));
    for group in group.groups()?.iter().filter(|_| depth > 0) {
        walk(group, names, depth - 1)?;
    }
    Ok(())
}

/// A filter by its number. Of those with parameters of their own, the parameters are not known here
/// (`u32::MAX` marks that), so that the library has to read.
fn filter(filter: &CFilter, size: usize) -> Filter {
    let (id, cd_values) = match filter {
        CFilter::Deflate(level) => (1, vec![u32::from(*level)]),
        CFilter::Shuffle => (2, vec![size as u32]),
        CFilter::Fletcher32 => (3, Vec::new()),
        CFilter::SZip(..) => (4, vec![u32::MAX]),
        CFilter::NBit => (5, vec![u32::MAX]),
        CFilter::ScaleOffset(..) => (6, vec![u32::MAX]),
        CFilter::User(id, values) => (u16::try_from(*id).unwrap_or(0), values.clone()),
    };
    Filter { id, flags: 0, cd_values }
}

fn fill<T: Element + H5Type>(dataset: &Dataset, swapped: bool) -> Option<Vec<u8>> {
    let mut fill = [dataset.dcpl().ok()?.fill_value_as::<T>()?];
    if swapped {
        T::swap_endianness(&mut fill);
    }
    Some(T::bytes_of(&fill).to_vec())
}

impl Reader for CReader {
    #[cfg(feature = "serde")]
    fn backend(&self) -> Backend {
        Backend::C
    }

    fn datasets(&self) -> std::result::Result<Vec<Meta>, StorageError> {
        self.names()?.iter().map(|name| self.meta(name)).collect()
    }

    fn meta(&self, name: &str) -> std::result::Result<Meta, StorageError> {
        let there = self.with(name, "open", |file| Ok(file.dataset(name).is_ok()))?;
        if !there {
            return Err(StorageError::NoSuchDataset {
                path: self.path.clone(),
                dataset: name.to_owned(),
                similar: similar(name, self.names()?),
            });
        }
        self.with(name, "open", |file| self.meta_of(name, &file.dataset(name)?))
    }

    fn place(&self, meta: &Meta) -> std::result::Result<Place, StorageError> {
        let unknown = |filter: &Filter| filter.cd_values.contains(&u32::MAX);
        if meta.filters.filters.iter().any(unknown) {
            return Ok(Place::Library);
        }
        let place = locate(&Positioned::open(&self.path)?, meta)?;
        let (Place::Library, Some(chunk)) = (&place, &meta.chunks) else { return Ok(place) };
        let looked_up = self.with(&meta.name, "look up chunks of", |file| {
            let dataset = file.dataset(&meta.name)?;
            let count = dataset.num_chunks().filter(|count| *count <= ONE_BY_ONE);
            if count.is_none() || file.userblock() > 0 {
                return Ok(None);
            }
            let entries = (0..count.unwrap_or(0)).filter_map(|number| dataset.chunk_info(number));
            let entries = entries.map(|info| {
                let index = info.offset.iter().zip(chunk).map(|(at, len)| at / *len as u64);
                let skipped = info.filter_mask;
                (index.collect(), StoredChunk { offset: info.addr, len: info.size, skipped })
            });
            Ok(Some(ChunkTable::new(&meta.shape, chunk, entries)))
        })?;
        Ok(looked_up.map_or(Place::Library, Place::Chunks))
    }

    fn read_box(
        &self,
        meta: &Meta,
        starts: &[usize],
        counts: &[usize],
        out: &mut [u8],
    ) -> std::result::Result<(), StorageError> {
        let Stored::As { dtype, .. } = meta.stored else { return Ok(()) };
        self.with(&meta.name, "read", |file| {
            let dataset = file.dataset(&meta.name)?;
            with_type!(dtype, read(&dataset, starts, counts, out))
        })
    }

    fn attributes(
        &self,
        object: &str,
    ) -> std::result::Result<Vec<(String, Attribute)>, StorageError> {
        let found = self.with(object, "read the attributes of", |file| {
            let dataset = file.dataset(object);
            let group = file.group(object);
            let location = match (&dataset, &group) {
                (Ok(dataset), _) => &***dataset,
                (_, Ok(group)) => &**group,
                _ => return Ok(None),
            };
            let mut found = Vec::new();
            for name in location.attr_names()? {
                let attribute = location.attr(&name)?;
                found.push((name, value(&attribute)));
            }
            Ok(Some(found))
        })?;
        found.ok_or_else(|| StorageError::NoSuchDataset {
            path: self.path.clone(),
            dataset: object.to_owned(),
            similar: Vec::new(),
        })
    }
}

fn read<T: Element + H5Type>(
    dataset: &Dataset,
    starts: &[usize],
    counts: &[usize],
    out: &mut [u8],
) -> Result<()> {
    let read: Vec<T> = if counts.is_empty() {
        dataset.read_raw()?
    } else {
        let array = dataset.read_slice::<T, _, IxDyn>(selection(starts, counts))?;
        array.into_raw_vec_and_offset().0
    };
    let bytes = T::bytes_of(&read);
    if bytes.len() != out.len() {
        return Err("another number of elements".into());
    }
    out.copy_from_slice(bytes);
    Ok(())
}

fn value(attribute: &hdf5_metno::Attribute) -> Attribute {
    let read = || -> Result<Attribute> {
        let descriptor = attribute.dtype()?.to_descriptor()?;
        Ok(match descriptor {
            TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_) => {
                Attribute::Integers(attribute.read_raw::<i64>()?)
            }
            TypeDescriptor::Float(_) => Attribute::Floats(attribute.read_raw::<f64>()?),
            TypeDescriptor::VarLenUnicode => {
                Attribute::Text(attribute.read_scalar::<VarLenUnicode>()?.as_str().to_owned())
            }
            TypeDescriptor::VarLenAscii => {
                Attribute::Text(attribute.read_scalar::<VarLenAscii>()?.as_str().to_owned())
            }
            TypeDescriptor::FixedAscii(_) => {
                Attribute::Text(attribute.read_scalar::<FixedAscii<4096>>()?.as_str().to_owned())
            }
            TypeDescriptor::FixedUnicode(_) => {
                Attribute::Text(attribute.read_scalar::<FixedUnicode<4096>>()?.as_str().to_owned())
            }
            other => Attribute::Other(other.to_string()),
        })
    };
    read().unwrap_or_else(|error| Attribute::Other(error.to_string()))
}
