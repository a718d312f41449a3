//! Datasets as path, name and identity, for other processes.

use super::backend::Backend;
use super::dataset::Hdf5Dataset;
use super::file::Hdf5File;
use crate::element::Element;
use crate::identity::Identity;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What is sent.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Hdf5Dataset")]
struct Sent {
    identity: Identity,
    name: String,
    backend: Backend,
}

impl<T: Element> Serialize for Hdf5Dataset<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (identity, name, backend) = self.parts();
        let sent = Sent { identity: identity.clone(), name: name.to_owned(), backend };
        sent.serialize(serializer)
    }
}

/// Opens the file again; the error says so if it is not there, or another by now.
impl<'de, T: Element> Deserialize<'de> for Hdf5Dataset<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let sent = Sent::deserialize(deserializer)?;
        let file =
            Hdf5File::open_with(&sent.identity.path, sent.backend).map_err(D::Error::custom)?;
        sent.identity.check(file.identity()).map_err(D::Error::custom)?;
        file.dataset(&sent.name).map_err(D::Error::custom)
    }
}
