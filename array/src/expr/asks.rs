//! [`Ask`]: what is asked of a node, and which parts of it are made to answer all asks.

use super::node::Node;
use super::selection::Select;
use chunkwise_storage::{Region, Span};

/// What is asked of a node.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Ask {
    Whole,
    Part(Region),
}

/// What is made of a node to answer all that is asked of it: every ask is a part of one of these.
///
/// Parts that overlap are made as one, so that nothing is made twice, unless that costs nothing; and
/// all parts together are never more than the whole.
pub(super) fn parts_to_make(node: &Node, asks: &[Ask]) -> Vec<Ask> {
    // A selection makes nothing: what is asked of it is asked of its input.
    if node.as_operation::<Select>().is_some() {
        return asks.to_vec();
    }
    parts(node, asks).unwrap_or_else(|| vec![Ask::Whole])
}

fn parts(node: &Node, asks: &[Ask]) -> Option<Vec<Ask>> {
    let (shape, all) = (node.chunks.shape()?, node.chunks.n_elements()?);
    let regions = asks.iter().map(|ask| match ask {
        Ask::Whole => None,
        Ask::Part(region) => Some(region.clone()),
    });
    let regions: Vec<Region> = regions.collect::<Option<_>>()?;
    let is_cheap = node.operation().is_cheap();
    let regions = if is_cheap { regions } else { merged(regions) };
    let sum = regions.iter().map(Region::len).fold(0, usize::saturating_add);
    let can = |region: &Region| {
        *region != Region::whole(&shape) && node.operation().demand(node, region).is_some()
    };
    let fits = (is_cheap || sum <= all) && regions.iter().all(can);
    fits.then(|| regions.into_iter().map(Ask::Part).collect())
}

/// The regions, those that overlap put together where that is less than both.
fn merged(regions: Vec<Region>) -> Vec<Region> {
    let mut kept: Vec<Region> = Vec::with_capacity(regions.len());
    let mut left = regions;
    left.reverse();
    while let Some(region) = left.pop() {
        let meets = kept.iter().position(|other| {
            let both = region.len().saturating_add(other.len());
            !region.is_empty() && !other.is_empty() && hull(&region, other).len() < both
        });
        match meets {
            Some(at) => left.push(hull(&region, &kept.swap_remove(at))),
            None => kept.push(region),
        }
    }
    kept
}

/// The least region that holds both, neither of which is empty.
fn hull(a: &Region, b: &Region) -> Region {
    let hull = |(a, b): (&Span, &Span)| {
        let (start, end) = (a.start.min(b.start), a.end().max(b.end()));
        let stride = |span: &Span| if span.count > 1 { span.step } else { 0 };
        let apart = gcd(gcd(stride(a), stride(b)), a.start.abs_diff(b.start)).max(1);
        Span { start, count: (end - 1 - start) / apart + 1, step: apart }
    };
    a.spans().iter().zip(b.spans()).map(hull).collect()
}

/// The greatest number that divides both; the other one of 0.
pub(crate) fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Where a region lies in another one, if it lies in it: what is to be selected of the other.
pub(super) fn within(region: &Region, other: &Region) -> Option<Region> {
    let within = |(inner, outer): (&Span, &Span)| {
        if inner.count == 0 {
            return Some(Span::new(0, 0));
        }
        let offset = inner.start.checked_sub(outer.start)?;
        let step = if inner.count > 1 { inner.step } else { outer.step };
        let is_on_it = offset.is_multiple_of(outer.step) && step.is_multiple_of(outer.step);
        let span = Span { start: offset / outer.step, count: inner.count, step: step / outer.step };
        (is_on_it && span.end() <= outer.count).then_some(span)
    };
    region.spans().iter().zip(other.spans()).map(within).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans() -> impl Strategy<Value = Region> {
        (0usize..20, 1usize..6, 1usize..5)
            .prop_map(|(start, count, step)| Region::from_iter([Span { start, count, step }]))
    }

    fn positions(region: &Region) -> Vec<usize> {
        region.spans()[0].positions().collect()
    }

    proptest! {
        #[test]
        fn a_hull_holds_both(a in spans(), b in spans()) {
            let hull = hull(&a, &b);
            let all = positions(&hull);
            for part in [a, b] {
                let inner = within(&part, &hull).unwrap();
                let found: Vec<usize> = positions(&inner).into_iter().map(|at| all[at]).collect();
                prop_assert_eq!(found, positions(&part));
            }
        }

        #[test]
        fn merged_regions_are_no_more_and_hold_all(all in prop::collection::vec(spans(), 0..6)) {
            let merged = merged(all.clone());
            let len = |regions: &[Region]| regions.iter().map(Region::len).sum::<usize>();
            prop_assert!(len(&merged) <= len(&all));
            for part in &all {
                prop_assert!(merged.iter().any(|made| within(part, made).is_some()));
            }
        }
    }
}
