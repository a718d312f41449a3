//! The expansion: the original under another name, and the lazy function.

use crate::options::Options;
use crate::parameters::{Parameter, check_owned};
use crate::paths::delayed_crate;
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{
    Attribute, GenericArgument, GenericParam, Generics, ItemFn, PathArguments, ReturnType,
    Signature, Type,
};

const MAX_PARAMETERS: usize = 8;

/// Both functions that take the place of `original`.
pub(crate) fn expand(options: &Options, mut original: ItemFn) -> syn::Result<TokenStream> {
    check(&original.sig)?;
    let krate = match &options.krate {
        Some(path) => path.to_token_stream(),
        None => delayed_crate()?,
    };
    let lazy_name = original.sig.ident.clone();
    let now = options.now.clone().unwrap_or_else(|| format_ident!("{lazy_name}_now"));
    let lazy = lazy(options, &original, &krate, &now)?;
    original.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    let doc = format!("As [`{lazy_name}`], run at once instead of lazily.");
    original.sig.ident = now;
    Ok(quote!(#lazy #[doc = #doc] #original))
}

fn check(signature: &Signature) -> syn::Result<()> {
    let refuse = |span, message: &str| Err(syn::Error::new(span, message));
    if let Some(word) = &signature.asyncness {
        return refuse(
            word.span,
            "an async function cannot be delayed: schedulers run plain functions; block on the \
             future within one",
        );
    }
    if let Some(word) = &signature.unsafety {
        return refuse(
            word.span,
            "an unsafe function cannot be delayed: nobody could keep its promises when it runs; \
             wrap it in a safe one",
        );
    }
    if let Some(dots) = &signature.variadic {
        return refuse(dots.dots.spans[0], "a variadic function cannot be delayed");
    }
    if let Some(ninth) = signature.inputs.iter().nth(MAX_PARAMETERS) {
        let error = syn::Error::new_spanned(
            ninth,
            "a delayed function has at most eight parameters: put some of them in a struct",
        );
        return Err(error);
    }
    Ok(())
}

fn lazy(
    options: &Options,
    original: &ItemFn,
    krate: &TokenStream,
    now: &syn::Ident,
) -> syn::Result<TokenStream> {
    let signature = &original.sig;
    let (visibility, lazy_name) = (&original.vis, &signature.ident);
    let attributes = original.attrs.iter().filter(|attribute| is_kept(attribute));
    let parameters = signature.inputs.iter().enumerate();
    let parameters: Vec<Parameter> =
        parameters.map(|(at, argument)| Parameter::new(at, argument)).collect::<Result<_, _>>()?;
    let names: Vec<_> = parameters.iter().map(|parameter| &parameter.name).collect();
    let taken: Vec<_> = parameters.iter().map(|parameter| &parameter.taken).collect();
    let passed = parameters.iter().map(|parameter| &parameter.passed);

    let generics = without_lifetimes(&signature.generics);
    let (of, parameters_of, condition) = generics.split_for_impl();
    let call_generics = parameters_of.as_turbofish();
    let output = Output::new(&signature.output, krate)?;
    let (returned, handle) = (&signature.output, &output.handle);
    let name = match &options.name {
        Some(name) => name.value(),
        None => lazy_name.to_string().trim_start_matches("r#").to_owned(),
    };
    let (call, bound) = match (options.pure, output.fallible) {
        (false, false) => (quote!(call), quote!()),
        (false, true) => (quote!(try_call), quote!()),
        (true, false) => (quote!(pure_call), quote!(+ #krate::PureArgument)),
        (true, true) => (quote!(pure_try_call), quote!(+ #krate::PureArgument)),
    };
    Ok(quote! {
        #(#attributes)*
        #[track_caller]
        #visibility fn #lazy_name #of (
            #(#names: impl #krate::Argument<#taken> #bound),*
        ) -> #krate::Delayed<#handle> #condition {
            // Not a closure: its type would depend on the types of the arguments.
            fn by_value #of (#(#names: #taken),*) #returned #condition {
                #now(#(#passed),*)
            }
            #krate::expand::#call(
                #name,
                by_value #call_generics,
                (#(#names,)*),
                #krate::expand::type_info!(#handle),
            )
        }
    })
}

/// Attributes that say something about the lazy function too; the others are about the code.
fn is_kept(attribute: &Attribute) -> bool {
    const KEPT: [&str; 6] = ["doc", "cfg", "cfg_attr", "deprecated", "allow", "expect"];
    KEPT.iter().any(|kept| attribute.path().is_ident(kept))
}

/// References become shared values, so their lifetimes mean nothing to the lazy function.
fn without_lifetimes(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    generics.params = generics
        .params
        .into_iter()
        .filter(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
        .collect();
    generics
}

/// What the lazy function gives a handle to.
struct Output {
    handle: TokenStream,
    fallible: bool,
}

impl Output {
    fn new(returned: &ReturnType, krate: &TokenStream) -> syn::Result<Output> {
        let ReturnType::Type(_, returned) = returned else {
            return Ok(Output { handle: quote!(()), fallible: false });
        };
        check_owned(returned, "the result")?;
        Ok(match result_type(returned) {
            None => Output { handle: returned.to_token_stream(), fallible: false },
            Some(Some(ok)) => Output { handle: ok.to_token_stream(), fallible: true },
            // An alias such as `fmt::Result`: what it stands for is known to the compiler only.
            Some(None) => {
                let handle = quote!(<#returned as #krate::expand::Fallible>::Ok);
                Output { handle, fallible: true }
            }
        })
    }
}

/// Of a type written as `..Result<T, ..>` its `T`, if that is written.
fn result_type(returned: &Type) -> Option<Option<&Type>> {
    let Type::Path(path) = returned else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return Some(None) };
    Some(arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ok) => Some(ok),
        _ => None,
    }))
}
