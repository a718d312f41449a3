//! Custom functions called lazily: typed handles to results that are not computed yet.
//!
//! Below it is `chunkwise-graph`, whose layers and schedulers it uses: every call is a layer of one
//! task. Beside it are the other collections; above it is the facade `chunkwise`, which has all of
//! this as `chunkwise::delayed` and computes on all cores, where this crate alone computes in the
//! calling thread until a scheduler is set.
//!
//! Three things to start from:
//!
//! - [`delayed`](delayed()): makes a function lazy where it is called; the attribute
//!   [`#[delayed]`](macro@delayed) does so where it is written;
//! - [`Delayed`]: the handle that a call gives, an argument of further calls;
//! - [`CollectionExt`] and [`Persist`]: `compute`, `persist`, `visualize`, `explain`, of one handle
//!   or of several in one run that computes what they share once.
//!
//! ```
//! use chunkwise_delayed::{CollectionExt, Delayed, delayed};
//! use std::io;
//! use std::path::PathBuf;
//!
//! struct Table(Vec<f64>);
//!
//! impl Table {
//!     fn len(&self) -> usize { self.0.len() }
//!     fn sum(&self) -> f64 { self.0.iter().sum() }
//! }
//!
//! #[delayed]
//! fn load(path: PathBuf) -> io::Result<Table> {
//!     let numbers = std::fs::read_to_string(path)?;
//!     numbers.lines().map(|line| line.parse().map_err(io::Error::other)).collect::<io::Result<_>>().map(Table)
//! }
//!
//! # let folder = tempfile::tempdir()?;
//! # std::fs::write(folder.path().join("a.txt"), "1.5\n2.5\n")?;
//! # std::fs::write(folder.path().join("b.txt"), "4\n")?;
//! # let files = ["a.txt", "b.txt"].map(|name| folder.path().join(name));
//! let tables: Vec<Delayed<Table>> = files.iter().map(load).collect();
//! let counts: Vec<Delayed<usize>> = tables.iter().map(|table| table.map(Table::len)).collect();
//! let total = delayed(|counts: Vec<usize>| counts.iter().sum::<usize>()).call(&counts);
//! let sum = tables[0].map(Table::sum) + tables[1].map(Table::sum);
//!
//! // Nothing has run. One run for both, which reads each file once:
//! assert_eq!((&total, &sum).compute()?, (3, 8.0));
//!
//! // The function as it was written, which runs at once:
//! assert_eq!(load_now(files[1].clone())?.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! How a value reaches a function: a parameter of type `T` is given the result itself if no other
//! task needs it and a clone otherwise; one of type `Arc<T>`, or `&T` under the attribute, and the
//! functions of [`Delayed::map`] never make a clone. What may be written for a parameter is in the
//! table at [`Argument`], which other crates implement for their collections; [`whole`] takes any
//! collection.
//!
//! Names: every call is a task of its own, named after its function. [`DelayedFn::pure`] names
//! calls by their content, so that equal ones are one task; [`Delayed::named`] gives a task a key
//! that you chose. Errors and panics of a task name its key and the line that called it.
//!
//! # Other processes
//!
//! A call can run in a worker process of the same executable if its function captures nothing (a
//! `fn` item, a closure that uses only its parameters) and if what it takes and gives has a
//! [`Codec`](chunkwise_graph::Codec). With the feature `serde`, numbers, text, paths, and vectors,
//! options and maps of them have one, and so do the results of functions with the attribute whose
//! types are serde's. For what cannot cross, write instead:
//!
//! | cannot cross | write |
//! |---|---|
//! | a closure that captures | a parameter for what it captures: `f.call((&x, step))` |
//! | a pointer to a function | the function itself, or a closure that calls it |
//! | a serde type without a codec | `register_serde::<Row>()`, once, before the run |
//! | `lit(Arc::new(x))` | `lit(x)`, or [`value(x)`](value()), which tasks share |
//! | [`whole(collection)`](whole) | its result, computed before; handles and lists of them cross |
//! | an argument of a type of your own | [`Stored::ship`] and [`Stored::receive`] |
//!
//! Nothing is written out while a call is built, nor when it runs on threads, where all of these
//! work.
//!
//! Not here, on purpose: schedulers, attribute access and method calls on handles (use
//! [`Delayed::map`]), and results whose number is not known before they are computed.

#![forbid(unsafe_code)]

mod argument;
mod arguments;
mod bounded;
mod call;
mod collect;
mod error;
mod function;
mod handle;
mod inputs;
mod item;
mod items;
mod label;
mod look;
mod map;
mod operators;
mod output_info;
mod packing;
mod plain;
mod pure;
mod pure_argument;
mod shared;
mod task;
mod value;
mod whole;

#[doc(hidden)]
pub mod expand;

pub use argument::{Argument, InArc, Next, NextShared, Stored};
pub use arguments::{Arguments, Function};
pub use chunkwise_delayed_macros::delayed;
#[cfg(feature = "serde")]
pub use chunkwise_graph::register_serde;
pub use chunkwise_graph::{
    Bounds, BoxError, Collection, CollectionExt, Error, Layer, Persist, Result, with_scheduler,
};
pub use collect::collect;
pub use error::DelayedError;
pub use function::{DelayedFn, delayed};
pub use handle::Delayed;
pub use inputs::{Inputs, Values};
pub use packing::{Packing, Unpacking};
pub use plain::{Lit, LitShared, lit};
pub use pure::PureFn;
pub use pure_argument::{PureArgument, PureArguments};
pub use shared::Shared;
pub use value::value;
pub use whole::{Whole, whole};
