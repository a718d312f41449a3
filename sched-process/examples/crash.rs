//! A task that crashes now and then, on worker processes: it costs itself, and is tried again.
//!
//! ```text
//! [worker 1] file 3 is damaged, and the library that reads it knows no better
//! 8 files hold 36 records
//! [worker 1] file 5 is damaged, and the library that reads it knows no better
//! [worker 0] file 5 is damaged, and the library that reads it knows no better
//! task file[5] failed: its worker process was ended by signal 6 (SIGABRT), the last of 2 times; its last lines:
//!     file 5 is damaged, and the library that reads it knows no better
//!   in: records, made at sched-process/examples/crash.rs:37:15
//! ```

use chunkwise_graph::{SchedulerExt, TaskDict, args, list, literal};
use chunkwise_sched_process::Processes;
use std::path::{Path, PathBuf};

/// Stands for a library in another language that ends the process when it does not like its input.
fn records(folder: PathBuf, file: u32, times: u32) -> u32 {
    let crashed = |time: u32| folder.join(format!("{file}.{time}"));
    if let Some(time) = (0..times).find(|&time| !crashed(time).exists()) {
        // Next time it goes better.
        let _ = std::fs::write(crashed(time), b"");
        eprintln!("file {file} is damaged, and the library that reads it knows no better");
        std::process::abort();
    }
    file + 1
}

/// Reads eight files, of which one ends the process some times.
fn graph(folder: &Path, damaged: u32, times: u32) -> TaskDict {
    let mut graph = TaskDict::new();
    for file in 0..8u32 {
        let times = if file == damaged { times } else { 0 };
        let arguments = args![literal(folder.to_owned()), literal(file), literal(times)];
        graph.task(("file", file), records, arguments);
    }
    let files = (0..8u32).map(|file| ("file", file));
    graph.task("all", |counts: Vec<u32>| counts.iter().sum::<u32>(), [list(files)]);
    graph
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let processes = Processes::builder().workers(2).retries(1).build()?;
    let all: u32 = processes.get(&graph(folder.path(), 3, 1), "all")?;
    println!("8 files hold {all} records");
    match processes.get::<u32>(&graph(folder.path(), 5, 9), "all") {
        Ok(all) => println!("8 files hold {all} records"),
        Err(error) => println!("{}", error.report()),
    }
    Ok(())
}
