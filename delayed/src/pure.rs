//! [`PureFn`]: functions whose equal calls are one task.

use crate::arguments::{Arguments, Function};
use crate::function::DelayedFn;
use crate::handle::Delayed;
use crate::plain::Lit;
use chunkwise_graph::{BoxError, Token, Tokenize, Tokenizer, TypeInfo};
use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// A function without state whose equal calls are one task; made by [`DelayedFn::pure`].
pub struct PureFn<F>(DelayedFn<F>);

impl<F: Send + Sync + 'static> DelayedFn<F> {
    /// The same function, promising that it gives the same for the same arguments: equal calls are
    /// one task, computed once however often they are written.
    ///
    /// A call is named by the function and by its arguments: handles by their keys, other values by
    /// their content. The names are the same in every run of one executable.
    ///
    /// Only functions and closures without captures have this; others would need their captures
    /// compared, and are refused when the program is compiled.
    ///
    /// ```
    /// use chunkwise_delayed::{CollectionExt, delayed};
    /// fn square(x: u64) -> u64 { x * x }
    ///
    /// let square = delayed(square).pure();
    /// let (a, b) = (square.call((7,)), square.call((7,)));
    /// assert_eq!(a.key(), b.key());
    /// assert_eq!((&a + &b).plan()?.len(), 2);
    /// # Ok::<(), chunkwise_delayed::Error>(())
    /// ```
    ///
    /// ```compile_fail
    /// let step = std::env::args().count() as u64;
    /// chunkwise_delayed::delayed(move |x: u64| x + step).pure();
    /// ```
    #[must_use]
    pub fn pure(self) -> PureFn<F> {
        const {
            assert!(
                size_of::<F>() == 0,
                "a function with captures (or a function pointer) cannot be pure: its calls are \
                 compared by the function's type alone; pass what it captures as an argument"
            );
        }
        PureFn(self)
    }
}

impl<F: Send + Sync + 'static> PureFn<F> {
    /// As [`DelayedFn::call`]; equal calls are one task.
    ///
    /// # Complexity
    /// O(size of the arguments) for hashing, about 0.2 µs for a few handles or numbers.
    #[track_caller]
    pub fn call<P, A>(&self, arguments: A) -> Delayed<F::Output>
    where
        A: PureArguments<P>,
        F: Function<P>,
        F::Output: Any + Send + Sync,
        P: 'static,
    {
        let name = self.0.label.structural_name(token_of_call::<F, P>(&arguments));
        self.0.infallible(name, arguments, TypeInfo::opaque::<F::Output>())
    }

    /// As [`DelayedFn::try_call`]; equal calls are one task.
    #[track_caller]
    pub fn try_call<P, A, T, E>(&self, arguments: A) -> Delayed<T>
    where
        A: PureArguments<P>,
        F: Function<P, Output = Result<T, E>>,
        T: Any + Send + Sync,
        E: Into<BoxError>,
        P: 'static,
    {
        let name = self.0.label.structural_name(token_of_call::<F, P>(&arguments));
        self.0.fallible(name, arguments, TypeInfo::opaque::<T>())
    }
}

impl<F> Clone for PureFn<F> {
    fn clone(&self) -> PureFn<F> {
        PureFn(self.0.clone())
    }
}

impl<F> fmt::Debug for PureFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PureFn({})", self.0.label.op_name())
    }
}

pub(crate) fn token_of_call<F: 'static, P>(arguments: &impl PureArguments<P>) -> Token {
    let mut hash = tokenizer_of::<F>("call");
    arguments.tokenize(&mut hash);
    hash.finish()
}

/// Starts a token from an operation on a type. Names of types are not unique (two closures of one
/// function share theirs), so the type's identity in this executable is part of it.
pub(crate) fn tokenizer_of<F: 'static>(operation: &str) -> Tokenizer {
    let mut identity = DefaultHasher::new();
    TypeId::of::<F>().hash(&mut identity);
    let mut hash = Tokenizer::new(operation);
    hash.str(type_name::<F>()).u64(identity.finish());
    hash
}

/// Arguments whose content can be compared, for calls of [`PureFn`].
///
/// # Contract
/// Equal arguments add equal items to the hash, and different ones different items.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no content that equal calls could be known by",
    label = "cannot be given to a pure function",
    note = "handles, numbers, text, paths and lists of them have; `lit(x)` has it where `x` is \
            `Tokenize`"
)]
pub trait PureArgument {
    /// Adds the argument to the hash.
    fn tokenize(&self, hash: &mut Tokenizer);
}

/// All arguments of a call of a [`PureFn`]: as [`Arguments`], each of them a [`PureArgument`].
pub trait PureArguments<P>: Arguments<P> {
    /// Adds the arguments to the hash.
    fn tokenize(&self, hash: &mut Tokenizer);
}

impl<A: PureArgument + ?Sized> PureArgument for &A {
    fn tokenize(&self, hash: &mut Tokenizer) {
        (**self).tokenize(hash);
    }
}

impl<T> PureArgument for Delayed<T> {
    fn tokenize(&self, hash: &mut Tokenizer) {
        hash.token(self.layer().name().token());
    }
}

impl<T: Tokenize> PureArgument for Lit<T> {
    fn tokenize(&self, hash: &mut Tokenizer) {
        self.0.tokenize(hash);
    }
}

impl<A: PureArgument> PureArgument for [A] {
    fn tokenize(&self, hash: &mut Tokenizer) {
        hash.sequence(self.len());
        self.iter().for_each(|item| item.tokenize(hash));
    }
}

impl<A: PureArgument> PureArgument for Vec<A> {
    fn tokenize(&self, hash: &mut Tokenizer) {
        self[..].tokenize(hash);
    }
}

impl<A: PureArgument, const N: usize> PureArgument for [A; N] {
    fn tokenize(&self, hash: &mut Tokenizer) {
        self[..].tokenize(hash);
    }
}

macro_rules! by_content {
    ($($type:ty),+) => { $(
        impl PureArgument for $type {
            fn tokenize(&self, hash: &mut Tokenizer) {
                Tokenize::tokenize(self, hash);
            }
        }
    )+ };
}
by_content!(u8, u16, u32, u64, usize, i8, i16, i32, i64, f32, f64, bool, str, String);

macro_rules! by_bytes {
    ($($type:ty, $value:ident => $bytes:expr;)+) => { $(
        impl PureArgument for $type {
            fn tokenize(&self, hash: &mut Tokenizer) {
                let $value = self;
                hash.bytes($bytes.as_ref());
            }
        }
    )+ };
}
by_bytes! {
    u128, number => number.to_le_bytes();
    i128, number => number.to_le_bytes();
    isize, number => (*number as i64).to_le_bytes();
    char, letter => u32::from(*letter).to_le_bytes();
}

/// As the text that it was perhaps given as.
impl PureArgument for Path {
    fn tokenize(&self, hash: &mut Tokenizer) {
        match self.to_str() {
            Some(text) => hash.str(text),
            None => hash.bytes(self.as_os_str().as_encoded_bytes()),
        };
    }
}

impl PureArgument for PathBuf {
    fn tokenize(&self, hash: &mut Tokenizer) {
        self.as_path().tokenize(hash);
    }
}

macro_rules! alone {
    ($([$($generics:tt)*] $argument:ty;)+) => { $(
        impl<$($generics)* P> PureArguments<(P,)> for $argument
        where
            $argument: Arguments<(P,)> + PureArgument,
        {
            fn tokenize(&self, hash: &mut Tokenizer) {
                PureArgument::tokenize(self, hash);
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
    ($($argument:ident $parameter:ident $at:tt),*) => {
        impl<$($argument, $parameter),*> PureArguments<($($parameter,)*)> for ($($argument,)*)
        where
            ($($argument,)*): Arguments<($($parameter,)*)>,
            $($argument: PureArgument),*
        {
            #[allow(unused, reason = "one macro for all lengths, 0 too")]
            fn tokenize(&self, hash: &mut Tokenizer) {
                $(self.$at.tokenize(hash);)*
            }
        }
    };
}
tuples!();
tuples!(A P 0);
tuples!(A P 0, B Q 1);
tuples!(A P 0, B Q 1, C R 2);
tuples!(A P 0, B Q 1, C R 2, D V 3);
tuples!(A P 0, B Q 1, C R 2, D V 3, E X 4);
tuples!(A P 0, B Q 1, C R 2, D V 3, E X 4, F Z 5);
tuples!(A P 0, B Q 1, C R 2, D V 3, E X 4, F Z 5, G B1 6);
tuples!(A P 0, B Q 1, C R 2, D V 3, E X 4, F Z 5, G B1 6, H D1 7);
