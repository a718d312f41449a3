//! [`OutputInfo`]: what is known of a result, as a type, so that another process knows the same.

use chunkwise_graph::TypeInfo;
use std::any::Any;
use std::marker::PhantomData;

/// A type that stands for facts about another one, `T`.
pub trait OutputInfo<T>: 'static {
    /// The facts.
    fn info() -> &'static TypeInfo;
}

/// What is known of any type; a codec only if the standard library's or a registered one.
#[derive(Debug)]
pub struct Opaque<T>(PhantomData<fn() -> T>);

impl<T> Opaque<T> {
    /// The only value.
    pub const NEW: Opaque<T> = Opaque(PhantomData);
}

impl<T: Any + Send + Sync> OutputInfo<T> for Opaque<T> {
    fn info() -> &'static TypeInfo {
        TypeInfo::opaque::<T>()
    }
}

/// What is known of a type of serde: a codec too.
#[cfg(feature = "serde")]
#[derive(Debug)]
pub struct Serde<T>(PhantomData<fn() -> T>);

#[cfg(feature = "serde")]
impl<T> Serde<T> {
    /// The only value.
    pub const NEW: Serde<T> = Serde(PhantomData);
}

#[cfg(feature = "serde")]
impl<T> OutputInfo<T> for Serde<T>
where
    T: Any + Send + Sync + serde::Serialize + serde::de::DeserializeOwned,
{
    fn info() -> &'static TypeInfo {
        TypeInfo::serde::<T>()
    }
}
