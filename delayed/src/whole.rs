//! [`whole`]: collections as arguments.

use crate::argument::{Argument, Stored};
use crate::inputs::{Inputs, Values};
use crate::packing::Packing;
use chunkwise_graph::{BoxError, Collection};

/// A collection as an argument; made by [`whole`].
#[derive(Clone, Debug)]
pub struct Whole<C>(C);

/// Any lazy collection as an argument: the function is given what computing it gives.
///
/// The collection's tasks become part of the same graph, so that work which others share is done
/// once. The collection is kept until the call has run, in this process: such a call cannot run in
/// another one.
///
/// ```
/// use chunkwise_delayed::{CollectionExt, delayed, value, whole};
/// let pair = (value(1i64), value(2.5f64));
/// let text = delayed(|(a, b): (i64, f64)| format!("{a} {b}")).call((whole(pair),));
/// assert_eq!(text.compute()?, "1 2.5");
/// # Ok::<(), chunkwise_delayed::Error>(())
/// ```
pub fn whole<C: Collection>(collection: C) -> Whole<C> {
    Whole(collection)
}

impl<T, C> Argument<T> for Whole<C>
where
    C: Collection<Output = T> + Send + Sync + 'static,
{
    type Stored = Whole<C>;

    fn store(self, inputs: &mut Inputs) -> Whole<C> {
        let mut layers = Vec::new();
        self.0.layers(&mut layers);
        layers.into_iter().for_each(|layer| inputs.push(layer));
        self
    }
}

impl<T, C> Stored<T> for Whole<C>
where
    C: Collection<Output = T> + Send + Sync + 'static,
{
    fn read(&self, values: &mut Values<'_>) -> Result<T, BoxError> {
        Ok(self.0.finalize(values)?)
    }

    fn ship(&self, _to: &mut Packing) -> Result<(), String> {
        Err("a whole collection cannot leave the process: compute it first and give its result, \
             or run the call on threads"
            .into())
    }
}
