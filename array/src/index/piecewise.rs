//! `piecewise`: a function that is another one in each part of its domain.

use super::choose::where_;
use crate::array::Array;
use crate::element::Element;
use crate::error::ArrayError;

/// A function of arrays, which builds an expression: an argument of [`Array::piecewise`].
pub type Piece<'f, T, B> = dyn Fn(&Array<T>) -> Array<B> + 'f;

impl<T: Element> Array<T> {
    /// For each element what the function gives whose condition holds there, the last one if there
    /// are several; where none holds, what one more function gives, or the default element (0) if
    /// there is no such.
    ///
    /// The functions are of arrays, and give arrays that broadcast to the shape of this one: they
    /// build expressions. Preserves shape and chunks, if conditions and functions do.
    ///
    /// # Errors
    /// [`ArrayError::Argument`] if there are not as many functions as conditions, or one more.
    ///
    /// # Complexity
    /// O(elements x functions), joined with what comes before and after into one pass. Unlike in
    /// NumPy every function is computed of every element, and what is not wanted of it is dropped:
    /// one that makes its task fail somewhere does so everywhere.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(-2.0, 3.0, 1.0, 2);
    /// let (negative, large) = (x.map(|x| x < 0.0), x.map(|x| x > 1.0));
    /// let y = x.piecewise(&[&negative, &large], &[&|x| -x, &|x| x * 10.0, &|x| x + 0.5]);
    /// assert_eq!(y.compute()?, ndarray::arr1(&[2.0, 1.0, 0.5, 1.5, 20.0]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn piecewise<B: Element>(
        &self,
        conditions: &[&Array<bool>],
        functions: &[&Piece<'_, T, B>],
    ) -> Array<B> {
        if functions.len().wrapping_sub(conditions.len()) > 1 {
            let why = format!("{} for {} conditions", functions.len(), conditions.len());
            return Array::build("piecewise", &[&self.node], |_| {
                Err(ArrayError::Argument { name: "functions", why })
            });
        }
        let otherwise = match functions.get(conditions.len()) {
            Some(function) => function(self),
            None => self.full_like(B::default()),
        };
        let pieces = conditions.iter().zip(functions);
        pieces.fold(otherwise, |all, (condition, function)| where_(condition, function(self), &all))
    }
}
