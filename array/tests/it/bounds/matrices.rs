use super::{in_memory, matrix, survey, turned};
use chunkwise_array::linalg::{self, Triangle, einsum};
use chunkwise_array::random::{self, Seed};
use chunkwise_array::{Array, s};

fn square() -> Array<f64> {
    in_memory(&random::normal(0.0, 1.0, [384, 384], Seed(3)).chunks(-1), 128)
}

fn positive() -> Array<f64> {
    let a = square();
    in_memory(&(a.dot(&a.t()) + Array::<f64>::eye(384, 384, 0, 128) * 50.0), 128)
}

fn tall() -> Array<f64> {
    in_memory(&random::normal(0.0, 1.0, [2048, 48], Seed(3)).chunks(-1), [512, 48])
}

#[test]
fn products() {
    let (x, y) = (matrix(), turned());
    survey! {
        "kron": x.slice(s![..40, ..8]).kron(&y.slice(s![..30, ..20]));
    }
}

#[test]
fn decompositions() {
    let (a, p, t) = (square(), positive(), tall());
    let b = a.slice(s![.., ..100]);
    let (q, r) = linalg::qr(&t);
    let (lp, ll, lu) = linalg::lu(&a);
    survey! {
        "qr": (q, r);
        "lu": (lp, ll, lu);
        "cholesky": linalg::cholesky(&p, Triangle::Lower);
        "cholesky, upper": linalg::cholesky(&p, Triangle::Upper);
        "solve": linalg::solve(&a, &b);
        "solve_positive": linalg::solve_positive(&p, &b);
        "inv": linalg::inv(&a);
        "solve_triangular": linalg::solve_triangular(&a.tril(0), &b, Triangle::Lower);
        "det": linalg::det(&a);
        "slogdet": linalg::slogdet(&a);
        "norm": linalg::norm(&a);
        "vector_norm": linalg::vector_norm(&a, 3.0, 0);
    }
}

/// Operands are packed for the caches, in buffers that threads keep: these are not counted.
#[test]
fn packed_products() {
    let (x, y) = (matrix(), turned());
    let wide = in_memory(&random::normal(0.0, 1.0, [300, 2_000], Seed(3)).chunks(-1), [100, 1_000]);
    let batch = in_memory(&random::normal(0.0, 1.0, [12, 96, 80], Seed(3)).chunks(-1), [3, 96, 80]);
    survey! {
        within 400.0 times:
        "dot": x.t().dot(&y);
        "dot of columns": y.t().dot(&x);
        "dot of f32": x.t().cast_lossy::<f32>().dot(&y.cast_lossy::<f32>());
        "dot of integers": x.t().cast_lossy::<i64>().dot(&y.cast_lossy::<i64>());
        "gram": wide.dot(&wide.t());
        "matmul of batches": batch.matmul(&batch.permute_axes([0, 2, 1]));
        "tensordot": batch.tensordot_axes(&batch, &[(2, 2)]);
        "tensordot of two": batch.tensordot_axes(&batch, &[(0, 0), (2, 2)]);
        "inner": x.inner(&x);
        "outer": x.slice(s![.., 0]).outer(&y.slice(s![0, ..]));
        "vdot": x.vdot(&y);
        "einsum": einsum("ij,kj->ik", &[&x, &y]);
        "einsum of three": einsum("ij,kj,kl->il", &[&x, &y, &y]);
        "einsum, diagonal": einsum("bij,bij->bi", &[&batch, &batch]);
        "multi_dot": linalg::multi_dot(&[&x, &y.t(), &x]);
        "matrix_power": linalg::matrix_power(&square(), 3);
    }
}

/// What decompositions of one block need besides is estimated, and R of few rows is not foreseen.
#[test]
fn estimated_decompositions() {
    let (a, p, t) = (square(), positive(), tall());
    let (u, sv, v) = linalg::svd(&t);
    let wide = linalg::svd(&t.t());
    let compressed = linalg::svd_compressed(&t, 10, linalg::CompressedOptions::default());
    survey! {
        within 400.0 times:
        "svd": (u, sv, v);
        "svd of a wide one": wide;
        "svdvals": linalg::svdvals(&t);
        "svd of one chunk": linalg::svd(&a.rechunk(-1));
        "qr of one chunk": linalg::qr(&a.rechunk(-1));
        "svd_compressed": compressed;
        "eigh": linalg::eigh(&p);
        "eigvalsh": linalg::eigvalsh(&p);
        "lstsq": linalg::lstsq(&t, &t.slice(s![.., ..3]), None).0;
        "lstsq residuals": linalg::lstsq(&t, &t.slice(s![.., ..3]), None).1;
        "pinv": linalg::pinv(&t, None);
        "matrix_norm": linalg::matrix_norm(&a, linalg::MatrixNorm::Two);
        "cond": linalg::cond(&a, linalg::MatrixNorm::Two);
        "matrix_rank": linalg::matrix_rank(&a, None);
        "polyfit": linalg::polyfit(&t.slice(s![.., 0]), &t.slice(s![.., 1]), 3);
    }
}
