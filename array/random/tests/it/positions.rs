//! Any part of an array is the same as in the whole.

use chunkwise_array_random::*;
use proptest::prelude::*;

use crate::every::{each_count, each_real};

fn parts_agree<T>(name: &str, d: &impl Fill<T>)
where
    T: Copy + Default + PartialEq + std::fmt::Debug,
{
    let key = Seed(3).stream(4);
    for start in [0, 1_000_003, u64::MAX - 40] {
        let mut whole = [T::default(); 100];
        d.fill(key, start, &mut whole);
        for width in [1, 7, 64] {
            for (i, expected) in whole.chunks(width).enumerate().rev() {
                let mut part = vec![T::default(); expected.len()];
                d.fill(key, start.wrapping_add((i * width) as u64), &mut part);
                assert_eq!(part, expected, "{name} at {start}, {width} wide");
            }
        }
        d.fill(key, start, &mut []);
    }
}

#[test]
fn of_real_numbers() {
    each_real!(|name, d| {
        parts_agree::<f64>(name, &d);
        parts_agree::<f32>(name, &d);
    });
}

#[test]
fn of_counts() {
    each_count!(|name, d| {
        parts_agree::<i64>(name, &d);
        parts_agree::<u64>(name, &d);
    });
}

#[test]
fn of_integers_bytes_and_choices() {
    parts_agree::<i8>("i8", &Integers::any());
    parts_agree::<u64>("u64", &Integers::new(5, 1 << 63).unwrap());
    parts_agree::<bool>("bool", &Bernoulli::new(0.3).unwrap());
    parts_agree::<u64>("choice", &Choice::new(9).unwrap());
    parts_agree::<i64>("weighted", &Choice::weighted(vec![0.25, 0.5, 0.25]).unwrap());
}

proptest! {
    #[test]
    fn of_bytes(first in 0_u64..1000, len in 0_usize..50) {
        let mut whole = [0; 1050];
        Bytes.fill(Seed(1).stream(0), 0, &mut whole);
        let mut part = vec![0; len];
        Bytes.fill(Seed(1).stream(0), first, &mut part);
        prop_assert_eq!(&part[..], &whole[first as usize..][..len]);
    }

    #[test]
    fn of_rows(first in 0_u64..1000, len in 0_usize..20) {
        let d = Multinomial::new(50, vec![0.2, 0.5, 0.3]).unwrap();
        let mut whole = vec![0_i64; 3 * 1020];
        d.fill_rows(Seed(1).stream(0), 0, &mut whole);
        let mut part = vec![0_i64; len];
        d.fill_rows(Seed(1).stream(0), first, &mut part);
        prop_assert_eq!(&part[..], &whole[3 * first as usize..][..len]);
    }
}

#[test]
fn streams_and_seeds_differ() {
    let keys =
        [Seed(0).stream(0), Seed(0).stream(1), Seed(1).stream(0), Seed(0).child(0).stream(0)];
    let mut starts: Vec<u64> = Vec::new();
    for key in keys.into_iter().chain([Seed(0).stream_of(b""), Seed(0).stream_of(b"\0")]) {
        let mut start = [0_u64];
        Integers::any().fill(key, 0, &mut start);
        starts.extend(start);
    }
    starts.sort_unstable();
    starts.dedup();
    assert_eq!(starts.len(), 6);
    assert_ne!(Seed::from_entropy(), Seed::from_entropy());
}
