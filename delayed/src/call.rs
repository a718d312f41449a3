//! [`Call`]: a function and the arguments that it is given, as the body of a task.

use crate::argument::Stored;
use crate::arguments::Function;
use crate::inputs::Values;
use crate::label::Label;
use crate::output_info::OutputInfo;
use crate::packing::{Packing, Unpacking};
use crate::task::{Body, portable};
use chunkwise_graph::{BoxError, Captureless, Kernel, LoadWith, Parcel, Shipment, TypeInfo, Value};
use std::any::Any;
use std::borrow::Borrow;
use std::marker::PhantomData;
use std::sync::Arc;

/// A function `F`, held as a `G`, of parameters `P`, with what is stored of its arguments, `S`;
/// `K` says what becomes of its result.
pub(crate) struct Call<F, G, S, P, K> {
    function: G,
    arguments: S,
    types: Types<(F, P, K)>,
}

/// Types that are known and of which nothing is held.
type Types<T> = PhantomData<fn() -> T>;

impl<F, S, P, K> Call<F, F, S, P, K> {
    /// Of a function of its own.
    pub(crate) fn of(function: F, arguments: S) -> Call<F, F, S, P, K> {
        Call { function, arguments, types: PhantomData }
    }
}

impl<F, S, P, K> Call<F, Arc<F>, S, P, K> {
    /// Of a function that other calls have too.
    pub(crate) fn of_shared(function: &Arc<F>, arguments: S) -> Call<F, Arc<F>, S, P, K> {
        Call { function: Arc::clone(function), arguments, types: PhantomData }
    }
}

impl<F, G, S, P, K> Body for Call<F, G, S, P, K>
where
    F: Send + Sync + 'static,
    G: Borrow<F> + Send + Sync + 'static,
    S: Stored<P>,
    P: 'static,
    K: Calling<F, P>,
{
    #[inline]
    fn run(&self, values: &mut [Value]) -> Result<Value, BoxError> {
        K::call(self.function.borrow(), self.arguments.read(&mut Values::new(values))?)
    }

    fn ship(&self, label: &Label) -> Result<Shipment, String> {
        let function = portable::<F>(self.function.borrow(), label)?;
        let mut packing = Packing::default();
        self.arguments.ship(&mut packing)?;
        let shipment = packing.into_shipment(function.ship_fn::<Received<S, P, K>>());
        Ok(shipment.with_output(K::output()))
    }
}

/// A call made again.
struct Received<S, P, K>(Types<(S, P, K)>);

impl<F, S, P, K> LoadWith<F> for Received<S, P, K>
where
    F: Send + Sync + 'static,
    S: Stored<P>,
    P: 'static,
    K: Calling<F, P>,
{
    fn load(function: Captureless<F>, parcel: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
        let state: Box<[u8]> = parcel.state.into();
        let kernel = move |values: &mut [Value]| {
            K::call(function.get(), S::receive(&mut Unpacking::new(&state, values)?)?)
        };
        Ok(Arc::new(kernel))
    }
}

/// What becomes of the result of an `F` that is called with parameters `P`.
pub(crate) trait Calling<F, P>: 'static {
    /// Calls it.
    fn call(function: &F, parameters: P) -> Result<Value, BoxError>;

    /// What it gives.
    fn output() -> &'static TypeInfo;
}

/// The result is the value; `I` is what is known of it.
pub(crate) struct Infallible<I>(PhantomData<fn() -> I>);

impl<F, P, I> Calling<F, P> for Infallible<I>
where
    F: Function<P>,
    F::Output: Any + Send + Sync,
    I: OutputInfo<F::Output>,
{
    #[inline]
    fn call(function: &F, parameters: P) -> Result<Value, BoxError> {
        Ok(Value::with_info(function.apply(parameters), I::info()))
    }

    fn output() -> &'static TypeInfo {
        I::info()
    }
}

/// The result's `Ok` is the value; `I` is what is known of it.
pub(crate) struct Fallible<I>(PhantomData<fn() -> I>);

impl<F, P, I, T, E> Calling<F, P> for Fallible<I>
where
    F: Function<P, Output = Result<T, E>>,
    T: Any + Send + Sync,
    E: Into<BoxError>,
    I: OutputInfo<T>,
{
    #[inline]
    fn call(function: &F, parameters: P) -> Result<Value, BoxError> {
        let result = function.apply(parameters).map_err(Into::into)?;
        Ok(Value::with_info(result, I::info()))
    }

    fn output() -> &'static TypeInfo {
        I::info()
    }
}
