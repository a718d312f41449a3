//! F6: ways to say now what is computed later.

use chunkwise::graph::Error;
use chunkwise::prelude::*;

use super::by_hand::inc;
use crate::chapter::{ChapterError, Context};
use crate::report::{Code, Step};

const SOURCE: &str = include_str!("deferral.rs");

/// A closure: its code and what it captured are out of sight.
fn as_a_closure() -> i64 {
    let later = || inc(1);
    later()
}

/// A boxed function: closures of any kind in one list, each as opaque as before.
fn as_a_boxed_function() -> i64 {
    let later: Vec<Box<dyn Fn() -> i64>> = vec![Box::new(|| inc(1))];
    later.iter().map(|function| function()).sum()
}

/// A function and its argument, apart: either can be looked at, or exchanged.
fn as_a_function_and_its_argument() -> i64 {
    let later: (fn(i64) -> i64, i64) = (inc, 1);
    let (function, argument) = later;
    function(argument)
}

/// A task: the argument is a name, which another task may stand behind.
fn as_a_task() -> Result<i64, Error> {
    let mut later = TaskDict::new();
    later.value("a", 1i64).task("b", inc, ["a"]);
    Synchronous.get(&later, "b")
}

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    context.prose(
        "Four ways to say now what is computed later; only the last knows what needs what.",
    )?;
    let functions =
        &["as_a_closure", "as_a_boxed_function", "as_a_function_and_its_argument", "as_a_task"];
    let code = Code::of(SOURCE, functions);
    let step = Step { ids: "F6", title: "deferred calls of inc(1)", code, ..Step::default() };
    let all = || {
        let apart = as_a_function_and_its_argument();
        Ok([as_a_closure(), as_a_boxed_function(), apart, as_a_task()?])
    };
    context.step(step, all, |answers| format!("{answers:?}"))?;
    Ok(())
}
