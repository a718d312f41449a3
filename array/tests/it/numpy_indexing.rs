use chunkwise_array::{
    Array, ChunkSpec, Side, Slices, ravel_multi_index, select_from, stack, where_,
};
use chunkwise_graph::{CollectionExt, InOrder};
use ndarray::{ArrayD, Axis, IxDyn, SliceInfoElem};

/// What NumPy says: see `fixtures/make_indexing.py`.
const FIXTURES: &str = include_str!("../fixtures/indexing.txt");

fn numbers(text: &str) -> Vec<isize> {
    text.split_whitespace().map(|n| n.parse().unwrap()).collect()
}

/// One slice as Python writes it. A range that it goes through backwards is given by its ends.
fn slice(text: &str, len: isize) -> SliceInfoElem {
    let part = |text: Option<&str>| text.filter(|t| !t.is_empty()).map(|t| t.parse().unwrap());
    let mut parts = text.split(':');
    let (start, end, step): (Option<isize>, Option<isize>, Option<isize>) =
        (part(parts.next()), part(parts.next()), part(parts.next()));
    let step = step.unwrap_or(1);
    if step > 0 {
        return SliceInfoElem::Slice { start: start.unwrap_or(0), end, step };
    }
    let from_start = |at: isize| if at < 0 { at + len } else { at };
    let (first, last) = (start.map(from_start), end.map(from_start));
    let start = last.map_or(0, |at| at + 1);
    SliceInfoElem::Slice { start, end: first.map(|at| at + 1), step }
}

fn slices(text: &str, shape: &[usize]) -> Slices {
    let parts: Vec<&str> = text.split(',').collect();
    let named = |parts: &[&str]| parts.iter().filter(|part| **part != "None").count();
    let read = |parts: &[&str], first_axis: usize| {
        let mut axis = first_axis;
        let read = parts.iter().map(|part| {
            if *part == "None" {
                return SliceInfoElem::NewAxis;
            }
            axis += 1;
            match part.contains(':') {
                true => slice(part, shape[axis - 1] as isize),
                false => SliceInfoElem::Index(part.parse().unwrap()),
            }
        });
        Slices::from(read.collect::<Vec<_>>())
    };
    match parts.iter().position(|part| *part == "...") {
        None => read(&parts, 0),
        Some(at) => {
            let behind = &parts[at + 1..];
            read(&parts[..at], 0).and_last(read(behind, shape.len() - named(behind)))
        }
    }
}

fn apply(operation: &str, parameters: &[&str], x: &Array<i64>) -> Array<i64> {
    let shape = [2, 3, 4];
    let axis = || Axis(parameters[0].parse().unwrap());
    let list = || numbers(parameters[1]);
    let divisor: i64 = parameters.first().and_then(|p| p.parse().ok()).unwrap_or(1);
    let mask = || x.map_with(divisor, |divisor, x| x % divisor == 0);
    let side = || if parameters[0] == "left" { Side::Left } else { Side::Right };
    let modulo = |n: i64| x.map_with(n, |n, x| (x + 3) % n);
    match operation {
        "slice" => x.slice(slices(parameters[0], &shape)),
        "assign number" => x.assign(slices(parameters[0], &shape), 100),
        "assign array" => {
            let value = x.slice(slices(parameters[0], &shape)) * 10 + 1000;
            x.assign(slices(parameters[0], &shape), &value)
        }
        "take" => x.take(axis(), list()),
        "put" => {
            let value = column(list().len(), 2 - axis().0);
            let value = Array::from_ndarray(&value, 2);
            x.put(axis(), &list(), &value)
        }
        "insert" => x.insert(axis(), &list(), 77),
        "delete" => x.delete(axis(), &list()),
        "take_along_axis" => x.take_along_axis(axis(), &modulo(shape[axis().0] as i64)),
        "compress" => x.compress(axis(), &[true, false, true, false][..shape[axis().0]]),
        "append" => x.append(axis(), &x.slice(slices("::-1", &shape))),
        "points" => x.points(&parameters.iter().map(|list| numbers(list)).collect::<Vec<_>>()),
        "select" => x.select(&mask()),
        "extract" => x.extract(&mask()),
        "select rows" => x.select(&mask().slice(slices("...,0", &shape))),
        "argwhere" => mask().argwhere(),
        "flatnonzero" => mask().flatnonzero(),
        "where" => where_(&mask(), x, &-x),
        "assign_where" => x.assign_where(&mask(), 9),
        "choose" => x.map(|x| x.rem_euclid(3)).choose(&[x, &(x * 10), &(x * 100)]),
        "select_from" => {
            let conditions = [x.map(|x| x < 0), x.map(|x| x < 5), x.map(|x| x > 3)];
            let conditions = [&conditions[0], &conditions[1], &conditions[2]];
            select_from(&conditions, &[x, &(x * 10), &(x * 100)], 7)
        }
        "searchsorted" => {
            let sorted = ndarray::arr1(&[-2i64, 0, 0, 5, 9, 9, 9]);
            Array::from_ndarray(&sorted, 2).searchsorted(x, side())
        }
        "digitize up" => x.digitize(&[-2, 0, 5, 9], side()),
        "digitize down" => x.digitize(&[9, 5, 0, -2], side()),
        "isin" => x.isin(&[3, 100, -2, 3]).map(i64::from),
        "unravel_index" => {
            let at = (x + 3).unravel_index([4, 3, 5]);
            stack(&at.iter().collect::<Vec<_>>(), 0)
        }
        "ravel_multi_index" => ravel_multi_index(&[&modulo(4), &modulo(5)], [4, 5]),
        other => panic!("{other}"),
    }
}

/// 50, 51, ... along a first axis, with more axes of length 1.
fn column(n: usize, n_units: usize) -> ArrayD<i64> {
    let shape = [&[n][..], &vec![1; n_units]].concat();
    ArrayD::from_shape_fn(IxDyn(&shape), |at| at[0] as i64 + 50)
}

#[test]
fn as_numpy_says() {
    let memory =
        ArrayD::from_shape_fn(IxDyn(&[2, 3, 4]), |at| (at[0] * 12 + at[1] * 4 + at[2]) as i64 - 3);
    let cuts = [
        ChunkSpec::from(-1),
        ChunkSpec::from(1),
        ChunkSpec::sizes([vec![1, 1], vec![2, 0, 1], vec![3, 1]]),
    ];
    for line in FIXTURES.lines() {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let [operation, parameters, shape, elements] = fields[..] else { panic!("{line}") };
        let parameters: Vec<&str> = parameters.split(';').collect();
        let shape: Vec<usize> = numbers(shape).iter().map(|&n| n as usize).collect();
        let elements = numbers(elements).iter().map(|&n| n as i64).collect();
        let expected = ArrayD::from_shape_vec(IxDyn(&shape), elements).unwrap();
        for chunks in &cuts {
            let x = Array::from_ndarray(&memory, chunks.clone());
            let found = apply(operation, &parameters, &x).compute_with(&InOrder);
            let found = found.unwrap_or_else(|error| panic!("{line}: {}", error.report()));
            assert_eq!(found, expected, "{line} of {chunks:?}");
        }
    }
}
