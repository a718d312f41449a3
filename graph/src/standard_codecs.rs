//! Codecs of the standard library's types, for values of which only `Any` is known.

use crate::codec::{Codec, Frames, FramesRef};
use crate::error::BoxError;
use crate::serde_codec::BySerde;
use crate::value::Value;
use bytemuck::{CheckedBitPattern, NoUninit};
use std::any::{Any, TypeId};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::time::Duration;

/// Every type that can leave the process without being asked.
pub(crate) fn all() -> HashMap<TypeId, Codec> {
    let mut all = HashMap::new();
    macro_rules! by_serde {
        ($($type:ty),+ $(,)?) => { $(
            all.insert(TypeId::of::<$type>(), BySerde::<$type>::CODEC);
        )+ };
    }
    macro_rules! scalars {
        ($($scalar:ty),+) => { $(
            by_serde!($scalar, Option<$scalar>, Option<Vec<$scalar>>, Vec<Vec<$scalar>>,
                Vec<Option<$scalar>>, ($scalar, $scalar), ($scalar, $scalar, $scalar),
                Vec<($scalar, $scalar)>, Vec<(String, $scalar)>, (String, $scalar),
                HashMap<String, $scalar>, BTreeMap<String, $scalar>);
            all.insert(TypeId::of::<Vec<$scalar>>(), raw_vec::<$scalar>());
        )+ };
    }
    scalars!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, f32, f64, bool, char);
    by_serde!(
        (),
        String,
        Option<String>,
        Vec<String>,
        Vec<Option<String>>,
        Option<Vec<String>>,
        Vec<Vec<String>>,
        (String, String),
        Vec<(String, String)>,
        Vec<(String, Vec<String>)>,
        HashMap<String, String>,
        BTreeMap<String, String>,
        HashMap<String, Vec<String>>,
        BTreeMap<String, Vec<String>>,
        HashMap<u64, u64>,
        HashMap<i64, i64>,
        HashMap<usize, usize>,
        BTreeMap<u64, u64>,
        BTreeMap<i64, i64>,
        BTreeMap<usize, usize>,
        HashSet<String>,
        BTreeSet<String>,
        HashSet<i64>,
        BTreeSet<i64>,
        HashSet<u64>,
        BTreeSet<u64>,
        Duration,
    );
    all.insert(TypeId::of::<PathBuf>(), PATH);
    all.insert(TypeId::of::<Vec<PathBuf>>(), PATHS);
    all.insert(TypeId::of::<&'static str>(), STATIC_TEXT);
    all
}

fn of<T: Any>(value: &dyn Any) -> Result<&T, BoxError> {
    value.downcast_ref().ok_or_else(|| "the codec of another type was called".into())
}

/// A vector of numbers is one buffer of their bytes; processes of one machine agree on their order.
fn raw_vec<T: NoUninit + CheckedBitPattern + Any + Send + Sync>() -> Codec {
    Codec {
        encode: |value, frames| {
            of::<Vec<T>>(&**value)?;
            frames.push_view(value, |value| {
                value.downcast_ref::<Vec<T>>().map_or(&[], |numbers| bytemuck::cast_slice(numbers))
            });
            Ok(())
        },
        decode: |frames| {
            let len = frames.buffer_len(0)?;
            if !len.is_multiple_of(size_of::<T>()) {
                return Err(format!("{len} bytes are no whole number of items").into());
            }
            let mut numbers: Vec<T> = Vec::with_capacity(len / size_of::<T>());
            for piece in frames.pieces(0)? {
                let piece = piece?;
                if let Ok(piece) = bytemuck::checked::try_cast_slice::<u8, T>(piece) {
                    numbers.extend_from_slice(piece);
                    continue;
                }
                // Out of line, or not every bit pattern is a number.
                for number in piece.chunks_exact(size_of::<T>()) {
                    let number = bytemuck::checked::try_pod_read_unaligned(number);
                    numbers.push(number.map_err(|e| format!("not a value of the type: {e}"))?);
                }
            }
            Ok(Value::new(numbers))
        },
    }
}

/// Paths need not be text; serde's form of them is.
const PATH: Codec = Codec {
    encode: |value, frames| {
        frames.header.extend_from_slice(of::<PathBuf>(&**value)?.as_os_str().as_encoded_bytes());
        Ok(())
    },
    decode: |frames| Ok(Value::new(path_of(frames.header)?)),
};

const PATHS: Codec = Codec {
    encode: |value, frames| {
        let paths = of::<Vec<PathBuf>>(&**value)?.iter();
        let bytes: Vec<&[u8]> = paths.map(|path| path.as_os_str().as_encoded_bytes()).collect();
        write_serde(&bytes, frames)
    },
    decode: |frames| {
        let all: Vec<Vec<u8>> = postcard::from_bytes(frames.header)?;
        let paths = all.iter().map(|bytes| path_of(bytes)).collect::<Result<Vec<_>, _>>()?;
        Ok(Value::new(paths))
    },
};

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Result<PathBuf, BoxError> {
    use std::os::unix::ffi::OsStringExt;
    Ok(std::ffi::OsString::from_vec(bytes.to_vec()).into())
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Result<PathBuf, BoxError> {
    Ok(String::from_utf8(bytes.to_vec())?.into())
}

/// Text that stays in memory: as much as there are different ones.
const STATIC_TEXT: Codec = Codec {
    encode: |value, frames| {
        frames.header.extend_from_slice(of::<&'static str>(&**value)?.as_bytes());
        Ok(())
    },
    decode: |frames: FramesRef<'_>| {
        Ok(Value::new(crate::interned::interned(std::str::from_utf8(frames.header)?)))
    },
};

fn write_serde(value: &impl serde::Serialize, frames: &mut Frames) -> Result<(), BoxError> {
    frames.header = postcard::to_extend(value, std::mem::take(&mut frames.header))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Debug;

    fn check<T: Any + Send + Sync + PartialEq + Debug + Clone>(original: T) {
        let value = Value::new(original.clone());
        let mut frames = Frames::default();
        value.encode(&mut frames).unwrap();
        let back = frames.with_ref(|frames| value.info().decode(frames)).unwrap();
        assert_eq!(back.get::<T>().unwrap(), &original);
    }

    #[test]
    fn standard_types_come_back() {
        check(-7i64);
        check(());
        check(vec![1.5f64, f64::NEG_INFINITY, -0.0]);
        check(Vec::<u8>::new());
        check(vec![true, false]);
        check(vec!['a', '\u{10FFFF}']);
        check(vec![u128::MAX, 1]);
        check(String::from("größe"));
        check("static");
        check(vec![Some(3u16), None]);
        check(HashMap::from([(String::from("a"), 1usize)]));
        check(PathBuf::from("a/b"));
        check(vec![PathBuf::from("ü"), PathBuf::new()]);
    }

    #[cfg(unix)]
    #[test]
    fn paths_that_are_no_text_come_back() {
        use std::os::unix::ffi::OsStringExt;
        check(PathBuf::from(std::ffi::OsString::from_vec(vec![b'a', 0xff, b'b'])));
    }

    #[test]
    fn vectors_are_viewed_and_not_copied() {
        let value = Value::new(vec![1.0f64; 100]);
        let mut frames = Frames::default();
        value.encode(&mut frames).unwrap();
        let at = value.get::<Vec<f64>>().unwrap().as_ptr().cast::<u8>();
        assert_eq!((*frames.buffers[0]).as_ref().as_ptr(), at);
    }

    #[test]
    fn damaged_frames_are_errors() {
        let decode = |info: &crate::TypeInfo, buffers: &[&[u8]]| {
            info.decode(FramesRef::new(&[], buffers)).is_err()
        };
        let info = crate::TypeInfo::opaque::<Vec<f64>>();
        assert!(decode(info, &[&[0; 7]]));
        assert!(decode(info, &[]));
        assert!(decode(crate::TypeInfo::opaque::<Vec<bool>>(), &[&[2]]));
        assert!(decode(crate::TypeInfo::opaque::<Vec<char>>(), &[&[0xff; 8]]));
        let unaligned = [0u8; 17];
        assert!(!decode(info, &[&unaligned[1..]]));
    }
}
