use crate::check::{check, check_close, computed, cuts};
use chunkwise_array::{Array, PadMode, Real};
use ndarray::ArrayD;
use proptest::prelude::*;
use std::str::FromStr;

fn mode<T: Real + FromStr>(name: &str, parameter: &str) -> PadMode<T>
where
    T::Sum: Real,
    T::Err: std::fmt::Debug,
{
    let n = parameter.parse().ok();
    match name {
        "edge" => PadMode::edge(),
        "reflect" => PadMode::reflect(),
        "symmetric" => PadMode::symmetric(),
        "wrap" => PadMode::wrap(),
        "constant" => PadMode::constant(parameter.parse().unwrap()),
        "linear_ramp" => PadMode::linear_ramp(parameter.parse().unwrap()),
        "maximum" => PadMode::maximum(n),
        "minimum" => PadMode::minimum(n),
        "mean" => PadMode::mean(n),
        "median" => PadMode::median(n),
        other => panic!("{other}"),
    }
}

fn numbers<T: FromStr>(text: &str) -> Vec<T>
where
    T::Err: std::fmt::Debug,
{
    text.split_whitespace().map(|number| number.parse().unwrap()).collect()
}

/// The padded array, and what NumPy says.
fn case<T: Real + FromStr>(fields: &[&str]) -> (Array<T>, ArrayD<T>)
where
    T::Sum: Real,
    T::Err: std::fmt::Debug,
{
    let shape: Vec<usize> = numbers(fields[3]);
    let widths: Vec<usize> = numbers(fields[4]);
    let widths: Vec<(usize, usize)> = widths.chunks(2).map(|pair| (pair[0], pair[1])).collect();
    let memory = ArrayD::from_shape_vec(shape.clone(), numbers(fields[5])).unwrap();
    let out = shape.iter().zip(&widths).map(|(len, (before, after))| before + len + after);
    let expected = ArrayD::from_shape_vec(out.collect::<Vec<_>>(), numbers(fields[6])).unwrap();
    let x = Array::from_ndarray(&memory, 2).map(|x| x);
    (x.pad(&widths[..], mode(fields[0], fields[1])), expected)
}

#[test]
fn borders_are_those_of_numpy() {
    for line in include_str!("../fixtures/pad.txt").lines() {
        let fields: Vec<&str> = line.split('|').collect();
        println!("{line}");
        if fields[2] == "i8" {
            let (padded, expected) = case::<i64>(&fields);
            check(&padded, &expected);
        } else {
            let (padded, expected) = case::<f64>(&fields);
            check_close(&padded, &expected, 1e-14);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_inside_stays(cut in cuts(1..3, any::<i32>()), before in 0usize..6, after in 0usize..6) {
        let shape = cut.memory.shape();
        let padded = cut.array.pad((before, after), PadMode::constant(7));
        let outer: Vec<usize> = shape.iter().map(|len| before + len + after).collect();
        let expected = ArrayD::from_shape_fn(outer, |at| {
            let inside: Option<Vec<usize>> = (0..shape.len())
                .map(|axis| at[axis].checked_sub(before).filter(|at| *at < shape[axis]))
                .collect();
            inside.map_or(7, |at| cut.memory[&at[..]])
        });
        check(&padded, &expected);
        if !cut.memory.is_empty() {
            let wrapped = computed(&cut.array.pad((before, after), PadMode::wrap()));
            let expected = ArrayD::from_shape_fn(wrapped.raw_dim(), |at| {
                let inside: Vec<usize> = (0..shape.len())
                    .map(|axis| (at[axis] as isize - before as isize).rem_euclid(shape[axis] as isize) as usize)
                    .collect();
                cut.memory[&inside[..]]
            });
            prop_assert_eq!(wrapped, expected);
        }
    }
}
