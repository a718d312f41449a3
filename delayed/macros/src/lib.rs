//! The attribute `#[delayed]` of `chunkwise-delayed`: functions whose calls are lazy.
//!
//! It is used, and documented, through that crate. From the attribute to its expansion:
//!
//! - `options`: what is written in the attribute;
//! - `parameters`: what the lazy function takes for each parameter, and what cannot be one;
//! - `expand`: the original under another name, and the lazy function;
//! - `paths`: where the expansion finds `chunkwise-delayed`, alone or within `chunkwise`.

#![forbid(unsafe_code)]

mod expand;
mod options;
mod parameters;
mod paths;

use proc_macro::TokenStream;

/// Makes a function lazy: its calls give a `Delayed` handle instead of running.
///
/// Of `fn load(path: PathBuf) -> Result<Table, csv::Error>` it makes
///
/// - `load`, of the same visibility and documentation, which takes anything that is an
///   `Argument<PathBuf>` (a handle, a path, text) and gives a `Delayed<Table>`;
/// - `load_now`, the function as it was written, which runs when it is called.
///
/// Where the return type is written as a `Result`, an `Err` fails the computation and the handle
/// is to the value of `Ok`. A parameter `&T` takes handles to `T` and clones nothing; `&str`,
/// `&Path` and `&[T]` take what `String`, `PathBuf` and `Vec<T>` take. Within its own body the
/// function's name means the lazy function: one that calls itself calls `.._now`.
///
/// # Options
/// - `#[delayed(pure)]`: equal calls are one task, as with `DelayedFn::pure`; every argument must
///   have content to compare (`PureArgument`).
/// - `#[delayed(name = "read")]`: what its tasks are called, instead of the function's name.
/// - `#[delayed(now = load_eagerly)]`: another name for the original.
/// - `#[delayed(crate = path::to::delayed)]`: where `chunkwise-delayed` is, if it is neither that
///   crate nor `chunkwise::delayed` by the names in `Cargo.toml`.
///
/// # Errors when compiling
/// `async`, `unsafe` and variadic functions, methods, `impl Trait`, `&mut` parameters, types that
/// borrow, and more than eight parameters.
#[proc_macro_attribute]
pub fn delayed(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let result = syn::parse(attribute).and_then(|options| {
        let function = syn::parse(item.clone())?;
        expand::expand(&options, function)
    });
    match result {
        Ok(expanded) => expanded.into(),
        Err(error) => error.into_compile_error().into(),
    }
}
