//! [`Chunk`]: what the blocks of an array hold.

use crate::chunks::Chunks;
use crate::element::Element;
use crate::error::ArrayError;
use crate::extent::shape_text;
use chunkwise_graph::{Bounds, BoxError, Codec, Data, FramesRef, Value};
use ndarray::{ArrayD, ArrayViewD, IxDyn};
use std::borrow::Cow;

/// A box of an array: elements that lie in memory without gaps, row by row or in another order of
/// the axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk<T>(ArrayD<T>);

impl<T: Element> Chunk<T> {
    /// Of any array; one with gaps or reversed axes is copied.
    pub fn new(array: ArrayD<T>) -> Chunk<T> {
        match array.as_slice_memory_order().is_some() {
            true => Chunk(array),
            false => Chunk(array.as_standard_layout().into_owned()),
        }
    }

    /// Of elements in row-major order.
    ///
    /// # Errors
    /// [`ArrayError::Chunk`] if there are more or fewer than the shape says.
    pub fn from_vec(shape: &[usize], elements: Vec<T>) -> Result<Chunk<T>, ArrayError> {
        let n = elements.len();
        ArrayD::from_shape_vec(IxDyn(shape), elements)
            .map(Chunk)
            .map_err(|_| ArrayError::Chunk { found: [n].into(), expected: shape.into() })
    }

    /// The elements.
    pub fn view(&self) -> ArrayViewD<'_, T> {
        self.0.view()
    }

    /// The elements, owned.
    pub fn into_array(self) -> ArrayD<T> {
        self.0
    }

    /// The length of each axis.
    pub fn shape(&self) -> &[usize] {
        self.0.shape()
    }

    /// The elements in row-major order, if they lie so.
    pub fn as_slice(&self) -> Option<&[T]> {
        self.0.as_slice()
    }

    /// The elements, repeated along axes of length 1, if they can be to that shape.
    pub(crate) fn broadcast(&self, shape: &[usize]) -> Option<ArrayViewD<'_, T>> {
        self.0.broadcast(IxDyn(shape))
    }

    /// The elements as they lie in memory.
    pub(crate) fn in_memory_order(&self) -> &[T] {
        self.0.as_slice_memory_order().unwrap_or(&[])
    }

    /// How far apart neighbours along each axis lie in memory, in elements.
    pub(crate) fn strides(&self) -> &[isize] {
        self.0.strides()
    }

    /// The elements in row-major order; copied, once, if they lie otherwise.
    pub(crate) fn row_major(&self) -> Cow<'_, [T]> {
        match self.as_slice() {
            Some(elements) => Cow::Borrowed(elements),
            None => Cow::Owned(row_major(self.view().as_standard_layout().into_owned())),
        }
    }

    /// The elements in row-major order; copied if they lie otherwise.
    pub(crate) fn into_row_major(self) -> Vec<T> {
        row_major(self.0)
    }

    /// As the value of a task.
    pub(crate) fn into_value(self) -> Value {
        Value::data(self)
    }
}

/// The elements of an array in row-major order; copied if they lie otherwise.
pub(crate) fn row_major<T: Element>(array: ArrayD<T>) -> Vec<T> {
    let array = match array.is_standard_layout() {
        true => array,
        false => array.as_standard_layout().into_owned(),
    };
    let n = array.len();
    match array.into_raw_vec_and_offset() {
        (elements, _) if elements.len() == n => elements,
        // A part of more, which an array of fewer elements kept.
        (elements, start) => elements[start.unwrap_or(0)..][..n].to_vec(),
    }
}

/// The chunk that a value holds.
pub(crate) fn chunk_of<T: Element>(value: &Value) -> Result<&Chunk<T>, BoxError> {
    Ok(value.get::<Chunk<T>>()?)
}

/// The array in a value, owned: moved out if nobody else holds it, copied else.
pub(crate) fn take_array<T: Element>(value: &mut Value) -> Result<ArrayD<T>, BoxError> {
    Ok(value.take().take_or_clone::<Chunk<T>>()?.into_array())
}

/// Bytes of a chunk with so many elements, as [`Data::nbytes`] counts them.
pub(crate) fn chunk_bytes<T: Element>(n_elements: usize) -> u64 {
    (size_of::<Chunk<T>>() + n_elements.saturating_mul(size_of::<T>())) as u64
}

/// Bounds of a task that makes a chunk of an array cut like this, and needs no memory besides.
pub(crate) fn chunk_bounds<T: Element>(chunks: &Chunks, block: u32) -> Bounds {
    let n = chunks.chunk_len(block);
    n.map_or(Bounds::UNKNOWN, |n| Bounds::output(chunk_bytes::<T>(n)))
}

impl<T: Element> Data for Chunk<T> {
    fn nbytes(&self) -> usize {
        size_of::<Chunk<T>>() + self.0.len() * size_of::<T>()
    }

    fn describe(&self) -> String {
        format!("chunk {} {}", shape_text(self.0.shape()), T::DTYPE)
    }

    /// The shape and the order of the axes in the header, and the elements as they lie in memory in
    /// one buffer, which is not copied.
    const CODEC: Option<Codec> = Some(Codec {
        encode: |value, frames| {
            let chunk: &Chunk<T> = value.downcast_ref().ok_or("it is no chunk of this type")?;
            let shape = chunk.0.shape().iter().map(|&len| len as u64);
            let strides = chunk.0.strides().iter().map(|&stride| stride as u64);
            frames.header = shape.chain(strides).flat_map(u64::to_le_bytes).collect();
            frames.push_view(value, |value| {
                value
                    .downcast_ref()
                    .map_or(&[], |chunk: &Chunk<T>| T::bytes_of(chunk.in_memory_order()))
            });
            Ok(())
        },
        decode: |frames| Ok(Chunk::<T>::decode(frames)?.into_value()),
    });
}

impl<T: Element> Chunk<T> {
    fn decode(frames: FramesRef<'_>) -> Result<Chunk<T>, BoxError> {
        let (words, rest) = frames.header.as_chunks::<8>();
        if !rest.is_empty() || !words.len().is_multiple_of(2) {
            return Err("the header of a chunk holds its shape and its strides".into());
        }
        let words: Vec<usize> = words.iter().map(|w| u64::from_le_bytes(*w) as usize).collect();
        let (shape, strides) = words.split_at(words.len() / 2);
        let n = shape.iter().try_fold(1usize, |n, &len| n.checked_mul(len));
        let n_bytes = n.and_then(|n| n.checked_mul(size_of::<T>()));
        if n_bytes != Some(frames.buffer_len(0)?) {
            let bytes = frames.buffer_len(0)?;
            return Err(format!("{bytes} bytes are no chunk {}", shape_text(shape)).into());
        }
        let mut elements = vec![T::default(); n.unwrap_or(0)];
        let mut done = 0;
        // Straight to where they will stay, as they come.
        for piece in frames.pieces(0)? {
            let piece = piece?;
            let end = done + piece.len() / size_of::<T>();
            T::copy_from_bytes(piece, &mut elements[done..end])?;
            done = end;
        }
        Ok(Chunk(permuted(shape, strides, elements)?))
    }
}

/// Elements as they lie in memory, with these strides.
fn permuted<T>(
    shape: &[usize],
    strides: &[usize],
    elements: Vec<T>,
) -> Result<ArrayD<T>, BoxError> {
    use ndarray::ShapeBuilder;
    let shape = IxDyn(shape).strides(IxDyn(strides));
    let array = ArrayD::from_shape_vec(shape, elements)?;
    match array.as_slice_memory_order().is_some() {
        true => Ok(array),
        false => Err("the strides of a chunk leave gaps".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chunkwise_graph::{Frames, TypeInfo};
    use ndarray::{Axis, array};
    use num_complex::Complex;

    fn there_and_back<T: Element>(chunk: Chunk<T>) {
        let mut frames = Frames::default();
        let value = chunk.clone().into_value();
        value.encode(&mut frames).unwrap();
        let back = frames.with_ref(|frames| value.info().decode(frames)).unwrap();
        let back = back.get::<Chunk<T>>().unwrap();
        assert_eq!((back, back.strides()), (&chunk, chunk.strides()));
    }

    #[test]
    fn chunks_travel_as_they_lie() {
        let array = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].into_dyn();
        there_and_back(Chunk::new(array.clone()));
        there_and_back(Chunk::new(array.reversed_axes()));
        there_and_back(Chunk::new(array![true, false].into_dyn()));
        there_and_back(Chunk::new(ArrayD::<u8>::zeros(IxDyn(&[0, 3]))));
        there_and_back(Chunk::new(ndarray::arr0(Complex::new(1.0f32, -0.0)).into_dyn()));
    }

    #[test]
    fn damaged_chunks_are_errors() {
        let decode = |header: &[u64], buffers: &[&[u8]]| {
            let header: Vec<u8> = header.iter().flat_map(|word| word.to_le_bytes()).collect();
            TypeInfo::data::<Chunk<f64>>().decode(FramesRef::new(&header, buffers))
        };
        assert!(decode(&[2, 1], &[&[0; 16]]).is_ok());
        assert!(decode(&[2, 1], &[&[0; 15]]).is_err());
        assert!(decode(&[2, 2], &[&[0; 16]]).is_err());
        assert!(decode(&[2], &[&[0; 16]]).is_err());
        assert!(decode(&[u64::MAX, u64::MAX, 8, 8], &[&[0; 16]]).is_err());
        assert!(decode(&[2, 1], &[]).is_err());
        assert!(
            TypeInfo::data::<Chunk<bool>>()
                .decode(FramesRef::new(&[1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], &[&[7]]))
                .is_err()
        );
    }

    #[test]
    fn gaps_are_closed_and_permuted_axes_are_kept() {
        let array =
            ArrayD::from_shape_fn(IxDyn(&[4, 6]), |at| at[0] * 6 + at[1]).mapv(|x| x as i64);
        let permuted = Chunk::new(array.clone().reversed_axes());
        assert_eq!(permuted.strides(), [1, 6]);
        let mut gaps = array;
        gaps.slice_axis_inplace(Axis(1), ndarray::Slice::new(0, None, 2));
        let chunk = Chunk::new(gaps.clone());
        assert_eq!((chunk.strides(), chunk.view()), (&[3, 1][..], gaps.view()));
        assert_eq!(chunk.describe(), "chunk (4, 3) i64");
    }
}
