//! What the lazy function takes for each parameter of the original, and what cannot be one.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, Ident, Pat, Type, TypeReference};

/// One parameter of the lazy function.
pub(crate) struct Parameter {
    pub(crate) name: Ident,
    /// The type `P` of the `Argument<P>` that is taken.
    pub(crate) taken: TokenStream,
    /// What the original is given, from `name` of type `taken`.
    pub(crate) passed: TokenStream,
}

impl Parameter {
    pub(crate) fn new(number: usize, argument: &FnArg) -> syn::Result<Parameter> {
        let FnArg::Typed(argument) = argument else {
            let message = "methods cannot be delayed: write a function of `&Self`, or use \
                           `handle.map(Self::method)`";
            return Err(syn::Error::new_spanned(argument, message));
        };
        let name = match &*argument.pat {
            Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
                pattern.ident.clone()
            }
            _ => format_ident!("argument_{number}", span = Span::mixed_site()),
        };
        match &*argument.ty {
            Type::Reference(reference) if !is_static(reference) => {
                let shared = shared_type(reference)?;
                let taken = quote_spanned!(reference.span()=> ::std::sync::Arc<#shared>);
                let passed = quote!(&*#name);
                Ok(Parameter { name, taken, passed })
            }
            owned => {
                check_owned(owned, "a parameter")?;
                let passed = name.to_token_stream();
                Ok(Parameter { name, taken: owned.to_token_stream(), passed })
            }
        }
    }
}

fn is_static(reference: &TypeReference) -> bool {
    reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static")
}

/// The owned type that a value has when the original is lent it as `reference`.
fn shared_type(reference: &TypeReference) -> syn::Result<TokenStream> {
    if let Some(mutable) = &reference.mutability {
        let message = "results are shared between tasks and cannot be changed in place; take the \
                       parameter by value, which gives its last user the value itself";
        return Err(syn::Error::new_spanned(mutable, message));
    }
    let owned = match &*reference.elem {
        Type::Slice(slice) => {
            let item = &slice.elem;
            quote!(::std::vec::Vec<#item>)
        }
        Type::Path(path) if path.path.is_ident("str") => quote!(::std::string::String),
        Type::Path(path)
            if path.path.segments.last().is_some_and(|segment| segment.ident == "Path") =>
        {
            quote!(::std::path::PathBuf)
        }
        Type::TraitObject(object) => {
            let message = "a delayed function knows the types of its parameters: no `dyn Trait`";
            return Err(syn::Error::new_spanned(object, message));
        }
        other => other.to_token_stream(),
    };
    check_owned(&reference.elem, "the target of a reference")?;
    Ok(owned)
}

/// Refuses `impl Trait` and everything that borrows: values outlive the call that makes them.
pub(crate) fn check_owned(of: &impl ToTokens, what: &str) -> syn::Result<()> {
    check_tokens(of.to_token_stream(), what)
}

fn check_tokens(tokens: TokenStream, what: &str) -> syn::Result<()> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => check_tokens(group.stream(), what)?,
            TokenTree::Ident(word) if word == "impl" => {
                let message = format!("{what} of a delayed function has a type: no `impl Trait`");
                return Err(syn::Error::new(word.span(), message));
            }
            TokenTree::Punct(mark) if mark.as_char() == '&' => {
                let lifetime =
                    matches!(tokens.peek(), Some(TokenTree::Punct(p)) if p.as_char() == '\'');
                if !lifetime {
                    return Err(borrows(mark.span(), what));
                }
            }
            TokenTree::Punct(mark) if mark.as_char() == '\'' => match tokens.next() {
                Some(TokenTree::Ident(lifetime)) if lifetime != "static" => {
                    return Err(borrows(lifetime.span(), what));
                }
                _ => {}
            },
            _ => {}
        }
    }
    Ok(())
}

fn borrows(span: Span, what: &str) -> syn::Error {
    let message =
        format!("{what} of a delayed function owns its data: the value outlives the call");
    syn::Error::new(span, message)
}
