//! `packbits`, `unpackbits`: eight truths in a byte.

use crate::array::Array;
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::blocks::{BlockInfo, BlockOp, block_op};
use crate::chunk::chunk_of;
use crate::error::ArrayError;
use crate::rechunk::rechunk;
use chunkwise_graph::{BlockMap, BoxError, Value};
use ndarray::{ArrayD, Axis, IxDyn};
use serde::{Deserialize, Serialize};

/// Which bit of a byte comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum BitOrder {
    /// The most significant one: `0b1000_0000`. NumPy's default.
    #[default]
    Big,
    /// The least significant one: `0b0000_0001`.
    Little,
}

impl BitOrder {
    /// The byte with this bit alone.
    fn bit(self, at: usize) -> u8 {
        match self {
            BitOrder::Big => 0b1000_0000 >> (at % 8),
            BitOrder::Little => 1 << (at % 8),
        }
    }
}

impl Array<bool> {
    /// Each eight elements along an axis as the bits of a byte; the last byte is filled up with zeros.
    ///
    /// The axis has `len.div_ceil(8)` elements. Its chunks start where those of this array do, but at
    /// whole bytes. NumPy packs whatever is not 0: `x.not_equal(0).packbits(...)` of numbers.
    ///
    /// # Errors
    /// [`ArrayError::Axis`] if there is no such axis, [`ArrayError::Argument`] if it is not one,
    /// [`ArrayError::Deferred`] if only a run tells its length.
    ///
    /// # Complexity
    /// O(elements); a task for each chunk, and the elements copied once more where chunks are not of
    /// whole bytes.
    ///
    /// ```
    /// use chunkwise_array::{Array, BitOrder, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::arr1(&[true, false, true, false, false, false, false, true, true]), 4);
    /// let bytes = x.packbits(0, BitOrder::Big);
    /// assert_eq!(bytes.compute()?, ndarray::arr1(&[0b1010_0001, 0b1000_0000u8]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn packbits(&self, axis: impl Into<Axes>, order: BitOrder) -> Array<u8> {
        Array::build(PackBits::NAME, &[&self.node], |made_at| {
            let axis = axis.into().one(self.ndim())?;
            let own = &self.chunks().axes()[axis];
            let len = own.len();
            let len = len.ok_or(ArrayError::Deferred { operation: PackBits::NAME, axis })?;
            let bytes = AxisChunks::of_starts(
                own.inner_starts().into_iter().map(|at| at / 8),
                len.div_ceil(8),
            );
            let starts = bytes.inner_starts().into_iter().map(|at| at * 8);
            let cut = self.chunks().with_axis(axis, AxisChunks::of_starts(starts, len));
            let input = rechunk(self.node.clone(), cut, made_at);
            let chunks = input.chunks.with_axis(axis, bytes);
            let op = PackBits { axis, order };
            Ok(block_op(op, [input], vec![BlockMap::Same], chunks, made_at))
        })
    }
}

impl Array<u8> {
    /// The bits of each byte along an axis, which becomes eight times as long: what
    /// [`Array::packbits`] was made of, and the zeros that it was filled up with (a slice takes them
    /// away again).
    ///
    /// Each chunk becomes one of eight times its length. NumPy gives the bits as numbers.
    ///
    /// # Errors
    /// As [`Array::packbits`], and [`ArrayError::TooLarge`] if the bits cannot be counted.
    ///
    /// # Complexity
    /// O(elements); a task for each chunk.
    ///
    /// ```
    /// use chunkwise_array::{Array, BitOrder, CollectionExt};
    /// let bits = Array::from_ndarray(&ndarray::arr1(&[0b101u8]), 1).unpackbits(0, BitOrder::Little);
    /// let expected = [true, false, true, false, false, false, false, false];
    /// assert_eq!(bits.compute()?, ndarray::arr1(&expected).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn unpackbits(&self, axis: impl Into<Axes>, order: BitOrder) -> Array<bool> {
        Array::build(UnpackBits::NAME, &[&self.node], |made_at| {
            let axis = axis.into().one(self.ndim())?;
            let own = &self.chunks().axes()[axis];
            let len = own.len();
            let len = len.ok_or(ArrayError::Deferred { operation: UnpackBits::NAME, axis })?;
            if len > isize::MAX as usize / 8 {
                return Err(ArrayError::TooLarge { shape: [len].into() });
            }
            let sizes = own.sizes().unwrap_or_default();
            let bits = match own.regular_size() {
                Some(size) => AxisChunks::regular(len * 8, size * 8),
                None => AxisChunks::of_sizes(sizes.into_iter().map(|size| size * 8)),
            };
            let chunks = self.chunks().with_axis(axis, bits);
            let op = UnpackBits { axis, order };
            Ok(block_op(op, [self.node.clone()], vec![BlockMap::Same], chunks, made_at))
        })
    }
}

#[derive(Clone, Serialize, Deserialize)]
struct PackBits {
    axis: usize,
    order: BitOrder,
}

impl BlockOp for PackBits {
    type Out = u8;
    const NAME: &'static str = "packbits";

    fn call(&self, inputs: &mut [Value], _: &BlockInfo) -> Result<ArrayD<u8>, BoxError> {
        let [bits] = inputs else { return Err("it is called with one block".into()) };
        let (bits, axis) = (chunk_of::<bool>(bits)?, Axis(self.axis));
        let mut shape = bits.shape().to_vec();
        let len = shape.get_mut(self.axis).ok_or("a chunk without the axis")?;
        *len = len.div_ceil(8);
        let mut out = ArrayD::from_elem(IxDyn(&shape), 0u8);
        let bits = bits.view();
        for (bits, mut out) in bits.lanes(axis).into_iter().zip(out.lanes_mut(axis)) {
            for (at, _) in bits.iter().enumerate().filter(|(_, bit)| **bit) {
                out[at / 8] |= self.order.bit(at);
            }
        }
        Ok(out)
    }

    fn scratch(&self, _: &[usize]) -> usize {
        0
    }
}

#[derive(Clone, Serialize, Deserialize)]
struct UnpackBits {
    axis: usize,
    order: BitOrder,
}

impl BlockOp for UnpackBits {
    type Out = bool;
    const NAME: &'static str = "unpackbits";

    fn call(&self, inputs: &mut [Value], _: &BlockInfo) -> Result<ArrayD<bool>, BoxError> {
        let [bytes] = inputs else { return Err("it is called with one block".into()) };
        let bytes = chunk_of::<u8>(bytes)?;
        let mut shape = bytes.shape().to_vec();
        *shape.get_mut(self.axis).ok_or("a chunk without the axis")? *= 8;
        let mut out = ArrayD::from_elem(IxDyn(&shape), false);
        let (bytes, axis) = (bytes.view(), Axis(self.axis));
        for (bytes, mut out) in bytes.lanes(axis).into_iter().zip(out.lanes_mut(axis)) {
            for (at, out) in out.iter_mut().enumerate() {
                *out = bytes[at / 8] & self.order.bit(at) != 0;
            }
        }
        Ok(out)
    }

    fn scratch(&self, _: &[usize]) -> usize {
        0
    }
}
