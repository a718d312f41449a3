//! No file names a folder of somebody's machine.

use crate::tree::{Finding, Tree};

/// Written apart, so that this file does not find itself.
const FOLDERS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/tm", "p/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in &tree.files {
        for (index, line) in text.lines().enumerate() {
            for folder in FOLDERS.iter().filter(|folder| holds(line, folder)) {
                let text = format!(
                    "names `{folder}`: use a path relative to the repository, or a temporary folder made for the purpose"
                );
                findings.push(Finding::new(path, index + 1, text));
            }
        }
    }
    findings
}

/// Whether an absolute path in `line` starts with `folder`.
fn holds(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        !line[..at]
            .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | '*'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_paths_are_found() {
        for folder in FOLDERS {
            let text = format!("open(\"{folder}x\")\n");
            assert_eq!(check(&Tree::sketch(&[("a.md", &text)], &[])).len(), 1, "{folder}");
            let inner = format!("target{folder}x and ..{folder}x\n");
            assert_eq!(check(&Tree::sketch(&[("a.md", &inner)], &[])), [], "{folder}");
        }
    }
}
