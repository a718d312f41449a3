//! [`Item`]: one item of a vector, as the body of a task.

use crate::error::DelayedError;
use crate::label::Label;
use crate::look::looked_at;
use crate::packing::{Packing, Unpacking};
use crate::task::Body;
use chunkwise_graph::{
    BoxError, Index, Key, Name, Parcel, ShipFn, Shipment, Token, TypeInfo, Value,
};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// Takes one item out of a vector of `T`.
pub(crate) struct Item<T> {
    which: Which,
    item: PhantomData<fn() -> T>,
}

/// Which item, and of what.
pub(crate) struct Which {
    /// The task that gives the vector, for errors.
    pub(crate) task: Key,
    pub(crate) index: usize,
    /// The length that the vector is to have.
    pub(crate) n: Option<usize>,
}

impl<T> Item<T> {
    pub(crate) fn of(which: Which) -> Item<T> {
        Item { which, item: PhantomData }
    }
}

impl<T: Any + Clone + Send + Sync> Item<T> {
    /// Everything else comes with the call, so that all items of a type are one kernel.
    const FUNCTION: &'static ShipFn = &ShipFn::new::<Item<T>>(|_: Parcel<'_>| {
        Ok(Arc::new(|values: &mut [Value]| {
            let which = values.last().ok_or("an item came without its number")?;
            take::<T>(values, &Which::unpacked(which.get::<Vec<u8>>()?)?)
        }))
    });
}

impl<T: Any + Clone + Send + Sync> Body for Item<T> {
    fn run(&self, values: &mut [Value]) -> Result<Value, BoxError> {
        take::<T>(values, &self.which)
    }

    fn ship(&self, _label: &Label) -> Result<Shipment, String> {
        let shipment = Shipment::new(Self::FUNCTION).with_output(TypeInfo::opaque::<T>());
        Ok(shipment.with_arguments(vec![self.which.packed().into_value()]))
    }
}

fn take<T: Any + Clone + Send + Sync>(values: &[Value], which: &Which) -> Result<Value, BoxError> {
    let items: &Vec<T> = looked_at(values, 0)?;
    let (found, index) = (items.len(), which.index);
    match (items.get(index), which.n) {
        (_, Some(expected)) if expected != found => {
            Err(DelayedError::Length { task: which.task.clone(), expected, found }.into())
        }
        (Some(item), _) => Ok(Value::new(item.clone())),
        (None, _) => Err(DelayedError::Index { task: which.task.clone(), index, found }.into()),
    }
}

impl Which {
    fn packed(&self) -> Packing {
        let mut to = Packing::default();
        to.number(self.index);
        to.number(usize::from(self.n.is_some()));
        to.number(self.n.unwrap_or(0));
        to.bytes(&self.task.name.token().to_bytes());
        to.bytes(self.task.name.prefix().as_bytes());
        to.number(self.task.index.len());
        self.task.index.iter().for_each(|&along| to.number(along as usize));
        to
    }

    fn unpacked(bytes: &[u8]) -> Result<Which, BoxError> {
        let mut from = Unpacking::of_shape(bytes);
        let (index, is_n, n) = (from.number()?, from.number()?, from.number()?);
        let token = Token::from_bytes(from.bytes()?.try_into()?);
        let name = Name::structural("", token).with_prefix(std::str::from_utf8(from.bytes()?)?);
        let n_axes = from.number()?;
        let along = (0..n_axes).map(|_| Ok(u32::try_from(from.number()?)?));
        let task = Key { name, index: along.collect::<Result<Index, BoxError>>()? };
        Ok(Which { task, index, n: (is_n == 1).then_some(n) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_every_kind_come_back() {
        let unique = Key::new(Name::unique("größe"));
        let structural =
            Key::new(Name::structural("sum", chunkwise_graph::Tokenizer::of("a", &1u8)));
        for task in [unique, structural, Key::from("given"), Key::from(("df", 3, u32::MAX))] {
            let which = Which { task: task.clone(), index: 7, n: Some(9) };
            let value = which.packed().into_value();
            let back = Which::unpacked(value.get::<Vec<u8>>().unwrap()).unwrap();
            assert_eq!((&back.task, back.index, back.n), (&task, 7, Some(9)));
            assert_eq!(back.task.to_string(), task.to_string());
            assert_eq!(back.task.name.is_given(), task.name.is_given());
        }
        assert!(Which::unpacked(&[0; 16]).is_err());
    }
}
