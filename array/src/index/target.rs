//! [`Target`]: the positions along an axis at which elements are replaced.

use crate::expr::gcd;
use chunkwise_graph::Tokenizer;
use chunkwise_storage::Span;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;

/// The positions along an axis at which elements are replaced.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Span(Span),
    /// In ascending order, each once.
    List(Arc<[usize]>),
}

impl Target {
    /// How many they are.
    pub(super) fn count(&self) -> usize {
        match self {
            Target::Span(span) => span.count,
            Target::List(list) => list.len(),
        }
    }

    /// What it has of a range of positions: which of its own, and where they are in the range.
    pub(super) fn inside(&self, range: &Range<usize>) -> (Range<usize>, Inside) {
        match self {
            Target::Span(span) => {
                let before = |position: usize| {
                    position.saturating_sub(span.start).div_ceil(span.step).min(span.count)
                };
                let own = before(range.start)..before(range.end);
                let start = (span.start + own.start * span.step).saturating_sub(range.start);
                let count = own.len();
                (own, Inside::Span(Span { start, count, step: span.step }))
            }
            Target::List(list) => {
                let before = |position: usize| list.partition_point(|&at| at < position);
                let own = before(range.start)..before(range.end);
                let inside = list[own.clone()].iter().map(|at| at - range.start).collect();
                (own, Inside::List(inside))
            }
        }
    }

    /// What of it is in a part of the axis: which of its own, and where they are in the part. `None`
    /// if these are no positions at equal distances.
    pub(super) fn within(&self, part: &Span) -> Option<(Span, Target)> {
        let nothing = (Span::new(0, 0), Target::Span(Span::new(0, 0)));
        match self {
            Target::Span(span) => Some(
                common(span, part).map_or(nothing, |(own, in_part)| (own, Target::Span(in_part))),
            ),
            Target::List(list) => {
                let is_in = |at: usize| {
                    at >= part.start
                        && at < part.end()
                        && (at - part.start).is_multiple_of(part.step)
                };
                let own: Vec<usize> = (0..list.len()).filter(|&item| is_in(list[item])).collect();
                let Some(&first) = own.first() else { return Some(nothing) };
                let follow = own.windows(2).all(|pair| pair[1] == pair[0] + 1);
                let there = own.iter().map(|&item| (list[item] - part.start) / part.step);
                follow.then(|| (Span::new(first, own.len()), Target::List(there.collect())))
            }
        }
    }

    /// Adds them to a token.
    pub(super) fn tokenize(&self, hash: &mut Tokenizer) {
        match self {
            Target::Span(span) => {
                hash.u64(span.start as u64).u64(span.count as u64).u64(span.step as u64);
            }
            Target::List(list) => {
                hash.bytes(bytemuck::cast_slice(list));
            }
        }
    }
}

/// The positions that two spans have in common: their numbers in the first one, and in the second.
fn common(a: &Span, b: &Span) -> Option<(Span, Span)> {
    if a.count == 0 || b.count == 0 {
        return None;
    }
    // The first common position: within one round of the other's steps it is met or never.
    let first = a.start.max(b.start);
    let in_a = (first - a.start).div_ceil(a.step);
    let is_in_b = |at: &usize| at.checked_sub(b.start).is_some_and(|at| at.is_multiple_of(b.step));
    let start = (in_a..(in_a + b.step).min(a.count)).map(|i| a.start + i * a.step).find(is_in_b)?;
    let end = a.end().min(b.end());
    if start >= end {
        return None;
    }
    let step = a.step / gcd(a.step, b.step) * b.step;
    let count = (end - 1 - start) / step + 1;
    let numbers = |span: &Span| Span {
        start: (start - span.start) / span.step,
        count,
        step: if count > 1 { step / span.step } else { 1 },
    };
    Some((numbers(a), numbers(b)))
}

/// Where the elements of a chunk are that are replaced.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Inside {
    Span(Span),
    List(Vec<usize>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span() -> impl Strategy<Value = Span> {
        (0usize..12, 0usize..6, 1usize..5).prop_map(|(start, count, step)| Span {
            start,
            count,
            step,
        })
    }

    proptest! {
        #[test]
        fn common_positions_are_those_of_both(a in span(), b in span()) {
            let shared: Vec<usize> = a.positions().filter(|at| b.positions().any(|b| b == *at)).collect();
            let found = common(&a, &b);
            let positions = |of: &Span, numbers: &Span| -> Vec<usize> {
                let all: Vec<usize> = of.positions().collect();
                numbers.positions().map(|number| all[number]).collect()
            };
            match found {
                None => prop_assert!(shared.is_empty()),
                Some((in_a, in_b)) => {
                    prop_assert_eq!(&positions(&a, &in_a), &shared);
                    prop_assert_eq!(&positions(&b, &in_b), &shared);
                }
            }
        }
    }
}
