//! The bits behind all distributions: even, and unrelated between neighbours of any kind.

use chunkwise_array_random::*;
use rand::Rng;

use crate::functions::chi_square;

const N: u64 = 1 << 15;

type Sequence = Box<dyn Fn(u64) -> u64>;

/// Words of sequences in which one thing changes and the rest stays.
fn sequences() -> Vec<(String, Sequence)> {
    let mut all: Vec<(String, Sequence)> = Vec::new();
    let word = |key, position| ElementRng::at(key, position).next_u64();
    for bits in [0, 1, 3, 8, 13, 20, 32, 40, 44] {
        let key = Seed(8).stream(0);
        all.push((format!("stride 2^{bits}"), Box::new(move |i| word(key, i << bits))));
    }
    for stride in [3, 1000, 1_000_003] {
        let key = Seed(9).stream(0);
        all.push((format!("stride {stride}"), Box::new(move |i| word(key, i * stride))));
    }
    all.push(("seeds".into(), Box::new(move |i| word(Seed(i).stream(0), 5))));
    all.push(("streams".into(), Box::new(move |i| word(Seed(1).stream(i), 5))));
    all.push(("names".into(), Box::new(move |i| word(Seed(1).stream_of(&i.to_le_bytes()), 5))));
    for draws in [2, 4] {
        let key = Seed(10).stream(0);
        let within = move |i| {
            let mut rng = ElementRng::at(key, i / draws);
            (0..i % draws).fold(rng.next_u64(), |_, _| rng.next_u64())
        };
        all.push((format!("{draws} draws of each"), Box::new(within)));
    }
    all
}

#[test]
fn bytes_are_even() {
    for (name, word) in sequences() {
        let mut counts = vec![[0; 256]; 8];
        (0..N).for_each(|i| {
            word(i).to_le_bytes().iter().zip(&mut counts).for_each(|(&b, of)| of[b as usize] += 1);
        });
        for (byte, counts) in counts.iter().enumerate() {
            let excess = chi_square(counts, &[N as f64 / 256.0; 256]);
            assert!(excess.abs() < 4.5, "{name}, byte {byte}: {excess}");
        }
    }
}

/// Each bit against each bit of the next word, and of the one after it.
#[test]
fn bits_of_neighbours_are_unrelated() {
    for (name, word) in sequences() {
        for lag in [1, 2] {
            // agreements of bit i of one word with bit i + turn of the other, counted by turns
            for turn in (0..64).step_by(7) {
                let mut agree = [0_u32; 64];
                for i in 0..N / 4 {
                    let same = !(word(i) ^ word(i + lag).rotate_left(turn));
                    (0..64).for_each(|bit| agree[bit] += (same >> bit) as u32 & 1);
                }
                let n = (N / 4) as f64;
                for (bit, &agree) in agree.iter().enumerate() {
                    let z = (f64::from(agree) - n / 2.0) / (n / 4.0).sqrt();
                    assert!(z.abs() < 5.7, "{name}, lag {lag}, bit {bit}, turn {turn}: {z}");
                }
            }
        }
    }
}

/// The top six bits of a word against those of the next; and the same of the lowest bits.
#[test]
fn pairs_fill_the_plane() {
    for (name, word) in sequences() {
        for shift in [58, 0] {
            let mut counts = vec![0; 4096];
            for i in 0..N * 2 {
                let (a, b) = (word(2 * i) >> shift & 63, word(2 * i + 1) >> shift & 63);
                counts[(a * 64 + b) as usize] += 1;
            }
            let excess = chi_square(&counts, &vec![N as f64 * 2.0 / 4096.0; 4096]);
            assert!(excess.abs() < 4.5, "{name}, shift {shift}: {excess}");
        }
    }
}

/// Changing one bit of position, seed or stream changes each bit of the word in half of the cases.
#[test]
fn one_bit_changes_half() {
    let of: [fn(u64) -> u64; 3] = [
        |x| ElementRng::at(Seed(3).stream(0), x).next_u64(),
        |x| ElementRng::at(Seed(x).stream(0), 0).next_u64(),
        |x| ElementRng::at(Seed(3).stream(x), 0).next_u64(),
    ];
    for (what, word) in of.iter().enumerate() {
        for input in 0..64 {
            let mut flips = [0_u32; 64];
            let n = 2048;
            for i in 0..n {
                let changed = word(i) ^ word(i ^ (1 << input));
                (0..64).for_each(|bit| flips[bit] += (changed >> bit) as u32 & 1);
            }
            for (bit, &flips) in flips.iter().enumerate() {
                let z = (f64::from(flips) - n as f64 / 2.0) / (n as f64 / 4.0).sqrt();
                // pairs of low bits are each counted twice
                assert!(z.abs() < 8.0, "{what}, input {input}, bit {bit}: {z}");
            }
        }
    }
}

#[test]
fn neighbouring_elements_are_uncorrelated() {
    let n = 100_000;
    for (seed, stride) in [(1, 1), (1, 1024), (2, 1), (2, 1 << 30)] {
        let mut out = vec![0.0_f64; n];
        for (i, x) in out.iter_mut().enumerate() {
            Normal::standard().fill(
                Seed(seed).stream(0),
                i as u64 * stride,
                std::slice::from_mut(x),
            );
        }
        for lag in 1..20 {
            let sum: f64 = out.iter().zip(&out[lag..]).map(|(x, y)| x * y).sum();
            assert!((sum / (n as f64).sqrt()).abs() < 4.0, "{seed}, {stride}, {lag}: {sum}");
        }
        let squares: f64 = out.windows(2).map(|w| (w[0] * w[0] - 1.0) * (w[1] * w[1] - 1.0)).sum();
        assert!((squares / 2.0 / (n as f64).sqrt()).abs() < 4.0, "{squares}");
    }
}

#[test]
fn adjacent_seeds_are_uncorrelated() {
    let n = 50_000;
    let of = |seed| {
        let mut out = vec![0.0_f64; n];
        Normal::standard().fill(Seed(seed).stream(0), 0, &mut out);
        out
    };
    let all: Vec<Vec<f64>> = (0..8).map(of).collect();
    for (i, x) in all.iter().enumerate() {
        for y in &all[i + 1..] {
            let sum: f64 = x.iter().zip(y).map(|(x, y)| x * y).sum();
            assert!((sum / (n as f64).sqrt()).abs() < 4.0, "{i}: {sum}");
        }
    }
}
