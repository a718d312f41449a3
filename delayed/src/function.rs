//! [`delayed`] and [`DelayedFn`]: functions whose calls are tasks.

use crate::arguments::{Arguments, Function};
use crate::call::{Call, Fallible, Infallible};
use crate::handle::Delayed;
use crate::inputs::Inputs;
use crate::label::Label;
use crate::output_info::{Opaque, OutputInfo};
use crate::task::Task;
use chunkwise_graph::{BoxError, Name};
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A function whose calls are tasks, to be called as often as you like; made by [`delayed`].
///
/// ```
/// use chunkwise_delayed::{CollectionExt, delayed};
/// fn inc(x: i64) -> i64 { x + 1 }
/// fn add(x: i64, y: i64) -> i64 { x + y }
///
/// let (inc, add) = (delayed(inc), delayed(add));
/// let z = add.call((inc.call((1,)), inc.call((10,))));
/// assert_eq!(z.compute()?, 13);
/// # Ok::<(), chunkwise_delayed::Error>(())
/// ```
pub struct DelayedFn<F> {
    pub(crate) function: Arc<F>,
    pub(crate) label: Label,
}

/// Makes a function lazy: its calls give a [`Delayed`] instead of running.
///
/// The function takes its parameters by value, up to eight; which argument fits which parameter is
/// in the table at [`Argument`](crate::Argument). Closures state the types of their parameters.
/// Functions of references are called by [`Delayed::map`] and [`Delayed::zip_map`].
///
/// ```
/// use chunkwise_delayed::{CollectionExt, delayed, value};
/// let counts = vec![value(3usize), value(4), value(5)];
/// let total = delayed(|counts: Vec<usize>| counts.iter().sum::<usize>()).call(&counts);
/// assert_eq!(total.compute()?, 12);
/// # Ok::<(), chunkwise_delayed::Error>(())
/// ```
pub fn delayed<F>(function: F) -> DelayedFn<F> {
    DelayedFn { function: Arc::new(function), label: Label::of::<F>() }
}

impl<F: Send + Sync + 'static> DelayedFn<F> {
    /// The function applied to `arguments`, as one task that equals no other.
    ///
    /// # Complexity
    /// O(arguments) time and memory, list items counted one by one; three allocations.
    #[track_caller]
    pub fn call<P, A>(&self, arguments: A) -> Delayed<F::Output>
    where
        A: Arguments<P>,
        F: Function<P>,
        F::Output: Any + Send + Sync,
        P: 'static,
    {
        self.infallible(self.label.unique_name(), arguments, Opaque::NEW)
    }

    /// As [`DelayedFn::call`], for functions that return a `Result`: the handle is to the value of
    /// `Ok`, and an `Err` makes the computation fail with it as the source of
    /// [`Error::Task`](chunkwise_graph::Error::Task).
    ///
    /// ```
    /// use chunkwise_delayed::{CollectionExt, delayed};
    /// let parse = delayed(|text: String| text.parse::<u32>());
    /// assert_eq!(parse.try_call(("12",)).compute()?, 12);
    /// let error = parse.try_call(("twelve",)).named("parse").compute().unwrap_err();
    /// assert_eq!(error.to_string(), "task parse failed");
    /// # Ok::<(), chunkwise_delayed::Error>(())
    /// ```
    #[track_caller]
    pub fn try_call<P, A, T, E>(&self, arguments: A) -> Delayed<T>
    where
        A: Arguments<P>,
        F: Function<P, Output = Result<T, E>>,
        T: Any + Send + Sync,
        E: Into<BoxError>,
        P: 'static,
    {
        self.fallible(self.label.unique_name(), arguments, Opaque::NEW)
    }

    /// The same function, its tasks named `name` and a number that tells them apart.
    ///
    /// ```
    /// use chunkwise_delayed::delayed;
    /// let load = delayed(|path: String| path.len()).named("load");
    /// assert!(load.call(("a.csv",)).to_string().starts_with("Delayed<usize>(load-"));
    /// ```
    #[must_use]
    pub fn named(mut self, name: impl Into<Arc<str>>) -> DelayedFn<F> {
        self.label = Label::Given(name.into());
        self
    }

    #[track_caller]
    pub(crate) fn infallible<P, A, I>(
        &self,
        name: Name,
        arguments: A,
        _info: I,
    ) -> Delayed<F::Output>
    where
        A: Arguments<P>,
        F: Function<P>,
        F::Output: Any + Send + Sync,
        P: 'static,
        I: OutputInfo<F::Output>,
    {
        let mut inputs = Inputs::default();
        let arguments = arguments.store(&mut inputs);
        let call = Call::<_, _, _, P, Infallible<I>>::of_shared(&self.function, arguments);
        Task::handle(name, self.label.clone(), inputs, call)
    }

    #[track_caller]
    pub(crate) fn fallible<P, A, T, E, I>(&self, name: Name, arguments: A, _info: I) -> Delayed<T>
    where
        A: Arguments<P>,
        F: Function<P, Output = Result<T, E>>,
        T: Any + Send + Sync,
        E: Into<BoxError>,
        P: 'static,
        I: OutputInfo<T>,
    {
        let mut inputs = Inputs::default();
        let arguments = arguments.store(&mut inputs);
        let call = Call::<_, _, _, P, Fallible<I>>::of_shared(&self.function, arguments);
        Task::handle(name, self.label.clone(), inputs, call)
    }
}

impl<F> Clone for DelayedFn<F> {
    fn clone(&self) -> DelayedFn<F> {
        DelayedFn { function: Arc::clone(&self.function), label: self.label.clone() }
    }
}

impl<F> fmt::Debug for DelayedFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DelayedFn({})", self.label.op_name())
    }
}
