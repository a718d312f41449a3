//! Which types can leave the process without saying so themselves: those of the standard library
//! that tasks usually give, those that a program registers, and the types of its errors.

use crate::codec::Codec;
#[cfg(feature = "serde")]
use crate::error::BoxError;
use crate::type_info::TypeInfo;
use std::any::TypeId;
#[cfg(feature = "serde")]
use std::any::type_name;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
#[cfg(feature = "serde")]
use std::error::Error as StdError;
#[cfg(feature = "serde")]
use std::fmt;
use std::sync::{LazyLock, PoisonError, RwLock};

struct Registry {
    by_type: HashMap<TypeId, Codec>,
    /// What was registered, in order.
    registered: Vec<&'static TypeInfo>,
}

static REGISTRY: LazyLock<RwLock<Registry>> = LazyLock::new(|| {
    #[cfg(feature = "serde")]
    let by_type = crate::standard_codecs::all();
    #[cfg(not(feature = "serde"))]
    let by_type = HashMap::new();
    RwLock::new(Registry { by_type, registered: Vec::new() })
});

/// The codec of a type that has none of its own.
pub(crate) fn codec_of(id: TypeId) -> Option<Codec> {
    let registry = REGISTRY.read().unwrap_or_else(PoisonError::into_inner);
    registry.by_type.get(&id).copied()
}

/// Lets values of a serde type leave the process wherever they are made: results of plain
/// functions and closures, whose types nobody asked for their codec.
///
/// Numbers, text, paths, and vectors, options and maps of them need no registration; types that
/// implement [`Data`](crate::Data) with a codec, and results of functions with the attribute
/// `#[delayed]`, neither. Register before a run, once; schedulers tell their workers.
///
/// ```
/// use chunkwise_graph::{Frames, Value, register_serde};
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Row(u32, String);
///
/// let row = Value::new(Row(1, "a".into()));
/// assert!(row.encode(&mut Frames::default()).is_err());
/// register_serde::<Row>();
/// assert!(row.encode(&mut Frames::default()).is_ok());
/// ```
#[cfg(feature = "serde")]
pub fn register_serde<T>()
where
    T: std::any::Any + Send + Sync + serde::Serialize + serde::de::DeserializeOwned,
{
    register(TypeInfo::serde::<T>());
}

/// As [`register_serde`](crate::register_serde), of a type whose codec is known; does nothing for a
/// type that is known already, or has no codec.
pub fn register(info: &'static TypeInfo) {
    let Some(codec) = info.own_codec() else { return };
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    if let Entry::Vacant(vacant) = registry.by_type.entry(info.id()) {
        vacant.insert(codec);
        registry.registered.push(info);
    }
}

/// The types that were registered, in that order.
pub fn registered() -> Vec<&'static TypeInfo> {
    REGISTRY.read().unwrap_or_else(PoisonError::into_inner).registered.clone()
}

/// How the errors of one type leave the process: a static that every process of one executable has
/// at the same place.
#[cfg(feature = "serde")]
#[repr(C)]
pub struct ErrorInfo {
    /// First, so that a receiver can look before it believes the rest.
    mark: u64,
    name: fn() -> &'static str,
    encode: fn(&(dyn StdError + Send + Sync + 'static)) -> Option<Vec<u8>>,
    decode: fn(&[u8]) -> Option<BoxError>,
}

#[cfg(feature = "serde")]
impl ErrorInfo {
    /// What the first eight bytes of each are: a check on what a reference points to.
    pub const MARK: u64 = 0x6b63_6f66_6e49_7245;

    /// Of a serde type.
    pub const fn serde<E>() -> &'static ErrorInfo
    where
        E: StdError + Send + Sync + serde::Serialize + serde::de::DeserializeOwned + 'static,
    {
        const {
            &ErrorInfo {
                mark: ErrorInfo::MARK,
                name: type_name::<E>,
                encode: |error| postcard::to_stdvec(error.downcast_ref::<E>()?).ok(),
                decode: |bytes| Some(Box::new(postcard::from_bytes::<E>(bytes).ok()?)),
            }
        }
    }

    /// The full name of the type, as the compiler gives it.
    pub fn name(&self) -> &'static str {
        (self.name)()
    }
}

#[cfg(feature = "serde")]
impl fmt::Debug for ErrorInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ErrorInfo({})", self.name())
    }
}

#[cfg(feature = "serde")]
static ERRORS: RwLock<Vec<&'static ErrorInfo>> = RwLock::new(Vec::new());

/// Lets errors of a serde type leave the process as they are, so that the caller finds them as the
/// source of a task's error, by `downcast_ref`. Of other errors their text arrives.
///
/// Register before a run, once; schedulers tell their workers.
///
/// ```
/// use chunkwise_graph::{BoxError, decode_error, encode_error, register_error};
/// #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
/// struct Unreadable { line: u32 }
///
/// impl std::fmt::Display for Unreadable {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         write!(f, "line {} is unreadable", self.line)
///     }
/// }
/// impl std::error::Error for Unreadable {}
///
/// let error: BoxError = Unreadable { line: 7 }.into();
/// assert!(encode_error(&*error).is_none());
/// register_error::<Unreadable>();
/// let (name, bytes) = encode_error(&*error).expect("it is registered now");
/// let there = decode_error(name, &bytes).expect("it is what was written");
/// assert_eq!(there.downcast_ref(), Some(&Unreadable { line: 7 }));
/// ```
#[cfg(feature = "serde")]
pub fn register_error<E>()
where
    E: StdError + Send + Sync + serde::Serialize + serde::de::DeserializeOwned + 'static,
{
    register_error_info(ErrorInfo::serde::<E>());
}

/// As [`register_error`], of a type of which the facts are known; does nothing for a type that is
/// known already.
#[cfg(feature = "serde")]
pub fn register_error_info(info: &'static ErrorInfo) {
    let mut errors = ERRORS.write().unwrap_or_else(PoisonError::into_inner);
    if !errors.iter().any(|known| known.name() == info.name()) {
        errors.push(info);
    }
}

/// The types of errors that were registered, in that order.
#[cfg(feature = "serde")]
pub fn registered_errors() -> Vec<&'static ErrorInfo> {
    ERRORS.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The name of an error's type and the error in portable form; `None` if the type is not
/// [registered](register_error).
///
/// # Complexity
/// As many comparisons as there are registered types.
#[cfg(feature = "serde")]
pub fn encode_error(
    error: &(dyn StdError + Send + Sync + 'static),
) -> Option<(&'static str, Vec<u8>)> {
    let errors = ERRORS.read().unwrap_or_else(PoisonError::into_inner);
    errors.iter().find_map(|info| Some((info.name(), (info.encode)(error)?)))
}

/// The error that [`encode_error`] wrote; `None` if no type of that name is registered, or the
/// bytes are no such error.
#[cfg(feature = "serde")]
pub fn decode_error(name: &str, bytes: &[u8]) -> Option<BoxError> {
    let errors = ERRORS.read().unwrap_or_else(PoisonError::into_inner);
    let info = errors.iter().find(|info| info.name() == name)?;
    (info.decode)(bytes)
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Odd(u32);

    impl fmt::Display for Odd {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} is odd", self.0)
        }
    }

    impl StdError for Odd {}

    #[test]
    fn registered_errors_come_back_and_others_do_not_leave() {
        register_error::<Odd>();
        register_error::<Odd>();
        let known = registered_errors();
        assert_eq!(known.iter().filter(|info| info.name() == type_name::<Odd>()).count(), 1);
        let (name, bytes) = encode_error(&Odd(300)).unwrap();
        assert_eq!(decode_error(name, &bytes).unwrap().downcast_ref(), Some(&Odd(300)));
        assert!(encode_error(&fmt::Error).is_none());
    }

    #[test]
    fn damaged_errors_are_none() {
        register_error::<Odd>();
        let (name, bytes) = encode_error(&Odd(300)).unwrap();
        assert!(decode_error(name, &bytes[..1]).is_none());
        assert!(decode_error("no such type", &bytes).is_none());
    }
}
