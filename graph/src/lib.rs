//! Task graphs described by layers: what every scheduler runs and every collection builds.
//!
//! This crate is the bottom of the workspace and depends on no other of its crates. Above it are
//! the schedulers (`chunkwise-sched-sync`, `chunkwise-sched-threaded`), the collections
//! (`chunkwise-delayed`) and `chunkwise-diagnostics`, which meet in three traits: [`Scheduler`],
//! [`Collection`] and [`Observer`].
//!
//! Three types to start from:
//!
//! - [`TaskDict`]: a graph written by hand, as named keys with values and functions;
//! - [`Layer`]: a grid of like tasks described by one object, what collections are made of;
//! - [`Plan`]: the needed tasks in the order that keeps the least in memory, what schedulers run.
//!
//! ```
//! use chunkwise_graph::{InOrder, SchedulerExt, TaskDict};
//!
//! fn inc(x: i64) -> i64 { x + 1 }
//! fn add(x: i64, y: i64) -> i64 { x + y }
//!
//! let mut graph = TaskDict::new();
//! graph
//!     .value("a", 1i64)
//!     .task("b", inc, ["a"])
//!     .value("x", 10i64)
//!     .task("y", inc, ["x"])
//!     .task("z", add, ["b", "y"]);
//! let z: i64 = InOrder.get(&graph, "z")?;
//! assert_eq!(z, 13);
//! # Ok::<(), chunkwise_graph::Error>(())
//! ```
//!
//! From a collection to its result:
//!
//! 1. [`Collection::layers`] gives linked layers; [`Graph::new`] makes a petgraph graph of them,
//!    one node a layer.
//! 2. The [`passes`] rewrite layers: cull, inline, fuse, fold.
//! 3. [`Graph::plan`] finds the needed tasks by index arithmetic, numbers them in the [`mod@order`]
//!    that holds the fewest results, and knows the predicted peak.
//! 4. A [`Scheduler`] runs the plan, through [`Run::execute`] for each task.
//! 5. [`Collection::finalize`] puts the result together.
//!
//! Not here, on purpose: threads, input and output, arrays, tables, async runtimes.

#![deny(unsafe_code)]

pub mod dag;
pub mod dict;
pub mod draw;
pub mod grid;
pub mod order;
pub mod passes;
pub mod shapes;
pub mod simulate;

mod block_map;
mod blockwise;
#[cfg(feature = "serde")]
mod blockwise_ship;
mod bounds;
mod cancel;
mod captureless;
mod codec;
mod collection;
mod crossing;
mod elsewhere;
mod error;
mod explain;
mod fold;
#[cfg(feature = "serde")]
mod fold_ship;
mod graph;
mod held;
mod in_order;
mod interned;
mod kernel;
mod key;
mod layer;
mod memory_budget;
mod observer;
mod picture;
mod place;
mod plan;
mod planned;
mod run;
mod scheduler;
mod scope;
#[cfg(feature = "serde")]
mod serde_codec;
mod ship;
#[cfg(feature = "serde")]
mod standard_codecs;
mod token;
mod type_info;
mod value;

pub use block_map::{AxisMap, BlockMap};
pub use blockwise::{Blockwise, Operand, Step};
pub use bounds::Bounds;
pub use cancel::{CancelToken, OnCancel};
pub use captureless::{Captureless, LoadWith};
pub use codec::{Arriving, Buffer, Codec, Frames, FramesRef, SharedAny};
pub use collection::{Collection, CollectionExt, Persist, Resolve};
#[cfg(feature = "serde")]
pub use crossing::{
    ErrorInfo, decode_error, encode_error, register_error, register_error_info, register_serde,
    registered_errors,
};
pub use crossing::{register, registered};
pub use dag::Dag;
pub use dict::{Nested, NestedKeys, TaskDict, by_ref, list, literal};
pub use elsewhere::{Heard, heard};
pub use error::{BoxError, Error, MemoryNeed, Result, TaskSite};
pub use explain::{ExplainedLayer, Explanation, format_bytes};
pub use fold::{Fold, Inputs, taken};
pub use graph::{Graph, LayerId, LayerNode};
pub use held::Held;
pub use in_order::InOrder;
pub use interned::interned;
pub use kernel::{Block, Kernel};
pub use key::{Index, IndexNumber, Key, Name, NameMap, TokenHasher};
pub use layer::{Blocks, Dep, Layer};
pub use memory_budget::{
    Forecast, HeldBytes, MemoryBudget, MemoryUse, default_memory_budget,
    init_default_memory_budget, set_default_memory_budget,
};
pub use observer::{Observer, WorkerId};
pub use place::Place;
pub use plan::{Ordering, Plan, PlanOptions, PredictedPeak, TaskBlock, TaskRef};
pub use planned::Planned;
pub use run::{Run, describe_all, panic_message};
pub use scheduler::{
    Scheduler, SchedulerExt, default_scheduler, init_default_scheduler, set_default_scheduler,
};
pub use scope::{
    cancelled, current_scheduler, with_cancel, with_memory_budget, with_observer, with_observers,
    with_scheduler,
};
pub use ship::{Load, Parcel, ShipFn, Shipment};
pub use token::{Token, Tokenize, Tokenizer};
pub use type_info::{Data, TypeInfo};
pub use value::Value;
