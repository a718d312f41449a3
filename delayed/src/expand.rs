//! What the expansion of [`#[delayed]`](macro@crate::delayed) calls; not an interface for people.

use crate::arguments::{Arguments, Function};
use crate::function::DelayedFn;
use crate::handle::Delayed;
use crate::label::Label;
use crate::pure::token_of_call;
use crate::pure_argument::PureArguments;
use chunkwise_graph::BoxError;
use std::any::Any;
#[cfg(feature = "serde")]
use std::marker::PhantomData;
use std::sync::Arc;

pub use crate::__type_info as type_info;
#[cfg(feature = "serde")]
pub use crate::output_info::Serde;
pub use crate::output_info::{Opaque, OutputInfo};

fn function<F>(name: &'static str, function: F) -> DelayedFn<F> {
    DelayedFn { function: Arc::new(function), label: Label::Plain(name) }
}

macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident, $pure_name:ident, $method:ident,
       [$($generics:tt)*], $output:ty;)+) => { $(
        $(#[$doc])*
        #[track_caller]
        pub fn $name<P, A, F, T, I, $($generics)*>(
            name: &'static str,
            f: F,
            arguments: A,
            info: I,
        ) -> Delayed<T>
        where
            P: 'static,
            A: Arguments<P>,
            F: Function<P, Output = $output> + Send + Sync + 'static,
            T: Any + Send + Sync,
            I: OutputInfo<T>,
        {
            let f = function(name, f);
            f.$method(f.label.unique_name(), arguments, info)
        }

        $(#[$doc])*
        ///
        /// One task for all equal calls.
        #[track_caller]
        pub fn $pure_name<P, A, F, T, I, $($generics)*>(
            name: &'static str,
            f: F,
            arguments: A,
            info: I,
        ) -> Delayed<T>
        where
            P: 'static,
            A: PureArguments<P>,
            F: Function<P, Output = $output> + Send + Sync + 'static,
            T: Any + Send + Sync,
            I: OutputInfo<T>,
        {
            let f = function(name, f);
            let token = token_of_call::<F, P>(&arguments);
            f.$method(f.label.structural_name(token), arguments, info)
        }
    )+ };
}
calls! {
    /// A call that cannot fail.
    call, pure_call, infallible, [], T;
    /// A call that may fail.
    try_call, pure_try_call, fallible, [E: Into<BoxError>], Result<T, E>;
}

/// Results, to name the type of their `Ok`.
pub trait Fallible {
    /// The type of `Ok`.
    type Ok;
}

impl<T, E> Fallible for Result<T, E> {
    type Ok = T;
}

/// What is known of a type where the expansion names it.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __type_info {
    ($type:ty) => {
        $crate::expand::Opaque::<$type>::NEW
    };
}

/// What is known of a type where the expansion names it: its codec, if the type is serde's.
///
/// A method of `Probe<T>` is preferred to one of `&Probe<T>`, and has bounds that `T` may not meet.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __type_info {
    ($type:ty) => {{
        #[allow(unused_imports, reason = "which one is used depends on the type")]
        use $crate::expand::{ViaOpaque as _, ViaSerde as _};
        (&$crate::expand::Probe::<$type>::NEW).info()
    }};
}

/// A type to ask for its codec.
#[cfg(feature = "serde")]
#[derive(Debug)]
pub struct Probe<T>(PhantomData<fn() -> T>);

#[cfg(feature = "serde")]
impl<T> Probe<T> {
    /// The only value.
    pub const NEW: Probe<T> = Probe(PhantomData);
}

/// Types of serde.
#[cfg(feature = "serde")]
pub trait ViaSerde {
    /// Stands for facts with a codec.
    type Info;

    /// The only value of that type.
    fn info(&self) -> Self::Info;
}

#[cfg(feature = "serde")]
impl<T: Any + Send + Sync + serde::Serialize + serde::de::DeserializeOwned> ViaSerde for Probe<T> {
    type Info = Serde<T>;

    fn info(&self) -> Serde<T> {
        Serde::NEW
    }
}

/// All others.
#[cfg(feature = "serde")]
pub trait ViaOpaque {
    /// Stands for facts without a codec.
    type Info;

    /// The only value of that type.
    fn info(&self) -> Self::Info;
}

#[cfg(feature = "serde")]
impl<T: Any + Send + Sync> ViaOpaque for &Probe<T> {
    type Info = Opaque<T>;

    fn info(&self) -> Opaque<T> {
        Opaque::NEW
    }
}
