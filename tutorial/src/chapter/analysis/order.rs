//! Execution order, and what it does to the results that are held at once.

use chunkwise::graph::order::Strategy;
use chunkwise::graph::{Error, Ordering, Plan, PlanOptions};
use chunkwise::prelude::*;

use super::blocks::{TOTAL, describe_digits, digits_in_a_loop, digits_of};
use super::live::watched;
use crate::chapter::{ChapterError, Context};
use crate::data::AccountsFiles;
use crate::human::Bytes;
use crate::report::{Code, Step, Table, Unequal};

const SOURCE: &str = include_str!("order.rs");
const BLOCKS: &str = include_str!("blocks.rs");

/// Blocks of a file in the table, and in the pictures.
const MANY: usize = 16;
const FEW: usize = 3;

/// The orders that are compared: what a plan uses, then single strategies.
fn orders() -> Vec<(String, Ordering)> {
    let single = [Strategy::DepthFirst, Strategy::LastInFirstOut, Strategy::FirstInFirstOut];
    let single = single.map(|strategy| (strategy.to_string(), Ordering::By(strategy)));
    let default = ("least memory (default)".to_owned(), Ordering::LeastMemory);
    std::iter::once(default).chain(single).collect()
}

fn plan_in(graph: &TaskDict, order: Ordering) -> Result<Plan, Error> {
    graph.graph(&[TOTAL.into()])?.plan_with(&PlanOptions::default().order(order))
}

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    context.prose(
        "Order. Whatever the order, the answer is the same; but a result is held from the moment \
         it is\ncomputed until the last task that needs it is done. The plan chooses an order that \
         holds few. Threads\nhold some more, since each works on a task of its own.",
    )?;
    let code = Code::of(BLOCKS, &["digits_of"]);
    let title = "three files in blocks, counts joined in pairs";
    let step = Step { ids: "06", title, code, ..Step::default() };
    let build = || Ok(digits_of(&files.paths, MANY));
    let graph = context.step(step, build, |graph| format!("{} tasks", graph.len()))?;
    compare(context, files, &graph)?;
    let small = digits_of(&files.paths[..2], FEW);
    for (name, order) in [
        ("default", Ordering::LeastMemory),
        ("breadth-first", Ordering::By(Strategy::FirstInFirstOut)),
    ] {
        draw(context, name, &plan_in(&small, order)?)?;
    }
    Ok(())
}

/// Predicted and measured peaks of each order.
fn compare(
    context: &mut Context<'_>,
    files: &AccountsFiles,
    graph: &TaskDict,
) -> Result<(), ChapterError> {
    let threaded = Threaded::new();
    let expected = digits_in_a_loop(&files.paths)?;
    let work = || {
        let on_threads = format!("on {} threads", threaded.n_threads());
        let headings = ["order", "predicted", "synchronous", "bytes", &on_threads, "bytes"];
        let mut table = Table::new(&headings);
        for (name, order) in orders() {
            let plan = plan_in(graph, order)?;
            let (values, one) = watched(&plan, &Synchronous)?;
            let (same_values, many) = watched(&plan, &threaded)?;
            for value in [&values[0], &same_values[0]] {
                check(&name, value.get()?, &expected)?;
            }
            let predicted = plan.predicted_peak().live;
            table.row([
                name,
                predicted.to_string(),
                one.peak().to_string(),
                Bytes(one.peak_bytes()).to_string(),
                many.peak().to_string(),
                Bytes(many.peak_bytes()).to_string(),
            ]);
        }
        Ok(table)
    };
    let title = "most results held at once, and their bytes, by order and scheduler";
    let code = Code::of(SOURCE, &["plan_in"]);
    let data_bytes = files.bytes * 2 * orders().len() as u64;
    let step = Step { ids: "06", title, data_bytes, code };
    let answer = describe_digits(&expected);
    context.step(step, work, |table| {
        format!("amounts by number of digits, the same from all runs:\n{answer}\n\n{table}")
    })?;
    Ok(())
}

fn check(name: &str, found: &Vec<u64>, expected: &[u64]) -> Result<(), Unequal> {
    if found == expected {
        return Ok(());
    }
    let one = ("a loop".to_owned(), describe_digits(expected));
    Err(Unequal { one, other: (name.to_owned(), describe_digits(found)) })
}

fn draw(context: &mut Context<'_>, name: &str, plan: &Plan) -> Result<(), ChapterError> {
    let path = context.output(&format!("06-order-{name}.svg"))?;
    let peak = plan.predicted_peak().live;
    let title = format!("{name}: {} tasks, at most {peak} results held", plan.len());
    let step = Step { ids: "06", title: &title, ..Step::default() };
    let picture = plan.picture_of_order().with_title(&title);
    let write = || Ok(picture.write(&path).map_err(Error::from)?);
    context.step(step, write, |()| format!("numbered in order in {}", path.display()))
}
