//! [`einsum`]: sums of products, written with letters.

use super::contract::{Label, contract};
use crate::array::{Array, Built};
use crate::axis_chunks::AxisChunks;
use crate::chunks::{Chunks, PerAxis};
use crate::create::{Constant, generated};
use crate::element::{Bits, Number};
use crate::error::ArrayError;
use crate::expr::Node;
use crate::layout::{FromAxes, view};
use chunkwise_graph::Tokenizer;
use std::panic::Location;
use std::sync::Arc;

/// Sums of products over axes that are named by letters, as NumPy's function of that name:
/// `ij,jk->ik` is the product of matrices.
///
/// A letter for each axis of each operand, `...` for those that broadcast; behind `->` the axes of
/// the result. Without it, the result has the letters that occur once, in the order of the alphabet.
/// A letter twice in one operand means its diagonal. Axes of length 1 are repeated. It is an error
/// if letters and axes do not go together, or lengths do not.
///
/// Several operands are multiplied two at a time, at each step those whose product is smallest.
///
/// # Complexity
/// Of each pair as [`Array::dot`].
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, linalg::einsum};
/// let x = Array::<f64>::ones([4, 6], [2, 3]);
/// let y = Array::<f64>::ones([6], 4);
/// assert_eq!(einsum("ij,j->i", &[&x, &y]).compute()?, ndarray::arr1(&[6.0; 4]).into_dyn());
/// assert_eq!(einsum("ij->j", &[&x]).compute()?, ndarray::arr1(&[4.0; 6]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn einsum<T: Number>(subscripts: &str, operands: &[&Array<T>]) -> Array<T> {
    let nodes: Vec<&Arc<Node>> = operands.iter().map(|operand| &operand.node).collect();
    Array::build("einsum", &nodes, |made_at| {
        let ndims: Vec<usize> = nodes.iter().map(|node| node.chunks.ndim()).collect();
        let (labels, out) = parse(subscripts, &ndims)?;
        let terms = nodes.iter().zip(labels).map(|(node, labels)| Term {
            node: Arc::clone(node),
            labels: labels.into_iter().map(Some).collect(),
        });
        let mut sum = Sum { terms: terms.collect(), out, made_at };
        sum.take_diagonals::<T>()?;
        sum.drop_repeated();
        sum.contract::<T>()
    })
}

/// Labels of `...` are from here on; those before are letters.
const BROADCAST: Label = 1 << 16;

fn invalid(subscripts: &str, why: String) -> ArrayError {
    ArrayError::Argument { name: "subscripts", why: format!("`{subscripts}`: {why}") }
}

/// The labels of each operand and those of the result.
fn parse(
    subscripts: &str,
    ndims: &[usize],
) -> Result<(Vec<PerAxis<Label>>, PerAxis<Label>), ArrayError> {
    let text: String = subscripts.chars().filter(|c| !c.is_whitespace()).collect();
    let (inputs, output) = match text.split_once("->") {
        Some((inputs, output)) => (inputs, Some(output)),
        None => (&text[..], None),
    };
    let parts: Vec<&str> = inputs.split(',').collect();
    if parts.len() != ndims.len() || ndims.is_empty() {
        let (n, given) = (parts.len(), ndims.len());
        return Err(invalid(subscripts, format!("it names {n} operands, and {given} are given")));
    }
    let mut labels = Vec::with_capacity(parts.len());
    let mut n_broadcast = 0;
    for (operand, (part, &ndim)) in parts.iter().zip(ndims).enumerate() {
        let letters = part.chars().filter(|&c| c != '.').count();
        let extra = ndim.checked_sub(letters).filter(|&extra| extra == 0 || part.contains("..."));
        let Some(extra) = extra else {
            let why = format!("operand {operand} has {ndim} axes, and {letters} are named");
            return Err(invalid(subscripts, why));
        };
        n_broadcast = n_broadcast.max(extra);
        labels.push(labels_of(part, extra).map_err(|why| invalid(subscripts, why))?);
    }
    let out = match output {
        Some(output) => labels_of(output, n_broadcast).map_err(|why| invalid(subscripts, why))?,
        None => implied(&labels, n_broadcast),
    };
    for (at, label) in out.iter().enumerate() {
        if out[..at].contains(label) {
            return Err(invalid(subscripts, "an axis of the result is named twice".to_owned()));
        }
        if !labels.iter().any(|labels| labels.contains(label)) {
            return Err(invalid(subscripts, "an axis of the result is of no operand".to_owned()));
        }
    }
    Ok((labels, out))
}

/// The labels of one operand, whose `...` stands for so many axes.
fn labels_of(part: &str, n_broadcast: usize) -> Result<PerAxis<Label>, String> {
    let (before, after) = part.split_once("...").unwrap_or((part, ""));
    let mut labels = PerAxis::new();
    let add = |letters: &str, labels: &mut PerAxis<Label>| {
        for letter in letters.chars() {
            if !letter.is_ascii_alphabetic() {
                return Err(format!("`{letter}` is no letter"));
            }
            labels.push(letter as Label);
        }
        Ok(())
    };
    add(before, &mut labels)?;
    if part.contains("...") {
        // Aligned at their ends.
        labels.extend((0..n_broadcast).rev().map(|at| BROADCAST + at as Label));
    }
    add(after, &mut labels)?;
    Ok(labels)
}

/// The labels of the result where none are given: those of `...`, then the letters that occur once.
fn implied(labels: &[PerAxis<Label>], n_broadcast: usize) -> PerAxis<Label> {
    let all: Vec<Label> = labels.iter().flatten().copied().collect();
    let mut once: Vec<Label> = all
        .iter()
        .copied()
        .filter(|&label| label < BROADCAST && all.iter().filter(|l| **l == label).count() == 1)
        .collect();
    once.sort_unstable();
    (0..n_broadcast).rev().map(|at| BROADCAST + at as Label).chain(once).collect()
}

/// An operand; axes without a label have one element, and are dropped.
#[derive(Clone)]
struct Term {
    node: Arc<Node>,
    labels: PerAxis<Option<Label>>,
}

impl Term {
    fn axis(&self, label: Label) -> Option<&AxisChunks> {
        let at = self.labels.iter().position(|own| *own == Some(label))?;
        Some(&self.node.chunks.axes()[at])
    }

    fn has(&self, label: Label) -> bool {
        self.labels.contains(&Some(label))
    }
}

/// The product of terms, summed over all labels but those of the result.
struct Sum {
    terms: Vec<Term>,
    out: PerAxis<Label>,
    made_at: &'static Location<'static>,
}

impl Sum {
    /// Makes one axis of axes that have one label in one operand.
    fn take_diagonals<T: Number>(&mut self) -> Result<(), ArrayError> {
        for term in &mut self.terms {
            let mut axis = 0;
            while axis < term.labels.len() {
                let again = (axis + 1..term.labels.len())
                    .find(|&other| term.labels[other] == term.labels[axis]);
                match again {
                    Some(other) => {
                        term.node = diagonal::<T>(&term.node, axis, other)?;
                        term.labels.remove(other);
                        // The diagonal is the last axis.
                        let label = term.labels.remove(axis);
                        term.labels.push(label);
                    }
                    None => axis += 1,
                }
            }
        }
        Ok(())
    }

    /// Axes of one element lose labels that are of longer axes elsewhere.
    fn drop_repeated(&mut self) {
        for at in 0..self.terms.len() {
            for axis in 0..self.terms[at].labels.len() {
                let Some(label) = self.terms[at].labels[axis] else { continue };
                let is_longer = |term: &Term| term.axis(label).is_some_and(|a| a.len() != Some(1));
                let own = &self.terms[at].node.chunks.axes()[axis];
                if own.len() == Some(1) && self.terms.iter().any(is_longer) {
                    self.terms[at].labels[axis] = None;
                }
            }
        }
    }

    /// The labels of some terms that are needed behind them.
    fn kept(&self, terms: &[usize]) -> PerAxis<Label> {
        let mut kept: PerAxis<Label> = PerAxis::new();
        for &at in terms {
            for label in self.terms[at].labels.iter().flatten() {
                let others = (0..self.terms.len()).filter(|other| !terms.contains(other));
                let is_needed = self.out.contains(label)
                    || others.into_iter().any(|other| self.terms[other].has(*label));
                if is_needed && !kept.contains(label) {
                    kept.push(*label);
                }
            }
        }
        kept
    }

    /// Elements of the product of two terms; as many as can be where that is not known.
    fn size(&self, a: usize, b: usize) -> usize {
        let axis = |label: &Label| self.terms[a].axis(*label).or(self.terms[b].axis(*label));
        let len = |label: &Label| axis(label).and_then(AxisChunks::len);
        let kept = self.kept(&[a, b]);
        kept.iter().try_fold(1usize, |n, label| n.checked_mul(len(label)?)).unwrap_or(usize::MAX)
    }

    fn contract<T: Number>(mut self) -> Built {
        while self.terms.len() > 1 {
            let n = self.terms.len();
            let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
            let Some((a, b)) = pairs.min_by_key(|&(a, b)| self.size(a, b)) else { break };
            let kept = match n {
                2 => self.out.clone(),
                _ => self.kept(&[a, b]),
            };
            let right = self.terms.remove(b);
            let left = self.terms.remove(a);
            let left = summed::<T>(&left, |l| kept.contains(&l) || right.has(l), self.made_at)?;
            let right = summed::<T>(&right, |l| kept.contains(&l) || left.has(l), self.made_at)?;
            let operands = ((&left.node, &left.labels[..]), (&right.node, &right.labels[..]));
            let node = contract("einsum", operands.0, operands.1, &kept, self.made_at)?;
            // Behind the others, so that those that were given first are multiplied first.
            self.terms.push(Term { node, labels: kept.into_iter().map(Some).collect() });
        }
        let Some(term) = self.terms.pop() else {
            return Err(ArrayError::Argument { name: "operands", why: "there are none".into() });
        };
        let term = summed::<T>(&term, |label| self.out.contains(&label), self.made_at)?;
        let axis = |label: &Label| term.labels.iter().position(|own| *own == Some(*label));
        let from: FromAxes = self.out.iter().map(axis).collect();
        Ok(view::<T>("einsum", term.node.clone(), from, self.made_at))
    }
}

/// Two axes of the same length as one, behind the others: where their indices are equal.
fn diagonal<T: Number>(node: &Arc<Node>, first: usize, second: usize) -> Built {
    let (a, b) = (&node.chunks.axes()[first], &node.chunks.axes()[second]);
    if a.len() != b.len() {
        let shape = node.chunks.extents().to_vec();
        let shapes = Box::new([shape.clone(), shape]);
        return Err(ArrayError::Contract { axes: (first, second), shapes });
    }
    let axes = (first as isize, second as isize);
    let diagonal = Array::<T>::of_node(Arc::clone(node)).diagonal(0, axes);
    diagonal.checked()?;
    Ok(diagonal.node)
}

/// A term summed over the labels that are not kept: its product with ones.
fn summed<T: Number>(
    term: &Term,
    is_kept: impl Fn(Label) -> bool,
    made_at: &'static Location<'static>,
) -> Result<Term, ArrayError> {
    let gone = |label: &Option<Label>| label.is_some_and(|label| !is_kept(label));
    if !term.labels.iter().any(|label| label.is_none() || gone(label)) {
        return Ok(term.clone());
    }
    let axes = term.labels.iter().enumerate().filter(|(_, label)| gone(label));
    let of_ones: PerAxis<Option<Label>> = axes.clone().map(|(_, label)| *label).collect();
    if of_ones.is_empty() {
        return Ok(term.clone());
    }
    let deferred = axes.clone().find(|(axis, _)| term.node.chunks.axes()[*axis].len().is_none());
    if let Some((axis, _)) = deferred {
        return Err(ArrayError::Deferred { operation: "einsum", axis });
    }
    let chunks: Chunks = axes.map(|(axis, _)| term.node.chunks.axes()[axis].clone()).collect();
    let token = Tokenizer::of("full", &(Bits(T::ONE), &chunks));
    let ones = generated("full", Constant(T::ONE), chunks, token, made_at);
    let kept: PerAxis<Label> =
        term.labels.iter().flatten().copied().filter(|&l| is_kept(l)).collect();
    let node = contract("einsum", (&term.node, &term.labels), (&ones, &of_ones), &kept, made_at)?;
    Ok(Term { node, labels: kept.into_iter().map(Some).collect() })
}
