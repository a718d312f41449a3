//! Slices of arrays.

use super::list::axis_of;
use super::spec::{Resolved, Slices};
use crate::array::Array;
use crate::axes::Axes;
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, select};
use crate::layout::{FromAxes, flip, view};
use crate::scalar::Scalar;
use ndarray::SliceInfoElem;
use std::panic::Location;
use std::sync::Arc;

impl<T: Element> Array<T> {
    /// A part of the array: a range of positions with a step, or a single position, along each axis,
    /// as [`ndarray::s!`] writes them; see [`Slices`].
    ///
    /// Axes of which one position is named go; [`ndarray::NewAxis`] is a new axis of length 1. Keeps
    /// the cut, as far as something of each chunk is left. A slice moves through most operations
    /// towards the sources, so that no more is read and computed than it needs.
    ///
    /// It is an error to name a position that there is not, or more axes than there are, or a part of
    /// an axis of deferred length.
    ///
    /// # Complexity
    /// A task for each chunk of which something is left, O(elements) copied; nothing where the slice
    /// reaches a source.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::{array, s};
    /// let x = Array::<i64>::arange(0, 10, 1, 4);
    /// assert_eq!(x.slice(s![1..;3]).compute()?, array![1, 4, 7].into_dyn());
    /// assert_eq!(x.slice(s![-3..;-1]).compute()?, array![9, 8, 7].into_dyn());
    /// let days = Array::<f32>::zeros([365, 1000, 1000], [1, -1, -1]);
    /// assert_eq!(days.slice(s![0, .., ..;2]).dims()?[..], [1000, 500]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[track_caller]
    pub fn slice(&self, slices: impl Into<Slices>) -> Array<T> {
        let slices = slices.into();
        Array::build("slice", &[&self.node], |made_at| {
            let resolved = slices.resolve(&self.shape())?;
            Ok(sliced::<T>(self.node.clone(), &resolved, made_at))
        })
    }

    /// What is at one position along an axis, which goes; negative positions count from the end.
    ///
    /// It is an error if there is no such axis or position.
    #[track_caller]
    pub fn index_axis(&self, axis: impl Into<Axes>, index: isize) -> Array<T> {
        Array::build("index_axis", &[&self.node], |made_at| {
            let axis = axis_of(axis, self.ndim())?;
            let mut slices = vec![SliceInfoElem::Slice { start: 0, end: None, step: 1 }; axis];
            slices.push(SliceInfoElem::Index(index));
            let resolved = Slices::from(slices).resolve(&self.shape())?;
            Ok(sliced::<T>(self.node.clone(), &resolved, made_at))
        })
    }

    /// One element, by its position along each axis; negative ones count from the end.
    ///
    /// It is an error if there is no such element, or if not every axis is given a position.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![[1, 2], [3, 4]], 1);
    /// assert_eq!(x.get([-1, 0]).compute()?, 3);
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn get(&self, at: impl AsRef<[isize]>) -> Scalar<T> {
        let at = at.as_ref();
        Scalar(Array::build("get", &[&self.node], |made_at| {
            if at.len() < self.ndim() {
                let expected = format!("one of {} axes belongs", at.len());
                return Err(ArrayError::shape(expected, &self.shape()));
            }
            let slices: Vec<SliceInfoElem> = at.iter().map(|&i| SliceInfoElem::Index(i)).collect();
            let resolved = Slices::from(slices).resolve(&self.shape())?;
            Ok(sliced::<T>(self.node.clone(), &resolved, made_at))
        }))
    }
}

/// The part of an array that resolved slices mean.
pub(crate) fn sliced<T: Element>(
    input: Arc<Node>,
    resolved: &Resolved,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let selected = select(input, resolved.region.clone(), made_at);
    let turned = flip::<T>(selected, resolved.flipped.clone(), made_at);
    let kept = (0..turned.chunks.ndim()).filter(|&axis| !resolved.dropped[axis]);
    let mut axes: FromAxes = kept.map(Some).collect();
    resolved.inserted.iter().for_each(|&at| axes.insert(at, None));
    view::<T>("slice", turned, axes, made_at)
}
