//! `compare order`: the memory that an order of tasks needs, ours beside that of `dask.order`.
//!
//! Both sides order the same files, and one simulator, that of `chunkwise-graph`, counts the live
//! intermediates of both orders, so that neither side judges itself. Dask's order varies with the
//! seed of Python's hashes, so each of its runs has a seed of its own: 0, 1, and so on.

mod dask;
mod graph_file;
mod ours;
mod verdict;

use std::path::{Path, PathBuf};

use crate::cli::OrderArgs;
use crate::environment;
use crate::error::{CompareError, Outcome};
use crate::machine::{Setting, warn_of_debug_build};
use crate::places;

use dask::Reply;
use graph_file::GraphFile;
use verdict::{Compared, Origin};

/// Orders every graph with both and prints the peaks and times.
///
/// # Errors
/// When there is no Python environment, a file is missing or is no graph, or a side fails.
pub(crate) fn order(args: &OrderArgs) -> Result<Outcome, CompareError> {
    let python = environment::python(args.python.venv.as_deref())?;
    let setting = Setting::of(&python, "dask")?;
    let mut graphs = Vec::new();
    for path in real_files(&args.files)? {
        graphs.push((GraphFile::read(&path)?, Origin::Real));
    }
    let folder = tempfile::tempdir()
        .map_err(|source| CompareError::Write { path: std::env::temp_dir(), source })?;
    if args.files.is_empty() {
        for (name, dag) in ours::shapes(args.size as usize) {
            graphs.push((GraphFile::write(folder.path(), name, dag)?, Origin::Synthetic));
        }
    }
    warn_of_debug_build();

    let paths: Vec<&Path> = graphs.iter().map(|(file, _)| file.path.as_path()).collect();
    let mut replies: Vec<Vec<Reply>> = graphs.iter().map(|_| Vec::new()).collect();
    for seed in 0..args.runs {
        eprintln!("run {} of {}: {} graphs in dask.order", seed + 1, args.runs, graphs.len());
        for (all, reply) in replies.iter_mut().zip(dask::order(&python, &paths, seed)?) {
            all.push(reply);
        }
    }
    let mut compared = Vec::new();
    for ((file, origin), replies) in graphs.iter().zip(&replies) {
        let ours = ours::order(file, args.runs)?;
        compared.push(Compared::new(file, *origin, replies, &ours)?);
    }
    print(&compared, &setting, args.json)?;
    Ok(Outcome::from(!compared.iter().any(Compared::fails)))
}

/// The files asked for, or all exported graphs in the order of their names.
fn real_files(asked: &[PathBuf]) -> Result<Vec<PathBuf>, CompareError> {
    if !asked.is_empty() {
        return Ok(asked.to_vec());
    }
    let folder = places::dask_graphs();
    let unreadable = |source| CompareError::Read { path: folder.clone(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "adj") {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(CompareError::NoGraphs { folder });
    }
    files.sort();
    Ok(files)
}

fn print(compared: &[Compared], setting: &Setting, json: bool) -> Result<(), CompareError> {
    if json {
        for graph in compared {
            println!("{}", serde_json::to_string(graph).map_err(CompareError::Json)?);
        }
        return Ok(());
    }
    print!("{}", verdict::table(compared));
    println!("{}", verdict::summary(compared));
    println!("{}", setting.line());
    Ok(())
}
