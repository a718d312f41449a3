//! [`Delayed`]: a handle to the result of a call that has not been made yet.

use crate::bounded::Bounded;
use chunkwise_graph::{
    Bounds, Collection, Error, Key, Layer, Name, Persist, Result, TypeInfo, Value,
};
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The result of a function call that will be made when it is needed.
///
/// Cheap to clone: a clone is the same task, computed once. Made by [`delayed`](crate::delayed()),
/// [`value`](crate::value()), functions with the attribute
/// [`#[delayed]`](macro@crate::delayed), and the methods here. Printing one computes nothing.
///
/// ```
/// use chunkwise_delayed::{CollectionExt, delayed, value};
/// let a = value(1i64);
/// let b = delayed(|x: i64| x + 1).call(&a);
/// assert!(b.to_string().starts_with("Delayed<i64>(closure-"));
/// assert_eq!(b.compute()?, 2);
/// # Ok::<(), chunkwise_delayed::Error>(())
/// ```
#[must_use = "nothing is computed before `compute` is called on it or on what it is given to"]
pub struct Delayed<T> {
    layer: Arc<Layer>,
    /// A handle gives a `T` and holds none.
    result: PhantomData<fn() -> T>,
}

impl<T> Clone for Delayed<T> {
    fn clone(&self) -> Delayed<T> {
        Delayed { layer: Arc::clone(&self.layer), result: PhantomData }
    }
}

impl<T: Any + Send + Sync> Delayed<T> {
    /// The result of a layer of one block: for crates that make layers of their own.
    ///
    /// That the block gives a `T` is checked when it is read, as an [`Error::Type`].
    ///
    /// # Panics
    /// If the layer has no block or several.
    ///
    /// ```
    /// use chunkwise_delayed::{CollectionExt, Delayed, Layer};
    /// use chunkwise_graph::{Held, Name, Value};
    /// let layer = Layer::new(Name::unique("three"), [], Held::one(Value::new(3u8)));
    /// assert_eq!(Delayed::<u8>::from_layer(layer).compute()?, 3);
    /// # Ok::<(), chunkwise_delayed::Error>(())
    /// ```
    pub fn from_layer(layer: Arc<Layer>) -> Delayed<T> {
        assert_eq!(layer.len(), 1, "a handle stands for one block, {layer:?} has {}", layer.len());
        Delayed { layer, result: PhantomData }
    }

    /// The same task under a key of your choice, to find it in errors, profiles and drawings.
    ///
    /// Keys are identities: within one computation, tasks of equal keys are one task, so a key is
    /// to be given to one task only.
    ///
    /// ```
    /// use chunkwise_delayed::{CollectionExt, value};
    /// let total = value(1i64).map(|x| x + 1).named("total");
    /// assert_eq!(total.to_string(), "Delayed<i64>(total)");
    /// # assert_eq!(total.compute()?, 2);
    /// # Ok::<(), chunkwise_delayed::Error>(())
    /// ```
    pub fn named(&self, key: impl Into<Arc<str>>) -> Delayed<T> {
        let Delayed { layer, .. } = self;
        let inputs = layer.inputs().iter().cloned();
        let blocks = Arc::clone(layer.blocks());
        let layer = Layer::shared(Name::given(key), inputs, blocks, layer.made_at());
        Delayed { layer, result: PhantomData }
    }

    /// The same task, with upper bounds on the bytes that it takes: what its result takes, as
    /// [`Value::nbytes`](chunkwise_graph::Value::nbytes) counts it, and what it needs beside that and
    /// its arguments while it runs.
    ///
    /// A result of a type that owns nothing states its own size; everything else is not known unless
    /// it is stated here. Plans predict their peak from it ([`Plan::bytes`](chunkwise_graph::Plan::bytes)).
    /// Nothing is checked here: a bound below the truth makes a limit on memory one that is exceeded,
    /// which a run under such a limit reports.
    ///
    /// ```
    /// use chunkwise_delayed::{Bounds, CollectionExt, delayed, lit};
    /// let zeros = delayed(|n: usize| vec![0.0; n]).call(lit(1_000));
    /// assert_eq!(zeros.graph().plan()?.predicted_peak().n_unknown, 1);
    ///
    /// let bytes = (size_of::<Vec<f64>>() + 8 * 1_000) as u64;
    /// let zeros = zeros.bounds(Bounds::output(bytes));
    /// let peak = zeros.graph().plan()?.predicted_peak();
    /// assert_eq!((peak.bytes, peak.n_unknown), (bytes, 0));
    /// # Ok::<(), chunkwise_delayed::Error>(())
    /// ```
    pub fn bounds(&self, bounds: Bounds) -> Delayed<T> {
        let Delayed { layer, .. } = self;
        let blocks = Arc::new(Bounded { blocks: Arc::clone(layer.blocks()), bounds });
        let inputs = layer.inputs().iter().cloned();
        let layer = Layer::shared(layer.name().clone(), inputs, blocks, layer.made_at());
        Delayed { layer, result: PhantomData }
    }
}

impl<T> Delayed<T> {
    pub(crate) fn of_task(layer: Arc<Layer>) -> Delayed<T> {
        Delayed { layer, result: PhantomData }
    }

    /// The task's key.
    ///
    /// ```
    /// assert_eq!(chunkwise_delayed::value(1).named("one").key().to_string(), "one");
    /// ```
    pub fn key(&self) -> Key {
        self.layer.key(0)
    }

    /// The layer, of one block, that gives the result.
    pub fn layer(&self) -> &Arc<Layer> {
        &self.layer
    }
}

/// Computing gives the result itself if nothing else holds it, else a clone of it; a `T` that
/// cannot be cloned is computed through [`Delayed::shared`] or looked at with [`Delayed::map`].
impl<T: Any + Clone + Send + Sync> Collection for Delayed<T> {
    type Output = T;

    fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
        layers.push(Arc::clone(&self.layer));
    }

    fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<T> {
        let value = parts.next().unwrap_or_default();
        value.take_or_clone().map_err(|error: Error| error.of_key(&self.key()))
    }
}

impl<T: Any + Clone + Send + Sync> Persist for Delayed<T> {
    fn rebuild(&self, layers: &mut dyn Iterator<Item = Arc<Layer>>) -> Delayed<T> {
        layers.next().map_or_else(|| self.clone(), Delayed::of_task)
    }
}

impl<T: Any + Send + Sync> fmt::Display for Delayed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Delayed<{}>({})", TypeInfo::opaque::<T>().short_name(), self.key())
    }
}

impl<T: Any + Send + Sync> fmt::Debug for Delayed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
