//! Which types can leave the process without saying so themselves: those of the standard library
//! that tasks usually give, and those that a program registers.

use crate::codec::Codec;
use crate::type_info::TypeInfo;
use std::any::TypeId;
use std::collections::HashMap;
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
    if !registry.by_type.contains_key(&info.id()) {
        registry.by_type.insert(info.id(), codec);
        registry.registered.push(info);
    }
}

/// The types that were registered, in that order.
pub fn registered() -> Vec<&'static TypeInfo> {
    REGISTRY.read().unwrap_or_else(PoisonError::into_inner).registered.clone()
}
