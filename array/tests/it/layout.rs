use crate::check::{check, computed, cut_as, cuts};
use chunkwise_array::{Array, ArrayError, CollectionExt, Extent, broadcast_arrays};
use ndarray::{ArrayD, Axis, IxDyn};
use proptest::prelude::*;

fn standard<T: Clone>(array: ndarray::ArrayViewD<'_, T>) -> ArrayD<T> {
    array.as_standard_layout().into_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn axes_are_permuted(cut in cuts(0..5, any::<i16>()), seed in any::<u64>()) {
        let (x, memory) = (&cut.array, &cut.memory);
        let ndim = memory.ndim();
        let mut order: Vec<usize> = (0..ndim).collect();
        for at in (1..ndim).rev() {
            order.swap(at, (seed >> (8 * at)) as usize % (at + 1));
        }
        let signed: Vec<isize> = order.iter().map(|&axis| axis as isize).collect();
        let expected = standard(memory.view().permuted_axes(IxDyn(&order)));
        check(&x.permute_axes(&signed), &expected);
        check(&x.t(), &standard(memory.t()));
        // Between other work, twice, and back.
        check(&(&x.t() + 1).t().map(|x| x.wrapping_mul(3)), &memory.mapv(|x| x.wrapping_add(1).wrapping_mul(3)));
        if ndim > 1 {
            let mut swapped = memory.view();
            swapped.swap_axes(0, ndim - 1);
            check(&x.swap_axes(0, -1), &standard(swapped.view()));
            let moved: Vec<usize> = (1..ndim).chain([0]).collect();
            check(&x.move_axis(0, -1), &standard(memory.view().permuted_axes(IxDyn(&moved))));
        }
    }

    #[test]
    fn axes_of_length_one_come_and_go(cut in cuts(0..4, any::<u8>()), at in 0usize..4) {
        let (x, memory) = (&cut.array, &cut.memory);
        let at = at.min(memory.ndim());
        let wider = memory.clone().insert_axis(Axis(at));
        check(&x.expand_dims(at as isize), &wider);
        check(&x.expand_dims(at as isize).squeeze_axis(at as isize), memory);
        let kept: Vec<usize> = memory.shape().iter().copied().filter(|len| *len != 1).collect();
        check(&x.expand_dims([0, -1]).squeeze(), &memory.clone().into_shape_with_order(kept).unwrap());
    }

    #[test]
    fn axes_are_reversed(cut in cuts(1..4, any::<i32>()), mask in any::<[bool; 3]>()) {
        let (x, memory) = (&cut.array, &cut.memory);
        let mut expected = memory.view();
        let axes: Vec<usize> = (0..memory.ndim()).filter(|axis| mask[*axis]).collect();
        axes.iter().for_each(|axis| expected.invert_axis(Axis(*axis)));
        let axes: Vec<isize> = axes.iter().map(|axis| *axis as isize).collect();
        check(&x.flip(&axes[..]), &standard(expected));
    }

    #[test]
    fn arrays_are_turned_and_rolled(cut in cuts(2, any::<i32>()), by in -9isize..9) {
        let (x, memory) = (&cut.array, &cut.memory);
        let mut turned = memory.view();
        for _ in 0..by.rem_euclid(4) {
            turned.swap_axes(0, 1);
            turned.invert_axis(Axis(0));
        }
        check(&x.rot90(by, (0, 1)), &standard(turned));
        let shape = memory.shape();
        let rolled = ArrayD::from_shape_fn(shape, |at| {
            memory[[at[0], (at[1] as isize - by).rem_euclid(shape[1] as isize) as usize]]
        });
        check(&x.roll_axes(&[(by, 1)]), &rolled);
        let flat: Vec<i32> = memory.iter().copied().collect();
        let n = flat.len() as isize;
        let rolled = (0..n).map(|at| flat[(at - by).rem_euclid(n) as usize]).collect();
        check(&x.roll(by), &ArrayD::from_shape_vec(shape, rolled).unwrap());
    }

    #[test]
    fn arrays_are_repeated(cut in cuts(0..3, -99i32..99), n in 0usize..4, wide in any::<bool>()) {
        let (x, memory) = (&cut.array, &cut.memory);
        let mut shape = memory.shape().to_vec();
        shape.insert(0, n);
        check(&x.broadcast_to(&shape[..]), &standard(memory.broadcast(shape).unwrap()));
        if wide && memory.ndim() > 0 {
            let mut shape = memory.shape().to_vec();
            shape.insert(1, n);
            let column = memory.clone().insert_axis(Axis(1));
            let expected = standard(column.broadcast(shape.clone()).unwrap());
            let repeated = x.expand_dims(1).broadcast_to(&shape[..]);
            check(&repeated, &expected);
            check(&(&repeated + &x.expand_dims(1)), &(&expected + &column));
            check(&repeated.max_axis(1).rechunk(2).full_like(0i8), &ArrayD::zeros(memory.shape()));
        }
    }

    #[test]
    fn diagonals(cut in cuts(2..4, any::<i32>()), offset in -4isize..5, swap in any::<bool>()) {
        let memory = &cut.memory;
        let ndim = memory.ndim();
        let (a, b) = if swap { (ndim - 1, 0) } else { (0, 1) };
        let (rows, columns) = (memory.shape()[a] as isize, memory.shape()[b] as isize);
        let len = (rows + offset.min(0)).min(columns - offset.max(0)).max(0) as usize;
        let mut shape: Vec<usize> =
            (0..ndim).filter(|axis| *axis != a && *axis != b).map(|axis| memory.shape()[axis]).collect();
        shape.push(len);
        let expected = ArrayD::from_shape_fn(shape.clone(), |at| {
            let along = at[shape.len() - 1] as isize;
            let mut other = 0..;
            let own: Vec<usize> = (0..ndim)
                .map(|axis| match axis {
                    axis if axis == a => (along - offset.min(0)) as usize,
                    axis if axis == b => (along + offset.max(0)) as usize,
                    _ => at[other.next().unwrap()],
                })
                .collect();
            memory[&own[..]]
        });
        check(&cut.array.diagonal(offset, (a as isize, b as isize)), &expected);
    }

    #[test]
    fn matrices_of_diagonals(cut in cuts(1, any::<i32>()), k in -4isize..5) {
        let memory = &cut.memory;
        let n = memory.len() + k.unsigned_abs();
        let expected = ArrayD::from_shape_fn(vec![n, n], |at| match at[1] as isize - at[0] as isize == k {
            true => memory[at[0].min(at[1])],
            false => 0,
        });
        check(&cut.array.diag(k), &expected);
        check(&cut.array.diag(k).diag(k), memory);
    }

    #[test]
    fn arrays_are_brought_to_one_shape(
        (a, b) in (cut_as(vec![vec![2, 3]], any::<i8>()), cut_as(vec![vec![4, 1], vec![1]], any::<i8>()))
    ) {
        let both = broadcast_arrays(&[&a.array, &b.array]);
        check(&both[0], &standard(a.memory.broadcast(vec![5, 5]).unwrap()));
        check(&both[1], &standard(b.memory.broadcast(vec![5, 5]).unwrap()));
        assert_eq!(both[0].chunks(), both[1].chunks());
    }
}

#[test]
fn arrays_get_axes() {
    let x = Array::<f32>::ones([3, 4], 2);
    let one = x.max();
    assert_eq!(one.atleast_1d().dims().unwrap()[..], [1]);
    assert_eq!(one.atleast_2d().dims().unwrap()[..], [1, 1]);
    assert_eq!(one.atleast_3d().dims().unwrap()[..], [1, 1, 1]);
    let row = x.max_axis(0);
    assert_eq!(row.atleast_2d().dims().unwrap()[..], [1, 4]);
    assert_eq!(row.atleast_3d().dims().unwrap()[..], [1, 4, 1]);
    assert_eq!(x.atleast_2d().dims().unwrap()[..], [3, 4]);
    assert_eq!(x.atleast_3d().dims().unwrap()[..], [3, 4, 1]);
    let x = Array::<f32>::ones([3, 4, 5, 6], 2);
    assert_eq!(x.roll_axis(3, 1).dims().unwrap()[..], [3, 6, 4, 5]);
    assert_eq!(x.roll_axis(1, 4).dims().unwrap()[..], [3, 5, 6, 4]);
    assert_eq!(x.move_axes([0, 1], [-1, -2]).dims().unwrap()[..], [5, 6, 4, 3]);
}

#[test]
fn what_cannot_be_says_so() {
    let x = Array::<f64>::ones([3, 4], 2);
    let text = |array: &Array<f64>| array.checked().unwrap_err().to_string();
    assert_eq!(text(&x.permute_axes([0, 0])), "axis 0 is given twice");
    assert_eq!(text(&x.permute_axes([0])), "order: [0] does not name each of 2 axes");
    assert_eq!(text(&x.swap_axes(0, 2)), "axis 2 of an array with 2 axes");
    assert_eq!(text(&x.squeeze_axis(0)), "an array of shape (3, 4) where axis 0 has length 1");
    assert_eq!(text(&x.flip(-3)), "axis -3 of an array with 2 axes");
    assert_eq!(text(&x.rot90(1, (0, -2))), "axis 0 is given twice");
    assert_eq!(
        text(&x.broadcast_to([3, 5])),
        "shapes (3, 4) and (3, 5) do not broadcast: axis 1 is 4 against 5"
    );
    assert!(x.broadcast_to(4).checked().is_err());
    let error = x.broadcast_to([2, 3, 1]).checked().unwrap_err();
    assert!(matches!(error, ArrayError::Broadcast { axis: 2, .. }));
    assert_eq!(text(&x.diagonal(0, (1, -1))), "axis 1 is given twice");
    let error = text(&x.expand_dims(0).diag(0));
    assert_eq!(error, "an array of shape (1, 3, 4) where a vector or a matrix belongs");
}

#[test]
fn views_join_with_their_neighbours() {
    let x = Array::<f64>::ones([40, 60], [10, 20]);
    let y = &(&x * 2.0).t() + 1.0;
    assert_eq!(y.to_string().split(", ").last().unwrap(), "12 tasks in 1 layer");
    let plan = y.graph().plan().unwrap();
    assert_eq!(plan.len(), 12);
    assert_eq!(y.shape()[..], [Extent::Known(60), Extent::Known(40)]);
    // What is repeated is not stored: no task holds more than a chunk of the row.
    let sum = Array::<f64>::ones(1000, 1000).broadcast_to([1_000_000, 1000]).sum();
    assert_eq!(sum.compute().unwrap(), 1e9);
    assert_eq!(computed(&x.t()).shape(), [60, 40]);
}
