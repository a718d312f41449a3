//! Permutations are permutations, and look random.

use chunkwise_array_random::*;
use proptest::prelude::*;

use crate::functions::chi_square;

fn permutation(seed: u64, n: u64) -> Vec<u64> {
    let mut out = vec![0; n as usize];
    Permutation::new(n).fill(Seed(seed).stream(0), 0, &mut out);
    out
}

proptest! {
    #[test]
    fn every_number_comes_once(seed: u64, n in 0_u64..5000) {
        let mut all = permutation(seed, n);
        all.sort_unstable();
        prop_assert!(all.into_iter().eq(0..n));
    }

    #[test]
    fn parts_are_those_of_the_whole(first in 0_u64..500, len in 0_usize..300, n in 1_u64..200) {
        let mut whole = vec![0_u64; 1000];
        Permutation::new(n).fill(Seed(1).stream(0), 0, &mut whole);
        let mut part = vec![0_u64; len];
        Permutation::new(n).fill(Seed(1).stream(0), first, &mut part);
        prop_assert_eq!(&part[..], &whole[first as usize..][..len]);
    }
}

#[test]
fn each_number_comes_to_each_place() {
    for n in [3, 64, 65, 100, 127] {
        let seeds = 10_000;
        let cells = (n * n) as usize;
        let (mut places, mut pairs) = (vec![0; cells], vec![0; cells]);
        for seed in 0..seeds {
            let p = permutation(seed, n);
            for (place, x) in p.iter().enumerate() {
                places[place * n as usize + *x as usize] += 1;
            }
            pairs[(p[0] * n + p[1]) as usize] += 1;
        }
        // rows and columns sum up to the same, so that fewer cells are free
        let free = ((n - 1) * (n - 1)) as f64 / (n * n) as f64;
        let excess = chi_square(&places, &vec![seeds as f64 / n as f64; cells]);
        let shift = (1.0 - free) * cells as f64 / (2.0 * cells as f64).sqrt();
        assert!((excess + shift).abs() < 4.5, "{n}: {excess} + {shift}");
        if n < 20 {
            continue;
        }
        let mut expected = vec![seeds as f64 / (n * (n - 1)) as f64; cells];
        (0..n as usize).for_each(|x| expected[x * (n as usize + 1)] = 0.0);
        // few a cell: compare the sum of squares
        let statistic: f64 = pairs
            .iter()
            .zip(&expected)
            .map(|(&k, &e)| if e > 0.0 { (k as f64 - e).powi(2) / e } else { k as f64 * 1e9 })
            .sum();
        let df = (n * (n - 1) - 1) as f64;
        assert!((statistic - df).abs() < 5.0 * (2.0 * df).sqrt(), "{n}: {statistic} of {df}");
    }
}

#[test]
fn all_orders_of_few_are_as_likely() {
    let mut counts = vec![0; 24];
    for seed in 0..24_000 {
        let p = permutation(seed, 4);
        let rank = p[0] * 6 + (p[1] - u64::from(p[1] > p[0])) * 2 + u64::from(p[2] > p[3]);
        counts[rank as usize] += 1;
    }
    assert!(chi_square(&counts, &[1000.0; 24]) < 4.0, "{counts:?}");
}

#[test]
fn cycles_and_inversions_are_those_of_random_permutations() {
    let (n, seeds) = (1000_u64, 400);
    let (mut fixed, mut cycles, mut ascents) = (0.0, 0.0, 0.0);
    for seed in 0..seeds {
        let p = permutation(seed, n);
        fixed += p.iter().zip(0..).filter(|&(&x, i)| x == i).count() as f64;
        ascents += p.windows(2).filter(|pair| pair[0] < pair[1]).count() as f64;
        let mut seen = vec![false; n as usize];
        for mut i in 0..n as usize {
            cycles += f64::from(!seen[i]);
            while !std::mem::replace(&mut seen[i], true) {
                i = p[i] as usize;
            }
        }
    }
    let harmonic: f64 = (1..=n).map(|k| 1.0 / k as f64).sum();
    let runs = seeds as f64;
    assert!((fixed / runs - 1.0).abs() < 4.0 / runs.sqrt(), "{fixed}");
    assert!((cycles / runs - harmonic).abs() < 4.0 * (harmonic / runs).sqrt(), "{cycles}");
    let expected = (n - 1) as f64 / 2.0;
    assert!((ascents / runs - expected).abs() < 4.0 * (n as f64 / 12.0 / runs).sqrt(), "{ascents}");
}

#[test]
fn of_huge_ranges() {
    for n in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 32) + 1] {
        let mut out = [0_u64; 1000];
        Permutation::new(n).fill(Seed(2).stream(0), n - 1000, &mut out);
        assert!(out.iter().all(|&x| x < n));
        out.sort_unstable();
        assert!(out.windows(2).all(|pair| pair[0] < pair[1]));
        let low = out.iter().filter(|&&x| x < n / 2).count();
        assert!((430..570).contains(&low), "{low}");
    }
    let mut out = [1_u64; 3];
    Permutation::new(0).fill(Seed(2).stream(0), 0, &mut out);
    assert_eq!(out, [0; 3]);
}
