//! Neighbours reduced to one element.

use super::rechunk;
use crate::array::{Array, known_shape};
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::chunks::Chunks;
use crate::element::Element;
use crate::error::ArrayError;
use crate::reshape::reshaped;

impl<T: Element> Array<T> {
    /// Boxes of neighbours reduced to one element each: `factors[i]` neighbours along axis `i`, by
    /// any reduction along axes.
    ///
    /// It is an error if a length is no multiple of its factor; cut off the rest first.
    ///
    /// # Complexity
    /// Cuts the array again where a chunk is no whole number of boxes.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::<f64>::ones([4, 6], 2).coarsen(&[2, 3], |x, axes| x.sum_axis(axes));
    /// assert_eq!(x.compute()?, ndarray::Array::from_elem([2, 2], 6.0).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn coarsen<B: Element>(
        &self,
        factors: &[usize],
        reduction: impl FnOnce(&Array<T>, Axes) -> Array<B>,
    ) -> Array<B> {
        let split = Array::build("coarsen", &[&self.node], |made_at| {
            let shape = known_shape(&self.node, "coarsen")?;
            let argument = |why: String| ArrayError::Argument { name: "factors", why };
            if factors.len() != shape.len() {
                let (n, ndim) = (factors.len(), shape.len());
                return Err(argument(format!("they are given for {n} axes of {ndim}")));
            }
            for (axis, (len, factor)) in shape.iter().zip(factors).enumerate() {
                if *factor == 0 || !len.is_multiple_of(*factor) {
                    let why = format!("axis {axis} of length {len} is no multiple of {factor}");
                    return Err(argument(why));
                }
            }
            let axes = self.chunks().axes().iter().zip(factors);
            let chunks: Chunks = axes.map(|(axis, factor)| boxes(axis, *factor)).collect();
            let node = rechunk(self.node.clone(), chunks, made_at);
            let lens = shape.iter().zip(factors);
            let to: Vec<usize> = lens.flat_map(|(len, factor)| [len / factor, *factor]).collect();
            Ok(reshaped::<T>(node, &to, made_at))
        });
        let inner: Vec<isize> = (0..factors.len()).map(|axis| 2 * axis as isize + 1).collect();
        if split.checked().is_err() {
            return Array::build("coarsen", &[&split.node], |_| Ok(split.node.clone()));
        }
        reduction(&split, Axes::from(&inner[..]))
    }
}

/// The cut, if all its chunks are whole numbers of boxes; else about so large ones that are.
fn boxes(axis: &AxisChunks, factor: usize) -> AxisChunks {
    let (Some(len), Some(largest)) = (axis.len(), axis.largest()) else { return axis.clone() };
    let fits = match axis.regular_size() {
        Some(size) => size.is_multiple_of(factor),
        None => axis.inner_starts().iter().all(|start| start.is_multiple_of(factor)),
    };
    match fits {
        true => axis.clone(),
        false => AxisChunks::regular(len, (largest / factor).max(1) * factor),
    }
}
