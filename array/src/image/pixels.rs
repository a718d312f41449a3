//! [`Pixels`]: what a chunk adds to the pixels that it touches.

use crate::chunk::chunk_of;
use crate::chunks::Chunks;
use crate::element::Real;
use chunkwise_graph::{Block, Bounds, BoxError, Codec, Data, Kernel, Shipment, TypeInfo, Value};
use ndarray::{Axis, Slice};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use std::sync::Arc;

/// Sums and numbers of the elements of one chunk, by the pixels that they lie in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Pixels {
    /// The first row and column of pixels.
    pub(super) start: [usize; 2],
    /// Rows and columns of pixels.
    pub(super) shape: [usize; 2],
    /// NaN if an element is.
    pub(super) sums: Vec<f64>,
    pub(super) counts: Vec<u32>,
}

impl Data for Pixels {
    fn nbytes(&self) -> usize {
        size_of::<Pixels>() + size_of_val(&self.sums[..]) + size_of_val(&self.counts[..])
    }

    fn describe(&self) -> String {
        format!("pixels ({}, {})", self.shape[0], self.shape[1])
    }

    const CODEC: Option<Codec> = Some(Codec {
        encode: |value, frames| {
            let pixels: &Pixels = value.downcast_ref().ok_or("these are no pixels")?;
            frames.header = postcard::to_stdvec(pixels)?;
            Ok(())
        },
        decode: |frames| {
            let pixels: Pixels = postcard::from_bytes(frames.header)?;
            let n = pixels.shape[0].checked_mul(pixels.shape[1]);
            if n != Some(pixels.sums.len()) || n != Some(pixels.counts.len()) {
                return Err("pixels of another shape than they say".into());
            }
            Ok(Value::data(pixels))
        },
    });
}

/// Reduces a chunk to the pixels that it touches.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct ToPixels<T> {
    pub(super) chunks: Arc<Chunks>,
    /// Elements along each side of a pixel.
    pub(super) scale: usize,
    pub(super) of: PhantomData<fn() -> T>,
}

impl<T> ToPixels<T> {
    /// The pixels that a chunk touches: the first ones, and their number.
    fn touched(&self, block: u32) -> Option<([usize; 2], [usize; 2])> {
        let region = self.chunks.region_of(block)?;
        let [rows, columns] = region.spans() else { return None };
        let axis = |start: usize, count: usize| {
            let end = (start + count).div_ceil(self.scale);
            (start / self.scale, end.saturating_sub(start / self.scale))
        };
        let (rows, columns) = (axis(rows.start, rows.count), axis(columns.start, columns.count));
        Some(([rows.0, columns.0], [rows.1, columns.1]))
    }
}

impl<T: Real> Kernel for ToPixels<T> {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let [argument] = arguments else { return Err("pixels are of one chunk".into()) };
        let region = self.chunks.region_of(block.number);
        let touched = self.touched(block.number);
        let (Some(region), Some((start, shape))) = (region, touched) else {
            return Err("pictures are of arrays with two axes of known length".into());
        };
        let chunk = chunk_of::<T>(argument)?;
        let n = shape[0] * shape[1];
        let mut pixels = Pixels { start, shape, sums: vec![0.0; n], counts: vec![0; n] };
        let first = [region.spans()[0].start, region.spans()[1].start];
        for (row, elements) in chunk.view().rows().into_iter().enumerate() {
            let line = ((first[0] + row) / self.scale - start[0]) * shape[1];
            // Columns up to the end of the first pixel, then pixel by pixel.
            let (mut at, mut pixel) = (0, 0);
            while at < elements.len() {
                let end = ((start[1] + pixel + 1) * self.scale - first[1]).min(elements.len());
                let inside = elements.slice_axis(Axis(0), Slice::from(at..end));
                pixels.sums[line + pixel] += inside.iter().map(|x| x.to_f64()).sum::<f64>();
                pixels.counts[line + pixel] += (end - at) as u32;
                (at, pixel) = (end, pixel + 1);
            }
        }
        Ok(Value::data(pixels))
    }

    fn bytes(&self, block: Block<'_>) -> Bounds {
        let Some((_, shape)) = self.touched(block.number) else { return Bounds::UNKNOWN };
        let each = size_of::<f64>() + size_of::<u32>();
        Bounds::output((size_of::<Pixels>() + shape[0] * shape[1] * each) as u64)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of(self)?.with_output(TypeInfo::data::<Pixels>()))
    }
}
