//! Permuting, adding and dropping axes.

use super::view::{FromAxes, view};
use crate::array::Array;
use crate::axes::{Axes, find_axis};
use crate::chunks::PerAxis;
use crate::element::Element;
use crate::error::ArrayError;
use crate::extent::Extent;
use ndarray::Axis;

impl<T: Element> Array<T> {
    /// The axes in the opposite order: rows become columns.
    ///
    /// Preserves the elements of each chunk, which stay where they are in memory.
    ///
    /// # Complexity
    /// O(chunks), joined with what comes before and after; a chunk that others need too is copied.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::<i32>::arange(0, 6, 1, 3).reshape([2, -1]);
    /// assert_eq!(x.t().compute()?, ndarray::array![[0, 3], [1, 4], [2, 5]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn transpose(&self) -> Array<T> {
        let from = (0..self.ndim()).rev().map(Some).collect();
        Array::build("transpose", &[&self.node], |made_at| {
            Ok(view::<T>("transpose", self.node.clone(), from, made_at))
        })
    }

    /// The same as [`Array::transpose`].
    #[track_caller]
    pub fn t(&self) -> Array<T> {
        self.transpose()
    }

    /// The axes in another order: axis `i` of the result is axis `order[i]`.
    ///
    /// Negative axes count from the end. It is an error if `order` does not name every axis once.
    /// As [`Array::transpose`] in everything else.
    #[track_caller]
    pub fn permute_axes(&self, order: impl AsRef<[isize]>) -> Array<T> {
        let order = order.as_ref();
        self.permuted("permute_axes", |ndim| {
            let mask = Axes::from(order).mask(ndim)?;
            if mask.contains(&false) {
                let why = format!("{order:?} does not name each of {ndim} axes");
                return Err(ArrayError::Argument { name: "order", why });
            }
            order.iter().map(|axis| find_axis(*axis, ndim)).collect()
        })
    }

    /// Two axes in each other's place.
    #[track_caller]
    pub fn swap_axes(&self, a: isize, b: isize) -> Array<T> {
        self.permuted("swap_axes", |ndim| {
            let mut order: PerAxis<usize> = (0..ndim).collect();
            order.swap(find_axis(a, ndim)?, find_axis(b, ndim)?);
            Ok(order)
        })
    }

    /// One axis moved to another place; the others stay in their order.
    #[track_caller]
    pub fn move_axis(&self, from: isize, to: isize) -> Array<T> {
        self.move_axes([from], [to])
    }

    /// Some axes moved to other places, as many as there are; the others stay in their order.
    #[track_caller]
    pub fn move_axes(&self, from: impl AsRef<[isize]>, to: impl AsRef<[isize]>) -> Array<T> {
        let (from, to) = (from.as_ref(), to.as_ref());
        self.permuted("move_axis", |ndim| {
            if from.len() != to.len() {
                let why = format!("{} axes are moved to {} places", from.len(), to.len());
                return Err(ArrayError::Argument { name: "to", why });
            }
            let (moved, _) = (Axes::from(from).mask(ndim)?, Axes::from(to).mask(ndim)?);
            let mut places: PerAxis<Option<usize>> = smallvec::smallvec![None; ndim];
            for (from, to) in from.iter().zip(to) {
                places[find_axis(*to, ndim)?] = Some(find_axis(*from, ndim)?);
            }
            let mut others = (0..ndim).filter(|axis| !moved[*axis]);
            Ok(places.into_iter().filter_map(|place| place.or_else(|| others.next())).collect())
        })
    }

    /// One axis moved until it lies in front of axis `start`; the others stay in their order.
    #[track_caller]
    pub fn roll_axis(&self, axis: isize, start: isize) -> Array<T> {
        self.permuted("roll_axis", |ndim| {
            let axis = find_axis(axis, ndim)?;
            let to = find_axis(start, ndim + 1)?;
            let mut order: PerAxis<usize> = (0..ndim).filter(|own| *own != axis).collect();
            order.insert(if axis < to { to - 1 } else { to }, axis);
            Ok(order)
        })
    }

    #[track_caller]
    fn permuted(
        &self,
        name: &'static str,
        order: impl FnOnce(usize) -> Result<PerAxis<usize>, ArrayError>,
    ) -> Array<T> {
        Array::build(name, &[&self.node], |made_at| {
            let from = order(self.ndim())?.into_iter().map(Some).collect();
            Ok(view::<T>(name, self.node.clone(), from, made_at))
        })
    }

    /// Without the axes of length 1.
    ///
    /// Axes of deferred length stay.
    #[track_caller]
    pub fn squeeze(&self) -> Array<T> {
        let lens = self.shape();
        let from = (0..lens.len()).filter(|axis| lens[*axis] != Extent::Known(1)).map(Some);
        let from: FromAxes = from.collect();
        Array::build("squeeze", &[&self.node], |made_at| {
            Ok(view::<T>("squeeze", self.node.clone(), from, made_at))
        })
    }

    /// Without these axes. It is an error if one of them has another length than 1.
    #[track_caller]
    pub fn squeeze_axis(&self, axes: impl Into<Axes>) -> Array<T> {
        let axes = axes.into();
        Array::build("squeeze", &[&self.node], |made_at| {
            let mask = axes.mask(self.ndim())?;
            let lens = self.shape();
            for (axis, _) in mask.iter().enumerate().filter(|(_, dropped)| **dropped) {
                match lens[axis] {
                    Extent::Known(1) => {}
                    Extent::Deferred => {
                        return Err(ArrayError::Deferred { operation: "squeeze", axis });
                    }
                    Extent::Known(_) => {
                        return Err(ArrayError::shape(format!("axis {axis} has length 1"), &lens));
                    }
                }
            }
            let from = (0..mask.len()).filter(|axis| !mask[*axis]).map(Some).collect();
            Ok(view::<T>("squeeze", self.node.clone(), from, made_at))
        })
    }

    /// With more axes of length 1, at these places of the result.
    ///
    /// ```
    /// use chunkwise_array::Array;
    /// let x = Array::<f32>::zeros([5, 4], 2);
    /// assert_eq!(x.expand_dims([0, -1]).dims()?[..], [1, 5, 4, 1]);
    /// # Ok::<(), chunkwise_array::ArrayError>(())
    /// ```
    #[track_caller]
    pub fn expand_dims(&self, axes: impl Into<Axes>) -> Array<T> {
        let axes = axes.into();
        Array::build("expand_dims", &[&self.node], |made_at| {
            let Some(n_new) = axes.n_named() else {
                let why = "new axes are given one by one".to_owned();
                return Err(ArrayError::Argument { name: "axes", why });
            };
            let mask = axes.mask(self.ndim() + n_new)?;
            let mut own = 0..self.ndim();
            let from = mask.iter().map(|new| if *new { None } else { own.next() }).collect();
            Ok(view::<T>("expand_dims", self.node.clone(), from, made_at))
        })
    }

    /// With another axis of length 1.
    #[track_caller]
    pub fn insert_axis(&self, axis: Axis) -> Array<T> {
        self.expand_dims(axis)
    }

    /// With at least one axis: a number becomes an array of one element.
    #[track_caller]
    pub fn atleast_1d(&self) -> Array<T> {
        self.with_axes("atleast_1d", |own| match own {
            0 => smallvec::smallvec![None],
            _ => (0..own).map(Some).collect(),
        })
    }

    /// With at least two axes: what has one becomes a row.
    #[track_caller]
    pub fn atleast_2d(&self) -> Array<T> {
        self.with_axes("atleast_2d", |own| match own {
            0 => smallvec::smallvec![None, None],
            1 => smallvec::smallvec![None, Some(0)],
            _ => (0..own).map(Some).collect(),
        })
    }

    /// With at least three axes: (n,) becomes (1, n, 1), and (m, n) becomes (m, n, 1).
    #[track_caller]
    pub fn atleast_3d(&self) -> Array<T> {
        self.with_axes("atleast_3d", |own| match own {
            0 => smallvec::smallvec![None, None, None],
            1 => smallvec::smallvec![None, Some(0), None],
            2 => smallvec::smallvec![Some(0), Some(1), None],
            _ => (0..own).map(Some).collect(),
        })
    }

    #[track_caller]
    fn with_axes(&self, name: &'static str, axes: impl FnOnce(usize) -> FromAxes) -> Array<T> {
        let from = axes(self.ndim());
        Array::build(name, &[&self.node], |made_at| {
            Ok(view::<T>(name, self.node.clone(), from, made_at))
        })
    }
}
