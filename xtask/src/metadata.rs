//! The packages of the workspace and what they depend on, as `cargo metadata` tells.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::cargo::{Run, root};
use crate::error::{Result, XtaskError};

/// One member of the workspace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Relative to the repository root, `/` between components.
    pub(crate) folder: String,
    /// Names of the direct normal dependencies (no dev- or build-dependencies), optional ones too.
    pub(crate) dependencies: BTreeSet<String>,
    /// Names of everything reached through normal dependencies, features all on.
    pub(crate) closure: BTreeSet<String>,
    pub(crate) features: Vec<String>,
}

/// Features that need something installed by hand, which a fresh machine has not: a C library, or
/// cmake to build it. Their tests are run by name.
const NEED_INSTALLING: &[&str] = &["hdf5-c", "hdf5-c-static"];

impl Package {
    /// The features that build on a fresh machine.
    pub(crate) fn plain_features(&self) -> impl Iterator<Item = &String> {
        self.features.iter().filter(|feature| !NEED_INSTALLING.contains(&feature.as_str()))
    }
}

/// The whole workspace with every feature that builds on a fresh machine, as arguments of cargo.
pub(crate) fn whole() -> Result<Vec<String>> {
    let mut features = Vec::new();
    for package in packages()? {
        features.extend(package.plain_features().map(|f| format!("{}/{f}", package.name)));
    }
    Ok(vec!["--workspace".to_owned(), "--features".to_owned(), features.join(",")])
}

/// Asks cargo about the workspace.
pub(crate) fn packages() -> Result<Vec<Package>> {
    let text = Run::cargo(&["metadata", "--format-version=1", "--all-features"]).output()?;
    let metadata = serde_json::from_str(&text)
        .map_err(|source| XtaskError::Json { what: "the answer of cargo metadata", source })?;
    read(&metadata, &root())
}

fn read(metadata: &Value, root: &Path) -> Result<Vec<Package>> {
    let members: BTreeSet<&str> =
        array(metadata, "workspace_members")?.iter().filter_map(Value::as_str).collect();
    let all = array(metadata, "packages")?;
    let names: BTreeMap<&str, &str> =
        all.iter().filter_map(|p| Some((p["id"].as_str()?, p["name"].as_str()?))).collect();
    let nodes = array(&metadata["resolve"], "nodes")?;
    let edges: BTreeMap<&str, Vec<&str>> = nodes
        .iter()
        .filter_map(|node| Some((node["id"].as_str()?, normal_dependencies(node))))
        .collect();
    let mut packages = Vec::new();
    for package in all {
        let Some(id) = package["id"].as_str().filter(|id| members.contains(id)) else { continue };
        let manifest = package["manifest_path"].as_str().unwrap_or_default();
        let folder = Path::new(manifest).parent().and_then(|p| p.strip_prefix(root).ok());
        packages.push(Package {
            name: names[id].to_owned(),
            folder: folder.map(|p| p.to_string_lossy().replace('\\', "/")).unwrap_or_default(),
            dependencies: declared(package),
            closure: closure(id, &edges, &names),
            features: package["features"]
                .as_object()
                .map(|f| f.keys().cloned().collect())
                .unwrap_or_default(),
        });
    }
    packages.sort_by(|a, b| a.folder.cmp(&b.folder));
    Ok(packages)
}

fn array<'a>(value: &'a Value, key: &'static str) -> Result<&'a Vec<Value>> {
    value[key].as_array().ok_or(XtaskError::Metadata { missing: key })
}

fn declared(package: &Value) -> BTreeSet<String> {
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    dependencies
        .filter(|d| d["kind"].is_null())
        .filter_map(|d| d["name"].as_str().map(str::to_owned))
        .collect()
}

fn normal_dependencies(node: &Value) -> Vec<&str> {
    let is_normal = |dep: &Value| {
        dep["dep_kinds"].as_array().is_some_and(|kinds| kinds.iter().any(|k| k["kind"].is_null()))
    };
    let deps = node["deps"].as_array().into_iter().flatten();
    deps.filter(|d| is_normal(d)).filter_map(|d| d["pkg"].as_str()).collect()
}

fn closure(
    id: &str,
    edges: &BTreeMap<&str, Vec<&str>>,
    names: &BTreeMap<&str, &str>,
) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        for next in edges.get(id).into_iter().flatten() {
            if reached.insert(*next) {
                open.push(next);
            }
        }
    }
    reached.iter().filter_map(|id| names.get(id).map(|name| (*name).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dev_dependencies_are_not_followed() {
        let metadata: Value = serde_json::from_str(
            r#"{"workspace_members": ["a"],
                "packages": [
                  {"id": "a", "name": "a", "manifest_path": "/r/x/a/Cargo.toml", "features": {"f": []},
                   "dependencies": [{"name": "b", "kind": null}, {"name": "d", "kind": "dev"}]},
                  {"id": "b", "name": "b"}, {"id": "c", "name": "c"}, {"id": "d", "name": "d"}],
                "resolve": {"nodes": [
                  {"id": "a", "deps": [{"pkg": "b", "dep_kinds": [{"kind": null}]},
                                       {"pkg": "d", "dep_kinds": [{"kind": "dev"}]}]},
                  {"id": "b", "deps": [{"pkg": "c", "dep_kinds": [{"kind": null}]}]}]}}"#,
        )
        .unwrap();
        let packages = read(&metadata, Path::new("/r")).unwrap();
        assert_eq!(packages.len(), 1);
        assert_eq!(packages[0].folder, "x/a");
        assert_eq!(packages[0].dependencies, BTreeSet::from(["b".to_owned()]));
        assert_eq!(packages[0].closure, BTreeSet::from(["b".to_owned(), "c".to_owned()]));
        assert_eq!(packages[0].features, ["f"]);
    }

    #[test]
    fn this_workspace_is_read() {
        let packages = packages().unwrap();
        let own = packages.iter().find(|p| p.name == "xtask").unwrap();
        assert_eq!(own.folder, "xtask");
        assert_eq!(own.dependencies, BTreeSet::from(["serde_json".to_owned()]));
    }
}
