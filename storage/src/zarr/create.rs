//! The metadata of new arrays.

use super::meta::name_of;
use super::options::{Compressor, ZarrOptions, ZarrVersion};
use super::place::Place;
use crate::dtype::DType;
use crate::element::Element;
use crate::error::StorageError;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Checks the options for an array of this shape.
pub(super) fn check<T>(
    place: &Place,
    shape: &[usize],
    options: &ZarrOptions<T>,
) -> Result<(), StorageError> {
    let wrong = |detail: String| StorageError::InvalidOptions { what: place.what(), detail };
    let (chunks, ndim) = (&options.chunks, shape.len());
    if chunks.len() != ndim || chunks.contains(&0) {
        return Err(wrong(format!("chunks {chunks:?} are not {ndim} positive lengths")));
    }
    if let Some(shards) = &options.shards {
        if options.version == ZarrVersion::V2 {
            return Err(wrong("there are no shards in version 2".to_owned()));
        }
        let multiple = shards.iter().zip(chunks).all(|(s, c)| *s > 0 && s % c == 0);
        if shards.len() != ndim || !multiple {
            return Err(wrong(format!("shards {shards:?} are no multiple of chunks {chunks:?}")));
        }
    }
    let bytes = |shape: &[usize]| {
        let bytes = shape.iter().try_fold(size_of::<T>(), |bytes, len| bytes.checked_mul(*len));
        bytes.and_then(|bytes| isize::try_from(bytes).ok())
    };
    let stored = options.shards.as_ref().unwrap_or(chunks);
    if bytes(shape).is_none() || bytes(stored).is_none() {
        return Err(wrong(format!("shape {shape:?} in {stored:?} is more than can be counted")));
    }
    let level = match options.compressor {
        Compressor::None => true,
        Compressor::Gzip { level } | Compressor::Blosc { level } => level <= 9,
        Compressor::Zstd { level } => (-131_072..=22).contains(&level),
    };
    if !level {
        return Err(wrong(format!("there is no such level: {:?}", options.compressor)));
    }
    Ok(())
}

/// Writes the metadata of a store with one array, and the groups that it is in, to a folder.
pub(super) fn write_store<T: Element>(
    root: &Path,
    place: &Place,
    shape: &[usize],
    options: &ZarrOptions<T>,
) -> Result<(), StorageError> {
    let mut folder = root.to_owned();
    create_folder(&folder)?;
    for part in place.parts() {
        match options.version {
            ZarrVersion::V3 => {
                let group = json!({"zarr_format": 3, "node_type": "group", "attributes": {}});
                write(&folder.join("zarr.json"), &group)?;
            }
            ZarrVersion::V2 => write(&folder.join(".zgroup"), &json!({"zarr_format": 2}))?,
        }
        folder.push(part);
        create_folder(&folder)?;
    }
    match options.version {
        ZarrVersion::V3 => write(&folder.join("zarr.json"), &array_v3(shape, options)),
        ZarrVersion::V2 => {
            write(&folder.join(".zarray"), &array_v2(shape, options))?;
            write(&folder.join(".zattrs"), &Value::Object(options.attributes.clone()))
        }
    }
}

fn create_folder(folder: &Path) -> Result<(), StorageError> {
    fs::create_dir_all(folder).map_err(|source| StorageError::io("create", folder, source))
}

fn write(file: &Path, document: &Value) -> Result<(), StorageError> {
    fs::write(file, format!("{document:#}\n"))
        .map_err(|source| StorageError::io("write", file, source))
}

fn array_v3<T: Element>(shape: &[usize], options: &ZarrOptions<T>) -> Value {
    let bytes = json!({"name": "bytes", "configuration": {"endian": "little"}});
    let mut codecs = vec![bytes.clone()];
    codecs.extend(match options.compressor {
        Compressor::None => None,
        Compressor::Gzip { level } => {
            Some(json!({"name": "gzip", "configuration": {"level": level}}))
        }
        Compressor::Zstd { level } => {
            Some(json!({"name": "zstd", "configuration": {"level": level, "checksum": false}}))
        }
        Compressor::Blosc { level } => Some(json!({"name": "blosc", "configuration": {
            "cname": "lz4", "clevel": level, "shuffle": "shuffle",
            "typesize": T::DTYPE.size(), "blocksize": 0,
        }})),
    });
    if options.shards.is_some() {
        codecs = vec![json!({"name": "sharding_indexed", "configuration": {
            "chunk_shape": options.chunks,
            "codecs": codecs,
            "index_codecs": [bytes, {"name": "crc32c"}],
            "index_location": "end",
        }})];
    }
    json!({
        "zarr_format": 3,
        "node_type": "array",
        "shape": shape,
        "data_type": name_of(T::DTYPE),
        "chunk_grid": {"name": "regular", "configuration": {
            "chunk_shape": options.shards.as_ref().unwrap_or(&options.chunks),
        }},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "fill_value": fill_value(options.fill),
        "codecs": codecs,
        "attributes": options.attributes,
    })
}

fn array_v2<T: Element>(shape: &[usize], options: &ZarrOptions<T>) -> Value {
    let compressor = match options.compressor {
        Compressor::None => Value::Null,
        Compressor::Gzip { level } => json!({"id": "gzip", "level": level}),
        Compressor::Zstd { level } => json!({"id": "zstd", "level": level, "checksum": false}),
        Compressor::Blosc { level } => json!({
            "id": "blosc", "cname": "lz4", "clevel": level, "shuffle": 1, "blocksize": 0,
        }),
    };
    json!({
        "zarr_format": 2,
        "shape": shape,
        "chunks": options.chunks,
        "dtype": dtype_v2(T::DTYPE),
        "compressor": compressor,
        "fill_value": fill_value(options.fill),
        "order": "C",
        "filters": null,
        "dimension_separator": ".",
    })
}

/// The name of a type in version 2.
fn dtype_v2(dtype: DType) -> String {
    let kind = match dtype {
        DType::Bool => "|b",
        DType::I8 => "|i",
        DType::U8 => "|u",
        DType::I16 | DType::I32 | DType::I64 => "<i",
        DType::U16 | DType::U32 | DType::U64 => "<u",
        DType::F32 | DType::F64 => "<f",
        DType::C64 | DType::C128 => "<c",
    };
    format!("{kind}{}", dtype.size())
}

/// An element in JSON.
fn fill_value<T: Element>(fill: T) -> Value {
    let one = [fill];
    let bytes = T::bytes_of(&one);
    macro_rules! number {
        ($type:ty) => {
            bytes.try_into().map(<$type>::from_ne_bytes).unwrap_or_default()
        };
    }
    let f64s = |bytes: &[u8]| match bytes.try_into().map(f64::from_ne_bytes) {
        Ok(number) => float(number),
        Err(_) => Value::Null,
    };
    let f32s = |bytes: &[u8]| match bytes.try_into().map(f32::from_ne_bytes) {
        Ok(number) => float(f64::from(number)),
        Err(_) => Value::Null,
    };
    match T::DTYPE {
        DType::Bool => json!(bytes == [1]),
        DType::I8 => json!(number!(i8)),
        DType::I16 => json!(number!(i16)),
        DType::I32 => json!(number!(i32)),
        DType::I64 => json!(number!(i64)),
        DType::U8 => json!(number!(u8)),
        DType::U16 => json!(number!(u16)),
        DType::U32 => json!(number!(u32)),
        DType::U64 => json!(number!(u64)),
        DType::F32 => f32s(bytes),
        DType::F64 => f64s(bytes),
        DType::C64 => json!([f32s(&bytes[..4]), f32s(&bytes[4..])]),
        DType::C128 => json!([f64s(&bytes[..8]), f64s(&bytes[8..])]),
    }
}

/// A number in JSON, which has no infinities.
fn float(number: f64) -> Value {
    if number.is_nan() {
        json!("NaN")
    } else if number.is_infinite() {
        json!(if number > 0.0 { "Infinity" } else { "-Infinity" })
    } else {
        json!(number)
    }
}
