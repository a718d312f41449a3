//! [`TaskDict`]: graphs written by hand, as named keys with values, functions and arguments.

mod argument;
mod function;
mod inspect;
mod layer;
mod nested;
mod passes;
mod picture;
mod program;
mod ship;

pub use argument::{
    Argument, Arguments, IntoArgument, List, Literal, Many, Mixed, One, list, literal,
};
pub use function::{ByRef, FromArgument, Parameter, TaskFn, by_ref};
pub use nested::{Nested, NestedKeys};

use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::key::{Key, NameMap};
use crate::value::Value;
use function::Function;
use std::any::Any;
use std::panic::Location;
use std::sync::Arc;

/// A graph written by hand: each key names a value, or a function and its arguments.
///
/// Arguments are keys, lists of keys (nested as deeply as you like) or literal values. Nothing
/// runs until a scheduler is asked for a key, and it runs only what that key needs.
///
/// ```
/// use chunkwise_graph::{InOrder, SchedulerExt, TaskDict, list};
///
/// fn inc(x: i64) -> i64 { x + 1 }
/// fn add(x: i64, y: i64) -> i64 { x + y }
///
/// let mut graph = TaskDict::new();
/// graph
///     .value("a", 1i64)
///     .task("b", inc, ["a"])
///     .value("x", 10i64)
///     .task("y", inc, ["x"])
///     .task("z", add, ["b", "y"])
///     .task("total", |all: Vec<i64>| all.iter().sum::<i64>(), [list(["b", "y", "z"])]);
///
/// let total: i64 = InOrder.get(&graph, "total")?;
/// assert_eq!(total, 26);
/// assert_eq!(graph.dependencies("z")?, ["b".into(), "y".into()]);
/// println!("{graph}");        // a = 1, b = inc(a), ...
/// # Ok::<(), chunkwise_graph::Error>(())
/// ```
///
/// Functions take their arguments by value; the last task that needs a value gets the value
/// itself, others a clone. [`by_ref`] adapts functions that take references and copies nothing.
/// The types of functions and arguments are checked against each other before anything runs.
#[derive(Clone, Default)]
pub struct TaskDict {
    /// Shared with the passes' results and with the layers that run them.
    entries: Vec<Arc<Entry>>,
    by_key: NameMap<Key, u32>,
    /// The first mistake made while building: reported when the graph is used, so that building
    /// reads as one sentence.
    duplicate: Option<Error>,
}

struct Entry {
    key: Key,
    node: Node,
    made_at: &'static Location<'static>,
}

/// What a key stands for.
#[derive(Clone)]
enum Node {
    Value(Value),
    Task { function: Function, arguments: Vec<Argument> },
}

impl TaskDict {
    /// A graph without keys.
    pub fn new() -> TaskDict {
        TaskDict::default()
    }

    /// Names a value.
    #[track_caller]
    pub fn value<T: Any + Send + Sync>(&mut self, key: impl Into<Key>, value: T) -> &mut TaskDict {
        self.insert(key.into(), Node::Value(Value::new(value)))
    }

    /// Names a call: `function` applied to what `arguments` name.
    ///
    /// A key that is given twice is an error when the graph is used; see [`TaskDict::replace`].
    #[track_caller]
    pub fn task<A, F, P>(&mut self, key: impl Into<Key>, function: F, arguments: A) -> &mut TaskDict
    where
        A: Arguments,
        F: TaskFn<A::Shape, P>,
    {
        let node = Node::Task {
            function: Function::infallible(function),
            arguments: arguments.into_arguments(),
        };
        self.insert(key.into(), node)
    }

    /// As [`TaskDict::task`], for functions that return a `Result`: their error fails the task.
    #[track_caller]
    pub fn try_task<A, F, P, T, E>(
        &mut self,
        key: impl Into<Key>,
        function: F,
        arguments: A,
    ) -> &mut TaskDict
    where
        A: Arguments,
        F: TaskFn<A::Shape, P, Output = Result<T, E>>,
        T: Any + Send + Sync,
        E: Into<crate::error::BoxError> + 'static,
    {
        let node = Node::Task {
            function: Function::fallible(function),
            arguments: arguments.into_arguments(),
        };
        self.insert(key.into(), node)
    }

    /// Gives another name to what `target` names.
    #[track_caller]
    pub fn alias(&mut self, key: impl Into<Key>, target: impl Into<Key>) -> &mut TaskDict {
        let arguments = vec![Argument::Key(target.into())];
        self.insert(key.into(), Node::Task { function: Function::identity(), arguments })
    }

    /// Takes away what `key` names, so that it can be given anew on purpose.
    pub fn replace(&mut self, key: impl Into<Key>) -> Replace<'_> {
        Replace { dict: self, key: key.into() }
    }

    #[track_caller]
    fn insert(&mut self, key: Key, node: Node) -> &mut TaskDict {
        let made_at = Location::caller();
        let at = self.entries.len() as u32;
        if let Some(&first) = self.by_key.get(&key) {
            let first = self.entries[first as usize].made_at;
            self.duplicate.get_or_insert(Error::DuplicateKey {
                key: Box::new(key),
                first,
                second: made_at,
            });
        } else {
            self.by_key.insert(key.clone(), at);
            self.entries.push(Arc::new(Entry { key, node, made_at }));
        }
        self
    }

    fn find(&self, key: &Key) -> Result<u32> {
        self.by_key.get(key).copied().ok_or_else(|| self.missing(key, None))
    }

    fn missing(&self, key: &Key, needed_by: Option<&Entry>) -> Error {
        Error::MissingKey {
            key: Box::new(key.clone()),
            needed_by: needed_by.map(|entry| Box::new(entry.key.clone())),
            made_at: needed_by.map(|entry| entry.made_at),
            similar: inspect::most_similar(key, self.keys()).map(Box::new),
        }
    }

    /// The graph of one layer that computes `keys`.
    ///
    /// # Errors
    /// - [`Error::DuplicateKey`], [`Error::MissingKey`] (asked for, or needed by a needed task).
    /// - [`Error::Argument`] if a needed task's function does not take what it would be given.
    pub fn graph(&self, keys: &[Key]) -> Result<Graph> {
        let (layer, wanted) = self.layer(keys)?;
        let mut graph = Graph::new([&layer]);
        graph.want_blocks(layer.name(), &wanted);
        Ok(graph)
    }
}

/// A key of a [`TaskDict`] about to be given anew.
pub struct Replace<'a> {
    dict: &'a mut TaskDict,
    key: Key,
}

impl<'a> Replace<'a> {
    #[track_caller]
    fn put(self, node: Node) -> &'a mut TaskDict {
        match self.dict.by_key.get(&self.key) {
            Some(&at) => {
                let made_at = Location::caller();
                self.dict.entries[at as usize] = Arc::new(Entry { key: self.key, node, made_at });
                self.dict
            }
            None => self.dict.insert(self.key, node),
        }
    }

    /// As [`TaskDict::value`].
    #[track_caller]
    pub fn value<T: Any + Send + Sync>(self, value: T) -> &'a mut TaskDict {
        self.put(Node::Value(Value::new(value)))
    }

    /// As [`TaskDict::task`].
    #[track_caller]
    pub fn task<A, F, P>(self, function: F, arguments: A) -> &'a mut TaskDict
    where
        A: Arguments,
        F: TaskFn<A::Shape, P>,
    {
        let function = Function::infallible(function);
        self.put(Node::Task { function, arguments: arguments.into_arguments() })
    }
}
