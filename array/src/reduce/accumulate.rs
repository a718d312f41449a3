//! [`Accumulators`]: taking the elements of a chunk, in row-major order, into one accumulator for
//! each kept position.

use super::partial::Partial;
use super::reducer::Reducer;
use crate::chunks::PerAxis;
use crate::error::ArrayError;
use crate::tile::check_shape;
use chunkwise_graph::Value;

/// Neighbouring axes that are all reduced, or all kept.
#[derive(Clone, Copy, Debug)]
struct Group {
    len: usize,
    is_reduced: bool,
    /// From one position to the next, in the accumulators or in the elements reduced together.
    stride: usize,
}

/// The accumulators of a block, and where in it the next element lies.
pub(super) struct Accumulators<'r, R: Reducer> {
    reducer: &'r R,
    groups: PerAxis<Group>,
    partial: Partial<R::Acc>,
    /// Elements of earlier blocks that each accumulator has taken.
    before: u64,
}

/// Elements that are reduced together and follow one another, in a block of this shape.
pub(super) fn run_len(shape: &[usize], reduced: &[bool]) -> usize {
    let last = shape.iter().zip(reduced).rev().take_while(|(_, reduced)| **reduced);
    last.map(|(len, _)| *len).product()
}

/// The shape with the reduced axes of length 1.
fn kept_shape(shape: &[usize], reduced: &[bool]) -> PerAxis<usize> {
    let kept = |(&len, &reduced): (&usize, &bool)| if reduced { 1 } else { len };
    shape.iter().zip(reduced).map(kept).collect()
}

fn groups(shape: &[usize], reduced: &[bool]) -> PerAxis<Group> {
    let mut groups: PerAxis<Group> = PerAxis::new();
    for (&len, &is_reduced) in shape.iter().zip(reduced) {
        match groups.last_mut() {
            // A kept axis of length 1 stays between the others: it may be a part of a longer one, whose
            // elements are taken in this order.
            _ if len == 1 && is_reduced => {}
            Some(group) if group.is_reduced == is_reduced => group.len *= len,
            _ => groups.push(Group { len, is_reduced, stride: 0 }),
        }
    }
    let (mut of_kept, mut of_reduced) = (1, 1);
    for group in groups.iter_mut().rev() {
        let stride = if group.is_reduced { &mut of_reduced } else { &mut of_kept };
        group.stride = *stride;
        *stride *= group.len;
    }
    groups
}

impl<'r, R: Reducer> Accumulators<'r, R> {
    /// For blocks of this shape, or of others that have the same kept lengths.
    pub(super) fn new(reducer: &'r R, shape: &[usize], reduced: &[bool]) -> Accumulators<'r, R> {
        let kept = kept_shape(shape, reduced);
        let accs = vec![reducer.start(); kept.iter().product()];
        let groups = groups(shape, reduced);
        let partial = Partial { shape: kept, accs, n: 0 };
        Accumulators { reducer, groups, partial, before: 0 }
    }

    /// Goes on with another block, which must have the same lengths along the kept axes.
    ///
    /// # Errors
    /// [`ArrayError::Chunk`] if it has others.
    pub(super) fn next_block(
        &mut self,
        shape: &[usize],
        reduced: &[bool],
    ) -> Result<(), ArrayError> {
        check_shape(&kept_shape(shape, reduced), &self.partial.shape)?;
        self.groups = groups(shape, reduced);
        self.before = self.partial.n;
        Ok(())
    }

    /// Takes what another block gave.
    ///
    /// # Errors
    /// [`ArrayError::Chunk`] if it has other kept positions.
    pub(super) fn join(&mut self, other: &Partial<R::Acc>) -> Result<(), ArrayError> {
        self.partial.join(other, self.reducer)
    }

    /// Takes elements of the block, from number `start` on.
    pub(super) fn take(&mut self, start: usize, elements: &[R::In]) {
        let Some(&inner) = self.groups.last() else {
            // One element, or one accumulator of nothing but axes of length 1.
            if let Some(acc) = self.partial.accs.first_mut() {
                self.reducer.row(acc, elements, self.before);
            }
            return;
        };
        let last = self.groups.len() - 1;
        let mut at: PerAxis<usize> = smallvec::smallvec![0; self.groups.len()];
        let (mut kept, mut reduced, mut rest) = (0, 0, start);
        for (at, group) in at.iter_mut().zip(&self.groups).rev() {
            *at = rest % group.len;
            rest /= group.len;
            *(if group.is_reduced { &mut reduced } else { &mut kept }) += *at * group.stride;
        }
        let mut left = elements;
        while !left.is_empty() {
            let (run, behind) = left.split_at(left.len().min(inner.len - at[last]));
            left = behind;
            let before = self.before + reduced as u64;
            match inner.is_reduced {
                true => self.reducer.row(&mut self.partial.accs[kept], run, before),
                false => {
                    let accs = &mut self.partial.accs[kept..kept + run.len()];
                    self.reducer.columns(accs, run, before);
                }
            }
            // On to the start of the next run.
            *(if inner.is_reduced { &mut reduced } else { &mut kept }) -= at[last] * inner.stride;
            at[last] = 0;
            for (at, group) in at[..last].iter_mut().zip(&self.groups).rev() {
                let offset = if group.is_reduced { &mut reduced } else { &mut kept };
                *at += 1;
                *offset += group.stride;
                if *at < group.len {
                    break;
                }
                *offset -= group.len * group.stride;
                *at = 0;
            }
        }
    }

    /// Counts the block's elements.
    pub(super) fn end_block(&mut self, shape: &[usize], reduced: &[bool]) {
        let lens = shape.iter().zip(reduced).filter(|(_, reduced)| **reduced);
        self.partial.n += lens.map(|(len, _)| *len as u64).product::<u64>();
    }

    /// Turns numbers of elements in the block into numbers in the array.
    pub(super) fn place(&mut self, to_array: &dyn Fn(u64) -> u64) {
        if R::PLACES {
            self.partial.accs.iter_mut().for_each(|acc| self.reducer.place(acc, to_array));
        }
    }

    pub(super) fn into_partial(self) -> Partial<R::Acc> {
        self.partial
    }

    pub(super) fn into_value(self) -> Value {
        Value::data(self.partial)
    }
}
