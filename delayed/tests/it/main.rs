//! Lazy calls from their writing to their results.

mod arguments; // what can be given to a function, and how it arrives
mod attribute; // what `#[delayed]` makes of a function
mod calls; // whole programs: what a user of the tutorial writes
mod crossing; // calls in their portable form, and what says that it has none
mod failures; // errors, panics and wrong lengths, and what they say
mod naming; // keys, pure calls, operations as they are shown
mod parts; // tuples and vectors taken apart, operators
mod scale; // long chains, long lists

use chunkwise_delayed::{Collection, CollectionExt};

/// Number of tasks that computing runs.
fn n_tasks(collection: &impl Collection) -> usize {
    collection.plan().map_or(0, |plan| plan.len())
}
