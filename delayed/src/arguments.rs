//! [`Arguments`]: all arguments of a call.

use crate::argument::{Argument, Stored};
use crate::handle::Delayed;
use crate::inputs::{Inputs, Values};
use crate::packing::{Packing, Unpacking};
use crate::plain::Lit;
use chunkwise_graph::BoxError;

/// All arguments of a call, for parameters whose types make up the tuple `P`.
///
/// A tuple of up to eight [`Argument`]s, `()` for none; one handle, one list or one
/// [`lit`](crate::lit) may also stand alone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the arguments of a function of parameters `{P}`",
    label = "not the arguments of a call",
    note = "arguments are a tuple with one item a parameter: `.call((&a, 2))`, `.call((x,))`",
    note = "one handle, one list of handles or one `lit(..)` may stand alone: `.call(&a)`"
)]
pub trait Arguments<P> {
    /// What the task keeps of them.
    type Stored: Stored<P>;

    /// Takes the arguments apart: layers that they need go to `inputs`.
    fn store(self, inputs: &mut Inputs) -> Self::Stored;
}

/// Functions of up to eight parameters, whose types make up the tuple `P`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a function of parameters `{P}`",
    label = "a function or closure of as many parameters as there are arguments is needed",
    note = "parameters are taken by value; `handle.map(f)` calls an `f` that takes a reference"
)]
pub trait Function<P> {
    /// What it returns.
    type Output;

    /// Calls it.
    fn apply(&self, parameters: P) -> Self::Output;
}

macro_rules! alone {
    ($([$($generics:tt)*] $argument:ty;)+) => { $(
        impl<$($generics)* P> Arguments<(P,)> for $argument
        where
            $argument: Argument<P>,
        {
            type Stored = (<$argument as Argument<P>>::Stored,);

            fn store(self, inputs: &mut Inputs) -> Self::Stored {
                (Argument::store(self, inputs),)
            }
        }
    )+ };
}
alone! {
    [T,] Delayed<T>;
    ['a, T,] &'a Delayed<T>;
    [T,] Lit<T>;
    [A,] Vec<A>;
    ['a, A,] &'a Vec<A>;
    ['a, A,] &'a [A];
    [A, const N: usize,] [A; N];
    ['a, A, const N: usize,] &'a [A; N];
}

macro_rules! tuples {
    ($($argument:ident $parameter:ident $stored:ident $at:tt),*) => {
        impl<$($argument, $parameter),*> Arguments<($($parameter,)*)> for ($($argument,)*)
        where
            $($argument: Argument<$parameter>),*
        {
            type Stored = ($($argument::Stored,)*);

            #[allow(unused, clippy::unused_unit, reason = "one macro for all lengths, 0 too")]
            fn store(self, inputs: &mut Inputs) -> Self::Stored {
                ($(self.$at.store(inputs),)*)
            }
        }

        impl<$($parameter, $stored),*> Stored<($($parameter,)*)> for ($($stored,)*)
        where
            $($stored: Stored<$parameter>),*
        {
            #[inline]
            #[allow(unused, clippy::unused_unit, reason = "one macro for all lengths, 0 too")]
            fn read(&self, values: &mut Values<'_>) -> Result<($($parameter,)*), BoxError> {
                Ok(($(self.$at.read(values)?,)*))
            }

            #[allow(unused, reason = "one macro for all lengths, 0 too")]
            fn ship(&self, to: &mut Packing) -> Result<(), String> {
                $(
                    let why = self.$at.ship(to);
                    why.map_err(|why| format!("argument {}: {why}", $at))?;
                )*
                Ok(())
            }

            #[allow(unused, clippy::unused_unit, reason = "one macro for all lengths, 0 too")]
            fn receive(from: &mut Unpacking<'_>) -> Result<($($parameter,)*), BoxError> {
                Ok(($($stored::receive(from)?,)*))
            }
        }

        impl<Func, Output, $($parameter),*> Function<($($parameter,)*)> for Func
        where
            Func: Fn($($parameter),*) -> Output,
        {
            type Output = Output;

            #[inline]
            #[allow(unused, reason = "one macro for all lengths, 0 too")]
            fn apply(&self, parameters: ($($parameter,)*)) -> Output {
                self($(parameters.$at),*)
            }
        }
    };
}
tuples!();
tuples!(A P S 0);
tuples!(A P S 0, B Q T 1);
tuples!(A P S 0, B Q T 1, C R U 2);
tuples!(A P S 0, B Q T 1, C R U 2, D V W 3);
tuples!(A P S 0, B Q T 1, C R U 2, D V W 3, E X Y 4);
tuples!(A P S 0, B Q T 1, C R U 2, D V W 3, E X Y 4, F Z A1 5);
tuples!(A P S 0, B Q T 1, C R U 2, D V W 3, E X Y 4, F Z A1 5, G B1 C1 6);
tuples!(A P S 0, B Q T 1, C R U 2, D V W 3, E X Y 4, F Z A1 5, G B1 C1 6, H D1 E1 7);
