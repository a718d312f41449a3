//! What a hand-written task is applied to: keys, lists, literal values.

use crate::key::{IndexNumber, Key};
use crate::value::Value;
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// One argument of a hand-written task.
#[derive(Clone)]
#[non_exhaustive]
pub enum Argument {
    /// What a key names.
    Key(Key),
    /// A value, written into the task.
    Literal(Value),
    /// Several arguments, given to the function as one `Vec`.
    List(Vec<Argument>),
}

impl Argument {
    /// Calls `visit` for each key, in the order in which they appear.
    pub(super) fn for_each_key<'a>(&'a self, visit: &mut impl FnMut(&'a Key)) {
        // Lists nest as deeply as the literal text that made them, so recursion is safe.
        match self {
            Argument::Key(key) => visit(key),
            Argument::Literal(_) => {}
            Argument::List(items) => items.iter().for_each(|item| item.for_each_key(visit)),
        }
    }

    /// The same with every key changed by `change`.
    pub(super) fn map_keys(&self, change: &mut impl FnMut(&Key) -> Argument) -> Argument {
        match self {
            Argument::Key(key) => change(key),
            Argument::Literal(value) => Argument::Literal(value.clone()),
            Argument::List(items) => {
                Argument::List(items.iter().map(|item| item.map_keys(change)).collect())
            }
        }
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Argument::Key(key) => fmt::Display::fmt(key, f),
            Argument::Literal(value) => f.write_str(&value.describe()),
            Argument::List(items) => {
                f.write_str("[")?;
                write_arguments(f, items)?;
                f.write_str("]")
            }
        }
    }
}

pub(super) fn write_arguments(f: &mut fmt::Formatter<'_>, items: &[Argument]) -> fmt::Result {
    const SHOWN: usize = 8;
    for (at, item) in items.iter().take(SHOWN).enumerate() {
        write!(f, "{}{item}", if at > 0 { ", " } else { "" })?;
    }
    if items.len() > SHOWN { write!(f, ", … {} more", items.len() - SHOWN) } else { Ok(()) }
}

/// The shape of an argument that a function takes as one value.
#[derive(Debug)]
pub struct One;

/// The shape of a list whose items have the shape `S`; functions take it as a `Vec`.
#[derive(Debug)]
pub struct Many<S>(PhantomData<S>);

/// What can be written as one argument: anything that makes a [`Key`], a [`list`], a [`literal`].
pub trait IntoArgument {
    /// [`One`] or [`Many`].
    type Shape;

    /// The argument.
    fn into_argument(self) -> Argument;
}

macro_rules! key_arguments {
    ($([$($generics:tt)*] $type:ty;)+) => { $(
        impl<$($generics)*> IntoArgument for $type {
            type Shape = One;

            fn into_argument(self) -> Argument {
                Argument::Key(self.into())
            }
        }
    )+ };
}
key_arguments! {
    [] &str;
    [] String;
    [] &String;
    [] Key;
    [] &Key;
    [T: Into<Arc<str>>, I: IndexNumber] (T, I);
    [T: Into<Arc<str>>, I: IndexNumber, J: IndexNumber] (T, I, J);
    [T: Into<Arc<str>>, I: IndexNumber, J: IndexNumber, K: IndexNumber] (T, I, J, K);
}

/// A list of arguments; made by [`list`].
#[derive(Clone, Debug)]
pub struct List<A>(Vec<A>);

/// Several arguments that the function takes as one `Vec`, as in `(sum, [na, nb, nc])`.
pub fn list<A: IntoArgument>(items: impl IntoIterator<Item = A>) -> List<A> {
    List(items.into_iter().collect())
}

impl<A: IntoArgument> IntoArgument for List<A> {
    type Shape = Many<A::Shape>;

    fn into_argument(self) -> Argument {
        Argument::List(self.0.into_iter().map(A::into_argument).collect())
    }
}

/// A value written into a task; made by [`literal`].
#[derive(Clone, Debug)]
pub struct Literal(Value);

/// A value as an argument, so that text is not read as a key and numbers need no name.
pub fn literal<T: Any + Send + Sync>(value: T) -> Literal {
    Literal(Value::new(value))
}

impl IntoArgument for Literal {
    type Shape = One;

    fn into_argument(self) -> Argument {
        Argument::Literal(self.0)
    }
}

/// All arguments of a task: an array if they are alike, a tuple of any mixture, `()` for none.
pub trait Arguments {
    /// A tuple of the arguments' shapes.
    type Shape;

    /// The arguments, in order.
    fn into_arguments(self) -> Vec<Argument>;
}

impl Arguments for () {
    type Shape = ();

    fn into_arguments(self) -> Vec<Argument> {
        Vec::new()
    }
}

macro_rules! arguments {
    ($n:literal: $($name:ident $same:ident),+) => {
        impl<A: IntoArgument> Arguments for [A; $n] {
            type Shape = ($(<$same as IntoArgument>::Shape,)+);

            fn into_arguments(self) -> Vec<Argument> {
                self.into_iter().map(A::into_argument).collect()
            }
        }
    };
}
arguments!(1: A A);
arguments!(2: A A, B A);
arguments!(3: A A, B A, C A);
arguments!(4: A A, B A, C A, D A);
arguments!(5: A A, B A, C A, D A, E A);
arguments!(6: A A, B A, C A, D A, E A, F A);
arguments!(7: A A, B A, C A, D A, E A, F A, G A);
arguments!(8: A A, B A, C A, D A, E A, F A, G A, H A);

/// A mixture of arguments of a task; made by [`args!`](crate::args).
#[derive(Debug)]
pub struct Mixed<T>(pub T);

macro_rules! mixed {
    ($($name:ident)+) => {
        impl<$($name: IntoArgument),+> Arguments for Mixed<($($name,)+)> {
            type Shape = ($($name::Shape,)+);

            #[allow(non_snake_case, reason = "the macro's type parameters name its variables")]
            fn into_arguments(self) -> Vec<Argument> {
                let ($($name,)+) = self.0;
                vec![$($name.into_argument()),+]
            }
        }
    };
}
mixed!(A);
mixed!(A B);
mixed!(A B C);
mixed!(A B C D);
mixed!(A B C D E);
mixed!(A B C D E F);
mixed!(A B C D E F G);
mixed!(A B C D E F G H);

/// The arguments of a task when they are not alike: keys, lists and literals.
///
/// ```
/// use chunkwise_graph::{InOrder, SchedulerExt, TaskDict, args, list, literal};
/// let mut graph = TaskDict::new();
/// graph.value("a", 1.5).value("b", 2.5).task(
///     "scaled",
///     |values: Vec<f64>, factor: f64| values.iter().sum::<f64>() * factor,
///     args![list(["a", "b"]), literal(10.0)],
/// );
/// assert_eq!(InOrder.get::<f64>(&graph, "scaled")?, 40.0);
/// # Ok::<(), chunkwise_graph::Error>(())
/// ```
#[macro_export]
macro_rules! args {
    ($($argument:expr),+ $(,)?) => { $crate::dict::Mixed(($($argument,)+)) };
}
