//! `cross`: the product of vectors in space.

use crate::array::Array;
use crate::axes::{Axes, find_axis};
use crate::element::Number;
use crate::error::ArrayError;
use crate::extent::Extent;

impl<T: Number> Array<T> {
    /// The cross products of vectors of three elements, which lie along an axis of both arrays; the
    /// other axes broadcast.
    ///
    /// Where the arrays have different numbers of axes the axis must be the same one counted from the
    /// end: -1 of vectors as rows. Preserves the cut along the other axes.
    ///
    /// # Errors
    /// - [`ArrayError::Axis`] if one of the arrays has no such axis, [`ArrayError::Argument`] if it
    ///   is not the same one of both, counted from the end;
    /// - [`ArrayError::Shape`] if there are not three elements along it;
    /// - [`ArrayError::Broadcast`] if the other axes do not broadcast.
    ///
    /// # Complexity
    /// O(elements); the elements of both are copied twice, in another order along the axis.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![[1, 0, 0], [1, 2, 3]], 1);
    /// let y = Array::from_ndarray(&ndarray::array![0, 1, 0], 3);
    /// let z = x.cross(&y, -1);
    /// assert_eq!(z.compute()?, ndarray::array![[0, 0, 1], [-3, 0, 1]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn cross(&self, other: &Array<T>, axis: isize) -> Array<T> {
        let checked = Array::build("cross", &[&self.node, &other.node], |_| {
            let of_each = [self, other].map(|x| three(x, axis));
            let [own, of_other] = of_each;
            if own? != of_other? {
                let why =
                    format!("{axis} of arrays with {} and {} axes", self.ndim(), other.ndim());
                return Err(ArrayError::Argument { name: "axis", why });
            }
            Ok(self.node.clone())
        });
        if checked.checked().is_err() {
            return checked;
        }
        let (next, behind) = ([1, 2, 0], [2, 0, 1]);
        let turned = |x: &Array<T>, order: [isize; 3]| x.take(Axes::from(axis), order);
        &turned(self, next) * &turned(other, behind) - &turned(self, behind) * &turned(other, next)
    }
}

/// The axis counted from the end, along which there are three elements.
fn three<T: Number>(x: &Array<T>, axis: isize) -> Result<usize, ArrayError> {
    let found = find_axis(axis, x.ndim())?;
    match x.shape()[found] {
        Extent::Known(3) => Ok(x.ndim() - found),
        _ => {
            let expected = format!("vectors of 3 elements along axis {axis} belong");
            Err(ArrayError::shape(expected, &x.shape()))
        }
    }
}
