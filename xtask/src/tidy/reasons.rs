//! Each third-party dependency says why it is there.

use crate::tree::{Finding, Tree};

const PAGE: &str = "Cargo.toml";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let text = tree.files.get(PAGE).map(String::as_str).unwrap_or_default();
    let mut inside = false;
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            inside = line == "[workspace.dependencies]";
        }
        let Some((name, value)) = line.split_once(" = ").filter(|_| inside) else { continue };
        let ours = value.contains("path = ");
        let reason = value.split_once(" # ").map(|(_, reason)| reason.trim());
        if !name.starts_with('#') && !ours && reason.is_none_or(str::is_empty) {
            let text = format!("`{name}` has no reason: add `# what it is for` behind it");
            findings.push(Finding::new(PAGE, index + 1, text));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_without_a_reason_is_found() {
        let text = "[workspace.dependencies]\n# --- ours\na = { path = \"a\" }\nb = \"1\"\nc = \"1\" # for d\n[x]\ny = 1\n";
        let found = check(&Tree::sketch(&[(PAGE, text)], &[]));
        assert_eq!(found.iter().map(|f| f.line).collect::<Vec<_>>(), [4]);
    }
}
