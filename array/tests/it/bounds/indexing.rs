use super::{matrix, survey, turned, vector, whole_numbers};
use chunkwise_array::{Side, ravel_multi_index, s, select_from, where_};

#[test]
fn selections() {
    let (x, y, v, n) = (matrix(), turned(), vector(), whole_numbers());
    let list: Vec<isize> = (0..400).map(|i| i * 211 % 512).collect();
    let points: Vec<Vec<isize>> = vec![
        (0..60_000).map(|i| i * 7 % 512).collect(),
        (0..60_000).map(|i| i * 5 % 384).collect(),
    ];
    let places = n.slice(s![..60_000]).rechunk(20_000);
    survey! {
        "slice": x.slice(s![10..400, 5..]);
        "slice with steps": x.slice(s![..;2, ..;-1]);
        "slice of columns": y.slice(s![1.., ..]).exp();
        "index_axis": x.index_axis(0, 3);
        "take": x.take(0, &list[..]);
        "take along 1": y.take(1, (0..384).rev().collect::<Vec<isize>>());
        "take, lazily": v.take(0, &places);
        "compress": x.compress(0, (0..512).map(|i| i % 3 == 0).collect::<Vec<bool>>());
        "shuffle": x.shuffle(0, &[(0..256).rev().collect(), (256..512).collect()]);
        "points": x.points(&points);
        "take_along_axis": x.take_along_axis(0, &x.argsort(0).cast_lossy::<i64>());
        "select": x.select(&x.gt(0.0));
        "select rows": x.select(&x.slice(s![.., 0]).gt(0.0));
        "extract": v.extract(&v.gt(0.0));
        "nonzero": v.gt(0.0).nonzero().remove(0);
        "argwhere": x.gt(0.0).argwhere();
        "flatnonzero": x.gt(0.0).flatnonzero();
        "blocks": x.blocks(s![1, ..]);
        "delete": x.delete(0, &[3, 4, 100]);
        "insert": x.insert(0, &[3, 4, 100], 1.0);
        "append": x.append(1, &y);
        "unravel_index": n.unravel_index([10, 10]).remove(0);
        "ravel_multi_index": ravel_multi_index(&[&n, &n], [100, 100]);
    }
}

#[test]
fn replaced() {
    let (x, y, v, n) = (matrix(), turned(), vector(), whole_numbers());
    let list: Vec<isize> = (0..200).map(|i| i * 2).collect();
    let indices = x.argsort(0).cast_lossy::<i64>();
    survey! {
        "assign": x.assign(s![100..300, ..], 0.0);
        "assign an array": x.assign(s![.., ..;2], y.slice(s![.., ..192]));
        "assign_where": x.assign_where(&y.gt(0.0), 1.0);
        "put": x.put(0, &list, 3.0);
        "put an array": y.put(1, &list[..100], x.slice(s![.., ..100]));
        "put_along_axis": x.put_along_axis(0, &indices, &y);
        "put_along_axis of one": x.put_along_axis(1, &x.argmax_axis(1).cast_lossy::<i64>().expand_dims(1), 5.0);
        "where": where_(&x.gt(0.0), &x, &y);
        "where numbers": where_(&x.gt(0.0), 1.0, 0.0);
        "select_from": select_from(&[&x.gt(1.0), &x.gt(0.0)], &[&x, &y], 0.0);
        "choose": n.modulo(2).choose(&[&v, &(&v + 1.0)]);
        "piecewise": x.piecewise(&[&x.gt(0.0)], &[&|x| x.exp(), &|x| -x]);
        "searchsorted": v.sort_flat().searchsorted(&x, Side::Left);
        "digitize": x.digitize(&[-1.0, 0.0, 1.0], Side::Right);
        "isin": n.isin(&[3, 5, 7]);
    }
}
