//! [`Look`]: a function of references, as the body of a task; it clones nothing.

use crate::label::Label;
use crate::task::{Body, portable};
use chunkwise_graph::{BoxError, Captureless, Kernel, LoadWith, Parcel, Shipment, TypeInfo, Value};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// A function `F` that looks at the values of the inputs, as `K` says.
pub(crate) struct Look<F, K> {
    function: F,
    kind: PhantomData<fn() -> K>,
}

impl<F, K> Look<F, K> {
    pub(crate) fn of(function: F) -> Look<F, K> {
        Look { function, kind: PhantomData }
    }
}

impl<F: Send + Sync + 'static, K: Looking<F>> Body for Look<F, K> {
    #[inline]
    fn run(&self, values: &mut [Value]) -> Result<Value, BoxError> {
        K::look(&self.function, values)
    }

    fn ship(&self, label: &Label) -> Result<Shipment, String> {
        let function = portable(&self.function, label)?;
        Ok(Shipment::new(function.ship_fn::<Received<K>>()).with_output(K::output()))
    }
}

/// A look made again.
struct Received<K>(PhantomData<fn() -> K>);

impl<F: Send + Sync + 'static, K: Looking<F>> LoadWith<F> for Received<K> {
    fn load(function: Captureless<F>, _: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
        Ok(Arc::new(move |values: &mut [Value]| K::look(function.get(), values)))
    }
}

/// What an `F` looks at, and what becomes of its result.
pub(crate) trait Looking<F>: 'static {
    /// Calls it.
    fn look(function: &F, values: &[Value]) -> Result<Value, BoxError>;

    /// What it gives.
    fn output() -> &'static TypeInfo;
}

/// At one value.
pub(crate) struct Looked<T>(PhantomData<fn() -> T>);

impl<T, R, F> Looking<F> for Looked<T>
where
    T: Any,
    R: Any + Send + Sync,
    F: Fn(&T) -> R,
{
    #[inline]
    fn look(function: &F, values: &[Value]) -> Result<Value, BoxError> {
        Ok(Value::new(function(looked_at(values, 0)?)))
    }

    fn output() -> &'static TypeInfo {
        TypeInfo::opaque::<R>()
    }
}

/// At one value, with a result that may be an error.
pub(crate) struct TryLooked<T>(PhantomData<fn() -> T>);

impl<T, R, E, F> Looking<F> for TryLooked<T>
where
    T: Any,
    R: Any + Send + Sync,
    E: Into<BoxError>,
    F: Fn(&T) -> Result<R, E>,
{
    #[inline]
    fn look(function: &F, values: &[Value]) -> Result<Value, BoxError> {
        Ok(Value::new(function(looked_at(values, 0)?).map_err(Into::into)?))
    }

    fn output() -> &'static TypeInfo {
        TypeInfo::opaque::<R>()
    }
}

/// At two values.
pub(crate) struct LookedAtTwo<T, U>(PhantomData<fn() -> (T, U)>);

impl<T, U, R, F> Looking<F> for LookedAtTwo<T, U>
where
    T: Any,
    U: Any,
    R: Any + Send + Sync,
    F: Fn(&T, &U) -> R,
{
    #[inline]
    fn look(function: &F, values: &[Value]) -> Result<Value, BoxError> {
        Ok(Value::new(function(looked_at(values, 0)?, looked_at(values, 1)?)))
    }

    fn output() -> &'static TypeInfo {
        TypeInfo::opaque::<R>()
    }
}

/// The value of one input, in place.
#[inline]
pub(crate) fn looked_at<T: Any>(values: &[Value], input: usize) -> Result<&T, BoxError> {
    match values.get(input) {
        Some(value) => Ok(value.get()?),
        None => Err("the task was given fewer values than it has inputs".into()),
    }
}
