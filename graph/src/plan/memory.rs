//! What a plan needs in memory, known before it runs.

use super::Plan;
use crate::bounds::Bounds;
use crate::key::Key;
use crate::simulate::{Memory, peak};

/// The most memory that a run in plan order holds at any time.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PredictedPeak {
    /// Bytes of results and scratch held at the peak; a lower bound if `n_unknown` is not 0.
    pub bytes: u64,
    /// The first task that runs at that level.
    pub task: Option<Key>,
    /// Tasks whose bounds are not known; they count as 0 bytes.
    pub n_unknown: usize,
    /// The most results that are held at any time, whatever their size.
    pub live: u64,
}

impl Plan {
    /// Upper bounds on the memory of one task; of a fused chain, of all its steps.
    pub fn bytes(&self, task: u32) -> Bounds {
        let bounds = self.blocks_of(task).iter().map(|node| {
            let layer = &self.inner.layers[node.layer as usize];
            layer.blocks.bytes(node.block)
        });
        let joined = bounds.map(|b| Some((b.scratch?, b.output?))).reduce(|before, next| {
            let ((scratch, output), (next_scratch, next_output)) = (before?, next?);
            // The result of the step before is held while the next one runs.
            let while_next = output.checked_add(next_scratch)?;
            Some((scratch.checked_add(output)?.max(while_next), next_output))
        });
        match joined.flatten() {
            Some((scratch, output)) => Bounds::output(output).with_scratch(scratch),
            None if self.blocks_of(task).len() == 1 => {
                let node = self.blocks_of(task)[0];
                self.inner.layers[node.layer as usize].blocks.bytes(node.block)
            }
            None => Bounds::UNKNOWN,
        }
    }

    /// The memory that a run in plan order needs, from an exact simulation of holding and
    /// releasing. More workers hold more: see [`crate::simulate::workers()`].
    ///
    /// # Complexity
    /// O(tasks + dependencies) time, 25 bytes a task while it runs.
    pub fn predicted_peak(&self) -> PredictedPeak {
        let bounds: Vec<Bounds> = self.dag().tasks().map(|task| self.bytes(task)).collect();
        let sizes: Vec<u64> = bounds.iter().map(|b| b.output.unwrap_or(0)).collect();
        let scratch: Vec<u64> = bounds.iter().map(|b| b.scratch.unwrap_or(0)).collect();
        let sequence: Vec<u32> = self.dag().tasks().collect();
        let counts = Memory { outputs: self.outputs(), ..Memory::default() };
        let in_bytes = Memory { sizes: Some(&sizes), scratch: Some(&scratch), ..counts };
        // The numbering of a plan is an order of all its tasks, so neither can fail.
        let bytes = peak(self.dag(), &sequence, &in_bytes).unwrap_or_default();
        let live = peak(self.dag(), &sequence, &counts).unwrap_or_default();
        PredictedPeak {
            bytes: bytes.live,
            task: bytes.task.map(|task| self.task(task).key()),
            n_unknown: bounds.iter().filter(|bounds| !bounds.is_known()).count(),
            live: live.live,
        }
    }
}
