//! The survey: what tasks on larger chunks allocate, beside what they said.

#[cfg(feature = "fft")]
use crate::check::COUNTING;
use crate::check::counted;
use chunkwise_array::random::{self, Seed};
use chunkwise_array::{Array, ChunkSpec, Element};
use chunkwise_graph::{Collection, CollectionExt};
use chunkwise_testing::{Counted, Counts, SLACK};
use ndarray::ArrayD;

/// Sorting, statistics and what else looks at elements by their values.
mod by_value;
/// Functions of the user's.
mod custom;
/// Element by element, and reductions.
mod elements;
/// Fourier transforms.
#[cfg(feature = "fft")]
mod fourier;
/// Selections, assignments, searches.
mod indexing;
/// Other shapes, other chunks, several arrays as one.
mod layout;
/// Products, decompositions, equations.
#[cfg(feature = "linalg")]
mod matrices;
/// Created, read, and written.
mod sources;

/// Tasks of fewer bytes are too small to be judged beside what is allocated for shapes and lists.
const SMALL: u64 = 64 << 10;

/// What is wrong with some operations, each by its name.
#[derive(Default)]
struct Survey {
    findings: Vec<String>,
}

impl Survey {
    /// Looks at every task of an operation: it stays within its bounds, which are known, and at most
    /// so many times what it allocates.
    fn look(&mut self, name: &str, factor: f64, operation: &impl Collection) {
        self.compare(name, factor, &counted(operation));
    }

    /// As [`Survey::look`], with what a thread keeps for later tasks.
    #[cfg(feature = "fft")]
    fn look_cold(&mut self, name: &str, factor: f64, operation: &impl Collection) {
        let plan = operation.graph().plan().unwrap();
        self.compare(name, factor, &COUNTING.cold().run(&plan).unwrap());
    }

    fn compare(&mut self, name: &str, factor: f64, counts: &Counts) {
        let mut add = |what: String| {
            if !self.findings.contains(&what) {
                self.findings.push(what);
            }
        };
        for fault in counts.faults() {
            add(format!("{name}: {fault}"));
        }
        for unknown in counts.unknown() {
            add(format!("{name}: the bounds of {unknown} are not known"));
        }
        for task in counts.tasks.iter().filter(|task| is_loose(task, factor)) {
            let (said, peak) = (task.bounds, task.peak.max(task.nbytes));
            let times = task.bound().unwrap_or(0) as f64 / peak.max(1) as f64;
            add(format!("{name}: {} allocated {peak} bytes of {said:?}: {times:.1}", task.name));
        }
    }

    #[track_caller]
    fn finish(self) {
        assert!(self.findings.is_empty(), "\n{}", self.findings.join("\n"));
    }
}

fn is_loose(task: &Counted, factor: f64) -> bool {
    // What is given and was there before, a part of an input, is no allocation.
    let held = (task.peak.max(task.nbytes) + SLACK) as f64;
    task.bound().is_some_and(|bound| bound > SMALL && bound as f64 > factor * held)
}

/// Looks at some operations; what there is to say of all of them is said at the end.
macro_rules! survey {
    (within $factor:literal times: $($name:literal: $operation:expr;)+) => {{
        let mut survey = $crate::bounds::Survey::default();
        $( survey.look($name, $factor, &$operation); )+
        survey.finish();
    }};
    ($($name:literal: $operation:expr;)+) => {
        $crate::bounds::survey! { within 2.0 times: $($name: $operation;)+ }
    };
}
use survey;

/// 512 by 384 numbers in six chunks of 256 KiB.
fn matrix() -> Array<f64> {
    in_memory(&random::normal(0.0, 1.0, [512, 384], Seed(7)).chunks(-1), [256, 128])
}

/// As [`matrix`], with chunks whose elements lie column by column.
fn turned() -> Array<f64> {
    in_memory(&random::normal(0.0, 1.0, [384, 512], Seed(8)).chunks(-1), [128, 256]).transpose()
}

/// 96,000 numbers in three chunks of 250 KiB.
fn vector() -> Array<f64> {
    in_memory(&random::normal(0.0, 1.0, [96_000], Seed(9)).chunks(-1), 32_000)
}

/// As [`vector`], of whole numbers from 0 to 99.
fn whole_numbers() -> Array<i64> {
    in_memory(&random::integers(0i64, 100, [96_000], Seed(10)).chunks(-1), 32_000)
}

fn in_memory<T: Element>(array: &Array<T>, chunks: impl Into<ChunkSpec>) -> Array<T> {
    let memory: ArrayD<T> = array.compute_with(&chunkwise_graph::InOrder).unwrap();
    Array::from_ndarray(&memory, chunks)
}
