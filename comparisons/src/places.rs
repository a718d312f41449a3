//! Where things are: the workspace, the peers' scripts, their environment, the exported graphs.

use std::env;
use std::path::{Path, PathBuf};

/// Environment variable that names the folder of the peers' scripts.
pub(crate) const PEERS_VARIABLE: &str = "CHUNKWISE_PEERS";

/// The workspace root that this program was built from.
pub(crate) fn workspace_root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// The Python environment: the folder asked for, or `target/compare-venv` of the workspace.
pub(crate) fn venv(asked: Option<&Path>) -> PathBuf {
    asked.map_or_else(|| workspace_root().join("target/compare-venv"), Path::to_path_buf)
}

/// The peers' scripts: the folder asked for, or the variable's, or `../shared/peers`.
pub(crate) fn peers(asked: Option<&Path>) -> PathBuf {
    choose_peers(asked, env::var_os(PEERS_VARIABLE).map(PathBuf::from))
}

fn choose_peers(asked: Option<&Path>, variable: Option<PathBuf>) -> PathBuf {
    asked
        .map(Path::to_path_buf)
        .or_else(|| variable.filter(|path| !path.as_os_str().is_empty()))
        .unwrap_or_else(|| beside_workspace("shared/peers"))
}

/// The graphs exported from Dask, `../shared/data/dask-graphs`.
pub(crate) fn dask_graphs() -> PathBuf {
    beside_workspace("shared/data/dask-graphs")
}

fn beside_workspace(path: &str) -> PathBuf {
    let root = workspace_root();
    root.parent().unwrap_or(root).join(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn option_wins_over_variable_wins_over_default() {
        let variable = || Some(PathBuf::from("from-variable"));
        assert_eq!(choose_peers(Some(Path::new("asked")), variable()), Path::new("asked"));
        assert_eq!(choose_peers(None, variable()), Path::new("from-variable"));
        let default = choose_peers(None, Some(PathBuf::new()));
        assert!(default.ends_with("shared/peers"), "{}", default.display());
    }

    #[test]
    fn workspace_root_holds_the_root_manifest() {
        assert!(workspace_root().join("Cargo.toml").is_file());
    }
}
