//! Rules about the repository itself, each in a file of its own with a test that it can fail.
//!
//! A rule is a function from the [`Tree`] to [`Finding`]s; a finding says where and what to do.

mod arrows;
mod changelog;
mod leftovers;
mod machine_paths;
mod manifests;
mod names;
mod reasons;
mod sentences;
mod sizes;
mod unsafe_code;

pub(crate) use unsafe_code::packages_with_unsafe;

use crate::tree::{Finding, Tree};

type Rule = fn(&Tree) -> Vec<Finding>;

/// Every rule with the name it goes by in the output.
const RULES: &[(&str, Rule)] = &[
    ("arrows", arrows::check),
    ("changelog", changelog::check),
    ("leftovers", leftovers::check),
    ("machine-paths", machine_paths::check),
    ("manifests", manifests::check),
    ("names", names::check),
    ("reasons", reasons::check),
    ("sentences", sentences::check),
    ("sizes", sizes::check),
    ("unsafe", unsafe_code::check),
];

/// Runs every rule; the findings are ready to print, one a line.
pub(crate) fn run(tree: &Tree) -> Vec<String> {
    let mut shown = Vec::new();
    for (name, rule) in RULES {
        let mut findings = rule(tree);
        findings.sort();
        shown.extend(findings.iter().map(|f| match f.line {
            0 => format!("{}: {name}: {}", f.path, f.text),
            line => format!("{}:{line}: {name}: {}", f.path, f.text),
        }));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_tidy() {
        let findings = run(&Tree::of_repository().unwrap());
        assert!(findings.is_empty(), "\n{}", findings.join("\n"));
    }

    #[test]
    fn a_finding_says_where() {
        let tree = Tree::sketch(&[("a/src/utils.rs", "//! Things.\n")], &[("chunkwise-a", "a")]);
        let shown = run(&tree);
        assert!(shown.iter().any(|line| line.starts_with("a/src/utils.rs: sizes: ")), "{shown:?}");
    }
}
