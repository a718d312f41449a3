//! From functions to arrays: the user's `map`, and what every elementwise method is made with.

use super::node::elementwise;
use super::operand::{IntoOperand, Operand};
use crate::array::Array;
use crate::element::{Bits, Element};
use crate::tile::{Map1, Map2, Map3, Parameter};
use chunkwise_array_math::vectorized;
use chunkwise_graph::{Captureless, Token, Tokenize, Tokenizer};

/// A function that can be called from any thread, for as long as one likes.
pub(crate) trait Function: Send + Sync + 'static {}

impl<F: Send + Sync + 'static> Function for F {}

/// `f` of each element; the name says what it does, since equal names share work.
#[track_caller]
pub(crate) fn unary<A: Element, B: Element>(
    name: &'static str,
    x: &Array<A>,
    f: impl Fn(A) -> B + Function,
) -> Array<B> {
    unary_slices(name, x, move |x: &[A], out: &mut [B]| each1(x, out, &f))
}

/// `f` of the elements in a row.
#[track_caller]
pub(crate) fn unary_slices<A: Element, B: Element, F>(
    name: &'static str,
    x: &Array<A>,
    f: F,
) -> Array<B>
where
    F: Fn(&[A], &mut [B]) + Function,
{
    let f = move |(): &(), x: &[A], out: &mut [B]| f(x, out);
    map1(name, x, (), Tokenizer::of(name, &()), f, built_in)
}

/// `f` of a parameter and each element.
#[track_caller]
pub(crate) fn unary_with<P: Parameter + Tokenize, A: Element, B: Element>(
    name: &'static str,
    x: &Array<A>,
    parameter: P,
    f: impl Fn(&P, A) -> B + Function,
) -> Array<B> {
    let token = Tokenizer::of(name, &parameter);
    let f = move |p: &P, x: &[A], out: &mut [B]| each1(x, out, |x| f(p, x));
    map1(name, x, parameter, token, f, built_in)
}

/// `f` of each element and what is opposite.
#[track_caller]
pub(crate) fn binary<A1: Element, A2: Element, B: Element, F>(
    name: &'static str,
    x: &Array<A1>,
    y: impl IntoOperand<A2>,
    f: F,
) -> Array<B>
where
    F: Fn(A1, A2) -> B + Function,
{
    match y.into_operand() {
        Operand::Number(y) => {
            let token = Tokenizer::of(name, &Bits(y));
            let f = move |&y: &A2, x: &[A1], out: &mut [B]| {
                let f = &f;
                each1(x, out, move |x| f(x, y));
            };
            map1(name, x, y, token, f, built_in)
        }
        Operand::Array(y) => {
            binary_slices(name, x, &y, move |x: &[A1], y: &[A2], out: &mut [B]| {
                each2(x, y, out, &f)
            })
        }
    }
}

/// `f` of the elements in a row and those opposite.
#[track_caller]
pub(crate) fn binary_slices<A1: Element, A2: Element, B: Element, F>(
    name: &'static str,
    x: &Array<A1>,
    y: &Array<A2>,
    f: F,
) -> Array<B>
where
    F: Fn(&[A1], &[A2], &mut [B]) + Function,
{
    let f = move |(): &(), x: &[A1], y: &[A2], out: &mut [B]| f(x, y, out);
    map2(name, x, y, (), Tokenizer::of(name, &()), f, built_in)
}

/// `f` of the elements in a row and those opposite, which may be one number.
#[track_caller]
pub(crate) fn binary_rows<A1: Element, A2: Element, B: Element, F>(
    name: &'static str,
    x: &Array<A1>,
    y: impl IntoOperand<A2>,
    f: F,
) -> Array<B>
where
    F: Fn(&[A1], &[A2], &mut [B]) + Function,
{
    /// How often a number is repeated at a time.
    const REPEATED: usize = 256;
    match y.into_operand() {
        Operand::Array(y) => binary_slices(name, x, &y, f),
        Operand::Number(y) => {
            let token = Tokenizer::of(name, &Bits(y));
            let f = move |y: &A2, x: &[A1], out: &mut [B]| {
                let y = [*y; REPEATED];
                for (x, out) in x.chunks(REPEATED).zip(out.chunks_mut(REPEATED)) {
                    f(x, &y[..x.len()], out);
                }
            };
            map1(name, x, y, token, f, built_in)
        }
    }
}

/// `f` of a parameter, each element and what is opposite.
#[track_caller]
pub(crate) fn binary_with<P, A1: Element, A2: Element, B: Element, F>(
    name: &'static str,
    x: &Array<A1>,
    y: impl IntoOperand<A2>,
    parameter: P,
    f: F,
) -> Array<B>
where
    P: Parameter + Tokenize,
    F: Fn(&P, A1, A2) -> B + Function,
{
    match y.into_operand() {
        Operand::Number(y) => {
            let token = Tokenizer::of(name, &(Bits(y), &parameter));
            let f = move |(y, p): &(A2, P), x: &[A1], out: &mut [B]| {
                let (f, y) = (&f, *y);
                each1(x, out, move |x| f(p, x, y));
            };
            map1(name, x, (y, parameter), token, f, built_in)
        }
        Operand::Array(y) => {
            let token = Tokenizer::of(name, &parameter);
            let f = move |p: &P, x: &[A1], y: &[A2], out: &mut [B]| {
                each2(x, y, out, |x, y| f(p, x, y));
            };
            map2(name, x, &y, parameter, token, f, built_in)
        }
    }
}

/// `f` of a parameter and the elements in a row.
#[track_caller]
pub(crate) fn unary_rows_with<P: Parameter + Tokenize, A: Element, B: Element, F>(
    name: &'static str,
    x: &Array<A>,
    parameter: P,
    f: F,
) -> Array<B>
where
    F: Fn(&P, &[A], &mut [B]) + Function,
{
    let token = Tokenizer::of(name, &parameter);
    map1(name, x, parameter, token, f, built_in)
}

/// `f` of three elements at a place.
#[track_caller]
pub(crate) fn ternary<A1: Element, A2: Element, A3: Element, B: Element, F>(
    name: &'static str,
    arrays: (&Array<A1>, &Array<A2>, &Array<A3>),
    f: F,
) -> Array<B>
where
    F: Fn(A1, A2, A3) -> B + Function,
{
    let f = move |(): &(), x: &[A1], y: &[A2], z: &[A3], out: &mut [B]| {
        let others = y.iter().zip(z);
        for (out, (&x, (&y, &z))) in out.iter_mut().zip(x.iter().zip(others)) {
            *out = f(x, y, z);
        }
    };
    let (x, y, z) = arrays;
    let token = Tokenizer::of(name, &());
    Array::build(name, &[&x.node, &y.node, &z.node], |made_at| {
        let inputs = [x.node.clone(), y.node.clone(), z.node.clone()];
        elementwise(name, Map3::new((), f, built_in), &inputs, token, made_at)
    })
}

/// Compiled for the vectors of the processor, where `f` is inlined. What it captures by value is read
/// once; what it refers to may be read again for each element, in case that it is a part of `out`.
#[inline(always)]
fn each1<A: Copy, B>(x: &[A], out: &mut [B], f: impl Fn(A) -> B) {
    vectorized(
        #[inline(always)]
        move || {
            for (out, &x) in out.iter_mut().zip(x) {
                *out = f(x);
            }
        },
    );
}

#[inline(always)]
fn each2<A1: Copy, A2: Copy, B>(x: &[A1], y: &[A2], out: &mut [B], f: impl Fn(A1, A2) -> B) {
    vectorized(
        #[inline(always)]
        move || {
            for (out, (&x, &y)) in out.iter_mut().zip(x.iter().zip(y)) {
                *out = f(x, y);
            }
        },
    );
}

/// Functions of this crate capture nothing.
fn built_in() -> String {
    "a function of the array crate captures something".to_owned()
}

#[track_caller]
fn map1<P: Parameter, A: Element, B: Element, F>(
    name: &'static str,
    x: &Array<A>,
    parameters: P,
    token: Token,
    f: F,
    refusal: fn() -> String,
) -> Array<B>
where
    F: Fn(&P, &[A], &mut [B]) + Function,
{
    Array::build(name, &[&x.node], |made_at| {
        let inputs = std::slice::from_ref(&x.node);
        elementwise(name, Map1::new(parameters, f, refusal), inputs, token, made_at)
    })
}

#[track_caller]
fn map2<P: Parameter, A1: Element, A2: Element, B: Element, F>(
    name: &'static str,
    x: &Array<A1>,
    y: &Array<A2>,
    parameters: P,
    token: Token,
    f: F,
    refusal: fn() -> String,
) -> Array<B>
where
    F: Fn(&P, &[A1], &[A2], &mut [B]) + Function,
{
    Array::build(name, &[&x.node, &y.node], |made_at| {
        let inputs = [x.node.clone(), y.node.clone()];
        elementwise(name, Map2::new(parameters, f, refusal), &inputs, token, made_at)
    })
}

impl<T: Element> Array<T> {
    /// `f` of each element.
    ///
    /// Preserves shape and chunks. Every call is work of its own: equal functions cannot be told.
    /// A function that captures something runs on threads only; [`Array::map_with`] takes what it
    /// would capture as a parameter.
    ///
    /// # Complexity
    /// O(elements), joined with what comes before and after into one pass.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::<i64>::arange(0, 4, 1, 2).map(|x| x as f64 / 2.0);
    /// assert_eq!(x.compute()?, ndarray::arr1(&[0.0, 0.5, 1.0, 1.5]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn map<B: Element, F>(&self, f: F) -> Array<B>
    where
        F: Fn(T) -> B + Send + Sync + 'static,
    {
        let f = move |(): &(), x: &[T], out: &mut [B]| each1(x, out, &f);
        map1("map", self, (), Token::unique(), f, Captureless::<F>::refusal)
    }

    /// `f` of a parameter and each element. The parameter goes along to other processes.
    #[track_caller]
    pub fn map_with<P: Parameter, B: Element, F>(&self, parameter: P, f: F) -> Array<B>
    where
        F: Fn(&P, T) -> B + Send + Sync + 'static,
    {
        let f = move |p: &P, x: &[T], out: &mut [B]| each1(x, out, |x| f(p, x));
        map1("map", self, parameter, Token::unique(), f, Captureless::<F>::refusal)
    }

    /// `f` of each element and the one of `other` at the same place; shapes broadcast.
    ///
    /// As [`Array::map`] in everything else.
    #[track_caller]
    pub fn zip_map<U: Element, B: Element, F>(&self, other: &Array<U>, f: F) -> Array<B>
    where
        F: Fn(T, U) -> B + Send + Sync + 'static,
    {
        let f = move |(): &(), x: &[T], y: &[U], out: &mut [B]| each2(x, y, out, &f);
        map2("zip_map", self, other, (), Token::unique(), f, Captureless::<F>::refusal)
    }
}
