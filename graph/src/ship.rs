//! [`Shipment`]: a kernel in a form that runs in another process of the same executable.
//!
//! Code does not travel: both processes have it. What travels is a reference to a [`ShipFn`], a
//! static of the executable whose function makes the kernel again, and the state that it makes it
//! from. How a reference becomes bytes is the scheduler's business.

use crate::error::BoxError;
use crate::kernel::Kernel;
use crate::type_info::TypeInfo;
use crate::value::Value;
use std::any::type_name;
use std::fmt;
use std::sync::Arc;

/// A kernel in portable form: a function of the executable, and what it makes the kernel from.
///
/// A kernel that is a serde struct is shipped by [`Shipment::of`]; one that holds a function of the
/// user's, through [`Captureless`](crate::Captureless).
///
/// ```
/// use chunkwise_graph::{Block, BoxError, Kernel, Shipment, Value};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Scale(f64);
///
/// impl Kernel for Scale {
///     fn call(&self, _: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
///         Ok(Value::new(arguments[0].get::<f64>()? * self.0))
///     }
///
///     fn ship(&self) -> Result<Shipment, String> {
///         Shipment::of(self)
///     }
/// }
///
/// let there = Scale(3.0).ship()?.load()?;
/// let block = Block { number: 0, grid: &[] };
/// assert_eq!(there.call(block, &mut [Value::new(2.0f64)])?.get::<f64>()?, &6.0);
/// # Ok::<(), BoxError>(())
/// ```
#[derive(Clone)]
pub struct Shipment {
    function: &'static ShipFn,
    state: Vec<u8>,
    parts: Vec<Shipment>,
    arguments: Vec<Value>,
    output: Option<&'static TypeInfo>,
}

impl Shipment {
    /// The kernel that `function` makes, so far from nothing.
    pub fn new(function: &'static ShipFn) -> Shipment {
        let (state, parts, arguments) = (Vec::new(), Vec::new(), Vec::new());
        Shipment { function, state, parts, arguments, output: None }
    }

    /// Of a kernel that is a serde struct.
    ///
    /// # Errors
    /// Why it could not be serialised.
    #[cfg(feature = "serde")]
    pub fn of<K>(kernel: &K) -> Result<Shipment, String>
    where
        K: Kernel + serde::Serialize + serde::de::DeserializeOwned,
    {
        Shipment::new(crate::serde_codec::KernelBySerde::<K>::FUNCTION).with_serde(kernel)
    }

    /// Of a layer whose blocks are a serde struct.
    ///
    /// # Errors
    /// Why it could not be serialised.
    #[cfg(feature = "serde")]
    pub fn of_blocks<B>(blocks: &B) -> Result<Shipment, String>
    where
        B: crate::Blocks + serde::Serialize + serde::de::DeserializeOwned,
    {
        Shipment::new(crate::serde_codec::BlocksBySerde::<B>::FUNCTION).with_serde(blocks)
    }

    /// The same, with serialised state.
    #[must_use]
    pub fn with_state(self, state: Vec<u8>) -> Shipment {
        Shipment { state, ..self }
    }

    /// The same, with the state as serde writes it; [`Parcel::read`] reads it.
    ///
    /// # Errors
    /// Why it could not be serialised.
    #[cfg(feature = "serde")]
    pub fn with_serde(self, state: &(impl serde::Serialize + ?Sized)) -> Result<Shipment, String> {
        let state = postcard::to_stdvec(state).map_err(|error| error.to_string())?;
        Ok(self.with_state(state))
    }

    /// The same, with other kernels that it is made from; what they are given beyond their inputs
    /// becomes lost, so that kernels with [`Shipment::arguments`] cannot be parts.
    #[must_use]
    pub fn with_parts(self, parts: Vec<Shipment>) -> Shipment {
        Shipment { parts, ..self }
    }

    /// The same, given more arguments after its inputs: values that belong to one task, where
    /// state, which is sent once, is what many tasks share.
    #[must_use]
    pub fn with_arguments(self, arguments: Vec<Value>) -> Shipment {
        Shipment { arguments, ..self }
    }

    /// The same, saying what it gives, so that a type that cannot leave a process is found before
    /// anything runs.
    #[must_use]
    pub fn with_output(self, output: &'static TypeInfo) -> Shipment {
        Shipment { output: Some(output), ..self }
    }

    /// What makes the kernel.
    pub fn function(&self) -> &'static ShipFn {
        self.function
    }

    /// The serialised state.
    pub fn state(&self) -> &[u8] {
        &self.state
    }

    /// The kernels that it is made from.
    pub fn parts(&self) -> &[Shipment] {
        &self.parts
    }

    /// Values that it is given after its inputs.
    pub fn arguments(&self) -> &[Value] {
        &self.arguments
    }

    /// Takes those values out.
    pub fn take_arguments(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.arguments)
    }

    /// What it gives, where that is known.
    pub fn output(&self) -> Option<&'static TypeInfo> {
        self.output
    }

    /// Makes the kernel again in this process: what a receiver does, from the bytes that it got.
    ///
    /// # Errors
    /// What the function says of the state; that of a part first.
    pub fn load(&self) -> Result<Arc<dyn Kernel>, BoxError> {
        let parts = self.parts.iter().map(Shipment::load).collect::<Result<_, _>>()?;
        self.function.load(Parcel { state: &self.state, parts })
    }
}

impl fmt::Debug for Shipment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shipment")
            .field("function", &self.function.name())
            .field("state", &format_args!("{} bytes", self.state.len()))
            .field("parts", &self.parts)
            .field("arguments", &self.arguments)
            .finish()
    }
}

/// What a kernel is made from again: what its [`Shipment`] held.
pub struct Parcel<'a> {
    /// The serialised state.
    pub state: &'a [u8],
    /// The kernels that it is made from.
    pub parts: Vec<Arc<dyn Kernel>>,
}

impl Parcel<'_> {
    /// The state that [`Shipment::with_serde`] wrote.
    ///
    /// # Errors
    /// If the bytes are no `T`.
    #[cfg(feature = "serde")]
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, BoxError> {
        Ok(postcard::from_bytes(self.state)?)
    }
}

impl fmt::Debug for Parcel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parcel({} bytes, {} parts)", self.state.len(), self.parts.len())
    }
}

/// Makes a kernel again from what was shipped of it.
pub type Load = fn(Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError>;

/// A function that makes kernels, as a static that every process of one executable has at the same
/// place.
///
/// ```
/// use chunkwise_graph::{BoxError, Parcel, ShipFn, Shipment, Value};
///
/// // No state, no parts: a closure is a kernel.
/// const ONE: &ShipFn = &ShipFn::new::<()>(|_: Parcel<'_>| {
///     Ok(std::sync::Arc::new(|_: &mut [Value]| -> Result<Value, BoxError> { Ok(Value::new(1)) }))
/// });
/// assert!(Shipment::new(ONE).load().is_ok());
/// ```
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ShipFn {
    /// First, so that a receiver can look before it believes the rest.
    mark: u64,
    name: fn() -> &'static str,
    load: Load,
}

impl ShipFn {
    /// What the first eight bytes of each are: a check on what a reference points to.
    pub const MARK: u64 = 0x6b63_5f73_6869_7046;

    /// Named after the type `N`, which tells functions apart in messages and is checked on arrival.
    pub const fn new<N: ?Sized>(load: Load) -> ShipFn {
        ShipFn { mark: ShipFn::MARK, name: type_name::<N>, load }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        (self.name)()
    }

    /// Makes a kernel.
    ///
    /// # Errors
    /// If the state is not what the function wrote.
    pub fn load(&self, parcel: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
        (self.load)(parcel)
    }
}

impl fmt::Debug for ShipFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ShipFn({})", self.name())
    }
}
