//! `cargo xtask features`: compiles each package without features and with each one alone.
//!
//! Cargo joins the features of a workspace when it builds it whole, so that a missing one shows
//! only when a package is built by itself.

use super::no_arguments;
use crate::cargo::Run;
use crate::error::Result;
use crate::metadata::{Package, packages};

/// Checks every combination; stops at the first that does not compile.
pub(super) fn run(arguments: &[String]) -> Result<()> {
    no_arguments(arguments)?;
    for package in packages()? {
        for arguments in combinations(&package) {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            Run::cargo(&arguments).status()?;
        }
    }
    Ok(())
}

fn combinations(package: &Package) -> Vec<Vec<String>> {
    let check = ["check", "--quiet", "-p", &package.name, "--no-default-features"];
    let bare: Vec<String> = check.map(str::to_owned).into();
    let mut all = vec![bare.clone()];
    for feature in package.plain_features().filter(|f| *f != "default") {
        all.push([bare.as_slice(), &["--features".to_owned(), feature.clone()]].concat());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_comes_alone() {
        let features = ["default", "serde"].map(str::to_owned).into();
        let package = Package { name: "a".to_owned(), features, ..Package::default() };
        let lines: Vec<String> = combinations(&package).iter().map(|c| c.join(" ")).collect();
        assert_eq!(
            lines,
            [
                "check --quiet -p a --no-default-features",
                "check --quiet -p a --no-default-features --features serde",
            ]
        );
    }
}
