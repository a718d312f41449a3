//! Handles to the parts of a result: items of a vector, members of a tuple.

use crate::error::DelayedError;
use crate::handle::Delayed;
use crate::inputs::Inputs;
use crate::label::Label;
use crate::map::looked_at;
use crate::pure::tokenizer_of;
use crate::task::Task;
use chunkwise_graph::{BoxError, Name, Value};
use std::any::Any;

impl<T: Any + Clone + Send + Sync> Delayed<Vec<T>> {
    /// Handles to the `n` items of a result that has as many.
    ///
    /// A result of another length makes the computation fail with [`DelayedError::Length`] as the
    /// source.
    ///
    /// # Complexity
    /// `n` tasks, each of which clones its item.
    ///
    /// ```
    /// use chunkwise_delayed::{CollectionExt, delayed};
    /// let split = delayed(|x: i64| vec![x / 10, x % 10]);
    /// let digits = split.call((42,)).nout(2);
    /// assert_eq!((&digits[0] - &digits[1]).compute()?, 2);
    /// # Ok::<(), chunkwise_delayed::Error>(())
    /// ```
    #[track_caller]
    pub fn nout(&self, n: usize) -> Vec<Delayed<T>> {
        let mut handles = Vec::with_capacity(n);
        for index in 0..n {
            let task = self.key();
            handles.push(self.part([index, n], move |items| match items.get(index) {
                Some(item) if items.len() == n => Ok(item.clone()),
                _ => {
                    let task = task.clone();
                    Err(DelayedError::Length { task, expected: n, found: items.len() }.into())
                }
            }));
        }
        handles
    }

    /// A handle to one item, counted from 0.
    ///
    /// A result that is too short makes the computation fail with [`DelayedError::Index`] as the
    /// source.
    ///
    /// ```
    /// use chunkwise_delayed::{CollectionExt, value};
    /// assert_eq!(value(vec![1, 2, 3]).get(2).compute()?, 3);
    /// # Ok::<(), chunkwise_delayed::Error>(())
    /// ```
    #[track_caller]
    pub fn get(&self, index: usize) -> Delayed<T> {
        let task = self.key();
        self.part([index, 0], move |items| {
            let missing = || DelayedError::Index { task: task.clone(), index, found: items.len() };
            Ok(items.get(index).ok_or_else(missing)?.clone())
        })
    }
}

impl<T: Any + Send + Sync> Delayed<T> {
    /// A part of the result; the same task each time if the result's is pure. `take` captures
    /// nothing but the result's key and what `captured` says.
    #[track_caller]
    fn part<R, F>(&self, captured: [usize; 2], take: F) -> Delayed<R>
    where
        R: Any + Send + Sync,
        F: Fn(&T) -> Result<R, BoxError> + Send + Sync + 'static,
    {
        let parent = self.layer().name().token();
        let name = if parent.is_structural() {
            let mut hash = tokenizer_of::<F>("item");
            hash.token(parent).u64(captured[0] as u64).u64(captured[1] as u64);
            Name::structural("item", hash.finish())
        } else {
            Name::unique("item")
        };
        Task::handle(name, Label::Plain("item"), Inputs::one(self.layer()), move |values| {
            Ok(Value::new(take(looked_at(values, 0)?)?))
        })
    }
}

macro_rules! unzip {
    ($($member:ident $at:tt),+) => {
        impl<$($member: Any + Clone + Send + Sync),+> Delayed<($($member,)+)> {
            /// Handles to the members of a tuple.
            ///
            /// # Complexity
            /// One task for each member, which clones it.
            ///
            /// ```
            /// use chunkwise_delayed::{CollectionExt, delayed};
            /// let (quotient, rest) = delayed(|x: i64| (x / 10, x % 10)).call((42,)).unzip();
            /// assert_eq!((quotient - rest).compute()?, 2);
            /// # Ok::<(), chunkwise_delayed::Error>(())
            /// ```
            #[track_caller]
            pub fn unzip(&self) -> ($(Delayed<$member>,)+) {
                ($(self.part([$at, 0], |members| Ok(members.$at.clone())),)+)
            }
        }
    };
}
unzip!(A 0, B 1);
unzip!(A 0, B 1, C 2);
unzip!(A 0, B 1, C 2, D 3);
unzip!(A 0, B 1, C 2, D 3, E 4);
unzip!(A 0, B 1, C 2, D 3, E 4, F 5);
