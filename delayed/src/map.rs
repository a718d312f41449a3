//! Functions that look at values: [`Delayed::map`] and its relatives clone nothing.

use crate::handle::Delayed;
use crate::inputs::Inputs;
use crate::label::Label;
use crate::look::{Look, Looked, LookedAtTwo, TryLooked};
use crate::task::Task;
use chunkwise_graph::BoxError;
use std::any::Any;
use std::sync::Arc;

impl<T: Any + Send + Sync> Delayed<T> {
    /// `f` of a reference to the value.
    ///
    /// ```
    /// use chunkwise_delayed::{CollectionExt, value};
    /// let lengths = value(vec!["a", "bc"]).map(Vec::len);
    /// assert_eq!(lengths.compute()?, 2);
    /// # Ok::<(), chunkwise_delayed::Error>(())
    /// ```
    #[track_caller]
    pub fn map<R, F>(&self, f: F) -> Delayed<R>
    where
        R: Any + Send + Sync,
        F: Fn(&T) -> R + Send + Sync + 'static,
    {
        let label = Label::of::<F>();
        let look = Look::<_, Looked<T>>::of(f);
        Task::handle(label.unique_name(), label, Inputs::one(self.layer()), look)
    }

    /// As [`Delayed::map`], for functions that return a `Result`; see
    /// [`DelayedFn::try_call`](crate::DelayedFn::try_call).
    ///
    /// ```
    /// use chunkwise_delayed::{CollectionExt, value};
    /// let number = value(String::from("12")).try_map(|text| text.parse::<u32>());
    /// assert_eq!(number.compute()?, 12);
    /// # Ok::<(), chunkwise_delayed::Error>(())
    /// ```
    #[track_caller]
    pub fn try_map<R, E, F>(&self, f: F) -> Delayed<R>
    where
        R: Any + Send + Sync,
        E: Into<BoxError>,
        F: Fn(&T) -> Result<R, E> + Send + Sync + 'static,
    {
        let label = Label::of::<F>();
        let look = Look::<_, TryLooked<T>>::of(f);
        Task::handle(label.unique_name(), label, Inputs::one(self.layer()), look)
    }

    /// `f` of references to this value and another one.
    ///
    /// ```
    /// use chunkwise_delayed::{CollectionExt, value};
    /// let (x, y) = (value(vec![1.0, 2.0]), value(vec![3.0, 4.0]));
    /// let dot = x.zip_map(&y, |x, y| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>());
    /// assert_eq!(dot.compute()?, 11.0);
    /// # Ok::<(), chunkwise_delayed::Error>(())
    /// ```
    #[track_caller]
    pub fn zip_map<U, R, F>(&self, other: &Delayed<U>, f: F) -> Delayed<R>
    where
        U: Any + Send + Sync,
        R: Any + Send + Sync,
        F: Fn(&T, &U) -> R + Send + Sync + 'static,
    {
        let label = Label::of::<F>();
        let mut inputs = Inputs::one(self.layer());
        inputs.push(Arc::clone(other.layer()));
        Task::handle(label.unique_name(), label, inputs, Look::<_, LookedAtTwo<T, U>>::of(f))
    }
}
