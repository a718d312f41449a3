//! `nonzero`, `argwhere`, `flatnonzero`: where something is.

use crate::array::{Array, known_shape};
use crate::axis_chunks::AxisChunks;
use crate::chunks::{Chunks, PerAxis};
use crate::create::{Generator, generated, ship_generator};
use crate::element::Element;
use crate::elementwise::unary;
use chunkwise_graph::{Shipment, Tokenizer};
use chunkwise_storage::Region;
use ndarray::Axis;
use serde::{Deserialize, Serialize};

/// Positions of elements: along one axis after the other in a last axis of their own, or in
/// row-major order.
#[derive(Clone, Serialize, Deserialize)]
enum Places {
    PerAxis,
    Flat { shape: PerAxis<usize> },
}

impl Generator<i64> for Places {
    fn row(&self, at: &[usize], step: usize, out: &mut [i64]) {
        match self {
            Places::PerAxis => {
                let Some((&first, at)) = at.split_last() else { return };
                for (number, out) in out.iter_mut().enumerate() {
                    *out = at[first + number * step] as i64;
                }
            }
            Places::Flat { shape } => {
                let first = at.iter().zip(shape).fold(0, |flat, (at, len)| flat * len + at);
                for (number, out) in out.iter_mut().enumerate() {
                    *out = (first + number * step) as i64;
                }
            }
        }
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        ship_generator::<i64, _>(self, part)
    }
}

impl<T: Element> Array<T> {
    /// Where the array is other than zero: for each axis the positions of these elements along it, in
    /// row-major order.
    ///
    /// As many arrays of one axis of deferred length as the array has axes.
    ///
    /// # Complexity
    /// As [`Array::select`], for each axis; computed together, the array is computed once.
    #[track_caller]
    pub fn nonzero(&self) -> Vec<Array<i64>> {
        let places = self.argwhere_mask();
        let axis = |axis: usize| places_of(&places, Some(axis)).select(&places);
        (0..self.ndim()).map(axis).collect()
    }

    /// Where the array is other than zero: a row of positions, one along each axis, for each such
    /// element, in row-major order.
    ///
    /// Shape: (deferred, number of axes).
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::array;
    /// let x = Array::from_ndarray(&array![[0, 7], [8, 0], [0, 9]], 2);
    /// assert_eq!(x.argwhere().compute()?, array![[0, 1], [1, 0], [2, 1]].into_dyn());
    /// assert_eq!(x.flatnonzero().compute()?, array![1, 2, 5].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn argwhere(&self) -> Array<i64> {
        let places = self.argwhere_mask();
        places_of(&places, None).select(&places)
    }

    /// Where the array is other than zero: the positions of these elements in row-major order.
    ///
    /// One axis of deferred length.
    #[track_caller]
    pub fn flatnonzero(&self) -> Array<i64> {
        let mask = self.argwhere_mask();
        let flat = Array::build("flatnonzero", &[&mask.node], |made_at| {
            let shape = known_shape(&mask.node, "flatnonzero")?;
            let token = Tokenizer::of("flat places", mask.chunks());
            let chunks = mask.chunks().clone();
            Ok(generated("places", Places::Flat { shape }, chunks, token, made_at))
        });
        flat.select(&mask)
    }

    #[track_caller]
    fn argwhere_mask(&self) -> Array<bool> {
        unary("is_nonzero", self, |x: T| x != T::default())
    }
}

/// The positions of all elements along each axis, in a last axis, or those along one axis.
#[track_caller]
fn places_of(mask: &Array<bool>, axis: Option<usize>) -> Array<i64> {
    let all = Array::build("places", &[&mask.node], |made_at| {
        known_shape(&mask.node, "nonzero")?;
        let last = AxisChunks::whole(mask.ndim());
        let chunks: Chunks = mask.chunks().axes().iter().cloned().chain([last]).collect();
        let token = Tokenizer::of("places", &chunks);
        Ok(generated("places", Places::PerAxis, chunks, token, made_at))
    });
    match axis {
        Some(axis) => all.index_axis(Axis(mask.ndim()), axis as isize),
        None => all,
    }
}
