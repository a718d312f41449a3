//! Wrappers that make tasks fail, panic or take long, for anything that runs them.
//!
//! A [`Fault`] is put around the work of a layer ([`Faulty`], [`with_fault`]) or, where it is an
//! observer too, around every run of a scheduler ([`FaultyScheduler`]).

mod blocks;
mod fault;
mod scheduler;

pub use blocks::{Faulty, with_fault};
pub use fault::{FailEvery, Fault, Injected, PanicEvery, SlowEvery};
pub use scheduler::FaultyScheduler;
