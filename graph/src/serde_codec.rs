//! The codec of serde types: postcard in the header, no buffers.

use crate::codec::Codec;
use crate::type_info::TypeInfo;
use crate::value::Value;
use serde::{Serialize, de::DeserializeOwned};
use std::any::Any;
use std::marker::PhantomData;

pub(crate) struct BySerde<T>(PhantomData<T>);

impl<T: Any + Send + Sync + Serialize + DeserializeOwned> BySerde<T> {
    pub(crate) const INFO: &'static TypeInfo = &TypeInfo::opaque_with_codec::<T>(Codec {
        encode: |value, frames| {
            let value = value.downcast_ref::<T>().ok_or("the codec of another type was called")?;
            let header = std::mem::take(&mut frames.header);
            frames.header = postcard::to_extend(value, header)?;
            Ok(())
        },
        decode: |frames| Ok(Value::serde(postcard::from_bytes::<T>(frames.header)?)),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Frames;

    #[test]
    fn serde_values_travel() {
        let value = Value::serde((String::from("größe"), vec![1.5f64, f64::INFINITY]));
        let mut frames = Frames::default();
        value.encode(&mut frames).unwrap();
        let codec = value.info().codec().unwrap();
        let back = frames.with_ref(|f| (codec.decode)(f)).unwrap();
        assert_eq!(
            back.get::<(String, Vec<f64>)>().unwrap(),
            value.get::<(String, Vec<f64>)>().unwrap()
        );
    }

    #[test]
    fn damaged_bytes_are_an_error() {
        let codec = TypeInfo::serde::<Vec<String>>().codec().unwrap();
        let frames = Frames { header: vec![5, 200, 1], buffers: vec![] };
        assert!(frames.with_ref(|f| (codec.decode)(f)).is_err());
    }
}
