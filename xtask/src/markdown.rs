//! The few pieces of Markdown that tidy looks at: lines, code spans, links, tables.

/// A line of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) text: &'a str,
    /// Whether it stands inside a fenced code block.
    pub(crate) fenced: bool,
}

/// The lines of `text`, fences themselves left out.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for (index, text) in text.lines().enumerate() {
        if text.trim_start().starts_with("```") {
            fenced = !fenced;
        } else {
            lines.push(Line { number: index + 1, text, fenced });
        }
    }
    lines
}

/// The texts between single backticks.
pub(crate) fn code_spans(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// The targets of `[text](target)` that are files: no addresses, anchors cut off.
pub(crate) fn file_links(line: &str) -> Vec<&str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .map(|target| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty())
        .collect()
}

/// The cells of a table row; empty if the line is none, or is the rule under the header.
pub(crate) fn cells(line: &str) -> Vec<&str> {
    let Some(inner) = line.trim().strip_prefix('|').and_then(|l| l.strip_suffix('|')) else {
        return Vec::new();
    };
    if inner.chars().all(|c| matches!(c, '-' | ':' | '|' | ' ')) {
        return Vec::new();
    }
    inner.split('|').map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_are_known() {
        let lines = lines("a\n```sh\nb\n```\nc");
        let seen: Vec<_> = lines.iter().map(|l| (l.number, l.text, l.fenced)).collect();
        assert_eq!(seen, [(1, "a", false), (3, "b", true), (5, "c", false)]);
    }

    #[test]
    fn spans_links_and_cells() {
        assert_eq!(code_spans("see `a` and `b c`, not d"), ["a", "b c"]);
        assert_eq!(code_spans("none"), [""; 0]);
        assert_eq!(file_links("[a](x/y.md#z) [b](https://e.org) [c](#d) [e](f)"), ["x/y.md", "f"]);
        assert_eq!(cells("| a | `b` |"), ["a", "`b`"]);
        assert_eq!(cells("|---|:-:|"), [""; 0]);
    }
}
