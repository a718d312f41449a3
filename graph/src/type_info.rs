//! [`TypeInfo`]: what is known of a value's type beyond `Any`.

use crate::codec::{Codec, FramesRef};
use crate::error::BoxError;
use crate::value::Value;
use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;

/// Types that know their size in memory and how to travel: chunks of collections implement it.
///
/// # Contract
/// `nbytes` counts the heap too; it is what memory limits are kept by.
pub trait Data: Any + Send + Sync + Sized {
    /// Bytes in memory, the heap included.
    fn nbytes(&self) -> usize;

    /// Whether values are handles of bytes that are counted, and can leave memory, where they were
    /// reserved: then nothing is won by writing the handle to disk, with all that it stands for.
    const IS_HANDLE: bool = false;

    /// How the type leaves the process, if it can.
    const CODEC: Option<Codec> = None;

    /// A short description for errors and pictures, such as `chunk (500, 500) f8`.
    fn describe(&self) -> String {
        short_type_name(type_name::<Self>())
    }
}

/// Facts about one type, captured where the type is known; one static for each.
#[repr(C)]
pub struct TypeInfo {
    /// First, so that a receiver can look before it believes the rest.
    mark: u64,
    name: fn() -> &'static str,
    id: fn() -> TypeId,
    nbytes: fn(&(dyn Any + Send + Sync)) -> usize,
    /// Whether `nbytes` counts the heap.
    counts_heap: fn() -> bool,
    is_handle: bool,
    codec: Option<Codec>,
    describe: fn(&(dyn Any + Send + Sync)) -> String,
}

impl TypeInfo {
    /// What the first eight bytes of each are: a check on what a reference points to.
    pub const MARK: u64 = 0x6b63_6f66_6e49_7954;

    /// Of a type that says its own size and codec.
    pub const fn data<T: Data>() -> &'static TypeInfo {
        OfData::<T>::INFO
    }

    /// Of any type: sizes of the standard library's numbers, strings and vectors of them are
    /// known, of others the size without their heap. A codec if it is a common type of the standard
    /// library (with the feature `serde`) or one that was [registered](crate::register).
    pub const fn opaque<T: Any + Send + Sync>() -> &'static TypeInfo {
        Opaque::<T>::INFO
    }

    /// Of a serde type: as [`TypeInfo::opaque`], and values can leave the process.
    #[cfg(feature = "serde")]
    pub const fn serde<T>() -> &'static TypeInfo
    where
        T: Any + Send + Sync + serde::Serialize + serde::de::DeserializeOwned,
    {
        crate::serde_codec::BySerde::<T>::INFO
    }

    #[cfg(feature = "serde")]
    pub(crate) const fn opaque_with_codec<T: Any + Send + Sync>(codec: Codec) -> TypeInfo {
        TypeInfo { codec: Some(codec), ..Opaque::<T>::BASE }
    }

    /// The full name of the type, as the compiler gives it.
    pub fn name(&self) -> &'static str {
        (self.name)()
    }

    /// The name without module paths, for messages.
    pub fn short_name(&self) -> String {
        short_type_name(self.name())
    }

    /// The type's identity in this process.
    pub fn id(&self) -> TypeId {
        (self.id)()
    }

    /// How values of the type leave the process, if they can.
    pub fn codec(&self) -> Option<Codec> {
        self.codec.or_else(|| crate::crossing::codec_of(self.id()))
    }

    /// The codec that was captured with the type.
    pub(crate) fn own_codec(&self) -> Option<Codec> {
        self.codec
    }

    /// See [`Data::IS_HANDLE`].
    pub fn is_handle(&self) -> bool {
        self.is_handle
    }

    /// Reads a value of the type back.
    ///
    /// # Errors
    /// If the type has no codec, or the codec makes nothing of the frames.
    pub fn decode(&self, frames: FramesRef<'_>) -> Result<Value, BoxError> {
        let type_name = self.name();
        let codec = self.codec().ok_or(crate::Error::NoCodec { type_name })?;
        (codec.decode)(frames)
    }

    /// Bytes in memory of a value of this type, the heap included where it is known.
    pub(crate) fn nbytes(&self, value: &(dyn Any + Send + Sync)) -> usize {
        (self.nbytes)(value)
    }

    /// Whether [`TypeInfo::nbytes`] counts the heap, if there is any.
    pub(crate) fn counts_heap(&self) -> bool {
        (self.counts_heap)()
    }

    pub(crate) fn describe(&self, value: &(dyn Any + Send + Sync)) -> String {
        (self.describe)(value)
    }
}

impl fmt::Debug for TypeInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TypeInfo({}, codec: {})", self.name(), self.codec.is_some())
    }
}

struct OfData<T>(PhantomData<T>);

impl<T: Data> OfData<T> {
    const INFO: &'static TypeInfo = &TypeInfo {
        mark: TypeInfo::MARK,
        name: type_name::<T>,
        id: TypeId::of::<T>,
        nbytes: |value| value.downcast_ref::<T>().map_or(0, T::nbytes),
        counts_heap: || true,
        is_handle: T::IS_HANDLE,
        codec: T::CODEC,
        describe: |value| value.downcast_ref::<T>().map_or_else(String::new, T::describe),
    };
}

struct Opaque<T>(PhantomData<T>);

impl<T: Any + Send + Sync> Opaque<T> {
    const BASE: TypeInfo = TypeInfo {
        mark: TypeInfo::MARK,
        name: type_name::<T>,
        id: TypeId::of::<T>,
        nbytes: known_nbytes::<T>,
        counts_heap: || !std::mem::needs_drop::<T>() || counts_heap(TypeId::of::<T>()),
        is_handle: false,
        codec: None,
        describe: known_description::<T>,
    };
    const INFO: &'static TypeInfo = &Opaque::<T>::BASE;
}

/// Runs one block of code for each listed type that `$value` might be; the comparison of type ids
/// is decided when the code is compiled for a `T`.
macro_rules! for_known {
    ($value:expr, $T:ty, $known:ident => $result:expr, $($type:ty),+ $(,)?) => { $(
        if TypeId::of::<$T>() == TypeId::of::<$type>()
            && let Some($known) = $value.downcast_ref::<$type>() {
            return $result;
        }
    )+ };
}

fn known_nbytes<T: Any>(value: &(dyn Any + Send + Sync)) -> usize {
    for_known!(value, T, v => size_of_val(v) + size_of_val(&v[..]),
        Vec<u8>, Vec<u16>, Vec<u32>, Vec<u64>, Vec<usize>, Vec<i8>, Vec<i16>, Vec<i32>, Vec<i64>,
        Vec<isize>, Vec<f32>, Vec<f64>, Vec<bool>, Vec<char>);
    for_known!(value, T, v => size_of::<String>() + v.capacity(), String);
    for_known!(value, T, v => size_of::<PathBuf>() + v.capacity(), PathBuf);
    for_known!(value, T, v => size_of_val(v) + v.iter().map(|s| size_of_val(s) + s.capacity()).sum::<usize>(),
        Vec<String>);
    size_of::<T>()
}

/// Whether [`known_nbytes`] knows what a type has on the heap.
fn counts_heap(id: TypeId) -> bool {
    macro_rules! ids {
        ($($type:ty),+ $(,)?) => { [$(TypeId::of::<$type>()),+] };
    }
    ids!(
        Vec<u8>,
        Vec<u16>,
        Vec<u32>,
        Vec<u64>,
        Vec<usize>,
        Vec<i8>,
        Vec<i16>,
        Vec<i32>,
        Vec<i64>,
        Vec<isize>,
        Vec<f32>,
        Vec<f64>,
        Vec<bool>,
        Vec<char>,
        String,
        PathBuf,
        Vec<String>,
    )
    .contains(&id)
}

fn known_description<T: Any>(value: &(dyn Any + Send + Sync)) -> String {
    for_known!(value, T, v => v.to_string(),
        u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, bool);
    for_known!(value, T, v => format!("{v:?}"), f32, f64, char);
    for_known!(value, T, v => format!("{:?}", elided(v)), &'static str, String);
    for_known!(value, T, v => format!("{:?}", elided(&v.to_string_lossy())), PathBuf);
    for_known!(value, T, v => format!("{} x {}", v.len(), element_name(type_name::<T>())),
        Vec<u8>, Vec<u16>, Vec<u32>, Vec<u64>, Vec<usize>, Vec<i8>, Vec<i16>, Vec<i32>, Vec<i64>,
        Vec<isize>, Vec<f32>, Vec<f64>, Vec<bool>, Vec<char>, Vec<String>);
    short_type_name(type_name::<T>())
}

fn elided(text: &str) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &text[..at]).into(),
        None => text.into(),
    }
}

fn element_name(vec: &'static str) -> String {
    let inner = vec.split_once('<').map_or(vec, |(_, inner)| inner.trim_end_matches('>'));
    short_type_name(inner)
}

/// `alloc::vec::Vec<my::module::Row>` as a reader would write it: `Vec<Row>`.
pub(crate) fn short_type_name(full: &str) -> String {
    let mut short = String::with_capacity(full.len());
    let mut word_start = 0;
    let mut chars = full.chars().peekable();
    while let Some(c) = chars.next() {
        if c == ':' && chars.peek() == Some(&':') {
            chars.next();
            short.truncate(word_start);
        } else {
            short.push(c);
            if !(c.is_alphanumeric() || c == '_' || c == '{' || c == '}') {
                word_start = short.len();
            }
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_drop_modules_only() {
        let short = |full: &str| short_type_name(full);
        assert_eq!(short("alloc::vec::Vec<my::Row>"), "Vec<Row>");
        assert_eq!(short("(i64, core::option::Option<a::b::C>)"), "(i64, Option<C>)");
        assert_eq!(short("&[f64]"), "&[f64]");
        assert_eq!(short(""), "");
    }

    #[test]
    fn sizes_of_standard_types_count_the_heap() {
        let nbytes = |info: &TypeInfo, v: &(dyn Any + Send + Sync)| info.nbytes(v);
        assert_eq!(nbytes(TypeInfo::opaque::<Vec<f64>>(), &vec![0.0f64; 10]), 24 + 80);
        assert_eq!(nbytes(TypeInfo::opaque::<i32>(), &7i32), 4);
        let strings = vec![String::from("ab"), String::new()];
        assert_eq!(nbytes(TypeInfo::opaque::<Vec<String>>(), &strings), 24 + 48 + 2);
    }

    #[test]
    fn descriptions_show_what_a_reader_wants() {
        let describe = |v: &'static str| TypeInfo::opaque::<&'static str>().describe(&v);
        assert_eq!(describe("data.csv"), "\"data.csv\"");
        assert_eq!(TypeInfo::opaque::<Vec<f64>>().describe(&vec![1.0; 3]), "3 x f64");
        let long: String = "é".repeat(100);
        assert_eq!(TypeInfo::opaque::<String>().describe(&long).chars().count(), 43);
    }
}
