//! Where the expansion finds `chunkwise-delayed`.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The path of `chunkwise-delayed`, as the package that is being compiled names it.
pub(crate) fn delayed_crate() -> syn::Result<TokenStream> {
    if let Ok(found) = crate_name("chunkwise-delayed") {
        let name = extern_name(found, "chunkwise_delayed");
        return Ok(quote!(::#name));
    }
    if let Ok(found) = crate_name("chunkwise") {
        let name = extern_name(found, "chunkwise");
        return Ok(quote!(::#name::delayed));
    }
    let message = "this package depends on neither `chunkwise-delayed` nor `chunkwise`; say where \
                   it is: `#[delayed(crate = path::to::chunkwise_delayed)]`";
    Err(syn::Error::new(Span::call_site(), message))
}

/// A crate's own tests, examples and documentation know it by its name, as others do.
fn extern_name(found: FoundCrate, itself: &str) -> Ident {
    match found {
        FoundCrate::Itself => Ident::new(itself, Span::call_site()),
        FoundCrate::Name(name) => Ident::new(&name, Span::call_site()),
    }
}
