//! Graphs as text: one line a task, the numbers of the tasks that it needs.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chunkwise_graph::dag::Dag;

use crate::error::CompareError;

/// A graph and the file that holds it.
#[derive(Debug)]
pub(crate) struct GraphFile {
    /// File name without folder and ending.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) dag: Dag,
}

impl GraphFile {
    /// Reads a graph.
    ///
    /// # Errors
    /// When the file cannot be read, a word is not the number of a task, or tasks need each other
    /// in a cycle.
    pub(crate) fn read(path: &Path) -> Result<Self, CompareError> {
        let text = fs::read_to_string(path)
            .map_err(|source| CompareError::Read { path: path.to_path_buf(), source })?;
        let dag = parse(&text).map_err(|(line, what)| CompareError::GraphFile {
            path: path.to_path_buf(),
            line,
            what,
        })?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, path: path.to_path_buf(), dag })
    }

    /// Writes a graph to `folder/name.adj`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn write(folder: &Path, name: &str, dag: Dag) -> Result<Self, CompareError> {
        let path = folder.join(format!("{name}.adj"));
        match fs::write(&path, render(&dag)) {
            Ok(()) => Ok(Self { name: name.to_owned(), path, dag }),
            Err(source) => Err(CompareError::Write { path, source }),
        }
    }
}

/// Reads the text of a graph; an error has the number of its line, from 1.
fn parse(text: &str) -> Result<Dag, (usize, String)> {
    let tasks = text.lines().count();
    let mut lists = Vec::with_capacity(tasks);
    for (index, line) in text.lines().enumerate() {
        let list: Result<Vec<u32>, String> =
            line.split_whitespace().map(|word| task_number(word, tasks)).collect();
        lists.push(list.map_err(|what| (index + 1, what))?);
    }
    let dag = Dag::from_lists(&lists);
    match dag.find_cycle() {
        Some(cycle) => {
            let first = cycle.first().map_or(1, |&task| task as usize + 1);
            Err((first, format!("task {} needs itself, through {} tasks", first - 1, cycle.len())))
        }
        None => Ok(dag),
    }
}

fn task_number(word: &str, tasks: usize) -> Result<u32, String> {
    let number: u32 = word.parse().map_err(|_| format!("{word:?} is not the number of a task"))?;
    if (number as usize) < tasks {
        Ok(number)
    } else {
        Err(format!("there is no task {number} among {tasks}"))
    }
}

fn render(dag: &Dag) -> String {
    let mut text = String::new();
    for task in dag.tasks() {
        for (index, dep) in dag.deps(task).iter().enumerate() {
            // Writing to a string does not fail.
            let _ = write!(text, "{}{dep}", if index == 0 { "" } else { " " });
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_tasks() {
        let dag = parse("2 1\n\n1 1\n").unwrap();
        assert_eq!(dag.len(), 3);
        assert_eq!((dag.deps(0), dag.deps(1), dag.deps(2)), (&[2, 1][..], &[][..], &[1, 1][..]));
        assert_eq!(parse("").unwrap().len(), 0);
    }

    #[test]
    fn bad_words_are_named_with_their_line() {
        let error = |text| parse(text).unwrap_err();
        assert_eq!(error("\nx\n"), (2, "\"x\" is not the number of a task".into()));
        assert_eq!(error("\n-1\n"), (2, "\"-1\" is not the number of a task".into()));
        assert_eq!(error("\n\n7"), (3, "there is no task 7 among 3".into()));
        assert_eq!(error("\n99999999999\n").0, 2);
        let (_, what) = error("1\n0\n");
        assert!(what.ends_with("needs itself, through 2 tasks"), "{what}");
    }

    #[test]
    fn absent_file_is_named() {
        let error = GraphFile::read(Path::new("nowhere.adj")).unwrap_err();
        assert_eq!(error.to_string(), "could not read nowhere.adj");
    }

    proptest! {
        #[test]
        fn written_graphs_read_back(
            lists in prop::collection::vec(prop::collection::vec(any::<u32>(), 0..4), 0..30)
        ) {
            let earlier = |task: usize, list: &[u32]| -> Vec<u32> {
                list.iter().filter(|_| task > 0).map(|dep| dep % task.max(1) as u32).collect()
            };
            let dag = Dag::from_lists(lists.iter().enumerate().map(|(i, list)| earlier(i, list)));
            prop_assert_eq!(&parse(&render(&dag)).unwrap(), &dag);
        }
    }
}
