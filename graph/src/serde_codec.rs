//! Serde types: their codec (postcard in the header, no buffers), and kernels that are such.

use crate::codec::Codec;
use crate::error::BoxError;
use crate::kernel::{Block, Kernel};
use crate::layer::Blocks;
use crate::ship::ShipFn;
use crate::type_info::TypeInfo;
use crate::value::Value;
use serde::{Serialize, de::DeserializeOwned};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

pub(crate) struct BySerde<T>(PhantomData<T>);

impl<T: Any + Send + Sync + Serialize + DeserializeOwned> BySerde<T> {
    pub(crate) const INFO: &'static TypeInfo =
        &TypeInfo::opaque_with_codec::<T>(BySerde::<T>::CODEC);

    pub(crate) const CODEC: Codec = Codec {
        encode: |value, frames| {
            let value = value.downcast_ref::<T>().ok_or("the codec of another type was called")?;
            let header = std::mem::take(&mut frames.header);
            frames.header = postcard::to_extend(value, header)?;
            Ok(())
        },
        decode: |frames| Ok(Value::serde(postcard::from_bytes::<T>(frames.header)?)),
    };
}

pub(crate) struct KernelBySerde<K>(PhantomData<K>);

impl<K: Kernel + DeserializeOwned> KernelBySerde<K> {
    pub(crate) const FUNCTION: &'static ShipFn =
        &ShipFn::new::<KernelBySerde<K>>(|parcel| Ok(Arc::new(parcel.read::<K>()?)));
}

pub(crate) struct BlocksBySerde<B>(PhantomData<B>);

impl<B: Blocks + DeserializeOwned> BlocksBySerde<B> {
    pub(crate) const FUNCTION: &'static ShipFn =
        &ShipFn::new::<BlocksBySerde<B>>(|parcel| Ok(Arc::new(BlocksKernel(parcel.read::<B>()?))));
}

/// The blocks of a layer, as a kernel.
struct BlocksKernel<B>(B);

impl<B: Blocks> Kernel for BlocksKernel<B> {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        self.0.run(block.number, arguments)
    }

    fn as_blocks(&self) -> Option<&dyn Blocks> {
        Some(&self.0)
    }
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
