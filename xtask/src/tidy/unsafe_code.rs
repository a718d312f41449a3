//! `unsafe` stands only in the packages that ARCHITECTURE.md names; all others forbid it.

use crate::markdown::code_spans;
use crate::metadata::Package;
use crate::rust_text::{code_only, has_word};
use crate::tree::{Finding, Tree};

const PAGE: &str = "ARCHITECTURE.md";
/// The line of ARCHITECTURE.md that lists the folders.
const LINE: &str = "Folders with `unsafe`:";
const FORBID: &str = "#![forbid(unsafe_code)]";

/// The packages whose sources hold `unsafe`.
pub(crate) fn packages_with_unsafe(tree: &Tree) -> Vec<&Package> {
    tree.packages.iter().filter(|package| first_unsafe(tree, package).is_some()).collect()
}

fn first_unsafe<'a>(tree: &'a Tree, package: &'a Package) -> Option<(&'a str, usize)> {
    tree.sources(package).find_map(|(path, text)| {
        let code = code_only(text);
        let line = code.lines().position(|line| has_word(line, "unsafe"))?;
        Some((path, line + 1))
    })
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let page = tree.files.get(PAGE).map(String::as_str).unwrap_or_default();
    let Some((number, listing)) = page.lines().enumerate().find(|(_, l)| l.starts_with(LINE))
    else {
        return vec![Finding::new(PAGE, 0, format!("has no line that starts with {LINE}"))];
    };
    let named = code_spans(&listing[LINE.len()..]);
    let mut findings = Vec::new();
    for package in &tree.packages {
        let named = named.contains(&package.folder.as_str());
        match first_unsafe(tree, package) {
            Some((path, line)) if !named => {
                let text = format!("`unsafe` outside the folders that {PAGE} lists under {LINE}");
                findings.push(Finding::new(path, line, text));
            }
            None if named => {
                let text = format!("`{}` holds no `unsafe` any more: take it out", package.folder);
                findings.push(Finding::new(PAGE, number + 1, text));
            }
            None => lacks_forbid(tree, package, &mut findings),
            Some(_) => {}
        }
    }
    findings
}

fn lacks_forbid(tree: &Tree, package: &Package, findings: &mut Vec<Finding>) {
    for (path, text) in tree.sources(package) {
        let is_root = path.ends_with("src/lib.rs")
            || path.ends_with("src/main.rs")
            || path.contains("/src/bin/");
        if is_root && !text.lines().any(|line| line == FORBID) {
            findings.push(Finding::new(path, 0, format!("add `{FORBID}`")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, page: &str) -> Vec<Finding> {
        check(&Tree::sketch(&[("a/src/lib.rs", text), (PAGE, page)], &[("chunkwise-a", "a")]))
    }

    #[test]
    fn forbidding_is_wanted_where_there_is_none() {
        let page = format!("{LINE} none\n");
        assert_eq!(found("//! unsafe\n#![forbid(unsafe_code)]\n", &page), []);
        assert_eq!(found("//! Safe.\n", &page).len(), 1);
    }

    #[test]
    fn unsafe_is_wanted_only_where_listed() {
        let text = "//! Sharp.\nfn f() {\n    unsafe { g() }\n}\n";
        let listed = format!("x\n{LINE} `a`.\n");
        assert_eq!(found(text, &listed), []);
        let unlisted = found(text, &format!("{LINE} `b`\n"));
        assert_eq!((unlisted.len(), unlisted[0].line), (1, 3));
        assert_eq!(found("//! Safe.\n#![forbid(unsafe_code)]\n", &listed).len(), 1);
        assert_eq!(found(text, "").len(), 1);
    }
}
