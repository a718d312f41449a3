//! I1 to I3: calls that are made later, what they look like before, and their graph.

use chunkwise::delayed::value;
use chunkwise::graph::TaskRef;
use chunkwise::prelude::*;

use crate::chapter::schedulers::on_each;
use crate::chapter::{ChapterError, Context};
use crate::report::{Code, Step, Way};

const SOURCE: &str = include_str!("calls.rs");

fn inc(x: i64) -> i64 {
    x + 1
}

fn add(x: i64, y: i64) -> i64 {
    x + y
}

/// I1 and I2: functions made lazy, called with handles; nothing is computed here.
fn lazily() -> Delayed<i64> {
    let (inc, add) = (delayed(inc), delayed(add));
    let a = value(1i64);
    let b = inc.call(&a);
    let x = value(10i64);
    let y = inc.call(&x);
    add.call((b, y))
}

/// A function that is always called lazily.
#[delayed]
fn multiply(x: i64, y: i64) -> i64 {
    x * y
}

/// Handles are arguments of other calls, and numbers behind handles are calculated with.
fn with_the_attribute() -> Delayed<i64> {
    let z = lazily();
    multiply(&z, 3) + 3
}

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    context.prose(
        "Graphs without keys: `delayed(f)` is a function whose calls are tasks. A call gives a \
         handle at\nonce, of the type that `f` returns; the compiler checks the arguments. The \
         code reads as if it ran.",
    )?;
    let code = Code::of(SOURCE, &["inc", "add", "lazily"]);
    let step = Step { ids: "I1 I2", title: "called lazily", code, ..Step::default() };
    let z = context.step(step, || Ok(lazily()), |z| format!("z is {z}"))?;

    context
        .prose("Printing a handle computes nothing. `compute` does, and what it needs first.")?;
    let step = Step { ids: "I2", title: "z.compute_with(scheduler)", ..Step::default() };
    let workers = context.workers("I2")?;
    let eager = Way::new("plain calls", || Ok(add(inc(1), inc(10))));
    let compute = |scheduler: &dyn Scheduler| z.compute_with(scheduler);
    context.compare(step, eager, on_each(workers.as_ref(), compute), |z| format!("z = {z}"))?;

    let code = Code::of(SOURCE, &["multiply", "with_the_attribute"]);
    let title = "a function that is always lazy, and arithmetic";
    let step = Step { ids: "I1", title, code, ..Step::default() };
    let compute = || Ok(with_the_attribute().compute()?);
    context.step(step, compute, |answer| format!("z * 3 + 3 = {answer}"))?;
    look(context, &z)
}

/// I3: the graph behind a handle.
fn look(context: &mut Context<'_>, z: &Delayed<i64>) -> Result<(), ChapterError> {
    context
        .prose("Behind the handle is a graph like the hand-written one; the keys are made up.")?;
    let step = Step { ids: "I3", title: "the tasks of z.plan()", ..Step::default() };
    let tasks = || Ok(z.plan()?.tasks().map(line).collect::<Vec<_>>().join("\n"));
    context.step(step, tasks, Clone::clone)?;
    let path = context.output("04-lazy-calls.svg")?;
    let step = Step { ids: "I3", title: "drawn: z.visualize(path)", ..Step::default() };
    context.step(step, || Ok(z.visualize(&path)?), |()| path.display().to_string())
}

/// `key = value` or `key = operation(keys)`.
fn line(task: TaskRef<'_>) -> String {
    match task.constant() {
        Some(value) => format!("{} = {}", task.key(), value.describe()),
        None => {
            let needed: Vec<String> = task.deps().map(|dep| dep.key().to_string()).collect();
            format!("{} = {}({})", task.key(), task.op_name(), needed.join(", "))
        }
    }
}
