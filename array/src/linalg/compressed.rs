//! `svd_compressed`: the largest singular values, from random products.

use super::cholesky::adjoint;
use super::field::Field;
use super::qr::qr;
use super::several::several;
use super::shapes::check_matrix;
use super::svd::svd;
use crate::array::{Array, known_shape};
use crate::axis_chunks::AxisChunks;
use crate::chunks::Chunks;
use crate::create::{Generator, generated, ship_generator};
use crate::element::{Element, Float, Number};
use crate::elementwise::unary;
use crate::error::ArrayError;
use crate::expr::{Node, select};
use chunkwise_array_random::{Fill, Normal, Seed, StreamKey};
use chunkwise_graph::{Shipment, Tokenizer};
use chunkwise_storage::{Region, Span};
use serde::{Deserialize, Serialize};
use std::panic::Location;
use std::sync::Arc;

/// How a space is found that has the largest singular vectors in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CompressedOptions {
    /// Products with the matrix and its adjoint: each brings what is found closer, the more so the
    /// faster singular values fall.
    pub power_iterations: usize,
    /// Dimensions of the space beyond those that are asked for.
    pub oversampling: usize,
    /// Whether the space is given an orthonormal basis before each product: slower, and exact also
    /// where singular values differ by many orders of magnitude.
    pub orthogonalize: bool,
    /// What random numbers are drawn from.
    pub seed: Seed,
}

impl Default for CompressedOptions {
    /// No iterations, 10 dimensions more, seed 0.
    fn default() -> CompressedOptions {
        CompressedOptions {
            power_iterations: 0,
            oversampling: 10,
            orthogonalize: false,
            seed: Seed(0),
        }
    }
}

/// The least dimensions of the space in which singular vectors are sought.
const LEAST_SPACE: usize = 20;

/// The `k` largest singular values of a large matrix and their vectors, almost: `U` of shape (m, k),
/// the values (k,), and `V` transposed and conjugated, (k, n).
///
/// Both axes may be cut. The matrix is multiplied by a few random vectors, so that it is looked at
/// twice, and twice more for each of [`CompressedOptions::power_iterations`]. The same seed gives the
/// same numbers, whatever the scheduler. It is an error if `a` is no matrix or `k` is 0.
///
/// # Complexity
/// O(m n (k + oversampling)) time for each look; tasks as those of [`Array::dot`] and [`svd`].
///
/// Source: Halko, Martinsson, Tropp, "Finding structure with randomness" (2011).
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, linalg};
/// let x = Array::<f64>::linspace(1.0, 2.0, 60, 20);
/// let a = x.outer(&x);
/// let (_, s, _) = linalg::svd_compressed(&a, 2, linalg::CompressedOptions::default());
/// let norm = linalg::norm(&a).compute()?;
/// assert!((s.compute()?[0] - norm.first().unwrap()).abs() < 1e-10);
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn svd_compressed<T: Field>(
    a: &Array<T>,
    k: usize,
    options: CompressedOptions,
) -> (Array<T>, Array<T::Modulus>, Array<T>) {
    let random = Array::<T>::build("svd_compressed", &[&a.node], |made_at| {
        random_vectors::<T>(&a.node, k, options, made_at)
    });
    let mut found = a.dot(&random);
    for _ in 0..options.power_iterations {
        let from = if options.orthogonalize { qr(&found).0 } else { found };
        let back = adjoint(a).dot(&from);
        let to = if options.orthogonalize { qr(&back).0 } else { back };
        found = a.dot(&to);
    }
    let (basis, _) = qr(&found);
    let (u, s, v) = svd(&adjoint(&basis).dot(a));
    (first(&basis.dot(&u), 1, k), first(&s, 0, k), first(&v, 0, k))
}

/// The first `k` along an axis.
#[track_caller]
fn first<T: Element>(x: &Array<T>, axis: usize, k: usize) -> Array<T> {
    Array::build("svd_compressed", &[&x.node], |made_at| {
        let shape = known_shape(&x.node, "svd_compressed")?;
        let len = |(at, &len): (usize, &usize)| if at == axis { k.min(len) } else { len };
        let region = shape.iter().enumerate().map(|axis| Span::new(0, len(axis))).collect();
        Ok(select(x.node.clone(), region, made_at))
    })
}

fn random_vectors<T: Field>(
    a: &Arc<Node>,
    k: usize,
    options: CompressedOptions,
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    check_matrix(a)?;
    let shape = known_shape(a, "svd_compressed")?;
    if k == 0 {
        return Err(ArrayError::Argument { name: "k", why: "no singular values".to_owned() });
    }
    let least = shape[0].min(shape[1]);
    let n = k.saturating_add(options.oversampling).max(LEAST_SPACE).min(least);
    let chunks: Chunks = [a.chunks.axes()[1].clone(), AxisChunks::whole(n)].into_iter().collect();
    let token = Tokenizer::of("random vectors", &(T::DTYPE.name(), options.seed.0, &chunks));
    let random = Gaussian { key: options.seed.stream_of(b"svd_compressed"), width: n };
    Ok(generated::<T>("normal", random, chunks, token, made_at))
}

/// Numbers of the standard normal distribution, by their position.
#[derive(Clone, Serialize, Deserialize)]
struct Gaussian {
    key: StreamKey,
    width: usize,
}

impl<T: Field> Generator<T> for Gaussian {
    fn row(&self, at: &[usize], step: usize, out: &mut [T]) {
        let &[row, col] = at else { return };
        let Ok(normal) = Normal::new(0.0, 1.0) else { return };
        let mut numbers = vec![0.0f64; out.len().saturating_sub(1) * step + 1];
        normal.fill(self.key, (row * self.width + col) as u64, &mut numbers);
        for (out, number) in out.iter_mut().zip(numbers.iter().step_by(step)) {
            *out = T::of_real(T::Modulus::of_f64(*number));
        }
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        ship_generator::<T, _>(self, part)
    }
}

/// Singular vectors with signs that do not depend on how they were found: the sum of each row of `v`
/// is not negative.
///
/// What a decomposition gives is as good with both vectors of a singular value negated.
///
/// # Complexity
/// O(elements) time.
#[track_caller]
pub fn svd_flip<T: Field>(u: &Array<T>, v: &Array<T>) -> (Array<T>, Array<T>) {
    let sums = super::einsum("ij->i", &[v]);
    let signs = unary("sign of a sum", &sums, |sum: T| {
        let is_negative = sum.real() < T::Modulus::ZERO;
        if is_negative { T::ONE.negated() } else { T::ONE }
    });
    let flipped = super::einsum("ij->ji", &[&(&super::einsum("ij->ji", &[v]) * &signs)]);
    let both = several("svd_flip", vec![&u.node, &v.node], |_| {
        check_matrix(&u.node)?;
        Ok([(u * &signs).node, flipped.node.clone()])
    });
    (both.array(0), both.array(1))
}
