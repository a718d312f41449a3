//! Fusing into folds: a task that takes its inputs one by one makes them itself.

use crate::fold::{Folded, Source};
use crate::graph::{Graph, LayerId};
use crate::grid::n_blocks;
use crate::layer::{Blocks, Dep};
use petgraph::Direction::Outgoing;
use std::sync::Arc;

/// Layers with as many tasks keep all workers busy even if each makes its inputs one after the other.
const WIDE: u32 = 64;

impl Graph {
    /// Runs producers inside consumers that take their inputs one after the other
    /// ([`crate::Blocks::as_fold`]): one input at a time is held instead of all of a task's, and they
    /// are no tasks.
    ///
    /// A producer is fused if nothing else wants its blocks, each of them is needed once, and the
    /// consumer has at least 64 tasks, or one input a task: else what could run side by side would
    /// not. Blocks that are there already, and such as have keys of their own, stay as they are.
    /// Gives the number of layers that went.
    ///
    /// # Complexity
    /// O(tasks of folds and of their inputs); their dependencies are looked at.
    pub fn fuse_folds(&mut self) -> usize {
        let mut n_fused = 0;
        for consumer in self.layer_ids() {
            let producers = self.foldable_inputs(consumer);
            if !producers.is_empty() {
                self.fold(consumer, &producers);
                n_fused += producers.len();
            }
        }
        n_fused
    }

    fn foldable_inputs(&self, consumer: LayerId) -> Vec<LayerId> {
        let blocks = &self.layers[consumer].blocks;
        let n_tasks = n_blocks(blocks.grid()).unwrap_or(0);
        if blocks.as_fold().is_none() || n_tasks == 0 {
            return Vec::new();
        }
        let inputs = self.inputs(consumer);
        let mut producers: Vec<LayerId> = inputs.iter().copied().collect();
        producers.sort_unstable();
        producers.dedup();
        producers.retain(|&producer| {
            let mut consumers = self.layers.neighbors_directed(producer, Outgoing);
            !self.is_wanted(producer)
                && consumers.all(|other| other == consumer)
                && is_plain(&*self.layers[producer].blocks)
        });
        if producers.is_empty() {
            return producers;
        }
        let mut uses = Uses::new(self, &producers);
        let (mut deps, mut n_deps) = (Vec::new(), 0u64);
        for task in 0..n_tasks {
            deps.clear();
            blocks.deps(task, &mut deps);
            n_deps += deps.len() as u64;
            for dep in &deps {
                match inputs.get(dep.input as usize) {
                    Some(&input) => uses.count(input, dep.block),
                    // It needs blocks of its own layer.
                    None => return Vec::new(),
                }
            }
        }
        if n_tasks < WIDE && n_deps > u64::from(n_tasks) {
            return Vec::new();
        }
        uses.needed_once()
    }

    fn fold(&mut self, consumer: LayerId, producers: &[LayerId]) {
        let mut inputs: Vec<LayerId> = Vec::new();
        let mut sources = Vec::new();
        for input in self.inputs(consumer) {
            let first = inputs.len() as u32;
            if producers.contains(&input) {
                inputs.extend(self.inputs(input));
                let blocks = Arc::clone(&self.layers[input].blocks);
                sources.push(Source::Inside { blocks, first });
            } else {
                inputs.push(input);
                sources.push(Source::Outside(first));
            }
        }
        let folded = Folded { consumer: Arc::clone(&self.layers[consumer].blocks), sources };
        self.replace(consumer, Arc::new(folded), &inputs);
        producers.iter().for_each(|&producer| self.remove(producer));
    }
}

/// Whether blocks are tasks like any other: none is held, named apart, needs its neighbours, or goes
/// to other processes with data of its own.
fn is_plain(blocks: &dyn Blocks) -> bool {
    let mut deps = Vec::new();
    blocks.ship_block(0).is_none()
        && (0..n_blocks(blocks.grid()).unwrap_or(0)).all(|block| {
            deps.clear();
            blocks.deps(block, &mut deps);
            blocks.constant(block).is_none()
                && blocks.key(block).is_none()
                && deps.iter().all(|dep| dep.input != Dep::OWN)
        })
}

/// How often each block of some layers is needed.
struct Uses {
    producers: Vec<(LayerId, Vec<u8>)>,
}

impl Uses {
    fn new(graph: &Graph, producers: &[LayerId]) -> Uses {
        let none = |&id: &LayerId| {
            let n = n_blocks(graph.layers[id].blocks.grid()).unwrap_or(0);
            (id, vec![0; n as usize])
        };
        Uses { producers: producers.iter().map(none).collect() }
    }

    fn count(&mut self, layer: LayerId, block: u32) {
        if let Ok(at) = self.producers.binary_search_by_key(&layer, |(id, _)| *id)
            && let Some(n) = self.producers[at].1.get_mut(block as usize)
        {
            *n = n.saturating_add(1);
        }
    }

    fn needed_once(self) -> Vec<LayerId> {
        let once = self.producers.into_iter().filter(|(_, n)| n.iter().all(|n| *n <= 1));
        once.map(|(id, _)| id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        BoxError, Fold, InOrder, Inputs, Key, Layer, Name, Run, Scheduler, Value, cancelled, taken,
    };
    use std::borrow::Cow;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Each block is its number; some fail.
    struct Numbers {
        grid: [u32; 1],
        fails: Option<u32>,
        alive: Arc<AtomicUsize>,
    }

    impl Blocks for Numbers {
        fn grid(&self) -> &[u32] {
            &self.grid
        }
        fn deps(&self, _: u32, _: &mut Vec<Dep>) {}
        fn run(&self, block: u32, _: &mut [Value]) -> Result<Value, BoxError> {
            assert!(!cancelled());
            match self.fails == Some(block) {
                true => Err("it fails".into()),
                false => {
                    self.alive.fetch_add(1, Ordering::Relaxed);
                    Ok(Value::new(Number(i64::from(block), Arc::clone(&self.alive))))
                }
            }
        }
        fn op_name(&self) -> Cow<'_, str> {
            "number".into()
        }
    }

    /// A number that counts how many there are.
    struct Number(i64, Arc<AtomicUsize>);

    impl Drop for Number {
        fn drop(&mut self) {
            self.1.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Sums of so many blocks each, from a step to the next of as many or fewer.
    struct Sums {
        grid: [u32; 1],
        n_inputs: u32,
        step: u32,
    }

    impl Blocks for Sums {
        fn grid(&self) -> &[u32] {
            &self.grid
        }
        fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
            let first = block * self.step;
            deps.extend((first..first + self.n_inputs).map(|block| Dep::input(0, block)));
        }
        fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
            self.fold(block, &mut taken(inputs))
        }
        fn as_fold(&self) -> Option<&dyn Fold> {
            Some(self)
        }
        fn op_name(&self) -> Cow<'_, str> {
            "sum".into()
        }
    }

    impl Fold for Sums {
        fn fold(&self, _: u32, inputs: &mut Inputs<'_>) -> Result<Value, BoxError> {
            let mut sum = 0;
            for input in inputs {
                let input = input?;
                let number = input.get::<Number>()?;
                assert_eq!(number.1.load(Ordering::Relaxed), 1, "one at a time is there");
                sum += number.0;
            }
            Ok(Value::new(sum))
        }
    }

    fn numbers(n: u32, fails: Option<u32>) -> Arc<Layer> {
        let alive = Arc::default();
        Layer::new(Name::unique("numbers"), [], Numbers { grid: [n], fails, alive })
    }

    fn sums(numbers: &Arc<Layer>, n: u32, n_inputs: u32, step: u32) -> Arc<Layer> {
        let sums = Sums { grid: [n], n_inputs, step };
        Layer::new(Name::unique("sums"), [Arc::clone(numbers)], sums)
    }

    #[test]
    fn inputs_are_made_one_by_one() {
        let sums = sums(&numbers(300, None), 100, 3, 3);
        let mut graph = Graph::new([&sums]);
        assert_eq!((graph.fuse_folds(), graph.n_tasks()), (1, 100));
        let plan = graph.plan().unwrap();
        assert_eq!(plan.task(0).op_name(), "number+sum");
        let values = InOrder.run(&plan, &Run::new()).unwrap();
        let found: Vec<i64> = values.iter().map(|value| *value.get::<i64>().unwrap()).collect();
        assert_eq!(found, (0..100).map(|at| 9 * at + 3).collect::<Vec<i64>>());
    }

    #[test]
    fn some_producers_stay() {
        let n_fused = |sums: &Arc<Layer>, also: &[&Arc<Layer>]| {
            Graph::new([sums].into_iter().chain(also.iter().copied())).fuse_folds()
        };
        let all = numbers(300, None);
        assert_eq!(n_fused(&sums(&all, 100, 3, 3), &[]), 1);
        assert_eq!(n_fused(&sums(&all, 63, 3, 3), &[]), 0, "too few tasks to keep workers busy");
        assert_eq!(n_fused(&sums(&all, 63, 1, 1), &[]), 1, "as many tasks as before");
        assert_eq!(n_fused(&sums(&all, 100, 3, 2), &[]), 0, "blocks are needed twice");
        assert_eq!(n_fused(&sums(&all, 100, 3, 3), &[&all]), 0, "its blocks are wanted");
        let other = sums(&all, 300, 1, 1);
        assert_eq!(n_fused(&sums(&all, 100, 3, 3), &[&other]), 0, "another layer needs them");
    }

    #[test]
    fn an_input_that_fails_fails_the_task() {
        let sums = sums(&numbers(300, Some(200)), 100, 3, 3);
        let mut graph = Graph::new([&sums]);
        assert_eq!(graph.fuse_folds(), 1);
        let plan = graph.plan().unwrap();
        let error = InOrder.run(&plan, &Run::new()).unwrap_err();
        let key = Key { name: sums.name().clone(), index: [66].into_iter().collect() };
        let text = error.to_string();
        assert!(text.contains(&key.to_string()), "{text}");
        assert!(format!("{error:?}").contains("it fails"), "{error:?}");
    }
}
