//! [`Reducer`]: what a reduction does with elements.

use crate::element::Element;
use crate::error::ArrayError;
use serde::{Serialize, de::DeserializeOwned};

/// How elements are reduced.
///
/// # Contract
/// `join` of what two parts give is what both parts together give, but for rounding.
pub(crate) trait Reducer:
    Clone + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// What is reduced.
    type In: Element;
    /// What comes out.
    type Out: Element;
    /// What elements are taken into.
    type Acc: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// What it is called; with its parameters it says what is computed.
    const NAME: &'static str;

    /// Of no elements.
    fn start(&self) -> Self::Acc;

    /// Takes elements in a row into one accumulator, which has taken `before` others; the first one
    /// is number `before` of those that are reduced together in this chunk.
    fn row(&self, acc: &mut Self::Acc, elements: &[Self::In], before: u64);

    /// Takes one element into each accumulator, all of which have taken `before` others.
    fn columns(&self, accs: &mut [Self::Acc], elements: &[Self::In], before: u64) {
        for (acc, element) in accs.iter_mut().zip(elements) {
            self.row(acc, std::slice::from_ref(element), before);
        }
    }

    /// Takes what another accumulator has taken behind this one's elements; the numbers of elements
    /// of both.
    fn join(&self, acc: &mut Self::Acc, other: &Self::Acc, n_own: u64, n_other: u64);

    /// What comes out of `n` elements.
    ///
    /// # Errors
    /// [`ArrayError::Empty`] if no elements have no result.
    fn finish(&self, acc: &Self::Acc, n: u64) -> Result<Self::Out, ArrayError>;

    /// Turns the number of an element in its chunk, if the accumulator keeps one, into its number
    /// in the array.
    fn place(&self, acc: &mut Self::Acc, to_array: &dyn Fn(u64) -> u64) {
        let _ = (acc, to_array);
    }

    /// Whether [`Reducer::place`] does something.
    const PLACES: bool = false;
}
