//! Random hand-written graphs with the values that they must give.

use super::seeded::Seeded;
use chunkwise_graph::{Key, TaskDict, args, by_ref, list, literal};
use proptest::prelude::*;

/// A hand-written graph and what it must give.
#[derive(Clone, Debug)]
pub struct GeneratedDict {
    /// The graph.
    pub dict: TaskDict,
    /// Every key, in the order in which it was given.
    pub keys: Vec<Key>,
    /// The value of each key.
    pub values: Vec<i64>,
}

impl GeneratedDict {
    /// The values that some keys must have, by number.
    pub fn expected(&self, wanted: &[usize]) -> (Vec<Key>, Vec<i64>) {
        let keys = wanted.iter().map(|&at| self.keys[at].clone()).collect();
        (keys, wanted.iter().map(|&at| self.values[at]).collect())
    }
}

fn inc(x: i64) -> i64 {
    x.wrapping_add(1)
}

fn subtract(x: i64, y: i64) -> i64 {
    x.wrapping_sub(y)
}

fn weigh(x: &i64, y: &i64) -> i64 {
    x.wrapping_mul(3).wrapping_add(*y)
}

fn digest(items: &[i64]) -> i64 {
    items.iter().fold(7, |sum, item| sum.wrapping_mul(31).wrapping_add(*item))
}

fn digest_nested(items: Vec<Vec<i64>>) -> i64 {
    digest(&items.iter().map(|inner| digest(inner)).collect::<Vec<i64>>())
}

fn half(x: i64) -> Result<i64, std::num::TryFromIntError> {
    // Never an error here: the quotient fits.
    i64::try_from(i128::from(x) / 2)
}

/// A graph of `n` keys: values, functions of one and two arguments, of references, of lists and
/// nested lists of keys, literals, aliases and functions that return `Result`.
pub fn task_dict(n: usize, seed: u64) -> GeneratedDict {
    let mut random = Seeded::new(seed);
    let mut made = GeneratedDict { dict: TaskDict::new(), keys: Vec::new(), values: Vec::new() };
    for at in 0..n {
        let key = key(at, &mut random);
        let value = add_entry(&mut made, &key, &mut random);
        made.keys.push(key);
        made.values.push(value);
    }
    made
}

fn key(at: usize, random: &mut Seeded) -> Key {
    match random.below(4) {
        0 => Key::from(format!("k{at}")),
        1 => Key::from(("größe", at)),
        2 => Key::from(("x", at, random.below(3))),
        _ => Key::from(format!("∑ {at} 🦀")),
    }
}

fn add_entry(made: &mut GeneratedDict, key: &Key, random: &mut Seeded) -> i64 {
    let n = made.keys.len();
    if n == 0 || random.chance(25) {
        let value = random.bits() as i64 % 1000;
        made.dict.value(key, value);
        return value;
    }
    let mut pick = || {
        // Recent keys more often, so that chains come up.
        let from = if random.chance(50) { n.saturating_sub(3) } else { 0 };
        let at = from + random.below(n - from);
        (made.keys[at].clone(), made.values[at])
    };
    let ((a, va), (b, vb), (c, vc)) = (pick(), pick(), pick());
    let dict = &mut made.dict;
    match random.below(9) {
        0 | 1 => {
            dict.task(key, inc, [a]);
            inc(va)
        }
        2 => {
            dict.task(key, subtract, [a, b]);
            subtract(va, vb)
        }
        3 => {
            dict.task(key, by_ref(weigh), [a, b]);
            weigh(&va, &vb)
        }
        4 => {
            dict.alias(key, a);
            va
        }
        5 => {
            dict.task(key, |items: Vec<i64>| digest(&items), [list([a, b, c])]);
            digest(&[va, vb, vc])
        }
        6 => {
            let nested = list([list(vec![a, b]), list(vec![c]), list(vec![])]);
            dict.task(key, digest_nested, [nested]);
            digest_nested(vec![vec![va, vb], vec![vc], vec![]])
        }
        7 => {
            dict.task(key, subtract, args![literal(5i64), a]);
            subtract(5, va)
        }
        _ => {
            dict.try_task(key, half, [a]);
            va / 2
        }
    }
}

/// Random hand-written graphs of up to `max` keys.
pub fn task_dicts(max: usize) -> impl Strategy<Value = GeneratedDict> {
    (0..=max, any::<u64>()).prop_map(|(n, seed)| task_dict(n, seed))
}
