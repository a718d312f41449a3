//! [`assemble`]: chunks of known shapes, copied to their places in one array.

use crate::axis_chunks::AxisChunks;
use crate::chunk::Chunk;
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::error::ArrayError;
use chunkwise_graph::{Result, Value};
use ndarray::{ArrayD, ArrayViewMutD, Axis, IxDyn};
use std::sync::{Mutex, PoisonError};

/// From how many bytes on several threads copy: most of the time goes into memory that is new.
const WORTH_THREADS: usize = 32 << 20;

/// The array that the chunks are of; a chunk of another shape than its place is an error of arrays.
///
/// # Errors
/// If a value is no chunk of this type.
pub(crate) fn assemble<T: Element>(
    chunks: &Chunks,
    parts: Vec<Value>,
) -> Result<std::result::Result<ArrayD<T>, ArrayError>> {
    let shape: Vec<usize> = chunks.shape().unwrap_or_default().into_iter().collect();
    let mut whole = ArrayD::from_elem(IxDyn(&shape), T::default());
    let places = places(whole.view_mut(), chunks.axes());
    for (place, part) in places.iter().zip(&parts) {
        let chunk = part.get::<Chunk<T>>()?;
        if chunk.shape() != place.shape() {
            let (found, expected) = (chunk.shape().into(), place.shape().into());
            return Ok(Err(ArrayError::Chunk { found, expected }));
        }
    }
    let n_bytes = shape.iter().product::<usize>().saturating_mul(size_of::<T>());
    let n_threads = match n_bytes < WORTH_THREADS {
        true => 1,
        false => std::thread::available_parallelism().map_or(1, usize::from).min(parts.len()),
    };
    let left = Mutex::new(places.into_iter().zip(parts));
    let copy = || {
        loop {
            // Not in the head of a `while let`, which would hold the lock while copying.
            let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((mut place, part)) = next else { break };
            if let Ok(chunk) = part.get::<Chunk<T>>() {
                place.assign(&chunk.view());
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..n_threads {
            // Without another thread this one copies all.
            drop(std::thread::Builder::new().spawn_scoped(scope, copy));
        }
        copy();
    });
    drop(left);
    Ok(Ok(whole))
}

/// The parts of an array that its chunks are, in their order.
fn places<'a, T>(whole: ArrayViewMutD<'a, T>, axes: &[AxisChunks]) -> Vec<ArrayViewMutD<'a, T>> {
    let mut places = vec![whole];
    for (axis, cut) in axes.iter().enumerate() {
        let lens: PerAxis<usize> = (0..cut.n_chunks())
            .map(|chunk| cut.range(chunk).map_or(0, |range| range.len()))
            .collect();
        places = places.into_iter().flat_map(|place| split(place, Axis(axis), &lens)).collect();
    }
    places
}

/// A part, split along an axis into parts of these lengths.
fn split<'a, T>(
    place: ArrayViewMutD<'a, T>,
    axis: Axis,
    lens: &[usize],
) -> Vec<ArrayViewMutD<'a, T>> {
    let mut rest = Some(place);
    let part = |len: &usize| {
        let (part, behind) = rest.take()?.split_at(axis, *len);
        rest = Some(behind);
        Some(part)
    };
    lens.iter().filter_map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_arrays_are_put_together_by_several_threads() {
        let whole = ArrayD::from_shape_fn(IxDyn(&[3, 1500, 1000]), |at| {
            (at[0] * 1_500_000 + at[1] * 1000 + at[2]) as f64
        });
        assert!(whole.len() * 8 > WORTH_THREADS);
        let axes = [vec![2, 0, 1], vec![700, 800], vec![999, 1]];
        let chunks: Chunks = axes.into_iter().map(AxisChunks::of_sizes).collect();
        let part = |block| {
            let region = chunks.region_of(block).unwrap();
            let part = whole.slice_each_axis(|axis| {
                let span = region.spans()[axis.axis.index()];
                ndarray::Slice::from(span.start..span.end())
            });
            Chunk::new(part.to_owned()).into_value()
        };
        let parts: Vec<Value> = (0..chunks.n_chunks() as u32).map(part).collect();
        assert_eq!(assemble::<f64>(&chunks, parts).unwrap().unwrap(), whole);
        let wrong = vec![Chunk::new(whole.clone()).into_value(); chunks.n_chunks() as usize];
        assert!(matches!(assemble::<f64>(&chunks, wrong), Ok(Err(ArrayError::Chunk { .. }))));
    }
}
