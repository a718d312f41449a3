use super::{matrix, survey, turned, vector};
use chunkwise_array::{
    PadMode, RechunkOptions, block, broadcast_arrays, concatenate, stack, unify_chunks,
};

#[test]
fn other_chunks() {
    let (x, y) = (matrix(), turned());
    survey! {
        "rechunk": x.rechunk([128, 192]);
        "rechunk to rows": x.rechunk([64, 384]);
        "rechunk columns": y.rechunk([128, 384]);
        "rechunk to one": y.rechunk(-1);
        "rechunk in stages": x.rechunk_with([512, 8], &RechunkOptions::default());
        "balance": concatenate(&[&x, &y], 0).balance();
        "unify_chunks": unify_chunks(&[&x, &x.rechunk([200, 200])]).remove(0);
        "coarsen": x.coarsen(&[2, 2], |x, axes| x.mean_axis(axes));
    }
}

#[test]
fn other_shapes() {
    let (x, y, v) = (matrix(), turned(), vector());
    survey! {
        "ravel": x.ravel();
        "ravel of columns": y.ravel();
        "reshape": v.reshape([400, 240]);
        "reshape to more axes": x.reshape([16, 32, 384]);
        "reshape of a matrix": x.reshape([384, 512]);
        "transpose": (&x.transpose() + 1.0);
        "flip": x.flip(0);
        "flip of columns": y.flip(1);
        "rot90": x.rot90(1, (0, 1));
        "roll": x.roll_axis_by(100, 0);
        "roll flat": x.roll(1000);
        "diag": v.slice(chunkwise_array::s![..400]).diag(0);
        "diagonal": x.diagonal(0, (0, 1));
        "broadcast_to": v.slice(chunkwise_array::s![..4000]).broadcast_to([20, 4000]);
        "broadcast_arrays": broadcast_arrays(&[&x, &x.slice(chunkwise_array::s![0, ..])]).remove(1);
        "expand_dims": x.expand_dims(0);
        "squeeze": x.expand_dims(0).squeeze();
        "packbits": x.gt(0.0).packbits(1, chunkwise_array::BitOrder::Big);
        "unpackbits": x.gt(0.0).cast::<u8>().unpackbits(1, chunkwise_array::BitOrder::Big);
        "tril": x.tril(0);
        "triu of columns": y.triu(3);
    }
}

#[test]
fn joined() {
    let (x, y, v) = (matrix(), turned(), vector());
    let odd = x.slice(chunkwise_array::s![..300, ..]);
    survey! {
        "concatenate": concatenate(&[&x, &y], 0);
        "concatenate of odd": concatenate(&[&odd, &odd], 0).rechunk([200, 384]);
        "stack": stack(&[&x, &y], 0);
        "stack behind": stack(&[&x, &y], 2);
        "block": block(vec![vec![x.clone(), y.clone()], vec![y.clone(), x.clone()]]);
        "repeat": x.repeat(3, 0);
        "repeat along 1": y.repeat(2, 1);
        "tile": x.tile([2, 2]);
        "pad constant": x.pad(40, PadMode::constant(1.0));
        "pad edge": x.pad(40, PadMode::edge());
        "pad reflect": y.pad(40, PadMode::reflect());
        "pad wrap": x.pad(40, PadMode::wrap());
        "pad linear": x.pad(40, PadMode::linear_ramp(0.0));
        "pad mean": v.pad(40_000, PadMode::mean(None));
        "pad median": x.pad(40, PadMode::median(None));
        "pad maximum": x.pad(40, PadMode::maximum(None));
        "split": x.array_split(3, 0).remove(1);
        "unstack": x.unstack(0).remove(7);
    }
}

/// Chunks that do not lie row by row are copied before they have another shape: these lie so.
#[test]
fn shapes_of_rows() {
    let x = matrix();
    survey! {
        within 3.0 times:
        "permute_axes": x.reshape([16, 32, 384]).permute_axes([2, 0, 1]);
    }
}
