//! [`Place`]: where a node of a store is, and what is found there.

use super::Attributes;
use super::options::ZarrVersion;
use crate::error::StorageError;
use serde_json::Value;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A node of a store: an array or a group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    /// The folder of the store.
    pub(super) path: PathBuf,
    /// The path of the node in the store, parts separated by `/`; empty for the root.
    pub(super) component: String,
}

impl Place {
    /// Takes the component apart and puts it together again without empty parts.
    ///
    /// # Errors
    /// If a part cannot be the name of a node: `.`, `..`, names of metadata.
    pub(super) fn new(path: &Path, component: &str) -> Result<Place, StorageError> {
        let parts: Vec<&str> = component.split('/').filter(|part| !part.is_empty()).collect();
        let wrong = |part: &&str| {
            part.chars().all(|letter| letter == '.')
                || part.contains('\0')
                || cfg!(windows) && part.contains(['\\', ':'])
                || part.starts_with(".z")
                || *part == "zarr.json"
        };
        if let Some(part) = parts.iter().copied().find(wrong) {
            return Err(StorageError::InvalidOptions {
                what: format!("`{}` /{component}", path.display()),
                detail: format!("`{part}` cannot be the name of an array or a group"),
            });
        }
        Ok(Place { path: path.to_owned(), component: parts.join("/") })
    }

    /// The parts of the component.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.component.split('/').filter(|part| !part.is_empty())
    }

    /// The folder of the node, in the store at `root`.
    pub(super) fn folder_in(&self, root: &Path) -> PathBuf {
        self.parts().fold(root.to_owned(), |folder, part| folder.join(part))
    }

    /// The name of the node in errors.
    pub(super) fn dataset(&self) -> String {
        format!("/{}", self.component)
    }

    /// The node for messages.
    pub(super) fn describe(&self) -> String {
        format!("{} /{}", self.path.display(), self.component)
    }

    /// The node as the start of errors.
    pub(super) fn what(&self) -> String {
        format!("`{}` /{}", self.path.display(), self.component)
    }

    pub(super) fn corrupt(&self, file: &Path, detail: impl Into<String>) -> StorageError {
        StorageError::Corrupt {
            path: file.to_owned(),
            dataset: Some(self.dataset()),
            chunk: None,
            offset: None,
            detail: detail.into(),
        }
    }

    pub(super) fn unsupported(&self, feature: impl Into<String>, instead: &str) -> StorageError {
        StorageError::Unsupported {
            what: self.what(),
            feature: feature.into(),
            instead: instead.to_owned(),
        }
    }
}

/// The metadata of a node.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) version: ZarrVersion,
    pub(super) kind: Kind,
    /// The file that it was read from.
    pub(super) file: PathBuf,
    /// What stands in there.
    pub(super) text: Vec<u8>,
    pub(super) document: Value,
    pub(super) attributes: Attributes,
    /// Whether it repeats the metadata of what is below, which adding to it would make wrong.
    pub(super) consolidated: bool,
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Array,
    Group,
}

/// Reads the metadata of the node in a folder; `None` if there is none.
pub(super) fn node(folder: &Path, place: &Place) -> Result<Option<Node>, StorageError> {
    let found = |version, kind, name: &str| -> Result<Option<Node>, StorageError> {
        let file = folder.join(name);
        let Some(text) = file_if_there(&file)? else { return Ok(None) };
        let document = json(&text, &file, place)?;
        let (attributes, consolidated) = match version {
            ZarrVersion::V3 => (
                document.get("attributes").cloned(),
                document.get("consolidated_metadata").is_some_and(|it| !it.is_null()),
            ),
            ZarrVersion::V2 => {
                let file = folder.join(".zattrs");
                let text = file_if_there(&file)?;
                let document = text.map(|text| json(&text, &file, place)).transpose()?;
                (document, folder.join(".zmetadata").exists())
            }
        };
        let attributes = match attributes {
            None | Some(Value::Null) => Attributes::new(),
            Some(Value::Object(attributes)) => attributes,
            Some(_) => return Err(place.corrupt(&file, "its attributes are no JSON object")),
        };
        Ok(Some(Node { version, kind, file, text, document, attributes, consolidated }))
    };
    if let Some(mut node) = found(ZarrVersion::V3, Kind::Array, "zarr.json")? {
        node.kind = match node.document.get("node_type").and_then(Value::as_str) {
            Some("array") => Kind::Array,
            Some("group") => Kind::Group,
            other => {
                let detail = format!("its node_type is {}", other.unwrap_or("missing"));
                return Err(place.corrupt(&node.file, detail));
            }
        };
        return Ok(Some(node));
    }
    if let Some(node) = found(ZarrVersion::V2, Kind::Array, ".zarray")? {
        return Ok(Some(node));
    }
    found(ZarrVersion::V2, Kind::Group, ".zgroup")
}

/// Reads the metadata of a node that has to be there.
pub(super) fn node_at(place: &Place, root: &Path) -> Result<Node, StorageError> {
    let folder = place.folder_in(root);
    if let Some(node) = node(&folder, place)? {
        return Ok(node);
    }
    let found = fs::metadata(root).map_err(|source| StorageError::io("open", root, source))?;
    let no_store =
        |detail| StorageError::NotThisFormat { path: place.path.clone(), format: "Zarr", detail };
    if !found.is_dir() {
        return Err(no_store("it is a file, not the folder of a store".to_owned()));
    }
    let at_root = Place { component: String::new(), ..place.clone() };
    if place.component.is_empty() || node(root, &at_root)?.is_none() && !folder.exists() {
        return Err(no_store(format!("zarr.json, .zarray and .zgroup are missing; {}", has(root))));
    }
    let names = super::group::arrays_below(root, &at_root)?;
    Err(StorageError::NoSuchDataset {
        path: place.path.clone(),
        dataset: place.dataset(),
        similar: crate::error::similar(&place.component, names),
    })
}

/// What a folder holds, in words.
fn has(folder: &Path) -> String {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    match &names[..] {
        [] => "the folder is empty".to_owned(),
        few @ ([_] | [_, _] | [_, _, _]) => format!("the folder has {}", few.join(", ")),
        many => format!("the folder has {} and {} more", many[..3].join(", "), many.len() - 3),
    }
}

/// The bytes of a file; `None` if there is no such file.
pub(super) fn file_if_there(file: &Path) -> Result<Option<Vec<u8>>, StorageError> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_missing(&error) => Ok(None),
        Err(source) => Err(StorageError::io("read", file, source)),
    }
}

/// Whether there is no file of that name, nor can be.
pub(super) fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn json(text: &[u8], file: &Path, place: &Place) -> Result<Value, StorageError> {
    serde_json::from_slice(text)
        .map_err(|error| place.corrupt(file, format!("no valid JSON: {error}")))
}
