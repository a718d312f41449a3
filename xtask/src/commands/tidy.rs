//! `cargo xtask tidy`: the rules about the repository, printed as `file:line: rule: what to do`.

use super::no_arguments;
use crate::error::{Result, XtaskError};
use crate::tidy;
use crate::tree::Tree;

/// Fails if any rule finds something.
pub(super) fn run(arguments: &[String]) -> Result<()> {
    no_arguments(arguments)?;
    let tree = Tree::of_repository()?;
    let findings = tidy::run(&tree);
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        return Err(XtaskError::Findings { count: findings.len() });
    }
    println!("tidy: {} files, {} packages", tree.files.len(), tree.packages.len());
    Ok(())
}
