//! [`Captureless`]: functions that every process of an executable can make out of nothing.

#![allow(unsafe_code, reason = "a value without size is made of its type; the only place here")]

use crate::error::BoxError;
use crate::kernel::Kernel;
use crate::ship::{Parcel, ShipFn};
use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::sync::Arc;

/// Proof that there is an `F`, and that it takes no room: a `fn` item, or a closure that captures
/// nothing. Such a function is its type, so that its type is all that another process needs.
///
/// ```
/// use chunkwise_graph::Captureless;
/// let step = 2;
/// assert!(Captureless::of(&|x: i64| x + 1).is_some());
/// assert!(Captureless::of(&move |x: i64| x + step).is_none());
/// let pointer: fn(i64) -> i64 = |x| x + 1;
/// assert!(Captureless::of(&pointer).is_none());   // an address means nothing elsewhere
/// ```
///
/// A closure that captures a value of a type without size (a token that stands for something done
/// in this process) counts as captureless, and the other process has done no such thing.
pub struct Captureless<F>(PhantomData<fn() -> F>);

/// How a kernel is made again from a captureless function and what was shipped with it.
pub trait LoadWith<F> {
    /// Makes the kernel.
    ///
    /// # Errors
    /// If the state is not what was written.
    fn load(function: Captureless<F>, parcel: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError>;
}

impl<F: Send + Sync + 'static> Captureless<F> {
    /// `None` if the function captures something, or is a pointer.
    pub const fn of(_function: &F) -> Option<Captureless<F>> {
        if size_of::<F>() == 0 && !std::mem::needs_drop::<F>() {
            Some(Captureless(PhantomData))
        } else {
            None
        }
    }

    /// The function.
    pub fn get(self) -> &'static F {
        // SAFETY: `F` has no size, so that any aligned address holds one. It has a value: `of` was
        // shown one here, or in the process whose `ship_fn` this one was sent. It is only shared,
        // which `F: Sync` and `'static` allow for as long as one likes, and needs no drop.
        unsafe { NonNull::<F>::dangling().as_ref() }
    }

    /// What makes a kernel with this function in another process. Whoever holds it has held `self`.
    pub fn ship_fn<L: LoadWith<F>>(self) -> &'static ShipFn {
        Made::<F, L>::FUNCTION
    }

    /// Why `F` is not captureless, and what to write instead.
    pub fn refusal() -> String {
        Captureless::<F>::refusal_of(&name_of(type_name::<F>()))
    }

    /// The same, of a function that its user knows by a name.
    pub fn refusal_of(name: &str) -> String {
        if is_pointer(type_name::<F>()) {
            return format!(
                "{name} is a pointer to a function, whose address means nothing elsewhere: pass \
                 the function itself, or a closure that calls it"
            );
        }
        let nbytes = size_of::<F>();
        format!(
            "{name} captures {nbytes} bytes: pass what it captures as an argument, or run it on \
             threads"
        )
    }
}

fn is_pointer(path: &str) -> bool {
    ["fn(", "for<", "unsafe ", "extern "].iter().any(|start| path.starts_with(start))
}

/// A closure is known by where it stands.
fn name_of(path: &'static str) -> String {
    let plain = path.trim_end_matches("::{{closure}}");
    let name = crate::type_info::short_type_name(plain);
    if plain.len() < path.len() { format!("a closure in {name}") } else { name }
}

struct Made<F, L>(PhantomData<fn() -> (F, L)>);

impl<F: Send + Sync + 'static, L: LoadWith<F>> Made<F, L> {
    const FUNCTION: &'static ShipFn =
        &ShipFn::new::<Made<F, L>>(|parcel| L::load(Captureless(PhantomData), parcel));
}

impl<F> Clone for Captureless<F> {
    fn clone(&self) -> Captureless<F> {
        *self
    }
}

impl<F> Copy for Captureless<F> {}

impl<F> fmt::Debug for Captureless<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Captureless({})", type_name::<F>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Block;
    use crate::ship::Shipment;
    use crate::value::Value;

    struct Twice;

    impl<F: Fn(i64) -> i64 + Send + Sync + 'static> LoadWith<F> for Twice {
        fn load(function: Captureless<F>, _: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
            let kernel = move |arguments: &mut [Value]| {
                let f = function.get();
                Ok(Value::new(f(f(*arguments[0].get::<i64>()?))))
            };
            Ok(Arc::new(kernel))
        }
    }

    fn twice<F: Fn(i64) -> i64 + Send + Sync + 'static>(f: F) -> Option<i64> {
        let shipment = Shipment::new(Captureless::of(&f)?.ship_fn::<Twice>());
        let kernel = shipment.load().unwrap();
        let block = Block { number: 0, grid: &[] };
        let value = kernel.call(block, &mut [Value::new(5i64)]).unwrap();
        Some(*value.get::<i64>().unwrap())
    }

    #[test]
    fn functions_and_closures_are_made_again() {
        fn square(x: i64) -> i64 {
            x * x
        }
        fn generic<T: Into<i64>>(x: T) -> i64 {
            x.into() + 1
        }
        assert_eq!(twice(square), Some(625));
        assert_eq!(twice(|x| x - 3), Some(-1));
        assert_eq!(twice(generic::<i64>), Some(7));
    }

    #[test]
    fn captures_and_pointers_are_refused() {
        let step = std::hint::black_box(3);
        assert_eq!(twice(move |x| x + step), None);
        assert_eq!(twice((|x| x + 1) as fn(i64) -> i64), None);
        let refusal = Captureless::<fn(i64) -> i64>::refusal();
        assert!(refusal.starts_with("fn(i64) -> i64 is a pointer to a function"), "{refusal}");
        let refusal = Captureless::<[u8; 8]>::refusal_of("mine");
        assert!(refusal.starts_with("mine captures 8 bytes: "), "{refusal}");
        assert_eq!(name_of("app::run<u8>::{{closure}}"), "a closure in run<u8>");
        assert_eq!(name_of("app::Step"), "Step");
    }

    #[test]
    fn what_must_be_cleaned_up_is_refused() {
        struct Guard;
        impl Drop for Guard {
            fn drop(&mut self) {}
        }
        assert!(Captureless::of(&Guard).is_none());
    }
}
