//! The same elements, in row-major order, in another shape.
//!
//! Axes of the two shapes are matched in groups with the same number of elements ([`groups`]); each
//! group is cut so that every chunk of the result is a chunk of the input in another shape
//! ([`cut`]). Where the input is cut otherwise it is cut again first, and only along the axes of
//! that group.

mod cut;
mod groups;
mod node;

use crate::array::{Array, known_shape};
use crate::chunks::PerAxis;
use crate::element::Element;
use crate::error::ArrayError;
use crate::extent::Extent;
use crate::shape::Shape;
pub(crate) use node::reshaped;

/// The shape that an array is to get: made as a [`Shape`] is, or of signed numbers, of which one may
/// be -1: whatever is left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewShape(PerAxis<i128>);

impl From<isize> for NewShape {
    fn from(len: isize) -> NewShape {
        NewShape(smallvec::smallvec![len as i128])
    }
}

impl<const N: usize> From<[isize; N]> for NewShape {
    fn from(lens: [isize; N]) -> NewShape {
        NewShape(lens.into_iter().map(|len| len as i128).collect())
    }
}

impl From<&[isize]> for NewShape {
    fn from(lens: &[isize]) -> NewShape {
        NewShape(lens.iter().map(|&len| len as i128).collect())
    }
}

impl From<&[usize]> for NewShape {
    fn from(lens: &[usize]) -> NewShape {
        NewShape(lens.iter().map(|&len| len as i128).collect())
    }
}

impl From<Vec<usize>> for NewShape {
    fn from(lens: Vec<usize>) -> NewShape {
        lens.as_slice().into()
    }
}

impl From<()> for NewShape {
    fn from((): ()) -> NewShape {
        NewShape(PerAxis::new())
    }
}

impl NewShape {
    /// The lengths, for an array of this shape.
    ///
    /// # Errors
    /// [`ArrayError::Reshape`].
    fn resolve(&self, from: &[usize]) -> Result<PerAxis<usize>, ArrayError> {
        let misfit = || ArrayError::Reshape { from: from.into(), to: self.0[..].into() };
        let n: i128 = from.iter().map(|&len| len as i128).product();
        let mut others = self.0.iter().filter(|len| **len != -1);
        let others = others.try_fold(1i128, |n, len| n.checked_mul(*len)).ok_or_else(misfit)?;
        let n_open = self.0.iter().filter(|len| **len == -1).count();
        let rest = match n_open {
            0 => 1,
            1 if others != 0 && n % others == 0 => n / others,
            _ => return Err(misfit()),
        };
        if self.0.iter().any(|len| *len < -1) || others.checked_mul(rest) != Some(n) {
            return Err(misfit());
        }
        let len = |len: &i128| usize::try_from(if *len == -1 { rest } else { *len });
        self.0.iter().map(len).collect::<Result<_, _>>().map_err(|_| misfit())
    }

    /// Whether it asks for one axis of any length.
    fn is_flat(&self) -> bool {
        self.0[..] == [-1]
    }
}

impl<T: Element> Array<T> {
    /// The same elements in row-major order, in another shape; -1 stands for whatever is left.
    ///
    /// Preserves the order of the elements. Axes that are not merged or split keep their chunks.
    /// Where axes are merged, all but the first one of them that has more than one chunk are made
    /// whole, if chunks of 128 MiB allow it; else the first one is cut finer.
    /// It is an error if the numbers of elements differ. An array of deferred lengths keeps its shape,
    /// or is made flat ([`Array::ravel`]).
    ///
    /// # Complexity
    /// No element is copied where the input's chunks fit and lie in row-major order; otherwise O(
    /// elements), and what [`Array::rechunk`] costs.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(0, 6, 1, 3).reshape([2, -1]);
    /// assert_eq!(x.compute()?, ndarray::array![[0, 1, 2], [3, 4, 5]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn reshape(&self, shape: impl Into<NewShape>) -> Array<T> {
        let shape = shape.into();
        Array::build("reshape", &[&self.node], |made_at| {
            let lens = self.shape();
            if let (true, Some(at)) =
                (shape.is_flat(), lens.iter().position(|len| *len == Extent::Deferred))
            {
                return node::flat::<T>(self.node.clone(), at, made_at);
            }
            let from = known_shape(&self.node, "reshape")?;
            let to = shape.resolve(&from)?;
            Ok(reshaped::<T>(self.node.clone(), &to, made_at))
        })
    }

    /// All elements in row-major order, along one axis.
    #[track_caller]
    pub fn ravel(&self) -> Array<T> {
        self.reshape(-1)
    }

    /// The same as [`Array::ravel`].
    #[track_caller]
    pub fn flatten(&self) -> Array<T> {
        self.ravel()
    }

    /// The same elements in the shape of another array.
    #[track_caller]
    pub fn reshape_like<B: Element>(&self, other: &Array<B>) -> Array<T> {
        let shape = match known_shape(&other.node, "reshape_like") {
            Ok(shape) => Shape::from(&shape[..]),
            Err(error) => return Array::build("reshape", &[&self.node], |_| Err(error)),
        };
        self.reshape(shape.lens())
    }
}
