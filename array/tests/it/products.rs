use crate::check::{check, check_close, computed, cuts};
use chunkwise_array::linalg::einsum;
use chunkwise_array::{Array, ArrayError, ChunkSpec, CollectionExt, Element};
use ndarray::{ArrayD, Ix2, IxDyn};
use num_complex::Complex;
use proptest::prelude::*;

/// The reference: every product on its own.
fn slow_einsum(subscripts: &str, operands: &[&ArrayD<i64>]) -> ArrayD<i64> {
    let (inputs, out) = subscripts.split_once("->").unwrap();
    let inputs: Vec<Vec<char>> = inputs.split(',').map(|part| part.chars().collect()).collect();
    let mut letters: Vec<char> = inputs.concat();
    letters.sort_unstable();
    letters.dedup();
    let len = |letter: &char| {
        let lens = inputs.iter().zip(operands).flat_map(|(part, operand)| {
            part.iter().zip(operand.shape()).filter(|(own, _)| *own == letter).map(|(_, len)| *len)
        });
        lens.fold(1, |a, b| if a == 1 { b } else { a })
    };
    let shape: Vec<usize> = letters.iter().map(len).collect();
    let out: Vec<usize> =
        out.chars().map(|c| letters.iter().position(|l| *l == c).unwrap()).collect();
    let out_shape: Vec<usize> = out.iter().map(|&at| shape[at]).collect();
    let mut result = ArrayD::zeros(IxDyn(&out_shape));
    for at in ndarray::indices(IxDyn(&shape)) {
        let mut term = 1i64;
        for (part, operand) in inputs.iter().zip(operands) {
            let index: Vec<usize> = part
                .iter()
                .zip(operand.shape())
                .map(|(c, &len)| {
                    let at = at[letters.iter().position(|l| l == c).unwrap()];
                    if len == 1 { 0 } else { at }
                })
                .collect();
            term *= operand[IxDyn(&index)];
        }
        let index: Vec<usize> = out.iter().map(|&axis| at[axis]).collect();
        result[IxDyn(&index)] += term;
    }
    result
}

/// An array of small numbers that differ, cut like this.
fn numbered<T: Element>(axes: &[Vec<usize>], f: impl Fn(i64) -> T) -> (ArrayD<T>, Array<T>) {
    let shape: Vec<usize> = axes.iter().map(|sizes| sizes.iter().sum()).collect();
    let mut state = 12345u64;
    let memory = ArrayD::from_shape_simple_fn(IxDyn(&shape), || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        f(((state >> 40) % 19) as i64 - 9)
    });
    let array = Array::from_ndarray(&memory, ChunkSpec::sizes(axes.to_vec()));
    (memory, array)
}

fn pairs() -> impl Strategy<Value = [Vec<Vec<usize>>; 3]> {
    let axis = || crate::check::axis_sizes();
    prop::collection::vec(axis(), 3).prop_flat_map(|axes| {
        let [rows, inner, cols] = &axes[..] else { unreachable!() };
        let n: usize = inner.iter().sum();
        let other =
            if n < 2 { vec![vec![n]] } else { vec![vec![n], vec![1, n - 1], vec![n - 1, 1]] };
        let (rows, inner, cols) = (rows.clone(), inner.clone(), cols.clone());
        prop::sample::select(other).prop_map(move |other| {
            [vec![rows.clone(), inner.clone()], vec![other, cols.clone()], vec![]]
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn dot_of_matrices(axes in pairs()) {
        let ((a, x), (b, y)) = (numbered(&axes[0], |n| n), numbered(&axes[1], |n| n));
        let expected = slow_einsum("ij,jk->ik", &[&a, &b]);
        check(&x.dot(&y), &expected);
        check(&x.matmul(&y), &expected);
        let of_floats = numbered(&axes[0], |n| n as f64).1.dot(&numbered(&axes[1], |n| n as f64).1);
        check_close(&of_floats, &expected.mapv(|n| n as f64), 1e-14);
    }

    #[test]
    fn vectors_matrices_and_numbers(cut in cuts(2, -9i64..9), other in cuts(1..3, -9i64..9)) {
        let (a, x) = (&cut.memory, &cut.array);
        let row = numbered(&[vec![a.shape()[0]]], |n| n);
        check(&row.1.dot(x), &slow_einsum("i,ij->j", &[&row.0, a]));
        let column = numbered(&[vec![a.shape()[1]]], |n| n);
        check(&x.matmul(&column.1), &slow_einsum("ij,j->i", &[a, &column.0]));
        check(&column.1.dot(&column.1), &slow_einsum("i,i->", &[&column.0, &column.0]));
        check(&x.vdot(x), &slow_einsum("ij,ij->", &[a, a]));
        check(&x.inner(x), &slow_einsum("ij,kj->ik", &[a, a]));
        let outer = ["ij,k->ijk", "ij,kl->ijkl"][other.memory.ndim() - 1];
        check(&x.outer(&other.array), &slow_einsum(outer, &[a, &other.memory]));
    }

    #[test]
    fn batches_broadcast(
        sizes in prop::collection::vec(crate::check::axis_sizes(), 5),
        one in 0usize..3,
    ) {
        let [batch, other, rows, inner, cols] = &sizes[..] else { unreachable!() };
        let single = vec![1];
        let (of_x, of_y) = match one {
            0 => (batch.clone(), batch.clone()),
            1 => (single, batch.clone()),
            _ => (batch.clone(), single),
        };
        let (a, x) = numbered(&[other.clone(), of_x, rows.clone(), inner.clone()], |n| n);
        let (b, y) = numbered(&[of_y, inner.clone(), cols.clone()], |n| n);
        check(&x.matmul(&y), &slow_einsum("abij,bjk->abik", &[&a, &b]));
        let first = numbered(std::slice::from_ref(inner), |n| n);
        check(&first.1.matmul(&y), &slow_einsum("j,bjk->bk", &[&first.0, &b]));
        // NumPy's dot of such: no batch at all.
        check(&x.dot(&y), &slow_einsum("abij,cjk->abick", &[&a, &b]));
        check(&x.tensordot_axes(&y, &[(-1, 1)]), &slow_einsum("abij,cjk->abick", &[&a, &b]));
    }

    #[test]
    fn einsum_of_anything(
        sizes in prop::collection::vec(crate::check::axis_sizes(), 3),
        which in 0usize..SUBSCRIPTS.len(),
    ) {
        let subscripts = SUBSCRIPTS[which];
        let inputs = subscripts.split_once("->").unwrap().0;
        let operands: Vec<(ArrayD<i64>, Array<i64>)> = inputs.split(',').map(|part| {
            let axes: Vec<Vec<usize>> =
                part.chars().map(|c| sizes[(c as usize - 'i' as usize) % 3].clone()).collect();
            numbered(&axes, |n| n % 4)
        }).collect();
        let memory: Vec<&ArrayD<i64>> = operands.iter().map(|operand| &operand.0).collect();
        let arrays: Vec<&Array<i64>> = operands.iter().map(|operand| &operand.1).collect();
        check(&einsum(subscripts, &arrays), &slow_einsum(subscripts, &memory));
    }

    #[test]
    fn a_matrix_times_itself_transposed(cut in cuts(2, -1.0f64..1.0)) {
        let (a, x) = (&cut.memory, &cut.array);
        let m = a.clone().into_dimensionality::<Ix2>().unwrap();
        check_close(&einsum("ij,kj->ik", &[x, x]), &m.dot(&m.t()).into_dyn(), 1e-13);
        check_close(&einsum("ji,jk->ki", &[x, x]), &m.t().dot(&m).into_dyn(), 1e-13);
        check_close(&x.dot(&x.t()), &m.dot(&m.t()).into_dyn(), 1e-13);
        check_close(&x.t().dot(x), &m.t().dot(&m).into_dyn(), 1e-13);
        let z = x.map(|x| Complex::new(x, 1.0 - x * x));
        let w = m.mapv(|x| Complex::new(x, 1.0 - x * x));
        let (found, expected) = (computed(&einsum("ij,kj->ik", &[&z, &z])), w.dot(&w.t()).into_dyn());
        for (x, y) in found.iter().zip(&expected) {
            prop_assert!((x - y).norm() < 1e-12, "{x} {y}");
        }
        let (found, expected) = (z.vdot(&z).compute().unwrap(), w.iter().map(|x| x.norm_sqr()).sum());
        prop_assert!((found.first().unwrap() - Complex::<f64>::new(expected, 0.0)).norm() < 1e-12);
    }
}

const SUBSCRIPTS: &[&str] = &[
    "ij,jk->ik",
    "ij->ji",
    "ij->",
    "ii->i",
    "ii->",
    "iij->j",
    "iii->i",
    "ij,ij->ij",
    "ij,ij->i",
    "ijk->kij",
    "ij,jk,k->i",
    "ij,jk,ki->",
    "i,j,k->kji",
    "ij,k->j",
    "ij,kj->jik",
    "ijk,ikj->ji",
    "i,i,i->i",
    "->",
    "i,->i",
];

#[test]
fn long_sums_are_cut_into_chains() {
    // Few blocks of the result and many along the sum: several chains, added up by a tree.
    let (a, x) = numbered(&[vec![3, 2], vec![2; 150]], |n| n);
    let (b, y) = numbered(&[vec![2; 150], vec![4]], |n| n);
    check(&x.dot(&y), &slow_einsum("ij,jk->ik", &[&a, &b]));
    let (f, g) = (x.map(|n| n as f32), y.map(|n| n as f32));
    let found = computed(&f.dot(&g)).mapv(|x| x as i64);
    assert_eq!(found, slow_einsum("ij,jk->ik", &[&a, &b]));
    let found = einsum("ij,kj->ik", &[&x.map(|n| n as f64), &x.map(|n| n as f64)]);
    check(&found, &slow_einsum("ij,kj->ik", &[&a, &a]).mapv(|n| n as f64));
}

#[test]
fn nan_and_infinity_go_where_they_belong() {
    let (mut a, _) = numbered(&[vec![20], vec![30]], |n| n as f64);
    a[[3, 4]] = f64::NAN;
    a[[5, 6]] = f64::INFINITY;
    let x = Array::from_ndarray(&a, 7);
    let m = a.clone().into_dimensionality::<Ix2>().unwrap();
    let ones = Array::<f64>::ones([30, 20], 9);
    let expected = m.dot(&ndarray::Array2::ones([30, 20])).into_dyn();
    check_close(&x.dot(&ones), &expected, 1e-14);
}

#[test]
fn what_does_not_go_together_is_an_error() {
    let x = Array::<f64>::ones([3, 4], 2);
    let error = x.dot(&x).checked().unwrap_err();
    assert!(matches!(error, ArrayError::Contract { axes: (1, 0), .. }));
    let text = "axis 1 of an array of shape (3, 4) does not go with axis 0 of one of shape (3, 4)";
    assert_eq!(error.to_string(), text);
    let number = Array::<f64>::ones((), 1);
    assert!(matches!(x.matmul(&number).checked(), Err(ArrayError::Shape { .. })));
    assert_eq!(x.dot(&number).compute().unwrap(), ArrayD::<f64>::ones(IxDyn(&[3, 4])));
    let batch = Array::<f64>::ones([2, 3, 4], 2);
    let other = Array::<f64>::ones([3, 4, 5], 2);
    assert!(matches!(batch.matmul(&other).checked(), Err(ArrayError::Broadcast { axis: 0, .. })));
    let error = x.tensordot(&x, 3).checked().unwrap_err();
    assert_eq!(error.to_string(), "n_axes: 3 axes of arrays with 2 and 2");
    assert!(matches!(
        x.tensordot_axes(&x, &[(0, 0), (-2, 1)]).checked(),
        Err(ArrayError::RepeatedAxis { axis: 0 })
    ));
    let text = |subscripts: &str, operands: &[&Array<f64>]| {
        einsum(subscripts, operands).checked().map(|_| ()).unwrap_err().to_string()
    };
    assert_eq!(text("ij", &[&x, &x]), "subscripts: `ij`: it names 1 operands, and 2 are given");
    assert!(text("ijk->i", &[&x]).ends_with("operand 0 has 2 axes, and 3 are named"));
    assert!(text("ij->ii", &[&x]).ends_with("an axis of the result is named twice"));
    assert!(text("ij->k", &[&x]).ends_with("an axis of the result is of no operand"));
    assert!(text("i1->i", &[&x]).ends_with("`1` is no letter"));
    assert!(text("ii->i", &[&x]).contains("does not go with"));
}

#[test]
fn ellipses_and_implied_results() {
    let (a, x) = numbered(&[vec![2], vec![1, 2], vec![4]], |n| n);
    let (b, y) = numbered(&[vec![3, 1], vec![2]], |n| n);
    check(&einsum("...ij,jk", &[&x, &y]), &slow_einsum("aij,jk->aik", &[&a, &b]));
    check(&einsum("...j , jk -> k...", &[&x, &y]), &slow_einsum("aij,jk->kai", &[&a, &b]));
    check(&einsum("ba", &[&y]), &b.clone().reversed_axes());
    check(&einsum("ij,ij", &[&y, &y]), &slow_einsum("ij,ij->", &[&b, &b]));
    let (c, z) = numbered(&[vec![1], vec![4]], |n| n);
    check(&einsum("...,...", &[&x, &z]), &slow_einsum("aij,ij->aij", &[&a, &c]));
}
