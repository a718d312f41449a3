//! [`PureArgument`]: arguments whose content can be compared.

use crate::arguments::Arguments;
use crate::handle::Delayed;
use crate::plain::Lit;
use chunkwise_graph::{Tokenize, Tokenizer};
use std::path::{Path, PathBuf};

/// Arguments whose content can be compared, for calls of [`PureFn`](crate::PureFn).
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

/// All arguments of a call of a [`PureFn`](crate::PureFn): as [`Arguments`], each of them a [`PureArgument`].
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
        PureArgument::tokenize(self.as_path(), hash);
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
