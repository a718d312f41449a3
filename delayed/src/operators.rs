//! `+ - * / %` between handles, and between handles and numbers; `-` of a handle.

use crate::argument::{Argument, Next};
use crate::call::{Call, Infallible};
use crate::handle::Delayed;
use crate::inputs::Inputs;
use crate::label::Label;
use crate::output_info::Opaque;
use crate::plain::Lit;
use crate::pure::tokenizer_of;
use crate::pure_argument::PureArgument;
use crate::task::Task;
use chunkwise_graph::Name;
use std::any::Any;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

/// One task that applies an operator; the same one each time if both operands are pure.
#[track_caller]
fn binary<A, B, R, X, Y, F>(operator: &'static str, x: X, y: Y, apply: F) -> Delayed<R>
where
    A: 'static,
    B: 'static,
    R: Any + Send + Sync,
    X: Argument<A> + PureArgument + Operand,
    Y: Argument<B> + PureArgument + Operand,
    F: Fn(A, B) -> R + Send + Sync + 'static,
{
    let name = if x.is_pure() && y.is_pure() {
        let mut hash = tokenizer_of::<(A, B)>(operator);
        x.tokenize(&mut hash);
        y.tokenize(&mut hash);
        Name::structural(operator, hash.finish())
    } else {
        Name::unique(operator)
    };
    let mut inputs = Inputs::default();
    let operands = (x.store(&mut inputs), y.store(&mut inputs));
    let call = Call::<_, _, _, (A, B), Infallible<Opaque<R>>>::of(apply, operands);
    Task::handle(name, Label::Plain(operator), inputs, call)
}

/// Whether an operand's content is known by its name.
trait Operand {
    fn is_pure(&self) -> bool;
}

impl<T> Operand for &Delayed<T> {
    fn is_pure(&self) -> bool {
        self.layer().name().token().is_structural()
    }
}

impl<T> Operand for Lit<T> {
    fn is_pure(&self) -> bool {
        true
    }
}

macro_rules! between_handles {
    ($operator:ident $method:ident $name:literal: $([$($lifetime:lifetime)*] $x:ty, $y:ty;)+) => { $(
        impl<$($lifetime,)* A, B> $operator<$y> for $x
        where
            A: $operator<B> + Any + Clone + Send + Sync,
            B: Any + Clone + Send + Sync,
            A::Output: Any + Send + Sync,
        {
            type Output = Delayed<A::Output>;

            #[track_caller]
            fn $method(self, other: $y) -> Delayed<A::Output> {
                // A reference to either a handle or a reference to one.
                let (x, y): (&Delayed<A>, &Delayed<B>) = (&self, &other);
                binary($name, x, y, |x: A, y: B| x.$method(y))
            }
        }
    )+ };
}

macro_rules! with_scalars {
    ($operator:ident $method:ident $name:literal: $($scalar:ty),+) => { $(
        with_scalars!(@one $operator $method $name $scalar: Delayed<$scalar>);
        with_scalars!(@one $operator $method $name $scalar: &Delayed<$scalar>);
    )+ };
    (@one $operator:ident $method:ident $name:literal $scalar:ty: $handle:ty) => {
        impl $operator<$scalar> for $handle {
            type Output = Delayed<$scalar>;

            #[track_caller]
            fn $method(self, other: $scalar) -> Delayed<$scalar> {
                let x: &Delayed<$scalar> = &self;
                binary($name, x, Lit(other), |x: $scalar, y: $scalar| x.$method(y))
            }
        }

        impl $operator<$handle> for $scalar {
            type Output = Delayed<$scalar>;

            #[track_caller]
            fn $method(self, other: $handle) -> Delayed<$scalar> {
                let y: &Delayed<$scalar> = &other;
                binary($name, Lit(self), y, |x: $scalar, y: $scalar| x.$method(y))
            }
        }
    };
}

macro_rules! operators {
    ($($operator:ident $method:ident $name:literal;)+) => { $(
        between_handles! { $operator $method $name:
            [] Delayed<A>, Delayed<B>;
            ['b] Delayed<A>, &'b Delayed<B>;
            ['a] &'a Delayed<A>, Delayed<B>;
            ['a 'b] &'a Delayed<A>, &'b Delayed<B>;
        }
        with_scalars! { $operator $method $name:
            u8, u16, u32, u64, usize, i8, i16, i32, i64, f32, f64
        }
    )+ };
}
operators! {
    Add add "add";
    Sub sub "sub";
    Mul mul "mul";
    Div div "div";
    Rem rem "rem";
}

impl<A> Neg for &Delayed<A>
where
    A: Neg + Any + Clone + Send + Sync,
    A::Output: Any + Send + Sync,
{
    type Output = Delayed<A::Output>;

    #[track_caller]
    fn neg(self) -> Delayed<A::Output> {
        let name = if self.is_pure() {
            let mut hash = tokenizer_of::<A>("neg");
            self.tokenize(&mut hash);
            Name::structural("neg", hash.finish())
        } else {
            Name::unique("neg")
        };
        let call = Call::<_, _, _, (A,), Infallible<Opaque<_>>>::of(|x: A| -x, (Next,));
        Task::handle(name, Label::Plain("neg"), Inputs::one(self.layer()), call)
    }
}

impl<A> Neg for Delayed<A>
where
    A: Neg + Any + Clone + Send + Sync,
    A::Output: Any + Send + Sync,
{
    type Output = Delayed<A::Output>;

    #[track_caller]
    fn neg(self) -> Delayed<A::Output> {
        -&self
    }
}
