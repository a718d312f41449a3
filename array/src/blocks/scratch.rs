//! [`Array::with_scratch`]: what a function of the user's needs while it runs.

use crate::array::Array;
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::Scratch;
use std::sync::Arc;

impl<T: Element> Array<T> {
    /// The same array, whose function of whole chunks allocates at most so many bytes for a chunk of
    /// the result of a shape, besides the chunk that it gives.
    ///
    /// Of the result of [`Array::map_blocks`] and its relatives, [`Array::map_overlap`],
    /// [`Array::apply_along_axis`] and [`apply_gufunc`](crate::apply_gufunc): what other operations
    /// need is known, and stating it is an error. What is stated goes into the plan's
    /// [`bytes`](chunkwise_graph::Plan::bytes) and its predicted peak, also when the work is joined
    /// with other work. Nothing checks it here: a bound below the truth makes a limit on memory one
    /// that is exceeded, which a run under such a limit reports.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::<f64>::ones([4, 6], [2, 3]);
    /// let sorted = x.map_blocks(|chunk, _| {
    ///     let mut all: Vec<f64> = chunk.iter().copied().collect();
    ///     all.sort_unstable_by(f64::total_cmp);
    ///     chunk.mapv(|x| all[0] + x)
    /// });
    /// assert_eq!(sorted.graph().plan()?.predicted_peak().n_unknown, 4);
    /// // The list of all elements.
    /// let sorted = sorted.with_scratch(|shape| 8 * shape.iter().product::<usize>());
    /// assert_eq!(sorted.graph().plan()?.predicted_peak().n_unknown, 0);
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    #[must_use]
    pub fn with_scratch(
        &self,
        bytes: impl Fn(&[usize]) -> usize + Send + Sync + 'static,
    ) -> Array<T> {
        Array::build("with_scratch", &[&self.node], |_| {
            let scratch: Scratch = Arc::new(bytes);
            let (node, operation) = (&self.node, self.node.operation());
            let stated = operation.with_scratch(&scratch).ok_or_else(|| {
                let why = format!("{} needs is known", operation.name());
                ArrayError::Argument { name: "with_scratch", why: format!("what {why}") }
            })?;
            let inputs = node.inputs().iter().cloned().collect();
            Ok(node.with(stated, inputs, (*node.chunks).clone(), node.token))
        })
    }
}
