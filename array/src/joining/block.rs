//! Arrays put together from nested lists of blocks.

use super::concatenate::concatenate;
use crate::array::Array;
use crate::element::Element;
use crate::error::ArrayError;

/// Nested lists of arrays, as [`block`] takes them: made from arrays, and vectors and arrays of what
/// nested lists are made from.
#[derive(Clone, Debug)]
pub enum Nested<T: Element> {
    /// An array.
    One(Array<T>),
    /// Nested lists, one behind the other.
    Many(Vec<Nested<T>>),
}

impl<T: Element> From<Array<T>> for Nested<T> {
    fn from(array: Array<T>) -> Nested<T> {
        Nested::One(array)
    }
}

impl<T: Element> From<&Array<T>> for Nested<T> {
    fn from(array: &Array<T>) -> Nested<T> {
        Nested::One(array.clone())
    }
}

impl<T: Element, N: Into<Nested<T>>> From<Vec<N>> for Nested<T> {
    fn from(list: Vec<N>) -> Nested<T> {
        Nested::Many(list.into_iter().map(Into::into).collect())
    }
}

impl<T: Element, N: Into<Nested<T>>, const M: usize> From<[N; M]> for Nested<T> {
    fn from(list: [N; M]) -> Nested<T> {
        Nested::Many(list.into_iter().map(Into::into).collect())
    }
}

/// An array from blocks: the innermost lists go along the last axis, the ones around them along the
/// one before it, and so on.
///
/// It is an error if arrays lie at different depths, a list is empty, or shapes do not agree.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, block};
/// let (one, zero) = (Array::<i32>::ones([1, 1], 1), Array::<i32>::zeros([1, 1], 1));
/// let x = block([[&one, &zero], [&zero, &one]]);
/// assert_eq!(x.compute()?, ndarray::array![[1, 0], [0, 1]].into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn block<T: Element>(blocks: impl Into<Nested<T>>) -> Array<T> {
    let blocks = blocks.into();
    let (depth, mut arrays) = (depth_of(&blocks), Vec::new());
    leaves(&blocks, 0, &mut arrays);
    if arrays.is_empty() || arrays.iter().any(|(_, at)| *at != depth) {
        let why = match arrays.is_empty() {
            true => "there is no array in them".to_owned(),
            false => format!("some arrays lie {depth} lists deep, and others do not"),
        };
        return Array::build("block", &[], |_| Err(ArrayError::Argument { name: "blocks", why }));
    }
    let ndim = arrays.iter().map(|(array, _)| array.ndim()).max().unwrap_or(0).max(depth);
    assembled(&blocks, depth, ndim)
}

/// How deep the first array lies.
fn depth_of<T: Element>(blocks: &Nested<T>) -> usize {
    let (mut depth, mut now) = (0, blocks);
    while let Nested::Many(list) = now {
        depth += 1;
        match list.first() {
            Some(first) => now = first,
            None => break,
        }
    }
    depth
}

fn leaves<'a, T: Element>(
    blocks: &'a Nested<T>,
    depth: usize,
    into: &mut Vec<(&'a Array<T>, usize)>,
) {
    match blocks {
        Nested::One(array) => into.push((array, depth)),
        Nested::Many(list) => list.iter().for_each(|inner| leaves(inner, depth + 1, into)),
    }
}

/// Nested lists `depth` deep, as an array of `ndim` axes.
#[track_caller]
fn assembled<T: Element>(blocks: &Nested<T>, depth: usize, ndim: usize) -> Array<T> {
    match blocks {
        Nested::One(array) => {
            let missing: Vec<isize> = (0..(ndim - array.ndim()) as isize).collect();
            array.expand_dims(&missing[..])
        }
        Nested::Many(list) => {
            let parts: Vec<Array<T>> =
                list.iter().map(|inner| assembled(inner, depth - 1, ndim)).collect();
            let parts: Vec<&Array<T>> = parts.iter().collect();
            concatenate(&parts, -(depth as isize))
        }
    }
}
