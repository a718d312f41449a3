//! [`Shape`]: lengths of axes, as users write them.

use crate::error::ArrayError;
use smallvec::SmallVec;

/// The length of each axis: made from a number, an array, a slice or a vector of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shape(SmallVec<[usize; 4]>);

impl Shape {
    /// The lengths as they were given.
    pub(crate) fn lens(&self) -> &[usize] {
        &self.0
    }

    /// The lengths, if their product is a number of elements that can be counted.
    ///
    /// # Errors
    /// [`ArrayError::TooLarge`].
    pub(crate) fn checked(&self) -> Result<&[usize], ArrayError> {
        let n = self.0.iter().try_fold(1usize, |n, &len| n.checked_mul(len.max(1)));
        match n {
            Some(n) if isize::try_from(n).is_ok() => Ok(&self.0),
            _ => Err(ArrayError::TooLarge { shape: self.0.as_slice().into() }),
        }
    }
}

impl From<usize> for Shape {
    fn from(len: usize) -> Shape {
        Shape(SmallVec::from_slice(&[len]))
    }
}

impl<const N: usize> From<[usize; N]> for Shape {
    fn from(lens: [usize; N]) -> Shape {
        Shape(lens.into_iter().collect())
    }
}

impl From<&[usize]> for Shape {
    fn from(lens: &[usize]) -> Shape {
        Shape(lens.iter().copied().collect())
    }
}

impl From<Vec<usize>> for Shape {
    fn from(lens: Vec<usize>) -> Shape {
        Shape(lens.into())
    }
}

impl From<&Vec<usize>> for Shape {
    fn from(lens: &Vec<usize>) -> Shape {
        lens.as_slice().into()
    }
}

impl From<()> for Shape {
    fn from((): ()) -> Shape {
        Shape(SmallVec::new())
    }
}
