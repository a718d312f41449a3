//! [`Shipment`]: a task in a form that can run in another process of the same executable.

use crate::error::BoxError;
use crate::value::Value;

/// A function without captures, and its serialised state.
#[derive(Clone, Debug)]
pub struct Shipment {
    /// What to call.
    pub function: &'static ShipFn,
    /// Everything else it needs, serialised.
    pub state: Vec<u8>,
}

impl Shipment {
    /// Runs the shipment here: block number `block` over `inputs`.
    ///
    /// # Errors
    /// What the function gives; damaged `state` is an error too.
    pub fn call(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        (self.function.call)(&self.state, block, inputs)
    }
}

/// What runs a shipment: serialised state, block number, inputs.
pub type ShipCall = fn(&[u8], u32, &mut [Value]) -> Result<Value, BoxError>;

/// A function that every process of one executable has, as a static of it.
#[derive(Clone, Copy, Debug)]
pub struct ShipFn {
    /// Its name, for messages and as a check on arrival.
    pub name: fn() -> &'static str,
    /// Runs it: serialised state, block number, inputs.
    pub call: ShipCall,
}
