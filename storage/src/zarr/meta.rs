//! [`ZarrMeta`]: what an array is, as far as its metadata say.

use super::Attributes;
use super::codec::{Chunk, Codecs, Zstd, guarded};
use super::options::ZarrVersion;
use super::place::{self, Kind, Node, Place};
use super::shard::Sharding;
use crate::dtype::DType;
use crate::error::StorageError;
use serde_json::Value;
use std::fmt;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use zarrs::array::{Array, ArrayMetadata, ArrayMetadataV2, ArrayMetadataV3};
use zarrs::plugin::ExtensionName;

/// What an array is, as far as its metadata say: to look at before its type is known.
///
/// ```no_run
/// use chunkwise_storage::zarr::ZarrMeta;
/// let meta = ZarrMeta::read("weather.zarr", "t2m")?;
/// println!("{} {:?} in chunks of {:?}", meta.dtype(), meta.shape(), meta.chunks());
/// println!("{:?}", meta.attributes().get("units"));
/// # Ok::<(), chunkwise_storage::StorageError>(())
/// ```
pub struct ZarrMeta {
    pub(super) place: Place,
    /// The folder of the array, which for a store that is being written is not at the place yet.
    pub(super) folder: PathBuf,
    pub(super) node: Node,
    pub(super) shape: Vec<usize>,
    /// What a file holds: a chunk or a shard.
    pub(super) stored: Vec<usize>,
    stored_nonzero: Vec<NonZeroU64>,
    pub(super) sharding: Option<Sharding>,
    codecs: Codecs,
    dtype: DType,
    pub(super) fill: Vec<u8>,
    array: Array<()>,
}

impl ZarrMeta {
    /// Reads the metadata of the array `component` of the store in the folder `path`.
    ///
    /// # Errors
    /// - [`StorageError::NotFound`]: there is no such folder;
    /// - [`StorageError::NotThisFormat`]: it is no Zarr store;
    /// - [`StorageError::NoSuchDataset`]: the store has no such array;
    /// - [`StorageError::Corrupt`]: the metadata make no sense;
    /// - [`StorageError::Unsupported`]: a codec, a type of elements, a chunk grid that this crate
    ///   does not know.
    pub fn read(path: impl AsRef<Path>, component: &str) -> Result<ZarrMeta, StorageError> {
        let place = Place::new(path.as_ref(), component)?;
        let root = place.path.clone();
        ZarrMeta::read_in(place, &root)
    }

    /// Reads the metadata of a place from the store in another folder.
    pub(super) fn read_in(place: Place, root: &Path) -> Result<ZarrMeta, StorageError> {
        let node = place::node_at(&place, root)?;
        if node.kind == Kind::Group {
            return Err(StorageError::NoSuchDataset {
                similar: super::group::arrays_below(&place.folder_in(root), &place)?,
                dataset: place.dataset(),
                path: place.path,
            });
        }
        ZarrMeta::of(place, root, node)
    }

    fn of(place: Place, root: &Path, node: Node) -> Result<ZarrMeta, StorageError> {
        let corrupt = |detail: &str| place.corrupt(&node.file, detail);
        let list = |name: &str, value: Option<&Value>| {
            lengths(value).ok_or_else(|| corrupt(&format!("its {name} is no list of lengths")))
        };
        let shape = list("shape", node.document.get("shape"))?;
        let stored = list("chunk shape", chunk_shape(&node, &place)?)?;
        let array = create(&place, &node)?;
        let dtype = array.data_type().name_v3();
        let dtype = dtype.as_deref().unwrap_or("an unnamed type");
        let Some(dtype) = dtype_of(dtype) else {
            return Err(place.unsupported(
                format!("an array with elements of type {dtype}"),
                "there are bool, integers, floats of 32 and 64 bits, and their complex numbers",
            ));
        };
        let Some(stored_nonzero) = nonzero(&stored).filter(|_| stored.len() == shape.len()) else {
            return Err(corrupt("its chunks have no positive length along each axis"));
        };
        let fits = |shape: &[usize]| {
            shape
                .iter()
                .try_fold(dtype.size(), |bytes, len| bytes.checked_mul(*len))
                .is_some_and(|bytes| isize::try_from(bytes).is_ok())
        };
        if !fits(&shape) || !fits(&stored) {
            return Err(corrupt("its size in bytes is not a number that a machine can count to"));
        }
        let fill = array.fill_value().as_ne_bytes().to_vec();
        if fill.len() != dtype.size() {
            return Err(corrupt("its fill value is not of the type of the elements"));
        }
        let sharding = Sharding::of(&place, &node, &stored)?;
        let codecs = Codecs::new(array.codecs(), zstd(&node));
        let folder = place.folder_in(root);
        Ok(ZarrMeta {
            place,
            folder,
            node,
            shape,
            stored,
            stored_nonzero,
            sharding,
            codecs,
            dtype,
            fill,
            array,
        })
    }

    /// The version of the specification that it is stored by.
    pub fn version(&self) -> ZarrVersion {
        self.node.version
    }

    /// The extent of each axis.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The type of the elements.
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// The shape of a chunk: what is read at once.
    pub fn chunks(&self) -> &[usize] {
        self.sharding.as_ref().map_or(&self.stored, |sharding| sharding.chunk())
    }

    /// The shape of a shard, if chunks are put together in shards: what is written at once.
    pub fn shards(&self) -> Option<&[usize]> {
        self.sharding.is_some().then_some(&self.stored)
    }

    /// The attributes: of version 2 what stands in `.zattrs`.
    pub fn attributes(&self) -> &Attributes {
        &self.node.attributes
    }

    /// The file of a chunk or shard.
    pub(super) fn file(&self, index: impl Iterator<Item = usize>) -> PathBuf {
        let index: Vec<u64> = index.map(|number| number as u64).collect();
        self.folder.join(self.array.chunk_key(&index).as_str())
    }

    /// Decodes what a file holds.
    pub(super) fn decode(&self, stored: Vec<u8>) -> Result<Vec<u8>, String> {
        self.codecs.decode(stored, self.chunk())
    }

    /// Encodes what a file is to hold.
    pub(super) fn encode(&self, elements: &[u8]) -> Result<Vec<u8>, String> {
        self.codecs.encode(elements, self.chunk())
    }

    /// What files hold.
    pub(super) fn chunk(&self) -> Chunk<'_> {
        Chunk {
            shape: &self.stored_nonzero,
            dtype: self.array.data_type(),
            fill: self.array.fill_value(),
            bytes: self.stored.iter().product::<usize>() * self.dtype.size(),
        }
    }
}

impl fmt::Debug for ZarrMeta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZarrMeta")
            .field("place", &self.place)
            .field("version", &self.version())
            .field("shape", &self.shape)
            .field("dtype", &self.dtype)
            .field("chunks", &self.chunks())
            .field("shards", &self.shards())
            .finish_non_exhaustive()
    }
}

/// Where the metadata say the shape of a chunk.
fn chunk_shape<'a>(node: &'a Node, place: &Place) -> Result<Option<&'a Value>, StorageError> {
    if node.version == ZarrVersion::V2 {
        return Ok(node.document.get("chunks"));
    }
    let grid = node.document.get("chunk_grid");
    match grid.and_then(|grid| grid.get("name")).and_then(Value::as_str) {
        Some("regular") => {}
        Some(name) => {
            let grid = format!("the chunk grid {name}");
            return Err(place.unsupported(grid, "store the array in a regular grid"));
        }
        None => return Err(place.corrupt(&node.file, "its chunk_grid is missing")),
    }
    Ok(grid.and_then(|grid| grid.get("configuration")?.get("chunk_shape")))
}

/// Has `zarrs` understand the metadata.
fn create(place: &Place, node: &Node) -> Result<Array<()>, StorageError> {
    let corrupt = |error: serde_json::Error| place.corrupt(&node.file, error.to_string());
    let metadata = match node.version {
        ZarrVersion::V3 => {
            let v3: ArrayMetadataV3 = serde_json::from_slice(&node.text).map_err(corrupt)?;
            let mut unknown = v3.additional_fields.iter();
            if let Some((name, _)) = unknown.find(|(_, field)| field.must_understand()) {
                let field = format!("the field {name} of the metadata, which must be understood,");
                return Err(place.unsupported(field, "store the array without it"));
            }
            if let Some(transformer) = v3.storage_transformers.first() {
                let transformer = format!("the storage transformer {}", transformer.name());
                return Err(place.unsupported(transformer, "store the array without it"));
            }
            ArrayMetadata::V3(v3)
        }
        ZarrVersion::V2 => {
            let v2: ArrayMetadataV2 = serde_json::from_slice(&node.text).map_err(corrupt)?;
            ArrayMetadata::V2(v2)
        }
    };
    let created = guarded(|| Array::new_with_metadata(().into(), "/", metadata));
    let created = created.map_err(|detail| place.corrupt(&node.file, detail))?;
    created.map_err(|error| refused(place, node, error))
}

/// The error for metadata that `zarrs` refuses.
fn refused(place: &Place, node: &Node, error: zarrs::array::ArrayCreateError) -> StorageError {
    use zarrs::array::ArrayCreateError::{
        ChunkKeyEncodingCreateError, CodecsCreateError, DataTypeCreateError, UnsupportedZarrV2Array,
    };
    use zarrs::plugin::PluginCreateError::Unsupported;
    let text = error.to_string();
    match &error {
        CodecsCreateError(Unsupported(_))
        | DataTypeCreateError(Unsupported(_))
        | ChunkKeyEncodingCreateError(Unsupported(_))
        | UnsupportedZarrV2Array(_)
            if text.ends_with(" is not supported") =>
        {
            let feature = text.trim_end_matches(" is not supported");
            place.unsupported(feature, "store the array without it")
        }
        _ => place.corrupt(&node.file, text),
    }
}

/// Whether the last codec of those that are written is Zstandard.
fn zstd(node: &Node) -> Zstd {
    let name = match node.version {
        ZarrVersion::V2 => node.document.get("compressor").and_then(|codec| codec.get("id")),
        ZarrVersion::V3 => node.document.get("codecs").and_then(last_codec),
    };
    outermost(name)
}

/// The name of the last codec of a list.
pub(super) fn last_codec(codecs: &Value) -> Option<&Value> {
    let last = codecs.as_array()?.last()?;
    last.get("name").or(Some(last))
}

/// Whether a name is that of Zstandard.
pub(super) fn outermost(name: Option<&Value>) -> Zstd {
    let name = name.and_then(Value::as_str).unwrap_or_default();
    if name == "zstd" || name.ends_with(".zstd") { Zstd::Outermost } else { Zstd::Not }
}

/// A list of lengths.
pub(super) fn lengths(value: Option<&Value>) -> Option<Vec<usize>> {
    let length = |value: &Value| usize::try_from(value.as_u64()?).ok();
    value?.as_array()?.iter().map(length).collect()
}

/// Lengths, none of them 0.
pub(super) fn nonzero(lengths: &[usize]) -> Option<Vec<NonZeroU64>> {
    lengths.iter().map(|len| NonZeroU64::new(*len as u64)).collect()
}

fn dtype_of(name: &str) -> Option<DType> {
    DType::ALL.into_iter().find(|dtype| name_of(*dtype) == name)
}

/// The name of a type in version 3.
pub(super) fn name_of(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "bool",
        DType::I8 => "int8",
        DType::I16 => "int16",
        DType::I32 => "int32",
        DType::I64 => "int64",
        DType::U8 => "uint8",
        DType::U16 => "uint16",
        DType::U32 => "uint32",
        DType::U64 => "uint64",
        DType::F32 => "float32",
        DType::F64 => "float64",
        DType::C64 => "complex64",
        DType::C128 => "complex128",
    }
}
