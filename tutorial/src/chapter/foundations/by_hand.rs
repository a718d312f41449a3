//! F1 to F5: five keys, written by hand, looked at, computed and drawn.

use chunkwise::graph::Error;
use chunkwise::prelude::*;

use crate::chapter::schedulers::on_each;
use crate::chapter::{ChapterError, Context};
use crate::report::{Code, Step, Way};

const SOURCE: &str = include_str!("by_hand.rs");

/// The next number.
pub(in crate::chapter) fn inc(x: i64) -> i64 {
    x + 1
}

/// The sum of two numbers.
pub(in crate::chapter) fn add(x: i64, y: i64) -> i64 {
    x + y
}

/// F1: every call computes at once.
fn eager() -> i64 {
    let a = 1;
    let b = inc(a);
    let x = 10;
    let y = inc(x);
    add(b, y)
}

/// F2: the same as a graph; nothing is computed here.
pub(super) fn five_keys() -> TaskDict {
    let mut graph = TaskDict::new();
    graph.value("a", 1i64);
    graph.task("b", inc, ["a"]);
    graph.value("x", 10i64);
    graph.task("y", inc, ["x"]);
    graph.task("z", add, ["b", "y"]);
    graph
}

/// F3 and F4: a scheduler computes the keys that it is asked for, and what they need.
fn compute(scheduler: &dyn Scheduler) -> Result<i64, Error> {
    scheduler.get(&five_keys(), "z")
}

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    context.prose(
        "A program is a graph: functions, and what each is applied to. Written as plain calls, \
         the\ngraph is gone once the answer is there:",
    )?;
    let code = Code::of(SOURCE, &["inc", "add", "eager"]);
    let step = Step { ids: "F1", title: "two functions, called at once", code, ..Step::default() };
    let called = context.step(step, || Ok(eager()), |z| format!("z = {z}"))?;

    context.prose(
        "The same graph, kept: each key names a value, or a function and the keys that it is \
         applied to.\nMaking it computes nothing, and it can be looked at.",
    )?;
    let code = Code::of(SOURCE, &["five_keys"]);
    let step = Step { ids: "F2", title: "a graph of five keys", code, ..Step::default() };
    let graph = context.step(step, || Ok(five_keys()), TaskDict::to_string)?;
    let step = Step { ids: "F2", title: "what is in it", ..Step::default() };
    context.step(step, || look(&graph), Clone::clone)?;

    context.prose(
        "A scheduler computes a graph. All of them give the same answer; they differ in who runs \
         the\ntasks: the calling thread, a pool of threads, or worker processes. Workers run \
         this same program\nwithout its `main`. They are started once, and all steps from here on \
         share them.",
    )?;
    let workers = context.workers("F4")?;
    let code = Code::of(SOURCE, &["compute"]);
    let step = Step { ids: "F3 F4", title: "computed", code, ..Step::default() };
    let calls = Way::new("plain calls", move || Ok(called));
    context.compare(step, calls, on_each(workers.as_ref(), compute), |z| format!("z = {z}"))?;
    context.prose(
        "Processes only cost here: the workers have to be told what to run, and the values come \
         back. (Their\npeak memory is that of this program + that of the workers together, each \
         of which has what a program\nneeds at all.)",
    )?;
    draw(context, &graph)
}

/// The graph as data.
fn look(graph: &TaskDict) -> Result<String, ChapterError> {
    let (function, arguments) = graph.get_task("z").ok_or(ChapterError::NoKey { key: "z" })?;
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    let keys: Vec<String> = graph.keys().map(ToString::to_string).collect();
    Ok(format!(
        "graph.keys()             {}\n\
         graph.get_task(\"z\")      {function}, [{}]\n\
         graph.dependencies(\"z\")  {:?}\n\
         graph.dependents(\"x\")    {:?}\n\
         graph.toposort()         {:?}",
        keys.join(", "),
        arguments.join(", "),
        graph.dependencies("z")?,
        graph.dependents("x")?,
        graph.toposort()?,
    ))
}

/// F5: the picture.
fn draw(context: &mut Context<'_>, graph: &TaskDict) -> Result<(), ChapterError> {
    let path = context.output("02-five-keys.svg")?;
    let step = Step { ids: "F5", title: "drawn: graph.draw(path)", ..Step::default() };
    context.step(
        step,
        || Ok(graph.draw(&path)?),
        |()| format!("{}: boxes are values, circles are functions", path.display()),
    )
}
