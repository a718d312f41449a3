//! The first numbers of each distribution, so that a change of streams is seen, also one that comes
//! with a new version of a dependency.
//!
//! If a test fails after a change that is meant to alter the numbers, put the printed line here
//! and say so in the release notes.

use chunkwise_array_random::*;

use crate::every::{each_count, each_real, sample};

fn pinned(lines: &[&str], name: &str, numbers: &[f64]) {
    let text: Vec<String> = numbers.iter().map(|x| format!("{x:?}")).collect();
    // compilers differ in the spaces that they write between the tokens of a name
    let prefix = format!("{}: ", name.replace(' ', ""));
    let found = format!("{prefix}{}", text.join(" "));
    let Some(line) = lines.iter().find_map(|line| line.strip_prefix(&prefix)) else {
        panic!("not pinned: {found}");
    };
    let expected: Vec<f64> = line.split(' ').map(|x| x.parse().unwrap()).collect();
    let close = |(x, y): (&f64, &f64)| (x - y).abs() <= 1e-12 * x.abs();
    assert!(
        expected.len() == numbers.len() && numbers.iter().zip(&expected).all(close),
        "{found}\npinned: {line}"
    );
}

#[test]
fn real_numbers() {
    let lines: Vec<&str> = include_str!("golden/real.txt").lines().collect();
    each_real!(|name, d| pinned(&lines, name, &sample::<f64>(&d, 4)));
}

#[test]
fn counts() {
    let lines: Vec<&str> = include_str!("golden/counts.txt").lines().collect();
    let wide = |x: Vec<i64>| x.into_iter().map(|x| x as f64).collect::<Vec<_>>();
    each_count!(|name, d| pinned(&lines, name, &wide(sample(&d, 8))));
}

#[test]
fn single_precision() {
    assert_eq!(sample::<f32>(&Uniform::standard(), 3), UNIFORM_F32);
    let wide = sample::<f64>(&Normal::standard(), 9);
    let single = sample::<f32>(&Normal::standard(), 9);
    assert!(wide.into_iter().map(|x| x as f32).eq(single));
}

#[test]
fn integers_and_choices() {
    assert_eq!(sample::<u64>(&Integers::any(), 3), WORDS);
    assert_eq!(sample::<i8>(&Integers::new(-50, 50).unwrap(), 6), SMALL);
    assert_eq!(sample::<u8>(&Bytes, 8), WORDS[0].to_le_bytes());
    assert_eq!(sample::<u64>(&Choice::new(100).unwrap(), 6), CHOICE);
    let weighted = Choice::weighted(vec![0.5, 0.1, 0.15, 0.25]).unwrap();
    assert_eq!(sample::<u64>(&weighted, 12), WEIGHTED);
    assert_eq!(sample::<u64>(&Permutation::new(10), 10), FEW);
    assert_eq!(sample::<u64>(&Permutation::new(1 << 40), 4), MANY);
    let heads: Vec<u8> =
        sample(&Bernoulli::new(0.4).unwrap(), 12).into_iter().map(u8::from).collect();
    assert_eq!(heads, HEADS);
}

#[test]
fn rows() {
    let key = Seed(20).stream(1);
    let mut rows = [0_i64; 6];
    Multinomial::new(100, vec![0.2, 0.3, 0.5]).unwrap().fill_rows(key, 0, &mut rows);
    assert_eq!(rows, ROWS);
    MultivariateHypergeometric::new(vec![60, 50, 40], 60).unwrap().fill_rows(key, 0, &mut rows);
    assert_eq!(rows, URN);
}

const UNIFORM_F32: [f32; 3] = [0.7265146, 0.84459615, 0.35918206];
const WORDS: [u64; 3] = [13401829073472201998, 15580049308770157271, 6625740567825055221];
const SMALL: [i8; 6] = [22, 34, -15, -39, 40, 33];
const CHOICE: [u64; 6] = [72, 84, 35, 11, 90, 83];
const WEIGHTED: [u64; 12] = [3, 3, 0, 0, 0, 3, 1, 3, 0, 0, 0, 0];
const FEW: [u64; 10] = [6, 4, 3, 2, 7, 9, 1, 0, 8, 5];
const MANY: [u64; 4] = [337730905133, 138246493648, 186686787772, 103565091267];
const HEADS: [u8; 12] = [0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0];
const ROWS: [i64; 6] = [16, 31, 53, 24, 27, 49];
const URN: [i64; 6] = [24, 15, 21, 25, 19, 16];
