//! Nothing unfinished stays: no marks for later, no ignored test or allowed lint without a reason.

use crate::rust_text::{code_only, has_word};
use crate::tree::{Finding, Tree};

/// Written apart, so that this file does not find itself.
const MARKS: &[&str] = &[concat!("FIX", "ME"), concat!("TO", "DO"), concat!("XX", "X")];
const MACROS: &[&str] = &[concat!("to", "do!"), concat!("unimple", "mented!")];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.with_suffix(".rs") {
        let code = code_only(text);
        let lines: Vec<&str> = text.lines().collect();
        let mut before = "";
        for (index, (line, code)) in text.lines().zip(code.lines()).enumerate() {
            let mut found = |text: String| findings.push(Finding::new(path, index + 1, text));
            for mark in MARKS.iter().filter(|mark| has_word(line, mark)) {
                found(format!("`{mark}`: finish it, or say in plain words what is not supported"));
            }
            for name in MACROS.iter().filter(|name| code.contains(**name)) {
                found(format!("`{name}`: write it, or return an error"));
            }
            let code = code.trim_start();
            if code.starts_with("#[ignore]") {
                found("an ignored test without a reason: write `#[ignore = \"why\"]`".to_owned());
            }
            if is_allow(code) && !has_reason(&attribute(&lines[index..]), before) {
                found("a lint allowed without a reason: add `reason = \"why\"`".to_owned());
            }
            before = line;
        }
    }
    findings
}

fn is_allow(code: &str) -> bool {
    ["#[allow(", "#![allow(", "#[expect(", "#![expect("].iter().any(|a| code.starts_with(a))
}

/// An attribute from its first line to the one that closes it.
fn attribute(lines: &[&str]) -> String {
    let last = lines.iter().position(|line| line.contains(")]")).unwrap_or(0);
    lines[..=last].join(" ")
}

/// A reason is in the attribute, in a comment on its line, or in a comment just above.
fn has_reason(line: &str, before: &str) -> bool {
    let before = before.trim_start();
    let comment_above = before.starts_with("// ") && !before.starts_with("///");
    line.contains("reason = \"") || line.contains(")] // ") || comment_above
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        check(&Tree::sketch(&[("a/src/b.rs", text)], &[])).len()
    }

    #[test]
    fn marks_and_macros_are_found() {
        for mark in MARKS {
            assert_eq!(count(&format!("// {mark}: later\n")), 1, "{mark}");
        }
        for name in MACROS {
            assert_eq!(count(&format!("fn f() {{ {name}() }}\n")), 1, "{name}");
            assert_eq!(count(&format!("// no {name} here\n")), 0, "{name}");
        }
    }

    #[test]
    fn reasons_are_wanted() {
        assert_eq!(count("#[ignore]\nfn f() {}\n"), 1);
        assert_eq!(count("#[ignore = \"takes an hour\"]\nfn f() {}\n"), 0);
        assert_eq!(count("#[allow(dead_code)]\n"), 1);
        assert_eq!(count("#[allow(dead_code, reason = \"used on Windows\")]\n"), 0);
        assert_eq!(count("// Used on Windows.\n#[allow(dead_code)]\n"), 0);
        assert_eq!(count("#![allow(\n    dead_code,\n    reason = \"a sketch\"\n)]\n"), 0);
        assert_eq!(count("#![allow(\n    dead_code,\n)]\n"), 1);
        assert_eq!(count("/// Documentation.\n#[allow(dead_code)]\n"), 1);
    }
}
