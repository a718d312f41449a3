//! Watches a run: progress on the terminal, then a table, and a timeline for `ui.perfetto.dev`.
//!
//! ```text
//! cargo run -p chunkwise-diagnostics --example watch [fail] [trace.json]
//! ```

use chunkwise_diagnostics::{LiveResults, Profile, ProgressBar};
use chunkwise_graph::{InOrder, Observer, SchedulerExt, TaskDict, list, with_observers};
use std::sync::Arc;
use std::time::Duration;

fn load(part: u32) -> Vec<f64> {
    std::thread::sleep(Duration::from_millis(40 + u64::from(part % 3) * 20));
    (0..100_000).map(|i| f64::from(part * i)).collect()
}

fn clean(part: Vec<f64>) -> Vec<f64> {
    std::thread::sleep(Duration::from_millis(15));
    part.into_iter().filter(|x| *x > 1.0).collect()
}

fn mean(part: Vec<f64>) -> Result<f64, String> {
    if part.is_empty() { Err("no rows".into()) } else { Ok(part.iter().sum::<f64>() / 1e5) }
}

/// A task with a graph of its own.
fn slow_sum(means: Vec<f64>) -> Result<f64, chunkwise_graph::Error> {
    let mut graph = TaskDict::new();
    graph.value("means", means);
    for i in 0..12 {
        let wait = |_: &Vec<f64>| std::thread::sleep(Duration::from_millis(100));
        graph.task(("wait", i), chunkwise_graph::by_ref(wait), ["means"]);
    }
    let waits = (0..12).map(|i| ("wait", i));
    graph.task("waited", |waits: Vec<()>| waits.len() as f64, [list(waits)]);
    InOrder.get(&graph, "waited")
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let first = if std::env::args().any(|argument| argument == "fail") { 0 } else { 1 };
    let parts = first..first + 30u32;
    let mut graph = TaskDict::new();
    for i in parts.clone().rev() {
        graph.value(("part", i), i).task(("load", i), load, [("part", i)]);
        graph.task(("clean", i), clean, [("load", i)]);
        graph.try_task(("mean", i), mean, [("clean", i)]);
    }
    graph.try_task("sum", slow_sum, [list(parts.map(|i| ("mean", i)))]);

    let (profile, live) = (Arc::new(Profile::new()), Arc::new(LiveResults::new()));
    let observers: [Arc<dyn Observer>; 3] =
        [Arc::new(ProgressBar::new()), profile.clone(), live.clone()];
    let sum = with_observers(observers, || InOrder.get::<f64>(&graph, "sum"));

    println!("{profile}");
    println!("{live}");
    if let Some(path) = std::env::args().find(|argument| argument.ends_with(".json")) {
        profile.write_chrome_trace(&path)?;
        println!("wrote {path}");
    }
    println!("sum = {}", sum?);
    Ok(())
}
