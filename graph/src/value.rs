//! [`Value`]: a task's result, of any type, shared between its consumers.

use crate::codec::{Frames, SharedAny};
use crate::error::{Error, Result};
use crate::type_info::{Data, TypeInfo};
use std::any::{Any, type_name};
use std::fmt;
use std::sync::Arc;

/// A dynamically typed result: shared while several tasks need it, changed in place by the last.
///
/// ```
/// use chunkwise_graph::Value;
/// let mut value = Value::new(vec![1.0, 2.0]);
/// value.get_mut::<Vec<f64>>().expect("nobody else holds it")[0] = 5.0;
/// assert_eq!(value.get::<Vec<f64>>()?, &[5.0, 2.0]);
/// assert!(value.get::<i64>().is_err());
/// # Ok::<(), chunkwise_graph::Error>(())
/// ```
#[derive(Clone)]
pub struct Value {
    /// `None`: the unit value, or one that was taken; neither allocates.
    data: Option<SharedAny>,
    info: &'static TypeInfo,
}

impl Value {
    /// Of any type; what is known of it is what [`TypeInfo::opaque`] says.
    #[inline]
    pub fn new<T: Any + Send + Sync>(value: T) -> Value {
        Value::with_info(value, TypeInfo::opaque::<T>())
    }

    /// Of a type that knows its size and codec.
    #[inline]
    pub fn data<T: Data>(value: T) -> Value {
        Value::with_info(value, TypeInfo::data::<T>())
    }

    /// Of a serde type, so that it can leave the process.
    #[cfg(feature = "serde")]
    #[inline]
    pub fn serde<T>(value: T) -> Value
    where
        T: Any + Send + Sync + serde::Serialize + serde::de::DeserializeOwned,
    {
        Value::with_info(value, TypeInfo::serde::<T>())
    }

    /// With facts about `T` that were captured elsewhere.
    #[inline]
    pub fn with_info<T: Any + Send + Sync>(value: T, info: &'static TypeInfo) -> Value {
        debug_assert_eq!(info.id(), std::any::TypeId::of::<T>());
        Value { data: Some(Arc::new(value)), info }
    }

    /// Of a value that is shared already; copies nothing.
    pub fn shared<T: Any + Send + Sync>(value: Arc<T>) -> Value {
        Value { data: Some(value), info: TypeInfo::opaque::<T>() }
    }

    /// The unit value; allocates nothing.
    #[inline]
    pub fn unit() -> Value {
        Value { data: None, info: TypeInfo::opaque::<()>() }
    }

    /// Moves the value out, so that a kernel owns it and may change it in place.
    ///
    /// What stays behind still knows its type, for error messages.
    #[inline]
    #[must_use]
    pub fn take(&mut self) -> Value {
        Value { data: self.data.take(), info: self.info }
    }

    fn any(&self) -> &(dyn Any + Send + Sync) {
        self.data.as_deref().unwrap_or(&())
    }

    /// Whether the value is a `T`.
    #[inline]
    pub fn is<T: Any>(&self) -> bool {
        self.any().is::<T>()
    }

    /// The value as a `T`.
    ///
    /// # Errors
    /// [`Error::Type`] if it is of another type.
    #[inline]
    pub fn get<T: Any>(&self) -> Result<&T> {
        match self.any().downcast_ref() {
            Some(value) => Ok(value),
            None => Err(self.not_a(type_name::<T>())),
        }
    }

    /// The value, to be changed in place, when it is a `T` and nobody else holds it.
    #[inline]
    pub fn get_mut<T: Any>(&mut self) -> Option<&mut T> {
        Arc::get_mut(self.data.as_mut()?)?.downcast_mut()
    }

    /// The value itself when nobody else holds it, else a clone.
    ///
    /// # Errors
    /// [`Error::Type`] if it is of another type.
    #[inline]
    pub fn take_or_clone<T: Any + Clone + Send + Sync>(self) -> Result<T> {
        Ok(Arc::unwrap_or_clone(self.into_arc::<T>()?))
    }

    /// The value as it is shared; copies nothing.
    ///
    /// # Errors
    /// [`Error::Type`] if it is of another type.
    pub fn into_arc<T: Any + Send + Sync>(self) -> Result<Arc<T>> {
        let info = self.info;
        let data = self.data.unwrap_or_else(|| Arc::new(()));
        data.downcast().map_err(|_| type_error(type_name::<T>(), info))
    }

    #[cold]
    fn not_a(&self, expected: &'static str) -> Error {
        type_error(expected, self.info)
    }

    /// Bytes in memory, the heap included where the type says so.
    #[inline]
    pub fn nbytes(&self) -> usize {
        self.data.as_deref().map_or(0, |value| self.info.nbytes(value))
    }

    /// As [`Value::nbytes`], where that counts the heap too; `None` where nobody knows.
    pub fn known_nbytes(&self) -> Option<usize> {
        self.info.counts_heap().then(|| self.nbytes())
    }

    /// What is known of the type.
    pub fn info(&self) -> &'static TypeInfo {
        self.info
    }

    /// A short description for errors and pictures: a number's digits, `3 x f64`, `chunk (2, 3)`.
    pub fn describe(&self) -> String {
        match &self.data {
            Some(value) => self.info.describe(&**value),
            None => self.info.short_name(),
        }
    }

    /// Appends the value's portable form to empty frames; see [`crate::Codec`].
    ///
    /// # Errors
    /// - [`Error::NoCodec`] if the type has none.
    /// - [`Error::Codec`] if the codec fails.
    pub fn encode(&self, frames: &mut Frames) -> Result<()> {
        let type_name = self.info.name();
        let codec = self.info.codec().ok_or(Error::NoCodec { type_name })?;
        let unit = || -> SharedAny { Arc::new(()) };
        let data = self.data.clone().unwrap_or_else(unit);
        (codec.encode)(&data, frames)
            .map_err(|source| Error::Codec { type_name, source: source.into() })
    }
}

#[cold]
fn type_error(expected: &'static str, found: &'static TypeInfo) -> Error {
    Error::Type { key: None, expected, found: found.name() }
}

impl Default for Value {
    fn default() -> Value {
        Value::unit()
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value<{}>({})", self.info.short_name(), self.describe())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unique_value_is_changed_in_place_and_a_shared_one_is_not() {
        let mut text = String::with_capacity(2);
        text.push('x');
        let mut a = Value::new(text);
        let at = a.get::<String>().unwrap().as_ptr();
        a.get_mut::<String>().unwrap().push('y');
        let b = a.clone();
        assert!(a.get_mut::<String>().is_none());
        drop(b);
        let text: String = a.take_or_clone().unwrap();
        assert_eq!((text.as_str(), text.as_ptr()), ("xy", at));
    }

    #[test]
    fn the_wrong_type_is_named() {
        let error = Value::new(1u8).get::<String>().unwrap_err();
        assert_eq!(error.to_string(), "expected String, found u8");
        assert!(Value::new(1u8).into_arc::<i8>().is_err());
        assert!(Value::new(1u8).take_or_clone::<i8>().is_err());
    }

    #[test]
    fn unit_and_taken_values_answer() {
        let mut value = Value::new(3i64);
        assert_eq!(value.take().get::<i64>().unwrap(), &3);
        assert_eq!((value.nbytes(), value.describe().as_str()), (0, "i64"));
        assert!(value.get::<i64>().is_err());
        assert!(Value::unit().get::<()>().is_ok());
        assert!(Value::unit().take_or_clone::<()>().is_ok());
    }

    #[test]
    fn values_stay_small() {
        assert_eq!(size_of::<Value>(), 24);
        assert_eq!(size_of::<Option<Value>>(), 24);
    }
}
