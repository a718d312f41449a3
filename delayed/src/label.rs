//! [`Label`]: what a task is called, from the name of the function that it calls.

use chunkwise_graph::{Name, Token};
use std::any::type_name;
use std::borrow::Cow;
use std::sync::Arc;

/// What a task is called.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Label {
    /// The name of a function or an operation.
    Plain(&'static str),
    /// A pointer to a function, whose name is not known.
    Pointer,
    /// A closure, known by the function that it stands in.
    ClosureIn(&'static str),
    /// What the user chose.
    Given(Arc<str>),
}

/// The type of a function pointer is its signature.
const POINTER_STARTS: [&str; 4] = ["fn(", "for<", "unsafe ", "extern "];

impl Label {
    /// Of a function's type.
    pub(crate) fn of<F>() -> Label {
        Label::of_path(type_name::<F>())
    }

    fn of_path(path: &'static str) -> Label {
        let path = path.trim_end_matches("::{{constructor}}");
        let outer = path.trim_end_matches("::{{closure}}");
        if outer.len() < path.len() {
            Label::ClosureIn(last_segment(outer))
        } else if POINTER_STARTS.iter().any(|start| path.starts_with(start)) {
            Label::Pointer
        } else {
            Label::Plain(last_segment(outer))
        }
    }

    /// A name for one call, which equals no other one.
    pub(crate) fn unique_name(&self) -> Name {
        match self {
            Label::Given(text) => Name::unique("").with_prefix(Arc::clone(text)),
            _ => Name::unique(self.prefix()),
        }
    }

    /// The name of all calls of this token.
    pub(crate) fn structural_name(&self, token: Token) -> Name {
        match self {
            Label::Given(text) => Name::structural("", token).with_prefix(Arc::clone(text)),
            _ => Name::structural(self.prefix(), token),
        }
    }

    fn prefix(&self) -> &'static str {
        match self {
            Label::Plain(name) => name,
            Label::Pointer => "function",
            Label::ClosureIn(_) | Label::Given(_) => "closure",
        }
    }

    /// What the task does, for messages and pictures.
    pub(crate) fn op_name(&self) -> Cow<'_, str> {
        match self {
            Label::Plain(_) | Label::Pointer => Cow::Borrowed(self.prefix()),
            Label::ClosureIn(function) => format!("closure in {function}").into(),
            Label::Given(text) => Cow::Borrowed(text),
        }
    }
}

/// `<my::Row as my::Parse<T>>::parse<alloc::vec::Vec<u8>>` is `parse`.
fn last_segment(path: &'static str) -> &'static str {
    let plain = without_generics(path);
    plain.rsplit("::").next().unwrap_or(plain)
}

fn without_generics(path: &'static str) -> &'static str {
    let mut depth = 0u32;
    let bytes = path.as_bytes();
    if !path.ends_with('>') {
        return path;
    }
    for (at, &byte) in bytes.iter().enumerate().rev() {
        match byte {
            // The arrow of a function type closes nothing.
            b'>' if at > 0 && bytes[at - 1] == b'-' => {}
            b'>' => depth += 1,
            b'<' if depth == 1 => return path[..at].trim_end_matches("::"),
            b'<' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_known_by_its_last_name() {
        let of = Label::of_path;
        assert_eq!(of("app::inc"), Label::Plain("inc"));
        assert_eq!(of("app::sum<alloc::vec::Vec<i64>>"), Label::Plain("sum"));
        assert_eq!(of("<app::Row as app::Parse<u8>>::parse"), Label::Plain("parse"));
        assert_eq!(of("<a::B as a::C>::d<fn(i64) -> a::E<u8>>"), Label::Plain("d"));
        assert_eq!(of("fn(i64) -> a::B"), Label::Pointer);
        assert_eq!(of("for<'a> fn(&'a str) -> a::B"), Label::Pointer);
        assert_eq!(of("app::Share::{{constructor}}"), Label::Plain("Share"));
        assert_eq!(of(""), Label::Plain(""));
    }

    #[test]
    fn a_closure_is_known_by_where_it_stands() {
        let nested = Label::of_path("app::main::{{closure}}::{{closure}}");
        assert_eq!(nested, Label::ClosureIn("main"));
        assert_eq!(nested.op_name(), "closure in main");
        assert!(nested.unique_name().to_string().starts_with("closure-"));
        assert_eq!(Label::of_path("app::run<u8>::{{closure}}"), Label::ClosureIn("run"));
    }
}
