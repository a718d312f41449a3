//! [`several`]: operations that give several arrays.

use crate::array::{Array, Built};
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::Node;
use std::panic::Location;
use std::sync::Arc;

/// Several nodes that are made together; what is wrong with one is wrong with all of them.
pub(super) struct Several<'a, const N: usize> {
    name: &'static str,
    inputs: Vec<&'a Arc<Node>>,
    built: Result<[Arc<Node>; N], ArrayError>,
}

/// What `build` makes of inputs, which it is not called with if one of them cannot be.
#[track_caller]
pub(super) fn several<'a, const N: usize>(
    name: &'static str,
    inputs: Vec<&'a Arc<Node>>,
    build: impl FnOnce(&'static Location<'static>) -> Result<[Arc<Node>; N], ArrayError>,
) -> Several<'a, N> {
    let built = build(Location::caller());
    Several { name, inputs, built }
}

impl<const N: usize> Several<'_, N> {
    /// One of them.
    #[track_caller]
    pub(super) fn array<T: Element>(&self, at: usize) -> Array<T> {
        Array::build(self.name, &self.inputs, |_| -> Built {
            self.built.clone().map(|nodes| Arc::clone(&nodes[at]))
        })
    }
}
