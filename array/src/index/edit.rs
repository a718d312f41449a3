//! `insert`, `delete`, `append`: arrays that are longer or shorter along an axis.

use super::list::{axis_len, axis_of, positions};
use super::take::take;
use crate::array::{Array, known_shape};
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::element::Element;
use crate::elementwise::{IntoOperand, Operand};
use crate::error::ArrayError;
use crate::expr::Node;
use crate::extent::{Extent, tuple_text};
use crate::joining::concatenated;
use crate::layout::{broadcast, span_of};
use chunkwise_storage::Span;
use std::panic::Location;
use std::sync::Arc;

/// More runs than this that stay are taken by a list of positions instead of one by one.
const MANY_RUNS: usize = 64;

impl<T: Element> Array<T> {
    /// The array with values before the listed positions along an axis: a number, or an array that
    /// broadcasts to the array's shape with as many elements along the axis as are listed. What is
    /// inserted at one position keeps its order; negative positions count from the end, and the
    /// length of the axis is its end.
    ///
    /// # Complexity
    /// A node for each position, O(chunks) tasks; chunks that no position lies in are not copied.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::{Axis, array};
    /// let x = Array::<i64>::arange(0, 4, 1, 2);
    /// assert_eq!(x.insert(Axis(0), &[1, 4], 9).compute()?, array![0, 9, 1, 2, 3, 9].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn insert(
        &self,
        axis: impl Into<Axes>,
        before: &[isize],
        values: impl IntoOperand<T>,
    ) -> Array<T> {
        let values = match values.into_operand() {
            Operand::Number(number) => Array::full((), number, "auto"),
            Operand::Array(values) => values,
        };
        Array::build("insert", &[&self.node, &values.node], |made_at| {
            let axis = axis_of(axis, self.ndim())?;
            let len = axis_len(self, axis, "insert")?;
            known_shape(&self.node, "insert")?;
            let end = |at: &isize| usize::try_from(*at) == Ok(len);
            let place = |at: &isize| match end(at) {
                true => Ok(len),
                false => Ok(positions(&[*at], axis, len)?[0]),
            };
            let places: Vec<usize> = before.iter().map(place).collect::<Result<_, ArrayError>>()?;
            let values = repeated(self, &values, axis, places.len(), made_at)?;
            let mut order: Vec<usize> = (0..places.len()).collect();
            order.sort_by_key(|&item| places[item]);
            let values = take::<T>(values, axis, &order, made_at)?;
            let part = |node, start: usize, end: usize| {
                span_of(node, axis, Span::new(start, end - start), made_at)
            };
            let (mut parts, mut done, mut next) = (Vec::new(), 0, 0);
            for same in order.chunk_by(|a, b| places[*a] == places[*b]) {
                let at = places[same[0]];
                parts.push(part(&self.node, done, at));
                parts.push(part(&values, next, next + same.len()));
                (done, next) = (at, next + same.len());
            }
            parts.push(part(&self.node, done, len));
            concatenated::<T>("insert", parts, axis, made_at)
        })
    }

    /// The array without the listed positions along an axis; negative ones count from the end, and
    /// each goes once.
    ///
    /// # Complexity
    /// As of a slice for each run that stays; where there are many, as [`Array::take`].
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::{Axis, array};
    /// let x = Array::<i64>::arange(0, 6, 1, 4);
    /// assert_eq!(x.delete(Axis(0), &[1, -1]).compute()?, array![0, 2, 3, 4].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn delete(&self, axis: impl Into<Axes>, list: &[isize]) -> Array<T> {
        Array::build("delete", &[&self.node], |made_at| {
            let axis = axis_of(axis, self.ndim())?;
            let len = axis_len(self, axis, "delete")?;
            let mut gone = positions(list, axis, len)?;
            gone.sort_unstable();
            gone.dedup();
            let starts = [0].into_iter().chain(gone.iter().map(|at| at + 1));
            let ends = gone.iter().copied().chain([len]);
            let runs: Vec<(usize, usize)> =
                starts.zip(ends).filter(|(start, end)| start < end).collect();
            if runs.is_empty() {
                return Ok(span_of(&self.node, axis, Span::new(0, 0), made_at));
            }
            if runs.len() > MANY_RUNS {
                let list: Vec<usize> = runs.iter().flat_map(|(start, end)| *start..*end).collect();
                return take::<T>(self.node.clone(), axis, &list, made_at);
            }
            let run = |(start, end): &(usize, usize)| {
                span_of(&self.node, axis, Span::new(*start, end - start), made_at)
            };
            concatenated::<T>("delete", runs.iter().map(run).collect(), axis, made_at)
        })
    }

    /// The array with another one behind it along an axis: [`concatenate`](crate::concatenate) of the
    /// two.
    #[track_caller]
    pub fn append(&self, axis: impl Into<Axes>, values: &Array<T>) -> Array<T> {
        Array::build("append", &[&self.node, &values.node], |made_at| {
            let axis = axis_of(axis, self.ndim())?;
            let both = vec![self.node.clone(), values.node.clone()];
            concatenated::<T>("append", both, axis, made_at)
        })
    }
}

/// The values, repeated to the array's shape with `n` elements along an axis.
///
/// # Errors
/// [`ArrayError::Shape`] if they do not broadcast to it, [`ArrayError::Deferred`].
fn repeated<T: Element>(
    x: &Array<T>,
    values: &Array<T>,
    axis: usize,
    n: usize,
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    known_shape(&values.node, "insert")?;
    let size = x.chunks().axes()[axis].largest().unwrap_or(1);
    let wanted = x.chunks().with_axis(axis, AxisChunks::regular(n, size.max(1)));
    let (own, all) = (values.shape(), wanted.extents());
    let missing = all.len().checked_sub(own.len());
    let fits = |missing: usize| {
        own.iter().zip(&all[missing..]).all(|(own, all)| own == all || *own == Extent::Known(1))
    };
    if !missing.is_some_and(fits) {
        let wanted = tuple_text(all.iter());
        return Err(ArrayError::shape(format!("one that broadcasts to {wanted} belongs"), &own));
    }
    Ok(broadcast::<T>(values.node.clone(), wanted, made_at))
}
