//! Positions and choices along one axis, given as lists.

use super::lazy_take::take_lazily;
use super::mask::select_along;
use super::spec::position;
use super::take::{take, take_cut};
use crate::array::Array;
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::element::Element;
use crate::error::ArrayError;
use crate::scalar::Scalar;

/// Positions along an axis: a list of them, or a lazy array of them. Negative ones count from the
/// end.
#[derive(Clone, Debug)]
pub enum Indices {
    /// Known positions.
    List(Vec<isize>),
    /// Positions that are computed, of any shape.
    Array(Array<i64>),
}

impl<const N: usize> From<[isize; N]> for Indices {
    fn from(list: [isize; N]) -> Indices {
        Indices::List(list.into())
    }
}

impl From<Vec<isize>> for Indices {
    fn from(list: Vec<isize>) -> Indices {
        Indices::List(list)
    }
}

impl From<&[isize]> for Indices {
    fn from(list: &[isize]) -> Indices {
        Indices::List(list.into())
    }
}

impl From<&Vec<isize>> for Indices {
    fn from(list: &Vec<isize>) -> Indices {
        Indices::List(list.clone())
    }
}

impl From<&Array<i64>> for Indices {
    fn from(array: &Array<i64>) -> Indices {
        Indices::Array(array.clone())
    }
}

impl From<Array<i64>> for Indices {
    fn from(array: Array<i64>) -> Indices {
        Indices::Array(array)
    }
}

impl From<&Scalar<i64>> for Indices {
    fn from(number: &Scalar<i64>) -> Indices {
        Indices::Array(number.0.clone())
    }
}

/// Which positions along an axis are wanted: a flag for each, in memory or lazy.
#[derive(Clone, Debug)]
pub enum Flags {
    /// Known flags.
    List(Vec<bool>),
    /// Flags that are computed.
    Array(Array<bool>),
}

impl<const N: usize> From<[bool; N]> for Flags {
    fn from(list: [bool; N]) -> Flags {
        Flags::List(list.into())
    }
}

impl From<Vec<bool>> for Flags {
    fn from(list: Vec<bool>) -> Flags {
        Flags::List(list)
    }
}

impl From<&[bool]> for Flags {
    fn from(list: &[bool]) -> Flags {
        Flags::List(list.into())
    }
}

impl From<&Array<bool>> for Flags {
    fn from(array: &Array<bool>) -> Flags {
        Flags::Array(array.clone())
    }
}

impl From<Array<bool>> for Flags {
    fn from(array: Array<bool>) -> Flags {
        Flags::Array(array)
    }
}

/// The one axis of an array that is meant.
///
/// # Errors
/// [`ArrayError::Axis`]; [`ArrayError::Argument`] if other than one are.
pub(super) fn axis_of(axis: impl Into<Axes>, ndim: usize) -> Result<usize, ArrayError> {
    let mask = axis.into().mask(ndim)?;
    let mut named = mask.iter().enumerate().filter(|(_, is_named)| **is_named);
    match (named.next(), named.count()) {
        (Some((axis, _)), 0) => Ok(axis),
        _ => Err(ArrayError::Argument { name: "axis", why: "one axis is to be named".to_owned() }),
    }
}

/// The length of an axis.
///
/// # Errors
/// [`ArrayError::Deferred`].
pub(super) fn axis_len<T: Element>(
    array: &Array<T>,
    axis: usize,
    operation: &'static str,
) -> Result<usize, ArrayError> {
    array.chunks().axes()[axis].len().ok_or(ArrayError::Deferred { operation, axis })
}

/// The positions that numbers mean; negative ones count from the end.
///
/// # Errors
/// [`ArrayError::Index`].
pub(super) fn positions(list: &[isize], axis: usize, len: usize) -> Result<Vec<usize>, ArrayError> {
    list.iter().map(|&index| position(index, axis, len)).collect()
}

impl<T: Element> Array<T> {
    /// What is at the listed positions along an axis, in the order of the list: positions may be
    /// repeated, and negative ones count from the end.
    ///
    /// A list keeps the number of axes; its chunks are as large as the array's. A lazy array of
    /// positions (of any shape, also without axes) puts its own axes, and their cut, in the place of
    /// the axis. It is an error if a position does not exist; of a lazy one, when it is computed.
    ///
    /// # Complexity
    /// O(elements of the result), copied once, or twice where a chunk of the result takes from more
    /// than 4 chunks: then a task cuts its piece out of each of them, and another one puts the pieces
    /// together, so that no task holds more than that. Sorted lists make at most one piece more for
    /// each chunk; lists in random order, one for each pair of chunks, as do lazy ones. A list of
    /// equal distances is a slice.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::{Axis, array};
    /// let x = Array::from_ndarray(&array![[1, 2, 3], [4, 5, 6]], 2);
    /// assert_eq!(x.take(Axis(1), [2, 0, -1]).compute()?, array![[3, 1, 3], [6, 4, 6]].into_dyn());
    /// let lazy = Array::<i64>::arange(0, 3, 2, 1);
    /// assert_eq!(x.take(Axis(1), &lazy).compute()?, array![[1, 3], [4, 6]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn take(&self, axis: impl Into<Axes>, indices: impl Into<Indices>) -> Array<T> {
        match indices.into() {
            Indices::Array(indices) => take_lazily(self, axis, &indices),
            Indices::List(list) => Array::build("take", &[&self.node], |made_at| {
                let axis = axis_of(axis, self.ndim())?;
                let list = positions(&list, axis, axis_len(self, axis, "take")?)?;
                take::<T>(self.node.clone(), axis, &list, made_at)
            }),
        }
    }

    /// What is at the positions along an axis whose flag is set.
    ///
    /// A list of flags may be shorter than the axis: then what is behind it is left out. A lazy mask
    /// of one axis, which must be as long as this one, makes the length of the axis deferred.
    ///
    /// # Complexity
    /// As [`Array::take`] of a sorted list, and as [`Array::select`].
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::{Axis, array};
    /// let x = Array::from_ndarray(&array![[1, 2, 3], [4, 5, 6]], 2);
    /// let odd = x.compress(Axis(1), [true, false, true]);
    /// assert_eq!(odd.compute()?, array![[1, 3], [4, 6]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn compress(&self, axis: impl Into<Axes>, flags: impl Into<Flags>) -> Array<T> {
        match flags.into() {
            Flags::Array(mask) => Array::build("compress", &[&self.node, &mask.node], |made_at| {
                let axis = axis_of(axis, self.ndim())?;
                if mask.ndim() != 1 {
                    return Err(ArrayError::shape("a mask of one axis belongs", &mask.shape()));
                }
                select_along(self, &mask, axis, made_at)
            }),
            Flags::List(flags) => Array::build("compress", &[&self.node], |made_at| {
                let axis = axis_of(axis, self.ndim())?;
                let len = axis_len(self, axis, "compress")?;
                let set = flags.iter().enumerate().filter(|(_, flag)| **flag);
                let list: Vec<usize> = set.map(|(at, _)| at).collect();
                match list.last() {
                    Some(&last) if last >= len => {
                        Err(ArrayError::Index { index: last as isize, axis, len })
                    }
                    _ => take::<T>(self.node.clone(), axis, &list, made_at),
                }
            }),
        }
    }

    /// As [`Array::take`] of all groups one after the other, with no group cut: chunks hold whole
    /// groups, as many as keep them no larger than the array's own chunks, and at least one.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::{Axis, array};
    /// let x = Array::<i64>::arange(0, 6, 1, 3);
    /// let by_remainder = x.shuffle(Axis(0), &[vec![0, 3], vec![1, 4], vec![2, 5]]);
    /// assert_eq!(by_remainder.compute()?, array![0, 3, 1, 4, 2, 5].into_dyn());
    /// assert_eq!(by_remainder.chunks().axes()[0].sizes(), Some(vec![2, 2, 2]));
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn shuffle(&self, axis: impl Into<Axes>, groups: &[Vec<isize>]) -> Array<T> {
        Array::build("shuffle", &[&self.node], |made_at| {
            let axis = axis_of(axis, self.ndim())?;
            let len = axis_len(self, axis, "shuffle")?;
            let most = self.chunks().axes()[axis].largest().unwrap_or(1);
            let mut sizes: Vec<usize> = Vec::new();
            for group in groups {
                match sizes.last_mut() {
                    Some(size) if *size + group.len() <= most => *size += group.len(),
                    _ => sizes.push(group.len()),
                }
            }
            let list = positions(&groups.concat(), axis, len)?;
            take_cut::<T>(self.node.clone(), axis, &list, AxisChunks::of_sizes(sizes), made_at)
        })
    }
}
