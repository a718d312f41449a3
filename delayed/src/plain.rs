//! Values that are known already, as arguments: numbers, text, paths, and [`lit`] for the rest.

use crate::argument::{Argument, Stored};
use crate::inputs::{Inputs, Values};
use crate::packing::{Packing, Unpacking};
use chunkwise_graph::{BoxError, TypeInfo, Value};
use std::any::Any;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A value of any type as an argument; made by [`lit`].
#[derive(Clone, Copy, Debug)]
pub struct Lit<T>(pub(crate) T);

/// A value of any type as an argument of a call.
///
/// The task keeps it and gives the function a clone, each time it runs. A large one that several
/// tasks share is better a [`value`](crate::value()), or a parameter of type `Arc<T>`.
///
/// ```
/// use chunkwise_delayed::{CollectionExt, delayed, lit};
/// let words = delayed(|text: String, end: Option<usize>| text.split(' ').count().min(end.unwrap_or(9)));
/// assert_eq!(words.call(("one two three", lit(Some(2)))).compute()?, 2);
/// # Ok::<(), chunkwise_delayed::Error>(())
/// ```
pub fn lit<T>(value: T) -> Lit<T> {
    Lit(value)
}

impl<T: Any + Clone + Send + Sync> Stored<T> for Lit<T> {
    #[inline]
    fn read(&self, _values: &mut Values<'_>) -> Result<T, BoxError> {
        Ok(self.0.clone())
    }

    fn ship(&self, to: &mut Packing) -> Result<(), String> {
        to.literal(Value::new(self.0.clone()))
    }

    fn receive(from: &mut Unpacking<'_>) -> Result<T, BoxError> {
        Ok(from.literal()?.take_or_clone()?)
    }

    /// As one value where vectors of the type can cross: one by one takes long for many numbers.
    fn ship_list(list: &[Self], to: &mut Packing) -> Result<(), String> {
        if TypeInfo::opaque::<Vec<T>>().codec().is_some() {
            to.number(WHOLE_LIST);
            let items: Vec<T> = list.iter().map(|item| item.0.clone()).collect();
            return to.literal(Value::new(items));
        }
        to.number(list.len());
        list.iter().try_for_each(|item| item.ship(to))
    }

    fn receive_list(from: &mut Unpacking<'_>) -> Result<Vec<T>, BoxError> {
        match from.number()? {
            WHOLE_LIST => Ok(from.literal()?.take_or_clone()?),
            n => (0..n).map(|_| Self::receive(from)).collect(),
        }
    }
}

/// Stands where the length of a list does.
const WHOLE_LIST: usize = usize::MAX;

/// A value of any type, as it is shared.
#[derive(Debug)]
pub struct LitShared<T>(Arc<T>);

impl<T: Any + Send + Sync> Stored<Arc<T>> for LitShared<T> {
    #[inline]
    fn read(&self, _values: &mut Values<'_>) -> Result<Arc<T>, BoxError> {
        Ok(Arc::clone(&self.0))
    }

    fn ship(&self, to: &mut Packing) -> Result<(), String> {
        to.literal(Value::shared(Arc::clone(&self.0)))
    }

    fn receive(from: &mut Unpacking<'_>) -> Result<Arc<T>, BoxError> {
        Ok(from.literal()?.into_arc()?)
    }
}

impl<T: Any + Clone + Send + Sync> Argument<T> for Lit<T> {
    type Stored = Lit<T>;

    fn store(self, _inputs: &mut Inputs) -> Lit<T> {
        self
    }
}

impl<T: Any + Send + Sync> Argument<Arc<T>> for Lit<T> {
    type Stored = LitShared<T>;

    fn store(self, _inputs: &mut Inputs) -> LitShared<T> {
        LitShared(Arc::new(self.0))
    }
}

macro_rules! plain {
    ($([$($lifetime:lifetime)?] $given:ty => $parameter:ty, $value:ident => $convert:expr;)+) => { $(
        impl$(<$lifetime>)? Argument<$parameter> for $given {
            type Stored = Lit<$parameter>;

            #[inline]
            fn store(self, _inputs: &mut Inputs) -> Lit<$parameter> {
                let $value = self;
                Lit($convert)
            }
        }

        impl$(<$lifetime>)? Argument<Arc<$parameter>> for $given {
            type Stored = LitShared<$parameter>;

            fn store(self, _inputs: &mut Inputs) -> LitShared<$parameter> {
                let $value = self;
                LitShared(Arc::new($convert))
            }
        }
    )+ };
}

macro_rules! scalars {
    ($($scalar:ty),+) => {
        plain! { $(
            [] $scalar => $scalar, value => value;
            ['a] &'a $scalar => $scalar, value => *value;
        )+ }
    };
}
scalars!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, f32, f64, bool, char);
plain! {
    [] String => String, text => text;
    ['a] &'a String => String, text => text.clone();
    ['a] &'a str => String, text => text.to_owned();
    [] PathBuf => PathBuf, path => path;
    ['a] &'a PathBuf => PathBuf, path => path.clone();
    ['a] &'a Path => PathBuf, path => path.to_owned();
    [] String => PathBuf, text => text.into();
    ['a] &'a String => PathBuf, text => text.into();
    ['a] &'a str => PathBuf, text => text.into();
}
