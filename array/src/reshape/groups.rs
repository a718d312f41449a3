//! Matching the axes of two shapes with the same number of elements.

use std::ops::Range;

/// Axes of the input that become axes of the result; axes of length 1 are left out where they can
/// be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Group {
    pub(super) from: Range<usize>,
    pub(super) to: Range<usize>,
}

impl Group {
    /// Whether one axis stays as it is.
    pub(super) fn is_same(&self) -> bool {
        self.from.len() == 1 && self.to.len() == 1
    }
}

/// The smallest groups of neighbouring axes with as many elements on either side, in order. Axes of
/// length 1 that lie between them belong to none.
///
/// Both shapes must have the same number of elements, and at least one.
pub(super) fn groups(from: &[usize], to: &[usize]) -> Vec<Group> {
    let (mut i, mut j) = (0, 0);
    let mut groups = Vec::new();
    loop {
        i += from[i..].iter().take_while(|len| **len == 1).count();
        j += to[j..].iter().take_while(|len| **len == 1).count();
        if i >= from.len() || j >= to.len() {
            return groups;
        }
        let start = (i, j);
        let (mut n, mut m) = (from[i], to[j]);
        (i, j) = (i + 1, j + 1);
        while n != m {
            // The shorter side takes the next axis.
            if n < m {
                let Some(len) = from.get(i) else { break };
                n *= len;
                i += 1;
            } else {
                let Some(len) = to.get(j) else { break };
                m *= len;
                j += 1;
            }
        }
        groups.push(Group { from: start.0..i, to: start.1..j });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(from: &[usize], to: &[usize]) -> Vec<String> {
        let text = |group: Group| format!("{:?} -> {:?}", group.from, group.to);
        groups(from, to).into_iter().map(text).collect()
    }

    #[test]
    fn axes_are_matched() {
        assert_eq!(texts(&[4, 6], &[4, 6]), ["0..1 -> 0..1", "1..2 -> 1..2"]);
        assert_eq!(texts(&[4, 6], &[24]), ["0..2 -> 0..1"]);
        assert_eq!(texts(&[1, 24, 5], &[4, 6, 1, 5]), ["1..2 -> 0..2", "2..3 -> 3..4"]);
        assert_eq!(texts(&[4, 6], &[6, 4]), ["0..2 -> 0..2"]);
        assert_eq!(texts(&[1, 1], &[]), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn groups_have_the_same_elements(
            factors in prop::collection::vec(1usize..5, 0..6),
            joins in prop::collection::vec(any::<(bool, bool)>(), 6),
        ) {
            let shape = |join: &dyn Fn(usize) -> bool| {
                let mut shape = Vec::new();
                for (at, factor) in factors.iter().enumerate() {
                    match shape.last_mut() {
                        Some(last) if join(at) => *last *= factor,
                        _ => shape.push(*factor),
                    }
                }
                shape
            };
            let (from, to) = (shape(&|at| joins[at].0), shape(&|at| joins[at].1));
            let groups = groups(&from, &to);
            let (mut i, mut j) = (0, 0);
            for group in &groups {
                prop_assert!(from[i..group.from.start].iter().all(|len| *len == 1));
                prop_assert!(to[j..group.to.start].iter().all(|len| *len == 1));
                let n: usize = from[group.from.clone()].iter().product();
                prop_assert_eq!(n, to[group.to.clone()].iter().product::<usize>());
                (i, j) = (group.from.end, group.to.end);
            }
            prop_assert!(from[i..].iter().chain(&to[j..]).all(|len| *len == 1));
        }
    }
}
