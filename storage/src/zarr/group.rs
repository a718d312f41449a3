//! [`ZarrGroup`]: what a store holds.

use super::Attributes;
use super::options::ZarrVersion;
use super::place::{self, Kind, Node, Place};
use crate::error::StorageError;
use std::fs;
use std::path::{Path, PathBuf};

/// A group of a Zarr store: a folder of arrays and further groups.
///
/// ```no_run
/// use chunkwise_storage::zarr::ZarrGroup;
/// for component in ZarrGroup::open("weather.zarr")?.arrays()? {
///     println!("{component}");
/// }
/// # Ok::<(), chunkwise_storage::StorageError>(())
/// ```
#[derive(Debug)]
pub struct ZarrGroup {
    place: Place,
    node: Node,
}

impl ZarrGroup {
    /// Opens the group in a folder: a store, or a group within one.
    ///
    /// # Errors
    /// - [`StorageError::NotFound`]: there is no such folder;
    /// - [`StorageError::NotThisFormat`]: it is no Zarr group; it may be an array;
    /// - [`StorageError::Corrupt`]: the metadata make no sense.
    pub fn open(path: impl AsRef<Path>) -> Result<ZarrGroup, StorageError> {
        let place = Place::new(path.as_ref(), "")?;
        let node = place::node_at(&place, &place.path)?;
        if node.kind == Kind::Array {
            return Err(StorageError::NotThisFormat {
                path: place.path,
                format: "Zarr group",
                detail: "it is an array".to_owned(),
            });
        }
        Ok(ZarrGroup { place, node })
    }

    /// The components of all arrays in the group and in groups below, sorted. Links to folders are
    /// not followed.
    ///
    /// # Errors
    /// - [`StorageError::Corrupt`]: the metadata of an array or group make no sense;
    /// - [`StorageError::Io`] and its like: a folder cannot be read.
    pub fn arrays(&self) -> Result<Vec<String>, StorageError> {
        arrays_below(&self.place.path, &self.place)
    }

    /// The attributes.
    pub fn attributes(&self) -> &Attributes {
        &self.node.attributes
    }

    /// The version of the specification that it is stored by.
    pub fn version(&self) -> ZarrVersion {
        self.node.version
    }
}

/// The components of all arrays in a folder and below, without the folder itself, sorted.
pub(super) fn arrays_below(folder: &Path, place: &Place) -> Result<Vec<String>, StorageError> {
    let mut arrays = Vec::new();
    let mut open: Vec<(PathBuf, String)> = vec![(folder.to_owned(), place.component.clone())];
    while let Some((folder, component)) = open.pop() {
        let failed = |source| StorageError::io("read", &folder, source);
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if !entry.file_type().map_err(failed)?.is_dir() || name.starts_with('.') {
                continue;
            }
            let slash = if component.is_empty() { "" } else { "/" };
            let below =
                Place { path: place.path.clone(), component: format!("{component}{slash}{name}") };
            match place::node(&entry.path(), &below)?.map(|node| node.kind) {
                Some(Kind::Array) => arrays.push(below.component),
                Some(Kind::Group) => open.push((entry.path(), below.component)),
                None => {}
            }
        }
    }
    arrays.sort();
    Ok(arrays)
}
