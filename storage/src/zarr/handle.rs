//! Arrays that cross to other processes: where they are, and what tells that they are the same.

use super::array::{ZarrArray, expect_dtype};
use super::meta::ZarrMeta;
use super::options::Existing;
use super::place::Place;
use super::target::{Stage, ZarrTarget};
use super::write::Sync;
use crate::element::Element;
use crate::error::StorageError;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use std::fmt::Write;
use std::path::{self, PathBuf};
use std::sync::PoisonError;

/// An array that is read, or written in place.
#[derive(Serialize, Deserialize)]
struct Handle {
    path: PathBuf,
    component: String,
    /// The same as long as the metadata are.
    stamp: Option<Vec<u8>>,
}

/// An array that is written.
#[derive(Serialize, Deserialize)]
struct TargetHandle {
    array: Handle,
    /// The temporary folder.
    temporary: Option<PathBuf>,
    existing: Existing,
}

impl Handle {
    fn of<E: ser::Error>(meta: &ZarrMeta) -> Result<Handle, E> {
        // the other process may be in another folder
        let path = path::absolute(&meta.place.path).map_err(E::custom)?;
        Ok(Handle { path, component: meta.place.component.clone(), stamp: meta.stamp() })
    }

    /// Opens the array again, in the store at its place or in the temporary folder.
    fn open<T: Element, E: de::Error>(self, temporary: Option<PathBuf>) -> Result<ZarrMeta, E> {
        let meta = Place::new(&self.path, &self.component).and_then(|place| {
            let meta = ZarrMeta::read_in(place, temporary.as_ref().unwrap_or(&self.path))?;
            expect_dtype::<T>(&meta)?;
            if meta.stamp() != self.stamp {
                let detail = "the metadata are others".to_owned();
                return Err(StorageError::Changed { path: self.path.clone(), detail });
            }
            Ok(meta)
        });
        meta.map_err(|error| E::custom(chain(&error)))
    }
}

/// An error with its causes, as `serde` takes no more than a text.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}

impl<T: Element> Serialize for ZarrArray<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Handle::of::<S::Error>(self.meta())?.serialize(serializer)
    }
}

impl<'de, T: Element> Deserialize<'de> for ZarrArray<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ZarrArray<T>, D::Error> {
        let meta = Handle::deserialize(deserializer)?.open::<T, D::Error>(None)?;
        ZarrArray::of(meta).map_err(|error| de::Error::custom(chain(&error)))
    }
}

impl<T: Element> Serialize for ZarrTarget<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        let temporary = match &*stage {
            Stage::InPlace => None,
            Stage::Own(folder) => Some(folder.path()),
            Stage::Foreign(folder) => Some(folder.as_path()),
            Stage::Finished => return Err(ser::Error::custom("the array is finished")),
        };
        let temporary = temporary.map(path::absolute).transpose().map_err(ser::Error::custom)?;
        let array = Handle::of::<S::Error>(&self.meta)?;
        TargetHandle { array, temporary, existing: self.existing }.serialize(serializer)
    }
}

impl<'de, T: Element> Deserialize<'de> for ZarrTarget<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ZarrTarget<T>, D::Error> {
        let TargetHandle { array, temporary, existing } = TargetHandle::deserialize(deserializer)?;
        let root = temporary.as_ref().map(|folder| folder.join(super::target::STORE));
        let meta = array.open::<T, D::Error>(root)?;
        let (stage, sync) = match temporary {
            Some(folder) => (Stage::Foreign(folder), Sync::Later),
            None => (Stage::InPlace, Sync::Now),
        };
        Ok(ZarrTarget::new(meta, stage, existing, sync))
    }
}
