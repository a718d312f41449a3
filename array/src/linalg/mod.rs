//! Products of matrices, decompositions, systems of linear equations.
//!
//! Every product is a contraction (`contract.rs`): axes of two arrays are paired, and the products
//! of elements are added up over the pairs that do not stay. What one task does to one block, in
//! memory and on one thread, is in `matrix.rs` and `dense.rs`.

mod cholesky;
mod compressed;
mod contract;
mod dense;
mod eigen;
mod einsum;
mod field;
mod joined;
mod kron;
mod least_squares;
mod lu;
mod matrix;
mod norm;
mod parts;
mod polyfit;
mod powers;
mod products;
mod qr;
mod ready;
mod several;
mod shapes;
mod stage;
mod svd;
mod triangular;
mod tsqr;

pub use cholesky::cholesky;
pub use compressed::{CompressedOptions, svd_compressed, svd_flip};
pub use dense::Triangle;
pub use eigen::{eigh, eigvalsh};
pub use einsum::einsum;
pub use field::Field;
pub use least_squares::{LeastSquares, lstsq, pinv};
pub use lu::{det, inv, lu, slogdet, solve, solve_positive};
pub use norm::{MatrixNorm, cond, matrix_norm, matrix_rank, norm, vector_norm};
pub use polyfit::polyfit;
pub use powers::{matrix_power, multi_dot};
pub use qr::qr;
pub use svd::{svd, svdvals};
pub use triangular::solve_triangular;
