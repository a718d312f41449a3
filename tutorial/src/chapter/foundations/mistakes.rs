//! What an error looks like: mistakes in a graph are found before it runs, failures name the task.

use std::path::PathBuf;

use chunkwise::graph::Error;
use chunkwise::prelude::*;

use super::by_hand::{add, five_keys, inc};
use crate::chapter::work::{count, load};
use crate::chapter::{ChapterError, Context};
use crate::quiet::without_panic_messages;
use crate::report::{Code, Step};

const SOURCE: &str = include_str!("mistakes.rs");

fn a_key_that_is_missing() -> Result<i64, Error> {
    let mut graph = TaskDict::new();
    graph.value("rows", 10i64).task("more", inc, ["row"]);
    Threaded::new().get(&graph, "more")
}

fn tasks_that_need_each_other() -> Result<i64, Error> {
    let mut graph = five_keys();
    graph.replace("a").task(inc, ["z"]);
    Threaded::new().get(&graph, "z")
}

fn an_argument_of_another_type() -> Result<i64, Error> {
    let mut graph = five_keys();
    graph.replace("x").value("ten");
    Threaded::new().get(&graph, "z")
}

fn a_key_given_twice() -> Result<i64, Error> {
    let mut graph = five_keys();
    graph.task("b", add, ["a", "x"]);
    Threaded::new().get(&graph, "z")
}

fn a_task_that_fails() -> Result<usize, Error> {
    let mut graph = TaskDict::new();
    graph.try_task("df", load, [literal(PathBuf::from("no-such-file.csv"))]);
    graph.task("rows", by_ref(count), ["df"]);
    Threaded::new().get(&graph, "rows")
}

fn a_task_that_panics() -> Result<i64, Error> {
    let mut graph = five_keys();
    let divide = |z: i64, parts: i64| z / parts;
    graph.task("share", divide, args!["z", literal(0i64)]);
    Threaded::new().get(&graph, "share")
}

fn a_closure_that_captures(processes: &dyn Scheduler) -> Result<i64, Error> {
    let step = 3;
    let mut graph = five_keys();
    graph.task("more", move |z: i64| z + step, ["z"]);
    processes.get(&graph, "more")
}

#[derive(Clone)]
struct Share(i64);

fn a_type_that_cannot_cross(processes: &dyn Scheduler) -> Result<i64, Error> {
    let mut graph = five_keys();
    graph.task("share", Share, ["z"]);
    Ok(processes.get::<Share>(&graph, "share")?.0)
}

fn a_task_that_fails_elsewhere(processes: &dyn Scheduler) -> Result<usize, Error> {
    let mut graph = TaskDict::new();
    graph.try_task("df", load, [literal(PathBuf::from("no-such-file.csv"))]);
    graph.task("rows", by_ref(count), ["df"]);
    processes.get(&graph, "rows")
}

fn a_task_that_ends_its_process(processes: &dyn Scheduler) -> Result<i64, Error> {
    let mut graph = five_keys();
    graph.task("end", |_: i64| -> i64 { std::process::exit(3) }, ["z"]);
    processes.get(&graph, "end")
}

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    context.prose(
        "Mistakes. A graph is checked before anything runs; an error names the key, the reason \
         and the\nline of the program that made the task. `error.report()` tells the whole story.",
    )?;
    refused(context, "a key that is missing", "a_key_that_is_missing", a_key_that_is_missing)?;
    let name = "tasks_that_need_each_other";
    refused(context, "tasks that need each other", name, tasks_that_need_each_other)?;
    let name = "an_argument_of_another_type";
    refused(context, "an argument of another type", name, an_argument_of_another_type)?;
    refused(context, "a key given twice", "a_key_given_twice", a_key_given_twice)?;
    context.prose(
        "A task that fails or panics ends its run with an error; the program goes on. With \
         several\nfailures, every scheduler reports the same one.",
    )?;
    refused(context, "a task that fails", "a_task_that_fails", a_task_that_fails)?;
    let panics = || without_panic_messages(a_task_that_panics);
    refused(context, "a task that panics", "a_task_that_panics", panics)?;
    match context.workers("F4")? {
        Some(workers) => in_processes(context, workers.scheduler()),
        None => Ok(()),
    }
}

fn in_processes(context: &mut Context<'_>, processes: &dyn Scheduler) -> Result<(), ChapterError> {
    context.prose(
        "In processes. Only functions that capture nothing can go there, and only values of types \
         that can\nbe written out; anything else is refused before the run.",
    )?;
    let name = "a_closure_that_captures";
    refused(context, "a closure that captures", name, || a_closure_that_captures(processes))?;
    let name = "a_type_that_cannot_cross";
    refused(context, "a type that cannot cross", name, || a_type_that_cannot_cross(processes))?;
    context.prose(
        "Errors come back: of any type what it says, with its causes; of types registered with \
         `register_error`\nthe error itself. A chain of tasks is one message there; its error \
         names the link that failed.",
    )?;
    let (mistake, name) = ("a task that fails in another process", "a_task_that_fails_elsewhere");
    refused(context, mistake, name, || a_task_that_fails_elsewhere(processes))?;
    context.prose(
        "A task that ends its process, or crashes it, would end the whole program on threads. \
         Here it ends\na worker, is tried again in others, and then fails; the program goes on, \
         with a new worker.",
    )?;
    let (mistake, name) = ("a task that ends its process", "a_task_that_ends_its_process");
    refused(context, mistake, name, || a_task_that_ends_its_process(processes))?;
    let step = Step { ids: "F4", title: "the next run in processes", ..Step::default() };
    let next = || Ok(processes.get(&five_keys(), "z")?);
    context.step(step, next, |z: &i64| format!("z = {z}")).map(drop)
}

/// Runs what must fail, and shows its error.
fn refused<T>(
    context: &mut Context<'_>,
    mistake: &'static str,
    function: &str,
    compute: impl FnOnce() -> Result<T, Error>,
) -> Result<(), ChapterError> {
    let code = Code::of(SOURCE, std::slice::from_ref(&function));
    let step = Step { ids: "F2", title: mistake, code, ..Step::default() };
    let error = || match compute() {
        Ok(_) => Err(ChapterError::NoError { mistake }),
        Err(error) => Ok(error),
    };
    let show = |error: &Error| format!("error: {}", error.report());
    context.step(step, error, show).map(drop)
}
