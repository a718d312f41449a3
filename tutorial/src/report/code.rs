//! The code that a step runs, as its source file has it.

/// Functions and other items of a source file, shown to the reader.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Code<'a> {
    source: &'a str,
    items: &'a [&'a str],
}

impl<'a> Code<'a> {
    /// These items of `source`, the text of a formatted file: functions by their names, others by
    /// how they begin, as `impl Iterator for Steps`.
    pub(crate) fn of(source: &'a str, items: &'a [&'a str]) -> Self {
        debug_assert!(
            items.iter().all(|name| item(source, name).is_some()),
            "one of {items:?} is not in the file"
        );
        Self { source, items }
    }

    /// The lines of the items, without their visibility and documentation, and an empty line
    /// between two items.
    pub(super) fn lines(self) -> impl Iterator<Item = &'a str> {
        let items = self.items.iter().filter_map(move |name| item(self.source, name));
        items.enumerate().flat_map(|(at, text)| {
            let empty_line = (at > 0).then_some("");
            empty_line.into_iter().chain(text.lines().map(without_visibility))
        })
    }
}

/// The item of this name at the outermost level of a formatted file: from its attributes to the next
/// line that is a closing brace, or to the end of its only line.
fn item<'a>(source: &'a str, name: &str) -> Option<&'a str> {
    let (mut at, mut attributes) = (0, None);
    for line in source.split_inclusive('\n') {
        let line_of_item = without_visibility(line);
        let after = line_of_item.strip_prefix("fn ").unwrap_or(line_of_item).strip_prefix(name);
        if after.is_some_and(|rest| rest.starts_with(['(', '<', ' '])) {
            let text = &source[attributes.unwrap_or(at)..];
            if line.trim_end().ends_with('}') {
                return Some(text[..at + line.len() - attributes.unwrap_or(at)].trim_end());
            }
            return text.find("\n}\n").map(|end| &text[..end + 2]);
        }
        attributes = line.starts_with("#[").then(|| attributes.unwrap_or(at));
        at += line.len();
    }
    None
}

fn without_visibility(text: &str) -> &str {
    match text.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ").map_or(text, |(_, item)| item),
        Some(rest) => rest.strip_prefix(' ').unwrap_or(text),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "use std::fmt;\n\n/// One.\npub(super) fn one() {\n    two();\n\n    if \
                          x {\n    }\n}\n\nfn one_more() {\n}\n\n#[inline]\nfn short() -> i64 { 1 }\n";

    #[test]
    fn items_are_found_whole() {
        let lines = |names: &[&str]| Code { source: SOURCE, items: names }.lines().count();
        assert_eq!(item(SOURCE, "one_more"), Some("fn one_more() {\n}"));
        assert_eq!(item(SOURCE, "short"), Some("#[inline]\nfn short() -> i64 { 1 }"));
        assert_eq!(item(SOURCE, "two"), None);
        assert_eq!(lines(&["one"]), 6);
        assert_eq!(lines(&["short", "one_more"]), 5);
        let mut one = Code::of(SOURCE, &["one"]).lines();
        assert_eq!(one.next(), Some("fn one() {"));
        assert_eq!(one.last(), Some("}"));
    }
}
