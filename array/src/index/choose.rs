//! `where_`, `select_from`, `choose`: elements of one array or another.

use super::checked::{Checked, TileKernel};
use crate::array::Array;
use crate::element::{Bits, Element};
use crate::elementwise::{IntoOperand, Operand, elementwise, ternary, unary_with};
use crate::error::ArrayError;
use crate::tile::{Map2, TileBuf, TileRef};
use chunkwise_graph::{BoxError, Tokenize, Tokenizer};
use chunkwise_storage::DType;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// Two numbers to choose from.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(bound = "")]
struct Numbers<T: Element>(T, T);

impl<T: Element> Tokenize for Numbers<T> {
    fn tokenize(&self, hash: &mut Tokenizer) {
        Element::tokenize(self.0, hash);
        Element::tokenize(self.1, hash);
    }
}

fn built_in() -> String {
    "a function of the array crate captures something".to_owned()
}

/// The elements of `a` where the condition holds, of `b` elsewhere. Both are numbers or arrays; all
/// shapes broadcast. Lengths may be deferred.
///
/// # Complexity
/// O(elements), joined with what comes before and after into one pass.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, where_};
/// let x = Array::<i64>::arange(-2, 3, 1, 2);
/// let is_negative = x.map(|x| x < 0);
/// let clipped = where_(&is_negative, 0, &x);
/// assert_eq!(clipped.compute()?, ndarray::arr1(&[0, 0, 0, 1, 2]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn where_<T: Element>(
    condition: &Array<bool>,
    a: impl IntoOperand<T>,
    b: impl IntoOperand<T>,
) -> Array<T> {
    match (a.into_operand(), b.into_operand()) {
        (Operand::Number(a), Operand::Number(b)) => unary_with(
            "where",
            condition,
            Numbers(a, b),
            |p: &Numbers<T>, c| if c { p.0 } else { p.1 },
        ),
        (Operand::Array(a), Operand::Array(b)) => {
            ternary("where", (condition, &a, &b), |c, a, b| if c { a } else { b })
        }
        (Operand::Array(a), Operand::Number(b)) => {
            let f = |p: &Numbers<T>, c: &[bool], a: &[T], out: &mut [T]| {
                for (out, (&c, &a)) in out.iter_mut().zip(c.iter().zip(a)) {
                    *out = if c { a } else { p.0 };
                }
            };
            Array::build("where", &[&condition.node, &a.node], |made_at| {
                let inputs = [condition.node.clone(), a.node.clone()];
                let token = Tokenizer::of("where, else a number", &Bits(b));
                elementwise("where", Map2::new(Numbers(b, b), f, built_in), &inputs, token, made_at)
            })
        }
        (Operand::Number(a), Operand::Array(b)) => {
            let f = |p: &Numbers<T>, c: &[bool], b: &[T], out: &mut [T]| {
                for (out, (&c, &b)) in out.iter_mut().zip(c.iter().zip(b)) {
                    *out = if c { p.0 } else { b };
                }
            };
            Array::build("where", &[&condition.node, &b.node], |made_at| {
                let inputs = [condition.node.clone(), b.node.clone()];
                let token = Tokenizer::of("where, a number", &Bits(a));
                elementwise("where", Map2::new(Numbers(a, a), f, built_in), &inputs, token, made_at)
            })
        }
    }
}

/// For each element the choice whose condition holds there, the first one if there are several, and
/// `default` if there is none: `select` of NumPy, and its `piecewise` of lazy arrays.
///
/// Shapes broadcast. It is an error if there are not as many choices as conditions, or none.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, select_from};
/// let x = Array::<i64>::arange(0, 6, 1, 4);
/// let (small, large) = (x.map(|x| x < 2), x.map(|x| x > 3));
/// let y = select_from(&[&small, &large], &[&(&x * 10), &-&x], 0);
/// assert_eq!(y.compute()?, ndarray::arr1(&[0, 10, 0, 0, -4, -5]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn select_from<T: Element>(
    conditions: &[&Array<bool>],
    choices: &[&Array<T>],
    default: impl IntoOperand<T>,
) -> Array<T> {
    let wrong = || {
        let why = format!("{} choices for {} conditions", choices.len(), conditions.len());
        Array::build("select_from", &[], |_| Err(ArrayError::Argument { name: "choices", why }))
    };
    let mut pairs = conditions.iter().zip(choices).rev();
    match pairs.next() {
        Some((condition, choice)) if conditions.len() == choices.len() => {
            let last = where_(condition, *choice, default);
            pairs.fold(last, |rest, (condition, choice)| where_(condition, *choice, &rest))
        }
        _ => wrong(),
    }
}

/// Each element from the choice whose number stands at its place.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct Choose<T> {
    of: PhantomData<fn() -> T>,
}

impl<T: Element> TileKernel for Choose<T> {
    fn output(&self) -> DType {
        T::DTYPE
    }

    fn run(&self, operands: &[TileRef<'_>], len: usize, out: &mut TileBuf) -> Result<(), BoxError> {
        let Some((numbers, choices)) = operands.split_first() else {
            return Err("there is nothing to choose by".into());
        };
        let choices: Vec<&[T]> =
            choices.iter().map(|choice| choice.get::<T>()).collect::<Result<_, _>>()?;
        let out = &mut out.get::<T>()?[..len];
        for (at, (out, &number)) in out.iter_mut().zip(numbers.get::<i64>()?).enumerate() {
            let chosen = usize::try_from(number).ok().and_then(|number| choices.get(number));
            *out = chosen.ok_or_else(|| ArrayError::Argument {
                name: "choose",
                why: format!("choice {number} of {}", choices.len()),
            })?[at];
        }
        Ok(())
    }
}

impl Array<i64> {
    /// Each element from the choice whose number, from 0, stands at its place.
    ///
    /// Shapes broadcast. It is an error, when it is computed, if there is no such choice.
    ///
    /// # Complexity
    /// O(elements of the result); all choices are computed.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::<f64>::arange(0.0, 3.0, 1.0, 2);
    /// let which = Array::from_ndarray(&ndarray::arr1(&[1i64, 0, 1]), 2);
    /// let y = which.choose(&[&x, &-&x]);
    /// assert_eq!(y.compute()?, ndarray::arr1(&[-0.0, 1.0, -2.0]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn choose<T: Element>(&self, choices: &[&Array<T>]) -> Array<T> {
        let mut inputs = vec![self.node.clone()];
        inputs.extend(choices.iter().map(|choice| choice.node.clone()));
        let all: Vec<_> = inputs.iter().collect();
        Array::build("choose", &all, |made_at| {
            let token = Tokenizer::of("choose", &choices.len());
            let choose = Checked(Choose::<T> { of: PhantomData });
            elementwise("choose", choose, &inputs, token, made_at)
        })
    }
}
