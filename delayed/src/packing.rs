//! [`Packing`]: what a call's arguments become on their way to another process, and [`Unpacking`]:
//! how they are read there.

use crate::inputs::Values;
use chunkwise_graph::{BoxError, ShipFn, Shipment, TypeInfo, Value};

/// What the arguments of a call become on their way to another process.
///
/// Their *shape* (numbers and bytes) is sent once for all calls of one function in which it is
/// equal; *literals* are sent with each call. So the length of a list is shape and its items are
/// literals. [`Unpacking`] gives both back in the order in which they were put here.
#[derive(Debug, Default)]
pub struct Packing {
    shape: Vec<u8>,
    literals: Vec<Value>,
}

impl Packing {
    /// Adds a number to the shape.
    pub fn number(&mut self, number: usize) {
        self.shape.extend_from_slice(&(number as u64).to_le_bytes());
    }

    /// Adds bytes to the shape.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.shape.extend_from_slice(bytes);
    }

    /// Adds a value of the call's own.
    ///
    /// # Errors
    /// If values of its type cannot leave the process.
    pub fn literal(&mut self, value: Value) -> Result<(), String> {
        if value.info().codec().is_none() {
            return Err(cannot_leave(value.info()));
        }
        self.literals.push(value);
        Ok(())
    }

    /// The kernel that `function` makes, called with what was packed.
    pub(crate) fn into_shipment(self, function: &'static ShipFn) -> Shipment {
        let mut state = Packing::default();
        state.number(self.literals.len());
        state.shape.extend(self.shape);
        Shipment::new(function).with_state(state.shape).with_arguments(self.literals)
    }

    /// All of it as one value; only for what has no literals.
    pub(crate) fn into_value(self) -> Value {
        Value::new(self.shape)
    }
}

#[cold]
fn cannot_leave(info: &TypeInfo) -> String {
    let remedy = if info.name().starts_with("alloc::sync::Arc<") {
        "write `lit(x)` without the `Arc`, or give `value(x)`, which tasks share"
    } else {
        "give the type serde's Serialize and Deserialize and call `register_serde` with it, or \
         make the value inside the function"
    };
    format!("values of type {} cannot leave the process: {remedy}", info.short_name())
}

/// What [`Packing`] was given, and the values of the call's inputs, in another process.
#[derive(Debug)]
pub struct Unpacking<'a> {
    shape: &'a [u8],
    values: Values<'a>,
    literals: Values<'a>,
}

impl<'a> Unpacking<'a> {
    /// What a kernel made from `state` is called with.
    pub(crate) fn new(state: &'a [u8], values: &'a mut [Value]) -> Result<Unpacking<'a>, BoxError> {
        let mut unpacking = Unpacking::of_shape(state);
        let n_literals = unpacking.number()?;
        let n_values = values.len().checked_sub(n_literals).ok_or(CUT_SHORT)?;
        let (values, literals) = values.split_at_mut(n_values);
        unpacking.values = Values::new(values);
        unpacking.literals = Values::new(literals);
        Ok(unpacking)
    }

    /// Numbers and bytes alone.
    pub(crate) fn of_shape(shape: &'a [u8]) -> Unpacking<'a> {
        Unpacking { shape, values: Values::new(&mut []), literals: Values::new(&mut []) }
    }

    /// The next number.
    ///
    /// # Errors
    /// If there is none.
    pub fn number(&mut self) -> Result<usize, BoxError> {
        let (number, rest) = self.shape.split_first_chunk().ok_or(CUT_SHORT)?;
        self.shape = rest;
        Ok(usize::try_from(u64::from_le_bytes(*number))?)
    }

    /// The next bytes.
    ///
    /// # Errors
    /// If there are none.
    pub fn bytes(&mut self) -> Result<&'a [u8], BoxError> {
        let len = self.number()?;
        let (bytes, rest) = self.shape.split_at_checked(len).ok_or(CUT_SHORT)?;
        self.shape = rest;
        Ok(bytes)
    }

    /// The next value of the call's own.
    ///
    /// # Errors
    /// If there is none.
    pub fn literal(&mut self) -> Result<Value, BoxError> {
        Ok(self.literals.next().ok_or(CUT_SHORT)?)
    }

    /// The values of the call's inputs that were not taken yet, as [`Stored::read`] takes them.
    ///
    /// [`Stored::read`]: crate::Stored::read
    pub fn values(&mut self) -> &mut Values<'a> {
        &mut self.values
    }
}

const CUT_SHORT: &str = "a call came without some of its arguments";

#[cfg(test)]
mod tests {
    use super::*;

    const FUNCTION: &ShipFn = &ShipFn::new::<()>(|_| Err("never made".into()));

    #[test]
    fn what_was_packed_is_unpacked() {
        let mut packing = Packing::default();
        packing.number(usize::MAX);
        packing.bytes(b"shape");
        packing.literals.push(Value::new(7u8));
        let mut shipment = packing.into_shipment(FUNCTION);
        let mut values = vec![Value::new(1u8)];
        values.extend(shipment.take_arguments());

        let mut from = Unpacking::new(shipment.state(), &mut values).unwrap();
        assert_eq!(from.number().unwrap(), usize::MAX);
        assert_eq!(from.bytes().unwrap(), b"shape");
        assert_eq!(from.literal().unwrap().get::<u8>().unwrap(), &7);
        assert_eq!(from.values().take_next().get::<u8>().unwrap(), &1);
        assert!(from.literal().is_err() && from.number().is_err() && from.bytes().is_err());
    }

    #[test]
    fn damaged_states_are_errors() {
        assert!(Unpacking::new(&[], &mut []).is_err());
        assert!(Unpacking::new(&[1, 0, 0, 0, 0, 0, 0, 0], &mut []).is_err());
        assert!(Unpacking::of_shape(&[9, 0, 0, 0, 0, 0, 0, 0, 1]).bytes().is_err());
    }
}
