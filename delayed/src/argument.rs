//! [`Argument`]: what can stand for one parameter of a function that is called lazily.

use crate::handle::Delayed;
use crate::inputs::{Inputs, Values};
use crate::packing::{Packing, Unpacking};
use chunkwise_graph::{BoxError, TypeInfo};
use std::any::Any;
use std::sync::Arc;

/// What can be given for a parameter of type `T`.
///
/// | given | for a parameter of type |
/// |---|---|
/// | `Delayed<T>`, `&Delayed<T>` | `T`: the value itself for its last user, a clone for others |
/// | the same | `Arc<T>`: the value as it is shared, never a clone |
/// | a vector, slice or array of arguments | `Vec<T>`, `Arc<Vec<T>>`; lists nest |
/// | numbers, `bool`, `char`, `String`, `PathBuf` | the same type |
/// | `&str` | `String`, `PathBuf` |
/// | [`lit(x)`](crate::lit), `x` of any type | that type |
/// | [`whole(collection)`](crate::whole) | what computing the collection gives |
///
/// # Other types
/// A crate that has a lazy collection implements this for it, so that `delayed(f).call(&array)`
/// gives `f` the computed array: [`Argument::store`] pushes the collection's layers, and
/// [`Stored::read`] puts their blocks together. [`whole`](crate::whole) does so for every
/// [`Collection`](chunkwise_graph::Collection), and such an implementation can forward to it.
/// [`Stored::ship`] and [`Stored::receive`] let such calls run in other processes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given for a parameter of type `{T}`",
    label = "not an argument for `{T}`",
    note = "a parameter of type `{T}` takes a `Delayed<{T}>` by value or reference; \
            `Arc<{T}>` as the parameter's type avoids `{T}: Clone`",
    note = "a list of handles is given to a parameter of type `Vec<..>`",
    note = "any other value is given as `lit(value)`"
)]
pub trait Argument<T> {
    /// What the task keeps of it.
    type Stored: Stored<T>;

    /// Takes the argument apart: layers that it needs go to `inputs`.
    fn store(self, inputs: &mut Inputs) -> Self::Stored;
}

/// What a task keeps of an [`Argument`].
///
/// # Contract
/// - `read` takes as many values as the layers that [`Argument::store`] pushed have blocks.
/// - `receive` takes the same values, and from [`Unpacking`] all that `ship` put into [`Packing`].
///
/// ```
/// use chunkwise_delayed::{Argument, CollectionExt, Delayed, delayed, value};
/// use chunkwise_delayed::{BoxError, Inputs, Packing, Stored, Unpacking, Values};
///
/// /// Many numbers, given as their sum.
/// struct Sum(Vec<Delayed<f64>>);
/// struct StoredSum { n: usize }
///
/// impl Argument<f64> for Sum {
///     type Stored = StoredSum;
///     fn store(self, inputs: &mut Inputs) -> StoredSum {
///         self.0.iter().for_each(|number| inputs.push(number.layer().clone()));
///         StoredSum { n: self.0.len() }
///     }
/// }
///
/// impl Stored<f64> for StoredSum {
///     fn read(&self, values: &mut Values<'_>) -> Result<f64, BoxError> {
///         values.take(self.n).map(|value| Ok(*value.get::<f64>()?)).sum()
///     }
///     fn ship(&self, to: &mut Packing) -> Result<(), String> {
///         to.number(self.n);
///         Ok(())
///     }
///     fn receive(from: &mut Unpacking<'_>) -> Result<f64, BoxError> {
///         StoredSum { n: from.number()? }.read(from.values())
///     }
/// }
///
/// let numbers = Sum(vec![value(1.5), value(2.0)]);
/// assert_eq!(delayed(f64::sqrt).call((numbers,)).compute()?, 3.5f64.sqrt());
/// # Ok::<(), chunkwise_delayed::Error>(())
/// ```
pub trait Stored<T>: Send + Sync + 'static {
    /// The argument itself, from the values that the task is given.
    ///
    /// # Errors
    /// If a value is of another type, or the parts do not fit together.
    fn read(&self, values: &mut Values<'_>) -> Result<T, BoxError>;

    /// Puts into `to` what `receive` needs to give the same argument in another process: nothing,
    /// for what is kept of a handle.
    ///
    /// Called when a run has other processes, never while a call is built.
    ///
    /// # Errors
    /// Why it cannot, and what to write instead; always, unless an implementation says otherwise.
    fn ship(&self, to: &mut Packing) -> Result<(), String>
    where
        Self: Sized,
    {
        let _ = to;
        Err(format!(
            "{} has no portable form: give it `ship` and `receive` of `Stored`, or run it on \
             threads",
            TypeInfo::opaque::<Self>().short_name()
        ))
    }

    /// The argument itself, in another process: as `read` of what `ship` was called on.
    ///
    /// # Errors
    /// As for `read`; also if `ship` put other things.
    fn receive(from: &mut Unpacking<'_>) -> Result<T, BoxError>
    where
        Self: Sized,
    {
        let _ = from;
        Err(format!(
            "{} has `ship` of `Stored` and no `receive`",
            TypeInfo::opaque::<Self>().short_name()
        )
        .into())
    }

    /// As `ship`, of a list; this one puts the length and then each item.
    ///
    /// # Errors
    /// As for `ship`, of any item.
    fn ship_list(list: &[Self], to: &mut Packing) -> Result<(), String>
    where
        Self: Sized,
    {
        to.number(list.len());
        list.iter().try_for_each(|item| item.ship(to))
    }

    /// As `receive`, of what `ship_list` put.
    ///
    /// # Errors
    /// As for `receive`, of any item.
    fn receive_list(from: &mut Unpacking<'_>) -> Result<Vec<T>, BoxError>
    where
        Self: Sized,
    {
        let n = from.number()?;
        (0..n).map(|_| Self::receive(from)).collect()
    }
}

/// The next value, as itself.
#[derive(Clone, Copy, Debug)]
pub struct Next;

impl<T: Any + Clone + Send + Sync> Stored<T> for Next {
    #[inline]
    fn read(&self, values: &mut Values<'_>) -> Result<T, BoxError> {
        Ok(values.take_next().take_or_clone()?)
    }

    fn ship(&self, _to: &mut Packing) -> Result<(), String> {
        Ok(())
    }

    fn receive(from: &mut Unpacking<'_>) -> Result<T, BoxError> {
        Next.read(from.values())
    }
}

/// The next value, as it is shared.
#[derive(Clone, Copy, Debug)]
pub struct NextShared;

impl<T: Any + Send + Sync> Stored<Arc<T>> for NextShared {
    #[inline]
    fn read(&self, values: &mut Values<'_>) -> Result<Arc<T>, BoxError> {
        Ok(values.take_next().into_arc()?)
    }

    fn ship(&self, _to: &mut Packing) -> Result<(), String> {
        Ok(())
    }

    fn receive(from: &mut Unpacking<'_>) -> Result<Arc<T>, BoxError> {
        NextShared.read(from.values())
    }
}

/// Something that is read anew and then shared.
#[derive(Clone, Copy, Debug)]
pub struct InArc<S>(pub(crate) S);

impl<T, S: Stored<T>> Stored<Arc<T>> for InArc<S> {
    fn read(&self, values: &mut Values<'_>) -> Result<Arc<T>, BoxError> {
        self.0.read(values).map(Arc::new)
    }

    fn ship(&self, to: &mut Packing) -> Result<(), String> {
        self.0.ship(to)
    }

    fn receive(from: &mut Unpacking<'_>) -> Result<Arc<T>, BoxError> {
        S::receive(from).map(Arc::new)
    }
}

/// A list of handles keeps nothing but its length: [`Next`] takes no room.
impl<T, S: Stored<T>> Stored<Vec<T>> for Vec<S> {
    fn read(&self, values: &mut Values<'_>) -> Result<Vec<T>, BoxError> {
        self.iter().map(|item| item.read(values)).collect()
    }

    fn ship(&self, to: &mut Packing) -> Result<(), String> {
        S::ship_list(self, to)
    }

    fn receive(from: &mut Unpacking<'_>) -> Result<Vec<T>, BoxError> {
        S::receive_list(from)
    }
}

impl<T: Any + Clone + Send + Sync> Argument<T> for &Delayed<T> {
    type Stored = Next;

    #[inline]
    fn store(self, inputs: &mut Inputs) -> Next {
        inputs.push(Arc::clone(self.layer()));
        Next
    }
}

impl<T: Any + Clone + Send + Sync> Argument<T> for Delayed<T> {
    type Stored = Next;

    fn store(self, inputs: &mut Inputs) -> Next {
        Argument::<T>::store(&self, inputs)
    }
}

impl<T: Any + Send + Sync> Argument<Arc<T>> for &Delayed<T> {
    type Stored = NextShared;

    #[inline]
    fn store(self, inputs: &mut Inputs) -> NextShared {
        inputs.push(Arc::clone(self.layer()));
        NextShared
    }
}

impl<T: Any + Send + Sync> Argument<Arc<T>> for Delayed<T> {
    type Stored = NextShared;

    fn store(self, inputs: &mut Inputs) -> NextShared {
        Argument::<Arc<T>>::store(&self, inputs)
    }
}

/// Items of a borrowed list of references.
impl<'b, A: ?Sized, T> Argument<T> for &&'b A
where
    &'b A: Argument<T>,
{
    type Stored = <&'b A as Argument<T>>::Stored;

    fn store(self, inputs: &mut Inputs) -> Self::Stored {
        (*self).store(inputs)
    }
}

macro_rules! lists {
    ($([$($generics:tt)*] $list:ty, $item:ty;)+) => { $(
        impl<$($generics)*, T> Argument<Vec<T>> for $list
        where
            $item: Argument<T>,
        {
            type Stored = Vec<<$item as Argument<T>>::Stored>;

            fn store(self, inputs: &mut Inputs) -> Self::Stored {
                self.into_iter().map(|item| item.store(inputs)).collect()
            }
        }

        impl<$($generics)*, T> Argument<Arc<Vec<T>>> for $list
        where
            $item: Argument<T>,
        {
            type Stored = InArc<Vec<<$item as Argument<T>>::Stored>>;

            fn store(self, inputs: &mut Inputs) -> Self::Stored {
                InArc(self.into_iter().map(|item| item.store(inputs)).collect())
            }
        }
    )+ };
}
lists! {
    [A] Vec<A>, A;
    ['a, A] &'a Vec<A>, &'a A;
    ['a, A] &'a [A], &'a A;
    [A, const N: usize] [A; N], A;
    ['a, A, const N: usize] &'a [A; N], &'a A;
}
