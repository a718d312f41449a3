//! What is written in the attribute: `#[delayed(pure, name = "read")]`.

use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Path, Token};

/// The attribute's options.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) pure: bool,
    pub(crate) name: Option<LitStr>,
    pub(crate) now: Option<Ident>,
    pub(crate) krate: Option<Path>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Options> {
        let mut options = Options::default();
        while !input.is_empty() {
            options.parse_one(input)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

impl Options {
    fn parse_one(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        if input.peek(Token![crate]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            self.krate = Some(input.call(Path::parse_mod_style)?);
            return Ok(());
        }
        let option: Ident = input.parse()?;
        if option == "pure" {
            self.pure = true;
        } else if option == "name" {
            input.parse::<Token![=]>()?;
            self.name = Some(input.parse()?);
        } else if option == "now" {
            input.parse::<Token![=]>()?;
            self.now = Some(input.parse()?);
        } else {
            let known = "`pure`, `name = \"..\"`, `now = ..` and `crate = ..`";
            let message = format!("unknown option `{option}`; there are {known}");
            return Err(syn::Error::new(option.span(), message));
        }
        Ok(())
    }
}
