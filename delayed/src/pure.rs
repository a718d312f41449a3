//! [`PureFn`]: functions whose equal calls are one task.

use crate::arguments::Function;
use crate::function::DelayedFn;
use crate::handle::Delayed;
use crate::output_info::Opaque;
use crate::pure_argument::PureArguments;
use chunkwise_graph::{BoxError, Token, Tokenizer};
use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

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
    /// O(size of the arguments) for hashing, about 0.5 µs for a few handles or numbers.
    #[track_caller]
    pub fn call<P, A>(&self, arguments: A) -> Delayed<F::Output>
    where
        A: PureArguments<P>,
        F: Function<P>,
        F::Output: Any + Send + Sync,
        P: 'static,
    {
        let name = self.0.label.structural_name(token_of_call::<F, P>(&arguments));
        self.0.infallible(name, arguments, Opaque::NEW)
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
        self.0.fallible(name, arguments, Opaque::NEW)
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
