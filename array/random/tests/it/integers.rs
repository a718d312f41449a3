//! Integers, coins, bytes and choices: all values come, as often as they should.

use chunkwise_array_random::*;

use crate::every::sample;
use crate::functions::chi_square;

const N: usize = 60_000;

fn even(values: impl Iterator<Item = usize>, n: usize) {
    let mut counts = vec![0; n];
    values.for_each(|x| counts[x] += 1);
    let excess = chi_square(&counts, &vec![N as f64 / n as f64; n]);
    assert!(excess < 4.0, "{excess}");
}

#[test]
fn each_integer_is_as_likely() {
    for n in [2, 3, 10, 100, 256] {
        let d = Integers::<i64>::new(-7, n - 7).unwrap();
        even(sample(&d, N).into_iter().map(|x| (x + 7) as usize), n as usize);
    }
    even(sample::<u8>(&Integers::any(), N).into_iter().map(usize::from), 256);
    even(sample::<u8>(&Bytes, N).into_iter().map(usize::from), 256);
    even(sample::<usize>(&Choice::new(10).unwrap(), N).into_iter(), 10);
}

#[test]
fn ranges_that_do_not_divide_two_to_the_64_are_unbiased() {
    // a third of all words has to be rejected here; without that, the lower half would come in
    // two of three cases
    let n = 3_u64 << 62;
    let d = Integers::<u64>::new(0, n).unwrap();
    even(sample(&d, N).into_iter().map(|x| (x / (n / 48)) as usize), 48);
    let d = Integers::<i64>::inclusive(i64::MIN, i64::MAX).unwrap();
    even(sample(&d, N).into_iter().map(|x| (x >> 58) as usize & 63), 64);
}

#[test]
fn types_agree_where_they_hold_the_range() {
    let wide = sample::<i64>(&Integers::new(-100, 100).unwrap(), 99);
    let narrow = sample::<i8>(&Integers::new(-100, 100).unwrap(), 99);
    assert!(wide.into_iter().eq(narrow.into_iter().map(i64::from)));
    assert_eq!(sample::<i16>(&Integers::inclusive(i16::MAX, i16::MAX).unwrap(), 2), [i16::MAX; 2]);
}

#[test]
fn coins() {
    for p in [0.0, 0.1, 0.5, 0.9, 1.0] {
        let heads = sample::<bool>(&Bernoulli::new(p).unwrap(), N);
        let heads = heads.into_iter().filter(|&head| head).count() as f64;
        let deviation = (N as f64 * p * (1.0 - p)).sqrt();
        assert!((heads - N as f64 * p).abs() <= 4.0 * deviation, "{p}: {heads}");
    }
}

#[test]
fn weights() {
    let p = vec![0.1, 0.0, 0.25, 0.05, 0.3, 0.0, 0.3];
    let mut counts = [0; 7];
    for item in sample::<u64>(&Choice::weighted(p.clone()).unwrap(), N) {
        counts[item as usize] += 1;
    }
    assert_eq!((counts[1], counts[5]), (0, 0));
    let expected: Vec<f64> = p.iter().map(|p| p * N as f64).collect();
    assert!(chi_square(&counts, &expected) < 4.0, "{counts:?}");
    assert_eq!(sample::<u64>(&Choice::weighted(vec![1.0]).unwrap(), 9), [0; 9]);
    assert_eq!(sample::<u64>(&Choice::weighted(vec![0.0, 1.0, 0.0]).unwrap(), 9), [1; 9]);
}
