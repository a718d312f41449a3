//! [`Leaf`]: the chunks that a tile program reads, as tiles.

use super::TILE;
use super::data::TileRef;
use crate::chunk::{Chunk, chunk_of};
use crate::chunks::PerAxis;
use crate::element::{Element, for_each_dtype};
use crate::error::ArrayError;
use chunkwise_graph::{BoxError, Value};
use chunkwise_storage::DType;

/// A chunk, read tile by tile as if it had the shape of the block.
pub(super) trait Leaf {
    /// Goes to a tile.
    fn load(&mut self, start: usize, len: usize);

    /// The tile that was gone to.
    fn tile(&self) -> TileRef<'_>;
}

/// The chunk in a value, broadcast to `shape`.
///
/// # Errors
/// If it is no chunk of this type, or does not broadcast.
pub(super) fn leaf<'v>(
    dtype: DType,
    value: &'v Value,
    shape: &[usize],
) -> Result<Box<dyn Leaf + 'v>, BoxError> {
    macro_rules! of_dtype {
        ($($variant:ident $element:ty),+) => {
            match dtype {
                $(DType::$variant => of_chunk::<$element>(chunk_of(value)?, shape),)+
                other => Err(format!("no array has elements {other}").into()),
            }
        };
    }
    for_each_dtype!(of_dtype)
}

/// The shape of the chunk in a value.
///
/// # Errors
/// If it is no chunk of this type.
pub(super) fn shape_of(dtype: DType, value: &Value) -> Result<&[usize], BoxError> {
    macro_rules! of_dtype {
        ($($variant:ident $element:ty),+) => {
            match dtype {
                $(DType::$variant => Ok(chunk_of::<$element>(value)?.shape()),)+
                other => Err(format!("no array has elements {other}").into()),
            }
        };
    }
    for_each_dtype!(of_dtype)
}

fn of_chunk<'v, T: Element>(
    chunk: &'v Chunk<T>,
    shape: &[usize],
) -> Result<Box<dyn Leaf + 'v>, BoxError> {
    if let (true, Some(all)) = (chunk.shape() == shape, chunk.as_slice()) {
        return Ok(Box::new(InPlace { all, now: 0..0 }));
    }
    Ok(match chunk.in_memory_order() {
        [one] if chunk.shape().len() <= shape.len() => {
            let all = vec![*one; TILE.min(shape.iter().product())];
            Box::new(One { all, len: 0 })
        }
        data => Box::new(Gather::new(chunk, data, shape)?),
    })
}

/// Elements that lie as they are wanted.
struct InPlace<'v, T> {
    all: &'v [T],
    now: std::ops::Range<usize>,
}

impl<T: Element> Leaf for InPlace<'_, T> {
    fn load(&mut self, start: usize, len: usize) {
        self.now = start..start + len;
    }

    fn tile(&self) -> TileRef<'_> {
        T::tile(&self.all[self.now.clone()])
    }
}

/// One element everywhere.
struct One<T> {
    all: Vec<T>,
    len: usize,
}

impl<T: Element> Leaf for One<T> {
    fn load(&mut self, _: usize, len: usize) {
        self.len = len;
    }

    fn tile(&self) -> TileRef<'_> {
        T::tile(&self.all[..self.len])
    }
}

/// Elements that lie elsewhere: another order of the axes, or axes that are repeated.
struct Gather<'v, T> {
    data: &'v [T],
    /// The block's axes, neighbours joined where the chunk lies so that one step fits both.
    axes: PerAxis<GatherAxis>,
    tile: Vec<T>,
}

#[derive(Clone, Copy)]
struct GatherAxis {
    len: usize,
    /// 0 along an axis that is repeated.
    stride: usize,
}

impl<'v, T: Element> Gather<'v, T> {
    fn new(chunk: &Chunk<T>, data: &'v [T], shape: &[usize]) -> Result<Gather<'v, T>, BoxError> {
        let mismatch = || ArrayError::Chunk { found: chunk.shape().into(), expected: shape.into() };
        let missing = shape.len().checked_sub(chunk.shape().len()).ok_or_else(mismatch)?;
        let mut axes: PerAxis<GatherAxis> = PerAxis::new();
        for (at, &len) in shape.iter().enumerate() {
            let stride = match at.checked_sub(missing) {
                None => 0,
                Some(own) if chunk.shape()[own] == len => chunk.strides()[own] as usize,
                Some(own) if chunk.shape()[own] == 1 => 0,
                Some(_) => return Err(mismatch().into()),
            };
            let axis = GatherAxis { len, stride: if len == 1 { 0 } else { stride } };
            match axes.last_mut() {
                Some(before) if before.len == 1 => *before = axis,
                Some(before) if len == 1 || before.stride == stride * len => {
                    let stride = if len == 1 { before.stride } else { stride };
                    *before = GatherAxis { len: before.len * len, stride };
                }
                _ => axes.push(axis),
            }
        }
        let tile = Vec::with_capacity(TILE.min(shape.iter().product()));
        Ok(Gather { data, axes, tile })
    }

    /// Where an element of the block lies, and the position along each axis.
    fn find(&self, mut element: usize) -> (usize, PerAxis<usize>) {
        let mut at: PerAxis<usize> = smallvec::smallvec![0; self.axes.len()];
        let mut offset = 0;
        for (at, axis) in at.iter_mut().zip(&self.axes).rev() {
            *at = element % axis.len;
            element /= axis.len;
            offset += *at * axis.stride;
        }
        (offset, at)
    }

    fn push_run(tile: &mut Vec<T>, data: &[T], offset: usize, stride: usize, n: usize) {
        match stride {
            0 => tile.extend(std::iter::repeat_n(data[offset], n)),
            1 => tile.extend_from_slice(&data[offset..offset + n]),
            _ => tile.extend(data[offset..].iter().step_by(stride).take(n)),
        }
    }
}

impl<T: Element> Leaf for Gather<'_, T> {
    fn load(&mut self, start: usize, len: usize) {
        self.tile.clear();
        let Some(&inner) = self.axes.last() else {
            self.tile.extend_from_slice(&self.data[..len]);
            return;
        };
        let last = self.axes.len() - 1;
        let (mut offset, mut at) = self.find(start);
        while self.tile.len() < len {
            let n = (inner.len - at[last]).min(len - self.tile.len());
            Gather::push_run(&mut self.tile, self.data, offset, inner.stride, n);
            // On to the start of the next run.
            offset -= at[last] * inner.stride;
            at[last] = 0;
            for (at, axis) in at[..last].iter_mut().zip(&self.axes).rev() {
                *at += 1;
                offset += axis.stride;
                if *at < axis.len {
                    break;
                }
                offset -= axis.len * axis.stride;
                *at = 0;
            }
        }
    }

    fn tile(&self) -> TileRef<'_> {
        T::tile(&self.tile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{ArrayD, IxDyn};
    use proptest::prelude::*;

    fn read(value: &Value, shape: &[usize], tile: usize) -> Result<Vec<i64>, BoxError> {
        let mut leaf = leaf(DType::I64, value, shape)?;
        let n: usize = shape.iter().product();
        let mut all = Vec::new();
        for start in (0..n).step_by(tile.max(1)) {
            leaf.load(start, tile.min(n - start));
            all.extend_from_slice(leaf.tile().get::<i64>()?);
        }
        Ok(all)
    }

    proptest! {
        #[test]
        fn leaves_are_what_broadcasting_gives(
            shape in prop::collection::vec(0usize..5, 0..4),
            kept in prop::collection::vec(any::<bool>(), 4),
            missing in 0usize..4,
            turn in 0usize..4,
            tile in 1usize..9,
        ) {
            let missing = missing.min(shape.len());
            let own: Vec<usize> = shape[missing..]
                .iter()
                .zip(&kept)
                .map(|(&len, &kept)| if kept { len } else { 1 })
                .collect();
            // The same shape, lying in memory in another order of its axes.
            let mut order: Vec<usize> = (0..own.len()).collect();
            order.rotate_left(turn.min(own.len()));
            let lying: Vec<usize> = order.iter().map(|&axis| own[axis]).collect();
            let mut number = -1i64;
            let lies = ArrayD::from_shape_simple_fn(IxDyn(&lying), || { number += 1; number });
            let mut back = vec![0; order.len()];
            order.iter().enumerate().for_each(|(at, &axis)| back[axis] = at);
            let array = lies.permuted_axes(IxDyn(&back));
            prop_assert_eq!(array.shape(), &own[..]);
            let expected: Vec<i64> =
                array.broadcast(IxDyn(&shape)).unwrap().iter().copied().collect();
            let value = Chunk::new(array).into_value();
            prop_assert_eq!(read(&value, &shape, tile).unwrap(), expected);
        }
    }

    #[test]
    fn what_does_not_broadcast_is_an_error() {
        let value = Chunk::new(ArrayD::<i64>::zeros(IxDyn(&[2, 3]))).into_value();
        let error = read(&value, &[2, 4], 4).unwrap_err();
        assert_eq!(error.to_string(), "a chunk of shape (2, 3) where one of (2, 4) belongs");
        assert!(read(&value, &[3], 4).is_err());
        assert!(leaf(DType::F64, &value, &[2, 3]).is_err());
    }
}
