//! Execution order on larger graphs of known shape.

use chunkwise::graph::{Ordering, PlanOptions, order::Strategy, shapes};
use chunkwise::prelude::*;

use super::live::watched;
use super::shape::graph_of;
use crate::chapter::{ChapterError, Context};
use crate::human::{Count, Took};
use crate::report::{Code, Step, Table, Unequal, measured};

const SHAPE: &str = include_str!("shape.rs");

/// Tasks of each graph, about.
const N_TASKS: usize = 10_000;

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    context.prose(
        "No single order is the best for every graph: towards the root is best for a tree, row by \
         row for a\nlattice. A plan compares several and takes the one that holds the fewest.",
    )?;
    let title = "10,000 tasks of two shapes, as a layer of one's own";
    let code = Code::of(SHAPE, &["impl Blocks for Paths"]);
    let step = Step { ids: "06", title, code, ..Step::default() };
    context.step(step, compare, Table::to_string).map(drop)
}

fn compare() -> Result<Table, ChapterError> {
    let threaded = Threaded::new();
    let on_threads = format!("on {} threads", threaded.n_threads());
    let headings = ["shape, order", "tasks", "planned in", "predicted", "synchronous", &on_threads];
    let mut table = Table::new(&headings);
    let shapes = [("tree", shapes::tree(N_TASKS)), ("lattice", shapes::lattice(N_TASKS))];
    let orders = [
        ("least memory", Ordering::LeastMemory),
        ("depth first", Ordering::By(Strategy::DepthFirst)),
        ("breadth first", Ordering::By(Strategy::FirstInFirstOut)),
    ];
    for (shape, dag) in shapes {
        let graph = graph_of(dag)?;
        for (order, ordering) in orders {
            let options = PlanOptions::default().order(ordering);
            let (plan, cost) = measured(|| graph.plan_with(&options));
            let plan = plan?;
            let (values, one) = watched(&plan, &Synchronous)?;
            let (same_values, many) = watched(&plan, &threaded)?;
            equal(&values, &same_values)?;
            table.row([
                format!("{shape}, {order}"),
                Count(plan.len() as i128).to_string(),
                Took(cost.took).to_string(),
                plan.predicted_peak().live.to_string(),
                one.peak().to_string(),
                many.peak().to_string(),
            ]);
        }
    }
    Ok(table)
}

/// Both schedulers counted the same paths.
fn equal(one: &[Value], many: &[Value]) -> Result<(), ChapterError> {
    for (one, many) in one.iter().zip(many) {
        let (one, many) = (one.get::<u64>()?, many.get::<u64>()?);
        if one != many {
            let one = ("synchronous".to_owned(), one.to_string());
            return Err(Unequal { one, other: ("threaded".to_owned(), many.to_string()) }.into());
        }
    }
    Ok(())
}
