//! Putting the tile programs of a fused layer into one.

use super::program::{TileProgram, TileStep};
use chunkwise_graph::{Blockwise, Operand, Step};
use smallvec::SmallVec;
use std::any::Any;
use std::sync::Arc;

/// A fused layer with fewer steps, in which tile programs that feed one another are one; `None` if
/// there are none.
///
/// A program is taken into its consumers' when all of them are in one program, and when it makes
/// the very blocks that this one works on: not fewer elements, which are then repeated.
pub(crate) fn join(blockwise: &Blockwise) -> Option<Blockwise> {
    let steps = blockwise.steps();
    let roots = roots(steps);
    let n_joined = roots.iter().enumerate().filter(|(at, root)| at != *root).count();
    if n_joined == 0 {
        return None;
    }
    // Where each kept step's result is among the new ones.
    let mut renumbered: Vec<u16> = vec![0; steps.len()];
    let mut joined: Vec<Step> = Vec::with_capacity(steps.len() - n_joined);
    for (at, step) in steps.iter().enumerate() {
        if roots[at] != at {
            continue;
        }
        let members: Vec<usize> = (0..=at).filter(|&member| roots[member] == at).collect();
        let outside = |operand: Operand| match operand {
            Operand::Input(_) => operand,
            Operand::Step(step) => Operand::Step(renumbered[usize::from(step)]),
        };
        joined.push(match members.len() {
            1 => step.with_operands(step.operands().iter().map(|operand| outside(*operand))),
            _ => join_members(steps, &members, outside),
        });
        renumbered[at] = joined.len() as u16 - 1;
    }
    Some(blockwise.with_steps(joined))
}

fn program(step: &Step) -> Option<&TileProgram> {
    let kernel: &dyn Any = &**step.kernel();
    kernel.downcast_ref()
}

/// For each step, the last step of the program that it will be in.
fn roots(steps: &[Step]) -> Vec<usize> {
    let mut consumers: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for (at, step) in steps.iter().enumerate() {
        for operand in step.operands() {
            if let Operand::Step(used) = *operand {
                consumers[usize::from(used)].push(at);
            }
        }
    }
    let mut roots: Vec<usize> = (0..steps.len()).collect();
    for at in (0..steps.len()).rev() {
        if let Some(root) = common_root(&consumers[at], &roots)
            && fits(&steps[at], &steps[root])
        {
            roots[at] = root;
        }
    }
    roots
}

fn common_root(consumers: &[usize], roots: &[usize]) -> Option<usize> {
    let root = roots[*consumers.first()?];
    consumers.iter().all(|&consumer| roots[consumer] == root).then_some(root)
}

fn fits(producer: &Step, root: &Step) -> bool {
    let (Some(inner), Some(outer)) = (program(producer), program(root)) else { return false };
    inner.sink.is_none()
        && producer.at() == root.at()
        && (Arc::ptr_eq(&inner.chunks, &outer.chunks) || inner.chunks == outer.chunks)
}

/// The step that runs the programs of all `members`, the last of which gives the result.
fn join_members(steps: &[Step], members: &[usize], outside: impl Fn(Operand) -> Operand) -> Step {
    let mut operands: Vec<Operand> = Vec::new();
    let mut leaves = Vec::new();
    let mut tile_steps: Vec<TileStep> = Vec::new();
    // What the result of each member is in the new program.
    let mut results: Vec<(usize, Operand)> = Vec::new();
    let mut sink = None;
    for &member in members {
        let Some(inner) = program(&steps[member]) else { continue };
        // What each leaf of the member becomes.
        let mut inputs: SmallVec<[Operand; 3]> = SmallVec::new();
        for (operand, dtype) in steps[member].operands().iter().zip(&inner.leaves) {
            let made_inside =
                results.iter().find(|(step, _)| *operand == Operand::Step(*step as u16));
            inputs.push(match made_inside {
                Some((_, result)) => *result,
                None => {
                    let operand = outside(*operand);
                    let known = operands.iter().position(|known| *known == operand);
                    Operand::Input(known.unwrap_or_else(|| {
                        operands.push(operand);
                        leaves.push(*dtype);
                        operands.len() - 1
                    }) as u16)
                }
            });
        }
        let offset = tile_steps.len() as u16;
        let moved = |operand: &Operand| match *operand {
            Operand::Input(leaf) => inputs[usize::from(leaf)],
            Operand::Step(step) => Operand::Step(step + offset),
        };
        tile_steps.extend(inner.steps.iter().map(|step| TileStep {
            op: Arc::clone(&step.op),
            operands: step.operands.iter().map(moved).collect(),
        }));
        let result = match inner.steps.len() {
            0 => inputs.first().copied().unwrap_or(Operand::Input(0)),
            _ => Operand::Step(tile_steps.len() as u16 - 1),
        };
        results.push((member, result));
        sink = inner.sink.clone();
    }
    let (last, name) = (members[members.len() - 1], member_names(steps, members));
    let chunks = program(&steps[last]).map(|root| Arc::clone(&root.chunks)).unwrap_or_default();
    let program = TileProgram::new(leaves, tile_steps, sink, chunks);
    Step::new(name, Arc::new(program), operands).mapped(steps[last].at().clone())
}

fn member_names(steps: &[Step], members: &[usize]) -> String {
    members.iter().map(|&member| steps[member].name()).collect::<Vec<_>>().join("+")
}
