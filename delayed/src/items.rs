//! Handles to the parts of a result: items of a vector, members of a tuple.

use crate::handle::Delayed;
use crate::inputs::Inputs;
use crate::item::{Item, Which};
use crate::label::Label;
use crate::look::{Look, Looked};
use crate::pure::tokenizer_of;
use crate::task::{Body, Task};
use chunkwise_graph::Name;
use std::any::Any;

impl<T: Any + Clone + Send + Sync> Delayed<Vec<T>> {
    /// Handles to the `n` items of a result that has as many.
    ///
    /// A result of another length makes the computation fail with
    /// [`DelayedError::Length`](crate::DelayedError::Length) as the source.
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
            let which = Which { task: self.key(), index, n: Some(n) };
            handles.push(self.part([index, n], Item::<T>::of(which)));
        }
        handles
    }

    /// A handle to one item, counted from 0.
    ///
    /// A result that is too short makes the computation fail with
    /// [`DelayedError::Index`](crate::DelayedError::Index) as the source.
    ///
    /// ```
    /// use chunkwise_delayed::{CollectionExt, value};
    /// assert_eq!(value(vec![1, 2, 3]).get(2).compute()?, 3);
    /// # Ok::<(), chunkwise_delayed::Error>(())
    /// ```
    #[track_caller]
    pub fn get(&self, index: usize) -> Delayed<T> {
        let which = Which { task: self.key(), index, n: None };
        self.part([index, 0], Item::<T>::of(which))
    }
}

impl<T: Any + Send + Sync> Delayed<T> {
    #[track_caller]
    fn member<R, F>(&self, at: usize, take: F) -> Delayed<R>
    where
        R: Any + Send + Sync,
        F: Fn(&T) -> R + Send + Sync + 'static,
    {
        self.part([at, 0], Look::<_, Looked<T>>::of(take))
    }

    /// A part of the result; the same task each time if the result's is pure. What `take` takes is
    /// known by its type and by what `captured` says.
    #[track_caller]
    fn part<R, B: Body>(&self, captured: [usize; 2], take: B) -> Delayed<R> {
        let parent = self.layer().name().token();
        let name = if parent.is_structural() {
            let mut hash = tokenizer_of::<B>("item");
            hash.token(parent).u64(captured[0] as u64).u64(captured[1] as u64);
            Name::structural("item", hash.finish())
        } else {
            Name::unique("item")
        };
        Task::handle(name, Label::Plain("item"), Inputs::one(self.layer()), take)
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
                ($(self.member($at, |members| members.$at.clone()),)+)
            }
        }
    };
}
unzip!(A 0, B 1);
unzip!(A 0, B 1, C 2);
unzip!(A 0, B 1, C 2, D 3);
unzip!(A 0, B 1, C 2, D 3, E 4);
unzip!(A 0, B 1, C 2, D 3, E 4, F 5);
